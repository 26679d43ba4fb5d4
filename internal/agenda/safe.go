package agenda

import (
	"time"

	"attache/internal/civil"
	"attache/internal/event"
)

// early is until when in the day a deadline is one of the day before to whoever has to
// meet it: nobody works between midnight and 12:01 a.m.
const early = time.Hour

// LastSafeDay returns the last day on the whole of which a deadline can still be met, where
// that is not the day of its date: a deadline at 12:01 a.m. on the 10th leaves the 9th. It
// is false for all others, and where no latest instant is known.
func (e Entry) LastSafeDay() (civil.Date, bool) {
	b := e.Window.Latest
	if e.Kind != event.Deadline || !b.Timed {
		return civil.Date{}, false
	}
	if b.At.Sub(b.Day.Start(e.Window.Location())) >= early {
		return civil.Date{}, false
	}
	return b.Day.AddDays(-1), true
}
