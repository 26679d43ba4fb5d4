package phrase

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"attache/internal/syntax"
)

// Found is a phrase that stands in a text.
type Found struct {
	Reading       // the zero Reading where Err says why there is none
	At, End int   // where it stands: text[At:End]
	Tense   Tense // the side of the dateline that its own words show, Unsaid where they show none
	Dated   bool  // whether its year stands in it, so that the tense tells nothing more
	Err     error // a *syntax.Error, with the offset from At: it is a date, but not sure which
}

const (
	foundWords = 16   // how many words of a text a phrase in it may have
	firstWords = 5    // one of how many has to name something
	firstYear  = 1900 // what a number of four digits in a text can be as a year
	lastYear   = 2100
)

// Find returns the longest phrase that begins with the word at a byte of text, and does not go on
// over the end of a sentence. It is false where none does. Words that are mostly no date, such as
// "may", "march" and "second", are one only where others show it, and so are numbers.
func (p Context) Find(text string, at int) (Found, bool) {
	if !opens(text[at:]) || misled(text[:at]) || p.check() != nil {
		return Found{}, false
	}
	var few [firstWords + 3]word // kept off the heap: most words begin no phrase
	if !slices.ContainsFunc(sentence(splitInto(few[:0], text, at, firstWords)), func(w word) bool { return w.core || isDigit(w.text[0]) }) {
		return Found{}, false
	}
	words := sentence(split(text, at, foundWords))
	ph := newReader(p, words)
	ph.min, ph.max = firstYear, lastYear
	r, shown, ok := ph.phrase()
	if !ok {
		return unread(text, ph)
	}
	read := words[:ph.pos]
	switch {
	case vagueInText(text, read):
		return Found{}, false
	case partOnly(read, ph.next(), ph.peek(1)):
		return unread(text, ph)
	}
	f := Found{Reading: r, At: read[0].at, End: read[len(read)-1].end, Tense: shown}
	f.Dated = yearBehind(read) || slices.ContainsFunc(read, func(w word) bool { return dated(w.text) })
	return f, true
}

// sentence returns the words up to where a sentence ends or a bracket opens or closes, but for one
// about a number or the zone of an hour: thirty (30) days, 17:00 (CET) on Friday.
func sentence(words []word) []word {
	inside := false
	for i, w := range words {
		if i > 0 && w.opened {
			before := words[i-1]
			number := w.closed && (before.count > 0 && isDigit(w.text[0]) || w.count > 0 && isDigit(before.text[0]))
			zone := isClock(before) && (w.closed || i+1 < len(words) && words[i+1].closed)
			if !number && !zone {
				return words[:i]
			}
			inside = true
		}
		if w.stop || w.closed && !inside {
			return words[:i+1]
		}
		inside = inside && !w.closed
	}
	return words
}

// unread returns what was understood as a date and cannot be read.
func unread(text string, p *reader) (Found, bool) {
	if p.err == nil || p.far < 2 || vagueInText(text, p.words[:p.far]) {
		return Found{}, false
	}
	read := p.words[:p.far]
	return Found{At: read[0].at, End: read[len(read)-1].end, Err: syntax.Shift(p.err, -read[0].at)}, true
}

// opens reports whether the first word of text is one with which a phrase can begin. It is fast,
// since it is asked for each word of a text.
func opens(text string) bool {
	text = strings.TrimLeft(text, leftOf)
	end := 0
	for end < len(text) && end < 12 && (text[end]|0x20 >= 'a' && text[end]|0x20 <= 'z' || text[end] == '.' || text[end] == '/') {
		end++
	}
	if end == 0 {
		return text != "" && isDigit(text[0])
	}
	var lower [12]byte
	for i := range end {
		lower[i] = text[i] | 0x20
		if text[i] == '.' || text[i] == '/' {
			lower[i] = text[i]
		}
	}
	word := lower[:end]
	for len(word) > 0 && word[len(word)-1] == '.' {
		word = word[:len(word)-1]
	}
	if r, _ := utf8.DecodeRuneInString(text[end:]); unicode.IsLetter(r) {
		return false
	}
	s, ok := vocabulary[string(word)]
	return ok && s.opens
}

// turners are the words before a date that make another of it, or none.
var turners = []string{"every", "each", "fiscal", "except", "not", "anniversary of", "eve of", "per", "most", "annually", "yearly", "monthly", "every year", "each year", "every month", "each month"}

// misled reports whether the words before a phrase make another date of it.
func misled(before string) bool {
	before = strings.TrimRight(before[max(0, len(before)-24):], " \t\n")
	for _, prep := range []string{" on", " in", " by"} {
		before = strings.TrimSuffix(before, prep)
	}
	for _, w := range turners {
		if n := len(before) - len(w); n >= 0 && strings.EqualFold(before[n:], w) && (n == 0 || before[n-1] == ' ') {
			return true
		}
	}
	return false
}

// common are words that are a date only with others beside them, and small those that are one
// with a capital, too.
var (
	common = []string{"may", "mar", "jan", "dec", "sun", "sat", "mon", "wed", "second", "now", "later", "spring", "summer", "fall", "winter", "autumn"}
	small  = []string{"march", "fri", "tet"}
)

// vagueInText reports whether words by themselves are mostly no date in a text: a number, "the
// year", "may", and "march" with a small letter.
func vagueInText(text string, read []word) bool {
	first := read[0]
	capital := text[first.at] >= 'A' && text[first.at] <= 'Z'
	for i, w := range read { // week 3 of what
		if w.unit == oneWeek && i+1 < len(read) && isDigit(read[i+1].text[0]) && (i == 0 || read[i-1].text != "calendar" && read[i-1].text != "iso") && !yearBehind(read[i+1:]) {
			return true
		}
	}
	switch {
	case !capital && (first.text == "may" || first.text == "march"), joined(read) == "new year", joined(read) == "the new year":
		return true
	case len(read) == 1:
		_, year := first.year()
		return year || slices.Contains(common, first.text) || !capital && slices.Contains(small, first.text) || first.unit != noUnit
	case len(read) == 2 && first.text == "the":
		return read[1].unit != noUnit
	case len(read) == 2 && read[1].month > 0 && slices.Contains([]string{"may", "march", "mar"}, read[1].text):
		return text[read[1].at] > 'Z'
	}
	return false
}

// yearBehind reports whether a year stands in words, also as in 14/2027.
func yearBehind(words []word) bool {
	return slices.ContainsFunc(words, func(w word) bool {
		_, ok := word{text: w.text[strings.IndexByte(w.text, '/')+1:]}.year()
		return ok
	})
}

// partOnly reports whether what stands behind a phrase shows that only a part of a longer one was
// understood: the first quarter of fiscal 2027, the second half of the match.
func partOnly(read []word, behind, then word) bool {
	last, next := read[len(read)-1], behind.text
	_, listed := behind.day()
	switch {
	case next == "each", next == "every", next == "of" && (then.text == "each" || then.text == "every"): // 1 April each year
		return true
	case listed && last.comma && (behind.comma || then.text == "and" || then.text == "or"): // May 1, 3 and 5
		return true
	}
	return next == "of" && (last.unit != noUnit || last.weekday > 0 || last.order != 0) || (next == "after" || next == "before" || next == "from") && last.unit != noUnit
}
