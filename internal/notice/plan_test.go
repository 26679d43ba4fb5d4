package notice

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"attache/internal/agenda"
	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/when"
)

// entry makes an entry of an event with one statement.
func entry(t testing.TB, kind event.Kind, zone, date string) agenda.Entry {
	t.Helper()
	x, err := when.Parse(date)
	if err != nil {
		t.Fatal(err)
	}
	e := event.Event{
		ID: "it", Title: "The thing", Kind: kind, Zone: zone, Certainty: event.Possible, Status: event.Open,
		When: []event.Statement{{Expr: x}},
	}
	return agenda.Compute(event.First(e, event.Author{}, time.Unix(0, 0)), "it@test", time.Unix(0, 0))
}

func leads(t testing.TB, text string) []Lead {
	t.Helper()
	var out []Lead
	for _, s := range strings.Fields(text) {
		l, err := ParseLead(s)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, l)
	}
	return out
}

func rules(t testing.TB) Rules {
	return Rules{
		Ladders: map[event.Kind][]Lead{event.Deadline: leads(t, "30d 7d 1d 2h"), event.Meeting: leads(t, "7d 1d")},
		Default: leads(t, "7d 1d"), At: civil.Clock{Hour: 9},
		Opens: leads(t, "0d"), Closes: leads(t, "7d 1d"),
		Settle: 2 * time.Minute, CatchUp: 24 * time.Hour, Home: "console", Location: time.UTC,
	}
}

// in returns a zone that there is.
func in(zone string) *time.Location {
	loc, err := civil.Zone(zone)
	if err != nil {
		panic(err)
	}
	return loc
}

// lines writes a plan as text, one notice a line.
func lines(plan []Notice) string {
	var b strings.Builder
	for _, n := range plan {
		fmt.Fprintf(&b, "%s %s %s %s\n", n.Due.Format(time.RFC3339), n.Kind, n.About, n.Lead)
	}
	return b.String()
}

func TestPlan(t *testing.T) {
	cases := []struct{ name, zone, date, want string }{
		{"a deadline with no hour counts days, leaves out hours, and ends on the last safe day", "America/New_York", "2025-11-01", `
2025-10-02T13:00:00Z reminder date 30d
2025-10-25T13:00:00Z reminder date 7d
2025-10-31T13:00:00Z reminder date 1d
2025-11-01T13:00:00Z reminder date 0d
2025-11-03T14:00:00Z outcome end
2025-11-06T14:00:00Z outcome again
`},
		{"days before an instant are told at the hour of reminders, across the change of clocks", "America/New_York", "2025-11-03 15:00", `
2025-10-04T13:00:00Z reminder date 30d
2025-10-27T13:00:00Z reminder date 7d
2025-11-02T14:00:00Z reminder date 1d
2025-11-03T18:00:00Z reminder date 2h
2025-11-04T14:00:00Z outcome end
2025-11-07T14:00:00Z outcome again
`},
		{"a deadline with a window is due on its last possible day", "Asia/Shanghai", "[2026-01-01..2026-02-16]", `
2026-01-17T01:00:00Z reminder date 30d
2026-02-09T01:00:00Z reminder date 7d
2026-02-15T01:00:00Z reminder date 1d
2026-02-16T01:00:00Z reminder date 0d
2026-02-17T01:00:00Z outcome end
2026-02-20T01:00:00Z outcome again
`},
		{"a span counts to its first day and asks after its last", "Asia/Seoul", "from 2025-10-30 to 2025-10-31", `
2025-09-30T00:00:00Z reminder date 30d
2025-10-23T00:00:00Z reminder date 7d
2025-10-29T00:00:00Z reminder date 1d
2025-10-30T00:00:00Z reminder date 0d
2025-11-03T00:00:00Z outcome end
2025-11-06T00:00:00Z outcome again
`},
		{"of 12:01 a.m. the day before is the last safe one", "America/New_York", "2025-11-10 00:01", `
2025-10-11T13:00:00Z reminder date 30d
2025-11-03T14:00:00Z reminder date 7d
2025-11-09T14:00:00Z reminder date 1d
2025-11-10T03:01:00Z reminder date 2h
2025-11-11T14:00:00Z outcome end
2025-11-14T14:00:00Z outcome again
`},
		{"no date has no plan", "UTC", "tbd", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			e := entry(t, event.Deadline, c.zone, c.date)
			if got := lines(Plan(e, rules(t).In(in(c.zone)), Context{})); got != strings.NewReplacer("end\n", "end \n", "again\n", "again \n").Replace(strings.TrimPrefix(c.want, "\n")) {
				t.Errorf("plan of %s:\n%swant:%s", c.date, got, c.want)
			}
		})
	}
}

func TestPlan_Window(t *testing.T) {
	const want = `
2025-12-25T01:00:00Z reminder early 7d
2025-12-31T01:00:00Z reminder early 1d
2026-01-01T01:00:00Z window opens 0d
2026-02-09T01:00:00Z window closes 7d
2026-02-15T01:00:00Z window closes 1d
2026-02-17T01:00:00Z outcome end 
2026-02-20T01:00:00Z outcome again 
`
	r := rules(t).In(in("Asia/Shanghai"))
	if got := lines(Plan(entry(t, event.Summit, "Asia/Shanghai", "[2026-01-01..2026-02-16]"), r, Context{})); got != want[1:] {
		t.Errorf("got\n%swant%s", got, want)
	}
}

// TestPlan_Desk lets a desk be reminded of what is elsewhere.
func TestPlan_Desk(t *testing.T) {
	const washington, brussels, auckland, losAngeles = "America/New_York", "Europe/Brussels", "Pacific/Auckland", "America/Los_Angeles"
	cases := []struct{ name, desk, zone, date, lead, want string }{
		{"a day in Shanghai, from Washington", washington, "Asia/Shanghai", "2026-11-10", "1d", "Mon 9 Nov 09:00"},
		{"an instant in Shanghai, that is the evening before there", washington, "Asia/Shanghai", "2026-11-10 09:00", "1d", "Sun 8 Nov 09:00"},
		{"an instant in Shanghai, that is the same day there", washington, "Asia/Shanghai", "2026-11-10 15:00", "1d", "Mon 9 Nov 09:00"},
		{"weeks", washington, "Asia/Shanghai", "2026-11-10", "1w", "Tue 3 Nov 09:00"},
		{"months", brussels, "Asia/Shanghai", "2026-11-10 15:00", "1mo", "Sat 10 Oct 09:00"},
		{"business days roll earlier", washington, "Asia/Shanghai", "2026-11-09", "1bd", "Fri 6 Nov 09:00"},
		{"hours are elapsed", washington, "Asia/Shanghai", "2026-11-10 09:00", "2h", "Mon 9 Nov 18:00"},
		{"across the change of clocks", washington, "UTC", "2026-11-02 15:00", "7d", "Mon 26 Oct 09:00"},
		{"the day itself", auckland, washington, "2026-11-10", "0d", "Tue 10 Nov 09:00"},
		{"the day itself, over there before it is morning here", losAngeles, auckland, "2026-11-10", "0d", "Mon 9 Nov 09:00"},
		{"an instant before it is morning here", losAngeles, brussels, "2026-11-10 10:00", "0d", "Mon 9 Nov 09:00"},
		{"12:01 a.m. in Washington, from Los Angeles", losAngeles, washington, "2026-11-10 00:01", "0d", "Mon 9 Nov 09:00"},
		{"the question once it is over there", auckland, washington, "2026-11-10", "", "Thu 12 Nov 09:00"},
	}
	for _, c := range cases {
		r := rules(t).In(in(c.desk))
		r.Ladders[event.Deadline] = leads(t, c.lead)
		var got []string
		for _, n := range Plan(entry(t, event.Deadline, c.zone, c.date), r, Context{}) {
			if n.Lead == c.lead && n.About != StillOpen {
				got = append(got, n.Due.In(r.Location).Format("Mon 2 Jan 15:04"))
			}
		}
		if len(got) != 1 || got[0] != c.want {
			t.Errorf("%s: reminded on %v, want %s", c.name, got, c.want)
		}
	}
}

func TestPlan_Over(t *testing.T) {
	for _, s := range event.Statuses() {
		e := entry(t, event.Deadline, "UTC", "2025-11-01")
		e.Status = s
		if got := len(Plan(e, rules(t), Context{})); (got == 0) != s.Over() {
			t.Errorf("an event that is %s has %d notices planned", s, got)
		}
	}
}

func TestPlan_Deferred(t *testing.T) {
	e := entry(t, event.Meeting, "UTC", "2026-02-16")
	e.Event.Status = event.Deferred
	e = agenda.Compute(event.First(e.Event, event.Author{}, time.Time{}), "", time.Time{})
	if got := Plan(e, rules(t), Context{}); len(got) > 0 {
		t.Errorf("of what is deferred to no date is planned: %+v", got)
	}
}

func TestPlan_OwnLadder(t *testing.T) {
	e := entry(t, event.Deadline, "UTC", "2025-11-05")
	e.Remind = &[]string{"3bd"}
	const asked = "2025-11-06T09:00:00Z outcome end \n2025-11-11T09:00:00Z outcome again \n"
	want := "2025-10-31T09:00:00Z reminder date 3bd\n" + asked
	if got := lines(Plan(e, rules(t), Context{})); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	e.Remind = &[]string{}
	if got := lines(Plan(e, rules(t), Context{})); got != asked {
		t.Errorf("an empty ladder still says\n%s", got)
	}
}

func TestPlan_Holiday(t *testing.T) {
	e := entry(t, event.Holiday, "UTC", "2026-02-17")
	for _, n := range Plan(e, rules(t), Context{}) {
		if n.Kind == Outcome {
			t.Error("a holiday is asked what became of it")
		}
	}
}

func TestPlan_Keys(t *testing.T) {
	keys := func(date string) map[string]bool {
		m := make(map[string]bool)
		for _, n := range Plan(entry(t, event.Deadline, "UTC", date), rules(t), Context{}) {
			m[n.Key] = true
		}
		return m
	}
	first, again, moved := keys("2025-11-01"), keys("2025-11-01"), keys("2025-11-02")
	for k := range first {
		if !again[k] {
			t.Error("planning again gives another key")
		}
		if moved[k] {
			t.Error("a date that moved keeps a key")
		}
	}
}

func TestToRecord(t *testing.T) {
	e := entry(t, event.Deadline, "America/New_York", "2025-11-01")
	plan := Plan(e, rules(t), Context{})
	cases := []struct{ name, now, want string }{
		{"long before", "2025-09-01T00:00:00Z", "30d 7d 1d 0d outcome outcome"},
		{"shortly after a rung, that one is made up for", "2025-10-25T20:00:00Z", "7d 1d 0d outcome outcome"},
		{"later than the catch-up, it is not", "2025-10-27T00:00:00Z", "1d 0d outcome outcome"},
		{"a year later, only the questions are left", "2026-11-24T00:00:00Z", "outcome outcome"},
	}
	for _, c := range cases {
		now, _ := time.Parse(time.RFC3339, c.now)
		var got []string
		for _, n := range ToRecord(e, plan, nil, rules(t), now) {
			if n.Lead == "" {
				got = append(got, string(n.Kind))
			} else {
				got = append(got, n.Lead)
			}
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s: %s, want %s", c.name, s, c.want)
		}
	}
}

func TestPlan_NothingIsDueAfterItsDate(t *testing.T) {
	zones := []string{"America/New_York", "Asia/Shanghai", "Pacific/Apia", "Africa/Cairo", "UTC", "Australia/Lord_Howe"}
	rapid.Check(t, func(rt *rapid.T) {
		d := civil.Date{Year: 2026, Month: 1, Day: 1}.AddDays(rapid.IntRange(0, 3000).Draw(rt, "day"))
		long := rapid.IntRange(0, 60).Draw(rt, "long")
		form := rapid.SampledFrom([]string{
			d.String(), d.String() + " 14:30",
			"between " + d.String() + " and " + d.AddDays(long).String(),
			"from " + d.String() + " to " + d.AddDays(long).String(),
		}).Draw(rt, "form")
		e := entry(t, event.Deadline, rapid.SampledFrom(zones).Draw(rt, "zone"), form)
		seen := make(map[string]bool)
		last := time.Time{}
		for _, n := range Plan(e, rules(t), Context{}) {
			if seen[n.Key] {
				rt.Fatalf("%s: the key of %s %s stands twice", form, n.Kind, n.Lead)
			}
			seen[n.Key] = true
			if n.Due.Before(last) {
				rt.Fatalf("%s: the plan is not in order", form)
			}
			last = n.Due
			end, _ := e.Window.End()
			if n.Kind != Outcome && !n.Due.Before(n.Expires) {
				rt.Fatalf("%s: %s %s is due %s and expires %s", form, n.Kind, n.Lead, n.Due, n.Expires)
			}
			if n.Kind == Outcome && n.Due.Before(end) {
				rt.Fatalf("%s: the outcome is asked for before it is over", form)
			}
		}
	})
}

func TestRoutes(t *testing.T) {
	r := rules(t)
	e := entry(t, event.Deadline, "UTC", "2025-11-01")
	if got := r.Channels(e, Reminder); len(got) != 1 || got[0] != "console" {
		t.Errorf("without routes it goes to %v", got)
	}
	e.Topics = []string{"tariffs"}
	r.Routes = []Route{
		{To: "#trade", Match: agenda.Filter{Topics: []string{"tariffs"}},
			Mentions: []Mention{{Who: "@here", Within: 24 * time.Hour}}},
		{To: "#all", Notices: []Kind{Changed}},
		{To: "#trade"},
		{To: "#sure", Match: agenda.Filter{MinCertainty: event.Likely}},
	}
	if got := fmt.Sprint(r.Channels(e, Reminder)); got != "[#trade]" {
		t.Errorf("a reminder goes to %s", got)
	}
	if got := fmt.Sprint(r.Channels(e, Changed)); got != "[#trade #all]" {
		t.Errorf("a change goes to %s", got)
	}
	near, far := time.Date(2025, 10, 31, 12, 0, 0, 0, time.UTC), time.Date(2025, 10, 30, 12, 0, 0, 0, time.UTC)
	if got := fmt.Sprint(r.Mentions(e, Reminder, "#trade", near)); got != "[@here]" {
		t.Errorf("within a day %s is addressed", got)
	}
	if got := r.Mentions(e, Reminder, "#trade", far); got != nil {
		t.Errorf("two days before %s is addressed", got)
	}
}

func TestParseLead(t *testing.T) {
	for _, s := range []string{"0m", "15m", "2h", "1d", "2w", "1mo", "3bd", "0d"} {
		l, err := ParseLead(s)
		if err != nil || l.String() != s {
			t.Errorf("ParseLead(%q) = %v, %v", s, l, err)
		}
	}
	for _, s := range []string{"", "d", "1", "-1d", "1y", "1 d", "99999999999999999999d", "1.5h", "１d"} {
		if l, err := ParseLead(s); err == nil {
			t.Errorf("ParseLead(%q) = %v, want an error", s, l)
		}
	}
}

func FuzzParseLead(f *testing.F) {
	for _, s := range []string{"1d", "3bd", "1mo", "0m", "x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		l, err := ParseLead(s)
		if err != nil {
			return
		}
		if again, err := ParseLead(l.String()); err != nil || again != l {
			t.Errorf("ParseLead(%q) does not survive being written: %v, %v", s, again, err)
		}
	})
}

func TestContradictions_Once(t *testing.T) {
	e := event.Event{ID: "it", Title: "The thing", Zone: "UTC", Origin: event.Position{File: "a.yaml", Line: 2}}
	for i, d := range []string{"2026-02-03", "2026-02-04"} {
		x, err := when.Parse(d)
		if err != nil {
			t.Fatal(err)
		}
		e.When = append(e.When, event.Statement{Expr: x, Joint: i > 0, Line: 4 + i})
	}
	it := agenda.Compute(event.First(e, event.Author{}, time.Unix(0, 0)), "it@test", time.Unix(0, 0))
	first, later := Contradictions(it, nil, nil, time.Unix(0, 0), rules(t)), Contradictions(it, nil, nil, time.Unix(9999, 0), rules(t))
	if len(first) != 1 || len(later) != 1 || first[0].Key != later[0].Key {
		t.Fatalf("planned %v and %v", first, later)
	}
	m := Write(first[0], Details{Entry: it, Now: time.Unix(0, 0)})
	want := "[The thing is Tue 3 Feb 2026 The thing is Wed 4 Feb 2026: set aside for now, stated last Drop or change one of them]"
	if got := fmt.Sprint(m.Text); got != want || m.Headline != "Contradiction: The thing" {
		t.Errorf("%s: %s", m.Headline, got)
	}
}
