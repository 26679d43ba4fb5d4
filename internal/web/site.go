package web

import (
	"attache/internal/calendar"
	"html/template"
	"net/http"
	"runtime/debug"
	"strings"
)

// site answers requests. What it holds is made once, but for the caches.
type site struct {
	Config
	assets   map[string]asset              // by path
	pages    map[string]*template.Template // by the name of the file
	help     []helpTopic
	routes   map[string]apiHandler // of the API, by the path in its document
	document *answer               // the description of the API
	meter    *meter
	indexes  indexes
	homes    pageCache

	always       http.Header // fields of every answer
	open         http.Header // fields of what scripts of other sites may read
	feeds        http.Header // fields of every feed
	calendarType []string    // Content-Type of a feed
	gzipped      []string    // Content-Encoding of a compressed one
	ownCache     []string    // Cache-Control of a private one
}

// set puts fields into h. The values are shared by all answers, so that a feed
// request need not make them: nothing may change them in place.
func set(h, fields http.Header) {
	for name, values := range fields {
		h[name] = values
	}
}

// policy forbids the browser everything that the pages do not need.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// ServeHTTP answers every address. It does without http.ServeMux, which would
// redirect addresses that it finds untidy: a feed's address never redirects.
func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.meter.around(w, r, s.answer)
}

func (s *site) answer(w http.ResponseWriter, r *http.Request) {
	defer s.recover(w, r)
	set(w.Header(), s.always)
	open := isOpen(r.URL.Path)
	if open {
		set(w.Header(), s.open)
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		otherMethod(w, r, open)
		return
	}
	if !s.Access.KnownHost(r) {
		problem(w, http.StatusMisdirectedRequest, "attache is not asked by this name: see public_url in its configuration.")
		return
	}
	if name, ok := within(r.URL.Path, "/feeds/", ".ics"); ok {
		s.serveFeed(w, r, name)
		return
	}
	if rest, ok := strings.CutPrefix(r.URL.Path, privatePrefix); ok {
		s.servePrivate(w, r, rest)
		return
	}
	if _, same := s.assets[r.URL.Path]; !same && s.Access.Guarded() {
		w = &guard{ResponseWriter: w, vary: s.Access.Vary()}
	}
	if !s.Access.Handle(w, r) {
		s.route(w, r)
	}
}

// isOpen reports whether scripts of other sites may read what is at a path: the feeds that
// anybody may know of, and the API.
func isOpen(path string) bool {
	return strings.HasPrefix(path, "/feeds/") || strings.HasPrefix(path, apiPrefix) || path == "/api" || path == "/feed.ics" || path == "/changes.atom"
}

// otherMethod answers what neither GET nor HEAD asks: OPTIONS says what may be asked, and
// lets browsers ask it for other sites where the path is open to them; all else is refused.
func otherMethod(w http.ResponseWriter, r *http.Request, open bool) {
	h := w.Header()
	h.Set("Allow", "GET, HEAD, OPTIONS")
	if r.Method != http.MethodOptions {
		problem(w, http.StatusMethodNotAllowed, "Only GET and HEAD are answered here: changes go through files.")
		return
	}
	if open {
		h.Set("Access-Control-Allow-Methods", "GET, HEAD")
		h.Set("Access-Control-Allow-Headers", "*")
		h.Set("Access-Control-Max-Age", "86400")
	}
	w.WriteHeader(http.StatusNoContent)
}

// privatePrefix is what the address of a private feed begins with. What follows is secret.
const privatePrefix = "/f/"

// route answers what asks for nothing of the calendar, or has to look before it does.
func (s *site) route(w http.ResponseWriter, r *http.Request) {
	switch path := r.URL.Path; path {
	case "/":
		s.home(w, r)
	case "/feed.ics":
		s.serveQuery(w, r)
	case "/livez":
		live(w)
	case "/readyz":
		s.ready(w, r)
	case "/metrics":
		w.Header().Set("Cache-Control", "no-store")
		s.meter.show(w, r, s.seesAll(r))
	case "/robots.txt":
		robots(w)
	default:
		if a, ok := s.assets[path]; ok {
			a.serve(w, r)
			return
		}
		if strings.HasPrefix(path, apiPrefix) || path == "/api" {
			s.api(w, r)
			return
		}
		s.page(w, r)
	}
}

// page answers what shows the calendar.
func (s *site) page(w http.ResponseWriter, r *http.Request) {
	req, ok := s.start(w, r)
	if !ok {
		return
	}
	switch path := r.URL.Path; path {
	case "/changes":
		s.changes(w, r, req)
	case "/changes.atom":
		s.atom(w, r, req)
	case csvPath:
		req.eventsCSV(w, r)
	case jsonPath:
		req.eventsJSON(w, r)
	case "/subscribe":
		s.show(w, r, http.StatusOK, "subscribe", s.newPage(req, "Subscribe", "subscribe"))
	case "/help":
		s.helpIndex(w, r, req)
	case "/status":
		s.status(w, r, req)
	default:
		if name, ok := within(path, "/help/", ""); ok {
			s.helpTopic(w, r, req, name)
			return
		}
		id, ok := within(path, "/events/", "")
		if e := req.index.byID[id]; ok && e != nil {
			s.event(w, r, req, e)
			return
		}
		s.notFound(w, r, req)
	}
}

// within returns what stands between prefix and suffix in path, if that is one
// element.
func within(path, prefix, suffix string) (string, bool) {
	rest, ok := strings.CutPrefix(path, prefix)
	if !ok {
		return "", false
	}
	name, ok := strings.CutSuffix(rest, suffix)
	return name, ok && name != "" && !strings.Contains(name, "/")
}

// recover turns a panic into an error page. Pages are rendered before anything
// is sent, so the answer is still to be written.
func (s *site) recover(w http.ResponseWriter, r *http.Request) {
	v := recover()
	if v == nil {
		return
	}
	if v == http.ErrAbortHandler {
		panic(v) // net/http cuts the answer off, as was asked for
	}
	s.meter.panics.Inc()
	path := r.URL.Path
	for _, secret := range []string{privatePrefix, calendar.LinkPath} {
		if strings.HasPrefix(path, secret) {
			path = secret + "…"
		}
	}
	s.Log.Error("a request failed", "method", r.Method, "path", path, "panic", v, "stack", string(debug.Stack()))
	failed(w, r)
}

// failed answers that something is wrong here, and nothing about what it is.
func failed(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	for _, name := range []string{"ETag", "Last-Modified", "Cache-Control", "Content-Disposition", "Content-Encoding", "Content-Length"} {
		h.Del(name)
	}
	if isOpen(r.URL.Path) || strings.HasPrefix(r.URL.Path, privatePrefix) {
		problem(w, http.StatusInternalServerError, "This could not be made. The log of the daemon says why.")
		return
	}
	h.Set("Content-Type", htmlType)
	w.WriteHeader(http.StatusInternalServerError)
	_, _ = w.Write([]byte(failedPage)) // a client that went away is no error of ours
}

const failedPage = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Something went wrong</title></head>
<body><main><h1>Something went wrong</h1><p>This page could not be made. The log of the daemon says why.</p>
<p><a href="/">Back to the calendar</a></p></main></body></html>
`
