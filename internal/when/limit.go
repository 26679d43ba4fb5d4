package when

import "attache/internal/civil"

// Limit is one bound that a statement about one event sets by the date of another: of the
// event that it is stated of, and, read backwards, of the one that it leans on. Both ways
// are functions of a day that never fall where the day rises.
type Limit struct {
	limit
	ref    *Ref // never changed
	ownEnd bool
}

// Limits returns the bounds that e sets, none where it leans on no event.
func (e Expr) Limits() []Limit {
	if e.LeansOn() == "" {
		return nil
	}
	limits, ref := e.limits(), e.A.Ref
	out := make([]Limit, len(limits))
	for i, l := range limits {
		out[i] = Limit{l, &ref, e.Form == EndsBy || e.Form == During && !l.lower}
	}
	return out
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
	n := l.ref.N
	if l.ref.Back {
		n = -n
	}
	switch l.ref.Unit {
	case UnitDays:
		return n + l.days, true
	case UnitWeeks:
		return 7*n + l.days, true
	}
	return 0, false
}

// Hours returns the distance where it is counted in hours, negative where it goes back. From
// an instant it leads to an instant.
func (l Limit) Hours() (n int, ok bool) { return l.ref.hours(), l.far && l.ref.Unit == UnitHours }

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
	return l.day(*l.ref, d).Number(), l.far && l.ref.unpublished(d)
}

// Back returns the bound of the one leaned on where the event is at day: the last base for
// which Of is not after day where it is Lower, the first for which it is not before day
// where it is not. soft is that of Of.
func (l Limit) Back(day int) (base int, soft bool) {
	d := l.limit.base(*l.ref, civil.DateOfNumber(day))
	return d.Number(), l.far && l.ref.unpublished(d)
}

// OptionWindows returns a window for each option of which e holds on one, in order of their
// first days, and nil where it is no such set. zone and by are as for Window.
func (e Expr) OptionWindows(zone, by string) []Window {
	parsed, ok := e.edtf()
	if !ok || parsed.Kind != oneOfSet {
		return nil
	}
	if e.Zone != "" {
		zone = e.Zone
	}
	list := parsed.windows(civil.ZoneName(zone), by)
	if len(list) < 2 {
		return nil
	}
	return list
}

// Uncertain reports whether the source itself doubts it, which EDTF writes as ?.
func (e Expr) Uncertain() bool {
	parsed, ok := e.edtf()
	return ok && parsed.any(edtfDate.Uncertain)
}
