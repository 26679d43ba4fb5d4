package web

import (
	"fmt"
	"slices"
	"time"

	"attache/internal/agenda"
	"attache/internal/event"
	"attache/internal/when"
)

// timeline is the drawing of the events that have a date. It only repeats what
// its list says in words.
type timeline struct {
	From, To string // its first and last day, in words
	Ticks    []tick
	Today    place
	TodayEnd bool   // whether the word for today stands before its line
	Now      string // today, in words
	Lanes    []lane
	More     int // events that are left out
}

// Fades names the ways in which the ends of a window can fade.
func (timeline) Fades() []string { return []string{"left", "right", "both"} }

// place is a position along the timeline as SVG has it, "12.50%".
type place string

func percent(v float64) place { return place(fmt.Sprintf("%.2f%%", v)) }

// tick is a line of the axis.
type tick struct {
	At    place
	Text  string // "" where only the line is drawn
	Minor bool   // whether the text needs a wide screen
}

// lane is the line of one event.
type lane struct {
	ID, Title, Href, Family string
	Words, Away             string
	Past                    bool
	Shape                   string // point, ring, diamond, hollow, bar or window
	At                      place  // of a point
	From, Wide, To          place  // of a bar or window
	Fade                    string // which ends of a window fade: left, right, both; "" none
	HardLeft, HardRight     bool   // which ends are limits that somebody stated
}

// dayNumber counts days; only differences matter.
func dayNumber(d when.Date) float64 { return float64(d.Sub(when.Date{Year: 2000, Month: 1, Day: 1})) }

// dayOf is the inverse of dayNumber.
func dayOf(n float64) when.Date { return when.Date{Year: 2000, Month: 1, Day: 1}.AddDays(int(n)) }

// drawTimeline draws those of list that have a date, in the order of their first
// days. part says how much of today has passed, from 0 to 1.
func drawTimeline(v view, list []agenda.Entry, today when.Date, part float64) timeline {
	list = slices.DeleteFunc(slices.Clone(list), func(e agenda.Entry) bool { return e.Window.Precision == when.None })
	t := timeline{Now: dayMonth(today)}
	list, t.More = nearest(list, today)
	if len(list) == 0 {
		return timeline{}
	}
	slices.SortStableFunc(list, func(a, b agenda.Entry) int { return firstDay(a).Compare(firstDay(b)) })
	days := []float64{dayNumber(today), dayNumber(today) + 1}
	for _, e := range list {
		days = append(days, ends(e.Window)...)
	}
	s := newScale(days)
	now := s.place(dayNumber(today) + part)
	t.Today, t.TodayEnd = percent(now), now > 80
	t.From, t.To = when.Short(dayOf(s.days[0])), when.Short(dayOf(s.days[len(s.days)-1]-1))
	t.Ticks = ticks(s, list)
	for _, e := range list {
		t.Lanes = append(t.Lanes, v.lane(e, s))
	}
	return t
}

// nearest gives the events that lie nearest to today, as many as are drawn, and
// how many that leaves out.
func nearest(list []agenda.Entry, today when.Date) ([]agenda.Entry, int) {
	if len(list) <= lanesShown {
		return list, 0
	}
	far := func(e agenda.Entry) int { return max(firstDay(e).Sub(today), today.Sub(firstDay(e))) }
	slices.SortStableFunc(list, func(a, b agenda.Entry) int { return far(a) - far(b) })
	return list[:lanesShown], len(list) - lanesShown
}

// firstDay gives the first day of e, or the last where the first is open.
func firstDay(e agenda.Entry) when.Date {
	if e.Window.Earliest.Known() {
		return e.Window.Earliest.Day
	}
	return e.Window.Latest.Day
}

// ends gives the days at which w begins and ends, the end being that of its day.
func ends(w when.Window) []float64 {
	var out []float64
	for _, b := range []when.Bound{w.Earliest, w.Latest, w.EndsLatest} {
		if b.Known() {
			out = append(out, dayNumber(b.Day), dayNumber(b.Day)+1)
		}
	}
	return out
}

// lane draws e.
func (v view) lane(e agenda.Entry, s scale) lane {
	w := e.Window
	phase := e.Phase(v.now)
	l := lane{
		ID: e.ID, Title: e.Title, Href: v.href(e.ID), Family: family(e.Kind),
		Words: sentence(w.Words()), Away: relative(e, v.now),
		Past: phase == agenda.Over || phase == agenda.AwaitingOutcome,
	}
	if w.Settled() && w.EndsLatest.Day == w.Earliest.Day {
		l.Shape = mark(e)
		l.At = percent(s.place(dayNumber(w.Earliest.Day) + fraction(w)))
		return l
	}
	from, to := 0.0, 100.0
	if w.Earliest.Known() {
		from = s.place(dayNumber(w.Earliest.Day))
	}
	if b := w.EndsLatest; b.Known() {
		to = s.place(dayNumber(b.Day) + 1)
	}
	l.Shape, l.From, l.To, l.Wide = "bar", percent(from), percent(to), percent(to-from)
	if !w.Settled() {
		l.Shape = "window"
		l.HardLeft = w.Earliest.Known() && !w.Earliest.Soft
		l.HardRight = w.Latest.Known() && !w.Latest.Soft
		l.Fade = fade(l.HardLeft, l.HardRight)
	}
	return l
}

func fade(hardLeft, hardRight bool) string {
	switch {
	case !hardLeft && !hardRight:
		return "both"
	case !hardLeft:
		return "left"
	case !hardRight:
		return "right"
	}
	return ""
}

// mark gives the shape of what takes place on a known day: filled where that is
// certain.
func mark(e agenda.Entry) string {
	sure := e.Certainty.AtLeast(event.Confirmed)
	switch {
	case e.Kind == event.Deadline && sure:
		return "diamond"
	case e.Kind == event.Deadline:
		return "hollow"
	case sure:
		return "point"
	}
	return "ring"
}

// fraction gives where in its day w begins: the middle where no hour is known.
func fraction(w when.Window) float64 {
	if !w.Earliest.Timed {
		return 0.5
	}
	return partOfDay(w.Earliest.At, w.Location())
}

// Room that an axis label takes, in percent of the width: on a wide screen for
// each character, and on a narrow one as many times as much.
const (
	charRoom   = 0.8
	narrowness = 2.6
	maxMonths  = 240 // months that are drawn at most; of longer times the years are
)

// ticks gives the axis: a line for each month, and words where there is room,
// for the turns of years first, then for the days of events, then for months.
func ticks(s scale, list []agenda.Entry) []tick {
	var out []tick
	months := monthsBetween(dayOf(s.days[0]), dayOf(s.days[len(s.days)-1]))
	var wide, narrow []float64 // pairs of where labels begin and end
	label := func(d when.Date, text string) {
		at := s.place(dayNumber(d))
		room := float64(len(text)+2) * charRoom
		if !free(&wide, at, room) {
			return
		}
		out = append(out, tick{percent(at), text, !free(&narrow, at, room*narrowness)})
	}
	for _, d := range months {
		if d.Month == time.January {
			label(d, fmt.Sprintf("Jan %d", d.Year))
		}
	}
	label(dayOf(s.days[0]), dayMonth(dayOf(s.days[0])))
	for _, e := range list {
		if e.Window.Settled() {
			label(e.Window.Earliest.Day, dayMonth(e.Window.Earliest.Day))
		}
	}
	for _, d := range months {
		label(d, d.Month.String()[:3])
		out = append(out, tick{At: percent(s.place(dayNumber(d)))})
	}
	return out
}

// free takes the room from at on if nothing else has it. taken holds pairs.
func free(taken *[]float64, at, room float64) bool {
	if at+room > 100+margin {
		return false
	}
	for i := 0; i < len(*taken); i += 2 {
		if at < (*taken)[i+1] && (*taken)[i] < at+room {
			return false
		}
	}
	*taken = append(*taken, at, at+room)
	return true
}

// monthsBetween gives the first days of the months from a to b; only of every
// so many years where there are too many.
func monthsBetween(a, b when.Date) []when.Date {
	n := (b.Year-a.Year)*12 + int(b.Month-a.Month)
	d, step := when.Date{Year: a.Year, Month: a.Month, Day: 1}, 1
	if n > maxMonths {
		d.Month, step = time.January, 12*(1+n/12/maxMonths)
	}
	var out []when.Date
	for ; !d.After(b); d = d.AddMonths(step) {
		if !d.Before(a) {
			out = append(out, d)
		}
	}
	return out
}
