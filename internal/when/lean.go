package when

// LeansOn gives the id of the event that e leans on, "" where it stands alone.
func (e Expr) LeansOn() string { return e.A.Ref.Event }

// limit is one bound that an expression sets: it lies not before, or not after, an end
// of the event leaned on, at some distance.
type limit struct {
	lower bool // not before, else not after
	edge  Edge // of the event leaned on
	far   bool // whether the distance of the reference counts
	days  int  // added: 1 and -1 exclude the day itself
}

// limits gives the bounds that e sets. Their meaning is that of the grammar: by, within
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

// edge gives the end of the event that e means: where it names none, the start for what
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

// fromDay gives the window of what lies at a distance from a day, and the unknown one
// for what leans on an event.
func (e Expr) fromDay(zone, by string) Window {
	if e.LeansOn() != "" {
		return Unknown(zone)
	}
	first, last := e.A.Ref.Day, e.A.Ref.Day
	if e.A.Ref.Feast != "" {
		first, last, _, _ = feastDays(e.A.Ref.Feast) // it was read, so it is known
	}
	lo, hi := Bound{Day: first}, Bound{Day: last}
	return e.Against(Window{Precision: OneDay, Earliest: lo, Latest: hi, EndsEarliest: lo, EndsLatest: hi}, zone, by)
}

// Against gives what e allows where u is the window of the event that it leans on. zone
// and by are as for Window.
func (e Expr) Against(u Window, zone, by string) Window {
	if e.Zone != "" {
		zone = e.Zone
	}
	w := Unknown(fullName(zone))
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
		b := Bound{Day: l.day(e.A.Ref, base.Day), Soft: base.Soft, By: by}
		if l.lower {
			w.Earliest = b
		} else {
			w.Latest = b
		}
	}
	return w.mirrored()
}

// Behind gives what e, stated of an event with the window v, allows for the event that
// it leans on, in that one's zone.
func (e Expr) Behind(v Window, zone, by string) Window {
	u := Unknown(zone)
	for _, l := range e.limits() {
		base := v.Latest // v is not before it: so it is not after the latest of v
		if !l.lower {
			base = v.Earliest
		}
		if !base.Known() {
			continue
		}
		b := Bound{Day: l.base(e.A.Ref, base.Day), Soft: base.Soft, By: by}
		if l.lower {
			u.Latest = b
		} else {
			u.Earliest = b
		}
	}
	return u.mirrored()
}

// mirrored gives w with the bounds of its end where they are those of its start.
func (w Window) mirrored() Window {
	w.EndsEarliest, w.EndsLatest = w.Earliest, w.Latest
	w.Precision = w.precision()
	return w
}

// day gives where the limit lies for a base.
func (l limit) day(r Ref, base Date) Date {
	if l.far {
		base = r.From(base)
	}
	return base.AddDays(l.days)
}

// base gives the last base for which the limit lies not after d where it is a lower one,
// and the first for which it lies not before d where it is an upper one. Months make the
// way there and back differ by some days.
func (l limit) base(r Ref, d Date) Date {
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

// UsesEnd says whether the lower, or the upper, bound that e sets counts from the end of
// the event that it leans on rather than from its start.
func (e Expr) UsesEnd(lower bool) bool {
	for _, l := range e.limits() {
		if l.lower == lower {
			return l.edge == EndOf
		}
	}
	return false
}

// Refined gives w with the precision that its bounds have.
func (w Window) Refined() Window {
	w.Precision = w.precision()
	return w
}
