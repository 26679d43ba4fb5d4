package syntax

import (
	"strings"
	"unicode"
)

// Word is a part of a text that holds no space, and where it begins.
type Word struct {
	Text string
	At   int // bytes from the start of the text
}

// Split returns the words of s.
func Split(s string) []Word {
	var words []Word
	start := -1
	for i, r := range s {
		switch space := unicode.IsSpace(r); {
		case space && start >= 0:
			words, start = append(words, Word{s[start:i], start}), -1
		case !space && start < 0:
			start = i
		}
	}
	if start >= 0 {
		words = append(words, Word{s[start:], start})
	}
	return words
}

// Join writes words with one space between them.
func Join(words []Word) string {
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = w.Text
	}
	return strings.Join(texts, " ")
}

// Trim returns w without the spaces around it.
func Trim(w Word) Word {
	rest := strings.TrimLeftFunc(w.Text, unicode.IsSpace)
	return Word{strings.TrimRightFunc(rest, unicode.IsSpace), w.At + len(w.Text) - len(rest)}
}

// Cut returns what stands in w before and behind sep.
func (w Word) Cut(sep string) (before, behind Word, ok bool) {
	a, b, ok := strings.Cut(w.Text, sep)
	return Word{a, w.At}, Word{b, w.At + len(w.Text) - len(b)}, ok
}

// End is where w ends.
func (w Word) End() int { return w.At + len(w.Text) }

// Digits reads exactly n decimal digits at the start of s.
func Digits(s string, n int) (int, bool) {
	if len(s) < n {
		return 0, false
	}
	v := 0
	for _, c := range []byte(s[:n]) {
		if c < '0' || c > '9' {
			return 0, false
		}
		v = v*10 + int(c-'0')
	}
	return v, true
}
