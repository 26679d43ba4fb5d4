package agenda

import (
	"testing"
	"time"

	"attache/internal/event"
)

func TestEntry_Words_Deferred(t *testing.T) {
	for _, c := range []struct {
		name       string
		status     event.Status
		statements []string
		words      string
	}{
		{"a day", event.Deferred, []string{"2027-01-15"}, "deferred (was Fri 15 Jan 2027)"},
		{"a window", event.Deferred, []string{"2027-01"}, "deferred (was Jan 2027)"},
		{"nothing was stated", event.Deferred, []string{"tbd"}, "no date yet"},
		{"what leans", event.Deferred, []string{"after event:summit"}, "deferred (was after summit)"},
		{"a new date", event.Deferred, []string{"2027-01-15", "2027-03-02"}, "Tue 2 Mar 2027"},
		{"open", event.Open, []string{"2027-01-15"}, "Fri 15 Jan 2027"},
	} {
		e := event.Event{ID: "visit", Kind: event.Visit, Zone: "UTC", Status: c.status}
		for _, s := range c.statements {
			e.When = append(e.When, stated(t, s))
		}
		if got := compute(e).Words(); got != c.words {
			t.Errorf("%s: %q, want %q", c.name, got, c.words)
		}
	}
}

// What leans on an event that was put off knows no date either, whatever becomes of that one.
func TestSolve_Deferred(t *testing.T) {
	at := time.Unix(0, 0)
	visit := event.Event{ID: "visit", Kind: event.Visit, Zone: "UTC", Status: event.Open, When: []event.Statement{stated(t, "2027-01-15")}}
	report := event.Event{ID: "report", Kind: event.Deadline, Zone: "UTC", When: []event.Statement{stated(t, "3 days after event:visit")}}
	r := event.First(visit, event.Author{}, at)
	for _, c := range []struct {
		status              event.Status
		words, leaning, why string
	}{
		{event.Open, "Fri 15 Jan 2027", "", ""},
		{event.Deferred, "deferred (was Fri 15 Jan 2027)", "3 days after visit", "it was deferred, and no new date was stated"},
		{event.Cancelled, "was Fri 15 Jan 2027", "3 days after visit", "it was deferred, and no new date was stated"},
		{event.Open, "Fri 15 Jan 2027", "", ""},
	} {
		visit.Status = c.status
		r, _ = r.Next(visit, event.Author{}, at)
		list := Solve([]Input{{Revision: r}, {Revision: event.First(report, event.Author{}, at)}})
		why := ""
		if len(list[0].SetAside) > 0 {
			why = list[0].SetAside[0].Why
		}
		if list[0].Words() != c.words || list[1].Leaning != c.leaning || why != c.why {
			t.Errorf("%s: %q, %q, %q", c.status, list[0].Words(), list[1].Leaning, why)
		}
	}
}
