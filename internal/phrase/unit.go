package phrase

import (
	"slices"
	"time"

	"attache/internal/civil"
)

// aUnit reads this, next or last week, weekend, month or quarter, and the one of the dateline.
func (p *reader) aUnit() (noun, bool) {
	which := p.one("this", "next", "last", "the coming", "the next", "the current", "the last", "the past", "the", "coming")
	u := p.next().unit
	if which == 0 || u == oneDay || u == oneHalf || u == oneYear && which != 4 && which != 5 && which != 7 && which != 8 && which != 10 || u == noUnit || u == oneSeason || p.next().text != unitNames[u] {
		return noun{}, false
	}
	p.skip()
	name := unitNames[u]
	switch which {
	case 1, 6, 9:
		if which == 9 && p.take("after", "next") {
			return noun{one: p.unitAt(u, 2), unit: u, shown: Future, says: "the " + name + " after next"}, u != oneWeekend
		}
		if which == 9 && slices.Contains(tellsWhich, p.next().text) {
			return noun{}, false
		}
		s, ok := p.thisUnit(u, which == 1)
		s.loose = true
		return noun{one: s, unit: u, says: "this " + name}, ok
	case 2:
		return noun{one: p.unitAt(u, 1), unit: u, shown: Future, says: "next " + name}, true
	case 3:
		return noun{one: p.unitAt(u, -1), unit: u, shown: Past, says: "last " + name}, true
	case 4, 5, 10: // from now on, or what begins next: all of both
		s := p.unitAt(u, 1)
		s = stretch{first: p.Dateline, begins: s.begins, ends: s.ends, last: s.last}
		return noun{one: s, shown: Future, prep: "in", says: "the next " + name}, u != oneWeekend
	default:
		s := p.unitAt(u, -1)
		s = stretch{first: s.first, begins: s.begins, ends: s.ends, last: p.Dateline}
		return noun{one: s, shown: Past, prep: "in", says: "the past " + name}, u != oneWeekend
	}
}

// thisUnit returns the unit of the dateline. On a working day this week is the one from Monday,
// to which the Sunday that follows belongs; at a weekend it may be either.
func (p *reader) thisUnit(u unit, this bool) (stretch, bool) {
	on := p.Dateline.Weekday()
	resting := on == time.Saturday || on == time.Sunday
	switch {
	case u == oneWeek && !resting:
		monday := p.Dateline.AddDays(1 - int(on))
		return span(monday, monday.AddDays(6)), true
	case u == oneWeekend && on == time.Sunday && this:
		return span(p.Dateline.AddDays(-1), p.Dateline), true
	case u == oneWeekend && (p.past() && !(this && resting) || resting && !this):
		return stretch{}, false
	}
	return p.unitAt(u, 0), true
}

// unitAt returns the unit that comes n after the one of the dateline. Next weekend can be the
// first to come or the one after it.
func (p *reader) unitAt(u unit, n int) stretch {
	d := p.Dateline
	switch u {
	case oneWeek:
		return weekOf(d.AddDays(7 * n))
	case oneWeekend:
		saturday := d.AddDays(int(time.Saturday - d.Weekday()))
		if d.Weekday() == time.Saturday && n > 0 {
			saturday = saturday.AddDays(7)
		}
		s := span(saturday, saturday.AddDays(1))
		switch {
		case n > 0:
			return either(s, s.plus(7))
		case n < 0:
			return s.plus(-7)
		}
		return s
	case oneQuarter:
		return monthsOf(d.Year, 1, 3).moved(func(day civil.Date) civil.Date {
			first := civil.Date{Year: d.Year, Month: time.Month((int(d.Month)-1)/3*3 + 1), Day: 1}.AddMonths(3 * n)
			if day.Month == time.January {
				return first
			}
			return first.AddMonths(3).AddDays(-1)
		})
	case oneYear:
		return monthsOf(d.Year+n, 1, 12)
	}
	first := civil.Date{Year: d.Year, Month: d.Month, Day: 1}.AddMonths(n)
	return monthsOf(first.Year, int(first.Month), 1)
}
