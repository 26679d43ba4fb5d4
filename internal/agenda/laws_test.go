package agenda

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"attache/internal/event"
	"attache/internal/when"
)

// stay is when an event begins and ends in an assignment, in days of January 2026.
type stay struct{ from, to int }

// law is a statement of a network that is tried out day by day: what it says, and whether
// an assignment keeps it.
type law struct {
	event, on int // indexes; on is -1 for what stands alone
	name      string
	holds     func(v, u stay) bool
}

// lastDay of the days that are tried out.
const lastDay = 9

// ties are statements about two events, each with its meaning.
var ties = []struct {
	text  string
	holds func(v, u stay, n int) bool
}{
	{"after event:%s", func(v, u stay, _ int) bool { return v.from > u.to }},
	{"before event:%s", func(v, u stay, _ int) bool { return v.from < u.from }},
	{"by event:%s", func(v, u stay, _ int) bool { return v.from <= u.from }},
	{"by event:%s.end", func(v, u stay, _ int) bool { return v.from <= u.to }},
	{"ends by event:%s", func(v, u stay, _ int) bool { return v.to <= u.from }},
	{"not before event:%s", func(v, u stay, _ int) bool { return v.from >= u.from }},
	{"not before event:%s.end", func(v, u stay, _ int) bool { return v.from >= u.to }},
	{"during event:%s", func(v, u stay, _ int) bool { return v.from >= u.from && v.to <= u.to }},
	{"%[2]d days after event:%[1]s", func(v, u stay, n int) bool { return v.from == u.to+n }},
	{"%[2]d days before event:%[1]s", func(v, u stay, n int) bool { return v.from == u.from-n }},
	{"within %[2]d days after event:%[1]s", func(v, u stay, n int) bool { return v.from >= u.to && v.from <= u.to+n }},
	{"at least %[2]d days after event:%[1]s", func(v, u stay, n int) bool { return v.from >= u.to+n }},
	{"at most %[2]d days before event:%[1]s", func(v, u stay, n int) bool { return v.from < u.from && v.from >= u.from-n }},
}

func january(d int) string { return fmt.Sprintf("2026-01-%02d", d) }

// tried draws a network of days that can be tried out one by one: the events, how many days
// each goes on after its first, and what was stated.
func tried(t *rapid.T) (in []Input, long []int, laws []law) {
	n := rapid.IntRange(1, 4).Draw(t, "events")
	texts := make([][]string, n)
	long = make([]int, n)
	add := func(v, on int, text string, holds func(v, u stay) bool) {
		texts[v] = append(texts[v], text)
		laws = append(laws, law{v, on, fmt.Sprintf("e%d#%d", v, len(texts[v])), holds})
	}
	for v := range n {
		a, b := rapid.IntRange(1, lastDay).Draw(t, "a"), rapid.IntRange(1, lastDay).Draw(t, "b")
		lo, hi := min(a, b), max(a, b)
		switch rapid.IntRange(0, 4).Draw(t, "form") {
		case 0:
			long[v] = hi - lo
			if hi > lo {
				add(v, -1, "from "+january(lo)+" to "+january(hi), func(v, _ stay) bool { return v.from == lo })
			}
		case 1:
			if hi > lo+1 {
				add(v, -1, "["+january(lo)+","+january(hi)+"]", func(v, _ stay) bool { return v.from == lo || v.from == hi })
			}
		case 2:
			add(v, -1, "not before "+january(lo), func(v, _ stay) bool { return v.from >= lo })
		}
	}
	for range rapid.IntRange(1, n+2).Draw(t, "ties") {
		v, u := rapid.IntRange(0, n-1).Draw(t, "v"), rapid.IntRange(0, n-1).Draw(t, "u")
		tie, d := rapid.SampledFrom(ties).Draw(t, "tie"), rapid.IntRange(2, 6).Draw(t, "days")
		if u == v {
			continue
		}
		text, _, _ := strings.Cut(fmt.Sprintf(tie.text+"%[3]s", fmt.Sprint("e", u), d, ""), "%!(")
		again := func(have string) bool {
			return strings.HasPrefix(have, "within") && strings.HasSuffix(have, fmt.Sprint(":e", u))
		}
		if strings.HasPrefix(text, "within") && slices.ContainsFunc(texts[v], again) {
			continue // a limit that is given anew puts the earlier one out of force, also where both could hold
		}
		add(v, u, text, func(v, u stay) bool { return tie.holds(v, u, d) })
	}
	for v := range n { // all within the days that are tried out; the last, so that the others are set aside before
		add(v, -1, "between "+january(1)+" and "+january(lastDay), func(v, _ stay) bool { return v.from >= 1 && v.from <= lastDay })
		e := event.Event{ID: fmt.Sprint("e", v), Zone: "UTC", Kind: event.Visit}
		for k, text := range texts[v] {
			x, err := when.Parse(text)
			if err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			st := event.Statement{Expr: x}
			if rapid.Bool().Draw(t, "dated") {
				st.Said = origin.AddDays(rapid.IntRange(0, 3).Draw(t, "said"))
			}
			if k == len(texts[v])-1 {
				st.Priority = 1
			}
			e.When = append(e.When, st)
		}
		in = append(in, Input{Revision: event.First(e, event.Author{}, time.Unix(0, 0))})
	}
	return in, long, laws
}

// try returns the first and last day on which each event can begin if the laws are kept, by
// trying all days; nil where there are none.
func try(long []int, laws []law) []stay {
	n := len(long)
	at, out := make([]stay, n), make([]stay, n)
	found := false
	var place func(v int)
	place = func(v int) {
		if v == n {
			for i := range at {
				if !found {
					out[i] = stay{at[i].from, at[i].from}
				}
				out[i].from, out[i].to = min(out[i].from, at[i].from), max(out[i].to, at[i].from)
			}
			found = true
			return
		}
		for d := 1; d <= lastDay; d++ {
			at[v] = stay{d, d + long[v]}
			if !slices.ContainsFunc(laws, func(l law) bool {
				return max(l.event, l.on) == v && !l.holds(at[l.event], at[max(l.on, 0)])
			}) {
				place(v + 1)
			}
		}
	}
	place(0)
	if !found {
		return nil
	}
	return out
}

// TestSolve_WindowsAreExact holds windows, contradictions and what is set aside to trying out
// every day: nothing is finer than what was stated allows, and nothing coarser.
func TestSolve_WindowsAreExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in, long, laws := tried(t)
		list := Solve(in)
		out := make(map[string]bool)
		for _, e := range list {
			for _, s := range e.SetAside {
				out[s.Statement] = true
			}
			for _, c := range e.Conflicts {
				leastSet(t, long, laws, c)
			}
		}
		if len(out) > 0 && try(long, laws) != nil {
			t.Fatalf("%v set aside of what can hold", out)
		}
		for _, l := range laws { // without what says how long it lasts, the day ends it
			if out[l.name] && l.on < 0 {
				long[l.event] *= boolean(list[l.event].Window.Lasts())
			}
		}
		want := try(long, slices.DeleteFunc(laws, func(l law) bool { return out[l.name] }))
		if want == nil {
			t.Fatalf("what is left cannot hold: %v set aside", out)
		}
		for i, e := range list {
			got := stay{e.Window.Earliest.Day.Day, e.Window.Latest.Day.Day}
			if got != want[i] {
				t.Fatalf("%s can be from day %d to %d, trying gives %d to %d; %v set aside\n%s", e.ID, got.from, got.to, want[i].from, want[i].to, out, windows(list))
			}
		}
	})
}

// leastSet fails where the statements of c can all hold, or not even without one of them.
func leastSet(t *rapid.T, long []int, laws []law, c Conflict) {
	names := c.names()
	pick := func(leave string) []law {
		return slices.DeleteFunc(slices.Clone(laws), func(l law) bool { return l.name == leave || !slices.Contains(names, l.name) })
	}
	if slices.ContainsFunc(laws, func(l law) bool {
		return slices.Contains(names, l.name) && long[l.event]+long[max(l.on, 0)] > 0
	}) {
		return // without what says how long it lasts, an event is another one
	}
	if wide(long, pick("")) {
		t.Fatalf("%v can hold", names)
	}
	for _, name := range names {
		if !wide(long, pick(name)) {
			t.Fatalf("%v cannot hold even without %s", names, name)
		}
	}
}

// wide reports whether the laws can be kept on days from well before to well after those that
// are tried out otherwise: a contradiction is one on any day.
func wide(long []int, laws []law) bool {
	n := len(long)
	at := make([]stay, n)
	var place func(v int) bool
	place = func(v int) bool {
		if v == n {
			return true
		}
		for d := -3 * lastDay; d <= 4*lastDay; d++ {
			at[v] = stay{d, d + long[v]}
			if !slices.ContainsFunc(laws, func(l law) bool {
				return max(l.event, l.on) == v && !l.holds(at[l.event], at[max(l.on, 0)])
			}) && place(v+1) {
				return true
			}
		}
		return false
	}
	return place(0)
}

// within reports whether everything that a allows, b allows.
func within(a, b when.Window) bool {
	lower := !b.Earliest.Known() || a.Earliest.Known() && !a.Earliest.Day.Before(b.Earliest.Day)
	upper := !b.Latest.Known() || a.Latest.Known() && !b.Latest.Day.Before(a.Latest.Day)
	return lower && upper
}

func setAside(list []Entry) (n int) {
	for _, e := range list {
		for _, s := range e.SetAside {
			if !strings.HasPrefix(s.Why, "superseded") {
				n++
			}
		}
	}
	return n
}

// TestSolve_MoreStatementsNeverWiden holds where nothing is set aside with
// the statement and without it. Where something is, a statement more can take another one
// out of force, and what that one alone ruled out is possible again. That an event lasts, is
// at an instant or is a deadline is no bound but what it is: a statement that says so is left
// out here.
func TestSolve_MoreStatementsNeverWiden(t *testing.T) {
	const n = 5
	rapid.Check(t, func(t *rapid.T) {
		var in []Input
		for i := range n {
			one := anyEvent(t, fmt.Sprint("e", i), n)
			one.Revision.Event.Kind = event.Visit
			one.Revision.Event.When = slices.DeleteFunc(one.Revision.Event.When, func(st event.Statement) bool {
				w := st.Expr.Window("UTC", "")
				return w.Lasts() || w.Earliest.Timed || strings.Contains(st.Expr.String(), "hours")
			})
			in = append(in, one)
		}
		more := Solve(in)
		i := rapid.IntRange(0, n-1).Draw(t, "event")
		e := &in[i].Revision.Event
		if len(e.When) == 0 || setAside(more) > 0 {
			return
		}
		k := rapid.IntRange(0, len(e.When)-1).Draw(t, "statement")
		e.When = slices.Delete(slices.Clone(e.When), k, k+1)
		less := Solve(in)
		if setAside(less) > 0 {
			t.Fatalf("without a statement, others are set aside")
		}
		for i := range more {
			if !within(more[i].Window, less[i].Window) {
				t.Fatalf("%s: %s with a statement more, %s without", more[i].ID, more[i].Window.Words(), less[i].Window.Words())
			}
		}
	})
}

// TestSolve_OrderOfStatementsMakesNoDifference holds where each tells when it was said: else the
// list has to tell.
func TestSolve_OrderOfStatementsMakesNoDifference(t *testing.T) {
	const n = 5
	rapid.Check(t, func(t *rapid.T) {
		var a, b []Input
		for i := range n {
			one := anyEvent(t, fmt.Sprint("e", i), n)
			named := slices.Clone(one.Revision.Event.When)
			for k := range named {
				if rapid.Bool().Draw(t, "named") {
					named[k].ID = fmt.Sprintf("s%d-%d", i, k)
				}
				named[k].Quote = rapid.StringOfN(rapid.RuneFrom([]rune("ab")), 0, 1, -1).Draw(t, "quote")
				named[k].Said = origin.AddDays(rapid.IntRange(0, 3).Draw(t, "said"))
			}
			other := one
			one.Revision.Event.When = named
			other.Revision.Event.When = rapid.Permutation(named).Draw(t, "order")
			a, b = append(a, one), append(b, other)
		}
		if got, want := bounded(Solve(rapid.Permutation(b).Draw(t, "events"))), bounded(Solve(a)); got != want {
			t.Fatalf("in another order\n%s\nwant\n%s", got, want)
		}
	})
}

// bounded writes where events are and what is set aside, in an order of its own.
func bounded(list []Entry) string {
	var out []string
	for _, e := range list {
		w := e.Window
		line := fmt.Sprintln(e.ID, w.Precision, w.Earliest.Day, w.Earliest.At, w.Latest.Day, w.Latest.At, w.EndsEarliest.Day, w.EndsLatest.Day)
		var aside []string
		for k, st := range e.When { // their names are their places
			if e.isAside(e.StatementName(k)) {
				aside = append(aside, st.Expr.String()+" "+st.Quote)
			}
		}
		slices.Sort(aside)
		out = append(out, line+fmt.Sprint(aside))
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}
