package event

import (
	"slices"
	"strings"
	"testing"
)

// transitions is the table as people know it: a column for each status that may
// follow, in the order of Statuses. x may follow, - is no change, . may not.
const transitions = `
             open held met in-force deferred averted cancelled lapsed superseded withdrawn
open         -    x    x   x        x        x       x         x      x          x
held         x    -    .   .        .        .       .         .      .          x
met          x    .    -   x        .        .       .         .      .          x
in-force     x    .    .   -        x        .       x         .      x          x
deferred     x    x    x   x        -        x       x         x      x          x
averted      x    .    .   .        x        -       .         .      x          x
cancelled    x    .    .   .        x        .       -         .      x          x
lapsed       x    x    x   x        x        x       x         -      x          x
superseded   x    .    .   .        .        .       .         .      -          x
withdrawn    x    x    x   x        x        x       x         x      x          -
`

func TestTransition_Table(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(transitions), "\n")
	columns := strings.Fields(lines[0])
	pairs := 0
	for _, line := range lines[1:] {
		cells := strings.Fields(line)
		from := Status(strings.ReplaceAll(cells[0], "-", " "))
		for i, cell := range cells[1:] {
			to := Status(strings.ReplaceAll(columns[i], "-", " "))
			pairs++
			if got := from.CanBecome(to); got != (cell != ".") {
				t.Errorf("%s to %s: %t", from, to, got)
			}
			if (from == to) != (cell == "-") {
				t.Errorf("the table says %q of %s to %s", cell, from, to)
			}
			if got := slices.Contains(from.After(), to); got != (cell == "x") {
				t.Errorf("%s after %s: %t", to, from, got)
			}
		}
	}
	if n := len(Statuses()); pairs != n*n {
		t.Errorf("the table has %d pairs, and there are %d", pairs, n*n)
	}
}

func TestTransition_Errors(t *testing.T) {
	for _, c := range []struct {
		from, to Status
		reason   string
		want     string
	}{
		{Open, Held, "it took place", ""},
		{"", Held, "it took place", ""},
		{Open, "", "", ""},
		{Held, Held, "", ""},
		{Deferred, Deferred, "", ""},
		{Open, Averted, "", "the status goes from open to averted without a reason: add one, so that people are told why"},
		{Held, Averted, "x", "averted cannot follow held: if held was a mistake, set it to open first"},
		{InForce, Lapsed, "", "lapsed cannot follow in force: if in force was a mistake, set it to open first"},
		{Open, "in progress", "x", "in progress cannot follow open: it is no status"},
		{"gone", Held, "x", "held cannot follow gone"},
		{Held, Withdrawn, "", ""},
		{Withdrawn, Open, "", ""},
	} {
		got := ""
		if err := CheckTransition(c.from, c.to, c.reason); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%q to %q: %q, want %q", c.from, c.to, got, c.want)
		}
	}
}

func TestTransition_EveryStatusIsReached(t *testing.T) {
	for _, s := range Statuses() {
		if s != Open && (!Open.CanBecome(s) || !s.CanBecome(Open)) {
			t.Errorf("%s is a place from which nobody comes back", s)
		}
		if !s.CanBecome(Withdrawn) {
			t.Errorf("what is %s cannot leave its file", s)
		}
		if Status("").CanBecome(s) != Open.CanBecome(s) {
			t.Errorf("no status is not as good as open, for %s", s)
		}
	}
}
