package phrase

import (
	"strconv"
	"strings"
	"time"

	"attache/internal/civil"
	"attache/internal/prose"
	"attache/internal/syntax"
)

// wordsOf splits a phrase into words in lower case, without the commas and full
// stops behind them. A hyphen parts words, but not the parts of a date.
func wordsOf(s string) []syntax.Word {
	var out []syntax.Word
	for _, w := range syntax.Split(s) {
		if _, dated := syntax.Digits(w.Text, 4); dated {
			out = append(out, bare(w))
			continue
		}
		for more := true; more; {
			var part syntax.Word
			part, w, more = w.Cut("-")
			if part = bare(part); part.Text != "" {
				out = append(out, part)
			}
		}
	}
	return out
}

// bare returns w in lower case and without what may stand behind a word, unless that is
// all there is.
func bare(w syntax.Word) syntax.Word {
	if text := strings.TrimRight(w.Text, ",."); text != "" {
		w.Text = text
	}
	return syntax.Word{Text: strings.ToLower(w.Text), At: w.At}
}

// reader reads a phrase word by word.
type reader struct {
	Context
	words    []syntax.Word
	pos      int         // of the next word
	far      int         // the furthest that any reading came
	midnight syntax.Word // where an edge of the day is meant
	ahead    bool        // whether only what begins after the dateline counts
	err      error       // what was understood and cannot be
}

// next returns the next word, "" at the end.
func (p *reader) next() string {
	if p.pos < len(p.words) {
		return p.words[p.pos].Text
	}
	return ""
}

// skip goes on to the next word.
func (p *reader) skip() {
	p.pos++
	p.far = max(p.far, p.pos)
}

// take reads the given words if they come next.
func (p *reader) take(words ...string) bool {
	if len(p.words)-p.pos < len(words) {
		return false
	}
	for i, w := range words {
		if p.words[p.pos+i].Text != w {
			return false
		}
	}
	for range words {
		p.skip()
	}
	return true
}

// one reads one of the given words, and returns its number from 1; 0 for none.
func (p *reader) one(words ...string) int {
	for i, w := range words {
		if p.take(w) {
			return i + 1
		}
	}
	return 0
}

// fail keeps what is wrong with the word at pos, unless something was wrong before it.
func (p *reader) fail(pos int, format string, args ...any) {
	if p.err == nil {
		p.err = syntax.Errorf(p.words[min(pos, len(p.words)-1)].At, format, args...)
	}
}

// weekdayName reads a day of the week.
func (p *reader) weekdayName() (time.Weekday, bool) {
	for d := time.Sunday; d <= time.Saturday; d++ {
		name := strings.ToLower(d.String())
		switch w := p.next(); {
		case w == name, w == name[:3], w == "tues" && d == time.Tuesday,
			(w == "thur" || w == "thurs") && d == time.Thursday:
			p.skip()
			return d, true
		}
	}
	return 0, false
}

// monthName reads a month.
func (p *reader) monthName() (time.Month, bool) {
	for m := time.January; m <= time.December; m++ {
		name := strings.ToLower(m.String())
		if w := p.next(); w == name || w == name[:3] || w == "sept" && m == time.September {
			p.skip()
			return m, true
		}
	}
	return 0, false
}

// seasonName reads a season and returns its EDTF code.
func (p *reader) seasonName() (int, bool) {
	if p.take("fall") {
		return civil.Autumn, true
	}
	n := p.one("spring", "summer", "autumn", "winter")
	return civil.Spring + n - 1, n > 0
}

// year reads a year of four digits.
func (p *reader) year() (int, bool) {
	y, ok := syntax.Digits(p.next(), 4)
	if !ok || len(p.next()) != 4 || y < civil.FirstDay.Year {
		return 0, false
	}
	p.skip()
	return y, true
}

// dayNumber reads the number of a day: 17, 17th.
func (p *reader) dayNumber() (int, bool) {
	text := strings.TrimRight(p.next(), "dhnrst")
	n, err := strconv.Atoi(text)
	suffix := p.next()[len(text):]
	if err != nil || text[0] == '+' || len(text) > 2 || suffix != "" && prose.Ordinal(n) != strconv.Itoa(n)+suffix {
		return 0, false
	}
	p.skip()
	return n, true
}

// ordinals are the numbers of quarters and halves in words.
var ordinals = []string{"first", "second", "third", "fourth"}

// ordinal reads first to fourth, or 1st to 4th; 0 for neither.
func (p *reader) ordinal() int {
	if n := p.one(ordinals...); n > 0 {
		return n
	}
	return p.one("1st", "2nd", "3rd", "4th")
}

// aYear is a year that a phrase names.
type aYear struct {
	year  int
	says  string
	loose bool // whether it is that of the dateline
}

// someYear reads 2026, next year, this year or the year.
func (p *reader) someYear() (aYear, bool) {
	switch {
	case p.take("next", "year"):
		return aYear{p.Dateline.Year + 1, "next year", false}, true
	case p.take("this", "year"), p.take("the", "year"):
		return aYear{p.Dateline.Year, "this year", true}, true
	}
	y, ok := p.year()
	return aYear{y, strconv.Itoa(y), false}, ok
}

// someMonth reads a month that the dateline gives: next month, this month, the month.
func (p *reader) someMonth() (first civil.Date, says string, ok bool) {
	first = civil.Date{Year: p.Dateline.Year, Month: p.Dateline.Month, Day: 1}
	switch {
	case p.take("next", "month"):
		return first.AddMonths(1), "next month", true
	case p.take("this", "month"), p.take("the", "month"):
		return first, "this month", true
	}
	return civil.Date{}, "", false
}

// choose returns what the tense makes of something that comes once a year: the first that
// is not over at the dateline, or in the past the last that has begun. Where no tense is
// said it can be the last one, too, if that is more than twice as near: of two days both
// are given, and of anything longer the tense is asked for. of gives it for the year in
// which it begins, and false where that year has none.
func (p *reader) choose(of func(year int) (stretch, bool)) (stretch, bool) {
	s, ok := p.chosen(of)
	if !ok || p.Tense != Unsaid {
		return s, ok
	}
	q := *p
	q.Tense = Past
	last, ok := q.chosen(of)
	if !ok || last.first == s.first || 2*max(p.Dateline.Sub(last.last), 0) >= s.first.Sub(p.Dateline) {
		return s, true
	}
	if s.hard && s.first == s.last {
		s = either(last.first, s.first)
		s.unsure = true
		return s, true
	}
	if p.pos == len(p.words) {
		p.fail(0, "it can be %s or %s: add the year, or tense: past or tense: future", civil.Range(last.first, last.last, " to "), civil.Range(s.first, s.last, " to "))
	}
	return stretch{}, false
}

// chosen is choose where the tense says all.
func (p *reader) chosen(of func(year int) (stretch, bool)) (stretch, bool) {
	const reach = 9 // from one 29 February to the next, over the end of a century
	d := p.Dateline
	for i := range reach {
		year := d.Year - 1 + i
		if p.past() {
			year = d.Year + 1 - i
		}
		s, ok := of(year)
		switch {
		case !ok:
		case p.past() && !s.first.After(d), !p.past() && p.ahead && s.first.After(d), !p.past() && !p.ahead && !s.last.Before(d):
			s.loose = true
			return s, true
		}
	}
	return stretch{}, false
}
