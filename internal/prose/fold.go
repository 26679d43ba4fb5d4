package prose

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold returns s as it is compared with what somebody else wrote: without case, accents and
// characters that nobody sees. Türkiye is turkiye, ŁÓDŹ is lodz, and Weiß is weiss. Marks
// that make another letter, as in Japanese, Hindi or Arabic, stay.
func Fold(s string) string {
	small := true
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return foldBeyondASCII(s)
		}
		small = small && (s[i] < 'A' || s[i] > 'Z')
	}
	if small {
		return s
	}
	return strings.ToLower(s)
}

// foldBeyondASCII is Fold of a text that is not ASCII alone.
func foldBeyondASCII(s string) string {
	out := make([]byte, 0, len(s))
	for _, r := range norm.NFKD.String(s) {
		if r < utf8.RuneSelf {
			out = append(out, byte(unicode.ToLower(r)))
			continue
		}
		switch other, known := letters[r]; {
		case known:
			out = append(out, other...)
		case r >= '\u0300' && r <= '\u036f', unicode.Is(unicode.Cf, r): // accents; controls of direction and joining
		default:
			out = utf8.AppendRune(out, unicode.ToLower(unicode.ToUpper(r))) // ı, ſ and ς by way of the capital
		}
	}
	return norm.NFC.String(string(out)) // Hangul was taken apart too
}

// letters are the letters of which Unicode has no parts, in the letters that people type
// for them.
var letters = map[rune]string{
	'ß': "ss", 'ẞ': "ss", 'æ': "ae", 'Æ': "ae", 'œ': "oe", 'Œ': "oe", 'ø': "o", 'Ø': "o", 'ł': "l", 'Ł': "l",
	'đ': "d", 'Đ': "d", 'ð': "d", 'Ð': "d", 'þ': "th", 'Þ': "th", 'ħ': "h", 'Ħ': "h",
	'’': "'", '‘': "'", '‐': "-", '–': "-", // as keyboards write them
}

// SameWord reports whether two people wrote the same word: they differ in case and accents
// at most.
func SameWord(a, b string) bool { return a == b || Fold(a) == Fold(b) }
