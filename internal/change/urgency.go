package change

import (
	"slices"

	"attache/internal/civil"
	"attache/internal/when"
)

// Urgency is how soon people are told of a change.
type Urgency int

// The urgencies, the least first.
const (
	Unsaid   Urgency = iota // too small to be told of
	InDigest                // in the next digest
	AtOnce
)

// String names u.
func (u Urgency) String() string { return []string{"not sent", "digest", "immediate"}[u] }

// The types that a contradiction adds.
const (
	Contradicted Type = "contradiction"
	Cleared      Type = "contradiction cleared"
)

// pressing are the types that people act on. What takes an event out of the calendar, or
// puts it back, is as pressing as what moves it.
var pressing = [...]Type{
	Confirmed, Slipped, PulledIn, Contradicted, Averted, Deferred, Cancelled, Withdrawn, Superseded, Reinstated,
}

// Urgency returns how soon people are told of a change of this type that somebody made. How
// soon they are told of a Derived one depends on its size and on how near it is: see
// Follower.
func (t Type) Urgency() Urgency {
	if slices.Contains(pressing[:], t) {
		return AtOnce
	}
	return InDigest
}

// Urgency returns the greatest urgency of all changes of the story.
func (s Story) Urgency() Urgency {
	u := Unsaid
	for _, c := range s.Changes {
		u = max(u, c.Type.Urgency())
	}
	for _, f := range s.Follows {
		u = max(u, f.Urgency)
	}
	if len(s.Cleared) > 0 {
		u = max(u, Cleared.Urgency())
	}
	if len(s.Gained) > 0 {
		u = max(u, Contradicted.Urgency())
	}
	return u
}

// soonDays is how near an event has to be for a move that follows from another to be told
// at once.
const soonDays = 14

// derived returns how soon people are told that an event moved because another did: at once
// where it could come, or can now, within two weeks; never where that moved it by less
// than a day or than a tenth of its window.
func derived(s Shift, today civil.Date) Urgency {
	if near(s.Old.Window, today) || near(s.New.Window, today) {
		return AtOnce
	}
	for _, m := range Moves(s.Old.Window, s.New.Window) {
		if !small(m, s.Old.Window) {
			return InDigest
		}
	}
	return Unsaid
}

// near reports whether w can come on one of the next days.
func near(w when.Window, today civil.Date) bool {
	return w.Earliest.Known() && !w.Earliest.Day.After(today.AddDays(soonDays)) &&
		(!w.EndsLatest.Known() || !w.EndsLatest.Day.Before(today))
}

// small reports whether m is less than a day, or than a tenth of the window w that it was.
func small(m Move, w when.Window) bool {
	if !m.Old.Known() || !m.New.Known() {
		return false
	}
	days := m.New.Day.Sub(m.Old.Day)
	width, _ := slack(w)
	return days == 0 || max(days, -days)*10 < width
}
