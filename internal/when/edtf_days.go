package when

import (
	"time"

	"attache/internal/civil"
)

// First returns the first day that d can be, not widened; no date for the zero d.
func (d edtfDate) First() civil.Date {
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
func (d edtfDate) Last() civil.Date {
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
func (d edtfDate) months() (first, last int) {
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
func (d edtfDate) days() []civil.Date {
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

// Widen returns the days from first to last with what "about" adds on either side, as far as
// they can be written: 3 days to a day, 7 to a week, 15 to a month, a calendar month to longer
// parts of a year and 3 to a year or more.
func Widen(first, last civil.Date, g civil.Grain) (civil.Date, civil.Date) {
	days, months := 0, 0
	switch {
	case g <= civil.GrainDay:
		days = 3
	case g == civil.GrainWeek:
		days = 7
	case g == civil.GrainMonth:
		days = 15
	case g < civil.GrainYear:
		months = 1
	default:
		months = 3
	}
	// Months count from the day after the last, so that one after the end of June is the end of July.
	end := last.AddDays(1).AddMonths(months).AddDays(days - 1)
	return civil.Within(first.AddMonths(-months).AddDays(-days)), civil.Within(end)
}

// width returns the grain by which d, with no time of day, is widened: that of its finest
// approximate part, or of d where that part has digits that are not known.
func (d edtfDate) width() civil.Grain {
	switch {
	case d.Day.Qualifier&approximate != 0:
		return d.Grain()
	case d.Month.Qualifier&approximate != 0:
		d.Day = datePart{}
		return d.Grain()
	}
	d.Month, d.Day = datePart{}, datePart{}
	return d.Grain()
}

// bounds returns the first and the last that d can be, widened where it is
// approximate.
func (d edtfDate) bounds(zone *lookup, by string) (lo, hi Bound) {
	soft := d.Soft()
	if d.Timed {
		t, wide := d.instant(zone.location()), time.Duration(0)
		if d.Approx() {
			wide = time.Hour
		}
		lo, hi = timedBound(t.Add(-wide), zone.location(), by), timedBound(t.Add(wide), zone.location(), by)
		lo.Soft, hi.Soft = soft, soft
		return lo, hi
	}
	first, last := d.First(), d.Last()
	if d.Approx() {
		first, last = Widen(first, last, d.width())
	}
	return Bound{Day: first, Soft: soft, By: by}, Bound{Day: last, Soft: soft, By: by}
}

// instant returns the instant of d, UTC. loc is the zone where d has none.
func (d edtfDate) instant(loc *time.Location) time.Time {
	if d.Zone != "" {
		if own, err := civil.Zone(d.Zone); err == nil {
			loc = own
		}
	}
	t, _ := civil.Resolve(d.First(), d.Clock, loc)
	return t
}

// windows returns what e allows: one window of a date or an interval, and one for
// each option of a set or for each day of what is the 17th of some month. zone is the
// event's, which instants with an offset of their own overrule; by is the name of the
// statement, for the bounds it returns. What is approximate is widened. An end that is
// open and one that is unknown are both a Bound that is not known.
func (e edtf) windows(zone, by string) []Window {
	var out []Window
	for _, s := range e.Spans {
		d := s.First
		days := d.days()
		if len(days) == 0 || s.First != s.Last || e.Kind == interval {
			out = append(out, s.window(e.Kind == interval, zone, by))
			continue
		}
		for _, day := range days {
			d.Month.Value, d.Month.Unspecified = int(day.Month), 0
			out = append(out, edtfSpan{d, d}.window(false, zone, by))
		}
	}
	return out
}

// window returns what s allows. One that lasts goes on from its first to its last
// date; any other takes place once between them.
func (s edtfSpan) window(lasts bool, zone, by string) Window {
	w := Unknown(civil.ZoneName(s.zone(zone)))
	if s.First.State == endStated {
		w.Earliest, w.Latest = s.First.bounds(w.zone(), by)
	}
	if s.Last.State == endStated {
		w.EndsEarliest, w.EndsLatest = s.Last.bounds(w.zone(), by)
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
func (s edtfSpan) zone(event string) string {
	for _, d := range []edtfDate{s.First, s.Last} {
		if d.Zone != "" {
			return d.Zone
		}
	}
	return event
}
