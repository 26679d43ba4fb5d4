package phrase

import (
	"slices"
	"strings"

	"attache/internal/civil"
	"attache/internal/syntax"
)

// limit is a word that makes one end of what it stands before.
type limit struct {
	says    string
	words   []string // how it is written
	bound   func(s stretch) (first, last civil.Date)
	onEvent string // how it is written before an event
	past    bool   // whether it looks back
	after   bool   // whether what it stands before is yet to begin
}

func up(s stretch) (first, last civil.Date) { return civil.Date{}, s.last }

func on(s stretch) (first, last civil.Date) { return s.first, civil.Date{} }

// The limits that are meant elsewhere, too, by their places in limits.
const (
	by        = 0
	notBefore = 4
)

// limits are the words that bound a date on one side. Of what can begin or end on several days
// all count.
var limits = []limit{
	{says: "by", bound: up, onEvent: "by", words: []string{"by", "not later than", "no later than", "on or before", "on or by", "by or on", "before or on", "not after", "at the latest by", "at the latest on", "at the latest", "by no later than", "as late as"}},
	{says: "until", bound: up, words: []string{"until", "till", "through to", "through", "thru", "up to and including", "up until", "up to", "to"}},
	{says: "before", after: true, onEvent: "before", words: []string{"before", "ahead of", "prior to", "in advance of", "earlier than"},
		bound: func(s stretch) (first, last civil.Date) { return civil.Date{}, s.begins.AddDays(-1) }},
	{says: "after", onEvent: "after", words: []string{"after", "following", "later than", "any time after"},
		bound: func(s stretch) (first, last civil.Date) { return s.ends.AddDays(1), civil.Date{} }},
	{says: "not before", bound: on, words: []string{"not before", "not earlier than", "no earlier than", "no sooner than", "not sooner than", "not until", "on or after", "on and after", "after or on",
		"from", "as from", "as of", "as early as", "as soon as", "starting from", "starting on", "starting in", "starting", "beginning from", "beginning on", "beginning in", "beginning", "commencing on", "commencing in", "commencing", "at the earliest on", "at the earliest in", "at the earliest"}},
	{says: "since", bound: on, past: true, words: []string{"since", "ever since"}},
}

// atLeast are the words before a distance that may be longer.
var atLeast = []string{"at least", "not less than", "no less than", "no fewer than", "not fewer than", "more than"}

// limitOf returns the limit that words make, "" where they make none.
func limitOf(words string) string {
	for _, l := range limits {
		if slices.Contains(l.words, words) {
			return l.says
		}
	}
	return ""
}

// behindLimits are the words that make an end of what they stand behind.
var behindLimits = []struct {
	words []string
	limit int // in limits
}{
	{[]string{"at the latest", "or earlier", "or before", "or sooner"}, by},
	{[]string{"at the earliest", "or later", "or after", "or thereafter", "onward", "onwards", "and onwards", "and onward", "and later", "and after", "and thereafter", "and beyond"}, notBefore},
}

// inForce are the words that say on which day something takes effect.
var inForce = []string{"effective from", "effective as of", "effective on", "effective", "with effect from", "with effect on"}

// limited reads a word that makes one end of what stands behind it. It is false where there is none.
func (p *reader) limited() (Reading, Tense, bool) {
	start := p.pos
	for _, l := range limits {
		if !p.next().limits {
			break
		}
		if p.one(l.words...) == 0 {
			continue
		}
		return p.bounded(l, start)
	}
	if p.one(atLeast...) == 0 {
		return Reading{}, Unsaid, false
	}
	n, ok := p.fromNoun()
	if !ok || n.sign == 0 {
		return Reading{}, Unsaid, false
	}
	if n.sign < 0 {
		return p.limit(limits[by], n, start, false)
	}
	return p.limit(limits[notBefore], n, start, false)
}

// bounded reads what stands behind the limit l.
func (p *reader) bounded(l limit, start int) (Reading, Tense, bool) {
	p.ahead = l.after
	if l.past {
		p.Tense = Past
	}
	midnight := p.midnight()
	p.one("on", "in", "at")
	n, ok := p.noun()
	if !ok {
		if midnight {
			p.fail(p.pos-1, noMidnight)
		}
		p.onEvent(l, start)
		return Reading{}, Unsaid, false
	}
	if !midnight {
		midnight = p.midnight()
	}
	switch l.says { // said twice: from 1 July onwards
	case "by", "until":
		p.one("at the latest", "at latest")
	case "not before":
		p.one("at the earliest", "onward", "onwards", "on")
	}
	return p.limit(l, n, start, midnight)
}

// onEvent keeps how to write a limit on something that is no date, as in ahead of the summit. It is
// none where a word that means something by itself may turn it round.
func (p *reader) onEvent(l limit, start int) {
	p.one("the", "its", "their", "his", "her", "a", "an", "our")
	if l.onEvent == "" || start > 0 || p.next().text == "" || slices.ContainsFunc(p.words[p.pos:], func(w word) bool { return w.core || isDigit(w.text[0]) || slices.Contains(turning, w.text) }) {
		return
	}
	p.leant = syntax.Errorf(p.words[start].at, "it leans on another event: write it as %s event:ID, with the id of that event", l.onEvent)
}

// turning are words that make another limit of one.
var turning = strings.Fields("not no every each any unless except if or and but at least most")

// limit returns what the limit l makes of n.
func (p *reader) limit(l limit, n noun, start int, midnight bool) (Reading, Tense, bool) {
	s, ok := p.sure(n, start)
	if !ok {
		return Reading{}, Unsaid, false
	}
	r := Reading{Soft: !s.hard, Says: l.says + " " + n.says}
	r.First, r.Last = l.bound(s)
	switch {
	case midnight && !s.isDay():
		p.fail(start, noMidnight)
		return Reading{}, Unsaid, false
	case midnight && r.OpenEnd(): // whichever edge it is, the day is in it
		r.First, r.Says = s.first, l.says+" midnight "+n.words()
	case midnight:
		r.Last, r.Says = s.last, l.says+" midnight "+n.words()
	}
	switch {
	case l.past && r.First.After(p.Dateline):
		p.fail(start, "%s is yet to come: since needs something that has begun", n.says)
		return Reading{}, Unsaid, false
	case s.loose && !p.past() && r.OpenStart() && r.Last.Before(p.Dateline) && len(s.options) == 0:
		p.over(n, start)
		return Reading{}, Unsaid, false
	}
	shown := n.shown
	if l.past {
		shown = Past
	}
	return r, shown, true
}

// sure returns what n is where it is not one of two that lie far apart.
func (p *reader) sure(n noun, start int) (stretch, bool) {
	s, ok := p.chosen(n)
	if ok && s.unsure {
		p.fail(start, "%s can be %s or %s: write the one that is meant, with its year", n.says, s.options[0], s.options[1])
		return s, false
	}
	return s, ok
}

// over reports that a time lies on the other side of the dateline.
func (p *reader) over(n noun, start int) {
	if p.past() {
		p.fail(start, "%s is yet to come at the dateline, %s: set tense: future", n.says, p.Dateline.String())
		return
	}
	p.fail(start, "%s is over at the dateline, %s: set tense: past", n.says, p.Dateline.String())
}

// bothOf returns what two readings allow together, and false where nothing is left.
func bothOf(a, b Reading) (Reading, bool) {
	w, fits := a.window().Intersect(b.window())
	if !fits {
		return Reading{}, false
	}
	return Reading{First: w.Earliest.Day, Last: w.Latest.Day, Soft: a.Soft || b.Soft, Says: a.Says + ", " + b.Says}, true
}
