package web

import (
	"slices"

	"attache/internal/agenda"
	"attache/internal/civil"
	"attache/internal/when"
)

// period is a part of the agenda under a heading: a week, or a month of those
// further off.
type period struct {
	Name string
	Days []agendaDay
}

// agendaDay is what comes on one day, or has the same words for its date.
type agendaDay struct {
	Date  dateWords
	Items []item
}

// weeksAhead is how many weeks from this one on are told apart; what comes later is
// told by the month.
const weeksAhead = 6

// anyDay is the heading of what could happen on any day from today on, which is in no week.
const anyDay = "Any day until …"

// weeks groups what comes, which is in the order in which it comes up, by the week or
// month in which it can come first. What could happen on any day from today on stands by itself,
// behind what this week has for certain: else it would head every week anew.
func (req request) weeks(list []*agenda.Entry) []period {
	open := func(e *agenda.Entry) bool { return !e.Window.Settled() && !e.Shows(req.today).After(req.today) }
	place := func(e *agenda.Entry) int {
		switch {
		case open(e):
			return 1
		case e.Shows(req.today).After(req.weekOf(req.today).AddDays(6)):
			return 2
		}
		return 0
	}
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(x, y *agenda.Entry) int { return place(x) - place(y) })
	return req.periods(list, func(e *agenda.Entry) string {
		if open(e) {
			return anyDay
		}
		d := e.Shows(req.today)
		if d.Before(req.today) {
			d = req.today
		}
		return req.periodName(d)
	})
}

// months groups events, which are in any order, by the months in which they begin.
func (req request) months(list []*agenda.Entry) []period {
	return req.periods(list, func(e *agenda.Entry) string {
		if e.Window.Precision == when.None {
			return "Any day"
		}
		return monthName(firstDay(e))
	})
}

// periods groups neighbours of a list under the same name, and in it under the same date.
func (req request) periods(list []*agenda.Entry, called func(*agenda.Entry) string) []period {
	var out []period
	for _, e := range list {
		if name := called(e); len(out) == 0 || out[len(out)-1].Name != name {
			out = append(out, period{Name: name})
		}
		s, it := &out[len(out)-1], req.item(e)
		if n := len(s.Days); n > 0 && s.Days[n-1].Date == it.Date {
			s.Days[n-1].Items = append(s.Days[n-1].Items, it)
			continue
		}
		s.Days = append(s.Days, agendaDay{it.Date, []item{it}})
	}
	return out
}

// periodName names the week of a day, or its month.
func (req request) periodName(d civil.Date) string {
	this, first := req.weekOf(req.today), req.weekOf(d)
	switch weeks := first.Sub(this) / 7; {
	case weeks == 0:
		return "This week, " + weekName(first)
	case weeks == 1:
		return "Next week, " + weekName(first)
	case weeks < weeksAhead:
		return weekName(first)
	}
	return monthName(d)
}
