package agenda

import (
	"testing"
	"time"

	"attache/internal/event"
)

// What took place on a day that nobody recorded claims none, and its author is told once.
func TestEntry_Unrecorded(t *testing.T) {
	for _, c := range []struct {
		name       string
		kind       event.Kind
		status     event.Status
		statements []string
		words      string
		warned     bool
	}{
		{"a window", event.Visit, event.Held, []string{"[2026-01-05..2026-04-05]"}, "held, day not recorded (some day from 5 Jan to 5 Apr 2026)", true},
		{"a month", event.Measure, event.InForce, []string{"2026-01"}, "in force, day not recorded (some day from 1 to 31 Jan 2026)", true},
		{"one side", event.Visit, event.Held, []string{"by 2026-01-15"}, "held, day not recorded (on or before 15 Jan 2026)", true},
		{"no date", event.Visit, event.Met, []string{"tbd"}, "met, day not recorded", true},
		{"what leans", event.Visit, event.Held, []string{"after event:summit"}, "held, day not recorded (was after summit)", true},
		{"a day", event.Visit, event.Held, []string{"2026-01-05"}, "Mon 5 Jan 2026", false},
		{"several days", event.Visit, event.Held, []string{"2026-01-05/2026-01-08"}, "5–8 Jan 2026", false},
		{"a day, added", event.Visit, event.Held, []string{"[2026-01-05..2026-04-05]", "2026-02-10"}, "Tue 10 Feb 2026", false},
		{"a deadline is on its last day", event.Deadline, event.Met, []string{"by 2026-01-15"}, "Thu 15 Jan 2026", false},
		{"open", event.Visit, event.Open, []string{"2026-01"}, "some day from 1 to 31 Jan 2026", false},
		{"called off", event.Visit, event.Cancelled, []string{"2026-01"}, "some day from 1 to 31 Jan 2026", false},
	} {
		e := event.Event{ID: "visit", Kind: c.kind, Zone: "UTC", Status: c.status}
		for _, s := range c.statements {
			e.When = append(e.When, stated(t, s))
		}
		got := compute(e)
		n := 0
		for _, w := range got.Warnings {
			if w.Code == WarnUnrecorded {
				n++
			}
		}
		if got.Words() != c.words || c.warned != (n == 1) || n > 1 {
			t.Errorf("%s: %q, %d warnings, want %q", c.name, got.Words(), n, c.words)
		}
	}
}

// What was put off to no date, and then held, was not held on the day that it had.
func TestEntry_Unrecorded_PutOff(t *testing.T) {
	e := event.Event{ID: "visit", Kind: event.Visit, Zone: "UTC", Status: event.Open, When: []event.Statement{stated(t, "2026-01-15")}}
	r := event.First(e, event.Author{}, time.Unix(0, 0))
	for _, status := range []event.Status{event.Deferred, event.Held} {
		e.Status = status
		r, _ = r.Next(e, event.Author{}, time.Unix(0, 0))
	}
	if got, want := Compute(r, "", time.Time{}).Words(), "held, day not recorded (was Thu 15 Jan 2026)"; got != want {
		t.Errorf("it reads %q, want %q", got, want)
	}
}
