package when

import (
	"fmt"
	"time"
)

// Clock is a wall-clock time of day, in no zone.
type Clock struct {
	Hour, Minute, Second int
}

// ParseClock reads 09:00 or 09:00:30. It returns a *SyntaxError for anything
// else; 24:00 is refused, since people mean either of two midnights by it.
func ParseClock(s string) (Clock, error) {
	for _, layout := range []string{"15:04", "15:04:05"} {
		if len(s) != len(layout) {
			continue
		}
		if t, err := time.Parse(layout, s); err == nil {
			return Clock{t.Hour(), t.Minute(), t.Second()}, nil
		}
	}
	if s == "24:00" {
		return Clock{}, errAt(0, "24:00 can mean either end of the day: write 00:00 with the day it begins")
	}
	return Clock{}, errAt(0, "%q is not a time of day: write it as 09:00", s)
}

// String writes c as 09:00, with seconds only where there are any.
func (c Clock) String() string {
	if c.Second != 0 {
		return fmt.Sprintf("%02d:%02d:%02d", c.Hour, c.Minute, c.Second)
	}
	return fmt.Sprintf("%02d:%02d", c.Hour, c.Minute)
}

// Resolution says how a wall-clock time met the clock changes of its zone.
type Resolution uint8

// The ways in which a wall-clock time can meet a clock change.
const (
	Exact   Resolution = iota // it occurs once
	Skipped                   // it does not occur: the clocks jump over it
	Doubled                   // it occurs twice: the clocks go back over it
)

// reach is how far from a wall-clock time its zone's offset is looked up: more
// than a day, for zones that crossed the date line.
const reach = 36 * time.Hour

// Resolve gives the instant, in UTC, of the wall-clock time c on d in loc, and
// how it met the clock changes there. RFC 5545 §3.3.5 rules: a doubled time is
// the first of the two, a skipped one is read with the offset before the gap.
func Resolve(d Date, c Clock, loc *time.Location) (time.Time, Resolution) {
	naive := time.Date(d.Year, d.Month, d.Day, c.Hour, c.Minute, c.Second, 0, time.UTC)
	before, after := offsetAt(naive.Add(-reach), loc), offsetAt(naive.Add(reach), loc)
	early, late := naive.Add(-before), naive.Add(-after)
	earlyIs, lateIs := offsetAt(early, loc) == before, offsetAt(late, loc) == after
	switch {
	case before == after && earlyIs:
		return early, Exact
	case earlyIs && lateIs:
		return early, Doubled
	case earlyIs:
		return early, Exact
	case lateIs:
		return late, Exact
	case before == after:
		return resolveBetween(naive, loc)
	}
	return early, Skipped
}

// resolveBetween serves the rare zone that changes its clock twice within the
// reach: the offset that holds in between is tried too.
func resolveBetween(naive time.Time, loc *time.Location) (time.Time, Resolution) {
	between := offsetAt(naive.Add(-offsetAt(naive, loc)), loc)
	t := naive.Add(-between)
	if offsetAt(t, loc) == between {
		return t, Exact
	}
	return t, Skipped
}

// offsetAt gives how far loc is ahead of UTC at the instant t.
func offsetAt(t time.Time, loc *time.Location) time.Duration {
	_, seconds := t.In(loc).Zone()
	return time.Duration(seconds) * time.Second
}
