package agenda

import (
	"attache/internal/event"
	"attache/internal/when"
)

// warn adds what the author of statement k of e should look at. w is what it alone allows.
func (s *statement) warn(e *event.Event, k int, w when.Window) {
	st, at := &e.When[k], e.StatementAt(k)
	for _, x := range st.Expr.Warnings(w, st.Phrase, st.Quote) {
		s.warnings = append(s.warnings, Warning{x.Code, s.name + ": " + x.Words, at})
	}
}
