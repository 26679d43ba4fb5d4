package change

import (
	"attache/internal/civil"
	"attache/internal/when"
)

// Urgency is how soon people are told that an event moved because another did.
type Urgency int

// The urgencies, the least first.
const (
	Unsaid   Urgency = iota // too small to be told of
	InDigest                // in the next digest
	AtOnce
)

// soonDays is how near an event has to be for a move that follows from another to be told
// at once.
const soonDays = 14

// urgency returns how soon people are told that an event moved because another did: at once
// where it could come, or can now, within two weeks; never where that moved it by less
// than a day or than a tenth of its window.
func urgency(s Shift, today civil.Date) Urgency {
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
