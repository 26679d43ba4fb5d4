package config

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"attache/internal/config/splice"
)

// Fix is a way to mend an error, for a program to apply: what to put in the place of a part
// of a line. It is only given where the reader takes what it makes of the value.
type Fix struct {
	Line      int    `json:"line"`
	Column    int    `json:"column"`     // in characters, from 1
	EndColumn int    `json:"end_column"` // of the character behind the part
	Text      string `json:"text"`
}

// cured returns p with each way to mend what is written there, old, that a message names and
// that the reader takes.
func (p place) cured(old, message string, takes func(string) bool) place {
	wrong := quotation.FindString(message)
	for _, text := range named(message) {
		part := strings.Replace(old, strings.Trim(wrong, `"`), text, 1)
		switch {
		case takes(text):
			p = p.mending(old, text)
		case wrong != "" && part != old && takes(part): // a word of it is wrong
			p = p.mending(old, part)
		}
	}
	return p
}

// examples begin what a message tells to write that is no more than an example.
var examples = []string{"it as ", "one ", "a ", "an ", "them ", "such as "}

// named returns what a message says may have been meant. Its parts may be words of the message
// itself, which no reader takes.
func named(message string) (out []string) {
	_, rest, found := strings.Cut(message, "did you mean ")
	if found {
		if i := strings.LastIndex(rest, "?"); i >= 0 {
			rest = rest[:i]
		}
		rest, _, _ = strings.Cut(rest, "? ")
	} else if _, rest, found = strings.Cut(message, "write "); !found || slices.ContainsFunc(examples, func(e string) bool { return strings.HasPrefix(rest, e) }) {
		return nil
	}
	add := func(text string) {
		text = strings.TrimSpace(text)
		if inner, err := strconv.Unquote(text); err == nil {
			text = inner
		}
		if text != "" && !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	for {
		before, inner, open := strings.Cut(rest, "{")
		inner, behind, closed := strings.Cut(inner, "}")
		if !open || !closed {
			break
		}
		if !strings.Contains(inner, "dateline") { // of which nobody knows the day
			add("{" + inner + "}")
		}
		rest = before + behind
	}
	add(rest)
	for _, part := range strings.Split(rest, ", ") {
		add(strings.TrimPrefix(part, "or "))
	}
	return out
}

// mending returns p with what mends it: text in the place of old, which stands at p. Where old
// does not stand there as it is, because of escapes or folding, nothing is offered.
func (p place) mending(old, text string) place {
	if fix, ok := p.fix(old, text); ok {
		p.fixes = append(slices.Clip(p.fixes), fix)
	}
	return p
}

func (p place) fix(old, text string) (Fix, bool) {
	line := []rune(p.src.line(p.line))
	from, to, ok := p.extent(old)
	if !ok || text == "" || old == "" {
		return Fix{}, false
	}
	quote := rune(0)
	if from > 0 && to < len(line) && (line[from-1] == '"' || line[from-1] == '\'') && line[to] == line[from-1] {
		quote = line[from-1]
	}
	switch structured := strings.HasPrefix(text, "{") || strings.HasPrefix(text, "["); {
	case structured && quote != 0:
		from, to = from-1, to+1
	case quote == 0 && !structured:
		text = splice.Quote(text)
	case quote != 0 && strings.ContainsAny(text, `"'\`):
		return Fix{}, false
	}
	return Fix{p.line, from + 1, to + 1, text}, true
}

// extent returns from which to which character of its line a text stands that is what is
// written at p, or the id in it.
func (p place) extent(text string) (from, to int, ok bool) {
	line := []rune(p.src.line(p.line))
	if text == "" || p.column < 1 || p.column > len(line) {
		return 0, 0, false
	}
	before := 0 // bytes of what is written before the text
	if i := strings.LastIndex(p.written, "event:"+text); i >= 0 {
		before = i + len("event:")
	}
	rest := string(line[p.column-1:])
	for _, quote := range []int{0, 1} {
		if at := before + quote; at <= len(rest) && strings.HasPrefix(rest[at:], text) {
			from = p.column - 1 + utf8.RuneCountInString(rest[:at])
			return from, from + utf8.RuneCountInString(text), true
		}
	}
	return 0, 0, false
}
