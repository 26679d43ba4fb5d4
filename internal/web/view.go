package web

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"time"

	"attache/internal/agenda"
	"attache/internal/civil"
)

// views are the ways in which the first page shows the calendar, as its address names them.
// The first of them needs no name.
var views = []string{"agenda", "month", "week", "timeline", "print"}

// viewNames says what the views are called.
var viewNames = map[string]string{"agenda": "Agenda", "month": "Month", "week": "Week", "timeline": "Timeline"}

// look is how what is chosen is shown.
type look struct {
	view   string       // one of views
	on     civil.Date   // the day that is looked at; none is today
	starts time.Weekday // on which day weeks begin

	scale, group, past string // of a timeline: one of scales, one of groups or "", shown or ""
}

// readLook reads how what is chosen is to be shown.
func readLook(q *query) look {
	l := look{view: word(q, "view", views), on: q.date("on")}
	l.view = cmp.Or(l.view, views[0])
	l.scale = cmp.Or(word(q, "scale", scales), scales[0])
	l.group, l.past = word(q, "group", groups), word(q, "past", []string{"shown"})
	return l
}

// query returns the same for an address, without the day.
func (l look) query() url.Values {
	q := url.Values{}
	if l.view != views[0] {
		q.Set("view", l.view)
	}
	if l.view == "timeline" {
		for name, value := range map[string]string{"scale": strings.TrimPrefix(l.scale, scales[0]), "group": l.group, "past": l.past} {
			if value != "" {
				q.Set(name, value)
			}
		}
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
	for _, v := range views[:len(viewNames)] {
		to := req
		to.look.view = v
		out = append(out, navLink{viewNames[v], to.here(onDay(req.on)), v == req.look.view && req.list == ""})
	}
	return out
}

// day returns the day that is looked at.
func (req request) day() civil.Date {
	if req.on.IsZero() {
		return req.today
	}
	return req.on
}

// weekOf returns the first day of the week of a day.
func (req request) weekOf(d civil.Date) civil.Date {
	return d.AddDays(-((int(d.Weekday()-req.starts) + 7) % 7))
}

func weekName(first civil.Date) string { return civil.Range(first, first.AddDays(6), "–") }

func monthOf(d civil.Date) civil.Date { return civil.Date{Year: d.Year, Month: d.Month, Day: 1} }

// way leads from what is shown to what is beside it.
type way struct{ Rel, Name, Href string }

// ways leads to what begins on two days, before and after what is shown.
func (req request) ways(before, after civil.Date, name func(civil.Date) string) []way {
	var out []way
	for rel, d := range map[string]civil.Date{"prev": before, "next": after} {
		if civil.Within(d) == d {
			out = append(out, way{rel, name(d), req.here(onDay(d))})
		}
	}
	slices.SortFunc(out, func(a, b way) int { return strings.Compare(b.Rel, a.Rel) })
	return out
}

// nearestTo leads to the last event before a day and to the first after it.
func (req request) nearestTo(inOrder []*agenda.Entry, d civil.Date) []way {
	var out []way
	i, _ := slices.BinarySearchFunc(inOrder, d, compareFirst)
	add := func(i int, before string) {
		if i >= 0 && i < len(inOrder) {
			e := inOrder[i]
			out = append(out, way{before, req.date(e), req.here(onDay(firstDay(e)))})
		}
	}
	add(i-1, "The last before it")
	add(i, "The next after it")
	return out
}

// Regions in which weeks begin on a Sunday, and on a Saturday, by the locale data of Unicode.
const (
	sundays   = " AG BD BR BS BT BW BZ CA CO DM DO ET GT GU HK HN ID IL IN JM JP KE KH KR LA MH MM MO MT MX MZ NI NP PA PE PH PK PR PT PY SA SG SV TH TT TW UM US VE VI WS YE ZA ZW "
	saturdays = " AF BH DJ DZ EG IQ IR JO KW LY OM QA SD SY "
)

// weekStarts returns the day on which weeks begin: as the configuration says or, where that
// says nothing, in the region of the language that a browser asks for first.
func weekStarts(set, languages string) time.Weekday {
	switch set {
	case "monday":
		return time.Monday
	case "sunday":
		return time.Sunday
	}
	first, _, _ := strings.Cut(languages, ",")
	first, _, _ = strings.Cut(first, ";")
	if _, region, ok := strings.Cut(strings.TrimSpace(first), "-"); ok && len(region) == 2 {
		switch region = " " + strings.ToUpper(region) + " "; {
		case strings.Contains(sundays, region):
			return time.Sunday
		case strings.Contains(saturdays, region):
			return time.Saturday
		}
	}
	return time.Monday
}
