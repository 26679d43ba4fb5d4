package attachetest

import (
	"strings"
	"testing"
	"time"

	"attache/internal/slack/slacktest"
)

// carded starts an attache whose visit has its card in the channel trade-desk.
func carded(t *testing.T, s *slacktest.Server) (*Attache, slacktest.Message) {
	t.Helper()
	a := Start(t, files(Settings(t, s), visit("2099-02-03")))
	a.Write("events/a.yaml", visit("2099-02-05"))
	a.WaitFor("the first message", func() bool { return len(s.Messages("trade-desk")) == 1 })
	return a, s.Messages("trade-desk")[0]
}

// shows reports whether the message with the ts shows all the words.
func shows(s *slacktest.Server, ts string, words ...string) bool {
	for _, m := range s.Messages("trade-desk") {
		if m.TS != ts {
			continue
		}
		for _, w := range words {
			if !strings.Contains(m.Shown(), w) {
				return false
			}
		}
		return len(m.Blocks) > 0
	}
	return false
}

func TestCard_EditIsShownInPlaceAndToldInTheThread(t *testing.T) {
	t.Parallel()
	s := Slack(t)
	a, card := carded(t, s)
	a.Write("events/a.yaml", visit("2099-02-09", "certainty: confirmed"))
	a.WaitFor("the card", func() bool {
		return shows(s, card.TS, "Mon 9 Feb 2099", "confirmed", "Last change", "Thu 5 Feb 2099 → Mon 9 Feb 2099", "As first told: Slipped. date: Tue 3 Feb 2099 → Thu 5 Feb 2099")
	})
	a.WaitFor("the reply", func() bool { return len(s.Messages("trade-desk")) == 2 })
	list := s.Messages("trade-desk")
	if m := list[1]; m.ThreadTS != card.TS || !m.Broadcast {
		t.Errorf("the change is told as %+v", m)
	}
	if m := list[0]; m.Metadata.Key() != card.Metadata.Key() || m.Updates != 1 {
		t.Errorf("the card is %+v", m)
	}
}

func TestCard_NewTitleIsShownInPlaceAndCallsNobody(t *testing.T) {
	t.Parallel()
	s := Slack(t)
	a, card := carded(t, s)
	a.Write("events/a.yaml", strings.Replace(visit("2099-02-05"), "A visit to Beijing", "A state visit", 1))
	a.WaitFor("the card", func() bool { return shows(s, card.TS, "A state visit") })
	a.WaitFor("the reply", func() bool { return len(s.Messages("trade-desk")) == 2 })
	if m := s.Messages("trade-desk")[1]; m.ThreadTS != card.TS || m.Broadcast {
		t.Errorf("the change is told as %+v", m)
	}
}

func TestCard_OutcomeIsTheFirstWord(t *testing.T) {
	t.Parallel()
	s := Slack(t)
	a, card := carded(t, s)
	a.Write("events/a.yaml", visit("2099-02-05", "status: cancelled"))
	a.WaitFor("the card", func() bool { return shows(s, card.TS, "Cancelled: A visit to Beijing") })
}

func TestCard_DeletedComesBackWithTheNextNews(t *testing.T) {
	t.Parallel()
	s := Slack(t)
	a, card := carded(t, s)
	s.Remove("trade-desk", card.TS)
	a.Write("events/a.yaml", visit("2099-02-09"))
	a.WaitFor("a new card", func() bool {
		list := s.Messages("trade-desk")
		return len(list) == 1 && list[0].ThreadTS == "" && shows(s, list[0].TS, "Mon 9 Feb 2099")
	})
	next := s.Messages("trade-desk")[0]
	a.Write("events/a.yaml", visit("2099-02-11"))
	a.WaitFor("the reply", func() bool { return len(s.Messages("trade-desk")) == 2 })
	if m := s.Messages("trade-desk")[1]; m.ThreadTS != next.TS {
		t.Errorf("the next change is told under %q", m.ThreadTS)
	}
	a.WaitFor("the new card to follow", func() bool { return shows(s, next.TS, "Wed 11 Feb 2099") })
}

func TestCard_NotEditableIsPostedAnewOnce(t *testing.T) {
	t.Parallel()
	for _, reason := range []string{"edit_window_closed", "cant_update_message", "is_inactive", "message_not_found"} {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			s, at := Slack(t), time.Now().Add(time.Hour)
			a := Start(t, files(Settings(t, s, "routes:", `  - {to: "#trade-desk", notices: [reminder, outcome]}`), filing(at, "")))
			a.WaitFor("the first message", func() bool { return len(s.Messages("trade-desk")) == 1 })
			card := s.Messages("trade-desk")[0]
			s.Fail(func(c slacktest.Call) slacktest.Fault {
				if c.Method == "chat.update" && c.Form.Get("ts") == card.TS {
					return slacktest.Fault{Skip: true, Answer: slacktest.Error(reason)}
				}
				return slacktest.Fault{}
			})
			a.Write("events/a.yaml", filing(at, ", place: Beijing"))
			a.WaitFor("a new card", func() bool { return len(s.Messages("trade-desk")) == 2 })
			next := s.Messages("trade-desk")[1]
			if next.ThreadTS != "" || !shows(s, next.TS, "Last change", "Beijing") {
				t.Errorf("the new card is %+v", next)
			}
			a.Write("events/a.yaml", filing(at, ", place: Shanghai"))
			a.WaitFor("the new card to follow", func() bool { return shows(s, next.TS, "Shanghai") })
			if n := len(s.Messages("trade-desk")); n != 2 {
				t.Errorf("%d messages", n)
			}
		})
	}
}

func TestCard_ChannelIsRenamed(t *testing.T) {
	t.Parallel()
	s := Slack(t)
	a, card := carded(t, s)
	s.SetChannel(slacktest.Channel{ID: "C0TRADE", Name: "trade", Member: true})
	a.Write("events/a.yaml", visit("2099-02-09"))
	a.WaitFor("the card", func() bool {
		list := s.Messages("C0TRADE")
		return len(list) == 2 && list[1].ThreadTS == card.TS && strings.Contains(list[0].Shown(), "Mon 9 Feb 2099") && list[0].Updates == 1
	})
}

func TestCard_ChannelThatFailsHoldsNoOtherBack(t *testing.T) {
	t.Parallel()
	s := Slack(t)
	s.SetChannel(slacktest.Channel{ID: "C0BOARD", Name: "board", Member: true})
	routes := []string{"routes:", `  - {to: "#trade-desk"}`, `  - {to: "#board"}`}
	a := Start(t, files(Settings(t, s, routes...), visit("2099-02-03")))
	a.Write("events/a.yaml", visit("2099-02-05"))
	a.WaitFor("both cards", func() bool { return len(s.Messages("trade-desk")) == 1 && len(s.Messages("board")) == 1 })
	s.SetChannel(slacktest.Channel{ID: "C0BOARD", Name: "board", Member: true, Archived: true})
	a.Write("events/a.yaml", visit("2099-02-09"))
	a.WaitFor("the card in the other channel", func() bool {
		return shows(s, s.Messages("trade-desk")[0].TS, "Mon 9 Feb 2099") && len(s.Messages("trade-desk")) == 2
	})
	if s.Messages("board")[0].Metadata.Key() == s.Messages("trade-desk")[0].Metadata.Key() {
		t.Error("both have the same key")
	}
}

// filing is a file with one deadline of which a reminder is due already.
func filing(at time.Time, more string) string {
	return "events:\n  - {id: filing, title: A filing, kind: deadline, remind: [2h], zone: UTC, when: \"" + at.UTC().Format("2006-01-02 15:04") + " UTC\"" + more + "}\n"
}
