package calendar_test

import (
	"slices"
	"testing"
	"time"

	"attache/internal/civil"
	"attache/internal/event"
)

// TestUpgraded_WhenItWasSaid reads, with a database in which no statement carries when it was said,
// files in which each does: nothing that was told is told again, and reminders go on.
func TestUpgraded_WhenItWasSaid(t *testing.T) {
	said := func(d string, at string) event.Statement {
		s := made(t, "x", event.Visit, d).When[0]
		s.Said, _ = civil.ParseDate(at)
		return s
	}
	for _, c := range []struct {
		name string
		when []event.Statement
		told int // messages
	}{
		{"one report", []event.Statement{said("2026-03-18", "2026-02-01")}, 0},
		{"a later one that fits", []event.Statement{said("between 2026-03-16 and 2026-03-20", "2026-02-01"), said("2026-03-18", "2026-02-20")}, 0},
		{"reports of one day that differ", []event.Statement{said("2026-03-18", "2026-02-01"), said("2026-03-19", "2026-02-01")}, 2}, // only now nothing tells which is the later
		{"a later one that differs", []event.Statement{said("2026-03-18", "2026-02-01"), said("2026-03-19", "2026-02-20")}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			visit := made(t, "visit", event.Visit, "tbd")
			visit.When = slices.Clone(c.when)
			for i := range visit.When {
				visit.When[i].Said = civil.Date{}
			}
			w := newWorld(t, march, visit, made(t, "talks", event.Talks, "3 days after event:visit"))
			w.pass(hours(48))
			n, before := len(w.told), w.list[1].Words()
			w.s.Events[0].When = c.when
			w.restart()
			w.pass(hours(2))
			if got := len(w.told) - n; got != c.told || c.told == 0 && w.list[1].Words() != before {
				t.Errorf("%s was %s, and it tells\n%s", w.list[1].Words(), before, w.whole(n))
			}
			w.pass(20 * 24 * time.Hour)
			if got := w.says(n); got == "" {
				t.Error("no reminder is left")
			}
		})
	}
}
