package syntax

import (
	"strings"
	"unicode"
)

// Letters returns the letters and digits of s in lower case.
func Letters(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, s)
}

// Nearest returns the one of words that is most likely meant by what was written: it
// begins with it or holds it, or differs in few letters; "" for none.
func Nearest(written string, words []string) string {
	want := Letters(written)
	best, least := "", len(want)/3
	for _, w := range words {
		have := Letters(w)
		if len(want) >= 3 && strings.Contains(have, want) || len(have) >= 3 && strings.Contains(want, have) {
			return w
		}
		if n := slips([]rune(want), []rune(have)); n <= least && len(want) < 100 {
			best, least = w, n-1
		}
	}
	return best
}

// slips counts the letters to insert, drop or change to make b of a.
func slips(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		corner := row[0]
		row[0] = i + 1
		for j := range b {
			cost := corner
			if a[i] != b[j] {
				cost++
			}
			corner = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
