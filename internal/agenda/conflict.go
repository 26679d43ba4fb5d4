package agenda

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"attache/internal/event"
)

const deadline = event.Deadline

// aside is why a statement is set aside.
type aside struct {
	by       *later // what came in its place; nil where nothing did
	soft     bool
	against  string    // what it does not fit, in words
	conflict *Conflict // the statements that exclude each other; nil where it was soft
}

// Conflict is a smallest set of statements that cannot all hold: without any one of them
// the others can.
type Conflict struct {
	ID       string // the same for the same statements, for ever
	Steps    []Step // each statement, in order of their names
	SetAside string // name of the one that is not in force
	Why      string // why that one: "lowest priority"
	Event    string // id of the event that cannot be placed; "" where the statements wait for each other
	Title    string // of that one
	Lower    Why    // what it is not before, and why
	Upper    Why    // what it is not after, and why
	Days     int    // by which they cross; 0 where they do within a day, or lean on each other
	Shift    bool   // to change one of them by so many days dissolves it
	Endless  bool   // they lean on each other and were given up after many steps
}

// Place returns where the statement stands that is not in force.
func (c *Conflict) Place() event.Position {
	for i := range c.Steps {
		if c.Steps[i].Statement == c.SetAside {
			return c.Steps[i].At
		}
	}
	return event.Position{}
}

// names returns the names of the statements.
func (c *Conflict) names() []string {
	names := make([]string, len(c.Steps))
	for i, st := range c.Steps {
		names[i] = st.Statement
	}
	return names
}

// ConflictID returns the id of the contradiction between statements of these names.
func ConflictID(names []string) string {
	names = slices.Clone(names)
	slices.Sort(names)
	sum := sha256.Sum256([]byte(strings.Join(names, "\n")))
	return hex.EncodeToString(sum[:6])
}

// culprits returns the statements that made the last attempt fail, as few as can be: those
// behind two bounds that crossed, or those of a loop.
func (s *solver) culprits() []int32 {
	chain := s.fail.around
	if s.fail.why == crossing {
		chain = nil
		for _, r := range s.fail.derivations {
			for ; r >= 0; r = s.derivations[r].prev {
				chain = append(chain, r)
			}
		}
	}
	set := []int32{s.fail.statement}
	for _, r := range chain {
		set = append(set, s.derivations[r].statement)
	}
	slices.Sort(set)
	set = slices.Compact(set)
	if len(set) > 0 && set[0] < 0 {
		set = set[1:]
	}
	if s.simple(chain) {
		return set
	}
	return s.smallest(set)
}

// simple reports whether the way by which an attempt failed comes to no event twice. It is a
// ring then, from date to date or back to itself, and no statement of it is too many.
func (s *solver) simple(chain []int32) bool {
	been := map[int32]bool{s.node(s.fail.variable): true}
	if s.fail.why == crossing {
		chain = slices.DeleteFunc(slices.Clone(chain), func(r int32) bool { return r == s.fail.derivations[0] || r == s.fail.derivations[1] })
	}
	for _, r := range chain {
		at := s.node(s.derivations[r].variable)
		if been[at] || s.derivations[r].statement < 0 {
			return false
		}
		been[at] = true
	}
	return true
}

// mostMembers is how large a contradiction may be for it to be made as small as can be.
// The reason of a larger one is as a rule as small already.
const mostMembers = 128

// smallest leaves out of statements that cannot all hold those without which they still
// cannot, the last in order first.
func (s *solver) smallest(set []int32) []int32 {
	if len(set) > mostMembers {
		return set
	}
	subset := s.subset(set)
	keep := make([]bool, len(set))
	for i := range keep {
		keep[i] = true
	}
	for i := len(keep) - 1; i >= 0; i-- {
		keep[i] = false
		if subset.feasible(keep) {
			keep[i] = true
		}
	}
	var out []int32
	for i, f := range set {
		if keep[i] {
			out = append(out, f)
		}
	}
	return out
}

// subset returns a solver of some of the statements, with the events that they are about.
func (s *solver) subset(set []int32) *solver {
	var nodes []*prepared
	var shapes []shape
	index := make(map[string]int32)
	add := func(i int32) int32 {
		p := s.nodes[i]
		n, ok := index[p.id]
		if !ok {
			n = int32(len(nodes))
			index[p.id] = n
			nodes, shapes = append(nodes, p), append(shapes, s.shape[i])
		}
		return n
	}
	refs := make([]ref, len(set))
	for i, f := range set {
		refs[i] = ref{add(s.refs[f].node), s.refs[f].k}
		if on := s.statement(s.refs[f]).dependsOn; on != "" {
			add(s.index[on])
		}
	}
	return newSolver(nodes, shapes, refs, index)
}

// feasible reports whether those of its statements for which keep is true can all hold.
func (s *solver) feasible(keep []bool) bool {
	s.reset()
	for f := range s.refs {
		if s.active[f] = keep[f]; keep[f] && !s.apply(int32(f)) {
			return false
		}
	}
	return s.propagate()
}

// asideFor returns why statement f is set aside, after the attempt that failed by it: nil where
// it may not have to be, since another one is superseded. That one is added to out.
func (s *solver) asideFor(f int, out map[ref]*aside) *aside {
	a := &aside{soft: s.statement(s.refs[f]).soft}
	if a.soft && s.fail.why == crossing {
		return a
	}
	if s.fail.why != crossing {
		a.against = "itself: each waits for the other"
	}
	if a.soft {
		return a
	}
	set := s.culprits()
	if slices.ContainsFunc(set, func(m int32) bool { return out[s.refs[m]] != nil }) {
		return nil
	}
	switch old, by := s.outdated(set); {
	case by == nil:
	case int(old) == f:
		return &aside{by: by}
	default:
		out[s.refs[old]], s.stale = &aside{by: by}, true
		return nil
	}
	c := &Conflict{SetAside: s.statement(s.refs[f]).name, Endless: s.fail.why == endless}
	for _, m := range set {
		c.Steps = append(c.Steps, s.step(s.refs[m]))
	}
	slices.SortFunc(c.Steps, func(a, b Step) int { return strings.Compare(a.Statement, b.Statement) })
	c.ID, c.Why = ConflictID(c.names()), s.reason(f, set)
	s.subset(set).explain(c)
	a.conflict = c
	return a
}

// explain adds to c where its statements exclude each other. s is a solver of these alone.
func (s *solver) explain(c *Conflict) {
	if s.try(0, len(s.refs)) || s.fail.why != crossing {
		return
	}
	i := s.node(s.fail.variable)
	e := &s.nodes[i].Revision.Event
	c.Event, c.Title, c.Days = e.ID, e.Title, s.fail.days
	bound := [2]string{boundNames[earliest], boundNames[latest]}
	if s.fail.variable-s.firstVariable[i] > 1 {
		bound = [2]string{boundNames[endsEarliest], boundNames[endsLatest]}
	}
	lo, hi := s.fail.variable&^1, s.fail.variable|1
	c.Lower = Why{bound[0], s.bound(lo), s.steps(lo)}
	c.Upper = Why{bound[1], s.bound(hi), s.steps(hi)}
	c.Shift = true
	for _, first := range s.fail.derivations {
		for r := first; r >= 0; r = s.derivations[r].prev {
			c.Shift = c.Shift && s.derivations[r].fixed
		}
	}
}

// reason returns why f, the last in order, is the one of the set that is set aside.
func (s *solver) reason(f int, set []int32) string {
	if len(set) < 2 {
		return "it cannot hold at all"
	}
	before := set[len(set)-2]
	if int(before) == f {
		before = set[len(set)-1]
	}
	a, b := s.statement(s.refs[f]), s.statement(s.refs[before])
	p, o := s.nodes[s.refs[f].node], s.nodes[s.refs[before].node]
	switch {
	case a.rank != b.rank:
		return "lowest priority"
	case a.day != b.day:
		return "the oldest"
	case p == o && a.dated:
		return "the last of the same day"
	case p == o && a.own == b.own:
		return "stated last"
	case p.leaning != o.leaning:
		return "it leans on others"
	}
	return "the last by name"
}
