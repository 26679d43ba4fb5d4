package slacktest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// A Call is one request as it arrived, and what became of it.
type Call struct {
	N      int         // 1 for the first call to this server
	Method string      // "chat.postMessage"
	At     time.Time   // when it arrived, by the machine's clock
	Token  string      // from the form or the Authorization header
	Form   url.Values  // the arguments, without the token
	Header http.Header // the request's headers, without Authorization

	// Answer is what was decided: "ok", an error string of Slack's, or the
	// fault that took its place. It is empty until the call is decided.
	Answer string
	// Status is the HTTP status of the answer, 0 where there was none.
	Status int
}

// Channel returns the channel argument as it was sent: an ID or a name.
func (c Call) Channel() string { return c.Form.Get("channel") }

// Key returns the k of the metadata payload, empty without one.
func (c Call) Key() string {
	var m Metadata
	if json.Unmarshal([]byte(c.Form.Get("metadata")), &m) != nil {
		return ""
	}
	return m.Key()
}

// Calls returns the calls so far in order of arrival; with methods named, only
// the calls to those.
func (s *Server) Calls(methods ...string) []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	var calls []Call
	for _, c := range s.calls {
		if len(methods) == 0 || slices.Contains(methods, c.Method) {
			calls = append(calls, c)
		}
	}
	return calls
}

// responseMethod is what a Call says that was made to a response_url.
const responseMethod = "response_url"

// readCall reads a request, whose arguments stand in a form or in a JSON object.
func readCall(r *http.Request) (Call, error) {
	c := Call{
		Method: strings.TrimPrefix(r.URL.Path, apiPath),
		At:     time.Now(),
		Header: r.Header.Clone(),
		Form:   url.Values{},
	}
	c.Token = strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	c.Header.Del("Authorization")
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		return c, c.readJSON(r)
	}
	if err := r.ParseForm(); err != nil {
		return c, fmt.Errorf("%s: form: %w", c.Method, err)
	}
	for name, values := range r.Form {
		c.Form[name] = slices.Clone(values)
	}
	if token := c.Form.Get("token"); token != "" {
		c.Token = token
	}
	c.Form.Del("token")
	return c, nil
}

// readJSON reads arguments that stand in a JSON object: those that are no strings as they are
// written.
func (c *Call) readJSON(r *http.Request) error {
	text, err := io.ReadAll(r.Body)
	if err != nil {
		return fmt.Errorf("%s: %w", c.Method, err)
	}
	if id, ok := strings.CutPrefix(r.URL.Path, responsePath); ok {
		c.Method = responseMethod
		c.Form.Set("id", id)
		c.Form.Set("body", string(text))
		return nil
	}
	var args map[string]json.RawMessage
	if len(text) > 0 && json.Unmarshal(text, &args) != nil {
		return fmt.Errorf("%s: no JSON object: %s", c.Method, text)
	}
	for name, raw := range args {
		var s string
		if json.Unmarshal(raw, &s) != nil {
			s = string(raw)
		}
		c.Form.Set(name, s)
	}
	return nil
}

// record keeps a call and gives it its number.
func (s *Server) record(c *Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.N = len(s.calls) + 1
	s.calls = append(s.calls, *c)
}

// note writes down what call number n is answered.
func (s *Server) note(n int, w wire) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &s.calls[n-1]
	c.Answer, c.Status = w.name, w.status
}
