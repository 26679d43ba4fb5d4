package splice

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"

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

// TestText_OnlyThat changes one thing in files of many layouts. Another library has to see that
// change and no other, every comment has to stay, and all lines but those of the change.
func TestText_OnlyThat(t *testing.T) {
	made, refused := 0, 0
	for range lengthtest.Of(1, 10) {
		rapid.Check(t, func(t *rapid.T) {
			l := layout{t, rapid.SampledFrom([]string{"\n", "\n", "\r\n"}).Draw(t, "newline"), rapid.IntRange(2, 4).Draw(t, "step")}
			before := l.file()
			text, err := Parse([]byte(before))
			if err != nil {
				t.Skip() // two draws made no YAML together
			}
			id := l.pick("of", "a", "b", "c")
			m, ok := text.Item("id", id, "events")
			if !ok {
				t.Skip()
			}
			key := l.pick("key", "title", "when", "status", "note", "topics", "reason")
			value := Quote(l.pick("new", "held", "2026-04-01", "a: b # c", "it's \"so\"", "yes", "- x", "x, y", "[x]", "{", "é\tb", "c\\d", "", " x "))
			add := l.pick("add", "no", "yes") == "yes"
			if add {
				err = text.Append(m, key, value, "id", "title", "when")
			} else {
				err = text.Set(m, key, value, "id", "title", "when")
			}
			var after []byte
			if err == nil {
				after, err = text.Bytes()
			}
			if err != nil {
				refused++
				return
			}
			made++
			want := with(t, decoded(t, []byte(before)), id, key, decoded(t, []byte(value)), add)
			if got := decoded(t, after); !reflect.DeepEqual(got, want) {
				t.Fatalf("%s %q of %s in\n%s\nmakes\n%s\nwhich another library reads as\n%v\nwant\n%v", key, value, id, before, after, got, want)
			}
			if strings.Contains(before, "\r\n") && bytes.Count(after, []byte("\n")) != bytes.Count(after, []byte("\r\n")) {
				t.Fatalf("an end of line is another than the file's:\n%q", after)
			}
			kept(t, before, string(after), add)
		})
	}
	t.Logf("%d changes made, %d refused", made, refused)
	if made < refused {
		t.Errorf("%d changes were made and %d refused", made, refused)
	}
}

// kept expects that what was added to left all text where it is, but for the mark of an item.
func kept(t *rapid.T, before, after string, add bool) {
	if !add {
		return
	}
	squeeze := func(s string) string {
		return strings.NewReplacer(" ", "", "\r", "", "\n", "", "-", "", "[", "", "]", "").Replace(s)
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

func decoded(t *rapid.T, data []byte) any {
	var v any
	if err := other.Unmarshal(bytes.TrimPrefix(data, []byte("\ufeff")), &v); err != nil {
		t.Fatalf("another library: %v:\n%s", err, data)
	}
	return v
}

// with returns a file with a value under a key of the event.
func with(t *rapid.T, file any, id, key string, value any, add bool) any {
	for _, e := range file.(map[string]any)["events"].([]any) {
		m := e.(map[string]any)
		if m["id"] != id {
			continue
		}
		have, there := m[key]
		list, isList := have.([]any)
		switch {
		case !add, there && have == nil:
			m[key] = value
		case !there:
			m[key] = []any{value}
		case isList:
			m[key] = append(list, value)
		default:
			m[key] = []any{have, value}
		}
	}
	return file
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
