package config

import (
	"strings"
	"testing"
)

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
