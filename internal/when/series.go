package when

import (
	"iter"
	"slices"
	"time"

	"attache/internal/civil"
	"attache/internal/recur"
	"attache/internal/workday"
)

// Series is something that comes again: the days of a rule, without those excepted,
// with those added.
//
// Days and times are counted on the wall clock and resolved in the zone afterwards, so
// that 09:00 stays 09:00 across a clock change; one that a change skips or doubles is
// resolved as Resolve says. The first day counts only where the rule has it. Nothing is
// looked for after the year 2200, so that what has no end is bounded too.
type Series struct {
	Rule  recur.Rule
	Zone  string    // IANA name or offset
	Timed bool      // whether it has a time of day
	First time.Time // the wall clock at its beginning, as if it were UTC; a day is its midnight

	recurs Recurs
	stated Expr // once, at its first day
	by     string
	zone   *lookup
	except map[civil.Date]bool
	off    []*workday.Calendar // whose holidays are excepted too
	also   []time.Time         // wall clock, in order
}

// Occurrence is one time that a series comes.
type Occurrence struct {
	Wall   time.Time // the wall clock at its beginning, as if it were UTC: RECURRENCE-ID in the zone of the series
	Window Window    // settled
}

// Name names the occurrence within its series, for ever: 20260206 or 20260206T083000.
func (o Occurrence) Name(timed bool) string {
	if timed {
		return o.Wall.Format("20060102T150405")
	}
	return o.Wall.Format("20060102")
}

// Series returns the series that e states, and false where it states a date that comes
// once. zone and by are as for Window; e passes Check.
func (e Expr) Series(zone, by string) (Series, bool) {
	if e.Recurs.Rule == "" {
		return Series{}, false
	}
	rule, err := recur.ParseRule(e.Recurs.Rule)
	if err != nil {
		return Series{}, false
	}
	if e.Zone != "" {
		zone = e.Zone
	}
	s := Series{
		Rule: rule, Zone: civil.ZoneName(zone), Timed: e.A.Timed, First: civil.Naive(e.A.Period.First(), e.A.Clock),
		recurs: e.Recurs, stated: e, by: by, except: make(map[civil.Date]bool),
	}
	s.stated.Recurs = Recurs{}
	s.zone = &lookup{name: s.Zone}
	days, calendars, _ := e.Recurs.excepted()
	for _, d := range days {
		s.except[d] = true
	}
	for _, name := range calendars {
		var c *workday.Calendar
		if e.off != nil {
			if i := slices.IndexFunc(*e.off, func(c *workday.Calendar) bool { return c.Name == name }); i >= 0 {
				c = (*e.off)[i]
			}
		}
		s.off = append(s.off, found(c, name))
	}
	extras, _ := e.Recurs.extras()
	for _, x := range extras {
		at := civil.Naive(x.Period.First(), x.Clock)
		if loc, err := civil.Zone(x.zone); x.zone != "" && err == nil && x.Timed {
			t, _ := civil.Resolve(x.Period.First(), x.Clock, loc)
			at = civil.Wall(t, s.zone.location())
		}
		s.also = append(s.also, at)
	}
	slices.SortFunc(s.also, byStart)
	s.also = slices.CompactFunc(s.also, time.Time.Equal)
	return s, true
}

// Endless reports whether the series has no end.
func (s Series) Endless() bool { return s.Rule.Endless() }

// Location returns the zone of s.
func (s Series) Location() *time.Location { return s.zone.location() }

// Excepted returns the wall-clock times at which the rule would have it come and it does
// not, in order: EXDATE. Days that the rule does not have are not among them, nor holidays
// after the day until.
func (s Series) Excepted(until civil.Date) []time.Time {
	var out []time.Time
	last := civil.Date{}
	for d := range s.except {
		if last.Before(d) {
			last = d
		}
	}
	for at := range s.rule(s.First) {
		day := civil.DateOf(at, time.UTC)
		if day.After(last) && (len(s.off) == 0 || day.After(until)) {
			break
		}
		if s.except[day] || !day.After(until) && s.holiday(day) {
			out = append(out, at)
		}
	}
	return out
}

// Spelled returns e, which is stated in zone, with the holidays that it leaves out as days, up to
// the day until: others know no calendars.
func (e Expr) Spelled(zone string, until civil.Date) Expr {
	s, ok := e.Series(zone, "")
	if !ok || len(s.off) == 0 {
		return e
	}
	var days []civil.Date
	for _, at := range s.Excepted(until) {
		days = append(days, civil.DateOf(at, time.UTC))
	}
	e.Recurs.Except, e.off = NewRecurs(s.Rule, days, nil, nil).Except, nil
	return e
}

// Idle returns a calendar whose holidays are excepted though s comes on none that is known.
func (s Series) Idle() (calendar string, ok bool) {
	for _, c := range s.off {
		last, one := c.PublishedUntil, s
		if limit := civil.DateOf(s.First, time.UTC).AddMonths(12 * mostYears); limit.Before(last) {
			last = limit
		}
		if one.except, one.off = nil, []*workday.Calendar{c}; len(one.Excepted(last)) == 0 {
			return c.Name, true
		}
	}
	return "", false
}

// holiday reports whether d is a holiday of a calendar whose holidays are excepted.
func (s Series) holiday(d civil.Date) bool {
	return slices.ContainsFunc(s.off, func(c *workday.Calendar) bool { return c.Off(d) })
}

// comes reports whether s, whose rule has it at that wall-clock time, comes then.
func (s Series) comes(at time.Time) bool {
	d := civil.DateOf(at, time.UTC)
	return !s.except[d] && !s.holiday(d)
}

// Added returns the wall-clock times at which it comes besides, in order: RDATE.
func (s Series) Added() []time.Time { return slices.Clone(s.also) }

// From returns the occurrences that are not over at t, in order.
func (s Series) From(t time.Time) iter.Seq[Occurrence] {
	from := civil.Wall(t, s.zone.location()).Add(-s.length() - civil.Reach)
	return func(yield func(Occurrence) bool) {
		var last time.Time
		for at := range s.walls(from) {
			o := s.occurrence(at)
			begins, _ := o.Window.Start()
			if end, _ := o.Window.End(); end.Before(t) || end.Equal(t) && begins.Before(t) || !last.IsZero() && !begins.After(last) {
				continue // a day that never was in this zone is the next one
			}
			last = begins
			if !yield(o) {
				return
			}
		}
	}
}

// Next returns the occurrences that are not over at t, at most n of them.
func (s Series) Next(t time.Time, n int) []Occurrence {
	var out []Occurrence
	for o := range s.From(t) {
		if len(out) == n {
			break
		}
		out = append(out, o)
	}
	return out
}

// Before returns the occurrence before o, and false where there is none for more than a
// year.
func (s Series) Before(o Occurrence) (last Occurrence, ok bool) {
	var at time.Time
	for t := range s.walls(o.Wall.AddDate(-1, 0, -1)) {
		if !t.Before(o.Wall) {
			break
		}
		at, ok = t, true
	}
	if !ok {
		return last, false
	}
	return s.occurrence(at), true
}

// Start returns the first occurrence, and false where there is none: every day of the
// rule is excepted.
func (s Series) Start() (Occurrence, bool) {
	for at := range s.walls(s.First) {
		return s.occurrence(at), true
	}
	return Occurrence{}, false
}

// End returns the last occurrence of a series that has an end.
func (s Series) End() (last Occurrence, ok bool) {
	if s.Endless() {
		return last, false
	}
	from := s.First
	if until := s.Rule.Until(); !until.IsZero() {
		from = civil.Naive(until.Day, civil.Clock{})
		if until.Day.IsZero() {
			from = civil.Wall(until.At, s.zone.location())
		}
		from = from.AddDate(-1, 0, 0) // most series come within a year of their end
	}
	var at time.Time
	for range 2 {
		for t := range s.walls(from) {
			at, ok = t, true
		}
		if ok {
			return s.occurrence(at), true
		}
		from = s.First
	}
	return last, false
}

// walls returns the wall-clock times at which s comes, in order, each once, from about
// from on.
func (s Series) walls(from time.Time) iter.Seq[time.Time] {
	return func(yield func(time.Time) bool) {
		also := s.also
		for len(also) > 0 && also[0].Before(from) {
			also = also[1:]
		}
		for at := range s.rule(from) {
			for len(also) > 0 && !also[0].After(at) {
				if also[0].Before(at) && !yield(also[0]) {
					return
				}
				if also[0].Equal(at) && !s.comes(at) && !yield(at) {
					return
				}
				also = also[1:]
			}
			if s.comes(at) && !yield(at) {
				return
			}
		}
		for _, at := range also {
			if !yield(at) {
				return
			}
		}
	}
}

// rule returns the wall-clock times of the rule, from about from on and never before the
// series begins.
func (s Series) rule(from time.Time) iter.Seq[time.Time] {
	return s.Rule.From(s.First, from, s.zone.location())
}

// length returns at least how long one occurrence lasts.
func (s Series) length() time.Duration {
	e := s.stated
	switch {
	case e.Lasts.dated(): // holidays can be long
		return time.Duration(e.Lasts.Days+31*e.Lasts.Months+3*e.Lasts.Business+14) * 24 * time.Hour
	case e.Lasts.Minutes > 0:
		return time.Duration(e.Lasts.Minutes) * time.Minute
	case !e.B.Period.IsZero():
		return civil.Naive(e.B.Period.Last(), e.B.Clock).Sub(s.First) + 24*time.Hour
	}
	return 24 * time.Hour
}

// Fits reports whether the rule has the day on which the series was stated to begin.
func (s Series) Fits() bool {
	for at := range s.rule(s.First) {
		return at.Equal(s.First)
	}
	return false
}

// occurrence returns the one that begins at a wall-clock time.
func (s Series) occurrence(at time.Time) Occurrence {
	e := s.once(at)
	w := Window{Precision: None, Zone: s.Zone, lookup: s.zone}
	e.span(&w, s.by)
	w.Precision = w.precision()
	return Occurrence{Wall: at, Window: w}
}

// once states the occurrence that begins at a wall-clock time as if it were the only
// one.
func (s Series) once(at time.Time) Expr {
	e := s.stated
	by := at.Sub(s.First)
	move := func(p Point) Point {
		t := civil.Naive(p.Period.Last(), p.Clock).Add(by)
		p.Period = civil.Day(civil.DateOf(t, time.UTC))
		if p.Timed {
			p.Clock = civil.Clock{Hour: t.Hour(), Minute: t.Minute(), Second: t.Second()}
		}
		return p
	}
	e.A = move(e.A)
	if !e.B.Period.IsZero() {
		e.B = move(e.B)
	}
	return e
}
