package agenda

import (
	"cmp"
	"slices"
)

// ref is a statement that may be in force, as the solver knows it.
type ref struct{ node, k int32 }

// compare orders two statements of one event as they are applied: hard ones before soft
// ones, then by falling priority, then by their names, a number counting as a number.
func (s *statement) compare(o *statement, k, l int) int {
	if c := cmp.Or(boolean(s.soft)-boolean(o.soft), o.rank-s.rank); c != 0 {
		return c
	}
	return cmp.Or(cmp.Compare(s.own, o.own), k-l)
}

// inOrder returns the statements of the nodes in the order in which they are applied: hard
// ones before soft ones, then by falling priority, then the newest, then by their names.
// What is applied later gives way to what was applied before, so that the answer depends
// on what was said and not on the order in which it came.
func inOrder(nodes []*prepared, index map[string]int32, without map[ref]bool) []ref {
	var out []ref
	for i, p := range nodes {
		for k := range p.statements {
			s, f := &p.statements[k], ref{int32(i), int32(k)}
			if s.superseded || !s.bounds || without[f] {
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

func compareRefs(nodes []*prepared, a, b ref) int {
	p, o := nodes[a.node], nodes[b.node]
	s, t := &p.statements[a.k], &o.statements[b.k]
	if c := cmp.Or(boolean(s.soft)-boolean(t.soft), t.rank-s.rank); c != 0 {
		return c
	}
	if a.node != b.node {
		return cmp.Or(o.Revision.At.Compare(p.Revision.At), cmp.Compare(a.node, b.node)) // nodes are in order of ids
	}
	return s.compare(t, int(a.k), int(b.k))
}

func boolean(b bool) int {
	if b {
		return 1
	}
	return 0
}
