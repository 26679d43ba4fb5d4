package phrase

import (
	"fmt"
	"slices"

	"attache/internal/syntax"
	"attache/internal/when"
)

// refuse reports what is wrong with a phrase that could not be read and how else to write it,
// where that is known. What it says to write never allows less than the phrase can mean:
// words that it does not know may turn the meaning round, so it passes over none. err is what
// the reader made of it, with no message where it did not understand.
func (p Context) refuse(phrase string, words []syntax.Word, err error) error {
	if i := slices.IndexFunc(words, isClock); i >= 0 {
		return syntax.Errorf(words[i].At, "a time of day is not read from a phrase: write %s", p.instantInstead(words))
	}
	se, ok := err.(*syntax.Error)
	if !ok || se.Msg != "" {
		return err
	}
	if r := (&reader{words: words}); r.takeMidnight() {
		return r.noMidnight()
	}
	says := p.otherwise(phrase)
	if says == "" {
		says = p.meant(words)
	}
	if says == "" {
		says = "write only the words that name the date, tbd, or a date such as 2026-02-17"
	}
	return &syntax.Error{Offset: se.Offset, Msg: fmt.Sprintf("%q was not understood: %s", syntax.Clip(phrase), says)}
}

// instantInstead returns how to write a day with a time of day.
func (p Context) instantInstead(words []syntax.Word) string {
	h, rest, ok := hourIn(words)
	if !ok || len(rest) == 0 {
		return "the day and the time with at:, where 12:01 a.m. is 00:01"
	}
	switch r, err := p.read(rest); {
	case err != nil || r.First != r.Last || r.Soft:
		return fmt.Sprintf("the day and the time with at:, the time as %s", h)
	case h.zone == "":
		return fmt.Sprintf("at: %s %s, with the zone behind it", r.First, h)
	default:
		return fmt.Sprintf("at: %s %s", r.First, h)
	}
}

// window returns what r allows.
func (r Reading) window() when.Window { return r.Expr().Window("UTC", "") }

// meant returns the phrase that was meant where one word was misspelt, or where it was the
// end of a longer time, and "" for none.
func (p Context) meant(words []syntax.Word) string {
	says := p.respelt(words)
	if says == "" {
		says = p.endInstead(words)
	}
	if says == "" {
		return ""
	}
	return fmt.Sprintf("did you mean %q?", says)
}

// endInstead returns what to write for the end of a time that is no month: its last third.
func (p Context) endInstead(words []syntax.Word) string {
	s, _ := cutPrefix(syntax.Join(words), "at")
	s, _ = cutPrefix(s, "the")
	s, end := cutPrefix(s, "end of")
	if whole, ok := p.whole(s); end == "" || !ok || whole.isDay() {
		return ""
	} else if r, err := p.readText("late " + whole.says); err == nil {
		return r.Says
	}
	return ""
}

// respelt returns the canonical words of words with one of them spelt right.
func (p Context) respelt(words []syntax.Word) string {
	for i, w := range words {
		if slices.Contains(easilyMisspelt, w.Text) || len(w.Text) < 4 {
			continue
		}
		for _, known := range easilyMisspelt {
			if !slip(w.Text, known) {
				continue
			}
			spelt := slices.Clone(words)
			spelt[i].Text = known
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
