// Package notice decides what has to be said, to whom and when, and how it reads.
//
// A notice is planned from an event, the rules and an instant. Its key does not
// depend on its text or on the time of sending, so that planning again gives the
// same notice: what was sent stays sent, what no longer applies is superseded,
// and what moved is a new notice with a key of its own.
//
// The package also names what passes between the outbox and those who send: an
// [Item] is one notice for one channel, a [Message] what it says before any
// channel's markup, and a [SendError] what is known of an attempt that failed.
package notice

// Kind says what sort of notice it is.
type Kind string

// The kinds of notice.
const (
	Reminder      Kind = "reminder"      // the date is near
	Changed       Kind = "change"        // the event changed
	Window        Kind = "window"        // a window opened, or closes with no date
	Outcome       Kind = "outcome"       // it has passed: what became of it?
	Stale         Kind = "stale"         // not verified for too long
	Condition     Kind = "condition"     // what it depends on was decided
	Contradiction Kind = "contradiction" // statements exclude each other
	Digest        Kind = "digest"        // several things in one message
)

// Kinds lists every kind of notice.
func Kinds() []Kind {
	return []Kind{Reminder, Changed, Window, Outcome, Stale, Condition, Contradiction, Digest}
}
