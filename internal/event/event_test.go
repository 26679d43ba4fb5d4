package event

import (
	"strings"
	"testing"
	"unicode/utf8"

	"attache/internal/when"
)

func TestCheckID(t *testing.T) {
	const slug = " is not an id: use lower-case letters, digits and inner hyphens"
	for _, c := range []struct{ id, want string }{
		{"beijing-visit", ""},
		{"g20", ""},
		{"a", ""},
		{"7", ""},
		{"a--b", ""},
		{"jobs-2026-03", ""},
		{strings.Repeat("a", MaxIDLength), ""},
		{"", "an id is missing: write one as beijing-visit"},
		{strings.Repeat("a", MaxIDLength+1), "the id is 129 bytes long: 128 are the most"},
		{"2026-02-17", `"2026-02-17" is a date: an id stays when the date moves, so name the event`},
		{"2026-02", `"2026-02" is a date: an id stays when the date moves, so name the event`},
		{"2026", `"2026" is a date: an id stays when the date moves, so name the event`},
		{"2026-13", ""},
		{"Beijing", `"Beijing"` + slug},
		{"beijing visit", `"beijing visit"` + slug},
		{"beijing_visit", `"beijing_visit"` + slug},
		{"-a", `"-a"` + slug},
		{"a-", `"a-"` + slug},
		{"-", `"-"` + slug},
		{"a/b", `"a/b"` + slug},
		{"a.b", `"a.b"` + slug},
		{"..", `".."` + slug},
		{"é", `"é"` + slug},
		{"a\n", `"a\n"` + slug},
		{"a\x00b", `"a\x00b"` + slug},
	} {
		got := ""
		if err := CheckID(c.id); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("CheckID(%q): %q, want %q", c.id, got, c.want)
		}
	}
}

func FuzzCheckID(f *testing.F) {
	for _, s := range []string{"beijing-visit", "", "-", "a-", "É", "2026-02-17", "\xff", strings.Repeat("a", 129)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, id string) {
		err := CheckID(id)
		if err != nil {
			if msg := err.Error(); strings.ContainsAny(msg, "\n\r") || !utf8.ValidString(msg) || len(msg) > 1000 {
				t.Errorf("%q: %q is not one short line", id, msg)
			}
			return
		}
		if id == "" || len(id) > MaxIDLength || strings.Trim(id, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" || strings.Trim(id, "-") != id {
			t.Errorf("%q passes for an id", id)
		}
	})
}

func TestStatementName(t *testing.T) {
	e := Event{ID: "beijing-visit", When: []Statement{{ID: "report"}, {Expr: when.Expr{Form: when.TBD}}}}
	if a, b := e.StatementName(0), e.StatementName(1); a != "report" || b != "beijing-visit#2" {
		t.Errorf("the statements are named %q and %q", a, b)
	}
}

func TestPosition_String(t *testing.T) {
	for p, want := range map[Position]string{
		{"events/us-china.yaml", 12}: "events/us-china.yaml:12",
		{"events/us-china.yaml", 0}:  "events/us-china.yaml",
		{}:                           "",
	} {
		if got := p.String(); got != want {
			t.Errorf("%+v: %q, want %q", p, got, want)
		}
	}
}
