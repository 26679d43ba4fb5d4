// Package event describes one event: the statements about it and who made them, how certain
// it is, what became of it, and every revision.
//
// The words it uses:
//
//   - A statement is what somebody said about the date. Inference never overwrites it: package
//     agenda computes the window that follows from the statements of all events.
//   - Certainty is how sure it is that the event takes place as stated; status is what became
//     of it. The two are independent.
//   - A statement is superseded where a later one replaces it: package agenda finds which does,
//     by the day on which each was said. An event lapses where its latest
//     date has passed and nobody recorded an outcome, and is withdrawn where it left its file.
//
// # Invariants
//
//   - Revisions are whole and only ever appended.
//   - One table decides which status may follow which ([Status.CanBecome]). Commands and
//     buttons refuse what it does not allow. A file may mend a mistake: it gets a warning, and
//     its status is taken.
//   - An event has one home: the file in which a person wrote it, or the store.
//
// # Reading a file again
//
// Files are declarative, so reading one is a three-way merge ([Merge]) of what the file said
// last time, what it says now, and what holds now. A field that the file did not change keeps
// what holds now, whoever set it:
//
//	             last time    now        holds now    merged
//	status       open         open       held         held      an answer from Slack stays
//	certainty    possible     likely     possible     likely    the file changed it
package event
