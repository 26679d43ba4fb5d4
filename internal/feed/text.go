package feed

import (
	"bytes"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// lineEnds turns every sort of line end into LF. U+2028 and U+2029 are among
// them because some readers split lines there, within a property too.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n")

// clean makes any bytes a text that RFC 5545 §3.3.11 can carry: valid UTF-8,
// with LF for every line end and without other control characters but TAB.
func clean(s string) string {
	if isClean(s) {
		return s
	}
	s = lineEnds.Replace(strings.ToValidUTF8(s, "\uFFFD"))
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, s)
}

// isClean reports whether clean has nothing to do, for the common case.
func isClean(s string) bool {
	ascii := true
	for i := range len(s) {
		switch c := s[i]; {
		case c < ' ' && c != '\n' && c != '\t', c == 0x7F:
			return false
		case c < utf8.RuneSelf:
		case c == 0xC2 && i+1 < len(s) && s[i+1] < 0xA0, // U+0080 to U+009F
			c == 0xE2 && i+2 < len(s) && s[i+1] == 0x80 && (s[i+2] == 0xA8 || s[i+2] == 0xA9): // U+2028, U+2029
			return false
		default:
			ascii = false
		}
	}
	return ascii || utf8.ValidString(s)
}

// line makes any bytes a clean text of one line, for titles and places.
func line(s string) string {
	s = clean(s)
	if strings.IndexByte(s, '\n') >= 0 {
		s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '\n' }), " ")
	}
	return strings.TrimSpace(s)
}

var escaper = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`)

// escape writes a clean text as a value of type TEXT, RFC 5545 §3.3.11.
func escape(s string) string {
	if !strings.ContainsAny(s, "\\;,\n") {
		return s
	}
	return escaper.Replace(s)
}

// maxLine is how many octets a line may have without its line break, RFC 5545
// §3.1.
const maxLine = 75

// fold appends the CRLF-ended content lines to dst, each folded to lines of at
// most 75 octets.
func fold(dst, lines []byte) []byte {
	for len(lines) > 0 {
		l, rest, _ := bytes.Cut(lines, []byte("\r\n"))
		dst, lines = foldLine(dst, l), rest
	}
	return dst
}

func foldLine(dst, l []byte) []byte {
	for room := maxLine; len(l) > room; room = maxLine - 1 {
		n := breakBefore(l, room)
		dst = append(dst, l[:n]...)
		dst = append(dst, "\r\n "...)
		l = l[n:]
	}
	return append(append(dst, l...), "\r\n"...)
}

// breakBefore returns where to break l, at most n octets in: between two
// characters, and not within an escape such as \n, which some readers undo
// before they unfold.
func breakBefore(l []byte, n int) int {
	at := n
	for at > 0 && !utf8.RuneStart(l[at]) {
		at--
	}
	slashes := 0
	for slashes < at && l[at-1-slashes] == '\\' {
		slashes++
	}
	if at -= slashes % 2; at == 0 {
		return n // nothing that is made here has such a line; it must still end
	}
	return at
}

// duration writes d as RFC 5545 §3.3.6 does, P1D or PT1H30M, in whole seconds.
func duration(d time.Duration) string {
	seconds := int64(d / time.Second)
	days, seconds := seconds/86400, seconds%86400
	var b strings.Builder
	b.WriteByte('P')
	if days > 0 {
		fmt.Fprintf(&b, "%dD", days)
	}
	if seconds == 0 && days > 0 {
		return b.String()
	}
	b.WriteByte('T')
	h, m, s := seconds/3600, seconds/60%60, seconds%60
	if h > 0 {
		fmt.Fprintf(&b, "%dH", h)
	}
	if m > 0 || h > 0 && s > 0 {
		fmt.Fprintf(&b, "%dM", m)
	}
	if s > 0 || seconds == 0 {
		fmt.Fprintf(&b, "%dS", s)
	}
	return b.String()
}

// isLink reports whether s can stand in a URL property: an absolute http or https
// address with a host, of the characters that RFC 3986 §2 allows.
func isLink(s string) bool {
	rest, ok := strings.CutPrefix(s, "https://")
	if !ok {
		rest, ok = strings.CutPrefix(s, "http://")
	}
	if !ok || rest == "" || strings.IndexByte("/?#:@", rest[0]) >= 0 {
		return false
	}
	for _, c := range []byte(rest) {
		if !isAlnum(c) && strings.IndexByte("-._~:/?#[]@!$&'()*+,;=%", c) < 0 {
			return false
		}
	}
	return true
}

func isAlnum(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// isLanguage reports whether s has the shape of a language tag, RFC 5646 §2.1.
func isLanguage(s string) bool {
	for _, part := range strings.Split(s, "-") {
		if part == "" || len(part) > 8 {
			return false
		}
		for _, c := range []byte(part) {
			if !isAlnum(c) {
				return false
			}
		}
	}
	return true
}
