package ical

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"attache/internal/civil"
	"attache/internal/recur"
	"attache/internal/when"
)

// exclude drops the marks that take out nothing, and makes marks of the rules that take
// occurrences out. A series of which more is taken out than can be listed ends there.
func (s *course) exclude() error {
	first := s.wall(s.anchor)
	last := first
	for _, m := range s.except {
		if m.wall.After(last) {
			last = m.wall
		}
	}
	last = last.AddDate(0, 0, 1)
	if len(s.cut) > 0 && len(s.rules) == 1 {
		last = time.Time{}
	}
	given := []time.Time{first}
	for _, r := range s.rules {
		more, err := s.walls(r, first, last)
		if err != nil {
			return err
		}
		given = append(given, more...)
	}
	s.except = s.taken(append(slices.Clone(given), s.added...))
	if len(s.rules) != 1 {
		return nil // what is listed is taken out of the list
	}
	return s.excludeByRule(given)
}

// excludeByRule makes marks of what EXRULE takes out of the times that are given.
func (s *course) excludeByRule(given []time.Time) error {
	out := make(map[time.Time]bool)
	for _, r := range s.cut {
		gone, err := s.walls(r, given[0], given[len(given)-1])
		if err != nil {
			return err
		}
		for _, at := range gone {
			out[at] = true
		}
	}
	for _, at := range given {
		if !out[at] {
			continue
		}
		if len(s.except) == maxListed {
			s.z.warn("so much is taken out of it that it is read up to %s", dayOf(at).AddDays(-1))
			var err error
			s.rules, err = s.bounded(s.rules[0], dayOf(at).AddDays(-1))
			return err
		}
		s.except = append(s.except, mark{at, false})
	}
	return nil
}

// taken returns the marks that take out one of the times that are given: that time, and
// where there is none such whatever comes on its day.
func (s *course) taken(given []time.Time) []mark {
	exact, comes := make(map[time.Time]bool, len(given)), make(map[civil.Date]time.Time, len(given))
	for _, at := range given {
		exact[at], comes[dayOf(at)] = true, at
	}
	var out []mark
	for _, m := range s.except {
		at, ok := comes[dayOf(m.wall)]
		switch {
		case exact[m.wall]:
			out = append(out, mark{m.wall, false})
		case ok:
			if !m.day {
				s.z.warn("it is not to come on %s, and comes at %s: that is left out", m.wall.Format("2 Jan 2006 at 15:04"), at.Format("15:04"))
			}
			out = append(out, mark{m.wall, true})
		}
	}
	return out
}

// bounded returns r with another end.
func (s *course) bounded(r recur.Rule, last civil.Date) ([]recur.Rule, error) {
	if last.Before(dayOf(s.wall(s.anchor))) {
		return nil, nil
	}
	text := without(without(r.String(), "COUNT"), "UNTIL") + ";UNTIL=" + strings.ReplaceAll(last.String(), "-", "")
	rule, err := recur.ParseRule(text)
	return []recur.Rule{rule}, err
}

// gone reports whether what comes at a wall-clock time is taken out.
func (s *course) gone(at time.Time) bool {
	return slices.ContainsFunc(s.except, func(m mark) bool {
		return at.Equal(m.wall) || m.day && dayOf(at) == dayOf(m.wall)
	})
}

// say puts a part of the series into words.
func (s *course) say(part stretch) ([]said, error) {
	var also []time.Time
	for _, at := range s.added {
		if part.has(at) && !s.gone(at) {
			also = append(also, at)
		}
	}
	var out []said
	if len(s.rules) == 1 && s.anchor.by == nil && part.shown.by == nil {
		var err error
		if out, err = s.ruled(part, also); err != nil {
			return nil, err
		}
	}
	if len(out) == 0 {
		walls, err := s.all(part)
		if err != nil {
			return nil, err
		}
		if out, err = s.listed(part, append(walls, also...), part.length); err != nil {
			return nil, err
		}
	}
	if part.c == nil {
		return s.besides(out)
	}
	return out, nil
}

// besides adds to the dates of the first part of a series those that have a length of their own.
func (s *course) besides(out []said) ([]said, error) {
	for length, list := range s.periods {
		x, err := s.listed(stretch{from: s.wall(s.anchor), shown: s.anchor}, slices.DeleteFunc(list, s.gone), length)
		if err != nil {
			return nil, err
		}
		out = append(out, apart(x)...)
	}
	slices.SortFunc(out, func(a, b said) int { return strings.Compare(a.key, b.key) })
	return out, nil
}

// apart returns dates with the keys that tell them from others of their component.
func apart(list []said) []said {
	for i := range list {
		list[i].key = list[i].expr.A.String()
	}
	return list
}

// all returns when the series comes in a part, if that can be listed: as its rules say, and
// first at its DTSTART.
func (s *course) all(part stretch) ([]time.Time, error) {
	first := s.wall(s.anchor)
	out := []time.Time{first, part.from}
	for _, r := range s.rules {
		if r.Endless() && part.to.IsZero() {
			return nil, errors.New("it has no end, and no one rule in a zone that is known")
		}
		given, err := s.walls(r, first, part.to)
		if err != nil {
			return nil, err
		}
		if n := r.Count(); n > 0 && (len(given) == 0 || !given[0].Equal(first)) {
			given = given[:min(len(given), n-1)]
		}
		out = append(out, given...)
	}
	for _, r := range s.cut {
		if len(out) == 0 { // an EXRULE before this one took all of them out
			break
		}
		gone, err := s.walls(r, first, slices.MaxFunc(out, time.Time.Compare))
		if err != nil {
			return nil, err
		}
		out = slices.DeleteFunc(out, func(at time.Time) bool { return slices.ContainsFunc(gone, at.Equal) })
	}
	return slices.DeleteFunc(out, func(at time.Time) bool { return !part.has(at) || s.gone(at) }), nil
}

// listed states times one by one, in one date or, where there is no time, in none.
func (s *course) listed(part stretch, walls []time.Time, length time.Duration) ([]said, error) {
	slices.SortFunc(walls, time.Time.Compare)
	walls = slices.CompactFunc(walls, time.Time.Equal)
	if len(walls) == 0 {
		return nil, nil
	}
	if len(walls) > maxListed {
		return nil, fmt.Errorf("it comes %d times, and no one rule says when", len(walls))
	}
	var first localTime
	var rest []when.Point
	for i, at := range walls {
		t := s.place(part, at)
		if i == 0 {
			first = t
			continue
		}
		rest = append(rest, point(t.in(first.zone), !first.dated))
	}
	x := exprOf(first, length)
	if len(rest) > 0 {
		once, err := recur.ParseRule("FREQ=DAILY;COUNT=1")
		if err != nil {
			return nil, err
		}
		x.Recurs = when.NewRecurs(once, nil, rest, nil)
	}
	return []said{{expr: x, zone: regional(first.zone), of: part.c}}, x.Check()
}

// place returns when an occurrence of a part takes place.
func (s *course) place(part stretch, at time.Time) localTime {
	t := part.shown
	if t.by != nil {
		return t.by.at(t.wall.Add(at.Sub(part.from)))
	}
	t.naive = t.naive.Add(at.Sub(part.from))
	return t
}

// ruled states a part by its rule, and nothing where no rule says it.
func (s *course) ruled(part stretch, also []time.Time) ([]said, error) {
	rules, has, err := s.within(part)
	if err != nil {
		return nil, err
	}
	moved := part.shown.naive.Sub(part.from)
	days := daysBetween(dayOf(part.from), dayOf(part.shown.naive))
	if len(rules) == 0 || len(s.except) > maxListed || len(also) >= maxListed {
		return nil, nil
	}
	rule, ok := shifted(rules[0], days)
	if !ok {
		return nil, nil
	}
	var except []civil.Date
	for _, m := range s.except {
		if part.has(m.wall) || dayOf(part.from) == dayOf(m.wall) {
			except = append(except, dayOf(m.wall).AddDays(days))
		}
	}
	var besides []when.Point
	var early []time.Time
	if !has && !s.gone(part.from) {
		also = append(also, part.from)
	}
	for _, at := range also {
		if at.Before(part.from) {
			early = append(early, at)
		} else {
			besides = append(besides, point(at.Add(moved), !part.shown.dated))
		}
	}
	x := exprOf(part.shown, part.length)
	x.Recurs = when.NewRecurs(rule, except, besides, nil)
	if err := x.Check(); err != nil {
		if rule.Endless() {
			return nil, err
		}
		return nil, nil
	}
	out := []said{{expr: x, zone: regional(part.shown.zone), of: part.c}}
	before, err := s.listed(part, early, part.length)
	return append(out, apart(before)...), err
}

// within returns the rule of a part, none where it has no day, and whether it has the first
// day of the part. COUNT counts DTSTART, RFC 5545 §3.3.10, whether the rule has it or not.
func (s *course) within(part stretch) (rules []recur.Rule, has bool, err error) {
	r, first := s.rules[0], s.wall(s.anchor)
	given, err := s.walls(r, first, first)
	if err != nil {
		return nil, false, err
	}
	starts := len(given) > 0
	whole := part.to.IsZero() && part.from.Equal(first) && (r.Until().At.IsZero() || dayOf(part.from) == dayOf(part.shown.naive))
	if n := r.Count(); n > 0 && !starts {
		if n == 1 {
			return nil, false, nil
		}
		if r, err = recur.ParseRule(strings.Replace(r.String(), fmt.Sprintf("COUNT=%d", n), fmt.Sprintf("COUNT=%d", n-1), 1)); err != nil {
			return nil, false, err
		}
	}
	if whole {
		return []recur.Rule{r}, starts, nil
	}
	last := part.to.AddDate(0, 0, -1)
	if n := r.Count(); n > 0 || part.to.IsZero() && !r.Endless() {
		if given, err = s.walls(r, first, part.to); err != nil {
			return nil, false, err
		}
		if len(given) > 0 && (part.to.IsZero() || !given[len(given)-1].After(last)) {
			last = given[len(given)-1]
		}
	}
	if !part.to.IsZero() || !r.Endless() {
		if dayOf(last).Before(dayOf(part.from)) {
			return nil, false, nil
		}
		if rules, err = s.bounded(r, dayOf(last)); err != nil || len(rules) == 0 {
			return nil, false, err
		}
		r = rules[0]
	}
	for at := range r.From(part.from, part.from, s.location()) {
		return []recur.Rule{r}, at.Equal(part.from), nil
	}
	return nil, false, nil
}

// shifted returns r so many days later, and false where no rule says that.
func shifted(r recur.Rule, days int) (recur.Rule, bool) {
	if days == 0 {
		return r, true
	}
	var parts []string
	for _, part := range strings.Split(r.String(), ";") {
		key, value, _ := strings.Cut(part, "=")
		switch key {
		case "FREQ":
			if value != "DAILY" && value != "WEEKLY" {
				return r, false
			}
		case "UNTIL":
			d := r.Until().Day
			if d.IsZero() {
				d = dayOf(r.Until().At)
			}
			part = "UNTIL=" + strings.ReplaceAll(d.AddDays(days).String(), "-", "")
		case "BYDAY", "WKST":
			part = key + "=" + laterDays(value, days)
		case "COUNT", "INTERVAL":
		default:
			return r, false
		}
		parts = append(parts, part)
	}
	out, err := recur.ParseRule(strings.Join(parts, ";"))
	return out, err == nil
}

// laterDays moves days of the week: MO,WE a day later are TU,TH.
func laterDays(list string, days int) string {
	const week = "MOTUWETHFRSASU"
	var out []string
	for _, d := range strings.Split(list, ",") {
		at := (strings.Index(week, d)/2 + days%7 + 7) % 7
		out = append(out, week[2*at:2*at+2])
	}
	return strings.Join(out, ",")
}

func daysBetween(a, b civil.Date) int {
	return int(civil.Naive(b, civil.Clock{}).Sub(civil.Naive(a, civil.Clock{})) / (24 * time.Hour))
}
