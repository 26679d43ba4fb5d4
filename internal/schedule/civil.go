package schedule

import "time"

// A wall-clock reading is written as a time.Time in UTC that shows the same
// digits. Readings can be compared and counted without any clock change.

// farthest is more than any zone is or was away from UTC.
const farthest = 36 * time.Hour

// offset returns how far the clock of the zone is ahead of UTC at t.
func offset(t time.Time, zone *time.Location) time.Duration {
	_, seconds := t.In(zone).Zone()
	return time.Duration(seconds) * time.Second
}

// wallClock returns what the clock of the zone shows at t.
func wallClock(t time.Time, zone *time.Location) time.Time {
	return t.UTC().Add(offset(t, zone))
}

// stretch returns bounds around t between which the offset of the zone does
// not change; zero where there is none. The offset may be the same beyond
// them: where a zone follows a rule for ever, Go ends a stretch with the year,
// and after 365 days even if the year has 366. Then t may lie past the end
// that Time.ZoneBounds names, and a walk from end to end would not move.
func stretch(t time.Time, zone *time.Location) (start, end time.Time) {
	start, end = t.In(zone).ZoneBounds()
	for !end.IsZero() && !end.After(t) {
		end = end.Add(24 * time.Hour)
	}
	return start, end
}

// resolve returns the instant, in UTC, at which the clock of the zone shows
// the reading for the first time. If it never does because the clock was put
// forward over it, that is the instant of the change. ok is false if the
// whole civil day of the reading was left out.
//
// time.Date would not do: within a gap and for a repeated reading it chooses
// differently in different zones.
func resolve(clock time.Time, zone *time.Location) (at time.Time, ok bool) {
	t := clock.Add(-farthest)
	before := offset(t, zone)
	for {
		start, end := stretch(t, zone)
		off := offset(t, zone)
		at = clock.Add(-off)
		if !start.IsZero() && at.Before(start) {
			return start.UTC(), !leftOut(clock, start.UTC().Add(before), start.UTC().Add(off))
		}
		if end.IsZero() || at.Before(end) {
			return at, true
		}
		t, before = end, off
	}
}

// leftOut reports whether the whole civil day of the reading lies in the gap,
// given as the readings at which it opens and closes.
func leftOut(clock, opens, closes time.Time) bool {
	midnight := clock.Truncate(24 * time.Hour)
	return !opens.After(midnight) && !closes.Before(midnight.Add(24*time.Hour))
}
