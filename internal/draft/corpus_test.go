package draft

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"attache/internal/civil"
	"attache/internal/event"
)

// Each line of testdata/corpus.txt is a sentence of Wednesday, 4 March 2026, behind what is to be found
// in it: the dates ahead as a file would have them, with a bar between two, and nothing where all of
// its dates look back or none is one. The golden says what was found, missed and wrong.
func TestRead_Corpus(t *testing.T) {
	text, err := os.ReadFile("testdata/corpus.txt")
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	found, missed, wrong := 0, 0, 0
	for line := range strings.Lines(string(text)) {
		want, sentence, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if !ok {
			continue
		}
		p := Plain(sentence)
		d, err := Read(p, Options{Published: civil.Date{Year: 2026, Month: 3, Day: 4}, Known: []event.Event{}})
		if err != nil {
			t.Fatal(sentence, err)
		}
		sound(t, p, d)
		marked := make(map[string]bool)
		for date := range strings.SplitSeq(want, " | ") {
			if date != "-" {
				marked[date] = true
			}
		}
		for _, date := range dates(d) {
			if marked[date] {
				found++
				delete(marked, date)
				continue
			}
			wrong++
			fmt.Fprintf(&out, "wrong:  %s: %s\n", date, sentence)
		}
		for date := range strings.SplitSeq(want, " | ") {
			if marked[date] {
				missed++
				fmt.Fprintf(&out, "missed: %s: %s\n", date, sentence)
			}
		}
	}
	got := fmt.Sprintf("found %d, missed %d, wrong %d\n%s", found, missed, wrong, out.String())
	const golden = "testdata/corpus.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if before, err := os.ReadFile(golden); err != nil || string(before) != got {
		t.Errorf("%v; got:\n%s\nwant:\n%s", err, got, before)
	}
}
