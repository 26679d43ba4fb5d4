package slacktest

import (
	"net/http"
	"strconv"
	"time"
)

// A Fault says what goes wrong with one call. The zero Fault is none: the call
// is carried out and answered truthfully.
//
//	Fault{Answer: Drop()}                            stored, the answer is lost
//	Fault{Skip: true, Answer: Status(503)}           not stored, 503
//	Fault{Late: 1500 * time.Millisecond, Answer: Drop()} stored after the drop
//	Fault{Hold: time.Minute}                         stored, true answer after a minute
//	Fault{Skip: true}                                ok:true and a ts, yet nothing stored
type Fault struct {
	// Skip leaves the call undone.
	Skip bool
	// Late does the call so long after it arrived, whatever is answered
	// meanwhile. The ts is of the time of doing. With no Answer given the
	// connection is dropped.
	Late time.Duration
	// Hold is the time between doing the call and answering it.
	Hold time.Duration
	// Answer takes the place of the true answer.
	Answer Answer
}

// An Answer is what a client gets to see. The zero Answer is the true one.
type Answer struct{ made wire }

// A wire is an answer on its way: what is written, and how it breaks.
type wire struct {
	kind   breakage
	name   string // for Call.Answer
	status int
	header http.Header
	body   string
}

// breakage is the way in which an answer does not arrive whole.
type breakage int

const (
	truth   breakage = iota // not decided: the true answer
	whole                   // arrives whole
	cut                     // half of the true body, then the end of the connection
	dropped                 // the connection ends before the first byte
	reset                   // the connection is reset before the first byte
)

const (
	jsonType = "application/json; charset=utf-8"
	htmlType = "text/html; charset=utf-8"
)

// Body answers with the given status, content type and body.
func Body(status int, contentType, body string) Answer {
	return Answer{wire{
		kind: whole, name: "HTTP " + strconv.Itoa(status), status: status, body: body,
		header: http.Header{"Content-Type": {contentType}},
	}}
}

// Status answers with an HTTP status and a short HTML page, as Slack's front
// does on 500 and 503.
func Status(status int) Answer {
	return Body(status, htmlType, "<html><body>"+http.StatusText(status)+"</body></html>")
}

// HTMLPage answers 200 with a page instead of JSON, as a proxy might.
func HTMLPage() Answer {
	return Body(http.StatusOK, htmlType, "<!DOCTYPE html><html><title>Sign in</title></html>").named("HTML page")
}

// InvalidJSON answers 200 with a body that is no JSON.
func InvalidJSON() Answer {
	return Body(http.StatusOK, jsonType, `{"ok":true,,"ts"=}`).named("invalid JSON")
}

// EmptyBody answers 200 with nothing.
func EmptyBody() Answer { return Body(http.StatusOK, jsonType, "").named("empty body") }

// EmptyObject answers 200 with {}.
func EmptyObject() Answer { return Body(http.StatusOK, jsonType, "{}").named("{}") }

// Error answers 200 with ok:false and an error string of Slack's.
func Error(code string) Answer {
	return Body(http.StatusOK, jsonType, `{"ok":false,"error":`+strconv.Quote(code)+`}`).named(code)
}

// TooMany answers 429 with a Retry-After header of any form: "30" as Slack
// does, "soon" for a header that is no number, "" for none.
func TooMany(retryAfter string) Answer {
	a := Body(http.StatusTooManyRequests, jsonType, `{"ok":false,"error":"ratelimited"}`).named(rateLimited)
	if retryAfter != "" {
		a.made.header.Set("Retry-After", retryAfter)
	}
	return a
}

// RateLimitedBody answers 200 with the error string ratelimited and no header.
func RateLimitedBody() Answer { return Error(rateLimited) }

// CutBody begins the true answer and closes the connection in the middle.
func CutBody() Answer { return Answer{wire{kind: cut, name: "cut body"}} }

// Drop closes the connection before the first byte of an answer.
func Drop() Answer { return Answer{wire{kind: dropped, name: "dropped"}} }

// Reset resets the connection before the first byte of an answer.
func Reset() Answer { return Answer{wire{kind: reset, name: "reset"}} }

func (a Answer) named(name string) Answer {
	a.made.name = name
	return a
}

// Hang returns a fault that carries the call out and says nothing for d; then
// the connection is dropped.
func Hang(d time.Duration) Fault { return Fault{Hold: d, Answer: Drop()} }

// Unstored returns the same fault with the call not carried out.
func (f Fault) Unstored() Fault {
	f.Skip = true
	return f
}

// Fail sets the script that is asked for each call that no queued fault takes.
// It is run for one call at a time and may use every method of the server
// except Fail. A nil script fails nothing.
func (s *Server) Fail(script func(Call) Fault) {
	s.script.Lock()
	defer s.script.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fail = script
}

// FailNext queues faults for the next calls to a method, one each; the method
// "" takes the next calls whatever they are. Queues go before the script.
func (s *Server) FailNext(method string, faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queued[method] = append(s.queued[method], faults...)
}

// faultFor decides what goes wrong with c.
func (s *Server) faultFor(c Call) Fault {
	s.script.Lock()
	defer s.script.Unlock()
	s.mu.Lock()
	for _, method := range []string{c.Method, ""} {
		if queue := s.queued[method]; len(queue) > 0 {
			s.queued[method] = queue[1:]
			s.mu.Unlock()
			return queue[0]
		}
	}
	script := s.fail
	s.mu.Unlock()
	if script == nil {
		return Fault{}
	}
	return script(c)
}
