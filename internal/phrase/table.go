package phrase

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"attache/internal/civil"
	"attache/internal/workday"
)

// table returns the readings that a phrase can have. Each reads what it can and says
// whether it did; one that reads all words is the reading.
func table() []func(*reader) (stretch, bool) {
	return []func(*reader) (stretch, bool){
		(*reader).aDay, (*reader).aWeekday, (*reader).aWeek, (*reader).aWeekOf,
		(*reader).aDate, (*reader).aWeekdayAndDate, (*reader).aMonth, (*reader).wholeYear, (*reader).aThird,
		(*reader).later, (*reader).anEnd, (*reader).aSeason, (*reader).aGrouping,
		(*reader).coming, (*reader).aNewYear,
	}
}

// stretch reads all words that are left.
func (p *reader) stretch() (stretch, error) {
	start := p.pos
	for _, read := range table() {
		p.pos = start
		if s, ok := read(p); ok && p.pos == len(p.words) {
			return s, nil
		}
	}
	if p.err == nil {
		p.fail(p.far, "")
	}
	return stretch{}, p.err
}

// aDay reads today, tomorrow or yesterday.
func (p *reader) aDay() (stretch, bool) {
	words := []string{"yesterday", "today", "tomorrow"}
	n := p.one(words...)
	if n == 0 {
		return stretch{}, false
	}
	d := p.Dateline.AddDays(n - 2)
	return stretch{first: d, last: d, hard: true, says: words[n-1]}, true
}

// aWeekday reads Thursday or next Thursday. Newspapers name the day of the week only
// within seven days, so that a bare one never means a day further off.
func (p *reader) aWeekday() (stretch, bool) {
	following := p.take("next")
	day, ok := p.weekdayName()
	if !ok {
		return stretch{}, false
	}
	on := p.Dateline.Weekday()
	d := p.Dateline.AddDays(int(day-on+6)%7 + 1)
	switch {
	case following:
		s := either(d, d.AddDays(7))
		s.prep, s.quiet, s.says = "on", true, "next "+day.String()
		return s, true
	case p.past():
		d = p.Dateline.AddDays(-(int(on-day+6)%7 + 1))
	}
	s := stretch{first: d, last: d, hard: true}
	if day == on {
		s = either(p.Dateline, d)
		s.unsure = true
	}
	s.prep, s.says = "on", day.String()
	return s, true
}

// either returns one of two days.
func either(a, b civil.Date) stretch {
	if b.Before(a) {
		a, b = b, a
	}
	return stretch{first: a, last: b, begins: b, ends: a, options: []civil.Date{a, b}, hard: true}
}

// weekOf returns the days of the weeks that hold d, the one from Monday and the one from
// Sunday together.
func weekOf(d civil.Date) stretch {
	monday := d.AddDays(-(int(d.Weekday()+6) % 7))
	sunday := d.AddDays(-int(d.Weekday()))
	if sunday.Before(monday) {
		monday, sunday = sunday, monday
	}
	return stretch{first: monday, begins: sunday, ends: monday.AddDays(6), last: sunday.AddDays(6)}
}

// aWeek reads this week, later this week or next week. On a working day this week is
// the one from Monday, to which the Sunday that follows belongs; next week, and this
// week at a weekend, may be either.
func (p *reader) aWeek() (stretch, bool) {
	s := weekOf(p.Dateline)
	if d := p.Dateline.Weekday(); d != time.Saturday && d != time.Sunday {
		monday := p.Dateline.AddDays(-int(d - 1))
		s = stretch{first: monday, last: monday.AddDays(6)}
	}
	s.loose = true
	switch {
	case p.take("this", "week"):
		s.says = "this week"
	case p.take("later", "this", "week"):
		s = stretch{first: p.Dateline.AddDays(1), last: s.last, says: "later this week"}
	case p.take("next", "week"):
		s = weekOf(p.Dateline.AddDays(7))
		s.loose, s.says = false, "next week"
	default:
		return stretch{}, false
	}
	return s, true
}

// aWeekOf reads the week of a day. Said to commence on a day, or named by a Monday or a
// Sunday, it begins on that one; otherwise it is any week that holds the day.
func (p *reader) aWeekOf() (stretch, bool) {
	commencing := p.take("w/c")
	if !commencing {
		p.take("the")
		if !p.take("week") {
			return stretch{}, false
		}
		commencing = p.one("commencing", "beginning", "starting") > 0
		if !commencing && !p.take("of") {
			return stretch{}, false
		}
	}
	n, ok := p.named()
	if !ok {
		return stretch{}, false
	}
	s, ok := p.inYear(n.year, func(year int) (stretch, bool) {
		d, ok := n.in(year)
		if !commencing && d.Weekday() > time.Monday {
			return weekOf(d), ok
		}
		return stretch{first: d, last: d.AddDays(6)}, ok
	})
	if d := s.first; commencing && ok && d.Weekday() > time.Monday {
		monday := d.AddDays(1 - int(d.Weekday()))
		p.fail(p.pos-1, "%s is a %s: a week begins on Monday, %s, or on Sunday, %s", civil.Short(d), d.Weekday().String(), civil.Short(monday), civil.Short(monday.AddDays(-1)))
		return stretch{}, false
	}
	s.prep, s.says = "in", "the week of "+n.String()
	if commencing {
		s.prep, s.says = "", "w/c "+n.String()
	}
	return s, ok
}

// inYear returns something of the year that was named, or of the one that the tense
// chooses where that is 0.
func (p *reader) inYear(year int, of func(year int) (stretch, bool)) (stretch, bool) {
	if year == 0 {
		return p.choose(of)
	}
	return of(year)
}

// namedDay is a day of a month, of a year if that is not 0.
type namedDay struct {
	year  int
	month time.Month
	day   int
}

// in returns the day in a year, and false where that has none such.
func (n namedDay) in(year int) (civil.Date, bool) {
	return civil.Date{Year: year, Month: n.month, Day: n.day}, n.day <= civil.DaysIn(year, int(n.month))
}

// String writes n: 17 February, 17 February 2026.
func (n namedDay) String() string {
	s := fmt.Sprintf("%d %s", n.day, n.month)
	if n.year != 0 {
		s += fmt.Sprintf(" %d", n.year)
	}
	return s
}

// named reads 17 February, 17th of February, Feb. 17 or 2026-02-17, the first three with
// a year or without.
func (p *reader) named() (n namedDay, ok bool) {
	start := p.pos
	if d, err := civil.ParseDate(p.next()); err == nil {
		p.skip()
		return namedDay{d.Year, d.Month, d.Day}, true
	}
	if n.month, ok = p.monthName(); ok {
		n.day, ok = p.dayNumber()
	} else {
		p.take("the")
		if n.day, ok = p.dayNumber(); ok {
			p.take("of")
			n.month, ok = p.monthName()
		}
	}
	if !ok {
		return namedDay{}, false
	}
	n.year, _ = p.year()
	year := n.year
	if year == 0 {
		year = 2000 // a leap year
	}
	if n.day < 1 || n.day > civil.DaysIn(year, int(n.month)) {
		p.fail(start, "%s has no day %d", n.month.String(), n.day)
		return namedDay{}, false
	}
	return n, true
}

// aDate reads a day of a month.
func (p *reader) aDate() (stretch, bool) {
	n, ok := p.named()
	if !ok {
		return stretch{}, false
	}
	s, ok := p.inYear(n.year, func(year int) (stretch, bool) {
		d, ok := n.in(year)
		return stretch{first: d, last: d, hard: true}, ok
	})
	s.prep, s.says = "on", n.String()
	return s, ok
}

// aWeekdayAndDate reads Thursday 30 October. It is the date, which has to fall on that day
// of the week.
func (p *reader) aWeekdayAndDate() (stretch, bool) {
	start := p.pos
	day, ok := p.weekdayName()
	if !ok {
		return stretch{}, false
	}
	p.take("the")
	s, ok := p.aDate()
	if !ok {
		return stretch{}, false
	}
	for _, d := range s.options { // the day of the week says which
		if d.Weekday() == day {
			return stretch{first: d, last: d, hard: true, prep: s.prep, says: namedDay{d.Year, d.Month, d.Day}.String()}, true
		}
	}
	if s.first.Weekday() != day {
		p.fail(start, "%s is a %s, not a %s", civil.Short(s.first), s.first.Weekday().String(), day.String())
		return stretch{}, false
	}
	return s, true
}

// namedMonth is a month, of a year if that is not 0.
type namedMonth struct {
	year  int
	month time.Month
}

// in returns the days of the month in a year.
func (n namedMonth) in(year int) (stretch, bool) {
	first, last := civil.MonthsOf(year, int(n.month), 1)
	return stretch{first: first, last: last}, true
}

// String writes n: March, March 2026.
func (n namedMonth) String() string {
	if n.year != 0 {
		return fmt.Sprintf("%s %d", n.month, n.year)
	}
	return n.month.String()
}

// beforeMay are the words behind which "may" is the month.
var beforeMay = []string{"in", "of", "early", "mid", "late", "by", "before", "until", "till", "after", "since", "around", "than", "to"}

// monthOf reads March, March 2026 or 2026-03. A "may" that no word and no number shows
// to be the month is refused: it is mostly the verb.
func (p *reader) monthOf() (n namedMonth, ok bool) {
	if m, err := civil.ParsePeriod(p.next()); err == nil && m.Month > 0 && m.Month <= 12 && m.Day == 0 {
		p.skip()
		return namedMonth{m.Year, time.Month(m.Month)}, true
	}
	start := p.pos
	if n.month, ok = p.monthName(); !ok {
		return namedMonth{}, false
	}
	p.take("of")
	n.year, ok = p.year()
	if ok || n.month != time.May {
		return n, true
	}
	if start > 0 && slices.Contains(beforeMay, p.words[start-1].Text) {
		return n, true
	}
	p.fail(start, "may is the month only in words such as in May or 2 May")
	return namedMonth{}, false
}

// aMonth reads in March, March 2026, this month or next month.
func (p *reader) aMonth() (stretch, bool) {
	if first, says, ok := p.someMonth(); ok {
		_, last := civil.MonthsOf(first.Year, int(first.Month), 1)
		return stretch{first: first, last: last, loose: says == "this month", says: says}, true
	}
	n, ok := p.monthOf()
	if !ok {
		return stretch{}, false
	}
	s, ok := p.inYear(n.year, n.in)
	s.prep, s.says = "in", n.String()
	return s, ok
}

// wholeYear reads 2026, this year or next year.
func (p *reader) wholeYear() (stretch, bool) {
	y, ok := p.someYear()
	first, last := civil.MonthsOf(y.year, 1, 12)
	s := stretch{first: first, last: last, loose: y.loose, says: y.says}
	if y.says[0] <= '9' {
		s.prep = "in"
	}
	return s, ok
}

// aThird reads early, mid or late and a month or a year.
func (p *reader) aThird() (stretch, bool) {
	n := p.one("early", "mid", "late")
	if n == 0 {
		return stretch{}, false
	}
	p.one("in", "of")
	s, ok := p.third(n)
	s.prep, s.quiet = "in", true
	return s, ok
}

// third reads what the n-th third is of.
func (p *reader) third(n int) (stretch, bool) {
	name := []string{"early ", "mid-", "late "}[n-1]
	if first, says, ok := p.someMonth(); ok {
		s := thirdOfMonth(first, n)
		s.loose, s.says = says == "this month", name+says
		return s, true
	}
	if m, ok := p.monthOf(); ok {
		s, ok := p.inYear(m.year, func(year int) (stretch, bool) {
			return thirdOfMonth(civil.Date{Year: year, Month: m.month, Day: 1}, n), true
		})
		s.says = name + m.String()
		return s, ok
	}
	y, ok := p.someYear()
	first, last := civil.MonthsOf(y.year, 4*n-3, 4)
	return stretch{first: first, last: last, loose: y.loose, says: name + y.says}, ok
}

// thirdOfMonth returns the n-th third of the month that begins on first: ten days, ten
// days and what is left.
func thirdOfMonth(first civil.Date, n int) stretch {
	s := stretch{first: first.AddDays(10 * (n - 1)), last: first.AddDays(10*n - 1)}
	if n == 3 {
		s.last = first.AddMonths(1).AddDays(-1)
	}
	return s
}

// later reads later this month or later this year. The rest of the week is in aWeek.
func (p *reader) later() (stretch, bool) {
	var s stretch
	d := p.Dateline
	switch {
	case p.take("later", "this", "month"):
		s.says = "later this month"
		_, s.last = civil.MonthsOf(d.Year, int(d.Month), 1)
	case p.take("later", "this", "year"):
		s.says = "later this year"
		_, s.last = civil.MonthsOf(d.Year, 1, 12)
	default:
		return stretch{}, false
	}
	s.first = d.AddDays(1)
	return s, true
}

// anEnd reads the end of a month, which is its last five days.
func (p *reader) anEnd() (stretch, bool) {
	p.take("the")
	if !p.take("end", "of") {
		return stretch{}, false
	}
	ofMonth := func(first civil.Date) stretch {
		last := first.AddMonths(1).AddDays(-1)
		// The last day is before the end of the month, and no day of it is after.
		return stretch{first: last.AddDays(-4), last: last, begins: last.AddDays(1), prep: "at"}
	}
	first, says, ok := p.someMonth()
	if !ok && p.take("month") {
		first, says, ok = civil.Date{Year: p.Dateline.Year, Month: p.Dateline.Month, Day: 1}, "this month", true
	}
	if ok {
		s := ofMonth(first)
		s.loose, s.says = says == "this month", "the end of "+says
		return s, true
	}
	m, ok := p.monthOf()
	if !ok {
		return stretch{}, false
	}
	p.ahead = false
	s, ok := p.inYear(m.year, func(year int) (stretch, bool) { return ofMonth(civil.Date{Year: year, Month: m.month, Day: 1}), true })
	s.says = "the end of " + m.String()
	return s, ok
}

// lastDay reads the end of a year, a quarter or a week, of which a limit in front makes a day.
func (p *reader) lastDay() (stretch, bool) {
	p.take("the")
	if !p.take("end", "of") {
		return stretch{}, false
	}
	of, err := p.stretch()
	if err != nil || of.isDay() || len(of.options) > 0 {
		return stretch{}, false
	}
	s := stretch{first: of.last, last: of.last, begins: of.last.AddDays(1), ends: of.ends, loose: of.loose, says: "the end of " + of.says}
	return s, true
}

// coming reads the coming days, weeks or months, or those ahead.
func (p *reader) coming() (stretch, bool) {
	p.take("the")
	coming := p.take("coming")
	n := p.one("days", "weeks", "months")
	if n == 0 || !coming && !p.take("ahead") {
		return stretch{}, false
	}
	says := []string{"the coming days", "the coming weeks", "the months ahead"}[n-1]
	d := p.Dateline
	return stretch{first: d.AddDays(1), last: d.AddDays([]int{7, 56, 365}[n-1]), prep: "in", says: says}, true
}

// newYears are the names of the Lunar New Year, each with the country whose day it is; "" where
// it may be of any, since they do not always keep it on the same day.
var newYears = []struct{ name, country string }{
	{"Lunar New Year", ""}, {"Chinese New Year", "CN"}, {"Spring Festival", "CN"}, {"Seollal", "KR"}, {"Tet", "VN"},
}

// aNewYear reads the Lunar New Year by one of its names, with a year or without, and with its
// day: the Lunar New Year on 17 February.
func (p *reader) aNewYear() (stretch, bool) {
	p.take("the")
	for _, n := range newYears {
		if !p.take(strings.Fields(strings.ToLower(n.name))...) {
			continue
		}
		p.take("of")
		says := n.name
		year, ok := p.year()
		if ok {
			says += fmt.Sprintf(" %d", year)
		}
		s, ok := p.inYear(year, func(year int) (stretch, bool) { return newYear(n.country, year) })
		if start := p.pos; ok && p.take("on") {
			d, named := p.aDate()
			if !named || d.last.Before(s.first) || s.last.Before(d.first) {
				p.fail(start, "%s is on %s", says, s.days())
				return stretch{}, false
			}
			s, says = d, says+" on "+d.says
		}
		s.prep, s.says = "on", says
		return s, ok
	}
	return stretch{}, false
}

// days returns the days of s in words.
func (s stretch) days() string {
	if s.isDay() {
		return civil.Short(s.first)
	}
	return civil.Range(s.first, s.last, " to ")
}

// newYear returns the Lunar New Year of a year in a country, or in any.
func newYear(country string, year int) (stretch, bool) {
	first, last, differ, ok := workday.LunarNewYearHull(year)
	if country != "" {
		first, ok = workday.LunarNewYear(country, year)
		last, differ = first, false
	}
	return stretch{first: first, last: last, begins: last, ends: first, hard: !differ}, ok
}
