package draft

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"attache/internal/civil"
	"attache/internal/phrase"
)

var (
	months   = set("january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec")
	weekdays = set("monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun")
)

// isHead reports whether a line is the head of a day in a diary: FRIDAY, APRIL 26, or a day of
// the week alone.
func isHead(line string) bool {
	if len(line) > 48 {
		return false
	}
	words := strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(" ,.:*", r) })
	weekday, month, number := 0, 0, 0
	for _, w := range words {
		low := strings.ToLower(w)
		switch {
		case weekdays[low]:
			weekday++
		case months[low]:
			month++
		case dayNumber.MatchString(low), yearIn(low) != 0 && len(low) == 4:
			number++
		case low != "of" && low != "the":
			return false
		}
	}
	return month == 1 && number > 0 && weekday < 2 || weekday == 1 && month+number == 0
}

var (
	dayNumber = regexp.MustCompile(`^\d{1,2}(st|nd|rd|th)?$`)
	bullet    = regexp.MustCompile(`^(?:[*•·▪◦‣]+ ?|[-–—] )`)
	city      = regexp.MustCompile(`^(?:[*•·]+ ?)?(\p{Lu}[\p{Lu} .,'’/&-]{1,60}?) ?(?: -{1,2} |[–—]) ?`)
	clock     = regexp.MustCompile(`[-–—/,(]? ?\b((?:[01]\d|2[0-3])[:.]?[0-5]\d ?(?:GMT|UTC|CES?T|BST|E[SD]?T))\b\)?`)
	bracketed = regexp.MustCompile(`\((?:(?:through|until|to) ([^()]{3,30})|((?i:final|last) day))\)`)
)

// isItem reports whether a line is one of a list, or one of a diary: BRUSSELS - Ministers meet.
func isItem(line string) bool { return bullet.MatchString(line) || city.MatchString(line) }

// diary is the head under which the paragraphs of a diary stand.
type diary struct {
	head   *Paragraph
	phrase string // the words of the head that are its day
	day    civil.Date
	lists  bool // whether lines with no place and no hour are of the diary too
}

// headed returns the diary that begins with a head.
func headed(p *Paragraph, c phrase.Context) (diary, bool) {
	if !isHead(p.Text) {
		return diary{}, false
	}
	words := strings.Trim(p.Text, " .,:*")
	c.Tense = phrase.Future
	r, err := phrase.Read(words, c)
	if err == nil && len(r.Options) == 2 && r.Options[0].First == c.Dateline { // the weekday of the dateline itself
		return diary{head: p, phrase: words, day: c.Dateline}, true
	}
	if back := c; err != nil || r.First != r.Last {
		back.Tense = phrase.Past
		r, err = phrase.Read(words, back)
	}
	if err != nil || r.First != r.Last || r.Soft {
		return diary{}, false
	}
	return diary{head: p, phrase: words, day: r.First}, true
}

// item reads a line of the diary, and is false where it is none.
func (d diary) item(p *Paragraph, number int, c phrase.Context) (Candidate, bool) {
	if d.head == nil {
		return Candidate{}, false
	}
	place := city.FindStringSubmatch(p.Text)
	at := clock.FindStringSubmatch(p.Text)
	if place == nil && at == nil && !(d.lists && bullet.MatchString(p.Text)) {
		return Candidate{}, false
	}
	e := Candidate{At: at0(number, p.Text, 0, len(p.Text)), Why: d.phrase, head: true}
	body := p.Text
	if place != nil {
		e.Place = caseOf(place[1])
		body = body[len(place[0]):]
	} else {
		body = bullet.ReplaceAllString(body, "")
	}
	e.first, e.last = d.day, d.day
	st := Statement{Quote: quoteOf(p.Text, 0, len(p.Text)), Keys: []Key{{"on", d.day.String()}}}
	c.Dateline, c.Tense = d.day, phrase.Future
	switch note := bracketed.FindStringSubmatch(body); {
	case note != nil && note[2] != "":
		st.Keys = []Key{{"ends_by", d.day.String()}}
	case note != nil:
		if r, err := phrase.Read(strings.Trim(note[1], " .,"), c); err == nil && r.First == r.Last && !r.Soft && r.First.After(d.day) {
			st.Keys = []Key{{"from", d.day.String()}, {"to", r.First.String()}}
			e.last = r.First
		}
	case at != nil:
		if r, err := phrase.Read(at[1], c); err == nil && r.Timed && r.First == d.day {
			st.Keys = []Key{dayKey(r)}
		}
	default:
		st = Statement{Quote: d.head.Text, Keys: []Key{{"phrase", d.phrase}}}
	}
	e.Statements = []Statement{st}
	if st.Quote == d.head.Text {
		e.Quotes = []string{quoteOf(p.Text, 0, len(p.Text))}
	} else {
		e.Quotes = []string{d.head.Text}
	}
	body = clock.ReplaceAllString(bracketed.ReplaceAllString(body, ""), "")
	e.Title = titleOf(strings.Trim(strings.Join(strings.Fields(body), " "), " -–—/,;:."))
	return e, e.Title != ""
}

// caseOf writes a place that stands in capitals as people do: ABU DHABI is Abu Dhabi.
func caseOf(place string) string {
	words := strings.Fields(strings.Trim(place, " ,-/"))
	for i, w := range words {
		if w == strings.ToUpper(w) && !strings.Contains(w, ".") && !initials[w] {
			_, n := utf8.DecodeRuneInString(w)
			words[i] = w[:n] + strings.ToLower(w[n:])
		}
	}
	return strings.Join(words, " ")
}

var initials = set("UN EU US UK DC UAE")
