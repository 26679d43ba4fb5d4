package when

import "attache/internal/civil"

// Intersect returns what both w and o allow. ok is false where they exclude each
// other; the window is then not to be used.
//
// Two days are compared as civil dates, each of its own zone, and two instants
// as instants. A day and an instant are compared by the civil date that the
// instant has in the zone of the day: 20:00 UTC on the 9th is on the 10th for a
// window that speaks of days in Seoul. On the same day the finer bound holds.
//
// The result is in the zone of w, unless only o has days left in it: those keep
// their zone, since in another one they would be other days. Instants are the
// same in any zone.
func (w Window) Intersect(o Window) (both Window, ok bool) {
	a, b := w.edges(), o.edges()
	starts := [2]edge{stricter(a[0], b[0], 1), stricter(a[1], b[1], -1)}
	ends := [2]edge{stricter(a[2], b[2], 1), stricter(a[3], b[3], -1)}
	switch { // the one that lasts says when it ends
	case w.Lasts() && !o.Lasts():
		ends = [2]edge{a[2], a[3]}
	case o.Lasts() && !w.Lasts():
		ends = [2]edge{b[2], b[3]}
	}
	all := [4]edge{starts[0], starts[1], ends[0], ends[1]}
	zone := zoneOf(all, w, o)
	both.Zone, both.lookup = zone.name, zone
	for i, to := range []*Bound{&both.Earliest, &both.Latest, &both.EndsEarliest, &both.EndsLatest} {
		*to = all[i].in(zone)
	}
	both.Precision = both.precision()
	return both, !crossed(starts) && !crossed(ends)
}

// InZoneOf returns w, whose bounds are all instants, in the zone of o.
func (w Window) InZoneOf(o Window) Window {
	zone := o.zone()
	for i, to := range []*Bound{&w.Earliest, &w.Latest, &w.EndsEarliest, &w.EndsLatest} {
		*to = w.edges()[i].in(zone)
	}
	w.Zone, w.lookup = zone.name, zone
	return w.Refined()
}

// edge is a bound with the zone of its window.
type edge struct {
	Bound
	zone *lookup
}

// edges returns the bounds of w in the order in which Window has them.
func (w Window) edges() [4]edge {
	zone := w.zone()
	return [4]edge{{w.Earliest, zone}, {w.Latest, zone}, {w.EndsEarliest, zone}, {w.EndsLatest, zone}}
}

// dated reports whether e is a day.
func (e edge) dated() bool { return e.Known() && !e.Timed }

// in returns the bound with its civil date in zone. Only that of an instant
// depends on the zone.
func (e edge) in(zone *lookup) Bound {
	if e.Timed && zone.name != e.zone.name {
		e.Day = civil.DateOf(e.At, zone.location())
	}
	return e.Bound
}

// compare orders two known edges by time; a day and an instant on it are equal.
func (e edge) compare(o edge) int {
	if e.Timed && o.Timed {
		return e.At.Compare(o.At)
	}
	if e.Timed {
		return e.in(o.zone).Day.Compare(o.Day)
	}
	return e.Day.Compare(o.in(e.zone).Day)
}

// stricter returns the later of two lower bounds with sign 1, the earlier of two
// upper bounds with sign -1. Of equal ones the finer holds, then the one that
// is no convention, then a.
func stricter(a, b edge, sign int) edge {
	switch {
	case !b.Known():
		return a
	case !a.Known():
		return b
	}
	switch c := sign * a.compare(b); {
	case c != 0:
		if c > 0 {
			return a
		}
		return b
	case a.Timed != b.Timed:
		if a.Timed {
			return a
		}
		return b
	case a.Soft && !b.Soft:
		return b
	}
	return a
}

// crossed reports whether nothing lies between a lower and an upper bound.
func crossed(p [2]edge) bool { return p[0].Known() && p[1].Known() && p[1].compare(p[0]) < 0 }

// zoneOf chooses the zone of what remains of w and o.
func zoneOf(all [4]edge, w, o Window) *lookup {
	if w.empty() && !o.empty() {
		return o.zone()
	}
	zone := w.zone()
	for _, e := range all {
		switch {
		case e.dated() && e.zone.name == w.Zone:
			return w.zone()
		case e.dated():
			zone = o.zone()
		}
	}
	return zone
}

// empty reports whether w bounds nothing.
func (w Window) empty() bool {
	return !w.Earliest.Known() && !w.Latest.Known() && !w.EndsEarliest.Known() && !w.EndsLatest.Known()
}
