package splice

import (
	"errors"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/diff"
)

func TestSet(t *testing.T) {
	for _, c := range []struct{ name, text, key, value, want string }{
		{"plain", "events:\n  - id: a\n    status: open # so far\n    note: x\n", "status", "held", "-    status: open # so far\n+    status: held # so far\n"},
		{"quoted", "events:\n  - id: a\n    status: \"open\"   # so far\n", "status", "held", "-    status: \"open\"   # so far\n+    status: held   # so far\n"},
		{"single quotes", "events:\n  - id: a\n    title: 'it''s: on' # x\n", "title", "off", "-    title: 'it''s: on' # x\n+    title: off # x\n"},
		{"CRLF", "events:\r\n- id: a\r\n  status: open\r\n  note: x\r\n", "status", "held", "-  status: open\r\n+  status: held\r\n"},
		{"byte order mark", "\ufeffevents:\n- id: a\n  status: open\n", "status", "held", "-  status: open\n+  status: held\n"},
		{"no end of line", "events:\n- id: a\n  status: open", "status", "held", "-  status: open\n\\ No newline at end of file\n+  status: held\n\\ No newline at end of file\n"},
		{"flow", "events:\n- {id: a, status: open, title: \"x, y\"} # one\n", "status", "held", "-- {id: a, status: open, title: \"x, y\"} # one\n+- {id: a, status: held, title: \"x, y\"} # one\n"},
		{"new", "events:\n  - id: a\n    title: A # name\n    certainty: likely\n\n  # of b\n  - id: b\n", "status", "held", "+    status: held\n"},
		{"new, behind all", "events:\n  - id: a\n    note: >\n      many words\n\n      more\n\n  - id: b\n", "reason", "why", "+    reason: why\n"},
		{"new in flow", "events: [{id: a, title: A}, {id: b}]", "status", "held", "-events: [{id: a, title: A}, {id: b}]\n\\ No newline at end of file\n+events: [{id: a, title: A, status: held}, {id: b}]\n\\ No newline at end of file\n"},
		{"nothing there", "events:\n- id: a\n  note:\n  title: A\n", "note", "x", "-  note:\n+  note: x\n"},
		{"a map on lines of its own", "events:\n- id: a\n  when:\n    on: 2026-01-01\n    quote: >-\n      words\n      words\n  zone: UTC\n", "when", "tbd", "-  when:\n-    on: 2026-01-01\n-    quote: >-\n-      words\n-      words\n+  when: tbd\n"},
		{"wide characters", "events:\n- {id: a, title: 中文·é, status: open}\n", "status", "held", "-- {id: a, title: 中文·é, status: open}\n+- {id: a, title: 中文·é, status: held}\n"},
		{"folded plain text", "events:\n- id: a\n  note: some\n    words\n  title: A\n", "note", "x", "-  note: some\n-    words\n+  note: x\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := parse(t, c.text)
			m, ok := text.Item("id", "a", "events")
			if !ok {
				t.Fatal("there is no such event")
			}
			err := text.Set(m, c.key, c.value, "id", "title", "certainty", "status")
			changed(t, c.text, text, err, c.want)
		})
	}
}

func TestAppend(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"to a list", "events:\n- id: a\n  when:\n  - {by: 2026-01-01} # first\n\n  # of zone\n  zone: UTC\n", "+  - 2026-04-01\n"},
		{"to a list in one line", "events:\n- id: a\n  when: [2026-01-01, 2026-02-01] # x\n", "-  when: [2026-01-01, 2026-02-01] # x\n+  when: [2026-01-01, 2026-02-01, 2026-04-01] # x\n"},
		{"to a list in lines", "events:\n- id: a\n  when: [\n    2026-01-01, # one, and\n    2026-02-01, # two\n  ]\n", "-    2026-02-01, # two\n+    2026-02-01, 2026-04-01, # two\n"},
		{"to an empty list", "events:\n- id: a\n  when: []\n", "-  when: []\n+  when: [2026-04-01]\n"},
		{"to one date", "events:\n- id: a\n  when: 2026-01-01 # first\n  zone: UTC\n", "-  when: 2026-01-01 # first\n+  when:\n+    - 2026-01-01 # first\n+    - 2026-04-01\n"},
		{"to a map", "events:\n  - id: a\n    when:\n      on: 2026-01-01\n      quote: >-\n        words\n\n    zone: UTC\n", "-      on: 2026-01-01\n+    - on: 2026-01-01\n+    - 2026-04-01\n"},
		{"to a map further in", "events:\n  - id: a\n    when:\n        # said first\n        on: 2026-01-01\n        quote: words\n", "-        on: 2026-01-01\n+      - on: 2026-01-01\n+      - 2026-04-01\n"},
		{"to a map in one line", "events:\n- id: a\n  when: {by: 2026-01-01, source: x}\n", "-  when: {by: 2026-01-01, source: x}\n+  when:\n+    - {by: 2026-01-01, source: x}\n+    - 2026-04-01\n"},
		{"within a map in one line", "events:\n- {id: a, when: 2026-01-01, zone: UTC}\n", "-- {id: a, when: 2026-01-01, zone: UTC}\n+- {id: a, when: [2026-01-01, 2026-04-01], zone: UTC}\n"},
		{"where nothing is", "events:\n- id: a\n  zone: UTC\n", "+  when:\n+    - 2026-04-01\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := parse(t, c.text)
			m, _ := text.Item("id", "a", "events")
			err := text.Append(m, "when", "2026-04-01", "id")
			changed(t, c.text, text, err, c.want)
		})
	}
}

func TestAppendItems(t *testing.T) {
	b := [][]Entry{{{Key: "id", Value: "b"}, {Key: "title", Value: "B"}}}
	for _, c := range []struct{ name, text, want string }{
		{"apart", "events:\n\n  - id: x\n    title: X\n\n  # of a\n  - id: a\n    title: A\n# end\n", "+\n+  - id: b\n+    title: B\n"},
		{"close", "events:\n- id: x\n- id: a\n", "+- id: b\n+  title: B\n"},
		{"in one line", "events: [{id: a}]\n", "-events: [{id: a}]\n+events: [{id: a}, {id: b, title: B}]\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := parse(t, c.text)
			changed(t, c.text, text, text.AppendItems(b, "events"), c.want)
		})
	}
}

// TestText_Layout shows that what is new is laid out as what stands there.
func TestText_Layout(t *testing.T) {
	const long = "{on: 2026-04, source: a-wire-of-the-ministry, quote: the visit was put off once more until some day in the month of April}"
	for _, c := range []struct{ name, text, item, want string }{
		{"as the item above", "events:\n- id: a\n  when:\n    - by: 2026-01-01\n      source: x\n", "{on: 2026-04, quote: 'in, April'}  # said", "+    - on: 2026-04  # said\n+      quote: 'in, April'\n"},
		{"as the last item that is a map", "events:\n- id: a\n  when:\n    - by: 2026-01-01\n    - {on: 2026}\n    - 2026-03\n", "{on: 2026-04, source: x}", "+    - {on: 2026-04, source: x}\n"},
		{"as another event has it", "events:\n- id: a\n  when: 2026-01-01\n- id: b\n  when:\n  - on: 2026\n    source: x\n", "{on: 2026-04, source: x}", "-  when: 2026-01-01\n+  when:\n+    - 2026-01-01\n+    - on: 2026-04\n+      source: x\n"},
		{"in one line where nothing is shown", "events:\n- id: a\n  when: 2026-01-01\n", "{on: 2026-04, source: x}", "-  when: 2026-01-01\n+  when:\n+    - 2026-01-01\n+    - {on: 2026-04, source: x}\n"},
		{"in lines where one gets too long", "events:\n- id: a\n  zone: UTC\n", long, "+  when:\n+    - on: 2026-04\n+      source: a-wire-of-the-ministry\n+      quote: the visit was put off once more until some day in the month of April\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := parse(t, c.text)
			m, _ := text.Item("id", "a", "events")
			changed(t, c.text, text, text.Append(m, "when", c.item, "id"), c.want)
		})
	}
	const file = "events:\n- id: a\n  when: tbd # so far\n  zone: UTC\n"
	text := parse(t, file)
	m, _ := text.Item("id", "a", "events")
	changed(t, file, text, text.Set(m, "when", "[{by: 2026}, {on: 2026-04, quote: x}]"), "-  when: tbd # so far\n+  when: # so far\n+    - {by: 2026}\n+    - {on: 2026-04, quote: x}\n")
}

func TestWithin(t *testing.T) {
	wire := Entry{Key: "wire", Value: "{publisher: Reuters, published: 2026-01-05}"}
	for _, c := range []struct{ name, text, want string }{
		{"as the one above", "sources:\n  a:\n    title: A # so\n    url: x\n\nevents: []\n", "+  wire:\n+    publisher: Reuters\n+    published: 2026-01-05\n"},
		{"in one line as the one above", "sources:\n  a: {title: A}\nevents: []\n", "+  wire: {publisher: Reuters, published: 2026-01-05}\n"},
		{"in one line with the others", "sources: {a: {title: A}}\nevents: []\n", "-sources: {a: {title: A}}\n+sources: {a: {title: A}, wire: {publisher: Reuters, published: 2026-01-05}}\n"},
		{"none yet", "# A file\n\n# of events\nevents: []\n", "+sources:\n+  wire: {publisher: Reuters, published: 2026-01-05}\n+\n"},
		{"none yet, below what is said of the file", "# A file\nevents: []\n", "+sources:\n+  wire: {publisher: Reuters, published: 2026-01-05}\n+\n"},
		{"none yet, with a byte order mark and CRLF", "\ufeffevents: []\r\n", "-\ufeffevents: []\r\n+\ufeffsources:\r\n+  wire: {publisher: Reuters, published: 2026-01-05}\r\n+\r\n+events: []\r\n"},
		{"nothing in it", "sources: {} # none\nevents: []\n", "-sources: {} # none\n+sources: # none\n+  wire: {publisher: Reuters, published: 2026-01-05}\n"},
		{"JSON", "{\"events\": []}\n", "-{\"events\": []}\n+{\"events\": [], sources: {wire: {publisher: Reuters, published: 2026-01-05}}}\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := parse(t, c.text)
			m, _ := text.Map()
			changed(t, c.text, text, text.Within(m, "sources", wire, "events"), c.want)
		})
	}
}

func TestRemove(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"a line", "events:\n- id: a\n  status: held # so\n  # of the title\n  title: A\n", "-  status: held # so\n"},
		{"lines", "events:\n- id: a\n  status: >\n    held\n\n    still\n\n  title: A\n", "-  status: >\n-    held\n-\n-    still\n"},
		{"the last line", "events:\r\n- id: a\r\n  status: held", "-- id: a\r\n-  status: held\n\\ No newline at end of file\n+- id: a\n\\ No newline at end of file\n"},
		{"behind the mark", "events:\n- status: held\n  id: a\n", "-- status: held\n-  id: a\n+- id: a\n"},
		{"within one line", "events: [{id: a, status: held, title: A}]\n", "-events: [{id: a, status: held, title: A}]\n+events: [{id: a, title: A}]\n"},
		{"the last of one line", "events: [{id: a, status: held}]\n", "-events: [{id: a, status: held}]\n+events: [{id: a}]\n"},
		{"what is not there", "events: [{id: a}]\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := parse(t, c.text)
			m, _ := text.Item("id", "a", "events")
			changed(t, c.text, text, text.Remove(m, "status"), c.want)
		})
	}
}

// TestBytes_Together makes many changes at once, which are proved once.
func TestBytes_Together(t *testing.T) {
	const file = "events:\n- id: a\n  title: A\n- id: b # two\n  status: open\n- {id: c}\n"
	text := parse(t, file)
	var err error
	for _, id := range []string{"c", "a", "b"} {
		m, _ := text.Item("id", id, "events")
		err = errors.Join(err, text.Set(m, "status", "held", "id", "title"), text.Set(m, "reason", "so", "id", "title", "status"))
	}
	changed(t, file, text, err, "+  status: held\n+  reason: so\n-  status: open\n-- {id: c}\n+  status: held\n+  reason: so\n+- {id: c, status: held, reason: so}\n")
}

func TestSet_Refused(t *testing.T) {
	for name, text := range map[string]string{
		"an anchor": "events:\n- id: a\n  status: &s open\n- {id: b, status: *s}\n",
		"an alias":  "x: &s open\nevents:\n- id: a\n  status: *s\n",
		"a base":    "events:\n- &base\n  id: a\n  status: open\n- {<<: *base, id: b}\n",
		"a set key": "events:\n- ? id\n  : a\n  ? status\n  : open\n",
		"in a base": "x: &base {status: open}\nevents:\n- <<: *base\n  id: a\n",
	} {
		t.Run(name, func(t *testing.T) {
			parsed := parse(t, text)
			m, ok := parsed.Item("id", "a", "events")
			if !ok {
				t.Fatal("there is no such event")
			}
			err := parsed.Set(m, "status", "held")
			var got []byte
			if err == nil {
				got, err = parsed.Bytes()
			}
			if err == nil {
				t.Logf("%s", diff.Diff("old", []byte(text), "new", got))
			}
			if name == "in a base" && err == nil || name == "a set key" && err == nil {
				return // what is its own can be changed
			}
			if !errors.Is(err, ErrUnsafe) {
				t.Errorf("the error is %v, want %v", err, ErrUnsafe)
			}
		})
	}
	if _, err := Parse([]byte("a: 1\n---\na: 2\n")); !errors.Is(err, ErrUnsafe) {
		t.Errorf("two documents: the error is %v", err)
	}
}

func parse(t *testing.T, text string) *Text {
	t.Helper()
	parsed, err := Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// changed expects that exactly the lines of want changed.
func changed(t *testing.T, before string, text *Text, err error, want string) {
	t.Helper()
	after, wrong := text.Bytes()
	if err = errors.Join(err, wrong); err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for line := range strings.Lines(string(diff.Diff("old", []byte(before), "new", after))) {
		if strings.HasPrefix(line, "---") || strings.HasPrefix(line, "+++") {
			continue
		}
		if strings.ContainsAny(line[:1], `+-\`) {
			got.WriteString(line)
		}
	}
	if got.String() != want {
		t.Errorf("these lines changed:\n%swant:\n%sthe text is now:\n%s", got.String(), want, after)
	}
}
