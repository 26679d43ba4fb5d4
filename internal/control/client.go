package control

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"attache/internal/calendar"
)

// Client asks the daemon at a socket.
type Client struct {
	http http.Client
	long http.Client // for what takes as long as it takes
}

// For returns a client that asks about one configuration alone, by a name that the daemon
// understands: every error is an *OtherError where the daemon runs another one.
func (c *Client) For(configuration string) *Client {
	return &Client{about(c.http, configuration), about(c.long, configuration)}
}

func about(c http.Client, configuration string) http.Client {
	c.Transport = asking{c.Transport, url.QueryEscape(configuration)}
	return c
}

// asking says with each request which configuration it is about.
type asking struct {
	http.RoundTripper
	configuration string
}

// RoundTrip sends the request.
func (a asking) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set(configurationHeader, a.configuration)
	return a.RoundTripper.RoundTrip(r)
}

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
	t := &http.Transport{DialContext: dial, DisableKeepAlives: true}
	return &Client{http.Client{Timeout: askTimeout, Transport: t}, http.Client{Transport: t}}
}

// Health asks how the daemon is. The error is ErrNoDaemon where none answers.
func (c *Client) Health(ctx context.Context) (Health, error) {
	var h Health
	err := c.do(ctx, http.MethodGet, "/health", &h)
	return h, err
}

// Reload asks the daemon to read its files again and returns its verdict.
func (c *Client) Reload(ctx context.Context) error {
	return c.do(ctx, http.MethodPost, "/reload", &Health{})
}

// Copy asks for a copy of the database, to look at. Its Content is to be closed.
func (c *Client) Copy(ctx context.Context) (Copy, error) {
	return c.copied(ctx, http.MethodGet, "/copy")
}

// Backup asks for a copy of the database to keep, of which the daemon takes note. Its
// Content is to be closed.
func (c *Client) Backup(ctx context.Context) (Copy, error) {
	return c.copied(ctx, http.MethodPost, "/backup")
}

func (c *Client) copied(ctx context.Context, method, path string) (Copy, error) {
	res, err := ask(ctx, &c.long, method, path)
	if err != nil {
		return Copy{}, err
	}
	return Copy{res.Body, res.ContentLength, res.Header.Get(sumHeader)}, nil
}

// Compact asks the daemon to compact its database.
func (c *Client) Compact(ctx context.Context) (s Sizes, err error) {
	return s, do(ctx, &c.long, http.MethodPost, "/compact", &s)
}

func (c *Client) do(ctx context.Context, method, path string, into any) error {
	return do(ctx, &c.http, method, path, into)
}

// Answer has the daemon record what a person says of an event.
func (c *Client) Answer(ctx context.Context, said calendar.Said) (v calendar.AnswerView, err error) {
	text, err := json.Marshal(said)
	if err != nil {
		return v, err
	}
	return v, do(ctx, &c.long, http.MethodPost, "/answer", &v, text...)
}

// do asks, with body where there is one, and reads the answer.
func do(ctx context.Context, by *http.Client, method, path string, into any, body ...byte) error {
	res, err := ask(ctx, by, method, path, body...)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if err := json.NewDecoder(res.Body).Decode(into); err != nil {
		return fmt.Errorf("read the daemon's answer: %w", err)
	}
	return nil
}

// ask returns an answer that is well; its body is to be closed.
func ask(ctx context.Context, by *http.Client, method, path string, body ...byte) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, "http://attache"+path, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("ask the daemon: %w", err)
	}
	res, err := by.Do(req)
	var asked *url.Error
	if errors.As(err, &asked) {
		err = asked.Err // without the question, which nobody wants to read
	}
	if errors.Is(err, fs.ErrPermission) {
		return nil, fmt.Errorf("ask the daemon: it answers root and its own user alone, so run this as one of them: %w", err)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoDaemon, err)
	}
	if res.StatusCode == http.StatusOK {
		return res, nil
	}
	defer res.Body.Close()
	if runs := res.Header.Get(configurationHeader); res.StatusCode == http.StatusConflict && runs != "" {
		runs, err := url.QueryUnescape(runs)
		return nil, errors.Join(&OtherError{Runs: runs}, err)
	}
	said, _ := io.ReadAll(io.LimitReader(res.Body, 4096)) // what came is said
	words := strings.TrimSpace(string(said))
	if about, ok := strings.CutSuffix(words, calendar.ErrNoEvent.Error()); ok && res.StatusCode == http.StatusNotFound {
		return nil, fmt.Errorf("%s%w", about, calendar.ErrNoEvent)
	}
	return nil, fmt.Errorf("the daemon answers: %s", words)
}
