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
	"strings"
	"time"

	"attache/internal/event"
	"attache/internal/when"
)

// Entry is an event with what follows from all that is known.
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
	Contradictions [][]string // minimal sets of names of statements that exclude each other
	Warnings       []Warning
}

// Reason is a statement that gives a bound of the window.
type Reason struct {
	Says   string         // in words
	By     string         // name of the statement
	At     event.Position // where it was written
	Source string         // key of the source, or ""
	Quote  string         // the exact words, or ""
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

// Compute gives the entry of the revision r. created is the instant of the first
// revision, UTC.
func Compute(r event.Revision, uid string, created time.Time) Entry {
	e := Entry{Event: r.Event, UID: uid, Revision: r.Number, Created: created, Modified: r.At}
	e.place()
	return e
}

// order gives the indexes of the statements in the order in which they are
// applied: hard ones before soft ones, then by falling priority, then as written.
func (e *Entry) order() []int {
	var in []int
	for i, s := range e.When {
		if s.SupersededBy != "" {
			e.SetAside = append(e.SetAside, SetAside{e.StatementName(i), "superseded by " + s.SupersededBy})
			continue
		}
		in = append(in, i)
	}
	slices.SortStableFunc(in, func(a, b int) int {
		sa, sb := e.When[a], e.When[b]
		if soft(sa) != soft(sb) {
			if soft(sa) {
				return 1
			}
			return -1
		}
		return sb.Priority - sa.Priority
	})
	return in
}

func soft(s event.Statement) bool { return s.Expr.A.Period.Soft() || s.Expr.B.Period.Soft() }

// place computes the window and its reasons.
func (e *Entry) place() {
	w := when.Unknown(e.Zone)
	var used []int
	for _, i := range e.order() {
		s := e.When[i]
		both, ok := w.Intersect(s.Expr.Window(e.Zone, e.StatementName(i)))
		if !ok {
			e.setAside(i, used, w)
			continue
		}
		w = both
		used = append(used, i)
	}
	if e.Kind == event.Deadline && w.Latest.Known() && !w.Earliest.Known() {
		w = dueBy(w)
	}
	e.Window = w
	e.explain(used)
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
	e.Contradictions = append(e.Contradictions, e.conflict(i, used))
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

// explain fills in what was stated and which statements give the bounds.
func (e *Entry) explain(used []int) {
	slices.Sort(used)
	var words []string
	for _, i := range used {
		s := e.When[i]
		says := s.Expr.Words()
		if s.Phrase != "" {
			says = s.Phrase
		}
		words = append(words, says)
		if name := e.StatementName(i); e.bounds(name) || s.Expr.IsTBD() {
			e.Because = append(e.Because, Reason{
				Says: says, By: name, Source: s.Source, Quote: s.Quote,
				At: event.Position{File: e.Origin.File, Line: s.Line},
			})
		}
	}
	e.Stated = strings.Join(words, ", ")
	if e.Stated == "" {
		e.Stated = e.Window.Words()
	}
}

// bounds says whether the named statement gives a bound of the window.
func (e *Entry) bounds(name string) bool {
	w := e.Window
	return w.Earliest.By == name || w.Latest.By == name || w.EndsEarliest.By == name || w.EndsLatest.By == name
}
