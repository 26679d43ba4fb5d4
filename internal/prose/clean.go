package prose

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// lineEnds turns every sort of line end into LF. U+2028 and U+2029 are among
// them because some readers split lines there, within a property too.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n")

// Clean returns any bytes as plain text: valid UTF-8, with LF for every line end and
// without other control characters but TAB, and without those that turn text round. It is
// what RFC 5545 §3.3.11 can carry.
func Clean(s string) string {
	if isClean(s) {
		return s
	}
	s = lineEnds.Replace(strings.ToValidUTF8(s, "\uFFFD"))
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' || Turns(r) {
			return -1
		}
		return r
	}, s)
}

// Turns reports whether r is one of the characters that nobody sees and that turn round the
// text behind them, of the page or the message as well, up to one that ends it: U+202A to
// U+202E and U+2066 to U+2069. Marks of direction, which turn nothing round, are not.
func Turns(r rune) bool { return r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' }

// isClean reports whether Clean has nothing to do, for the common case.
func isClean(s string) bool {
	ascii := true
	for i := range len(s) {
		switch c := s[i]; {
		case c < ' ' && c != '\n' && c != '\t', c == 0x7F:
			return false
		case c < utf8.RuneSelf:
		case c == 0xC2 && i+1 < len(s) && s[i+1] < 0xA0, // U+0080 to U+009F
			c == 0xE2 && i+2 < len(s) && s[i+1] == 0x80 && s[i+2] >= 0xA8 && s[i+2] <= 0xAE, // U+2028 to U+202E
			c == 0xE2 && i+2 < len(s) && s[i+1] == 0x81 && s[i+2] >= 0xA6 && s[i+2] <= 0xA9: // U+2066 to U+2069
			return false
		default:
			ascii = false
		}
	}
	return ascii || utf8.ValidString(s)
}

// CleanLine returns any bytes as a clean text of one line, for titles and places.
func CleanLine(s string) string {
	s = Clean(s)
	if strings.IndexByte(s, '\n') >= 0 {
		s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '\n' }), " ")
	}
	return strings.TrimSpace(s)
}
