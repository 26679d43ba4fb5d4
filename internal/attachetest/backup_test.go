package attachetest

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"attache/internal/offline"
	"attache/internal/store"
)

// backup takes a copy of the database of a, which may run.
func (a *Attache) backup() string {
	a.t.Helper()
	path, err := offline.Backup(context.Background(), a.data, filepath.Join(a.t.TempDir(), "backup.db"), 0, time.Now())
	if err != nil {
		a.t.Fatal(err)
	}
	return path
}

// restore puts a backup in the place of the database, while a does not run.
func (a *Attache) restore(backup string) store.Restored {
	a.t.Helper()
	r, err := offline.Restore(a.data, backup, time.Now)
	if err != nil {
		a.t.Fatal(err)
	}
	return r
}

// settled waits until nothing more is on its way.
func settled(a *Attache) {
	a.WaitFor("everything to be sent", func() bool {
		h := a.Health()
		return h.InDoubt == 0 && !a.due()
	})
}

// due reports whether something is to be sent within the minute.
func (a *Attache) due() bool {
	at, ok, err := a.d.NextDue()
	return err == nil && ok && time.Until(at) < time.Minute
}

func TestBackup_OfARunningDaemonGivesTheSameFeeds(t *testing.T) {
	t.Parallel()
	a := Start(t, files(Settings(t, nil), visit("2099-02-03")))
	stop := make(chan struct{})
	var editor sync.WaitGroup
	editor.Go(func() {
		days := []string{"2099-02-04", "2099-02-05"}
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
				a.Write("events/a.yaml", visit(days[i%2]))
				_ = a.Reload() // the last one is what counts
			}
		}
	})
	for range 3 {
		if err := store.Prove(a.backup(), ""); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	editor.Wait()
	settled(a)
	before, backup := a.Get("/feeds/all.ics"), a.backup()
	a.Stop()
	if r := a.restore(backup); r.Doubted {
		t.Errorf("%+v", r)
	}
	shown := a.Screen()
	if err := a.Run(); err != nil {
		t.Fatal(err)
	}
	after := a.Get("/feeds/all.ics")
	if before.Body != after.Body || before.Header.Get("Etag") != after.Header.Get("Etag") {
		t.Error("the restored database gives another feed")
	}
	settled(a)
	if a.Screen() != shown {
		t.Errorf("it is told again:\n%s", strings.TrimPrefix(a.Screen(), shown))
	}
}

func TestBackup_NothingSentSinceIsSentAgain(t *testing.T) {
	t.Parallel()
	for name, lose := range map[string]func(path string) error{
		"the database that goes can be read": func(string) error { return nil },
		"it is gone":                         os.Remove,
		"it is damaged":                      func(path string) error { return os.Truncate(path, 5000) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := Slack(t)
			soon := meetings(2, 2, time.Now().Add(2*time.Second), 0)
			a := Start(t, files(Settings(t, s), soon))
			backup := a.backup()
			all := func() bool {
				n := 0
				for _, m := range s.Messages("trade-desk") {
					n += strings.Count(m.Shown(), "Meeting number")
				}
				return n >= 2
			}
			a.WaitFor("the reminders", all)
			settled(a)
			a.Stop()
			sent := len(s.Messages("trade-desk"))
			if err := lose(store.Path(a.data)); err != nil {
				t.Fatal(err)
			}
			r := a.restore(backup)
			if r.Doubted == strings.Contains(name, "can be read") {
				t.Errorf("%+v", r)
			}
			if err := a.Run(); err != nil {
				t.Fatal(err)
			}
			settled(a)
			if n := len(s.Messages("trade-desk")); n != sent {
				t.Errorf("%d messages, and %d before:\n%s", n, sent, a.Log())
			}
		})
	}
}

func TestBackup_NoEditToldSinceIsToldAgain(t *testing.T) {
	t.Parallel()
	a := Start(t, files(Settings(t, nil), visit("2099-02-03")))
	backup := a.backup()
	for _, day := range []string{"2099-02-04", "2099-02-05"} {
		a.Write("events/a.yaml", visit(day))
		a.WaitFor("the edit", func() bool { return starts(a, strings.ReplaceAll(day, "-", "")) })
	}
	a.WaitFor("the messages", func() bool { return strings.Count(a.Screen(), "→") == 2 })
	settled(a)
	a.Stop()
	a.restore(backup)
	a.Write("events/b.yaml", "events: [{id: second, title: A second one, kind: visit, when: 2099-03-03}]\n")
	if err := a.Run(); err != nil {
		t.Fatal(err)
	}
	if !starts(a, "20990205") {
		t.Errorf("it is not what the file says:\n%s", a.Feed())
	}
	a.Write("events/a.yaml", visit("2099-02-06"))
	a.WaitFor("the message of the next edit", func() bool { return strings.Contains(a.Screen(), "6 Feb 2099") })
	settled(a)
	if n := strings.Count(a.Screen(), "→"); n != 3 {
		t.Errorf("%d messages tell of a new date:\n%s", n, a.Screen())
	}
}

// TestBackup_AnotherMachineGoesOn loses a machine with its database. Another one has the same
// files, and a copy that is a few minutes older.
func TestBackup_AnotherMachineGoesOn(t *testing.T) {
	t.Parallel()
	s := Slack(t)
	told := func() int { return len(s.Calls("chat.postMessage")) }
	first := Start(t, files(Settings(t, s), visit("2099-02-03")))
	backup := first.backup()
	first.Write("events/a.yaml", visit("2099-02-05"))
	first.WaitFor("the move", func() bool { return len(changes(s)) == 1 })
	settled(first)
	first.Stop()
	if err := os.RemoveAll(first.data); err != nil {
		t.Fatal(err)
	}
	before := told()

	second := New(t, files(Settings(t, s), visit("2099-02-05")))
	if err := os.MkdirAll(second.data, 0o700); err != nil {
		t.Fatal(err)
	}
	if r := second.restore(backup); !r.Doubted || r.Aside != "" {
		t.Errorf("%+v", r)
	}
	if err := second.Run(); err != nil {
		t.Fatal(err)
	}
	settled(second)
	if !starts(second, "20990205") {
		t.Errorf("it is not what the files say:\n%s", second.Feed())
	}
	if n := told(); n != before {
		t.Errorf("%d messages, and %d before:\n%s", n, before, second.Log())
	}
	second.Write("events/a.yaml", visit("2099-02-06"))
	second.WaitFor("the next move", func() bool { return told() > before })
	settled(second)
	if n := told(); n != before+1 {
		t.Errorf("the next move is told in %d messages", n-before)
	}
}
