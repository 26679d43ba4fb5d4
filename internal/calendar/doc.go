// Package calendar is the core of attache: what is declared becomes revisions, windows,
// planned notices and feeds, and questions about them are answered.
//
// Every change comes through one door. [Calendar.Apply] takes a reading of the files and
// of the calendars that are followed: it records revisions of what changed, works out
// what follows, plans the notices and renders the feeds, all in one transaction, and
// refuses what must not be recorded. It returns a [View], which is what people are shown
// from then on. [Calendar.Answer] takes what one person says of one event elsewhere, in
// Slack or by command, the same way; the files that are read later keep it. [Rehearse] does the same on a copy: whoever asks what a reading would do
// is told by the code that will do it.
//
//	settings ──► Apply ──► revisions ─► windows ─► notices ─► feeds ──► View
//
// A View is immutable: all that it answers belongs to one moment. The package runs no
// goroutines, opens no files and sockets, and logs nothing; what a person should hear of
// is returned in [Applied].
//
// Invariants:
//   - Nothing is recorded of a reading that is refused, and nothing is shown of one that
//     is not recorded.
//   - The same reading twice changes nothing the second time.
//   - What is planned depends on the events, the rules and now alone, whether they are
//     read one edit after the other or all at once.
//   - A Calendar is changed by one goroutine at a time; its owner sees to that. Views are
//     read by any number.
//
// For example, a program that reads a configuration once and prints the dates:
//
//	db, _ := store.Temporary("")
//	applied, err := calendar.New(db).Apply(settings, now, nil)
//	…
//	list, err := applied.View.List(ctx, calendar.Query{Now: now})
package calendar
