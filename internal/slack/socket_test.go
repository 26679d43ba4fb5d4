package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"attache/internal/slack/slacktest"
)

var alice = slacktest.Person{ID: "U0ALICE", Name: "Alice"}

// ear is a socket that runs in virtual time, and the Slack that it listens to.
type ear struct {
	*slacktest.Server
	socket *Socket
	log    *logText
	heard  atomic.Int64
}

// logText is a log that is read while it is written.
type logText struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logText) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *logText) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// listens runs a test with a socket that acknowledges all it hears by hear, or at once.
func listens(t *testing.T, hear func(context.Context, Envelope), test func(t *testing.T, e *ear)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		e := &ear{Server: slacktest.New(), log: &logText{}}
		defer e.Close()
		var err error
		e.socket, err = NewSocket(SocketConfig{
			Token: slacktest.AppToken, APIURL: e.URL(), HTTPClient: &http.Client{Transport: e.RoundTripper()}, Dial: e.Dial,
			Log: slog.New(slog.NewTextHandler(e.log, nil)),
			Hear: func(ctx context.Context, env Envelope) {
				e.heard.Add(1)
				if hear != nil {
					hear(ctx, env)
				} else if err := env.Ack(nil); err != nil {
					t.Log(err)
				}
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { e.socket.Run(ctx); close(done) }()
		synctest.Wait()
		test(t, e)
		stop()
		<-done
	})
}

// works demands that a command is acknowledged.
func (e *ear) works(t *testing.T) {
	t.Helper()
	if _, err := e.Command(alice, slacktest.General, "next").Wait(); err != nil {
		t.Errorf("%v; the socket: %+v\n%s", err, e.socket.State(), e.log)
	}
}

// mostOpens returns how many connections were opened at most within a minute.
func (e *ear) mostOpens() (most int) {
	calls := e.Calls("apps.connections.open")
	for i := range calls {
		n := 0
		for _, c := range calls[i:] {
			if c.At.Sub(calls[i].At) < time.Minute {
				n++
			}
		}
		most = max(most, n)
	}
	return most
}

func TestSocket_ComesBackWhateverEndsIt(t *testing.T) {
	for name, end := range map[string]func(*slacktest.Server){
		"asked to go": func(s *slacktest.Server) { s.Disconnect("refresh_requested") },
		"warned":      func(s *slacktest.Server) { s.Disconnect("warning") },
		"cut":         func(s *slacktest.Server) { s.DropSockets() },
		"garbage":     func(s *slacktest.Server) { s.SendFrame("\x00garbage"); s.SendFrame("[1,2]"); s.SendFrame(`{"type":7}`) },
		"much garbage": func(s *slacktest.Server) {
			for range 30 {
				s.SendFrame("garbage")
			}
		},
		"unknown frames": func(s *slacktest.Server) {
			s.SendFrame(`{"type":"poem"}`)
			s.SendFrame(`{"type":"interactive"}`)
			s.SendFrame(`{}`)
		},
		"no pings":        func(s *slacktest.Server) { s.Pings(false); time.Sleep(36 * time.Second); s.Pings(true) },
		"out of reach":    func(s *slacktest.Server) { s.Unplug(); time.Sleep(10 * time.Minute); s.Plug() },
		"a frame too big": func(s *slacktest.Server) { go s.SendFrame(strings.Repeat("x", 5<<20)) },
	} {
		listens(t, nil, func(t *testing.T, e *ear) {
			e.works(t)
			end(e.Server)
			time.Sleep(90 * time.Second)
			if !e.socket.State().Connected {
				t.Errorf("%s: %+v", name, e.socket.State())
			}
			e.works(t)
			if n := e.mostOpens(); n > opensMinute {
				t.Errorf("%s: %d opens in a minute", name, n)
			}
		})
	}
}

func TestSocket_AnHourOfConnectionsThatBreakAtOnce(t *testing.T) {
	listens(t, nil, func(t *testing.T, e *ear) {
		e.AcceptAndDrop(true)
		time.Sleep(time.Hour)
		if n := e.mostOpens(); n > opensMinute {
			t.Errorf("%d opens in a minute", n)
		}
		if s := e.socket.State(); s.Connected || s.Off || s.Why == "" {
			t.Errorf("%+v", s)
		}
		if n := strings.Count(e.log.String(), "\n"); n > 10 {
			t.Errorf("%d lines in the log:\n%s", n, e.log)
		}
		e.AcceptAndDrop(false)
		time.Sleep(2 * time.Minute)
		e.works(t)
	})
}

func TestSocket_AnHourOfConnectionsThatEndWhenTheyWork(t *testing.T) {
	listens(t, nil, func(t *testing.T, e *ear) {
		for range 3600 {
			e.DropSockets()
			time.Sleep(time.Second)
		}
		if n := e.mostOpens(); n > opensMinute {
			t.Errorf("%d opens in a minute", n)
		}
		if n := strings.Count(e.log.String(), "\n"); n > 200 {
			t.Errorf("%d lines in the log:\n%.2000s", n, e.log)
		}
		time.Sleep(2 * time.Minute)
		e.works(t)
	})
}

func TestSocket_RefusedUntilMended(t *testing.T) {
	for name, tt := range map[string]struct {
		break_, mend func(*slacktest.Server)
		why          string
	}{
		"token":   {func(s *slacktest.Server) { s.Refuse(slacktest.AppToken, "invalid_auth") }, func(s *slacktest.Server) { s.Refuse(slacktest.AppToken, "") }, "invalid_auth"},
		"revoked": {func(s *slacktest.Server) { s.Refuse(slacktest.AppToken, "token_revoked") }, func(s *slacktest.Server) { s.Refuse(slacktest.AppToken, "") }, "token_revoked"},
		"scope": {func(s *slacktest.Server) { s.Install(slacktest.App{Token: slacktest.AppToken, Scopes: []string{"x"}}) }, func(s *slacktest.Server) {
			s.Install(slacktest.App{Token: slacktest.AppToken, Scopes: []string{"connections:write"}})
		}, "connections:write"},
		"socket mode": {func(s *slacktest.Server) { s.SwitchSocketMode(false) }, func(s *slacktest.Server) { s.SwitchSocketMode(true) }, "Socket Mode is switched off in the settings"},
	} {
		listens(t, nil, func(t *testing.T, e *ear) {
			tt.break_(e.Server)
			e.DropSockets()
			time.Sleep(24 * time.Hour)
			if s := e.socket.State(); s.Connected || !s.Off || !strings.Contains(s.Why, tt.why) || strings.Contains(s.Why, "xapp-1") {
				t.Errorf("%s: %+v\n%.3000s", name, s, e.log)
			}
			if n := len(e.Calls("apps.connections.open")); n > 120 || n < 24 {
				t.Errorf("%s: %d opens in a day", name, n)
			}
			tt.mend(e.Server)
			e.socket.Retry()
			time.Sleep(time.Minute)
			e.works(t)
		})
	}
}

func TestSocket_LimitIsKept(t *testing.T) {
	listens(t, nil, func(t *testing.T, e *ear) {
		e.FailNext("apps.connections.open", slacktest.Fault{Skip: true, Answer: slacktest.TooMany("90")})
		e.DropSockets()
		time.Sleep(3 * time.Minute)
		if calls := e.Calls("apps.connections.open"); len(calls) != 3 || calls[2].At.Sub(calls[1].At) < 90*time.Second {
			t.Errorf("%d calls", len(calls))
		}
		e.works(t)
	})
}

func TestSocket_StopWorksOffWhatIsAcknowledged(t *testing.T) {
	var done atomic.Bool
	listens(t, func(_ context.Context, env Envelope) {
		if err := env.Ack(map[string]string{"text": "yes"}); err != nil {
			t.Error(err)
		}
		time.Sleep(5 * time.Second)
		done.Store(true)
	}, func(t *testing.T, e *ear) {
		e.works(t)
	})
	if !done.Load() {
		t.Error("it was acknowledged and left")
	}
}

func TestSocket_AcknowledgesOverItsOwnConnection(t *testing.T) {
	lost := make(chan error, 1)
	listens(t, func(_ context.Context, env Envelope) {
		time.Sleep(10 * time.Second)
		lost <- env.Ack(nil)
	}, func(t *testing.T, e *ear) {
		env := e.Command(alice, slacktest.General, "next")
		e.DropSockets()
		if _, err := env.Wait(); err == nil {
			t.Error("it is acknowledged")
		}
		time.Sleep(time.Minute)
		if <-lost == nil {
			t.Error("an acknowledgement was written to a connection that is gone")
		}
	})
}

func TestSocket_LongAcknowledgementIsRefused(t *testing.T) {
	listens(t, func(_ context.Context, env Envelope) {
		if err := env.Ack(strings.Repeat("x", 21<<10)); err == nil {
			t.Error("Slack drops it without a word")
		}
	}, func(t *testing.T, e *ear) {
		if _, err := e.Command(alice, slacktest.General, "next").Wait(); err == nil {
			t.Error("it is acknowledged")
		}
	})
}

func TestNewSocket_Tokens(t *testing.T) {
	for token, good := range map[string]bool{"xapp-1-A": true, " xapp-1-A\n": true, "": false, "xoxb-1": false, "xapp-1 2": false} {
		_, err := NewSocket(SocketConfig{Token: token})
		if (err == nil) != good || err != nil && token != "" && strings.Contains(err.Error(), token) {
			t.Errorf("%q: %v", token, err)
		}
	}
}

func TestSocket_PayloadsOfAnyShapeAreHanded(t *testing.T) {
	listens(t, func(_ context.Context, env Envelope) {
		if !json.Valid(env.Payload) && len(env.Payload) > 0 {
			t.Errorf("%s", env.Payload)
		}
		_ = env.Ack(nil) // what counts is that it came
	}, func(t *testing.T, e *ear) {
		for _, p := range []string{`null`, `7`, `"x"`, `[]`, `{}`} {
			e.SendFrame(`{"type":"interactive","envelope_id":"E","payload":` + p + `}`)
		}
		e.SendFrame(`{"type":"interactive","envelope_id":"E"}`)
		synctest.Wait()
		if n := e.heard.Load(); n != 6 {
			t.Errorf("%d were heard", n)
		}
	})
}
