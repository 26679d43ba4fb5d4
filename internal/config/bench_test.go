package config

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// manyEvents writes a file of n events, each with what events usually have.
func manyEvents(n int) []byte {
	var b strings.Builder
	b.WriteString("sources:\n  s: {title: A report}\nevents:\n")
	for i := range n {
		fmt.Fprintf(&b, `  - id: event-%[1]d
    title: Something that is expected %[1]d
    kind: meeting
    when:
      between: [2026-01-01, 2026-02-16]
      source: s
      quote: the exact words of it, and some more words
    zone: Asia/Shanghai
    certainty: likely
    place: Beijing
    parties: [US, China]
    people: [A B, C D]
    topics: [tariffs, rare-earths]
    links: {follows: event-0}
    note: what is worth knowing besides
`, i)
	}
	return []byte(strings.Replace(b.String(), "{follows: event-0}", "{follows: event-1}", 1))
}

// BenchmarkLoad is to be compared with BenchmarkDecode: what the library takes
// for the same bytes.
func BenchmarkLoad(b *testing.B) {
	dir := b.TempDir()
	b.Chdir(dir)
	for name, data := range map[string][]byte{"attache.yaml": []byte("events: [e.yaml]"), "e.yaml": manyEvents(10_000)} {
		if err := os.WriteFile(name, data, 0o600); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		if cfg, err := Load("attache.yaml"); err != nil || len(cfg.Calendar.Events) != 10_000 {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	data := manyEvents(10_000)
	for b.Loop() {
		var out struct {
			Sources map[string]map[string]string
			Events  []map[string]any
		}
		if err := yaml.Load(data, &out); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecodeNodes(b *testing.B) {
	data := manyEvents(10_000)
	for b.Loop() {
		var out yaml.Node
		if err := yaml.Load(data, &out); err != nil {
			b.Fatal(err)
		}
	}
}
