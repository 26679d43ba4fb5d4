package web

import (
	"fmt"
	"net/url"
	"strconv"

	"attache/internal/agenda"
	"attache/internal/when"
)

// pager leads through a list that is shown a page at a time.
type pager struct {
	Words      string // "41 to 80 of 312"; "" where all is on one page
	Prev, Next string // addresses, "" where there is none
}

// page gives the part of a list that is asked for, and the way to the others.
func (a asking) page(list []*agenda.Entry, more url.Values) ([]*agenda.Entry, pager) {
	if len(list) <= comingShown {
		return list, pager{}
	}
	pages := (len(list) + comingShown - 1) / comingShown
	n, err := strconv.Atoi(a.query.Get("page"))
	if err != nil {
		n = 1
	}
	n = min(max(n, 1), pages)
	from, to := (n-1)*comingShown, min(n*comingShown, len(list))
	p := pager{Words: fmt.Sprintf("%d to %d of %d", from+1, to, len(list))}
	at := func(n int) string { return a.link("/", a.choice.query, more, url.Values{"page": {strconv.Itoa(n)}}) }
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
func (a asking) jumps(coming []*agenda.Entry) []jump {
	if len(coming) <= comingShown {
		return nil
	}
	out := a.jumpsBy(coming, func(d when.Date) (string, when.Date, when.Date) {
		first := when.Date{Year: d.Year, Month: d.Month, Day: 1}
		return fmt.Sprintf("%s %d", d.Month, d.Year), first, first.AddMonths(1).AddDays(-1)
	})
	if len(out) <= mostJumps {
		return out
	}
	return a.jumpsBy(coming, func(d when.Date) (string, when.Date, when.Date) {
		return strconv.Itoa(d.Year), when.Date{Year: d.Year, Month: 1, Day: 1}, when.Date{Year: d.Year, Month: 12, Day: 31}
	})
}

func (a asking) jumpsBy(coming []*agenda.Entry, span func(when.Date) (name string, from, to when.Date)) []jump {
	var out []jump
	for _, e := range coming {
		d := e.Shows(a.today)
		if d.IsZero() {
			continue
		}
		name, from, to := span(d)
		if n := len(out); n > 0 && out[n-1].Name == name {
			out[n-1].N++
			continue
		}
		out = append(out, jump{name, a.link("/", a.choice.query, url.Values{"from": {from.String()}, "to": {to.String()}}), 1})
	}
	return out
}
