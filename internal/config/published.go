package config

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"attache/internal/prose"
)

// Published writes e for those who may not see the files: on pages, in the log, for
// monitoring. It says where something is wrong and what, and repeats nothing of what
// stands there: that may be a secret in the wrong place, or another file altogether.
func (e *Error) Published() string {
	p := *e
	p.Message = withheld(e.Message, e.written)
	return p.Error()
}

// Published returns err as [Error.Published] writes it, each error of a file by itself.
func Published(err error) []string {
	var found Errors
	if !errors.As(err, &found) {
		return []string{err.Error()}
	}
	out := make([]string, len(found))
	for i, e := range found {
		out[i] = e.Published()
	}
	return out
}

// quotation is text in quotation marks as [strconv.Quote] writes it, or in those of the
// library that reads YAML.
var quotation = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|'[^']+'`)

// withheld returns message without what was written: in quotes, as a whole, or a word of it
// that is no plain word. Words of the message itself stay, although they were written too.
func withheld(message, written string) string {
	have := plainly(written)
	if len(have) < shortestSecret || figures.MatchString(written) {
		return message
	}
	message = quotation.ReplaceAllStringFunc(message, func(quote string) string {
		text, err := strconv.Unquote(quote)
		if err != nil {
			text = quote[1 : len(quote)-1]
		}
		if text = plainly(strings.TrimSuffix(text, prose.Ellipsis)); text == "" || !strings.Contains(have, text) {
			return quote
		}
		return `"…"`
	})
	if whole := strings.TrimSpace(written); telling(whole) { // a path, which may be a part of one by now
		message = strings.ReplaceAll(message, whole, prose.Ellipsis)
	}
	return word.ReplaceAllStringFunc(message, func(w string) string {
		if p := plainly(w); p == have || telling(w) && strings.Contains(have, p) {
			return prose.Ellipsis
		}
		return w
	})
}

// plainly returns s as it is compared with what a message made of it: an id, say.
func plainly(s string) string {
	return strings.Trim(strings.Map(func(c rune) rune {
		if !unicode.IsLetter(c) && !unicode.IsDigit(c) {
			return '-'
		}
		return c
	}, prose.Fold(s)), "-")
}

// figures is what can only be a date, a time or a number.
var figures = regexp.MustCompile(`^[0-9][-0-9:/.,+ TZ~?%]{0,40}$`)

// shortestSecret is how long text is that gives something away.
const shortestSecret = 4

// word is what stands between blanks and punctuation.
var word = regexp.MustCompile(`[^\s"'…:;,()\[\]{}]+`)

// telling reports whether a word can be more than a word or a year of a sentence: it is long,
// or has something else in it than small letters.
func telling(w string) bool {
	_, err := strconv.Atoi(w)
	return len(w) >= shortestSecret && (len(w) > 16 || strings.ContainsFunc(w, func(c rune) bool { return !unicode.IsLower(c) })) && (err != nil || len(w) > len("2026"))
}
