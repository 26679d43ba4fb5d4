package attachetest

import (
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// manager is a service manager that hears what a daemon says of itself.
type manager struct {
	t    *testing.T
	conn *net.UnixConn
	path string
}

func newManager(t *testing.T) *manager {
	t.Helper()
	path := filepath.Join(shortFolder(t), "notify")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return &manager{t, conn, path}
}

// hear returns the next state that is not one of the watchdog's, and how many of those
// came before.
func (m *manager) hear() (state string, watchdogs int) {
	m.t.Helper()
	b := make([]byte, 1024)
	for {
		if err := m.conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
			m.t.Fatal(err)
		}
		n, err := m.conn.Read(b)
		if err != nil {
			m.t.Fatalf("the daemon says nothing more: %v", err)
		}
		if state = string(b[:n]); state != "WATCHDOG=1" {
			return state, watchdogs
		}
		watchdogs++
	}
}

func TestService_StatesAreNotified(t *testing.T) {
	t.Parallel()
	m := newManager(t)
	a := New(t, files(Settings(t, nil), visit("2099-02-03")))
	c := childWith(t, a.folder, a.data, "unix:"+filepath.Join(filepath.Dir(m.path), "http"), "NOTIFY_SOCKET="+m.path)
	t.Cleanup(func() { _ = c.Process.Kill() }) // it has ended, unless the test failed

	if state, _ := m.hear(); state != "READY=1" {
		t.Fatalf("first it says %q", state)
	}
	client := http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", filepath.Join(filepath.Dir(m.path), "http"))
	}}}
	res, err := client.Get("http://attache/feeds/all.ics")
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("it says that it is ready, and the feed is not: %v", err)
	}
	res.Body.Close()
	time.Sleep(2500 * time.Millisecond) // so that it has looked for what is due, twice at least

	if err := c.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	state, watchdogs := m.hear()
	at := regexp.MustCompile(`^RELOADING=1\nMONOTONIC_USEC=([0-9]+)$`).FindStringSubmatch(state)
	if at == nil || watchdogs < 2 {
		t.Fatalf("on SIGHUP it says %q, after %d signs of life", state, watchdogs)
	}
	var now unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &now); err != nil {
		t.Fatal(err)
	}
	if usec, err := strconv.ParseInt(at[1], 10, 64); err != nil || usec > now.Nano()/1000 || usec < now.Nano()/1000-int64(10*time.Second/time.Microsecond) {
		t.Errorf("it reloads at %s, and it is %d", at[1], now.Nano()/1000)
	}
	if state, _ := m.hear(); state != "READY=1" {
		t.Errorf("after the reload it says %q", state)
	}
	if err := c.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if state, _ := m.hear(); state != "STOPPING=1" {
		t.Errorf("on SIGTERM it says %q", state)
	}
	if err := c.Wait(); err != nil {
		t.Errorf("it ended with %v", err)
	}
}

// TestService_HeldAddressRefusesNobody plays the service manager: it holds the
// address and hands it to one daemon after the other, while many ask.
func TestService_HeldAddressRefusesNobody(t *testing.T) {
	t.Parallel()
	held, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	handed := func() net.Listener {
		f, err := held.(*net.TCPListener).File()
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		l, err := net.FileListener(f)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	a := New(t, files(Settings(t, nil), visit("2099-02-03")))
	a.listener = handed()
	if err := a.Run(); err != nil {
		t.Fatal(err)
	}
	var answered, cut atomic.Int64
	stop := make(chan struct{})
	var load sync.WaitGroup
	for range 8 {
		load.Go(func() {
			client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 20 * time.Second}
			for {
				select {
				case <-stop:
					return
				default:
				}
				if err := feedWhole(&client, "http://"+held.Addr().String()); err != nil {
					cut.Add(1)
					t.Logf("%v", err)
				}
				answered.Add(1)
			}
		})
	}
	for range 3 {
		time.Sleep(300 * time.Millisecond)
		a.listener = handed()
		a.Restart()
	}
	close(stop)
	load.Wait()
	t.Logf("%d requests, %d cut", answered.Load(), cut.Load())
	if n := cut.Load(); n*1000 > answered.Load() {
		t.Errorf("%d of %d requests were cut", n, answered.Load())
	}
}

// feedWhole fetches the feed and says what is wrong with the answer.
func feedWhole(client *http.Client, base string) error {
	res, err := client.Get(base + "/feeds/all.ics")
	if err != nil {
		return err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err == nil && (res.StatusCode != http.StatusOK || !strings.HasSuffix(string(b), "END:VCALENDAR\r\n")) {
		err = os.ErrInvalid
	}
	return err
}
