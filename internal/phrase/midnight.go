package phrase

import (
	"slices"

	"attache/internal/civil"
	"attache/internal/syntax"
)

// takeMidnight reads midnight wherever it stands, with the words that belong to it: at
// midnight on, 12 midnight. What is left is the day of which it is an edge. It is false where
// there is none.
func (p *reader) takeMidnight() bool {
	i := slices.IndexFunc(p.words, func(w syntax.Word) bool { return w.Text == "midnight" })
	if i < 0 {
		return false
	}
	from, to := i, i+1
	if from > 0 && p.words[from-1].Text == "12" {
		from--
	}
	if from > 0 && p.words[from-1].Text == "at" {
		from--
	}
	if to < len(p.words) && (p.words[to].Text == "on" || p.words[to].Text == "of") {
		to++
	}
	p.midnight, p.words = p.words[i], slices.Delete(slices.Clone(p.words), from, to)
	return true
}

// edges returns both edges of the day s, at one of which its midnight is.
func (p *reader) edges(s stretch) (Reading, error) {
	if !s.isDay() {
		return Reading{}, p.noMidnight()
	}
	next := s.first.AddDays(1)
	r := Reading{First: s.first, Last: next, Options: []civil.Date{s.first, next}, Midnight: true, Says: "midnight " + s.words()}
	return r, p.near(r)
}

// isDay reports whether s is one day that was named.
func (s stretch) isDay() bool { return s.hard && s.first == s.last }

// noMidnight reports that no one day was named beside midnight.
func (p *reader) noMidnight() error {
	return syntax.Errorf(p.midnight.At, "midnight can begin the day or end it: write at: and 00:00 of the day that it begins")
}
