package agenda

import (
	"strings"
	"testing"

	"attache/internal/workday"
)

// counted makes events whose dates count by the calendars that are built in.
func counted(t *testing.T, list map[string][]string) []Entry {
	t.Helper()
	var in []Input
	for id, statements := range list {
		one := input(t, id, statements...)
		one.Revision.Event = one.Revision.Event.Counted(workday.BuiltIn())
		in = append(in, one)
	}
	return Filter{}.Select(Net{}.Apply(in, nil).Entries())
}

func TestSolve_BusinessDays(t *testing.T) {
	for _, c := range []struct {
		events map[string][]string
		want   string
	}{
		{
			map[string][]string{"notice": {"2025-11-10"}, "close": {"30 US business days after event:notice"}},
			"close: Wed 24 Dec 2025\nnotice: Mon 10 Nov 2025",
		},
		{ // read backwards: what has to be over 10 business days before
			map[string][]string{"signature": {"not before 2026-02-01"}, "effect": {"at least 10 CN business days after event:signature", "by 2026-03-05"}},
			"effect: some day from 13 Feb to 5 Mar 2026\nsignature: some day from 1 to 13 Feb 2026",
		},
		{
			map[string][]string{"deadline": {"2026-07-06"}, "draft": {"by 3 US business days before event:deadline"}},
			"deadline: Mon 6 Jul 2026\ndraft: on or before 30 Jun 2026",
		},
		{
			map[string][]string{"talks": {"2026-02-13"}, "paper": {"within 5 CN business days after event:talks"}},
			"paper: some day from 13 to 27 Feb 2026\ntalks: Fri 13 Feb 2026",
		},
		{
			map[string][]string{"arrival": {"at 2026-03-07 20:00 in UTC"}, "call": {"within 36 hours after event:arrival"}},
			"arrival: Sat 7 Mar 2026, 20:00 UTC\ncall: some day from 7 to 9 Mar 2026",
		},
	} {
		if got := windows(counted(t, c.events)); got != c.want {
			t.Errorf("%v:\n%s\nwant:\n%s", c.events, got, c.want)
		}
	}
}

func TestSolve_UnpublishedHolidaysAreSoft(t *testing.T) {
	list := counted(t, map[string][]string{
		"known":   {"5 CN business days after event:signed"},
		"signed":  {"2026-03-02"},
		"later":   {"2027-03-01"},
		"unknown": {"5 CN business days after event:later"},
	})
	for _, e := range list {
		if got := e.Window.Earliest.Soft; got != (e.ID == "unknown") {
			t.Errorf("%s is soft: %t", e.ID, got)
		}
		var codes []string
		for _, w := range e.Warnings {
			codes = append(codes, w.Code+" "+w.Words)
		}
		want := ""
		if e.ID == "unknown" {
			want = "calendar-not-published unknown#1: the holidays of CN are known from 1 Jan 2024 to 31 Dec 2026: before and after, Mondays to Fridays count as worked"
		}
		if got := strings.Join(codes, "\n"); got != want {
			t.Errorf("%s warns %q; want %q", e.ID, got, want)
		}
	}
}
