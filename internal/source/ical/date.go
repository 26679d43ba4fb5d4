package ical

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	goical "github.com/emersion/go-ical"

	"attache/internal/civil"
	"attache/internal/prose"
	"attache/internal/when"
)

// said is a date that a component states: its own, or one that has to stand beside that.
type said struct {
	expr when.Expr
	zone string  // in which its days are meant where it has a time
	key  string  // of one that stands beside the first: when it begins
	of   *vevent // the occurrence that says so for itself and those after it; nil is the component
}

// dates returns what a component says of its date: nearly always one, none where each is taken
// out. overrides are the occurrences of a series that have components of their own.
func (z *zones) dates(c *goical.Component, overrides []*vevent) ([]said, error) {
	first, length, err := z.moment(c)
	switch {
	case err != nil:
		return nil, err
	case first == nil:
		return z.startless(c)
	}
	shown, length, err := z.due(c, *first, length)
	if err != nil {
		return nil, err
	}
	if c.Props.Get(goical.PropRecurrenceID) == nil && repeats(c) || slices.ContainsFunc(overrides, (*vevent).future) {
		list, err := z.series(c, *first, shown, length, overrides)
		if err == nil {
			return list, nil
		}
		z.lack("series", "it repeats, and only its first occurrence is taken: %w", err)
	}
	z.tellUnused(c)
	x := exprOf(shown, length)
	return []said{{expr: x, zone: regional(shown.zone)}}, x.Check()
}

// tellUnused says what c has of a date that is not used: nothing of that is passed over in
// silence.
func (z *zones) tellUnused(c *goical.Component) {
	if c.Props.Get(goical.PropRecurrenceID) != nil && repeats(c) {
		z.warn("it comes again by itself, beside the series that it belongs to: only its first date is taken")
	}
}

// twice says which of the properties that an event has once at most it has with two values.
func (z *zones) twice(c *goical.Component) {
	for _, name := range []string{goical.PropDateTimeEnd, goical.PropDuration} {
		for _, p := range c.Props.Values(name) {
			if strings.TrimSpace(p.Value) != valueOf(c, name) {
				z.lack("end", "it has more than one %s: the first is taken", name)
				break
			}
		}
	}
	switch {
	case c.Name == goical.CompToDo && c.Props.Get(goical.PropDateTimeEnd) != nil:
		z.warn("a task has no DTEND: its DUE counts")
	case c.Name != goical.CompToDo && c.Props.Get(goical.PropDue) != nil && c.Props.Get(goical.PropDateTimeStart) != nil:
		z.warn("it has a DUE, which only tasks have: its DTSTART counts")
	}
}

// moment returns when a component begins and how long it lasts; nil where it does not say.
func (z *zones) moment(c *goical.Component) (start *localTime, length time.Duration, err error) {
	z.start, z.whole = nil, ""
	z.first, z.last = years(c)
	z.twice(c)
	p := c.Props.Get(goical.PropDateTimeStart)
	if p == nil {
		p = c.Props.Get(goical.PropDue)
	}
	if p == nil {
		return nil, 0, nil
	}
	t, err := z.timeOf(p)
	if err != nil {
		return nil, 0, err
	}
	z.start = &t
	if length, err = z.length(c, t); err != nil {
		z.lack("end", "%w: its end is left out", err)
		length = 0
	}
	t, length = z.wholeDays(c, t, length)
	z.start = &t
	return &t, length, nil
}

// digitsOfDay finds the year of a date among others.
var digitsOfDay = regexp.MustCompile(`\b([0-9]{4})[0-9]{4}`)

// foreseen is for how many years the clocks of a series with no end have to be known.
const foreseen = 40

// years returns the first and the last year of which c speaks.
func years(c *goical.Component) (first, last int) {
	for _, name := range []string{goical.PropDateTimeStart, goical.PropDateTimeEnd, goical.PropDue, goical.PropRecurrenceDates, goical.PropRecurrenceRule} {
		for _, p := range c.Props.Values(name) {
			for _, m := range digitsOfDay.FindAllStringSubmatch(p.Value, -1) {
				if y, err := strconv.Atoi(m[1]); err == nil && y >= 1900 && y <= 2200 {
					first, last = min(y, cmp.Or(first, y)), max(y, last)
				}
			}
		}
	}
	if rule := strings.ToUpper(valueOf(c, goical.PropRecurrenceRule)); rule != "" && !strings.Contains(rule, "UNTIL=") {
		last = first + foreseen
	}
	return first, last
}

// due returns when a task is to be done, which is what counts of it; other components take place
// when they begin.
func (z *zones) due(c *goical.Component, start localTime, length time.Duration) (localTime, time.Duration, error) {
	if c.Name != goical.CompToDo {
		return start, length, nil
	}
	if p := c.Props.Get(goical.PropDue); p != nil {
		t, err := z.timeOf(p)
		return t, 0, err
	}
	if length == 0 {
		z.warn("the task has no DUE: it stands on the day on which it begins")
		return start, 0, nil
	}
	end := start
	if end.naive = start.naive.Add(length); start.dated {
		end.naive = end.naive.AddDate(0, 0, -1) // the last day on which it is worked on
	} else if start.by != nil {
		end = start.by.at(start.wall.Add(length))
	}
	return end, 0, nil
}

// startless returns the date of a component that does not say when it begins.
func (z *zones) startless(c *goical.Component) ([]said, error) {
	p := c.Props.Get(goical.PropDateTimeEnd)
	if p == nil {
		for _, name := range []string{goical.PropDuration, goical.PropRecurrenceRule, goical.PropRecurrenceDates} {
			if c.Props.Get(name) != nil {
				return nil, fmt.Errorf("it has a %s, and no DTSTART to count it from", name)
			}
		}
		return []said{{expr: when.Expr{Form: when.TBD}}}, nil
	}
	end, err := z.timeOf(p)
	if err != nil {
		return nil, err
	}
	if d := c.Props.Get(goical.PropDuration); d != nil {
		length, err := z.lasting(end, d.Value)
		if err != nil {
			return nil, err
		}
		start := end
		start.naive = start.naive.Add(-length)
		z.warn("it has no DTSTART: it begins its DURATION before its DTEND")
		x := exprOf(start, length)
		return []said{{expr: x, zone: regional(start.zone)}}, x.Check()
	}
	last := end.dayIn(end.zone)
	if end.dated || clockOf(end.naive) == (civil.Clock{}) {
		last = last.AddDays(-1) // DTEND is no part of it
	}
	z.warn("it has a DTEND and no DTSTART: it is over by %s", last)
	x := when.Expr{Form: when.EndsBy, A: when.Point{Period: civil.Day(last)}}
	return []said{{expr: x, zone: regional(end.zone)}}, x.Check()
}

// allDayFlags say of an event with times that it takes whole days.
var allDayFlags = []string{"X-MICROSOFT-CDO-ALLDAYEVENT", "X-MICROSOFT-MSNCALENDAR-ALLDAYEVENT", "X-FUNAMBOL-ALLDAY"}

// wholeDays returns the days of what is said to take whole days and has times: those in the
// zone in which it begins and ends at midnight. Outlook writes the midnights of whoever made
// the event, in UTC or the zone of somebody else.
func (z *zones) wholeDays(c *goical.Component, start localTime, length time.Duration) (localTime, time.Duration) {
	flagged := slices.ContainsFunc(allDayFlags, func(name string) bool {
		v := strings.ToUpper(valueOf(c, name))
		return v == "TRUE" || v == "1"
	})
	if start.dated || !flagged {
		return start, length
	}
	from := start.instant()
	to := from.Add(length)
	if length == 0 {
		to = from.Add(24 * time.Hour)
	}
	offset := midnightOffset(from)
	for _, zone := range []string{start.zone, z.own, z.spoken, offset} {
		loc, err := civil.Zone(zone)
		if err != nil {
			continue
		}
		a, b := civil.Wall(from, loc), civil.Wall(to, loc)
		if length == 0 && clockOf(a) == (civil.Clock{}) {
			b = a.AddDate(0, 0, 1)
		}
		if clockOf(a) != (civil.Clock{}) || clockOf(b) != (civil.Clock{}) || !b.After(a) {
			continue
		}
		if zone == offset && zone != start.zone {
			z.warn("it takes whole days from %s: that is midnight at %s, and so it begins on %s", from.Format("2 Jan 2006 15:04 UTC"), offset, dayOf(a))
		}
		z.whole = zone
		return localTime{naive: a, dated: true}, b.Sub(a)
	}
	z.warn("it is said to take whole days, and does not: its times are taken")
	return start, length
}

// midnightOffset returns the offset at which an instant is midnight: of two that which has
// more people.
func midnightOffset(t time.Time) string {
	since := t.UTC().Hour()*3600 + t.UTC().Minute()*60 + t.UTC().Second()
	if since > 10*3600+1800 {
		return offsetText(24*3600 - since)
	}
	return offsetText(-since)
}

// regional returns a zone whose days people can be told of, "" for none: an instant in
// UTC says nothing about where it is.
func regional(zone string) string {
	if !strings.Contains(zone, "/") {
		return ""
	}
	return zone
}

// exprOf returns what is said by a start and a length: whole days where it is a day.
func exprOf(start localTime, length time.Duration) when.Expr {
	at := point(start.naive, !start.dated)
	if start.dated {
		days := int(length / (24 * time.Hour))
		if days <= 1 {
			return when.Expr{Form: when.On, A: at}
		}
		return when.Expr{Form: when.From, A: at, B: point(start.naive.AddDate(0, 0, days-1), false)}
	}
	x := when.Expr{Form: when.At, A: at, Zone: start.zone}
	if minutes := int(length / time.Minute); minutes > 0 {
		x.Lasts = when.Length{Minutes: minutes}
	}
	return x
}

// longest is how long an event may last.
const longest = 366 * 24 * time.Hour

// length returns how long c lasts, 0 where it does not say: its DTEND, which is not part
// of it, or its DURATION (RFC 5545 §3.6.1).
func (z *zones) length(c *goical.Component, start localTime) (d time.Duration, err error) {
	if p := c.Props.Get(goical.PropDateTimeEnd); p != nil && c.Name != goical.CompToDo {
		end, err := z.timeOf(p)
		if err != nil {
			return 0, err
		}
		if d, err = z.upTo(start, end); err != nil {
			return 0, err
		}
		if p := c.Props.Get(goical.PropDuration); p != nil {
			if other, err := z.lasting(start, p.Value); err != nil || other != d {
				z.warn("it has a DTEND and a DURATION that differ: its DTEND counts")
			}
		}
	} else if p := c.Props.Get(goical.PropDuration); p != nil {
		if d, err = z.lasting(start, p.Value); err != nil {
			return 0, err
		}
	}
	if d < 0 || d > longest {
		return 0, errors.New("it ends before it starts, or after more than a year")
	}
	return d, nil
}

// upTo returns how long it is from start to an end. A day that ends at a time ends with that
// day.
func (z *zones) upTo(start, end localTime) (time.Duration, error) {
	switch {
	case start.dated == end.dated:
		return z.between(start, end), nil
	case end.dated:
		return 0, errors.New("it ends with a day and starts with a time")
	}
	z.warn("it starts with a day and ends with a time: it lasts to the end of that day")
	day := civil.Naive(dayOf(end.naive), civil.Clock{})
	if end.naive.After(day) {
		day = day.AddDate(0, 0, 1)
	}
	return day.Sub(start.naive), nil
}

// lasting reads a DURATION from a start, RFC 5545 §3.3.6: days are of the calendar, and what
// begins with a day lasts whole ones.
func (z *zones) lasting(start localTime, value string) (time.Duration, error) {
	p := goical.Prop{Name: goical.PropDuration, Value: strings.TrimSpace(value)}
	var d time.Duration
	if err := guard(func() (err error) {
		d, err = p.Duration()
		return err
	}); err != nil {
		return 0, fmt.Errorf("its duration %q can't be read", prose.Clip(value, maxQuoted))
	}
	const day = 24 * time.Hour
	switch {
	case d < 0 || d > longest:
	case start.dated && d%day != 0:
		z.warn("it starts with a day and lasts %s: it is given whole days", value)
		d = (d/day + 1) * day
	case !start.dated && d%day == 0 && !strings.ContainsAny(value, "Tt"):
		end := start
		if end.naive = start.naive.Add(d); start.by != nil {
			end = start.by.at(start.wall.Add(d))
		}
		d = z.between(start, end)
	}
	return d, nil
}

func typeOf(t localTime) string {
	if t.dated {
		return "day"
	}
	return "time"
}

// between returns the time that passes between two moments.
func (z *zones) between(a, b localTime) time.Duration {
	if a.zone == b.zone && a.dated {
		return b.naive.Sub(a.naive)
	}
	return b.instant().Sub(a.instant())
}

// instant returns when a time is.
func (t localTime) instant() time.Time {
	loc, err := civil.Zone(t.zone)
	if err != nil {
		return t.naive // a day
	}
	at, _ := civil.Resolve(dayOf(t.naive), clockOf(t.naive), loc)
	return at
}
