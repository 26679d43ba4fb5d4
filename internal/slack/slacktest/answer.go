package slacktest

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"
)

// A body is the JSON object of an answer.
type body map[string]any

// A method carries out one call for an app. The server's lock is held.
type method func(App, Call) (body, error)

// A refusal is an answer with ok:false.
type refusal struct {
	code       string
	retryAfter string // seconds; makes the answer a 429
	needed     string
	provided   string
	problems   []string // what is wrong with blocks
}

func (r refusal) Error() string { return r.code }

// refuse is a refusal of which only the error string matters.
func refuse(code string) error { return refusal{code: code} }

// webAPI lists the methods that are served.
func (s *Server) webAPI() map[string]method {
	return map[string]method{
		"auth.test":             s.authTest,
		postMethod:              s.postMessage,
		"chat.update":           s.updateMessage,
		"chat.delete":           s.deleteMessage,
		"conversations.history": s.history,
		"conversations.replies": s.replies,
		"conversations.info":    s.info,
		"conversations.list":    s.list,
		"conversations.members": s.members,
		"chat.postEphemeral":    s.postEphemeral,
		"users.info":            s.usersInfo,
		"usergroups.users.list": s.groupMembers,
		"views.open":            s.openView,
		"views.update":          s.updateView,
		"views.publish":         s.publishView,
		openMethod:              s.openConnection,
	}
}

// serve takes a request all the way to its answer. It returns an error when
// ctx ends, or the server is closed or unplugged, before the answer is due.
func (s *Server) serve(ctx context.Context, r *http.Request) (wire, error) {
	end, err := s.enter()
	if err != nil {
		return wire{}, err
	}
	defer s.serving.Done()
	call, err := readCall(r)
	if err != nil {
		return wire{}, err
	}
	s.record(&call)
	f := s.faultFor(call)
	w := s.decide(call, f)
	s.note(call.N, w)
	if err := hold(ctx, end, f.Hold); err != nil {
		return wire{}, err
	}
	return s.stamped(w), nil
}

var errClosed = errors.New("slacktest: server is closed or unplugged")

// enter counts a call in, unless the server is closed or unplugged. The channel
// is closed when that happens.
func (s *Server) enter() (end <-chan struct{}, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || !s.plugged {
		return nil, errClosed
	}
	s.serving.Add(1)
	return s.cut, nil
}

// decide does what the fault leaves to be done and returns the answer.
func (s *Server) decide(c Call, f Fault) wire {
	var result body
	var err error
	switch {
	case f.Skip:
		result = s.pretend(c)
	case f.Late > 0:
		s.postpone(c, f.Late)
		result = s.pretend(c)
		if f.Answer.made.kind == truth {
			f.Answer = Drop()
		}
	default:
		result, err = s.do(c)
	}
	honest := s.render(result, err, c)
	switch f.Answer.made.kind {
	case truth:
		return honest
	case cut:
		honest.kind, honest.name = cut, f.Answer.made.name
		return honest
	}
	return f.Answer.made
}

// do carries a call out, unless the rate or the token forbid it.
func (s *Server) do(c Call) (body, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.overLimit(c); err != nil {
		return nil, err
	}
	return s.run(c)
}

// run carries a call out, unless the token forbids it. The caller holds s.mu.
func (s *Server) run(c Call) (body, error) {
	if c.Method == responseMethod { // which needs no token
		return s.respond(c)
	}
	run, ok := s.methods[c.Method]
	if !ok {
		return nil, refuse("unknown_method")
	}
	app, err := s.appOf(c.Token)
	switch {
	case err != nil:
		return nil, err
	case strings.HasPrefix(app.Token, "xapp-") && c.Method != openMethod:
		return nil, refuse("not_allowed_token_type")
	}
	return run(app, c)
}

// postpone carries a call out after d.
func (s *Server) postpone(c Call, d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.late = append(s.late, time.AfterFunc(d, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if !s.closed {
			_, _ = s.run(c) // its answer was given before
		}
	}))
}

// pretend is the answer to a post that was never stored: a plausible ts under
// which nothing is found.
func (s *Server) pretend(c Call) body {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := c.Channel()
	if ch := s.byNameOrID(id); ch.ID != "" {
		id = ch.ID
	}
	ts := c.Form.Get("ts")
	if ts == "" {
		ts = s.clock.stamp().String()
	}
	text := c.Form.Get("text")
	return body{"channel": id, "ts": ts, "text": text,
		"message": messageJSON{Type: "message", TS: ts, ThreadTS: c.Form.Get("thread_ts"), Text: text}}
}

// render writes the true answer.
func (s *Server) render(b body, err error, c Call) wire {
	w := wire{kind: whole, name: "ok", status: http.StatusOK, header: http.Header{"Content-Type": {jsonType}}}
	if err == nil {
		all := body{"ok": true}
		for k, v := range b {
			all[k] = v
		}
		w.body = encode(all)
	} else {
		s.renderRefusal(&w, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if app, ok := s.apps[c.Token]; ok {
		w.header.Set("X-OAuth-Scopes", strings.Join(app.Scopes, ","))
	}
	return w
}

func (s *Server) renderRefusal(w *wire, err error) {
	r := refusal{code: "internal_error"}
	errors.As(err, &r)
	w.name = r.code
	b := body{"ok": false, "error": r.code}
	if r.retryAfter != "" {
		w.status = http.StatusTooManyRequests
		w.header.Set("Retry-After", r.retryAfter)
	}
	if r.needed != "" {
		b["needed"], b["provided"] = r.needed, r.provided
	}
	if len(r.problems) > 0 {
		messages := make([]string, len(r.problems))
		for i, p := range r.problems {
			messages[i] = "[ERROR] " + p
		}
		b["errors"], b["response_metadata"] = r.problems, body{"messages": messages}
	}
	w.body = encode(b)
}

func encode(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic("slacktest: " + err.Error()) // only strings, numbers and what came in as JSON
	}
	return string(b)
}

// hold waits for d, or returns an error when ctx or the connection ends first.
func hold(ctx context.Context, end <-chan struct{}, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-end:
		return errClosed
	}
}

// stamped adds the Date of the server's clock.
func (s *Server) stamped(w wire) wire {
	w.header = w.header.Clone()
	if w.header == nil {
		w.header = http.Header{}
	}
	w.header.Set("Date", s.Now().Format(http.TimeFormat))
	return w
}
