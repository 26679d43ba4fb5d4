package event

import (
	"slices"
	"strings"

	"attache/internal/when"
)

// Unseen stands in the place of what an event says by way of one that its reader may not see.
const Unseen = "depends on an event you cannot see"

// Without returns e as somebody may see it who sees no event for which sees is false. What e
// says by way of such an event is left out: statements keep their numbers and say nothing,
// conditions stay open, and links are gone.
func (e Event) Without(sees func(id string) bool) Event {
	hides := func(id string) bool { return id != "" && !sees(id) }
	e.withoutStatements(hides)
	if e.If != nil && hides(e.If.Event) {
		e.If, e.Veiled = &Condition{Text: Unseen}, true
	}
	if slices.ContainsFunc(e.Links, func(l Link) bool { return hides(l.To) }) {
		e.Veiled = e.Veiled || slices.ContainsFunc(e.Links, func(l Link) bool { return hides(l.To) && (l.Rel == Follows || l.Rel == DependsOn) })
		e.Links = slices.DeleteFunc(slices.Clone(e.Links), func(l Link) bool { return hides(l.To) })
	}
	return e
}

// withoutStatements empties the statements of e that lean on an event that hides is true of, or
// that a statement of one came in the place of. Whose a statement is that has a name of its own
// and is none of e is not known here: it counts as hidden.
func (e *Event) withoutStatements(hides func(id string) bool) {
	names := make(map[string]string) // what each statement of e is called, and can be called
	for i := range e.When {
		names[e.StatementName(i)] = e.StatementName(i)
	}
	foreign := func(by string) bool {
		id, _, numbered := strings.Cut(by, "#")
		return by != "" && names[by] == "" && (!numbered || hides(id))
	}
	veils := func(s Statement) bool { return hides(s.Expr.LeansOn()) || foreign(s.SupersededBy) }
	if !slices.ContainsFunc(e.When, func(s Statement) bool { return veils(s) || hides(s.If.Event) }) {
		return
	}
	e.When, e.Veiled = slices.Clone(e.When), true
	for i := range e.When {
		switch s := &e.When[i]; {
		case veils(*s):
			name := e.StatementName(i)
			*s = Statement{Expr: when.Expr{Form: when.TBD}, Joint: s.Joint, Line: s.Line}
			names[name] = e.StatementName(i)
		case hides(s.If.Event):
			s.If = Condition{Text: Unseen}
		}
	}
	for i := range e.When {
		if s := &e.When[i]; s.SupersededBy != "" && names[s.SupersededBy] != "" {
			s.SupersededBy = names[s.SupersededBy]
		}
	}
}
