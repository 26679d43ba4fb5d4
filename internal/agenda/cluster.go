package agenda

import (
	"maps"
	"slices"
	"strings"
)

// component is the events of one cluster before they are worked out, in the order of ids.
type component struct {
	nodes []*prepared
	index map[string]int32 // by id
}

// clusters parts events, which are in the order of ids, into those that lean on each
// other. An event that is leaned on and not among them is added as a missing one, so that
// those who wait for it stand together.
func clusters(list []*prepared) []component {
	index := make(map[string]int32, len(list))
	for i, p := range list {
		index[p.id] = int32(i)
	}
	root := make([]int32, len(list), len(list)+8)
	for i := range root {
		root[i] = int32(i)
	}
	for i := range list {
		list[i].leans(func(id string) {
			j, ok := index[id]
			if !ok {
				j = int32(len(list))
				index[id] = j
				list, root = append(list, &prepared{id: id, missing: true}), append(root, j)
			}
			a, b := find(root, int32(i)), find(root, j)
			root[max(a, b)] = min(a, b)
		})
	}
	return components(list, root)
}

func find(root []int32, i int32) int32 {
	for root[i] != i {
		root[i] = root[root[i]]
		i = root[i]
	}
	return i
}

// components returns the components that have one root each.
func components(list []*prepared, root []int32) []component {
	var out []component
	place := make(map[int32]int, len(list))
	for i, p := range list {
		r := find(root, int32(i))
		n, ok := place[r]
		if !ok {
			n = len(out)
			place[r], out = n, append(out, component{})
		}
		out[n].nodes = append(out[n].nodes, p)
	}
	for i := range out {
		nodes := out[i].nodes
		slices.SortFunc(nodes, func(a, b *prepared) int { return strings.Compare(a.id, b.id) })
		out[i].index = make(map[string]int32, len(nodes))
		for k, p := range nodes {
			out[i].index[p.id] = int32(k)
		}
	}
	return out
}

// solve works the part out.
func (c component) solve() []*item {
	out := make(map[ref]*aside)
	for {
		sh := shapes(c.nodes, out)
		s := newSolver(c.nodes, sh, inOrder(c.nodes, c.index, out), c.index)
		if s.admitAll(out); s.stale {
			// What was held against a statement that is superseded may hold after all.
			maps.DeleteFunc(out, func(_ ref, a *aside) bool { return a.by == nil })
			continue
		}
		if slices.Equal(sh, shapes(c.nodes, out)) {
			return c.items(s, out)
		}
		// Without what was set aside an event is like something else: all is worked out
		// again without it.
	}
}

// items returns the events with what follows.
func (c component) items(s *solver, out map[ref]*aside) []*item {
	s.release()
	slab, entries := make([]item, len(c.nodes)), make([]Entry, 0, len(c.nodes))
	cl := &cluster{items: make([]*item, len(c.nodes)), solved: s}
	conditional := false
	for i, p := range c.nodes {
		t := &slab[i]
		t.prepared, t.cluster, cl.items[i] = p, cl, t
		if p.missing {
			continue
		}
		entries = append(entries, Entry{cluster: cl, node: int32(i)})
		t.entry = &entries[len(entries)-1]
		s.fill(int32(i), t.entry, out)
		conditional = conditional || p.conditional
	}
	if conditional {
		decide(entries)
	}
	return cl.items
}

// release lets go of what only a solver at work needs, and of the derivations that led to bounds
// which were tightened again.
func (s *solver) release() {
	s.edges, s.edgesOf, s.edgesFrom, s.active = nil, nil, nil, nil
	s.counts, s.trail, s.queue, s.queued = nil, nil, nil, nil
	keep := make([]int32, len(s.derivations)) // where each goes, counted from 1; 0 is nowhere
	for _, r := range s.causes {
		for ; r >= 0 && keep[r] == 0; r = s.derivations[r].prev {
			keep[r] = 1
		}
	}
	n := int32(0)
	for r := range keep {
		if keep[r] != 0 {
			n++
			keep[r] = n
		}
	}
	kept := make([]derivation, 0, n)
	for r, rec := range s.derivations {
		if keep[r] == 0 {
			continue
		}
		if rec.prev >= 0 {
			rec.prev = keep[rec.prev] - 1
		}
		kept = append(kept, rec)
	}
	for variable, r := range s.causes {
		if r >= 0 {
			s.causes[variable] = keep[r] - 1
		}
	}
	s.derivations = kept
}
