package phrase

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"attache/internal/civil"
	"attache/internal/when"
)

// days is a stretch of days; an end far away is open.
type days struct{ first, last civil.Date }

var (
	longAgo = civil.Date{Year: 1500, Month: time.January, Day: 1}
	farOff  = civil.Date{Year: 2900, Month: time.January, Day: 1}
)

// moved returns s some days later.
func (s days) moved(n int) days { return days{s.first.AddDays(n), s.last.AddDays(n)} }

func (s days) holds(o days) bool { return !o.first.Before(s.first) && !o.last.After(s.last) }

func (s days) String() string { return s.first.String() + " to " + s.last.String() }

// daysOf returns what w allows.
func daysOf(w when.Window) days {
	s := days{longAgo, farOff}
	if w.Earliest.Known() {
		s.first = w.Earliest.Day
	}
	if w.Latest.Known() {
		s.last = w.Latest.Day
	}
	if w.Lasts() {
		s.last = w.EndsLatest.Day
	}
	return s
}

// turned are words about a date X that make another of it. means is what of X they mean; where
// that is nothing that could be said here, it is any day at all.
var turned = []struct {
	words string
	means func(x days) days
}{
	{"not X", anyDay}, {"fiscal X", anyDay}, {"Black X", anyDay}, {"the eve of X", anyDay}, {"every X", anyDay}, {"X every year", anyDay},
	{"the anniversary of X", anyDay}, {"X unless Y", anyDay}, {"X of fiscal 2027", anyDay}, {"X or later", func(x days) days { return days{x.first, farOff} }},
	{"a fortnight on X", func(x days) days { return x.moved(14) }}, {"X week", func(x days) days { return x.moved(7) }},
	{"a week from X", func(x days) days { return x.moved(7) }}, {"a week after X", func(x days) days { return x.moved(7) }},
	{"the day after X", func(x days) days { return x.moved(1) }}, {"the day before X", func(x days) days { return x.moved(-1) }},
	{"30 days after X", func(x days) days { return x.moved(30) }}, {"two weeks before X", func(x days) days { return x.moved(-14) }},
	{"on or before X", func(x days) days { return days{longAgo, x.last} }}, {"on or after X", func(x days) days { return days{x.first, farOff} }},
	{"at least a month before X", func(x days) days { return days{longAgo, x.last.AddDays(-31)} }},
	{"at least 10 days after X", func(x days) days { return days{x.first.AddDays(10), farOff} }},
	{"at most 10 days after X", func(x days) days { return days{x.first, x.last.AddDays(10)} }},
	{"within 10 days of X", func(x days) days { return days{x.first.AddDays(-10), x.last.AddDays(10)} }},
	{"to X", func(x days) days { return days{longAgo, x.last} }}, {"from X", func(x days) days { return days{x.first, farOff} }},
	{"X to 28 December 2027", func(x days) days { return days{x.first, civil.Date{Year: 2027, Month: 12, Day: 28}} }},
	{"X or 28 December 2027", func(x days) days { return days{x.first, civil.Date{Year: 2027, Month: 12, Day: 28}} }},
	{"X until 28 December 2027", func(x days) days { return days{x.first, civil.Date{Year: 2027, Month: 12, Day: 28}} }},
	{"X–30 December 2027", func(x days) days { return days{x.first, civil.Date{Year: 2027, Month: 12, Day: 30}} }},
	{"28 November 2024 to X", func(x days) days { return days{civil.Date{Year: 2024, Month: 11, Day: 28}, x.last} }},
	{"not until X", func(x days) days { return days{x.first, farOff} }}, {"not by X", anyDay}, {"except X", anyDay},
	{"after the end of X", func(x days) days { return days{x.last.AddDays(1), farOff} }},
	{"before the end of X", func(x days) days { return days{longAgo, x.last} }},
	{"by the end of X", func(x days) days { return days{longAgo, x.last} }},
	{"at the end of X", func(x days) days { return days{x.last, x.last} }},
	{"not before the end of the day on X", func(x days) days { return days{x.last, farOff} }},
	{"after close of business on X", func(x days) days { return days{x.last, farOff} }},
	{"Monday through X", func(x days) days { return days{x.last, x.last} }},
	{"the second half of X", func(x days) days { return days{x.last, x.last} }},
	{"the first half of X", func(x days) days { return days{x.first, x.first} }},
	{"X, at the latest on 1 December 2029", anyDay}, {"X, after 1 December 2024", func(x days) days { return x }},
}

func anyDay(days) days { return days{longAgo, farOff} }

// What a refusal says to write allows all that was said: words that are not understood may
// turn a date round, and a wrong date costs more than none.
func TestHints_HoldWhatWasSaid(t *testing.T) {
	bases := []string{"15 March", "17 February 2027", "Thursday", "Friday", "March", "May 2027", "early next year", "next week", "this week", "summer 2027",
		"the first quarter of 2027", "the first half of 2027", "2027", "next month", "the month", "the year", "tomorrow", "next Thursday", "the coming weeks"}
	rapid.Check(t, func(t *rapid.T) {
		p := Context{Dateline: civil.Date{Year: 2026, Month: time.January, Day: 1}.AddDays(rapid.IntRange(0, 364).Draw(t, "dateline"))}
		p.Tense = rapid.SampledFrom([]Tense{Unsaid, Past, Future}).Draw(t, "tense")
		base := rapid.SampledFrom(bases).Draw(t, "base")
		x, err := Read(base, p)
		if err != nil || p.Tense == Past && x.Last == p.Dateline { // of which the rest is left out
			return
		}
		for _, turn := range turned {
			phrase := strings.Replace(turn.words, "X", base, 1)
			means := turn.means(days{x.First, x.Last})
			if r, err := Read(phrase, p); err == nil {
				if got := daysOf(r.window()); !strings.Contains(turn.words, " of X") && !got.holds(means) {
					t.Fatalf("%s: %q is read as %s and means %s", p.Dateline, phrase, got, means)
				}
			} else {
				msg, _ := wrong(err)
				for _, hint := range hintsIn(t, p, msg) {
					if !hint.holds(means) {
						t.Fatalf("%s %s: %q means %s, and %q says %s", p.Dateline, p.Tense, phrase, means, msg, hint)
					}
				}
			}
		}
	})
}

var (
	quoted  = regexp.MustCompile(`(?:write|did you mean|own,|and) "([^"]*)"`)
	aMap    = regexp.MustCompile(`\{(\w+): ([^{}]*)\}`)
	theSpan = regexp.MustCompile(`^(\S+), to: (\S+)$`)
	ofTwo   = regexp.MustCompile(`^\[(\S+), (\S+)\]$`)
)

// hintsIn returns the days that each of the ways to write it that a refusal names allows.
func hintsIn(t *rapid.T, p Context, msg string) (out []days) {
	parsed := func(text string) days {
		e, err := when.Parse(text)
		if err != nil {
			t.Fatalf("%q says %q: %v", msg, text, err)
		}
		return daysOf(e.Window("UTC", ""))
	}
	for _, m := range quoted.FindAllStringSubmatch(msg, -1) {
		r, err := Read(m[1], p)
		if err != nil {
			t.Fatalf("%q says %q: %v", msg, m[1], err)
		}
		got := daysOf(r.window())
		out = append(out, got)
	}
	for _, m := range aMap.FindAllStringSubmatch(msg, -1) {
		form, value := strings.ReplaceAll(m[1], "_", " "), m[2]
		if two := ofTwo.FindStringSubmatch(value); two != nil {
			form, value = "between", two[1]+" and "+two[2]
		}
		value = theSpan.ReplaceAllString(value, "$1 to $2")
		out = append(out, parsed(form+" "+value))
	}
	return out
}

// Phrases of reports read on Wed 4 Mar 2026: words that turn a date are read, or the phrase is
// refused.
func TestRefuse(t *testing.T) {
	p := Context{Dateline: civil.Date{Year: 2026, Month: time.March, Day: 4}}
	for phrase, want := range map[string]string{
		"on or before 15 March":                      "- 2026-03-15",
		"on or after 15 March":                       "2026-03-15 -",
		"30 days after 15 March":                     "2026-04-14 2026-04-14",
		"the day after 15 March":                     "2026-03-16 2026-03-16",
		"two weeks before 15 March":                  "2026-03-01 2026-03-01",
		"next March":                                 "2027-03-01 2027-03-31 soft",
		"Thursday the 12th":                          "2026-03-12 2026-03-12",
		"a week from Friday":                         "2026-03-13 2026-03-13",
		"the first quarter of fiscal 2027":           "",
		"Good Friday":                                "2026-04-03 2026-04-03",
		"to April 28":                                "- 2026-04-28",
		"15 March next year":                         "2027-03-15 2027-03-15",
		"not before the end of the week":             "2026-03-06 - soft",
		"first half of March":                        "2026-03-04 2026-03-15 soft",
		"9 or 10 March":                              "2026-03-09 2026-03-10 |2026-03-09 |2026-03-10",
		"April or May":                               "2026-04-01 2026-05-31 soft",
		"in April or in May 2026":                    "2026-04-01 2026-05-31 soft",
		"in the second half of March or early April": "2026-03-16 2026-04-10 soft",
		"first half or second half of March":         "",
		"March 9-12":                                 "2026-03-09 2026-03-12 all",
		"from the 9th to the 12th of March":          "2026-03-09 2026-03-12 all",
		"between 28 March and 2 April":               "2026-03-28 2026-04-02",
		"9 and 10 March":                             "2026-03-09 2026-03-10 all",
		"9 and 12 March":                             "",
		"2-5 March":                                  "2026-03-02 2026-03-05 all",
		"this weekend":                               "2026-03-07 2026-03-08 soft",
		"next weekend":                               "2026-03-07 2026-03-15 |2026-03-07..2026-03-08 |2026-03-14..2026-03-15 soft",
		"before the weekend":                         "- 2026-03-06 soft",
		"a week on Friday":                           "2026-03-13 2026-03-13",
		"a week on Wednesday":                        "2026-03-11 2026-03-18 |2026-03-11 |2026-03-18",
		"after Christmas":                            "",
		"every Friday":                               "",
		"March week":                                 "",
		"the anniversary of 15 March":                "",
		"Tuesday through Thursday":                   "",
		"December 28 to January 3":                   "",
		"15 March to 1 December 2028":                "",
		"the fifth Friday of February":               "",
		"in two weeks of talks":                      "",
		"the first quarter or April":                 "",
	} {
		got := ""
		if r, err := Read(phrase, p); err == nil {
			got = reading(r)
		}
		if got != want {
			t.Errorf("%q is %q, want %q", phrase, got, want)
		}
	}
}
