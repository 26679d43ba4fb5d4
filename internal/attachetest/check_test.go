package attachetest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"attache/internal/slack/slacktest"
)

func TestSlackCheck_InTheLogBeforeTheFirstAlert(t *testing.T) {
	t.Parallel()
	s := Slack(t)
	s.Install(slacktest.App{Token: slacktest.Token, Scopes: []string{"chat:write"}})
	a := Start(t, files(Settings(t, s), filing(time.Now().Add(time.Hour), "")))
	a.WaitFor("the alert", func() bool { return strings.Contains(a.Log(), "notice sent") })
	report, sent := strings.Index(a.Log(), "the token lacks channels:history"), strings.Index(a.Log(), "notice sent")
	if report < 0 || report > sent {
		t.Errorf("the report stands at %d, the alert at %d", report, sent)
	}
	if body := a.Get("/readyz").Body; !strings.Contains(body, "channels:history") {
		t.Errorf("/readyz answers %s", body)
	}
}

func TestSlackCheck_NoAnswerKeepsNoAlertForLong(t *testing.T) {
	t.Parallel()
	s := Slack(t)
	s.FailNext("auth.test", slacktest.Hang(time.Minute).Unstored())
	Start(t, files(Settings(t, s), filing(time.Now().Add(time.Hour), ""))).WaitFor("the alert", func() bool { return len(s.Messages("trade-desk")) == 1 })
}

func TestReadiness_FollowsSlackAtOnce(t *testing.T) {
	t.Parallel()
	s := Slack(t)
	a := Start(t, files(Settings(t, s), visit("2099-02-03")))
	a.WaitFor("readiness", func() bool { return a.Get("/readyz").Status == 200 })
	s.Refuse(slacktest.Token, "token_revoked")
	a.Write("events/a.yaml", visit("2099-02-05"))
	a.WaitFor("the refusal", func() bool { return a.Get("/readyz").Status == 503 })
	s.Refuse(slacktest.Token, "")
	a.WaitFor("readiness", func() bool { return a.Get("/readyz").Status == 200 })
	a.WaitFor("the message", func() bool { return len(s.Messages("trade-desk")) == 1 })
}

func TestReload_GoodTokenSendsWhatWasHeld(t *testing.T) {
	t.Parallel()
	s := Slack(t)
	settings := Settings(t, s)
	a := Start(t, files(settings, visit("2099-02-03")))
	s.Refuse(slacktest.Token, "token_revoked")
	a.Write("events/a.yaml", visit("2099-02-05"))
	a.WaitFor("the refusal", func() bool { return a.Get("/readyz").Status == 503 })
	s.Install(slacktest.App{Token: "xoxb-another-one", BotID: "B0OTHER", UserID: "U0OTHER"})
	token := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(token, []byte("xoxb-another-one"), 0o600); err != nil {
		t.Fatal(err)
	}
	old := settings[strings.Index(settings, "token_file: "):]
	a.Write("attache.yaml", strings.Replace(settings, old[:strings.Index(old, "\n")], "token_file: "+token, 1))
	a.WaitFor("the message", func() bool { return len(s.Messages("trade-desk")) == 1 })
	a.WaitFor("readiness", func() bool { return a.Get("/readyz").Status == 200 })
}

func TestReadiness_ParkedChannelIsNamed(t *testing.T) {
	t.Parallel()
	s := Slack(t)
	a := Start(t, files(Settings(t, s), visit("2099-02-03")))
	s.SetChannel(slacktest.Channel{ID: "C0TRADE", Name: "trade-desk", Member: true, Archived: true})
	a.Write("events/a.yaml", visit("2099-02-05"))
	a.WaitFor("the parking", func() bool {
		return strings.Contains(a.Get("/readyz").Body, "#trade-desk is blocked (channel: chat.postMessage: is_archived)")
	})
	if got := a.Get("/readyz").Status; got != 200 {
		t.Errorf("it answers %d", got)
	}
}
