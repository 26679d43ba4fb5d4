package phrase

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"attache/internal/civil"
	"attache/internal/prose"
)

// noun reads a time that words name: an anchor, a part of one, or a place at a distance from one.
// What was read at a word is kept, since several readings ask for it.
func (p *reader) noun() (noun, bool) {
	if w := p.next(); !w.opens && (w.text == "" || !isDigit(w.text[0])) {
		return noun{}, false
	}
	start := p.pos
	for _, m := range p.nouns {
		if m.start == start && m.tense == p.Tense && m.ahead == p.ahead {
			p.pos = m.end
			return m.noun, m.ok
		}
	}
	n, ok := p.anyNoun()
	p.nouns = append(p.nouns, memo{noun: n, start: start, end: p.pos, ok: ok, tense: p.Tense, ahead: p.ahead})
	return n, ok
}

func (p *reader) anyNoun() (noun, bool) {
	return p.longest((*reader).aDay, (*reader).aWeekday, (*reader).aUnit, (*reader).aWeekOf, (*reader).aDate, (*reader).aMonth,
		(*reader).wholeYear, (*reader).aSeason, (*reader).aGrouping, (*reader).aFiscalYear, (*reader).coming, (*reader).aFeast,
		(*reader).aThird, (*reader).aHalf, (*reader).anEdge, (*reader).anOrdinal, (*reader).beside, (*reader).aWeekNumber, (*reader).aLaterMonth, (*reader).aWeekend, (*reader).aPartOfDay, (*reader).rest,
		(*reader).fromNow, (*reader).fromNoun)
}

// aDay reads today, tomorrow, yesterday and now, and their parts.
func (p *reader) aDay() (noun, bool) {
	n := noun{unit: oneDay, shown: Future}
	away := 0
	switch which := p.one("yesterday", "today", "tomorrow", "now", "tonight", "last night", "overnight"); which {
	case 0:
		return noun{}, false
	case 1, 2, 3:
		away = which - 2
		n.says = []string{"yesterday", "today", "tomorrow"}[which-1] + p.partOfDay()
		n.shown = []Tense{Past, Unsaid, Future}[which-1]
	case 4:
		n.says, n.shown = "today", Unsaid
	case 5:
		n.says = "tonight"
	case 6:
		away, n.says, n.shown = -1, "last night", Past
	default:
		return p.overnight()
	}
	n.one = oneOn(p.Dateline.AddDays(away))
	return n, true
}

// overnight reads the night about the dateline, or between two days of the week.
func (p *reader) overnight() (noun, bool) {
	d := p.Dateline
	start := p.pos
	p.one("from", "on", "between")
	if a, ok := p.aWeekday(); ok && p.one("to", "into", "and") > 0 {
		if b, ok := p.aWeekday(); ok {
			s, good := p.chosen(a)
			next := s.plus(1)
			if last, same := p.chosen(b); !good || !same || s.unsure || s.last.AddDays(1) != last.first && last.options == nil || next.first.Weekday().String() != b.says {
				return noun{}, false
			}
			s = stretch{first: s.first, begins: next.first, ends: s.first, last: next.last, hard: true}
			return noun{one: s, unit: oneDay, says: "overnight " + a.says + " to " + b.says}, true
		}
	}
	p.pos = start
	s := span(d.AddDays(-1), d.AddDays(1))
	switch p.Tense {
	case Past:
		s = span(s.first, d)
	case Future:
		s = span(d, s.last)
	}
	return noun{one: s, says: "overnight"}, true
}

// partOfDay reads the part of a day that stands behind it, and returns it as it is written
// there, "" for none. The day is what it allows: nobody says where the evening ends.
func (p *reader) partOfDay() string {
	if p.next().part {
		part := " " + p.next().text
		p.skip()
		return part
	}
	return ""
}

// aPartOfDay reads this morning, the evening of 5 March, early on Friday.
func (p *reader) aPartOfDay() (noun, bool) {
	if p.take("this") {
		if part := p.partOfDay(); part != "" {
			return noun{one: oneOn(p.Dateline), unit: oneDay, says: "this" + part}, true
		}
		return noun{}, false
	}
	p.take("the")
	part := p.partOfDay()
	switch {
	case part != "" && p.one("of", "on") > 0:
		part = "the" + part + " of "
	case part == "" && p.one("early hours of", "small hours of") > 0:
		part = "the early hours of "
	case part == "" && p.one("end of day", "end of the day", "end of business", "end of the working day", "close of business", "cob", "eod", "end of") > 0:
		return p.endOfDay()
	default:
		return noun{}, false
	}
	n, ok := p.noun()
	if n.unit != oneDay {
		return noun{}, false
	}
	n.prep, n.says = "", part+n.says
	return n, ok
}

// endOfDay reads what has an end of the day: that day, in which it is before the end, and perhaps
// after the close of business too.
func (p *reader) endOfDay() (noun, bool) {
	p.one("of", "on")
	n, ok := p.noun()
	if !ok || n.unit != oneDay {
		return noun{}, false
	}
	n = n.part(func(s stretch) (stretch, bool) {
		s.begins, s.ends = s.last.AddDays(1), s.first.AddDays(-1)
		return s, true
	})
	n.named, n.prep, n.says = false, "at", "the end of the day on "+n.says
	return n, ok && !n.none()
}

// aWeekday reads Thursday, this or next Thursday and last Thursday, a week on Thursday, and the
// day of the week before a date. Newspapers name the day of the week only within seven days, so
// that a bare one never means a day further off.
func (p *reader) aWeekday() (noun, bool) {
	start := p.pos
	which := p.one("next", "last", "this coming", "this", "this past", "the coming", "coming")
	if which == 0 && p.take("the") {
		return noun{}, false
	}
	w := p.next()
	if w.weekday == 0 {
		return noun{}, false
	}
	p.skip()
	n := p.everyWeekday(time.Weekday(w.weekday - 1))
	d, _ := n.each(0)
	if d.first == p.Dateline {
		d = d.plus(7)
	}
	before := d.plus(-7)
	if before.first == p.Dateline {
		before = before.plus(-7)
	}
	switch which {
	case 1:
		n.one, n.shown, n.says = either(d, d.plus(7)), Future, "next "+n.says
	case 2:
		n.one, n.shown, n.says = either(before.plus(-7), before), Past, "last "+n.says
	case 3, 6, 7:
		n.one, n.shown, n.says = d, Future, "this coming "+n.says
	case 5:
		n.one, n.shown, n.says = before, Past, "this past "+n.says
	case 4:
		n.says = "this " + n.says
	default:
		return p.bareWeekday(n, start)
	}
	if which != 4 {
		n.each, n.named = nil, false
	}
	n.quiet = true
	n.says += p.partOfDay()
	return n, true
}

// bareWeekday reads what may stand behind the day of a week: a part of the day, its date, or
// week, which is a week on.
func (p *reader) bareWeekday(n noun, start int) (noun, bool) {
	if part := p.partOfDay(); part != "" {
		n.says += part
		return n, true
	}
	here := p.pos
	p.take("the")
	if date, ok := p.aDate(); ok {
		return p.onWeekday(date, start)
	}
	p.pos = here
	if p.one("of", "in"); p.pos == here || p.next().text == "next" || p.next().text == "this" || p.next().text == "the" {
		if week, ok := p.aUnitWeek(); ok {
			return p.dayOfWeek(n, week)
		}
	}
	p.pos = here
	if p.take("week") && !p.take("of") {
		s, ok := p.chosen(n)
		return noun{one: s.plus(7), unit: oneDay, shown: Future, says: "1 week after " + n.says}, ok
	}
	p.pos = here
	return n, true
}

// aUnitWeek reads a week: next week, the week of 9 March.
func (p *reader) aUnitWeek() (noun, bool) {
	w, ok := p.longest((*reader).aUnit, (*reader).aWeekOf)
	return w, ok && w.unit == oneWeek
}

// dayOfWeek returns the day of a name in a week; where the week can be one of two, that in each.
func (p *reader) dayOfWeek(n, week noun) (noun, bool) {
	day, _ := n.each(0)
	s, ok := p.chosen(week)
	a, okA := s.weekdayFrom(s.first, day.first.Weekday())
	b, okB := s.weekdayFrom(s.begins, day.first.Weekday())
	n.one, n.each, n.named, n.shown = a, nil, false, week.shown
	if a.first != b.first {
		n.one = either(a, b)
	}
	n.says += " of " + week.says
	return n, ok && okA && okB
}

// onWeekday returns the date that has to fall on the day of the week at start, which says which
// of two it is.
func (p *reader) onWeekday(date noun, start int) (noun, bool) {
	day := time.Weekday(p.words[start].weekday - 1)
	s, ok := p.chosen(date)
	if !ok {
		return noun{}, false
	}
	for _, o := range s.options {
		if o.First.Weekday() == day {
			date.one, date.each = oneOn(o.First), nil
			date.says = dayMonth(o.First.Day, o.First.Month) + " " + strconv.Itoa(o.First.Year)
			return date, true
		}
	}
	if s.first.Weekday() != day {
		p.fail(start, "%s is a %s, not a %s", civil.Short(s.first), s.first.Weekday().String(), day.String())
		return noun{}, false
	}
	return date, true
}

// aYear is a year that a phrase names.
type aYear struct {
	year  int
	says  string
	loose bool // whether it is that of the dateline
	shown Tense
	dated bool
}

// duringYear are the words behind which the new year is more than its first day.
var duringYear = strings.Fields("in of during throughout early mid late")

// someYear reads 2026, next year, this year, last year, the year or the year after next.
func (p *reader) someYear() (aYear, bool) {
	d := p.Dateline.Year
	here := p.pos
	if p.one("calendar year", "the calendar year", "year", "the year") > 0 {
		if _, ok := p.next().year(); !ok {
			p.pos = here
		}
	}
	which := p.one("next year", "this year", "the year after next", "the year", "last year", "the current year")
	if which == 4 && slices.Contains(tellsWhich, p.next().text) {
		p.pos = here
		return aYear{}, false
	}
	switch which {
	case 1:
		return aYear{d + 1, "next year", false, Future, true}, true
	case 2, 4, 6:
		return aYear{d, "this year", true, Unsaid, true}, true
	case 3:
		return aYear{d + 2, "the year after next", false, Future, true}, true
	case 5:
		return aYear{d - 1, "last year", false, Past, true}, true
	}
	if p.Dateline.Month > time.June && (p.pos == 0 || slices.Contains(duringYear, p.words[p.pos-1].text)) && p.next().text == "the" && p.peek(3).text != "day" && p.peek(3).text != "eve" && p.take("the", "new", "year") {
		return aYear{d + 1, "next year", false, Future, true}, true
	}
	y, ok := p.next().year()
	if !ok || y < p.min || y > p.max {
		return aYear{}, false
	}
	p.skip()
	return aYear{y, strconv.Itoa(y), false, Unsaid, true}, true
}

// ofYear reads the year that may stand behind what comes once a year, and returns that of this
// year, or of each.
func (p *reader) ofYear(says string, of func(year int) (stretch, bool)) noun {
	start := p.pos
	from := p.one("of", "in")
	y, ok := p.someYear()
	if ok && p.next().unit > 0 { // 2026 weeks
		ok = false
	}
	if !ok {
		p.pos = start
		n := p.yearly(of)
		n.says = says
		return n
	}
	s, _ := of(y.year)
	s.loose = y.loose
	n := noun{one: s, shown: y.shown, dated: true, says: says + " " + y.says}
	if from == 2 && !isDigit(y.says[0]) || from == 1 && y.says[0] == 't' {
		n.says = says + " of " + y.says
	}
	return n
}

// wholeYear reads 2026 and its kin.
func (p *reader) wholeYear() (noun, bool) {
	y, ok := p.someYear()
	if !ok || p.next().unit > 0 && !isDigit(y.says[0]) {
		return noun{}, false
	}
	n := noun{one: monthsOf(y.year, 1, 12), unit: oneYear, shown: y.shown, dated: true, says: y.says}
	n.one.loose = y.loose
	if isDigit(y.says[0]) || p.pos > 1 && p.words[p.pos-2].text == "new" {
		n.prep, n.quiet = "in", !isDigit(y.says[0])
	}
	return n, true
}

// aDate reads 17 February, 17th of February, Feb. 17, 17 February next year, 2026-02-17, the 17th
// and the 17th of next month.
func (p *reader) aDate() (noun, bool) {
	start := p.pos
	if w := p.next().text; w != "" && isDigit(w[0]) && len(w) > 4 {
		if d, err := civil.ParseDate(w); err == nil {
			p.skip()
			return noun{one: oneOn(d), unit: oneDay, dated: true, prep: "on", says: dayMonth(d.Day, d.Month) + " " + strconv.Itoa(d.Year)}, true
		}
	}
	month := p.next().month
	if month > 0 {
		p.skip()
	}
	the := p.take("the")
	day, ok := p.next().day()
	if !ok && month == 0 {
		return p.spelledDay(start)
	}
	if !ok || the && month > 0 {
		return noun{}, false
	}
	suffixed := !isDigit(p.next().text[len(p.next().text)-1])
	p.skip()
	if month == 0 {
		here := p.pos
		p.take("of")
		if month = p.next().month; month == 0 {
			p.pos = here
			return p.dayOfMonth(day, the || suffixed && start > 0)
		}
		p.skip()
	}
	return p.dayIn(day, month, start)
}

// spelledDay reads the first of May, and the twenty-first.
func (p *reader) spelledDay(start int) (noun, bool) {
	day, ok := p.order()
	if !ok || day < 1 || !p.take("of") {
		return noun{}, false
	}
	month := p.next()
	if month.month == 0 || month.owner {
		return noun{}, false
	}
	p.skip()
	return p.dayIn(day, month.month, start)
}

// aLaterMonth reads the month following 1 April, and the second month after it.
func (p *reader) aLaterMonth() (noun, bool) {
	p.take("the")
	n, placed := p.order()
	if !placed {
		n = 1
	}
	if n < 1 || !p.take("month") || p.one("following", "after") != 1 && !placed {
		return noun{}, false
	}
	of, ok := p.noun()
	if !ok || of.unit != oneDay && of.unit != oneMonth {
		return noun{}, false
	}
	out := of.part(func(s stretch) (stretch, bool) {
		first := civil.Date{Year: s.last.Year, Month: s.last.Month, Day: 1}.AddMonths(n)
		return monthsOf(first.Year, int(first.Month), 1), s.first.Month == s.last.Month
	})
	out.unit, out.prep, out.named, out.weekly, out.says = oneMonth, "in", false, false, "the "+ordinal(n)+" month after "+of.says
	return out, !out.none()
}

// dayIn reads the year that may stand behind a day of a month.
func (p *reader) dayIn(day int, month time.Month, start int) (noun, bool) {
	n := p.ofYear(dayMonth(day, month), func(year int) (stretch, bool) {
		return oneOn(civil.Date{Year: year, Month: month, Day: day}), day >= 1 && day <= civil.DaysIn(year, int(month))
	})
	if day < 1 || day > civil.DaysIn(2000, int(month)) || n.each == nil && day > civil.DaysIn(n.one.first.Year, int(month)) { // 2000 is a leap year
		p.fail(start, "%s has no day %d", month.String(), day)
		return noun{}, false
	}
	n.unit, n.prep = oneDay, "on"
	return n, true
}

func dayMonth(day int, month time.Month) string { return fmt.Sprintf("%d %s", day, month) }

// dayOfMonth returns the 15th, of the month that is named or of each.
func (p *reader) dayOfMonth(day int, the bool) (noun, bool) {
	if !the || day < 1 || day > 31 {
		return noun{}, false
	}
	in := func(first civil.Date) (stretch, bool) {
		return oneOn(first.AddDays(day - 1)), day <= civil.DaysIn(first.Year, int(first.Month))
	}
	says := "the " + prose.Ordinal(day)
	if p.take("of") {
		m, ok := p.aUnit()
		if !ok || m.unit != oneMonth {
			return noun{}, false
		}
		s, ok := in(m.one.first)
		s.loose = m.one.loose
		return noun{one: s, unit: oneDay, shown: m.shown, prep: "on", says: says + " of " + m.says}, ok
	}
	n := p.monthly(in)
	n.unit, n.prep, n.says = oneDay, "on", says
	return n, true
}

// beforeMay are the words behind which "may" is the month.
var beforeMay = strings.Fields("in of early mid late by before until till through after since around than to end next last this or and from between ahead")

// aMonth reads March, March 2026, next, last or this March, and 2026-03. A "may" that no word and
// no number shows to be the month is refused: it is mostly the verb.
func (p *reader) aMonth() (noun, bool) {
	if w := p.next().text; w != "" && isDigit(w[0]) && len(w) > 4 {
		if m, err := civil.ParsePeriod(w); err == nil && m.Month > 0 && m.Month <= 12 && m.Day == 0 {
			p.skip()
			return noun{one: monthsOf(m.Year, m.Month, 1), unit: oneMonth, dated: true, prep: "in", says: fmt.Sprintf("%s %d", time.Month(m.Month), m.Year)}, true
		}
	}
	which := p.one("next", "last", "this", "this coming", "the coming")
	if p.next().month == 0 && which == 0 {
		p.one("the month of")
	}
	start, month := p.pos, p.next().month
	if month == 0 {
		return noun{}, false
	}
	p.skip()
	of := func(year int) (stretch, bool) { return monthsOf(year, int(month), 1), true }
	if which > 0 {
		n, ok := p.whichYear(which, of)
		n.unit, n.says = oneMonth, []string{"next ", "last ", "this ", "next ", "next "}[which-1]+month.String()
		return n, ok
	}
	n := p.ofYear(month.String(), of)
	paired := p.peek(1).month > 0 && p.peek(1).month != month && slices.Contains([]string{"or", "and", "to", "through"}, p.next().text)
	if _, day := p.next().day(); n.each != nil && month == time.May && !day && !paired && (start == 0 || !slices.Contains(beforeMay, p.words[start-1].text)) {
		p.fail(start, "may is the month only in words such as in May or 2 May")
		return noun{}, false
	}
	n.unit, n.prep = oneMonth, "in"
	return n, true
}

// whichYear returns what "next", "last" and "this" make of what comes once a year: the one of
// next year, and that of this year too where it is yet to come; and so of last year. This one
// is the next or the last by the tense, and where none is said both if it has been.
func (p *reader) whichYear(which int, of func(year int) (stretch, bool)) (noun, bool) {
	y := p.Dateline.Year
	this, _ := of(y)
	next, ok := of(y + 1)
	last, _ := of(y - 1)
	n := noun{}
	switch {
	case which == 3 && p.past():
		n.one, ok = p.onSide(p.yearly(of), Past, false)
	case which == 3 && (p.Tense == Future || !this.last.Before(p.Dateline)):
		n.one, ok = p.onSide(p.yearly(of), Future, false)
	case which == 3:
		n.one = either(this, next)
		n.one.unsure = true
	case which == 2 && this.last.Before(p.Dateline):
		n.one, n.shown = either(last, this), Past
	case which == 2:
		n.one, n.shown = last, Past
	case this.first.After(p.Dateline):
		n.one, n.shown = either(this, next), Future
	default:
		n.one, n.shown = next, Future
	}
	return n, ok
}

// aSeason reads this, next or last autumn, and autumn 2026. One that goes on into the next year
// begins in the one that is named, as 2026-24 does in EDTF; package when warns of it.
func (p *reader) aSeason() (noun, bool) {
	start := p.pos
	which := p.one("this", "next", "last", "the")
	code := p.next().season
	if code == 0 {
		return noun{}, false
	}
	p.skip()
	name := seasonNames[code-civil.Spring]
	of := func(year int) (stretch, bool) {
		s := civil.SeasonOf(year, code, p.South)
		return stretch{first: s.First(), begins: s.Begins(), ends: s.Ends(), last: s.Last()}, true
	}
	n := noun{unit: oneSeason, says: name}
	ok := true
	switch which {
	case 1:
		n, ok = p.whichYear(3, of)
		n.unit, n.says = oneSeason, "this "+name
	case 2:
		if n.one, _ = of(p.Dateline.Year); !n.one.first.After(p.Dateline) {
			n.one, _ = of(p.Dateline.Year + 1)
		}
		n.shown, n.says = Future, "next "+name
	case 3:
		for i := 0; i < 2; i++ {
			if n.one, _ = of(p.Dateline.Year - i); n.one.last.Before(p.Dateline) {
				break
			}
		}
		n.shown, n.says = Past, "last "+name
	default:
		n = p.ofYear(name, of)
		if n.unit, n.prep = oneSeason, "in"; n.each != nil && p.Tense == Unsaid {
			p.fail(start, "which %s? write this %s, next %s or the year", name, name, name)
			return noun{}, false
		}
	}
	return n, ok
}

// aGrouping reads a quarter or a half of a year: Q1 2026, 2026-Q1, the first quarter of 2026, the
// second half of next year.
func (p *reader) aGrouping() (noun, bool) {
	i, months, year, ok := p.grouping()
	if !ok {
		return noun{}, false
	}
	of := func(year int) (stretch, bool) { return monthsOf(year, 1+months*(i-1), months), true }
	says := "the " + ordinal(i) + map[int]string{3: " quarter", 6: " half"}[months]
	n := noun{dated: true, says: fmt.Sprint(says, " of ", year)}
	if n.one, _ = of(year); year == 0 {
		n = p.ofYear(says, of)
		n.says = strings.Replace(strings.Replace(n.says, " of ", " ", 1), says+" ", says+" of ", 1)
	}
	n.unit, n.prep = map[int]unit{3: oneQuarter, 6: oneHalf}[months], "in"
	return n, true
}

// grouping reads the number of a quarter or half, its months and the year where that stands in
// the same word.
func (p *reader) grouping() (n, months, year int, ok bool) {
	p.take("the")
	start := p.pos
	if n, ok = p.order(); ok {
		switch p.next().text {
		case "quarter":
			months = 3
		case "half":
			months = 6
		default:
			return 0, 0, 0, false
		}
		p.skip()
		if n < 0 {
			n = 12 / months
		}
		return n, months, 0, n <= 12/months
	}
	p.pos = start
	code := p.next().text
	if dated(code) {
		if year, ok = (word{text: code[:4]}).year(); !ok {
			return 0, 0, 0, false
		}
		code = code[5:]
	}
	for i, c := range []string{"q1", "q2", "q3", "q4", "h1", "h2"} {
		if code != c && code != c[1:]+c[:1] {
			continue
		}
		p.skip()
		if i < 4 {
			return i + 1, 3, year, true
		}
		return i - 3, 6, year, true
	}
	return 0, 0, 0, false
}

// coming reads the coming days, weeks or months, those ahead, and behind "in" or "within" a few
// of them.
func (p *reader) coming() (noun, bool) {
	in := p.pos > 0 && (p.words[p.pos-1].text == "within" || p.words[p.pos-1].text == "in")
	in = p.take("within") || in
	p.take("the")
	coming := p.one("coming", "next few", "coming few", "next couple of", "next several") > 0 || in && p.one("next", "a few", "several", "a couple of") > 0
	u := p.next().unit
	if u != oneDay && u != oneWeek && u != oneMonth || p.next().text != unitNames[u]+"s" {
		return noun{}, false
	}
	p.skip()
	if !coming && !p.take("ahead") && !in || p.one("ago", "after", "before", "of", "later", "earlier", "from") > 0 {
		return noun{}, false
	}
	d := p.Dateline
	n := noun{one: span(d.AddDays(1), d.AddDays(map[unit]int{oneDay: 7, oneWeek: 56, oneMonth: 365}[u])), shown: Future, prep: "in"}
	n.says = map[unit]string{oneDay: "the coming days", oneWeek: "the coming weeks", oneMonth: "the months ahead"}[u]
	return n, true
}
