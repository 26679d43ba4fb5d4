package config

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"attache/internal/civil"
	"attache/internal/when"
)

// ownCalendarKeys are what a calendar of one's own is made of.
var ownCalendarKeys = []string{"based_on", "closed", "open", "published_until"}

// mostClosed is how many days one entry of closed or open may name.
const mostClosed = 400

// calendars reads what the author adds to the calendars there are, and calendars of
// their own. A name that is built in changes that one; another one is a new calendar,
// of Mondays to Fridays or of what it is based on.
func (s *settingsReader) calendars(f field) {
	fields, _ := s.fields(f)
	for _, one := range fields {
		if strings.HasPrefix(one.key, "x-") {
			continue
		}
		if err := when.CheckCalendarName(one.key); err != nil {
			s.fail(one.k, "%s", oneLine(err.Error()))
			continue
		}
		s.ownCalendar(one)
	}
}

// ownCalendar reads one calendar and adds it.
func (s *settingsReader) ownCalendar(f field) {
	base, known := s.cfg.Calendars.Find(f.key)
	if i := slices.IndexFunc(s.cfg.Calendars.Names(), func(n string) bool { return strings.EqualFold(n, f.key) }); !known && i >= 0 {
		s.fail(f.k, "the calendar %s is written %q", quoted(f.key), s.cfg.Calendars.Names()[i])
		return
	}
	if !known {
		base = when.Weekdays(f.key)
	}
	var closed, open []civil.Date
	var until civil.Date
	ok := s.mapping(f, ownCalendarKeys, func(one field) {
		switch one.key {
		case "based_on":
			base = s.basedOn(one, base, known)
		case "closed":
			closed = s.days(one)
		case "open":
			open = s.days(one)
		case "published_until":
			until = s.oneDay(one)
		}
	})
	if !ok {
		return
	}
	for _, d := range open {
		if slices.Contains(closed, d) {
			s.fail(f.k, "the calendar %s has %s both closed and open", quoted(f.key), d.String())
		}
	}
	own := base.With(closed, open)
	own.Name = f.key
	if !until.IsZero() {
		own.PublishedUntil = until
	}
	s.cfg.Calendars = s.cfg.Calendars.Plus(own)
}

// basedOn returns the calendar that another one begins with.
func (s *settingsReader) basedOn(f field, otherwise *when.Calendar, builtIn bool) *when.Calendar {
	n := s.scalar(f)
	if n == nil {
		return otherwise
	}
	if builtIn {
		s.fail(f.k, "this calendar is there already: give a new one another name, or leave out based_on")
		return otherwise
	}
	base, ok := s.cfg.Calendars.Find(n.Value)
	if !ok {
		s.fail(n, "%s", oneLine(s.cfg.Calendars.Missing(n.Value).Error()))
		return otherwise
	}
	return base
}

// days reads a list of days, and of spans such as 2026-12-24/2026-12-31.
func (s *settingsReader) days(f field) []civil.Date {
	var out []civil.Date
	for _, item := range s.list(f) {
		first, last := item, item
		n := s.scalar(item)
		if n != nil {
			a, b, span := strings.Cut(n.Value, "/")
			if span {
				first.v, last.v = part(n, a, 0), part(n, b, len(a)+1)
			}
		} else if s.null(item.v) {
			s.fail(item.v, "an item of %s is empty", f.key)
		}
		from, to := s.oneDay(first), s.oneDay(last)
		switch {
		case from.IsZero() || to.IsZero():
		case to.Before(from):
			s.fail(item.v, "it ends %s, before it begins %s", to.String(), from.String())
		case to.Sub(from) >= mostClosed:
			s.fail(item.v, "%s names more than %d days at once", f.key, mostClosed)
		default:
			for d := from; !d.After(to); d = d.AddDays(1) {
				out = append(out, d)
			}
		}
	}
	return out
}

// part returns a part of a text as a node of its own, with the place where it stands.
func part(n *yaml.Node, text string, at int) *yaml.Node {
	p := *n
	p.Value, p.Column = text, n.Column+at
	return &p
}

// oneDay reads a day; the zero Date where it is none.
func (s *settingsReader) oneDay(f field) civil.Date {
	n := s.scalar(f)
	if n == nil {
		return civil.Date{}
	}
	d, err := civil.ParseDate(n.Value)
	if err != nil {
		s.fail(n, "%s", oneLine(err.Error()))
	}
	return d
}
