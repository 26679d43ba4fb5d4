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
		if len(want) >= 100 {
			continue
		}
		if n := Slips(want, have); n <= least {
			best, least = w, n-1
		}
	}
	return best
}

// Slips counts the letters to insert, drop, change or swap with the next one to make b of a
// (optimal string alignment).
func Slips(a, b string) int {
	const usual = 96 // on the stack: a word is compared with every id there is
	from, to := []rune(a), []rune(b)
	var rows [3][usual]int
	before, last, row := rows[0][:], rows[1][:], rows[2][:]
	if len(to) >= usual {
		before, last, row = make([]int, len(to)+1), make([]int, len(to)+1), make([]int, len(to)+1)
	}
	for j := range len(to) + 1 {
		last[j] = j
	}
	for i := range from {
		row[0] = i + 1
		for j := range to {
			cost := 1
			if from[i] == to[j] {
				cost = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+cost)
			if i > 0 && j > 0 && from[i] == to[j-1] && from[i-1] == to[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(to)]
}
