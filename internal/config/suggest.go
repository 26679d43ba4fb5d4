package config

import (
	"fmt"
	"strconv"
	"strings"

	"attache/internal/prose"
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
	text := []rune(strings.ToLower(written))
	if len(text) > longest {
		return ""
	}
	best, least := "", min(1+len(text)/3, 3)+1
	for _, w := range words {
		if d := len(w) - len(written); d > 8 || d < -8 {
			continue
		}
		if n := distance(text, []rune(strings.ToLower(w))); n < least {
			best, least = w, n
		}
	}
	return best
}

// distance counts the letters to insert, drop, change or swap with the next one
// to make b of a (optimal string alignment).
func distance(a, b []rune) int {
	const usual = 96 // on the stack: a word is compared with every id there is
	var rows [3][usual]int
	before, last, row := rows[0][:], rows[1][:], rows[2][:]
	if len(b) >= usual {
		before, last, row = make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	}
	for j := range len(b) + 1 {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
