package web

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"attache/internal/agenda"
	"attache/internal/change"
	"attache/internal/story"
)

// eventsView is what /api/v1/events answers. Its names, and those of all that follows
// here, are a promise.
type eventsView struct {
	Events []story.View `json:"events"`
	Total  int          `json:"total"` // how many there are with these parameters
	Next   *string      `json:"next"`  // address of those that follow; null where there are none
}

// changesView is what /api/v1/changes answers.
type changesView struct {
	Changes []change.View `json:"changes"`
	Next    *string       `json:"next"` // address of older ones; null where there are none
}

// feedsView is what /api/v1/feeds answers.
type feedsView struct {
	Feeds []feedView `json:"feeds"`
}

type feedView struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	URL   string `json:"url"` // absolute where the public address is known
}

// problemView says what is wrong, RFC 9457 §3.
type problemView struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
}

// apiHandler answers a request of the API; id is that of the event in its path, or "".
type apiHandler func(s *site, w http.ResponseWriter, r *http.Request, req request, id string)

// apiRoutes returns the addresses of the API as the document names them.
func apiRoutes() map[string]apiHandler {
	return map[string]apiHandler{
		"/api/v1/events":              (*site).apiEvents,
		"/api/v1/events/{id}":         (*site).apiEvent,
		"/api/v1/events/{id}/why":     (*site).apiWhy,
		"/api/v1/events/{id}/changes": (*site).apiChangesOf,
		"/api/v1/changes":             (*site).apiChanges,
		"/api/v1/feeds":               (*site).apiFeeds,
		"/api/openapi.json":           (*site).apiDocument,
	}
}

// apiPrefix is what the addresses of the API begin with.
const apiPrefix = "/api/"

// api answers what lies below /api/.
func (s *site) api(w http.ResponseWriter, r *http.Request) {
	path, id := r.URL.Path, ""
	if rest, ok := strings.CutPrefix(path, "/api/v1/events/"); ok {
		var tail string
		if id, tail, ok = strings.Cut(rest, "/"); ok {
			tail = "/" + tail
		}
		path = "/api/v1/events/{id}" + tail
	}
	route, ok := s.routes[path]
	if !ok {
		problem(w, http.StatusNotFound, "There is nothing at this address. "+apiPrefix+"openapi.json says what there is.")
		return
	}
	if req, ok := s.start(w, r); ok {
		route(s, w, r, req, id)
	}
}

// Bounds of how much is answered at once.
const (
	usualLimit = 100
	mostLimit  = 1000
)

func (s *site) apiEvents(w http.ResponseWriter, r *http.Request, req request, _ string) {
	chosen := req.chosen()
	v := eventsView{Events: []story.View{}, Total: len(chosen)}
	start := min(req.offset, len(chosen))
	end := min(start+req.limit, len(chosen))
	for _, e := range chosen[start:end] {
		v.Events = append(v.Events, req.data(e))
	}
	if end < len(chosen) {
		v.Next = req.next("/api/v1/events", url.Values{"offset": {strconv.Itoa(end)}, "limit": {strconv.Itoa(req.limit)}})
	}
	req.json(w, r, v)
}

// next returns the address of the same request, which is for path, with some parameters in
// place of others. Only what was understood of it is repeated.
func (req request) next(path string, with url.Values) *string {
	q := req.sticky()
	q.Del("tz")
	for _, more := range []url.Values{req.filter.query, with} {
		for name, values := range more {
			q[name] = values
		}
	}
	next := req.absolute(req.base+path) + "?" + q.Encode()
	return &next
}

// data returns e as programs read it.
func (req request) data(e *agenda.Entry) story.View {
	return story.Reader{Now: req.now, Sources: req.cal.Sources()}.View(req.cal.Look(*e, req.now))
}

func (s *site) apiEvent(w http.ResponseWriter, r *http.Request, req request, id string) {
	if e, ok := req.known(w, id); ok {
		req.json(w, r, req.data(e))
	}
}

func (s *site) apiWhy(w http.ResponseWriter, r *http.Request, req request, id string) {
	if e, ok := req.known(w, id); ok {
		req.json(w, r, e.WhyView())
	}
}

// known returns the event, or says that there is none.
func (req request) known(w http.ResponseWriter, id string) (*agenda.Entry, bool) {
	e, ok := req.index.byID[id]
	if !ok {
		problem(w, http.StatusNotFound, "There is no such event.")
	}
	return e, ok
}

func (s *site) apiChangesOf(w http.ResponseWriter, r *http.Request, req request, id string) {
	if _, ok := req.known(w, id); ok {
		s.changesAnswer(w, r, req, id)
	}
}

func (s *site) apiChanges(w http.ResponseWriter, r *http.Request, req request, _ string) {
	s.changesAnswer(w, r, req, "")
}

func (s *site) changesAnswer(w http.ResponseWriter, r *http.Request, req request, id string) {
	list, older, err := req.made(id, req.limit)
	if err != nil {
		s.Log.Error("read the changes", "err", err)
		failed(w, r)
		return
	}
	v := changesView{Changes: append([]change.View{}, list...)}
	if older > 0 {
		path := "/api/v1/changes"
		if id != "" {
			path = "/api/v1/events/" + url.PathEscape(id) + "/changes"
		}
		v.Next = req.next(path, url.Values{"before": {strconv.FormatUint(older, 10)}, "limit": {strconv.Itoa(req.limit)}})
	}
	req.json(w, r, v)
}

func (s *site) apiFeeds(w http.ResponseWriter, r *http.Request, req request, _ string) {
	v := feedsView{Feeds: []feedView{}}
	for _, f := range req.cal.Feeds() {
		v.Feeds = append(v.Feeds, feedView{f.Name, f.Title, req.absolute(req.base + "/feeds/" + url.PathEscape(f.Name) + ".ics")})
	}
	req.json(w, r, v)
}

func (s *site) apiDocument(w http.ResponseWriter, r *http.Request, _ request, _ string) {
	s.document.send(w, r)
}

// json answers with v.
func (req request) json(w http.ResponseWriter, r *http.Request, v any) {
	jsonAnswer(v).send(w, r)
}

func jsonAnswer(v any) *answer {
	var body bytes.Buffer
	enc := json.NewEncoder(&body)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(err) // these are plain data
	}
	return newAnswer(http.StatusOK, jsonType, body.Bytes())
}

// problem says what is wrong, and nothing of what was asked.
func problem(w http.ResponseWriter, status int, detail string) {
	body, err := json.Marshal(problemView{"about:blank", http.StatusText(status), status, detail})
	if err != nil {
		panic(err) // strings and a number always have a form
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(append(body, '\n')) // a client that went away is no error of ours
}
