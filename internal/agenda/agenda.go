package agenda

import (
	"time"

	"attache/internal/event"
	"attache/internal/when"
)

// Entry is an event with what follows from all that is known. Its Status is the one
// that follows: where a condition is false, Recorded returns the one that was recorded.
type Entry struct {
	event.Event
	UID            string       // RFC 5545 §3.8.4.7, stable for ever
	Revision       int          // number of the current revision, from 1
	Created        time.Time    // UTC, of the first revision
	Modified       time.Time    // UTC, of the current revision
	Window         when.Window  // of the first time, where it comes again: see At
	Series         *when.Series // how it comes again; nil for what comes once
	Stated         string       // the statements in force, in words
	Leaning        string       // the same of those that lean on events with no date yet, where nothing else is known
	Was            string       // what was stated before it was deferred to no date, in words
	Had            *when.Window // the same, as far as it leans on no other event; nil for none
	Because        []Reason     // those that give the bounds
	SetAside       []SetAside   // statements not in force, and why
	Contradictions [][]string   // minimal sets of names of statements that exclude each other
	Conflicts      []Conflict   // the same, each statement in words
	Warnings       []Warning
	Conditions     []Condition // its own first, then those of its statements in force
	Past           Past        // how it came to be what it is: whoever keeps its revisions fills it in

	stated   *outcome // status and reason as recorded, where conditions made them others
	cluster  *cluster // that it was worked out in; nil for one put together by hand
	node     int32    // there
	putOff   bool     // as its revision says
	counting bool     // its dates are counted by a calendar
}

// input returns what e was worked out from, but for who recorded it. It reads no Past, which
// may be filled in meanwhile.
func (e *Entry) input() Input {
	r := event.Revision{Event: e.recorded(), Number: e.Revision, At: e.Modified, PutOff: e.putOff}
	return Input{Revision: r, UID: e.UID, Created: e.Created}
}

// Past is how an event came to be what it is.
type Past struct {
	Was   string    // its date before it last moved, in words; "" where it never did
	Moved time.Time // UTC, when it did; zero where it moved because another one did
	Why   string    // in a person's words, or ""
	Since time.Time // UTC, since when it has its status; zero where it always had
}

// Reason is a statement that a bound of the window follows from.
type Reason struct {
	Says   string         // in words
	By     string         // name of the statement
	At     event.Position // where it was written
	Source string         // key of the source, or ""
	Quote  string         // the exact words, or ""
}

// Why is the chain of statements that a bound follows from.
type Why struct {
	Bound string     // earliest, latest, ends_earliest or ends_latest
	At    when.Bound // what follows
	Steps []Step     // from the statement next to the bound to the one that stands alone
}

// Step is one statement on the way to a bound.
type Step struct {
	Event     string     // id of the event that it bounds
	Owner     string     // id of the event that it was stated of
	Title     string     // of that one
	Statement string     // its name
	Says      string     // in words
	Gives     when.Bound // what follows for Event
	At        event.Position
	Source    string // key of the source, or ""
	Quote     string // the exact words, or ""
}

// SetAside is a statement that is not in force. Its names in JSON are a promise.
type SetAside struct {
	Statement string `json:"statement"`    // its name
	Why       string `json:"why"`          // one line
	By        string `json:"by,omitempty"` // name of the statement that came in its place, where it is superseded
	Says      string `json:"says"`
	Source    string `json:"source,omitempty"` // key of the source
	Quote     string `json:"quote,omitempty"`  // the exact words
}

// Warning is something a person should look at.
type Warning struct {
	Code  string         // such as soft-set-aside
	Words string         // one line
	At    event.Position // of the statement, or of the event
}

// Compute returns the entry of the revision r by itself. created is the instant of the
// first revision, UTC. What leans on other events bounds nothing then: see Solve.
func Compute(r event.Revision, uid string, created time.Time) Entry {
	return Solve([]Input{{Revision: r, UID: uid, Created: created}})[0]
}
