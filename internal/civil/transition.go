package civil

import "time"

// Stretch returns bounds around t between which the offset of loc does not change; zero where
// there is none. The offset may be the same beyond them.
func Stretch(t time.Time, loc *time.Location) (start, end time.Time) {
	start, end = t.In(loc).ZoneBounds()
	for !end.IsZero() && !end.After(t) {
		// On the last day of some leap years the standard library ends the stretch before
		// the instant asked for: a rule's year has 365 days there.
		end = end.Add(24 * time.Hour)
	}
	return start, end
}

// Transition is a change of the offset of a zone.
type Transition struct {
	At       time.Time // UTC
	From, To int       // offsets in seconds east of UTC
	Name     string    // abbreviation of the offset that begins
}

// Transitions returns the changes of loc after from and until to, in order. Bounds at which
// only the name changes are none.
func Transitions(loc *time.Location, from, to time.Time) []Transition {
	var out []Transition
	for at := from; ; {
		_, end := Stretch(at, loc)
		if end.IsZero() || end.After(to) {
			return out
		}
		_, before := end.Add(-time.Second).In(loc).Zone()
		name, after := end.In(loc).Zone()
		if before != after {
			out = append(out, Transition{end.UTC(), before, after, name})
		}
		at = end
	}
}
