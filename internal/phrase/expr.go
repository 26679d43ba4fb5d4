package phrase

import (
	"strings"

	"attache/internal/civil"
	"attache/internal/when"
)

// Expr returns what r allows as an expression: a day, some day between two, up to one, from
// one on, or one of several.
func (r Reading) Expr() when.Expr {
	e := when.Expr{Form: when.Between, A: when.Point{Period: civil.Day(r.First)}, B: when.Point{Period: civil.Day(r.Last)}, Loose: r.Soft}
	switch {
	case len(r.Options) > 1:
		var options []string
		for _, d := range r.Options {
			option := d.String()
			if r.Midnight {
				option += "T00:00:00"
			}
			options = append(options, option)
		}
		e = when.Expr{Form: when.Extended, EDTF: "[" + strings.Join(options, ",") + "]", Loose: r.Soft}
	case r.OpenStart():
		e.Form, e.A, e.B = when.By, e.B, when.Point{}
	case r.OpenEnd():
		e.Form, e.B = when.NotBefore, when.Point{}
	case r.First == r.Last:
		e.Form, e.B = when.On, when.Point{}
	}
	return e
}
