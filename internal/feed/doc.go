// Package feed writes events as an iCalendar text (RFC 5545, RFC 7986) that
// calendars subscribe to. Package lint below it checks such texts.
//
// To write the calendar of one event, whose entry [agenda.Solve] gives:
//
//	item := &feed.Item{Entry: entry, Stamp: entry.Modified}
//	body, problems := feed.Render(feed.Feed{Name: "all", Title: "Diplomatic calendar"}, []*feed.Item{item}, feed.Context{})
//	for _, p := range problems {
//		fmt.Println(p) // event "beijing-visit": it has no UID
//	}
//	os.Stdout.Write(body.Plain) // BEGIN:VCALENDAR …
//
// Invariants:
//   - A body is a pure function of what it is rendered from: there is no clock
//     in it, and the same events give the same bytes on every machine, whether
//     they are rendered at once or one change after another (see [Cache]).
//   - One event never costs a reader the others. Each is laid out, checked,
//     written and read back alone or with its neighbours; one that cannot be
//     published is left out and named in a [Problem].
//   - SEQUENCE, DTSTAMP and LAST-MODIFIED come from the caller, who raises them
//     exactly when [Layout.Fingerprint] changes: calendars keep their old copy of
//     an event otherwise, and take every poll for a change if they move too often.
//
// Decisions:
//   - Timed events are written in UTC, with the time at the venue in the
//     description. Readers agree about UTC and differ about VTIMEZONE, which is
//     written only for what comes again without end.
//   - A window of up to a fortnight is one all-day entry over its days; of a wider
//     one, its first and its last day are entries with UIDs of their own, so that
//     nobody's calendar is covered for months. Both are tentative and transparent:
//     a feed must not block the days of the people who read it. Once the day is
//     known the event stands under its own UID and the others are shown as
//     cancelled for some time ([History]): calendars keep or silently lose what just
//     disappears. What has no date, or only one bound, has no entry.
//   - Uncertainty stands in SUMMARY too, as a mark at its beginning and in words at
//     its end, since some calendars show neither STATUS nor COLOR, and some drop or
//     ignore STATUS:CANCELLED.
//   - RELATED-TO names only entries of the same feed.
//   - No METHOD, CLASS or ATTENDEE, and VALARM only where a feed asks for it: a
//     subscription invites nobody, hides nothing and rings nowhere unasked.
//   - No parameter is ever made from data, as readers disagree about quoting.
//
// Entries are written by hand, straight into folded lines: go-ical does not fold,
// does not clean text, writes parameters that RFC 7986 does not want, and takes more
// than twice the time for a tree that lives for one line. Package ical reads every entry
// back with it before it is published.
package feed
