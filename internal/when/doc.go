// Package when knows what a date is.
//
// A date may be an instant, a day, a span that lasts over several days, a
// window in which something takes place on some day, or not known at all. The
// package reads and prints what was said ([Expr]), and works out which instants
// and days that allows ([Window]).
//
//	e, err := when.Parse("between 2026-01-01 and 2026-02-16")
//	w := e.Window("Asia/Shanghai", "a statement") // some day from 1 Jan to 16 Feb 2026
//
// Three notions that are easily mixed are kept apart: a span lasts from its
// first to its last day; a window holds one day that is not known yet; a period
// (a month, a season, a year) is a window whose bounds are a convention and
// therefore soft.
//
// What comes again is a rule of RFC 5545 with the days that differ from it ([Series]).
//
// Invariants:
//   - The package has no clock and no default zone: both are arguments.
//   - Civil dates stay civil dates. An instant is UTC and goes with the zone
//     that the person meant, so that 09:00 stays 09:00 across a clock change.
//   - Parse(e.String()) gives e again, for every expression that Check accepts.
package when
