package event

import (
	"testing"

	"attache/internal/when"
)

const scheduled, rescheduled, putOff, off = SchemaScheduled, SchemaRescheduled, SchemaPostponed, SchemaCancelled

func TestPublished(t *testing.T) {
	day, open := when.OneDay, when.None
	for _, c := range []struct {
		c        Certainty
		s        Status
		p        when.Precision
		cal      string
		schema   string // "" is no markup
		previous bool
	}{
		// What is upcoming goes by its certainty.
		{Rumoured, Open, day, "TENTATIVE", "", false},
		{Possible, Open, day, "TENTATIVE", "", false},
		{"", "", day, "TENTATIVE", "", false},
		{Planned, Open, day, "TENTATIVE", "", false},
		{Likely, Open, day, "TENTATIVE", scheduled, false},
		{Confirmed, Open, day, "CONFIRMED", scheduled, false},
		{Confirmed, Open, when.Instant, "CONFIRMED", scheduled, false},
		{Confirmed, Open, when.Span, "CONFIRMED", scheduled, false},
		{Confirmed, Open, when.SomeDay, "TENTATIVE", scheduled, false},
		{Confirmed, Open, open, "TENTATIVE", scheduled, false},
		{Unscheduled, Open, day, "CONFIRMED", scheduled, false},
		{Unscheduled, Open, when.SomeDay, "TENTATIVE", scheduled, false},

		// What took place did so, however unsure it was; where no day is recorded, not on any one.
		{Possible, Met, day, "CONFIRMED", scheduled, false},
		{Rumoured, Held, when.Span, "CONFIRMED", scheduled, false},
		{Confirmed, Held, when.SomeDay, "TENTATIVE", "", false},
		{Confirmed, Met, open, "TENTATIVE", "", false},
		{Rumoured, InForce, when.SomeDay, "TENTATIVE", "", false},
		{Planned, InForce, day, "CONFIRMED", scheduled, false},

		// A deferral to a date goes by certainty, one to none does not take place as it stood.
		{Likely, Deferred, day, "TENTATIVE", rescheduled, true},
		{Confirmed, Deferred, day, "CONFIRMED", rescheduled, true},
		{Confirmed, Deferred, when.SomeDay, "TENTATIVE", rescheduled, true},
		{Possible, Deferred, day, "TENTATIVE", "", false},
		{Confirmed, Deferred, open, "CANCELLED", putOff, true},
		{Rumoured, Deferred, open, "CANCELLED", putOff, true},

		// What was called off is off for certain.
		{Confirmed, Averted, day, "CANCELLED", off, false},
		{Rumoured, Cancelled, open, "CANCELLED", off, false},
		{Likely, Superseded, day, "CANCELLED", off, false},
		{Likely, Withdrawn, day, "CANCELLED", off, false},

		// Nobody said what became of it: it stays as it was.
		{Likely, Lapsed, day, "TENTATIVE", scheduled, false},
		{Confirmed, Lapsed, day, "CONFIRMED", scheduled, false},
		{Possible, Lapsed, when.SomeDay, "TENTATIVE", "", false},
	} {
		if got := ICalStatus(c.c, c.s, c.p); got != c.cal {
			t.Errorf("%s, %s, %s: STATUS %s, want %s", c.c, c.s, c.p, got, c.cal)
		}
		schema, ok := SchemaOrg(c.c, c.s, c.p)
		if want := (Schema{c.schema, c.previous}); schema != want || ok != (c.schema != "") {
			t.Errorf("%s, %s, %s: schema.org %v, %t, want %v", c.c, c.s, c.p, schema, ok, want)
		}
	}
}

func TestCutCancelled(t *testing.T) {
	for title, want := range map[string]string{
		"Canceled: Hearing": "Hearing", "CANCELLED: Hearing": "Hearing", "cancelled – Hearing": "Hearing", "[CANCELLED] Hearing": "Hearing",
		"(Canceled): Hearing": "Hearing", "Annulé : Audition": "Audition", "Abgesagt: Anhörung": "Anhörung", " Canceled:Hearing": "Hearing",
		"Hearing": "", "Hearing: canceled": "", "Cancelled flights: a debate": "", "Cancelled-flight fund": "", "Canceled:": "", "Cancellation: a hearing": "",
	} {
		rest, says := CutCancelled(title)
		if says != (want != "") || says && rest != want || !says && rest != title {
			t.Errorf("%q: %q, %t, want %q", title, rest, says, want)
		}
	}
}
