package attachetest

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

func TestAPipeAmongTheFilesStopsNothing(t *testing.T) {
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

func TestAFileOfAnyNameIsReadAgain(t *testing.T) {
	a := New(t, map[string]string{"attache.yaml": Settings(t, nil, "events: [dates/visit.conf]"), "dates/visit.conf": visit("2099-02-03")})
	if err := a.Run(); err != nil {
		t.Fatal(err)
	}
	a.Write("dates/visit.conf", visit("2099-02-05"))
	a.WaitFor("the new date", func() bool { return starts(a, "20990205") })
}

func TestAnEditIsSeenInAFolderThatIsNeverQuiet(t *testing.T) {
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

func TestAnEditWhileItStartsIsSeen(t *testing.T) {
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
