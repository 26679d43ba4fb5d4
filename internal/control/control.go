// Package control is the local socket between the command line and the daemon:
// bbolt's file is locked by one process, so that whoever wants to know what the
// running daemon knows has to ask it.
//
// It speaks HTTP with JSON, since that is what every tool can read. A question is one
// value that goes along as JSON, and its answer is what [calendar.Reader] returns: a
// [Client] is a calendar.Reader, so that a command does not know whom it asks.
//
//	c := control.NewClient(control.Path(folder))
//	list, err := c.List(ctx, calendar.Query{Now: now})
//	if errors.Is(err, control.ErrNoDaemon) { … }
//
// Invariants:
//   - The socket is in the data folder, and open to the daemon's user, its group and root
//     alone: the kernel says who asks.
//   - Whatever changes a daemon goes through this socket, or through its files; nothing on
//     the network does.
//   - A socket that a killed daemon left behind is taken over; one in use never is.
package control

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"attache/internal/calendar"
)

// Health says how the daemon is.
type Health struct {
	Ready   bool   `json:"ready"`
	Version string `json:"version"`
	Address string `json:"address"`
	Config  string `json:"config"` // the path of attache.yaml

	// Starts is what the daemon was started with and keeps until it is started again, by
	// key of the configuration.
	Starts   map[string]string `json:"starts"`
	Events   int               `json:"events"`
	Checks   []Check           `json:"checks"`
	Reload   Verdict           `json:"reload"`
	Pending  int               `json:"pending"` // notices planned
	InDoubt  int               `json:"in_doubt"`
	Dead     int               `json:"dead"`
	LastScan string            `json:"last_scan"` // RFC 3339, UTC
}

// Check is one thing that has to be well.
type Check struct {
	Name  string `json:"name"`
	OK    bool   `json:"ok"`
	Mend  bool   `json:"mend,omitempty"` // it works, and something is to be put right
	Words string `json:"words"`
}

// AnswersCheck is the name of the check that tells of answers that are in no file.
const AnswersCheck = "answers"

// ClusterCheck is the name of the check that tells what this machine is among several.
const ClusterCheck = "cluster"

// SignInCheck is the name of the check that tells of the issuer that signs people in.
const SignInCheck = "sign-in"

// Verdict says how the last reading of the configuration went.
type Verdict struct {
	At     string   `json:"at"` // RFC 3339, UTC
	OK     bool     `json:"ok"`
	Errors []string `json:"errors"` // file:line:column: what is wrong

	// Restart is what was changed and holds only once the daemon is started again, as
	// file:line:column: what to do.
	Restart []string `json:"restart"`
}

// Daemon is what answers at the socket.
type Daemon interface {
	// Serves returns an *OtherError where another configuration than the one asked for, as
	// Client.For names it, is what the daemon runs.
	Serves(asked string) error
	// Reader answers what commands ask of the calendar, all of one moment.
	Reader() calendar.Reader
	Health() Health
	Reload(ctx context.Context) error
	Copy(ctx context.Context) (Copy, error)
	// Backup is a Copy that somebody keeps.
	Backup(ctx context.Context) (Copy, error)
	Compact(ctx context.Context) (Sizes, error)
	Feeds() []FeedView
	NewAddress(feed, note string) (calendar.NewAddress, error)
	RevokeAddress(id string) (calendar.AddressView, error)
	// Answer records what a person says of an event elsewhere than in its file.
	Answer(said calendar.Said) (calendar.Answered, error)
	// NewLink makes a personal link, and returns it with its secret.
	NewLink(x calendar.LinkFor) (calendar.NewLink, error)
	// Links returns the personal links.
	Links() []calendar.LinkView
	// RevokeLink makes a personal link show nothing.
	RevokeLink(id string) (calendar.LinkView, error)
	// Who returns who may see an event.
	Who(id string) (calendar.WhoView, error)
	RetryNotice(key string) (calendar.NoticeView, error)
	DropNotice(key string) (calendar.NoticeView, error)
}

// Copy is a copy of the database.
type Copy struct {
	Content io.ReadCloser
	Size    int64  // in bytes
	Sum     string // of all that it holds, as package store gives it
}

// Sizes are the bytes of the database file before and after it was compacted.
type Sizes struct {
	Before int64 `json:"before"`
	After  int64 `json:"after"`
}

// maxSocketPath is how long the path of a unix socket can be on Linux.
const maxSocketPath = 100

// Path returns where the socket of the daemon on the given data folder stands. A
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
	if err := os.Chmod(path, socketMode); err != nil {
		return nil, errors.Join(fmt.Errorf("control socket: %w", err), l.Close())
	}
	return local{l}, nil
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
	handle := func(pattern string, do func(*http.Request) (any, error)) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			v, err := do(r)
			answer(w, v, err)
		})
	}
	handle("GET /health", func(*http.Request) (any, error) { return d.Health(), nil })
	handle("POST /reload", func(r *http.Request) (any, error) {
		err := d.Reload(r.Context())
		return d.Health(), err
	})
	mux.HandleFunc("GET /copy", func(w http.ResponseWriter, r *http.Request) { copied(w, r, d.Copy) })
	mux.HandleFunc("POST /backup", func(w http.ResponseWriter, r *http.Request) { copied(w, r, d.Backup) })
	mux.HandleFunc("POST /compact", func(w http.ResponseWriter, r *http.Request) {
		allow(w, longWork)
		s, err := d.Compact(r.Context())
		answer(w, s, err)
	})
	questionHandlers(mux, d)
	handle("GET /feeds", func(*http.Request) (any, error) { return d.Feeds(), nil })
	handle("POST /feeds/{name}/addresses", func(r *http.Request) (any, error) {
		return d.NewAddress(r.PathValue("name"), r.FormValue("note"))
	})
	linkHandlers(handle, d)
	handle("DELETE /addresses/{id}", func(r *http.Request) (any, error) { return d.RevokeAddress(r.PathValue("id")) })
	handle("POST /answer", func(r *http.Request) (any, error) {
		var said calendar.Said
		if err := json.NewDecoder(r.Body).Decode(&said); err != nil {
			return nil, fmt.Errorf("what was said: %w", err)
		}
		a, err := d.Answer(said)
		return a.InBrief(), err
	})
	handle("POST /notices/{key}/retry", func(r *http.Request) (any, error) { return d.RetryNotice(r.PathValue("key")) })
	handle("POST /notices/{key}/drop", func(r *http.Request) (any, error) { return d.DropNotice(r.PathValue("key")) })
	return served(d, mux)
}

// served answers by h what is asked of the configuration that d runs, or of any.
func served(d Daemon, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if asked := r.Header.Get(configurationHeader); asked != "" {
			name, err := url.QueryUnescape(asked)
			if err == nil {
				err = d.Serves(name)
			}
			if err != nil {
				answer(w, nil, err)
				return
			}
		}
		h.ServeHTTP(w, r)
	})
}

// configurationHeader carries the name of a configuration: in a request the one that it is
// about, in the refusal of one that which the daemon runs.
const configurationHeader = "Attache-Configuration"

// OtherError says that the daemon runs another configuration than the one asked for.
type OtherError struct {
	Runs string // the path of attache.yaml
}

// Error returns in one line what the daemon runs.
func (e *OtherError) Error() string { return "the daemon runs " + e.Runs }

// longWork is how long the work on a whole database may take.
const longWork = 10 * time.Minute

// allow returns an answer more time than usual.
func allow(w http.ResponseWriter, d time.Duration) {
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(d)) // else it has the usual time
}

// sumHeader carries the sum of a copy.
const sumHeader = "Attache-Sum"

func copied(w http.ResponseWriter, r *http.Request, make func(context.Context) (Copy, error)) {
	allow(w, longWork)
	c, err := make(r.Context())
	if err != nil {
		answer(w, nil, err)
		return
	}
	defer c.Content.Close()
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Length", strconv.FormatInt(c.Size, 10))
	w.Header().Set(sumHeader, c.Sum)
	_, _ = io.Copy(w, c.Content) // who asked sees that it is cut off
}

// answer answers with v, or says why that can't be.
func answer(w http.ResponseWriter, v any, err error) {
	var other *OtherError
	switch {
	case errors.As(err, &other):
		w.Header().Set(configurationHeader, url.QueryEscape(other.Runs))
		http.Error(w, err.Error(), http.StatusConflict)
	case errors.Is(err, calendar.ErrNoEvent):
		http.Error(w, err.Error(), http.StatusNotFound)
	case err != nil:
		http.Error(w, err.Error(), http.StatusUnprocessableEntity)
	default:
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(v) // the asker is gone: nobody is left to tell
	}
}
