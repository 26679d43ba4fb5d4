package when

import (
	"strings"

	"attache/internal/civil"
)

// Expr returns what r allows as an expression: a day, some day between two, up to one, from
// one on, or one of several.
func (r Reading) Expr() Expr {
	e := Expr{Form: Between, A: Point{Period: civil.Day(r.First)}, B: Point{Period: civil.Day(r.Last)}, Loose: r.Soft}
	switch {
	case len(r.Options) > 1:
		var options []string
		for _, d := range r.Options {
			options = append(options, d.String())
		}
		e = Expr{Form: Extended, EDTF: "[" + strings.Join(options, ",") + "]", Loose: r.Soft}
	case r.OpenStart():
		e.Form, e.A, e.B = By, e.B, Point{}
	case r.OpenEnd():
		e.Form, e.B = NotBefore, Point{}
	case r.First == r.Last:
		e.Form, e.B = On, Point{}
	}
	return e
}
