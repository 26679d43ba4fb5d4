package agenda

import (
	"time"

	"attache/internal/event"
	"attache/internal/when"
)

// Input is an event as it is recorded.
type Input struct {
	Revision event.Revision
	UID      string    // RFC 5545 §3.8.4.7
	Created  time.Time // UTC, of the first revision
}

// Solve gives the entries of all events, in their order: what each event's own
// statements allow, and what follows from those that lean on other events.
//
// Every statement that leans on another event bounds both: a meeting after a visit is
// not before it, and the visit is not after the meeting. The bounds are tightened until
// none moves any more. All these rules are monotone, so what is left is exactly what is
// possible, whatever the order. Statements that cannot all hold are a contradiction: the
// one of lowest priority is set aside, and the rest is worked out again without it.
func Solve(list []Input) []Entry {
	s := newSolver(list)
	for {
		s.reset()
		if s.propagate() {
			break
		}
	}
	out := s.finish()
	decide(out)
	return out
}

// The bounds of a node, in the order of its edges.
const (
	earliest = iota
	latest
	endsEarliest
	endsLatest
	bounds
)

// The horizon bounds every date, so that loops which no date anchors are seen too. What
// follows from it alone is taken out again.
var (
	horizonFirst = when.Date{Year: 1900, Month: 1, Day: 1}
	horizonLast  = when.Date{Year: 2200, Month: 12, Day: 31}
)

// node is an event on the way.
type node struct {
	entry   Entry
	used    []int // statements of its own that hold
	window  when.Window
	causes  [bounds]cause
	touched []int // relations that it takes part in
}

// cause says where a bound comes from: a statement of the event alone, or a relation
// and the bound of the other event.
type cause struct {
	relation int // index, or -1
	node     int // of the other event
	bound    int // there
	horizon  bool
}

// relation is a statement that leans on another event.
type relation struct {
	owner, statement int
	on               int // the node leaned on
}

type solver struct {
	nodes     []node
	relations []relation
	aside     map[[2]int]aside // by node and statement
	probe     bool             // only whether all can hold is asked
}

// aside says why a statement is not in force.
type aside struct {
	why      string
	conflict []Step // the statements that exclude each other; nil where it was soft
}

func newSolver(list []Input) *solver {
	s := &solver{nodes: make([]node, len(list)), aside: make(map[[2]int]aside)}
	byID := make(map[string]int, len(list))
	for i, in := range list {
		r := in.Revision
		s.nodes[i].entry = Entry{Event: r.Event, UID: in.UID, Revision: r.Number, Created: in.Created, Modified: r.At}
		byID[r.Event.ID] = i
	}
	for i := range s.nodes {
		for k, st := range s.nodes[i].entry.When {
			on, known := byID[st.Expr.LeansOn()]
			if !known || st.SupersededBy != "" {
				continue
			}
			n := len(s.relations)
			s.relations = append(s.relations, relation{i, k, on})
			s.nodes[i].touched = append(s.nodes[i].touched, n)
			if on != i {
				s.nodes[on].touched = append(s.nodes[on].touched, n)
			}
		}
	}
	return s
}

// reset places every event by its own statements alone.
func (s *solver) reset() {
	for i := range s.nodes {
		n := &s.nodes[i]
		e := &n.entry
		e.SetAside, e.Contradictions, e.Conflicts, e.Warnings, e.Because = nil, nil, nil, nil, nil
		n.window, n.used = e.own(func(k int) bool { _, out := s.aside[[2]int{i, k}]; return out })
		n.causes = [bounds]cause{}
		for b, at := range n.edges() {
			n.causes[b].relation = -1
			if !at.Known() {
				n.causes[b].horizon = true
				*at = when.Bound{Day: horizonFirst}
				if b == latest || b == endsLatest {
					at.Day = horizonLast
				}
			}
		}
	}
}

// edges gives the bounds of the window of n.
func (n *node) edges() [bounds]*when.Bound {
	w := &n.window
	return [bounds]*when.Bound{&w.Earliest, &w.Latest, &w.EndsEarliest, &w.EndsLatest}
}

// propagate tightens bounds until none moves. It is false where a statement had to be
// set aside on the way.
func (s *solver) propagate() bool {
	queue := make([]int, len(s.relations))
	waiting := make([]bool, len(s.relations))
	for i := range queue {
		queue[i], waiting[i] = i, true
	}
	for len(queue) > 0 {
		r := queue[0]
		queue, waiting[r] = queue[1:], false
		if _, out := s.aside[[2]int{s.relations[r].owner, s.relations[r].statement}]; out {
			continue
		}
		moved, ok := s.apply(r)
		if !ok {
			return false
		}
		for _, i := range moved {
			for _, t := range s.nodes[i].touched {
				if !waiting[t] {
					queue, waiting[t] = append(queue, t), true
				}
			}
		}
	}
	return true
}

// apply lets a relation bound its two events, and gives those that it moved.
func (s *solver) apply(r int) (moved []int, ok bool) {
	rel := s.relations[r]
	owner, on := &s.nodes[rel.owner], &s.nodes[rel.on]
	x := owner.entry.When[rel.statement].Expr
	name := owner.entry.StatementName(rel.statement)
	changed, ok := s.tighten(rel.owner, x.Against(on.window, owner.entry.Zone, name), r, rel.on)
	if !ok {
		return nil, false
	}
	if changed {
		moved = append(moved, rel.owner)
	}
	changed, ok = s.tighten(rel.on, x.Behind(owner.window, on.window.Zone, name), r, rel.owner)
	if changed {
		moved = append(moved, rel.on)
	}
	return moved, ok
}

// tighten bounds node i by w, which relation r draws from the other node. It is not ok
// where nothing is left, or where the bound leans on itself.
func (s *solver) tighten(i int, w when.Window, r, other int) (changed, ok bool) {
	n := &s.nodes[i]
	before := n.window
	old := n.edges()
	was := [bounds]when.Bound{*old[0], *old[1], *old[2], *old[3]}
	both, fits := before.Intersect(w)
	n.window = both
	var from [bounds]int
	for b, at := range n.edges() {
		if sameDay(*at, was[b]) {
			*at = was[b] // an equal bound keeps its reason
			continue
		}
		from[b] = s.source(r, other, b)
		if s.leans(from[b], other, i, b) {
			s.loop(r, i, b, from[b], other)
			return false, false
		}
		changed = true
	}
	if !fits {
		n.window = before
		s.conflict(i, w, r, other)
		return false, false
	}
	for b, at := range n.edges() {
		if !sameDay(*at, was[b]) {
			n.causes[b] = cause{relation: r, node: other, bound: from[b], horizon: s.nodes[other].causes[from[b]].horizon}
		}
	}
	return changed, true
}

func sameDay(a, b when.Bound) bool {
	return a.Day == b.Day && a.Timed == b.Timed && a.At.Equal(b.At)
}

// source gives the bound of the node other from which relation r draws bound b of the
// event at its other end.
func (s *solver) source(r, other, b int) int {
	rel := s.relations[r]
	lower := b == earliest || b == endsEarliest
	if other != rel.on {
		if lower {
			return earliest
		}
		return latest
	}
	end := s.nodes[rel.owner].entry.When[rel.statement].Expr.UsesEnd(lower)
	switch {
	case lower && end:
		return endsEarliest
	case lower:
		return earliest
	case end:
		return endsLatest
	}
	return latest
}

// leans says whether bound from of the node at follows, by its reasons, from bound b of
// node i.
func (s *solver) leans(from, at, i, b int) bool {
	for range bounds * len(s.nodes) {
		if at == i && from == b {
			return true
		}
		c := s.nodes[at].causes[from]
		if c.relation < 0 {
			return false
		}
		at, from = c.node, c.bound
	}
	return false
}
