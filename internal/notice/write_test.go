package notice

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"attache/internal/agenda"
	"attache/internal/change"
	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/when"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares v, as JSON, with a file under testdata.
func golden(t *testing.T, name string, v any) {
	t.Helper()
	got, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", name+".json")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, append(got, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got)+"\n" != string(want) {
		t.Errorf("%s:\n%s\nwant\n%s", name, got, want)
	}
}

func scene(t *testing.T, date, now string) Details {
	t.Helper()
	at, err := time.Parse(time.RFC3339, now)
	if err != nil {
		t.Fatal(err)
	}
	x, err := when.Parse(date)
	if err != nil {
		t.Fatal(err)
	}
	e := event.Event{
		ID: "visit", Title: "A visit to Beijing", Kind: event.Visit, Zone: "Asia/Shanghai",
		Certainty: event.Possible, Status: event.Open, Place: "Beijing", Parties: []string{"US", "China"},
		Origin:  event.Position{File: "events/a.yaml", Line: 7},
		When:    []event.Statement{{Expr: x, Source: "report", Quote: "may also travel to Beijing early next year"}},
		Sources: []event.Citation{{Source: "report", Quote: "ahead of the Lunar New Year"}},
		If:      &event.Condition{Text: "the talks go on"},
	}
	return Details{
		Entry: agenda.Compute(event.First(e, event.Author{}, at), "visit@test", at),
		Now:   at, PublicURL: "https://dates.example.org",
		Sources: map[string]event.Source{"report": {
			Title: "A report", Publisher: "A paper", URL: "https://paper.example.org/1",
			Published: civil.Date{Year: 2025, Month: 10, Day: 26},
		}},
	}
}

func TestWrite(t *testing.T) {
	day := "2026-02-03"
	window := "[2026-01-01..2026-02-16]"
	cases := []struct{ name, date, now string }{
		{"reminder-day", day, "2026-01-27T01:00:00Z"},
		{"reminder-instant", "2026-02-03 14:30", "2026-02-02T01:00:00Z"},
		{"reminder-early", window, "2025-12-25T01:00:00Z"},
		{"window-opens", window, "2026-01-01T01:00:00Z"},
		{"window-closes", window, "2026-02-09T01:00:00Z"},
		{"outcome", day, "2026-02-04T01:00:00Z"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := scene(t, c.date, c.now)
			for _, n := range Plan(s.Entry, rules(t).In(s.Entry.Window.Location()), Context{}) {
				if n.Due.Equal(s.Now) {
					golden(t, c.name, Write(n, s))
					return
				}
			}
			t.Fatalf("nothing is due at %s:\n%s", c.now, lines(Plan(s.Entry, rules(t), Context{})))
		})
	}
}

func TestWrite_ChangeOldAndNew(t *testing.T) {
	old, s := scene(t, "[2026-01-01..2026-02-16]", "2026-01-10T08:00:00Z"), scene(t, "2026-02-03", "2026-01-10T08:02:00Z")
	s.Changes = change.Between(
		change.State{Event: old.Entry.Event, Window: old.Entry.Window},
		change.State{Event: s.Entry.Event, Window: s.Entry.Window})
	s.Reason = "the ministry named the day"
	golden(t, "change", Write(Change(s.Entry, "", 0, when.Window{}, old.Now, rules(t)), s))
}

func TestWrite_Late(t *testing.T) {
	s := scene(t, "2026-02-03", "2026-01-27T08:00:00Z")
	n := Plan(s.Entry, rules(t).In(s.Entry.Window.Location()), Context{})[0]
	if got, want := Write(n, s).Late, "7 hours late, was due 27 Jan 2026, 09:00 Shanghai time"; got != want {
		t.Errorf("late: %q, want %q", got, want)
	}
}

func TestMerge_Outcomes(t *testing.T) {
	s := scene(t, "2026-02-03", "2026-03-01T08:00:00Z")
	n := outcomeQuestions(s.Entry, rules(t))[0]
	golden(t, "outcomes", Merge([]Message{Write(n, s), Write(n, s)}, s.Now))
}

func TestSummary(t *testing.T) {
	s := scene(t, "2026-02-03 14:30", "2026-01-27T06:30:00Z")
	got := Write(Plan(s.Entry, rules(t), Context{})[0], s).Summary()
	if want := "In 7 days, not confirmed: A visit to Beijing · Tue 3 Feb 2026, 14:30 Shanghai time"; got != want {
		t.Errorf("summary %q, want %q", got, want)
	}
}

func TestMerge_ByDateThenTitle(t *testing.T) {
	now := at("2026-02-02T08:00:00Z")
	told := func(title, on string) Message {
		m := Message{Kind: Reminder, Event: title, Title: title, Headline: "Soon: " + title}
		if on != "" {
			m.On = at(on)
		}
		return m
	}
	window := told("A window that is open", "2026-01-01T00:00:00Z")
	window.Window = "Earliest …"
	m := Merge([]Message{
		told("Undated", ""), told("Zeal", "2026-02-05T09:00:00Z"), told("Later", "2026-02-05T14:00:00Z"), window,
		told("Ahead", "2026-02-05T09:00:00Z"), told("Today", "2026-02-02T00:00:00Z"), told("Past", "2026-01-30T00:00:00Z"),
	}, now)
	var got []string
	for _, l := range m.Lines {
		got = append(got, strings.TrimPrefix(l.Title, "Soon: "))
	}
	if want := "Past, Today, A window that is open, Ahead, Zeal, Later, Undated"; strings.Join(got, ", ") != want {
		t.Errorf("in the order %v, want %s", got, want)
	}
}

func TestMerge_OneEvent(t *testing.T) {
	of := func(k Kind, lead string) Message {
		return Message{Kind: k, Event: "talks", Title: "The talks", Date: "Mon 2 Feb 2026", Headline: lead + " The talks", Text: []string{"As said"}}
	}
	other := of(Reminder, "Today:")
	other.Date = "Tue 3 Feb 2026"
	for _, c := range []struct {
		list []Message
		want string
	}{
		{[]Message{of(Reminder, "Today:"), of(Changed, "Added:")}, "Added. Today: The talks"},
		{[]Message{of(Changed, "Pulled in:"), of(Reminder, dateMoved+"In 2 hours:")}, "Pulled in. In 2 hours: The talks"},
		{[]Message{of(Changed, "Slipped:"), of(Outcome, asksFirst[:len(asksFirst)-1])}, "Slipped. What became of it? The talks"},
		{[]Message{of(Outcome, asksFirst[:len(asksFirst)-1]), of(Stale, "Does this still stand?")}, "What became of it? Does this still stand? The talks"},
		{[]Message{of(Contradiction, "Contradiction:"), of(Contradiction, "Contradiction:")}, "Contradiction: The talks"},
		{[]Message{of(Reminder, "Today:"), other}, "2 notices"},
	} {
		m := Merge(c.list, at("2026-02-02T08:00:00Z"))
		if m.Headline != c.want || len(m.Lines) == 0 && len(m.Text) != 1 {
			t.Errorf("%q with %q, want %q", m.Headline, m.Text, c.want)
		}
	}
}

func TestSurvey_BeginsAtThatInstant(t *testing.T) {
	for date, want := range map[string]string{"2026-02-02 08:00": groupComing, "2026-02-02 07:58": groupAwaiting, "2026-02-02 08:30": groupComing} {
		s := Survey{Now: at("2026-02-02T08:00:03Z"), Last: civil.Date{Year: 2026, Month: 2, Day: 9}}
		if group, _ := s.place(entry(t, event.Announcement, "UTC", date)); group != want {
			t.Errorf("%s stands under %q, want %q", date, group, want)
		}
	}
}
