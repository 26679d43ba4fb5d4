package config

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"attache/internal/prose"
	"attache/internal/syntax"
)

// quoted writes what a person wrote so that it can stand in a message of one
// line, cut where it is long.
func quoted(s string) string {
	return strconv.Quote(prose.Measure(prose.Runes).Cut(s, 60))
}

// didYouMean returns `: did you mean "title"?` if one of the words is close to
// what was written, and "" if none is.
func didYouMean(written string, words []string) string {
	if w := nearest(written, words); w != "" {
		return fmt.Sprintf(": did you mean %q?", w)
	}
	return ""
}

// orChoose is didYouMean, or else the list of the words that there are.
func orChoose(written string, words []string) string {
	if s := didYouMean(written, words); s != "" {
		return s
	}
	return ": choose from " + strings.Join(words, ", ")
}

// nearest returns the word that takes the fewest slips of the keyboard to become
// written, or "" if none is near.
func nearest(written string, words []string) string {
	const longest = 64
	text, size := strings.ToLower(written), utf8.RuneCountInString(written)
	if size > longest {
		return ""
	}
	best, least := "", min(1+size/3, 3, size-1)+1
	for _, w := range words {
		if d := len(w) - len(written); d > 8 || d < -8 {
			continue
		}
		if n := syntax.Slips(text, strings.ToLower(w)); n < least {
			best, least = w, n
		}
	}
	return best
}
