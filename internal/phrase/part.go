package phrase

import (
	"slices"
	"strings"
	"time"

	"attache/internal/civil"
	"attache/internal/prose"
)

// A part is of whatever noun stands behind it. None is of a day, but for the words that only say
// when on the day.

// behind reads the noun of a part, with "of" or "in" between them, or none.
func (p *reader) behind() (noun, bool) {
	p.one("of", "in", "on")
	if n, ok := p.bareUnit(); ok {
		return n, true
	}
	return p.noun()
}

// tellsWhich are the words behind a unit that say which one it is.
var tellsWhich = strings.Fields("of after before that ending following beginning starting commencing no number")

// bareUnit reads a unit alone, of which its end or its middle is that of the one at hand: month-end.
func (p *reader) bareUnit() (noun, bool) {
	start := p.pos
	p.take("the")
	u := p.next().unit
	if (u != oneWeek && u != oneMonth && u != oneQuarter && u != oneYear) || p.next().text != unitNames[u] {
		p.pos = start
		return noun{}, false
	}
	p.skip()
	if w := p.next(); slices.Contains(tellsWhich, w.text) || w.count > 0 || w.text != "" && isDigit(w.text[0]) {
		p.pos = start
		return noun{}, false
	}
	s, ok := p.thisUnit(u, true)
	s.loose = true
	return noun{one: s, unit: u, says: "this " + unitNames[u]}, ok
}

// aThird reads early, mid or late and what it is of, the middle of March, and midweek.
func (p *reader) aThird() (noun, bool) {
	p.take("the")
	n := p.next().third
	switch which := p.one("towards the end of", "toward the end of", "latter part of", "later part of", "early part of", "earlier part of"); {
	case which > 0:
		n = []int{3, 3, 3, 3, 1, 1}[which-1]
	case n > 0:
		p.skip()
	default:
		return p.midUnit()
	}
	to := n
	if p.next().text == "to" && p.peek(1).third > n {
		to = p.peek(1).third
		p.skip()
		p.skip()
	}
	names := []string{"early ", "mid-", "late "}
	of, ok := p.behind()
	if !ok {
		return noun{}, false
	}
	if to > n {
		return p.partOf(of, strings.TrimRight(names[n-1], " -")+" to "+names[to-1], "", func(s stretch) (stretch, bool) {
			a, b := s.third(n, of.unit), s.third(to, of.unit)
			return stretch{first: a.first, begins: a.begins, ends: b.ends, last: b.last}, of.unit != oneDay
		})
	}
	name := names[n-1]
	if of.unit == oneDay {
		if n == 2 || of.one.options != nil {
			return noun{}, false
		}
		of.prep, of.says = "", name+of.words()
		return of, true
	}
	return p.partOf(of, name, "", func(s stretch) (stretch, bool) { return s.third(n, of.unit), true })
}

// midUnit reads midweek, midmonth and midyear.
func (p *reader) midUnit() (noun, bool) {
	units := []unit{oneWeek, oneMonth, oneYear}
	which := p.one("midweek", "midmonth", "midyear")
	if which == 0 {
		return noun{}, false
	}
	n := p.unitNoun(units[which-1])
	return p.partOf(n, "mid-", "", func(s stretch) (stretch, bool) { return s.third(2, n.unit), true })
}

// unitNoun returns the unit of the dateline.
func (p *reader) unitNoun(u unit) noun {
	s, _ := p.thisUnit(u, true)
	s.loose = true
	return noun{one: s, unit: u, says: "this " + unitNames[u]}
}

// partOf returns a part of a noun that is more than a day, with the words in front of it.
func (p *reader) partOf(of noun, name, prep string, part func(stretch) (stretch, bool)) (noun, bool) {
	if of.unit == noUnit || of.unit == oneWeekend || of.unit == oneDay {
		return noun{}, false
	}
	out := of.part(part)
	out.unit, out.prep, out.quiet = noUnit, "in", prep == ""
	switch {
	case prep == "":
		out.says = name + of.says
	default:
		out.prep, out.says = prep, name+of.says
	}
	return out, !out.none()
}

// aHalf reads the first half of March, or of next week, and the quarters of a year.
func (p *reader) aHalf() (noun, bool) {
	p.take("the")
	n, ok := 2, p.next().text == "latter" && p.peek(1).unit == oneHalf
	if ok {
		p.skip()
	} else {
		n, ok = p.order()
	}
	of := p.next().unit
	parts := 0
	switch of {
	case oneHalf:
		parts = 2
	case oneQuarter:
		parts = 4
	}
	if n < 0 {
		n = parts
	}
	if !ok || n < 1 || n > parts || p.next().plural() || p.peek(1).text != "of" {
		return noun{}, false
	}
	p.skip()
	whole, ok := p.behind()
	if !ok || of == oneQuarter && whole.unit != oneYear {
		return noun{}, false
	}
	return p.partOf(whole, "the "+ordinal(n)+" "+unitNames[of]+" of ", "in", func(s stretch) (stretch, bool) {
		if of == oneQuarter {
			return s.cut(n-1, n, 4), true
		}
		return s.half(n, whole.unit), true
	})
}

// anEdge reads the end, the beginning or the start of a time, and year-end.
func (p *reader) anEdge() (noun, bool) {
	p.take("the")
	if u := p.next(); u.unit > oneWeekend && u.unit != oneHalf && u.unit != oneSeason && p.peek(1).text == "end" {
		p.skip()
		p.skip()
		of := p.unitNoun(u.unit)
		if y, ok := p.someYear(); ok && u.unit == oneYear {
			of = noun{one: monthsOf(y.year, 1, 12), unit: oneYear, shown: y.shown, dated: true, says: y.says}
		}
		return p.edge(of, true)
	}
	if p.next().text == "end" && (p.peek(1).month > 0 || isDigit((p.peek(1).text + "x")[0])) {
		p.skip()
		if of, ok := p.noun(); ok && (of.unit == oneMonth || of.unit == oneYear) {
			return p.edge(of, true)
		}
		return noun{}, false
	}
	which := p.one("end of", "close of", "beginning of", "start of", "very end of", "very beginning of")
	if which == 0 {
		return noun{}, false
	}
	of, ok := p.behind()
	if !ok {
		return noun{}, false
	}
	return p.edge(of, which < 3 || which == 5)
}

// edge returns the end of a time, or its beginning.
func (p *reader) edge(of noun, end bool) (noun, bool) {
	name, part := "the start of ", stretch.start
	if end {
		name, part = "the end of ", stretch.end
	}
	out, ok := p.partOf(of, name, "at", func(s stretch) (stretch, bool) { return part(s, of.unit), true })
	out.edge = true
	return out, ok
}

// anOrdinal reads the third week of May, the last Friday of March, the last day of the month, its
// first ten days and its last two weeks.
func (p *reader) anOrdinal() (noun, bool) {
	p.take("the")
	n, ok := p.order()
	if !ok {
		return noun{}, false
	}
	many, ok := p.several()
	what := p.next()
	if ok != what.plural() || what.unit == noUnit && what.weekday == 0 {
		return noun{}, false
	}
	p.skip()
	if p.one("of", "in") == 0 {
		return noun{}, false
	}
	of, ok := p.behind()
	name := "the " + ordinal(n) + " "
	switch {
	case !ok:
		return noun{}, false
	case many > 0:
		return p.partOf(of, name+rangeText(many, many, unitNames[what.unit])+" of ", "in", func(s stretch) (stretch, bool) { return s.run(n, many, what.unit, of.unit) })
	case of.unit != oneMonth && of.unit != oneQuarter && of.unit != oneHalf && of.unit != oneYear:
		return noun{}, false
	case what.unit == oneWeek:
		return p.partOf(of, name+"week of ", "in", func(s stretch) (stretch, bool) { return s.week(n) })
	case what.unit == oneWeekend:
		return p.partOf(of, name+"weekend of ", "at", func(s stretch) (stretch, bool) { return s.weekend(n) })
	case what.unit == oneDay:
		of, ok = p.partOf(of, name+"day of ", "on", func(s stretch) (stretch, bool) { return s.day(n) })
	case what.weekday > 0:
		day := time.Weekday(what.weekday - 1)
		of, ok = p.partOf(of, name+day.String()+" of ", "on", func(s stretch) (stretch, bool) { return s.weekday(n, day) })
	default:
		return noun{}, false
	}
	of.unit = oneDay
	return of, ok
}

// several reads how many of the units behind it are meant: two, 10, a couple of. A few days are at
// most seven.
func (p *reader) several() (int, bool) {
	start := p.pos
	if p.one("few", "several") > 0 && p.next().unit == oneDay {
		return 7, true
	}
	p.pos = start
	if p.one("couple of") > 0 {
		return 2, p.next().plural()
	}
	n, ok := p.count()
	if ok && n > 1 && p.next().plural() {
		return n, true
	}
	p.pos = start
	return 0, false
}

// beside reads the day of the week that comes next after a day, or last before it: the Monday
// after Easter, the second Friday before 1 May.
func (p *reader) beside() (noun, bool) {
	the := p.take("the")
	n, placed := p.order()
	if !placed {
		n = 1
		p.one("next")
	}
	day := p.next()
	if day.weekday == 0 || !the && !placed {
		return noun{}, false
	}
	p.skip()
	sign, word := 1, " after "
	how := p.one("after", "following", "next after", "next following", "before", "preceding", "prior to", "next before", "next preceding")
	if how > 4 {
		sign, word = -1, " before "
	}
	if how == 0 || n < 0 && sign > 0 {
		return noun{}, false
	}
	n = max(n, 1)
	of, ok := p.noun()
	if !ok || of.unit != oneDay || of.weekly {
		return noun{}, false
	}
	name := "the "
	if n > 1 {
		name += ordinal(n) + " "
	}
	name += time.Weekday(day.weekday-1).String() + word
	out := of.part(func(s stretch) (stretch, bool) {
		return s.moved(func(d civil.Date) civil.Date {
			away := (int(d.Weekday()) - (day.weekday - 1) + 7) % 7
			if sign > 0 {
				away = (7 - away) % 7
			}
			if away == 0 {
				away = 7
			}
			return d.AddDays(sign * (away + 7*(n-1)))
		}), true
	})
	out.sign, out.says, out.shown = sign, name+of.says, Unsaid
	return out, !out.none()
}

// rest reads later this month, earlier this year and the rest of the week: the part of a time on
// one side of the dateline.
func (p *reader) rest() (noun, bool) {
	which := p.one("later", "earlier")
	if which == 0 {
		p.take("the")
		if p.one("rest of", "remainder of", "remaining part of") == 0 {
			return noun{}, false
		}
		which = 3
	}
	p.one("in", "on")
	if which < 3 && p.take("today") {
		return noun{one: oneOn(p.Dateline), unit: oneDay, shown: []Tense{Future, Past}[which-1], says: []string{"later", "earlier"}[which-1] + " today"}, true
	}
	of, ok := p.behind()
	if ok && of.each != nil {
		of.one, ok = of.each(0)
	}
	if !ok || of.unit == noUnit || of.unit == oneDay || of.unit == oneWeekend || len(of.one.options) > 0 {
		return noun{}, false
	}
	s, d := of.one, p.Dateline
	out := noun{says: prose.OneLine([]string{"later ", "earlier ", "the rest of "}[which-1] + of.words())}
	switch {
	case s.first.After(d) || s.last.Before(d):
		return noun{}, false // which is no part of it that the dateline shows
	case which == 2:
		out.one, out.shown = span(s.first, d.AddDays(-1)), Past
	case which == 1:
		out.one, out.shown = span(d.AddDays(1), s.last), Future
	default:
		out.one, out.shown = span(d, s.last), Future
	}
	return out, !out.one.last.Before(out.one.first)
}
