package agenda

import (
	"math"
	"time"

	"attache/internal/civil"
	"attache/internal/when"
)

// A solver works out one cluster: events that lean on each other, directly or by way of
// others.
//
// Each event has a lower and an upper bound of its start and, where it lasts, of its end:
// its slots. Statements move them: one that stands alone sets a bound, one that leans on
// another event draws it from a slot of that one, both ways. All of this is monotone, so
// that bounds tightened until none moves any more are exactly what is possible.
//
// Every move is recorded with the record that it follows from, so that the records behind
// a bound are the whole reason for it, and a bound that follows from an earlier state of
// itself is seen. Moves can be taken back: a statement that does not fit leaves no trace.
type solver struct {
	nodes          []*prepared
	index          map[string]int32 // of the nodes, by id
	shape          []shape
	facts          []fact
	slot0          []int32 // first slot of each node
	arcs           []arc
	byFact, bySlot [][]int32 // indexes of arcs
	active         []bool    // by fact

	marks   []mark  // by slot
	causes  []int32 // by slot: the record behind its mark, or open
	counts  []int32 // by slot: moves in this attempt
	records []record
	trail   []undo
	queue   []int32 // slots that moved
	waiting []bool
	fail    failure
	moves   int // in all
	looked  int // records that were looked at for loops, in all
}

// shape says what an event is like, by the statements that are in force.
type shape struct {
	lasts bool  // its end is not its start
	timed bool  // it is at one instant
	due   int32 // the statement "by" that is its date, or -1
}

// mark is where a bound lies: on a day, or at an instant on it.
type mark struct {
	day   int32 // as Date.Number counts
	timed bool
	soft  bool
	at    int64 // Unix seconds, where timed
}

// beyond reports whether a is stricter than b: later where they are lower bounds, earlier
// where they are upper ones. On the same day the instant is.
func (a mark) beyond(b mark, lower bool) bool {
	switch {
	case a.day != b.day:
		return lower == (a.day > b.day)
	case a.timed && b.timed:
		return a.at != b.at && lower == (a.at > b.at)
	}
	return a.timed
}

// crossed reports whether nothing lies between a lower and an upper bound.
func crossed(lower, upper mark) bool {
	if lower.timed && upper.timed {
		return lower.at > upper.at
	}
	return lower.day > upper.day
}

// record is one move of a bound.
type record struct {
	fact  int32 // the statement, or -1 where an end follows from its start
	prev  int32 // the record of the slot that it was drawn from, or none or open
	slot  int32
	day   int32
	fixed bool // the distance is the same number of days from any day on
	open  bool // it follows from the horizon alone
}

// What a record can follow from, besides another record.
const (
	open = -1 // the horizon: nothing
	none = -2 // the statement stands alone
)

type undo struct {
	slot, cause int32
	mark        mark
}

// arc draws the bound of one slot from another.
type arc struct {
	from, to int32
	fact     int32
	kind     kind
	gap      int32       // with byGap
	limit    *when.Limit // with byOf and byBack
}

type kind uint8

const (
	byGap     kind = iota
	byOf           // the limit, forwards
	byBack         // the limit, backwards
	byInstant      // from instant to instant; gap is 1 or -1 where they may not be together
	byOptions      // to the next option of a one-of set
)

// failure says why an attempt failed.
type failure struct {
	why     failed
	slot    int32    // where
	fact    int32    // the last statement applied
	records [2]int32 // of the bounds that cross
	around  []int32  // the records of a loop but for the last
	days    int      // by which the bounds cross, where they do
}

type failed uint8

const (
	crossing failed = iota + 1
	loop
	creeping
)

func newSolver(nodes []*prepared, shapes []shape, facts []fact, index map[string]int32) *solver {
	s := &solver{nodes: nodes, index: index, shape: shapes, facts: facts, slot0: make([]int32, len(nodes))}
	n := int32(0)
	for i := range nodes {
		s.slot0[i] = n
		n += 2
		if shapes[i].lasts {
			n += 2
		}
	}
	s.marks, s.causes, s.counts, s.waiting = make([]mark, n), make([]int32, n), make([]int32, n), make([]bool, n)
	s.active = make([]bool, len(facts))
	s.records, s.trail, s.queue = make([]record, 0, 2*n), make([]undo, 0, 2*n), make([]int32, 0, n)
	s.connect(index)
	s.reset()
	return s
}

// reset opens every bound: it lies at the horizon, so far away that no statement leads
// there from any date.
func (s *solver) reset() {
	first, last := s.horizon()
	for i := range s.marks {
		s.marks[i], s.causes[i], s.counts[i], s.waiting[i] = mark{day: first}, open, 0, false
		if i%2 == 1 {
			s.marks[i].day = last
		}
	}
	s.records, s.trail, s.queue = s.records[:0], s.trail[:0], s.queue[:0]
	clear(s.active)
}

func (s *solver) horizon() (first, last int32) {
	lo, hi, reach := 0, 0, 0
	for _, f := range s.facts {
		st := s.said(f)
		for i := range st.limits {
			reach += st.limits[i].Reach()
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

func (s *solver) said(f fact) *statement { return &s.nodes[f.node].said[f.k] }

// slot returns the slot of a bound of node i. Where it does not last, its end is its start.
func (s *solver) slot(i int32, end, lower bool) int32 {
	n := s.slot0[i]
	if end && s.shape[i].lasts {
		n += 2
	}
	if !lower {
		n++
	}
	return n
}

func lower(slot int32) bool { return slot%2 == 0 }

// node returns the node that a slot belongs to.
func (s *solver) node(slot int32) int32 {
	lo, hi := 0, len(s.slot0)-1
	for lo < hi {
		mid := (lo + hi + 1) / 2
		if s.slot0[mid] <= slot {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	return int32(lo)
}

// try applies the statements from one to another and tightens bounds until none moves. It
// is false where they do not fit what holds; fail then says why.
func (s *solver) try(from, to int) bool {
	start := len(s.trail)
	ok := true
	for f := from; f < to && ok; f++ {
		s.active[f] = true
		ok = s.post(int32(f))
	}
	ok = ok && s.propagate()
	for _, slot := range s.queue {
		s.waiting[slot] = false
	}
	s.queue = s.queue[:0]
	for _, u := range s.trail[start:] {
		s.counts[u.slot] = 0
	}
	return ok
}

// save returns a state to which rollback leads back.
func (s *solver) save() (trail, records int) { return len(s.trail), len(s.records) }

func (s *solver) rollback(trail, records, from, to int) {
	for len(s.trail) > trail {
		u := s.trail[len(s.trail)-1]
		s.trail = s.trail[:len(s.trail)-1]
		s.marks[u.slot], s.causes[u.slot] = u.mark, u.cause
	}
	s.records = s.records[:records]
	for f := from; f < to; f++ {
		s.active[f] = false
	}
}

// post sets the bounds of a statement that stands alone, or draws those of one that leans
// for the first time.
func (s *solver) post(f int32) bool {
	if st := s.said(s.facts[f]); st.on == "" && !s.state(f, st) {
		return false
	}
	for _, a := range s.byFact[f] {
		if !s.follow(&s.arcs[a]) {
			return false
		}
	}
	return true
}

// state sets the bounds of a statement that stands alone.
func (s *solver) state(f int32, st *statement) bool {
	i, w := s.facts[f].node, st.window
	set := func(end, lower bool, b when.Bound) bool {
		return !b.Known() || s.move(s.slot(i, end, lower), s.markOf(i, b, st.window.Zone), f, none, true)
	}
	if !st.onlyEnds && (!set(false, true, w.Earliest) || !set(false, false, w.Latest)) {
		return false
	}
	if s.shape[i].due == s.facts[f].k && !set(false, true, w.Latest) {
		return false
	}
	if st.onlyEnds || w.Lasts() {
		return set(true, true, w.EndsEarliest) && set(true, false, w.EndsLatest)
	}
	return true
}

// markOf returns where b, of a window in zone, lies for node i.
func (s *solver) markOf(i int32, b when.Bound, zone string) mark {
	m := mark{day: int32(b.Day.Number()), timed: b.Timed, soft: b.Soft}
	if b.Timed {
		m.at = b.At.Unix()
		if zone != s.nodes[i].empty.Zone {
			m.day = s.dayAt(i, m.at)
		}
	}
	return m
}

// dayAt returns the day on which an instant falls for node i.
func (s *solver) dayAt(i int32, at int64) int32 {
	return int32(civil.DateOf(time.Unix(at, 0), s.nodes[i].empty.Location()).Number())
}

// propagate follows every active arc from slots that moved, until none moves.
func (s *solver) propagate() bool {
	for head := 0; head < len(s.queue); head++ {
		slot := s.queue[head]
		s.waiting[slot] = false
		for _, a := range s.bySlot[slot] {
			arc := &s.arcs[a]
			if (arc.fact < 0 || s.active[arc.fact]) && !s.follow(arc) {
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

// move tightens a slot to m, which statement f draws from the record prev. It is false
// where nothing is left, or where the bound leans on itself.
func (s *solver) move(slot int32, m mark, f, prev int32, fixed bool) bool {
	if !m.beyond(s.marks[slot], lower(slot)) {
		return true
	}
	if s.counts[slot]++; s.counts[slot] >= firstLook && s.counts[slot]&(s.counts[slot]-1) == 0 && s.turns(slot, f, prev, fixed) {
		return false
	}
	s.moves++
	s.trail = append(s.trail, undo{slot, s.causes[slot], s.marks[slot]})
	s.causes[slot] = int32(len(s.records))
	s.records = append(s.records, record{
		fact: f, prev: prev, slot: slot, day: m.day, fixed: fixed,
		open: prev == open || prev >= 0 && s.records[prev].open,
	})
	s.marks[slot] = m
	lo, hi := slot&^1, slot|1
	if crossed(s.marks[lo], s.marks[hi]) {
		s.fail = failure{
			why: crossing, slot: slot, fact: f, records: [2]int32{s.causes[lo], s.causes[hi]},
			days: int(s.marks[lo].day - s.marks[hi].day),
		}
		return false
	}
	if !s.waiting[slot] {
		s.waiting[slot] = true
		s.queue = append(s.queue, slot)
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

// turns reports whether a move of the slot that follows from the record prev leans on the
// slot itself, by what the bounds on the way rest on now, and so would go on for ever. By
// distances that are the same from every day on, such a round always gains (it would not
// have come about otherwise), and cannot hold whatever the dates are.
//
// To look costs as much as the way is long. No more is looked at than was moved, so that
// it never costs more than a share of all.
func (s *solver) turns(slot, f, prev int32, fixed bool) bool {
	if s.looked > s.moves {
		return false
	}
	around, ok := s.round(slot, prev)
	if !ok {
		return false
	}
	s.fail = failure{why: loop, slot: slot, fact: f, around: around}
	for _, r := range around {
		fixed = fixed && s.records[r].fixed
	}
	if fixed {
		return true
	}
	s.fail.why = creeping
	rounds := int(s.counts[slot])
	return rounds >= mostRounds || rounds >= fewRounds && rounds*len(around) > mostMoves
}

// round returns the records by which the slot leads to the record prev, as the bounds rest on
// each other now. It is false where prev does not come from there.
func (s *solver) round(slot, prev int32) (around []int32, ok bool) {
	for r := prev; r >= 0 && len(around) <= len(s.marks); s.looked++ {
		at := s.records[r].slot
		if at == slot {
			return around, true
		}
		r = s.causes[at]
		around = append(around, r)
		r = s.records[r].prev
	}
	return nil, false
}
