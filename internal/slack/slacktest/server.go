// Package slacktest is a Slack workspace inside a test: a server that speaks
// the part of the Web API which attache uses, keeps what it was told, shows a
// test what people would see, and fails in the ways Slack fails.
//
// It stands in for Slack in two places, with the same behaviour:
//
//   - [Start] listens on 127.0.0.1, for a client with real sockets;
//   - [Server.RoundTripper] answers an [http.Client] in process. A server made
//     with [New] inside a testing/synctest bubble then lives in the bubble's
//     time: delays cost nothing and a sleeping server does not stop the clock.
//
// What it holds to, because delivery depends on it:
//
//   - A post has no idempotency key. The same post sent twice is two messages.
//   - Every message has a ts of its own, seconds.micros, strictly increasing,
//     read from the server's clock, which may be ahead of or behind the
//     machine's ([Server.SetSkew]). The Date header comes from the same clock.
//   - Metadata payloads come back only to readers that ask for all metadata.
//   - History holds no replies, and may lag behind what people see
//     ([Server.SetLag]).
//   - What is done and what is answered are two things: a [Fault] sets either
//     without the other.
//
// Where Slack's behaviour is not published the stricter reading was taken, so
// that what passes here passes there: limits of text are counted in bytes on
// an update, blocks are weighed at the upper estimate, and a reply to a reply
// is refused.
//
// The app may open sockets, over which it is told what people press, choose, submit, write and
// open ([Server.Press], [Server.Choose], [Server.Submit], [Server.Command], [Server.OpenHome]).
// Each returns an [Envelope], of which a test asks whether and how fast it was acknowledged.
// Who listens through [Server.RoundTripper] connects through [Server.Dial].
//
// What attache does not use is not modelled: a block, say, of another sort than it sends
// is refused.
package slacktest

import (
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"
)

// The workspace a new server starts with: one app, one channel.
const (
	Token     = "xoxb-test"  // bot token of the app that is installed
	General   = "C0GENERAL"  // ID of the public channel "general"
	TeamID    = "T0TEST"     // ID of the workspace
	UserID    = "U0ATTACHE"  // bot user of the app
	BotID     = "B0ATTACHE"  // bot ID of the app
	AppID     = "A0ATTACHE"  // app ID of the app
	localhost = "127.0.0.1:" // where Start listens
	apiPath   = "/api/"      // path below which the methods stand
)

// A Server is one Slack workspace. Its methods may be called at any time from
// any goroutine, also from a script given to [Server.Fail].
type Server struct {
	methods map[string]method
	serving sync.WaitGroup // calls being answered
	script  sync.Mutex     // one run of the fault script at a time

	mu        sync.Mutex
	closed    bool
	cut       chan struct{} // closed when all connections end; replaced by Plug
	clock     clock
	lag       time.Duration
	apps      map[string]App     // by token
	channels  map[string]Channel // by ID
	order     []string           // IDs of channels, as they were added
	messages  map[string][]*message
	calls     []Call
	fail      func(Call) Fault
	queued    map[string][]Fault   // by method; "" is any method
	limit     time.Duration        // between posts to a channel
	next      map[string]time.Time // by ID of a channel, when the next post is let through
	tiers     map[string]*tier     // by method
	told      map[string]time.Time // by method, and for posts by channel too, until when callers were told to wait
	early     int                  // calls before that
	late      []*time.Timer
	socks     sockets
	views     map[string]*View // by the person who sees it
	homes     map[string]*View // likewise
	people    map[string]Person
	groups    map[string][]string // members by group
	whispers  []Whisper
	responses map[string]*replyTo
	problems  []string
	plugged   bool
	addr      string // host:port, empty without a listener
	http      *http.Server
}

// New returns a workspace that listens nowhere; it is reached through
// [Server.RoundTripper]. Inside a synctest bubble use New,
// and use it inside the bubble.
func New() *Server {
	s := &Server{
		cut:      make(chan struct{}),
		apps:     map[string]App{},
		channels: map[string]Channel{},
		messages: map[string][]*message{},
		queued:   map[string][]Fault{},
		next:     map[string]time.Time{},
		tiers:    map[string]*tier{},
		told:     map[string]time.Time{},
		socks:    sockets{patience: patience, tickets: map[string]bool{}, envelopes: map[string]*Envelope{}, triggers: map[string]trigger{}},
		views:    map[string]*View{}, homes: map[string]*View{}, people: map[string]Person{}, groups: map[string][]string{},
		responses: map[string]*replyTo{},
		plugged:   true,
	}
	s.methods = s.webAPI()
	s.Install(App{Token: Token})
	s.Install(App{Token: AppToken, Scopes: []string{"connections:write"}})
	s.SetChannel(Channel{ID: General, Name: "general", Member: true})
	return s
}

// Start returns a workspace that listens on a free port of 127.0.0.1. The
// caller closes it. Start panics when it cannot listen.
func Start() *Server {
	s := New()
	s.listen(localhost + "0")
	return s
}

// listen serves on addr until the server is closed or unplugged.
func (s *Server) listen(addr string) {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		panic("slacktest: " + err.Error()) // without an address there is nothing to test
	}
	srv := &http.Server{Handler: s.handler(), ErrorLog: log.New(io.Discard, "", 0)}
	s.mu.Lock()
	s.addr, s.http = l.Addr().String(), srv
	s.mu.Unlock()
	go srv.Serve(l)
}

// URL returns the base of the Web API, with its trailing slash, as slack-go's
// OptionAPIURL wants it. A server without a listener has a URL too: one that
// only its own [Server.RoundTripper] answers.
func (s *Server) URL() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.base()
}

// base is URL for who holds s.mu.
func (s *Server) base() string {
	if s.addr == "" {
		return "http://slack.test" + apiPath
	}
	return "http://" + s.addr + apiPath
}

// Close stops the server: held answers are dropped, late messages are never
// stored, and no call is answered any more. Closing twice does no harm.
func (s *Server) Close() {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return
	}
	s.closed = true
	for _, t := range s.late {
		t.Stop()
	}
	s.mu.Unlock()
	s.Unplug()
	s.serving.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.socks.pipes != nil {
		s.socks.pipes.Close()
	}
}

// Unplug makes Slack unreachable: connections are refused and those that stand
// are cut. What was stored stays stored.
func (s *Server) Unplug() {
	s.mu.Lock()
	srv := s.http
	if s.plugged {
		close(s.cut)
	}
	s.plugged, s.http = false, nil
	s.mu.Unlock()
	if srv != nil {
		srv.Close()
	}
	s.DropSockets()
}

// Plug makes Slack reachable again, under the same URL. A closed server stays
// closed.
func (s *Server) Plug() {
	s.mu.Lock()
	addr, had := s.addr, s.plugged
	if !had && !s.closed {
		s.plugged, s.cut = true, make(chan struct{})
	}
	again := addr != "" && !had && s.plugged
	s.mu.Unlock()
	if again {
		s.listen(addr)
	}
}
