package phrase

import (
	"cmp"
	"slices"
	"strings"

	"attache/internal/civil"
	"attache/internal/syntax"
	"attache/internal/when"
)

// Context is what a phrase is read against.
type Context struct {
	Dateline civil.Date // the civil date of the source, in the source's own zone
	Tense    Tense
	South    bool // whether its seasons are those of the southern half of the Earth
}

// Tense says on which side of the dateline a phrase looks.
type Tense string

// The tenses. Where none is said a phrase looks ahead, but for a day that has just been: it
// can be either.
const (
	Unsaid Tense = ""
	Past   Tense = "past"
	Future Tense = "future"
)

// past reports whether the phrase speaks of what has been.
func (p Context) past() bool { return p.Tense == Past }

// Days are the days from First to Last, both of which belong to them.
type Days struct{ First, Last civil.Date }

// Reading is what a phrase says: some day from First to Last, both of which belong to
// it. It is never a guess: what can be read in two ways gives all days of both.
type Reading struct {
	First, Last civil.Date  // the zero Date where that end is open; never both
	Options     []Days      // of which it is one, where those can be named
	Lasts       bool        // whether it is all days from First to Last
	Timed       bool        // whether Clock is the time of day of it, or of each of Options
	Clock       civil.Clock // as it is in Zone
	Until       civil.Clock // on Last, where it is timed and lasts
	Zone        string      // "" for that of the event
	Midnight    bool        // whether it is the beginning of one of Options
	Soft        bool        // whether the ends are a convention, as those of "early" are
	Says        string      // the phrase in its canonical words, which are read as the same
}

// OpenStart reports whether nothing is said of the earliest day: "by 1 November".
func (r Reading) OpenStart() bool { return r.First.IsZero() }

// OpenEnd reports whether nothing is said of the latest day: "after 1 November".
func (r Reading) OpenEnd() bool { return r.Last.IsZero() }

// maxLength is how many bytes a phrase may have, and maxWords how many words.
const (
	maxLength = 200
	maxWords  = 100
)

// Read reads a date in the words of a report. A phrase is made of parts, each of which has one
// meaning wherever it stands:
//
//	an anchor    on Thursday, 17 February, March 2026, this week, next autumn, Q1, Easter
//	a part       early, mid-, late, the first half of, the third week of, the end of an anchor
//	a distance   in two weeks, 30 days after 17 February, a week on Friday
//	a limit      by, before, after, until, since, not before any of these
//	a pair       from 9 to 12 March, April or May, between now and Friday
//	an hour      noon Brussels time on Friday, midnight on 17 February
//
// The help topic on dates lists what they mean. Where no year, month or week is named, an anchor
// is the next one, in the past the last one, and either where no tense is said and the last has
// just been. All but days, weekdays and what is counted from them are soft. What is going on at
// the dateline counts from it, or in the past up to it.
//
// The error is a *syntax.Error with the offset in phrase. It says what is understood
// that comes nearest, and never stands for a guess.
func Read(phrase string, p Context) (Reading, error) {
	if err := p.check(); err != nil {
		return Reading{}, err
	}
	if len(phrase) > maxLength {
		return Reading{}, syntax.Errorf(maxLength, "a phrase is a few words: write the part that names the date")
	}
	words := split(phrase, 0, maxWords)
	if len(words) == 0 {
		return Reading{}, syntax.Errorf(0, "no phrase given: write tbd where no date is known")
	}
	r, err := p.read(words)
	if err != nil {
		return Reading{}, p.refuse(phrase, words, err)
	}
	return r, nil
}

// check reports whether the dateline is a day from which the phrase can be counted.
func (p Context) check() error {
	const most = 12 * 300 // months that a phrase can be away from it
	d := p.Dateline
	switch {
	case d.IsZero():
		return syntax.Errorf(0, "a phrase needs the dateline of its source: write a date such as 2026-02-17 instead")
	case d.Month < 1 || d.Month > 12 || d.Day < 1 || d.Day > civil.DaysIn(d.Year, int(d.Month)),
		d.AddMonths(-most).Before(civil.FirstDay), d.AddMonths(most).After(civil.LastDay):
		return syntax.Errorf(0, "the dateline %s is no day from which a phrase can be counted", d.String())
	}
	return nil
}

// read reads all of words.
func (p Context) read(words []word) (Reading, error) {
	ph := newReader(p, words)
	r, _, ok := ph.phrase()
	if ok && ph.pos == len(words) {
		return r, nil
	}
	if ph.err == nil && ph.leant == nil && len(words) > 0 {
		ph.fail(ph.far, "")
	}
	return Reading{}, cmp.Or(ph.err, ph.leant, errNothing)
}

// errNothing is the error where there are no words.
var errNothing = syntax.Errorf(0, "")

// phrase reads the longest phrase that begins here, and the tense that its own words show.
// Where a comma stands behind it, it reads another that holds too: early next year, ahead of Lunar
// New Year. That is of the time of the first, where the dateline gives another.
func (p *reader) phrase() (Reading, Tense, bool) {
	a, shown, ok := p.single()
	if end := p.pos; ok && end < len(p.words) && p.words[end-1].comma && !a.OpenStart() && !a.OpenEnd() && len(a.Options) == 0 && !a.Lasts && !a.Timed {
		then := p.Context
		then.Dateline = a.First.AddDays(-1)
		for _, of := range []Context{p.Context, then} {
			q := newReader(of, p.words)
			q.pos, q.min, q.max = end, p.min, p.max
			b, _, also := q.single()
			if !also || len(b.Options) > 0 || !b.OpenStart() && !b.OpenEnd() || strings.HasPrefix(b.Says, "until ") { // the end of what lasts
				continue
			}
			if both, fits := bothOf(a, b); fits {
				p.pos = q.pos
				return both, shown, true
			}
		}
	}
	return a, shown, ok
}

// single reads one phrase: of all that can be read here, the longest.
func (p *reader) single() (best Reading, shown Tense, ok bool) {
	p.one("sometime", "some time", "some day", "at some point")
	start, end := p.pos, p.pos
	tense := p.Tense
	hour := slices.ContainsFunc(p.words, func(w word) bool {
		return isDigit(w.text[0]) || w.text == "noon" || w.text == "midday" || w.text == "midnight"
	})
	for i, read := range []func(*reader) (Reading, Tense, bool){(*reader).limited, (*reader).plain, (*reader).around, (*reader).timed, (*reader).hours} {
		if i > 2 && !hour {
			break
		}
		p.pos = start
		r, t, good := read(p)
		p.Tense, p.ahead = tense, false
		if good && p.pos > end {
			best, shown, ok, end = r, t, true, p.pos
		}
	}
	p.pos = end
	return best, shown, ok
}

// preps are the words that stand before what a phrase names, each with the canonical one; "" stands
// before anything.
var preps = []struct{ written, says string }{
	{"in the course of", ""}, {"over the course of", ""}, {"on", "on"}, {"in", "in"}, {"at", "at"}, {"over", ""}, {"during", ""}, {"throughout", ""},
}

// plain reads a time that is named, or two, with what may stand before and behind them.
func (p *reader) plain() (Reading, Tense, bool) {
	start := p.pos
	inForce := p.one(inForce...) > 0
	prep, given, long := "", p.next().text, false
	for _, w := range preps {
		if p.one(w.written) > 0 {
			prep, long = w.says, w.says == ""
			break
		}
	}
	if p.next().text == "within" && (p.peek(1).text == "this" || p.peek(1).text == "the" && p.peek(2).order > 0) {
		p.skip()
		long = true
	}
	if p.one("the period", "the years", "for the period") > 0 {
		long = true
	}
	n, ok := p.longest((*reader).noun, (*reader).pair)
	if n.one.lasts { // a period of days
		long = false
	}
	if !ok || inForce && n.unit != oneDay || long && n.unit == oneDay {
		return Reading{}, Unsaid, false
	}
	if prep != "" && prep != n.prep && (n.prep != "" || prep != "at" && prep != "on" || n.unit != oneDay && n.unit != oneWeekend) && !(prep == "in" && n.prep == "at") {
		p.fail(start, "%q does not go before %q: write %q", given, n.says, n.words())
		return Reading{}, Unsaid, false
	}
	for _, b := range behindLimits {
		if p.one(b.words...) > 0 {
			return p.limit(limits[b.limit], n, start, false)
		}
	}
	s, ok := p.chosen(n)
	if !ok {
		return Reading{}, Unsaid, false
	}
	r, ok := p.some(s, n, start)
	r.Says = n.words()
	return r, n.shown, ok
}

// around reads what is meant loosely, and widens it, but not over the dateline.
func (p *reader) around() (Reading, Tense, bool) {
	start := p.pos
	if p.one("around", "on or about", "on or around", "about", "circa", "approximately", "roughly", "in or around", "in or about") == 0 {
		return Reading{}, Unsaid, false
	}
	p.one("on", "in")
	n, ok := p.noun()
	if !ok {
		return Reading{}, Unsaid, false
	}
	s, ok := p.sure(n, start)
	if !ok {
		return Reading{}, Unsaid, false
	}
	if p.past() && !s.last.After(p.Dateline) || !p.past() && !s.first.Before(p.Dateline) {
		s.loose = true
	}
	grain := civil.GrainYear
	switch days := s.last.Sub(s.first) + 1; {
	case days == 1:
		grain = civil.GrainDay
	case days <= 14:
		grain = civil.GrainWeek
	case days <= 31:
		grain = civil.GrainMonth
	case days < 365:
		grain = civil.GrainQuarter
	}
	s.first, s.last = when.Widen(s.first, s.last, grain)
	s.hard, s.options = false, nil
	r, ok := p.some(s, n, start)
	r.Says = "around " + n.says
	return r, n.shown, ok
}

// some returns some day of s. Of what the dateline chose, the part on its side counts.
func (p *reader) some(s stretch, n noun, start int) (Reading, bool) {
	switch {
	case s.lasts, len(s.options) > 0:
	case s.loose && p.past() && s.last.After(p.Dateline):
		s.last = p.Dateline
	case s.loose && !p.past() && s.first.Before(p.Dateline):
		s.first = p.Dateline
	}
	if s.last.Before(s.first) {
		p.over(n, start)
		return Reading{}, false
	}
	return Reading{First: s.first, Last: s.last, Options: s.options, Lasts: s.lasts, Soft: !s.hard}, true
}
