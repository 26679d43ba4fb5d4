package schedule

import (
	"fmt"
	"time"

	"github.com/robfig/cron/v3"

	"attache/internal/civil"
	"attache/internal/prose"
)

// Spec is a recurring schedule in a zone. The zero Spec never fires. Specs are
// read by [Parse] and do not change; they are safe for concurrent use.
type Spec struct {
	text string
	zone *time.Location

	// every is the interval of "@every", and zero for all else.
	every time.Duration

	// fields are the five fields, to be asked about wall-clock readings that
	// are written as if they were UTC.
	fields *cron.SpecSchedule
}

// String returns the spec as it was written, with single spaces.
func (s Spec) String() string { return s.text }

// Location returns the zone whose wall clock the spec is about, UTC for the
// zero Spec.
func (s Spec) Location() *time.Location {
	if s.zone == nil {
		return time.UTC
	}
	return s.zone
}

// same reports whether both fire at the same instants because they were
// written alike for the same zone.
func (s Spec) same(o Spec) bool {
	return s.text == o.text && s.Location().String() == o.Location().String()
}

// Next returns the first instant strictly after the given one at which s
// fires, in UTC, or the zero time for the zero Spec. It depends on nothing
// but its argument: asked again from any instant before the answer, it returns
// the same answer. The package comment says what happens when clocks change.
func (s Spec) Next(after time.Time) time.Time {
	switch {
	case s.every > 0:
		return nextMultiple(after, s.every)
	case s.fields == nil:
		return time.Time{}
	case s.allHours():
		return s.nextShown(after)
	default:
		return s.nextNamed(after)
	}
}

// nextMultiple counts intervals from a fixed beginning, Monday 1 January of
// the year 1 at 00:00 UTC, rather than from when somebody happened to ask.
// Otherwise each restart would put off an "@every 720h" for another month.
func nextMultiple(after time.Time, every time.Duration) time.Time {
	return after.UTC().Truncate(every).Add(every)
}

// allHours reports whether the hour field leaves no hour out.
func (s Spec) allHours() bool {
	const day = 1<<24 - 1
	return s.fields.Hour&day == day
}

// nextNamed is Next for specs that name hours. Turning readings into instants
// keeps their order, so the first reading that lands after the given instant
// is the one. The ones passed over lie in a gap or in the second showing of a
// repeated hour.
func (s Spec) nextNamed(after time.Time) time.Time {
	clock := civil.Wall(after, s.zone)
	for {
		clock = s.nextReading(clock)
		if clock.IsZero() {
			return clock
		}
		if at, ok := instant(clock, s.zone); ok && at.After(after) {
			return at
		}
	}
}

// instant returns the instant, in UTC, at which the clock of the zone shows the reading for the
// first time. If it never does because the clock was put forward over it, that is the instant
// of the change. ok is false if the whole civil day of the reading was left out.
func instant(clock time.Time, zone *time.Location) (at time.Time, ok bool) {
	day := civil.DateOf(clock, time.UTC)
	at, gap, how := civil.ResolveGap(day, civil.Clock{Hour: clock.Hour(), Minute: clock.Minute(), Second: clock.Second()}, zone)
	if how != civil.Skipped {
		return at, true
	}
	opens, closes := gap.Add(civil.OffsetAt(gap.Add(-time.Second), zone)), gap.Add(civil.OffsetAt(gap, zone))
	midnight := civil.Naive(day, civil.Clock{})
	return gap, opens.After(midnight) || closes.Before(midnight.Add(24*time.Hour))
}

// nextShown is Next for specs that fire in every hour: the first instant at
// which the clock of the zone shows a matching reading. It looks through one
// stretch of constant offset after the other; a stretch begins with the change
// itself, so the search in it starts a second earlier on the new clock.
func (s Spec) nextShown(after time.Time) time.Time {
	within, from := after, after
	for {
		off := civil.OffsetAt(within, s.zone)
		clock := s.nextReading(from.UTC().Add(off))
		if clock.IsZero() {
			return clock
		}
		at := clock.Add(-off)
		_, end := civil.Stretch(within, s.zone)
		if end.IsZero() || at.Before(end) {
			return at
		}
		within, from = end, end.Add(-time.Second)
	}
}

// nextReading returns the next matching wall-clock reading. cron gives up
// after five years; from one 29 February to the next it can be eight, so it
// is asked again from where it stopped.
func (s Spec) nextReading(clock time.Time) time.Time {
	for range 3 {
		if next := s.fields.Next(clock); !next.IsZero() {
			return next
		}
		clock = time.Date(clock.Year()+5, time.December, 31, 23, 59, 59, 0, time.UTC)
	}
	return time.Time{}
}

// errorf names the spec in front of what is wrong with it.
func errorf(spec, format string, args ...any) error {
	return fmt.Errorf("schedule %q: %s", prose.Clip(spec, 63), fmt.Sprintf(format, args...))
}
