package agenda

import (
	"cmp"
	"slices"
)

// ref is a statement that may be in force, as the solver knows it.
type ref struct{ node, k int32 }

// inOrder returns the statements of the nodes in the order in which they are applied. What is
// applied later gives way to what was applied before, so that the answer depends on what was
// said and when, and not on the order in which it came.
func inOrder(nodes []*prepared, index map[string]int32, without map[ref]*aside) []ref {
	var out []ref
	for i, p := range nodes {
		for k := range p.statements {
			s, f := &p.statements[k], ref{int32(i), int32(k)}
			if s.superseded != nil || !s.bounds || without[f] != nil {
				continue
			}
			if s.dependsOn != "" && nodes[index[s.dependsOn]].missing {
				continue
			}
			out = append(out, f)
		}
	}
	slices.SortFunc(out, func(a, b ref) int { return compareRefs(nodes, a, b) })
	return out
}

// compareRefs orders statements of any events as they are applied: by falling priority, then
// hard ones before soft ones, then the newest, then those of events that lean on no other,
// then by the ids of their events.
func compareRefs(nodes []*prepared, a, b ref) int {
	p, o := nodes[a.node], nodes[b.node]
	s, t := &p.statements[a.k], &o.statements[b.k]
	switch c := s.applied(t); {
	case c != 0:
		return c
	case a.node == b.node:
		return s.byText(t)
	case p.leaning != o.leaning:
		return boolean(p.leaning) - boolean(o.leaning)
	}
	return cmp.Compare(a.node, b.node) // they are in order of ids
}

// compare orders the statements of one event as they are applied.
func (s *statement) compare(o *statement) int { return cmp.Or(s.applied(o), s.byText(o)) }

func (s *statement) applied(o *statement) int {
	switch { // of many statements most are told apart by none of it
	case s.rank != o.rank:
		return o.rank - s.rank
	case s.soft != o.soft:
		return boolean(s.soft) - boolean(o.soft)
	}
	return cmp.Compare(o.day, s.day)
}

// byReport orders the statements of one event so that what prevails comes first: what waits for
// a condition last, then by falling priority, then the newest, then hard ones before soft ones.
func (s *statement) byReport(o *statement) int {
	return cmp.Or(
		boolean(s.open)-boolean(o.open), o.rank-s.rank, cmp.Compare(o.day, s.day), boolean(s.soft)-boolean(o.soft),
		boolean(s.dated)-boolean(o.dated), boolean(!s.dated)*(o.place-s.place), s.byText(o),
	)
}

// byText orders statements of one event that nothing else tells apart: by their own names, and
// then what tells when it was said by what it says, all else by its place in the list.
func (s *statement) byText(o *statement) int {
	if c := cmp.Or(cmp.Compare(s.own, o.own), boolean(s.dated)-boolean(o.dated)); c != 0 || !s.dated {
		return cmp.Or(c, s.k-o.k)
	}
	return cmp.Or(
		cmp.Compare(s.of.Expr.String(), o.of.Expr.String()), cmp.Compare(s.of.Source, o.of.Source),
		cmp.Compare(s.of.Quote, o.of.Quote), s.k-o.k,
	)
}

func boolean(b bool) int {
	if b {
		return 1
	}
	return 0
}
