package agenda

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"attache/internal/event"
)

// TestSolve_SpansAndSets looks at each statement from both sides.
func TestSolve_SpansAndSets(t *testing.T) {
	const tour = "from 2026-02-02 lasting 5 days"
	cases := []struct {
		name   string
		a, b   []string // what is stated of the events a and b
		want   string
		aside  string
		option string // that are left of a
	}{
		{"after what lasts is after its end", []string{tour}, []string{"after event:a"}, "2–6 Feb 2026 | on or after 7 Feb 2026", "", ""},
		{"before it is before its start", []string{tour}, []string{"before event:a"}, "2–6 Feb 2026 | on or before 1 Feb 2026", "", ""},
		{"during it", []string{tour}, []string{"during event:a"}, "2–6 Feb 2026 | some day from 2 to 6 Feb 2026", "", ""},
		{"on a day within it", []string{tour}, []string{"during event:a", "2026-02-06"}, "2–6 Feb 2026 | Fri 6 Feb 2026", "", ""},
		{"on a day that is not", []string{tour}, []string{"during event:a", "2026-02-07"}, "2–6 Feb 2026 | some day from 2 to 6 Feb 2026", "b#2", ""},
		{"what lasts and does not end within it", []string{tour}, []string{"during event:a", "from 2026-02-05 to 2026-02-07"}, "2–6 Feb 2026 | some day from 2 to 6 Feb 2026", "b#2", ""},
		{"what lasts and does", []string{tour}, []string{"during event:a", "from 2026-02-05 to 2026-02-06"}, "2–6 Feb 2026 | 5–6 Feb 2026", "", ""},
		{"during what is not settled", []string{"[2026-02-01..2026-03-31]"}, []string{"during event:a", "by 2026-02-14"}, "some day from 1 to 14 Feb 2026 | some day from 1 to 14 Feb 2026", "", ""},
		{"what lasts in a window", []string{"between 2026-03-16 and 2026-03-31 lasting 2 days"}, nil, "2 days, some time from 16 to 31 Mar 2026", "", ""},
		{"it and a first day", []string{"between 2026-03-16 and 2026-03-31 lasting 2 days", "after 2026-03-20"}, nil, "2 days, some time from 21 to 31 Mar 2026", "", ""},
		{"it and its end", []string{"between 2026-03-16 and 2026-03-31 lasting 2 days", "ends by 2026-03-17"}, nil, "16–17 Mar 2026", "", ""},
		{"after what lasts in a window", []string{"between 2026-03-16 and 2026-03-31 lasting 2 days"}, []string{"after event:a", "by 2026-03-25"}, "2 days, some time from 16 to 24 Mar 2026 | some day from 18 to 25 Mar 2026", "", ""},
		{"what lasts after another", []string{"2026-03-16"}, []string{"after event:a lasting 3 days", "by 2026-03-22 lasting 3 days"}, "Mon 16 Mar 2026 | 3 days, some time from 17 to 22 Mar 2026", "", ""},
		{"what lasts before another", []string{"2026-03-16"}, []string{"before event:a lasting 3 days"}, "Mon 16 Mar 2026 | 3 days, over on or before 15 Mar 2026", "", ""},
		{"what begins at a distance and lasts", []string{"2026-03-16"}, []string{"10 days after event:a lasting 2 days"}, "Mon 16 Mar 2026 | 26–27 Mar 2026", "", ""},
		{"what lasts months", []string{"2026 lasting 1 month", "after 2026-11-15"}, nil, "some time from 16 Nov to 31 Dec 2026", "", ""},
		{"what lasts longer than is left", []string{"between 2026-03-16 and 2026-03-31 lasting 5 days", "after 2026-03-29"}, nil, "on or after 30 Mar 2026", "a#1", ""},
		{"by its end", []string{tour}, []string{"by event:a.end"}, "2–6 Feb 2026 | on or before 6 Feb 2026", "", ""},
		{"over by a day before its end", []string{"ends by 2026-02-04", tour}, nil, "2–6 Feb 2026", "a#1", ""},
		{"over by another event", []string{tour, "ends by event:b"}, []string{"by 2026-02-20"}, "2–6 Feb 2026 | some day from 6 to 20 Feb 2026", "", ""},
		{"days after its end", []string{tour}, []string{"3 days after event:a"}, "2–6 Feb 2026 | Mon 9 Feb 2026", "", ""},
		{"days before its start", []string{tour}, []string{"3 days before event:a"}, "2–6 Feb 2026 | Fri 30 Jan 2026", "", ""},
		{"within days after an event that is open", []string{"[2026-02-01..2026-03-31]"}, []string{"within 10 days after event:a", "2026-02-20"}, "some day from 10 to 20 Feb 2026 | Fri 20 Feb 2026", "", ""},
		{"at least days after", []string{"[2026-02-01..2026-03-31]"}, []string{"at least 10 days after event:a", "by 2026-02-20"}, "some day from 1 to 10 Feb 2026 | some day from 11 to 20 Feb 2026", "", ""},
		{"at most days before", []string{"2026-03-31"}, []string{"at most 10 days before event:a"}, "Tue 31 Mar 2026 | some day from 21 to 30 Mar 2026", "", ""},
		{"one of two days, the first gone", []string{"[2026-01-15,2026-02-10]", "after event:b"}, []string{"2026-01-20"}, "Tue 10 Feb 2026 | Tue 20 Jan 2026", "", ""},
		{"one of three days, two left", []string{"[2026-01-15,2026-02-10,2026-03-10]", "after event:b"}, []string{"2026-01-20"}, "some day from 10 Feb to 10 Mar 2026 | Tue 20 Jan 2026", "", "2026-02-10 2026-03-10"},
		{"what lies before one of two days", []string{"[2026-01-15,2026-02-10]", "by 2026-02-01"}, []string{"before event:a"}, "Thu 15 Jan 2026 | on or before 14 Jan 2026", "", ""},
		{"none of two days", []string{"[2026-01-15,2026-02-10]", "not before 2026-01-16", "by 2026-02-09"}, nil, "some day from 16 Jan to 9 Feb 2026", "a#1", ""},
		{"a span that a set leaves no room for", []string{"[2026-01-15,2026-02-10]"}, []string{"after event:a", "by 2026-01-20"}, "Thu 15 Jan 2026 | some day from 16 to 20 Jan 2026", "", ""},
		{"instants are compared as instants", []string{"2026-02-03 14:00"}, []string{"after event:a", "2026-02-03 16:00"}, "Tue 3 Feb 2026, 14:00 UTC | Tue 3 Feb 2026, 16:00 UTC", "", ""},
		{"instants in the wrong order", []string{"2026-02-03 14:00"}, []string{"after event:a", "2026-02-03 13:00"}, "Tue 3 Feb 2026, 14:00 UTC | on or after 4 Feb 2026", "b#2", ""},
		{"days after an instant, at its time of day there", []string{"2025-05-12 00:01 ET"}, []string{"90 days after event:a"}, "Mon 12 May 2025, 00:01 New York time | Sun 10 Aug 2025, 00:01 New York time", "", ""},
		{"months over a clock change", []string{"2026-02-10 09:00 ET"}, []string{"2 months after event:a"}, "Tue 10 Feb 2026, 09:00 New York time | Fri 10 Apr 2026, 09:00 New York time", "", ""},
		{"in the zone that it names itself", []string{"2025-05-12 00:01 ET"}, []string{"90 days after event:a in Asia/Seoul"}, "Mon 12 May 2025, 00:01 New York time | Sun 10 Aug 2025, 13:01 Seoul time", "", ""},
		{"on an instant", []string{"2026-02-03 14:00"}, []string{"on event:a"}, "Tue 3 Feb 2026, 14:00 UTC | Tue 3 Feb 2026, 14:00 UTC", "", ""},
		{"within days of an instant, which are days", []string{"2026-02-03 14:00"}, []string{"within 2 days after event:a"}, "Tue 3 Feb 2026, 14:00 UTC | some day from 3 to 5 Feb 2026", "", ""},
		{"an instant on the day that it has elsewhere", []string{"2026-02-09 20:00"}, []string{"not before event:a", "2026-02-10 in Asia/Seoul"}, "Mon 9 Feb 2026, 20:00 UTC | Tue 10 Feb 2026", "", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			in := []Input{input(t, "a", c.a...)}
			if c.b != nil {
				in = append(in, input(t, "b", c.b...))
			}
			list := Solve(in)
			var got, aside []string
			for _, e := range list {
				got = append(got, e.Window.Words())
				for _, s := range e.SetAside {
					aside = append(aside, s.Statement)
				}
			}
			if got := strings.Join(got, " | "); got != c.want {
				t.Errorf("%s\nwant %s", got, c.want)
			}
			if got := strings.Join(aside, " "); got != c.aside {
				t.Errorf("set aside %q, want %q", got, c.aside)
			}
			if got := fmt.Sprint(strings.Join(list[0].Options(), " ")); got != c.option {
				t.Errorf("options %q, want %q", got, c.option)
			}
		})
	}
}

// A deadline is due on its last possible day, however its window came about.
func TestSolve_DeadlineWithAWindow(t *testing.T) {
	for _, c := range []struct{ ruling, due, want string }{
		{"2026-03-10", "within 60 days after event:a", "Sat 9 May 2026"},
		{"[2026-03-10..2026-03-20]", "within 60 days after event:a", "Tue 19 May 2026"},
		{"tbd", "within 60 days after event:a", "no date yet"},
		{"tbd", "between 2026-03-01 and 2026-03-15", "Sun 15 Mar 2026"},
		{"tbd", "2026-03", "Tue 31 Mar 2026"},
		{"tbd", "2026-23", "some day from 1 Sep to 21 Dec 2026"},
		{"tbd", "[2026-01-15,2026-02-10]", "some day from 15 Jan to 10 Feb 2026"},
		{"tbd", "from 2026-03-01 to 2026-03-05", "1–5 Mar 2026"},
	} {
		plan := input(t, "b", c.due)
		plan.Revision.Event.Kind = deadline
		if got := Solve([]Input{input(t, "a", c.ruling), plan})[1].Window.Words(); got != c.want {
			t.Errorf("%s of %s is %s, want %s", c.due, c.ruling, got, c.want)
		}
	}
}

// What leans on an event with no date yet says so, with the title of that one.
func TestEntry_Words(t *testing.T) {
	for _, c := range []struct{ ruling, refund, want string }{
		{"tbd", "within 60 days after event:ruling", "within 60 days after the ruling"},
		{"tbd", "30 days after event:ruling", "30 days after the ruling"},
		{"tbd", "before event:ruling.end", "before the end of the ruling"},
		{"2026-03-10", "within 60 days after event:ruling", "some day from 10 Mar to 9 May 2026"},
		{"tbd", "tbd", "no date yet"},
	} {
		ruling := input(t, "ruling", c.ruling)
		ruling.Revision.Event.Title = "The ruling"
		e := Solve([]Input{ruling, input(t, "refund", c.refund)})[1]
		if e.Words() != c.want || e.View(time.Unix(0, 0)).Date != c.want {
			t.Errorf("%s of %s is %q, %q, want %q", c.refund, c.ruling, e.Words(), e.View(time.Unix(0, 0)).Date, c.want)
		}
	}
}

// TestSolve_DeadlineByAnInstant has a deadline that is due by an instant of another event: it is that
// instant, in the zone in which it was stated.
func TestSolve_DeadlineByAnInstant(t *testing.T) {
	for text, want := range map[string]string{
		"by event:a":               "Sat 12 Dec 2026, 00:01 New York time",
		"by 2 days before event:a": "Thu 10 Dec 2026, 00:01 New York time",
		"by event:a in Asia/Seoul": "Sat 12 Dec 2026, 14:01 Seoul time",
		"on 90 days after event:a": "Fri 12 Mar 2027, 00:01 New York time",
	} {
		report := input(t, "e", text)
		report.Revision.Event.Kind = event.Deadline
		report.Revision.Event.Zone = "Europe/Brussels"
		for _, e := range Solve([]Input{input(t, "a", "2026-12-12 00:01 ET"), report}) {
			if e.ID == "e" && e.Words() != want {
				t.Errorf("%s: %s, want %s", text, e.Words(), want)
			}
		}
	}
}
