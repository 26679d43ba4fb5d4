package config

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"attache/internal/civil"
	"attache/internal/draft"
	"attache/internal/event"

	"pgregory.net/rapid"
)

// writtenDraft returns what is written of a text, "" where it is refused.
func writtenDraft(t testing.TB, text draft.Text, o draft.Options) string {
	t.Helper()
	d, err := draft.Read(text, o)
	if err != nil {
		return ""
	}
	var b bytes.Buffer
	source := DraftSource{Source: event.Source{Key: "article", Title: text.Title, Publisher: text.Publisher, Published: d.Published}}
	if err := WriteDraft(&b, source, d); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// accepted reports an error that the check finds in a file.
func accepted(t testing.TB, file string) {
	t.Helper()
	if got := CheckFiles(nil, Document{Name: "draft.yaml", Data: []byte(file)}); len(got.Errors) > 0 {
		t.Errorf("%v in\n%s", got.Errors, file)
	}
}

func TestWriteDraft_Genres(t *testing.T) {
	files, err := filepath.Glob("../draft/testdata/drafts/*[lt]")
	if err != nil || len(files) < 10 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		text := draft.Plain(string(b))
		if filepath.Ext(name) == ".html" {
			text = draft.HTML(string(b))
		}
		accepted(t, writtenDraft(t, text, draft.Options{}))
	}
}

// snippets are what random articles are made of.
var snippets = []string{
	"The ministers", "will meet", "may travel to", "arrived", "on Thursday", "next week", "by 3 March 2026", "early next year", "ahead of", "the summit", "(to April 28)",
	"BRUSSELS - Talks", "\n", "\n\n", "FRIDAY, APRIL 24", "- 1045 GMT", "if", "unless", ",", ".", ";", ":", "“", "”", "'", "\"", "#", "- ", "May", "March on", "second", "2026", "10–12 November",
	"<p>", "</article>", "&amp;", "today", "tomorrow", "before", "after", "in 2027", "{", "}", "[", "]", "|", ">", "&", "*", "!", "%", "@", "`", "\\", "\t", "é", "会谈", "\u2028", "\u202e", "\x00", "\xff",
	"null", "yes", "~", "deadline", "until the end of the month", "is expected to", "was held", "in the first quarter", "Lunar New Year", "on 29 February", "at midnight on 4 May",
}

// Whatever an article is, its draft is a file that the check takes.
func TestWriteDraft_AnyText(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		words := rapid.SliceOfN(rapid.SampledFrom(snippets), 1, 40).Draw(r, "words")
		text := strings.Join(words, " ")
		o := draft.Options{Published: civil.Date{Year: 2026, Month: 2, Day: rapid.IntRange(1, 28).Draw(r, "day")}}
		for _, read := range []func(string) draft.Text{draft.Plain, draft.HTML} {
			if got := CheckFiles(nil, Document{Name: "draft.yaml", Data: []byte(writtenDraft(t, read(text), o))}); len(got.Errors) > 0 {
				r.Fatalf("%v\n%s", got.Errors, writtenDraft(t, read(text), o))
			}
		}
	})
}

func FuzzWriteDraft(f *testing.F) {
	for _, s := range snippets {
		f.Add(s)
	}
	f.Add("BERLIN, 3 February 2026 – The ministers will meet on Thursday, 12 February, if \"all\" agree: #talks.")
	f.Fuzz(func(t *testing.T, s string) {
		o := draft.Options{Published: civil.Date{Year: 2026, Month: 2, Day: 3}}
		accepted(t, writtenDraft(t, draft.Plain(s), o))
		accepted(t, writtenDraft(t, draft.HTML(s), o))
	})
}

// An article that states the facts of the shipped calendar is drafted into each of them that has a
// date ahead, with its words, and into nothing else.
func TestWriteDraft_ShippedFacts(t *testing.T) {
	b, err := os.ReadFile("../draft/testdata/drafts/talks.txt")
	if err != nil {
		t.Fatal(err)
	}
	article := draft.Plain(string(b))
	c := shippedConfig(t)
	d, err := draft.Read(article, draft.Options{})
	if err != nil {
		t.Fatal(err)
	}
	dated := map[string]string{ // phrase, certainty and condition; the others have no date ahead
		"us-tariffs-100":       "phrase on 1 November, possible, Beijing moves forward with restrictions on rare earth exports",
		"trump-xi-meeting":     "phrase next week, likely, |phrase this week, planned, |phrase on Thursday, likely, ",
		"beijing-visit":        "phrase early next year, possible, |phrase ahead of the Lunar New Year on 17 February, possible, ",
		"lunar-new-year-2026":  "phrase on 17 February, confirmed, ",
		"washington-follow-up": "before event:xi-visit-united-states-g20, likely, ",
		"xi-g20-visit":         "phrase next autumn, possible, ",
	}
	quoted := make(map[string]bool) // what is drafted, once a fact of the calendar has it
	for _, e := range c.Calendar.Events {
		for _, want := range strings.Split(dated[e.ID], "|") {
			found := want == ""
			for _, got := range d.Candidates {
				for _, st := range got.Statements {
					is := st.Keys[0].Name + " " + st.Keys[0].Value + ", " + string(got.Certainty) + ", " + got.If
					if is == want {
						found, quoted[is] = true, true
						for _, cited := range e.Sources {
							if words := strings.Fields(cited.Quote); len(words) > 2 && !strings.Contains(string(b), cited.Quote) {
								t.Errorf("%s: the article lacks %q", e.ID, cited.Quote)
							}
						}
					}
				}
			}
			if !found {
				t.Errorf("%s: %q is not drafted", e.ID, want)
			}
		}
	}
	for _, got := range d.Candidates {
		for _, st := range got.Statements {
			if is := st.Keys[0].Name + " " + st.Keys[0].Value + ", " + string(got.Certainty) + ", " + got.If; !quoted[is] {
				t.Errorf("%q is no fact of the calendar: %s", is, st.Quote)
			}
		}
	}
	accepted(t, writtenDraft(t, article, draft.Options{}))
}
