package phrase

import (
	"strings"
	"time"

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
	if p.next().text == "of" || p.next().text == "after" || p.next().text == "that" || p.next().text == "ending" || p.next().text == "beginning" || p.next().text == "starting" || p.next().text == "commencing" {
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
	n, of := p.next().order, p.peek(1).unit
	parts := map[unit]int{oneHalf: 2, oneQuarter: 4}[of]
	if n < 0 {
		n = parts
	}
	if n < 1 || n > parts || p.peek(1).plural() || p.peek(2).text != "of" {
		return noun{}, false
	}
	p.skip()
	p.skip()
	whole, ok := p.behind()
	if !ok || of == oneQuarter && whole.unit != oneYear {
		return noun{}, false
	}
	return p.partOf(whole, "the "+ordinals[n-1]+" "+unitNames[of]+" of ", "in", func(s stretch) (stretch, bool) {
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
	if end {
		return p.partOf(of, "the end of ", "at", func(s stretch) (stretch, bool) { return s.end(of.unit), true })
	}
	return p.partOf(of, "the start of ", "at", func(s stretch) (stretch, bool) { return s.start(of.unit), true })
}

// anOrdinal reads the third week of May, the last Friday of March, the last day of the month and
// its first ten days.
func (p *reader) anOrdinal() (noun, bool) {
	p.take("the")
	n, what := p.next().order, p.peek(1)
	if n == 0 || what.plural() || what.unit != oneWeek && what.unit != oneDay && what.weekday == 0 && !(what.text == "ten" && p.peek(2).unit == oneDay) {
		return noun{}, false
	}
	p.skip()
	p.skip()
	ten := what.text == "ten"
	if ten {
		p.skip()
	}
	if p.one("of", "in") == 0 {
		return noun{}, false
	}
	of, ok := p.behind()
	if !ok || of.unit != oneMonth && (of.unit != oneYear || ten) {
		return noun{}, false
	}
	name := "the last "
	if n > 0 {
		name = "the " + ordinals[n-1] + " "
	}
	var out noun
	switch {
	case ten:
		third := n
		if n < 0 {
			third = 3
		}
		if third > 3 {
			return noun{}, false
		}
		return p.partOf(of, name+"ten days of ", "in", func(s stretch) (stretch, bool) { return s.third(third, oneMonth), true })
	case what.unit == oneWeek:
		return p.partOf(of, name+"week of ", "in", func(s stretch) (stretch, bool) { return s.week(n) })
	case what.unit == oneDay && (n == 1 || n < 0):
		out, ok = p.partOf(of, name+"day of ", "on", func(s stretch) (stretch, bool) {
			if n < 0 {
				return oneOn(s.last), true
			}
			return oneOn(s.first), true
		})
	case what.weekday > 0:
		day := time.Weekday(what.weekday - 1)
		out, ok = p.partOf(of, name+day.String()+" of ", "on", func(s stretch) (stretch, bool) { return s.weekday(n, day) })
	default:
		return noun{}, false
	}
	out.unit = oneDay
	return out, ok
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
