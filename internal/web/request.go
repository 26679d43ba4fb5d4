package web

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"attache/internal/agenda"
	"attache/internal/civil"
	"attache/internal/when"
)

// request is one request for something to read: which calendar, at which instant, in
// which zone, and which of its events.
type request struct {
	filter
	cal   Calendar
	index *index
	now   time.Time
	today civil.Date // at now in loc
	loc   *time.Location
	zone  string // the zone that was chosen; "" shows each event in its own
	at    string // the day or instant as of which is asked; "" is now
	site  string // what absolute addresses begin with; "" where that is not known
	base  string // what paths begin with
	query url.Values
}

// ask reads what is common to all requests. The error is of the store.
func (s *site) ask(r *http.Request) (request, error) {
	req := request{cal: s.Calendar(), now: s.Now(), site: s.PublicURL(), query: r.URL.Query()}
	req.base = basePath(req.site)
	req.loc = req.cal.Zone()
	wrong := req.readZone()
	if at, text, ok := req.readAt(); ok {
		past, err := req.cal.As(at)
		if err != nil {
			return req, err
		}
		req.cal, req.now, req.at = past, at, text
	} else if text != "" {
		wrong = text
	}
	req.today = civil.DateOf(req.now, req.loc)
	req.index = s.indexes.of(req.cal).standing(req.now)
	req.filter = readFilter(req.query, req.index.has)
	if req.wrong == "" {
		req.wrong = wrong
	}
	return req, nil
}

// readZone reads the zone that was chosen, and says what is wrong with it.
func (req *request) readZone() string {
	name := req.query.Get("tz")
	if name == "" {
		return ""
	}
	loc, err := civil.Zone(name)
	if err != nil || len(name) > mostText {
		return "The time zone in the address is not known, and was ignored."
	}
	req.loc, req.zone = loc, loc.String()
	return ""
}

// readAt reads the instant as of which is asked: a day is its beginning in the zone
// of the installation, as on the command line. Where it cannot be read text says so.
func (req *request) readAt() (at time.Time, text string, ok bool) {
	text = req.query.Get("at")
	if text == "" {
		return at, "", false
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil && t.Year() > 0 && t.Year() < 10000 {
		t = t.UTC().Truncate(time.Second)
		return t, t.Format(time.RFC3339), true
	}
	d, err := civil.ParseDate(text)
	if err != nil {
		return at, "The date of “as it stood on” could not be read, and was ignored. Write dates as 2026-02-16.", false
	}
	return d.Start(req.cal.Zone()), d.String(), true
}

// own reports whether each event is shown in its own zone.
func (req request) own() bool { return req.zone == "" }

// window returns w as it is shown: where a zone was chosen, instants are in it. Days
// stay days of the zone in which they were meant.
func (req request) window(w when.Window) when.Window {
	if req.own() || w.Precision != when.Instant {
		return w
	}
	w.Zone = req.zone
	for _, b := range []*when.Bound{&w.Earliest, &w.Latest, &w.EndsEarliest, &w.EndsLatest} {
		if b.Timed {
			b.Day = civil.DateOf(b.At, req.loc)
		}
	}
	return w
}

// phase says where e stands.
func (req request) phase(e *agenda.Entry) agenda.Phase {
	return e.Phase(req.now)
}

// sticky returns what every link of the site carries on: the zone and the day as of
// which is shown.
func (req request) sticky() url.Values {
	q := url.Values{}
	if req.zone != "" {
		q.Set("tz", req.zone)
	}
	if req.at != "" {
		q.Set("at", req.at)
	}
	return q
}

// link returns the address of a page of the site with a query behind it.
func (req request) link(path string, more ...url.Values) string {
	q := req.sticky()
	for _, m := range more {
		for name, values := range m {
			q[name] = values
		}
	}
	if len(q) == 0 {
		return req.base + path
	}
	return req.base + path + "?" + q.Encode()
}

// event returns the address of the page of an event.
func (req request) event(id string) string { return req.link("/events/" + url.PathEscape(id)) }

// absolute returns the absolute address of a path of the site, or the path where the
// public address is not known.
func (req request) absolute(path string) string {
	if req.site == "" {
		return path
	}
	return strings.TrimSuffix(req.site, req.base) + path
}

// feed returns the path of the feed of what is chosen.
func (req request) feed() string {
	q := url.Values{}
	for name, values := range req.filter.query {
		q[name] = values
	}
	if req.at != "" {
		q.Set("at", req.at)
	}
	if len(req.filter.query) == 0 {
		path := "/feed.ics"
		if feeds := req.cal.Feeds(); len(feeds) > 0 {
			path = "/feeds/" + url.PathEscape(feeds[0].Name) + ".ics"
		}
		if len(q) == 0 {
			return req.base + path
		}
		return req.base + path + "?" + q.Encode()
	}
	return req.base + "/feed.ics?" + q.Encode()
}
