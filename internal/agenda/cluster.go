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

// solve works the part out. It returns the events with what follows, and how that came about.
func (c component) solve() ([]*item, *solver) {
	entries := c.entries()
	nodes := c.nodes
	for i := range entries {
		if e := &entries[i]; len(e.Conditions) > 0 && ifs(&e.Event) {
			if &nodes[0] == &c.nodes[0] {
				nodes = slices.Clone(nodes)
			}
			nodes[e.node] = nodes[e.node].under(e)
		}
	}
	out := make(map[ref]*aside)
	for {
		sh := shapes(nodes, out)
		s := newSolver(nodes, sh, inOrder(nodes, c.index, out), c.index)
		if s.admitAll(out); s.stale {
			// What was held against a statement that is superseded may hold after all.
			maps.DeleteFunc(out, func(_ ref, a *aside) bool { return a.by == nil })
			continue
		}
		if slices.Equal(sh, shapes(nodes, out)) {
			return c.items(s, entries, out), s
		}
		// Without what was set aside an event is like something else: all is worked out
		// again without it.
	}
}

// entries returns what is recorded of the events, with their conditions answered.
func (c component) entries() []Entry {
	out := make([]Entry, 0, len(c.nodes))
	conditional := false
	for i, p := range c.nodes {
		if !p.missing {
			r := &p.Revision
			out = append(out, Entry{Event: r.Event, UID: p.UID, Revision: r.Number, Created: p.Created, Modified: r.At, node: int32(i), putOff: r.PutOff, counting: p.counting})
			conditional = conditional || p.conditional
		}
	}
	if conditional {
		decide(out)
	}
	return out
}

// items returns the events with what follows.
func (c component) items(s *solver, entries []Entry, out map[ref]*aside) []*item {
	s.release()
	slab := make([]item, len(c.nodes))
	cl := &cluster{items: make([]*item, len(c.nodes)), solved: s}
	for i, p := range c.nodes {
		slab[i].prepared, slab[i].cluster, cl.items[i] = p, cl, &slab[i]
	}
	for i := range entries {
		e := &entries[i]
		e.cluster, slab[e.node].entry = cl, e
		s.fill(e.node, e, out)
		e.withoutAside()
	}
	find := func(id string) *Entry {
		if i, ok := c.index[id]; ok {
			return slab[i].entry
		}
		return nil
	}
	for i := range entries {
		entries[i].tooLate(find)
		entries[i].unrecorded()
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
