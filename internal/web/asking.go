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

// asking is one request for something to read: which calendar, at which instant, in
// which zone, and which of its events.
type asking struct {
	choice
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
func (s *site) ask(r *http.Request) (asking, error) {
	a := asking{cal: s.cal, now: s.now(), site: s.publicURL(), query: r.URL.Query()}
	a.base = basePath(a.site)
	a.loc = s.cal.Zone()
	wrong := a.readZone()
	if at, text, ok := a.readAt(); ok {
		past, err := s.cal.As(at)
		if err != nil {
			return a, err
		}
		a.cal, a.now, a.at = past, at, text
	} else if text != "" {
		wrong = text
	}
	a.today = civil.DateOf(a.now, a.loc)
	a.index = s.indexes.of(a.cal).standing(a.now)
	a.choice = choose(a.query, a.index.has)
	if a.wrong == "" {
		a.wrong = wrong
	}
	return a, nil
}

// readZone reads the zone that was chosen, and says what is wrong with it.
func (a *asking) readZone() string {
	name := a.query.Get("tz")
	if name == "" {
		return ""
	}
	loc, err := civil.Zone(name)
	if err != nil || len(name) > mostText {
		return "The zone in the address is not known, and was left out."
	}
	a.loc, a.zone = loc, loc.String()
	return ""
}

// readAt reads the instant as of which is asked: a day is its beginning in the zone
// of the installation, as on the command line. Where it cannot be read text says so.
func (a *asking) readAt() (at time.Time, text string, ok bool) {
	text = a.query.Get("at")
	if text == "" {
		return at, "", false
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil && t.Year() > 0 && t.Year() < 10000 {
		t = t.UTC().Truncate(time.Second)
		return t, t.Format(time.RFC3339), true
	}
	d, err := civil.ParseDate(text)
	if err != nil {
		return at, "The day to look from could not be read, and was left out. Days are written as 2026-02-16.", false
	}
	return d.Start(a.cal.Zone()), d.String(), true
}

// own reports whether each event is shown in its own zone.
func (a asking) own() bool { return a.zone == "" }

// window returns w as it is shown: where a zone was chosen, instants are in it. Days
// stay days of the zone in which they were meant.
func (a asking) window(w when.Window) when.Window {
	if a.own() || w.Precision != when.Instant {
		return w
	}
	w.Zone = a.zone
	for _, b := range []*when.Bound{&w.Earliest, &w.Latest, &w.EndsEarliest, &w.EndsLatest} {
		if b.Timed {
			b.Day = civil.DateOf(b.At, a.loc)
		}
	}
	return w
}

// phase says where e stands.
func (a asking) phase(e *agenda.Entry) agenda.Phase {
	return e.Phase(a.now)
}

// sticky returns what every link of the site carries on: the zone and the day as of
// which is shown.
func (a asking) sticky() url.Values {
	q := url.Values{}
	if a.zone != "" {
		q.Set("tz", a.zone)
	}
	if a.at != "" {
		q.Set("at", a.at)
	}
	return q
}

// link returns the address of a page of the site with a query behind it.
func (a asking) link(path string, more ...url.Values) string {
	q := a.sticky()
	for _, m := range more {
		for name, values := range m {
			q[name] = values
		}
	}
	if len(q) == 0 {
		return a.base + path
	}
	return a.base + path + "?" + q.Encode()
}

// event returns the address of the page of an event.
func (a asking) event(id string) string { return a.link("/events/" + url.PathEscape(id)) }

// absolute returns the absolute address of a path of the site, or the path where the
// public address is not known.
func (a asking) absolute(path string) string {
	if a.site == "" {
		return path
	}
	return strings.TrimSuffix(a.site, a.base) + path
}

// feed returns the path of the feed of what is chosen.
func (a asking) feed() string {
	q := url.Values{}
	for name, values := range a.choice.query {
		q[name] = values
	}
	if a.at != "" {
		q.Set("at", a.at)
	}
	if len(a.choice.query) == 0 {
		path := "/feed.ics"
		if feeds := a.cal.Feeds(); len(feeds) > 0 {
			path = "/feeds/" + url.PathEscape(feeds[0].Name) + ".ics"
		}
		if len(q) == 0 {
			return a.base + path
		}
		return a.base + path + "?" + q.Encode()
	}
	return a.base + "/feed.ics?" + q.Encode()
}
