package attachetest

import (
	"context"
	"strings"
	"testing"

	"attache/internal/calendar"
	"attache/internal/control"
	"attache/internal/slack/slacktest"
)

// soon is an event of which something is due at once, and one that is edited.
func soon(date string) string {
	return visit(date) + "  - {id: past, title: Talks, kind: talks, zone: UTC, when: 2020-02-03}\n"
}

// TestChannel_SpelledOtherwise writes the one channel in other ways, and renames it in Slack:
// nothing is told again, and what comes next is told once, in the thread that there is.
func TestChannel_SpelledOtherwise(t *testing.T) {
	t.Parallel()
	s := Slack(t)
	settings := Settings(t, s)
	a := Start(t, files(settings, soon("2099-02-03")))
	a.WaitFor("the question", func() bool { return len(s.Messages("trade-desk")) == 1 })
	a.Write("events/a.yaml", soon("2099-02-05"))
	a.WaitFor("the change", func() bool { return len(changes(s)) == 1 })
	for i, to := range []string{"C0TRADE", "trade-desk", "#trade-desk", "C0TRADE", "#desk"} {
		before := len(s.Messages("C0TRADE"))
		if to == "#desk" {
			s.SetChannel(slacktest.Channel{ID: "C0TRADE", Name: "desk", Member: true})
		}
		spelled := strings.Replace(settings, `"#trade-desk"`, `"`+to+`"`, 1)
		if i%2 == 1 { // by a route, and over a restart
			spelled = settings + "routes: [{to: \"" + to + "\"}]\n"
		}
		a.Write("attache.yaml", spelled)
		if i == 2 {
			a.Restart()
		}
		if err := a.Reload(); err != nil {
			t.Fatal(err)
		}
		a.Write("events/a.yaml", soon("2099-03-0"+string(rune('1'+i))))
		a.WaitFor("the next change for "+to, func() bool { return len(s.Messages("C0TRADE")) > before })
		if err := a.Reload(); err != nil {
			t.Fatal(err)
		}
		list := s.Messages("C0TRADE")
		if last := list[len(list)-1]; len(list) != before+1 || to != "#desk" && last.ThreadTS == "" {
			t.Errorf("%s: %d more messages, the last one in the thread %q: %s", to, len(list)-before, last.ThreadTS, last.Shown())
		}
	}
}

// TestChannel_TwoSpellings has several routes to one channel, from the first start on or later:
// what they are to be told is told once.
func TestChannel_TwoSpellings(t *testing.T) {
	t.Parallel()
	for _, known := range []bool{true, false} {
		t.Run(map[bool]string{true: "its id is known", false: "its id is not known"}[known], func(t *testing.T) {
			t.Parallel()
			s := Slack(t)
			settings := Settings(t, s)
			routes := settings + "routes: [{to: C0TRADE}, {to: trade-desk}, {to: \"#trade-desk\"}]\n"
			told := 0
			if known {
				told = 1
			} else {
				settings = routes
			}
			a := Start(t, files(settings, visit("2099-02-03")))
			if known {
				a.Write("events/a.yaml", visit("2099-02-05"))
				a.WaitFor("the change", func() bool { return len(changes(s)) == told })
				a.Write("attache.yaml", routes)
				if err := a.Reload(); err != nil {
					t.Fatal(err)
				}
			}
			for _, day := range []string{"2099-02-07", "2099-02-09"} {
				a.Write("events/a.yaml", visit(day))
				told++
				a.WaitFor("the next change", func() bool { return len(changes(s)) >= told })
				a.WaitFor("no change to wait", func() bool {
					q := calendar.NoticeQuery{Kinds: []string{"change"}, States: []string{"planned", "sending", "unknown"}}
					list, err := control.NewClient(control.Path(a.data)).Notices(context.Background(), q)
					return err == nil && len(list) == 0
				})
			}
			a.Stop()
			if got := states(a); len(s.Messages("trade-desk")) != told {
				t.Errorf("%d messages, notices %v", len(s.Messages("trade-desk")), got)
			}
		})
	}
}
