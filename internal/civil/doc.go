// Package civil is the calendar and the clock as people use them: dates, times of day,
// periods such as a month or a season, and the zones in which they become instants.
//
// A [Date] and a [Clock] are in no zone. [Resolve] makes an instant of them:
//
//	d, err := civil.ParseDate("2026-03-08")
//	c, err := civil.ParseClock("02:30")
//	loc, err := civil.Zone("America/New_York")
//	t, how := civil.Resolve(d, c, loc) // 07:30 UTC, Skipped: the clocks jump over 02:30
//
// Invariants:
//   - The package has no clock and no default zone: both are arguments.
//   - Dates are of the Gregorian calendar. Those that a person may write are from the
//     year 1000 to 9999; the zero Date stands for no date.
//   - Wall-clock times that a clock change skips or doubles are resolved as RFC 5545
//     §3.3.5 says, never as the platform happens to do.
//   - What String writes, the parser of its type reads back as the same.
package civil
