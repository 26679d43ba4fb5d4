package web

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"attache/internal/agenda"
	"attache/internal/civil"
	"attache/internal/when"
)

// orders keeps the orders in which events are shown, which hold for a day. To sort ten
// thousand events takes longer than all else that a page takes.
type orders struct {
	mu     sync.Mutex
	today  civil.Date
	coming []*agenda.Entry // as agenda.Sort has it
	passed []*agenda.Entry // the last to end first
}

// of returns the orders of list as they are on a day. list is always the same.
func (o *orders) of(list []*agenda.Entry, today civil.Date) (coming, passed []*agenda.Entry) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.coming == nil || o.today != today {
		o.today = today
		o.coming = sorted(list, func(e *agenda.Entry) int { return shownOn(e, today) },
			func(x, y *agenda.Entry) int { return agenda.Compare(x, y, today) })
		o.passed = sorted(list, func(e *agenda.Entry) int { return -lastDay(e).Number() },
			func(x, y *agenda.Entry) int { return strings.Compare(x.ID, y.ID) })
	}
	return o.coming, o.passed
}

// never comes after every day.
const never = 1 << 40

// shownOn returns the day under which e is shown as a number, for what has no date one
// after all others.
func shownOn(e *agenda.Entry, today civil.Date) int {
	if e.Window.Precision == when.None {
		return never
	}
	return e.Shows(today).Number()
}

// sorted returns list in the order of a number and, where that is the same, of compare.
// The number of each is worked out once.
func sorted(list []*agenda.Entry, number func(*agenda.Entry) int, compare func(x, y *agenda.Entry) int) []*agenda.Entry {
	type numbered struct {
		n int
		e *agenda.Entry
	}
	all := make([]numbered, len(list))
	for i, e := range list {
		all[i] = numbered{number(e), e}
	}
	slices.SortFunc(all, func(a, b numbered) int {
		if c := cmp.Compare(a.n, b.n); c != 0 {
			return c
		}
		return compare(a.e, b.e)
	})
	out := make([]*agenda.Entry, len(all))
	for i, x := range all {
		out[i] = x.e
	}
	return out
}
