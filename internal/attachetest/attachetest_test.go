// Package attachetest runs a whole attache inside a test: its files in a folder of
// the test, its pages on a free port, its alerts on a screen that is kept or in a
// Slack of the test. There is nothing here but tests.
//
//	a := Start(t, map[string]string{"attache.yaml": settings})
//	a.Write("events/a.yaml", edited)
//	if err := a.Reload(); err != nil { … }
//	a.Get("/feeds/all.ics")
package attachetest

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"attache/internal/cli"
	"attache/internal/control"
	"attache/internal/daemon"
	"attache/internal/slack/slacktest"
	"attache/internal/store"
)

// patience is how long a test waits for what must come.
const patience = 30 * time.Second

// Attache is one attache inside a test.
type Attache struct {
	t        testing.TB
	folder   string       // of the configuration
	data     string       // of the database
	listen   string       // its address
	listener net.Listener // its address, where it is open already
	now      func() time.Time
	env      func(string) string // its environment
	out      screen              // where alerts are shown
	log      screen
	d        *daemon.Daemon
}

// Option changes how an attache is started.
type Option func(*Attache)

// At makes the clock stand at t when the attache starts, and run on from there.
func At(t time.Time) Option {
	return func(a *Attache) {
		began := time.Now()
		a.now = func() time.Time { return t.Add(time.Since(began)) }
	}
}

// Start starts an attache on files, by their paths in its folder of configuration;
// attache.yaml is one of them. It is stopped when the test ends, and its database
// is checked.
func Start(t testing.TB, files map[string]string, options ...Option) *Attache {
	t.Helper()
	a := New(t, files, options...)
	if err := a.Run(); err != nil {
		t.Fatal(err)
	}
	return a
}

// New makes an attache that does not run yet.
func New(t testing.TB, files map[string]string, options ...Option) *Attache {
	t.Helper()
	a := &Attache{t: t, folder: t.TempDir(), data: filepath.Join(t.TempDir(), "data"), listen: "127.0.0.1:0", now: time.Now, env: func(string) string { return "" }}
	for _, o := range options {
		o(a)
	}
	for name, content := range files {
		a.Write(name, content)
	}
	t.Cleanup(a.end)
	return a
}

// Run starts it, or starts it again, and returns the error of a start that fails.
func (a *Attache) Run() error {
	d, err := a.make()
	if err != nil {
		return err
	}
	return a.start(d)
}

func (a *Attache) start(d *daemon.Daemon) error {
	if err := d.Start(context.Background()); err != nil {
		return err
	}
	a.d = d
	return nil
}

// make reads the files and opens the store, and starts nothing.
func (a *Attache) make() (*daemon.Daemon, error) {
	return daemon.New(daemon.Options{
		ConfigPath: filepath.Join(a.folder, "attache.yaml"), Listen: a.listen, Listener: a.listener, Data: a.data,
		Env: a.env, Out: &a.out, Now: a.now, Chat: cli.Chat,
		Log: slog.New(slog.NewTextHandler(&a.log, nil)),
	})
}

// Stop stops it as SIGTERM does.
func (a *Attache) Stop() {
	a.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := a.d.Stop(ctx); err != nil {
		a.t.Errorf("stop: %v", err)
	}
	a.d = nil
}

// Restart stops it and starts it again on the same data.
func (a *Attache) Restart() {
	a.t.Helper()
	a.Stop()
	if err := a.Run(); err != nil {
		a.t.Fatal(err)
	}
}

// Reload makes it read its files now, as SIGHUP does. The error is that of the files.
func (a *Attache) Reload() error { return a.d.Reload(context.Background()) }

// Health asks it at its socket how it is.
func (a *Attache) Health() control.Health {
	a.t.Helper()
	h, err := control.NewClient(control.Path(a.data)).Health(context.Background())
	if err != nil {
		a.t.Fatal(err)
	}
	return h
}

// end stops what runs and checks the database.
func (a *Attache) end() {
	if a.d != nil {
		a.Stop()
	}
	if a.t.Failed() {
		a.t.Logf("log:\n%s\nscreen:\n%s", a.Log(), a.Screen())
	}
	if _, err := os.Stat(store.Path(a.data)); err != nil {
		return
	}
	a.Store(func(db *store.DB) {
		if err := db.Check(); err != nil {
			a.t.Errorf("the store after the test: %v", err)
		}
	})
}

// Store lets fn look at the database of an attache that does not run.
func (a *Attache) Store(fn func(*store.DB)) {
	a.t.Helper()
	db, err := store.Open(store.Path(a.data), store.Options{ReadOnly: true})
	if err != nil {
		a.t.Fatal(err)
	}
	defer db.Close()
	fn(db)
}

// Write writes a file of the configuration; a running attache notices.
func (a *Attache) Write(name, content string) {
	a.t.Helper()
	path := filepath.Join(a.folder, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		a.t.Fatal(err)
	}
	// As editors do it, so that nobody reads half a file.
	if err := os.WriteFile(path+".tmp", []byte(content), 0o600); err != nil {
		a.t.Fatal(err)
	}
	if err := os.Rename(path+".tmp", path); err != nil {
		a.t.Fatal(err)
	}
}

// Remove removes a file of the configuration.
func (a *Attache) Remove(name string) {
	a.t.Helper()
	if err := os.Remove(filepath.Join(a.folder, name)); err != nil {
		a.t.Fatal(err)
	}
}

// Data returns the folder of the database.
func (a *Attache) Data() string { return a.data }

// URL returns the address of its pages.
func (a *Attache) URL() string { return a.d.Address() }

// Answer is what a page answered.
type Answer struct {
	Status int
	Header http.Header
	Body   string
}

// Get asks for a page, with headers given as name and value in turn.
func (a *Attache) Get(path string, headers ...string) Answer {
	a.t.Helper()
	req, err := http.NewRequest(http.MethodGet, a.URL()+path, nil)
	if err != nil {
		a.t.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		a.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		a.t.Fatal(err)
	}
	return Answer{res.StatusCode, res.Header, string(body)}
}

// Feed returns the feed called all.
func (a *Attache) Feed() string { return a.Get("/feeds/all.ics").Body }

// WaitFor waits until cond holds, and fails the test where it does not come to.
func (a *Attache) WaitFor(what string, cond func() bool) {
	a.t.Helper()
	a.within(patience, what, cond)
}

// within waits until cond holds, for so long.
func (a *Attache) within(d time.Duration, what string, cond func() bool) {
	a.t.Helper()
	within(a.t, d, what, cond)
}

func within(t testing.TB, d time.Duration, what string, cond func() bool) {
	t.Helper()
	for end := time.Now().Add(d); !cond(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// WaitSoon is WaitFor for what must come well before the files are looked at anyway.
func (a *Attache) WaitSoon(what string, cond func() bool) {
	a.t.Helper()
	within(a.t, 20*time.Second, what, cond)
}

// Screen returns what was shown without Slack.
func (a *Attache) Screen() string { return a.out.String() }

// Log returns what was logged.
func (a *Attache) Log() string { return a.log.String() }

// screen keeps what is written to it.
type screen struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// Slack starts a Slack with the channel trade-desk, of which the app is a member.
func Slack(t testing.TB) *slacktest.Server {
	t.Helper()
	s := slacktest.Start()
	t.Cleanup(s.Close)
	s.SetPatience(time.Minute)
	s.SetChannel(slacktest.Channel{ID: "C0TRADE", Name: "trade-desk", Member: true})
	return s
}

// Settings returns an attache.yaml that sends at once to the channel trade-desk of s,
// or shows alerts on the screen where s is nil, with more lines behind.
func Settings(t testing.TB, s *slacktest.Server, more ...string) string {
	t.Helper()
	lines := []string{"timezone: America/New_York", "settle: 0s", "public_url: http://127.0.0.1:8080"} // whatever port a start gets
	if s != nil {
		token := filepath.Join(t.TempDir(), "token")
		if err := os.WriteFile(token, []byte(slacktest.Token), 0o600); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, "slack:", "  token_file: "+token, "  api_url: "+s.URL(), `  channel: "#trade-desk"`)
	}
	return strings.Join(append(lines, more...), "\n") + "\n"
}
