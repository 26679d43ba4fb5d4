package config

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// apply returns text with a fix made.
func apply(text string, f Fix) string {
	lines := strings.Split(text, "\n")
	line := []rune(lines[f.Line-1])
	lines[f.Line-1] = string(line[:f.Column-1]) + f.Text + string(line[f.EndColumn-1:])
	return strings.Join(lines, "\n")
}

// Whatever is offered for the files of testdata ends what it is offered for.
func TestFix_EndsItsError(t *testing.T) {
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	tried := 0
	for _, file := range files {
		for _, e := range CheckFiles([]string{file}).Errors {
			for _, f := range e.Fixes {
				tried++
				data, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				left := CheckFiles(nil, Document{file, []byte(apply(string(data), f))}).Errors
				if slices.ContainsFunc(left, func(l *Error) bool { return l.Line == e.Line && l.Message == e.Message }) {
					t.Errorf("%v is still there after %+v", e, f)
				}
			}
		}
	}
	if tried < 20 {
		t.Errorf("%d fixes were tried", tried)
	}
}

func TestFix(t *testing.T) {
	for name, c := range map[string]struct{ wrong, right string }{
		"word":            {`kind: meating`, `kind: meeting`},
		"word in quotes":  {`kind: "meating" # so far`, `kind: "meeting" # so far`},
		"key":             {`kidn: meeting`, `kind: meeting`},
		"key of another":  {`when: {until: 2026-01-02}`, `when: {by: 2026-01-02}`},
		"date":            {`when: 1 Nov 2026`, `when: 2026-11-01`},
		"date in quotes":  {`when: {on: '1 Nov 2026'}`, `when: {on: '2026-11-01'}`},
		"date as a map":   {`when: from 10 to 12 November 2026`, `when: {from: 2026-11-10, to: 2026-11-12}`},
		"wide characters": {`when: {quote: "北京 𝔸", on: 1 Nov 2026}`, `when: {quote: "北京 𝔸", on: 2026-11-01}`},
		"zone":            {`zone: KST`, `zone: Asia/Seoul`},
		"list":            {`topics: tariffs`, `topics: [tariffs]`},
		"two of a list":   {`topics: a, b`, `topics: [a, b]`},
		"id in a date":    {`when: 2 days after event:aa2`, `when: 2 days after event:aa1`},
		"an example only": {`remind: [x]`, ``},
		"escapes":         {`kind: "me\u0061ting"`, ``},
		"folded":          {"kind: >-\n      meating", ``},
	} {
		t.Run(name, func(t *testing.T) {
			head := "events:\n  - {id: aa1, title: A}\n  - id: b\n    title: B\n    "
			errs := CheckFiles(nil, Document{"e.yaml", []byte(head + c.wrong + "\n")}).Errors
			if len(errs) != 1 {
				t.Fatalf("errors: %v", errs)
			}
			got := ""
			if len(errs[0].Fixes) > 0 {
				got = strings.TrimSuffix(strings.TrimPrefix(apply(head+c.wrong, errs[0].Fixes[0]), head), "\n")
			}
			if got != c.right {
				t.Errorf("%q becomes %q, want %q: %v %+v", c.wrong, got, c.right, errs[0], errs[0].Fixes)
			}
		})
	}
}
