package attachetest

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"attache/internal/doctor"
	"attache/internal/slack/slacktest"
	"attache/internal/store"
)

// examined returns what a doctor says of a, one line each.
func examined(a *Attache) string {
	var b strings.Builder
	for _, d := range doctor.Examine(context.Background(), doctor.Installation{
		ConfigPath: filepath.Join(a.folder, "attache.yaml"), Data: a.data, Env: a.env, Now: time.Now, AskSlack: true,
	}) {
		b.WriteString(string(d.State) + " " + d.Check + ": " + d.Words + " → " + d.Advice + "\n")
	}
	return b.String()
}

func TestDoctor_Slack(t *testing.T) {
	t.Parallel()
	s := Slack(t)
	a := Start(t, files(Settings(t, s), visit("2099-02-03")))
	if got := examined(a); strings.Contains(got, "problem ") || !strings.Contains(got, "ok slack token: is there") || !strings.Contains(got, "channel #trade-desk (C0TRADE) can be read") {
		t.Errorf("all is well, and it says\n%s", got)
	}
	s.SetChannel(slacktest.Channel{ID: "C0TRADE", Name: "trade-desk"}) // the app is no member any more
	got := examined(a)
	if !strings.Contains(got, "problem slack: channel #trade-desk") || !strings.Contains(got, "invite the bot") || strings.Contains(got, slacktest.Token) {
		t.Errorf("of a channel without the app it says\n%s", got)
	}
	if !strings.Contains(got, "ok slack: signed in") {
		t.Errorf("of the token, which is well, it says\n%s", got)
	}
	for channel, want := range map[string]string{
		"#not-there": "problem slack: channel #not-there: unreadable: there is no channel #not-there that attache can see",
		"C0NOTTHERE": "problem slack: channel C0NOTTHERE: unreadable: conversations.history: channel_not_found",
	} {
		a.Write("attache.yaml", strings.ReplaceAll(Settings(t, s), "#trade-desk", channel))
		if got := examined(a); !strings.Contains(got, want) {
			t.Errorf("of a channel that is not there it says\n%s", got)
		}
	}
	s.Fail(func(c slacktest.Call) (f slacktest.Fault) {
		if c.Method == "conversations.history" { // the daemon asks, too
			f.Answer = slacktest.Error("missing_scope")
		}
		return f
	})
	s.SetChannel(slacktest.Channel{ID: "C0TRADE", Name: "trade-desk", Member: true})
	a.Write("attache.yaml", strings.ReplaceAll(Settings(t, s), "#trade-desk", "C0TRADE"))
	if got := examined(a); !strings.Contains(got, "warning slack: channel C0TRADE") || strings.Contains(got, "problem slack") {
		t.Errorf("of a channel that can't be read it says\n%s", got)
	}
}

func TestDoctor_DamageAndClock(t *testing.T) {
	t.Parallel()
	a := Start(t, files(Settings(t, nil), visit("2099-02-03")), At(time.Now().Add(48*time.Hour)))
	a.Stop()
	if got := examined(a); !strings.Contains(got, "problem clock: an edit was recorded at") {
		t.Errorf("the database is from the day after tomorrow, and it says\n%s", got)
	}
	path := store.Path(a.data)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, 5000); err != nil {
		t.Fatal(err)
	}
	if got := examined(a); !strings.Contains(got, "problem database: ") || !strings.Contains(got, "attache restore FILE") {
		t.Errorf("the database is cut off, and it says\n%s", got)
	}
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestDoctor_WhoListensInSlack(t *testing.T) {
	t.Parallel()
	s := Slack(t)
	all := []string{"chat:write", "channels:history", "channels:read", "commands"}
	s.Install(slacktest.App{Token: slacktest.Token, Scopes: all})
	a := Start(t, files(Settings(t, s), visit("2099-02-03")))
	if got := examined(a); !strings.Contains(got, "warning slack answers: the app offers /attache, buttons and a Home tab, and nobody listens") {
		t.Errorf("without an app token it says\n%s", got)
	}
	listening(a)
	if got := examined(a); !strings.Contains(got, "ok slack answers: the app token opens a socket") || strings.Contains(got, "warning slack answers") {
		t.Errorf("with one it says\n%s", got)
	}
	s.Refuse(slacktest.AppToken, "token_revoked")
	if got := examined(a); !strings.Contains(got, "warning slack answers: credential: apps.connections.open: token_revoked") || strings.Contains(got, slacktest.AppToken) {
		t.Errorf("with a dead one it says\n%s", got)
	}
	a.Write("attache.yaml", strings.Replace(Settings(t, s), "  channel:", "  answer: {who: listed, usergroups: [S0DESK]}\n  channel:", 1))
	if got := examined(a); !strings.Contains(got, "who is in the group S0DESK of slack.answer is not known") || !strings.Contains(got, "usergroups:read") {
		t.Errorf("of a group it says\n%s", got)
	}
}
