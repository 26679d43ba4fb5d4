package config

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"attache/internal/civil"
	"attache/internal/when"
	"attache/internal/workday"
)

// ownCalendar is what a calendar of business days of one's own is made of.
type ownCalendar struct {
	// The calendar that it begins with; left out, Mondays to Fridays
	BasedOn *workday.Calendar `yaml:"based_on"`
	// Days that are no business days: 2026-12-24, or 2026-12-24/2026-12-31
	Closed []civil.Date `yaml:"closed"`
	// Days that are business days although they would not be
	Open []civil.Date `yaml:"open"`
	// The last day for which its holidays are known
	PublishedUntil civil.Date `yaml:"published_until"`
}

// mostClosed is how many days one entry of closed or open may name.
const mostClosed = 400

// calendars reads what the author adds to the calendars there are, and calendars of
// their own. A name that is built in changes that one; another one is a new calendar,
// of Mondays to Fridays or of what it is based on.
func (r *reader) calendars(f field) {
	fields, _ := r.fields(f)
	for _, one := range fields {
		if err := workday.CheckName(one.key); err != nil {
			r.fail(one.k, "%s", oneLine(err.Error()))
			continue
		}
		r.ownCalendar(one)
	}
}

// ownCalendar reads one calendar and adds it.
func (r *reader) ownCalendar(f field) {
	base, known := r.cfg.Calendars.Find(f.key)
	names := r.cfg.Calendars.Names()
	if i := slices.IndexFunc(names, func(n string) bool { return strings.EqualFold(n, f.key) }); !known && i >= 0 {
		r.fail(f.k, "the calendar %s is written %q", quoted(f.key), names[i])
		return
	}
	var c ownCalendar
	written, ok := r.read(f.called("a calendar"), &c)
	if !ok {
		return
	}
	switch {
	case known && written.has("based_on"):
		r.fail(written.get("based_on").k, "this calendar is there already: give a new one another name, or leave out based_on")
	case !known && c.BasedOn != nil:
		base = c.BasedOn
	case !known:
		base = workday.Weekdays(f.key)
	}
	for _, d := range c.Open {
		if slices.Contains(c.Closed, d) {
			r.fail(f.k, "the calendar %s has %s both closed and open", quoted(f.key), d.String())
		}
	}
	own := base.With(c.Closed, c.Open)
	own.Name = f.key
	if !c.PublishedUntil.IsZero() {
		own.PublishedUntil = c.PublishedUntil
	}
	r.cfg.Calendars = r.cfg.Calendars.Plus(own)
}

// days reads a list of days, and of spans such as 2026-12-24/2026-12-31.
func (r *reader) days(f field) []civil.Date {
	var out []civil.Date
	for _, item := range r.list(f) {
		n := r.scalar(item)
		if n == nil {
			if r.null(item.v) {
				r.fail(item.v, "an item of %s is empty", f.key)
			}
			continue
		}
		first, last, span := strings.Cut(n.Value, "/")
		from := r.day(field{key: f.key, v: part(n, first, 0)})
		to := from
		if span {
			to = r.day(field{key: f.key, v: part(n, last, len(first)+1)})
		}
		switch {
		case from.IsZero() || to.IsZero():
		case to.Before(from):
			r.fail(item.v, "it ends %s, before it begins %s", to.String(), from.String())
		case to.Sub(from) >= mostClosed:
			r.fail(item.v, "%s names more than %d days at once", f.key, mostClosed)
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

// holidays reads the name of a calendar of business days; nil is none.
func (r *reader) holidays(f field) *workday.Calendar {
	n := r.scalar(f)
	if n == nil {
		return nil
	}
	c, ok := r.cfg.Calendars.Find(n.Value)
	if !ok {
		r.fail(n, "%s", oneLine(r.cfg.Calendars.Missing(n.Value).Error()))
	}
	return c
}

// calendarName reads the name of a calendar that there is.
func (r *reader) calendarName(f field) string {
	if c := r.holidays(f); c != nil {
		return r.resolve(f.v).Value
	}
	return ""
}

// counted returns e with its business days counted by the calendar that it names, or else
// by that of its statement, f, or of its event. The error says which there is not.
func (r *reader) counted(e when.Expr, f field) (when.Expr, error) {
	name := r.event.calendar
	if f.k != nil {
		name = r.resolve(f.v).Value
	}
	if e.NeedsCalendar() {
		e = e.In(name)
		if _, ok := r.cfg.Calendars.Find(name); !ok && name != "" {
			return e, nil // that it is not there has been said
		}
	}
	_, err := e.With(r.cfg.Calendars)
	return e, err
}
