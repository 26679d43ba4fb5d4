package feed

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"time"

	"github.com/emersion/go-ical"

	"attache/internal/civil"
	"attache/internal/when"
)

// series returns x as it comes again by the rule of c. Occurrences that have events of
// their own, and those that are called off, are left out of it.
func (z *foreignZones) series(c *ical.Component, start foreignTime, x when.Expr, moved map[string]*foreignEvent) (when.Expr, error) {
	if n := len(c.Props.Values(ical.PropRecurrenceRule)); n > 1 {
		return x, fmt.Errorf("it has %d rules", n)
	}
	rule, err := when.ParseRule(until(bareValue(c, ical.PropRecurrenceRule), start.dated))
	if err != nil {
		return x, err
	}
	var except []civil.Date
	for _, p := range c.Props.Values(ical.PropExceptionDates) {
		for _, t := range z.times(p) {
			except = append(except, t.dayIn(start.zone))
		}
	}
	for _, at := range slices.Sorted(maps.Keys(moved)) {
		if t, err := z.timeOf(moved[at].Props.Get(ical.PropRecurrenceID)); err == nil {
			except = append(except, t.dayIn(start.zone))
		}
	}
	also, err := z.besides(c, start)
	if err != nil {
		return x, err
	}
	x.Recurs = when.NewRecurs(rule, except, also, nil)
	return x, x.Check()
}

// times reads a list of dates or times; what can't be read of it is told.
func (z *foreignZones) times(p ical.Prop) []foreignTime {
	var out []foreignTime
	for _, s := range splitList(p.Value) {
		t, err := z.timeFrom(s, p.Params.Get(ical.PropTimezoneID))
		if err != nil {
			z.said = append(z.said, fmt.Sprintf("of its %s, %v", p.Name, err))
			continue
		}
		out = append(out, t)
	}
	return out
}

// besides returns the days on which a series comes besides its rule.
func (z *foreignZones) besides(c *ical.Component, start foreignTime) ([]when.Point, error) {
	var out []when.Point
	for _, p := range c.Props.Values(ical.PropRecurrenceDates) {
		if p.ValueType() == ical.ValuePeriod {
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
func (t foreignTime) in(zone string) time.Time {
	loc, err := civil.Zone(zone)
	if t.dated || t.zone == zone || err != nil {
		return t.naive
	}
	return t.instant().In(loc)
}

// dayIn returns the day of t in a zone.
func (t foreignTime) dayIn(zone string) civil.Date {
	w := t.in(zone)
	return civil.Date{Year: w.Year(), Month: w.Month(), Day: w.Day()}
}
