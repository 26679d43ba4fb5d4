// Package answer is what people say in a channel of a chat: what they press and fill in, what
// that means for an event, and what they are told.
//
// A [Press] is one act of a person. Where it needs more than a press, a [Form] asks for it. What
// the act says of an event is a [calendar.Said], which goes through the one door of the core;
// what it does to the channel alone is a [calendar.Handled]. [Refusal] says in words why
// nothing came of it, and what can be said now.
//
// It knows no chat: package slack draws forms and tells acts, and the daemon joins the two.
//
// Invariants:
//   - A Press has a key that is the same however often it is told of, so that it has one effect.
//   - Whoever says something is told what became of it, in words, also where that is nothing.
package answer

import (
	"time"

	"attache/internal/notice"
)

// Person is who says something.
type Person struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"` // as the chat shows it
	Team string `json:"team,omitempty"` // the workspace that they belong to
}

// Press is one thing that a person did. Its JSON is how the store keeps it until it is
// worked off.
type Press struct {
	Key      string            `json:"key"` // the same however often it is told of
	By       Person            `json:"by"`
	Team     string            `json:"team"`              // the workspace in which it was done
	Channel  string            `json:"channel,omitempty"` // id; "" outside of any
	TS       string            `json:"ts,omitempty"`      // of the message
	Link     string            `json:"link,omitempty"`    // to the message
	Event    string            `json:"event,omitempty"`
	Revision int               `json:"revision,omitempty"` // that they looked at
	Notice   string            `json:"notice,omitempty"`   // key of what they looked at
	Do       notice.Answer     `json:"do"`
	Until    string            `json:"until,omitempty"` // of SayLater: 1d, 3d; "" is the day of the form
	Fields   map[string]string `json:"fields,omitempty"`
	At       time.Time         `json:"at"`
	Reply    string            `json:"reply,omitempty"` // where they can be answered for a while
}

// Add is the answer that makes an event; there is no message to which it is said.
const Add notice.Answer = "add"

// NeedsForm reports whether p says too little without a form.
func (p Press) NeedsForm() bool {
	switch p.Do {
	case notice.SayOutcome, notice.SayDate, Add:
		return true
	case notice.SayLater:
		return p.Until == ""
	}
	return false
}

// Channels reports whether p is the channel's alone: it changes nothing about the event.
func (p Press) Channels() bool { return p.Do == notice.SayGot || p.Do == notice.SayLater }

// Told is what one person is told.
type Told struct {
	Text     string
	Ask      []string // ids of people and groups who stand behind the text
	Fixed    bool     // it stands in columns
	Event    string   // what can be said of it now is offered; "" is nothing
	Revision int
	Answers  []notice.Answer
}

// Section is a part of what a person is shown by themselves.
type Section struct {
	Title string
	Lines []notice.Line
	None  string // what stands there without a line
}
