package phrase

import (
	"fmt"
	"strings"

	"attache/internal/civil"
	"attache/internal/when"
)

// Expr returns what r allows as an expression: a day, an instant, some day between two, all days
// from one to another, up to one, from one on, or one of several.
func (r Reading) Expr() when.Expr {
	e := when.Expr{Form: when.Between, A: when.Point{Period: civil.Day(r.First)}, B: when.Point{Period: civil.Day(r.Last)}, Loose: r.Soft, Zone: r.Zone}
	switch {
	case len(r.Options) > 1:
		var options []string
		for _, d := range r.Options {
			options = append(options, r.option(d))
		}
		e = when.Expr{Form: when.Extended, EDTF: "[" + strings.Join(options, ",") + "]", Loose: r.Soft, Zone: r.Zone}
	case r.Timed && r.Lasts:
		e.Form, e.A.Clock, e.A.Timed, e.B.Clock, e.B.Timed = when.From, r.Clock, true, r.Until, true
	case r.Timed:
		e.Form, e.A, e.B = when.At, when.Point{Period: civil.Day(r.First), Clock: r.Clock, Timed: true}, when.Point{}
	case r.Lasts:
		e.Form = when.From
	case r.OpenStart():
		e.Form, e.A, e.B = when.By, e.B, when.Point{}
	case r.OpenEnd():
		e.Form, e.B = when.NotBefore, when.Point{}
	case r.First == r.Last:
		e.Form, e.B = when.On, when.Point{}
	}
	return e
}

// option writes one of the days of r as EDTF does.
func (r Reading) option(d Days) string {
	switch {
	case d.First != d.Last:
		return d.First.String() + ".." + d.Last.String()
	case r.Midnight:
		return d.First.String() + "T00:00:00"
	case r.Timed:
		return d.First.String() + "T" + fmt.Sprintf("%02d:%02d:00", r.Clock.Hour, r.Clock.Minute)
	}
	return d.First.String()
}

// window returns what r allows.
func (r Reading) window() when.Window { return r.Expr().Window("UTC", "") }
