package agenda

import (
	"slices"
	"strings"

	"attache/internal/event"
	"attache/internal/when"
)

// finish gives the entries once no bound moves any more.
func (s *solver) finish() []Entry {
	out := make([]Entry, len(s.nodes))
	for i := range s.nodes {
		n := &s.nodes[i]
		for b, at := range n.edges() {
			if n.causes[b].horizon {
				*at = when.Bound{}
			}
		}
		w := n.window.Refined()
		if n.entry.Kind == event.Deadline && w.Latest.Known() && !w.Earliest.Known() {
			w = dueBy(w)
		}
		n.entry.Window = w
	}
	for i := range s.nodes {
		s.tell(i)
		out[i] = s.nodes[i].entry
	}
	return out
}

// tell fills in, for people, what was stated of event i and why it is where it is.
func (s *solver) tell(i int) {
	n := &s.nodes[i]
	e := &n.entry
	var words []string
	for k, st := range e.When {
		if a, out := s.aside[[2]int{i, k}]; out {
			e.putAside(k, a)
			continue
		}
		if st.SupersededBy == "" && st.Expr.Ambiguous() {
			e.Warnings = append(e.Warnings, Warning{"lunar-new-year-country", e.StatementName(k) + ": the Lunar New Year falls on another day in another country: write lunar-new-year(CN), (KR) or (VN)"})
		}
		if st.SupersededBy == "" && (st.Expr.LeansOn() != "" || slices.Contains(n.used, k)) {
			words = append(words, says(st))
		}
	}
	e.Stated = strings.Join(words, ", ")
	if e.Stated == "" {
		e.Stated = e.Window.Words()
	}
	for _, b := range []struct {
		bound int
		at    when.Bound
	}{{earliest, e.Window.Earliest}, {latest, e.Window.Latest}, {endsEarliest, e.Window.EndsEarliest}, {endsLatest, e.Window.EndsLatest}} {
		if !b.at.Known() {
			continue
		}
		why := Why{Bound: boundNames[b.bound], At: b.at, Steps: s.steps(i, b.bound)}
		if b.bound < endsEarliest || e.Window.Lasts() {
			e.Why = append(e.Why, why)
		}
		e.because(why.Steps)
	}
	if len(e.Because) == 0 {
		e.becauseUnknown()
	}
}

var boundNames = [bounds]string{"earliest", "latest", "ends_earliest", "ends_latest"}

// says gives what was stated, in the words of the source where it had some.
func says(st event.Statement) string {
	if st.Phrase != "" {
		return st.Phrase
	}
	return st.Expr.Words()
}

// putAside records that statement k is not in force.
func (e *Entry) putAside(k int, a aside) {
	name := e.StatementName(k)
	e.SetAside = append(e.SetAside, SetAside{name, a.why})
	if a.conflict == nil {
		e.Warnings = append(e.Warnings, Warning{"soft-set-aside", name + ": " + a.why})
		return
	}
	var names []string
	for _, st := range a.conflict {
		names = append(names, st.Statement)
	}
	e.Contradictions = append(e.Contradictions, names)
	e.Conflicts = append(e.Conflicts, a.conflict)
}

// mostSteps is how many steps are told of a long chain.
const mostSteps = 32

// steps gives the statements that lead to bound b of node i, from the one next to it to
// the one that stands alone, or the first of them where they are many.
func (s *solver) steps(i, b int) []Step {
	var out []Step
	for range mostSteps {
		n := &s.nodes[i]
		c := n.causes[b]
		if c.horizon {
			return out
		}
		owner, k := i, -1
		if c.relation >= 0 {
			rel := s.relations[c.relation]
			owner, k = rel.owner, rel.statement
		} else {
			by := n.edges()[b].By
			k = slices.IndexFunc(n.used, func(u int) bool { return n.entry.StatementName(u) == by })
			if k < 0 {
				return out
			}
			k = n.used[k]
		}
		out = append(out, s.nodes[owner].entry.stepOf(k, n.entry.ID, *n.edges()[b]))
		if c.relation < 0 {
			return out
		}
		i, b = c.node, c.bound
	}
	return out
}

// because adds the statement next to a bound, once.
func (e *Entry) because(steps []Step) {
	if len(steps) == 0 {
		return
	}
	st := steps[0]
	r := Reason{Says: st.Says, By: st.Statement, At: st.At, Source: st.Source, Quote: st.Quote}
	if st.Owner != e.ID {
		r.Says = st.Owner + " is " + st.Says
	}
	if !slices.ContainsFunc(e.Because, func(have Reason) bool { return have.By == r.By }) {
		e.Because = append(e.Because, r)
	}
}

// becauseUnknown tells of the statements that say that nothing is known.
func (e *Entry) becauseUnknown() {
	for k, st := range e.When {
		if st.Expr.IsTBD() && st.SupersededBy == "" {
			e.Because = append(e.Because, Reason{
				Says: says(st), By: e.StatementName(k), Source: st.Source, Quote: st.Quote,
				At: event.Position{File: e.Origin.File, Line: st.Line},
			})
		}
	}
}
