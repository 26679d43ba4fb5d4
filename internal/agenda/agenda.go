// Package agenda looks at the events together: which window follows from which
// statements, and why; what contradicts what; and in which order people are
// shown them.
//
// Statements are kept and windows are computed, never the other way round. All
// statements of an event hold together, so its window is what every one of them
// allows. Where they exclude each other the one of lowest priority is set aside,
// a soft one before any hard one, and the rest still holds: a contradiction is
// shown, it never stops anything.
package agenda

import (
	"slices"
	"time"

	"attache/internal/event"
	"attache/internal/when"
)

// Entry is an event with what follows from all that is known. Its Status is the one
// that follows: where a condition is false, the one recorded is given by Recorded.
type Entry struct {
	event.Event
	UID            string    // RFC 5545 §3.8.4.7, stable for ever
	Revision       int       // number of the current revision, from 1
	Created        time.Time // UTC, of the first revision
	Modified       time.Time // UTC, of the current revision
	Window         when.Window
	Stated         string     // the statements in force, in words
	Because        []Reason   // those that give the bounds
	SetAside       []SetAside // statements not in force, and why
	Why            []Why      // for each bound, how it follows
	Contradictions [][]string // minimal sets of names of statements that exclude each other
	Conflicts      [][]Step   // the same, with what each says
	Warnings       []Warning
	Conditions     []Condition // its own first, then those of its statements in force
	stated         *outcome    // status and reason as recorded, where conditions made them others
}

// Reason is a statement that gives a bound of the window.
type Reason struct {
	Says   string         // in words
	By     string         // name of the statement
	At     event.Position // where it was written
	Source string         // key of the source, or ""
	Quote  string         // the exact words, or ""
}

// Why says how a bound follows from what was stated.
type Why struct {
	Bound string     // earliest, latest, ends_earliest or ends_latest
	At    when.Bound // what follows
	Steps []Step     // from the statement next to the bound to the one that stands alone
}

// Step is one statement on the way to a bound.
type Step struct {
	Event     string     // id of the event that it bounds
	Owner     string     // id of the event that it was stated of
	Title     string     // of that one
	Statement string     // its name
	Says      string     // in words
	Gives     when.Bound // what follows for Event
	At        event.Position
	Source    string // key of the source, or ""
	Quote     string // the exact words, or ""
}

// SetAside is a statement that is not in force.
type SetAside struct {
	Statement string // its name
	Why       string // one line
}

// Warning is something a person should look at.
type Warning struct {
	Code  string // such as soft-set-aside
	Words string // one line
}

// Compute gives the entry of the revision r by itself. created is the instant of the
// first revision, UTC. What leans on other events bounds nothing then: see Solve.
func Compute(r event.Revision, uid string, created time.Time) Entry {
	return Solve([]Input{{Revision: r, UID: uid, Created: created}})[0]
}

// order gives the indexes of the statements that stand alone, in the order in which they
// are applied: hard ones before soft ones, then by falling priority, then as written.
func (e *Entry) order(out func(k int) bool) []int {
	var in []int
	for k, st := range e.When {
		if st.SupersededBy != "" {
			e.SetAside = append(e.SetAside, SetAside{e.StatementName(k), "superseded by " + st.SupersededBy})
			continue
		}
		if st.Expr.LeansOn() == "" && !out(k) {
			in = append(in, k)
		}
	}
	slices.SortStableFunc(in, func(a, b int) int {
		sa, sb := e.When[a], e.When[b]
		if c := hardness(sb.Expr) - hardness(sa.Expr); c != 0 {
			return c
		}
		return sb.Priority - sa.Priority
	})
	return in
}

func soft(s event.Statement) bool { return s.Expr.Soft() }

// own gives what the statements of e that stand alone allow, and which of them hold.
// Those for which out is true are left out.
func (e *Entry) own(out func(k int) bool) (w when.Window, used []int) {
	w = when.Unknown(e.Zone)
	for _, k := range e.order(out) {
		both, ok := w.Intersect(e.When[k].Expr.Window(e.Zone, e.StatementName(k)))
		if !ok {
			e.setAside(k, used, w)
			continue
		}
		w = both
		used = append(used, k)
	}
	if e.Kind == event.Deadline && w.Latest.Known() && !w.Earliest.Known() {
		w = dueBy(w)
	}
	slices.Sort(used)
	return w, used
}

// dueBy makes "by a day" of a deadline that day: its date is the limit itself.
func dueBy(w when.Window) when.Window {
	w.Earliest, w.EndsEarliest, w.EndsLatest = w.Latest, w.Latest, w.Latest
	w.Precision = when.OneDay
	if w.Latest.Timed {
		w.Precision = when.Instant
	}
	return w
}

// setAside records that statement i does not fit what holds already.
func (e *Entry) setAside(i int, used []int, w when.Window) {
	name := e.StatementName(i)
	if soft(e.When[i]) {
		e.SetAside = append(e.SetAside, SetAside{name, "it is soft and does not fit " + w.Words()})
		e.Warnings = append(e.Warnings, Warning{"soft-set-aside", name + " does not fit " + w.Words()})
		return
	}
	e.SetAside = append(e.SetAside, SetAside{name, "it contradicts " + w.Words()})
	names := e.conflict(i, used)
	e.Contradictions = append(e.Contradictions, names)
	var steps []Step
	for k := range e.When {
		if slices.Contains(names, e.StatementName(k)) {
			steps = append(steps, e.stepOf(k, e.ID, when.Bound{}))
		}
	}
	e.Conflicts = append(e.Conflicts, steps)
}

// stepOf gives statement k of e as a step that bounds the event of.
func (e *Entry) stepOf(k int, of string, gives when.Bound) Step {
	st := e.When[k]
	return Step{
		Event: of, Owner: e.ID, Title: e.Title, Statement: e.StatementName(k), Says: says(st), Gives: gives,
		At: event.Position{File: e.Origin.File, Line: st.Line}, Source: st.Source, Quote: st.Quote,
	}
}

// conflict names a smallest set of statements that cannot all hold: i and one or
// two of those used before it.
func (e *Entry) conflict(i int, used []int) []string {
	mine := e.When[i].Expr.Window(e.Zone, "")
	for _, u := range used {
		if _, ok := mine.Intersect(e.When[u].Expr.Window(e.Zone, "")); !ok {
			return e.names(u, i)
		}
	}
	for _, u := range used {
		for _, v := range used {
			both, ok := mine.Intersect(e.When[u].Expr.Window(e.Zone, ""))
			if !ok {
				continue
			}
			if _, ok := both.Intersect(e.When[v].Expr.Window(e.Zone, "")); !ok {
				return e.names(u, v, i)
			}
		}
	}
	return e.names(append(slices.Clone(used), i)...)
}

func (e *Entry) names(indexes ...int) []string {
	slices.Sort(indexes)
	var names []string
	for _, i := range indexes {
		names = append(names, e.StatementName(i))
	}
	return names
}
