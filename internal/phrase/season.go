package phrase

import (
	"fmt"
	"strings"

	"attache/internal/civil"
	"attache/internal/syntax"
)

// aSeason reads this autumn, next autumn or autumn 2026.
func (p *reader) aSeason() (stretch, bool) {
	start := p.pos
	which := p.one("this", "next")
	if which == 0 {
		p.take("the")
	}
	code, ok := p.seasonName()
	if !ok {
		return stretch{}, false
	}
	name := []string{"spring", "summer", "autumn", "winter"}[code-civil.Spring]
	of := func(year int) (stretch, bool) { return seasonStretch(civil.SeasonOf(year, code, p.South)), true }
	var s stretch
	switch which {
	case 1:
		p.ahead = false
		s, ok = p.choose(of)
		s.says = "this " + name
	case 2:
		next := *p
		next.Tense, next.ahead = Future, true
		s, ok = next.choose(of)
		s.loose, s.says = false, "next "+name
	default:
		s, ok = p.seasonOfYear(start, name, code)
	}
	return s, ok
}

// seasonOfYear reads the year behind a season. One that goes on into the
// next year begins in the one that is named, as 2026-24 does in EDTF; package when warns of it.
func (p *reader) seasonOfYear(start int, name string, code int) (stretch, bool) {
	p.take("of")
	year, ok := p.year()
	if !ok {
		p.fail(start, "which %s? write this %s, next %s or the year", name, name, name)
		return stretch{}, false
	}
	season := civil.SeasonOf(year, code, p.South)
	s := seasonStretch(season)
	s.prep, s.says = "in", fmt.Sprintf("%s %d", name, year)
	return s, true
}

// seasonStretch returns the days of a season.
func seasonStretch(p civil.Period) stretch {
	return stretch{first: p.First(), last: p.Last(), begins: p.Begins(), ends: p.Ends()}
}

// aGrouping reads a quarter or a half of a year: Q1 2026, 2026-Q1, the first quarter of
// 2026, the second half of next year.
func (p *reader) aGrouping() (stretch, bool) {
	n, months, year, ok := p.grouping()
	if !ok {
		return stretch{}, false
	}
	y := aYear{year: year}
	if year != 0 {
		y.says = fmt.Sprint(year)
	} else {
		of := p.take("of")
		if y, ok = p.someYear(); !ok && of {
			return stretch{}, false
		} else if !ok {
			y = aYear{}
		}
	}
	s, ok := p.inYear(y.year, func(year int) (stretch, bool) {
		first, last := civil.MonthsOf(year, 1+months*(n-1), months)
		return stretch{first: first, last: last, loose: y.loose}, true
	})
	s.prep, s.says = "in", "the "+ordinals[n-1]+map[int]string{3: " quarter", 6: " half"}[months]
	if y.says != "" {
		s.says += " of " + y.says
	}
	return s, ok
}

// grouping reads the number of a quarter or half, its months and the year where that
// stands in the same word.
func (p *reader) grouping() (n, months, year int, ok bool) {
	p.take("the")
	if n = p.ordinal(); n > 0 {
		months = []int{0, 3, 6}[p.one("quarter", "half")]
		return n, months, 0, months == 3 || months == 6 && n <= 2
	}
	code := p.next()
	if y, rest, dated := strings.Cut(code, "-"); dated {
		if year, ok = syntax.Digits(y, 4); !ok || len(y) != 4 || year < civil.FirstDay.Year {
			return 0, 0, 0, false
		}
		code = rest
	}
	for i, c := range []string{"q1", "q2", "q3", "q4", "h1", "h2"} {
		if code == c {
			p.skip()
			if i < 4 {
				return i + 1, 3, year, true
			}
			return i - 3, 6, year, true
		}
	}
	return 0, 0, 0, false
}
