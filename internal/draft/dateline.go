package draft

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"attache/internal/civil"
	"attache/internal/phrase"
)

// Bounds of the search for a dateline at the head of a text.
const (
	headLines = 6   // paragraphs
	headBytes = 240 // of a paragraph
	shortLine = 120 // a paragraph up to here is a line of its own, such as the head of a release
)

// firstLines looks for the dateline among the first lines of a text: "KUALA LUMPUR, Oct. 26,
// 2025 –", "Federal Register / Monday, October 27, 2025 / Notices", "Published: 26 October 2025".
func (t *Text) firstLines(lines []Paragraph) {
	for _, p := range lines {
		head := p.Text[:min(headBytes, len(p.Text))]
		parts := strings.FieldsFunc(dashes.Replace(head), func(r rune) bool { return strings.ContainsRune("/|:;()\n", r) })
		if len(p.Text) > shortLine {
			parts = parts[:min(1, len(parts))]
		}
		for _, part := range parts {
			day, dated, ok := dayIn(part)
			switch {
			case ok && dated:
				t.Published, t.Tells = day, fmt.Sprintf("line %d of the text", p.Line)
				return
			case ok && t.Tells == "":
				t.Tells = fmt.Sprintf("line %d says %q, without a year", p.Line, strings.TrimSpace(part))
			}
		}
	}
}

// dashes are the marks with which a dateline ends, or parts of a line.
var dashes = strings.NewReplacer(" – ", "\n", " — ", "\n", " -- ", "\n", " - ", "\n", " _ ", "\n", "–", "\n", "—", "\n")

// dayIn reads a part of a line that is a day and nothing else, or stands behind a place.
func dayIn(part string) (day civil.Date, dated, ok bool) {
	for range 4 {
		part = strings.TrimSpace(labelled.ReplaceAllString(strings.TrimSpace(part), ""))
		if day, dated, ok = wholeDay(part); ok {
			return day, dated, true
		}
		place, rest, more := strings.Cut(part, ",")
		if !more || !isPlace(place) {
			break
		}
		part = rest
	}
	return civil.Date{}, false, false
}

// labelled is what stands before the day on which a text was published.
var labelled = regexp.MustCompile(`(?i)^(?:(?:first )?(?:date|dated|published|issued|released|posted|updated|for release|for immediate release))?\s*(?:on )?\s*(?:this )?`)

// isPlace reports whether s can be the name of a place: a few words, each with a capital.
func isPlace(s string) bool {
	words := strings.Fields(s)
	for _, w := range words {
		if !begins(w) && !connectives[w] || strings.ContainsAny(w, "0123456789") {
			return false
		}
	}
	return len(words) > 0 && len(words) <= 4
}

var connectives = set("of the de la del da do du el al am an upon sur")

// wholeDay reads a text that is one day, and reports whether its year stands in it.
func wholeDay(s string) (day civil.Date, dated, ok bool) {
	if len(s) > 60 || !strings.ContainsAny(s, "0123456789") {
		return civil.Date{}, false, false
	}
	year := yearIn(s)
	c := phrase.Context{Dateline: civil.Date{Year: 2024, Month: time.January, Day: 1}, Tense: phrase.Future}
	if year != 0 {
		c.Dateline.Year = year
	}
	r, err := phrase.Read(strings.TrimRight(s, ".,"), c)
	if err != nil || r.First != r.Last || r.Soft || len(r.Options) > 0 {
		return civil.Date{}, false, false
	}
	return r.First, year != 0, true
}

// yearIn returns the year that stands in a text, 0 for none.
func yearIn(s string) int {
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return r < '0' || r > '9' }) {
		if len(w) == 4 {
			var year int
			for _, c := range []byte(w) {
				year = 10*year + int(c-'0')
			}
			if year >= 1900 && year <= 2200 {
				return year
			}
		}
	}
	return 0
}
