// Package event holds what attache knows of one event: what was stated about it
// and by whom, how certain that is, what became of it, and every revision of
// that.
//
// Certainty and status are two axes and stay apart. Certainty says how sure it
// is that the event takes place as stated; status says what became of it. A
// statement is never overwritten by an inference: which window follows from the
// statements of all events is package agenda's work.
//
// Which status may follow which is one table. What asks people for a status refuses what
// goes against it; a file, which may mend a mistake, is told and taken.
//
// An event has one home, the file in which a person wrote it or the store.
// Files are declarative, so that reading one is a three-way merge ([Merge]): what
// the file says now, against what it said last time, onto what holds now. What
// was set elsewhere is not undone by a file that says nothing new about it.
//
// Revisions are whole and only ever appended.
package event
