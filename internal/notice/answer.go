package notice

import (
	"slices"

	"attache/internal/agenda"
	"attache/internal/event"
)

// Answer is something that people can say to a message, where its channel takes answers.
type Answer string

// The answers. Those that are the channel's alone change nothing about the event.
const (
	SayOutcome Answer = "outcome" // what became of it
	SayStands  Answer = "stands"  // it still stands as it is
	SayDate    Answer = "date"    // a new date
	SayGot     Answer = "got"     // somebody has got it; the channel's
	SayLater   Answer = "later"   // to be told again later; the channel's
)

// takes reports whether a can be said of e: what is over has an outcome that can be corrected,
// what left its file has none, and of what comes again no one date can be told.
func takes(e agenda.Entry, a Answer) bool {
	switch {
	case e.Status == event.Withdrawn:
		return false
	case e.Status.Over():
		return a == SayOutcome
	case e.Series != nil:
		return a != SayOutcome && a != SayDate
	}
	return true
}

// AnswersTo returns what can be said of e whatever it is said to.
func AnswersTo(e agenda.Entry) []Answer { return answersTo(Card, e) }

// answersTo returns what can be said to a message of the kind k about e, what is meant most
// likely first; nothing to a kind that only tells.
func answersTo(k Kind, e agenda.Entry) []Answer {
	var out []Answer
	switch k {
	case Card:
		out = []Answer{SayOutcome, SayStands, SayDate, SayGot, SayLater}
	case Outcome:
		out = []Answer{SayOutcome, SayDate, SayGot, SayLater}
	case Stale:
		out = []Answer{SayStands, SayDate, SayOutcome, SayGot, SayLater}
	case Window:
		out = []Answer{SayDate, SayStands, SayOutcome, SayGot, SayLater}
	case Reminder:
		out = []Answer{SayGot, SayDate, SayOutcome, SayStands, SayLater}
	}
	return slices.DeleteFunc(out, func(a Answer) bool { return !takes(e, a) })
}
