package phrase

import (
	"time"

	"attache/internal/civil"
)

// stretch is what words mean of the calendar: days from first to last. What has no sharp ends
// begins on some day from first to begins, and ends on some day from ends to last.
type stretch struct {
	first, begins, ends, last civil.Date
	options                   []Days // of which it is one
	hard                      bool   // whether its ends were named, and are no convention
	loose                     bool   // whether the dateline says which one it is
	unsure                    bool   // whether it can be either of options, which lie far apart
	lasts                     bool   // whether it is all of the days
}

// span returns the days from first to last.
func span(first, last civil.Date) stretch {
	return stretch{first: first, begins: first, ends: last, last: last}
}

// oneOn returns the day d.
func oneOn(d civil.Date) stretch {
	s := span(d, d)
	s.hard = true
	return s
}

// isDay reports whether s is one day that was named.
func (s stretch) isDay() bool { return s.hard && s.first == s.last }

// days returns the days of s.
func (s stretch) days() Days { return Days{s.first, s.last} }

// either returns one of two stretches, or all from the one to the other where they touch.
func either(a, b stretch) stretch {
	if b.first.Before(a.first) {
		a, b = b, a
	}
	s := stretch{first: a.first, begins: b.begins, ends: a.ends, last: b.last, hard: a.hard && b.hard}
	if !s.hard && !b.first.After(a.last.AddDays(1)) {
		return stretch{first: a.first, begins: a.begins, ends: b.ends, last: b.last}
	}
	for _, o := range []stretch{a, b} {
		if s.options = append(s.options, o.options...); len(o.options) == 0 {
			s.options = append(s.options, o.days())
		}
	}
	return s
}

// moved returns s, each of its days moved.
func (s stretch) moved(by func(civil.Date) civil.Date) stretch {
	s.first, s.begins, s.ends, s.last = by(s.first), by(s.begins), by(s.ends), by(s.last)
	var options []Days
	for _, o := range s.options {
		options = append(options, Days{by(o.First), by(o.Last)})
	}
	s.options, s.loose = options, false
	return s
}

// plus returns s some days later.
func (s stretch) plus(n int) stretch {
	return s.moved(func(d civil.Date) civil.Date { return d.AddDays(n) })
}

// monthsOf returns n months of a year from one on.
func monthsOf(year, month, n int) stretch { return span(civil.MonthsOf(year, month, n)) }

// weekOf returns the week that holds d: the one from Monday or the one from Sunday.
func weekOf(d civil.Date) stretch {
	monday := d.AddDays(-(int(d.Weekday()+6) % 7))
	sunday := d.AddDays(-int(d.Weekday()))
	if sunday.Before(monday) {
		monday, sunday = sunday, monday
	}
	return stretch{first: monday, begins: sunday, ends: monday.AddDays(6), last: sunday.AddDays(6)}
}

// The parts of a stretch: each cuts the earliest and the latest time that it can be alike, so
// that the part of what has no sharp ends holds all that it can mean.

// cut returns the days of s from a to b of its length, which is counted in parts.
func (s stretch) cut(a, b, parts int) stretch {
	at := func(first, last civil.Date, n int) civil.Date {
		return first.AddDays((last.Sub(first) + 1) * n / parts)
	}
	if s.first.Day == 1 && s.last.AddDays(1).Day == 1 { // in whole months where they can be parted
		if n := 12*(s.last.Year-s.first.Year) + int(s.last.Month-s.first.Month) + 1; n%parts == 0 {
			at = func(first, _ civil.Date, k int) civil.Date { return first.AddMonths(n / parts * k) }
		}
	}
	return stretch{
		first: at(s.first, s.ends, a), begins: at(s.begins, s.last, a),
		ends: at(s.first, s.ends, b).AddDays(-1), last: at(s.begins, s.last, b).AddDays(-1),
	}
}

// third returns the early, the middle or the late part of s. Of a month it is ten days, or what
// is left; of a week the working days share their middle.
func (s stretch) third(n int, of unit) stretch {
	switch of {
	case oneMonth:
		out := span(s.first.AddDays(10*(n-1)), s.first.AddDays(10*n-1))
		if n == 3 {
			out.ends, out.last = s.last, s.last
		}
		return out
	case oneWeek:
		from, to := []int{0, 1, 3}[n-1], []int{3, 4, 7}[n-1]
		return stretch{first: s.first.AddDays(from), begins: s.begins.AddDays(from), ends: s.ends.AddDays(to - 7), last: s.last.AddDays(to - 7)}
	}
	return s.cut(n-1, n, 3)
}

// half returns the first or the second half of s, of a month the days to the 15th.
func (s stretch) half(n int, of unit) stretch {
	if of == oneMonth {
		middle := s.first.AddDays(14)
		if n == 1 {
			return span(s.first, middle)
		}
		return span(middle.AddDays(1), s.last)
	}
	if of == oneWeek { // its middle day is in both
		if n == 1 {
			return stretch{first: s.first, begins: s.begins, ends: s.ends.AddDays(-3), last: s.last.AddDays(-3)}
		}
		return stretch{first: s.first.AddDays(3), begins: s.begins.AddDays(3), ends: s.ends, last: s.last}
	}
	return s.cut(n-1, n, 2)
}

// edge returns the last days of s or the first: a sixth of it, of a month five days, and of a week
// its last working day with the days off.
func (s stretch) edge(end bool, of unit) stretch {
	n := map[unit]int{oneWeek: 3, oneMonth: 5}[of]
	switch {
	case n == 0 && end:
		return s.cut(5, 6, 6)
	case n == 0:
		return s.cut(0, 1, 6)
	case end:
		return stretch{first: s.ends.AddDays(1 - n), ends: s.ends, last: s.last}
	}
	return stretch{first: s.first, begins: s.begins, last: s.begins.AddDays(n - 1)}
}

// end returns the last days of s. Its last day is before the end, and no day of s is after it.
func (s stretch) end(of unit) stretch {
	e := s.edge(true, of)
	e.begins, e.ends = s.last.AddDays(1), s.ends
	return e
}

// start returns the first days of s. No day of s is before it.
func (s stretch) start(of unit) stretch {
	e := s.edge(false, of)
	e.begins, e.ends = s.begins, s.first
	return e
}

// week returns the n-th week of s, the last one where n is -1: of seven days each, of the weeks
// that lie in it, and of those of which a part does.
func (s stretch) week(n int) (stretch, bool) {
	var out stretch
	hull := func(first, last civil.Date) {
		if first.Before(s.first) {
			first = s.first
		}
		if last.After(s.last) {
			last = s.last
		}
		if out.first.IsZero() {
			out = span(first, last)
			return
		}
		out = stretch{first: earlier(out.first, first), begins: later(out.begins, first), ends: earlier(out.ends, last), last: later(out.last, last)}
	}
	if n < 0 {
		hull(s.last.AddDays(-6), s.last)
	} else {
		hull(s.first.AddDays(7*(n-1)), s.first.AddDays(7*n-1))
	}
	for _, begin := range []time.Weekday{time.Sunday, time.Monday} {
		part := s.first.AddDays(-(int(s.first.Weekday()-begin+7) % 7))
		if n < 0 {
			part = s.last.AddDays(-(int(s.last.Weekday()-begin+7) % 7))
			hull(part, part.AddDays(6))
			if part.AddDays(6).After(s.last) {
				hull(part.AddDays(-7), part.AddDays(-1))
			}
			continue
		}
		part = part.AddDays(7 * (n - 1))
		hull(part, part.AddDays(6))
		if s.first.Weekday() != begin {
			hull(part.AddDays(7), part.AddDays(13))
		}
	}
	return out, !out.last.Before(out.first) && s.last.Sub(s.first) >= 27 && !s.first.AddDays(7*(n-1)).After(s.last)
}

// day returns the n-th day of s, the last one where n is -1.
func (s stretch) day(n int) (stretch, bool) {
	d := s.first.AddDays(n - 1)
	if n < 0 {
		d = s.last
	}
	return oneOn(d), s.first == s.begins && s.ends == s.last && !d.After(s.last)
}

// weekend returns the n-th weekend of s, the last one where n is -1: with one that s cuts in two,
// or without it.
func (s stretch) weekend(n int) (stretch, bool) {
	saturday, ok := s.weekday(n, time.Saturday)
	sunday, good := s.weekday(n, time.Sunday)
	a, b := span(saturday.first, saturday.first.AddDays(1)), span(sunday.first.AddDays(-1), sunday.first)
	if a.first == b.first {
		return a, ok && good
	}
	return either(a, b), ok && good
}

// run returns the first so many days, weeks, months or quarters of s, or the last where n is -1.
// Of ten days a month has a second run and a third.
func (s stretch) run(n, many int, u, of unit) (stretch, bool) {
	if many == 10 && u == oneDay && of == oneMonth && n <= 3 {
		if n < 0 {
			n = 3
		}
		return s.third(n, oneMonth), true
	}
	var out stretch
	switch {
	case n != 1 && n != -1:
		return out, false
	case u == oneDay && n > 0:
		out = stretch{first: s.first, begins: s.begins, ends: s.first.AddDays(many - 1), last: s.begins.AddDays(many - 1)}
	case u == oneDay:
		out = stretch{first: s.ends.AddDays(1 - many), begins: s.last.AddDays(1 - many), ends: s.ends, last: s.last}
	case u == oneWeek && n > 0:
		a, _ := s.week(1)
		b, ok := s.week(many)
		return stretch{first: a.first, begins: a.begins, ends: b.ends, last: b.last}, ok
	case u == oneWeek:
		a, ok := s.week(-1)
		return stretch{first: a.first.AddDays(7 - 7*many), begins: a.begins.AddDays(7 - 7*many), ends: a.ends, last: a.last}, ok && !a.first.AddDays(7-7*many).Before(s.first)
	case (u == oneMonth || u == oneQuarter) && s.first.Day == 1 && s.last.AddDays(1).Day == 1 && s.first == s.begins && s.ends == s.last:
		if u == oneQuarter {
			many *= 3
		}
		out = span(s.first, s.first.AddMonths(many).AddDays(-1))
		if n < 0 {
			out = span(s.last.AddDays(1).AddMonths(-many), s.last)
		}
	default:
		return out, false
	}
	return out, !out.first.Before(s.first) && !out.last.After(s.last)
}

// weekday returns the n-th such day of the week of s, the last one where n is -1.
func (s stretch) weekday(n int, day time.Weekday) (stretch, bool) {
	d := s.first.AddDays(int(day-s.first.Weekday()+7)%7 + 7*(n-1))
	if n < 0 {
		d = s.last.AddDays(-(int(s.last.Weekday()-day+7) % 7))
	}
	return oneOn(d), s.first == s.begins && s.ends == s.last && !d.After(s.last) && !d.Before(s.first)
}

// weekdayFrom returns the first such day of the week from a day on, and whether it is one of s.
func (s stretch) weekdayFrom(from civil.Date, day time.Weekday) (stretch, bool) {
	d := from.AddDays(int(day-from.Weekday()+7) % 7)
	return oneOn(d), !d.After(s.last)
}

func earlier(a, b civil.Date) civil.Date {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b civil.Date) civil.Date {
	if a.Before(b) {
		return b
	}
	return a
}
