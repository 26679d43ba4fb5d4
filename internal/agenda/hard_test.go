package agenda

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"attache/internal/civil"
)

// What follows holds networks that would take a careless solver for ever. None of it looks
// at a clock: a test that does not end is the failure.

func TestSolve_TenThousandStatements(t *testing.T) {
	const n = 10_000
	start := civil.Date{Year: 2026, Month: 1, Day: 1}
	var fit, clash []string
	for i := range n {
		fit = append(fit, "not before "+start.AddDays(i%500).String())
		clash = append(clash, start.AddDays(i).String())
	}
	if got := Solve([]Input{input(t, "a", fit...)})[0]; got.Window.Words() != "on or after 15 May 2027" || len(got.SetAside) != n-n/500 {
		t.Errorf("%s, %d set aside", got.Window.Words(), len(got.SetAside))
	}
	e := Solve([]Input{input(t, "a", clash...)})[0]
	if e.Window.Words() != "Sun 18 May 2053" || len(e.SetAside) != n-1 || e.SetAside[0].By != "a#10000" {
		t.Errorf("%s, %d set aside", e.Window.Words(), len(e.SetAside))
	}
	e = Solve([]Input{together(input(t, "a", clash...))})[0]
	if e.Window.Words() != "Thu 1 Jan 2026" || len(e.Contradictions) != n-1 || len(e.Contradictions[n-2]) != 2 {
		t.Errorf("said together: %s, %d contradictions", e.Window.Words(), len(e.Contradictions))
	}
}

func TestSolve_ThousandContradictions(t *testing.T) {
	const n = 1_000
	var in []Input
	for i := range n {
		in = append(in, input(t, fmt.Sprintf("e%04d", i), fmt.Sprintf("after event:e%04d", (i+1)%n), fmt.Sprintf("before event:e%04d", (i+7)%n), "2026-03-01"))
	}
	list := Solve(in)
	for _, e := range list {
		if e.Window.Words() == "no date yet" && len(e.SetAside) == 0 {
			t.Errorf("%s has no date and nothing of it is set aside", e.ID)
		}
		for i, set := range e.Contradictions {
			if len(set) == 0 || len(set) != len(e.Conflicts[i].Steps) {
				t.Fatalf("%s: %v", e.ID, set)
			}
		}
	}
}

func TestSolve_ContradictionsInAChain(t *testing.T) {
	const n = 1_000
	in := []Input{input(t, "e0", "2026-01-01")}
	for i := 1; i < n; i++ {
		texts := []string{fmt.Sprintf("not before event:e%d", i-1)}
		if i%2 == 0 {
			texts = append(texts, "by 2025-12-31")
		}
		one := input(t, fmt.Sprint("e", i), texts...)
		if i%2 == 0 {
			one.Revision.Event.When[1].Priority = -1
		}
		in = append(in, one)
	}
	list := Solve(in)
	for i, e := range list {
		if want := 1 - i%2; i > 0 && len(e.SetAside) != want {
			t.Fatalf("%s: %v set aside", e.ID, e.SetAside)
		}
	}
}

func TestSolve_LongLoops(t *testing.T) {
	const n = 1_000
	for _, text := range []string{"after event:%s", "at least 1 month after event:%s", "at least 2 weeks after event:%s"} {
		var in []Input
		for i := range n {
			in = append(in, input(t, fmt.Sprintf("e%04d", i), fmt.Sprintf(text, fmt.Sprintf("e%04d", (i+1)%n))))
		}
		var aside []string
		var conflict Conflict
		for _, e := range Solve(in) {
			for _, s := range e.SetAside {
				aside = append(aside, s.Statement)
			}
			for _, c := range e.Conflicts {
				conflict = c
			}
		}
		if got := fmt.Sprint(aside); got != "[e0999#1]" || len(conflict.Steps) != n || conflict.Event != "" {
			t.Errorf("%s: %.60s set aside, a loop of %d", text, got, len(conflict.Steps))
		}
	}
}

// Months make a loop that goes on by some days each time round, here for ever.
func TestSolve_EndlessLoop(t *testing.T) {
	in := []Input{
		input(t, "a", "at least 1 month after event:b", "not before 2026-01-01"),
		input(t, "b", "at least 27 days before event:c"),
		input(t, "c", "by event:a"),
		together(input(t, "d", "at most 20 days before event:a", "not before event:a")),
	}
	list := Solve(in)
	if len(list[3].Conflicts) != 1 || strings.Contains(list[3].Conflicts[0].claim(), "gave up") {
		t.Errorf("d: %+v", list[3].Conflicts)
	}
	creep := Solve([]Input{
		input(t, "a", "not before 2026-01-01", "at least 1 month after event:b"), input(t, "b", "at most 20 days before event:a"),
	})
	c := creep[1].Conflicts
	if len(c) != 1 || !c[0].Endless || c[0].Words()[0] != "Title of a and Title of b depend on each other without end: attache gave up after many steps." {
		t.Errorf("b: %+v", c)
	}
}

// A loop through months may come to rest, and then it is no contradiction.
func TestSolve_LoopThatComesToRest(t *testing.T) {
	list := Solve([]Input{
		input(t, "a", "not before 2026-01-05", "at least 1 month after event:b"), input(t, "b", "at most 30 days before event:a", "not before 2026-01-02"),
	})
	if got := windows(list); got != "a: on or after 28 Feb 2026\nb: on or after 29 Jan 2026" || len(list[0].SetAside)+len(list[1].SetAside) > 0 {
		t.Errorf("%s\n%v", got, list[1].SetAside)
	}
}

func TestSolve_ChainBeyondAnyCalendar(t *testing.T) {
	in := []Input{input(t, "e0", "2026-01-01")}
	for i := 1; i < 200; i++ {
		in = append(in, input(t, fmt.Sprint("e", i), fmt.Sprintf("at least 10000 days after event:e%d", i-1)))
	}
	list := Solve(in)
	if e := list[199]; len(e.SetAside) > 0 || e.Window.Earliest.Day.Year != 7474 {
		t.Errorf("%s: %v", e.Window.Words(), e.SetAside)
	}
	if v := list[199].View(time.Unix(0, 0)); v.Earliest == nil {
		t.Error("it has no earliest day")
	}
}
