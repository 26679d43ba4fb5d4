package lsp

import (
	"strings"
	"testing"
)

func TestSpot(t *testing.T) {
	for name, c := range map[string]struct {
		text string // | is the place
		want string // path, what can be written, what is written of it
	}{
		"empty":              {"|", " key"},
		"top":                {"events:\n|", " key"},
		"half a key":         {"eve|", " key eve"},
		"item":               {"events:\n  - |", "events key value"},
		"key of an item":     {"events:\n  - ki|", "events key value ki"},
		"second key":         {"events:\n  - id: a\n    ki|", "events key ki"},
		"value":              {"events:\n  - id: a\n    kind: su|", "events kind value su"},
		"no blank":           {"events:\n  - kind:|", "events kind value"},
		"quoted":             {"events:\n  - kind: \"su|", "events kind value su"},
		"not indented list":  {"events:\n- id: a\n  kind: |", "events kind value"},
		"behind the list":    {"events:\n- id: a\nsour|", " key sour"},
		"map below a key":    {"events:\n  - id: a\n    when:\n      o|", "events when key o"},
		"out of the map":     {"events:\n  - id: a\n    when:\n      on: 2026-01-01\n    |", "events key"},
		"next item":          {"events:\n  - id: a\n    when: tbd\n  - |", "events key value"},
		"flow key":           {"events:\n  - when: {af|", "events when key af"},
		"flow value":         {"events:\n  - when: {after: event:b|", "events when after value event:b"},
		"second flow key":    {"events:\n  - when: {on: 2026-01-01, so|", "events when key so"},
		"flow list":          {"events:\n  - topics: [a, t|", "events topics value t"},
		"nested flow":        {"events:\n  - links: [{follows: a}, {follows: |", "events links follows value"},
		"behind flow":        {"events:\n  - when: {on: x}\n    t|", "events key t"},
		"flow of lines":      {"events:\n  - when: {between: [2026-01-01,\n      20|", "events when between value 20"},
		"list of words":      {"events:\n  - topics:\n      - ta|", "events topics key value ta"},
		"item in flow":       {"events:\n  - {id: a, status: |", "events status value"},
		"comment":            {"events: # ki|", "none"},
		"text":               {"events:\n  - note: |-\n      kind: |", "none"},
		"behind a text":      {"events:\n  - note: |-\n      kind: x\n    ki|", "events key ki"},
		"quote with a hash":  {"events:\n  - title: \"a # b\"\n    ki|", "events key ki"},
		"colon in a value":   {"events:\n  - title: http://x\n    ki|", "events key ki"},
		"key in quotes":      {"\"events\":\n  - \"kind\": |", "events kind value"},
		"json":               {`{"events": [{"kind": "su|`, "events kind value su"},
		"CRLF":               {"events:\r\n  - id: a\r\n    ki|", "events key ki"},
		"mark":               {"\ufeffevents:\n  - ki|", "events key value ki"},
		"words":              {"events:\n  - when: 2 days after event:|", "events when value 2 days after event:"},
		"two lists":          {"a:\n  - - - |", "a key value"},
		"dash alone":         {"-|", " key value"},
		"brackets left open": {"a: [}]]}}{|", "none"},
		"tab":                {"a:\n\tb|", "none"},
	} {
		t.Run(name, func(t *testing.T) {
			i := strings.LastIndex(c.text, "|")
			s, ok := spotAt(c.text[:i]+"\nnext: line\n", i)
			got := "none"
			if ok && (s.key || s.value) {
				parts := []string{strings.Join(s.path, " ")}
				if s.key {
					parts = append(parts, "key")
				}
				if s.value {
					parts = append(parts, "value")
				}
				if s.from < i {
					parts = append(parts, c.text[s.from:i])
				}
				got = strings.Join(parts, " ")
			}
			if got != c.want {
				t.Errorf("%q: got %q, want %q", c.text, got, c.want)
			}
		})
	}
}

func FuzzSpot(f *testing.F) {
	f.Add("events:\n  - {id: a, when: [\"x", 3)
	f.Add("- - a: |\n  b", 9)
	f.Fuzz(func(t *testing.T, text string, at int) {
		at = max(0, min(at, len(text)))
		if s, ok := spotAt(text, at); ok && (s.from > max(at, 3) || s.word < s.from) {
			t.Errorf("%q at %d: it begins at %d, its word at %d", text, at, s.from, s.word)
		}
	})
}
