package dispatch

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"attache/internal/notice"
)

func TestSend_OnceAndRecorded(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		r.add(item("a", "desk", 0), item("later", "desk", -time.Hour))
		r.pass(time.Minute)
		r.wantShown("a")
		it := r.outbox.get("a")
		if it.State != notice.Sent || it.ChannelID != "C-desk" || it.TS != r.sink.shown()[0].ts || it.SentAt.IsZero() || it.Attempts != 1 {
			t.Errorf("recorded as %+v", it)
		}
		if id, ok, _ := r.outbox.ChannelID("desk"); !ok || id != "C-desk" {
			t.Errorf("channel id is %q", id)
		}
		r.wantState("later", notice.Pending, "")
	})
}

func TestSend_RecordedBeforeTheCall(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		r.add(item("a", "desk", 0))
		r.sink.fault = func(call) fault {
			if it := r.outbox.get("a"); it.State != notice.Sending || !strings.Contains(string(it.Payload), "about a") {
				t.Errorf("at the call it is %+v", it)
			}
			return fault{}
		}
		r.pass(0)
		r.wantShown("a")
	})
}

func TestSend_SupersededBeforeItsTurn(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		r.add(item("a", "desk", time.Second), item("b", "desk", 0))
		r.tick() // a has left, b waits for its turn
		b := r.outbox.get("b")
		b.Become(notice.Superseded, time.Now(), "the date moved")
		r.add(b)
		r.pass(10 * time.Second)
		r.wantShown("a")
		r.wantState("b", notice.Superseded, "")
	})
}

func TestSend_WaitsAsTheRulesSayThen(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		morning := time.Now().Add(time.Hour)
		r.d.cfg.Wait = func(it notice.Item, now time.Time) (time.Time, error) {
			if it.Notice.Event == "event-b" {
				return now, nil
			}
			return morning, nil
		}
		r.add(item("a", "desk", time.Minute), item("b", "desk", 0), item("c", "desk", 0, tried))
		r.pass(time.Minute)
		r.wantShown("b")
		if it := r.outbox.get("a"); it.State != notice.Pending || !it.NextTry.Equal(morning) || it.Attempts != 0 {
			t.Errorf("what has to wait is %+v", it)
		}
		r.pass(2 * time.Hour)
		r.wantShown("b", "a", "c")
	})
}

func TestPace_OneASecond(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		r.add(many(30, "desk", 0, tried)...)
		r.add(item("elsewhere", "board", 0))
		r.pass(time.Minute)
		var last time.Time
		for _, c := range r.sink.made("post") {
			if c.channel == "board" {
				continue
			}
			if !last.IsZero() && c.at.Sub(last) < time.Second {
				t.Errorf("two posts %v apart", c.at.Sub(last))
			}
			last = c.at
		}
		if n := len(r.sink.shown()); n != 31 {
			t.Errorf("%d messages", n)
		}
	})
}

func TestScan_WaitsForNoSender(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		r.sink.fault = func(c call) fault {
			if c.channel == "slow" {
				return fault{hang: 20 * time.Second}
			}
			return fault{}
		}
		r.add(item("a", "slow", 0), item("b", "desk", 0))
		before := time.Now()
		r.d.Scan(context.Background(), time.Now())
		if took := time.Since(before); took != 0 {
			t.Errorf("the scan took %v", took)
		}
		r.pass(time.Second)
		r.wantState("b", notice.Sent, "")
		r.wantState("a", notice.Sending, "")
		r.pass(30 * time.Second)
		r.wantState("a", notice.Sent, "")
	})
}

func TestSend_AnswerNeverComes(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		r.sink.fault = posts(1, fault{hang: -1})
		r.add(item("a", "desk", 0))
		r.pass(31 * time.Second)
		r.wantState("a", notice.Unknown, "in doubt")
		r.pass(time.Minute)
		r.wantShown("a")
	})
}

func TestPace_LongerAndLongerPauses(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		r.sink.fault = posts(12, fault{err: failed(notice.NotSent, "connection refused")})
		r.add(item("a", "desk", 0), item("b", "desk", 0))
		r.pass(time.Hour)
		r.wantShown("a", "b")
		calls := r.sink.made("post")
		for i := 1; i < 12; i++ {
			gap := calls[i].at.Sub(calls[i-1].at)
			if bound := min(5*time.Minute, time.Second<<(i-1)); gap > bound+2*time.Second {
				t.Errorf("pause %d is %v, more than %v", i, gap, bound)
			}
		}
		if gap := calls[11].at.Sub(calls[10].at); gap < time.Minute {
			t.Errorf("the last pause is only %v", gap)
		}
	})
}

func TestPace_DeadReceiver(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		r.random = 0
		r.sink.fault = func(call) fault { return fault{err: failed(notice.NotSent, "connection refused")} }
		for _, c := range []string{"a", "b", "c", "d", "e", "f"} {
			r.add(item(c, c, 0))
		}
		r.pass(10 * time.Second)
		r.sink.calls = nil
		r.pass(time.Minute)
		if n := len(r.sink.made("post")); n > 61 {
			t.Errorf("%d calls in a minute", n)
		}
		r.sink.fault = nil
		r.pass(10 * time.Second)
		if n := len(r.sink.shown()); n != 6 {
			t.Errorf("%d messages after it came back", n)
		}
	})
}

func TestLimited_OthersFlow(t *testing.T) {
	for _, tc := range []struct {
		name  string
		after time.Duration
		least time.Duration
	}{
		{"for as long as was asked", 50 * time.Second, 50 * time.Second},
		{"for half a minute where nothing was asked", 0, 30 * time.Second},
	} {
		t.Run(tc.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, r *rig) {
				start := time.Now()
				r.sink.fault = posts(1, fault{err: &notice.SendError{Result: notice.Limited, RetryAfter: tc.after, Err: errors.New("429")}})
				r.add(item("a", "desk", 0))
				r.tick()
				r.add(item("b", "desk", 0), item("c", "board", 0))
				r.pass(2 * time.Minute)
				for _, c := range r.sink.calls[1:] {
					if c.channel == "desk" && c.at.Sub(start) < tc.least {
						t.Errorf("%s on the channel after %v", c.verb, c.at.Sub(start))
					}
					if c.channel == "board" && c.at.Sub(start) > time.Second {
						t.Errorf("the other channel had to wait for %v", c.at.Sub(start))
					}
				}
				r.wantShown("c", "a", "b")
			})
		})
	}
}

func TestLimited_AcrossARestart(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		start := time.Now()
		r.sink.fault = posts(1, fault{err: &notice.SendError{Result: notice.Limited, RetryAfter: time.Minute, Err: errors.New("429")}})
		r.add(item("a", "desk", 0), item("b", "desk", 0))
		r.tick()
		r.kill()
		r.start()
		r.pass(2 * time.Minute)
		r.wantShown("a", "b")
		if at := r.sink.calls[1].at; at.Sub(start) < time.Minute {
			t.Errorf("called after %v", at.Sub(start))
		}
	})
}

func TestLimited_KeptAllTheSame(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		r.sink.fault = posts(1, fault{store: true, err: failed(notice.Limited, "429")})
		r.add(item("a", "desk", 0), item("b", "desk", 0))
		r.pass(2 * time.Minute)
		r.wantShown("a", "b")
		r.wantState("a", notice.Sent, "")
	})
}

func TestSend_RefusedGoesAsPlainText(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		r.sink.fault = func(c call) fault {
			if c.keys[0] == "bad" || c.keys[0] == "fancy" && !c.plain {
				return fault{err: failed(notice.Refused, "invalid_blocks")}
			}
			return fault{}
		}
		r.add(item("bad", "desk", 3*time.Second), item("fancy", "desk", 2*time.Second), item("good", "desk", time.Second))
		r.pass(10 * time.Second)
		r.wantState("bad", notice.Dead, "invalid_blocks")
		r.wantShown("fancy", "good")
		if m := r.sink.shown(); !m[0].plain || m[1].plain {
			t.Errorf("plain are %v and %v", m[0].plain, m[1].plain)
		}
		if n := r.outbox.get("bad").Attempts; n != 2 {
			t.Errorf("%d attempts of the bad one", n)
		}
	})
}

func TestParked_ProbedAndDrains(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		archived := true
		r.sink.fault = func(c call) fault {
			if archived && c.channel == "desk" {
				return fault{err: failed(notice.ChannelDown, "is_archived")}
			}
			return fault{}
		}
		r.add(item("a", "desk", 3*time.Second), item("b", "desk", 2*time.Second), item("brief", "desk", time.Second, expires(10*time.Minute)))
		r.add(item("other", "board", 0))
		r.pass(16 * time.Minute)
		r.wantShown("other")
		probes := r.sink.made("post")
		if n := len(probes); n != 5 { // one to each at first, then three
			t.Errorf("%d posts", n)
		}
		r.wantState("brief", notice.Dead, "expired")
		if s := r.d.Status(); s.Healthy() || s.Channels[1].State != Blocked || s.Channels[1].Why == "" || s.Channels[1].Until.IsZero() {
			t.Errorf("status is %+v", s)
		}
		archived = false
		r.pass(6 * time.Minute)
		r.wantShown("other", "a", "b")
		if s := r.d.Status(); !s.Healthy() {
			t.Errorf("status is %+v", s)
		}
	})
}

// That a receiver is well says nothing about what it asked to wait for.
func TestParked_ReceiverRecovers(t *testing.T) {
	for name, c := range map[string]struct {
		rest  time.Duration
		posts int
	}{"revoked": {0, 2}, "no messages left this month": {time.Hour, 1}} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, r *rig) {
				r.sink.fault = func(call) fault {
					return fault{err: &notice.SendError{Result: notice.SinkDown, RetryAfter: c.rest, Err: errors.New(name)}}
				}
				r.add(item("a", "desk", 0))
				r.tick()
				r.d.Recovered()
				r.pass(time.Minute)
				if n := len(r.sink.made("post")); n != c.posts {
					t.Errorf("%d posts", n)
				}
			})
		})
	}
}

func TestParked_AllChannelsOfASender(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		revoked := true
		r.sink.fault = func(c call) fault {
			if revoked {
				return fault{err: failed(notice.SinkDown, "token_revoked")}
			}
			return fault{}
		}
		r.other["console"] = &fakeSink{}
		r.add(item("a", "desk", 0))
		r.tick()
		r.add(item("b", "board", 0), item("c", "console", 0))
		r.pass(14 * time.Minute)
		if n := len(r.sink.made("post")); n != 3 {
			t.Errorf("%d probes in 14 minutes", n)
		}
		if n := len(r.other["console"].shown()); n != 1 {
			t.Errorf("%d messages on the console", n)
		}
		revoked = false
		r.d.Unblock()
		r.pass(3 * time.Second)
		r.wantState("a", notice.Sent, "")
		r.wantState("b", notice.Sent, "")
	})
}

func TestSend_NoSender(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		sink := r.cfg.Sink
		gone := true
		r.cfg.Sink = func(c string) Sink {
			if gone {
				return nil
			}
			return sink(c)
		}
		r.start()
		r.add(item("a", "desk", 0), item("brief", "desk", 0, expires(time.Minute)))
		r.pass(2 * time.Minute)
		r.wantState("a", notice.Pending, "")
		r.wantState("brief", notice.Dead, "expired")
		if s := r.d.Status(); s.Healthy() || s.Channels[0].State != NoSender {
			t.Errorf("status is %+v", s)
		}
		gone = false
		r.pass(time.Second)
		r.wantShown("a")
	})
}

func TestSendError_SaysWhatIsKnown(t *testing.T) {
	var none *notice.SendError
	if got := asSendError(none); got != nil {
		t.Errorf("no error is %v", got)
	}
	if got := asSendError(errors.New("odd")); got.Result != notice.InDoubt {
		t.Errorf("an unknown error is %v", got)
	}
	if got := asSendError(&notice.SendError{Result: notice.NotSent}); got.Result != notice.NotSent || got.Error() == "" {
		t.Errorf("an error with no cause is %v", got)
	}
}

func TestExpired_NotSent(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		r.add(item("a", "desk", time.Hour, expires(-time.Minute)), item("b", "desk", 0, expires(time.Minute)))
		r.pass(5 * time.Second)
		r.wantShown("b")
		r.wantState("a", notice.Dead, "expired: not worth sending from ")
	})
}

func TestExpired_WhileItWaits(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		r.add(item("a", "desk", time.Second), item("b", "desk", 0, expires(500*time.Millisecond)))
		r.pass(5 * time.Second)
		r.wantShown("a")
		r.wantState("b", notice.Dead, "expired")
	})
}

func TestSend_CannotBeWritten(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		write := r.cfg.Write
		r.cfg.Write = func(it notice.Item, now time.Time) (notice.Message, error) {
			switch it.Key {
			case "gone":
				return notice.Message{}, errors.New("event \"x\" is gone")
			case "bug":
				panic("nil map")
			}
			return write(it, now)
		}
		r.start()
		r.add(item("gone", "desk", 2*time.Second), item("bug", "desk", time.Second), item("fine", "desk", 0))
		r.pass(5 * time.Second)
		r.wantState("gone", notice.Dead, `event "x" is gone`)
		r.wantState("bug", notice.Dead, "panic: nil map")
		r.wantShown("fine")
	})
}

func TestOutbox_NothingSentUnrecorded(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		r.run.set(true) // the disk is full
		r.add(item("a", "desk", time.Second), item("b", "board", 0))
		r.pass(time.Minute)
		if n := len(r.sink.calls); n != 0 {
			t.Errorf("%d calls", n)
		}
		if s := r.d.Status(); s.Outbox == "" || s.Healthy() {
			t.Errorf("status is %+v", s)
		}
		r.wantLogged("nothing is sent until it can", 1)
		r.run.set(false)
		r.pass(5 * time.Second)
		if got := r.sink.keys(); len(got) != 2 {
			t.Errorf("shown are %v", got)
		}
		if s := r.d.Status(); !s.Healthy() {
			t.Errorf("status is %+v", s)
		}
	})
}

func TestOutbox_ResultIsKept(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		r.sink.fault = func(call) fault { r.run.set(true); return fault{} }
		r.add(item("a", "desk", time.Second), item("b", "desk", 0))
		r.pass(time.Minute)
		r.wantState("a", notice.Sending, "")
		r.wantShown("a")
		r.sink.fault = nil
		r.run.set(false)
		r.pass(5 * time.Second)
		r.wantState("a", notice.Sent, "")
		r.wantShown("a", "b")
	})
}

func TestPanic_InASender(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		r.sink.fault = posts(3, fault{panic: "index out of range"})
		r.add(item("a", "desk", 0))
		r.pass(2 * time.Minute)
		r.wantShown("a")
		r.wantLogged("panic while sending", 1)
		if n := r.d.Status().Totals.Panics; n != 3 {
			t.Errorf("%d panics counted", n)
		}
	})
}

func TestPanic_OfTheOutbox(t *testing.T) {
	for write := 1; write <= 6; write++ {
		inBubble(t, func(t *testing.T, r *rig) {
			r.run.panics = write
			r.add(item("a", "desk", time.Second, of("x")), item("b", "desk", 0, of("x")))
			r.pass(10 * time.Minute)
			r.wantOnce([]string{"a", "b"})
			r.wantShown("a", "b")
		})
	}
}

func TestSend_EventInOrder(t *testing.T) {
	for _, tc := range []struct {
		name string
		f    fault
	}{
		{"after an attempt that reached nobody", fault{err: failed(notice.NotSent, "refused")}},
		{"after a lost answer", lost(true)},
		{"after a lost message", lost(false)},
		{"after a limit", fault{err: failed(notice.Limited, "429")}},
		{"after a refusal", fault{err: failed(notice.Refused, "invalid_blocks")}},
		{"after an archived channel", fault{err: failed(notice.ChannelDown, "is_archived")}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, r *rig) {
				r.sink.fault = posts(1, tc.f)
				r.add(item("z1", "desk", 3*time.Second, of("x")), item("y2", "desk", 2*time.Second, of("x")), item("x3", "desk", time.Second, of("x")))
				r.pass(10 * time.Minute)
				r.wantShown("z1", "y2", "x3")
			})
		})
	}
}

func TestSend_TellsNoNames(t *testing.T) {
	it := item("a", "desk", 0, of("secret-visit"))
	it.Payload = []byte("{}")
	d := New(Config{Outbox: newMemory()})
	p, fail := d.post(it)
	if fail != nil || p.Event == "" || strings.Contains(p.Event, "secret") {
		t.Errorf("event is %q, %v", p.Event, fail)
	}
}

func TestSend_UnreadableText(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		r.add(item("a", "desk", 0, func(it *notice.Item) { it.Payload = []byte("{") }))
		r.pass(5 * time.Second)
		r.wantState("a", notice.Dead, "its text in the outbox")
	})
}

func TestOperate_RetryAndDrop(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		r.sink.fault = posts(2, fault{store: true, err: failed(notice.Refused, "invalid_blocks")})
		r.add(item("refused", "desk", 0), item("later", "desk", -time.Hour))
		r.pass(5 * time.Second)
		r.wantState("refused", notice.Dead, "")
		r.sink.messages = r.sink.messages[:1]
		for key, want := range map[string]bool{"refused": true, "none": false, "later": false} {
			if err := r.d.Retry(key); (err == nil) != want {
				t.Errorf("retry of %s: %v", key, err)
			}
		}
		r.pass(5 * time.Second)
		r.wantState("refused", notice.Sent, "")
		r.wantShown("refused") // it was there
		if err := r.d.Drop("later"); err != nil {
			t.Error(err)
		}
		if err := r.d.Drop("refused"); err == nil {
			t.Error("something sent was dropped")
		}
		r.pass(2 * time.Hour)
		r.wantState("later", notice.Dead, "dropped by hand")
	})
}

func TestStop_WaitsForWhatIsBeingSent(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		r.sink.fault = posts(1, fault{hang: 3 * time.Second})
		r.add(item("a", "desk", 0), item("b", "desk", 0))
		r.tick()
		r.stop()
		r.wantState("a", notice.Sent, "")
		r.wantState("b", notice.Pending, "")
		r.wantShown("a")
	})
}

func TestStop_LeavesADoubt(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		r.sink.fault = posts(1, fault{hang: -1, store: true})
		r.add(item("a", "desk", 0))
		r.tick()
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := r.d.Stop(ctx); err != nil {
			t.Error(err)
		}
		if ctx.Err() != nil {
			t.Error("it took the whole time")
		}
		r.wantState("a", notice.Unknown, "")
		r.start()
		r.pass(5 * time.Second)
		r.wantState("a", notice.Sent, "")
		r.wantShown("a")
	})
}

func TestStop_StartsNothing(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		r.stop()
		r.add(item("a", "desk", 0))
		r.pass(5 * time.Second)
		r.wantShown()
	})
}

func TestScan_AfterAFreeze(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		for i := range 6 {
			r.add(item(string(rune('a'+i)), "desk", -time.Duration(2*i)*time.Second))
		}
		r.tick()
		time.Sleep(12 * time.Second) // no scan
		r.pass(time.Minute)
		var told []string
		for _, it := range r.outbox.all() {
			if it.State != notice.Sent {
				t.Errorf("%s is %s", it.Key, it.State)
			}
			if len(it.Members) == 0 && it.Parent == "" && !isCard(it) {
				told = append(told, it.Key)
			}
			told = append(told, it.Members...)
		}
		slices.Sort(told)
		if strings.Join(told, "") != "abcdef" {
			t.Errorf("told are %v", told)
		}
	})
}

func TestExpire_ToldAsMissed(t *testing.T) {
	for name, c := range map[string]struct {
		down time.Duration
		why  string
	}{
		"asleep":      {time.Hour, "while attache was not running"},
		"kept by 429": {0, "before this could be sent"},
	} {
		inBubble(t, func(t *testing.T, r *rig) {
			var told []string
			r.d.cfg.Missed = func(it notice.Item, _ time.Time) bool { return it.Notice.Kind == notice.Reminder }
			r.d.cfg.Write = func(it notice.Item, _ time.Time) (notice.Message, error) {
				told = append(told, it.Key+" "+it.Notice.Missed)
				return notice.Message{Headline: "about " + it.Key}, nil
			}
			r.pass(time.Second)
			r.add(
				item("1d", "desk", -time.Minute, of("x"), kind(notice.Reminder), expires(30*time.Minute)),
				item("2h", "desk", -2*time.Minute, of("x"), kind(notice.Reminder), expires(30*time.Minute)),
				item("open", "desk", -time.Minute, of("y"), kind(notice.Window), expires(30*time.Minute)),
			)
			if c.down > 0 {
				time.Sleep(c.down)
			} else {
				r.sink.fault = func(call) fault { return fault{err: failed(notice.Limited, "429")} }
				r.pass(40 * time.Minute)
				r.sink.fault = nil
			}
			r.pass(time.Minute)
			if len(told) == 0 || told[len(told)-1] != "2h "+c.why {
				t.Errorf("%s: told are %q", name, told)
			}
			r.wantState("2h", notice.Sent, "")
			r.wantState("open", notice.Dead, "expired")
		})
	}
}
