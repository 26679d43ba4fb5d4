package agenda

import (
	"slices"
	"time"

	"attache/internal/when"
)

// What comes again stands at one of its days at a time. Entry.Window is that of the
// first, whenever it is looked at, so that no date moves because time passes; At returns
// the entry as it stands at an instant, and whoever shows something, or sorts it, does
// so. Its phase is that of the coming day: a series is over, and asks what became of it,
// once its last day is, and never where it has no end. What became of a single day is
// nobody's question; one that does not take place is excepted.
//
// Package feed finds in Entry.Series what RFC 5545 asks for: Rule is RRULE, First with
// its zone DTSTART, Excepted EXDATE and Added RDATE, all on the wall clock of Zone; and
// in the occurrences the single instances, each with a Name that stays its own.

// Occurring returns e as the occurrence o of it: its window is settled, and it comes once.
func (e Entry) Occurring(o when.Occurrence) Entry {
	e.Window, e.Series = o.Window, nil
	return e
}

// At returns e as it stands at now: what comes again has the window of the occurrence that
// is not over, and of its last one where all are.
func (e Entry) At(now time.Time) Entry {
	if o, ok := e.current(now); ok {
		e.Window = o.Window
	}
	return e
}

// current returns the occurrence of e that At shows, false where it comes once.
func (e Entry) current(now time.Time) (when.Occurrence, bool) {
	if e.Series == nil {
		return when.Occurrence{}, false
	}
	for o := range e.Series.From(now) {
		return o, true
	}
	return e.Series.End()
}

// At returns entries as they stand at now.
func At(list []*Entry, now time.Time) []*Entry {
	out := slices.Clone(list)
	for i, e := range list {
		if e.Series != nil {
			at := e.At(now)
			out[i] = &at
		}
	}
	return out
}

// mostShown is how many coming occurrences are shown.
const mostShown = 12

// coming returns the next occurrences of e as programs read them, nil where it comes once.
func (e Entry) coming(now time.Time) []string {
	if e.Series == nil {
		return nil
	}
	out := []string{}
	for _, o := range e.Series.Next(now, mostShown) {
		out = append(out, *boundText(o.Window, o.Window.Earliest))
	}
	return out
}

// anyOf reports whether f.From and f.To leave a day of the series s.
func (f Filter) anyOf(s *when.Series) bool {
	from := s.First.Add(-48 * time.Hour)
	if !f.From.IsZero() {
		from = f.From.Start(s.Location())
	}
	for o := range s.From(from) {
		return f.To.IsZero() || !o.Window.Earliest.Day.After(f.To)
	}
	return false
}
