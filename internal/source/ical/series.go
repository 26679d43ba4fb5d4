package ical

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"time"

	goical "github.com/emersion/go-ical"

	"attache/internal/civil"
	"attache/internal/recur"
	"attache/internal/when"
)

// series returns x as it comes again by the rule of c. Occurrences that have events of
// their own, and those that are called off, are left out of it.
func (z *zones) series(c *goical.Component, start localTime, x when.Expr, overrides map[string]*vevent) (when.Expr, error) {
	if n := len(c.Props.Values(goical.PropRecurrenceRule)); n > 1 {
		return x, fmt.Errorf("it has %d rules", n)
	}
	rule, err := recur.ParseRule(until(valueOf(c, goical.PropRecurrenceRule), start.dated))
	if err != nil {
		return x, err
	}
	var except []civil.Date
	for _, p := range c.Props.Values(goical.PropExceptionDates) {
		for _, t := range z.times(p) {
			except = append(except, t.dayIn(start.zone))
		}
	}
	for _, at := range slices.Sorted(maps.Keys(overrides)) {
		if t, err := z.timeOf(overrides[at].Props.Get(goical.PropRecurrenceID)); err == nil {
			except = append(except, t.dayIn(start.zone))
		}
	}
	also, err := z.added(c, start)
	if err != nil {
		return x, err
	}
	x.Recurs = when.NewRecurs(rule, except, also, nil)
	return x, x.Check()
}

// times reads a list of dates or times; what can't be read of it is told.
func (z *zones) times(p goical.Prop) []localTime {
	var out []localTime
	for _, s := range splitList(p.Value) {
		t, err := z.timeFrom(s, p.Params.Get(goical.PropTimezoneID))
		if err != nil {
			z.lack("series", "of its %s, %v", p.Name, err)
			continue
		}
		out = append(out, t)
	}
	return out
}

// added returns the days on which a series comes added its rule.
func (z *zones) added(c *goical.Component, start localTime) ([]when.Point, error) {
	var out []when.Point
	for _, p := range c.Props.Values(goical.PropRecurrenceDates) {
		if p.ValueType() == goical.ValuePeriod {
			return nil, errors.New("it comes besides in periods of other lengths")
		}
		for _, t := range z.times(p) {
			if t.dated != start.dated {
				return nil, fmt.Errorf("it comes besides on a %s, and begins with a %s", typeOf(t), typeOf(start))
			}
			at := when.Point{Period: civil.Day(t.dayIn(start.zone)), Timed: !start.dated}
			if at.Timed {
				w := t.in(start.zone)
				at.Clock = civil.Clock{Hour: w.Hour(), Minute: w.Minute(), Second: w.Second()}
			}
			out = append(out, at)
		}
	}
	return out, nil
}

// untilTime finds the time of UNTIL.
var untilTime = regexp.MustCompile(`(?i)(UNTIL=[0-9]{8})T[0-9]{6}(Z?)`)

// until makes UNTIL a day where the series has no time of day, or where the time names
// no zone: RFC 5545 §3.3.10 wants both of one type, and many programs do not.
func until(rule string, dated bool) string {
	return untilTime.ReplaceAllStringFunc(rule, func(s string) string {
		if dated || s[len(s)-1] != 'Z' && s[len(s)-1] != 'z' {
			return s[:len("UNTIL=20060102")]
		}
		return s
	})
}

// in returns the wall clock of t in a zone.
func (t localTime) in(zone string) time.Time {
	loc, err := civil.Zone(zone)
	if t.dated || t.zone == zone || err != nil {
		return t.naive
	}
	return t.instant().In(loc)
}

// dayIn returns the day of t in a zone.
func (t localTime) dayIn(zone string) civil.Date {
	w := t.in(zone)
	return civil.Date{Year: w.Year(), Month: w.Month(), Day: w.Day()}
}
