package agenda

import (
	"math"
	"slices"

	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/when"
)

// unsaid is the day of what does not tell when it was said, and stands in its list behind
// nothing that does: it counts as older than all that does.
const unsaid = math.MinInt32

// date notes when each statement was said. One that does not tell was added to the list after
// what stands before it, and so was said no earlier than any of that.
func (p *prepared) date() {
	newest := int32(unsaid)
	for k := range p.statements {
		s, st := &p.statements[k], &p.Revision.Event.When[k]
		s.day, s.place = newest, k
		if st.Joint && k > 0 {
			s.place = p.statements[k-1].place
		}
		if s.dated = !st.Said.IsZero(); s.dated {
			s.day = int32(st.Said.Number())
			newest = max(newest, s.day)
		}
	}
}

// prevails reports whether s holds where it and o, of the same event, cannot both hold: its
// priority is not lower, and it was said after o. Where not both tell when, the list says so;
// that is too little for a soft limit to go before a hard one.
func (s *statement) prevails(o *statement) bool {
	switch {
	case s.rank < o.rank:
		return false
	case s.of.If != o.of.If && (s.open || o.open && s.of.If != (event.Condition{})): // one of them may never hold
		return false
	case s.day != o.day:
		return s.day > o.day
	}
	return !s.dated && s.soft == o.soft && (o.dated || s.place > o.place)
}

// WarnListOrder warns that the list alone tells which of two reports is the later one.
const WarnListOrder = "list-order"

func listOrderWords(by string) string {
	return "superseded by " + by + ", taken for the later report by its place in the list: not both say when they were published"
}

// later is the statement that came in the place of another.
type later struct {
	name string     // its own, or as a person wrote it
	said civil.Date // zero where it does not tell
	list bool       // that it is the later one is known from the list alone
	why  string     // why it is not in force, where nothing came in its place
}

// words returns what became of a statement that l came in the place of.
func (l *later) words() string {
	switch {
	case l.why != "":
		return l.why
	case !l.said.IsZero():
		return "it is superseded by the later report " + l.name + " of " + civil.Short(l.said)
	case l.list:
		return "it is superseded by the later report " + l.name
	}
	return "superseded by " + l.name
}

// over returns s as what came in the place of o.
func (s *statement) over(o *statement) *later {
	return &later{name: s.name, said: s.of.Said, list: !s.dated || !o.dated}
}

// limit is what a statement limits alone: the latest day, the earliest, the end, or the distance
// to one thing. Two of the same sort are the same limit, said again.
type limit struct {
	side string // "" for a statement that is none
	form when.Form
	ref  when.Ref // without its distance
}

// limit returns which limit s is.
func (s *statement) limit() limit {
	x, r := s.of.Expr, s.of.Expr.A.Ref
	to := when.Ref{Event: r.Event, Edge: r.Edge, Day: r.Day, Holiday: r.Holiday, Sense: r.Sense, Back: r.Back}
	switch {
	case !s.bounds || s.series != nil:
		return limit{}
	case s.dependsOn != "" && x.Form == when.On:
		return limit{}
	case s.dependsOn != "", x.Form == when.Within:
		return limit{"distance", x.Form, to}
	case s.onlyEnds:
		return limit{side: "end"}
	case s.window.Latest.Known() && !s.window.Earliest.Known():
		return limit{side: "latest"}
	case s.window.Earliest.Known() && !s.window.Latest.Known():
		return limit{side: "earliest"}
	}
	return limit{}
}

// renews reports whether s gives the limit o anew, later than o did. Where the list alone tells
// that it is later, both have to be of one form: two limits of several may be meant together.
func (s *statement) renews(o *statement) bool {
	return s != nil && s.prevails(o) && s.of.Expr.String() != o.of.Expr.String() && (s.dated && o.dated || s.of.Expr.Form == o.of.Expr.Form)
}

// renew takes out of force the limits of p that a later report gives anew. It reports whether
// there was any.
func (p *prepared) renew() (any bool) {
	type sort struct {
		limit
		form when.Form // "" for those of any form, all of which tell when they were said
		only event.Condition
	}
	var limits []*statement
	for k := range p.statements {
		if s := &p.statements[k]; s.superseded == nil && s.limit().side != "" {
			limits = append(limits, s)
		}
	}
	slices.SortFunc(limits, (*statement).byReport)
	newest := make(map[sort]*statement) // of those that nothing keeps from prevailing over what comes next
	for _, o := range limits {
		alike := [2]sort{{limit: o.limit(), only: o.of.If}, {o.limit(), o.of.Expr.Form, o.of.If}}
		by := newest[alike[0]]
		if !o.dated || !by.renews(o) {
			by = newest[alike[1]]
		}
		if by.renews(o) {
			o.superseded, any = by.over(o), true
		}
		for _, a := range alike {
			if have := newest[a]; (o.dated || a.form != "") && (have == nil || o.day > have.day) {
				newest[a] = o
			}
		}
	}
	return any
}

// supersede takes out of force those statements of p that a later one gives anew, or leaves no
// room for, alone or together with others. It looks at what stands alone, which most does: where
// another event is needed for that, it is seen when their cluster is worked out. It reports
// whether there was any.
func (p *prepared) supersede() (any bool) {
	if len(p.statements) < 2 {
		return false
	}
	any = p.renew()
	var refs []ref
	for k := range p.statements {
		if s := &p.statements[k]; s.superseded == nil && s.bounds && s.dependsOn == "" {
			refs = append(refs, ref{0, int32(k)})
		}
	}
	if len(refs) < 2 {
		return any
	}
	slices.SortFunc(refs, func(a, b ref) int { return p.statements[a.k].byReport(&p.statements[b.k]) })
	q := *p
	q.statements = slices.Clone(p.statements)
	if p.Revision.Event.Kind == deadline {
		q.dueOnLimits()
	}
	never := func(int) bool { return false }
	s := newSolver([]*prepared{&q}, []shape{q.shape(never)}, refs, map[string]int32{p.id: 0})
	var rivals bool
	for f := range refs {
		trail, derivations := s.save()
		if s.try(f, f+1) {
			continue
		}
		of, by := &q.statements[refs[f].k], s.prevailing(f)
		if by == nil && of.open {
			rivals = true
			if slices.ContainsFunc(s.culprits(), func(m int32) bool { return !s.statement(s.refs[m]).open }) {
				by = of.waits()
			}
		}
		s.rollback(trail, derivations, f, f+1)
		of.superseded, p.statements[of.k].superseded = by, by
		any = any || by != nil
	}
	if rivals {
		p.alternate(&q)
	}
	return any
}

// dueOnLimits makes dates of the limits of a deadline. To whoever has to meet it, "by 1 March"
// and "by 1 April" are two dates, of which one holds.
func (p *prepared) dueOnLimits() {
	for k := range p.statements {
		s := &p.statements[k]
		if w := s.window; w != nil && !s.onlyEnds && w.Latest.Known() && !w.Earliest.Known() {
			on := *w
			on.Earliest = w.Latest
			s.window = &on
		}
	}
}

// prevailing returns the newest of the statements that leave no room for f, the last that was
// tried, and prevail over it; nil where there is none. All are of one event.
func (s *solver) prevailing(f int) *later {
	of := s.statement(s.refs[f])
	newest := func(set []int32) (by *later) {
		for _, m := range slices.Backward(set) {
			if st := s.statement(s.refs[m]); int(m) != f && st.prevails(of) {
				by = st.over(of)
			}
		}
		return by
	}
	if by := newest(s.culprits()); by != nil {
		return by
	}
	var set []int32 // what fails first need not be all that fails
	for m := range f {
		if st := s.statement(s.refs[m]); st.superseded == nil && st.prevails(of) {
			set = append(set, int32(m))
		}
	}
	sub := s.subset(append(set, int32(f)))
	keep := make([]bool, len(sub.refs))
	for i := range keep {
		keep[i] = true
	}
	if sub.feasible(keep) {
		return nil
	}
	return newest(s.smallest(append(set, int32(f))))
}

// outdated finds, of statements of several events that cannot all hold, one that a later
// statement of its own event takes the place of: no statement of the set was said after that
// later one, and none has a lower priority than the one that goes. by is nil where there is
// none: that is a contradiction.
func (s *solver) outdated(set []int32) (old int32, by *later) {
	newest, lowest, alone := int32(unsaid), math.MaxInt, true
	for _, m := range set {
		st := s.statement(s.refs[m])
		newest, lowest = max(newest, st.day), min(lowest, st.rank)
		alone = alone && s.refs[m].node == s.refs[set[0]].node
	}
	last := make(map[int32][]*statement) // by event, those that were said after all others
	for _, m := range set {
		if st, i := s.statement(s.refs[m]), s.refs[m].node; alone || st.day == newest && newest != unsaid {
			last[i] = append(last[i], st)
		}
	}
	for _, m := range set {
		st := s.statement(s.refs[m])
		k := slices.IndexFunc(last[s.refs[m].node], func(o *statement) bool { return o.prevails(st) })
		if k >= 0 && st.rank == lowest && (by == nil || compareRefs(s.nodes, s.refs[m], s.refs[old]) > 0) {
			old, by = m, last[s.refs[m].node][k].over(st)
		}
	}
	return old, by
}
