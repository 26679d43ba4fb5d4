// Package notice plans what people are told about an event, when, and in which channels, and
// writes the messages.
//
// The words it uses:
//
//   - A ladder is the list of lead times of an event before its date, such as 30d, 7d, 1d.
//     Each is a rung: one reminder. After a pause only the newest rung that is due is sent.
//   - A window is the span of days on which an event without a settled date can begin. It
//     opens on the first and closes on the last.
//   - A card is the one message of an event in a channel that always shows its current state.
//   - An event lapses where nobody records an outcome: it is asked for twice, three business
//     days apart, and three business days later the event is marked as lapsed.
//   - An [Item] is one notice for one channel, as the outbox keeps it, and a [Message] is its
//     text before any channel's markup. A [SendError] describes an attempt that failed.
//
// # Invariants
//
//   - [Plan] is a function of the event, the rules and the instant. It returns the past too;
//     [ToRecord] chooses what of that is still recorded.
//   - A key depends neither on the text nor on the time of sending. A plan made again has the
//     same keys, so what was sent is not sent again. A date that moves has other keys: the
//     notices of the old date are superseded.
//   - Quiet hours put a notice off, but never beyond the next instant that matters to its
//     event: its date, the beginning or end of its window, or the expiry of the notice.
//   - How sure a date is changes the words of its reminders, never their number.
//
// # Example
//
// A deadline on Sat 1 Nov 2025 in New York, with the ladder 30d, 7d, 1d at 09:00 and no hour
// of its own, is planned as
//
//	2025-10-02 13:00 UTC  reminder  30d
//	2025-10-25 13:00 UTC  reminder  7d
//	2025-10-31 13:00 UTC  reminder  1d
//	2025-11-01 13:00 UTC  reminder  0d   the last safe day is always a rung
//	2025-11-03 14:00 UTC  outcome        the first business day after it; clocks have changed
//	2025-11-06 14:00 UTC  outcome        asked again
package notice

// Kind is the sort of a notice.
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
