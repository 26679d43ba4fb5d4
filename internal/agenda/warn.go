package agenda

import (
	"attache/internal/event"
	"attache/internal/when"
)

// warn notes what the author of a statement should look at. w is what it alone allows.
func (s *statement) warn(st *event.Statement, w when.Window) {
	for _, x := range st.Expr.Warnings(w, st.Phrase, st.Quote) {
		s.warnings = append(s.warnings, Warning{x.Code, s.name + ": " + x.Words})
	}
}
