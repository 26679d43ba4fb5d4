// Package prose has the small rules that everything written for people shares: how text is
// cut, brought onto one line, counted and begun with a capital.
//
// A text that is cut ends in an ellipsis, which counts towards the limit, and is cut
// between two characters as a reader sees them. The folding of iCalendar lines by octets,
// RFC 5545 §3.1, is another matter and stays in package feed.
//
//	prose.Count(1, "event"), prose.Count(2, "event") // 1 event, 2 events
//	prose.Clip("a long text", 8)                     // a lon…, of 8 bytes
//
// Invariants: a text that fits is returned as it is, and one that is cut is valid UTF-8.
package prose

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Count writes a number of things: 1 day, 2 days, 2 addresses.
func Count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	if strings.HasSuffix(thing, "s") {
		thing += "e"
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// Ordinal writes the place of something in a row: 1st, 2nd, 11th.
func Ordinal(n int) string {
	suffix := "th"
	if n%100 < 11 || n%100 > 13 {
		switch n % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	return strconv.Itoa(n) + suffix
}

// Capital returns s with its first letter large.
func Capital(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if first == utf8.RuneError {
		return s
	}
	return string(unicode.ToUpper(first)) + s[size:]
}

// article is a leading article that is large only because a title begins with it: not that of
// a name, such as The Hague, but that of "The ruling" and "The EU regulation".
var article = regexp.MustCompile(`^(?:The|An?) (?:\p{Ll}|\p{Lu}[\p{Lu}\p{N}])`)

// Within returns a title as it stands within a sentence: "the ruling" of "The ruling".
func Within(title string) string {
	if article.MatchString(title) {
		return strings.ToLower(title[:1]) + title[1:]
	}
	return title
}

// OneLine returns the words of s with one blank between them.
func OneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// List names things: "held", "held or met", "held, deferred or met", where last is "or".
func List[T ~string](list []T, last string) string {
	var b strings.Builder
	for i, s := range list {
		switch {
		case i == 0:
		case i == len(list)-1:
			b.WriteString(" " + last + " ")
		default:
			b.WriteString(", ")
		}
		b.WriteString(string(s))
	}
	return b.String()
}
