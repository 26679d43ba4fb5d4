package phrase

import (
	"strconv"
	"strings"
	"time"

	"attache/internal/civil"
	"attache/internal/syntax"
)

// aWeekOf reads the week of a day. Said to commence on a day, or named by a Monday or a Sunday, it
// begins on that one, or ends on the day on which it is said to; otherwise it is any that holds it.
func (p *reader) aWeekOf() (noun, bool) {
	start := p.pos
	how := 2
	if !p.take("w/c") {
		p.take("the")
		if !p.take("week") {
			return noun{}, false
		}
		how = p.one("of", "commencing", "beginning", "starting", "that begins on", "ending", "that ends on")
		p.one("on")
	}
	date, ok := p.noun()
	if how == 0 || !ok || date.unit != oneDay || date.named {
		return noun{}, false
	}
	n := date.part(func(s stretch) (stretch, bool) {
		switch {
		case how >= 6:
			return span(s.first.AddDays(-6), s.first), true
		case how == 1 && s.first.Weekday() > time.Monday:
			return weekOf(s.first), true
		}
		return span(s.first, s.first.AddDays(6)), true
	})
	n.unit, n.prep, n.says = oneWeek, "in", "the week of "+date.says
	if how > 1 {
		n.prep, n.says = "", "w/c "+date.says
	}
	if how >= 6 {
		n.says = "the week ending " + date.says
	}
	s, ok := p.chosen(n)
	if d := s.first; ok && how > 1 && how < 6 && d.Weekday() > time.Monday {
		monday := d.AddDays(1 - int(d.Weekday()))
		p.fail(max(start, p.pos-1), "%s is a %s: a week begins on Monday, %s, or on Sunday, %s", civil.Short(d), d.Weekday().String(), civil.Short(monday), civil.Short(monday.AddDays(-1)))
		return noun{}, false
	}
	return n, ok
}

// aWeekNumber reads KW 14 of 2027, calendar weeks 14 to 16 and 2027-W14, by ISO 8601. Of week 14 alone
// nobody says by which count: by the other one a week begins on Sunday, and the first is that of
// 1 January.
func (p *reader) aWeekNumber() (noun, bool) {
	iso := true
	n, year := 0, 0
	if m := isoWeek.FindStringSubmatch(p.next().text); len(p.next().text) > 5 && m != nil {
		year, _ = strconv.Atoi(m[1])
		n, _ = strconv.Atoi(m[2])
		p.skip()
	} else {
		p.take("the")
		if iso = p.one("calendar week", "calendar weeks", "iso week", "kw", "cw") > 0; !iso && p.one("week", "weeks") == 0 {
			return noun{}, false
		}
		p.one("no", "number")
		var ok bool
		if n, year, ok = p.weekNumber(); !ok {
			return noun{}, false
		}
	}
	here, last := p.pos, n
	if p.one("to", "through", "and", "or") > 0 {
		p.one("kw", "cw", "week")
		m, y, ok := p.weekNumber()
		if ok && m > n && year == 0 && p.next().month == 0 { // to 21 March
			last, year = m, y
		} else {
			p.pos = here
		}
	}
	of := func(year int) (stretch, bool) {
		a, ok := theWeek(year, n, iso)
		b, good := theWeek(year, last, iso)
		return stretch{first: a.first, begins: a.begins, ends: b.ends, last: b.last}, ok && good
	}
	says := "week " + strconv.Itoa(n)
	if last > n {
		says = "weeks " + strconv.Itoa(n) + " to " + strconv.Itoa(last)
	}
	if iso {
		says = "calendar " + says
	}
	out := noun{dated: true, says: says + " " + strconv.Itoa(year)}
	if out.one, _ = of(year); year == 0 {
		out = p.ofYear(says, of)
	}
	if out.unit, out.prep = oneWeek, "in"; last > n {
		out.unit = noUnit
	}
	return out, !out.none()
}

// weekNumber reads 14 or 14/2027.
func (p *reader) weekNumber() (n, year int, ok bool) {
	number, of, slashed := strings.Cut(p.next().text, "/")
	if n, ok = syntax.Digits(number, len(number)); !ok || n < 1 || n > 53 || len(number) > 2 {
		return 0, 0, false
	}
	if year, ok = (word{text: of}).year(); slashed && !ok {
		return 0, 0, false
	}
	p.skip()
	return n, year, true
}

// theWeek returns a week of a year by its number, nothing where the year has none of that number.
func theWeek(year, n int, iso bool) (stretch, bool) {
	if year < civil.FirstDay.Year || n < 1 || n > 53 {
		return stretch{}, false
	}
	monday := civil.WeekMonday(year, n)
	if !monday.Before(civil.WeekMonday(year+1, 1)) {
		return stretch{}, false
	}
	if iso {
		return span(monday, monday.AddDays(6)), true
	}
	newYear := civil.Date{Year: year, Month: time.January, Day: 1}
	sunday := newYear.AddDays(7*(n-1) - int(newYear.Weekday()))
	first, last := earlier(monday, sunday), later(monday, sunday)
	return stretch{first: first, begins: last, ends: first.AddDays(6), last: last.AddDays(6)}, true
}

// aWeekend reads the weekend of a day that lies in it.
func (p *reader) aWeekend() (noun, bool) {
	p.take("the")
	if !p.take("weekend", "of") {
		return noun{}, false
	}
	of, ok := p.longest((*reader).noun, (*reader).pair)
	if !ok || of.named {
		return noun{}, false
	}
	s, ok := p.chosen(of)
	if s.lasts && s.last == s.first.AddDays(1) { // 2–3 May
		s = oneOn(s.first)
	}
	saturday := s.first
	if saturday.Weekday() == time.Sunday {
		saturday = saturday.AddDays(-1)
	}
	n := noun{one: span(saturday, saturday.AddDays(1)), unit: oneWeekend, shown: of.shown, dated: of.dated, prep: "at", says: "the weekend of " + of.says}
	return n, ok && s.isDay() && saturday.Weekday() == time.Saturday && (of.unit == oneDay || s.first == saturday)
}
