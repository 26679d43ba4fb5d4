package attachetest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"attache/internal/calendar"
	"attache/internal/change"
	"attache/internal/control"
	"attache/internal/slack/slacktest"
)

var (
	alice = slacktest.Person{ID: "U0ALICE", Name: "Alice"}
	bob   = slacktest.Person{ID: "U0BOB", Name: "Bob"}
	guest = slacktest.Person{ID: "U0GUEST", Name: "Gus", Team: "T0OTHER"}
)

// listening gives an attache the app token.
func listening(a *Attache) {
	a.env = func(name string) string {
		if name == "SLACK_APP_TOKEN" {
			return slacktest.AppToken
		}
		return ""
	}
}

// asked starts an attache that asks what became of a visit, and returns the message in which
// it does.
func asked(t *testing.T, s *slacktest.Server, more ...string) (*Attache, slacktest.Message) {
	t.Helper()
	day := time.Now().AddDate(0, 0, -5).Format(time.DateOnly)
	a := Start(t, files(Settings(t, s, more...), visit(day)), listening)
	a.WaitFor("the socket", func() bool { return s.Sockets() == 1 })
	a.WaitFor("the question", func() bool { return len(s.Messages("trade-desk")) > 0 })
	return a, s.Messages("trade-desk")[0]
}

// told waits for what a person alone is told, and returns it.
func told(a *Attache, s *slacktest.Server, by slacktest.Person, n int) string {
	a.t.Helper()
	a.WaitFor("an answer to "+by.Name, func() bool { return len(s.Whispers(by.ID)) >= n })
	return s.Whispers(by.ID)[n-1].Shown()
}

// heard demands that what somebody did is acknowledged.
func heard(t *testing.T, e *slacktest.Envelope) {
	t.Helper()
	if _, err := e.Wait(); err != nil {
		t.Fatal(err)
	}
}

// revisions returns what changed, the newest first.
func revisions(a *Attache) []change.View {
	a.t.Helper()
	list, err := control.NewClient(control.Path(a.data)).Changes(context.Background(), calendar.ChangeQuery{})
	if err != nil {
		a.t.Fatal(err)
	}
	return list
}

func TestAnswer_NobodyListensAndNothingCanBePressed(t *testing.T) {
	t.Parallel()
	s := Slack(t)
	a := Start(t, files(Settings(t, s), visit(time.Now().AddDate(0, 0, -5).Format(time.DateOnly))))
	a.WaitFor("the question", func() bool { return len(s.Messages("trade-desk")) > 0 })
	if m := s.Messages("trade-desk")[0]; strings.Contains(string(m.Blocks), `"actions"`) {
		t.Errorf("something can be pressed: %s", m.Blocks)
	}
	if n := len(s.Calls("apps.connections.open")); n > 0 || strings.Contains(a.Get("/readyz").Body, "slack answers") {
		t.Errorf("%d sockets were opened", n)
	}
}

func TestAnswer_OutcomeIsSaidWhereItWasAsked(t *testing.T) {
	t.Parallel()
	s := Slack(t)
	a, m := asked(t, s)
	heard(t, s.Press(alice, "trade-desk", m.TS, "attache.outcome"))
	a.WaitFor("the form", func() bool { _, open := s.View(alice.ID); return open })
	e := s.Submit(alice, map[string]string{"status": "held"})
	heard(t, e)
	if v, _ := s.View(alice.ID); v.Errors["reason"] == "" {
		t.Errorf("it needs no reason: %v", v.Errors)
	}
	heard(t, s.Submit(alice, map[string]string{"status": "held", "reason": "both were there"}))
	if said := told(a, s, alice, 1); said != "Recorded: “A visit to Beijing” is held" {
		t.Errorf("told: %q", said)
	}
	a.WaitFor("the card", func() bool { return shows(s, m.TS, "Held: A visit to Beijing") })
	r := revisions(a)[0]
	if r.By != "Alice" && r.By != "alice" || r.Via != "slack" || r.User != alice.ID || !strings.HasPrefix(r.Link, "https://test.slack.com/archives/C0TRADE/p") || !slices.Contains(r.Fields, "status") {
		t.Errorf("the change: %+v", r)
	}
	for _, page := range []string{"/events/visit", "/changes", "/changes.atom"} {
		if body := a.Get(page).Body; !strings.Contains(body, "alice") {
			t.Errorf("%s does not say who said it", page)
		}
	}
	if page := a.Get("/events/visit").Body; !strings.Contains(page, "1 answer from Slack is not in the files: <code>attache settle visit</code>") {
		t.Errorf("the page does not say that no file has it:\n%s", page)
	}
	a.Restart()
	overruled := visit(time.Now().AddDate(0, 0, -5).Format(time.DateOnly), "status: cancelled", "reason: a mistake")
	a.Write("events/a.yaml", overruled)
	a.WaitFor("who is overruled", func() bool {
		return slices.ContainsFunc(s.Messages("trade-desk"), func(m slacktest.Message) bool {
			return strings.Contains(m.Shown(), "events/a.yaml:2 overrules alice, who said in Slack: status held")
		})
	})
	a.Write("events/a.yaml", strings.Replace(visit(time.Now().AddDate(0, 0, -5).Format(time.DateOnly)), "A visit", "The visit", 1))
	a.WaitFor("the new title", func() bool { return shows(s, m.TS, "The visit to Beijing") })
	for _, c := range s.Calls("chat.postMessage", "chat.update") {
		if strings.Contains(c.Form.Get("metadata"), alice.ID) || strings.Contains(c.Form.Get("metadata"), "alice") {
			t.Errorf("metadata names a person: %s", c.Form.Get("metadata"))
		}
	}
}

func TestAnswer_QuestionsDueTogetherAreOneMessageByDate(t *testing.T) {
	t.Parallel()
	s := Slack(t)
	events := "events:\n"
	for i, title := range []string{"The third", "The first", "The second"} {
		day := time.Now().AddDate(0, 0, []int{-5, -7, -6}[i]).Format(time.DateOnly)
		events += fmt.Sprintf("  - {id: e%d, title: %s, kind: visit, when: %s, sources: [{quote: they go}]}\n", i, title, day)
	}
	a := Start(t, files(Settings(t, s), events), listening)
	a.WaitFor("the questions", func() bool { return len(s.Messages("trade-desk")) > 0 })
	m := s.Messages("trade-desk")[0]
	shown := m.Shown()
	first, second, third := strings.Index(shown, "The first"), strings.Index(shown, "The second"), strings.Index(shown, "The third")
	if first < 0 || first > second || second > third || strings.Count(shown, "[Outcome…] [New date…] [Got it]") != 3 {
		t.Errorf("asked: %s", shown)
	}
	a.WaitFor("the socket", func() bool { return s.Sockets() == 1 })
	heard(t, s.PressIn(bob, "trade-desk", m.TS, "|e2|", "attache.got"))
	if said := told(a, s, bob, 1); said != "Noted: you have got “The second”" {
		t.Errorf("told: %q", said)
	}
}

func TestAnswer_SecondIsToldWhatTheFirstSaid(t *testing.T) {
	t.Parallel()
	s := Slack(t)
	a, m := asked(t, s)
	for _, p := range []slacktest.Person{alice, bob} {
		heard(t, s.Press(p, "trade-desk", m.TS, "attache.outcome"))
		a.WaitFor("the form", func() bool { _, open := s.View(p.ID); return open })
	}
	heard(t, s.Submit(alice, map[string]string{"status": "held", "reason": "both were there"}))
	told(a, s, alice, 1)
	heard(t, s.Submit(bob, map[string]string{"status": "cancelled", "reason": "nobody came"}))
	said := told(a, s, bob, 1)
	if !strings.Contains(said, "lice said held ") || !strings.Contains(said, " s ago") || !strings.Contains(said, "[Outcome…]") {
		t.Errorf("told: %q", said)
	}
	if n := len(revisions(a)); n != 2 {
		t.Errorf("%d revisions", n)
	}
	w := s.Whispers(bob.ID)[0]
	s.CloseView(bob.ID)
	heard(t, s.Press(bob, "trade-desk", w.TS, "attache.outcome"))
	a.WaitFor("the form", func() bool { _, open := s.View(bob.ID); return open })
	heard(t, s.Submit(bob, map[string]string{"status": "open", "reason": "that was another visit"}))
	if said := told(a, s, bob, 2); !strings.HasPrefix(said, "Recorded: ") {
		t.Errorf("told: %q", said)
	}
}

func TestAnswer_GotItAndSnoozeAreTheChannelsAlone(t *testing.T) {
	t.Parallel()
	s := Slack(t)
	a, m := asked(t, s)
	e := s.Press(alice, "trade-desk", m.TS, "attache.got")
	heard(t, e)
	heard(t, e.Again())
	if said := told(a, s, alice, 1); !strings.HasPrefix(said, "Noted: ") {
		t.Errorf("told: %q", said)
	}
	a.WaitFor("the card", func() bool { return shows(s, m.TS, "Got it: alice, ") })
	heard(t, s.Choose(bob, "trade-desk", m.TS, "attache.more", "later 3d"))
	if said := told(a, s, bob, 1); !strings.HasPrefix(said, "Snoozed: ") {
		t.Errorf("told: %q", said)
	}
	a.WaitFor("the card", func() bool { return shows(s, m.TS, "Snoozed until ", ", by bob") })
	if n := len(revisions(a)); n != 1 {
		t.Errorf("%d revisions", n)
	}
	if n := len(s.Whispers(alice.ID)); n != 1 {
		t.Errorf("alice is told %d times", n)
	}
	planned, err := control.NewClient(control.Path(a.data)).Notices(context.Background(), calendar.NoticeQuery{States: []string{"planned"}, Kinds: []string{"outcome"}})
	in3 := time.Now().Add(56 * time.Hour) // at the least: it is the morning of the third day, and now may be the last minute of the first
	if err != nil || !slices.ContainsFunc(planned, func(v calendar.NoticeView) bool { return v.Due.After(in3) && v.Due.Before(in3.Add(48*time.Hour)) }) {
		t.Errorf("it is not told again: %v %+v", err, planned)
	}
	if strings.Contains(strings.Join(s.Problems(), ""), "error") {
		t.Error(s.Problems())
	}
}

func TestAnswer_NewDateIsReadByTheParserOfTheFiles(t *testing.T) {
	t.Parallel()
	s := Slack(t)
	a, m := asked(t, s)
	heard(t, s.Press(alice, "trade-desk", m.TS, "attache.date"))
	a.WaitFor("the form", func() bool { _, open := s.View(alice.ID); return open })
	heard(t, s.Type(alice, "when", "2099-05-31"))
	a.WaitFor("the preview", func() bool { v, _ := s.View(alice.ID); return strings.Contains(v.Shown(), "Understood: on 2099-05-31") })
	heard(t, s.Submit(alice, map[string]string{"when": "2099-02-30"}))
	v, open := s.View(alice.ID)
	if words := v.Errors["when"]; !open || !strings.Contains(words, "February") || strings.Contains(words, ".yaml") || strings.Contains(words, ":1:") {
		t.Errorf("under the field: %v", v.Errors)
	}
	heard(t, s.Submit(alice, map[string]string{"when": "2099-05-31", "certainty": "likely"}))
	if said := told(a, s, alice, 1); !strings.HasPrefix(said, "Recorded: ") {
		t.Errorf("told: %q", said)
	}
	a.WaitFor("the date in the feed", func() bool { return starts(a, "20990531") })
	a.WaitFor("the card", func() bool { return shows(s, m.TS, "31 May 2099") })
	if page := a.Get("/events/visit").Body; !strings.Contains(page, "https://test.slack.com/archives/C0TRADE/p") {
		t.Error("the page does not link to what was said")
	}
}

func TestAnswer_WhoMay(t *testing.T) {
	t.Parallel()
	s := Slack(t)
	s.Install(slacktest.App{Token: slacktest.Token, Scopes: []string{"chat:write", "channels:history", "channels:read", "usergroups:read"}})
	s.SetGroup("S0DESK", bob.ID)
	s.SetChannel(slacktest.Channel{ID: "C0OTHER", Name: "other", Member: true})
	a, m := asked(t, s)
	heard(t, s.Press(guest, "trade-desk", m.TS, "attache.got"))
	if said := told(a, s, guest, 1); !strings.Contains(said, "guests of other workspaces don't answer here. Ask ") {
		t.Errorf("a guest is told %q", said)
	}
	heard(t, s.Command(alice, "other", "add The talks"))
	if said := told(a, s, alice, 1); !strings.Contains(said, "#trade-desk") {
		t.Errorf("in another channel: %q", said)
	}
	settings := strings.Replace(Settings(t, s), "  channel:", "  answer: {who: listed, usergroups: [S0DESK], users: [U0GUEST]}\n  channel:", 1)
	a.Write("attache.yaml", settings)
	a.WaitFor("the settings", func() bool { return strings.Count(a.Log(), "read the files") == 1 })
	var said string
	a.WaitFor("the group", func() bool { // until Slack has told who is in it, nobody of it may answer
		n := len(s.Whispers(alice.ID))
		heard(t, s.Press(alice, "trade-desk", m.TS, "attache.got"))
		said = told(a, s, alice, n+1)
		return !strings.Contains(said, "has not told yet")
	})
	if !strings.Contains(said, "not among those who answer here.") || !strings.Contains(said, "these may answer:\n@U0GUEST @subteam^S0DESK") {
		t.Errorf("who is not listed is told %q", said)
	}
	n := len(s.Whispers(bob.ID))
	heard(t, s.Press(bob, "trade-desk", m.TS, "attache.got"))
	if said := told(a, s, bob, n+1); !strings.HasPrefix(said, "Noted: ") {
		t.Errorf("who is of the group is told %q", said)
	}
	a.WaitFor("the card", func() bool { return shows(s, m.TS, "Got it: bob, ") }) // which has that in its menu
	n = len(s.Whispers(guest.ID))
	heard(t, s.Choose(guest, "trade-desk", m.TS, "attache.more", "got"))
	if said := told(a, s, guest, n+1); !strings.HasPrefix(said, "Noted: ") {
		t.Errorf("a guest who is listed is told %q", said)
	}
}

func TestAnswer_CommandsAndHome(t *testing.T) {
	t.Parallel()
	s := Slack(t)
	a, _ := asked(t, s)
	for text, want := range map[string]string{
		"list": "visit", "show visit": "A visit to Beijing", "why visit": "visit: ", "lst": "did you mean list?", "": "nothing is to come", "help": "next ",
	} {
		n := len(s.Whispers(alice.ID))
		heard(t, s.Command(alice, "trade-desk", text))
		if said := told(a, s, alice, n+1); !strings.Contains(said, want) {
			t.Errorf("/attache %s: %q", text, said)
		}
	}
	n := len(s.Whispers(alice.ID))
	heard(t, s.Command(alice, "trade-desk", "show visit"))
	if said := told(a, s, alice, n+1); !strings.Contains(said, "[Outcome…]") {
		t.Errorf("what is shown takes no answer: %q", said)
	}
	heard(t, s.ChooseIn(alice, "trade-desk", s.Whispers(alice.ID)[n].TS, "|visit|", "attache.more", "got"))
	if said := told(a, s, alice, n+2); !strings.HasPrefix(said, "Noted: ") {
		t.Errorf("told: %q", said)
	}
	heard(t, s.OpenHome(alice))
	a.WaitFor("the Home tab", func() bool { _, ok := s.Home(alice.ID); return ok })
	if v, _ := s.Home(alice.ID); !strings.Contains(v.Shown(), "Awaits an answer\n• *A visit to Beijing*") {
		t.Errorf("%s", v.Shown())
	}
	heard(t, s.Command(alice, "trade-desk", "add The talks in Geneva"))
	a.WaitFor("the form", func() bool { _, open := s.View(alice.ID); return open })
	heard(t, s.Submit(alice, map[string]string{"title": "The talks in Geneva", "when": "2099-03-04", "kind": "talks"}))
	a.WaitFor("the event", func() bool { return strings.Contains(a.Feed(), "The talks in Geneva") })
	if ready := a.Get("/readyz").Body; !strings.Contains(ready, "slack answers") || !strings.Contains(ready, "connected since") || !strings.Contains(ready, "last heard") {
		t.Errorf("%s", ready)
	}
}

func TestAnswer_DeadAppTokenKeepsNoAlertBack(t *testing.T) {
	t.Parallel()
	s := Slack(t)
	s.Refuse(slacktest.AppToken, "invalid_auth")
	a := Start(t, files(Settings(t, s), visit("2099-02-03")), listening)
	a.WaitFor("the refusal", func() bool { return strings.Contains(a.Get("/readyz").Body, "invalid_auth") })
	a.Write("events/a.yaml", visit("2099-02-05"))
	a.WaitFor("the message", func() bool { return len(changes(s)) == 1 })
	a.WaitFor("the card", func() bool { return len(s.Messages("trade-desk")) > 0 })
	if ready := a.Get("/readyz"); ready.Status != 200 || strings.Contains(string(s.Messages("trade-desk")[0].Blocks), `"actions"`) {
		t.Errorf("readiness %d, blocks %s", ready.Status, s.Messages("trade-desk")[0].Blocks)
	}
	s.Refuse(slacktest.AppToken, "")
	if err := a.Reload(); err != nil {
		t.Fatal(err)
	}
	a.WaitFor("the socket", func() bool { return s.Sockets() == 1 })
}
