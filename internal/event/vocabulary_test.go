package event

import (
	"slices"
	"testing"

	"attache/internal/civil"
)

// listed requires that the words of a vocabulary are distinct and not empty.
func listed[W ~string](t *testing.T, what string, words []W, n int) {
	t.Helper()
	seen := map[W]bool{"": true}
	for _, w := range words {
		if seen[w] {
			t.Errorf("%s: %q is listed twice, or empty", what, w)
		}
		seen[w] = true
	}
	if len(words) != n {
		t.Errorf("%s: %d are listed, want %d", what, len(words), n)
	}
}

func TestVocabulary_EachWordOnce(t *testing.T) {
	listed(t, "kinds", Kinds(), 9)
	listed(t, "certainties", Certainties(), 6)
	listed(t, "statuses", Statuses(), 10)
	listed(t, "relations", Relations(), 7)
}

func TestAtLeast(t *testing.T) {
	// From the least sure; those in one row are equally sure.
	order := [][]Certainty{{Rumoured}, {Possible}, {Planned}, {Likely}, {Confirmed, Unscheduled}}
	n := 0
	for i, row := range order {
		for _, a := range row {
			n++
			for j, other := range order {
				for _, b := range other {
					if got := a.AtLeast(b); got != (i >= j) {
						t.Errorf("%s at least %s: %t", a, b, got)
					}
				}
			}
			if !a.AtLeast("") {
				t.Errorf("%s is less sure than nothing asked for", a)
			}
			if Certainty("").AtLeast(a) || Certainty("certain").AtLeast(a) {
				t.Errorf("what is no grade is at least %s", a)
			}
		}
	}
	if n != len(Certainties()) {
		t.Errorf("%d grades are ordered of %d", n, len(Certainties()))
	}
}

func TestAtLeast_TotalPreorder(t *testing.T) {
	all := Certainties()
	for i, a := range all {
		if !a.AtLeast(a) {
			t.Errorf("%s is not at least itself", a)
		}
		if i > 0 && !all[i-1].AtLeast(a) {
			t.Errorf("%s is listed before %s, which is surer", all[i-1], a)
		}
		for _, b := range all {
			if !a.AtLeast(b) && !b.AtLeast(a) {
				t.Errorf("%s and %s are not comparable", a, b)
			}
			for _, c := range all {
				if a.AtLeast(b) && b.AtLeast(c) && !a.AtLeast(c) {
					t.Errorf("%s is at least %s, that is at least %s, and yet", a, b, c)
				}
			}
		}
	}
}

func TestStatus_Meaning(t *testing.T) {
	for _, c := range []struct {
		status          Status
		over, took, off bool
	}{
		{"", false, false, false},
		{Open, false, false, false},
		{Held, true, true, false},
		{Met, true, true, false},
		{InForce, true, true, false},
		{Deferred, false, false, false},
		{Averted, true, false, true},
		{Cancelled, true, false, true},
		{Lapsed, true, false, false},
		{Superseded, true, false, true},
		{Withdrawn, true, false, true},
	} {
		if c.status.Over() != c.over || c.status.TookPlace() != c.took || c.status.CalledOff() != c.off {
			t.Errorf("%q: over %t, took place %t, called off %t", c.status, c.status.Over(), c.status.TookPlace(), c.status.CalledOff())
		}
	}
}

func TestKind_AwaitsOutcome(t *testing.T) {
	for _, k := range Kinds() {
		if k.AwaitsOutcome() == (k == Holiday) {
			t.Errorf("%s awaits an outcome: %t", k, k.AwaitsOutcome())
		}
	}
}

func TestKind_Outcomes(t *testing.T) {
	for _, k := range Kinds() {
		outcomes := k.Outcomes()
		if len(outcomes) < 3 {
			t.Errorf("%s: %v", k, outcomes)
		}
		for _, s := range outcomes {
			if !Open.CanBecome(s) {
				t.Errorf("%s: an open event cannot become %s", k, s)
			}
		}
		if (k == Deadline || k == Measure) == slices.Contains(outcomes, Held) {
			t.Errorf("%s: %v", k, outcomes)
		}
	}
}

func TestSource_Words(t *testing.T) {
	tests := []struct {
		source Source
		want   string
	}{
		{Source{Key: "bbc"}, ""},
		{Source{Title: "Trade talks"}, "Trade talks"},
		{Source{Title: "Trade talks", Publisher: "BBC", Published: civil.Date{Year: 2025, Month: 10, Day: 26}}, "Trade talks, BBC, 26 Oct 2025"},
		{Source{Publisher: "BBC", URL: "https://bbc.co.uk/1"}, "BBC"},
	}
	for _, tt := range tests {
		if got := tt.source.Words(); got != tt.want {
			t.Errorf("%+v: %q, want %q", tt.source, got, tt.want)
		}
	}
}

func TestWord(t *testing.T) {
	for text, want := range map[string]Status{
		"in force": InForce, "In-Force": InForce, "IN_FORCE": InForce, " in  force ": InForce, "open": Open,
		"inforce": "", "": "", "-": "", "in force!": "", "open\x00": "",
	} {
		if got, ok := Word(text, Statuses()); ok != (want != "") || ok && got != want {
			t.Errorf("%q is %q, %t", text, got, ok)
		}
	}
}
