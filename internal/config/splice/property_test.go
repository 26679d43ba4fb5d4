package splice

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	goccy "github.com/goccy/go-yaml"
	"github.com/rogpeppe/go-internal/diff"
	other "go.yaml.in/yaml/v3"
	"pgregory.net/rapid"

	"attache/internal/lengthtest"
)

// layout draws an events file as some author would lay it out.
type layout struct {
	t    *rapid.T
	nl   string
	step int // of indentation
}

func (l layout) pick(label string, of ...string) string {
	return rapid.SampledFrom(of).Draw(l.t, label)
}

func (l layout) comment() string {
	return l.pick("comment", "", "", "", " # so far", "   # a: b, \"c\"")
}

// value draws how a text or a word stands in a file.
func (l layout) value(indent int) string {
	in := l.nl + spaces(indent)
	return l.pick("value",
		"open", "2026-01-01", "'it''s \"so\": yes'", `"a \"b\" # c é"`, "words, and: more"[:5], "中文 text", "", "tbd",
		"[2026-01-01, 2026-02-01]", "{by: 2026-01-01, quote: \"x, y\"}", "[]", "{}",
		"[2026-01-01, # first"+in+"2026-02-01]",
		">-"+in+"folded words"+in+"# no comment"+l.nl+in+"more", "|"+in+"as it is"+in+"  indented",
		"plain words"+in+"that go on", "\"quoted words"+in+"that go on\"",
		l.nl+spaces(indent)+"- 2026-01-01"+in+"- {by: 2026-02-01} # two",
		l.nl+spaces(indent)+"on: 2026-01-01"+in+"quote: >-"+in+"  words"+in+"  words",
	)
}

func (l layout) event(id string, indent int) string {
	if l.pick("flow", "no", "no", "yes") == "yes" {
		return fmt.Sprintf("{id: %s, title: %s, when: %s}%s", id, l.pick("title", "A", `"a, b"`, "'x: y'"), l.pick("date", "2026-01-01", "[2026-01-01]", "{by: 2026-01-01}", ""), l.comment())
	}
	out := "id: " + id + l.comment()
	for _, key := range []string{"title", "when", "status", "note", "topics"} {
		if l.pick("has "+key, "yes", "yes", "no") == "no" {
			continue
		}
		if l.pick("above "+key, "", "", "", "#") != "" {
			out += l.nl + l.nl + spaces(indent) + "# of " + key
		}
		v := l.value(indent + l.step)
		if v != "" && !strings.HasPrefix(v, l.nl) {
			v = " " + v
		}
		if !strings.Contains(v, l.nl) {
			v += l.comment()
		}
		out += l.nl + spaces(indent) + key + ":" + v
	}
	return out
}

func (l layout) file() string {
	dash := l.pick("dash", "", "  ", "    ")
	out := l.pick("mark", "", "", "\ufeff") + l.pick("head", "", "# A file"+l.nl+l.nl, "sources:"+l.nl+"  a: {title: \"A: b\"}"+l.nl) + "events:" + l.comment()
	for _, id := range []string{"a", "b", "c"} {
		out += l.pick("gap", l.nl, l.nl+l.nl, l.nl+dash+"# of "+id+l.nl) + dash + "- " + l.event(id, len(dash)+2)
	}
	return out + l.pick("end", "", l.nl, l.nl+l.nl+"# the end"+l.nl)
}

// drawn is a change of the event id.
type drawn struct{ act, id, key, value string }

func (l layout) change() drawn {
	d := drawn{
		l.pick("act", "set", "append", "append", "remove", "event", "source"), l.pick("of", "a", "b", "c"),
		l.pick("key", "title", "when", "status", "note", "topics", "reason"), "",
	}
	d.value = l.pick("new", "{on: 2026-04, source: x, quote: 'in April: a, b'}", "[{by: 2026-01-01}, {on: 2026-04, quote: \"c\"}]", "[x, y]", "")
	if d.value == "" {
		d.value = Quote(l.pick("text", "held", "2026-04-01", "a: b # c", "it's \"so\"", "yes", "- x", "x, y", "[x]", "{", "é\tb", "c\\d", "", " x ", "“so”"))
	}
	return d
}

// make makes the change, and returns the new text.
func (d drawn) make(text *Text, m Map) ([]byte, error) {
	var err error
	switch d.act {
	case "set":
		err = text.Set(m, d.key, d.value, "id", "title", "when")
	case "append":
		err = text.Append(m, d.key, d.value, "id", "title", "when")
	case "remove":
		err = text.Remove(m, d.key)
	case "event":
		err = text.AppendItems([][]Entry{{{Key: "id", Value: "new"}, {Key: d.key, Value: d.value}}}, "events")
	case "source":
		root, _ := text.Map()
		err = text.Within(root, "sources", Entry{Key: "wire", Value: d.value}, "events")
	}
	if err != nil {
		return nil, err
	}
	return text.Bytes()
}

// in makes the change to what a library read from the file.
func (d drawn) in(file, value any) any {
	top := file.(map[string]any)
	events, _ := top["events"].([]any)
	switch d.act {
	case "event":
		top["events"] = append(events, map[string]any{"id": "new", d.key: value})
	case "source":
		sources, _ := top["sources"].(map[string]any)
		if sources == nil {
			sources = map[string]any{}
		}
		sources["wire"], top["sources"] = value, sources
	}
	for _, e := range events {
		m := e.(map[string]any)
		if m["id"] != d.id {
			continue
		}
		have, there := m[d.key]
		list, isList := have.([]any)
		switch {
		case d.act == "remove":
			delete(m, d.key)
		case d.act == "set", d.act == "append" && there && have == nil:
			m[d.key] = value
		case d.act != "append":
		case !there:
			m[d.key] = []any{value}
		case isList:
			m[d.key] = append(list, value)
		default:
			m[d.key] = []any{have, value}
		}
	}
	return file
}

// libraries are two others than the one that is used here. The second has no part in common with it,
// and does not take every file.
var libraries = map[string]func([]byte, any) error{
	"yaml": other.Unmarshal, "goccy": func(data []byte, v any) error { return goccy.Unmarshal(data, v) },
}

// TestText_OnlyThat changes one thing in files of many layouts. Other libraries have to see that
// change and no other, every comment has to stay, and all lines but those of the change.
func TestText_OnlyThat(t *testing.T) {
	made, refused, lines := 0, 0, map[int]int{}
	seen := map[string]int{}
	for range lengthtest.Of(1, 10) {
		rapid.Check(t, func(t *rapid.T) {
			l := layout{t, rapid.SampledFrom([]string{"\n", "\n", "\r\n"}).Draw(t, "newline"), rapid.IntRange(2, 4).Draw(t, "step")}
			before := l.file()
			text, err := Parse([]byte(before))
			if err != nil {
				t.Skip() // two draws made no YAML together
			}
			d := l.change()
			m, ok := text.Item("id", d.id, "events")
			if !ok {
				t.Skip()
			}
			after, err := d.make(text, m)
			if err != nil {
				refused++
				return
			}
			made++
			lines[changedLines(before, after)]++
			for name, read := range libraries {
				if d.seen(t, name, read, before, after) {
					seen[name]++
				}
			}
			if strings.Contains(before, "\r\n") && bytes.Count(after, []byte("\n")) != bytes.Count(after, []byte("\r\n")) {
				t.Fatalf("an end of line is another than the file's:\n%q", after)
			}
			switch d.act {
			case "remove":
				kept(t, string(after), before)
			case "append", "event", "source":
				kept(t, before, string(after))
			}
		})
	}
	t.Logf("%d changes made, %d refused; seen by others: %v; changes by their number of lines: %v", made, refused, seen, lines)
	if made < 4*refused {
		t.Errorf("%d changes were made and %d refused", made, refused)
	}
}

// seen reports whether a library reads the file, and fails where it sees another change than d.
func (d drawn) seen(t *rapid.T, name string, read func([]byte, any) error, before string, after []byte) bool {
	var was, is, value any
	errs := []error{read(bare(before), &was), read([]byte(d.value), &value)}
	if name == "goccy" && (errors.Join(errs...) != nil || !plainly(was)) {
		return false
	}
	if err := errors.Join(append(errs, read(bare(string(after)), &is))...); err != nil {
		t.Fatalf("%s: %v:\n%s\nfrom\n%s", name, err, after, before)
	}
	if want := d.in(was, value); !reflect.DeepEqual(is, want) {
		t.Fatalf("%v in\n%s\nmakes\n%s\nwhich %s reads as\n%v\nwant\n%v", d, before, after, name, is, want)
	}
	return true
}

// plainly reports whether a library read a file of events as one.
func plainly(file any) bool {
	top, _ := file.(map[string]any)
	events, ok := top["events"].([]any)
	for _, e := range events {
		if _, is := e.(map[string]any); !is {
			return false
		}
	}
	return ok
}

func bare(text string) []byte { return bytes.TrimPrefix([]byte(text), []byte("\ufeff")) }

// changedLines returns how many lines went and came.
func changedLines(before string, after []byte) (n int) {
	for line := range strings.Lines(string(diff.Diff("old", []byte(before), "new", after))) {
		if strings.HasPrefix(line, "+") && !strings.HasPrefix(line, "+++") || strings.HasPrefix(line, "-") && !strings.HasPrefix(line, "---") {
			n++
		}
	}
	return n
}

// kept expects that what was added to left all text where it is, but for the mark of an item.
func kept(t *rapid.T, before, after string) {
	squeeze := func(s string) string {
		return strings.NewReplacer(" ", "", "\r", "", "\n", "", "-", "", "[", "", "]", "", "{", "", "}", "").Replace(s)
	}
	a, b := squeeze(before), squeeze(after)
	start := 0
	for start < len(a) && start < len(b) && a[start] == b[start] {
		start++
	}
	if !strings.HasSuffix(b, a[start:]) {
		t.Fatalf("more than the addition changed:\n%s\n%s", before, after)
	}
}

// FuzzSet never panics, and what it makes can be read.
func FuzzSet(f *testing.F) {
	f.Add("events:\n- id: a\n  when: >\n    x\n\n", "held")
	f.Add("events: [{id: a, when: [1, # c\n 2]}]", "a: b")
	f.Fuzz(func(t *testing.T, file, value string) {
		for _, change := range []func(*Text, Map) error{
			func(text *Text, m Map) error { return text.Set(m, "when", Quote(value)) },
			func(text *Text, m Map) error { return text.Append(m, "when", Quote(value)) },
			func(text *Text, m Map) error { return text.Remove(m, "when") },
			func(text *Text, m Map) error {
				return text.Within(m, "sources", Entry{Key: "a", Value: Quote(value)}, "when")
			},
			func(text *Text, _ Map) error {
				return text.AppendItems([][]Entry{{{Key: "id", Value: Quote(value)}}}, "events")
			},
		} {
			text, err := Parse([]byte(file))
			if err != nil {
				return
			}
			m, ok := text.Item("id", "a", "events")
			if !ok {
				return
			}
			if err := change(text, m); err != nil {
				continue
			}
			if out, err := text.Bytes(); err == nil {
				if _, err := Parse(out); err != nil {
					t.Errorf("%q became %q: %v", file, out, err)
				}
			}
		}
	})
}
