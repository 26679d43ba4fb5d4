package phrase

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"attache/internal/civil"
	"attache/internal/when"
)

// distance is a number of days, weeks, months or years, or from least to most of them.
type distance struct {
	least, most int
	unit        unit
	says        string
	rough       bool // whether it is counted in hours, and so in days only roughly
	eve         bool // whether it goes back from what stands behind "of"
	week        bool // whether it is any of the days of the week behind or before
}

// count reads one, two, 30, a or an, forty-five, one hundred and twenty, and thirty (30).
func (p *reader) count() (int, bool) {
	start := p.pos
	n, ok := p.number()
	if ok && p.next().opened && p.next().closed {
		spelled := p.pos > start+1 || p.words[start].count > 0
		if again, same := p.number(); !spelled || !same || again != n {
			p.pos = start
			return 0, false
		}
	}
	return n, ok
}

// number reads a number in digits or words.
func (p *reader) number() (int, bool) {
	w := p.next()
	n := w.count
	switch {
	case (n == 1 || w.text == "a") && p.peek(1).text == "hundred":
		p.skip()
		n = 100
		if p.peek(1).text == "and" && p.peek(2).count > 0 {
			p.skip()
		}
		if rest := p.peek(1); rest.count > 0 {
			p.skip()
			more, _ := p.number()
			return n + more, true
		}
	case n >= 20 && p.peek(1).count > 0 && p.peek(1).count < 10:
		n += p.peek(1).count
		p.skip()
	case w.text == "a" || w.text == "an":
		n = 1
	case n == 0 && w.text != "" && isDigit(w.text[0]) && len(w.text) <= 4:
		var err error
		if n, err = strconv.Atoi(w.text); err != nil {
			return 0, false
		}
	}
	if n < 1 || n > when.MaxDistance {
		return 0, false
	}
	p.skip()
	return n, true
}

// distance reads two weeks, 10 to 14 days, 48 hours, a fortnight, a couple of weeks.
func (p *reader) distance() (d distance, ok bool) {
	switch p.one("a fortnight", "one fortnight", "half a year") {
	case 1, 2:
		return d.in(oneWeek, 2, 2), true
	case 3:
		return d.in(oneMonth, 6, 6), true
	}
	if u := p.next().unit; u != noUnit && u <= oneMonth && !p.next().plural() && p.peek(1).text == "or" && p.peek(2).text == "two" { // the next day or two
		d.least = 1
	} else if d.least, ok = p.count(); !ok {
		return d, false
	}
	d.most = d.least
	here := p.pos
	if p.one("to", "or") > 0 {
		if d.most, ok = p.count(); !ok || d.most <= d.least {
			p.pos, d.most = here, d.least
		}
	}
	p.one("calendar", "full", "more")
	switch {
	case p.one("hour", "hours") > 0:
		says := rangeText(d.least, d.most, "hour")
		d = d.in(oneDay, d.least/24, (d.most+23)/24)
		d.rough, d.says = true, says
		return d, true
	case p.one("fortnight", "fortnights") > 0:
		return d.in(oneWeek, 2*d.least, 2*d.most), true
	case p.next().unit == oneDay || p.next().unit == oneWeek || p.next().unit == oneMonth || p.next().unit == oneYear:
		u := p.next().unit
		p.skip()
		if d.most == 1 && p.take("or", "two") {
			d.most = 2
		}
		return d.in(u, d.least, d.most), true
	}
	if p.one("business", "working") > 0 && p.next().unit == oneDay {
		p.fail(here-1, "business days are counted by a calendar: write them as they are behind on:, by: or within:, and after the date from which they count, with calendar beside it")
	}
	return d, false
}

// in returns a distance in a unit.
func (d distance) in(u unit, least, most int) distance {
	d.least, d.most, d.unit = least, most, u
	d.says = rangeText(least, most, unitNames[u])
	return d
}

// rangeText writes 1 day, 14 days, 10 to 14 days.
func rangeText(least, most int, of string) string {
	switch {
	case least != most:
		return fmt.Sprintf("%d to %d %ss", least, most, of)
	case most == 1:
		return "1 " + of
	}
	return fmt.Sprintf("%d %ss", most, of)
}

// from returns the day that lies n units after a day, before it where n is negative.
func (d distance) from(day civil.Date, n int) civil.Date {
	switch d.unit {
	case oneWeek:
		return day.AddDays(7 * n)
	case oneMonth:
		return day.AddMonths(n)
	case oneYear:
		return day.AddMonths(12 * n)
	}
	return day.AddDays(n)
}

// about returns the days that lie at the distance from the dateline, as exactly as its unit says:
// in two weeks is a week about that day.
func (d distance) about(day civil.Date, back bool) stretch {
	least, most := d.from(day, d.least), d.from(day, d.most)
	if back {
		least, most = d.from(day, -d.most), d.from(day, -d.least)
	}
	half := map[unit]int{oneDay: 0, oneWeek: 3, oneMonth: 15, oneYear: 182}[d.unit]
	if half == 0 && least == most && !d.rough {
		return oneOn(least)
	}
	return span(least.AddDays(-half), most.AddDays(half))
}

// fromNow reads what is counted from the dateline: in two weeks, within 30 days, in the next two
// weeks, two weeks ago.
func (p *reader) fromNow() (noun, bool) {
	start := p.pos
	p.take("the")
	form := p.one("within the next", "within the coming", "within", "next", "coming", "less than", "under", "past", "last")
	d, ok := p.distance()
	if !ok || !p.inReach(d) {
		return noun{}, false
	}
	day := p.Dateline
	if form == 0 {
		return p.atDistance(d, start)
	}
	if p.one("of", "after", "before", "from", "following") > 0 {
		return noun{}, false
	}
	if form >= 8 {
		return noun{one: span(d.from(day, -d.most), day), shown: Past, prep: "in", says: "the past " + d.says}, true
	}
	if form > 3 && (start == 0 || !strings.Contains(" in over during within at ", " "+p.words[start-1].text+" ")) && (form > 5 || p.words[start].text != "the") {
		return noun{}, false
	}
	return noun{one: span(day, d.from(day, d.most)), shown: Future, prep: "in", quiet: true, says: "within " + d.says}, !p.past()
}

// inReach reports whether what lies so far from the dateline is still on the calendar.
func (p *reader) inReach(d distance) bool { return d.unit != oneYear || d.most <= 200 }

// atDistance reads what says which way a distance from the dateline goes.
func (p *reader) atDistance(d distance, start int) (noun, bool) {
	if p.one("ago", "earlier") == 1 {
		return noun{one: d.about(p.Dateline, true), shown: Past, says: d.says + " ago"}, true
	}
	in := start > 0 && p.words[start-1].text == "in"
	if p.one("from now", "hence") == 0 && !in {
		return noun{}, false
	}
	p.take("time")
	if p.one("of", "after", "before", "from", "following", "on", "later") > 0 {
		return noun{}, false
	}
	n := noun{one: d.about(p.Dateline, false), shown: Future, says: d.says + " from now"}
	if in {
		n.prep, n.says = "in", d.says
	}
	return n, !p.past()
}

// fromNoun reads what is counted from a day that is named: two weeks before 15 March, a week on
// Friday, the day after tomorrow, the eve of 1 May.
func (p *reader) fromNoun() (noun, bool) {
	start := p.pos
	p.one("the date that is", "the date which is", "the day that is")
	within := p.one("within", "at most", "no more than", "not more than", "up to", "less than", "fewer than") > 0
	d, ok := p.theDay()
	if !ok {
		if d, ok = p.distance(); !ok || !p.inReach(d) {
			return noun{}, false
		}
	}
	how := p.one("after", "from", "following", "before", "prior to", "ahead of", "on", "of")
	if today := p.next().text; how == 0 && d.unit == oneWeek && (today == "today" || today == "tomorrow") {
		how = 1
	}
	if how == 0 || how == 7 && (d.unit != oneWeek || p.next().weekday == 0) || how == 8 && !within && !d.eve || d.eve && how != 8 {
		return noun{}, false
	}
	p.one("on")
	n, ok := p.noun()
	if !ok {
		p.leans(start, d, how, within)
		return noun{}, false
	}
	if n.unit != oneDay {
		return p.countedFrom(n, d, how, within, start)
	}
	one := p.chosen
	if within || d.week || d.least != d.most {
		one = func(n noun) (stretch, bool) { return p.sure(n, start) }
	}
	s, ok := one(n)
	if !ok {
		return noun{}, false
	}
	return p.counted(s, n, d, how, within), true
}

// countedFrom returns what lies at a distance from the end of a time or its start: two weeks after
// the end of June, within ten days of the start of next month.
func (p *reader) countedFrom(n noun, d distance, how int, within bool, start int) (noun, bool) {
	s, ok := p.sure(n, start)
	if !ok || !n.edge || d.week || d.eve || d.rough || len(s.options) > 0 || how == 7 {
		return noun{}, false
	}
	out := noun{sign: 1, shown: n.shown, dated: n.dated, says: d.says + " after " + n.says, one: span(d.from(s.ends, d.least), d.from(s.last, d.most))}
	back := span(d.from(s.first, -d.most), d.from(s.begins, -d.least))
	switch {
	case within && how == 8:
		out.one, out.says = span(back.first, out.one.last), "within "+d.says+" of "+n.says
	case how >= 4 && how <= 6:
		out.one, out.sign, out.says = back, -1, d.says+" before "+n.says
		if within {
			out.one.ends, out.one.last = s.begins, s.begins
		}
	case within:
		out.one.first, out.one.begins = s.ends, s.ends
	}
	if within && how != 8 {
		out.says = "within " + out.says
	}
	return out, true
}

// leans reports that what is at the distance d is counted from something that is no date, and
// how to write that. What stands before it may turn it round, so what is not known there has
// no form that is sure to allow as much.
func (p *reader) leans(start int, d distance, how int, within bool) {
	if p.pos >= len(p.words) {
		return
	}
	p.far = max(p.far, p.pos+1)
	const counted = "it is counted from another event"
	length := rangeText(d.least, d.most, unitNames[d.unit])
	from := length + " after event:ID"
	if how >= 4 && how <= 6 || d.eve {
		from = length + " before event:ID"
	}
	before := joined(p.words[:start])
	exact := d.least == d.most && !d.week && !d.rough
	form := ""
	switch limit := limitOf(before); {
	case !exact:
	case within && before == "" && how == 8:
		form = fmt.Sprintf("within %[1]s after event:ID, or within %[1]s before event:ID", length)
	case within && before == "" || before == "up to":
		form = "within " + from
	case within:
	case before == "", before == "on", slices.Contains(inForce, before):
		form = from
	case slices.Contains(atLeast, before):
		form = "at least " + from
	case limit == "until":
		form = "by " + from
	case limit != "" && limit != "since":
		form = limit + " " + from
	}
	if form == "" {
		p.fail(start, counted+", and not to the day: write what it allows by the dates that lean on event:ID, with the id of that event")
		return
	}
	p.fail(start, "%s: write it as %s, with the id of that event", counted, form)
}

// theDay reads the day after, the day before, the 30th day after and the eve of, but for the last word.
func (p *reader) theDay() (distance, bool) {
	p.take("the")
	if (p.next().text == "day" || p.next().text == "week") && (p.peek(1).text == "after" || p.peek(1).text == "before" || p.peek(1).text == "following") {
		u := p.next().unit
		p.skip()
		return distance{least: 1, most: 1, unit: u, says: "the " + unitNames[u], week: u == oneWeek}, true
	}
	start := p.pos
	if n, ok := p.order(); ok && n > 0 && p.take("day") {
		return distance{}.in(oneDay, n, n), true
	}
	p.pos = start
	if p.take("eve") {
		return distance{least: 1, most: 1, unit: oneDay, says: "1 day", eve: true}, true
	}
	return distance{}, false
}

// counted returns what lies at a distance from s, or within it.
func (p *reader) counted(s stretch, n noun, d distance, how int, within bool) noun {
	sign, word := 1, " after "
	if how >= 4 && how <= 6 || d.eve {
		sign, word = -1, " before "
	}
	out := noun{unit: oneDay, sign: sign, shown: n.shown, dated: n.dated, says: d.says + word + n.says}
	near := s.moved(func(day civil.Date) civil.Date { return d.from(day, sign*d.least) })
	far := s.moved(func(day civil.Date) civil.Date { return d.from(day, sign*d.most) })
	switch {
	case within && how == 8 && !d.eve:
		back := s.moved(func(day civil.Date) civil.Date { return d.from(day, -d.most) })
		out.one, out.says = span(back.first, far.last), "within "+d.says+" of "+n.says
	case within:
		out.one, out.says = span(earlier(s.first, far.first), later(s.last, far.last)), "within "+out.says
	case d.week && sign > 0:
		out.one = span(s.first.AddDays(1), weekOf(s.last.AddDays(7)).last)
	case d.week:
		out.one = span(weekOf(s.first.AddDays(-7)).first, s.last.AddDays(-1))
	case d.least != d.most:
		out.one = span(earlier(near.first, far.first), later(near.last, far.last))
	default:
		out.one = far
	}
	exact := !within && !d.week && d.least == d.most
	out.one.unsure, out.one.hard = s.unsure, s.hard && (exact || len(s.options) == 0 && !d.week)
	if !exact {
		out.unit = noUnit
	}
	if d.week {
		out.prep, out.quiet = "in", true
	}
	return out
}
