package notice

import (
	"time"
)

// State is how far the delivery of an item has come.
type State string

// The states of an item.
const (
	Pending    State = "pending"    // to be sent once it is due
	Sending    State = "sending"    // recorded before the first byte leaves
	Unknown    State = "unknown"    // it may or may not have arrived: to be looked up
	Sent       State = "sent"       // it arrived
	Merged     State = "merged"     // it is told by a digest, named as its parent
	Dead       State = "dead"       // refused for good, or expired; a person may look
	Superseded State = "superseded" // no longer applies
)

// Item is one notice for one channel, as the outbox keeps it.
type Item struct {
	Key          string // what Slack keeps as metadata
	Notice       Notice
	Channel      string // as configured: a name, an id, or "console"
	State        State
	Attempts     int
	NextTry      time.Time   // UTC; zero is at once when due
	LastError    string      // one line, for people
	Result       Result      // of the attempt or look that LastError tells of, "" for none
	Refused      bool        // since it last arrived: refused as it is, so that it goes out as plain text
	Claimed      time.Time   // UTC, when the last attempt began
	Doubt        time.Time   // UTC, since when it may have arrived unseen; zero where that is known
	Resent       bool        // it was sent again while in doubt: there may be copies
	Payload      []byte      // the Message as JSON, frozen at the first attempt
	FirstAttempt time.Time   // UTC, by the receiver's clock where that is known
	Looked       int         // how often an unknown item was looked up and not found since the last attempt
	Sweep        []time.Time // UTC: when copies of a message that was sent again are looked for
	Audit        time.Time   // UTC: when a message that arrived is looked for once more; zero is never
	ChannelID    string      // where it arrived
	TS           string      // Slack's name of the message there
	Thread       string      // the message that it replies to, "" where it stands in the channel itself
	Root         string      // of a card: the key under which its message was posted
	Told         []string    // of a card: what its message said before it was the card, as FirstWords gives it
	SentAt       time.Time   // UTC
	Parent       string      // key of the digest that tells it
	Members      []string    // keys of the items that a digest tells
	History      []Attempt   // for people: nothing is decided by it
}

// Attempt is one thing that was done with an item.
type Attempt struct {
	At    time.Time // UTC
	State State     // what the item became
	Note  string    // why, one line
}

// NextAction returns the instant, UTC, at which something is to be done with the
// item, and false where nothing is. The due index of the outbox is made of it.
func (i Item) NextAction() (time.Time, bool) {
	switch i.State {
	case Pending:
		if i.NextTry.After(i.Notice.Due) {
			return i.NextTry, true
		}
		return i.Notice.Due, true
	case Unknown:
		return i.NextTry, true
	case Sent:
		if len(i.Sweep) > 0 {
			return i.Sweep[0], true
		}
		return i.Audit, !i.Audit.IsZero()
	}
	return time.Time{}, false
}

// Become records that the item is now in state s, and why.
func (i *Item) Become(s State, at time.Time, why string) {
	at = at.UTC().Truncate(time.Millisecond)
	switch i.State = s; s {
	case Sending:
		i.Claimed, i.Resent = at, i.Resent || !i.Doubt.IsZero()
	case Unknown:
		i.Question(at)
	case Sent:
		i.Doubt, i.Resent, i.Refused = time.Time{}, false, false
	}
	i.History = append(i.History, Attempt{At: at, State: s, Note: why})
	if len(i.History) > maxHistory {
		i.History = append(i.History[:1:1], i.History[len(i.History)-maxHistory+1:]...)
	}
}

// Fail records what came of the last attempt or look, and why, in one line.
func (i *Item) Fail(r Result, why string) {
	i.Result, i.LastError = r, why
	i.Refused = i.Refused || r == Refused
}

// Question records that from at on nobody knows whether the item arrived.
func (i *Item) Question(at time.Time) {
	if i.Doubt.IsZero() {
		i.Doubt = at.UTC().Truncate(time.Millisecond)
	}
}

// maxHistory bounds the history of an item that is tried for days.
const maxHistory = 40

// Held reports whether the item may have arrived and waits, since the history of its
// channel could not be read.
func (it Item) Held() bool {
	return it.State == Unknown && it.Result == Unreadable
}
