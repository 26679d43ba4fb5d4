package agenda

import (
	"math"
	"time"

	"attache/internal/civil"
	"attache/internal/when"
)

// A solver works out the windows of one cluster, as the package comment describes.
//
// The bounds of an event are its variables: the lower and the upper bound of its start and,
// where it lasts, of its end. A statement about one event sets variables; one about two events
// is edges between theirs. A value only ever gets stricter, so values that are tightened until
// none moves allow exactly what is possible.
//
// Each move is kept as a derivation, which names its statement and the derivation that it
// followed from. The chain of derivations behind a value is the reason for it, and shows a
// variable that depends on itself. A statement that does not fit is rolled back by the trail.
type solver struct {
	nodes              []*prepared
	index              map[string]int32 // of the nodes, by id
	shape              []shape
	refs               []ref
	firstVariable      []int32 // first variable of each node
	edges              []edge
	edgesOf, edgesFrom [][]int32 // indexes of edges: of each statement, and from each variable
	active             []bool    // by statement

	values      []value // by variable
	causes      []int32 // by variable: the derivation behind its value, or open
	counts      []int32 // by variable: moves in this attempt
	derivations []derivation
	trail       []undo
	queue       []int32 // variables that moved
	queued      []bool
	fail        failure
	stale       bool // a statement that was in force turned out to be superseded
	moves       int  // in all
	looked      int  // derivations that were looked at for loops, in all
}

// shape is what an event is like, by the statements that are in force.
type shape struct {
	lasts bool  // its end is not its start
	timed bool  // it is at one instant
	due   int32 // the statement "by" that is its date, or -1
}

// value is a bound: a day, or an instant on it.
type value struct {
	day   int32 // as Date.Number counts
	timed bool
	soft  bool
	at    int64 // Unix seconds, where timed
}

// beyond reports whether a is stricter than b: later where they are lower bounds, earlier
// where they are upper ones. On the same day the instant is.
func (a value) beyond(b value, lower bool) bool {
	switch {
	case a.day != b.day:
		return lower == (a.day > b.day)
	case a.timed && b.timed:
		return a.at != b.at && lower == (a.at > b.at)
	}
	return a.timed
}

// crossed reports whether nothing lies between a lower and an upper bound.
func crossed(lower, upper value) bool {
	if lower.timed && upper.timed {
		return lower.at > upper.at
	}
	return lower.day > upper.day
}

// derivation is one move of a variable.
type derivation struct {
	statement int32 // the statement, or -1 where an end follows from its start
	prev      int32 // the derivation of the variable that it was drawn from, or none or open
	variable  int32
	day       int32
	fixed     bool // the distance is the same number of days from any day on
	open      bool // it follows from the horizon alone
}

// What a derivation follows from where that is no other derivation.
const (
	open = -1 // the horizon: nothing
	none = -2 // the statement stands alone
)

type undo struct {
	variable, cause int32
	value           value
}

// edge tightens one variable by the value of another.
type edge struct {
	from, to  int32
	statement int32
	kind      kind
	gap       int32       // with byGap
	clock     bool        // from an instant it leads to the same time of day
	limit     *when.Limit // with byOf and byBack
}

type kind uint8

const (
	byGap     kind = iota
	byOf           // the limit, forwards
	byBack         // the limit, backwards
	byInstant      // from instant to instant; gap is 1 or -1 where they may not be together
	byOptions      // to the next option of a one-of set
)

// failure is why an attempt failed.
type failure struct {
	why         failed
	variable    int32    // where
	statement   int32    // the last statement applied
	derivations [2]int32 // of the bounds that cross
	around      []int32  // the derivations of a loop but for the last
	days        int      // by which the bounds cross, where they do
}

type failed uint8

const (
	crossing failed = iota + 1
	loop
	endless
)

func newSolver(nodes []*prepared, shapes []shape, refs []ref, index map[string]int32) *solver {
	s := &solver{nodes: nodes, index: index, shape: shapes, refs: refs, firstVariable: make([]int32, len(nodes))}
	n := int32(0)
	for i := range nodes {
		s.firstVariable[i] = n
		n += 2
		if shapes[i].lasts {
			n += 2
		}
	}
	s.values, s.causes, s.counts, s.queued = make([]value, n), make([]int32, n), make([]int32, n), make([]bool, n)
	s.active = make([]bool, len(refs))
	s.derivations, s.trail, s.queue = make([]derivation, 0, 2*n), make([]undo, 0, 2*n), make([]int32, 0, n)
	s.connect(index)
	s.reset()
	return s
}

// reset opens every bound: it lies at the horizon, so far away that no statement leads
// there from any date.
func (s *solver) reset() {
	first, last := s.horizon()
	for i := range s.values {
		s.values[i], s.causes[i], s.counts[i], s.queued[i] = value{day: first}, open, 0, false
		if i%2 == 1 {
			s.values[i].day = last
		}
	}
	s.derivations, s.trail, s.queue = s.derivations[:0], s.trail[:0], s.queue[:0]
	clear(s.active)
}

func (s *solver) horizon() (first, last int32) {
	lo, hi, reach := 0, 0, 0
	for _, f := range s.refs {
		st := s.statement(f)
		for i := range st.limits {
			reach += st.limits[i].Reach()
		}
		for i := range st.lengths {
			reach += st.lengths[i].Reach()
		}
		if st.window == nil {
			continue
		}
		for _, b := range [bounds]when.Bound{st.window.Earliest, st.window.Latest, st.window.EndsEarliest, st.window.EndsLatest} {
			if b.Known() {
				n := b.Day.Number()
				lo, hi = min(lo, n), max(hi, n)
			}
		}
	}
	reach = min(reach, maxReach) + centuries
	return int32(lo - reach), int32(hi + reach)
}

// The horizon lies three centuries beyond the dates that are stated, and farther by all
// the distances there are. maxReach keeps day numbers, and years, within what can be
// written.
const (
	centuries = 300 * 366
	maxReach  = math.MaxInt32 / 4
)

func (s *solver) statement(f ref) *statement { return &s.nodes[f.node].statements[f.k] }

// variable returns the index of a bound of node i. Where it does not last, its end is its start.
func (s *solver) variable(i int32, end, lower bool) int32 {
	n := s.firstVariable[i]
	if end && s.shape[i].lasts {
		n += 2
	}
	if !lower {
		n++
	}
	return n
}

func lower(variable int32) bool { return variable%2 == 0 }

// node returns the node that a variable belongs to.
func (s *solver) node(variable int32) int32 {
	lo, hi := 0, len(s.firstVariable)-1
	for lo < hi {
		mid := (lo + hi + 1) / 2
		if s.firstVariable[mid] <= variable {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	return int32(lo)
}

// try applies the statements from one to another and tightens bounds until none moves. It
// is false where they do not fit what holds; fail is then the reason.
func (s *solver) try(from, to int) bool {
	start := len(s.trail)
	ok := true
	for f := from; f < to && ok; f++ {
		s.active[f] = true
		ok = s.apply(int32(f))
	}
	ok = ok && s.propagate()
	for _, variable := range s.queue {
		s.queued[variable] = false
	}
	s.queue = s.queue[:0]
	for _, u := range s.trail[start:] {
		s.counts[u.variable] = 0
	}
	return ok
}

// save returns a state to which rollback leads back.
func (s *solver) save() (trail, derivations int) { return len(s.trail), len(s.derivations) }

func (s *solver) rollback(trail, derivations, from, to int) {
	for len(s.trail) > trail {
		u := s.trail[len(s.trail)-1]
		s.trail = s.trail[:len(s.trail)-1]
		s.values[u.variable], s.causes[u.variable] = u.value, u.cause
	}
	s.derivations = s.derivations[:derivations]
	for f := from; f < to; f++ {
		s.active[f] = false
	}
}

// apply brings a statement into force for the first time: it sets the bounds of one that stands alone,
// and follows the edges of one about two events.
func (s *solver) apply(f int32) bool {
	if st := s.statement(s.refs[f]); st.dependsOn == "" && !s.setBounds(f, st) {
		return false
	}
	for _, a := range s.edgesOf[f] {
		if !s.follow(&s.edges[a]) {
			return false
		}
	}
	return true
}

// setBounds sets the bounds of a statement that stands alone.
func (s *solver) setBounds(f int32, st *statement) bool {
	i, w := s.refs[f].node, st.window
	set := func(end, lower bool, b when.Bound) bool {
		return !b.Known() || s.move(s.variable(i, end, lower), s.valueOf(i, b, st.window.Zone), f, none, true)
	}
	if !st.onlyEnds && (!set(false, true, w.Earliest) || !set(false, false, w.Latest)) {
		return false
	}
	if s.shape[i].due == s.refs[f].k && !set(false, true, w.Latest) {
		return false
	}
	if st.onlyEnds || w.Lasts() {
		return set(true, true, w.EndsEarliest) && set(true, false, w.EndsLatest)
	}
	return true
}

// valueOf returns where b, of a window in zone, lies for node i.
func (s *solver) valueOf(i int32, b when.Bound, zone string) value {
	m := valueAt(b)
	if m.timed && zone != s.nodes[i].empty.Zone {
		m.day = s.dayAt(i, m.at)
	}
	return m
}

// dayAt returns the day on which an instant falls for node i.
func (s *solver) dayAt(i int32, at int64) int32 {
	return int32(civil.DateOf(time.Unix(at, 0), s.nodes[i].empty.Location()).Number())
}

// propagate follows every active edge from variables that moved, until none moves.
func (s *solver) propagate() bool {
	for head := 0; head < len(s.queue); head++ {
		variable := s.queue[head]
		s.queued[variable] = false
		for _, a := range s.edgesFrom[variable] {
			edge := &s.edges[a]
			if (edge.statement < 0 || s.active[edge.statement]) && !s.follow(edge) {
				s.queue = s.queue[head+1:]
				return false
			}
		}
		if head > 4096 && head*2 > len(s.queue) {
			s.queue = append(s.queue[:0], s.queue[head+1:]...)
			head = -1
		}
	}
	s.queue = s.queue[:0]
	return true
}

// move tightens a variable to m, by statement f, as follows from the derivation prev. It is false
// where nothing is left, or where the bound leans on itself.
func (s *solver) move(variable int32, m value, f, prev int32, fixed bool) bool {
	if !m.beyond(s.values[variable], lower(variable)) {
		return true
	}
	if s.counts[variable]++; s.counts[variable] >= firstLook && s.counts[variable]&(s.counts[variable]-1) == 0 && s.dependsOnItself(variable, f, prev, fixed) {
		return false
	}
	s.moves++
	s.trail = append(s.trail, undo{variable, s.causes[variable], s.values[variable]})
	s.causes[variable] = int32(len(s.derivations))
	s.derivations = append(s.derivations, derivation{
		statement: f, prev: prev, variable: variable, day: m.day, fixed: fixed,
		open: prev == open || prev >= 0 && s.derivations[prev].open,
	})
	s.values[variable] = m
	lo, hi := variable&^1, variable|1
	if crossed(s.values[lo], s.values[hi]) {
		s.fail = failure{
			why: crossing, variable: variable, statement: f, derivations: [2]int32{s.causes[lo], s.causes[hi]},
			days: int(s.values[lo].day - s.values[hi].day),
		}
		return false
	}
	if !s.queued[variable] {
		s.queued[variable] = true
		s.queue = append(s.queue, variable)
	}
	return true
}

// A bound that moved often is looked at: whether it leans on itself. Where it does by
// distances that are not the same from every day on, such as months, it may still come to
// rest: it is let go on for so many rounds, a year of going on by a day, and for fewer
// where a round is long.
const (
	firstLook  = 8
	mostRounds = 400
	fewRounds  = 64
	mostMoves  = 100_000
)

// dependsOnItself reports whether a move of the variable, as follows from the derivation prev,
// depends on the variable itself, by what the values on the way rest on now, and so would go on
// for ever. By distances that are the same from every day on, such a cycle always gains (it
// would not have come about otherwise), and cannot hold whatever the dates are.
//
// A look costs as much as the way is long. No more is looked at than was moved, so that looking
// never costs more than a share of all.
func (s *solver) dependsOnItself(variable, f, prev int32, fixed bool) bool {
	if s.looked > s.moves {
		return false
	}
	around, ok := s.cycle(variable, prev)
	if !ok {
		return false
	}
	s.fail = failure{why: loop, variable: variable, statement: f, around: around}
	for _, r := range around {
		fixed = fixed && s.derivations[r].fixed
	}
	if fixed {
		return true
	}
	s.fail.why = endless
	rounds := int(s.counts[variable])
	return rounds >= mostRounds || rounds >= fewRounds && rounds*len(around) > mostMoves
}

// cycle returns the derivations that lead from the variable to the derivation prev, as the
// values rest on each other now. It is false where prev does not come from there.
func (s *solver) cycle(variable, prev int32) (around []int32, ok bool) {
	for r := prev; r >= 0 && len(around) <= len(s.values); s.looked++ {
		at := s.derivations[r].variable
		if at == variable {
			return around, true
		}
		r = s.causes[at]
		around = append(around, r)
		r = s.derivations[r].prev
	}
	return nil, false
}
