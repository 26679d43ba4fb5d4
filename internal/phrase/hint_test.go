package phrase

import (
	"testing"

	"attache/internal/when"
)

func TestHint(t *testing.T) {
	for in, want := range map[string]string{
		"12 midnight 1 Nov":           `"12 midnight 1 Nov" is not a date: midnight can begin a day or end it: write at: with 00:00 of the day that it begins, as in 2026-11-02 00:00`,
		"2026-11-01 midnight":         `"2026-11-01 midnight" is not a date: midnight on 1 Nov 2026 can begin the day or end it: write at: 2026-11-01 00:00, or at: 2026-11-02 00:00`,
		"2026-11-01 12:01 a.m. ET":    `"2026-11-01 12:01 a.m. ET" is not a date: did you mean 2026-11-01 00:01 ET?`,
		"2026-11-01 5pm":              `"2026-11-01 5pm" is not a date: did you mean 2026-11-01 17:00?`,
		"2026-11-01 noon":             `"2026-11-01 noon" is not a date: did you mean 2026-11-01 12:00?`,
		"12:01 a.m. ET on 1 Nov 2026": `"12:01 a.m. ET on 1 Nov 2026" is not a date: did you mean 2026-11-01 00:01 ET?`,
		"12:01 a.m. ET":               `"12:01 a.m. ET" is not a date: write the time of day as 00:01`,
		"14–15 December 2026":         `"14–15 December 2026" is not a date: write {from: 2026-12-14, to: 2026-12-15} for all of it, or {between: [2026-12-14, 2026-12-15]} for some day of it`,
		"December 14-15, 2026":        `"December 14-15, 2026" is not a date: write {from: 2026-12-14, to: 2026-12-15} for all of it, or {between: [2026-12-14, 2026-12-15]} for some day of it`,
		"31 June 2026":                `"31 June 2026" is not a date: June has no day 31`,
		"1 Nov 2026":                  `"1 Nov 2026" is not a date: did you mean 2026-11-01?`,
		"Nov. 1, 2026":                `"Nov. 1, 2026" is not a date: did you mean 2026-11-01?`,
		"November 2026":               `"November 2026" is not a date: did you mean 2026-11?`,
		"Q1 2026":                     `"Q1 2026" is not a date: did you mean 2026-Q1?`,
		"H2 2026":                     `"H2 2026" is not a date: did you mean 2026-H2?`,
		"early 2026":                  `"early 2026" is not a date: did you mean {phrase: early 2026}?`,
		"by 1 Nov 2026":               `"by 1 Nov 2026" is not a date: did you mean by 2026-11-01?`,
		"after 1 Nov 2026":            `"after 1 Nov 2026" is not a date: did you mean not before 2026-11-02?`,
		"w/c 2 March 2026":            `"w/c 2 March 2026" is not a date: did you mean w/c 2026-03-02?`,
		"on Thursday":                 `"on Thursday" is not a date: words such as these are read against the day on which they were written: write {phrase: on Thursday, dateline: 2026-01-15}, or the date`,
		"before lunar new year 2026":  `"before lunar new year 2026" is not a date: did you mean before lunar-new-year(CN) 2026?`,
		"Seollal 2027":                `"Seollal 2027" is not a date: did you mean lunar-new-year(KR) 2027?`,
		"until 2026-11-01":            `"until 2026-11-01" is not a date: did you mean by 2026-11-01? The day itself is in it`,
		"end of day 2026-11-01":       `"end of day 2026-11-01" is not a date: did you mean by 2026-11-01? The day itself is in it`,
		"2026/11/01":                  `"2026/11/01" is not a date: did you mean 2026-11-01?`,
		"2026-1-5":                    `"2026-1-5" is not a date: did you mean 2026-01-05?`,
		"01.11.2026":                  `"01.11.2026" is not a date: did you mean 2026-11-01, or 2026-01-11?`,
		"25/11/2026":                  `"25/11/2026" is not a date: did you mean 2026-11-25?`,
		"2026-W10":                    `"2026-W10" is not a date: did you mean w/c 2026-03-02?`,
		"TBC":                         `"TBC" is not a date: did you mean tbd?`,
		"2026-11-01 to 2026-11-05":    `"2026-11-01 to 2026-11-05" is not a date: did you mean from 2026-11-01 to 2026-11-05, for all of it, or between 2026-11-01 and 2026-11-05, for some day of it?`,
		"after beijing-visit":         `"after beijing-visit" is not a date: to lean on an event write event:beijing-visit`,
		"Tuesday":                     `"Tuesday" is not a date: words such as these are read against the day on which they were written: write {phrase: on Tuesday, dateline: 2026-01-15}, or the date`,
		"next  week":                  `"next  week" is not a date: words such as these are read against the day on which they were written: write {phrase: next week, dateline: 2026-01-15}, or the date`,
		"gibberish":                   `"gibberish" is not a date: write it as 2026-02-16, 2026-02 or 2026`,
	} {
		_, err := when.Parser{Hint: Hint}.Parse(in)
		if got := message(err); got != want {
			t.Errorf("%s:\n%s\nwant\n%s", in, got, want)
		}
	}
}
