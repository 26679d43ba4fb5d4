package phrase

import (
	"strconv"
	"strings"
	"time"

	"attache/internal/civil"
	"attache/internal/prose"
	"attache/internal/syntax"
)

// reader reads a phrase word by word.
type reader struct {
	Context
	words    []word
	pos      int  // of the next word
	far      int  // the furthest that any reading came
	ahead    bool // whether only what begins after the dateline counts
	min, max int  // the years that a number can be
	anyZone  bool // whether an hour needs no zone
	err      error
	leant    error  // how to write what leans on an event, where nothing else is wrong
	nouns    []memo // what was read
}

// memo is a noun that was read once, with what it was read under.
type memo struct {
	noun
	start, end int
	ok         bool
	tense      Tense
	ahead      bool
}

func newReader(p Context, words []word) *reader {
	return &reader{Context: p, words: words, min: civil.FirstDay.Year, max: civil.LastDay.Year}
}

// next returns the next word, none at the end.
func (p *reader) next() word { return p.peek(0) }

// peek returns the word that stands n words behind the next one.
func (p *reader) peek(n int) word {
	if p.pos+n < len(p.words) {
		return p.words[p.pos+n]
	}
	return noWord
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
		if p.words[p.pos+i].text != w {
			return false
		}
	}
	for range words {
		p.skip()
	}
	return true
}

// one reads one of the given words, or of words with spaces between them, and returns its
// number from 1; 0 for none.
func (p *reader) one(words ...string) int {
	next := p.next().text
	if next == "" {
		return 0
	}
	for i, w := range words {
		if w[0] != next[0] {
			continue
		}
		if w == next || strings.HasPrefix(w, next) && w[len(next)] == ' ' && p.has(w) {
			for range 1 + strings.Count(w, " ") {
				p.skip()
			}
			return i + 1
		}
	}
	return 0
}

// has reports whether the words of text come next.
func (p *reader) has(text string) bool {
	for i := 0; ; i++ {
		word, rest, more := strings.Cut(text, " ")
		if p.peek(i).text != word {
			return false
		}
		if text = rest; !more {
			return true
		}
	}
}

// order reads the place in a row: first, 3rd, twenty-first; -1 is the last.
func (p *reader) order() (int, bool) {
	w := p.next()
	n := w.order
	switch {
	case n == 0 && w.text != "" && isDigit(w.text[0]):
		digits := strings.TrimRight(w.text, "dhnrst")
		var err error
		if n, err = strconv.Atoi(digits); err != nil || len(digits) > 3 || prose.Ordinal(n) != w.text {
			return 0, false
		}
	case w.count >= 20 && p.peek(1).order > 0 && p.peek(1).order < 10:
		n = w.count + p.peek(1).order
		p.skip()
	case n == 0:
		return 0, false
	}
	p.skip()
	return n, n != 0
}

// fail keeps what is wrong with the word at pos, unless something was wrong before it.
func (p *reader) fail(pos int, format string, args ...any) {
	if p.err == nil {
		p.err = syntax.Errorf(p.words[min(pos, len(p.words)-1)].at, format, args...)
	}
}

// longest returns what reads the most words of all that can be read here.
func (p *reader) longest(readers ...func(*reader) (noun, bool)) (best noun, ok bool) {
	start, end := p.pos, p.pos
	for _, read := range readers {
		p.pos = start
		if n, good := read(p); good && p.pos > end {
			best, end, ok = n, p.pos, true
		}
	}
	p.pos = end
	return best, ok
}

// noun is a time that words name: one stretch, or one for each year, month or week, of which
// the tense says which is meant.
type noun struct {
	one    stretch
	each   func(n int) (stretch, bool) // counted from the one of the dateline; nil for one alone
	unit   unit
	weekly bool // whether each is one of a week, which is never one of two that lie near
	named  bool // whether it is a day of the week by its name alone
	sign   int  // 1 where it is at a distance after a day, -1 before one
	shown  Tense
	edge   bool   // whether it is the end of a time, or its start
	dated  bool   // whether its year is named
	prep   string // on, in or at; "" where none may stand before it
	quiet  bool   // whether prep is left out of the canonical words
	says   string // the canonical words behind prep
}

// words returns the canonical words of n.
func (n noun) words() string {
	if n.prep == "" || n.quiet {
		return n.says
	}
	return n.prep + " " + n.says
}

// part returns a part of n, of each of what it can be.
func (n noun) part(of func(stretch) (stretch, bool)) noun {
	keep := func(s stretch, ok bool) (stretch, bool) {
		if !ok || len(s.options) > 0 {
			return stretch{}, false
		}
		out, ok := of(s)
		out.loose = s.loose
		return out, ok
	}
	if each := n.each; each != nil {
		n.each = func(i int) (stretch, bool) { return keep(each(i)) }
		return n
	}
	var ok bool
	if n.one, ok = keep(n.one, true); !ok {
		n.one = stretch{}
	}
	return n
}

// none reports whether n is nothing, as the fifth Friday of a month that has four.
func (n noun) none() bool { return n.each == nil && n.one.last.IsZero() }

// yearly returns something that comes once a year.
func (p *reader) yearly(of func(year int) (stretch, bool)) noun {
	return noun{each: func(n int) (stretch, bool) { return of(p.Dateline.Year + n) }}
}

// monthly returns something that comes once a month, of which each is given the first day.
func (p *reader) monthly(of func(first civil.Date) (stretch, bool)) noun {
	month := civil.Date{Year: p.Dateline.Year, Month: p.Dateline.Month, Day: 1}
	return noun{each: func(n int) (stretch, bool) { return of(month.AddMonths(n)) }}
}

// a weekday returns the days of the week of a name.
func (p *reader) everyWeekday(day time.Weekday) noun {
	d := p.Dateline.AddDays(int(day-p.Dateline.Weekday()+7) % 7)
	return noun{unit: oneDay, weekly: true, named: true, prep: "on", says: day.String(), each: func(n int) (stretch, bool) { return oneOn(d.AddDays(7 * n)), true }}
}

// chosen returns what the tense makes of n: the first that is not over at the dateline, or in
// the past the last that has begun. Where no tense is said it can be the last one, too, if
// that is more than twice as near: of two days both are given, and of anything longer the
// tense is asked for. A day of the week named on that day is that day or the next.
func (p *reader) chosen(n noun) (stretch, bool) {
	if n.each == nil {
		return n.one, !n.none()
	}
	s, ok := p.onSide(n, p.Tense, p.ahead && !n.named)
	if !ok {
		return s, false
	}
	if n.named {
		return p.thatDay(s), true
	}
	if p.Tense != Unsaid || n.weekly {
		return s, true
	}
	last, ok := p.onSide(n, Past, false)
	if !ok || last.first == s.first || 2*max(p.Dateline.Sub(last.last), 0) >= s.first.Sub(p.Dateline) {
		return s, true
	}
	if s.isDay() {
		s = either(last, s)
		s.unsure, s.loose = true, true
		return s, true
	}
	p.fail(0, "it can be %s or %s: add the year, or tense: past or tense: future", last.days(), s.days())
	return stretch{}, false
}

// thatDay returns a day of the week, and the one a week on or back where it is the dateline.
func (p *reader) thatDay(s stretch) stretch {
	if s.first != p.Dateline {
		return s
	}
	other := s.plus(7)
	if p.past() {
		other = s.plus(-7)
	}
	s = either(s, other)
	s.unsure = true
	return s
}

// onSide returns that of n which lies on the side of the dateline that a tense says.
func (p *reader) onSide(n noun, tense Tense, ahead bool) (stretch, bool) {
	const reach = 9 // from one 29 February to the next, over the end of a century
	d := p.Dateline
	for i := -1; i < reach; i++ {
		at := i
		if tense == Past {
			at = -i
		}
		s, ok := n.each(at)
		switch {
		case !ok:
		case tense == Past && !s.first.After(d), tense != Past && ahead && s.begins.After(d), tense != Past && !ahead && !s.last.Before(d):
			s.loose = true
			return s, true
		}
	}
	return stretch{}, false
}

// String writes the days of d: 1 to 30 Sep 2025.
func (d Days) String() string {
	if d.First == d.Last {
		return civil.Short(d.First)
	}
	return civil.Range(d.First, d.Last, " to ")
}
