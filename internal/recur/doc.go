// Package recur knows the recurrence rules of RFC 5545 §3.3.10, for days: it reads and writes
// them, says them in words, and finds the days on which they come.
//
//	r, err := recur.ParseRule("FREQ=MONTHLY;BYDAY=1FR")
//	r.Words() // every month on the first Friday
//	for at := range r.From(first, first, time.UTC) { … }
//
// The days of a rule come from teambition/rrule-go, whose days were right wherever they were
// compared and whose clock was not: it is given wall-clock times as if they were UTC, and
// whoever asks resolves what it finds. It takes rules that RFC 5545 forbids and has no place
// for errors, so rules are read here.
//
// Invariants:
//   - Times are of the wall clock, as if they were UTC: a rule has no zone.
//   - Nothing is looked for after the year 2200, so that what has no end is bounded too.
//   - ParseRule(r.String()) gives r again.
package recur
