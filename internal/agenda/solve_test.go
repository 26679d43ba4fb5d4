package agenda

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/when"
)

// input makes an event of statements in words.
func input(t testing.TB, id string, statements ...string) Input {
	t.Helper()
	e := event.Event{ID: id, Title: "Title of " + id, Zone: "UTC", Kind: event.Visit, Certainty: event.Possible, Status: event.Open}
	for _, s := range statements {
		e.When = append(e.When, stated(t, s))
	}
	return Input{Revision: event.First(e, event.Author{}, time.Unix(0, 0))}
}

// together returns in with its statements as they are where one map has them all.
func together(in Input) Input {
	for k := range in.Revision.Event.When {
		in.Revision.Event.When[k].Joint = k > 0
	}
	return in
}

func windows(list []Entry) string {
	var out []string
	for _, e := range list {
		out = append(out, e.ID+": "+e.Window.Words())
	}
	return strings.Join(out, "\n")
}

func TestSolve_OtherEvents(t *testing.T) {
	list := Solve([]Input{
		input(t, "visit", "not before 2026-01-01", "before event:new-year"),
		input(t, "new-year", "2026-02-17"),
		input(t, "follow-up", "after event:visit", "before event:summit"),
		input(t, "summit", "2026-23"),
		input(t, "report", "30 days after event:new-year"),
		input(t, "review", "after at least 1 month after event:report"),
		input(t, "briefing", "within 2 days before event:new-year"),
		input(t, "alone", "tbd"),
		input(t, "after-alone", "after event:alone"),
		input(t, "signature", "2026-03-02 14:00"),
		input(t, "signed", "3 hours after event:signature"),
		input(t, "filing", "within 10 business days after event:signature"),
		input(t, "hearing", "2026-03-16", "at least 10 business days after event:signature"),
		input(t, "notice", "at least 5 business days before event:hearing"),
		input(t, "before-day", "at least 2 weeks before 2026-02-17"),
	})
	want := strings.TrimSpace(`
visit: some day from 1 Jan to 16 Feb 2026
new-year: Tue 17 Feb 2026
follow-up: some day from 2 Jan to 20 Dec 2026
summit: some day from 1 Sep to 21 Dec 2026
report: Thu 19 Mar 2026
review: on or after 19 Apr 2026
briefing: some day from 15 to 17 Feb 2026
alone: no date yet
after-alone: no date yet
signature: Mon 2 Mar 2026, 14:00 UTC
signed: Mon 2 Mar 2026, 17:00 UTC
filing: some day from 2 to 16 Mar 2026
hearing: Mon 16 Mar 2026
notice: on or before 9 Mar 2026
before-day: on or before 3 Feb 2026`)
	if got := windows(list); got != want {
		t.Errorf("windows:\n%s\nwant:\n%s", got, want)
	}
	for _, e := range list {
		if len(e.Contradictions)+len(e.SetAside) > 0 {
			t.Errorf("%s: contradictions %v, set aside %v", e.ID, e.Contradictions, e.SetAside)
		}
	}
}

func TestWhy_Chain(t *testing.T) {
	list := Solve([]Input{
		input(t, "a", "2026-02-01"), input(t, "b", "after event:a"), input(t, "c", "after event:b", "by 2026-03-01"),
	})
	var steps []string
	for _, s := range list[2].Why()[0].Steps {
		steps = append(steps, s.Statement+" "+s.Gives.Day.String())
	}
	if got := fmt.Sprint(steps); got != "[c#1 2026-02-03 b#1 2026-02-02 a#1 2026-02-01]" {
		t.Errorf("steps %s", got)
	}
	// What is said of a later event bounds an earlier one too, and is named as its reason.
	if e := list[1]; e.Window.Words() != "some day from 2 to 28 Feb 2026" || e.Because[1].Says != "Title of c is after Title of b" {
		t.Errorf("b: %s, because %v", e.Window.Words(), e.Because)
	}
}

func TestSolve_Contradictions(t *testing.T) {
	cases := []struct {
		name   string
		inputs []Input
		sets   string
		rest   string
	}{
		{"a date that cannot follow", []Input{
			input(t, "visit", "2026-04-01"), input(t, "meeting", "after event:visit", "by 2026-03-01"),
		}, "[[meeting#1 meeting#2 visit#1]]", ""},
		{"two that wait for each other", []Input{
			input(t, "a", "before event:b"), input(t, "b", "before event:a"),
		}, "[[a#1 b#1]]", "a: no date yet\nb: no date yet"},
		{"three that wait for each other", []Input{
			input(t, "a", "after event:b"), input(t, "b", "after event:c"), input(t, "c", "after event:a", "2026-02-01"),
		}, "[[a#1 b#1 c#1]]", ""},
		{"one that waits for itself", []Input{input(t, "a", "after event:a")}, "[[a#1]]", "a: no date yet"},
		{"a season gives way without alarm", []Input{
			input(t, "visit", "2026-12-25"), input(t, "summit", "2026-23", "after event:visit"),
		}, "[]", "visit: Fri 25 Dec 2026\nsummit: on or after 26 Dec 2026"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			list := Solve(c.inputs)
			sets := [][]string{}
			for _, e := range list {
				sets = append(sets, e.Contradictions...)
				for i, steps := range e.Conflicts {
					if len(steps.Steps) != len(e.Contradictions[i]) {
						t.Errorf("%s: %v is explained by %v", e.ID, e.Contradictions[i], steps)
					}
				}
			}
			if got := fmt.Sprint(sets); got != c.sets {
				t.Errorf("contradictions %s, want %s", got, c.sets)
			}
			if got := windows(list); c.rest != "" && got != c.rest {
				t.Errorf("windows:\n%s\nwant\n%s", got, c.rest)
			}
		})
	}
}

// rule is a statement of the test network: a form, how it reads, and what it means for the
// days v of its event and u of the other.
type rule struct {
	text string
	lo   func(n int) (int, bool) // v - u >= lo
	hi   func(n int) (int, bool) // v - u <= hi
}

func never(int) (int, bool) { return 0, false }

func at(f func(n int) int) func(int) (int, bool) {
	return func(n int) (int, bool) { return f(n), true }
}

var ruleBook = []rule{
	{"after event:%s", at(func(int) int { return 1 }), never},
	{"before event:%s", never, at(func(int) int { return -1 })},
	{"by event:%s", never, at(func(int) int { return 0 })},
	{"not before event:%s", at(func(int) int { return 0 }), never},
	{"on event:%s", at(func(int) int { return 0 }), at(func(int) int { return 0 })},
	{"during event:%s", at(func(int) int { return 0 }), at(func(int) int { return 0 })},
	{"%[2]d days after event:%[1]s", at(func(n int) int { return n }), at(func(n int) int { return n })},
	{"within %[2]d days after event:%[1]s", at(func(int) int { return 0 }), at(func(n int) int { return n })},
	{"at least %[2]d days after event:%[1]s", at(func(n int) int { return n }), never},
	{"at most %[2]d days before event:%[1]s", at(func(n int) int { return -n }), at(func(int) int { return -1 })},
}

// said is one statement of a random network.
type said struct {
	name   string
	v, u   int // of its event and the other; u is -1 for a window
	lo, hi int
	hasLo  bool
	hasHi  bool
}

var origin = civil.Date{Year: 2026, Month: 1, Day: 1}

// network draws events with windows and rules between them.
func network(t *rapid.T) ([]Input, []said) {
	n := rapid.IntRange(2, 7).Draw(t, "events")
	texts := make([][]string, n)
	var all []said
	add := func(v int, text string, s said) {
		texts[v] = append(texts[v], text)
		s.v, s.name = v, fmt.Sprintf("e%d#%d", v, len(texts[v]))
		all = append(all, s)
	}
	for v := range n {
		if rapid.IntRange(0, 2).Draw(t, "bounded") > 0 {
			lo := rapid.IntRange(0, 120).Draw(t, "from")
			hi := lo + rapid.IntRange(0, 90).Draw(t, "wide")
			add(v, "between "+origin.AddDays(lo).String()+" and "+origin.AddDays(hi).String(), said{u: -1, lo: lo, hi: hi, hasLo: true, hasHi: true})
		}
	}
	type limit struct {
		v, u int
		rule string
	}
	drawn := make(map[limit]bool)
	for range rapid.IntRange(1, n+2).Draw(t, "rules") {
		v, u := rapid.IntRange(0, n-1).Draw(t, "v"), rapid.IntRange(0, n-1).Draw(t, "u")
		r, d := rapid.SampledFrom(ruleBook).Draw(t, "rule"), rapid.IntRange(2, 40).Draw(t, "days")
		of := limit{v, u, r.text}
		if v == u || drawn[of] { // the second would be the first, said again
			continue
		}
		drawn[of] = true
		text := r.text
		if strings.Contains(text, "[2]") {
			text = fmt.Sprintf(text, fmt.Sprint("e", u), d)
		} else {
			text = fmt.Sprintf(text, fmt.Sprint("e", u))
		}
		s := said{u: u}
		s.lo, s.hasLo = r.lo(d)
		s.hi, s.hasHi = r.hi(d)
		add(v, text, s)
	}
	var in []Input
	for v := range n {
		e := event.Event{ID: fmt.Sprint("e", v), Zone: "UTC", Kind: event.Visit}
		for _, text := range texts[v] {
			x, err := when.Parse(text)
			if err != nil {
				t.Fatal(err)
			}
			e.When = append(e.When, event.Statement{Expr: x})
		}
		in = append(in, Input{Revision: event.First(e, event.Author{}, time.Unix(0, 0))})
	}
	return in, all
}

const far = 1 << 40

// shortest is Floyd–Warshall over the days of n events and, behind them, the origin:
// d[i][j] is the most that j can lie behind i. It is false where nothing is possible.
func shortest(n int, all []said) ([][]int, bool) {
	d := make([][]int, n+1)
	for i := range d {
		d[i] = make([]int, n+1)
		for j := range d[i] {
			if i != j {
				d[i][j] = far
			}
		}
	}
	for _, s := range all {
		u := s.u
		if u < 0 {
			u = n
		}
		if s.hasHi {
			d[u][s.v] = min(d[u][s.v], s.hi)
		}
		if s.hasLo {
			d[s.v][u] = min(d[s.v][u], -s.lo)
		}
	}
	for k := range d {
		for i := range d {
			for j := range d {
				if d[i][k] < far && d[k][j] < far {
					d[i][j] = min(d[i][j], d[i][k]+d[k][j])
				}
			}
		}
	}
	for i := range d {
		if d[i][i] < 0 {
			return d, false
		}
	}
	return d, true
}

// TestSolve_AgreesWithShortestPaths holds windows and contradictions to an independent
// computation: the windows are exact, every contradiction is one, and a smallest one.
func TestSolve_AgreesWithShortestPaths(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		in, all := network(rt)
		list := Solve(in)
		out := make(map[string]bool)
		for _, e := range list {
			for _, s := range e.SetAside {
				out[s.Statement] = true
			}
			for _, set := range e.Contradictions {
				smallest(rt, len(in), all, set)
			}
		}
		kept := slices.DeleteFunc(slices.Clone(all), func(s said) bool { return out[s.name] })
		d, ok := shortest(len(in), kept)
		if !ok {
			rt.Fatalf("what is left cannot hold: %v set aside", out)
		}
		if _, fine := shortest(len(in), all); fine && len(out) > 0 {
			rt.Fatalf("%v was set aside from what can hold", out)
		}
		for i, e := range list {
			lo, hi := -d[i][len(in)], d[len(in)][i]
			if want := bound(lo, -d[i][len(in)] == -far); e.Window.Earliest.Day != want {
				rt.Fatalf("%s is not before %s, want %s\n%v", e.ID, e.Window.Earliest.Day, want, windows(list))
			}
			if want := bound(hi, hi == far); e.Window.Latest.Day != want {
				rt.Fatalf("%s is not after %s, want %s\n%v", e.ID, e.Window.Latest.Day, want, windows(list))
			}
		}
		shuffled := rapid.Permutation(in).Draw(rt, "order")
		again := Solve(shuffled)
		slices.SortFunc(again, func(a, b Entry) int { return strings.Compare(a.ID, b.ID) })
		if len(out) == 0 && windows(again) != windows(list) {
			rt.Fatalf("in another order:\n%s\nand\n%s", windows(again), windows(list))
		}
	})
}

func bound(day int, open bool) civil.Date {
	if open {
		return civil.Date{}
	}
	return origin.AddDays(day)
}

// smallest fails where the set can hold, or where a part of it cannot.
func smallest(t *rapid.T, n int, all []said, set []string) {
	pick := func(leave string) []said {
		return slices.DeleteFunc(slices.Clone(all), func(s said) bool { return s.name == leave || !slices.Contains(set, s.name) })
	}
	if _, ok := shortest(n, pick("")); ok {
		t.Fatalf("%v can hold", set)
	}
	for _, name := range set {
		if _, ok := shortest(n, pick(name)); !ok {
			t.Fatalf("%v cannot hold even without %s", set, name)
		}
	}
}

func TestSolve_LongChain(t *testing.T) {
	const n = 10_000
	in := make([]Input, n)
	in[0] = input(t, "e0", "2026-01-01")
	for i := 1; i < n; i++ {
		in[i] = input(t, fmt.Sprint("e", i), fmt.Sprintf("not before event:e%d", i-1))
	}
	if got := Solve(in)[n-1].Window.Words(); got != "on or after 1 Jan 2026" {
		t.Errorf("the last of the chain is %s", got)
	}
}

func BenchmarkSolve(b *testing.B) {
	for _, n := range []int{100, 1_000, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			in := make([]Input, n)
			for i := range in {
				if i%10 == 0 {
					in[i] = input(b, fmt.Sprint("e", i), "[2026-01-01..2026-03-01]")
				} else {
					in[i] = input(b, fmt.Sprint("e", i), fmt.Sprintf("after event:e%d", i-1))
				}
			}
			for b.Loop() {
				Solve(in)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/event")
		})
	}
}

func TestConflict_Words(t *testing.T) {
	trip := input(t, "trip", "2026-04")
	trip.Revision.Event.Title, trip.Revision.Event.When[0].Source = "Beijing trip", "reuters"
	meeting := input(t, "meeting", "not before event:trip", "by 2026-03-01")
	meeting.Revision.Event.Title = "Washington meeting"
	meeting.Revision.Event.When[0].Priority = 1
	meeting.Revision.Event.When[1].Source, meeting.Revision.Event.When[1].Quote = "kl-talks", "by March"
	meeting.Revision.Event.When[1].Priority = -1
	monthly := input(t, "monthly", "1 month after event:trip", "2026-03-01")
	monthly.Revision.Event.When[1].Priority = -1
	cases := []struct {
		name   string
		inputs []Input
		of     int
		want   string
	}{
		{"two dates that cross", []Input{trip, meeting}, 1, `
No day fits Washington meeting: it is not before 1 Apr 2026 (Washington meeting is not before Beijing trip; Beijing trip is Apr 2026, reuters), and not after 1 Mar 2026 (Washington meeting is by 1 Mar 2026, “by March”, kl-talks).
The two limits are 31 days apart.
Set aside for now: meeting#2, from kl-talks (lowest priority).
To resolve it, drop one of these statements, or move one by 31 days.`},
		{"by months a shift is no remedy", []Input{trip, monthly}, 1, `
No day fits Title of monthly: it is not before 1 May 2026 (Title of monthly is 1 month after Beijing trip; Beijing trip is Apr 2026, reuters), and not after 1 Mar 2026 (Title of monthly is Sun 1 Mar 2026).
The two limits are 61 days apart.
Set aside for now: monthly#2 (lowest priority).
To resolve it, drop or change one of these statements.`},
		{"two that wait for each other", []Input{input(t, "a", "before event:b"), input(t, "b", "before event:a")}, 1, `
Title of a and Title of b wait for each other: none can come first.
Set aside for now: b#1 (the last by name).
To resolve it, drop or change one of these statements.`},
		{"one that waits for itself", []Input{input(t, "a", "after event:a")}, 0, `
Title of a waits for itself.
Set aside for now: a#1 (it cannot hold at all).
To resolve it, drop or change this statement.`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			list := Solve(c.inputs)[c.of].Conflicts
			if len(list) != 1 {
				t.Fatalf("%d contradictions", len(list))
			}
			if got := strings.Join(list[0].Words(), "\n"); got != strings.TrimSpace(c.want) {
				t.Errorf("got\n%s\nwant%s", got, c.want)
			}
		})
	}
}

func TestConflict_ID(t *testing.T) {
	a, b := input(t, "a", "2026-04-01"), input(t, "b", "after event:a", "by 2026-03-01")
	one := Solve([]Input{a, b})[1].Conflicts[0]
	b.Revision.Number, b.Revision.Event.Title = 7, "Another title"
	two := Solve([]Input{b, a, input(t, "c", "after event:b")})[0].Conflicts[0]
	if one.ID != two.ID || one.ID != ConflictID([]string{"b#2", "a#1", "b#1"}) || one.ID == ConflictID([]string{"a#1", "b#1"}) {
		t.Errorf("ids %s and %s", one.ID, two.ID)
	}
}
