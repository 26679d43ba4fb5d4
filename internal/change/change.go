// Package change compares two states of an event and names what differs, as types and in
// words: slipped, pulled in, firmed, averted.
//
// A date is firmed where the new window lies within the old one, and loosened the other way
// round. Otherwise it slipped or was pulled in:
//
//	1 Jan..16 Feb → 3 Feb         firmed
//	3 Feb         → 1 Jan..16 Feb loosened
//	3 Feb         → 10 Feb        slipped
//	3 Feb         → 27 Jan        pulled in
//
// An earlier date is never called a postponement, and a change of status or title alone is a
// change.
//
// An edit of one event moves others. What it did is one [Story]: the event that was edited
// and all that follow it, each with how soon people are told. Package agenda works out which
// edit a move goes back to; here that is a name.
package change

import (
	"cmp"
	"slices"
	"strings"

	"attache/internal/agenda"
	"attache/internal/event"
	"attache/internal/prose"
	"attache/internal/when"
)

// Type names a sort of change.
type Type string

// The types of change.
const (
	Added      Type = "added"
	Slipped    Type = "slipped"   // the date moved later
	PulledIn   Type = "pulled in" // the date moved earlier
	Firmed     Type = "firmed"    // the date is known more finely
	Loosened   Type = "loosened"  // the date is known less finely
	Confirmed  Type = "confirmed"
	Doubted    Type = "doubted" // less certain than before
	Deferred   Type = "deferred"
	Averted    Type = "averted"
	Cancelled  Type = "cancelled"
	Held       Type = "held"
	Met        Type = "met"
	InForce    Type = "in force"
	Lapsed     Type = "lapsed"
	Superseded Type = "superseded"
	Reinstated Type = "reinstated" // on again
	Withdrawn  Type = "withdrawn"  // taken out of its file
	Relocated  Type = "relocated"
	Retitled   Type = "retitled"
	Derived    Type = "derived" // the date moved because another event's did
)

// State is what holds of an event: what was stated and the window that follows.
type State struct {
	Event  event.Event
	Window when.Window
}

// Words returns the date of s as one would say it, with the days named of which it is on one.
func (s State) Words() string {
	return agenda.Entry{Event: s.Event, Window: s.Window}.Words()
}

// Change is one thing that changed. Its names in JSON are a promise.
type Change struct {
	Type  Type   `json:"type"`
	Field string `json:"field"` // status, date, certainty, place, title
	Old   string `json:"old"`   // in words; empty for what is new
	New   string `json:"new"`
}

// String writes what changed: "date: Sat 1 Nov 2025 → no date yet".
func (c Change) String() string {
	now := cmp.Or(c.New, "none")
	if c.Old == "" {
		return c.Field + ": " + now
	}
	return c.Field + ": " + c.Old + " → " + now
}

// Line writes c with how it changed: "Slipped, date: Sat 1 Nov 2025 → Tue 4 Nov 2025".
func (c Change) Line() string {
	if c.Type == Added {
		return "Added: " + c.New
	}
	return prose.Capital(string(c.Type)) + ", " + c.String()
}

// NowWas writes within a sentence where a date went, given both in words: "now Tue 4 Nov 2025 (was
// Sat 1 Nov 2025)".
func NowWas(now, was string) string {
	none := when.Window{}.Words()
	switch {
	case was == none:
		return "now " + now + " (had no date before)"
	case now == none:
		return "no date any more (was " + was + ")"
	}
	return "now " + now + " (was " + was + ")"
}

// Between returns what changed from old to new that people are told of, the
// weightiest first: status, date, certainty, place, title. It is never nil.
func Between(old, new State) []Change {
	out := []Change{}
	for _, differ := range []func(State, State) (Change, bool){status, date, certainty, place, title} {
		if c, ok := differ(old, new); ok {
			out = append(out, c)
		}
	}
	return out
}

// Follows returns the change that the date moved from was, in words, because another event
// did.
func Follows(was string, s State) []Change {
	return []Change{{Type: Derived, Field: "date", Old: was, New: s.Words()}}
}

// New returns the change that is an event nobody knew before.
func New(s State) []Change {
	return []Change{{Type: Added, Field: "date", New: s.Words()}}
}

func status(old, new State) (Change, bool) {
	a, b := old.Event.Status, new.Event.Status
	if a == b {
		return Change{}, false
	}
	t := Type(b)
	if b == event.Open {
		t = Reinstated
	}
	return Change{t, "status", string(a), string(b)}, true
}

func date(old, new State) (Change, bool) {
	a, b := old.Window, new.Window
	if !Moved(a, b) {
		return series(old, new)
	}
	return Change{moved(a, b), "date", old.Words(), new.Words()}, true
}

// Moved reports whether two windows differ in a bound that people are told of: the earliest
// end is none.
func Moved(a, b when.Window) bool {
	return !a.Earliest.Same(b.Earliest) || !a.Latest.Same(b.Latest) || !a.EndsLatest.Same(b.EndsLatest) || a.Precision != b.Precision
}

// moved returns how a date changed. What narrows or widens within its old bounds
// firmed or loosened; what went beyond them slipped or was pulled in. So did a limit that
// is the only one, which nobody takes for the whole time on the other side of it.
func moved(a, b when.Window) Type {
	was, is, oneLimit := onlyLimit(a, b)
	switch {
	case oneLimit && is.Before(was):
		return PulledIn
	case oneLimit:
		return Slipped
	case inside(b, a):
		return Firmed
	case inside(a, b):
		return Loosened
	case b.Latest.Known() && a.Latest.Known() && b.Latest.Before(a.Latest),
		!a.Latest.Known() && a.Earliest.Known() && b.Earliest.Before(a.Earliest):
		return PulledIn
	case a.Earliest.Same(b.Earliest) && a.Latest.Same(b.Latest) && b.EndsLatest.Day.Before(a.EndsLatest.Day):
		return PulledIn
	}
	return Slipped
}

// onlyLimit returns the one limit that both windows have, on the same side, and false where they
// have more or it did not move.
func onlyLimit(a, b when.Window) (was, is when.Bound, ok bool) {
	switch early, late := a.Earliest.Known() || b.Earliest.Known(), a.Latest.Known() || b.Latest.Known(); {
	case early && late:
		return was, is, false
	case early:
		was, is = a.Earliest, b.Earliest
	default:
		was, is = a.Latest, b.Latest
	}
	return was, is, was.Known() && is.Known() && !was.Same(is)
}

// inside reports whether a is known more finely than b and allows nothing that b
// does not.
func inside(a, b when.Window) bool {
	lower := !b.Earliest.Known() || a.Earliest.Known() && !a.Earliest.Before(b.Earliest)
	upper := !b.Latest.Known() || a.Latest.Known() && !b.Latest.Before(a.Latest)
	return lower && upper && !(a.Earliest.Same(b.Earliest) && a.Latest.Same(b.Latest))
}

func certainty(old, new State) (Change, bool) {
	a, b := old.Event.Certainty, new.Event.Certainty
	switch {
	case a == b:
		return Change{}, false
	case b == event.Confirmed:
		return Change{Confirmed, "certainty", string(a), string(b)}, true
	case b.AtLeast(a):
		return Change{Firmed, "certainty", string(a), string(b)}, true
	}
	return Change{Doubted, "certainty", string(a), string(b)}, true
}

func place(old, new State) (Change, bool) {
	a, b := old.Event.Place, new.Event.Place
	return Change{Relocated, "place", a, b}, a != b
}

func title(old, new State) (Change, bool) {
	a, b := old.Event.Title, new.Event.Title
	return Change{Retitled, "title", a, b}, a != b
}

// Words names the types of several changes in one phrase: "confirmed, slipped". A date that
// only follows another is told as what it is for people: moved. An earlier date is never called
// deferred, whatever the status is.
func Words(list []Change) string {
	var out []string
	earlier := slices.ContainsFunc(list, func(c Change) bool { return c.Type == PulledIn })
	for _, c := range list {
		word := string(c.Type)
		if c.Type == Derived && len(list) == 1 {
			word = "moved"
		}
		if !slices.Contains(out, word) && !(earlier && c.Type == Deferred) {
			out = append(out, word)
		}
	}
	return cmp.Or(strings.Join(out, ", "), "changed")
}
