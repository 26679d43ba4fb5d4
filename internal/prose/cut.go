package prose

import (
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Ellipsis ends a text that was cut.
const Ellipsis = "…"

// A Measure says how much of a limit one code point uses up.
type Measure func(rune) int

// Runes counts code points.
func Runes(rune) int { return 1 }

// UTF16 counts UTF-16 code units.
func UTF16(r rune) int { return max(1, utf16.RuneLen(r)) }

// Size returns how much of a limit s uses up.
func (m Measure) Size(s string) int {
	n := 0
	for _, r := range s {
		n += m(r)
	}
	return n
}

// Cut shortens s to limit, the ellipsis included, between two characters as a reader sees
// them: no accent leaves its letter, no emoji is split. It returns "" where not even the
// ellipsis fits.
func (m Measure) Cut(s string, limit int) string {
	if m.Size(s) <= limit {
		return s
	}
	return m.cut(s, limit)
}

// Clip shortens s to limit bytes as [Measure.Cut] does.
func Clip(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	return Measure(octets).cut(s, limit)
}

// octets counts bytes of UTF-8. A byte that is none is read as U+FFFD, which is longer.
func octets(r rune) int { return utf8.RuneLen(r) }

// cut shortens s, which is longer than limit.
func (m Measure) cut(s string, limit int) string {
	room := limit - m.Size(Ellipsis)
	if room < 0 {
		return ""
	}
	used, end, anywhere := 0, 0, 0
	for i, r := range s {
		if used > room {
			break
		}
		anywhere = i
		if joint(s, i) {
			end = i
		}
		used += m(r)
	}
	if end == 0 { // one character that is longer than the limit
		end = anywhere
	}
	return strings.TrimRight(s[:end], " \t\n") + Ellipsis
}

const (
	zeroWidthJoiner = '\u200d'
	firstFlagLetter = '\U0001f1e6'
	lastFlagLetter  = '\U0001f1ff'
)

// joint reports whether s may be cut before the byte i, which begins a code point.
// It knows the rules of Unicode's grapheme clusters (UAX #29) for marks, emoji
// sequences, flags and conjoining Hangul.
func joint(s string, i int) bool {
	if i == 0 {
		return true
	}
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	after, _ := utf8.DecodeRuneInString(s[i:])
	switch {
	case before == zeroWidthJoiner, extends(after):
		return false
	case flagLetter(before) && flagLetter(after):
		return flagLetters(s[:i])%2 == 0
	}
	return true
}

// extends reports whether r belongs to the character before it.
func extends(r rune) bool {
	return r == zeroWidthJoiner || unicode.Is(unicode.M, r) ||
		r >= '\U0001f3fb' && r <= '\U0001f3ff' || // skin tones
		r >= '\U000e0020' && r <= '\U000e007f' || // tags of regional flags
		r >= '\u1160' && r <= '\u11ff' || r >= '\ud7b0' && r <= '\ud7ff' // Hangul vowels and finals
}

func flagLetter(r rune) bool { return r >= firstFlagLetter && r <= lastFlagLetter }

// flagLetters counts the flag letters at the end of s.
func flagLetters(s string) int {
	n := 0
	for {
		r, size := utf8.DecodeLastRuneInString(s)
		if !flagLetter(r) {
			return n
		}
		n++
		s = s[:len(s)-size]
	}
}
