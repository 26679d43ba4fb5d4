package config

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"attache/internal/lengthtest"
)

// long is a file of events that is long enough to be cut, with what makes that hard.
func long(n int) string {
	var b strings.Builder
	b.WriteString("# A calendar\naudience: everybody\nsources:\n  wire: {title: The wire, published: 2026-01-04, timezone: Europe/Brussels}\nevents: # those that matter\n")
	hard := []string{
		"    when: {phrase: early next month, source: wire}\n",
		"    note: |+\n      One line\n\n       - id: nobody\n\n",
		"    note: \"a text over\n      two lines, with - id: nobody in it\"\n    when: 2026-03-01\n",
		"    when:\n      - {on: 2026-03-01, id: main, source: wire}\n      # no reason given\n      - before event:e0\n",
		"    parties: [US,\n      China]\n# in the first column\n\n",
		"    links: {follows: e0}\n    if: {event: e1, is: held}\n",
		"    place: Hall #1 # no comment\n    when: 2026-04-01 10:00\n    note: R&D, and * more\n",
		"    when: {on: 2026-03-02, recurs: FREQ=WEEKLY}\n",
		"    place: Geneva #hall\n    status: held\n    when: 2025-03-01\n",
	}
	for i := range n {
		fmt.Fprintf(&b, "  - id: e%d\n    title: Event number %d, which has a long name so that the file is long\n%s", i, i, hard[i%len(hard)])
		b.WriteString("    topics: [one, two]\n\n")
	}
	b.WriteString("x-after: the events\n")
	return b.String()
}

// read returns all that is read of a configuration with that file, by l.
func read(t *testing.T, l *loader, text string) (c *Config, err error) {
	t.Helper()
	write(t, map[string]string{"attache.yaml": "timezone: Europe/Brussels\nevents: [long.yaml, other.yaml]\n", "long.yaml": text, "other.yaml": "events: [{id: other, title: Other, when: before event:e1}]\n"})
	return l.load("attache.yaml", nil)
}

// whole is a loader that reads no file in pieces.
func whole() *loader {
	l := newLoader()
	l.known = map[string]*document{}
	return l
}

// same fails where two readings differ.
func same(t *testing.T, got, want *Config, err, as error) {
	t.Helper()
	if !reflect.DeepEqual(err, as) {
		t.Fatalf("the errors are\n%v\nand as one\n%v", Published(err), Published(as))
	}
	if err != nil {
		return
	}
	if !reflect.DeepEqual(got.Warnings, want.Warnings) {
		t.Fatalf("the warnings are\n%v\nand as one\n%v", got.Warnings, want.Warnings)
	}
	for i, e := range want.Calendar.Events {
		if i == len(got.Calendar.Events) || !reflect.DeepEqual(got.Calendar.Events[i], e) {
			t.Fatalf("as one there is\n%+v", e)
		}
	}
	if !reflect.DeepEqual(got.Calendar, want.Calendar) {
		t.Fatalf("there are\n%+v\nand as one\n%+v", got.Calendar, want.Calendar)
	}
}

func TestPieces_AsOne(t *testing.T) {
	t.Chdir(t.TempDir())
	text := long(600)
	if _, err := read(t, newLoader(), text); err != nil {
		t.Fatalf("%v", Published(err))
	}
	src := newFileText("long.yaml", []byte(text))
	if _, _, parts, ok := src.cut(); !ok || len(parts) < 10 {
		t.Fatalf("it is cut into %d pieces: %v", len(parts), ok)
	}
	anchor := strings.Replace(text, "topics: [one, two]", "topics: &t [one, two]", 1)
	for name, text := range map[string]string{
		"plain":              text,
		"an anchor":          anchor,
		"two with one id":    strings.Replace(text, "id: e500\n", "id: e3\n", 1),
		"a quote left open":  strings.Replace(text, "title: Event number 100,", "title: \"Event number 100,", 1),
		"a list left open":   strings.Replace(text, "title: Event number 100,", "title: [Event number 100,", 1),
		"events twice":       text + "events: []\n",
		"another document":   text + "---\nevents: []\n",
		"many errors":        strings.ReplaceAll(text, "topics: [one, two]", "topic: [one, two]"),
		"no such source":     strings.Replace(text, "source: wire", "source: wires", 1),
		"a source behind":    text + "x-more: 1\n",
		"a head left open":   "x-note: 'it is\n" + text,
		"odd ends of lines":  strings.ReplaceAll(text, "\n", "\r\n"),
		"deeper than before": strings.Replace(text, "  - id: e200\n", "   - id: e200\n", 1),
		"less deep":          strings.Replace(text, "  - id: e200\n", " - id: e200\n", 1),
	} {
		t.Run(name, func(t *testing.T) {
			got, err := read(t, newLoader(), text)
			want, as := read(t, whole(), text)
			same(t, got, want, err, as)
		})
	}
}

// mutated returns text with a change at random.
func mutated(r *rand.Rand, text string) string {
	lines := strings.SplitAfter(text, "\n")
	i, j := r.IntN(len(lines)-1), r.IntN(len(lines)-1)
	switch r.IntN(6) {
	case 0:
		lines[i] = lines[j]
	case 1:
		lines = slices.Delete(lines, i, i+1)
	case 2:
		lines = slices.Insert(lines, i, lines[j])
	case 3:
		lines[i] = strings.Replace(lines[i], "e", "ee", 1)
	case 4:
		at := r.IntN(len(lines[i]))
		lines[i] = lines[i][:at] + string("\"'[]{}:#-|>&*! \tx,"[r.IntN(18)]) + lines[i][at:]
	default:
		lines[i] = " " + lines[i]
	}
	return strings.Join(lines, "")
}

func TestPieces_Mutated(t *testing.T) {
	t.Chdir(t.TempDir())
	for seed := range uint64(lengthtest.Of(10, 100)) {
		text := mutated(rand.New(rand.NewPCG(seed, 1)), long(400))
		got, err := read(t, newLoader(), text)
		want, as := read(t, whole(), text)
		if t.Run(fmt.Sprint(seed), func(t *testing.T) { same(t, got, want, err, as) }); t.Failed() {
			return
		}
	}
}

func TestCache_AsNew(t *testing.T) {
	t.Chdir(t.TempDir())
	var c Cache
	text := long(400)
	for seed := range uint64(lengthtest.Of(8, 60)) {
		next := mutated(rand.New(rand.NewPCG(seed, 2)), text)
		if seed%4 == 3 {
			next = strings.Replace(text, "2026-01-04", fmt.Sprintf("2026-02-%02d", 1+seed%28), 1)
		}
		want, as := read(t, newLoader(), next)
		got, err := c.Load("attache.yaml")
		if t.Run(fmt.Sprint(seed), func(t *testing.T) { same(t, got, want, err, as) }); t.Failed() {
			return
		}
		if err == nil {
			text = next
		}
	}
}

func TestCache_ReadsWhatChanged(t *testing.T) {
	t.Chdir(t.TempDir())
	var c Cache
	text := long(400)
	if _, err := read(t, newLoader(), text); err != nil {
		t.Fatal(err)
	}
	for _, edited := range []string{text, strings.Replace(text, "title: Event number 300,", "title: Event 300,", 1)} {
		if err := os.WriteFile(filepath.Join(".", "long.yaml"), []byte(edited), 0o600); err != nil {
			t.Fatal(err)
		}
		before := c.pieces
		if _, err := c.Load("attache.yaml"); err != nil {
			t.Fatal(err)
		}
		fresh := 0
		for key := range c.pieces {
			if before[key] == nil {
				fresh++
			}
		}
		if edited != text && fresh != 1 {
			t.Errorf("%d pieces were read again", fresh)
		}
	}
}

// BenchmarkCache_Edit reads a file of 10,000 events of which one changed, beside what the YAML
// library takes to decode it.
func BenchmarkCache_Edit(b *testing.B) {
	b.Chdir(b.TempDir())
	text := strings.ReplaceAll(long(10_000), " #hall", "") // of which there would be a thousand warnings
	edits := [2]string{text, strings.Replace(text, "title: Event number 300,", "title: Event No. 300,", 1)}
	for name, text := range map[string]string{"attache.yaml": "events: [long.yaml]\n", "long.yaml": text} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("edit", func(b *testing.B) {
		var c Cache
		if _, err := c.Load("attache.yaml"); err != nil {
			b.Fatal(err)
		}
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			if err := os.WriteFile("long.yaml", []byte(edits[i%2]), 0o600); err != nil {
				b.Fatal(err)
			}
			if _, err := c.Load("attache.yaml"); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("decode", func(b *testing.B) {
		s := newFileText("long.yaml", []byte(text))
		b.ReportAllocs()
		for b.Loop() {
			if root, errs := s.decodePart(s.data); root == nil {
				b.Fatal(errs)
			}
		}
	})
}

func TestLinesOf_AsSplit(t *testing.T) {
	for _, text := range []string{"", "\n", "a", "a\n", "a\n\n", "\na", "a\nb\n", "a\r\nb", "a\u2028b\n", "ä\nb\n\n\n"} {
		want, l := splitLines(text), linesOf([]byte(text))
		var got []string
		for n := range l.count() {
			got = append(got, l.at(n+1))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q has the lines %q; want %q", text, got, want)
		}
	}
}
