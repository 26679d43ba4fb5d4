// Package control is the local socket between the command line and the daemon:
// bbolt's file is locked by one process, so that whoever wants to know what the
// running daemon knows has to ask it.
//
// The socket is a unix socket in the data folder, open to its owner alone. It
// speaks HTTP with JSON, since that is what every tool can read.
package control

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"attache/internal/agenda"
	"attache/internal/change"
)

// Health says how the daemon is.
type Health struct {
	Ready    bool    `json:"ready"`
	Version  string  `json:"version"`
	Address  string  `json:"address"`
	Events   int     `json:"events"`
	Checks   []Check `json:"checks"`
	Reload   Verdict `json:"reload"`
	Pending  int     `json:"pending"` // notices planned
	InDoubt  int     `json:"in_doubt"`
	Dead     int     `json:"dead"`
	LastScan string  `json:"last_scan"` // RFC 3339, UTC
}

// Check is one thing that has to be well.
type Check struct {
	Name  string `json:"name"`
	OK    bool   `json:"ok"`
	Words string `json:"words"`
}

// Verdict says how the last reading of the configuration went.
type Verdict struct {
	At     string   `json:"at"` // RFC 3339, UTC
	OK     bool     `json:"ok"`
	Errors []string `json:"errors"` // file:line:column: what is wrong
}

// Daemon is what answers at the socket.
type Daemon interface {
	Health() Health
	Views(now time.Time) []agenda.View
	Why(id string) (agenda.WhyView, bool)
	Changes(f agenda.Filter, r change.Range) ([]change.View, error)
	Reload(ctx context.Context) error
}

// maxSocketPath is how long the path of a unix socket can be on Linux.
const maxSocketPath = 100

// Path gives where the socket of the daemon on the given data folder stands. A
// folder too deep for a socket has it in the folder for temporary files.
func Path(data string) string {
	p := filepath.Join(data, "control.sock")
	if len(p) <= maxSocketPath {
		return p
	}
	sum := sha256.Sum256([]byte(p))
	return filepath.Join(os.TempDir(), "attache-"+hex.EncodeToString(sum[:8])+".sock")
}

// Listen opens the socket at path.
func Listen(path string) (net.Listener, error) {
	if err := Vacate(path); err != nil {
		return nil, fmt.Errorf("control socket: %w", err)
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("control socket: %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("control socket: %w", err), l.Close())
	}
	return l, nil
}

// ErrOccupied says that another program listens at a socket.
var ErrOccupied = errors.New("another program listens there")

// Vacate removes the socket at path where nobody listens to it any more: one that a
// killed daemon left behind. What is no socket is left alone, and so is one that is
// in use; the error is ErrOccupied then.
func Vacate(path string) error {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil
	case err != nil:
		return err
	case info.Mode()&os.ModeSocket == 0:
		return fmt.Errorf("%s: something that is no socket is there already", path)
	}
	if c, err := net.DialTimeout("unix", path, time.Second); err == nil {
		return errors.Join(fmt.Errorf("%s: %w", path, ErrOccupied), c.Close())
	} else if !errors.Is(err, syscall.ECONNREFUSED) {
		return fmt.Errorf("%s: %w", path, err) // too busy to answer is in use as well
	}
	return os.Remove(path)
}

// Handler answers requests with what d knows.
func Handler(d Daemon) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /health", func(w http.ResponseWriter, _ *http.Request) { answer(w, d.Health()) })
	mux.HandleFunc("GET /list", func(w http.ResponseWriter, r *http.Request) {
		now, err := time.Parse(time.RFC3339, r.FormValue("now"))
		if err != nil {
			http.Error(w, "now: "+err.Error(), http.StatusBadRequest)
			return
		}
		answer(w, d.Views(now))
	})
	mux.HandleFunc("GET /why/{id}", func(w http.ResponseWriter, r *http.Request) {
		v, ok := d.Why(r.PathValue("id"))
		if !ok {
			http.Error(w, "no such event", http.StatusNotFound)
			return
		}
		answer(w, v)
	})
	mux.HandleFunc("GET /changes", func(w http.ResponseWriter, r *http.Request) { answerChanges(w, r, d) })
	mux.HandleFunc("POST /reload", func(w http.ResponseWriter, r *http.Request) {
		if err := d.Reload(r.Context()); err != nil {
			http.Error(w, err.Error(), http.StatusUnprocessableEntity)
			return
		}
		answer(w, d.Health())
	})
	return mux
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // the asker is gone: nobody is left to tell
}

// Client asks the daemon at a socket.
type Client struct{ http http.Client }

// ErrNoDaemon says that no daemon answers at the socket.
var ErrNoDaemon = errors.New("no daemon answers")

// askTimeout is how long the command line waits for the daemon.
const askTimeout = 10 * time.Second

// NewClient makes a client of the socket at path. It connects with each request.
func NewClient(path string) *Client {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "unix", path)
	}
	return &Client{http.Client{Timeout: askTimeout, Transport: &http.Transport{DialContext: dial}}}
}

// Health asks how the daemon is. The error is ErrNoDaemon where none answers.
func (c *Client) Health(ctx context.Context) (Health, error) {
	var h Health
	err := c.do(ctx, http.MethodGet, "/health", &h)
	return h, err
}

// Views asks for all events as they stand at now.
func (c *Client) Views(ctx context.Context, now time.Time) ([]agenda.View, error) {
	var v []agenda.View
	err := c.do(ctx, http.MethodGet, "/list?now="+url.QueryEscape(now.Format(time.RFC3339)), &v)
	return v, err
}

// ErrNoEvent says that there is no event with that id.
var ErrNoEvent = errors.New("there is no such event")

// Why asks why the event id is where it is. The error is ErrNoEvent where there is none.
func (c *Client) Why(ctx context.Context, id string) (agenda.WhyView, error) {
	var v agenda.WhyView
	err := c.do(ctx, http.MethodGet, "/why/"+url.PathEscape(id), &v)
	return v, err
}

// Reload asks the daemon to read its files again and gives its verdict.
func (c *Client) Reload(ctx context.Context) error {
	return c.do(ctx, http.MethodPost, "/reload", &Health{})
}

func (c *Client) do(ctx context.Context, method, path string, into any) error {
	req, err := http.NewRequestWithContext(ctx, method, "http://attache"+path, nil)
	if err != nil {
		return fmt.Errorf("ask the daemon: %w", err)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNoDaemon, err)
	}
	defer res.Body.Close()
	if res.StatusCode == http.StatusNotFound {
		return ErrNoEvent
	}
	if res.StatusCode != http.StatusOK {
		var words [4096]byte
		n, _ := res.Body.Read(words[:])
		return fmt.Errorf("the daemon answers: %s", words[:n])
	}
	if err := json.NewDecoder(res.Body).Decode(into); err != nil {
		return fmt.Errorf("read the daemon's answer: %w", err)
	}
	return nil
}
