package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"attache/internal/notice"

	"github.com/gorilla/websocket"
	slackgo "github.com/slack-go/slack"
)

// SocketConfig is what a [Socket] is made of.
type SocketConfig struct {
	// Token is the app token, xapp-….
	Token string
	// APIURL is the address of the Web API; "" is https://slack.com/api/.
	APIURL string
	// HTTPClient asks for the address of the socket; nil is as in Config.
	HTTPClient *http.Client
	// Dial connects to that address; nil is the usual way, through a proxy where the
	// environment names one.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Waits and OnWait are as in Config.
	Waits  map[string]time.Time
	OnWait func(waits map[string]time.Time)
	// Hear is given each envelope, in a goroutine of its own. It may take its time once it
	// has acknowledged.
	Hear func(ctx context.Context, e Envelope)
	// Guard runs what must not end the program with a panic; nil does not guard.
	Guard func(what string, fn func())
	// Log takes a line for each connection that begins or ends, none of which holds a token; nil is none.
	Log *slog.Logger
}

// Socket is the connection over which Slack tells what people press, write and open. It is
// kept up for as long as Run runs, whatever Slack does with it.
//
// The loop is attache's own: that of slack-go opens connections without a pause where they
// break at once, ends for good where a token is refused, tells nobody why Slack asked it to
// go, and writes an acknowledgement that was meant for one connection into the next.
type Socket struct {
	c       SocketConfig
	opener  *Slack // calls with the app token
	address string
	again   chan struct{} // holds one: it is tried now

	mu    sync.Mutex
	state SocketState
}

// SocketState is how it stands with a socket.
type SocketState struct {
	Connected bool
	Since     time.Time // when it was connected, zero where it is not
	Heard     time.Time // when something last came over it, zero for never
	Why       string    // what keeps it from being connected, "" where nothing does
	Off       bool      // Slack refuses it until somebody mends the token or the app
}

// Envelope is one thing that Slack tells.
type Envelope struct {
	Type    string // interactive, slash_commands, events_api
	Payload json.RawMessage
	// Ack tells Slack that it was heard, with what is to be shown at once; nil is nothing. People
	// see an error where it does not come within three seconds. Only the first call counts.
	Ack func(payload any) error
}

// How the socket is kept up.
const (
	noPing       = 35 * time.Second // without a ping for so long it is dead: Slack pings more often
	opensMinute  = 5                // at most, of new connections; Slack takes few more
	firstPause   = time.Second      // after a connection that broke soon, doubled with each
	longestPause = time.Minute
	soon         = time.Minute      // a connection that lived for less has failed
	offPause     = time.Minute      // while Slack refuses the token or the app, doubled likewise
	longestOff   = 15 * time.Minute // likewise
	atOnce       = 32               // envelopes that wait for their acknowledgement
	mostGarbage  = 10               // frames in a row that can't be read
	maxFrame     = 4 << 20          // bytes
	ackTimeout   = 5 * time.Second
	lastAcks     = 3 * time.Second // that a connection is held open for acknowledgements once Slack asked it to go
)

// NewSocket prepares a socket and connects to nothing. It returns an error for a token that is
// no app token.
func NewSocket(c SocketConfig) (*Socket, error) {
	c.Token = strings.TrimSpace(c.Token)
	if !strings.HasPrefix(c.Token, "xapp-") || strings.ContainsFunc(c.Token, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return nil, errors.New("this is no app token: one begins with xapp-, and stands under Basic Information, App-Level Tokens")
	}
	address, err := apiURL(c.APIURL)
	if err != nil {
		return nil, err
	}
	if c.HTTPClient == nil {
		c.HTTPClient = NewClient()
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Guard == nil {
		c.Guard = func(_ string, fn func()) { fn() }
	}
	api := slackgo.New("", slackgo.OptionAppLevelToken(c.Token), slackgo.OptionAPIURL(address), slackgo.OptionHTTPClient(once(c.HTTPClient)))
	return &Socket{
		c: c, address: address, again: make(chan struct{}, 1), state: SocketState{Why: connecting},
		opener: &Slack{api: api, token: c.Token, address: address, budget: newBudget(c.Token, c.Waits, c.OnWait), timeout: callTimeout, log: c.Log},
	}, nil
}

// Connects reports whether k is what NewSocket would make of c.
func (k *Socket) Connects(c SocketConfig) bool {
	address, err := apiURL(c.APIURL)
	return err == nil && k.c.Token == strings.TrimSpace(c.Token) && k.address == address
}

// State returns how it stands with the socket.
func (k *Socket) State() SocketState {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.state
}

// Retry tries at once what Slack refused: somebody may have put something right.
func (k *Socket) Retry() {
	select {
	case k.again <- struct{}{}:
	default:
	}
}

func (k *Socket) note(change func(*SocketState)) {
	k.mu.Lock()
	defer k.mu.Unlock()
	change(&k.state)
}

// Run keeps the socket connected until ctx ends, and returns once all that was acknowledged is
// worked off.
func (k *Socket) Run(ctx context.Context) {
	var working sync.WaitGroup
	defer working.Wait()
	slots := make(chan struct{}, atOnce)
	var opened []time.Time
	pause, off := firstPause, offPause
	for ctx.Err() == nil {
		opened = k.spare(ctx, opened)
		began := time.Now()
		err := k.connect(ctx, &working, slots)
		if ctx.Err() != nil {
			return
		}
		var wait time.Duration
		refused := isOff(err)
		switch {
		case refused:
			wait, off = off, min(2*off, longestOff)
		case time.Since(began) < soon:
			wait, pause, off = pause, min(2*pause, longestPause), offPause
		default:
			pause, off = firstPause, offPause
		}
		wait = max(wait, limit(err))
		k.down(err, refused, wait)
		k.wait(ctx, wait+rand.N(wait/4+1))
	}
}

// spare waits until a connection may be opened again, and notes that one is.
func (k *Socket) spare(ctx context.Context, opened []time.Time) []time.Time {
	if len(opened) == opensMinute {
		pause(ctx, time.Until(opened[0].Add(time.Minute+time.Second)))
		opened = opened[1:]
	}
	return append(opened, time.Now())
}

// wait waits for so long, or until somebody wants it to be tried now.
func (k *Socket) wait(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-k.again:
	case <-time.After(d):
	}
}

// connecting is why a socket is not connected that was not tried yet.
const connecting = "is being connected"

// down notes why the socket is not connected.
func (k *Socket) down(err error, off bool, wait time.Duration) {
	why := "Slack closed it"
	if err != nil {
		why = err.Error()
	}
	before := k.State()
	k.note(func(s *SocketState) { s.Connected, s.Since, s.Why, s.Off = false, time.Time{}, why, off })
	switch {
	case wait == 0:
		k.c.Log.Debug("the Slack socket is connected anew", "why", why)
	case before.Connected || before.Why == connecting || before.Off != off: // else it is down as it was
		k.c.Log.Warn("slack: no buttons and commands for now: "+why, "again_in", wait)
	}
}

// offError is what somebody has to mend in the app before a socket can be connected.
type offError struct{ words string }

func (e *offError) Error() string { return e.words }

// switchedOff is what link_disabled means.
const switchedOff = "link_disabled: Socket Mode is switched off in the settings of the Slack app: switch it on there, or take slack.app_token_file out"

// isOff reports whether Slack refuses the socket until somebody does something.
func isOff(err error) bool {
	var off *offError
	var sent *notice.SendError
	return errors.As(err, &off) || errors.As(err, &sent) && sent.Result == notice.SinkDown
}

// connect opens a connection and serves it until it ends. A nil error says that Slack asked
// it to go, or closed it in order.
func (k *Socket) connect(ctx context.Context, working *sync.WaitGroup, slots chan struct{}) error {
	conn, err := k.dial(ctx)
	if err != nil {
		return err
	}
	l := &connection{socket: k, conn: conn, working: working, slots: slots}
	stop := context.AfterFunc(ctx, func() { l.close(lastAcks) })
	defer stop()
	err = l.read(ctx)
	l.close(lastAcks)
	return err
}

// Check asks for the address of a socket and connects to nothing. The error is a
// *notice.SendError where Slack refuses it.
func (k *Socket) Check(ctx context.Context) error {
	_, err := k.ask(ctx)
	return err
}

// ask asks for the address of a socket, which is good for one connection.
func (k *Socket) ask(ctx context.Context) (address string, err error) {
	const method = "apps.connections.open"
	x, err := k.opener.call(ctx, method, func(ctx context.Context) (err error) {
		_, address, err = k.opener.api.StartSocketModeContext(ctx)
		return err
	})
	if err != nil || address == "" {
		return "", k.opener.failure(ctx, method, x, err, nil)
	}
	if !strings.HasPrefix(address, "wss://") && !(strings.HasPrefix(address, "ws://") && strings.HasPrefix(k.address, "http://")) {
		return "", errors.New(method + ": the address of the socket is not wss://")
	}
	return address, nil
}

// dial connects to a socket.
func (k *Socket) dial(ctx context.Context) (*websocket.Conn, error) {
	address, err := k.ask(ctx)
	if err != nil {
		return nil, err
	}
	d := websocket.Dialer{
		NetDialContext: k.c.Dial, Proxy: http.ProxyFromEnvironment, HandshakeTimeout: 10 * time.Second,
		WriteBufferSize: 32 << 10, // Slack does not put messages together that come in pieces
	}
	conn, _, err := d.DialContext(ctx, address, nil)
	if err != nil {
		return nil, fmt.Errorf("connect the socket: %s", k.opener.redact(strings.ReplaceAll(err.Error(), address, "its address")))
	}
	return conn, nil
}

// connection is one connection.
type connection struct {
	socket  *Socket
	conn    *websocket.Conn
	working *sync.WaitGroup
	slots   chan struct{}

	write   sync.Mutex
	unacked sync.WaitGroup // envelopes that wait for their acknowledgement
}

// close closes the connection once what came over it is acknowledged, or after d.
func (l *connection) close(d time.Duration) {
	acked := make(chan struct{})
	go func() { l.unacked.Wait(); close(acked) }()
	select {
	case <-acked:
	case <-time.After(d):
	}
	_ = l.conn.Close() // there is nothing more to be had of it
}

// frame is what comes over a connection.
type frame struct {
	Type     string          `json:"type"`
	Reason   string          `json:"reason"`
	Envelope string          `json:"envelope_id"`
	Payload  json.RawMessage `json:"payload"`
}

// read reads what comes until the connection ends.
func (l *connection) read(ctx context.Context) error {
	l.conn.SetReadLimit(maxFrame)
	alive := func() error { return l.conn.SetReadDeadline(time.Now().Add(noPing)) }
	if err := alive(); err != nil {
		return fmt.Errorf("the socket: %w", err)
	}
	l.conn.SetPingHandler(func(data string) error {
		l.write.Lock()
		defer l.write.Unlock()
		_ = l.conn.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(ackTimeout)) // a connection that can't be written to can't be read for long
		return alive()
	})
	garbage := 0
	for {
		_, text, err := l.conn.ReadMessage()
		if err != nil {
			return l.ended(err)
		}
		var f frame
		if json.Unmarshal(text, &f) != nil {
			if garbage++; garbage == mostGarbage {
				return errors.New("the socket sends what can't be read")
			}
			l.socket.c.Log.Debug("slack: a frame that can't be read", "bytes", len(text))
			continue
		}
		garbage = 0
		if over, err := l.take(ctx, f); over {
			return err
		}
	}
}

// ended returns why the connection ended, nil where it was in order.
func (l *connection) ended(err error) error {
	var n net.Error
	switch {
	case websocket.IsCloseError(err, websocket.CloseNormalClosure, websocket.CloseGoingAway):
		return nil
	case errors.As(err, &n) && n.Timeout():
		return fmt.Errorf("the socket was silent for %s", noPing)
	}
	return fmt.Errorf("the socket broke: %s", l.socket.opener.redact(err.Error()))
}

// take does what a frame asks for, and reports whether the connection is over with that.
func (l *connection) take(ctx context.Context, f frame) (over bool, err error) {
	switch f.Type {
	case "hello":
		l.socket.note(func(s *SocketState) {
			heard := s.Heard
			*s = SocketState{Connected: true, Since: time.Now(), Heard: heard}
		})
		l.socket.c.Log.Info("slack: buttons and commands work: the socket is connected")
	case "disconnect":
		if f.Reason == "link_disabled" {
			return true, &offError{switchedOff}
		}
		if f.Reason == "too_many_websockets" {
			return true, errors.New("too_many_websockets: too many programs use this app token: stop the others")
		}
		return true, nil
	case "interactive", "slash_commands", "events_api":
		if f.Envelope == "" {
			return false, nil // nobody could be answered
		}
		l.hear(ctx, f)
	}
	return false, nil
}

// hear has an envelope worked on.
func (l *connection) hear(ctx context.Context, f frame) {
	l.socket.note(func(s *SocketState) { s.Heard = time.Now() })
	l.slots <- struct{}{}
	l.unacked.Add(1)
	var once sync.Once
	free := func() { l.unacked.Done(); <-l.slots } // what is done after the acknowledgement keeps nobody waiting
	l.working.Go(func() {
		defer func() { once.Do(free) }()
		l.socket.c.Guard("an answer from Slack", func() {
			l.socket.c.Hear(ctx, Envelope{Type: f.Type, Payload: f.Payload, Ack: func(payload any) (err error) {
				once.Do(func() {
					defer free()
					err = l.ack(f.Envelope, payload)
				})
				return err
			}})
		})
	})
}

// maxAck is how long an acknowledgement may be: Slack drops longer ones without a word.
const maxAck = 20<<10 - 1

// ack writes an acknowledgement into the connection over which the envelope came.
func (l *connection) ack(id string, payload any) error {
	a := struct {
		Envelope string `json:"envelope_id"`
		Payload  any    `json:"payload,omitempty"`
	}{id, payload}
	text, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("acknowledge: %w", err)
	}
	if len(text) > maxAck {
		return fmt.Errorf("acknowledge: %d bytes are more than Slack takes", len(text))
	}
	l.write.Lock()
	defer l.write.Unlock()
	if err := l.conn.SetWriteDeadline(time.Now().Add(ackTimeout)); err != nil {
		return fmt.Errorf("acknowledge: %w", err)
	}
	if err := l.conn.WriteMessage(websocket.TextMessage, text); err != nil {
		return fmt.Errorf("acknowledge: %s", l.socket.opener.redact(err.Error()))
	}
	return nil
}
