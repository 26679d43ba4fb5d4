package web

import (
	"fmt"
	"net/url"
	"strconv"
	"time"

	"attache/internal/agenda"
	"attache/internal/civil"
)

// pager leads through a list that is shown a page at a time.
type pager struct {
	Words      string // "41 to 80 of 312"; "" where all is on one page
	Prev, Next string // addresses, "" where there is none
}

// paged returns the part of a list that is asked for, and the way to the others.
func (req request) paged(list []*agenda.Entry, more url.Values) ([]*agenda.Entry, pager) {
	if len(list) <= comingShown {
		return list, pager{}
	}
	pages := (len(list) + comingShown - 1) / comingShown
	n := min(req.page, pages)
	from, to := (n-1)*comingShown, min(n*comingShown, len(list))
	p := pager{Words: fmt.Sprintf("%d to %d of %d", from+1, to, len(list))}
	at := func(n int) string {
		return req.link("/", req.filter.query, more, url.Values{"page": {strconv.Itoa(n)}})
	}
	if n > 1 {
		p.Prev = at(n - 1)
	}
	if n < pages {
		p.Next = at(n + 1)
	}
	return list[from:to], p
}

// jump leads to what begins in a month, or in a year where there are many.
type jump struct {
	Name, Href string
	N          int
}

// mostJumps is how many months are offered before years are.
const mostJumps = 36

// jumps leads to the months of what comes, where it is too much for one page.
func (req request) jumps(coming []*agenda.Entry) []jump {
	if len(coming) <= comingShown {
		return nil
	}
	out := req.jumpsBy(coming, func(d civil.Date) civil.Date { return civil.Date{Year: d.Year, Month: d.Month, Day: 1} }, month)
	if len(out) <= mostJumps {
		return out
	}
	return req.jumpsBy(coming, func(d civil.Date) civil.Date { return civil.Date{Year: d.Year, Month: time.January, Day: 1} }, year)
}

// month names the month that begins on a day, and returns its last.
func month(first civil.Date) (name string, last civil.Date) {
	return fmt.Sprintf("%s %d", first.Month, first.Year), first.AddMonths(1).AddDays(-1)
}

// year names the year that begins on a day, and returns its last.
func year(first civil.Date) (name string, last civil.Date) {
	return strconv.Itoa(first.Year), first.AddMonths(12).AddDays(-1)
}

// jumpsBy groups what comes by the first day of its month or year.
func (req request) jumpsBy(coming []*agenda.Entry, begin func(civil.Date) civil.Date, about func(civil.Date) (string, civil.Date)) []jump {
	var out []jump
	var at civil.Date
	for _, e := range coming {
		d := e.Shows(req.today)
		if d.IsZero() {
			continue
		}
		if first := begin(d); first != at || len(out) == 0 {
			at = first
			name, last := about(first)
			out = append(out, jump{name, req.link("/", req.filter.query, url.Values{"from": {first.String()}, "to": {last.String()}}), 0})
		}
		out[len(out)-1].N++
	}
	return out
}
