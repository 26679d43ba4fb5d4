package agenda

import "attache/internal/when"

// WhyView is, for programs, why an event has the date that it has. Its names are a promise.
type WhyView struct {
	ID             string          `json:"id"`
	Title          string          `json:"title"`
	Date           string          `json:"date"` // the window in words
	Stated         string          `json:"stated"`
	LastSafeDay    string          `json:"last_safe_day,omitempty"` // of a deadline in the first hour of a day: the day before
	Bounds         []BoundView     `json:"bounds"`
	Contradictions [][]StepView    `json:"contradictions"` // smallest sets that cannot all hold
	Conflicts      []ConflictView  `json:"conflicts"`      // the same, in words
	SetAside       []SetAside      `json:"set_aside"`
	Conditions     []ConditionView `json:"conditions,omitempty"`
	Warnings       []WarnView      `json:"warnings,omitempty"`
}

// BoundView is a Why as programs read it.
type BoundView struct {
	Bound string     `json:"bound"` // earliest, latest, ends_earliest or ends_latest
	At    string     `json:"at"`    // a civil date, or RFC 3339 where timed
	Steps []StepView `json:"steps"` // from the statement next to the bound to the one that stands alone
}

// ConflictView is a Conflict as programs read it.
type ConflictView struct {
	ID         string   `json:"id"` // the same for the same statements, for ever
	Statements []string `json:"statements"`
	SetAside   string   `json:"set_aside"`
	Why        string   `json:"why"`
	Days       int      `json:"days"` // by which they cross; 0 where they do within a day, or wait for each other
	Words      []string `json:"words"`
}

// StepView is a Step as programs read it.
type StepView struct {
	Event     string `json:"event"` // that it bounds
	Owner     string `json:"owner"` // that it was stated of
	Statement string `json:"statement"`
	Says      string `json:"says"`
	Gives     string `json:"gives,omitempty"`
	File      string `json:"file"`
	Line      int    `json:"line"`
	Source    string `json:"source"`
	Quote     string `json:"quote"`
}

// WhyView returns why e is where it is.
func (e Entry) WhyView() WhyView {
	v := WhyView{
		ID: e.ID, Title: e.Title, Date: e.Words(), Stated: e.Stated,
		Bounds: []BoundView{}, Contradictions: [][]StepView{}, Conflicts: []ConflictView{}, SetAside: list(e.SetAside),
		Warnings: warnViews(e.Warnings),
	}
	if d, ok := e.LastSafeDay(); ok {
		v.LastSafeDay = d.String()
	}
	for _, w := range e.Why() {
		v.Bounds = append(v.Bounds, BoundView{w.Bound, *boundText(e.Window, w.At), stepViews(e.Window, w.Steps)})
	}
	for _, c := range e.Conflicts {
		v.Contradictions = append(v.Contradictions, stepViews(e.Window, c.Steps))
		v.Conflicts = append(v.Conflicts, ConflictView{c.ID, c.names(), c.SetAside, c.Why, c.Days, c.Words()})
	}
	for _, c := range e.Conditions {
		v.Conditions = append(v.Conditions, c.view())
	}
	return v
}

func stepViews(w when.Window, steps []Step) []StepView {
	out := []StepView{}
	for _, s := range steps {
		v := StepView{
			Event: s.Event, Owner: s.Owner, Statement: s.Statement, Says: s.Says,
			File: s.At.File, Line: s.At.Line, Source: s.Source, Quote: s.Quote,
		}
		if text := boundText(w, s.Gives); text != nil {
			v.Gives = *text
		}
		out = append(out, v)
	}
	return out
}
