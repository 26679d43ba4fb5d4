package agenda

import (
	"slices"
	"strings"

	"attache/internal/event"
	"attache/internal/when"
)

// prepared is an event made ready to be worked with. It never changes, so that it serves
// again each time its cluster is worked out.
type prepared struct {
	Input
	id          string
	empty       when.Window // of the zone of the event, with no bound
	statements  []statement
	leaning     bool         // its date leans on another event
	decided     []string     // ids of the events that decide its conditions
	counting    bool         // its dates are counted by a calendar
	conditional bool         // something has to be so for it
	was         string       // what was stated before it was put off to no date, in words
	had         *when.Window // the same, as far as it stands alone
	missing     bool         // it is only leaned on; no such event is known
}

// statement is one statement of it.
type statement struct {
	name       string
	own        string // the name that a person gave it, or ""
	words      string
	round      [2]string // what words say before and after the event that it depends on
	dependsOn  string    // id of the event that it leans on, "" where it stands alone
	rank       int       // its priority: a lower one is set aside before
	soft       bool
	of         *event.Statement
	k          int           // its place among the statements of its event
	place      int           // the same, but that what was said together has one place
	dated      bool          // it tells when it was said
	day        int32         // when it was said, as Date.Number counts, or no earlier than that; or unsaid
	open       bool          // it holds only if something is so that is not decided
	superseded *later        // what came in its place; nil where it is in force
	bounds     bool          // whether it says anything about the date
	window     *when.Window  // where it stands alone
	series     *when.Series  // where it comes again
	options    []when.Window // where it holds on one of several
	limits     []when.Limit  // where it leans
	lengths    []when.Limit  // between its own start and end, where a length ties them
	onlyEnds   bool          // it bounds the end alone
	warnings   []Warning     // what its author should look at
}

func prepare(in Input) *prepared {
	e := &in.Revision.Event
	p := &prepared{Input: in, id: e.ID, statements: make([]statement, len(e.When))}
	for k := range e.When {
		p.statements[k] = sayOf(e, k)
		p.counting = p.counting || e.When[k].Expr.UsesCalendar()
		p.leaning = p.leaning || p.statements[k].dependsOn != "" && p.statements[k].superseded == nil
	}
	p.date()
	p.empty = p.zone()
	if p.supersede() {
		p.empty = p.zone()
	}
	if in.Revision.PutOff {
		p.putOff()
	}
	p.depends()
	return p
}

// putOff takes all statements of p out of force: they tell the date that it had.
func (p *prepared) putOff() {
	var was []string
	had := p.empty
	for k := range p.statements {
		s := &p.statements[k]
		if s.superseded != nil {
			continue
		}
		if s.window != nil {
			if both, ok := had.Intersect(*s.window); ok {
				had = both
			}
		}
		if s.bounds || s.dependsOn != "" {
			was = append(was, s.words)
		}
		s.superseded = &later{why: "it was deferred, and no new date was stated"}
	}
	p.had, p.was = &had, strings.Join(was, ", ")
}

func sayOf(e *event.Event, k int) statement {
	st := &e.When[k]
	s := statement{
		name: e.StatementName(k), own: st.ID, words: st.Phrase, dependsOn: st.Expr.LeansOn(), rank: st.Priority,
		soft: st.Expr.Soft(), of: st, k: k,
	}
	if st.SupersededBy != "" {
		s.superseded = &later{name: st.SupersededBy}
	}
	if st.Expr.Uncertain() {
		s.rank--
	}
	s.lengths = st.Expr.Lengths()
	if s.dependsOn != "" {
		x := st.Expr
		x.A.Ref.Event = "\x00" // in no title and no id
		s.round[0], s.round[1], _ = strings.Cut(x.Words(), x.A.Ref.Event)
		if s.words == "" {
			s.words = s.round[0] + s.dependsOn + s.round[1]
		}
		s.limits = st.Expr.Limits()
		s.warn(e, k, when.Window{Zone: e.Zone})
		s.bounds = len(s.limits) > 0
		return s
	}
	if s.words == "" {
		s.words = st.Expr.Words()
	}
	w := st.Expr.Window(e.Zone, s.name)
	s.window = &w
	s.warn(e, k, w)
	if series, ok := st.Expr.Series(e.Zone, s.name); ok {
		s.series = &series
	}
	s.options = optionsOf(st.Expr.OptionWindows(e.Zone, s.name))
	s.onlyEnds = st.Expr.Form == when.EndsBy
	s.bounds = w.Earliest.Known() || w.Latest.Known() || w.EndsEarliest.Known() || w.EndsLatest.Known()
	return s
}

// optionsOf returns the options between which there are days, in order. Those that overlap
// are no set of several.
func optionsOf(list []when.Window) []when.Window {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b when.Window) int { return a.Earliest.Day.Compare(b.Earliest.Day) })
	for i, w := range list {
		if !w.Earliest.Known() || !w.Latest.Known() || w.Lasts() {
			return nil
		}
		if i > 0 && !list[i-1].Latest.Day.Before(w.Earliest.Day) {
			return nil
		}
	}
	return list
}

// zone returns the empty window of the zone that the dates of p are in: that of the first
// statement that names a day, else of one that names an instant, else of one that leans
// on another event and says in which zone, else of the event.
func (p *prepared) zone() when.Window {
	e := &p.Revision.Event
	best, found := when.Unknown(e.Zone), 0
	for _, k := range p.byRank() {
		s, zone := &p.statements[k], e.When[k].Expr.Zone
		score := 0
		switch {
		case s.superseded != nil:
		case s.dependsOn == "" && s.bounds && !s.window.Earliest.Timed && !s.window.Latest.Timed:
			score = 3
		case s.dependsOn == "" && s.bounds:
			score = 2
		case s.dependsOn != "" && zone != "":
			score = 1
		}
		if score > found {
			best, found = when.Expr{Form: when.TBD, Zone: zone}.Window(e.Zone, ""), score
			if s.dependsOn == "" {
				best = when.Unknown(s.window.Zone)
			}
		}
	}
	return best
}

// byRank returns the indexes of the statements in the order in which they are applied.
func (p *prepared) byRank() []int {
	order := make([]int, len(p.statements))
	for k := range order {
		order[k] = k
	}
	slices.SortFunc(order, func(a, b int) int { return p.statements[a].compare(&p.statements[b]) })
	return order
}

// leans calls fn with the id of each event that p leans on: for its date, or because that
// one decides a condition.
func (p *prepared) leans(fn func(id string)) {
	for i := range p.statements {
		if s := &p.statements[i]; s.dependsOn != "" && s.superseded == nil {
			fn(s.dependsOn)
		}
	}
	for _, id := range p.decided {
		fn(id)
	}
}

// depends records which conditions p has, and the events that decide them.
func (p *prepared) depends() {
	e := &p.Revision.Event
	var list []event.Condition
	if e.If != nil {
		list = append(list, *e.If)
	}
	for k := range e.When {
		if c := e.When[k].If; c != (event.Condition{}) {
			list = append(list, c)
		}
	}
	p.conditional = len(list) > 0
	for _, c := range list {
		if c.Event != "" {
			p.decided = append(p.decided, c.Event)
		}
	}
}
