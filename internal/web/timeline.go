package web

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"attache/internal/agenda"
	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/when"
)

// rowsShown is how many events the timeline draws at most: those nearest to now.
const rowsShown = 24

// timeline is the drawing of the events that have a date. It only repeats what
// its list says in words.
type timeline struct {
	From, To string // its first and last day, in words
	Zones    []heading
	Weekends []band
	Gaps     []band // between the parts that are drawn at different scales
	Ticks    []tick
	Today    place
	TodayEnd bool   // whether the word for today stands before its line
	Now      string // today, in words
	Rows     []row
	Older    int // events that ended before what is drawn
	More     int // events that are left out for their number
}

// Fades names the ways in which the ends of a window can fade.
func (timeline) Fades() []string { return []string{"left", "right", "both"} }

// place is a position along the timeline as SVG has it, "12.50%".
type place string

func percent(v float64) place { return place(fmt.Sprintf("%.2f%%", v)) }

// heading names a part of the axis.
type heading struct {
	At   place
	Text string
}

// band is a stretch of the axis.
type band struct{ At, Wide place }

// tick is a line of the axis.
type tick struct {
	At    place
	Text  string // "" where only the line is drawn
	Faint bool   // whether the line is that of a day
	Minor bool   // whether the text needs a wide screen
}

// row is the line of one event.
type row struct {
	ID, Title, Href, Family string
	Day, Away, Leans        string
	Outcome                 string // what became of it, in words
	Past                    bool
	Shape                   string // point, ring, diamond, hollow, bar or window
	At                      place  // of a point
	From, Wide, To          place  // of a bar or window
	Fade                    string // which ends of a window fade: left, right, both; "" none
	HardLeft, HardRight     bool   // which ends are limits that somebody stated
	Label                   string // beside the mark; "" where there is no room
	LabelAt                 place
	LabelEnd                bool // whether it stands before the mark
}

// drawTimeline draws those of list that have a date, in the order of their first
// days.
func (req request) drawTimeline(list []*agenda.Entry) timeline {
	t := timeline{Now: civil.DayMonth(req.today)}
	oldest := req.today.AddDays(-farPast)
	list, t.Older = drawn(list, oldest)
	list, t.More = nearest(list, req.today)
	if len(list) == 0 {
		return timeline{}
	}
	slices.SortStableFunc(list, func(x, y *agenda.Entry) int {
		return cmp.Or(firstDay(x).Compare(firstDay(y)), x.Window.EndsLatest.Day.Compare(y.Window.EndsLatest.Day))
	})
	var days []float64
	for _, e := range list {
		days = append(days, ends(e.Window)...)
	}
	today := dayNumber(req.today)
	s := newScale(today, days)
	now := s.place(today + partOfDay(req.now, req.loc))
	t.Today, t.TodayEnd = percent(now), now > 80
	t.From, t.To = civil.Short(dayOf(s.parts[0].from)), civil.Short(dayOf(s.parts[len(s.parts)-1].to-1))
	t.axis(s)
	for _, e := range list {
		t.Rows = append(t.Rows, req.row(e, s))
	}
	return t
}

// drawn returns the events of list that have a date which is not all before oldest,
// and how many are older.
func drawn(list []*agenda.Entry, oldest civil.Date) (out []*agenda.Entry, older int) {
	for _, e := range list {
		switch w := e.Window; {
		case w.Precision == when.None:
		case w.EndsLatest.Known() && w.EndsLatest.Day.Before(oldest):
			older++
		default:
			out = append(out, e)
		}
	}
	return out, older
}

// nearest returns the events that lie nearest to today, as many as are drawn, and
// how many that leaves out.
func nearest(list []*agenda.Entry, today civil.Date) ([]*agenda.Entry, int) {
	if len(list) <= rowsShown {
		return list, 0
	}
	day := today.Number()
	far := func(e *agenda.Entry) int {
		first, last := firstDay(e).Number(), lastDay(e).Number()
		return max(first-day, 2*(day-last), 0) + min(last-first, 365)/10 // a long window says less
	}
	return sorted(list, far, func(a, b *agenda.Entry) int { return cmp.Compare(a.ID, b.ID) })[:rowsShown], len(list) - rowsShown
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

// ends returns the days at which w begins and ends, the end being that of its day.
func ends(w when.Window) []float64 {
	var out []float64
	if w.Earliest.Known() {
		out = append(out, dayNumber(w.Earliest.Day))
	}
	if w.EndsLatest.Known() {
		out = append(out, dayNumber(w.EndsLatest.Day)+1)
	}
	return out
}

// row draws e.
func (req request) row(e *agenda.Entry, s scale) row {
	w := req.window(e.Window)
	phase := req.phase(e)
	l := row{
		ID: e.ID, Title: e.Title, Href: req.event(e.ID), Family: family(e.Kind),
		Day: req.dayWords(e), Away: req.relative(e), Leans: req.leans(e), Outcome: statusBadge(e, phase).Text,
		Past: phase == agenda.Over || phase == agenda.AwaitingOutcome,
	}
	if w.Settled() && w.EndsLatest.Day == w.Earliest.Day {
		at := s.place(dayNumber(w.Earliest.Day) + fraction(w))
		l.Shape, l.At = mark(e), percent(at)
		l.label(at, at)
		return l
	}
	from, to := 0.0, 100.0
	if w.Earliest.Known() {
		from = s.place(dayNumber(w.Earliest.Day))
	}
	if b := w.EndsLatest; b.Known() {
		to = s.place(dayNumber(b.Day) + 1)
	}
	to = max(to, from+0.4) // what lasts is to be seen
	l.Shape, l.From, l.To, l.Wide = "bar", percent(from), percent(to), percent(to-from)
	if !w.Settled() {
		l.Shape = "window"
		l.HardLeft = hard(w.Earliest) && s.holds(dayNumber(w.Earliest.Day))
		l.HardRight = hard(w.Latest) && s.holds(dayNumber(w.EndsLatest.Day)+1)
		l.Fade = fade(l.HardLeft, l.HardRight)
	}
	l.label(from, to)
	return l
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

// axis draws the lines and words of the axis.
func (t *timeline) axis(s scale) {
	var wide, narrow []float64 // pairs of where labels begin and end
	for i, p := range s.parts {
		if i > 0 {
			t.Gaps = append(t.Gaps, band{percent(s.parts[i-1].right), percent(p.left - s.parts[i-1].right)})
		}
		for _, k := range p.ticks() {
			k.Minor = true
			at := p.left + (k.day-p.from)/(p.to-p.from)*(p.right-p.left)
			if room := float64(len(k.Text)+1) * charRoom; k.Text != "" && free(&wide, at, room) {
				k.Minor = !free(&narrow, at, room*narrowness)
			} else {
				k.Text = ""
			}
			k.At = percent(at)
			t.Ticks = append(t.Ticks, k.tick)
		}
		name := "By month"
		if p.byDay {
			name = "By day"
			t.weekends(p)
		} else if i == 0 {
			name = "Before"
		}
		t.Zones = append(t.Zones, heading{percent(p.left), name})
	}
}

// dayTick is a tick with its day.
type dayTick struct {
	tick
	day float64
}

// ticks returns the lines of a part: of days, or of months with the years named. Those
// whose words matter most come first.
func (p segment) ticks() []dayTick {
	first := dayOf(p.from)
	if p.byDay {
		return p.dayTicks()
	}
	var out []dayTick
	for d := (civil.Date{Year: first.Year, Month: first.Month, Day: 1}); dayNumber(d) < p.to; d = d.AddMonths(1) {
		n := dayNumber(d)
		switch {
		case n < p.from: // the part begins within the month
			out = append(out, dayTick{tick{Text: d.Month.String()[:3], Faint: true}, p.from})
		case d.Month == time.January:
			out = slices.Insert(out, 0, dayTick{tick{Text: fmt.Sprint(d.Year)}, n})
		default:
			out = append(out, dayTick{tick{Text: d.Month.String()[:3]}, n})
		}
	}
	slices.SortStableFunc(out, func(a, b dayTick) int { return faintness(a) - faintness(b) }) // a month that begins has the first right to the room
	return out
}

func faintness(k dayTick) int {
	if k.Faint {
		return 1
	}
	return 0
}

// dayTicks returns the lines of days, every second of which has words, today's and the
// first of a month among them. The first words of all name the month.
func (p segment) dayTicks() []dayTick {
	var out []dayTick
	named := false
	for d := p.from; d < p.to; d++ {
		k := dayTick{tick{Faint: true}, d}
		switch day := dayOf(d); {
		case day.Day == 1:
			k.Text, k.Faint, named = civil.DayMonth(day), false, true
			out = slices.Insert(out, 0, k)
			continue
		case d == p.today && named:
			k.Text = fmt.Sprint(day.Day)
			out = slices.Insert(out, 0, k)
			continue
		case int(p.today-d)%2 != 0:
		case !named:
			k.Text, named = civil.DayMonth(day), true
		default:
			k.Text = fmt.Sprint(day.Day)
		}
		out = append(out, k)
	}
	return out
}

// weekends shades the Saturdays and Sundays of a part.
func (t *timeline) weekends(p segment) {
	day := (p.right - p.left) / (p.to - p.from)
	for d := p.from; d < p.to; d++ {
		if w := dayOf(d).Weekday(); w == time.Saturday || w == time.Sunday {
			t.Weekends = append(t.Weekends, band{percent(p.left + (d-p.from)*day), percent(day)})
		}
	}
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
