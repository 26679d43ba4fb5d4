package doctor_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // for machines without a zone database

	"attache/internal/doctor"
	"attache/internal/event"
	"attache/internal/slack/slacktest"
	"attache/internal/store"
)

var now = time.Date(2026, 2, 16, 9, 0, 0, 0, time.UTC)

// patient is an installation in a folder of the test.
type patient struct {
	t      *testing.T
	folder string
	in     doctor.Installation
}

func (p *patient) path(name string) string { return filepath.Join(p.folder, name) }

func (p *patient) write(name, content string, mode os.FileMode) {
	p.t.Helper()
	if err := os.MkdirAll(filepath.Dir(p.path(name)), 0o700); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(p.path(name), []byte(content), mode); err != nil {
		p.t.Fatal(err)
	}
	if err := os.Chmod(p.path(name), mode); err != nil { // whatever the umask is
		p.t.Fatal(err)
	}
}

// database makes a database that belongs to the configuration at owner, and leaves it open
// until the test ends where open is set.
func (p *patient) database(owner string, open bool, do func(*store.Tx) error) {
	p.t.Helper()
	db, err := store.Open(store.Path(p.path("data")), store.Options{})
	if err != nil {
		p.t.Fatal(err)
	}
	o, err := store.OwnerOf(owner)
	if err == nil {
		err = db.Take(o)
	}
	if err == nil && do != nil {
		err = db.Update(do)
	}
	if err != nil {
		p.t.Fatal(err)
	}
	if open {
		p.t.Cleanup(func() { db.Close() })
	} else if err := db.Close(); err != nil {
		p.t.Fatal(err)
	}
}

// revised records an event at some instant.
func revised(at time.Time) func(*store.Tx) error {
	return func(tx *store.Tx) error {
		return tx.PutRevision(event.Revision{Event: event.Event{ID: "talks", Title: "Talks", Zone: "UTC"}, Number: 1, At: at})
	}
}

const events = "events: [{id: talks, title: Talks, when: 2026-03-02}]\n"

// examined returns what is found, one line each: state check: words → advice.
func (p *patient) examined() string {
	var lines []string
	for _, f := range doctor.Examine(context.Background(), p.in) {
		line := fmt.Sprintf("%s %s: %s", f.State, f.Check, f.Words)
		if f.Advice != "" {
			line += " → " + f.Advice
		}
		lines = append(lines, strings.ReplaceAll(line, p.folder, "DIR"))
	}
	return strings.Join(lines, "\n") + "\n"
}

func TestExamine(t *testing.T) {
	for name, c := range map[string]struct {
		make func(*patient)
		want []string // lines begin with one of these
		no   []string // is nowhere
	}{
		"before the first start": {
			nil,
			[]string{
				"ok configuration: DIR/attache.yaml, 1 file beside it, 1 event", "ok tzdata: ", "ok data: DIR/data will be made at the first start",
				"warning daemon: none runs on DIR/data → start it", "ok slack token: none",
			},
			[]string{"problem ", "database"},
		},
		"a clock that can't be right": {
			func(p *patient) { p.in.Now = func() time.Time { return time.Unix(0, 0).UTC() } },
			[]string{"problem clock: it shows 1970-01-01T00:00:00Z → set the clock"}, nil,
		},
		"a file that is wrong": {
			func(p *patient) { p.write("events/a.yaml", "events: [{id: talks, titel: Talks}]", 0o600) },
			[]string{"problem configuration: DIR/events/a.yaml:1:", "warning daemon: "}, []string{"ok slack token", "ok configuration"},
		},
		"a file that is a secret": {
			func(p *patient) { p.write("events/a.yaml", "xoxb-1234-abcdefghijkl", 0o600) },
			[]string{"problem configuration: DIR/events/a.yaml:1:1: "}, []string{"xoxb"},
		},
		"nowhere to keep the database": {
			func(p *patient) { p.write("attache.yaml", "timezone: UTC\n", 0o600) },
			[]string{"problem data: no folder for the database"}, []string{"daemon"},
		},
		"what everybody can read": {
			func(p *patient) {
				p.write("attache.yaml", "data: data\nlisten: 0.0.0.0:8080\n", 0o600)
			},
			[]string{"ok access: everybody who can reach 0.0.0.0:8080 can read everything, which is 1 event: attache help access says how to narrow that"}, nil,
		},
		"an issuer that is away": {
			func(p *patient) {
				p.write("attache.yaml", "data: data\naccess: {oidc: {issuer: 'http://127.0.0.1:1/dex', client_id: attache}}\n", 0o600)
			},
			[]string{"problem sign-in: nobody can sign in: the issuer http://127.0.0.1:1/dex: "}, []string{"ok sign-in"},
		},
		"a sound database": {
			func(p *patient) { p.database(p.in.ConfigPath, false, revised(now)) },
			[]string{"ok database: every page, record and index of DIR/data/attache.db is sound"}, []string{"problem "},
		},
		"a database that others can read": {
			func(p *patient) {
				p.database(p.in.ConfigPath, false, nil)
				p.chmod("data", 0o755)
				p.chmod("data/attache.db", 0o644)
			},
			[]string{"warning data: others can read DIR/data/attache.db → chmod 600 DIR/data/attache.db"}, nil,
		},
		"a damaged database": {
			func(p *patient) { p.write("data/attache.db", "no database at all", 0o600) },
			[]string{"problem database: DIR/data/attache.db is damaged: ", "ok slack token: none"}, []string{"ok database"},
		},
		"a database in use": {
			func(p *patient) { p.database(p.in.ConfigPath, true, nil) },
			[]string{"problem database: an attache has it open and does not answer → look whether it hangs"}, nil,
		},
		"a database of another configuration": {
			func(p *patient) { p.database(p.path("other.yaml"), false, nil) },
			[]string{"problem database: it was made for DIR/other.yaml, not for DIR/attache.yaml → name that one with --config"}, nil,
		},
		"another one, in a folder that was named": {
			func(p *patient) {
				p.database(p.path("other.yaml"), false, nil)
				p.in.Data = p.path("data")
			},
			[]string{"warning database: it was made for DIR/other.yaml"}, []string{"problem "},
		},
		"an edit that is still to come": {
			func(p *patient) { p.database(p.in.ConfigPath, false, revised(now.AddDate(0, 0, 1))) },
			[]string{"problem clock: an edit was recorded at 2026-02-17T09:00:00Z, which is still to come"}, nil,
		},
		"a token that is not there": {
			func(p *patient) { p.settings("slack: {token_file: token}\n") },
			[]string{"problem slack token: DIR/attache.yaml:3:21: slack.token_file: "}, []string{"ok slack token"},
		},
		"a token that everybody can read": {
			func(p *patient) {
				p.settings("slack: {token_file: token}\n")
				p.write("token", "xoxb-1234-abcdefghijkl", 0o644)
			},
			[]string{"warning slack token: DIR/token: everybody on this machine can read", "ok slack token: is there"}, []string{"xoxb"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPatient(t)
			if c.make != nil {
				c.make(p)
			}
			p.expect(c.want, c.no)
		})
	}
}

func newPatient(t *testing.T) *patient {
	p := &patient{t: t, folder: t.TempDir()}
	p.settings("")
	p.write("events/a.yaml", events, 0o600)
	p.in = doctor.Installation{ConfigPath: p.path("attache.yaml"), Env: func(string) string { return "" }, Now: func() time.Time { return now }}
	return p
}

// settings writes attache.yaml.
func (p *patient) settings(more string) {
	p.write("attache.yaml", "timezone: UTC\ndata: "+p.path("data")+"\n"+more, 0o600)
}

func (p *patient) chmod(name string, mode os.FileMode) {
	if err := os.Chmod(p.path(name), mode); err != nil {
		p.t.Fatal(err)
	}
}

// expect says which lines are not found, and what is and is not to be.
func (p *patient) expect(want, no []string) {
	p.t.Helper()
	got := p.examined()
	for _, w := range want {
		if !strings.Contains("\n"+got, "\n"+w) {
			p.t.Errorf("it lacks %q", w)
		}
	}
	for _, w := range no {
		if strings.Contains(got, w) {
			p.t.Errorf("it has %q", w)
		}
	}
	if p.t.Failed() {
		p.t.Logf("it says\n%s", got)
	}
}

func TestExamine_AsksSlackOnlyIfToldTo(t *testing.T) {
	s := slacktest.Start()
	t.Cleanup(s.Close)
	p := newPatient(t)
	p.settings("slack: {token_file: token, api_url: \"" + s.URL() + "\"}\nroutes: [{to: general}, {to: C0MISSING}]\n")
	p.write("token", slacktest.Token, 0o600)
	p.expect([]string{"ok slack token: is there"}, []string{" slack: "})
	if n := len(s.Calls()); n != 0 {
		t.Fatalf("Slack was called %d times", n)
	}
	p.in.AskSlack = true
	p.expect([]string{"problem slack: "}, []string{slacktest.Token})
	if len(s.Calls("auth.test")) != 1 || len(s.Calls("chat.postMessage")) != 0 {
		t.Errorf("Slack was called %d times, and %d of them posted", len(s.Calls()), len(s.Calls("chat.postMessage")))
	}
}
