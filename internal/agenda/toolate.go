package agenda

import (
	"cmp"
	"fmt"

	"attache/internal/event"
	"attache/internal/when"
)

// WarnTooLate warns that a condition cannot be decided by the date that depends on it.
const WarnTooLate = "condition-too-late"

// tooLate adds a warning for each condition of e that waits for another event to take place,
// where that cannot do so in time. No status follows from it: either date may still move. find
// returns an event by its id, nil where there is none.
func (e *Entry) tooLate(find func(id string) *Entry) {
	if e.Status.Over() || e.Series != nil { // a later time of a series may be late enough
		return
	}
	for i, c := range e.Conditions {
		on := find(c.Event)
		if c.State != Unknown || c.Loop != nil || on == nil {
			continue
		}
		w, at, holds := e.conditioned(c)
		first, known := on.firstTo(c.Is)
		if !holds || !known || !w.Latest.Known() || w.Latest.Soft || !before(w, on.Window) {
			continue
		}
		words := fmt.Sprintf("%s cannot be %s before %s: the condition cannot be decided by %s",
			cmp.Or(on.Title, on.ID), c.Is, boundWords(first), boundWords(w.Latest))
		e.Warnings = append(e.Warnings, Warning{WarnTooLate, words, at})
		e.Conditions[i].TooLate = first
	}
}

// conditioned returns the window that waits for c, where c was stated, and whether that is in
// force.
func (e *Entry) conditioned(c Condition) (w when.Window, at event.Position, holds bool) {
	for k := range e.When {
		if c.Statement == "" || e.StatementName(k) != c.Statement {
			continue
		}
		w = e.Window
		if alone := e.cluster.items[e.node].prepared.statements[k].window; alone != nil {
			w = *alone
		}
		return w, e.StatementAt(k), e.InForce(k)
	}
	return e.Window, e.Origin, true
}

// firstTo returns the first time at which e can become what it takes place to become. It is
// false where it may be that at any time: a deadline is met before it is due.
func (e *Entry) firstTo(become event.Status) (when.Bound, bool) {
	if e.Status.Over() || !become.TookPlace() || become == event.Met {
		return when.Bound{}, false
	}
	b := e.Window.Earliest // of a deadline, when it is due: it bites then
	return b, b.Known() && !b.Soft
}

// before reports whether what is at w begins for certain before anything at of can.
func before(w, of when.Window) bool {
	w.EndsLatest = w.Latest
	last, _ := w.End()     // known, as is
	first, _ := of.Start() // this
	if w.Latest.Timed {
		return first.After(last)
	}
	return !first.Before(last)
}
