package feed

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

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

// fold appends the content line l to dst, folded to lines of at most 75 octets.
func fold(dst, l []byte) []byte {
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

// alphanumeric are the letters and digits of ASCII.
const alphanumeric = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
