package phrase

// pair is two times with a word between them.
type pair struct {
	a, b    noun
	joint   string // to, or, and
	opening string // from, between, or nothing
}

// pair reads two times with a word between them: from 28 March to 2 April 2026, March 9–12, 9 or
// 10 March, between March and May. What one of them leaves out it has from the other.
func (p *reader) pair() (noun, bool) {
	pr := pair{opening: []string{"", "from", "between", "either", "both", "from", "from", "from"}[p.one("from", "between", "either", "both", "beginning", "starting", "commencing")]}
	p.one("on", "in")
	start := p.pos
	for _, read := range []func(*reader, *pair) bool{(*reader).daysOfMonth, (*reader).monthAndDays, (*reader).twoNouns} {
		p.pos = start
		if read(p, &pr) {
			return p.joined(pr)
		}
	}
	return noun{}, false
}

// joint reads the word between the two.
func (p *reader) joint(pr *pair) bool {
	switch p.one("or", "and ending", "and concluding", "and closing", "to end", "and", "up to and including", "up to", "to", "until", "till", "through", "thru") {
	case 0:
		return false
	case 1:
		pr.joint = "or"
	case 2, 3, 4, 5:
		pr.joint = "to"
		return pr.opening == "from"
	case 6:
		pr.joint = "and"
	default:
		pr.joint = "to"
	}
	return (pr.joint == "and") == (pr.opening == "between") || pr.opening == "" || pr.opening == "both" && pr.joint == "and"
}

// daysOfMonth reads 9 to 12 March, the 9th to the 12th of March.
func (p *reader) daysOfMonth(pr *pair) bool {
	p.take("the")
	first := p.next()
	_, ok := first.day()
	if !ok {
		return false
	}
	p.skip()
	before := p.list()
	if !p.joint(pr) {
		return false
	}
	p.one("on")
	p.take("the")
	here := p.pos
	if pr.b, ok = p.aDate(); !ok || p.words[here].month > 0 || !pr.ends(before, p.words[here]) {
		return false
	}
	behind := append([]word{{text: "the", sense: senseOf("the")}, first}, p.words[here+1:p.pos]...)
	q := newReader(p.Context, behind)
	pr.a, ok = q.aDate()
	return ok && q.pos == len(behind)
}

// list reads the days between the first and the last of 9, 10, 11 and 12 March, each of which is the
// next, and returns the last of them, 0 for none.
func (p *reader) list() (last int) {
	for p.words[p.pos-1].comma {
		before, _ := p.words[p.pos-1].day()
		if n, ok := p.next().day(); !ok || n != before+1 {
			break
		}
		last, _ = p.next().day()
		p.skip()
	}
	return last
}

// ends reports whether the day in w ends a list whose last day before it is given, 0 for none, and
// takes the list for all of its days.
func (pr *pair) ends(before int, w word) bool {
	if before == 0 {
		return true
	}
	n, _ := w.day()
	fits := pr.joint == "and" && pr.opening == "" && n == before+1
	pr.joint = "to"
	return fits
}

// monthAndDays reads March 9 to 12.
func (p *reader) monthAndDays(pr *pair) bool {
	month := p.next()
	if month.month == 0 {
		return false
	}
	p.skip()
	p.take("the")
	first := p.next()
	if _, ok := first.day(); !ok {
		return false
	}
	p.skip()
	before := p.list()
	if !p.joint(pr) {
		return false
	}
	p.take("the")
	if _, ok := p.next().day(); !ok || p.peek(1).month > 0 || !pr.ends(before, p.next()) {
		return false
	}
	last := p.next()
	p.skip()
	years := p.words[p.pos:min(p.pos+2, len(p.words))]
	b := newReader(p.Context, append([]word{month, last}, years...))
	var ok bool
	if pr.b, ok = b.aDate(); !ok {
		return false
	}
	p.pos += b.pos - 2
	a := newReader(p.Context, append([]word{month, first}, b.words[2:b.pos]...))
	pr.a, ok = a.aDate()
	return ok
}

// twoNouns reads any two times.
func (p *reader) twoNouns(pr *pair) bool {
	var ok bool
	if pr.a, ok = p.noun(); !ok || pr.a.weekly && !pr.a.named {
		return false
	}
	if !p.joint(pr) {
		return false
	}
	again := p.one("on", "in", "by", "at") > 0
	pr.b, ok = p.noun()
	return ok && (again || pr.joint == "to" || pr.opening == "between" || pr.a.unit != oneDay || pr.b.unit != oneMonth) // 15 March or April
}

// joined returns what the two are together: each of the years, months or weeks in which they
// come, or the one that is named.
func (p *reader) joined(pr pair) (noun, bool) {
	n := noun{prep: pr.a.prep, quiet: pr.opening != "" || pr.a.unit == oneDay, shown: pr.b.shown, dated: pr.b.dated, weekly: pr.a.weekly}
	n.says = pr.a.says + " " + pr.joint + " " + pr.b.says
	if pr.joint != "to" && pr.a.unit == oneDay && pr.b.unit == oneMonth {
		n.says = pr.a.says + " " + pr.joint + " " + pr.b.words()
	}
	if pr.opening == "from" || pr.opening == "between" {
		n.says = pr.opening + " " + n.says
	}
	if pr.a.each == nil || pr.b.each == nil {
		var ok bool
		n.one, ok = p.joinedOnce(pr)
		return n, ok
	}
	n.each = func(i int) (stretch, bool) {
		a, ok := pr.a.each(i)
		if !ok {
			return stretch{}, false
		}
		b, ok := following(pr.b, a, i-1)
		if !ok {
			return stretch{}, false
		}
		return pr.join(a, b)
	}
	s, ok := p.chosen(n)
	if !ok || pr.a.weekly != pr.b.weekly || pr.a.unit != pr.b.unit && pr.a.grouping() || n.weekly && !s.first.After(p.Dateline) && !s.last.Before(p.Dateline) {
		return noun{}, false // of what goes on, the next one may be meant
	}
	return n, true
}

// grouping reports whether n is a quarter or a half, of which what stands behind it may be a part.
func (n noun) grouping() bool { return n.unit == oneQuarter || n.unit == oneHalf }

// joinedOnce returns what the two are where one of them is named with its year. The other has to be
// the same whether it takes its year from there or from the dateline.
func (p *reader) joinedOnce(pr pair) (stretch, bool) {
	a, ok := p.chosen(pr.a)
	b, good := p.chosen(pr.b)
	if !ok || !good || b.unsure || pr.a.each != nil && pr.a.unit != pr.b.unit && pr.a.grouping() {
		return stretch{}, false
	}
	if pr.a.each != nil && !pr.a.weekly {
		same, ok := preceding(pr.a, b)
		if ok && pr.a.unit == pr.b.unit && pr.joint != "to" && pr.opening != "between" && same.last.AddDays(1) == b.first {
			a = same // Q1 or Q2 2027: both have the year
		}
		if a.unsure && ok && 4*b.first.Sub(same.first) < b.first.Sub(a.first) {
			a = same // of two it is the one close by
		}
		if !ok || same.first != a.first {
			return stretch{}, false
		}
	}
	if a.unsure {
		return stretch{}, false
	}
	if pr.b.each != nil {
		next, ok := following(pr.b, a, -9)
		if !ok || b.first.After(a.last) && next.first != b.first {
			return stretch{}, false
		}
		b = next
	}
	return pr.join(a, b)
}

// following returns the first of b, from one on, that begins after a ends.
func following(b noun, a stretch, from int) (stretch, bool) {
	for i := from; i < from+18; i++ {
		if s, ok := b.each(i); ok && s.first.After(a.last) {
			return s, i > from || from > -9
		}
	}
	return stretch{}, false
}

// preceding returns the last of a that ends before b begins.
func preceding(a noun, b stretch) (stretch, bool) {
	for j := 9; j > -9; j-- {
		if s, ok := a.each(j); ok && s.last.Before(b.first) {
			return s, true
		}
	}
	return stretch{}, false
}

// join returns what a pair means: all days from the one to the other, some day of them, or one of
// the two.
func (pr pair) join(a, b stretch) (stretch, bool) {
	lapped := pr.joint == "or" && !a.hard && !b.hard && a.first.Before(b.first) && a.last.Before(b.last) // late this week or early next week
	if !a.last.Before(b.first) && !lapped || len(a.options)+len(b.options) > 0 {
		return stretch{}, false
	}
	touch := !b.first.After(a.last.AddDays(1))
	all := stretch{first: a.first, begins: a.begins, ends: b.ends, last: b.last, hard: a.hard && b.hard}
	switch {
	case pr.joint == "and" && pr.opening != "between":
		all.lasts = a.isDay() && b.isDay()
		return all, touch
	case pr.joint == "or":
		s := either(a, b)
		s.loose = a.loose
		return s, true
	case pr.opening != "between":
		all.lasts = a.isDay() && b.isDay()
	}
	return all, true
}
