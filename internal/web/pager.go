package web

import (
	"fmt"
	"net/url"
	"strconv"
	"time"

	"attache/internal/agenda"
	"attache/internal/civil"
)

// pager leads through a list that is shown a part at a time.
type pager struct {
	Words      string // "41 to 80 of 312"; "" where all is shown
	Prev, Next string // addresses, "" where there is none
}

// paged returns the part of a list that begins at one of its events, and the way to the others.
func (req request) paged(list []*agenda.Entry, from int) ([]*agenda.Entry, pager) {
	from, to, p := req.part(len(list), from, nil)
	return list[from:to], p
}

// part returns which part of a list of n is shown, that begins at or near one of it, and the
// way to the others, whose addresses have more in them.
func (req request) part(n, at int, more url.Values) (from, to int, p pager) {
	from = max(min(at, n-1), 0)
	to = min(from+comingShown, n)
	if from == 0 && to == n {
		return from, to, p
	}
	p.Words = fmt.Sprintf("%d to %d of %d", from+1, to, n)
	link := func(n int) string {
		q := url.Values{"offset": {strconv.Itoa(n)}}
		if req.list != "" {
			q.Set("list", req.list)
		}
		return req.here(more, q)
	}
	if from > 0 {
		p.Prev = link(max(from-comingShown, 0))
	}
	if to < n {
		p.Next = link(to)
	}
	return from, to, p
}

// jump leads to a month, or to a year where there are many.
type jump struct {
	Name, Href string
	N          int // how many events begin in it
}

// mostJumps is how many months are offered before years are.
const mostJumps = 36

// jumps leads to the months in which something begins.
func (req request) jumps(inOrder []*agenda.Entry) []jump {
	out := req.jumpsBy(inOrder, func(d civil.Date) civil.Date { return civil.Date{Year: d.Year, Month: d.Month, Day: 1} }, monthName)
	if len(out) <= mostJumps {
		return out
	}
	return req.jumpsBy(inOrder, func(d civil.Date) civil.Date { return civil.Date{Year: d.Year, Month: time.January, Day: 1} },
		func(d civil.Date) string { return strconv.Itoa(d.Year) })
}

func monthName(d civil.Date) string { return fmt.Sprintf("%s %d", d.Month, d.Year) }

// jumpsBy counts what begins in each month or year, named by its first day.
func (req request) jumpsBy(inOrder []*agenda.Entry, begin func(civil.Date) civil.Date, name func(civil.Date) string) []jump {
	var out []jump
	var at civil.Date
	for _, e := range inOrder {
		if first := begin(firstDay(e)); first != at {
			at = first
			out = append(out, jump{name(at), req.here(onDay(at)), 0})
		}
		out[len(out)-1].N++
	}
	return out
}
