package agenda

import (
	"slices"

	"attache/internal/event"
	"attache/internal/when"
)

// A date can hold on a condition: 15 March if the talks are held, 22 March if they are deferred.
// One whose condition failed is not in force. While it is open it does not prevail over what
// holds without it, but waits; where all that is left waits so, each is one of several days.
// A condition that stands with the only date of an event is that of the event.

// under returns p with its conditions answered as in e.
func (p *prepared) under(e *Entry) *prepared {
	q := *p
	q.statements = slices.Clone(p.statements)
	if p.Revision.PutOff || len(e.standing()) < 2 {
		return p
	}
	for _, k := range e.standing() {
		s := &q.statements[k]
		s.superseded = nil
		for _, c := range e.Conditions {
			switch {
			case c.Statement != s.name:
			case c.State == False:
				s.superseded = &later{why: c.Words()}
			case c.State == Unknown:
				s.open = true
			}
		}
	}
	q.empty = q.zone()
	if q.supersede() {
		q.empty = q.zone()
	}
	return &q
}

// standing returns the indexes of the statements of e that nobody marked as superseded.
func (e *Entry) standing() []int {
	var out []int
	for k := range e.When {
		if e.When[k].SupersededBy == "" {
			out = append(out, k)
		}
	}
	return out
}

// failed returns the condition for which e does not take place as stated: its own, or those of
// all its dates.
func (e *Entry) failed() (Condition, bool) {
	var first Condition
	failed := make(map[string]bool)
	for _, c := range e.Conditions {
		if c.State != False {
			continue
		}
		if c.Statement == "" {
			return c, true
		}
		if len(failed) == 0 {
			first = c
		}
		failed[c.Statement] = true
	}
	standing := e.standing()
	left := slices.ContainsFunc(standing, func(k int) bool { return !failed[e.StatementName(k)] })
	return first, len(failed) > 0 && !left
}

// withoutAside drops the conditions of dates that are not in force: they decide nothing.
func (e *Entry) withoutAside() {
	if e.stated == nil && len(e.SetAside) > 0 {
		e.Conditions = slices.DeleteFunc(e.Conditions, func(c Condition) bool { return c.Statement != "" && e.isAside(c.Statement) })
	}
}

// waits returns why s is not in force while its condition is open and something else is.
func (s *statement) waits() *later {
	c := Condition{Condition: s.of.If}
	if c.Text == event.Unseen {
		return &later{why: "it " + c.Text}
	}
	return &later{why: "it waits for its condition: only if " + c.Premise()}
}

// alternate makes one of several days of the statements of p that wait for their conditions,
// as q has them. Where they are no days apart, the first holds.
func (p *prepared) alternate(q *prepared) {
	var list []*statement
	var windows []when.Window
	var words []string
	for k := range p.statements {
		if s := &p.statements[k]; s.open && s.bounds && s.superseded == nil && s.dependsOn == "" {
			list, windows, words = append(list, s), append(windows, *q.statements[k].window), append(words, s.words)
		}
	}
	if len(list) < 2 {
		return
	}
	options := optionsOf(windows)
	for _, s := range list[1:] {
		if options == nil {
			s.superseded = s.waits()
			continue
		}
		s.bounds, s.words = false, ""
	}
	if options != nil {
		hull, last := options[0], options[len(options)-1]
		hull.Latest, hull.EndsLatest = last.Latest, last.EndsLatest
		list[0].window, list[0].options, list[0].words = &hull, options, either(options, words)
	}
}

// ifs reports whether a date of e holds on a condition.
func ifs(e *event.Event) bool {
	return slices.ContainsFunc(e.When, func(s event.Statement) bool { return s.If != event.Condition{} })
}
