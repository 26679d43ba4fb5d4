package when

import (
	"time"

	"attache/internal/civil"
)

// LeansOn returns the id of the event that e leans on, "" where it stands alone.
func (e Expr) LeansOn() string { return e.A.Ref.Event }

// Limit is one bound that a statement about one event sets by the date of another: of the
// event that it is stated of, and, read backwards, of the one that it leans on. Both ways
// are functions of a day that never fall where the day rises.
type Limit struct {
	lower  bool // not before, else not after
	edge   Edge // of the event leaned on
	far    bool // whether the distance of the reference counts
	days   int  // added: 1 and -1 exclude the day itself
	ownEnd bool
	clock  bool // whether the time of day of the other is that of this one, too
	ref    *Ref // never changed
}

// Limits returns the bounds that e sets, none where it leans on no event.
func (e Expr) Limits() []Limit {
	if e.LeansOn() == "" {
		return nil
	}
	return e.limits()
}

// limits returns the bounds that e sets by an event or a day that it counts from.
func (e Expr) limits() []Limit {
	list, ref := e.plainLimits(), e.A.Ref
	for i := range list {
		list[i].ref = &ref
		list[i].clock = list[i].days == 0 && (ref.Sense == Exactly || ref.Sense == Plain && (e.Form == On || e.Form == By || e.Form == NotBefore))
		list[i].ownEnd = e.Form == EndsBy || !list[i].lower && (e.Form == During || e.within() && e.Form != On)
	}
	return list
}

// plainLimits returns what the grammar says of each form: by, within and during include the
// day named, before and after exclude it.
func (e Expr) plainLimits() []Limit {
	r := e.A.Ref
	edge := e.edge()
	switch {
	case e.Form == During:
		return []Limit{{lower: true, edge: StartOf}, {edge: EndOf}}
	case e.Form == Within && r.Back:
		return []Limit{{lower: true, edge: edge, far: true}, {edge: edge}}
	case e.Form == Within:
		return []Limit{{lower: true, edge: edge}, {edge: edge, far: true}}
	case r.Sense == AtLeast:
		return []Limit{{lower: !r.Back, edge: edge, far: true}}
	case r.Sense == AtMost && r.Back:
		return []Limit{{lower: true, edge: edge, far: true}, {edge: edge, days: -1}}
	case r.Sense == AtMost:
		return []Limit{{lower: true, edge: edge, days: 1}, {edge: edge, far: true}}
	case r.Sense == Exactly || e.Form == On:
		return []Limit{{lower: true, edge: edge, far: true}, {edge: edge, far: true}}
	case e.Form == By, e.Form == EndsBy:
		return []Limit{{edge: edge, far: true}}
	case e.Form == NotBefore:
		return []Limit{{lower: true, edge: edge, far: true}}
	case e.Form == Before:
		return []Limit{{edge: edge, far: true, days: -1}}
	case e.Form == After:
		return []Limit{{lower: true, edge: edge, far: true, days: 1}}
	}
	return nil
}

// edge returns the end of the event that e means: where it names none, the start for what
// comes before and the end for what comes after.
func (e Expr) edge() Edge {
	r := e.A.Ref
	switch {
	case r.Edge != AnyEdge:
		return r.Edge
	case r.Unit != "" && !r.Back, r.Unit == "" && e.Form == After:
		return EndOf
	}
	return StartOf
}

// fromDay returns the window of what lies at a distance from a day, and the unknown one
// for what leans on an event.
func (e Expr) fromDay(zone, by string) Window {
	first, last, known := e.A.Ref.base()
	if e.LeansOn() != "" || !known {
		return Unknown(zone)
	}
	lo, hi := Bound{Day: first}, Bound{Day: last}
	return e.Against(Window{Precision: OneDay, Earliest: lo, Latest: hi, EndsEarliest: lo, EndsLatest: hi}, zone, by)
}

// Against returns what e allows where u is the window of the event that it leans on. zone
// and by are as for Window.
func (e Expr) Against(u Window, zone, by string) Window {
	if e.Zone != "" {
		zone = e.Zone
	}
	w := Unknown(civil.ZoneName(zone))
	for _, l := range e.limits() {
		base := u.Earliest
		switch {
		case l.lower && l.edge == EndOf:
			base = u.EndsEarliest
		case !l.lower && l.edge == EndOf:
			base = u.EndsLatest
		case !l.lower:
			base = u.Latest
		}
		if !base.Known() {
			continue
		}
		b := l.from(base, w.zone(), by)
		if l.lower {
			w.Earliest = b
		} else {
			w.Latest = b
		}
	}
	return w.mirrored()
}

// from returns where l lies for a base.
func (l Limit) from(base Bound, zone *lookup, by string) Bound {
	if hours, ok := l.Hours(); ok && base.Timed {
		to := timedBound(base.At.Add(time.Duration(hours)*time.Hour), zone.location(), by)
		to.Soft = base.Soft
		return to
	}
	return Bound{Day: l.day(base.Day), Soft: base.Soft || l.unpublished(base.Day), By: by}
}

// unpublished reports whether l depends, from a base, on holidays that are not known.
func (l Limit) unpublished(base civil.Date) bool { return l.far && l.ref.unpublished(base) }

// day returns where l lies for a base. Of a base that is a day, hours count from
// its beginning where l is a lower one, and from its end where it is an upper one.
func (l Limit) day(base civil.Date) civil.Date {
	switch {
	case l.far && l.ref.Unit == UnitHours:
		hours := l.ref.count()
		days := hours / 24
		switch rest := hours % 24; {
		case l.lower && rest < 0:
			days--
		case !l.lower && rest > 0:
			days++
		}
		base = base.AddDays(days)
	case l.far:
		base = l.ref.From(base)
	}
	return base.AddDays(l.days)
}

// base returns the last base for which l lies not after d where it is a lower one,
// and the first for which it lies not before d where it is an upper one. Months make the
// way there and back differ by some days.
func (l Limit) base(d civil.Date) civil.Date {
	x := d.AddDays(-l.days)
	if !l.far {
		return x
	}
	x = l.ref.Base(x)
	if l.lower {
		for l.day(x).After(d) {
			x = x.AddDays(-1)
		}
		for !l.day(x.AddDays(1)).After(d) {
			x = x.AddDays(1)
		}
		return x
	}
	for l.day(x).Before(d) {
		x = x.AddDays(1)
	}
	for !l.day(x.AddDays(-1)).Before(d) {
		x = x.AddDays(-1)
	}
	return x
}

// Lower reports whether the event lies not before the other at its distance, rather than not
// after it.
func (l Limit) Lower() bool { return l.lower }

// OfEnd reports whether it counts from the end of the event leaned on, not from its start.
func (l Limit) OfEnd() bool { return l.edge == EndOf }

// OwnEnd reports whether it bounds the end of the event that it is stated of, not its start.
func (l Limit) OwnEnd() bool { return l.ownEnd }

// Plain reports whether there is no distance: one is before, after or with the other.
// strict is false where they may be together.
func (l Limit) Plain() (strict, plain bool) { return l.days != 0, !l.far || l.ref.Unit == "" }

// Gap returns the distance where it is the same number of days from any day on. It is false
// for months and business days, which differ, and for hours.
func (l Limit) Gap() (days int, constant bool) {
	if !l.far || l.ref.Unit == "" {
		return l.days, true
	}
	switch n := l.ref.count(); l.ref.Unit {
	case UnitDays:
		return n + l.days, true
	case UnitWeeks:
		return 7*n + l.days, true
	}
	return 0, false
}

// Hours returns the distance where it is counted in hours, negative where it goes back. From
// an instant it leads to an instant.
func (l Limit) Hours() (n int, ok bool) { return l.ref.count(), l.far && l.ref.Unit == UnitHours }

// KeepsClock reports whether what leans on an instant is at the same time of day where this
// leads. What is said to be within some days, or before or after, speaks of days.
func (l Limit) KeepsClock() bool { return l.clock }

// Reach returns a number of days that the distance never exceeds, either way.
func (l Limit) Reach() int {
	if days, ok := l.Gap(); ok {
		return max(days, -days)
	}
	return 31 * (l.ref.N + 1)
}

// Of returns the bound where the one leaned on is at the day base. Days are numbers as
// Date.Number gives them. soft says that it depends on holidays that are not known.
func (l Limit) Of(base int) (day int, soft bool) {
	d := civil.DateOfNumber(base)
	return l.day(d).Number(), l.unpublished(d)
}

// Back returns the bound of the one leaned on where the event is at day: the last base for
// which Of is not after day where it is Lower, the first for which it is not before day
// where it is not. soft is that of Of.
func (l Limit) Back(day int) (base int, soft bool) {
	d := l.base(civil.DateOfNumber(day))
	return d.Number(), l.unpublished(d)
}
