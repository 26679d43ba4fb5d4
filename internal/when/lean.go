package when

import (
	"strings"
	"time"

	"attache/internal/civil"
	"attache/internal/workday"
)

// LeansOn returns the id of the event that e leans on, "" where it stands alone.
func (e Expr) LeansOn() string { return e.A.Ref.Event }

// limit is one bound that an expression sets: it lies not before, or not after, an end
// of the event leaned on, at some distance.
type limit struct {
	lower bool // not before, else not after
	edge  Edge // of the event leaned on
	far   bool // whether the distance of the reference counts
	days  int  // added: 1 and -1 exclude the day itself
}

// limits returns the bounds that e sets. Their meaning is that of the grammar: by, within
// and during include the day named, before and after exclude it.
func (e Expr) limits() []limit {
	r := e.A.Ref
	edge := e.edge()
	switch {
	case e.Form == During:
		return []limit{{lower: true, edge: StartOf}, {edge: EndOf}}
	case e.Form == Within && r.Back:
		return []limit{{lower: true, edge: edge, far: true}, {edge: edge}}
	case e.Form == Within:
		return []limit{{lower: true, edge: edge}, {edge: edge, far: true}}
	case r.Sense == AtLeast:
		return []limit{{lower: !r.Back, edge: edge, far: true}}
	case r.Sense == AtMost && r.Back:
		return []limit{{lower: true, edge: edge, far: true}, {edge: edge, days: -1}}
	case r.Sense == AtMost:
		return []limit{{lower: true, edge: edge, days: 1}, {edge: edge, far: true}}
	case r.Sense == Exactly || e.Form == On:
		return []limit{{lower: true, edge: edge, far: true}, {edge: edge, far: true}}
	}
	return e.plainLimit(edge)
}

func (e Expr) plainLimit(edge Edge) []limit {
	switch e.Form {
	case By, EndsBy:
		return []limit{{edge: edge, far: true}}
	case NotBefore:
		return []limit{{lower: true, edge: edge, far: true}}
	case Before:
		return []limit{{edge: edge, far: true, days: -1}}
	case After:
		return []limit{{lower: true, edge: edge, far: true, days: 1}}
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

// base returns the first and the last day that r can count from, and false where they
// are not known: it leans on an event, or on a holiday that there is not.
func (r Ref) base() (first, last civil.Date, known bool) {
	switch {
	case r.Event != "":
		return civil.Date{}, civil.Date{}, false
	case strings.HasPrefix(r.Feast, holidayName):
		d := r.feast
		if d.IsZero() {
			d, _ = holidayDay(workday.BuiltIn(), r.Feast)
		}
		return d, d, !d.IsZero()
	case r.Feast != "":
		first, last, _, err := feastDays(r.Feast) // it was read, so it is known
		return first, last, err == nil
	}
	return r.Day, r.Day, true
}

// stretch returns the first and the last day that p can mean, and whether they are a
// convention or may change; no days where they are not known.
func (p Point) stretch() (first, last civil.Date, soft bool) {
	if p.Ref.IsZero() {
		return p.Period.First(), p.Period.Last(), p.Period.Soft()
	}
	first, last, known := p.Ref.base()
	if !known {
		return civil.Date{}, civil.Date{}, false
	}
	soft = p.Ref.unpublished(first) || p.Ref.unpublished(last)
	return p.Ref.From(first), p.Ref.From(last), soft
}

// unpublished reports whether the way of r from d leads over days of which it is not known
// yet whether they are worked.
func (r Ref) unpublished(d civil.Date) bool {
	if r.Unit != UnitBusinessDays {
		return false
	}
	n := r.N
	if r.Back {
		n = -n
	}
	_, soft := r.calendar().Add(d, n)
	return soft
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
		b := l.from(e.A.Ref, base, w.zone(), by)
		if l.lower {
			w.Earliest = b
		} else {
			w.Latest = b
		}
	}
	return w.mirrored()
}

// mirrored returns w with the bounds of its end where they are those of its start.
func (w Window) mirrored() Window {
	w.EndsEarliest, w.EndsLatest = w.Earliest, w.Latest
	w.Precision = w.precision()
	return w
}

// from returns where the limit lies for a base.
func (l limit) from(r Ref, base Bound, zone *lookup, by string) Bound {
	if l.far && r.Unit == UnitHours && base.Timed {
		return hoursFrom(base, r.hours(), zone, by)
	}
	return Bound{Day: l.day(r, base.Day), Soft: base.Soft || l.far && r.unpublished(base.Day), By: by}
}

func hoursFrom(b Bound, hours int, zone *lookup, by string) Bound {
	to := timedBound(b.At.Add(time.Duration(hours)*time.Hour), zone.location(), by)
	to.Soft = b.Soft
	return to
}

// hours returns the distance of r where it is counted in hours, negative where it goes back.
func (r Ref) hours() int {
	if r.Back {
		return -r.N
	}
	return r.N
}

// day returns where the limit lies for a base. Of a base that is a day, hours count from
// its beginning where the limit is a lower one, and from its end where it is an upper one.
func (l limit) day(r Ref, base civil.Date) civil.Date {
	switch {
	case l.far && r.Unit == UnitHours:
		hours := r.hours()
		days := hours / 24
		switch rest := hours % 24; {
		case l.lower && rest < 0:
			days--
		case !l.lower && rest > 0:
			days++
		}
		base = base.AddDays(days)
	case l.far:
		base = r.From(base)
	}
	return base.AddDays(l.days)
}

// base returns the last base for which the limit lies not after d where it is a lower one,
// and the first for which it lies not before d where it is an upper one. Months make the
// way there and back differ by some days.
func (l limit) base(r Ref, d civil.Date) civil.Date {
	x := d.AddDays(-l.days)
	if !l.far {
		return x
	}
	x = r.Base(x)
	if l.lower {
		for l.day(r, x).After(d) {
			x = x.AddDays(-1)
		}
		for !l.day(r, x.AddDays(1)).After(d) {
			x = x.AddDays(1)
		}
		return x
	}
	for l.day(r, x).Before(d) {
		x = x.AddDays(1)
	}
	for !l.day(r, x.AddDays(-1)).Before(d) {
		x = x.AddDays(-1)
	}
	return x
}

// Refined returns w with the precision that its bounds have.
func (w Window) Refined() Window {
	w.Precision = w.precision()
	return w
}
