// Package schedule says when things recur and drives what is due.
//
// It has two halves. A [Spec] is a recurring schedule, "0 9 * * MON" in a
// zone, and answers one question: which instant comes next. A [Loop] is the
// daemon's heartbeat: it asks what is due, hands it over, and runs recurring
// jobs.
//
// # Clock changes
//
// Cron expressions are read by robfig/cron, but never against a zone: its own
// walk through a zone leaves out the day whose hour or midnight does not exist
// and fires twice when an hour comes back. Here the expression is evaluated on
// a bare wall clock that has no changes, and the reading is then turned into
// an instant. What follows is what people are promised:
//
//   - a spec that names its hours fires once for each civil day it names;
//   - a reading that does not exist, because clocks went forward over it,
//     moves to the instant they did so;
//   - a reading that comes twice counts once, the first time;
//   - a day that never was, as the one Apia left out when it crossed the date
//     line, does not fire at all;
//   - several readings that fall into the same gap make one firing.
//
// A spec that runs in all 24 hours, such as "*/10 * * * *" or "@hourly", is
// about elapsed time rather than about a time of day. It fires whenever the
// clock shows a matching minute: also in the repeated hour, both times, and
// without an extra firing for the hour left out. "@every 2h" is elapsed time
// outright and does not look at the zone.
//
// # Steps and suspend
//
// robfig/cron sleeps on a timer that knows nothing of the wall clock: after a
// step forward or a suspend it is late, after a step back it falls silent. So
// only its expressions are used. The loop decides what is due from the wall
// clock, and looks at it at least once a period of the monotonic one.
//
// Invariants: [Spec.Next] is strictly later than its argument; a scan never
// runs beside another, nor a job beside itself; a panic in either is caught,
// logged once and counted.
package schedule
