package phrase

import (
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

// Reading is what a phrase says: some day from First to Last, both of which belong to
// it. It is never a guess: what can be read in two ways gives all days of both.
type Reading struct {
	First, Last civil.Date   // the zero Date where that end is open; never both
	Options     []civil.Date // the days of which it is one, where those can be named
	Midnight    bool         // whether it is the beginning of one of Options
	Soft        bool         // whether the ends are a convention, as those of "early" are
	Says        string       // the phrase in its canonical words, which are read as the same
}

// OpenStart reports whether nothing is said of the earliest day: "by 1 November".
func (r Reading) OpenStart() bool { return r.First.IsZero() }

// OpenEnd reports whether nothing is said of the latest day: "after 1 November".
func (r Reading) OpenEnd() bool { return r.Last.IsZero() }

// reachYears is how far from the dateline a phrase may reach. What lies further off is
// no phrase but a date, and is better written as one.
const reachYears = 3

// maxLength is how many bytes a phrase may have.
const maxLength = 200

// Read reads a date in the words of a report, from a closed table:
//
//	on Thursday                            nearest of the days behind the dateline D, or in the
//	                                       past before it; on a Thursday, D or a week on
//	next Thursday                          two options
//	today, tomorrow, yesterday
//	this week, later this week, next week  of weeks from Monday and from Sunday alike
//	week of 2 February, w/c 2 February
//	17 February, Feb. 17, 17 February 2026 the next such day from D; in the past the last; either
//	                                       where no tense is said and the last has just been
//	Thursday 30 October                    that day, where it is a Thursday
//	in March, this month, next month       with a year, or the next such month
//	in 2026, this year, next year
//	early, mid-, late November             days 1–10, 11–20, 21 to the end
//	early, mid-, late next year            January to April, May to August, the rest
//	later this month, later this year
//	at the end of the month                its last five days
//	this autumn, next autumn, autumn 2026  by the calendar and by the sun alike; the next
//	                                       one is the first that begins after D
//	the first quarter of 2026, Q1, H2 2026
//	in the coming days, weeks, months      7, 56, 365 days; also: in the months ahead
//	around 17 February                     widened as when.Widen does
//	by, until X                            X included; nothing said of the start
//	by the end of the year                 its last day; also of a quarter or a week
//	before, ahead of X                     X excluded
//	Lunar New Year, Spring Festival, Tet   the next one, or of a year; on any of its days
//	early next year, ahead of X            both hold
//	after, since, not before X             the first excludes X; nothing said of the end
//	midnight on 17 February                where the day begins, or where it ends
//
// All but days and weekdays are soft. What is going on at the dateline counts from it,
// or in the past up to it. "May" is a month only where a word or a number shows it.
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
	words := wordsOf(phrase)
	if len(words) == 0 {
		return Reading{}, syntax.Errorf(0, "no phrase given: write tbd where no date is known")
	}
	r, err := p.read(words)
	if err != nil {
		if both, ok := p.both(phrase, words); ok {
			return both, nil
		}
		return Reading{}, p.refuse(phrase, words, err)
	}
	return r, nil
}

// both reads two phrases with a comma between them, both of which hold: early next year, ahead
// of Lunar New Year. The second is of the time of the first, where the dateline gives another.
func (p Context) both(phrase string, words []syntax.Word) (Reading, bool) {
	for i := 1; i < len(words); i++ {
		if !strings.HasSuffix(strings.TrimRight(phrase[:words[i].At], " "), ",") {
			continue
		}
		a, err := p.read(words[:i])
		if err != nil || a.OpenStart() || a.OpenEnd() || len(a.Options) > 0 {
			continue
		}
		then := p
		then.Dateline = a.First.AddDays(-1)
		for _, of := range []Context{p, then} {
			b, err := of.read(words[i:])
			if err != nil || len(b.Options) > 0 || !b.OpenStart() && !b.OpenEnd() {
				continue
			}
			if w, fits := a.window().Intersect(b.window()); fits {
				return Reading{First: w.Earliest.Day, Last: w.Latest.Day, Soft: a.Soft || b.Soft, Says: a.Says + ", " + b.Says}, true
			}
		}
	}
	return Reading{}, false
}

// check reports whether the dateline is a day from which the phrase can be counted.
func (p Context) check() error {
	d := p.Dateline
	switch {
	case d.IsZero():
		return syntax.Errorf(0, "a phrase needs the dateline of its source: write a date such as 2026-02-17 instead")
	case d.Month < 1 || d.Month > 12 || d.Day < 1 || d.Day > civil.DaysIn(d.Year, int(d.Month)),
		d.AddMonths(-12 * (reachYears + 1)).Before(civil.FirstDay), d.AddMonths(12 * (reachYears + 1)).After(civil.LastDay):
		return syntax.Errorf(0, "the dateline %s is no day from which a phrase can be counted", d.String())
	}
	return nil
}

// read reads all of words.
func (p Context) read(words []syntax.Word) (Reading, error) {
	ph := &reader{Context: p, words: words}
	if ph.takeMidnight(); len(ph.words) == 0 {
		return Reading{}, syntax.Errorf(0, "")
	}
	for _, l := range oneSided {
		for _, text := range l.words {
			if ph.take(strings.Fields(text)...) {
				return ph.oneSide(l)
			}
		}
	}
	if ph.midnight.Text == "" && ph.take("around") {
		return ph.around()
	}
	prep := []string{"", "on", "in", "at"}[ph.one("on", "in", "at")]
	read := ph.stretch
	if ph.midnight.Text != "" {
		read = ph.sure
	}
	s, err := read()
	if err == nil && prep != "" && prep != s.prep {
		err = syntax.Errorf(words[0].At, "%q does not go before %q: write %q", prep, s.says, s.words())
	}
	if err != nil {
		return Reading{}, err
	}
	if ph.midnight.Text != "" {
		return ph.edges(s)
	}
	r, err := ph.some(s)
	r.Says = s.words()
	return r, err
}

// stretch is what a phrase names, before a word such as "by" says how.
type stretch struct {
	first, last civil.Date
	begins      civil.Date   // the latest day on which it may begin, where that is not first
	ends        civil.Date   // the earliest day on which it may end, where that is not last
	options     []civil.Date // the days of which it is one
	hard        bool         // whether it is a day that was named
	loose       bool         // whether the dateline says which one it is
	unsure      bool         // whether it can be either of options, which lie far apart
	prep        string       // on, in or at; "" where none may stand before it
	quiet       bool         // whether prep is left out of the canonical words
	says        string       // the canonical words behind prep
}

// words returns the canonical words of s.
func (s stretch) words() string {
	if s.prep == "" || s.quiet {
		return s.says
	}
	return s.prep + " " + s.says
}

// oneSide is a word that makes one end of what it stands before.
type oneSide struct {
	says  string
	words []string // how else it is written
	bound func(s stretch) (first, last civil.Date)
	past  bool // whether it looks back
	after bool // whether what it stands before is yet to begin
	end   bool // whether it makes a day of the end of a year
}

// oneSided are the words that bound a date on one side. None is the beginning of another.
var oneSided = []oneSide{
	{says: "not before", words: []string{"not before", "not earlier than", "no earlier than"}, bound: func(s stretch) (civil.Date, civil.Date) { return s.first, civil.Date{} }},
	{says: "since", words: []string{"since"}, past: true, bound: func(s stretch) (civil.Date, civil.Date) { return s.first, civil.Date{} }},
	{says: "after", words: []string{"after"}, end: true, bound: func(s stretch) (civil.Date, civil.Date) { return s.ends.AddDays(1), civil.Date{} }},
	{says: "before", words: []string{"before", "ahead of", "prior to"}, after: true, end: true, bound: func(s stretch) (civil.Date, civil.Date) { return civil.Date{}, s.begins.AddDays(-1) }},
	{says: "by", words: []string{"by", "not later than", "no later than"}, end: true, bound: func(s stretch) (civil.Date, civil.Date) { return civil.Date{}, s.last }},
	{says: "until", words: []string{"until", "till"}, end: true, bound: func(s stretch) (civil.Date, civil.Date) { return civil.Date{}, s.last }},
}

// sure reads what is not one of two days that lie far apart.
func (p *reader) sure() (stretch, error) {
	s, err := p.stretch()
	if err == nil && s.unsure {
		err = syntax.Errorf(p.words[0].At, "%s can be %s or %s: write the one that is meant, with its year", s.says, civil.Short(s.first), civil.Short(s.last))
	}
	return s, err
}

// oneSide reads what stands behind such a word.
func (p *reader) oneSide(l oneSide) (Reading, error) {
	p.ahead = l.after
	if l.past {
		p.Tense = Past
	}
	start := *p
	s, err := p.sure()
	if end, ok := start.lastDay(); err != nil && ok && l.end {
		s, err = end, nil
	}
	if err != nil {
		return Reading{}, err
	}
	if s.begins.IsZero() {
		s.begins = s.first
	}
	if s.ends.IsZero() {
		s.ends = s.last
	}
	r := Reading{Soft: !s.hard, Says: l.says + " " + s.says}
	r.First, r.Last = l.bound(s)
	switch midnight := p.midnight.Text != ""; {
	case midnight && !s.isDay():
		return Reading{}, p.noMidnight()
	case midnight && r.OpenEnd(): // whichever edge it is, the day is in it
		r.First, r.Says = s.first, l.says+" midnight "+s.words()
	case midnight:
		r.Last, r.Says = s.last, l.says+" midnight "+s.words()
	}
	switch {
	case l.past && r.First.After(p.Dateline):
		return Reading{}, syntax.Errorf(p.words[0].At, "%s is yet to come: since needs something that has begun", s.says)
	case s.loose && !p.past() && r.OpenStart() && r.Last.Before(p.Dateline):
		return Reading{}, p.over(s)
	}
	return r, p.near(r)
}

// around reads what is meant loosely, and widens it, but not over the dateline.
func (p *reader) around() (Reading, error) {
	s, err := p.sure()
	if err != nil {
		return Reading{}, err
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
	r, err := p.some(s)
	r.Says = "around " + s.says
	return r, err
}

// some returns some day of s. Of what the dateline chose, the part on its side counts.
func (p *reader) some(s stretch) (Reading, error) {
	switch {
	case s.loose && p.past() && s.last.After(p.Dateline):
		s.last = p.Dateline
	case s.loose && !p.past() && s.first.Before(p.Dateline):
		s.first = p.Dateline
	}
	if s.last.Before(s.first) {
		return Reading{}, p.over(s)
	}
	r := Reading{First: s.first, Last: s.last, Options: s.options, Soft: !s.hard}
	return r, p.near(r)
}

// over reports that s lies on the other side of the dateline.
func (p *reader) over(s stretch) error {
	if p.past() {
		return syntax.Errorf(p.words[0].At, "%s is yet to come at the dateline, %s: set tense: future", s.says, p.Dateline.String())
	}
	return syntax.Errorf(p.words[0].At, "%s is over at the dateline, %s: set tense: past", s.says, p.Dateline.String())
}

// near reports where r lies too far from the dateline.
func (p *reader) near(r Reading) error {
	least, most := p.Dateline.AddMonths(-12*reachYears), p.Dateline.AddMonths(12*reachYears)
	for _, d := range []civil.Date{r.First, r.Last} {
		if !d.IsZero() && (d.Before(least) || d.After(most)) {
			return syntax.Errorf(p.words[0].At, "it is more than %d years from the dateline, %s: write it as a date, such as %s", reachYears, p.Dateline.String(), d.String())
		}
	}
	return nil
}
