package agenda

import (
	"time"

	"attache/internal/civil"
	"attache/internal/when"
)

// Phase is where an event stands at some instant. It is computed, never kept.
type Phase string

// The phases of an event.
const (
	Ahead           Phase = "ahead"
	WindowOpen      Phase = "window open"      // it can come any day, and the day is not known
	Closing         Phase = "closing"          // the same, in the last third or the last seven days
	UnderWay        Phase = "under way"        // it has begun
	AwaitingOutcome Phase = "awaiting outcome" // it has passed and nobody said what became of it
	Over            Phase = "over"
)

// closingDays is how long before its end at most a window counts as closing.
const closingDays = 7

// Phase returns where e stands at now.
func (e *Entry) Phase(now time.Time) Phase {
	if e.Status.Over() {
		return Over
	}
	if e.Series != nil {
		at := e.At(now)
		e = &at
	}
	if p, ok := e.phaseOfDays(civil.DateOf(now, time.UTC)); ok {
		return p
	}
	return e.phaseOfInstants(now)
}

// certainDays is how many days around now the zones and hours of the earth cannot
// bridge.
const certainDays = 2

// phaseOfDays returns the phase of an event that is so far from now that its days alone
// decide, which most are. To find the instants at which days begin in their zones takes
// far longer.
func (e *Entry) phaseOfDays(today civil.Date) (p Phase, ok bool) {
	first, last := e.Window.Earliest, e.Window.EndsLatest
	switch {
	case e.Window.Precision == when.None:
		return Ahead, true
	case first.Known() && first.Day.After(today.AddDays(certainDays)):
		return Ahead, true
	case last.Known() && last.Day.Before(today.AddDays(-certainDays)) && (!first.Known() || !first.Day.After(last.Day)):
		return e.passed(), true
	}
	return "", false
}

// passed returns the phase of an event that has passed and has no outcome.
func (e *Entry) passed() Phase {
	if e.AwaitsOutcome() {
		return AwaitingOutcome
	}
	return Over
}

// phaseOfInstants returns the phase by the instants at which the window begins and ends.
func (e *Entry) phaseOfInstants(now time.Time) Phase {
	start, begins := e.Window.Start()
	end, ends := e.Window.End()
	switch {
	case ends && !now.Before(end):
		return e.passed()
	case begins && now.Before(start), !begins && !ends:
		return Ahead
	case e.Window.Settled():
		return UnderWay
	case ends && !now.Before(closes(start, end, begins)):
		return Closing
	}
	return WindowOpen
}

// closes returns the instant from which the window from start to end is closing.
func closes(start, end time.Time, begins bool) time.Time {
	last := end.Add(-closingDays * 24 * time.Hour)
	if third := end.Add(-end.Sub(start) / 3); begins && third.After(last) {
		return third
	}
	return last
}

// Today returns the civil date of now in the zone of the event.
func (e Entry) Today(now time.Time) civil.Date {
	return civil.DateOf(now, e.Window.Location())
}
