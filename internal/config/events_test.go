package config

import (
	"reflect"
	"strings"
	"testing"

	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/when"
)

// good reads a file of events that has to be right.
func good(t *testing.T, text string) []event.Event {
	t.Helper()
	got := CheckFiles(nil, Document{"a.yaml", []byte(text)})
	for _, e := range got.Errors {
		t.Error(e)
	}
	return got.Calendar.Events
}

func TestEvent_EveryKey(t *testing.T) {
	got := good(t, `
sources:
  s: {title: T, publisher: P, url: https://example.com/a, published: 2025-10-26, timezone: Asia/Seoul}
events:
  - id: a
    title: "<!channel> & \"talks\""
    kind: talks
    when:
      - {on: 2026-01-02, source: s, quote: "q", priority: -2, certainty: likely, id: first, superseded_by: second, tz: ET}
      - {by: 2026-01-03, id: second, superseded_by: a#1}
    zone: ET
    certainty: rumoured
    status: in_force
    reason: because
    if: {text: maybe, event: b, is: met}
    place: Seoul
    parties: [NO, 2026]
    people: [A B]
    topics: [t]
    note: |
      two
      lines
    remind: [1d, 2h]
    links: {part_of: b, related to: [b]}
    sources: [s, {source: s, quote: q, supports: [when, title], seen: 2025-10-27}]
  - id: b
    title: B
    remind: []
    if: it rains
    links: [{follows: a}]
`)
	want := event.Event{
		ID: "a", Title: `<!channel> & "talks"`, Kind: event.Talks, Zone: "America/New_York",
		When: []event.Statement{
			{
				ID: "first", Expr: when.Expr{Form: when.On, A: point(2026, 1, 2), Zone: "America/New_York"}, Source: "s", Quote: "q",
				Certainty: event.Likely, Priority: -2, SupersededBy: "second", Said: civil.Date{Year: 2025, Month: 10, Day: 26}, Line: 9,
			},
			{ID: "second", Expr: when.Expr{Form: when.By, A: point(2026, 1, 3)}, SupersededBy: "a#1", Line: 10},
		},
		Certainty: event.Rumoured, Status: event.InForce, Reason: "because",
		If:    &event.Condition{Text: "maybe", Event: "b", Is: event.Met},
		Place: "Seoul", Parties: []string{"NO", "2026"}, People: []string{"A B"}, Topics: []string{"t"},
		Note: "two\nlines", Remind: &[]string{"1d", "2h"},
		Links: []event.Link{{Rel: event.PartOf, To: "b"}, {Rel: event.RelatedTo, To: "b"}},
		Sources: []event.Citation{
			{Source: "s"},
			{Source: "s", Quote: "q", Supports: []string{"when", "title"}, Seen: civil.Date{Year: 2025, Month: 10, Day: 27}},
		},
		Origin: event.Position{File: "a.yaml", Line: 5},
	}
	if len(got) != 2 || !reflect.DeepEqual(got[0], want) {
		t.Fatalf("got  %+v\nwant %+v", got, want)
	}
	b := event.Event{
		ID: "b", Title: "B", Kind: event.Other, Zone: "America/New_York", Certainty: event.Possible, Status: event.Open,
		Remind: &[]string{}, If: &event.Condition{Text: "it rains"}, Links: []event.Link{{Rel: event.Follows, To: "a"}},
		Origin: event.Position{File: "a.yaml", Line: 26},
	}
	if !reflect.DeepEqual(got[1], b) {
		t.Errorf("got  %+v\nwant %+v", got[1], b)
	}
}

func point(y, m, d int) when.Point {
	return when.Point{Period: civil.Period{Year: y, Month: m, Day: d}}
}

func TestStatement(t *testing.T) {
	for text, want := range map[string]string{
		"tbd":                               "tbd",
		"TBD":                               "tbd",
		"":                                  "",
		"2026-02-17":                        "on 2026-02-17",
		"2026-02":                           "on 2026-02",
		"2026":                              "on 2026",
		"'2026-23'":                         "on 2026-23",
		"2025-11-10 00:01 America/New_York": "at 2025-11-10 00:01 in America/New_York",
		"2026-01-01/2026-02-16":             "from 2026-01-01 to 2026-02-16",
		"'[2026-01-01..2026-02-16]'":        "between 2026-01-01 and 2026-02-16",
		"[2026-01-01..2026-02-16]":          "between 2026-01-01 and 2026-02-16",
		"[2026-01-01, by 2026-02-16]":       "on 2026-01-01; by 2026-02-16",
		"{on: 2026}":                        "on 2026",
		"{at: 2025-11-01 00:01, tz: ET}":    "at 2025-11-01 00:01 in America/New_York",
		"{at: 2025-11-01T00:01 +08:00}":     "at 2025-11-01 00:01 in +08:00",
		"{at: '2025-11-01 09:00', lasts: 90 minutes}":    "at 2025-11-01 09:00 lasting 90 minutes",
		"{from: 2026-01-01, to: 2026-01-05}":             "from 2026-01-01 to 2026-01-05",
		"{lasts: 5 days, from: 2026-01-01}":              "from 2026-01-01 lasting 5 days",
		"{from: 2026-01-01 09:00, to: 2026-01-01 10:00}": "from 2026-01-01 09:00 to 2026-01-01 10:00",
		"{between: [2026-01-01, 2026-02-16]}":            "between 2026-01-01 and 2026-02-16",
		"{between: [2026-01, 2026-03], tz: AoE}":         "between 2026-01 and 2026-03 in AoE",
		"{by: 2026-03-15}":                               "by 2026-03-15",
		"{not_before: 2026-03-15}":                       "not before 2026-03-15",
		"{after: 2026-01-01, before: 2026-02-01}":        "after 2026-01-01; before 2026-02-01",
		"{edtf: 2026-21}":                                "on 2026-21",
		"{edtf: [2026-01-01..2026-02-16]}":               "between 2026-01-01 and 2026-02-16",
	} {
		var got []string
		for _, s := range good(t, "events: [{id: a, title: A, when: "+text+"}]")[0].When {
			got = append(got, s.Expr.String())
		}
		if strings.Join(got, "; ") != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func TestStatement_TwoDates(t *testing.T) {
	got := good(t, "sources: {s: {}}\nevents: [{id: a, title: A, when: {after: 2026-01-01, source: s, quote: q, before: 2026-02-01}}]")[0].When
	for _, s := range got {
		if s.Source != "s" || s.Quote != "q" || s.Line != 2 {
			t.Errorf("%+v", s)
		}
	}
	if len(got) != 2 {
		t.Errorf("%+v", got)
	}
}

func TestYAML_AnchorsAndMerges(t *testing.T) {
	got := good(t, `
x-base: &base {kind: talks, topics: &t [a, b], parties: [US]}
events:
  - {<<: *base, id: a, title: A, parties: [China]}
  - {<<: [*base, {place: here, kind: visit}], id: b, title: B, topics: *t}
`)
	a, b := got[0], got[1]
	if a.Kind != event.Talks || len(a.Topics) != 2 || !reflect.DeepEqual(a.Parties, []string{"China"}) {
		t.Errorf("%+v", a)
	}
	if b.Kind != event.Talks || b.Place != "here" || len(b.Topics) != 2 {
		t.Errorf("%+v", b)
	}
}

func TestYAML_LineEndsAndByteOrderMark(t *testing.T) {
	got := good(t, "\ufeffevents:\r\n  - id: a\r\n    title: A\r\n    note: |\r\n      one\r\n      two\r\n")
	if len(got) != 1 || got[0].Note != "one\ntwo" || got[0].Origin.Line != 2 {
		t.Errorf("%+v", got)
	}
}

func TestEvent_TextTooLong(t *testing.T) {
	for key, most := range map[string]int{"title": 300, "note": 10_000, "reason": 10_000} {
		text := func(n int) string {
			return "events: [{id: a, title: A, " + key + ": " + strings.Repeat("é", n) + "}]"
		}
		if key == "title" {
			good(t, strings.Replace(text(most), "title: A, ", "", 1))
		} else {
			good(t, text(most))
		}
		got := CheckFiles(nil, Document{"-", []byte(strings.Replace(text(most+1), "title: A, title", "title", 1))})
		if len(got.Errors) != 1 || !strings.Contains(got.Errors[0].Message, "is the most") {
			t.Errorf("%s: %v", key, got.Errors)
		}
	}
}

func TestText_WithWhatTurnsItRound(t *testing.T) {
	const doc = "events:\n  - {id: e, title: \"Talks \u202egnirb on\u202c\", place: a\u2067b, topics: [\u202dtariffs], note: \"\u200fשלום\u200e\"}\n"
	found := CheckFiles(nil, Document{"-", []byte(doc)})
	want := []string{
		"-:2:27: title has the invisible character U+202E in it, which turns the text behind it round: attache leaves it out",
		"-:2:48: place has the invisible character U+2067 in it, which turns the text behind it round: attache leaves it out",
		"-:2:61: topics has the invisible character U+202D in it, which turns the text behind it round: attache leaves it out",
	}
	if len(found.Errors) > 0 || len(found.Warnings) != len(want) {
		t.Fatal(found.Errors, found.Warnings)
	}
	for i, w := range found.Warnings {
		if w.Error() != want[i] {
			t.Errorf("%s\nwant\n%s", w, want[i])
		}
	}
	e := found.Calendar.Events[0]
	if e.Title != "Talks gnirb on" || e.Place != "ab" || e.Topics[0] != "tariffs" || e.Note != "\u200fשלום\u200e" {
		t.Errorf("%+q %+q %q %+q", e.Title, e.Place, e.Topics, e.Note)
	}
}
