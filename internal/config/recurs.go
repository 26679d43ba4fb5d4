package config

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/when"
)

// recurring reads how the date e comes again, from the keys beside it, and puts it into
// e. It is false where that is wrong.
func (c *calendarReader) recurring(e *when.Expr, p parts) bool {
	f, ok := p["recurs"]
	if !ok {
		for _, key := range []string{"except", "also"} {
			if other, has := p[key]; has {
				c.fail(other.k, "%s goes with recurs: add the rule, such as recurs: FREQ=MONTHLY;BYDAY=1FR", key)
				ok = true
			}
		}
		return !ok
	}
	if dates := p.dates(); slices.ContainsFunc(dates, func(key string) bool {
		return !slices.Contains([]string{"on", "at", "from", "to", "lasts"}, key)
	}) || p["on"].k != nil && p["at"].k != nil {
		c.fail(f.k, "a series has one first day: state it with on, at or from alone")
		return false
	}
	rule, ok := c.rule(f)
	except, fine := c.exceptions(p)
	also, zones, good := c.besides(p, *e)
	if !ok || !fine || !good {
		return false
	}
	e.Recurs = when.NewRecurs(rule, except, also, zones)
	return true
}

// rule reads a rule of RFC 5545.
func (c *calendarReader) rule(f field) (when.Rule, bool) {
	n := c.scalar(f)
	if n == nil {
		if c.null(f.v) {
			c.fail(f.k, "recurs has no rule behind it: write one as FREQ=MONTHLY;BYDAY=1FR")
		}
		return when.Rule{}, false
	}
	r, err := when.ParseRule(n.Value)
	if err != nil {
		c.dateError(n, n.Value, err)
	}
	return r, err == nil
}

// listed returns the items of f, and whether it is a list.
func (c *calendarReader) listed(f field) ([]field, bool) {
	n := c.resolve(f.v)
	return c.list(f), n.Kind == yaml.SequenceNode || n.Tag == "!!null"
}

// exceptions reads the days on which a series does not come.
func (c *calendarReader) exceptions(p parts) (days []civil.Date, ok bool) {
	f, has := p["except"]
	if !has {
		return nil, true
	}
	items, ok := c.listed(f)
	for _, item := range items {
		n := c.date(item)
		if n == nil {
			ok = false
			continue
		}
		d, err := civil.ParseDate(n.Value)
		if err != nil {
			c.dateError(n, n.Value, err)
			ok = false
		}
		days = append(days, d)
	}
	return days, ok
}

// besides reads the days on which a series comes besides. Those without a time of day
// have that of the series.
func (c *calendarReader) besides(p parts, e when.Expr) (points []when.Point, zones []string, ok bool) {
	f, has := p["also"]
	if !has {
		return nil, nil, true
	}
	items, ok := c.listed(f)
	for _, item := range items {
		n := c.date(item)
		if n == nil {
			ok = false
			continue
		}
		point, zone, err := when.ParseInstant(n.Value)
		if err != nil {
			c.dateError(n, n.Value, err)
			ok = false
			continue
		}
		if _, err := civil.Zone(zone); zone != "" && err != nil {
			c.failInside(n, strings.LastIndex(n.Value, zone), "%s", err)
			ok = false
			continue
		}
		if e.A.Timed && !point.Timed && point.Period.IsDay() {
			point.Timed, point.Clock = true, e.A.Clock
		}
		points, zones = append(points, point), append(zones, zone)
	}
	return points, zones, ok
}

// unlike warns of days that are not as the rule says, which is most often a slip: the
// first one, and those that are taken out of it.
func (c *calendarReader) unlike(e when.Expr, p parts) {
	s, ok := e.Series(c.zone, "")
	if !ok {
		return
	}
	if first, ok := s.Start(); ok && !s.Fits() {
		n := c.resolve(p["recurs"].v)
		c.found.warn(c.at(n), "the rule does not have %s: the series begins on %s", civil.Long(civil.DateOf(s.First, s.First.Location())), civil.Long(first.Window.Earliest.Day))
	}
	excepted := make(map[civil.Date]bool)
	for _, at := range s.Excepted() {
		excepted[civil.DateOf(at, at.Location())] = true
	}
	if f, has := p["except"]; has {
		for _, item := range c.list(f) {
			n := c.resolve(item.v)
			if d, err := civil.ParseDate(n.Value); err == nil && !excepted[d] {
				c.found.warn(c.at(n), "the rule does not have %s, so there is nothing to leave out", civil.Long(d))
			}
		}
	}
}

// checkSeries refuses a series beside other statements: which of its days they would
// bound is open. n is where the dates of e stand.
func (c *calendarReader) checkSeries(e event.Event, f field) {
	inForce, series := 0, false
	for _, s := range e.When {
		if s.SupersededBy == "" {
			inForce++
			series = series || !s.Expr.Recurs.IsZero()
		}
	}
	if !series {
		return
	}
	c.all.series[e.ID] = true
	if inForce > 1 {
		c.fail(f.k, "a series stands alone: put single days under also, and what is superseded under superseded_by")
	}
}
