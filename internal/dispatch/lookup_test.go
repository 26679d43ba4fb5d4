package dispatch

import (
	"testing"
	"time"

	"attache/internal/notice"
)

func TestDoubt_LostAnswer(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		r.sink.fault = posts(1, lost(true))
		r.add(item("a", "desk", 0))
		r.pass(5 * time.Second)
		r.wantShown("a")
		it := r.outbox.get("a")
		if it.State != notice.Sent || it.TS != r.sink.shown()[0].ts || it.Attempts != 1 || len(it.Sweep) != 0 {
			t.Errorf("recorded as %+v", it)
		}
		if n := r.d.Status().Totals.Found; n != 1 {
			t.Errorf("%d found", n)
		}
	})
}

func TestDoubt_LostMessageIsSentAgain(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		write, written := r.cfg.Write, 0
		r.cfg.Write = func(it notice.Item, now time.Time) (notice.Message, error) { written++; return write(it, now) }
		r.start()
		r.sink.fault = posts(2, lost(false))
		start := time.Now()
		r.add(item("a", "desk", 0))
		r.pass(time.Minute)
		r.wantShown("a")
		r.wantState("a", notice.Sent, "")
		if written != 1 {
			t.Errorf("written %d times", written)
		}
		finds := r.sink.made("find")
		if len(finds) < 4 || finds[0].at.Sub(start) < 2*time.Second || finds[1].at.Sub(finds[0].at) < 10*time.Second {
			t.Errorf("looked for at %+v", finds)
		}
	})
}

func TestDoubt_LaggingHistoryIsAskedTwice(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		r.sink.lag = 5 * time.Second
		r.sink.fault = posts(1, lost(true))
		r.add(item("a", "desk", 0))
		r.pass(10 * time.Minute)
		r.wantShown("a")
		if n := len(r.sink.made("post")); n != 1 {
			t.Errorf("%d posts", n)
		}
	})
}

func TestCopies_LateOneIsDeleted(t *testing.T) {
	for _, late := range []time.Duration{1500 * time.Millisecond, 20 * time.Second, 60 * time.Second, 4 * time.Minute} {
		t.Run(late.String(), func(t *testing.T) {
			inBubble(t, func(t *testing.T, r *rig) {
				f := lost(false)
				f.late = late
				r.sink.fault = posts(1, f)
				r.add(item("a", "desk", 0))
				r.pass(10 * time.Minute)
				r.wantShown("a")
				it := r.outbox.get("a")
				if it.TS != r.sink.shown()[0].ts || len(it.Sweep) != 0 {
					t.Errorf("recorded as %+v", it)
				}
			})
		})
	}
}

// The history of an item is cut: that it may have arrived is not to be forgotten with it.
func TestDoubt_OutlivesManyFailedTries(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		r.random = 0
		r.sink.fault = func(c call) fault {
			switch {
			case c.verb == "post" && c.n == 1:
				f := lost(false)
				f.late = 4 * time.Minute
				return f
			case c.verb == "post" && c.n <= 50:
				return fault{err: failed(notice.NotSent, "connection refused")}
			}
			return fault{}
		}
		r.add(item("a", "desk", 0))
		r.pass(3 * time.Minute)
		if it := r.outbox.get("a"); it.State != notice.Sent || it.Attempts != 51 || len(it.Sweep) != 1 {
			t.Errorf("it is %s after %d attempts and swept at %v", it.State, it.Attempts, it.Sweep)
		}
		r.pass(10 * time.Minute)
		r.wantShown("a")
		if n := r.d.Status().Totals.Copies; n != 1 {
			t.Errorf("%d copies were deleted", n)
		}
	})
}

func TestCopies_OldestStays(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		r.sink.fault = func(c call) fault {
			if c.verb == "post" {
				for range 2 { // two more get through
					r.sink.n++
					at := time.Now()
					r.sink.messages = append(r.sink.messages, message{key: "a", channel: "C-desk", ts: "946684700.00000" + string(rune('0'+r.sink.n)), at: at})
				}
				return lost(true)
			}
			if c.verb == "delete" && c.n == 1 {
				return fault{err: failed(notice.NotSent, "connection refused")}
			}
			return fault{}
		}
		r.add(item("a", "desk", 0))
		r.pass(2 * time.Minute)
		if got := r.sink.shown(); len(got) != 1 || got[0].ts != "946684700.000001" {
			t.Errorf("shown are %+v", got)
		}
		if it := r.outbox.get("a"); it.TS != "946684700.000001" {
			t.Errorf("recorded as %s", it.TS)
		}
		if n := r.d.Status().Totals.Copies; n != 2 {
			t.Errorf("%d copies counted", n)
		}
	})
}

func TestCopies_UndeletableIsLetBe(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		f := lost(false)
		f.late = 20 * time.Second
		first := posts(1, f)
		r.sink.fault = func(c call) fault {
			if c.verb == "delete" {
				return fault{err: failed(notice.Refused, "cant_delete_message")}
			}
			return first(c)
		}
		r.add(item("a", "desk", 0))
		r.pass(time.Hour)
		if n := len(r.sink.made("delete")); n != 2 { // one a sweep
			t.Errorf("%d deletes", n)
		}
		r.wantState("a", notice.Sent, "")
	})
}

func TestCopies_NoneWithAWrongClock(t *testing.T) {
	for _, skew := range []time.Duration{-time.Hour, time.Hour} {
		for _, stored := range []bool{true, false} {
			inBubble(t, func(t *testing.T, r *rig) {
				r.sink.skew = skew
				r.sink.fault = posts(1, lost(stored))
				r.add(item("a", "desk", 0), item("b", "desk", 0))
				r.pass(time.Minute)
				r.wantShown("a", "b")
			})
		}
	}
}

func TestLook_FromBeforeTheFirstAttempt(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		r.sink.skew = -time.Hour
		r.sink.fault = func(c call) fault {
			if c.verb == "post" && c.n == 2 {
				return lost(true)
			}
			return fault{}
		}
		r.add(item("a", "desk", 0), item("b", "desk", 0)) // a tells the receiver's clock
		r.pass(10 * time.Second)
		sent := r.sink.shown()[1].at
		if got := sent.Sub(r.sink.made("find")[0].oldest); got < 2*time.Minute || got > 3*time.Minute {
			t.Errorf("read from %v before the message", got)
		}
	})
}

func TestLook_OneForAllInDoubt(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		for _, key := range []string{"a", "b", "c"} {
			it := item(key, "desk", 0)
			it.State, it.Attempts, it.Payload = notice.Sending, 1, []byte("{}")
			it.FirstAttempt = time.Now()
			r.add(it)
			if key != "b" {
				r.sink.store(notice.Post{Key: key, Channel: "desk"})
			}
		}
		r.kill()
		r.start()
		r.pass(5 * time.Second)
		if finds := r.sink.made("find"); len(finds) != 1 || len(finds[0].keys) != 3 {
			t.Errorf("looks are %+v", finds)
		}
		r.wantState("a", notice.Sent, "")
		r.wantState("b", notice.Unknown, "not found")
		r.wantState("c", notice.Sent, "")
		r.pass(time.Minute)
		r.wantShown("a", "c", "b")
	})
}

func TestLook_FailureIsNoAnswer(t *testing.T) {
	for _, result := range []notice.Result{notice.NotSent, notice.InDoubt, notice.Limited, notice.SinkDown, notice.ChannelDown} {
		t.Run(string(result), func(t *testing.T) {
			inBubble(t, func(t *testing.T, r *rig) {
				r.sink.fault = func(c call) fault {
					switch {
					case c.verb == "post" && c.n == 1:
						return lost(true)
					case c.verb == "find" && c.n <= 4:
						return fault{err: failed(result, "no")}
					}
					return fault{}
				}
				r.add(item("a", "desk", 0))
				r.pass(30 * time.Minute)
				r.wantShown("a")
				if n := len(r.sink.made("post")); n != 1 {
					t.Errorf("%d posts", n)
				}
			})
		})
	}
}

func TestLook_PanicIsNoAnswer(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		r.sink.fault = func(c call) fault {
			switch {
			case c.verb == "post" && c.n == 1:
				return lost(true)
			case c.verb == "find" && c.n <= 3:
				return fault{panic: "boom"}
			}
			return fault{}
		}
		r.add(item("a", "desk", 0))
		r.pass(time.Minute)
		r.wantShown("a")
		r.wantLogged("panic while sending", 1)
	})
}

func TestDoubt_KeepsBackChannelAndEvent(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		start := time.Now()
		r.sink.fault = func(c call) fault {
			switch {
			case c.verb == "post" && c.n == 1:
				return lost(true)
			case c.verb == "find" && time.Since(start) < 4*time.Minute:
				return fault{err: failed(notice.InDoubt, "504")}
			}
			return fault{}
		}
		r.random = 0
		r.add(item("a1", "desk", 3*time.Second, of("x")), item("a2", "desk", 2*time.Second, of("x")), item("b", "desk", time.Second))
		r.tick()
		r.pass(115 * time.Second)
		r.wantShown("a1")
		if s := r.d.Status().Channels[0]; s.Doubtful != 1 {
			t.Errorf("status is %+v", s)
		}
		r.pass(15 * time.Second)
		r.wantShown("a1", "b")
		r.pass(3 * time.Minute)
		r.wantShown("a1", "b", "a2")
	})
}

func TestDoubt_PolicyWithoutHistory(t *testing.T) {
	unreadable := func(stored bool) func(call) fault {
		return func(c call) fault {
			switch {
			case c.verb == "post" && c.n == 1:
				return lost(stored)
			case c.verb == "find":
				return fault{err: failed(notice.Unreadable, "missing_scope: channels:history")}
			}
			return fault{}
		}
	}
	for _, tc := range []struct {
		policy Policy
		state  notice.State
		reason string
		lost   int // copies when the message was lost
		kept   int // copies when the answer was lost
	}{
		{Hold, notice.Unknown, "missing_scope", 0, 1},
		{Resend, notice.Sent, "", 1, 2},
		{Drop, notice.Dead, "dropped as configured", 0, 1},
	} {
		for stored, want := range map[bool]int{false: tc.lost, true: tc.kept} {
			t.Run(string(tc.policy), func(t *testing.T) {
				inBubble(t, func(t *testing.T, r *rig) {
					r.policy = tc.policy
					r.sink.fault = unreadable(stored)
					r.add(item("a", "desk", 0))
					r.pass(20 * time.Minute)
					r.wantState("a", tc.state, tc.reason)
					if n := len(r.sink.shown()); n != want {
						t.Errorf("%d copies, want %d", n, want)
					}
					r.wantLogged("history can't be read", 1)
				})
			})
		}
	}
}

func TestHeld_KeepsNothingElseBack(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		closed := true
		r.sink.fault = func(c call) fault {
			switch {
			case c.verb == "post" && c.n == 1:
				return lost(true)
			case c.verb == "find" && closed:
				return fault{err: failed(notice.Unreadable, "missing_scope")}
			}
			return fault{}
		}
		r.add(item("a", "desk", time.Second, of("x")), item("b", "desk", 0, of("x")))
		r.pass(10 * time.Second)
		r.wantShown("a", "b")
		if s := r.d.Status(); s.Healthy() || s.Channels[0].Held != 1 || s.Channels[0].State != HasHeld {
			t.Errorf("status is %+v", s)
		}
		closed = false
		r.pass(6 * time.Minute)
		r.wantState("a", notice.Sent, "")
		if s := r.d.Status(); !s.Healthy() {
			t.Errorf("status is %+v", s)
		}
	})
}

func TestHeld_RetriedByAPerson(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		r.sink.fault = func(c call) fault {
			switch {
			case c.verb == "post" && c.n == 1:
				return lost(false)
			case c.verb == "find":
				return fault{err: failed(notice.Unreadable, "missing_scope")}
			}
			return fault{}
		}
		r.add(item("a", "desk", 0))
		r.pass(10 * time.Second)
		if err := r.d.Retry("a"); err != nil {
			t.Fatal(err)
		}
		r.pass(10 * time.Second)
		r.wantShown("a")
		r.wantState("a", notice.Sent, "")
	})
}

func TestDoubt_Expired(t *testing.T) {
	for _, stored := range []bool{true, false} {
		inBubble(t, func(t *testing.T, r *rig) {
			r.sink.fault = posts(1, lost(stored))
			r.add(item("a", "desk", 0, expires(time.Second)))
			r.pass(time.Minute)
			if stored {
				r.wantState("a", notice.Sent, "")
				r.wantShown("a")
				return
			}
			r.wantState("a", notice.Dead, "expired")
			r.wantShown()
		})
	}
}

// TestAudit_OnAQuietCalendar scans only when the outbox says that something is due. What was
// sent is looked for a quarter of an hour later, after a kill, too.
func TestAudit_OnAQuietCalendar(t *testing.T) {
	for _, killed := range []bool{false, true} {
		inBubble(t, func(t *testing.T, r *rig) {
			time.Sleep(time.Minute)
			r.add(item("a", "desk", 0), item("c", "desk", 0), item("b", "desk", -time.Hour))
			r.pass(5 * time.Second)
			r.sink.remove(r.outbox.get("a").TS)
			if killed {
				r.kill()
				r.start()
			}
			at, ok, err := r.outbox.Next()
			if left := time.Until(at); err != nil || !ok || left < 14*time.Minute || left > 20*time.Minute {
				t.Fatalf("next in %v, %v, %v", left, ok, err)
			}
			time.Sleep(time.Until(at))
			r.tick()
			r.wantLogged("a message that was sent is not in its channel", 1)
			if n := len(r.sink.made("find")); n != 1 {
				t.Errorf("it looked %d times", n)
			}
			if at, ok, _ := r.outbox.Next(); !ok || time.Until(at) < 30*time.Minute {
				t.Errorf("there is something left to do in %v", time.Until(at))
			}
		})
	}
}

// TestRestart_KeepsThePace has runs that are killed as soon as they have sent something: together
// they send no faster than one, and change cards no faster.
func TestRestart_KeepsThePace(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		r.carded()
		r.ran = 0
		for i := range 8 {
			if i == 4 {
				r.pass(20 * time.Second)
			}
			r.kill()
			r.start()
			if e := string(rune('a' + i)); i < 4 { // not so many that they become a digest
				r.add(item("root-"+e, "desk", 0, of(e)))
			} else {
				r.revise("x", time.Now())
			}
			r.tick()
			time.Sleep(110 * time.Millisecond)
			r.tick()
		}
		r.pass(time.Minute)
		for verb, pace := range map[string]time.Duration{"post": time.Second, "update": editPace} {
			made := r.sink.made(verb)
			if len(made) == 0 {
				t.Errorf("no %s", verb)
			}
			for i := 1; i < len(made); i++ {
				if gap := made[i].at.Sub(made[i-1].at); gap < pace {
					t.Errorf("%s %d comes %v after the one before", verb, i, gap)
				}
			}
		}
	})
}

// TestLookBack_OlderCopy starts a run on a copy of the outbox that was made before the last
// run sent what was due.
func TestLookBack_OlderCopy(t *testing.T) {
	for _, after := range []time.Duration{time.Second, 20 * time.Second, time.Minute, time.Hour} {
		inBubble(t, func(t *testing.T, r *rig) {
			soon := item("soon", "desk", -5*time.Second-after)
			soon.Become(notice.Pending, time.Now(), "planned")
			copied := append(many(4, "desk", 0, of("x")), item("y", "desk", 0), soon)
			r.add(copied...)
			r.pass(10*time.Second + after)
			before := r.sink.keys()
			r.kill()
			r.outbox.put(copied...)
			r.ran = 0
			finds := len(r.sink.made("find"))
			r.start()
			r.add(item("new", "desk", 0))
			r.pass(time.Minute)
			if got := r.sink.keys(); len(got) != len(before)+1 {
				t.Errorf("%v later: shown are %v, then %v", after, before, got)
			}
			if n := len(r.sink.made("find")) - finds; n != 1 {
				t.Errorf("%v later: it looked %d times", after, n)
			}
		})
	}
}
