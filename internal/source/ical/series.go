package ical

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	goical "github.com/emersion/go-ical"

	"attache/internal/civil"
	"attache/internal/recur"
	"attache/internal/when"
)

// What comes again is a rule with the days that differ from it, and where that does not say
// it, a list of days: when a series of dates has no rule, several rules, or a zone that only
// its calendar knows. What has another length than the rest stands by itself.

// course is how a component comes again, before it is put into words that attache has. Its
// times are of the wall clock at its DTSTART, as if they were UTC.
type course struct {
	z       *zones
	anchor  localTime // DTSTART, from which its rules count
	rules   []recur.Rule
	cut     []recur.Rule // EXRULE
	except  []mark
	added   []time.Time // RDATE
	periods map[time.Duration][]time.Time
	length  time.Duration
}

// mark takes out the occurrence at a wall-clock time, or whatever comes on its day.
type mark struct {
	wall time.Time
	day  bool
}

func dayOf(t time.Time) civil.Date { return civil.DateOf(t, time.UTC) }

// stretch is a part of a series whose occurrences all take place as c says: from one of them,
// which takes place at shown, up to another, zero for no end.
type stretch struct {
	c        *vevent
	from, to time.Time
	shown    localTime
	length   time.Duration
}

// has reports whether what comes at a wall-clock time belongs to s; what is added may lie
// before the first.
func (s stretch) has(at time.Time) bool {
	return (s.c == nil || !at.Before(s.from)) && (s.to.IsZero() || at.Before(s.to))
}

// repeats reports whether c comes again.
func repeats(c *goical.Component) bool {
	for _, name := range []string{goical.PropRecurrenceRule, goical.PropRecurrenceDates, goical.PropExceptionDates} {
		if c.Props.Get(name) != nil {
			return true
		}
	}
	return false
}

// series returns the dates of c, which first takes place at shown, as it comes again.
// Occurrences that have events of their own are left out, and from one that changes all
// after it on it is as that one says.
func (z *zones) series(c *goical.Component, anchor, shown localTime, length time.Duration, overrides []*vevent) ([]said, error) {
	z.start = &anchor
	s := &course{z: z, anchor: anchor, length: length, periods: map[time.Duration][]time.Time{}}
	if err := s.read(c); err != nil {
		return nil, err
	}
	parts := []stretch{{from: s.wall(anchor), shown: shown, length: length}}
	for _, o := range overrides {
		id := o.Props.Get(goical.PropRecurrenceID)
		t, err := z.timeOf(id)
		if err != nil {
			z.lack("series", "of an occurrence that is changed, %w", err)
			continue
		}
		if !o.future() {
			s.except = append(s.except, mark{s.wall(t), true})
			continue
		}
		parts = append(parts, stretch{c: o, from: s.wallOrDay(t)})
	}
	if err := s.divide(parts); err != nil {
		return nil, err
	}
	z.start = &anchor
	if err := s.exclude(); err != nil {
		return nil, err
	}
	var out []said
	for _, part := range parts {
		got, err := s.say(part)
		if err != nil {
			return nil, err
		}
		out = append(out, got...)
	}
	return out, nil
}

// divide reports where each part of a series ends, and how its occurrences take place.
func (s *course) divide(parts []stretch) error {
	slices.SortStableFunc(parts[1:], func(a, b stretch) int { return a.from.Compare(b.from) })
	for i := range parts {
		if i+1 < len(parts) {
			parts[i].to = parts[i+1].from
		}
		if i == 0 {
			continue
		}
		shown, length, err := s.z.moment(parts[i].c.Component)
		if err == nil && shown == nil {
			err = errors.New("it has no DTSTART")
		}
		if err != nil {
			return fmt.Errorf("of an occurrence that changes those after it, %w", err)
		}
		parts[i].shown, parts[i].length = *shown, length
	}
	return nil
}

// read reads the rules of c, and the dates that differ from them.
func (s *course) read(c *goical.Component) error {
	for name, to := range map[string]*[]recur.Rule{goical.PropRecurrenceRule: &s.rules, "EXRULE": &s.cut} {
		for _, p := range c.Props.Values(name) {
			rule, err := s.rule(p.Value)
			if err != nil {
				return fmt.Errorf("its %s can't be read: %w", name, err)
			}
			*to = append(*to, rule...)
		}
	}
	for _, p := range c.Props.Values(goical.PropExceptionDates) {
		for _, v := range splitList(p.Value) {
			t, err := s.z.timeFrom(strings.TrimSpace(v), p.Params.Get(goical.PropTimezoneID))
			if err != nil {
				s.z.lack("series", "of its EXDATE, %w", err)
				continue
			}
			s.except = append(s.except, mark{s.wall(t), t.dated || s.anchor.dated})
		}
	}
	for _, p := range c.Props.Values(goical.PropRecurrenceDates) {
		for _, v := range splitList(p.Value) {
			if err := s.add(strings.TrimSpace(v), p.Params.Get(goical.PropTimezoneID)); err != nil {
				s.z.lack("series", "of its RDATE, %w", err)
			}
		}
	}
	return nil
}

// add reads one value of RDATE: a date, a time, or a period, which has a length of its own.
func (s *course) add(value, tzid string) error {
	first, rest, period := strings.Cut(value, "/")
	t, err := s.z.timeFrom(first, tzid)
	if err != nil {
		return err
	}
	at := s.wallOrDay(t)
	if t.dated != s.anchor.dated {
		s.z.warn("its RDATE %s is a %s, and it begins with a %s: that day is taken", value, typeOf(t), typeOf(s.anchor))
	}
	if !period || s.anchor.dated {
		s.added = append(s.added, at)
		return nil
	}
	length, err := s.z.untilEnd(t, rest, tzid)
	if err != nil {
		return err
	}
	if length == s.length {
		s.added = append(s.added, at)
		return nil
	}
	s.periods[length] = append(s.periods[length], at)
	return nil
}

// untilEnd returns how long it is from a time to the end of a period, which is a time or a
// length.
func (z *zones) untilEnd(from localTime, end, tzid string) (time.Duration, error) {
	if strings.HasPrefix(end, "P") || strings.HasPrefix(end, "+P") {
		return z.lasting(from, end)
	}
	to, err := z.timeFrom(end, tzid)
	if err != nil {
		return 0, err
	}
	if d := z.between(from, to); d >= 0 {
		return d, nil
	}
	return 0, fmt.Errorf("a period ends before it begins")
}

// wall returns the wall clock of t where the series begins.
func (s *course) wall(t localTime) time.Time {
	switch {
	case s.anchor.dated:
		return civil.Naive(t.dayIn(""), civil.Clock{})
	case t.dated:
		return t.naive
	case s.anchor.by != nil:
		return s.anchor.by.wallAt(t.instant())
	}
	return t.in(s.anchor.zone)
}

// wallOrDay is wall, and the time of day of the series where t is a day.
func (s *course) wallOrDay(t localTime) time.Time {
	at := s.wall(t)
	if t.dated && !s.anchor.dated {
		first := s.wall(s.anchor)
		return civil.Naive(dayOf(at), clockOf(first))
	}
	return at
}

// rule reads a rule; none is one that ends before the series begins.
func (s *course) rule(text string) ([]recur.Rule, error) {
	text, err := s.timely(until(text, s.anchor.dated))
	if err != nil {
		return nil, err
	}
	rule, err := recur.ParseRule(text)
	if err != nil {
		return s.twiceBounded(text, err)
	}
	first := s.wall(s.anchor)
	if at := rule.Until().At; !at.IsZero() && s.anchor.by != nil {
		wall := s.anchor.by.wallAt(at)
		last := dayOf(wall)
		if civil.Naive(last, clockOf(first)).After(wall) {
			last = last.AddDays(-1)
		}
		return s.bounded(rule, last)
	}
	switch u := rule.Until(); {
	case !u.Day.IsZero() && u.Day.Before(dayOf(first)), !u.At.IsZero() && civil.Wall(u.At, s.location()).Before(first):
		return nil, nil
	}
	return []recur.Rule{rule}, nil
}

// twiceBounded reads a rule with COUNT and UNTIL: that which is reached first counts.
func (s *course) twiceBounded(text string, otherwise error) ([]recur.Rule, error) {
	byCount, errA := recur.ParseRule(without(text, "UNTIL"))
	byUntil, errB := recur.ParseRule(without(text, "COUNT"))
	if errA != nil || errB != nil {
		return nil, otherwise
	}
	first := s.wall(s.anchor)
	counted, err := s.walls(byCount, first, time.Time{})
	if err != nil {
		return nil, err
	}
	n := 0
	for range byUntil.From(first, first, s.location()) {
		if n++; n > len(counted) {
			return []recur.Rule{byCount}, nil
		}
	}
	return []recur.Rule{byUntil}, nil
}

// timely takes the time of day out of a rule where it is that of the series, RFC 5545 §3.3.10,
// and what goes without saying.
func (s *course) timely(rule string) (string, error) {
	clock := s.wall(s.anchor)
	own := map[string]string{"BYHOUR": fmt.Sprint(clock.Hour()), "BYMINUTE": fmt.Sprint(clock.Minute()), "BYSECOND": fmt.Sprint(clock.Second())}
	var parts []string
	for _, part := range strings.Split(strings.ToUpper(strings.TrimRight(rule, "; ")), ";") {
		key, value, _ := strings.Cut(part, "=")
		switch unpadded := strings.TrimPrefix(value, "0"); {
		case key == "RSCALE" && value == "GREGORIAN", key == "SKIP" && value == "OMIT":
		case own[key] == "":
			parts = append(parts, part)
		case s.anchor.dated, value == own[key], unpadded == own[key]:
		default:
			return "", fmt.Errorf("it comes at another time of day than it begins: %s", part)
		}
	}
	return strings.Join(parts, ";"), nil
}

// without takes a part out of a rule.
func without(rule, key string) string {
	parts := slices.DeleteFunc(strings.Split(rule, ";"), func(part string) bool {
		return strings.HasPrefix(strings.ToUpper(part), key+"=")
	})
	return strings.Join(parts, ";")
}

// location is the zone in which a rule of s ends.
func (s *course) location() *time.Location {
	loc, err := civil.Zone(s.anchor.zone)
	if err != nil {
		return time.UTC // days
	}
	return loc
}

// Bounds of what is worked out: of one series, and of all of a calendar.
const (
	maxListed = 1000 // as many days as when takes
	maxWalked = 3_000_000
)

var errTooMany = errors.New("it comes too often to be worked out")

// walls returns when a rule comes up to a time, zero for its end.
func (s *course) walls(r recur.Rule, first, last time.Time) ([]time.Time, error) {
	var out []time.Time
	for at := range r.From(first, first, s.location()) {
		if !last.IsZero() && at.After(last) {
			break
		}
		if s.z.spent++; s.z.spent > maxWalked {
			return nil, errTooMany
		}
		out = append(out, at)
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
	return civil.Wall(t.instant(), loc)
}

// dayIn returns the day of t in a zone.
func (t localTime) dayIn(zone string) civil.Date { return dayOf(t.in(zone)) }

func clockOf(at time.Time) civil.Clock {
	return civil.Clock{Hour: at.Hour(), Minute: at.Minute(), Second: at.Second()}
}

// point returns a day, with its time where there is one.
func point(at time.Time, timed bool) when.Point {
	p := when.Point{Period: civil.Day(dayOf(at)), Timed: timed}
	if timed {
		p.Clock = clockOf(at)
	}
	return p
}
