package when

import (
	"time"

	"attache/internal/civil"
)

// First returns the first day that d can be, not widened; no date for the zero d.
func (d EDTFDate) First() civil.Date {
	if !d.Year.given() {
		return civil.Date{}
	}
	if p := d.period(); p.Grouped() {
		return p.First()
	}
	if days := d.days(); len(days) > 0 {
		return days[0]
	}
	month, _ := d.months()
	return civil.Date{Year: d.Year.Value, Month: time.Month(month), Day: max(d.Day.Value, 1)}
}

// Last returns the last day that d can be, not widened; no date for the zero d.
func (d EDTFDate) Last() civil.Date {
	if !d.Year.given() {
		return civil.Date{}
	}
	if p := d.period(); p.Grouped() {
		return civil.Within(p.Last())
	}
	if days := d.days(); len(days) > 0 {
		return days[len(days)-1]
	}
	year := d.Year.Value + [3]int{0, 9, 99}[d.Year.Unspecified]
	_, month := d.months()
	day := civil.DaysIn(year, month)
	switch {
	case d.Day.known():
		day = d.Day.Value
	case d.Day.Unspecified == 1:
		day = min(d.Day.Value+9, day)
	}
	return civil.Date{Year: year, Month: time.Month(month), Day: day}
}

// months returns the first and the last month that d can be in, where it is of no
// grouping.
func (d EDTFDate) months() (first, last int) {
	switch {
	case d.Month.known():
		return d.Month.Value, d.Month.Value
	case d.Month.Unspecified == 1:
		return max(d.Month.Value, 1), min(d.Month.Value+9, 12)
	}
	return 1, 12
}

// days returns the days of which d is one where they do not follow each other: the
// 17th of some month. It returns nil otherwise.
func (d EDTFDate) days() []civil.Date {
	if d.Month.Unspecified != 2 || !d.Day.known() {
		return nil
	}
	var days []civil.Date
	for m := 1; m <= 12; m++ {
		if d.Day.Value <= civil.DaysIn(d.Year.Value, m) {
			days = append(days, civil.Date{Year: d.Year.Value, Month: time.Month(m), Day: d.Day.Value})
		}
	}
	return days
}

// Widths says by how much what is approximate is widened on either side, for each
// grain. The finest part that is approximate counts.
type Widths struct {
	Instant time.Duration // of elapsed time
	Day     int           // days
	Week    int           // days
	Month   int           // days
	Quarter int           // calendar months; for a season, four months and half a year, too
	Year    int           // calendar months; for a decade and a century, too
}

// DefaultWidths returns an hour, 3 days, a week, 15 days, a month and 3 months.
func DefaultWidths() Widths {
	return Widths{Instant: time.Hour, Day: 3, Week: 7, Month: 15, Quarter: 1, Year: 3}
}

// widen returns the days from first to last with the width of g on either side.
func (w Widths) widen(first, last civil.Date, g civil.Grain) (civil.Date, civil.Date) {
	switch {
	case g <= civil.GrainDay:
		return w.ByDays(first, last, w.Day)
	case g == civil.GrainMonth:
		return w.ByDays(first, last, w.Month)
	case g < civil.GrainYear:
		return w.ByMonths(first, last, w.Quarter)
	}
	return w.ByMonths(first, last, w.Year)
}

// ByDays returns the days from first to last with n more on either side, as far as they can
// be written.
func (w Widths) ByDays(first, last civil.Date, n int) (civil.Date, civil.Date) {
	return civil.Within(first.AddDays(-n)), civil.Within(last.AddDays(n))
}

// ByMonths is ByDays for calendar months. It counts from the day after the last, so that a
// month after the end of June is the end of July.
func (w Widths) ByMonths(first, last civil.Date, n int) (civil.Date, civil.Date) {
	return civil.Within(first.AddMonths(-n)), civil.Within(last.AddDays(1).AddMonths(n).AddDays(-1))
}

// width returns the grain by which d, with no time of day, is widened: that of its finest approximate part,
// or of d where that part has digits that are not known.
func (d EDTFDate) width() civil.Grain {
	switch {
	case d.Day.Qualifier&Approximate != 0:
		return d.Grain()
	case d.Month.Qualifier&Approximate != 0:
		d.Day = Part{}
		return d.Grain()
	}
	d.Month, d.Day = Part{}, Part{}
	return d.Grain()
}

// bounds returns the first and the last that d can be, widened where it is
// approximate.
func (d EDTFDate) bounds(zone *lookup, by string, w Widths) (lo, hi Bound) {
	soft := d.Soft()
	if d.Timed {
		t, wide := d.instant(zone.location()), time.Duration(0)
		if d.Approx() {
			wide = w.Instant
		}
		lo, hi = timedBound(t.Add(-wide), zone.location(), by), timedBound(t.Add(wide), zone.location(), by)
		lo.Soft, hi.Soft = soft, soft
		return lo, hi
	}
	first, last := d.First(), d.Last()
	if d.Approx() {
		first, last = w.widen(first, last, d.width())
	}
	return Bound{Day: first, Soft: soft, By: by}, Bound{Day: last, Soft: soft, By: by}
}

// instant returns the instant of d, UTC. loc is the zone where d has none.
func (d EDTFDate) instant(loc *time.Location) time.Time {
	if d.Zone != "" {
		if own, err := civil.Zone(d.Zone); err == nil {
			loc = own
		}
	}
	t, _ := civil.Resolve(d.First(), d.Clock, loc)
	return t
}

// Windows returns what e allows: one window of a date or an interval, and one for
// each option of a set or for each day of what is the 17th of some month. zone is the
// event's, which instants with an offset of their own overrule; by is the name of the
// statement, for the bounds it returns; w says how far to widen what is approximate. An
// end that is open and one that is unknown are both a Bound that is not known.
func (e EDTF) Windows(zone, by string, w Widths) []Window {
	var out []Window
	for _, s := range e.Spans {
		if days := s.First.Date.days(); s.First == s.Last && e.Kind != EDTFInterval && len(days) > 0 {
			out = append(out, s.First.Date.eachDay(days, zone, by, w)...)
			continue
		}
		out = append(out, s.window(e.Kind == EDTFInterval, zone, by, w))
	}
	return out
}

// eachDay returns a window for each of the days of d.
func (d EDTFDate) eachDay(days []civil.Date, zone, by string, w Widths) []Window {
	var out []Window
	for _, day := range days {
		d.Month.Value, d.Month.Unspecified = int(day.Month), 0
		end := EDTFEnd{Date: d}
		out = append(out, EDTFSpan{end, end}.window(false, zone, by, w))
	}
	return out
}

// window returns what s allows. One that lasts goes on from its first to its last
// date; any other takes place once between them.
func (s EDTFSpan) window(lasts bool, zone, by string, widths Widths) Window {
	w := Unknown(civil.ZoneName(s.zone(zone)))
	if s.First.State == EDTFStated {
		w.Earliest, w.Latest = s.First.Date.bounds(w.zone(), by, widths)
	}
	if s.Last.State == EDTFStated {
		w.EndsEarliest, w.EndsLatest = s.Last.Date.bounds(w.zone(), by, widths)
	}
	if lasts {
		w.Latest = stricter(edge{w.Latest, w.zone()}, edge{w.EndsLatest, w.zone()}, -1).Bound
		w.EndsEarliest = stricter(edge{w.EndsEarliest, w.zone()}, edge{w.Earliest, w.zone()}, 1).Bound
	} else {
		w.Latest, w.EndsEarliest = w.EndsLatest, w.Earliest
	}
	w.Precision = w.precision()
	return w
}

// zone returns the zone in which s was written, that of the event where it names none.
func (s EDTFSpan) zone(event string) string {
	for _, d := range []EDTFDate{s.First.Date, s.Last.Date} {
		if d.Zone != "" {
			return d.Zone
		}
	}
	return event
}
