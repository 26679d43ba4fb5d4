package agenda

import (
	"cmp"
	"slices"

	"attache/internal/when"
)

// Sort puts entries in the order in which they come up, seen from today: by the
// first day on which each can come, exact times before days, days before
// windows that contain the day, so that a long window does not head every day;
// then by how soon the latest day comes. What comes again stands at its next day. What
// has no date comes last. The order is total and stable.
func Sort(list []Entry, today when.Date) {
	standing := make(map[string]when.Window) // of what comes again, by id
	for _, e := range list {
		if e.Series != nil {
			standing[e.ID] = e.At(today.Start(e.Window.Location())).Window
		}
	}
	if len(standing) == 0 {
		slices.SortFunc(list, func(a, b Entry) int { return Compare(&a, &b, today) })
		return
	}
	slices.SortFunc(list, func(a, b Entry) int {
		for _, e := range []*Entry{&a, &b} {
			if e.Series != nil {
				e.Window = standing[e.ID]
			}
		}
		return Compare(&a, &b, today)
	})
}

// Compare says which of two entries comes up first, seen from today, as Sort has it:
// below 0 where a does. What comes again has the window of the day that it stands at: see
// At.
func Compare(a, b *Entry, today when.Date) int {
	if c := cmp.Or(cmp.Compare(undated(a), undated(b)), a.Shows(today).Compare(b.Shows(today))); c != 0 {
		return c
	}
	return cmp.Or(
		cmp.Compare(rank(a), rank(b)),
		a.Window.Earliest.At.Compare(b.Window.Earliest.At),
		last(a).Compare(last(b)),
		cmp.Compare(a.ID, b.ID),
	)
}

func undated(e *Entry) int {
	if e.Window.Precision == when.None {
		return 1
	}
	return 0
}

// Shows gives the day under which e is shown: an open window moves along with
// today, what is settled stays where it was.
func (e *Entry) Shows(today when.Date) when.Date {
	d := e.Window.Earliest.Day
	if !e.Window.Settled() && d.Before(today) && !last(e).Before(today) {
		return today
	}
	return d
}

func last(e *Entry) when.Date {
	if b := e.Window.EndsLatest; b.Known() {
		return b.Day
	}
	return when.Date{Year: 9999, Month: 12, Day: 31}
}

func rank(e *Entry) int {
	return slices.Index([]when.Precision{when.Instant, when.OneDay, when.Span, when.SomeDay, when.None}, e.Window.Precision)
}
