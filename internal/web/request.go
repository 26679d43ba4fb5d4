package web

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"attache/internal/agenda"
	"attache/internal/civil"
)

// request is one request for something to read: which calendar, at which instant, in
// which zone, and which of its events.
type request struct {
	filter
	look
	cal   Calendar
	index *index
	now   time.Time
	today civil.Date // at now in loc
	loc   *time.Location
	zone  string    // the zone that was chosen; "" shows each event in its own
	at    string    // the day or instant as of which is asked; "" is now
	site  string    // what absolute addresses begin with; "" where that is not known
	base  string    // what paths begin with
	list  string    // which of the lists of the first page is asked for alone; "" is none
	door  []navLink // by which who asks signs in or out, if they can
	news  *news     // what changed lately, where a page tells it

	limit, offset, before int // which part of what is long; before 0 is from the newest on
}

// ask reads what is common to all requests. The error is a refusal, or one of the store.
func (s *site) ask(r *http.Request) (request, error) {
	q := readQuery(r.URL.RawQuery)
	req := request{now: s.Now(), site: s.PublicURL()}
	var err error
	if req.cal, err = s.calendarFor(r); err != nil {
		return req, err
	}
	req.base = basePath(req.site)
	req.door = s.door(r, req.base)
	req.loc = req.cal.Zone()
	if at, text := q.instant("at", req.loc); text != "" {
		past, err := req.cal.As(at)
		if err != nil {
			return req, err
		}
		req.cal, req.now, req.at = past, at, text
	}
	if loc := q.zone("tz"); loc != nil {
		req.loc, req.zone = loc, loc.String()
	}
	req.today = civil.DateOf(req.now, req.loc)
	req.index = s.indexes.of(req.cal).standing(req.now)
	req.filter = readFilter(q, req.index.has)
	req.filter.events(q, req.index)
	req.look = readLook(q)
	req.starts = weekStarts(s.WeekStarts(), r.Header.Get("Accept-Language"))
	req.list = word(q, "list", lists)
	req.offset, req.before = q.number("offset", 0, 0), q.number("before", 0, 1)
	req.limit = min(q.number("limit", usualLimit, 1), mostLimit)
	return req, q.err()
}

// own reports whether each event is shown in its own zone.
func (req request) own() bool { return req.zone == "" }

// phase reports where e stands.
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
