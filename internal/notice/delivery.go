package notice

import (
	"fmt"
	"time"
)

// Post is what a sender is asked to deliver.
type Post struct {
	Key       string // goes along as metadata, the same at every attempt
	Event     string // opaque name of the event, or ""
	Revision  int
	Channel   string   // as configured
	ChannelID string   // where it is known already, else ""
	Members   []string // keys of what it tells, where it tells several
	Thread    string   // the message that it replies to; "" stands in the channel itself
	Broadcast bool     // of a reply: it is shown in the channel, too
	TS        string   // of a message that is to be changed; "" for a new one
	Message   Message
	Plain     bool // after a refusal: text alone, nothing that could be refused again
	Buttons   bool // somebody listens to what is pressed
}

// Receipt is where a message is.
type Receipt struct {
	Key       string
	ChannelID string
	TS        string
	Thread    string    // the message that it replies to; "" where it stands in the channel itself
	Told      bool      // the message is a digest that tells what has the key
	At        time.Time // UTC, by the receiver's clock; zero where unknown
}

// Search asks for messages of ours in a channel.
type Search struct {
	Channel   string
	ChannelID string
	Threads   []string  // messages under which replies are looked for, besides the channel
	Keys      []string  // any of these
	Oldest    time.Time // UTC, by the receiver's clock
}

// Result is what is known of an attempt that did not plainly succeed.
type Result string

// The results of an attempt.
const (
	NotSent     Result = "not sent"     // it certainly did not arrive: try again later
	Limited     Result = "rate limited" // it did not arrive; the channel waits
	Refused     Result = "refused"      // the message itself will never be taken as it is
	ChannelDown Result = "channel"      // the channel takes nothing for now
	SinkDown    Result = "credential"   // nothing can be sent anywhere for now
	Gone        Result = "gone"         // what was to be changed or replied to is not there, or not to be changed, any more
	InDoubt     Result = "in doubt"     // it may have arrived: look before trying again
	Unreadable  Result = "unreadable"   // a look-up was not allowed: whether it arrived can't be known
)

// SendError is what is known of an attempt, and why. Senders return it and
// decide nothing.
type SendError struct {
	Result     Result
	RetryAfter time.Duration // how long the receiver asked to wait; 0 where it did not
	At         time.Time     // UTC, by the receiver's clock; zero where unknown
	Err        error
}

// Error returns what went wrong, in one line.
func (e *SendError) Error() string { return fmt.Sprintf("%s: %v", e.Result, e.Err) }

// Unwrap returns the cause.
func (e *SendError) Unwrap() error { return e.Err }
