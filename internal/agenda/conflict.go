package agenda

import (
	"cmp"
	"slices"

	"attache/internal/event"
	"attache/internal/when"
)

// conflict finds which statements leave nothing of node i once w is added, which relation
// r draws from the other node, and sets one of them aside.
func (s *solver) conflict(i int, w when.Window, r, other int) {
	n := &s.nodes[i]
	set := map[[2]int]bool{{s.relations[r].owner, s.relations[r].statement}: true}
	pairs := [][2]when.Bound{{w.Earliest, n.window.Latest}, {n.window.Earliest, w.Latest}}
	for side, p := range pairs {
		if !p[0].Known() || !p[1].Known() || !p[1].Day.Before(p[0].Day) && !(p[0].Timed && p[1].Timed) {
			continue
		}
		b := latest // the bound of the node that the new one crosses
		if side == 1 {
			b = earliest
		}
		s.chain(set, other, s.source(r, other, earliest+side))
		s.chain(set, i, b)
		break
	}
	s.setAside(set, n.window.Words())
}

// loop sets aside one of the statements by which bound b of node i leans on itself:
// relation r, and those on the way from the bound of the other node back to i.
func (s *solver) loop(r, i, b, from, other int) {
	set := map[[2]int]bool{{s.relations[r].owner, s.relations[r].statement}: true}
	for at := other; at != i || from != b; {
		s.add(set, at, from)
		c := s.nodes[at].causes[from]
		at, from = c.node, c.bound
	}
	s.setAside(set, "itself: each waits for the other")
}

// chain adds the statements that give bound b of node i, back to those that stand alone.
func (s *solver) chain(set map[[2]int]bool, i, b int) {
	for range bounds * len(s.nodes) {
		s.add(set, i, b)
		c := s.nodes[i].causes[b]
		if c.relation < 0 {
			return
		}
		i, b = c.node, c.bound
	}
}

// add puts the statement that gives bound b of node i into the set.
func (s *solver) add(set map[[2]int]bool, i, b int) {
	n := &s.nodes[i]
	if c := n.causes[b]; c.relation >= 0 {
		rel := s.relations[c.relation]
		set[[2]int{rel.owner, rel.statement}] = true
		return
	}
	by := n.edges()[b].By
	for _, k := range n.used {
		if n.entry.StatementName(k) == by {
			set[[2]int{i, k}] = true
		}
	}
}

// setAside puts one statement of the set aside: a soft one before a hard one, then the
// one of lowest priority, then the one stated longest ago, then by name.
func (s *solver) setAside(set map[[2]int]bool, against string) {
	if s.probe {
		return
	}
	members := make([][2]int, 0, len(set))
	for m := range set {
		members = append(members, m)
	}
	members = s.smallest(members)
	slices.SortFunc(members, func(a, b [2]int) int {
		ea, eb := &s.nodes[a[0]].entry, &s.nodes[b[0]].entry
		return cmp.Or(
			cmp.Compare(hardness(ea.When[a[1]].Expr), hardness(eb.When[b[1]].Expr)),
			cmp.Compare(ea.When[a[1]].Priority, eb.When[b[1]].Priority),
			ea.Modified.Compare(eb.Modified),
			cmp.Compare(eb.StatementName(b[1]), ea.StatementName(a[1])),
		)
	})
	var steps []Step
	for _, m := range members {
		e := &s.nodes[m[0]].entry
		steps = append(steps, e.stepOf(m[1], e.ID, when.Bound{}))
	}
	slices.SortFunc(steps, func(a, b Step) int { return cmp.Compare(a.Statement, b.Statement) })
	out := members[0]
	if soft(s.nodes[out[0]].entry.When[out[1]]) {
		s.aside[out] = aside{why: "it is soft and does not fit " + against}
		return
	}
	s.aside[out] = aside{why: "it contradicts " + against, conflict: steps}
}

// mostMembers is how large a contradiction may be for it to be made as small as can be.
const mostMembers = 64

// smallest leaves out of statements that cannot all hold those without which they still
// cannot.
func (s *solver) smallest(members [][2]int) [][2]int {
	if len(members) > mostMembers {
		return members
	}
	slices.SortFunc(members, func(a, b [2]int) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	for i := 0; i < len(members); {
		rest := slices.Delete(slices.Clone(members), i, i+1)
		if s.hold(rest) {
			i++
			continue
		}
		members = rest
	}
	return members
}

// hold says whether the statements can all hold.
func (s *solver) hold(members [][2]int) bool {
	var list []Input
	index := make(map[int]int)
	for _, m := range members {
		e := s.nodes[m[0]].entry.Event
		for _, id := range []string{e.ID, e.When[m[1]].Expr.LeansOn()} {
			n := slices.IndexFunc(s.nodes, func(n node) bool { return n.entry.ID == id })
			if _, there := index[n]; n < 0 || there {
				continue
			}
			index[n] = len(list)
			bare := s.nodes[n].entry.Event
			bare.When = nil
			list = append(list, Input{Revision: event.Revision{Event: bare}})
		}
		at := &list[index[m[0]]].Revision.Event
		at.When = append(at.When, e.When[m[1]])
	}
	part := newSolver(list)
	part.probe = true
	part.reset()
	for i := range part.nodes {
		if len(part.nodes[i].entry.Contradictions)+len(part.nodes[i].entry.Warnings) > 0 {
			return false
		}
	}
	return part.propagate()
}

func hardness(x when.Expr) int {
	if x.Soft() {
		return 0
	}
	return 1
}
