package attachetest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"attache/internal/config"
	"attache/internal/event"
	"attache/internal/store"
)

func TestFiles_PipeAmongThem(t *testing.T) {
	t.Parallel()
	a := New(t, files(Settings(t, nil), visit("2099-02-03")))
	pipe := func(name string) {
		t.Helper()
		if err := syscall.Mkfifo(filepath.Join(a.folder, "events", name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	pipe("not-named-by-a-pattern.yml")
	if err := a.Run(); err != nil {
		t.Fatal(err)
	}
	pipe("named.yaml")
	a.WaitFor("the verdict", func() bool { return strings.Contains(a.Log(), "named.yaml: the file cannot be read: it is not a file") })
	a.Remove("events/named.yaml")
	a.Write("events/a.yaml", visit("2099-02-05"))
	a.WaitFor("the new date", func() bool { return starts(a, "20990205") })
}

func TestFiles_OfAnyName(t *testing.T) {
	t.Parallel()
	a := New(t, map[string]string{"attache.yaml": Settings(t, nil, "events: [dates/visit.conf]"), "dates/visit.conf": visit("2099-02-03")})
	if err := a.Run(); err != nil {
		t.Fatal(err)
	}
	a.Write("dates/visit.conf", visit("2099-02-05"))
	a.WaitFor("the new date", func() bool { return starts(a, "20990205") })
}

func TestFiles_FolderIsNeverQuiet(t *testing.T) {
	t.Parallel()
	a := Start(t, files(Settings(t, nil), visit("2099-02-03")))
	ctx, cancel := context.WithCancel(t.Context())
	var noise sync.WaitGroup
	noise.Go(func() {
		for ; ctx.Err() == nil; time.Sleep(20 * time.Millisecond) {
			if err := os.WriteFile(filepath.Join(a.folder, "events", "other.log"), []byte("a line\n"), 0o600); err != nil {
				t.Error(err)
				return
			}
		}
	})
	defer noise.Wait()
	defer cancel()
	a.Write("events/a.yaml", visit("2099-02-05"))
	a.WaitFor("the new date", func() bool { return starts(a, "20990205") })
}

func TestFiles_EditWhileItStarts(t *testing.T) {
	t.Parallel()
	a := New(t, files(Settings(t, nil), visit("2099-02-03")))
	d, err := a.make()
	if err != nil {
		t.Fatal(err)
	}
	a.Write("events/a.yaml", visit("2099-02-05"))
	if err := a.start(d); err != nil {
		t.Fatal(err)
	}
	a.WaitFor("the new date", func() bool { return starts(a, "20990205") })
}

// link makes name, a path in the folder of configuration, a link to target.
func link(t *testing.T, a *Attache, target, name string) {
	t.Helper()
	path := filepath.Join(a.folder, name)
	if err := os.Symlink(target, path+".new"); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil { // in one step, as kubelet does
		t.Fatal(err)
	}
}

func TestFiles_EditBehindALink(t *testing.T) {
	t.Parallel()
	a := New(t, map[string]string{"attache.yaml": Settings(t, nil), "real/deep/a.yaml": visit("2099-02-03"), "events/other.yaml": "events: []\n"})
	link(t, a, "../real", "events/way")
	link(t, a, "way/deep/a.yaml", "events/a.yaml")
	if err := a.Run(); err != nil {
		t.Fatal(err)
	}
	a.Write("real/deep/a.yaml", visit("2099-02-05"))
	a.WaitSoon("the new date", func() bool { return starts(a, "20990205") })
}

func TestFiles_MountedFolderIsExchanged(t *testing.T) {
	t.Parallel()
	for name, mounted := range map[string]string{"files that are links": "..data/", "a folder that is a link": ""} {
		t.Run(name, func(t *testing.T) {
			a := New(t, map[string]string{"attache.yaml": Settings(t, nil), "m/..one/a.yaml": visit("2099-02-03"), "m/..two/a.yaml": visit("2099-02-05")})
			now := "m/..data"
			if mounted != "" {
				link(t, a, "m", "events")
				link(t, a, "..one", now)
				link(t, a, mounted+"a.yaml", "m/a.yaml")
			} else {
				now = "events"
				link(t, a, "m/..one", now)
			}
			if err := a.Run(); err != nil {
				t.Fatal(err)
			}
			for _, to := range []string{"..two", "..one", "..two"} {
				target, day := to, "20990203"
				if mounted == "" {
					target = "m/" + to
				}
				if to == "..two" {
					day = "20990205"
				}
				link(t, a, target, now)
				a.WaitSoon("the date of "+to, func() bool { return starts(a, day) })
			}
			a.Write("m/..two/a.yaml", visit("2099-02-07"))
			a.WaitSoon("an edit behind the new link", func() bool { return starts(a, "20990207") })
		})
	}
}

func TestFiles_FolderComesLater(t *testing.T) {
	t.Parallel()
	a := Start(t, files(Settings(t, nil), visit("2099-02-03")))
	for _, names := range [][2]string{{"events", "old"}, {"old", "events"}} {
		if err := os.Rename(filepath.Join(a.folder, names[0]), filepath.Join(a.folder, names[1])); err != nil {
			t.Fatal(err)
		}
	}
	a.Write("new/a.yaml", visit("2099-02-05"))
	if err := os.Rename(filepath.Join(a.folder, "events"), filepath.Join(a.folder, "older")); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(a.folder, "new"), filepath.Join(a.folder, "events")); err != nil {
		t.Fatal(err)
	}
	a.WaitSoon("the date of the new folder", func() bool { return starts(a, "20990205") })
	a.Write("events/a.yaml", visit("2099-02-07"))
	a.WaitSoon("an edit in the new folder", func() bool { return starts(a, "20990207") })
}

func TestFiles_RefusedSettingsAreWatched(t *testing.T) {
	t.Parallel()
	a := Start(t, files(Settings(t, nil), visit("2099-02-03")))
	a.Write("more/b.yaml", "events: [{id: second, title: Second, when: soon}]\n")
	a.Write("attache.yaml", Settings(t, nil, "events: [events/*.yaml, more/*.yaml]"))
	a.WaitSoon("the refusal", func() bool { return strings.Contains(a.Log(), "more/b.yaml:1:") })
	a.Write("more/b.yaml", "events: [{id: second, title: Second, when: 2099-03-03}]\n")
	a.WaitSoon("the mended file", func() bool { return strings.Contains(a.Feed(), "20990303") })
}

func TestFiles_AllGoneWithdrawNothing(t *testing.T) {
	t.Parallel()
	a := Start(t, files(Settings(t, nil), visit("2099-02-03")))
	a.Remove("events/a.yaml")
	a.WaitSoon("the refusal", func() bool {
		return strings.Contains(a.Log(), "1 of the events came from there") && strings.Contains(a.Log(), "the last good state stays")
	})
	if feed := a.Feed(); strings.Contains(feed, "CANCELLED") || !starts(a, "20990203") {
		t.Errorf("the feed:\n%s", feed)
	}
	a.Stop()
	var wrong config.Errors
	if err := a.Run(); !errors.As(err, &wrong) {
		t.Errorf("a start without them: %v", err)
	}
	a.Write("attache.yaml", Settings(t, nil, "events: []"))
	if err := a.Run(); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(a.Feed(), "STATUS:CANCELLED") {
		t.Errorf("what is withdrawn on purpose stays:\n%s", a.Feed())
	}
}

func TestServe_FailsOnItsAddressAndRecordsNothing(t *testing.T) {
	t.Parallel()
	first := Start(t, files(Settings(t, nil), visit("2099-02-03")))
	a := New(t, files(Settings(t, nil), visit("2099-03-04")))
	a.listen = strings.TrimPrefix(first.URL(), "http://")
	if err := a.Run(); err == nil || !strings.Contains(err.Error(), "address already in use") {
		t.Errorf("the error is %v", err)
	}
	a.Store(func(db *store.DB) {
		err := db.View(func(tx *store.Tx) error {
			return tx.Bases(func(e event.Event) error { t.Errorf("it recorded %s", e.ID); return nil })
		})
		if err != nil {
			t.Error(err)
		}
	})
}
