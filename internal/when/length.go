package when

import (
	"fmt"

	"attache/internal/civil"
)

// within reports whether e is something of a length that takes place in a window: the first
// day on which it begins is not known, but where it lies is.
func (e Expr) within() bool { return e.Lasts.dated() && e.Form != From && e.Form != At }

// AsSpan returns e, from its day on where it is stated on a day and lasts.
func (e Expr) AsSpan() Expr {
	if e.within() && e.Form == On && e.A.isDay() && e.LeansOn() == "" {
		e.Form = From
	}
	return e
}

// checkWithin reports what is wrong with the length of what takes place in a window.
func (e Expr) checkWithin() error {
	l := e.Lasts
	switch {
	case !l.dated() || l.Business > 0:
		return &FieldError{"lasts", "in a window it lasts days, weeks or months: hours go with a time of day, and business days with from"}
	case e.Form == TBD || e.Form == Extended || !e.Recurs.IsZero():
		return &FieldError{"lasts", "a length goes with one day, or a window from one day to another"}
	case e.A.isDay() && e.Form == On && e.LeansOn() == "":
		return &FieldError{"lasts", fmt.Sprintf("write from %s: it begins on that day", e.A)}
	}
	plain := e
	plain.Lasts = Length{}
	if w := plain.strict("UTC", ""); w.Earliest.Known() && w.Latest.Known() && l.first(w.Latest.Day).Before(w.Earliest.Day) {
		return &FieldError{"lasts", fmt.Sprintf("%s do not fit between %s and %s", l, civil.Short(w.Earliest.Day), civil.Short(w.Latest.Day))}
	}
	return nil
}

// first returns the last day from which what lasts so long is over on the day last.
func (l Length) first(last civil.Date) civil.Date {
	if l.Months == 0 {
		return last.AddDays(1 - max(l.Days, 1))
	}
	d := last.AddDays(1).AddMonths(-l.Months)
	for end, _ := l.last(d); end.After(last); end, _ = l.last(d) {
		d = d.AddDays(-1)
	}
	for end, _ := l.last(d.AddDays(1)); !end.After(last); end, _ = l.last(d.AddDays(1)) {
		d = d.AddDays(1)
	}
	return d
}

// inside returns w, in which all of something lies, as the window of what lasts so long.
func (l Length) inside(w Window) Window {
	w.EndsEarliest, w.EndsLatest = w.Earliest, w.Latest
	if w.Earliest.Known() {
		w.EndsEarliest.Day, _ = l.last(w.Earliest.Day)
	}
	if w.Latest.Known() {
		w.Latest.Day = l.first(w.Latest.Day)
	}
	return w.Refined()
}

// Lengths returns the bounds that the length of e sets between its own start and end, where
// the day on which it begins is not stated.
func (e Expr) Lengths() []Limit {
	if !e.within() {
		return nil
	}
	r := &Ref{N: e.Lasts.Days, Unit: UnitDays}
	if e.Lasts.Months > 0 {
		r = &Ref{N: e.Lasts.Months, Unit: UnitMonths}
	}
	l := Limit{edge: StartOf, far: true, days: -1, ownEnd: true, ref: r}
	lower := l
	lower.lower = true
	return []Limit{lower, l}
}

// Days returns how many days w lasts, where that is known and the day on which it begins is
// not; 0 for all others.
func (w Window) Days() int {
	between := func(a, b Bound) int {
		if !a.Known() || !b.Known() || a.Timed || b.Timed {
			return 0
		}
		return b.Day.Sub(a.Day) + 1
	}
	early, late := between(w.Earliest, w.EndsEarliest), between(w.Latest, w.EndsLatest)
	switch {
	case w.Settled() || early > 0 && late > 0 && early != late || max(early, late) < 2:
		return 0
	}
	return max(early, late)
}
