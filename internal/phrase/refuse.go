package phrase

import (
	"fmt"
	"slices"
	"strings"

	"attache/internal/civil"
	"attache/internal/syntax"
)

// refuse says what is wrong with a phrase that could not be read and, where there is
// something like it that can be, what. err is what the reader made of it, with no
// message where it did not understand.
func (p Context) refuse(phrase string, words []syntax.Word, err error) error {
	if i := slices.IndexFunc(words, func(w syntax.Word) bool { return w.Text == "midnight" }); i >= 0 {
		return p.refuseMidnight(words, i)
	}
	if i := slices.IndexFunc(words, isClock); i >= 0 {
		day := "2026-02-17"
		if d, ok := p.dayIn(words); ok {
			day = d.String()
		}
		return syntax.Errorf(words[i].At, "a time of day is not read from a phrase: write at: %s HH:MM and the zone, where 12:01 a.m. is 00:01", day)
	}
	se, ok := err.(*syntax.Error)
	if !ok || se.Msg != "" {
		return err
	}
	if says := p.otherwise(words); says != "" {
		return &syntax.Error{Offset: se.Offset, Msg: fmt.Sprintf("%q was not understood: %s", syntax.Clip(phrase), says)}
	}
	if a, b, ok := p.two(words); ok {
		return syntax.Errorf(se.Offset, "%q says two things: write each as a statement of its own, %q and %q", phrase, a, b)
	}
	if nearest := p.nearest(words); nearest != "" {
		return syntax.Errorf(se.Offset, "%q was not understood: did you mean %q? Else write tbd, or a date such as 2026-02-17", phrase, nearest)
	}
	return syntax.Errorf(se.Offset, "%q was not understood: write tbd, or a date such as 2026-02-17", phrase)
}

// refuseMidnight returns both days that midnight can belong to.
func (p Context) refuseMidnight(words []syntax.Word, at int) error {
	d, ok := p.dayIn(words)
	if !ok {
		return syntax.Errorf(words[at].At, "midnight can begin the day or end it: write at: and 00:00 of the day that it begins")
	}
	return &syntax.Error{Offset: words[at].At, Msg: midnightOn(d)}
}

// midnightOn says what midnight on d can mean.
func midnightOn(d civil.Date) string {
	return fmt.Sprintf("midnight on %s can begin the day or end it: write at: %s 00:00, or at: %s 00:00", civil.Short(d), d, d.AddDays(1))
}

// isClock reports whether w is part of a time of day.
func isClock(w syntax.Word) bool {
	rest := strings.TrimLeft(w.Text, "0123456789")
	switch {
	case slices.Contains([]string{"am", "pm", "a.m", "p.m", "o'clock", "o’clock"}, rest), w.Text == "noon":
		return true
	}
	return len(rest) < len(w.Text) && len(rest) > 1 && rest[0] == ':' && rest[1] >= '0' && rest[1] <= '9'
}

// parts returns every run of words, the longest first.
func parts(words []syntax.Word) [][]syntax.Word {
	var out [][]syntax.Word
	for n := len(words); n > 0; n-- {
		for i := 0; i+n <= len(words); i++ {
			out = append(out, words[i:i+n])
		}
	}
	return out
}

// dayIn finds the one day that a part of words names.
func (p Context) dayIn(words []syntax.Word) (civil.Date, bool) {
	for _, part := range parts(words) {
		if r, err := p.read(part); err == nil && r.First == r.Last {
			return r.First, true
		}
	}
	return civil.Date{}, false
}

// two returns the canonical words of two readings that follow each other and make up all
// of words.
func (p Context) two(words []syntax.Word) (a, b string, ok bool) {
	for i := 1; i < len(words); i++ {
		first, err1 := p.read(words[:i])
		second, err2 := p.read(words[i:])
		if err1 == nil && err2 == nil {
			return first.Says, second.Says, true
		}
	}
	return "", "", false
}

// nearest returns the canonical words of what is most like words: the same with one word
// spelt right, or a date for the end of a longer time, or else the longest part that can
// be read; "" for none.
func (p Context) nearest(words []syntax.Word) string {
	if says := p.respelt(words); says != "" {
		return says
	}
	if says := p.endInstead(words); says != "" {
		return says
	}
	for _, part := range parts(words) {
		if r, err := p.read(part); err == nil && !following(words, part) {
			return r.Says
		}
	}
	return ""
}

// following reports whether part begins with "next" and has "the" before it: the next week
// is the seven days to come, and no calendar week.
func following(words, part []syntax.Word) bool {
	i := slices.Index(words, part[0])
	return part[0].Text == "next" && i > 0 && words[i-1].Text == "the"
}

// endInstead returns what to write for the end of a time that is no month: its last day
// where a limit comes before it, its last third otherwise.
func (p Context) endInstead(words []syntax.Word) string {
	p.Past = false
	i := slices.IndexFunc(words, func(w syntax.Word) bool { return w.Text == "end" })
	if i < 0 || i+2 >= len(words) || words[i+1].Text != "of" {
		return ""
	}
	whole, err := p.read(words[i+2:])
	if err != nil || whole.OpenEnd() {
		return ""
	}
	before := slices.DeleteFunc(slices.Clone(words[:i]), func(w syntax.Word) bool { return w.Text == "the" || w.Text == "at" })
	last := namedDay{whole.Last.Year, whole.Last.Month, whole.Last.Day}.String()
	instead := strings.TrimSpace(syntax.Join(before) + " " + last)
	if len(before) == 0 {
		instead = "late " + whole.Says
	}
	r, err := p.read(wordsOf(instead))
	if err != nil {
		return ""
	}
	return r.Says
}

// respelt returns the canonical words of words with one of them spelt right.
func (p Context) respelt(words []syntax.Word) string {
	for i, w := range words {
		spelt := slices.Clone(words)
		for _, known := range easilyMisspelt {
			if len(w.Text) < 4 || syntax.Slips(w.Text, known) != 1 {
				continue
			}
			spelt[i].Text = known
			if r, err := p.read(spelt); err == nil {
				return r.Says
			}
		}
	}
	return ""
}

// easilyMisspelt are the words for which something near them is taken.
var easilyMisspelt = []string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
	"january", "february", "march", "april", "june", "july", "august", "september", "october", "november", "december",
	"today", "tomorrow", "yesterday", "spring", "summer", "autumn", "winter", "quarter", "half",
	"next", "this", "later", "early", "late", "week", "month", "year", "weeks", "months", "coming", "ahead", "before", "until", "after", "since", "around"}
