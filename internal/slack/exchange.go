package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"attache/internal/notice"
)

// An exchange is one request and what came of it. It sees what slack-go does
// not pass on: how far the request got, the headers, and the answer when its
// status is not 200 or slack-go cannot read it.
type exchange struct {
	asked, connected, wrote atomic.Bool // set by the transport, perhaps late

	held       time.Duration // it was not made: Slack asked to wait for so much longer
	status     int
	date       time.Time // UTC, from the Date header; zero without one
	retryAfter string    // the header as it came
	body       []byte
	answer     apiAnswer
}

// apiAnswer is what every answer of the Web API has in common.
type apiAnswer struct {
	OK       bool   `json:"ok"`
	Error    string `json:"error"`
	Needed   string `json:"needed"` // the scope that is missing
	Metadata struct {
		Messages   []string `json:"messages"`
		NextCursor string   `json:"next_cursor"`
	} `json:"response_metadata"`
}

type exchangeKey struct{}

// attach returns a context in which a request is seen by x.
func (x *exchange) attach(ctx context.Context) context.Context {
	ctx = context.WithValue(ctx, exchangeKey{}, x)
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn:      func(string) { x.asked.Store(true) },
		GotConn:      func(httptrace.GotConnInfo) { x.connected.Store(true) },
		WroteHeaders: func() { x.wrote.Store(true) },
	})
}

// unsent reports that no byte of the request can have left, seeing that it failed
// with err.
func (x *exchange) unsent(ctx context.Context, err error) bool {
	switch {
	case err == nil || x.status != 0 || x.wrote.Load():
		return false
	case x.connected.Load(): // a transport that was told to stop may yet be writing
		return ctx.Err() == nil && !timedOut(err)
	}
	var op *net.OpError
	return x.asked.Load() || errors.As(err, &op) && op.Op == "dial"
}

func timedOut(err error) bool {
	var n net.Error
	return errors.Is(err, context.Canceled) || errors.As(err, &n) && n.Timeout()
}

// maxBody is more than any answer to a request of ours has.
const maxBody = 16 << 20

// read takes down the answer, and leaves it in r for slack-go to read again.
func (x *exchange) read(r *http.Response) {
	x.status = r.StatusCode
	x.retryAfter = r.Header.Get("Retry-After")
	if t, err := http.ParseTime(r.Header.Get("Date")); err == nil {
		x.date = t.UTC()
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	r.Body.Close()
	x.body = body
	if json.Unmarshal(body, &x.answer) != nil {
		x.answer = apiAnswer{}
	}
	if err == nil {
		err = io.EOF
	}
	r.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), failing{err}))
}

// failing is the end of a body, or how it broke off.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// turnedAway reports whether Slack took the request for one too many.
func (x *exchange) turnedAway() bool {
	reason, known := outcome(x.answer.Error)
	return x.status == http.StatusTooManyRequests ||
		x.status == http.StatusOK && !x.answer.OK && known && reason == notice.Limited
}

// decode reads the answer into v. It is an error if Slack did not say that all
// is well: an empty object is no empty list.
func (x *exchange) decode(v any) error {
	if x.status != http.StatusOK || !x.answer.OK {
		return errors.New("the answer does not say ok")
	}
	if err := json.Unmarshal(x.body, v); err != nil {
		return errors.New("the answer is not as expected")
	}
	return nil
}

const (
	defaultWait = 30 * time.Second
	maxWait     = 24 * time.Hour
)

// wait returns how long Slack asks to wait: seconds or, as RFC 9110 §10.2.3 allows
// too, a date. Without a usable header it is half a minute.
func (x *exchange) wait() time.Duration {
	h := strings.TrimSpace(x.retryAfter)
	if n, err := strconv.Atoi(h); err == nil && n > 0 {
		return time.Duration(min(n, int(maxWait/time.Second))) * time.Second
	}
	if t, err := http.ParseTime(h); err == nil && t.After(x.date) && !x.date.IsZero() {
		return min(t.Sub(x.date), maxWait)
	}
	return defaultWait
}

// A doer sends requests for slack-go, each once.
type doer struct{ client *http.Client }

// Do sends r and shows the answer to the exchange that r belongs to.
func (d doer) Do(r *http.Request) (*http.Response, error) {
	resp, err := d.client.Do(r)
	if err != nil {
		return nil, err
	}
	if x, ok := r.Context().Value(exchangeKey{}).(*exchange); ok {
		x.read(resp)
	}
	return resp, nil
}

// once returns a client like c that follows no redirects: a 307 would post again.
func once(c *http.Client) doer {
	own := *c
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return doer{&own}
}

// NewClient returns the client that is used where none is given: it gives up early on each
// step of a request. Whoever makes one Slack after the other gives all of them the same,
// so that the connections of the earlier ones are used on.
func NewClient() *http.Client {
	return &http.Client{Transport: &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:   5 * time.Second,
		ResponseHeaderTimeout: callTimeout,
		IdleConnTimeout:       time.Minute,
		MaxIdleConnsPerHost:   4,
		ForceAttemptHTTP2:     true,
	}}
}
