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
