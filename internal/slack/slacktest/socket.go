package slacktest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// AppToken is the app-level token of the app, which opens sockets.
const AppToken = "xapp-1-test"

const (
	openMethod  = "apps.connections.open"
	linkPath    = "/link/"
	pingEvery   = 10 * time.Second // as often as Slack's own servers ping, roughly
	maxSockets  = 10               // of an app
	maxResponse = 20 * 1024        // bytes of an acknowledgement; Slack drops longer ones without a word
	patience    = 3 * time.Second  // what takes longer, people see as an error, and no trigger_id lives longer
)

// sockets is Socket Mode: who is connected, and what was sent to whom.
type sockets struct {
	live      []*socket
	tickets   map[string]bool // that were not used yet
	numbers   int             // of tickets, envelopes and triggers
	patience  time.Duration
	off       bool // Socket Mode is switched off
	accept    bool // connections are dropped as soon as they stand
	noPings   bool
	envelopes map[string]*Envelope // those that wait for an acknowledgement
	triggers  map[string]trigger
	pipes     *pipes
}

// trigger is leave to open a view, for some seconds and once.
type trigger struct {
	user    string
	expires time.Time
	used    bool
}

// socket is one connection of the app.
type socket struct {
	conn  *websocket.Conn
	write sync.Mutex
	gone  chan struct{} // closed when it is
}

func (k *socket) send(text string) error {
	k.write.Lock()
	defer k.write.Unlock()
	if err := k.conn.SetWriteDeadline(time.Now().Add(5 * time.Second)); err != nil {
		return err
	}
	return k.conn.WriteMessage(websocket.TextMessage, []byte(text))
}

// openConnection is apps.connections.open.
func (s *Server) openConnection(a App, _ Call) (body, error) {
	if !strings.HasPrefix(a.Token, "xapp-") {
		return nil, refuse("not_allowed_token_type")
	}
	if err := a.demand("connections:write"); err != nil {
		return nil, err
	}
	ticket := s.number("ticket")
	s.socks.tickets[ticket] = true
	return body{"url": "ws" + strings.TrimPrefix(strings.TrimSuffix(s.base(), apiPath), "http") + linkPath + ticket}, nil
}

// number returns a name that was not given before. The caller holds s.mu.
func (s *Server) number(of string) string {
	s.socks.numbers++
	return of + "-" + strconv.Itoa(s.socks.numbers)
}

var upgrader = websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }} // it comes from no page

// link takes a connection at the address that apps.connections.open gave.
func (s *Server) link(out http.ResponseWriter, r *http.Request) {
	ticket := strings.TrimPrefix(r.URL.Path, linkPath)
	s.mu.Lock()
	good, accept := s.socks.tickets[ticket] && s.plugged && !s.closed, s.socks.accept
	delete(s.socks.tickets, ticket)
	s.mu.Unlock()
	if !good {
		http.Error(out, "no such ticket", http.StatusNotFound)
		return
	}
	conn, err := upgrader.Upgrade(out, r, nil)
	if err != nil {
		return // it has answered
	}
	if accept {
		conn.Close()
		return
	}
	s.hold(&socket{conn: conn, gone: make(chan struct{})})
}

// hold keeps a connection until it ends.
func (s *Server) hold(k *socket) {
	s.mu.Lock()
	off, n := s.socks.off, len(s.socks.live)+1
	if !off && n <= maxSockets {
		s.socks.live = append(s.socks.live, k)
	}
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		for i, other := range s.socks.live {
			if other == k {
				s.socks.live = append(s.socks.live[:i:i], s.socks.live[i+1:]...)
				break
			}
		}
		s.mu.Unlock()
		close(k.gone)
		k.conn.Close()
	}()
	switch {
	case off:
		_ = k.send(disconnect("link_disabled")) // it ends either way
		return
	case n > maxSockets:
		_ = k.send(disconnect("too_many_websockets")) // as above
		return
	}
	hello := body{"type": "hello", "num_connections": n, "connection_info": body{"app_id": AppID},
		"debug_info": body{"host": "applink-test", "approximate_connection_time": 18060}}
	if k.send(encode(hello)) != nil {
		return
	}
	go s.ping(k)
	for {
		_, text, err := k.conn.ReadMessage()
		if err != nil {
			return
		}
		s.acknowledged(text)
	}
}

func disconnect(reason string) string {
	return encode(body{"type": "disconnect", "reason": reason, "debug_info": body{"host": "applink-test"}})
}

// ping pings a connection until it ends.
func (s *Server) ping(k *socket) {
	for {
		s.mu.Lock()
		quiet := s.socks.noPings
		s.mu.Unlock()
		if !quiet {
			k.write.Lock()
			err := k.conn.WriteControl(websocket.PingMessage, []byte("Ping from applink-test"), time.Now().Add(5*time.Second))
			k.write.Unlock()
			if err != nil {
				return
			}
		}
		select {
		case <-k.gone:
			return
		case <-time.After(pingEvery):
		}
	}
}

// Sockets returns how many connections the app has.
func (s *Server) Sockets() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.socks.live)
}

// SetPatience sets how long an acknowledgement may take, and how long a trigger_id lives: on a
// busy machine nothing is to be measured by Slack's three seconds.
func (s *Server) SetPatience(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.socks.patience = d
}

// SwitchSocketMode switches Socket Mode of the app off, or on again. The connections that
// stand are told, and closed.
func (s *Server) SwitchSocketMode(on bool) {
	s.mu.Lock()
	s.socks.off = !on
	s.mu.Unlock()
	if !on {
		s.Disconnect("link_disabled")
	}
}

// AcceptAndDrop makes every new connection end as soon as it stands, or not any more.
func (s *Server) AcceptAndDrop(on bool) {
	s.mu.Lock()
	s.socks.accept = on
	s.mu.Unlock()
	if on {
		s.DropSockets()
	}
}

// Pings makes the server ping, which it does from the beginning, or not.
func (s *Server) Pings(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.socks.noPings = !on
}

// Disconnect asks every connection to go, for a reason such as warning or refresh_requested,
// and closes it.
func (s *Server) Disconnect(reason string) {
	for _, k := range s.connections() {
		_ = k.send(disconnect(reason)) // it is closed either way
		k.conn.Close()
	}
}

// DropSockets cuts every connection.
func (s *Server) DropSockets() {
	for _, k := range s.connections() {
		k.conn.Close()
	}
}

// SendFrame sends a frame with any text to every connection.
func (s *Server) SendFrame(text string) {
	for _, k := range s.connections() {
		_ = k.send(text) // one that is gone gets none
	}
}

func (s *Server) connections() []*socket {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]*socket(nil), s.socks.live...)
}

// An Envelope is what the app was sent, and what it acknowledged.
type Envelope struct {
	ID      string
	Type    string // interactive, slash_commands, events_api
	Payload json.RawMessage

	s    *Server
	sent time.Time
	done chan struct{} // closed when it is acknowledged
	took time.Duration
	ack  json.RawMessage // the payload of the acknowledgement
	view *View           // whose submission it is
	to   [2]string       // channel and user of a command
}

// ErrUnheard is the error of what nobody acknowledged in time: people see a warning beside
// what they pressed.
var ErrUnheard = errors.New("slacktest: it was not acknowledged")

// deliver sends a payload over one of the connections. Without any, or where it breaks, the
// envelope is never acknowledged.
func (s *Server) deliver(kind string, payload any) *Envelope {
	return s.send(&Envelope{Type: kind, Payload: json.RawMessage(encode(payload))})
}

// send sends an envelope that has all but its name.
func (s *Server) send(e *Envelope) *Envelope {
	s.mu.Lock()
	e.ID, e.s, e.sent, e.done = s.number("envelope"), s, time.Now(), make(chan struct{})
	s.socks.envelopes[e.ID] = e
	s.mu.Unlock()
	text := encode(body{"envelope_id": e.ID, "type": e.Type, "accepts_response_payload": e.Type != "events_api", "payload": e.Payload})
	for _, k := range s.connections() {
		if k.send(text) == nil {
			break
		}
	}
	return e
}

// Again delivers the same payload once more in an envelope of its own, as Slack does where it
// does not know whether it arrived.
func (e *Envelope) Again() *Envelope {
	return e.s.send(&Envelope{Type: e.Type, Payload: e.Payload, to: e.to})
}

// Wait waits for the acknowledgement and returns what it carries. The error is ErrUnheard
// where none comes in time, which is three seconds without SetPatience.
func (e *Envelope) Wait() (json.RawMessage, error) {
	e.s.mu.Lock()
	timer := time.NewTimer(e.s.socks.patience - time.Since(e.sent))
	e.s.mu.Unlock()
	defer timer.Stop()
	select {
	case <-e.done:
		return e.ack, nil
	case <-timer.C:
		return nil, ErrUnheard
	}
}

// Took returns how long the acknowledgement took.
func (e *Envelope) Took() time.Duration {
	<-e.done
	return e.took
}

// acknowledged takes what the app wrote into a connection.
func (s *Server) acknowledged(text []byte) {
	var a struct {
		ID      string          `json:"envelope_id"`
		Payload json.RawMessage `json:"payload"`
	}
	if len(text) > maxResponse || json.Unmarshal(text, &a) != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.socks.envelopes[a.ID]
	if e == nil {
		return
	}
	delete(s.socks.envelopes, a.ID)
	e.took, e.ack = time.Since(e.sent), a.Payload
	if e.took <= s.socks.patience {
		s.answered(e)
	}
	close(e.done)
}

// Dial connects in process, for the dialler of a client of a server without a listener.
func (s *Server) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	s.mu.Lock()
	listens, up := s.addr != "", s.plugged && !s.closed
	if up && !listens && s.socks.pipes == nil {
		s.socks.pipes = &pipes{incoming: make(chan net.Conn), closed: make(chan struct{})}
		srv := &http.Server{Handler: s.handler(), ErrorLog: log.New(io.Discard, "", 0)}
		go srv.Serve(s.socks.pipes)
	}
	p := s.socks.pipes
	s.mu.Unlock()
	switch {
	case !up:
		return nil, fmt.Errorf("dial %s: connection refused", address)
	case listens:
		return (&net.Dialer{}).DialContext(ctx, network, address)
	}
	client, server := net.Pipe()
	select {
	case p.incoming <- server:
		return client, nil
	case <-p.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// pipes is a listener whose connections come from Dial.
type pipes struct {
	incoming chan net.Conn
	closed   chan struct{}
	once     sync.Once
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.incoming:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "slack.test", Net: "pipe"} }
