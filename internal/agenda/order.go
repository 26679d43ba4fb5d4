package agenda

import (
	"cmp"
	"slices"

	"attache/internal/civil"
	"attache/internal/when"
)

// Order is what entries are sorted by.
type Order string

// The orders. ByDay is that in which things come up. ByLatest is that in which they have
// to have come, for those who watch deadlines.
const (
	ByDay    Order = "day"
	ByLatest Order = "latest"
)

// Orders lists every order.
func Orders() []Order { return []Order{ByDay, ByLatest} }

// Sort puts entries in the order in which they come up, seen from today: by the first day
// on which each can still come, then by the last one, then the finer date before the
// coarser, so that a long window does not head every day; then by time of day, by falling
// priority of what was stated, and by id. What has passed stands before today, and what has
// no date last, by priority. What comes again stands at its next day. The order is total,
// and the same whatever the order was before.
func Sort(list []Entry, today civil.Date) { ByDay.Sort(list, today) }

// Sort puts entries in the order o, which is ByDay unless it is known.
func (o Order) Sort(list []Entry, today civil.Date) {
	standing := make(map[string]when.Window) // of what comes again, by id
	for _, e := range list {
		if e.Series != nil {
			standing[e.ID] = e.At(today.Start(e.Window.Location())).Window
		}
	}
	slices.SortFunc(list, func(a, b Entry) int {
		for _, e := range []*Entry{&a, &b} {
			if e.Series != nil {
				e.Window = standing[e.ID]
			}
		}
		return o.compare(&a, &b, today)
	})
}

// Compare compares two entries by which comes up first, seen from today, as Sort has it:
// below 0 where a does. What comes again has the window of the day that it stands at: see
// At.
func Compare(a, b *Entry, today civil.Date) int { return ByDay.compare(a, b, today) }

func (o Order) compare(a, b *Entry, today civil.Date) int {
	comes, last := a.Shows(today).Compare(b.Shows(today)), latestDay(a).Compare(latestDay(b))
	if o == ByLatest {
		comes, last = last, comes
	}
	if c := cmp.Or(cmp.Compare(undated(a), undated(b)), comes, last); c != 0 {
		return c
	}
	return cmp.Or( // what comes on the same days
		cmp.Compare(rank(a), rank(b)),
		a.Window.Earliest.At.Compare(b.Window.Earliest.At),
		cmp.Compare(priority(b), priority(a)),
		cmp.Compare(a.ID, b.ID),
	)
}

func undated(e *Entry) int {
	if e.Window.Precision == when.None {
		return 1
	}
	return 0
}

// Shows returns the day under which e is shown, seen from today: the first on which it can
// still come, or goes on, and the day on which it passed where it has.
func (e *Entry) Shows(today civil.Date) civil.Date {
	d := e.Window.Earliest.Day
	switch {
	case !last(e).Before(today) && d.Before(today):
		return today
	case d.IsZero():
		return last(e)
	}
	return d
}

func last(e *Entry) civil.Date { return orNever(e.Window.EndsLatest) }

func latestDay(e *Entry) civil.Date { return orNever(e.Window.Latest) }

func orNever(b when.Bound) civil.Date {
	if b.Known() {
		return b.Day
	}
	return civil.Date{Year: 9999, Month: 12, Day: 31}
}

// priority returns the highest priority of what was stated.
func priority(e *Entry) int {
	most := 0
	for i := range e.When {
		if p := e.When[i].Priority; i == 0 || p > most {
			most = p
		}
	}
	return most
}

func rank(e *Entry) int {
	return slices.Index([]when.Precision{when.Instant, when.OneDay, when.Span, when.SomeDay, when.None}, e.Window.Precision)
}
