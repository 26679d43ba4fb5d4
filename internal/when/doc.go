// Package when knows what a date is.
//
// A date may be an instant, a day, a span that lasts over several days, a
// window in which something takes place on some day, or not known at all. The
// package reads and prints what was said ([Expr]), and works out which instants
// and days that allows ([Window]).
//
// Three notions that are easily mixed are kept apart: a span lasts from its
// first to its last day; a window holds one day that is not known yet; a period
// (a month, a season, a year) is a window whose bounds are a convention and
// therefore soft.
//
// Holidays that a law fixes for good come from rickar/cal, which was right for the
// United States, Britain, Japan and TARGET wherever it was compared; those that a
// government announces each year are tables that say how far they are known.
//
// Invariants:
//   - The package has no clock and no default zone: both are arguments.
//   - Civil dates stay civil dates. An instant is UTC and goes with the zone
//     that the person meant, so that 09:00 stays 09:00 across a clock change.
//   - Wall-clock times that a clock change skips or doubles are resolved as RFC
//     5545 §3.3.5 says, never as the platform happens to do.
//   - Parse(e.String()) gives e again, for every expression that Check accepts.
package when
