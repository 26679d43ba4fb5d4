package attachetest

import (
	"context"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// shortFolder returns a folder whose path leaves room for that of a socket.
func shortFolder(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "attache")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	return folder
}

func TestSocket_ServesPages(t *testing.T) {
	t.Parallel()
	path := filepath.Join(shortFolder(t), "http.sock")
	left, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	left.(*net.UnixListener).SetUnlinkOnClose(false) // as after a kill
	left.Close()
	a := New(t, files(Settings(t, nil), visit("2099-02-03")))
	a.listen = "unix:" + path
	for range 2 {
		if err := a.Run(); err != nil {
			t.Fatal(err)
		}
		var d net.Dialer
		client := http.Client{Transport: &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return d.DialContext(ctx, "unix", path)
		}}}
		res, err := client.Get("http://attache/feeds/all.ics")
		if err != nil {
			t.Fatal(err)
		}
		if err := res.Body.Close(); err != nil || res.StatusCode != http.StatusOK {
			t.Errorf("the feed answers %d, %v", res.StatusCode, err)
		}
		if got := a.Health().Address; got != a.listen {
			t.Errorf("health names %s", got)
		}
		a.Stop()
	}
}

func TestSocket_FileInItsPlaceIsLeftAlone(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "notes")
	if err := os.WriteFile(path, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	a := New(t, files(Settings(t, nil), visit("2099-02-03")))
	a.listen = "unix:" + path
	if err := a.Run(); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("the error is %v", err)
	}
	if b, err := os.ReadFile(path); err != nil || string(b) != "mine" {
		t.Errorf("the file holds %q, %v", b, err)
	}
}
