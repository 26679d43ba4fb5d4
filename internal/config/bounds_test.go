package config

import (
	"bytes"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
)

// bombs are files made to cost more than they weigh.
func bombs() map[string]string {
	lines := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	laughs := func() string {
		var b strings.Builder
		b.WriteString("x-0: &a0 [x, x, x, x, x, x, x, x, x, x]\n")
		for i := range 8 {
			fmt.Fprintf(&b, "x-%d: &a%d [%s]\n", i+1, i+1, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i), 10), ", "))
		}
		return b.String() + "events: *a8\n"
	}
	merges := func() string {
		var b strings.Builder
		b.WriteString("x-0: &a0 {id: a}\n")
		for i := range 30 {
			fmt.Fprintf(&b, "x-%d: &a%d {<<: [*a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d]}\n", i+1, i+1, i, i, i, i, i, i, i, i, i)
		}
		return b.String() + "events: [*a30]\n"
	}
	return map[string]string{
		"brackets":       strings.Repeat("[", 200_000),
		"braces":         strings.Repeat("{", 200_000),
		"dashes":         strings.Repeat("- ", 100_000),
		"question marks": strings.Repeat("? ", 100_000),
		"keys":           lines(200_000, "k%d: v\n"),
		"keys in a flow": "{" + lines(200_000, "k%d,") + "}",
		"one long list":  "[" + strings.Repeat("a,\n", 400_000) + "]",
		"long line":      "a: " + strings.Repeat("x", 1<<20),
		"items":          "events:\n" + strings.Repeat("- a\n", 1_000_000),
		"bytes":          strings.Repeat("#\n", 8<<20),
		"laughs":         laughs(),
		"merges":         merges(),
		"empty events":   "events:\n" + strings.Repeat("- {}\n", 200_000),
		"same event":     "events:\n- &e {id: a, title: A}\n" + strings.Repeat("- *e\n", 200_000),
		"unknown links":  "events:\n" + lines(20_000, "- {id: e%d, title: A, links: {follows: nowhere-%[1]d}}\n"),
		"documents":      strings.Repeat("---\na\n", 100_000),
	}
}

func TestBounds(t *testing.T) {
	// The heap grows far beyond what is used before it is swept; here it is to show what is used.
	defer debug.SetGCPercent(debug.SetGCPercent(20))
	for name, text := range bombs() {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			got := CheckFiles(nil, Document{"bomb.yaml", []byte(text)})
			runtime.ReadMemStats(&after)
			if len(got.Errors) == 0 {
				t.Fatal("accepted")
			}
			if len(got.Errors) > maxErrors+1 {
				t.Errorf("%d errors", len(got.Errors))
			}
			// Growth of the heap is a poor measure of a peak, but one of the right size.
			if grown := int64(after.HeapSys) - int64(before.HeapSys); grown > 100<<20 {
				t.Errorf("the heap grew by %d MiB", grown>>20)
			}
		})
	}
}

func FuzzCheckFiles(f *testing.F) {
	for _, text := range bombs() {
		if len(text) < 20_000 {
			f.Add([]byte(text))
		}
	}
	for _, text := range []string{
		"events:\n- id: a\n  title: A\n  when: [2026-01-01..2026-02-16]\n",
		"settle: 2m\nroutes: [{to: '#a', mention: {'@here': {within: 24h}}}]\n",
		"events: [{id: a, title: A, when: {from: 2026-01-01, lasts: 5 days, tz: ET}}]",
		"a: &a [*a]\n", "x: {<<: [{<<: }]}\nevents: [{<<: *x}]", "settle: h\n", "slack: {channel: ''}",
		"when: \"\\xe9\\u2028\"\n", "events:\n- {id: a, when: '  [a..b]'}",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got := CheckFiles(nil, Document{"fuzz.yaml", data}, Document{"other.yaml", []byte("events: [{id: other, title: O}]")})
		for _, e := range got.Errors {
			if strings.ContainsAny(e.Error(), "\n\r") {
				t.Errorf("not one line: %q", e.Error())
			}
			if e.Line < 0 || e.Line > 0 && e.Column < 1 {
				t.Errorf("no place: %+v", e)
			}
		}
		var out bytes.Buffer
		if err := Format(&out, got.Errors); err != nil {
			t.Error(err)
		}
	})
}

func TestErrors_EnoughIsEnough(t *testing.T) {
	var b strings.Builder
	b.WriteString("events:\n")
	for i := range 5000 {
		fmt.Fprintf(&b, "  - {id: e%d, title: T, wat: y, wut: z, kind: visit, when: 2026-02-30}\n", i)
	}
	got := CheckFiles(nil, Document{"many.yaml", []byte(b.String())}).Errors
	if n := len(got); n != maxErrors+1 || got[n-1].Error() != "many.yaml: and 2 more errors, 4966 events after these not read" {
		t.Errorf("%d errors, the last one %v", n, got[n-1])
	}
	if n := got.Count(); n != maxErrors+2 {
		t.Errorf("counted %d", n)
	}
}
