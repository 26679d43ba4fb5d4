package ical

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	goical "github.com/emersion/go-ical"

	"attache/internal/civil"
	"attache/internal/recur"
)

// definition is what a calendar itself says of a zone, RFC 5545 §3.6.5.
type definition struct{ observances []observance }

// observance is one offset of a zone, and when it begins.
type observance struct {
	from, to int         // offsets in seconds east of UTC
	onsets   []time.Time // wall clock of the offset before, as if it were UTC: DTSTART, then RDATE
	rule     recur.Rule
	ruled    bool
}

// maxOnsets bounds how often an observance begins.
const maxOnsets = 1000

// definitionOf reads a VTIMEZONE.
func definitionOf(c *goical.Component) (*definition, error) {
	d := &definition{}
	for _, part := range c.Children {
		if part.Name != goical.CompTimezoneStandard && part.Name != goical.CompTimezoneDaylight {
			continue
		}
		o, err := observanceOf(part)
		if err != nil {
			return nil, err
		}
		d.observances = append(d.observances, o)
	}
	if len(d.observances) == 0 {
		return nil, errors.New("it has no offset")
	}
	return d, nil
}

func observanceOf(c *goical.Component) (o observance, err error) {
	to, ok := utcOffset(valueOf(c, goical.PropTimezoneOffsetTo))
	from, known := utcOffset(valueOf(c, goical.PropTimezoneOffsetFrom))
	if !ok {
		return o, fmt.Errorf("%q is no offset", valueOf(c, goical.PropTimezoneOffsetTo))
	}
	if o = (observance{from: from, to: to}); !known {
		o.from = to
	}
	starts := []string{valueOf(c, goical.PropDateTimeStart)}
	for _, p := range c.Props.Values(goical.PropRecurrenceDates) {
		starts = append(starts, splitList(p.Value)...)
	}
	if len(starts) > maxOnsets {
		return o, errors.New("it changes too often")
	}
	for _, s := range starts {
		at, err := time.Parse("20060102T150405", strings.TrimSuffix(s, "Z"))
		if err != nil {
			return o, fmt.Errorf("%q is no time at which an offset begins", s)
		}
		o.onsets = append(o.onsets, at)
	}
	if rule := valueOf(c, goical.PropRecurrenceRule); rule != "" {
		if !strings.Contains(strings.ToUpper(rule), "FREQ=YEARLY") {
			return o, errors.New("its clocks change by a rule that is not yearly")
		}
		o.ruled = true
		o.rule, err = recur.ParseRule(localUntil(rule))
	}
	return o, err
}

// localUntil makes UNTIL in wall-clock time a day: some programs write it so.
func localUntil(rule string) string { return until(rule, false) }

// in returns when o begins from a year on until the end of another, and before that once at
// least, wall-clock times as if they were UTC.
func (o observance) in(first, last int) []time.Time {
	out := slices.Clone(o.onsets)
	if !o.ruled {
		return out
	}
	from := o.onsets[0]
	if early := time.Date(first-1, 1, 1, 0, 0, 0, 0, time.UTC); o.rule.Endless() && from.Before(early) {
		from = early
	}
	for at := range o.rule.From(o.onsets[0], from, time.FixedZone("", o.from)) {
		if at.Year() > last || len(out) > maxOnsets {
			break
		}
		out = append(out, at)
	}
	return out
}

// turns returns the changes of the zone up to the end of the year last, in order, and those
// before the year first as far as they still count; and the offset before all of them.
func (d *definition) turns(first, last int) (before int, list []civil.Transition) {
	for _, o := range d.observances {
		for _, at := range o.in(first, last) {
			if at.Year() <= last {
				list = append(list, civil.Transition{At: at.Add(-time.Duration(o.from) * time.Second), From: o.from, To: o.to})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b civil.Transition) int { return a.At.Compare(b.At) })
	if len(list) == 0 {
		return d.observances[0].from, nil
	}
	before = list[0].From
	out, offset := list[:0], before
	for _, t := range list {
		if t.From = offset; t.To != offset {
			out, offset = append(out, t), t.To
		}
	}
	return before, out
}

// instant returns when the clocks of the zone show a wall-clock time that is given as if it
// were UTC: the first time where they show it twice, and by the offset before a gap where
// they never do.
func (d *definition) instant(wall time.Time) time.Time {
	offset, list := d.turns(wall.Year(), wall.Year()+1)
	last := wall.Add(-time.Duration(offset) * time.Second)
	start := time.Time{}
	for _, t := range list {
		at := wall.Add(-time.Duration(offset) * time.Second)
		if at.Before(start) {
			return last
		}
		if at.Before(t.At) {
			return at
		}
		last, start, offset = at, t.At, t.To
	}
	if at := wall.Add(-time.Duration(offset) * time.Second); !at.Before(start) {
		return at
	}
	return last
}

// wallAt returns what the clocks of the zone show at an instant, as if it were UTC.
func (d *definition) wallAt(t time.Time) time.Time {
	offset, list := d.turns(t.Year()-1, t.Year()+1)
	for _, turn := range list {
		if turn.At.After(t) {
			break
		}
		offset = turn.To
	}
	return t.UTC().Add(time.Duration(offset) * time.Second)
}

// clocks are the clock changes of a definition in some years.
type clocks struct {
	from, to time.Time
	offset   int // at from, in seconds
	list     []civil.Transition
}

// clocks returns how the clocks of d change from the year first to the end of the year last.
func (d *definition) clocks(first, last int) clocks {
	c := clocks{from: time.Date(first, 1, 1, 0, 0, 0, 0, time.UTC), to: time.Date(last+1, 1, 1, 0, 0, 0, 0, time.UTC)}
	c.offset, c.list = d.turns(first, last+1)
	for len(c.list) > 0 && !c.list[0].At.After(c.from) {
		c.offset, c.list = c.list[0].To, c.list[1:]
	}
	for len(c.list) > 0 && c.list[len(c.list)-1].At.After(c.to) {
		c.list = c.list[:len(c.list)-1]
	}
	return c
}

// are reports whether they are those of loc.
func (c clocks) are(loc *time.Location) bool {
	if civil.OffsetAt(c.from, loc) != time.Duration(c.offset)*time.Second {
		return false
	}
	for _, t := range c.list { // most zones differ at once
		if civil.OffsetAt(t.At, loc) != time.Duration(t.To)*time.Second || civil.OffsetAt(t.At.Add(-time.Second), loc) != time.Duration(t.From)*time.Second {
			return false
		}
	}
	return len(civil.Transitions(loc, c.from, c.to)) == len(c.list)
}

// fixed returns the one offset that d has from the year first to the end of the year last,
// and false where it has several.
func (d *definition) fixed(first, last int) (offset int, ok bool) {
	offset, list := d.turns(first, last)
	from := time.Date(first, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, t := range list {
		if t.At.After(from) {
			return 0, false
		}
		offset = t.To
	}
	return offset, true
}

// offsetText writes an offset in seconds as attache names zones.
func offsetText(seconds int) string {
	if seconds == 0 {
		return "UTC"
	}
	sign := '+'
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	if s := seconds % 60; s != 0 {
		return fmt.Sprintf("%c%02d:%02d:%02d", sign, seconds/3600, seconds/60%60, s)
	}
	return fmt.Sprintf("%c%02d:%02d", sign, seconds/3600, seconds/60%60)
}

// utcOffset reads +0100 or -043000, RFC 5545 §3.3.14, in seconds.
func utcOffset(s string) (seconds int, ok bool) {
	s = strings.ReplaceAll(s, ":", "")
	if len(s) != 5 && len(s) != 7 || s[0] != '+' && s[0] != '-' {
		return 0, false
	}
	n, err := strconv.Atoi(s[1:])
	if err != nil {
		return 0, false
	}
	if len(s) == 5 {
		n *= 100
	}
	seconds = n/10000*3600 + n/100%100*60 + n%100
	if s[0] == '-' {
		seconds = -seconds
	}
	return seconds, true
}
