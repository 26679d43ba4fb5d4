// Package feed writes events as an iCalendar text (RFC 5545, RFC 7986) that
// calendars subscribe to, checks such texts, and reads those of others.
//
// Invariants:
//   - A body is a pure function of what it is rendered from: there is no clock
//     in it, and the same events give the same bytes on every machine.
//   - One event never costs a reader the others. Each is laid out, checked and
//     encoded alone; one that cannot be published is left out and named in a
//     [Problem].
//   - SEQUENCE, DTSTAMP and LAST-MODIFIED come from the caller, who raises them
//     exactly when [Fingerprint] changes: calendars keep their old copy of an
//     event otherwise, and take every poll for a change if they move too often.
//
// Decisions:
//   - Timed events are written in UTC, with the time at the venue in the
//     description. Readers agree about UTC and differ about VTIMEZONE.
//   - A window is one all-day entry over all its days, tentative and
//     transparent: a feed must not block the days of the people who read it.
//     What has no date, or only one bound, has no entry.
//   - Uncertainty stands in SUMMARY too, as a mark at its beginning, since some
//     calendars show neither STATUS nor COLOR, and some drop or ignore
//     STATUS:CANCELLED.
//   - No METHOD, CLASS, ATTENDEE or VALARM: a subscription invites nobody, hides
//     nothing and rings nowhere.
//   - No parameter is ever made from data, as readers disagree about quoting.
//
// Calendars of others are taken apart here and decoded by go-ical one component at
// a time, since its decoder panics on some lines and one bad line would cost the
// whole calendar. Zones are found by their IANA or Windows name, and otherwise by
// the calendar's own definition; a time that names no zone is never guessed.
//
// go-ical encodes the events. It does not fold, does not clean text, and some of
// its helpers write a VALUE that RFC 7986 does not want, so that values are made
// here and the encoded lines folded here. It sorts the properties of a
// component by name; those of the calendar have an order of their own, since
// some readers look for VERSION and PRODID first.
package feed
