package calendar

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"attache/internal/agenda"
	"attache/internal/store"
	"attache/internal/when"
)

// Handled is what somebody in a channel did with what the channel was told of an event.
type Handled = store.Handled

// ErrTooLate says that the last day on which something can be done has passed, so that nothing
// is put off.
var ErrTooLate = errors.New("the last safe day has passed")

// Handle records what somebody in a channel did with what it was told of an event: they have got
// it, or want to hear of it again at h.Until, which is never after the last safe day. press names
// the act as in Said; again reports that it had had its effect before. It is the channel's alone:
// there is no revision, and nobody else is told.
func (c *Calendar) Handle(h Handled, press string, now time.Time) (_ Handled, again bool, err error) {
	e, ok := find(c.view.entries, h.Event)
	if !ok {
		return h, false, fmt.Errorf("event %q: %w", h.Event, ErrNoEvent)
	}
	h.At, h.Revision, h.Window = now, e.Revision, e.Window
	if !h.Until.IsZero() {
		last, ahead := lastSafe(e, now)
		if ahead && h.Until.After(last) {
			h.Until = last
		}
		if !h.Until.After(now) {
			return h, false, fmt.Errorf("event %q: %w", h.Event, ErrTooLate)
		}
	}
	err = c.db.Update(func(tx *store.Tx) error {
		if _, again, err = tx.Press(press); err != nil || again {
			return err
		}
		if press != "" {
			if err := tx.PutPress(press, store.Press{At: now, Event: h.Event}); err != nil {
				return err
			}
		}
		return cmp.Or(tx.PutHandled(h), c.announce(tx, h, e, now))
	})
	if err != nil {
		return h, false, fmt.Errorf("record what %s did with event %q: %w", h.By, h.Event, err)
	}
	return h, again, nil
}

// lastSafe returns the beginning of the last day on which something can be done about e, and
// false where that is not known, or e has passed: what became of it can be asked at any time.
func lastSafe(e agenda.Entry, now time.Time) (time.Time, bool) {
	day, early := e.LastSafeDay()
	if !early {
		day = e.Window.Latest.Day
	}
	return day.Start(e.Window.Location()), e.Window.Latest.Known() && e.Phase(now) != agenda.AwaitingOutcome && !e.Status.Over()
}

// endHandled ends what channels did with what they were told of events that moved since.
func endHandled(tx *store.Tx, list []*agenda.Entry) error {
	all, err := tx.AllHandled()
	for _, h := range all {
		e, ok := find(list, h.Event)
		if err == nil && ok && !sameDates(e.Window, h.Window) {
			err = tx.DropHandled(h.Event, h.Channel)
		}
	}
	return err
}

// sameDates reports whether two windows begin and end at the same time, whatever bounds them.
func sameDates(a, b when.Window) bool {
	same := func(x, y when.Bound) bool { return x.Day == y.Day && x.At.Equal(y.At) }
	return same(a.Earliest, b.Earliest) && same(a.Latest, b.Latest) && same(a.EndsEarliest, b.EndsEarliest) && same(a.EndsLatest, b.EndsLatest)
}
