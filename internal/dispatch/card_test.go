package dispatch

import (
	"fmt"
	"testing"
	"time"

	"attache/internal/notice"
)

// updates returns a fault for the first n changes of messages, and none for the rest.
func updates(n int, f fault) func(call) fault {
	return func(c call) fault {
		if c.verb == "update" && c.n <= n {
			return f
		}
		return fault{}
	}
}

// carded gives the outbox an event x that has its card in the channel desk.
func (r *rig) carded() notice.Item {
	r.add(item("root", "desk", time.Second, of("x")))
	r.pass(5 * time.Second)
	return r.card("x")
}

func TestCard_FirstMessageAndReplies(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		r.add(item("a", "desk", 3*time.Second, of("x")), item("b", "desk", 2*time.Second, of("x")), item("other", "desk", time.Second, of("y")))
		r.pass(10 * time.Second)
		r.wantShown("a", "b", "other")
		list := r.sink.shown()
		if list[0].thread != "" || list[1].thread != list[0].ts || !list[1].broadcast || list[2].thread != "" {
			t.Errorf("shown are %+v", list)
		}
		r.wantCard("x", "a")
		r.wantCard("y", "other")
		if it := r.outbox.get("b"); it.Thread != list[0].ts || it.ChannelID != list[0].channel {
			t.Errorf("the reply is recorded as %+v", it)
		}
	})
}

func TestCard_OnePerChannel(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		r.add(item("a", "desk", time.Second, of("x")), item("b", "board", time.Second, of("x")))
		r.pass(5 * time.Second)
		for _, m := range r.sink.shown() {
			if m.thread != "" {
				t.Errorf("%s is a reply", m.key)
			}
		}
	})
}

func TestReply_QuietChange(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		write := r.cfg.Write
		r.cfg.Write = func(it notice.Item, now time.Time) (notice.Message, error) {
			m, err := write(it, now)
			m.Quiet = it.Key == "b"
			return m, err
		}
		r.stop()
		r.start()
		r.carded()
		r.add(item("b", "desk", 0, of("x")))
		r.pass(5 * time.Second)
		if m := r.sink.shown()[1]; m.thread == "" || m.broadcast {
			t.Errorf("shown is %+v", m)
		}
	})
}

func TestCard_RevisionInPlace(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		c := r.carded()
		r.revise("x", time.Now())
		r.pass(5 * time.Second)
		r.wantShown("root")
		r.wantCard("x", "root")
		if is := r.card("x"); is.TS != c.TS || is.Notice.From != 2 || is.State != notice.Sent {
			t.Errorf("the card is recorded as %+v", is)
		}
	})
}

func TestCard_EditsTogether(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		r.carded()
		for range 5 {
			r.revise("x", time.Now().Add(time.Minute))
			r.pass(3 * time.Second)
		}
		if n := len(r.sink.made("update")); n != 0 {
			t.Errorf("%d changes before the edits had settled", n)
		}
		r.pass(time.Minute)
		r.wantCard("x", "root")
		if n := len(r.sink.made("update")); n != 1 {
			t.Errorf("%d changes", n)
		}
	})
}

func TestCard_EditDuringAChange(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		r.carded()
		r.sink.fault = updates(1, fault{hang: 5 * time.Second})
		r.revise("x", time.Now())
		r.pass(2 * time.Second)
		r.revise("x", time.Now())
		r.pass(20 * time.Second)
		r.wantCard("x", "root")
		if n := len(r.sink.made("update")); n != 2 {
			t.Errorf("%d changes", n)
		}
	})
}

func TestCard_ShownAlready(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		r.carded()
		r.revise("x", time.Now())
		r.pass(5 * time.Second)
		c := r.card("x")
		c.Refresh(2, time.Now(), time.Now(), "a rule changed")
		r.outbox.put(c)
		r.pass(5 * time.Second)
		if n := len(r.sink.made("update")); n != 1 {
			t.Errorf("%d changes", n)
		}
		r.wantNothingOpen()
	})
}

func TestCard_WordsOfAReminderGiveWay(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		r.add(item("root", "desk", time.Second, of("x"), kind(notice.Reminder)))
		r.pass(time.Minute)
		if n := len(r.sink.made("update")); n != 0 {
			t.Errorf("changed at once, %d times", n)
		}
		time.Sleep(12 * time.Hour)
		r.pass(5 * time.Second)
		if m := r.sink.shown()[0]; m.edits != 1 || m.text.Kind != notice.Card {
			t.Errorf("shown is %+v", m)
		}
		r.wantNothingOpen()
	})
}

func TestCard_ReplyMakesWordsGiveWay(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		r.add(item("root", "desk", time.Second, of("x"), kind(notice.Reminder)))
		r.pass(5 * time.Second)
		r.add(item("reply", "desk", 0, of("x"), kind(notice.Outcome)))
		r.pass(5 * time.Second)
		r.wantShown("root", "reply")
		if m := r.sink.shown()[0]; m.edits != 1 {
			t.Errorf("shown is %+v", m)
		}
	})
}

func TestCard_ChangeInDoubtIsRepeated(t *testing.T) {
	for _, stored := range []bool{true, false} {
		inBubble(t, func(t *testing.T, r *rig) {
			r.carded()
			r.sink.fault = updates(4, lost(stored))
			r.revise("x", time.Now())
			r.pass(2 * time.Minute)
			r.wantShown("root")
			r.wantCard("x", "root")
			r.wantNothingOpen()
			if n := len(r.sink.made("update")); n != 6 { // and once more for one that arrives late
				t.Errorf("%d changes", n)
			}
		})
	}
}

func TestCard_LateChange(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		r.carded()
		r.sink.fault = updates(1, fault{err: failed(notice.InDoubt, "connection reset"), late: 10 * time.Second})
		r.revise("x", time.Now())
		r.pass(3 * time.Second)
		r.revise("x", time.Now())
		r.revise("x", time.Now())
		r.pass(2 * time.Minute)
		r.wantCard("x", "root")
	})
}

func TestCard_FailingKeepsNoNoticeBack(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		r.carded()
		r.sink.fault = updates(1000, lost(false))
		r.revise("x", time.Now())
		r.pass(10 * time.Second)
		r.add(item("reply", "desk", 0, of("x")))
		r.pass(3 * time.Second)
		r.wantShown("root", "reply")
		time.Sleep(24 * time.Hour)
		r.pass(3 * time.Hour)
		if c := r.card("x"); c.State != notice.Dead {
			t.Errorf("after %d attempts it is %s", c.Attempts, c.State)
		}
		r.sink.fault = nil
		r.revise("x", time.Now())
		r.pass(time.Minute)
		r.wantCard("x", "root")
	})
}

func TestCard_GoneIsPostedAnew(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		c := r.carded()
		r.sink.remove(c.TS)
		r.revise("x", time.Now())
		r.pass(time.Minute)
		is := r.card("x")
		r.wantShown(is.Root)
		r.wantCard("x", is.Root)
		r.revise("x", time.Now())
		r.add(item("reply", "desk", 0, of("x")))
		r.pass(time.Minute)
		r.wantShown(is.Root, "reply")
		r.wantCard("x", is.Root)
		if m := r.sink.shown()[1]; m.thread != is.TS {
			t.Errorf("the reply stands under %q", m.thread)
		}
	})
}

func TestCard_PostedAnewInDoubt(t *testing.T) {
	for _, stored := range []bool{true, false} {
		inBubble(t, func(t *testing.T, r *rig) {
			r.sink.remove(r.carded().TS)
			r.sink.fault = func(c call) fault {
				if c.verb == "post" && c.n == 2 {
					return lost(stored)
				}
				return fault{}
			}
			r.revise("x", time.Now())
			r.pass(10 * time.Minute)
			r.wantShown(r.card("x").Root)
			r.wantCard("x", r.card("x").Root)
			r.wantNothingOpen()
		})
	}
}

func TestCard_TakenAwayStaysAway(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		r.add(item("root", "desk", time.Second, of("x"), kind(notice.Reminder)))
		r.pass(5 * time.Second)
		r.sink.remove(r.card("x").TS)
		time.Sleep(12 * time.Hour)
		r.pass(time.Minute)
		r.wantShown()
		r.wantNothingOpen()
		r.add(item("next", "desk", 0, of("x")))
		r.pass(time.Minute)
		r.wantShown("next")
		r.wantCard("x", "next")
	})
}

func TestReply_ParentGone(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		r.sink.remove(r.carded().TS)
		r.revise("x", time.Now())
		r.add(item("reply", "desk", 0, of("x")))
		r.pass(time.Minute)
		r.wantShown("reply")
		r.wantCard("x", "reply")
		if it := r.outbox.get("reply"); it.Thread != "" {
			t.Errorf("it is recorded as a reply to %s", it.Thread)
		}
		r.add(item("later", "desk", 0, of("x")))
		r.pass(time.Minute)
		if m := r.sink.shown()[1]; m.thread != r.card("x").TS {
			t.Errorf("the next one stands under %q", m.thread)
		}
	})
}

func TestReply_ParentGoneAndAnswerLost(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		r.sink.remove(r.carded().TS)
		r.sink.fault = func(c call) fault {
			if c.verb == "post" && c.n == 2 {
				return lost(true)
			}
			return fault{}
		}
		r.add(item("reply", "desk", 0, of("x")))
		r.pass(time.Minute)
		r.wantShown("reply")
		r.wantCard("x", "reply")
	})
}

func TestReply_NotTakenAsOne(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		r.carded()
		r.sink.fault = func(c call) fault {
			if c.verb == "post" && c.n == 2 {
				return fault{err: failed(notice.Gone, "cannot_reply_to_message")}
			}
			return fault{}
		}
		r.add(item("reply", "desk", 0, of("x")))
		r.pass(time.Minute)
		r.wantShown("root", "reply")
		r.wantCard("x", "reply")
		r.wantNothingOpen()
	})
}

func TestReply_AnswerLost(t *testing.T) {
	for _, stored := range []bool{true, false} {
		inBubble(t, func(t *testing.T, r *rig) {
			c := r.carded()
			r.sink.fault = func(c call) fault {
				if c.verb == "post" && c.n == 2 {
					return lost(stored)
				}
				return fault{}
			}
			r.add(item("reply", "desk", 0, of("x")))
			r.pass(time.Minute)
			r.wantShown("root", "reply")
			if m := r.sink.shown()[1]; m.thread != c.TS {
				t.Errorf("it stands under %q", m.thread)
			}
			r.wantState("reply", notice.Sent, "")
		})
	}
}

func TestCard_OlderCopyStays(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		r.sink.fault = posts(1, fault{err: failed(notice.InDoubt, "reset"), late: time.Minute})
		r.add(item("root", "desk", time.Second, of("x")))
		r.pass(90 * time.Second)
		r.revise("x", time.Now())
		r.pass(10 * time.Minute)
		r.wantShown("root")
		r.wantCard("x", "root")
	})
}

func TestCard_AfterWhatCallsPeople(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		r.add(many(5, "desk", time.Second)...)
		r.pass(10 * time.Second)
		for _, it := range many(5, "desk", 0) {
			r.revise(it.Notice.Event, time.Now())
		}
		r.add(item("urgent", "desk", 0))
		r.pass(20 * time.Second)
		if n := len(r.sink.made("update")); n != 5 {
			t.Errorf("%d changes", n)
		}
		posted, changed := r.sink.made("post")[5], r.sink.made("update")[0]
		if !posted.at.Before(changed.at) {
			t.Errorf("posted at %v, after the first change at %v", posted.at, changed.at)
		}
	})
}

func TestCard_PaceOfAllChannels(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		for _, ch := range []string{"desk", "board", "wire"} {
			for i, it := range many(40, ch, time.Second) {
				it.Key += ch
				it.Notice.Due = it.Notice.Due.Add(time.Duration(2*i) * time.Second)
				r.add(it)
			}
		}
		r.pass(5 * time.Minute)
		for i := range 40 {
			r.revise(fmt.Sprintf("event-k%04d", i), time.Now())
		}
		r.pass(5 * time.Minute)
		made := r.sink.made("update")
		if len(made) < 100 {
			t.Fatalf("%d changes", len(made))
		}
		for i, c := range made {
			if i >= 50 && c.at.Sub(made[i-50].at) < time.Minute {
				t.Fatalf("51 changes within %v", c.at.Sub(made[i-50].at))
			}
		}
	})
}

func TestCard_NoneWithoutAnEditor(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		r.stop()
		screen := &silent{}
		r.cfg.Sink = func(string) Sink { return screen }
		r.start()
		r.add(item("a", "desk", 2*time.Second, of("x")), item("b", "desk", time.Second, of("x")))
		r.pass(5 * time.Second)
		for _, it := range r.outbox.all() {
			if isCard(it) || it.Thread != "" {
				t.Errorf("there is %+v", it)
			}
		}
	})
}
