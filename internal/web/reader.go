package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"attache/internal/calendar"
)

// Access says who asks. Its methods are called from many goroutines at once.
type Access interface {
	// Reader returns what who asks may see.
	Reader(*http.Request) calendar.Sight
	// Guarded reports whether answers depend on who asks.
	Guarded() bool
	// Vary names the fields of a request by which it is known who asks.
	Vary() []string
	// Handle answers the addresses by which a reader says who they are, and reports whether it did.
	Handle(http.ResponseWriter, *http.Request) bool
	// Doors returns where who asks can sign in, and where they can sign out, as paths of the site;
	// "" where they can't.
	Doors(*http.Request) (in, out string)
	// KnownHost reports whether a request names a host by which attache is asked.
	KnownHost(*http.Request) bool
	// Slow counts a wrong secret, and waits where its peer tried many.
	Slow(*http.Request)
}

// everybody is where nothing says who asks: all are the public.
type everybody struct{}

func (everybody) Reader(*http.Request) calendar.Sight            { return calendar.Sight{} }
func (everybody) Guarded() bool                                  { return false }
func (everybody) Vary() []string                                 { return nil }
func (everybody) Handle(http.ResponseWriter, *http.Request) bool { return false }
func (everybody) Doors(*http.Request) (in, out string)           { return "", "" }
func (everybody) KnownHost(*http.Request) bool                   { return true }
func (everybody) Slow(*http.Request)                             {}

// calendarFor returns the calendar as who asks may see it. It is the only way to one.
func (s *site) calendarFor(r *http.Request) (Calendar, error) {
	return s.Calendar(s.Access.Reader(r))
}

// door returns the entry of the navigation by which who asks signs in or out, none where they
// can't. Whoever signs in comes back to the page that they asked for.
func (s *site) door(r *http.Request, base string) []navLink {
	switch in, out := s.Access.Doors(r); {
	case out != "":
		return []navLink{{Name: "Sign out", Href: base + out}}
	case in != "":
		return []navLink{{Name: "Sign in", Href: base + in + "?" + url.Values{"to": {r.URL.RequestURI()}}.Encode()}}
	}
	return nil
}

// public returns the calendar as everybody may see it.
func (s *site) public() (Calendar, error) { return s.Calendar(calendar.Sight{}) }

// seesAll reports whether who asks may see all there is.
func (s *site) seesAll(r *http.Request) bool {
	if !s.Access.Guarded() {
		return true // there is nothing else
	}
	cal, err := s.calendarFor(r)
	return err == nil && cal.Whole()
}

// guard keeps an answer that depends on who asks out of every cache but their own. It comes last,
// when the fields of the answer are known.
type guard struct {
	http.ResponseWriter
	vary []string
	done bool
}

// WriteHeader adds to the fields what caches have to know.
func (g *guard) WriteHeader(status int) {
	if h := g.Header(); !g.done {
		g.done = true
		cache := h.Get("Cache-Control")
		if cache = strings.TrimPrefix(strings.TrimPrefix(cache, "public"), ", "); !strings.Contains(cache, "no-store") && !strings.Contains(cache, "private") {
			h.Set("Cache-Control", strings.TrimSuffix("private, "+cache, ", "))
		}
		vary := h.Values("Vary")
		h["Vary"] = []string{strings.Join(slices.Concat(vary, g.vary), ", ")}
		for name := range h {
			if strings.HasPrefix(name, "Access-Control-") { // what depends on who asks is no other site's
				h.Del(name)
			}
		}
	}
	g.ResponseWriter.WriteHeader(status)
}

// Write writes a part of the body.
func (g *guard) Write(b []byte) (int, error) {
	if !g.done {
		g.WriteHeader(http.StatusOK)
	}
	return g.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController find the connection.
func (g *guard) Unwrap() http.ResponseWriter { return g.ResponseWriter }
