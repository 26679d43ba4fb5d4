package attachetest

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"attache/internal/control"
	"attache/internal/store"
)

// TestLost_Database has the database of a running attache removed or replaced, in a folder
// that stays or goes too.
func TestLost_Database(t *testing.T) {
	t.Parallel()
	for name, lose := range map[string]func(data string) error{
		"removed": func(data string) error { return os.Remove(store.Path(data)) },
		"removed with marks": func(data string) error {
			return errors.Join(os.Remove(store.Path(data)), os.Remove(store.Path(data)+".id"))
		},
		"folder removed": os.RemoveAll,
		"folder moved":   func(data string) error { return os.Rename(data, data+".old") },
		"another in its place": func(data string) error {
			path := store.Path(data)
			b, err := os.ReadFile(path)
			return errors.Join(err, os.WriteFile(path+".other", b, 0o600), os.Rename(path+".other", path))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := Start(t, files(Settings(t, nil), meetings(1, 1, time.Now().Add(-time.Hour), 0)))
			a.WaitFor("the first notice", func() bool { return strings.Contains(a.Screen(), "Meeting number 0") })
			settled(a)
			told := a.Screen()
			if err := lose(a.data); err != nil {
				t.Fatal(err)
			}
			a.WaitSoon("the log to say so", func() bool { return strings.Contains(a.Log(), "the database is gone") })
			a.Write("events/a.yaml", meetings(2, 1, time.Now().Add(-time.Minute), 0))
			a.WaitFor("the verdict", func() bool { return strings.Contains(a.Log(), "last good state stays") })
			const advice = "run attache backup FILE now"
			if ready := a.Get("/readyz"); ready.Status != 503 || !strings.Contains(ready.Body, advice) || !strings.Contains(a.Get("/status").Body, advice) {
				t.Errorf("%d %s", ready.Status, ready.Body)
			}
			a.WaitSoon("commands to be answered", func() bool { _, err := os.Stat(control.Path(a.data)); return err == nil })
			if a.Get("/feeds/all.ics").Status != 200 || a.Health().Ready {
				t.Error("the feeds are gone too, or all is well")
			}
			backup := a.backup()
			a.Stop()
			if got := a.Screen(); got != told {
				t.Errorf("this was told and is recorded nowhere:\n%s", strings.TrimPrefix(got, told))
			}
			a.nextStart(backup)
		})
	}
}

// nextStart has the next start refused, whatever lies there, until the backup is restored.
func (a *Attache) nextStart(backup string) {
	a.t.Helper()
	if err := os.Remove(store.Path(a.data)); err != nil && !errors.Is(err, os.ErrNotExist) {
		a.t.Fatal(err)
	}
	if err := a.Run(); !errors.Is(err, store.ErrGone) {
		a.t.Fatalf("the next start: %v", err)
	}
	a.restore(backup)
	if err := a.Run(); err != nil {
		a.t.Fatal(err)
	}
}

func TestLost_ComesBack(t *testing.T) {
	t.Parallel()
	a := Start(t, files(Settings(t, nil), visit("2099-02-03")))
	aside := filepath.Join(a.data, "aside")
	if err := os.Rename(store.Path(a.data), aside); err != nil {
		t.Fatal(err)
	}
	a.WaitSoon("readyz and the log to say so", func() bool { return a.Get("/readyz").Status == 503 && strings.Contains(a.Log(), "is gone") })
	if err := os.Rename(aside, store.Path(a.data)); err != nil {
		t.Fatal(err)
	}
	a.WaitSoon("it to go on", func() bool { return a.Get("/readyz").Status == 200 && strings.Contains(a.Log(), "in its place again") })
	if err := a.Reload(); err != nil {
		t.Error(err)
	}
}
