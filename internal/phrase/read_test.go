package phrase

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"attache/internal/civil"
	"attache/internal/syntax"
	"attache/internal/when"
)

// The dateline of the report that the shipped example rests on: a Sunday.
var sunday = civil.Date{Year: 2025, Month: time.October, Day: 26}

// reading writes r: its ends, its options and what is said of it.
func reading(r Reading) string {
	end := func(d civil.Date) string {
		if d.IsZero() {
			return "-"
		}
		return d.String()
	}
	text := end(r.First) + " " + end(r.Last)
	for _, o := range r.Options {
		text += " |" + o.First.String()
		if o.Last != o.First {
			text += ".." + o.Last.String()
		}
	}
	if r.Lasts {
		text += " all"
	}
	if r.Timed {
		text += " " + strings.TrimSpace(r.Clock.String()+" "+r.Zone)
	}
	if r.Timed && r.Lasts {
		text += " to " + r.Until.String()
	} else if !r.Timed && r.Zone != "" {
		text += " " + r.Zone
	}
	if r.Soft {
		text += " soft"
	}
	return text
}

// phraseRow is a phrase, what it says, and its canonical words where those are others.
type phraseRow struct{ phrase, want, says string }

func checkPhrases(t *testing.T, p Context, rows []phraseRow) {
	t.Helper()
	for _, c := range rows {
		r, err := Read(c.phrase, p)
		if err != nil {
			t.Errorf("%s: %q: %v", p.Dateline, c.phrase, err)
			continue
		}
		if got := reading(r); got != c.want {
			t.Errorf("%s: %q is %s, want %s", p.Dateline, c.phrase, got, c.want)
		}
		if c.says == "" {
			c.says = c.phrase
		}
		if r.Says != c.says {
			t.Errorf("%s: %q is said as %q, want %q", p.Dateline, c.phrase, r.Says, c.says)
		}
	}
}

func TestPhrases_ShippedReport(t *testing.T) {
	checkPhrases(t, Context{Dateline: sunday}, []phraseRow{
		{"next week", "2025-10-27 2025-11-08 soft", ""},
		{"this week", "2025-10-26 2025-11-01 soft", ""},
		{"on Thursday", "2025-10-30 2025-10-30", ""},
		{"early next year", "2026-01-01 2026-04-30 soft", ""},
		{"next autumn", "2026-09-01 2026-12-21 soft", ""},
		{"on 17 February", "2026-02-17 2026-02-17", ""},
		{"ahead of 17 February", "- 2026-02-16", "before 17 February"},
		{"on 1 November", "2025-11-01 2025-11-01", ""},
		{"in the months ahead", "2025-10-27 2026-10-26 soft", ""},
		{"in the coming weeks", "2025-10-27 2025-12-21 soft", ""},
	})
}

func TestPhrases_ShippedReportAgrees(t *testing.T) {
	both := func(phrases ...string) string {
		w := when.Unknown("Asia/Seoul")
		for _, s := range phrases {
			r, err := Read(s, Context{Dateline: sunday})
			if err != nil {
				t.Fatal(err)
			}
			var ok bool
			if w, ok = w.Intersect(windowsOf(r, "Asia/Seoul", s)[0]); !ok {
				t.Errorf("%q contradict each other", phrases)
			}
		}
		return windowText(w)
	}
	if got := both("next week", "this week", "on Thursday"); got != "2025-10-30 2025-10-30 day" {
		t.Errorf("the meeting is on %s", got)
	}
	if got := both("early next year", "ahead of 17 February"); got != "2026-01-01~ 2026-02-16 window" {
		t.Errorf("the visit is on %s", got)
	}
}

func TestPhrases(t *testing.T) {
	checkPhrases(t, Context{Dateline: sunday}, []phraseRow{
		// Days.
		{"today", "2025-10-26 2025-10-26", ""},
		{"Tomorrow", "2025-10-27 2025-10-27", "tomorrow"},
		{"yesterday", "2025-10-25 2025-10-25", ""},
		{"Thursday", "2025-10-30 2025-10-30", "on Thursday"},
		{"on Sunday", "2025-10-26 2025-11-02 |2025-10-26 |2025-11-02", ""},
		{"on Thurs.", "2025-10-30 2025-10-30", "on Thursday"},
		{"next Thursday", "2025-10-30 2025-11-06 |2025-10-30 |2025-11-06", ""},
		{"on next Sunday", "2025-11-02 2025-11-09 |2025-11-02 |2025-11-09", "next Sunday"},
		{"1 November", "2025-11-01 2025-11-01", "on 1 November"},
		{"Nov. 1", "2025-11-01 2025-11-01", "on 1 November"},
		{"November 1st", "2025-11-01 2025-11-01", "on 1 November"},
		{"the 1st of November", "2025-11-01 2025-11-01", "on 1 November"},
		{"on the 22nd of December", "2025-12-22 2025-12-22", "on 22 December"},
		{"11th Nov", "2025-11-11 2025-11-11", "on 11 November"},
		{"26 October", "2025-10-26 2025-10-26", "on 26 October"},
		{"25 October", "2025-10-25 2026-10-25 |2025-10-25 |2026-10-25", "on 25 October"},
		{"Saturday 25 October", "2025-10-25 2025-10-25", "on 25 October 2025"},
		{"Sunday 25 October", "2026-10-25 2026-10-25", "on 25 October 2026"},
		{"February 17, 2026", "2026-02-17 2026-02-17", "on 17 February 2026"},
		{"2026-02-17", "2026-02-17 2026-02-17", "on 17 February 2026"},
		{"17 September 2025", "2025-09-17 2025-09-17", "on 17 September 2025"},
		{"29 February", "2028-02-29 2028-02-29", "on 29 February"},
		{"2 May", "2026-05-02 2026-05-02", "on 2 May"},
		{"May 2", "2026-05-02 2026-05-02", "on 2 May"},
		// Weeks.
		{"later this week", "2025-10-27 2025-11-01 soft", ""},
		{"w/c 2 February", "2026-02-02 2026-02-08 soft", ""},
		{"w/c 2026-02-02", "2026-02-02 2026-02-08 soft", "w/c 2 February 2026"},
		{"Thursday 30 October", "2025-10-30 2025-10-30", "on 30 October"},
		{"on Thursday, Oct. 30, 2025", "2025-10-30 2025-10-30", "on 30 October 2025"},
		{"by Thursday the 30th of October", "- 2025-10-30", "by 30 October"},
		{"the week commencing 3 November", "2025-11-03 2025-11-09 soft", "w/c 3 November"},
		{"week of 2 February", "2026-02-02 2026-02-08 soft", "in the week of 2 February"},
		{"in the week of Feb. 4", "2026-02-01 2026-02-08 soft", "in the week of 4 February"},
		{"the week of 26 October", "2025-10-26 2025-11-01 soft", "in the week of 26 October"},
		// Months.
		{"in March", "2026-03-01 2026-03-31 soft", ""},
		{"March 2026", "2026-03-01 2026-03-31 soft", "in March 2026"},
		{"2026-03", "2026-03-01 2026-03-31 soft", "in March 2026"},
		{"in October", "2025-10-26 2025-10-31 soft", ""},
		{"in May", "2026-05-01 2026-05-31 soft", ""},
		{"May 2026", "2026-05-01 2026-05-31 soft", "in May 2026"},
		{"this month", "2025-10-26 2025-10-31 soft", ""},
		{"next month", "2025-11-01 2025-11-30 soft", ""},
		{"later this month", "2025-10-27 2025-10-31 soft", ""},
		{"early November", "2025-11-01 2025-11-10 soft", ""},
		{"mid-November", "2025-11-11 2025-11-20 soft", ""},
		{"in mid November", "2025-11-11 2025-11-20 soft", "mid-November"},
		{"late in November", "2025-11-21 2025-11-30 soft", "late November"},
		{"late February 2028", "2028-02-21 2028-02-29 soft", ""},
		{"late this month", "2025-10-26 2025-10-31 soft", ""},
		{"early next month", "2025-11-01 2025-11-10 soft", ""},
		{"early May", "2026-05-01 2026-05-10 soft", ""},
		{"end of month", "2025-10-27 2025-10-31 soft", "at the end of this month"},
		{"at the end of the month", "2025-10-27 2025-10-31 soft", "at the end of this month"},
		{"the end of February", "2026-02-24 2026-02-28 soft", "at the end of February"},
		{"the end of next month", "2025-11-26 2025-11-30 soft", "at the end of next month"},
		// Seasons.
		{"this autumn", "2025-10-26 2025-12-21 soft", ""},
		{"this winter", "2025-12-01 2026-03-20 soft", ""},
		{"next fall", "2026-09-01 2026-12-21 soft", "next autumn"},
		{"next winter", "2025-12-01 2026-03-20 soft", ""},
		{"next spring", "2026-03-01 2026-06-21 soft", ""},
		{"in the autumn of 2026", "2026-09-01 2026-12-21 soft", "in autumn 2026"},
		// Years, and their parts.
		{"in 2026", "2026-01-01 2026-12-31 soft", ""},
		{"this year", "2025-10-26 2025-12-31 soft", ""},
		{"next year", "2026-01-01 2026-12-31 soft", ""},
		{"later this year", "2025-10-27 2025-12-31 soft", ""},
		{"mid-2026", "2026-05-01 2026-08-31 soft", ""},
		{"late next year", "2026-09-01 2026-12-31 soft", ""},
		{"late in the year", "2025-10-26 2025-12-31 soft", "late this year"},
		{"Q1 2026", "2026-01-01 2026-03-31 soft", "in the first quarter of 2026"},
		{"2026-Q1", "2026-01-01 2026-03-31 soft", "in the first quarter of 2026"},
		{"2027-H1", "2027-01-01 2027-06-30 soft", "in the first half of 2027"},
		{"H2 2026", "2026-07-01 2026-12-31 soft", "in the second half of 2026"},
		{"the first quarter of 2026", "2026-01-01 2026-03-31 soft", "in the first quarter of 2026"},
		{"in the first quarter", "2026-01-01 2026-03-31 soft", ""},
		{"Q4", "2025-10-26 2025-12-31 soft", "in the fourth quarter"},
		{"the 2nd half of next year", "2026-07-01 2026-12-31 soft", "in the second half of next year"},
		{"the fourth quarter of the year", "2025-10-26 2025-12-31 soft", "in the fourth quarter of this year"},
		// What is to come.
		{"in the coming days", "2025-10-27 2025-11-02 soft", ""},
		{"coming weeks", "2025-10-27 2025-12-21 soft", "in the coming weeks"},
		{"in the weeks ahead", "2025-10-27 2025-12-21 soft", "in the coming weeks"},
		// What is meant loosely.
		{"around 17 February", "2026-02-14 2026-02-20 soft", ""},
		{"around tomorrow", "2025-10-26 2025-10-30 soft", ""},
		{"around the week of 2 February", "2026-01-26 2026-02-15 soft", ""},
		{"around mid-November", "2025-11-04 2025-11-27 soft", ""},
		{"around March", "2026-02-14 2026-04-15 soft", ""},
		{"around Q1 2026", "2025-12-01 2026-04-30 soft", "around the first quarter of 2026"},
		{"around 2027", "2026-10-01 2028-03-31 soft", ""},
		// One side.
		{"by Nov. 1", "- 2025-11-01", "by 1 November"},
		{"until Nov. 10", "- 2025-11-10", "until 10 November"},
		{"by Thursday", "- 2025-10-30", ""},
		{"by next Thursday", "- 2025-11-06", ""},
		{"before next Thursday", "- 2025-11-05", ""},
		{"after next Thursday", "2025-10-31 -", ""},
		{"by May", "- 2026-05-31 soft", ""},
		{"no later than 2026-02-17", "- 2026-02-17", "by 17 February 2026"},
		{"by the end of the month", "- 2025-10-31 soft", "by the end of this month"},
		{"by the end of the year", "- 2025-12-31 soft", "by the end of this year"},
		{"before the end of next year", "- 2026-12-31 soft", ""},
		{"after the end of 2026", "2027-01-01 - soft", ""},
		{"until the end of the first quarter of 2026", "- 2026-03-31 soft", ""},
		{"by the end of next week", "- 2025-11-08 soft", ""},
		{"after the end of next week", "2025-11-03 - soft", ""},
		{"before 1 November", "- 2025-10-31", ""},
		{"prior to early next year", "- 2025-12-31 soft", "before early next year"},
		{"before the end of November", "- 2025-11-30 soft", ""},
		{"after the end of November", "2025-12-01 - soft", ""},
		{"after 1 November", "2025-11-02 -", ""},
		{"not before 1 November", "2025-11-01 -", ""},
		{"no earlier than May", "2026-05-01 - soft", "not before May"},
		{"since Sept. 1", "2025-09-01 -", "since 1 September"},
		{"since October", "2025-10-01 - soft", ""},
		// Of what can begin or end on several days, all count.
		{"before next week", "- 2025-11-01 soft", ""},
		{"after next week", "2025-11-03 - soft", ""},
		{"before next autumn", "- 2026-09-23 soft", ""},
		{"after next autumn", "2026-12-01 - soft", ""},
		// How it is written.
		{"  On  THURSDAY. ", "2025-10-30 2025-10-30", "on Thursday"},
		{"in March, 2026", "2026-03-01 2026-03-31 soft", "in March 2026"},
	})
}

// A season has one window, however it is written.
func TestPhrases_SeasonsAsEDTF(t *testing.T) {
	for _, name := range []string{"spring 2026", "summer 2026", "autumn 2026", "winter 2026", "winter 2025"} {
		for south := range 2 {
			season, year, _ := strings.Cut(name, " ")
			code := 21 + 8*south + slices.Index([]string{"spring", "summer", "autumn", "winter"}, season)
			text := fmt.Sprintf("%s-%d", year, code)
			for _, word := range []string{"", "by ", "before ", "after ", "not before "} {
				e, err := when.Parse(word + text)
				if err != nil {
					t.Fatal(err)
				}
				r, err := Read(word+name, Context{Dateline: civil.Date{Year: 2025, Month: time.October, Day: 26}, South: south == 1})
				if got, want := r.window(), e.Window("UTC", ""); err != nil || got.Words() != want.Words() {
					t.Errorf("%s%s: %s, %v, want %s as %s is", word, name, got.Words(), err, want.Words(), text)
				}
			}
		}
	}
}

// The Lunar New Year is read by all its names, and its year from the day of the report.
func TestPhrases_LunarNewYear(t *testing.T) {
	checkPhrases(t, Context{Dateline: civil.Date{Year: 2025, Month: time.October, Day: 26}}, []phraseRow{
		{"Lunar New Year", "2026-02-17 2026-02-17", "on Lunar New Year"},
		{"ahead of the Lunar New Year", "- 2026-02-16", "before Lunar New Year"},
		{"before Lunar New Year", "- 2026-02-16", ""},
		{"by Chinese New Year 2027", "- 2027-02-06", ""},
		{"after Spring Festival", "2026-02-18 -", ""},
		{"until Tet", "- 2026-02-17", ""},
		{"not before Seollal", "2026-02-17 -", ""},
		{"around the Lunar New Year of 2026", "2026-02-14 2026-02-20 soft", "around Lunar New Year 2026"},
		{"on Lunar New Year 2027", "2027-02-06 2027-02-07 soft", ""},
		{"before Lunar New Year 2027", "- 2027-02-06 soft", ""},
		{"after Lunar New Year 2027", "2027-02-07 - soft", ""},
		{"before Seollal 2027", "- 2027-02-06", ""},
		{"ahead of the Lunar New Year on 17 February", "- 2026-02-16", "before Lunar New Year on 17 February"},
		{"early next year, ahead of Lunar New Year", "2026-01-01 2026-02-16 soft", "early next year, before Lunar New Year"},
		{"early next year, ahead of the Lunar New Year on 17 February", "2026-01-01 2026-02-16 soft", "early next year, before Lunar New Year on 17 February"},
		{"in February, after Lunar New Year", "2026-02-18 2026-02-28 soft", ""},
		{"early next year, ahead of 17 February", "2026-01-01 2026-02-16 soft", "early next year, before 17 February"},
	})
	checkPhrases(t, Context{Dateline: civil.Date{Year: 2026, Month: time.January, Day: 10}}, []phraseRow{
		{"ahead of Lunar New Year", "- 2026-02-16", "before Lunar New Year"},
		{"early next year, ahead of Chinese New Year", "2027-01-01 2027-02-05 soft", "early next year, before Chinese New Year"},
	})
	checkPhrases(t, Context{Dateline: civil.Date{Year: 2026, Month: time.March, Day: 4}, Tense: Past}, []phraseRow{
		{"before Lunar New Year", "- 2026-02-16", ""},
	})
}

// Phrases that are made of several parts.
func TestPhrases_Composed(t *testing.T) {
	checkPhrases(t, Context{Dateline: sunday}, []phraseRow{
		{"in the next week", "2025-10-26 2025-11-08 soft", ""},
		{"in the next two weeks", "2025-10-26 2025-11-09 soft", "within 2 weeks"},
		{"within 30 days", "2025-10-26 2025-11-25 soft", ""},
		{"in two weeks", "2025-11-06 2025-11-12 soft", "in 2 weeks"},
		{"in a fortnight", "2025-11-06 2025-11-12 soft", "in 2 weeks"},
		{"in 10 days", "2025-11-05 2025-11-05", ""},
		{"three weeks ago", "2025-10-02 2025-10-08 soft", "3 weeks ago"},
		{"in the next few weeks", "2025-10-27 2025-12-21 soft", "in the coming weeks"},
		{"at the end of next year", "2026-11-01 2026-12-31 soft", ""},
		{"by year end", "- 2025-12-31 soft", "by the end of this year"},
		{"next quarter", "2026-01-01 2026-03-31 soft", ""},
		{"in the new year", "2026-01-01 2026-12-31 soft", "next year"},
		{"the third week of May", "2026-05-10 2026-05-24 soft", "in the third week of May"},
		{"the last Friday of March", "2026-03-27 2026-03-27", "on the last Friday of March"},
		{"the second half of November", "2025-11-16 2025-11-30 soft", "in the second half of November"},
		{"the first quarter of Japan's next fiscal year", "2026-04-01 2026-06-30 soft", "in the first quarter of next fiscal year of Japan"},
		{"fiscal 2027 of the United States", "2026-10-01 2027-09-30 soft", "in fiscal 2027 of U.S."},
		{"mid to late November", "2025-11-11 2025-11-30 soft", ""},
		{"on the 5th", "2025-11-05 2025-11-05", ""},
		{"on the 21st", "2025-10-21 2025-11-21 |2025-10-21 |2025-11-21", ""},
		{"15 March next year", "2026-03-15 2026-03-15", "on 15 March next year"},
		{"Thursday the 6th", "2025-11-06 2025-11-06", "on the 6th"},
		{"this Thursday", "2025-10-30 2025-10-30", ""},
		{"Thursday morning", "2025-10-30 2025-10-30", "on Thursday morning"},
		{"tonight", "2025-10-26 2025-10-26", ""},
		{"overnight Monday to Tuesday", "2025-10-27 2025-10-28", ""},
		{"last Thursday", "2025-10-16 2025-10-23 |2025-10-16 |2025-10-23", ""},
		{"last week", "2025-10-13 2025-10-25 soft", ""},
		{"next March", "2026-03-01 2026-03-31 soft", ""},
		{"next December", "2025-12-01 2026-12-31 |2025-12-01..2025-12-31 |2026-12-01..2026-12-31 soft", ""},
		{"next weekend", "2025-11-01 2025-11-09 |2025-11-01..2025-11-02 |2025-11-08..2025-11-09 soft", ""},
		{"a week on Thursday", "2025-11-06 2025-11-06", "1 week after Thursday"},
		{"the day after tomorrow", "2025-10-28 2025-10-28", ""},
		{"30 days after 15 March", "2026-04-14 2026-04-14", ""},
		{"at least 30 days after 15 March", "2026-04-14 -", "not before 30 days after 15 March"},
		{"the week after Christmas", "2025-12-26 2026-01-04 soft", ""},
		{"before Christmas", "- 2025-12-24", ""},
		{"by Labor Day 2026", "- 2026-09-07", ""},
		{"before Easter 2026", "- 2026-04-04", ""},
		{"Orthodox Easter 2026", "2026-04-12 2026-04-12", "on Orthodox Easter 2026"},
		{"by the end of the day on Friday", "- 2025-10-31", ""},
		{"through 1 November", "- 2025-11-01", "until 1 November"},
		{"to April 28", "- 2026-04-28", "until 28 April"},
		{"on or before 1 November", "- 2025-11-01", "by 1 November"},
		{"1 November or later", "2025-11-01 -", "not before 1 November"},
		{"from 1 January 2027", "2027-01-01 -", "not before 1 January 2027"},
		{"effective January 1, 2027", "2027-01-01 2027-01-01", "on 1 January 2027"},
		{"from 1 to 5 November", "2025-11-01 2025-11-05 all", "from 1 November to 5 November"},
		{"November 1-5, 2025", "2025-11-01 2025-11-05 all", "1 November 2025 to 5 November 2025"},
		{"December 28 to January 3, 2026", "2025-12-28 2026-01-03 all", "28 December to 3 January 2026"},
		{"between 28 March and 2 April", "2026-03-28 2026-04-02", ""},
		{"9 or 10 March", "2026-03-09 2026-03-10 |2026-03-09 |2026-03-10", "9 March or 10 March"},
		{"in April or May", "2026-04-01 2026-05-31 soft", ""},
		{"12:01 a.m. ET on Nov. 1", "2025-11-01 2025-11-01 00:01 ET", "00:01 ET on 1 November"},
		{"5 p.m. Brussels time on Friday", "2025-10-31 2025-10-31 17:00 Europe/Brussels", "17:00 Europe/Brussels on Friday"},
		{"at 1045 GMT", "2025-10-26 2025-10-26 10:45 UTC", "10:45 UTC today"},
		{"noon UTC, 2 days after 1 November", "2025-11-03 2025-11-03 12:00 UTC", "12:00 UTC 2 days after 1 November"},
		{"in 2030", "2030-01-01 2030-12-31 soft", ""},
		{"before 1999", "- 1998-12-31 soft", ""},
	})
}

func TestPhrases_Future(t *testing.T) {
	checkPhrases(t, Context{Dateline: sunday, Tense: Future}, []phraseRow{
		{"25 October", "2026-10-25 2026-10-25", "on 25 October"},
		{"in Sept", "2026-09-01 2026-09-30 soft", "in September"},
		{"early October", "2026-10-01 2026-10-10 soft", ""},
		{"before October", "- 2026-09-30 soft", ""},
		{"by 25 October", "- 2026-10-25", ""},
		{"on Sunday", "2025-10-26 2025-11-02 |2025-10-26 |2025-11-02", ""},
	})
}

func TestPhrases_Midnight(t *testing.T) {
	checkPhrases(t, Context{Dateline: sunday}, []phraseRow{
		{"midnight on 10 November", "2025-11-10 2025-11-11 |2025-11-10 |2025-11-11", ""},
		{"at midnight Thursday", "2025-10-30 2025-10-31 |2025-10-30 |2025-10-31", "midnight on Thursday"},
		{"10 November at 12 midnight", "2025-11-10 2025-11-11 |2025-11-10 |2025-11-11", "midnight on 10 November"},
		{"midnight today", "2025-10-26 2025-10-27 |2025-10-26 |2025-10-27", ""},
		{"by midnight on 10 November", "- 2025-11-10", ""},
		{"before midnight on 10 November", "- 2025-11-10", ""},
		{"after midnight on 10 November", "2025-11-10 -", ""},
	})
	r, err := Read("midnight on 10 November", Context{Dateline: sunday})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, w := range windowsOf(r, "America/New_York", "report") {
		got = append(got, w.Earliest.At.String()+" "+string(w.Precision))
	}
	if want := []string{"2025-11-10 05:00:00 +0000 UTC instant", "2025-11-11 05:00:00 +0000 UTC instant"}; !slices.Equal(got, want) {
		t.Errorf("midnight is %q, want %q", got, want)
	}
}

func TestPhrases_Past(t *testing.T) {
	checkPhrases(t, Context{Dateline: sunday, Tense: Past}, []phraseRow{
		{"on Sunday", "2025-10-19 2025-10-26 |2025-10-19 |2025-10-26", ""},
		{"on Monday", "2025-10-20 2025-10-20", ""},
		{"on Thursday", "2025-10-23 2025-10-23", ""},
		{"on 17 February", "2025-02-17 2025-02-17", ""},
		{"on 1 November", "2024-11-01 2024-11-01", ""},
		{"on 26 October", "2025-10-26 2025-10-26", ""},
		{"on 29 February", "2024-02-29 2024-02-29", ""},
		{"this week", "2025-10-20 2025-10-26 soft", ""},
		{"in October", "2025-10-01 2025-10-26 soft", ""},
		{"in March", "2025-03-01 2025-03-31 soft", ""},
		{"late November", "2024-11-21 2024-11-30 soft", ""},
		{"this autumn", "2025-09-01 2025-10-26 soft", ""},
		{"this winter", "2024-12-01 2025-03-20 soft", ""},
		{"next winter", "2025-12-01 2026-03-20 soft", ""},
		{"next week", "2025-10-27 2025-11-08 soft", ""},
		{"this year", "2025-01-01 2025-10-26 soft", ""},
		{"early this year", "2025-01-01 2025-04-30 soft", ""},
		{"in the first quarter", "2025-01-01 2025-03-31 soft", ""},
		{"before Thursday", "- 2025-10-22", ""},
		{"until 10 November", "- 2024-11-10", ""},
	})
}

func TestPhrases_SeasonsOfTheSouth(t *testing.T) {
	checkPhrases(t, Context{Dateline: sunday, South: true}, []phraseRow{
		{"this spring", "2025-10-26 2025-12-21 soft", ""},
		{"next autumn", "2026-03-01 2026-06-21 soft", ""},
		{"next summer", "2025-12-01 2026-03-20 soft", ""},
		{"in winter 2026", "2026-06-01 2026-09-23 soft", ""},
	})
}

func TestPhrases_WeeksFromEveryDay(t *testing.T) {
	for i, c := range []struct{ this, later, next, past string }{
		{"10-20 10-26", "10-21 10-26", "10-26 11-02", "10-20 10-20"}, // Monday
		{"10-21 10-26", "10-22 10-26", "10-26 11-02", "10-20 10-21"},
		{"10-22 10-26", "10-23 10-26", "10-26 11-02", "10-20 10-22"},
		{"10-23 10-26", "10-24 10-26", "10-26 11-02", "10-20 10-23"},
		{"10-24 10-26", "10-25 10-26", "10-26 11-02", "10-20 10-24"},
		{"10-25 10-26", "10-26 10-26", "10-26 11-02", "10-19 10-25"}, // Saturday
		{"10-26 11-01", "10-27 11-01", "10-27 11-08", "10-20 10-26"}, // Sunday
	} {
		d := civil.Date{Year: 2025, Month: time.October, Day: 20 + i}
		for _, q := range []struct {
			phrase string
			past   bool
			want   string
		}{{"this week", false, c.this}, {"later this week", false, c.later}, {"next week", false, c.next}, {"this week", true, c.past}} {
			r, err := Read(q.phrase, Context{Dateline: d, Tense: tense(q.past)})
			first, last, _ := strings.Cut(q.want, " ")
			if err != nil || r.First.String() != "2025-"+first || r.Last.String() != "2025-"+last {
				t.Errorf("%s, past %t: %q is %s, %v; want %s", civil.Long(d), q.past, q.phrase, reading(r), err, q.want)
			}
		}
	}
}

func TestPhrases_WeekdaysFromEveryDay(t *testing.T) {
	for i := range 7 {
		d := sunday.AddDays(i)
		for day := time.Sunday; day <= time.Saturday; day++ {
			for _, past := range []bool{false, true} {
				r, err := Read("on "+day.String(), Context{Dateline: d, Tense: tense(past)})
				away := []int{r.First.Sub(d), r.Last.Sub(d)}
				if past {
					away = []int{d.Sub(r.Last), d.Sub(r.First)}
				}
				near := away[0] == away[1] && away[0] >= 1 && away[0] <= 6
				if day == d.Weekday() {
					near = away[0] == 0 && away[1] == 7 && slices.Equal(r.Options, []Days{{r.First, r.First}, {r.Last, r.Last}})
				}
				if err != nil || !near || r.First.Weekday() != day || r.Soft {
					t.Errorf("%s, past %t: %s is %s, %v", civil.Long(d), past, day, reading(r), err)
				}
			}
			r, err := Read("next "+day.String(), Context{Dateline: d})
			if n := r.First.Sub(d); err != nil || n < 1 || n > 7 || !slices.Equal(r.Options, []Days{{r.First, r.First}, {r.Last, r.Last}}) || r.Last != r.First.AddDays(7) {
				t.Errorf("%s: next %s is %s, %v", civil.Long(d), day, reading(r), err)
			}
		}
	}
}

// What phrase readers commonly get wrong, each with its column.
func TestPhrases_Refused(t *testing.T) {
	const tbd = " was not understood: write only the words that name the date, tbd, or a date such as 2026-02-17"
	const clock = "a time of day is not read from a phrase: write "
	const mean = `%q was not understood: did you mean %q?`
	for _, c := range []struct {
		phrase, msg string
		offset      int
	}{
		// "May" as a verb.
		{"Trump may also travel", `"Trump may also travel"` + tbd, 0},
		{"Trump may also travel to Beijing early next year", `"Trump may also travel to Beijing early next year"` + tbd, 0},
		{"may", "may is the month only in words such as in May or 2 May", 0},
		{"he may", `"he may"` + tbd, 0},
		// Times of day.
		{"Thursday at 9am", clock + "at: 2025-10-30 09:00, with the zone behind it", 12},
		{"by noon on 1 November", clock + `"by 1 November", which leaves out the hour, or the day and the time with at:, the time as 12:00`, 3},
		{"noon, 2 days after 1 November", clock + "at: 2025-11-03 12:00, with the zone behind it", 0},
		{"at 09:00", clock + "the day and the time with at:, where 12:01 a.m. is 00:01", 3},
		{"until midnight", "midnight can begin the day or end it: write at: and 00:00 of the day that it begins", 6},
		// Two phrases that do not fit, and more than two.
		{"early next year, before this week", `"early next year, before this week"` + tbd, 17},
		{"early next year, next week", `"early next year, next week"` + tbd, 17},
		{"ahead of the Lunar New Year on 18 February", "Lunar New Year is on 17 Feb 2026", 28},
		// What can mean several things.
		{"in September", "it can be 1 to 30 Sep 2025 or 1 to 30 Sep 2026: add the year, or tense: past or tense: future", 0},
		{"by Sunday", "Sunday can be 26 Oct 2025 or 2 Nov 2025: write the one that is meant, with its year", 0},
		{"before 3 October", "3 October can be 3 Oct 2025 or 3 Oct 2026: write the one that is meant, with its year", 0},
		{"around Sunday", "Sunday can be 26 Oct 2025 or 2 Nov 2025: write the one that is meant, with its year", 0},
		{"in autumn", "which autumn? write this autumn, next autumn or the year", 3},
		{"in next week", `"in" does not go before "next week": write "next week"`, 0},
		{"on March", `"on" does not go before "March": write "in March"`, 0},
		{"today in Beijing", `"today in Beijing"` + tbd, 6},
		{"w/c 2026-02-04", "4 Feb 2026 is a Wednesday: a week begins on Monday, 2 Feb 2026, or on Sunday, 1 Feb 2026", 4},
		{"Friday 30 October", "30 Oct 2025 is a Thursday, not a Friday", 0},
		{"soon", `"soon" was not understood: it names no date: write tbd, or "in the coming days", "in the coming weeks" if that is meant`, 0},
		// Slips of the pen.
		{"on Thrusday", fmt.Sprintf(mean, "on Thrusday", "on Thursday"), 3},
		{"erly next year", fmt.Sprintf(mean, "erly next year", "early next year"), 0},
		{"17 Febuary", fmt.Sprintf(mean, "17 Febuary", "on 17 February"), 3},
		{"2nd the week", `"2nd the week"` + tbd, 4},
		{"3st November", `"3st November"` + tbd, 0},
		{"five-day Asia tour", `"five-day Asia tour"` + tbd, 9},
		{"…", `"…"` + tbd, 0},
		// What no calendar has.
		{"30 February", "February has no day 30", 0},
		{"by 31 November", "November has no day 31", 3},
		{"29 February 2026", "February has no day 29", 0},
		{"0 May", "May has no day 0", 0},
		// What is counted from something else.
		{"60 days after publication", "it is counted from another event: write it as 60 days after event:ID, with the id of that event", 0},
		{"within 14 days of this order", "it is counted from another event: write it as within 14 days after event:ID, or within 14 days before event:ID, with the id of that event", 0},
		{"the last days of December", `"the last days of December" was not understood: write only the words that name the date, tbd, or a date such as 2026-02-17`, 9},
		{"the second weeks of May", `"the second weeks of May" was not understood: write only the words that name the date, tbd, or a date such as 2026-02-17`, 11},
		{"the first halves of 2027", `"the first halves of 2027" was not understood: write only the words that name the date, tbd, or a date such as 2026-02-17`, 10},
		{"no sooner than 30 days after publication", "it is counted from another event: write it as not before 30 days after event:ID, with the id of that event", 15},
		{"at least 30 days before the hearing", "it is counted from another event: write it as at least 30 days before event:ID, with the id of that event", 9},
		{"no more than 60 days after signature", "it is counted from another event: write it as within 60 days after event:ID, with the id of that event", 0},
		{"the eve of the summit", "it is counted from another event: write it as 1 day before event:ID, with the id of that event", 0},
		{"the week after the summit", "it is counted from another event, and not to the day: write what it allows by the dates that lean on event:ID, with the id of that event", 0},
		{"about 30 days after publication", "it is counted from another event, and not to the day: write what it allows by the dates that lean on event:ID, with the id of that event", 6},
		{"next fiscal year", "a fiscal year begins on another day in each country: write the days that are meant", 0},
		{"10 business days after 1 November", "business days are counted by a calendar: write them as they are behind on:, by: or within:, and after the date from which they count, with calendar beside it", 0},
		// On the wrong side of the dateline.
		{"early this year", "early this year is over at the dateline, 2025-10-26: set tense: past", 0},
		{"by early this year", "early this year is over at the dateline, 2025-10-26: set tense: past", 0},
		{"before this autumn", "this autumn is over at the dateline, 2025-10-26: set tense: past", 0},
		{"since next week", "next week is yet to come: since needs something that has begun", 0},
		// Nothing, or too much.
		{"", "no phrase given: write tbd where no date is known", 0},
		{" . ", `" . "` + tbd, 1},
		{"by", `"by"` + tbd, 0},
		{"ahead of the summit", "it leans on another event: write it as before event:ID, with the id of that event", 0},
		{"after the vote", "it leans on another event: write it as after event:ID, with the id of that event", 0},
		{"not after the vote", "it leans on another event: write it as by event:ID, with the id of that event", 0},
		{"after the second vote", `"after the second vote"` + tbd, 17},
		{"from 9 a.m. to 5 p.m. on Friday", clock + "from: 2025-10-31 09:00 and to: 2025-10-31 17:00, with the zone in tz:", 7},
		{"15 March or April", `"15 March or April"` + tbd, 12},
		{"the weekend of 1 May", `"the weekend of 1 May"` + tbd, 17},
		{"thirty (20) days after 15 March", `"thirty (20) days after 15 March"` + tbd, 12},
		{"week 53 of 2027", `"week 53 of 2027"` + tbd, 11},
		{"the month after publication", `"the month after publication"` + tbd, 16},
		{"noon GMT on the end of today", clock + "the day and the time with at:, where 12:01 a.m. is 00:01", 0},
		{"end of", `"end of"` + tbd, 4},
		{strings.Repeat("a", 201), "a phrase is a few words: write the part that names the date", 200},
	} {
		r, err := Read(c.phrase, Context{Dateline: sunday})
		msg, at := wrong(err)
		if msg != c.msg || at != c.offset || !reflect.DeepEqual(r, Reading{}) {
			t.Errorf("%q is %s, %q at %d; want %q at %d", c.phrase, reading(r), msg, at, c.msg, c.offset)
		}
	}
}

func TestPhrases_AheadIsNotPast(t *testing.T) {
	_, err := Read("at the end of the month", Context{Dateline: sunday, Tense: Past})
	if msg, _ := wrong(err); msg != "the end of this month is yet to come at the dateline, 2025-10-26: set tense: future" {
		t.Errorf("the end of the month, past: %v", err)
	}
}

func TestPhrases_EndOfTheMonth(t *testing.T) {
	checkPhrases(t, Context{Dateline: civil.Date{Year: 2025, Month: time.October, Day: 29}}, []phraseRow{
		{"before the end of October", "- 2025-10-31 soft", ""},
		{"at the end of October", "2025-10-29 2025-10-31 soft", ""},
	})
}

func TestPhrases_NoDateline(t *testing.T) {
	for _, d := range []civil.Date{{}, {Year: 2025, Month: 13, Day: 1}, {Year: 2025, Month: time.February, Day: 29}, {Year: 1001, Month: time.May, Day: 1}, {Year: 9998, Month: time.May, Day: 1}} {
		if r, err := Read("today", Context{Dateline: d}); err == nil || r.Says != "" {
			t.Errorf("with the dateline %v today is %s", d, reading(r))
		}
	}
}

// windowsOf returns what r allows: one window for each of its options where it has some, or one.
func windowsOf(r Reading, zone, by string) []when.Window {
	e := r.Expr()
	if list := e.OptionWindows(zone, by); list != nil {
		return list
	}
	return []when.Window{e.Window(zone, by)}
}

func TestPhrases_Window(t *testing.T) {
	for phrase, want := range map[string][]string{
		"on Thursday":   {"2025-10-30 2025-10-30 day"},
		"next Thursday": {"2025-10-30 2025-10-30 day", "2025-11-06 2025-11-06 day"},
		"next week":     {"2025-10-27~ 2025-11-08~ window"},
		"by Thursday":   {"- 2025-10-30 window"},
		"after May":     {"2026-06-01~ - window"},
	} {
		r, err := Read(phrase, Context{Dateline: sunday})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, w := range windowsOf(r, "ET", "report") {
			got = append(got, windowText(w))
			if w.Zone != "America/New_York" || w.Earliest.Known() && w.Earliest.By != "report" {
				t.Errorf("%q: zone %s, statement %q", phrase, w.Zone, w.Earliest.By)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q allows %q, want %q", phrase, got, want)
		}
	}
}

// phraseAlphabet are words of which phrases are made, and some of which none is.
var phraseAlphabet = []string{"on", "in", "at", "around", "by", "before", "until", "after", "since", "not", "the", "of", "next", "this", "later", "early", "mid-", "late", "end",
	"week", "weeks", "month", "months", "year", "days", "coming", "ahead", "quarter", "half", "first", "fourth", "Q2", "H1", "w/c", "today", "Thursday", "Sun", "May", "February", "Dec.",
	"1", "17th", "29", "31", "2025", "2026", "2026-02-17", "2024-02", "2026-Q4", "spring", "winter", "fall", "noon", "midnight", "also", "to", "or", "and", "from", "between", "within", "2", "weeks", "GMT", "1045", "last", "third", "day", "eve", "Easter", "overnight", "Monday", "weekend", "fiscal", "Japan's", "effective", "or later"}

func TestPhrases_Laws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.SampledFrom(phraseAlphabet), 1, 5).Draw(t, "words")
		d := civil.Date{Year: 2024, Month: time.January, Day: 1}.AddDays(rapid.IntRange(0, 1500).Draw(t, "dateline"))
		p := Context{Dateline: d, Tense: rapid.SampledFrom([]Tense{Unsaid, Past, Future}).Draw(t, "tense"), South: rapid.Bool().Draw(t, "south")}
		checkReading(t, strings.Join(words, " "), p)
	})
}

// checkReading sees that what is read of a phrase is in order, on the calendar and
// written as it is read, and that an error says where it is.
func checkReading(t fataler, phrase string, p Context) {
	t.Helper()
	r, err := Read(phrase, p)
	if err != nil {
		se, ok := err.(*syntax.Error)
		if !ok || se.Offset < 0 || se.Offset > len(phrase) || se.Msg == "" || strings.Contains(se.Msg, "%!") && !strings.Contains(phrase, "%!") {
			t.Fatalf("%q: %#v", phrase, err)
		}
		return
	}
	for _, d := range []civil.Date{r.First, r.Last} {
		if !d.IsZero() && (d.Before(civil.FirstDay) || d.After(civil.LastDay)) {
			t.Fatalf("%q: %s is not on the calendar", phrase, d)
		}
	}
	if r.OpenStart() && r.OpenEnd() || !r.OpenStart() && !r.OpenEnd() && r.Last.Before(r.First) {
		t.Fatalf("%s: %q is %s", p.Dateline, phrase, reading(r))
	}
	again, err := Read(r.Says, p)
	if err != nil || !reflect.DeepEqual(again, r) {
		t.Fatalf("%s: %q is %s, said as %q, which is %s, %v", p.Dateline, phrase, reading(r), r.Says, reading(again), err)
	}
}

func FuzzPhrase(f *testing.F) {
	for _, s := range []string{"next week", "on Thursday", "early next year", "mid-November", "by Nov. 1", "17 February", "in the months ahead", "w/c 2 February", "the first quarter of 2026",
		"next Thursday", "not before 2026-03", "12:01 a.m. ET on Nov. 1", "midnight", "Trump may also travel", "at the end of May", "around 2026-Q1", "winter 2026", "30 February", "since yesterday"} {
		f.Add(s, 0, false)
		f.Add(s, 128, true)
	}
	f.Fuzz(func(t *testing.T, phrase string, days int, past bool) {
		d := sunday.AddDays(days % 1500)
		checkReading(t, phrase, Context{Dateline: d, Tense: tense(past), South: days%2 == 1})
	})
}
