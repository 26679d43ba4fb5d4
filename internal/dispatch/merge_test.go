package dispatch

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"attache/internal/notice"
)

// titles returns the headlines of what is shown, those of digests line by line.
func titles(r *rig) []string {
	var out []string
	for _, m := range r.sink.shown() {
		if len(m.text.Lines) == 0 {
			out = append(out, m.text.Headline)
		}
		for _, l := range m.text.Lines {
			out = append(out, l.Title)
		}
	}
	return out
}

func TestDigest_MoreThanABurst(t *testing.T) {
	for _, tc := range []struct{ items, messages int }{{5, 5}, {6, 1}, {40, 1}, {41, 2}, {90, 3}} {
		inBubble(t, func(t *testing.T, r *rig) {
			list := many(tc.items, "desk", time.Minute)
			r.add(list...)
			r.pass(10 * time.Second)
			if n := len(r.sink.shown()); n != tc.messages {
				t.Errorf("%d items gave %d messages, want %d", tc.items, n, tc.messages)
			}
			got := titles(r)
			for i, it := range list {
				if i >= len(got) || got[i] != "about "+it.Key {
					t.Fatalf("told are %v", got)
				}
				r.wantState(it.Key, notice.Sent, "")
			}
		})
	}
}

func TestDigest_NoMoreQuestionsThanHaveRoomForTheirButtons(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		write := r.cfg.Write
		r.cfg.Rows = func() int { return 18 }
		r.cfg.Write = func(it notice.Item, now time.Time) (notice.Message, error) {
			m, err := write(it, now)
			m.Answers = []notice.Answer{notice.SayOutcome}
			return m, err
		}
		r.d = New(r.cfg)
		r.add(many(48, "desk", time.Minute)...)
		r.pass(10 * time.Second)
		var rows []int
		for _, m := range r.sink.shown() {
			rows = append(rows, len(m.text.Lines))
		}
		if !slices.Equal(rows, []int{18, 18, 12}) {
			t.Errorf("the messages have %v lines", rows)
		}
	})
}

func TestDigest_MembersShareItsPlace(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		list := many(6, "desk", time.Minute)
		r.add(list...)
		r.sink.fault = func(call) fault {
			for _, it := range list {
				r.wantState(it.Key, notice.Merged, "")
			}
			return fault{}
		}
		r.pass(time.Second)
		m := r.sink.shown()[0]
		for _, it := range list {
			if got := r.outbox.get(it.Key); got.TS != m.ts || got.ChannelID != m.channel || got.Parent != m.key || got.SentAt.IsZero() {
				t.Errorf("member is %+v", got)
			}
		}
		d := r.outbox.get(m.key)
		if d.State != notice.Sent || len(d.Members) != 6 || d.Notice.Kind != notice.Digest || d.Key != notice.DigestKey(d.Members) {
			t.Errorf("digest is %+v", d)
		}
	})
}

func TestDigest_QuestionsAboutOutcomes(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		r.add(item("o1", "desk", 3*time.Second, kind(notice.Outcome)), item("c", "desk", 2*time.Second), item("o2", "desk", time.Second, kind(notice.Outcome)))
		r.add(item("o3", "board", 0, kind(notice.Outcome)))
		r.pass(10 * time.Second)
		var desk []string
		for _, m := range r.sink.shown() {
			if m.channel == "C-desk" {
				desk = append(desk, fmt.Sprint(m.text.Headline, len(m.text.Lines)))
			}
		}
		if want := []string{"2 dates have passed with no outcome recorded2", "about c0"}; !slices.Equal(desk, want) {
			t.Errorf("shown are %q", desk)
		}
		r.wantState("o3", notice.Sent, "")
	})
}

func TestDigest_OvertakesNoEventOfItsOwn(t *testing.T) {
	queue := []notice.Item{
		item("o1", "desk", 4*time.Second, kind(notice.Outcome)),
		item("c", "desk", 3*time.Second, of("event-o2"), tried),
		item("o2", "desk", 2*time.Second, kind(notice.Outcome)),
		item("o3", "desk", time.Second, kind(notice.Outcome)),
	}
	var got []string
	for _, u := range group(queue, time.Now(), time.Hour) {
		var keys []string
		for _, it := range u {
			keys = append(keys, it.Key)
		}
		got = append(got, strings.Join(keys, "+"))
	}
	if s := strings.Join(got, " "); s != "o1 c o2+o3" {
		t.Errorf("units are %s", s)
	}
}

func TestDigest_LaterThanTheCatchUpTime(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		r.add(item("old1", "desk", 48*time.Hour), item("old2", "desk", 47*time.Hour), item("late", "desk", 5*time.Hour), item("new", "desk", 0))
		r.pass(10 * time.Second)
		shown := r.sink.shown()
		if len(shown) != 3 || len(shown[0].text.Lines) != 2 || shown[1].text.Late == "" || shown[2].text.Late != "" {
			t.Errorf("shown are %+v", shown)
		}
		if n := r.d.Status().Totals.Late; n != 2 {
			t.Errorf("%d counted as late", n)
		}
	})
}

func TestReminders_OnlyTheNewest(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		rung := func(key, event string, k notice.Kind, ago time.Duration) notice.Item {
			return item(key, "desk", ago, kind(k), of(event))
		}
		r.add(
			rung("7d", "x", notice.Reminder, 6*time.Hour), rung("1d", "x", notice.Reminder, time.Hour), rung("2h", "x", notice.Reminder, -time.Hour),
			rung("open", "x", notice.Window, 5*time.Hour), rung("other", "y", notice.Reminder, 7*time.Hour),
		)
		r.pass(10 * time.Second)
		if got := titles(r); !slices.Equal(got, []string{"about other", "about open. about 1d"}) {
			t.Errorf("told are %q", got)
		}
		r.wantState("7d", notice.Superseded, "")
		r.wantState("2h", notice.Pending, "")
	})
}

func TestReminders_DueAtOnce(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		r.add(item("a", "desk", 0, kind(notice.Reminder), of("x")), item("b", "desk", 0, kind(notice.Reminder), of("x")))
		r.pass(5 * time.Second)
		r.wantShown("a", "b")
	})
}

func TestDigest_AnswerLost(t *testing.T) {
	for _, stored := range []bool{true, false} {
		inBubble(t, func(t *testing.T, r *rig) {
			r.sink.fault = posts(1, lost(stored))
			r.add(many(20, "desk", time.Minute)...)
			r.tick()
			r.kill()
			r.start()
			r.pass(time.Minute)
			if got := titles(r); len(r.sink.shown()) != 1 || len(got) != 20 {
				t.Errorf("shown are %v", got)
			}
		})
	}
}

func TestDigest_RefusedAndRetried(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		r.sink.fault = posts(2, fault{err: failed(notice.Refused, "msg_too_long")})
		list := many(6, "desk", time.Minute)
		r.add(list...)
		r.pass(5 * time.Second)
		for _, it := range list {
			r.wantState(it.Key, notice.Dead, "msg_too_long")
		}
		if err := r.d.Retry(r.outbox.get("k0000").Parent); err != nil {
			t.Fatal(err)
		}
		r.pass(time.Minute)
		for _, it := range list {
			r.wantState(it.Key, notice.Sent, "")
		}
		if n := len(r.sink.shown()); n != 1 {
			t.Errorf("%d messages", n)
		}
	})
}

func TestDigest_InDoubtAcrossARestart(t *testing.T) {
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
		r.add(many(6, "desk", time.Minute)...)
		r.tick()
		r.kill()
		r.start()
		r.add(item("next", "desk", 0, of("event-k0003")), item("free", "desk", 0))
		r.pass(3 * time.Minute)
		if got := r.sink.keys(); len(got) != 2 || got[1] != "free" {
			t.Errorf("shown are %v", got)
		}
		r.pass(3 * time.Minute)
		if got := r.sink.keys(); len(got) != 3 || got[2] != "next" {
			t.Errorf("shown are %v", got)
		}
	})
}

func TestDigest_BoundedByItsText(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		r.cfg.Write = func(it notice.Item, _ time.Time) (notice.Message, error) {
			return notice.Message{Headline: strings.Repeat("x", 1000)}, nil
		}
		r.start()
		r.add(many(20, "desk", time.Minute)...)
		r.pass(20 * time.Second)
		if n := len(r.sink.shown()); n != 3 {
			t.Errorf("%d messages", n)
		}
	})
}

func TestDigest_ItemEndsMeanwhile(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		write := r.cfg.Write
		r.cfg.Write = func(it notice.Item, now time.Time) (notice.Message, error) {
			if it.Key == "k0003" {
				return notice.Message{}, fmt.Errorf("gone")
			}
			if it.Key == "k0005" { // the planner is at work meanwhile
				gone := r.outbox.get("k0001")
				gone.Become(notice.Superseded, now, "the date moved")
				r.add(gone)
			}
			return write(it, now)
		}
		r.start()
		r.add(many(7, "desk", time.Minute)...)
		r.pass(5 * time.Second)
		if got := titles(r); !slices.Equal(got, []string{"about k0000", "about k0002", "about k0004", "about k0005", "about k0006"}) {
			t.Errorf("told are %v", got)
		}
		r.wantState("k0001", notice.Superseded, "")
		r.wantState("k0003", notice.Dead, "gone")
	})
}

func TestDigest_ThirtyDaysDown(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		var list []notice.Item
		for i := range 40 {
			list = append(list, item(fmt.Sprintf("k%04d", i), "desk", time.Duration(40-i)*18*time.Hour))
		}
		r.add(list...)
		r.pass(10 * time.Second)
		if got := titles(r); len(got) != 40 || len(r.sink.shown()) > 2 {
			t.Errorf("%d messages tell %d", len(r.sink.shown()), len(got))
		}
	})
}

func TestDigest_WithoutWhatIsAboutToBegin(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		r.add(many(10, "desk", time.Minute, expires(24*time.Hour), kind(notice.Reminder))...)
		r.add(item("soon", "desk", time.Second, expires(time.Hour), kind(notice.Reminder)))
		r.pass(10 * time.Second)
		shown := r.sink.shown()
		if len(shown) != 2 || len(r.outbox.get(shown[0].key).Members) != 10 || shown[1].key != "soon" {
			t.Errorf("shown are %v", r.sink.keys())
		}
	})
}

func TestDigest_ManyAboutToBegin(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		r.add(many(10, "desk", time.Minute, expires(time.Hour), kind(notice.Reminder))...)
		r.pass(10 * time.Second)
		if n := len(r.sink.shown()); n != 1 {
			t.Errorf("%d messages", n)
		}
	})
}

// TestTogether_OneActOneMessage lets one edit of a person have several things to say.
func TestTogether_OneActOneMessage(t *testing.T) {
	for _, killed := range []bool{false, true} {
		inBubble(t, func(t *testing.T, r *rig) {
			r.add(item("first", "desk", time.Minute, of("x")))
			r.pass(5 * time.Second)
			if killed {
				r.sink.fault = posts(1, lost(true))
			}
			r.add(item("today", "desk", 0, of("x"), kind(notice.Reminder)), item("added", "desk", 0, of("x")), item("asked", "desk", 0, of("x"), kind(notice.Outcome)))
			r.add(item("y", "desk", 0, kind(notice.Outcome)), item("z", "desk", 0, kind(notice.Outcome)))
			r.tick()
			if killed {
				r.kill()
				r.start()
			}
			r.pass(time.Minute)
			var got []string
			for _, m := range r.sink.shown()[1:] { // the first is the card by now
				got = append(got, fmt.Sprint(m.text.Headline, " ", len(m.text.Lines), " ", m.thread != ""))
			}
			want := []string{"about added. about asked. about today 0 true", "2 dates have passed with no outcome recorded 2 false"}
			if !slices.Equal(got, want) {
				t.Errorf("killed=%v: shown are %q", killed, got)
			}
			for _, k := range []string{"today", "added", "asked"} {
				r.wantState(k, notice.Sent, "")
			}
		})
	}
}
