package attachetest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"attache/internal/notice"
	"attache/internal/slack/slacktest"
	"attache/internal/store"
)

// states returns how many notices of changes are in each state. The attache must not run.
func states(a *Attache) map[notice.State]int {
	a.t.Helper()
	n := make(map[notice.State]int)
	a.Store(func(db *store.DB) {
		err := db.View(func(tx *store.Tx) error {
			return tx.Items(func(it notice.Item) error {
				if it.Notice.Kind == notice.Changed {
					n[it.State]++
				}
				return nil
			})
		})
		if err != nil {
			a.t.Error(err)
		}
	})
	return n
}

func TestSlackDown_AtTheStart(t *testing.T) {
	t.Parallel()
	s := Slack(t)
	settings := Settings(t, s)
	s.Unplug()
	a := Start(t, files(settings, visit("2099-02-03")))
	if got := a.Get("/feeds/all.ics").Status; got != 200 {
		t.Errorf("without Slack the feed answers %d", got)
	}
	a.Write("events/a.yaml", visit("2099-02-05"))
	a.WaitFor("an attempt", func() bool { return strings.Contains(a.Log(), "not sent") })
	s.Plug()
	a.WaitFor("the message", func() bool { return len(changes(s)) == 1 })
	a.Stop()
	if got := states(a); len(s.Messages("trade-desk")) != 1 || got[notice.Sent] != 1 || len(got) != 1 {
		t.Errorf("%d messages, notices %v", len(s.Messages("trade-desk")), got)
	}
}

func TestStop_SlackHangsWithTheMessage(t *testing.T) {
	t.Parallel()
	for name, hang := range map[string]slacktest.Fault{
		"stored":     slacktest.Hang(time.Minute),
		"not stored": slacktest.Hang(time.Minute).Unstored(),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := Slack(t)
			s.FailNext("chat.postMessage", hang)
			a := Start(t, files(Settings(t, s), visit("2099-02-03")))
			a.Write("events/a.yaml", visit("2099-02-05"))
			a.WaitFor("the post", func() bool { return len(s.Calls("chat.postMessage")) == 1 })
			a.Stop() // which fails the test where it can't end the call
			if got := states(a); got[notice.Unknown] != 1 || len(got) != 1 {
				t.Errorf("after the stop the notices are %v", got)
			}
			if err := a.Run(); err != nil {
				t.Fatal(err)
			}
			a.WaitFor("the message to be known", func() bool { return a.Health().InDoubt == 0 && len(changes(s)) == 1 })
			a.Restart()
			a.Stop()
			if got := states(a); len(changes(s)) != 1 || got[notice.Sent] != 1 || len(got) != 1 {
				t.Errorf("%d messages, notices %v", len(changes(s)), got)
			}
		})
	}
}

func TestEdit_MadeWhileStoppedIsToldOnce(t *testing.T) {
	t.Parallel()
	s := Slack(t)
	a := Start(t, files(Settings(t, s), visit("2099-02-03")))
	a.Stop()
	a.Write("events/a.yaml", visit("2099-02-05"))
	for range 3 {
		if err := a.Run(); err != nil {
			t.Fatal(err)
		}
		a.WaitFor("the message", func() bool { return len(changes(s)) == 1 })
		a.Stop()
	}
	if got := states(a); len(s.Messages("trade-desk")) != 1 || got[notice.Sent] != 1 || len(got) != 1 {
		t.Errorf("%d messages, notices %v", len(s.Messages("trade-desk")), got)
	}
}

func TestStop_BeforeAnEditHasSettled(t *testing.T) {
	t.Parallel()
	s := Slack(t)
	a := Start(t, files(strings.Replace(Settings(t, s), "settle: 0s", "settle: 6s", 1), visit("2099-02-03")))
	a.Write("events/a.yaml", visit("2099-02-04"))
	a.WaitFor("the edit", func() bool { return starts(a, "20990204") })
	a.Restart()
	a.Write("events/a.yaml", visit("2099-02-05"))
	a.WaitFor("the message", func() bool { return len(changes(s)) > 0 })
	a.Stop()
	if got := changes(s)[0].Shown(); len(changes(s)) != 1 || !strings.Contains(got, "3 Feb 2099") || !strings.Contains(got, "5 Feb 2099") {
		t.Errorf("%d messages, the first one:\n%s", len(changes(s)), got)
	}
}

func TestRestart_RepeatsNoMessage(t *testing.T) {
	t.Parallel()
	s := Slack(t)
	a := Start(t, files(Settings(t, s), visit("2099-02-03")))
	a.Write("events/a.yaml", visit("2099-02-05"))
	a.WaitFor("the message", func() bool { return len(changes(s)) == 1 })
	for range 3 {
		a.Restart()
		if err := a.Reload(); err != nil {
			t.Fatal(err)
		}
	}
	a.Write("events/a.yaml", visit("2099-02-07"))
	a.WaitFor("the next message", func() bool { return len(changes(s)) == 2 })
	if n := len(s.Messages("trade-desk")); n != 2 {
		t.Errorf("%d messages", n)
	}
}

func TestRoutes_AddedTellsNothingOld(t *testing.T) {
	t.Parallel()
	s := Slack(t)
	s.SetChannel(slacktest.Channel{ID: "C0ALL", Name: "all", Member: true})
	settings := Settings(t, s)
	a := Start(t, files(settings, visit("2099-02-03")))
	a.Write("events/a.yaml", visit("2099-02-05"))
	a.WaitFor("the message", func() bool { return len(changes(s)) == 1 })
	a.Write("attache.yaml", settings+"routes: [{to: \"#trade-desk\"}, {to: \"#all\"}]\n")
	if err := a.Reload(); err != nil {
		t.Fatal(err)
	}
	a.Write("events/a.yaml", visit("2099-02-07"))
	a.WaitFor("the next message in both", func() bool { return len(changes(s)) == 2 && len(s.Messages("all")) > 0 })
	if got := s.Messages("all"); len(got) != 1 || !strings.Contains(got[0].Shown(), "7 Feb 2099") {
		t.Errorf("%d messages in the new channel: %s", len(got), got[0].Shown())
	}
}

func TestSlackRefuses_SentOncePutRight(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		wrong, right func(*testing.T, *slacktest.Server, string)
		said         string
	}{
		"the app is not in the channel": {
			wrong: func(_ *testing.T, s *slacktest.Server, _ string) {
				s.SetChannel(slacktest.Channel{ID: "C0TRADE", Name: "trade-desk"})
			},
			right: func(_ *testing.T, s *slacktest.Server, _ string) {
				s.SetChannel(slacktest.Channel{ID: "C0TRADE", Name: "trade-desk", Member: true})
			},
			said: "not_in_channel",
		},
		"the token is another one": {
			wrong: func(t *testing.T, _ *slacktest.Server, token string) { write(t, token, "xoxb-0-0-other") },
			right: func(t *testing.T, _ *slacktest.Server, token string) { write(t, token, slacktest.Token) },
			said:  "invalid_auth",
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := Slack(t)
			token := filepath.Join(t.TempDir(), "token")
			write(t, token, slacktest.Token)
			c.wrong(t, s, token)
			a := Start(t, files(Settings(t, nil, "slack: {token_file: "+token+", api_url: \""+s.URL()+"\", channel: \"#trade-desk\"}"), visit("2099-02-03")))
			a.Write("events/a.yaml", visit("2099-02-05"))
			a.WaitFor("the refusal", func() bool {
				return strings.Contains(a.Log(), "notice not sent yet") && strings.Contains(a.Log(), c.said)
			})
			c.right(t, s, token)
			if err := a.Reload(); err != nil {
				t.Fatal(err)
			}
			a.WaitFor("the message", func() bool { return len(changes(s)) == 1 })
			a.WaitFor("health to be well", func() bool { return a.Health().Ready })
			a.Stop()
			if got := states(a); len(s.Messages("trade-desk")) != 1 || got[notice.Sent] != 1 || len(got) != 1 {
				t.Errorf("%d messages, notices %v", len(s.Messages("trade-desk")), got)
			}
			if strings.Contains(a.Log(), "xoxb") {
				t.Error("the log holds a token")
			}
		})
	}
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestEdit_ToAndFroIsToldEachTime(t *testing.T) {
	t.Parallel()
	s := Slack(t)
	a := Start(t, files(Settings(t, s), visit("2099-02-03")))
	for i, day := range []string{"2099-02-05", "2099-02-03", "2099-02-05"} {
		a.Write("events/a.yaml", visit(day))
		if err := a.Reload(); err != nil {
			t.Fatal(err)
		}
		a.WaitFor("the message", func() bool { return len(changes(s)) == i+1 })
	}
	if n := len(s.Messages("trade-desk")); n != 3 {
		t.Errorf("%d messages", n)
	}
}
