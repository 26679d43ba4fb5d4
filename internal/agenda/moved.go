package agenda

import (
	"slices"

	"attache/internal/event"
	"attache/internal/when"
)

// Moved is an event of which an edit changed what holds.
type Moved struct {
	Old, New *Entry     // a zero Entry where there was none, or is none any more; not to be changed
	Edited   bool       // it was revised itself, or is new, or gone
	Root     string     // id of the event that it goes back to: its own where it was edited
	Gained   []Conflict // contradictions that were not there before
	Cleared  []Conflict // contradictions that are there no more
}

// Diff returns the events of which something differs between two nets, in the order of their
// ids, each with the edit that it goes back to. What both nets share costs next to nothing.
//
// A bound that is stricter now goes back to a statement on the way to it that is new; one
// that is looser, to a statement on the way to where it was that is no more.
func Diff(old, now Net) []Moved {
	d := differ{old: old, now: now, edited: make(map[string]bool), known: make(map[*solver][]int32)}
	pairs := d.pairs()
	var out []Moved
	for _, p := range pairs {
		if m, differs := d.moved(p); differs {
			out = append(out, m)
		}
	}
	return out
}

type differ struct {
	old, now Net
	edited   map[string]bool // by id
	known    map[*solver][]int32
}

// pair is one event in both nets; nil where it is not there.
type pair struct{ old, now *item }

// pairs returns the events that were worked out again, and notes which of them were edited.
func (d *differ) pairs() []pair {
	var out []pair
	a, b := d.old.items, d.now.items
	for len(a) > 0 || len(b) > 0 {
		var p pair
		if len(b) == 0 || len(a) > 0 && a[0].id() <= b[0].id() {
			p.old = a[0]
		}
		if len(a) == 0 || len(b) > 0 && b[0].id() <= a[0].id() {
			p.now = b[0]
		}
		if p.old != nil {
			a = a[1:]
		}
		if p.now != nil {
			b = b[1:]
		}
		if p.old != p.now && (p.old.entryOf() != nil || p.now.entryOf() != nil) {
			out = append(out, p)
			d.note(p)
		}
	}
	return out
}

func (t *item) entryOf() *Entry {
	if t == nil {
		return nil
	}
	return t.entry
}

// note records whether the event of p was edited.
func (d *differ) note(p pair) {
	a, b := p.old.entryOf(), p.now.entryOf()
	switch {
	case a == nil:
		d.edited[b.ID] = true
	case b == nil:
		d.edited[a.ID] = true
	case p.old.prepared == nil || p.old.prepared != p.now.prepared:
		d.edited[a.ID] = a.Revision != b.Revision || len(event.Changed(a.Recorded(), b.Recorded())) > 0
	}
}

// moved returns what differs of one event. It is false where nothing does.
func (d *differ) moved(p pair) (Moved, bool) {
	m := Moved{Old: p.old.entryOf(), New: p.now.entryOf()}
	if m.Old == nil {
		m.Old = &Entry{}
	}
	if m.New == nil {
		m.New = &Entry{}
	}
	id := m.New.ID
	if id == "" {
		id = m.Old.ID
	}
	m.Edited = d.edited[id]
	m.Gained, m.Cleared = missing(m.New.Conflicts, m.Old.Conflicts), missing(m.Old.Conflicts, m.New.Conflicts)
	same := sameWindow(m.Old.Window, m.New.Window) && m.Old.Status == m.New.Status && len(m.Gained)+len(m.Cleared) == 0
	switch {
	case m.Edited:
		m.Root = id
	case same:
		return m, false
	default:
		m.Root = d.root(p, &m)
	}
	return m, true
}

// missing returns the contradictions of a that are not in b.
func missing(a, b []Conflict) []Conflict {
	var out []Conflict
	for _, c := range a {
		if !slices.ContainsFunc(b, func(o Conflict) bool { return o.ID == c.ID }) {
			out = append(out, c)
		}
	}
	return out
}

func sameWindow(a, b when.Window) bool {
	return a.Precision == b.Precision && a.Earliest.Same(b.Earliest) && a.Latest.Same(b.Latest) &&
		a.EndsEarliest.Same(b.EndsEarliest) && a.EndsLatest.Same(b.EndsLatest)
}

// root returns the event that an event which nobody edited goes back to.
func (d *differ) root(p pair, m *Moved) string {
	for b := range bounds {
		was, is := boundOf(m.Old.Window, b), boundOf(m.New.Window, b)
		if was.Same(is) {
			continue
		}
		from, other := p.now, d.old
		if looser(was, is, b) {
			from, other = p.old, d.now
		}
		if id, ok := d.newest(from, b, other); ok && d.edited[id] {
			return id
		}
	}
	for _, c := range append(slices.Clone(m.Gained), m.Cleared...) {
		for _, st := range c.Steps {
			if d.edited[st.Owner] {
				return st.Owner
			}
		}
	}
	return d.decided(*m.New, len(d.now.items))
}

// decided returns an event that was edited and on whose status the conditions of e hang, or
// else the first event that was edited of those that are worked out together with e.
func (d *differ) decided(e Entry, most int) string {
	for at := e; most > 0; most-- {
		c, ok := at.Condition()
		if !ok {
			break
		}
		if d.edited[c.Event] {
			return c.Event
		}
		at, _ = d.now.Entry(c.Event)
	}
	for _, n := range []Net{d.now, d.old} {
		if t := n.find(e.ID); t != nil {
			for _, other := range t.cluster.items {
				if d.edited[other.id()] {
					return other.id()
				}
			}
		}
	}
	return e.ID
}

func boundOf(w when.Window, bound int) when.Bound {
	return [bounds]when.Bound{w.Earliest, w.Latest, w.EndsEarliest, w.EndsLatest}[bound]
}

// looser reports whether a bound allows more than it did.
func looser(was, is when.Bound, bound int) bool {
	if !was.Known() || !is.Known() {
		return was.Known()
	}
	return is.Before(was) == (bound == earliest || bound == endsEarliest)
}

// newest returns the event of the statement nearest to a bound of t, of those that it follows
// from, that the other net does not have.
func (d *differ) newest(t *item, bound int, other Net) (id string, found bool) {
	s := t.cluster.solver()
	r := s.causes[s.variableOf(t.entry.node, bound)]
	if r < 0 {
		return "", false
	}
	f := d.nearest(s, other)[r]
	if f < 0 {
		return "", false
	}
	return s.nodes[s.refs[f].node].id, true
}

// nearest returns for each derivation of s the statement that newest looks for, -1 for none. It
// is worked out once for a cluster: every derivation follows from one before it.
func (d *differ) nearest(s *solver, other Net) []int32 {
	if d.known[s] != nil {
		return d.known[s]
	}
	fresh := make([]int8, len(s.refs)) // 1 where the other net has the statement, 2 where not
	out := make([]int32, len(s.derivations))
	for r := range s.derivations {
		out[r] = -1
		if prev := s.derivations[r].prev; prev >= 0 {
			out[r] = out[prev]
		}
		f := s.derivations[r].statement
		if f < 0 {
			continue
		}
		if fresh[f] == 0 {
			fresh[f] = 1 + int8(boolean(!other.says(s.nodes[s.refs[f].node], int(s.refs[f].k))))
		}
		if fresh[f] == 2 {
			out[r] = f
		}
	}
	d.known[s] = out
	return out
}

// says reports whether statement k of p is in force in n too.
func (n Net) says(p *prepared, k int) bool {
	o := n.find(p.id)
	if o == nil || o.entry == nil {
		return false
	}
	a, b := &o.entry.Event, &p.Revision.Event
	if a.Kind != b.Kind || a.Zone != b.Zone {
		return false
	}
	st := &b.When[k]
	for i := range a.When {
		if have := &a.When[i]; have.Expr.String() == st.Expr.String() && have.Priority == st.Priority && o.entry.InForce(i) {
			return true
		}
	}
	return false
}
