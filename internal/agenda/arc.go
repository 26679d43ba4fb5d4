package agenda

import (
	"time"

	"attache/internal/when"
)

// connect lays the arcs of all statements.
func (s *solver) connect(index map[string]int32) {
	count := 2 * len(s.nodes)
	for f := range s.facts {
		count += 2 * max(1, len(s.said(s.facts[f]).limits))
	}
	s.arcs = make([]arc, 0, count)
	first := make([]int32, 0, len(s.facts)+1)
	for f := range s.facts {
		first = append(first, int32(len(s.arcs)))
		s.lay(int32(f), index)
	}
	first = append(first, int32(len(s.arcs)))
	for i := range s.nodes {
		s.tie(int32(i))
	}
	all := make([]int32, 2*len(s.arcs))
	s.byFact = make([][]int32, len(s.facts))
	for f := range s.byFact {
		s.byFact[f] = all[first[f]:first[f+1]:first[f+1]]
	}
	for a := range s.arcs {
		all[a] = int32(a)
	}
	s.bySlot = bySlot(s.arcs, all[len(s.arcs):], len(s.marks))
}

// bySlot returns for each slot the indexes of the arcs that leave it, in order, kept in all.
func bySlot(arcs []arc, all []int32, slots int) [][]int32 {
	ends := make([]int32, slots+1)
	for i := range arcs {
		ends[arcs[i].from+1]++
	}
	for i := range slots {
		ends[i+1] += ends[i]
	}
	out := make([][]int32, slots)
	for i := range out {
		out[i] = all[ends[i]:ends[i]:ends[i+1]]
	}
	for i := range arcs {
		from := arcs[i].from
		out[from] = append(out[from], int32(i))
	}
	return out
}

// lay adds the arcs of one statement.
func (s *solver) lay(f int32, index map[string]int32) {
	owner := s.facts[f].node
	st := s.said(s.facts[f])
	if len(st.options) > 0 {
		for _, lower := range []bool{true, false} {
			slot := s.slot(owner, false, lower)
			s.arcs = append(s.arcs, arc{from: slot, to: slot, fact: f, kind: byOptions})
		}
	}
	for i := range st.limits {
		s.limit(f, owner, index[st.on], &st.limits[i])
	}
}

// limit adds the arcs of one bound that the event owner has by the event on, both ways.
//
// An event at an instant cannot be moved, so that nothing is drawn for it: what is known of
// the other is held against it on the day that it has in the zone of that one, and against
// another instant as an instant.
func (s *solver) limit(f, owner, on int32, l *when.Limit) {
	low := l.Lower()
	ownerSlot := func(lower bool) int32 { return s.slot(owner, l.OwnEnd(), lower) }
	onSlot := func(lower bool) int32 { return s.slot(on, l.OfEnd(), lower) }
	there := arc{from: onSlot(low), to: ownerSlot(low), fact: f, kind: byOf, limit: l}
	back := arc{from: ownerSlot(!low), to: onSlot(!low), fact: f, kind: byBack, limit: l}
	if days, ok := l.Gap(); ok {
		there.kind, there.gap = byGap, int32(days)
		back.kind, back.gap = byGap, -int32(days)
	}
	strict, plain := l.Plain()
	ownerAt, onAt := s.shape[owner].timed, s.shape[on].timed
	switch {
	case ownerAt && onAt && plain:
		there.kind, there.gap = byInstant, 0
		if strict && !s.shape[on].lasts {
			there.gap = int32(sign(low))
		}
		s.arcs = append(s.arcs, there)
	case onAt:
		s.arcs = append(s.arcs, there)
	case ownerAt && plain:
		s.arcs = append(s.arcs, back)
	default:
		s.arcs = append(s.arcs, there, back)
	}
}

func sign(positive bool) int {
	if positive {
		return 1
	}
	return -1
}

// tie keeps the end of what lasts from coming before its start.
func (s *solver) tie(i int32) {
	if !s.shape[i].lasts {
		return
	}
	for _, low := range []bool{true, false} {
		s.arcs = append(s.arcs, arc{from: s.slot(i, !low, low), to: s.slot(i, low, low), fact: -1, kind: byGap})
	}
}

// follow moves the slot at the end of an arc as far as the slot at its start makes it.
func (s *solver) follow(a *arc) bool {
	m := s.marks[a.from]
	prev, fixed := s.causes[a.from], true
	switch a.kind {
	case byOptions:
		next, ok := s.said(s.facts[a.fact]).option(m, lower(a.from))
		if !ok {
			return true
		}
		m, fixed = next, false
	case byInstant:
		if m.timed {
			m.at += int64(a.gap)
			m.day = s.dayAt(s.node(a.to), m.at)
		}
	default:
		if a.fact >= 0 { // a tie keeps the instant
			m = s.across(a, m)
		}
		fixed = a.kind == byGap
	}
	return s.move(a.to, m, a.fact, prev, fixed)
}

// across returns where m leads along an arc from one event to another: to a day, or by hours
// from an instant to an instant.
func (s *solver) across(a *arc, m mark) mark {
	if m.timed {
		to := s.node(a.to)
		if hours, ok := a.limit.Hours(); ok {
			return s.later(to, m, hours*sign(a.kind == byOf))
		}
		if s.nodes[to].empty.Zone != s.nodes[s.node(a.from)].empty.Zone {
			m.day = s.dayAt(to, m.at)
		}
		m.timed, m.at = false, 0
	}
	day, soft := 0, false
	switch a.kind {
	case byOf:
		day, soft = a.limit.Of(int(m.day))
	case byBack:
		day, soft = a.limit.Back(int(m.day))
	default:
		day = int(m.day + a.gap)
	}
	m.day, m.soft = int32(day), m.soft || soft
	return m
}

// later returns the instant so many hours after m, as it falls for node i.
func (s *solver) later(i int32, m mark, hours int) mark {
	m.at += int64(hours) * 60 * 60
	m.day = s.dayAt(i, m.at)
	return m
}

// option returns the nearest day, from a lower bound on or up to an upper one, that one of
// the options allows. It is false where m is within one already. Beyond the last of them
// it is the day behind it, at which nothing is left.
func (s *statement) option(m mark, lower bool) (mark, bool) {
	for i := range s.options {
		w := &s.options[i]
		if !lower {
			w = &s.options[len(s.options)-1-i]
		}
		first, last := int32(w.Earliest.Day.Number()), int32(w.Latest.Day.Number())
		switch {
		case first <= m.day && m.day <= last:
			return m, false
		case lower && m.day < first:
			return markAt(w.Earliest), true
		case !lower && m.day > last:
			return markAt(w.Latest), true
		}
	}
	return m, false
}

// markAt returns where a bound lies, in its own zone.
func markAt(b when.Bound) mark {
	m := mark{day: int32(b.Day.Number()), timed: b.Timed, soft: b.Soft}
	if b.Timed {
		m.at = b.At.In(time.UTC).Unix()
	}
	return m
}
