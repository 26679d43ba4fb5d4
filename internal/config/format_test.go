package config

import (
	"bytes"
	"strings"
	"testing"
)

func TestFormat_Caret(t *testing.T) {
	for name, c := range map[string]struct {
		line   string
		column int
		want   string
	}{
		"plain":     {"a: b", 4, "  a: b\n     ^\n"},
		"tabs":      {"\ta:\tb", 5, "  \ta:\tb\n  \t  \t^\n"},
		"wide":      {"北京: b", 5, "  北京: b\n        ^\n"},
		"accents":   {"e\u0301: b", 5, "  e\u0301: b\n     ^\n"},
		"past end":  {"a", 9, "  a\n   ^\n"},
		"terminals": {"\x1b[31m\u202e: b", 1, "  \ufffd[31m\ufffd: b\n  ^\n"},
		"long": {
			strings.Repeat("x", 100) + "!" + strings.Repeat("y", 100), 101,
			"  …" + strings.Repeat("x", 60) + "!" + strings.Repeat("y", 59) + "…\n  " + strings.Repeat(" ", 61) + "^\n",
		},
		"blank": {"   ", 2, ""},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			if err := Format(&out, Errors{{File: "f", Line: 1, Column: c.column, Message: "m", Source: c.line}}); err != nil {
				t.Fatal(err)
			}
			_, got, _ := strings.Cut(out.String(), "\n")
			if got != c.want {
				t.Errorf("got\n%q, want\n%q", got, c.want)
			}
		})
	}
}

func TestNearest(t *testing.T) {
	words := []string{"deadline", "meeting", "summit", "visit", "to"}
	for written, want := range map[string]string{
		"meating": "meeting", "Deadline": "deadline", "deadlien": "deadline", "vist": "visit", "summits": "summit",
		"ot": "to", "holiday": "", "": "", "x": "", "meetingmeeting": "",
	} {
		if got := nearest(written, words); got != want {
			t.Errorf("%q: %q, want %q", written, got, want)
		}
	}
}
