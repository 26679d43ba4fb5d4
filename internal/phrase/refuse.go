package phrase

import (
	"fmt"
	"slices"
	"strings"

	"attache/internal/syntax"
)

// refuse reports what is wrong with a phrase that could not be read and how else to write it,
// where that is known. What it says to write never allows less than the phrase can mean:
// words that it does not know may turn the meaning round, so it passes over none. err is what
// the reader made of it, with no message where it did not understand.
func (p Context) refuse(phrase string, words []word, err error) error {
	if i := slices.IndexFunc(words, isClock); i >= 0 {
		return &syntax.Error{Offset: words[i].at, Msg: "a time of day is not read from a phrase: write " + p.instantInstead(words)}
	}
	se, ok := err.(*syntax.Error)
	if !ok || se.Msg != "" {
		return err
	}
	says := "write only the words that name the date, tbd, or a date such as 2026-02-17"
	if slices.Contains(soon, joined(words)) {
		says = `it names no date: write tbd, or "in the coming days", "in the coming weeks" if that is meant`
	} else if number := numberHint(strings.ToLower(phrase)); number != "" {
		says = number
	} else if meant := p.respelt(words); meant != "" {
		says = fmt.Sprintf("did you mean %q?", meant)
	}
	return &syntax.Error{Offset: se.Offset, Msg: fmt.Sprintf("%q was not understood: %s", syntax.Clip(phrase), says)}
}

// soon are the words that name no date at all.
var soon = []string{"soon", "shortly", "imminently", "in due course", "at some point", "eventually", "later"}

// hourIn finds the one time of day that stands in words, and returns the others. It is false
// where there is none, or more than one.
func hourIn(words []word) (h hour, rest []word, ok bool) {
	for i := range words {
		p := newReader(Context{}, words)
		p.pos = i
		if h, ok = p.hour(); ok {
			rest = slices.Delete(slices.Clone(words), i, p.pos)
			return h, rest, !slices.ContainsFunc(rest, isClock)
		}
	}
	return hour{}, nil, false
}

// instantInstead returns how to write a day with a time of day.
func (p Context) instantInstead(words []word) string {
	q := newReader(p, words)
	q.anyZone = true
	if r, _, ok := q.hours(); ok && q.pos == len(words) && r.Lasts {
		return fmt.Sprintf("from: %s %s and to: %s %s, with the zone in tz:", r.First, r.Clock, r.Last, r.Until)
	}
	h, rest, ok := hourIn(words)
	if !ok || len(rest) == 0 {
		return "the day and the time with at:, where 12:01 a.m. is 00:01"
	}
	switch r, err := p.read(rest); {
	case err == nil && (r.OpenStart() || r.OpenEnd()):
		return fmt.Sprintf("%q, which leaves out the hour, or the day and the time with at:, the time as %s", r.Says, h)
	case err != nil:
		return "the day and the time with at:, where 12:01 a.m. is 00:01"
	case r.First != r.Last || r.Soft:
		return fmt.Sprintf("the day and the time with at:, the time as %s", h)
	case h.zone == "":
		return fmt.Sprintf("at: %s %s, with the zone behind it", r.First, h)
	default:
		return fmt.Sprintf("at: %s %s", r.First, h)
	}
}

// respelt returns the canonical words of words with one of them spelt right.
func (p Context) respelt(words []word) string {
	for i, w := range words {
		if slices.Contains(easilyMisspelt, w.text) || len(w.text) < 4 {
			continue
		}
		for _, known := range easilyMisspelt {
			if !slip(w.text, known) {
				continue
			}
			spelt := slices.Clone(words)
			spelt[i].text, spelt[i].sense = known, senseOf(known)
			if r, err := p.read(spelt); err == nil {
				return r.Says
			}
		}
	}
	return ""
}

// slip reports whether a word is a known one with one slip of the pen. A plural is none, and
// nor is another word of four letters, such as date for late.
func slip(word, known string) bool {
	return syntax.Slips(word, known) == 1 && word != known+"s" && known != word+"s" && (len(known) > 4 || sorted(word) == sorted(known))
}

// sorted returns the letters of a word in order.
func sorted(word string) string {
	letters := []byte(word)
	slices.Sort(letters)
	return string(letters)
}

// easilyMisspelt are the words for which something near them is taken.
var easilyMisspelt = []string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
	"january", "february", "march", "april", "june", "july", "august", "september", "october", "november", "december",
	"today", "tomorrow", "yesterday", "spring", "summer", "autumn", "winter", "quarter", "half",
	"next", "this", "later", "early", "late", "week", "month", "year", "weeks", "months", "coming", "ahead", "before", "until", "after", "since", "around"}
