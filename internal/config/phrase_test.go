package config

import (
	"strings"
	"testing"
)

// Dates as other programs and other people write them, wherever one can stand.
func TestStatement_OtherSpellings(t *testing.T) {
	for _, c := range []struct{ when, want string }{
		{"{at: 2026-03-01T12:30:00Z}", "at 2026-03-01 12:30 in UTC"},
		{"2026-03-01T12:30:00Z", "at 2026-03-01 12:30 in UTC"},
		{"{from: 2026-03-01T12:30:00Z, to: 2026-03-01T15:00:00+0100}", "from 2026-03-01 12:30 to 2026-03-01 14:00 in UTC"},
		{"2026-03-01T12:30Z/2026-03-01T14:00Z", "from 2026-03-01 12:30 to 2026-03-01 14:00 in UTC"},
		{"from 2026-03-01 12:30 to 2026-03-01 14:00 in cet", "from 2026-03-01 12:30 to 2026-03-01 14:00 in CET"},
		{"{from: 20260301T123000Z, lasts: 2 hours}", "from 2026-03-01 12:30 lasting 2 hours in UTC"},
		{"20260301T123000Z", "at 2026-03-01 12:30 in UTC"},
		{"2026-03-01 12:30 +0100", "at 2026-03-01 12:30 in +01:00"},
		{"2026-02-17 24:00", "at 2026-02-18 00:00"},
		{"{at: 2026-02-17 09:30, tz: america/new_york}", "at 2026-02-17 09:30 in America/New_York"},
		{"{at: 2026-02-17 09:30, tz: 'Asia/Seoul '}", "at 2026-02-17 09:30 in Asia/Seoul"},
		{"{at: 2026-02-17 09:30, tz: EST5EDT}", "at 2026-02-17 09:30 in America/New_York"},
		{"{by: 2026-33}", "by 2026-Q1"},
		{"{between: [2026-33, 2026-40]}", "between 2026-Q1 and 2026-H1"},
		{"{one_of: [2026-Q1, 2026-H2]}", "edtf [2026-33,2026-41]"},
		{"{one_of: [w/c 2026-03-02, holiday(US, Labor Day, 2026)]}", "edtf [2026-03-02..2026-03-08,2026-09-07]"},
		{"{one_of: [3 business days after 2026-03-02, 2026-04-01], calendar: weekdays}", "edtf [2026-03-05,2026-04-01]"},
		{"{on: 2026-08-03, recurs: FREQ=WEEKLY, except: [holiday(US, Labor Day, 2026)]}", "on 2026-08-03 recurring FREQ=WEEKLY except 2026-09-07"},
		{"{on: 2026-08-03, recurs: FREQ=WEEKLY, also: [holiday(US, Labor Day, 2026)]}", "on 2026-08-03 recurring FREQ=WEEKLY also 2026-09-07"},
	} {
		found := CheckFiles(nil, Document{Name: "x.yaml", Data: []byte("events:\n  - id: a\n    title: A\n    when: " + c.when)})
		if len(found.Errors) > 0 {
			t.Errorf("%s: %v", c.when, found.Errors)
		} else if got := found.Calendar.Events[0].When[0].Expr.String(); got != c.want {
			t.Errorf("%s is %s, want %s", c.when, got, c.want)
		}
	}
}

func TestStatement_Phrase(t *testing.T) {
	const head = "events:\n  - {id: a, title: A, when: "
	const sources = "}\nsources:\n  report: {title: R, published: 2025-10-26}\n  undated: {title: U}\n"
	cases := []struct{ when, expr, phrase, wrong string }{
		{"{phrase: on  Thursday, source: report}", "on 2025-10-30", "on Thursday", ""},
		{"{phrase: on Thursday, source: report, tense: past}", "on 2025-10-23", "on Thursday", ""},
		{"{phrase: early next year, dateline: 2025-10-26}", "loosely between 2026-01-01 and 2026-04-30", "early next year", ""},
		{"{phrase: by 1 November, source: report, tz: Asia/Seoul}", "by 2025-11-01 in Asia/Seoul", "by 1 November", ""},
		{"{phrase: next autumn, source: report}", "loosely between 2026-09-01 and 2026-12-21", "next autumn", ""},
		{"{phrase: next autumn, source: report, south: true}", "loosely between 2026-03-01 and 2026-06-21", "next autumn", ""},
		{"{phrase: next autumn, source: report, south: yes}", "", "", "south is true or false"},
		{"{on: 2026-01-01, south: true}", "", "", "south goes with a phrase"},
		{"{phrase: next Thursday, source: report}", "edtf [2025-10-30,2025-11-06]", "next Thursday", ""},
		{"{phrase: on 3 October, source: report}", "edtf [2025-10-03,2026-10-03]", "on 3 October", ""},
		{"{phrase: on 3 October, source: report, tense: future}", "on 2026-10-03", "on 3 October", ""},
		{"{phrase: midnight on 1 November, source: report}", "edtf [2025-11-01T00:00:00,2025-11-02T00:00:00]", "midnight on 1 November", ""},
		{"{phrase: noon Brussels time on Friday, source: report}", "at 2025-10-31 12:00 in Europe/Brussels", "noon Brussels time on Friday", ""},
		{"{phrase: noon Brussels time on Friday, source: report, tz: Asia/Seoul}", "", "", "the zone is given twice"},
		{"{phrase: next Thursday at 9 a.m. ET, source: report}", "edtf [2025-10-30T09:00:00,2025-11-06T09:00:00] in ET", "next Thursday at 9 a.m. ET", ""},
		{"{phrase: from 9 to 12 March, source: report}", "from 2026-03-09 to 2026-03-12", "from 9 to 12 March", ""},
		{"{phrase: next December, source: report}", "loosely edtf [2025-12-01..2025-12-31,2026-12-01..2026-12-31]", "next December", ""},
		{"{phrase: 60 days after publication, source: report}", "", "", "60 days after event:ID"},
		{"{by: the end of March 2026}", "", "", "did you mean by 2026-03-31?"},
		{"{one_of: [event:a, 2026-02-01]}", "", "", "moves with another event"},
		{"{phrase: on Thursday, source: undated}", "", "", "a phrase is read against the day"},
		{"{phrase: on Thursday}", "", "", "a phrase is read against the day"},
		{"{phrase: Trump may also travel, source: report}", "", "", ":1:"},
		{"{phrase: on Thursday, source: report, before: 2026-01-01}", "", "", "a phrase stands alone"},
		{"{on: 2026-01-01, tense: past}", "", "", "tense goes with a phrase"},
		{"{phrase: on Thursday, source: report, tense: pest}", "", "", `did you mean "past"`},
	}
	for _, c := range cases {
		found := CheckFiles(nil, Document{Name: "x.yaml", Data: []byte(head + c.when + sources)})
		switch {
		case c.wrong != "" && c.wrong != ":1:":
			if len(found.Errors) == 0 || !strings.Contains(found.Errors.Error(), c.wrong) {
				t.Errorf("%s: %v", c.when, found.Errors)
			}
		case c.wrong != "":
			if len(found.Errors) != 1 {
				t.Errorf("%s: %v", c.when, found.Errors)
			}
		case len(found.Errors) > 0:
			t.Errorf("%s: %v", c.when, found.Errors)
		default:
			s := found.Calendar.Events[0].When[0]
			if s.Expr.String() != c.expr || s.Phrase != c.phrase {
				t.Errorf("%s: %q said as %q", c.when, s.Expr, s.Phrase)
			}
		}
	}
}
