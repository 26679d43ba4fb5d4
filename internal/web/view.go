package web

import (
	"net/url"
	"slices"

	"attache/internal/civil"
)

// views are the ways in which the first page shows the calendar, as its address names them.
// The first of them needs no name.
var views = []string{"agenda", "timeline"}

// viewNames says what the views are called.
var viewNames = map[string]string{"agenda": "Agenda", "timeline": "Timeline"}

// look is how what is chosen is shown.
type look struct {
	view string     // one of views
	on   civil.Date // the day that is looked at; none is today
}

// readLook reads how what is chosen is to be shown.
func readLook(q *query) look {
	l := look{view: word(q, "view", views), on: q.date("on")}
	if l.view == "" {
		l.view = views[0]
	}
	return l
}

// query returns the same for an address, without the day.
func (l look) query() url.Values {
	q := url.Values{}
	if l.view != views[0] {
		q.Set("view", l.view)
	}
	return q
}

// here returns the address of what is shown, with some parameters in place of others.
func (req request) here(more ...url.Values) string {
	return req.link("/", slices.Concat([]url.Values{req.filter.query, req.look.query()}, more)...)
}

// onDay returns the parameter of a day that is looked at, none for no day.
func onDay(d civil.Date) url.Values {
	if d.IsZero() {
		return nil
	}
	return url.Values{"on": {d.String()}}
}

// tabs leads to the views of what is chosen, each at the same day.
func (req request) tabs() []navLink {
	var out []navLink
	for _, v := range views {
		to := req
		to.look.view = v
		out = append(out, navLink{viewNames[v], to.here(onDay(req.on)), v == req.look.view && req.list == ""})
	}
	return out
}
