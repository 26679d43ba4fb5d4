package draft

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/phrase"
)

var update = flag.Bool("update", false, "write the goldens anew")

// Each text of testdata/drafts is of another kind; its golden has what was drafted from it,
// what looks back, and what was not read.
func TestRead_Genres(t *testing.T) {
	files, err := filepath.Glob("testdata/drafts/*")
	if err != nil || len(files) == 0 {
		t.Fatal("there are no texts", err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, ".golden") {
			continue
		}
		t.Run(filepath.Base(name), func(t *testing.T) {
			got := []byte(printed(readFile(t, name)))
			golden := name + ".golden"
			if *update {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil || string(got) != string(want) {
				t.Errorf("%v; got:\n%s\nwant:\n%s", err, got, want)
			}
		})
	}
}

func readFile(t testing.TB, name string) Draft {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	text := Plain(string(b))
	if filepath.Ext(name) == ".html" {
		text = HTML(string(b))
	}
	d, err := Read(text, Options{})
	if err != nil {
		t.Fatal(err)
	}
	sound(t, text, d)
	return d
}

// printed writes a draft for a golden.
func printed(d Draft) string {
	var b strings.Builder
	fmt.Fprintf(&b, "published %s: %s\n", d.Published, d.Tells)
	for _, c := range d.Candidates {
		fmt.Fprintf(&b, "\n%s\n  %s, %s, %s; %s; %s\n", c.Title, c.ID, c.Kind, c.Certainty, c.At, c.Why)
		for _, st := range c.Statements {
			fmt.Fprintf(&b, "  %v in %q\n", st.Keys, st.Quote)
		}
		for _, more := range [][2]string{{"if", c.If}, {"place", c.Place}, {"unsure", c.Unsure}, {"also", strings.Join(c.Quotes, " | ")}} {
			if more[1] != "" {
				fmt.Fprintf(&b, "  %s: %s\n", more[0], more[1])
			}
		}
	}
	for _, p := range d.Behind {
		fmt.Fprintf(&b, "\nlooks back: line %d, %s: %s\n", p.Line, p.Words, p.Says)
	}
	for _, p := range d.Unread {
		fmt.Fprintf(&b, "\nnot read: line %d, %s: %s\n", p.Line, p.Words, p.Says)
	}
	return b.String()
}

// sound reports what breaks a promise of the package.
func sound(t testing.TB, text Text, d Draft) {
	t.Helper()
	ids := make(map[string]bool)
	for _, c := range d.Candidates {
		if err := event.CheckID(c.ID); err != nil || ids[c.ID] {
			t.Errorf("the id %q: %v", c.ID, err)
		}
		ids[c.ID] = true
		if c.Title == "" || len(c.Statements) == 0 {
			t.Errorf("%+v has no title or no date", c)
		}
		var words strings.Builder
		for _, st := range c.Statements {
			holds(t, text, st.Quote)
			words.WriteString(st.Quote + " ")
			dated(t, d, c, st)
		}
		for _, q := range c.Quotes {
			holds(t, text, q)
			words.WriteString(q + " ")
		}
		in := strings.Fields(c.At[len("para "):])
		var number int
		fmt.Sscanf(in[0], "%d,", &number)
		if !within(c.Title, wordSet(text.Paragraphs[number-1].Text)) {
			t.Errorf("the title %q has a word that %q lacks", c.Title, text.Paragraphs[number-1].Text)
		}
		if c.If != "" {
			holds(t, text, c.If)
		}
	}
}

// holds reports where a text does not have a quote word for word, or it is too long.
func holds(t testing.TB, text Text, quote string) {
	t.Helper()
	if len([]rune(quote)) > maxQuote {
		t.Errorf("a quote has %d characters: %q", len([]rune(quote)), quote)
	}
	for _, p := range text.Paragraphs {
		if strings.Contains(p.Text, quote) && quote != "" {
			return
		}
	}
	t.Errorf("the text does not have %q", quote)
}

// dated reports where a date is none that package phrase gives of words in the quote, or one
// that looks back.
func dated(t testing.TB, d Draft, c Candidate, st Statement) {
	t.Helper()
	p := phrase.Context{Dateline: d.Published}
	for _, k := range st.Keys {
		if k.Name == "tense" {
			p.Tense = phrase.Tense(k.Value)
		}
	}
	for _, k := range st.Keys {
		switch k.Name {
		case "phrase":
			r, err := phrase.Read(k.Value, p)
			if err != nil || !strings.Contains(st.Quote, k.Value) {
				t.Errorf("%q in %q: %v", k.Value, st.Quote, err)
			}
			if !r.Last.IsZero() && r.Last.Before(d.Published) {
				t.Errorf("%q looks back from %s", k.Value, d.Published)
			}
		case "on", "from", "to", "ends_by":
			if day, err := civil.ParseDate(k.Value); err != nil || day.Before(d.Published) {
				t.Errorf("%s: %s is behind %s, or no day: %v", k.Name, k.Value, d.Published, err)
			}
		case "before", "after":
			if !strings.HasPrefix(k.Value, "event:") {
				t.Errorf("%s: %s is no event", k.Name, k.Value)
			}
		case "at", "tense":
		default:
			t.Errorf("%s is no key of a draft", k.Name)
		}
	}
}
