package agenda

import (
	"encoding/json"
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

func stated(t testing.TB, text string) event.Statement {
	t.Helper()
	x, err := when.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return event.Statement{Expr: x}
}

// entry makes an entry of an event with these statements.
func entry(t testing.TB, id string, kind event.Kind, statements ...string) Entry {
	t.Helper()
	e := event.Event{ID: id, Title: "Title of " + id, Kind: kind, Zone: "Asia/Shanghai", Certainty: event.Possible, Status: event.Open}
	for _, s := range statements {
		e.When = append(e.When, stated(t, s))
	}
	return compute(e)
}

func compute(e event.Event) Entry {
	return Compute(event.First(e, event.Author{}, time.Unix(0, 0)), e.ID+"@test", time.Unix(0, 0))
}

func TestCompute_AllStatementsHold(t *testing.T) {
	cases := []struct {
		name       string
		kind       event.Kind
		statements []string
		window     string
		conflicts  string
	}{
		{"one day", event.Visit, []string{"2026-02-16"}, "Mon 16 Feb 2026", ""},
		{"two bounds make a window", event.Visit, []string{"not before 2026-01-01", "before 2026-02-17"}, "some day from 1 Jan to 16 Feb 2026", ""},
		{"a finer statement settles a coarser", event.Visit, []string{"2026-02", "2026-02-03"}, "Tue 3 Feb 2026", ""},
		{"a deadline that is due by a day is that day", event.Deadline, []string{"by 2026-03-15"}, "Sun 15 Mar 2026", ""},
		{"nothing known stays so", event.Visit, []string{"tbd"}, "no date yet", ""},
		{"nothing said is nothing known", event.Visit, nil, "no date yet", ""},
		{"of two that exclude each other the later holds", event.Visit, []string{"2026-02-03", "2026-02-04"}, "Wed 4 Feb 2026", ""},
		{"a season gives way without alarm", event.Visit, []string{"2026-23", "2026-12-22"}, "Tue 22 Dec 2026", ""},
		{"what fits the later stays in force", event.Visit,
			[]string{"[2026-01-01..2026-01-10]", "[2026-01-05..2026-01-20]", "2026-01-12"}, "Mon 12 Jan 2026", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			e := entry(t, "e", c.kind, c.statements...)
			if got := e.Window.Words(); got != c.window {
				t.Errorf("window %q, want %q", got, c.window)
			}
			got := ""
			if len(e.Contradictions) > 0 {
				got = fmt.Sprint(e.Contradictions)
			}
			if got != c.conflicts {
				t.Errorf("contradictions %s, want %s", got, c.conflicts)
			}
		})
	}
}

func TestCompute_PriorityDecidesWhatIsSetAside(t *testing.T) {
	weak, strong := stated(t, "2026-02-03"), stated(t, "2026-02-04")
	strong.Priority = 1
	e := compute(event.Event{ID: "e", Zone: "UTC", When: []event.Statement{weak, strong}})
	if got := e.Window.Words(); got != "Wed 4 Feb 2026" {
		t.Errorf("window %q", got)
	}
	if len(e.SetAside) != 1 || e.SetAside[0].Statement != "e#1" {
		t.Errorf("set aside: %v", e.SetAside)
	}
}

func TestCompute_SupersededStatement(t *testing.T) {
	old, current := stated(t, "2026-02-03"), stated(t, "2026-02-04")
	old.SupersededBy, current.ID = "second", "second"
	e := compute(event.Event{ID: "e", Zone: "UTC", When: []event.Statement{old, current}})
	if got := e.Window.Words(); got != "Wed 4 Feb 2026" {
		t.Errorf("window %q", got)
	}
	if len(e.Contradictions) != 0 || len(e.SetAside) != 1 || e.SetAside[0].Why != "superseded by second" {
		t.Errorf("contradictions %v, set aside %v", e.Contradictions, e.SetAside)
	}
	if len(e.Because) != 1 || e.Because[0].By != "second" {
		t.Errorf("because %v", e.Because)
	}
}

func TestCompute_OrderMakesNoDifference(t *testing.T) {
	base := civil.Date{Year: 2026, Month: 1, Day: 1}
	rapid.Check(t, func(rt *rapid.T) {
		var list []string
		for i := range rapid.IntRange(1, 5).Draw(rt, "n") {
			from := base.AddDays(rapid.IntRange(0, 40).Draw(rt, fmt.Sprint("from", i)))
			to := base.AddDays(rapid.IntRange(60, 120).Draw(rt, fmt.Sprint("to", i)))
			list = append(list, "between "+from.String()+" and "+to.String())
		}
		a := entry(t, "e", event.Visit, list...)
		b := entry(t, "e", event.Visit, rapid.Permutation(list).Draw(rt, "order")...)
		if a.Window.Words() != b.Window.Words() {
			rt.Fatalf("%v: %s and %s", list, a.Window.Words(), b.Window.Words())
		}
		for _, s := range list { // never wider than any statement allows
			w := stated(t, s).Expr.Window("UTC", "")
			if a.Window.Earliest.Day.Before(w.Earliest.Day) || a.Window.Latest.Day.After(w.Latest.Day) {
				rt.Fatalf("%s is wider than %s", a.Window.Words(), s)
			}
		}
	})
}

func TestPhase(t *testing.T) {
	day, window := "2026-02-03", "[2026-01-01..2026-02-16]"
	cases := []struct {
		date, now string
		status    event.Status
		kind      event.Kind
		want      Phase
	}{
		{day, "2026-02-02T15:00:00Z", event.Open, event.Visit, Ahead}, // 23:00 in Shanghai
		{day, "2026-02-02T16:00:00Z", event.Open, event.Visit, UnderWay},
		{day, "2026-02-03T16:00:00Z", event.Open, event.Visit, AwaitingOutcome},
		{day, "2026-02-03T16:00:00Z", event.Open, event.Holiday, Over},
		{day, "2026-02-03T16:00:00Z", event.Held, event.Visit, Over},
		{window, "2025-12-31T15:00:00Z", event.Open, event.Visit, Ahead},
		{window, "2026-01-01T00:00:00Z", event.Open, event.Visit, WindowOpen},
		{window, "2026-02-12T00:00:00Z", event.Open, event.Visit, Closing},
		{window, "2026-02-16T16:00:00Z", event.Open, event.Visit, AwaitingOutcome},
		{"tbd", "2026-02-16T16:00:00Z", event.Open, event.Visit, Ahead},
		{"not before 2026-01-01", "2026-02-16T16:00:00Z", event.Open, event.Visit, WindowOpen},
		{"by 2026-02-16", "2026-01-01T16:00:00Z", event.Open, event.Visit, WindowOpen},
	}
	for _, c := range cases {
		e := entry(t, "e", c.kind, c.date)
		e.Status = c.status
		now, _ := time.Parse(time.RFC3339, c.now)
		if got := e.Phase(now); got != c.want {
			t.Errorf("%s %s %s at %s: %s, want %s", c.kind, c.date, c.status, c.now, got, c.want)
		}
	}
}

func TestSort_OneDay(t *testing.T) {
	list := []Entry{
		entry(t, "none", event.Visit, "tbd"),
		entry(t, "window", event.Visit, "[2026-01-01..2026-02-16]"),
		entry(t, "later", event.Visit, "2026-02-04"),
		entry(t, "day", event.Visit, "2026-02-03"),
		entry(t, "noon", event.Visit, "2026-02-03 12:00"),
		entry(t, "morning", event.Visit, "2026-02-03 09:00"),
		entry(t, "past", event.Visit, "2025-11-01"),
	}
	want := "past morning noon day window later none"
	for range 20 {
		slices.Reverse(list)
		Sort(list, civil.Date{Year: 2026, Month: 2, Day: 3})
		var ids []string
		for _, e := range list {
			ids = append(ids, e.ID)
		}
		if got := strings.Join(ids, " "); got != want {
			t.Fatalf("order %s, want %s", got, want)
		}
	}
}

func TestFilter(t *testing.T) {
	e := entry(t, "e", event.Visit, "[2026-01-01..2026-02-16]")
	e.Topics, e.Parties, e.Title = []string{"tariffs", "fentanyl"}, []string{"US", "Türkiye"}, "The President in İstanbul"
	d := func(s string) civil.Date {
		x, err := civil.ParseDate(s)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	cases := []struct {
		name string
		f    Filter
		want bool
	}{
		{"nothing asked", Filter{}, true},
		{"any topic", Filter{Topics: []string{"soy", "tariffs"}}, true},
		{"no such topic", Filter{Topics: []string{"soy"}}, false},
		{"every field has to fit", Filter{Topics: []string{"tariffs"}, Parties: []string{"EU"}}, false},
		{"a topic in another case", Filter{Topics: []string{"Tariffs"}}, true},
		{"a party without its accents", Filter{Parties: []string{"turkiye"}}, true},
		{"the beginning of a topic", Filter{Topics: []string{"tariff"}}, false},
		{"text without accents", Filter{Text: "istanbul TURKIYE"}, true},
		{"text that is not there", Filter{Text: "istanbul Ankara"}, false},
		{"kind", Filter{Kinds: []event.Kind{event.Visit}}, true},
		{"sure enough", Filter{MinCertainty: event.Possible}, true},
		{"not sure enough", Filter{MinCertainty: event.Likely}, false},
		{"from inside the window", Filter{From: d("2026-02-16")}, true},
		{"from after it", Filter{From: d("2026-02-17")}, false},
		{"up to before it", Filter{To: d("2025-12-31")}, false},
	}
	for _, c := range cases {
		if got := c.f.Match(&e); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
	if none := entry(t, "none", event.Visit, "tbd"); (Filter{From: d("2026-01-01")}).Match(&none) {
		t.Error("an event with no date lies within a time")
	}
}

func TestView(t *testing.T) {
	cases := []struct{ date, want string }{
		{"[2026-01-01..2026-02-16]", `"2026-01-01" "2026-02-16" window null null`},
		{"2026-02-03 14:30", `"2026-02-03T14:30:00+08:00" "2026-02-03T14:30:00+08:00" instant null null`},
		{"from 2025-10-26 lasting 5 days", `"2025-10-26" "2025-10-26" span "2025-10-30" "2025-10-30"`},
		{"by 2026-02-16", `null "2026-02-16" window null null`},
		{"tbd", `null null none null null`},
	}
	for _, c := range cases {
		v := entry(t, "e", event.Visit, c.date).View(time.Unix(0, 0))
		text := func(p *string) string { b, _ := json.Marshal(p); return string(b) }
		got := strings.Join([]string{text(v.Earliest), text(v.Latest), v.Precision, text(v.EndsEarliest), text(v.EndsLatest)}, " ")
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.date, got, c.want)
		}
	}
	b, err := json.Marshal(entry(t, "e", event.Visit).View(time.Unix(0, 0)))
	if err != nil || strings.Contains(string(b), `":null,"parties`) || !strings.Contains(string(b), `"contradictions":[]`) {
		t.Errorf("lists are not empty lists: %s, %v", b, err)
	}
}

// TestEntry_NoDateYet says that there is no date only where nothing is known of one.
func TestEntry_NoDateYet(t *testing.T) {
	for _, c := range []struct {
		statements []string
		words      string
		stated     string
	}{
		{[]string{"tbd"}, "no date yet", "no date yet"},
		{nil, "no date yet", "no date yet"},
		{[]string{"tbd", "by 2027-05-01"}, "on or before 1 May 2027", "by 1 May 2027"},
		{[]string{"not before 2027-05-01", "tbd"}, "on or after 1 May 2027", "not before 1 May 2027"},
		{[]string{"tbd", "within 60 days after event:ruling"}, "within 60 days after the ruling", "within 60 days after the ruling"},
		{[]string{"tbd", "2027-05-01"}, "Sat 1 May 2027", "Sat 1 May 2027"},
	} {
		meeting := entry(t, "meeting", event.Meeting, c.statements...).Event
		ruling := entry(t, "ruling", event.Measure, "tbd").Event
		ruling.Title = "The ruling"
		e := solved(meeting, ruling)[0]
		if e.Words() != c.words || e.Stated != c.stated {
			t.Errorf("%q: %q, stated %q", c.statements, e.Words(), e.Stated)
		}
	}
}
