package feed

import (
	"fmt"
	"time"

	"attache/internal/civil"
	"attache/internal/when"
)

// interval is where an event stands in a calendar, its end excluded. The instants
// are UTC; those of an all-day interval are the midnights of its civil dates. An instant of
// which no end is known ends as it begins.
type interval struct {
	start, end time.Time
	allDay     bool
}

// intervalOf returns the place of w, and false where w has none.
func intervalOf(w when.Window) (interval, bool) {
	if w.Precision == when.Instant {
		return timed(w), true
	}
	if w.Precision == when.None || !w.Earliest.Known() || !w.Latest.Known() {
		return interval{}, false
	}
	last := w.Latest.Day
	if w.EndsLatest.Day.After(last) {
		last = w.EndsLatest.Day
	}
	return interval{start: midnight(w.Earliest.Day), end: midnight(last.AddDays(1)), allDay: true}, true
}

func timed(w when.Window) interval {
	s := interval{start: w.Earliest.At.UTC().Truncate(time.Second)}
	if w.EndsLatest.Timed || w.EndsLatest.Day.After(w.Earliest.Day) {
		end, _ := w.End()
		s.end = end.UTC().Truncate(time.Second)
	}
	if s.end.Before(s.start) {
		s.end = s.start
	}
	return s
}

// dayInterval returns the all-day interval of d.
func dayInterval(d civil.Date) interval {
	return interval{start: midnight(d), end: midnight(d.AddDays(1)), allDay: true}
}

func midnight(d civil.Date) time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// check reports why s cannot be written.
func (s interval) check() error {
	switch {
	case s.start.Year() < 1 || s.end.Year() > 9999:
		return fmt.Errorf("its date does not fit: iCalendar has the years 1 to 9999")
	case s.end.Before(s.start), s.allDay && !s.end.After(s.start):
		return fmt.Errorf("it ends %s, before it begins %s", stamp(s.end), stamp(s.start))
	}
	return nil
}

// stamp writes t as a DATE-TIME in UTC, RFC 5545 §3.3.5.
func stamp(t time.Time) string { return t.UTC().Format("20060102T150405Z") }

// date writes the civil date of t in UTC as a DATE, RFC 5545 §3.3.4.
func date(t time.Time) string { return t.Format("20060102") }
