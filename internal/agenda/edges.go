package agenda

import (
	"time"

	"attache/internal/civil"
	"attache/internal/when"
)

// connect lays the edges of all statements.
func (s *solver) connect(index map[string]int32) {
	count := 2 * len(s.nodes)
	for f := range s.refs {
		count += 2 * max(1, len(s.statement(s.refs[f]).limits))
	}
	s.edges = make([]edge, 0, count)
	first := make([]int32, 0, len(s.refs)+1)
	for f := range s.refs {
		first = append(first, int32(len(s.edges)))
		s.addEdges(int32(f), index)
	}
	first = append(first, int32(len(s.edges)))
	for i := range s.nodes {
		s.tie(int32(i))
	}
	all := make([]int32, 2*len(s.edges))
	s.edgesOf = make([][]int32, len(s.refs))
	for f := range s.edgesOf {
		s.edgesOf[f] = all[first[f]:first[f+1]:first[f+1]]
	}
	for a := range s.edges {
		all[a] = int32(a)
	}
	s.edgesFrom = edgesByVariable(s.edges, all[len(s.edges):], len(s.values))
}

// edgesByVariable returns, for each variable, the indexes of the edges that leave it, in
// order. It keeps them in all.
func edgesByVariable(edges []edge, all []int32, variables int) [][]int32 {
	ends := make([]int32, variables+1)
	for i := range edges {
		ends[edges[i].from+1]++
	}
	for i := range variables {
		ends[i+1] += ends[i]
	}
	out := make([][]int32, variables)
	for i := range out {
		out[i] = all[ends[i]:ends[i]:ends[i+1]]
	}
	for i := range edges {
		from := edges[i].from
		out[from] = append(out[from], int32(i))
	}
	return out
}

// addEdges adds the edges of one statement.
func (s *solver) addEdges(f int32, index map[string]int32) {
	owner := s.refs[f].node
	st := s.statement(s.refs[f])
	if len(st.options) > 0 {
		for _, lower := range []bool{true, false} {
			variable := s.variable(owner, false, lower)
			s.edges = append(s.edges, edge{from: variable, to: variable, statement: f, kind: byOptions})
		}
	}
	for i := range st.limits {
		s.addLimit(f, owner, index[st.dependsOn], &st.limits[i])
	}
	for i := range st.lengths {
		s.addLimit(f, owner, owner, &st.lengths[i])
	}
}

// addLimit adds the edges of one bound that the event owner has by the event on, both ways.
//
// An event at an instant cannot be moved, so that nothing is drawn for it: what is known of
// the other is held against it on the day that it has in the zone of that one, and against
// another instant as an instant.
func (s *solver) addLimit(f, owner, on int32, l *when.Limit) {
	low := l.Lower()
	ownerVariable := func(lower bool) int32 { return s.variable(owner, l.OwnEnd(), lower) }
	otherVariable := func(lower bool) int32 { return s.variable(on, l.OfEnd(), lower) }
	there := edge{from: otherVariable(low), to: ownerVariable(low), statement: f, kind: byOf, limit: l}
	back := edge{from: ownerVariable(!low), to: otherVariable(!low), statement: f, kind: byBack, limit: l}
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
		s.edges = append(s.edges, there)
	case onAt:
		there.clock = l.KeepsClock() && !ownerAt
		s.edges = append(s.edges, there)
	case ownerAt && plain:
		s.edges = append(s.edges, back)
	default:
		there.clock = l.KeepsClock() && !ownerAt
		s.edges = append(s.edges, there, back)
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
		s.edges = append(s.edges, edge{from: s.variable(i, !low, low), to: s.variable(i, low, low), statement: -1, kind: byGap})
	}
}

// follow moves the variable at the end of an edge as far as the variable at its start makes it.
func (s *solver) follow(a *edge) bool {
	m := s.values[a.from]
	prev, fixed := s.causes[a.from], true
	switch a.kind {
	case byOptions:
		next, ok := s.statement(s.refs[a.statement]).option(m, lower(a.from))
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
		if a.statement >= 0 { // a tie keeps the instant
			m = s.across(a, m)
		}
		fixed = a.kind == byGap
	}
	return s.move(a.to, m, a.statement, prev, fixed)
}

// across returns where m leads along an edge from one event to another: to a day, or by hours
// from an instant to an instant.
func (s *solver) across(a *edge, m value) value {
	if m.timed {
		to := s.node(a.to)
		if hours, ok := a.limit.Hours(); ok {
			return s.later(to, m, hours*sign(a.kind == byOf))
		}
		if a.clock {
			return s.sameClock(a, m)
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

// sameClock returns where the limit of a leads from the instant m, at its time of day in the
// zone that it was stated in.
func (s *solver) sameClock(a *edge, m value) value {
	loc := s.nodes[s.node(a.from)].empty.Location()
	wall := civil.Wall(time.Unix(m.at, 0), loc)
	day, soft := a.limit.Of(civil.DateOf(wall, time.UTC).Number())
	at, _ := civil.Resolve(civil.DateOfNumber(day), civil.Clock{Hour: wall.Hour(), Minute: wall.Minute(), Second: wall.Second()}, loc)
	return value{day: s.dayAt(s.node(a.to), at.Unix()), timed: true, soft: m.soft || soft, at: at.Unix()}
}

// later returns the instant so many hours after m, as it falls for node i.
func (s *solver) later(i int32, m value, hours int) value {
	m.at += int64(hours) * 60 * 60
	m.day = s.dayAt(i, m.at)
	return m
}

// option returns the nearest day, from a lower bound on or up to an upper one, that one of
// the options allows. It is false where m is within one already. Beyond the last of them
// it is the day behind it, at which nothing is left.
func (s *statement) option(m value, lower bool) (value, bool) {
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
			return valueAt(w.Earliest), true
		case !lower && m.day > last:
			return valueAt(w.Latest), true
		}
	}
	return m, false
}

// valueAt returns where a bound lies, in its own zone.
func valueAt(b when.Bound) value {
	m := value{day: int32(b.Day.Number()), timed: b.Timed, soft: b.Soft}
	if b.Timed {
		m.at = b.At.Unix()
	}
	return m
}
