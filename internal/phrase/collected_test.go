package phrase

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"attache/internal/civil"
)

// collectedPhrase is a phrase as a newsroom or an office writes it, with what it is read against.
type collectedPhrase struct {
	genre, words string
	Context
}

// collected returns the phrases of testdata/phrases.txt: under a head with a genre and a dateline,
// each on a line, with its tense behind a bar.
func collected(t testing.TB) (out []collectedPhrase) {
	text, err := os.ReadFile("testdata/phrases.txt")
	if err != nil {
		t.Fatal(err)
	}
	var head collectedPhrase
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if genre, dateline, ok := strings.Cut(strings.TrimPrefix(line, "# "), ", "); ok && strings.HasPrefix(line, "# ") {
			head.genre = genre
			if head.Dateline, err = civil.ParseDate(dateline); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if line == "" {
			continue
		}
		one := head
		words, tense, _ := strings.Cut(line, " | ")
		one.words, one.Tense = words, Tense(tense)
		out = append(out, one)
	}
	return out
}

var update = flag.Bool("update", false, "write the golden files anew")

// How phrases are read that newsrooms and offices write. Look at each line that differs: a wrong
// window costs more than a refusal.
func TestRead_Collected(t *testing.T) {
	var out strings.Builder
	for _, c := range collected(t) {
		said := c.words
		if c.Tense != Unsaid {
			said += " (" + string(c.Tense) + ")"
		}
		if r, err := Read(c.words, c.Context); err == nil {
			fmt.Fprintf(&out, "%s  %-44s %s\n", c.Dateline, said, reading(r))
		} else {
			fmt.Fprintf(&out, "%s  %-44s refused: %v\n", c.Dateline, said, err)
		}
	}
	const golden = "testdata/phrases.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	now := strings.Split(out.String(), "\n")
	for i, line := range strings.Split(string(want), "\n") {
		if i >= len(now) || now[i] != line {
			t.Fatalf("line %d is\n%s\nand was\n%s\nRun with -update and read what differs", i+1, now[min(i, len(now)-1)], line)
		}
	}
}
