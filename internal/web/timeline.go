package web

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"attache/internal/agenda"
	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/prose"
	"attache/internal/when"
)

// timeline is the drawing of the events of some days, to scale. It only repeats what its list
// says in words.
type timeline struct {
	Name     string // its first and last day, in words
	Weekends []band
	Ticks    []tick
	Today    place  // "" where that is not among them
	TodayEnd bool   // whether the word for today stands before its line
	Now      string // today, in words
	Groups   []rowGroup
	Pager    pager
	Ways     []way     // to the days before and after
	Nearest  []way     // to what is before and after, where nothing is here
	Choices  []choices // of how it is drawn
	Beyond   string    // how many begin before and after, in words
	Hidden   string    // how many of these days are past or settled and not drawn, in words; "" is none
}

// choices are links of which one holds.
type choices struct {
	Label string
	Links []navLink
}

// rowGroup is the rows of a topic, a party or a kind; of all with no name.
type rowGroup struct {
	Name string
	Rows []row
}

// Fades names the ways in which the ends of a window can fade.
func (timeline) Fades() []string { return []string{"left", "right", "both"} }

// place is a position along the timeline as SVG has it, "12.50%".
type place string

func percent(v float64) place { return place(fmt.Sprintf("%.2f%%", v)) }

// band is a stretch of the axis.
type band struct{ At, Wide place }

// tick is a line of the axis.
type tick struct {
	At    place
	Text  string // "" where only the line is drawn
	Faint bool   // whether the line is one among others of its kind
	Minor bool   // whether the text needs a wide screen
}

// row is the line of one event.
type row struct {
	ID, Title, Href, Family string
	Day, Away, Leans        string
	Said                    string // New or Moved; "" is nothing
	Outcome                 string // what became of it, in words
	Past                    bool
	Shape                   string  // point, ring, diamond, hollow, bar, window or days
	Dots                    []place // of days
	At                      place   // of a point
	From, Wide, To          place   // of a bar or window
	Fade                    string  // which ends of a window fade: left, right, both; "" none
	HardLeft, HardRight     bool    // which ends are limits that somebody stated
	Label                   string  // beside the mark; "" where there is no room
	LabelAt                 place
	LabelEnd                bool // whether it stands before the mark
}

// How a timeline is drawn, as addresses name it: the days that it spans, and what its rows
// are grouped by. The first of the scales, and no group, need no name.
var (
	scales = []string{"quarter", "week", "month", "year"}
	groups = []string{"topic", "party", "kind"}
)

// span returns the first day of the scale that holds a day, and the one n scales later.
func (req request) span(d civil.Date, n int) civil.Date {
	switch req.scale {
	case "week":
		return req.weekOf(d).AddDays(7 * n)
	case "month":
		return monthOf(d).AddMonths(n)
	case "year":
		return monthOf(d).AddMonths(12 * n)
	}
	return monthOf(d).AddMonths(3 * n)
}

// drawTimeline draws what is chosen in the days that are looked at.
func (req request) drawTimeline(chosen, inOrder []*agenda.Entry) *timeline {
	begin, end := req.span(req.day(), 0), req.span(req.day(), 1)
	name := func(d civil.Date) string { return civil.Range(d, req.span(d, 1).AddDays(-1), "–") }
	t := &timeline{Name: name(begin), Ways: req.ways(req.span(req.day(), -1), end, name), Now: civil.DayMonth(req.today), Choices: req.choices()}
	s := scale{begin, end}
	if now := dayNumber(req.today) + partOfDay(req.now, req.loc); s.holds(now) {
		t.Today, t.TodayEnd = percent(s.place(now)), s.place(now) > 80
	}
	list := req.within(chosen, begin, end.AddDays(-1))
	if len(list) == 0 {
		t.Nearest = req.nearestTo(inOrder, begin)
	}
	all := len(list)
	if req.past == "" {
		list = slices.DeleteFunc(list, func(e *agenda.Entry) bool { p := req.phase(e); return p == agenda.Over || p == agenda.AwaitingOutcome })
	}
	if n := all - len(list); n > 0 {
		t.Hidden = "Not drawn: " + prose.Count(n, "event") + " of these days, past or settled."
	}
	before, _ := slices.BinarySearchFunc(inOrder, begin, compareFirst)
	after, _ := slices.BinarySearchFunc(inOrder, end, compareFirst)
	t.Beyond = fmt.Sprintf("%s begin before these days, and %d after them.", prose.Count(before, "event"), len(inOrder)-after)
	t.axis(req, s)
	t.rows(req, s, dated(list))
	return t
}

func compareFirst(e *agenda.Entry, d civil.Date) int { return firstDay(e).Compare(d) }

// choices leads to the same days drawn otherwise.
func (req request) choices() []choices {
	link := func(name string, here bool, with look) navLink {
		to := req
		to.look = with
		return navLink{name, to.here(onDay(req.on)), here}
	}
	scale, group, past := choices{Label: "Scale"}, choices{Label: "Grouped by"}, choices{Label: "Past or settled"}
	for _, s := range []string{"week", "month", "quarter", "year"} {
		l := req.look
		l.scale = s
		scale.Links = append(scale.Links, link(prose.Capital(s), s == req.scale, l))
	}
	for _, g := range append([]string{""}, groups...) {
		l := req.look
		l.group = g
		group.Links = append(group.Links, link(cmp.Or(prose.Capital(g), "Nothing"), g == req.group, l))
	}
	for _, p := range []string{"", "shown"} {
		l := req.look
		l.past = p
		past.Links = append(past.Links, link(cmp.Or(prose.Capital(p), "Hidden"), p == req.past, l))
	}
	return []choices{scale, group, past}
}

// grouped is an event in a group.
type grouped struct {
	group string
	e     *agenda.Entry
}

// rows draws a part of what is in the days, group by group. What belongs to several groups is
// in each of them.
func (t *timeline) rows(req request, s scale, list []*agenda.Entry) {
	var all []grouped
	for _, e := range list {
		for _, g := range req.groupsOf(e) {
			all = append(all, grouped{g, e})
		}
	}
	slices.SortStableFunc(all, func(a, b grouped) int { return strings.Compare(a.group, b.group) })
	from, to, p := req.part(len(all), req.offset, onDay(req.on))
	t.Pager = p
	for _, r := range all[from:to] {
		if n := len(t.Groups); n == 0 || t.Groups[n-1].Name != r.group {
			t.Groups = append(t.Groups, rowGroup{Name: r.group})
		}
		g := &t.Groups[len(t.Groups)-1]
		g.Rows = append(g.Rows, req.row(r.e, s))
	}
}

// groupsOf returns the groups of e.
func (req request) groupsOf(e *agenda.Entry) []string {
	list := []string{""}
	switch req.group {
	case "topic":
		list = slices.Clone(e.Topics)
	case "party":
		list = slices.Clone(e.Parties)
	case "kind":
		list = []string{string(e.Kind)}
	}
	if len(list) == 0 {
		list = []string{"no " + req.group}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// firstDay returns the first day of e, or the last where the first is open.
func firstDay(e *agenda.Entry) civil.Date {
	if e.Window.Earliest.Known() {
		return e.Window.Earliest.Day
	}
	return e.Window.Latest.Day
}

// lastDay returns the last day of e, or the first where the last is open.
func lastDay(e *agenda.Entry) civil.Date {
	if e.Window.EndsLatest.Known() {
		return e.Window.EndsLatest.Day
	}
	return e.Window.Earliest.Day
}

// row draws e.
func (req request) row(e *agenda.Entry, s scale) row {
	w := req.reader().Window(e.Window)
	phase := req.phase(e)
	l := row{
		ID: e.ID, Title: e.Title, Href: req.event(e.ID), Family: family(e.Kind),
		Day: req.date(e), Away: req.away(e), Leans: req.leans(e), Outcome: statusBadge(e, phase).Text, Said: req.news.marked[e.ID],
		Past: phase == agenda.Over || phase == agenda.AwaitingOutcome,
	}
	if w.Settled() && w.EndsLatest.Day == w.Earliest.Day {
		at := s.place(dayNumber(w.Earliest.Day) + fraction(w))
		l.Shape, l.At = mark(e), percent(at)
		l.label(at, at)
		return l
	}
	if l.Dots = dots(e, s); len(l.Dots) > 0 {
		l.Shape = "days"
	}
	from, to := 0.0, 100.0
	if w.Earliest.Known() {
		from = s.place(dayNumber(w.Earliest.Day))
	}
	if b := w.EndsLatest; b.Known() {
		to = s.place(dayNumber(b.Day) + 1)
	}
	to = max(to, from+0.4) // what lasts is to be seen
	l.From, l.To, l.Wide = percent(from), percent(to), percent(to-from)
	switch {
	case l.Shape != "":
	case w.Settled():
		l.Shape = "bar"
	default:
		l.Shape = "window"
		l.HardLeft = hard(w.Earliest) && s.holds(dayNumber(w.Earliest.Day))
		l.HardRight = hard(w.Latest) && s.holds(dayNumber(w.EndsLatest.Day)+1)
		l.Fade = fade(l.HardLeft, l.HardRight)
	}
	l.label(from, to)
	return l
}

// options returns the days of which e is on one; nil where it is not said so.
func options(e *agenda.Entry) (out []civil.Date) {
	for _, o := range e.Options() {
		d, err := civil.ParseDate(o)
		if err != nil {
			return nil // a period: its window says all
		}
		out = append(out, d)
	}
	return out
}

// dots returns where the days stand of which e is on one.
func dots(e *agenda.Entry, s scale) (out []place) {
	for _, d := range options(e) {
		if s.holds(dayNumber(d)) {
			out = append(out, percent(s.place(dayNumber(d)+0.5)))
		}
	}
	return out
}

func hard(b when.Bound) bool { return b.Known() && !b.Soft }

// label puts words beside a mark that reaches from one place to another, on the side
// that has room.
func (l *row) label(from, to float64) {
	text := l.Away
	if l.Past && l.Outcome != "" {
		text = l.Outcome
	}
	switch room := float64(len(text)+3) * charRoom; {
	case text == "":
		return
	case to+room < 100:
		l.LabelAt = percent(to)
	case from-room > 0:
		l.LabelAt, l.LabelEnd = percent(from), true
	default:
		return
	}
	l.Label = text
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

// mark returns the shape of what takes place on a known day: filled where that is
// certain.
func mark(e *agenda.Entry) string {
	sure := e.Certainty.AtLeast(event.Confirmed)
	switch {
	case family(e.Kind) == "deadline" && sure:
		return "diamond"
	case family(e.Kind) == "deadline":
		return "hollow"
	case sure:
		return "point"
	}
	return "ring"
}

// fraction returns where in its day w begins: the middle where no hour is known.
func fraction(w when.Window) float64 {
	if !w.Earliest.Timed {
		return 0.5
	}
	return partOfDay(w.Earliest.At, w.Location())
}

// Room that a label takes, in percent of the width: on a wide screen for each
// character, and on a narrow one as many times as much.
const (
	charRoom   = 0.75
	narrowness = 2.6
)

// scale places days along the timeline, from 0 to 100 percent.
type scale struct{ from, to civil.Date }

// margin is left free at the right end.
const margin = 1.5

// place returns where a day lies. Days outside the scale lie at its ends.
func (s scale) place(day float64) float64 {
	from, to := dayNumber(s.from), dayNumber(s.to)
	return (min(max(day, from), to) - from) / (to - from) * (100 - margin)
}

// holds reports whether a day is drawn where it is, rather than at an end.
func (s scale) holds(day float64) bool { return day >= dayNumber(s.from) && day <= dayNumber(s.to) }

// dayNumber counts days; only differences matter.
func dayNumber(d civil.Date) float64 { return float64(d.Number()) }

// axis draws the lines and words of the axis.
func (t *timeline) axis(req request, s scale) {
	var wide, narrow []float64 // pairs of where labels begin and end
	width := s.place(dayNumber(s.from) + 1)
	for _, strong := range []bool{true, false} { // the strong have the first right to the room
		for d := s.from; d.Before(s.to); d = d.AddDays(1) {
			text, faint, drawn := req.tick(d)
			if !drawn || faint == strong {
				continue
			}
			at := s.place(dayNumber(d))
			k := tick{At: percent(at), Faint: faint, Minor: true}
			if room := float64(len(text)+1) * charRoom; free(&wide, at, room) {
				k.Text, k.Minor = text, !free(&narrow, at, room*narrowness)
			}
			t.Ticks = append(t.Ticks, k)
		}
	}
	for d := s.from; d.Before(s.to) && req.scale != "year"; d = d.AddDays(1) {
		if w := d.Weekday(); w == time.Saturday || w == time.Sunday {
			t.Weekends = append(t.Weekends, band{percent(s.place(dayNumber(d))), percent(width)})
		}
	}
}

// tick returns the words of the line of a day, whether it is one among others, and whether
// there is one.
func (req request) tick(d civil.Date) (text string, faint, drawn bool) {
	month := d.Month.String()[:3]
	switch {
	case req.scale == "week":
		return civil.Weekday(d) + " " + civil.DayMonth(d), true, true
	case d.Day == 1 && d.Month == time.January:
		return fmt.Sprint(month, " ", d.Year), false, true
	case d.Day == 1:
		return month, false, true
	case req.scale == "month":
		return fmt.Sprint(d.Day), true, true
	}
	return fmt.Sprint(d.Day), true, req.scale == "quarter" && d.Weekday() == req.starts
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
