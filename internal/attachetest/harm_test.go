package attachetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"attache/internal/calendar"
	"attache/internal/cli"
	"attache/internal/control"
	"attache/internal/slack/slacktest"
	"attache/internal/store"
)

// smallDisk mounts a disk of so many KiB and returns a folder on it. Only root can. It has no place in
// the tree of folders, so that it goes with the process, however that ends.
func smallDisk(t *testing.T, kib int) string {
	t.Helper()
	at := t.TempDir()
	if err := syscall.Mount("tmpfs", at, "tmpfs", 0, fmt.Sprintf("size=%dk", kib)); err != nil {
		t.Skipf("no disk of its own can be mounted: %v", err)
	}
	disk, err := os.Open(at)
	if err := errors.Join(err, syscall.Unmount(at, syscall.MNT_DETACH)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { disk.Close() })
	return fmt.Sprintf("/proc/%d/fd/%d", os.Getpid(), disk.Fd())
}

// fill writes into a file until the disk is full.
func fill(t *testing.T, name string) {
	t.Helper()
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for size := 64 << 10; size > 0; size /= 2 {
		for err = nil; err == nil; _, err = f.Write(make([]byte, size)) {
		}
		if !errors.Is(err, syscall.ENOSPC) {
			t.Fatal(err)
		}
	}
}

// manyVisits is a file of so many visits, which needs more room than a database leaves free.
func manyVisits(n int) string {
	var b strings.Builder
	b.WriteString("events:\n")
	for i := range n {
		fmt.Fprintf(&b, "  - {id: visit-%d, title: Visit, when: 2099-02-03, note: %q}\n", i, strings.Repeat("x", 2000))
	}
	return b.String()
}

// The clock of TestFullDisk is an hour behind, and nothing is due, until the disk is full.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	s := Slack(t)
	disk := smallDisk(t, 3<<10)
	a := New(t, files(Settings(t, s), meetings(3, 1, time.Now(), 0)))
	a.data = filepath.Join(disk, "data")
	var full atomic.Bool
	a.now = func() time.Time {
		if full.Load() {
			return time.Now()
		}
		return time.Now().Add(-time.Hour)
	}
	if err := a.Run(); err != nil {
		t.Fatal(err)
	}
	feed := a.Feed()
	fill(t, filepath.Join(disk, "filler"))
	a.Write("events/b.yaml", manyVisits(100))
	a.WaitFor("the verdict", func() bool { return strings.Contains(a.Log(), "last good state stays") })
	if got := a.Get("/feeds/all.ics"); got.Status != 200 || got.Body != feed {
		t.Errorf("the feed is answered with %d", got.Status)
	}

	full.Store(true)
	a.WaitFor("health to say so", func() bool {
		h := a.Health()
		return strings.Contains(fmt.Sprint(h.Checks), "nothing is sent: ") && strings.Contains(fmt.Sprint(h.Checks), "no space left on device") && !h.Ready
	})
	kept, err := control.NewClient(control.Path(a.data)).Notices(t.Context(), calendar.NoticeQuery{Kinds: []string{"reminder"}, States: []string{"sending", "unknown", "sent"}})
	if sent := len(s.Calls("chat.postMessage")); err != nil || sent > len(kept) {
		t.Errorf("%d messages were sent, and %d recorded: %v", sent, len(kept), err)
	}

	if err := os.Remove(filepath.Join(disk, "filler")); err != nil {
		t.Fatal(err)
	}
	a.WaitFor("all three", func() bool { return shownMeetings(s) >= 3 })
	settled(a)
	if n := shownMeetings(s); n != 3 {
		t.Errorf("%d were told of three", n)
	}
	a.WaitFor("health to be well again", func() bool { return a.Health().Ready })
	if err := a.Reload(); err != nil {
		t.Errorf("the edit: %v", err)
	}
	if !starts(a, "20990203") {
		t.Error("the edit that could not be recorded is not in the feed")
	}
}

// shownMeetings counts the meetings of meetings that messages tell of.
func shownMeetings(s *slacktest.Server) (n int) {
	for _, m := range s.Messages("trade-desk") {
		n += strings.Count(m.Shown(), "Meeting number")
	}
	return n
}

// exitOf runs the daemon as a process and returns how it ended, or -1 where it came to
// run.
func exitOf(t *testing.T, a *Attache) int {
	t.Helper()
	c := child(t, a.folder, a.data)
	done := make(chan error, 1)
	go func() { done <- c.Wait() }()
	client, ended, code := control.NewClient(control.Path(a.data)), false, -1
	a.WaitFor("its end, or its answer", func() bool {
		select {
		case err := <-done:
			ended, code = true, 0
			if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
				code = exit.ExitCode()
			}
			return true
		default:
			_, err := client.Health(t.Context())
			return err == nil
		}
	})
	if !ended {
		_ = c.Process.Kill() // it may have ended
		<-done
	}
	return code
}

// TestDamagedDatabase hurts copies of the database of a calendar
// that was told of. It starts with all that it held, or not at all.
func TestDamagedDatabase(t *testing.T) {
	t.Parallel()
	a := Start(t, files(Settings(t, nil), visit("2099-02-03")))
	a.Write("events/a.yaml", visit("2099-02-05"))
	a.WaitFor("the message", func() bool { return strings.Contains(a.Screen(), "→") })
	settled(a)
	a.Stop()
	path := store.Path(a.data)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	used := len(bytes.TrimRight(whole, "\x00"))
	r := rand.New(rand.NewPCG(11, 12))
	page := func(b []byte) []byte { n := r.IntN(used) / 4096 * 4096; return b[n:min(n+4096, len(b))] }
	for name, hurt := range map[string]func(b []byte) []byte{
		"empty":             func([]byte) []byte { return nil },
		"cut in the middle": func(b []byte) []byte { return b[:used/2] },
		"cut at the head":   func(b []byte) []byte { return b[:5000] },
		"a head zeroed":     func(b []byte) []byte { clear(b[:4096]); return b },
		"both heads zeroed": func(b []byte) []byte { clear(b[:8192]); return b },
		"garbage": func(b []byte) []byte {
			for i := range b {
				b[i] = byte(r.Uint32())
			}
			return b
		},
		"a bit of its end":     func(b []byte) []byte { b[used-1] ^= 4; return b },
		"every page but heads": func(b []byte) []byte { clear(b[8192:]); return b },
		"somebody's notes":     func([]byte) []byte { return []byte("buy milk\n") },
		"a page zeroed":        func(b []byte) []byte { clear(page(b)); return b },
		"a page in another":    func(b []byte) []byte { copy(page(b), bytes.Clone(page(b))); return b },
	} {
		t.Run(name, func(t *testing.T) {
			b := hurt(bytes.Clone(whole))
			if err := os.WriteFile(path, b, 0o600); err != nil {
				t.Fatal(err)
			}
			defer os.WriteFile(path, whole, 0o600)
			code := exitOf(t, a)
			after, err := os.ReadFile(path)
			switch {
			case err != nil:
				t.Fatal(err)
			case code == 65 && !bytes.Equal(after, b):
				t.Error("the file was changed")
			case code != 65 && code != -1: // what is hurt may be in nobody's way
				t.Errorf("it ended with %d", code)
			}
		})
	}
	t.Run("missing", func(t *testing.T) {
		if err := os.Rename(path, path+".away"); err != nil {
			t.Fatal(err)
		}
		defer os.Rename(path+".away", path)
		if code := exitOf(t, a); code != 65 {
			t.Errorf("it ended with %d", code)
		}
		if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
			t.Error("another one was made")
		}
	})
}

// badSettings lists settings that must not be taken.
func badSettings() []string {
	bad := []string{
		"listn: 127.0.0.1:1", "listen: nonsense", "listen: 127.0.0.1:70000", "timezone: Mars/Olympus", "timezone: EST", "settle: soon", "settle: 9999d",
		"catch_up: -1h", "public_url: ftp://x", "public_url: \"http://a b\"", "feeds: [{title: no name}]", "feeds: [{name: a}, {name: a}]", "feeds: [{name: A B}]",
		"routes: [{match: {}}]", "routes: [{to: \"#a\", match: {kinds: [sumit]}}]", "routes: [{to: \"#a\", notices: [shouts]}]", "routes: [{to: \"#a\", mention: {\"@anna\": {}}}]",
		"digests: [{name: a, to: \"#a\", cron: \"@every -5s\"}]", "digests: [{name: a, to: \"#a\", cron: \"0 0 30 2 *\"}]", "digests: [{name: a, to: \"#a\", cron: \"TZ=0 * * * * *\"}]",
		"digests: [{name: a, to: \"#a\", cron: \"CRON_TZ=\"}]", "quiet_hours: {from: \"20:00\"}", "quiet_hours: {from: \"25:00\", to: \"07:00\"}", "remind: {deadline: [7x]}",
		"slack: {token_file: no-such-file}", "slack: {on_unknown: hope}", "heartbeat: {}", "heartbeat: {url: \"https://example.org/\", every: 1s}", "events: [\"[\"]",
		"calendar: {events: [{id: a, title: A, when: 2026-02-30}]}", "a: &a [*a]", "settle: 2m\nsettle: 3m", "\tsettle: 2m", "settle: [", "- a list", "settle: !!binary aGk=",
		"x: " + strings.Repeat("[", 300), "a: &a {k: 1}\nb: &b [*a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b]",
	}
	return bad
}

// TestReload_WrongSettings runs beside no other test: it looks at what the process allocates.
func TestReload_WrongSettings(t *testing.T) {
	a := Start(t, files(Settings(t, nil), visit("2099-02-03")))
	feed, place := a.Feed(), regexp.MustCompile(`attache\.yaml:[0-9]+:[0-9]+: `)
	var before, began, ended runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for _, bad := range badSettings() {
		a.Write("attache.yaml", bad+"\n")
		runtime.ReadMemStats(&began)
		err := a.Reload()
		runtime.ReadMemStats(&ended)
		if err == nil {
			t.Errorf("it takes %.60q", bad)
			continue
		}
		if made := (ended.TotalAlloc - began.TotalAlloc) >> 20; made > 4 {
			t.Errorf("to refuse %.60q took %d MiB", bad, made)
		}
		if h := a.Health(); h.Reload.OK || !place.MatchString(strings.Join(h.Reload.Errors, "\n")) {
			t.Errorf("of %.60q health says %q", bad, h.Reload.Errors)
		}
		if got := a.Get("/feeds/all.ics"); got.Status != 200 || got.Body != feed {
			t.Errorf("after %.60q the feed is answered with %d", bad, got.Status)
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&ended)
	if grown := int64(ended.HeapAlloc) - int64(before.HeapAlloc); grown > 20<<20 {
		t.Errorf("the heap grew by %d MiB", grown>>20)
	}
	a.Write("attache.yaml", Settings(t, nil))
	a.WaitFor("the good ones", func() bool { return a.Health().Reload.OK })
}

func TestServe_WrongSettingsEndWith78(t *testing.T) {
	t.Parallel()
	for _, bad := range badSettings()[:6] {
		folder := t.TempDir()
		path := filepath.Join(folder, "attache.yaml")
		if err := os.WriteFile(path, []byte(bad+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		var said bytes.Buffer
		env := cli.Env{Stdin: strings.NewReader(""), Stdout: &said, Stderr: &said, Getenv: func(string) string { return "" }, Now: time.Now}
		if code := cli.Run(context.Background(), env, []string{"--config", path, "serve", "--data", filepath.Join(folder, "data")}); code != 78 || !strings.Contains(said.String(), path+":1:") {
			t.Errorf("%q ends with %d and says %s", bad, code, said.String())
		}
	}
}

func TestDescriptors_AllHeldAndAlertsLeave(t *testing.T) {
	t.Parallel()
	s := Slack(t)
	due := time.Now().Add(6 * time.Second)
	a := New(t, files(Settings(t, s), meetings(2, 1, due, 0)))
	address := filepath.Join(shortFolder(t), "http")
	c := exec.Command("sh", "-c", "ulimit -n 64; exec \"$0\"", os.Args[0])
	args := []string{"--config", filepath.Join(a.folder, "attache.yaml"), "serve", "--data", a.data, "--listen", "unix:" + address}
	c.Env = append(os.Environ(), asDaemon+"="+strings.Join(args, "\n"))
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Process.Kill(); _ = c.Wait() }) // it may have ended
	var held []net.Conn
	a.WaitFor("the daemon", func() bool { // its socket is there a moment before it can be dialled
		conn, err := net.Dial("unix", address)
		if err == nil {
			held = append(held, conn)
		}
		return err == nil
	})
	for range 192 {
		conn, err := net.Dial("unix", address)
		if err != nil {
			break // there is no room even to wait
		}
		held = append(held, conn)
	}
	if len(held) < 100 {
		t.Fatalf("only %d connections are held", len(held))
	}
	a.WaitFor("the alerts", func() bool { return shownMeetings(s) == 2 })
	t.Logf("the last one came %s after it was due", time.Since(due).Round(100*time.Millisecond))
	for _, conn := range held {
		conn.Close()
	}
	a.WaitFor("an answer", func() bool {
		conn, err := net.DialTimeout("unix", address, time.Second)
		if err != nil {
			return false
		}
		defer conn.Close()
		_ = conn.SetDeadline(time.Now().Add(3 * time.Second))
		fmt.Fprint(conn, "GET /livez HTTP/1.0\r\n\r\n")
		b := make([]byte, 64)
		n, _ := conn.Read(b)
		return strings.Contains(string(b[:n]), "200 OK")
	})
	if err := c.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := c.Wait(); err != nil {
		t.Errorf("it ended with %v", err)
	}
}

func TestReload_PanicIsRefused(t *testing.T) {
	t.Parallel()
	a := New(t, files(Settings(t, nil), visit("2099-02-03")))
	var broken atomic.Bool
	a.env = func(string) string {
		if broken.Load() {
			panic("the environment is on fire")
		}
		return ""
	}
	if err := a.Run(); err != nil {
		t.Fatal(err)
	}
	feed := a.Feed()
	broken.Store(true)
	if err := a.Reload(); err == nil || !strings.Contains(err.Error(), "a mistake in attache") {
		t.Errorf("the error is %v", err)
	}
	if a.Feed() != feed || a.Health().Reload.OK || strings.Count(a.Log(), "caught a panic") != 1 {
		t.Errorf("the log says\n%s", a.Log())
	}
	if !strings.Contains(a.Get("/metrics").Body, "attache_panics_total 1") {
		t.Error("it is not counted")
	}
	broken.Store(false)
	a.Write("events/a.yaml", visit("2099-02-05"))
	a.WaitFor("the next edit", func() bool { return starts(a, "20990205") })
}
