package civil

import (
	"fmt"
	"time"

	"attache/internal/syntax"
)

// Clock is a wall-clock time of day, in no zone.
type Clock struct {
	Hour, Minute, Second int
}

// DayEnd is how the end of a day is written: it is no time of the day, but where the next
// day begins.
const DayEnd = "24:00"

// ParseClock reads 09:00 or 09:00:30. It returns a *syntax.Error for anything else.
func ParseClock(s string) (Clock, error) {
	for _, layout := range []string{"15:04", "15:04:05"} {
		if len(s) != len(layout) {
			continue
		}
		if t, err := time.Parse(layout, s); err == nil {
			return Clock{t.Hour(), t.Minute(), t.Second()}, nil
		}
	}
	if s == DayEnd || s == DayEnd+":00" {
		return Clock{}, syntax.Errorf(0, "24:00 is where the next day begins: write 00:00 of that day")
	}
	if t, err := time.Parse("15:04", s); err == nil { // 9:30
		return Clock{}, syntax.Errorf(0, "%q is not a time of day: write it as %s", s, t.Format("15:04"))
	}
	return Clock{}, syntax.Errorf(0, "%q is not a time of day: write it as 09:00", s)
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

// Reach is how far from a wall-clock time its zone's offset is looked up: more
// than a day, for zones that crossed the date line.
const Reach = 36 * time.Hour

// Resolve returns the instant, in UTC, of the wall-clock time c on d in loc, and
// how it met the clock changes there. RFC 5545 §3.3.5 rules: a doubled time is
// the first of the two, a skipped one is read with the offset before the gap.
func Resolve(d Date, c Clock, loc *time.Location) (time.Time, Resolution) {
	t, _, how := ResolveGap(d, c, loc)
	return t, how
}

// ResolveGap is Resolve, and also returns the end of the gap, UTC, that holds a skipped
// time; the zero time for any other.
//
// It walks the stretches of time between the clock changes of loc. Read with
// the offset of a stretch, the wall-clock time falls into it, behind it or ahead
// of it; one that is behind a stretch and ahead of the next is skipped.
func ResolveGap(d Date, c Clock, loc *time.Location) (t, gap time.Time, how Resolution) {
	naive := time.Date(d.Year, d.Month, d.Day, c.Hour, c.Minute, c.Second, 0, time.UTC)
	var first, behind, skipped time.Time
	for at := naive.Add(-Reach); !at.After(naive.Add(Reach)); {
		start, end := Stretch(at, loc)
		t := naive.Add(-OffsetAt(at, loc))
		switch {
		case !end.IsZero() && !t.Before(end):
			behind = t
		case !start.IsZero() && t.Before(start):
			if skipped.IsZero() {
				skipped, gap = behind, start.UTC()
			}
		case first.IsZero() || t.Equal(first):
			first = t // twice the same: the library cuts a stretch at the end of a year
		default:
			return first, time.Time{}, Doubled
		}
		if end.IsZero() {
			break
		}
		at = end
	}
	if first.IsZero() {
		return skipped, gap, Skipped
	}
	return first, time.Time{}, Exact
}

// OffsetAt returns how far loc is ahead of UTC at the instant t.
func OffsetAt(t time.Time, loc *time.Location) time.Duration {
	_, seconds := t.In(loc).Zone()
	return time.Duration(seconds) * time.Second
}

// Before reports whether c is earlier in the day than o.
func (c Clock) Before(o Clock) bool { return c.seconds() < o.seconds() }

func (c Clock) seconds() int { return c.Hour*3600 + c.Minute*60 + c.Second }

// Naive returns a wall-clock time as if it were UTC.
func Naive(d Date, c Clock) time.Time {
	return time.Date(d.Year, d.Month, d.Day, c.Hour, c.Minute, c.Second, 0, time.UTC)
}

// Wall returns what the clocks in loc show at t, as if it were UTC.
func Wall(t time.Time, loc *time.Location) time.Time {
	t = t.In(loc)
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
}
