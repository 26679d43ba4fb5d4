package phrase

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"attache/internal/civil"
	"attache/internal/syntax"
)

// finds returns all phrases of a text, from left to right: the words, what they are read as and the
// tense that they show.
func finds(text string, p Context) (out []string) {
	at := 0
	for _, w := range syntax.Split(text) {
		if w.At < at {
			continue
		}
		f, ok := p.Find(text, w.At)
		switch {
		case !ok:
			continue
		case f.Err != nil:
			out = append(out, text[f.At:f.End]+" = "+f.Err.Error())
		default:
			out = append(out, strings.TrimSpace(fmt.Sprintf("%s = %s %s", text[f.At:f.End], reading(f.Reading), f.Tense)))
		}
		at = f.End
	}
	return out
}

func TestFind(t *testing.T) {
	p := Context{Dateline: sunday}
	for text, want := range map[string][]string{
		"The two will meet in South Korea on Thursday, he said.":                                                {"on Thursday = 2025-10-30 2025-10-30"},
		"Trump may also travel to Beijing early next year, ahead of 17 February.":                               {"early next year, ahead of 17 February = 2026-01-01 2026-02-16 soft future"},
		"The tariffs take effect on Nov. 1. In March he had ruled them out.":                                    {"on Nov. 1 = 2025-11-01 2025-11-01", "In March = 2026-03-01 2026-03-31 soft"},
		"They met last week (to April 28) and every Friday.":                                                    {"last week = 2025-10-13 2025-10-25 soft past", "to April 28 = - 2026-04-28"},
		"He may march on; a second round is in the second half of the match.":                                   nil,
		"Comments are due 60 days after publication in 1200 places.":                                            {"60 days after publication = it is counted from another event: write it as 60 days after event:ID, with the id of that event"},
		"Brussels - 1045 GMT: the ministers meet; the Sun reported it in 2024.":                                 {"1045 GMT = 2025-10-26 2025-10-26 10:45 UTC", "in 2024 = 2024-01-01 2024-12-31 soft"},
		"“On 3 November,” she said, the exercise runs from November 9–12, 2025 and by year's end ...":           {"On 3 November = 2025-11-03 2025-11-03", "from November 9–12, 2025 = 2025-11-09 2025-11-12 all", "by year's end = - 2025-12-31 soft"},
		"the first quarter of fiscal 2027 and next month's summit":                                              {"the first quarter of fiscal 2027 = a fiscal year begins on another day in each country: write the days that are meant", "next month = 2025-11-01 2025-11-30 soft future"},
		"The levy is due by 31 March of each year, and annually on April 1; they meet on March 1, 3 and 5.":     nil,
		"By the end of week 14 of 2026 it ends; week 3 of the trial, New Year resolutions, the first of May's.": {"By the end of week 14 of 2026 = - 2026-04-05 soft"},
		"Comments within thirty (30) days of 1 July 2026 (or later), at 17:00 (CET) on Friday, are read.":       {"within thirty (30) days of 1 July 2026 = 2026-06-01 2026-07-31", "at 17:00 (CET) on Friday = 2025-10-31 2025-10-31 17:00 CET"},
	} {
		if got := finds(text, p); !slices.Equal(got, want) {
			t.Errorf("%s\n%q\nwant\n%q", text, got, want)
		}
	}
}

// What Find returns is what Read reads of its words.
func TestFind_AsRead(t *testing.T) {
	p := Context{Dateline: civil.Date{Year: 2026, Month: time.March, Day: 4}}
	for _, phrase := range collected(t) {
		text := "He said that " + phrase.words + " it was so"
		f, ok := p.Find(text, len("He said that "))
		if !ok || f.Err != nil {
			continue
		}
		r, err := Read(text[f.At:f.End], p)
		if err != nil || reading(r) != reading(f.Reading) {
			t.Errorf("%q is found as %s and read as %s, %v", text[f.At:f.End], reading(f.Reading), reading(r), err)
		}
	}
}

func FuzzFind(f *testing.F) {
	f.Add("He may travel on Friday, 3 March, or early next year – “by 9–12 April” (1045 GMT).", 3)
	f.Fuzz(func(t *testing.T, text string, days int) {
		p := Context{Dateline: sunday.AddDays(days % 1500)}
		for _, w := range syntax.Split(text) {
			if found, ok := p.Find(text, w.At); ok && (found.At < w.At || found.End <= found.At || found.End > len(text)) {
				t.Fatalf("%q at %d: %+v", text, w.At, found)
			}
		}
	})
}

func BenchmarkFind(b *testing.B) {
	text := strings.Repeat("The two sides will meet in Geneva on Thursday, he said, and the second round of talks may follow early next year, ahead of the summit that the ministers of the group had agreed upon in the spring. ", 500)
	p := Context{Dateline: sunday}
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		finds(text, p)
	}
}
