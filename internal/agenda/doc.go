// Package agenda works out when each event can take place: it looks at the statements of all
// events together and returns, for each event, its window, the statements that lead to each
// bound of it, and the contradictions.
//
// The words it uses:
//
//   - A statement is one thing that somebody said about a date: "2026-03-01", "before the
//     summit". It is stored and never changed. It is soft where a bound is only a reading of
//     the words, such as the last day of "winter".
//   - A window is when the event can begin and end: for each the earliest and the latest day
//     or instant, or none. It is computed and never stored.
//   - A statement is superseded where a later one of the same event takes its place.
//   - A statement that does not fit the others is set aside: it is shown, but bounds nothing.
//     So is one that is superseded.
//   - A conflict, or contradiction, is a smallest set of statements that cannot all hold:
//     without any one of them the others can.
//   - A cluster is a set of events whose statements refer to each other, directly or by way
//     of others. An edit has only its own cluster worked out again.
//
// # Invariants
//
//   - The order in which events come makes no difference, nor that of statements which tell when
//     they were said.
//   - Windows are exact: they allow every day that all statements in force allow together,
//     and no other.
//   - The newest report of an event is in force, unless one of higher priority or of the same day
//     disagrees.
//   - A contradiction stops nothing. The statement of the lowest priority is set aside, a soft
//     one before any hard one, and the rest still holds.
//   - No date moves because time passes. A series stands at its next day wherever people look
//     (see [Entry.At]), and keeps the window of its first.
//   - A condition of an event, or of its only date, never moves a window. Where it is false, the
//     event is averted or cancelled, and [Entry.Recorded] returns what was recorded. Of several
//     dates, one whose condition is false is not in force; while theirs are open, each is one
//     of several days.
//
// # Later prevails
//
// Of the statements of one event that cannot all hold, the later report prevails and the earlier
// one is superseded. Both stay on record. A statement was said on the day on which its source
// was published, or else last seen. One that does not tell was added to its list after what
// stands before it, and counts as no older than that. Priority goes before: a report of lower
// priority supersedes nothing. Within one day, and where the list alone tells, a hard statement
// goes before a soft one; else the words of a later report go before an earlier day.
//
// A limit that is given anew is the same limit, and the later report's holds: after "by 31
// December", "by 31 March" says that it was put off, and after "not before 1 March", "not before
// 1 February" that it was brought forward. Both could hold, but then the newest report would
// have no effect, and a date that slipped would seem to have passed. Where the later source only
// knew less, too little is claimed, which is the lesser harm, and what it came in the place of
// is shown. So it is with a distance to the same thing: "within 60 days after the ruling", and
// then 90. A window with two sides is none: "in the first half of the year" takes back no "in
// March", and what a limit leaves of a window stays. Two limits in a list that does not tell
// when they were said have to be of one form, for "by 31 December" and "before the Lunar New
// Year" may be meant together.
//
// What remains is a contradiction: two reports of one day, an older one of higher priority, two
// dates in one map. So are statements of several events, since nobody said anything new where
// they conflict:
//
//	visit:  after the summit   (20 Jan)
//	visit:  on 15 March        (10 Feb, when the summit was on 1 March)
//	summit: on 1 April         (10 Mar)    contradicts both
//
// It is another thing where the newest statement of the set is of an event that said something
// else before. Then that older one is superseded:
//
//	summit: on 1 April         (10 Jan)
//	visit:  on 15 March        (20 Jan)    superseded
//	visit:  after the summit   (10 Feb)
//
// # How windows are computed
//
// Each event has an earliest and a latest start and, where it lasts, an earliest and a latest
// end. They begin wide open. A statement about the event alone tightens them. A statement
// about two events is an edge between their bounds and tightens both ways: where A is before
// B, A's latest day is the day before B's at most, and B's earliest is the day after A's at
// least. Whatever a bound depends on is tightened again until nothing moves. Statements are
// applied in order of priority, then hard ones before soft ones, then the newest; one after
// which no day is left is taken back.
//
// Four statements about three events, bounds written as earliest..latest:
//
//	                                    summit           visit            report
//	summit: some day in March 2026      1 Mar..31 Mar    …                …
//	visit:  before the summit           1 Mar..31 Mar    …..30 Mar        …
//	visit:  not before 15 March         16 Mar..31 Mar   15 Mar..30 Mar   …
//	report: within 10 days after visit  16 Mar..31 Mar   15 Mar..30 Mar   15 Mar..9 Apr
//
// The third line moves the summit, too: it comes after a visit that is not before the 15th.
//
// Now somebody says, with a lower priority, that the report is due by 12 March. Its earliest
// day is the 15th, three days later, so no day is left. Following both bounds back to what
// was stated leads to three statements: report#2 (by 12 March), report#1 (within 10 days after
// the visit) and visit#2 (not before 15 March). No two of them exclude each other, so these
// three are the contradiction. report#2 has the lowest priority and is set aside; the windows
// are those of the last line. The example of [Solve] is this one.
package agenda
