package web

import (
	"cmp"
	"net/url"
	"slices"
	"time"

	"attache/internal/agenda"
	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/prose"
	"attache/internal/story"
	"attache/internal/when"
)

// grid is a month or a week as a calendar on a wall has it: days with what is on them, and
// bars across the days on which something lasts or can come.
type grid struct {
	Name     string
	Weekdays []string
	Weeks    []gridWeek
	Ways     []way
	Empty    bool  // whether nothing is here
	Nearest  []way // then, to what is before and after
}

// gridWeek is a row of the grid.
type gridWeek struct {
	Number     int    // as ISO 8601 counts
	Name, Href string // its days, and its page
	Bars       []gridBar
	Days       []gridDay
	More       more // bars for which there is no room
}

// gridDay is a day with what is on it alone.
type gridDay struct {
	N               int
	Name, ISO, Href string // Href, of the list of the day, is "" where no address can name it
	Today, Out, Off bool   // Out is of another month, Off a Saturday or Sunday
	Marks           []gridMark
	More            more
}

// gridMark is an event in the grid.
type gridMark struct {
	Title, Href, Family, Shape string
	Past                       bool
	Lead                       string // the hour, or which bound it is, where there is only one
	Said                       string // what became of it, or New or Moved; "" is nothing
	Words                      string // its date in one phrase
}

// gridBar is an event across days of a week.
type gridBar struct {
	gridMark
	Col, Span, Row      int  // from 1
	OpenLeft, OpenRight bool // whether it goes on beyond the week
}

// room is how many bars a week and how many marks a day have room for.
type room struct{ bars, marks int }

// grid draws the month or the week of the day that is looked at.
func (req request) grid(chosen, inOrder []*agenda.Entry) *grid {
	begin, months, days, name, fits := req.weekOf(req.day()), 0, 7, weekName, room{8, 15}
	if req.view == "month" {
		begin, months, days, name, fits = monthOf(req.day()), 1, 0, monthName, room{3, 3}
	}
	end := begin.AddMonths(months).AddDays(days)
	g := &grid{Name: name(begin), Ways: req.ways(begin.AddMonths(-months).AddDays(-days), end, name)}
	first := req.weekOf(begin)
	for i := range 7 {
		g.Weekdays = append(g.Weekdays, civil.Weekday(first.AddDays(i)))
	}
	within := req.within(chosen, first, req.weekOf(end.AddDays(-1)).AddDays(6))
	if g.Empty = len(within) == 0; g.Empty {
		g.Nearest = req.nearestTo(inOrder, begin)
	}
	for ; first.Before(end); first = first.AddDays(7) {
		w := req.gridWeek(within, first, fits)
		for i := range w.Days {
			d := first.AddDays(i)
			w.Days[i].Out = d.Before(begin) || !d.Before(end)
		}
		g.Weeks = append(g.Weeks, w)
	}
	return g
}

// mostTimes is how many times of what comes again are drawn.
const mostTimes = 400

// within returns the events of list that are drawn on some day from first to last; of what
// comes again each time.
func (req request) within(list []*agenda.Entry, first, last civil.Date) []*agenda.Entry {
	var out []*agenda.Entry
	for _, e := range list {
		if e.Series == nil {
			if from, to, ok := req.stretch(e); ok && !to.Before(first) && !from.After(last) {
				out = append(out, e)
			}
			continue
		}
		n := 0
		for o := range e.Series.From(first.Start(e.Series.Location())) {
			x := e.Occurring(o)
			if from, _, ok := req.stretch(&x); !ok || from.After(last) || n == mostTimes {
				break
			}
			out = append(out, &x)
			n++
		}
	}
	return out
}

// gridWeek draws the week from a day on.
func (req request) gridWeek(list []*agenda.Entry, first civil.Date, fits room) gridWeek {
	last := first.AddDays(6)
	_, number := first.AddDays((int(time.Thursday-first.Weekday()) + 7) % 7).Start(time.UTC).ISOWeek()
	week := req
	week.look.view = "week"
	w := gridWeek{Number: number, Name: weekName(first), Href: week.here(onDay(civil.Within(first)))}
	var bars []*agenda.Entry
	marks := make([][]*agenda.Entry, 7)
	for _, e := range list {
		from, to, ok := req.stretch(e)
		either := options(e)
		for _, d := range either {
			if !d.Before(first) && !d.After(last) {
				marks[d.Sub(first)] = append(marks[d.Sub(first)], e)
			}
		}
		switch {
		case len(either) > 0: // on the days between it cannot be
		case !ok || to.Before(first) || from.After(last):
		case from == to:
			i := from.Sub(first)
			marks[i] = append(marks[i], e)
		default:
			bars = append(bars, e)
		}
	}
	for i, on := range marks {
		w.Days = append(w.Days, req.gridDay(first.AddDays(i), on, fits.marks))
	}
	w.lay(req, bars, first, fits.bars)
	if w.More.N > 0 {
		w.More.Href = req.listOf(first, last)
	}
	return w
}

// stretch returns the first and the last day of e as it is drawn: of what has one bound
// that day alone. It is false for what has no date.
func (req request) stretch(e *agenda.Entry) (from, to civil.Date, ok bool) {
	w := req.reader().Window(e.Window)
	from, to = w.Earliest.Day, w.EndsLatest.Day
	if from.IsZero() {
		from = to
	} else if to.IsZero() {
		to = from
	}
	return from, to, w.Precision != when.None
}

// lay gives bars their rows: those that begin or end in the week come before those that only
// pass through it, of which nothing new is to be seen.
func (w *gridWeek) lay(req request, bars []*agenda.Entry, first civil.Date, rows int) {
	last := first.AddDays(6)
	passing := func(e *agenda.Entry) int {
		if from, to, _ := req.stretch(e); from.Before(first) && to.After(last) {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(bars, func(x, y *agenda.Entry) int {
		a, _, _ := req.stretch(x)
		b, _, _ := req.stretch(y)
		return cmp.Or(passing(x)-passing(y), a.Compare(b))
	})
	free := make([]civil.Date, rows) // the last day that is taken of each row
	for _, e := range bars {
		from, to, _ := req.stretch(e)
		b := gridBar{gridMark: req.gridMark(e), OpenLeft: from.Before(first), OpenRight: to.After(last)}
		if b.OpenLeft {
			from = first
		}
		if b.OpenRight {
			to = last
		}
		row := slices.IndexFunc(free, func(d civil.Date) bool { return d.Before(from) })
		if row < 0 {
			w.More.N++
			continue
		}
		free[row] = to
		b.Col, b.Span, b.Row = from.Sub(first)+1, to.Sub(from)+1, row+1
		w.Bars = append(w.Bars, b)
	}
}

// gridDay draws a day with at most n of what is on it.
func (req request) gridDay(d civil.Date, list []*agenda.Entry, n int) gridDay {
	g := gridDay{N: d.Day, Name: civil.Long(d), ISO: d.String(), Today: d == req.today, Off: d.Weekday() == time.Saturday || d.Weekday() == time.Sunday}
	g.Href = req.listOf(d, d)
	slices.SortStableFunc(list, func(x, y *agenda.Entry) int { return x.Window.Earliest.At.Compare(y.Window.Earliest.At) })
	if len(list) > n {
		g.More, list = more{len(list) - n, g.Href}, list[:n]
	}
	for _, e := range list {
		g.Marks = append(g.Marks, req.gridMark(e))
	}
	return g
}

// listOf returns the address of the list of what is on some days, "" where no address can
// name them.
func (req request) listOf(from, to civil.Date) string {
	if civil.Within(from) != from || civil.Within(to) != to {
		return ""
	}
	return req.link("/", req.filter.query, url.Values{"from": {from.String()}, "to": {to.String()}})
}

func (req request) gridMark(e *agenda.Entry) gridMark {
	w, phase := req.reader().Window(e.Window), req.phase(e)
	m := gridMark{
		Title: prose.Measure(prose.Runes).Cut(e.Title, mostTitle), Href: req.event(e.ID), Family: family(e.Kind), Shape: mark(e),
		Past: phase == agenda.Over || phase == agenda.AwaitingOutcome, Words: req.date(e), Said: req.news.marked[e.ID],
	}
	switch {
	case !w.Earliest.Known():
		m.Lead, m.Shape = "by", "edge"
	case !w.EndsLatest.Known():
		m.Lead, m.Shape = "from", "edge"
	case len(options(e)) > 0:
		m.Lead, m.Shape = "maybe", "edge"
	case w.Precision == when.Instant:
		m.Lead = story.Hours(w)
	case !w.Settled():
		m.Shape = "window"
	case w.EndsLatest.Day != w.Earliest.Day:
		m.Shape = "bar"
	}
	if e.Status != event.Open {
		m.Said = prose.Capital(string(e.Status))
	}
	return m
}
