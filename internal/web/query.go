package web

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/prose"
)

// query reads the parameters of an address. What cannot be read is noted and refused, and
// never left out: the answer would be one to another question. Parameters that are not
// known are passed over, since programs and services add their own.
type query struct {
	values url.Values
	wrong  []string // sentences, with nothing in them of what was asked
}

// refusal says what is wrong with a request, in sentences for the one who sent it.
type refusal string

// Error returns the sentences.
func (r refusal) Error() string { return string(r) }

// Bounds of what a query may hold.
const (
	mostValues = 100 // of one parameter
	mostText   = 100 // characters of the text that is looked for
)

func readQuery(raw string) *query {
	values, err := url.ParseQuery(raw)
	q := &query{values: values}
	if err != nil {
		q.refuse("What stands behind the ? can't be read: write & between parameters, %%25 for a percent sign and %%3B for a semicolon.")
	}
	return q
}

func (q *query) refuse(format string, args ...any) {
	if s := fmt.Sprintf(format, args...); !slices.Contains(q.wrong, s) {
		q.wrong = append(q.wrong, s)
	}
}

// err returns what is wrong, or nil.
func (q *query) err() error {
	if len(q.wrong) == 0 {
		return nil
	}
	return refusal(strings.Join(q.wrong, " "))
}

// all returns the values of a parameter that count: forms send empty ones along.
func (q *query) all(name string) []string {
	values := slices.DeleteFunc(slices.Clone(q.values[name]), func(v string) bool { return strings.TrimSpace(v) == "" })
	if len(values) > mostValues {
		q.refuse("%s takes at most %d values.", name, mostValues)
	}
	if slices.ContainsFunc(values, func(v string) bool { return !utf8.ValidString(v) }) {
		q.refuse("%s is not written in UTF-8.", name)
	}
	return values
}

// one returns the value of a parameter that takes one, "" for none.
func (q *query) one(name string) string {
	values := slices.Compact(q.all(name))
	switch len(values) {
	case 0:
		return ""
	case 1:
	default:
		q.refuse("%s takes one value.", name)
	}
	return values[0]
}

// list returns the values of a parameter, some of which are written together, between commas.
func (q *query) list(name string) []string {
	var out []string
	for _, v := range q.all(name) {
		for part := range strings.SplitSeq(v, ",") {
			if part = strings.TrimSpace(part); part != "" {
				out = append(out, part)
			}
		}
	}
	return out
}

// words returns the values of a parameter that takes words of a vocabulary, each once.
func words[W ~string](q *query, name string, all []W) []W {
	var out []W
	for _, text := range q.list(name) {
		w, ok := event.Word(text, all)
		if !ok {
			q.refuse("%s has to be %s.", name, prose.List(all, "or"))
			return nil
		}
		out = append(out, w)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// word returns the value of a parameter that takes one word of a vocabulary, "" for none.
func word[W ~string](q *query, name string, all []W) (w W) {
	if list := words(q, name, all); len(list) > 1 {
		q.refuse("%s takes one value.", name)
	} else if len(list) == 1 {
		w = list[0]
	}
	return w
}

// date returns the day that a parameter names, the zero one for none.
func (q *query) date(name string) civil.Date {
	text := q.one(name)
	if text == "" {
		return civil.Date{}
	}
	d, err := civil.ParseDate(text)
	if err != nil {
		q.refuse("%s has to be a day of the years 1000 to 9999, written as 2026-02-16.", name)
	}
	return d
}

// instant returns the instant that a parameter names, and how it is written; "" for none. A
// day is its beginning in a zone, as on the command line.
func (q *query) instant(name string, zone *time.Location) (time.Time, string) {
	text := q.one(name)
	if text == "" {
		return time.Time{}, ""
	}
	if d, err := civil.ParseDate(text); err == nil {
		return d.Start(zone), d.String()
	}
	t, err := time.Parse(time.RFC3339, text)
	if t = t.UTC().Truncate(time.Second); err != nil || t.Year() < 1000 || t.Year() > 9999 {
		q.refuse("%s has to be a day or an instant of the years 1000 to 9999, written as 2026-02-16 or 2026-02-16T14:00:00Z.", name)
		return time.Time{}, ""
	}
	return t, t.Format(time.RFC3339)
}

// number returns the whole number, at least least, that a parameter names; usual for none.
func (q *query) number(name string, usual, least int) int {
	text := q.one(name)
	if text == "" {
		return usual
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least {
		q.refuse("%s has to be a whole number from %d.", name, least)
		return usual
	}
	return n
}

// text returns the text that a parameter holds, in one line.
func (q *query) text(name string) string {
	text := prose.OneLine(prose.Clean(q.one(name)))
	if utf8.RuneCountInString(text) > mostText {
		q.refuse("%s is too long: it takes %d characters.", name, mostText)
	}
	return text
}

// zone returns the time zone that a parameter names, nil for none.
func (q *query) zone(name string) *time.Location {
	text := q.one(name)
	if text == "" {
		return nil
	}
	loc, err := civil.Zone(text)
	if err != nil {
		q.refuse("%s has to be a time zone, written as Europe/Brussels, UTC or +05:30.", name)
		return nil
	}
	return loc
}
