package event

import (
	"testing"

	"attache/internal/when"
)

const scheduled, rescheduled, putOff, off = SchemaScheduled, SchemaRescheduled, SchemaPostponed, SchemaCancelled

func TestPublished(t *testing.T) {
	day, open := when.OneDay, when.None
	for _, c := range []struct {
		c         Certainty
		s         Status
		p         when.Precision
		iptc, cal string
		schema    string // "" is no markup
		previous  bool
	}{
		// What is upcoming goes by its certainty.
		{Rumoured, Open, day, "eos2", "TENTATIVE", "", false},
		{Possible, Open, day, "eos3", "TENTATIVE", "", false},
		{"", "", day, "eos3", "TENTATIVE", "", false},
		{Planned, Open, day, "eos1", "TENTATIVE", "", false},
		{Likely, Open, day, "eos4", "TENTATIVE", scheduled, false},
		{Confirmed, Open, day, "eos5", "CONFIRMED", scheduled, false},
		{Confirmed, Open, when.Instant, "eos5", "CONFIRMED", scheduled, false},
		{Confirmed, Open, when.Span, "eos5", "CONFIRMED", scheduled, false},
		{Confirmed, Open, when.SomeDay, "eos5", "TENTATIVE", scheduled, false},
		{Confirmed, Open, open, "eos5", "TENTATIVE", scheduled, false},
		{Unscheduled, Open, day, "eos0", "CONFIRMED", scheduled, false},
		{Unscheduled, Open, when.SomeDay, "eos0", "TENTATIVE", scheduled, false},

		// What took place did so, however unsure it was.
		{Possible, Met, day, "eos5", "CONFIRMED", scheduled, false},
		{Rumoured, Held, when.SomeDay, "eos5", "CONFIRMED", scheduled, false},
		{Planned, InForce, day, "eos5", "CONFIRMED", scheduled, false},

		// A deferral to a date goes by certainty, one to none does not take place as it stood.
		{Likely, Deferred, day, "eos4", "TENTATIVE", rescheduled, true},
		{Confirmed, Deferred, day, "eos5", "CONFIRMED", rescheduled, true},
		{Confirmed, Deferred, when.SomeDay, "eos5", "TENTATIVE", rescheduled, true},
		{Possible, Deferred, day, "eos3", "TENTATIVE", "", false},
		{Confirmed, Deferred, open, "eos3", "CANCELLED", putOff, true},
		{Rumoured, Deferred, open, "eos3", "CANCELLED", putOff, true},

		// What was called off is off for certain.
		{Confirmed, Averted, day, "eos6", "CANCELLED", off, false},
		{Rumoured, Cancelled, open, "eos6", "CANCELLED", off, false},
		{Likely, Superseded, day, "eos6", "CANCELLED", off, false},
		{Likely, Withdrawn, day, "eos6", "CANCELLED", off, false},

		// Nobody said what became of it: it stays as it was.
		{Likely, Lapsed, day, "eos4", "TENTATIVE", scheduled, false},
		{Confirmed, Lapsed, day, "eos5", "CONFIRMED", scheduled, false},
		{Possible, Lapsed, when.SomeDay, "eos3", "TENTATIVE", "", false},
	} {
		if got := IPTC(c.c, c.s, c.p); got != c.iptc {
			t.Errorf("%s, %s, %s: IPTC %s, want %s", c.c, c.s, c.p, got, c.iptc)
		}
		if got := ICalStatus(c.c, c.s, c.p); got != c.cal {
			t.Errorf("%s, %s, %s: STATUS %s, want %s", c.c, c.s, c.p, got, c.cal)
		}
		schema, ok := SchemaOrg(c.c, c.s, c.p)
		if want := (Schema{c.schema, c.previous}); schema != want || ok != (c.schema != "") {
			t.Errorf("%s, %s, %s: schema.org %v, %t, want %v", c.c, c.s, c.p, schema, ok, want)
		}
	}
}

func TestFromIPTC(t *testing.T) {
	for _, c := range []struct {
		code    string
		trusted bool
		c       Certainty
		s       Status
	}{
		{"eos0", false, Unscheduled, Open},
		{"eos1", false, Planned, Open},
		{"eos2", false, Rumoured, Open},
		{"eos3", false, Possible, Open},
		{"eos4", false, Likely, Open},
		{"eos5", false, Likely, Open},
		{"eos5", true, Confirmed, Open},
		{"eos6", false, "", Cancelled},
		{"eocstat:eos5", true, Confirmed, Open},
		{"eventoccurstatus:EOS2", false, Rumoured, Open},
		{"http://cv.iptc.org/newscodes/eventoccurstatus/eos1", false, Planned, Open},
	} {
		gotC, gotS, err := FromIPTC(c.code, c.trusted)
		if err != nil || gotC != c.c || gotS != c.s {
			t.Errorf("%s, trusted %t: %q, %q, %v", c.code, c.trusted, gotC, gotS, err)
		}
	}
	for _, code := range []string{"", "eos7", "eos", "5", "eos5x", "eos5:", "stat:eos5/"} {
		if _, _, err := FromIPTC(code, true); err == nil {
			t.Errorf("%q was taken", code)
		}
	}
}

func TestFromIPTC_RoundTrip(t *testing.T) {
	for _, c := range Certainties() {
		back, s, err := FromIPTC(IPTC(c, Open, when.OneDay), true)
		if err != nil || back != c || s != Open {
			t.Errorf("%s came back as %s, %s, %v", c, back, s, err)
		}
	}
}

func FuzzFromIPTC(f *testing.F) {
	for _, s := range []string{"eos5", "eocstat:eos0", "", "\xff:", "http://cv.iptc.org/newscodes/eventoccurstatus/eos6"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, code string) {
		c, s, err := FromIPTC(code, false)
		if err == nil && (c == Confirmed || s == "") {
			t.Errorf("%q gives %q, %q", code, c, s)
		}
	})
}
