package daemon

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"attache/internal/config"
)

func TestReadings_DeadMount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r readings
		mount, begun := make(chan struct{}), atomic.Int32{}
		read := func(ctx context.Context) (string, error) {
			b, err := r.read(ctx, "/mnt/a.ics", func() ([]byte, error) { begun.Add(1); <-mount; return []byte("a calendar"), nil })
			return string(b), err
		}
		for range 3 {
			began := time.Now()
			if _, err := read(t.Context()); err == nil || !strings.Contains(err.Error(), "/mnt/a.ics") || time.Since(began) != patience {
				t.Errorf("after %s: %v", time.Since(began), err)
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := read(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("at the stop: %v", err)
		}
		if n := begun.Load(); n != 1 {
			t.Errorf("%d readings hang", n)
		}
		close(mount) // it came back
		if got, err := read(t.Context()); got != "a calendar" || err != nil {
			t.Errorf("%q, %v", got, err)
		}
	})
}

// TestStop_DeadMount stops a daemon that follows a file whose reading never ends.
func TestStop_DeadMount(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "attache.yaml")
	err := os.WriteFile(path, []byte("timezone: UTC\nevents: []\nfollow: [{name: theirs, file: /mnt/a.ics}]\n"), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	d, err := New(Options{
		ConfigPath: path, Listen: "127.0.0.1:0", Data: filepath.Join(folder, "data"), Env: func(string) string { return "" },
		Out: io.Discard, Log: slog.New(slog.DiscardHandler), Now: time.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	mount, reading := make(chan struct{}), make(chan struct{}, 9)
	defer close(mount)
	d.readFile = func(config.Follow) ([]byte, error) { reading <- struct{}{}; <-mount; return nil, nil }
	if err := d.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	<-reading
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := d.Stop(ctx); err != nil || ctx.Err() != nil {
		t.Errorf("Stop = %v, %v", err, ctx.Err())
	}
}

// TestStop_HeartbeatHangs stops a daemon whose heartbeat is never answered.
func TestStop_HeartbeatHangs(t *testing.T) {
	asked, release := make(chan struct{}, 1), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		asked <- struct{}{}
		<-release
	}))
	defer server.Close()
	defer close(release)
	folder := t.TempDir()
	path := filepath.Join(folder, "attache.yaml")
	text := "timezone: UTC\nevents: []\nheartbeat: {url: \"" + server.URL + "\", local: true}\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := New(Options{
		ConfigPath: path, Listen: "127.0.0.1:0", Data: filepath.Join(folder, "data"), Env: func(string) string { return "" },
		Out: io.Discard, Log: slog.New(slog.DiscardHandler), Now: time.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	<-asked
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := d.Stop(ctx); err != nil || ctx.Err() != nil {
		t.Errorf("Stop = %v, %v", err, ctx.Err())
	}
	if n := d.counts.lost.Load(); n != 1 {
		t.Errorf("%d heartbeats were cut off", n)
	}
}

// TestAwait_Hangs has what hangs left behind, and named.
func TestAwait_Hangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log strings.Builder
		d := &Daemon{o: Options{Log: slog.New(slog.NewTextHandler(&log, nil))}}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		d.await(ctx, "what ends", func() {})
		hung := make(chan struct{})
		d.await(ctx, "what hangs", func() { <-hung })
		close(hung)
		if strings.Contains(log.String(), "what ends") || !strings.Contains(log.String(), "what hangs") {
			t.Errorf("%s", &log)
		}
	})
}
