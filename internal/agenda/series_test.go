package agenda

import (
	"slices"
	"strings"
	"testing"
	"time"

	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/when"
)

// dated makes an event of one statement.
func dated(t *testing.T, id, stated string) event.Event {
	t.Helper()
	x, err := when.Parse(stated)
	if err != nil {
		t.Fatal(err)
	}
	return event.Event{
		ID: id, Title: id, Kind: event.Announcement, Zone: "America/New_York", Certainty: event.Confirmed, Status: event.Open,
		When: []event.Statement{{Expr: x, Line: 3}},
	}
}

const jobsReport = "at 2026-01-02 08:30 recurring FREQ=MONTHLY;BYDAY=1FR except 2026-03-06 also 2026-03-11 08:30 in ET"

func instant(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t
}

func TestSeries_NextOccurrence(t *testing.T) {
	e := solved(dated(t, "jobs-report", jobsReport))[0]
	if e.Series == nil || e.Window.Words() != "Fri 2 Jan 2026, 08:30 New York time" {
		t.Fatalf("its window is %s", e.Window.Words())
	}
	for now, want := range map[string]string{
		"2025-10-26T12:00:00Z": "Fri 2 Jan 2026, 08:30 New York time",
		"2026-01-02T13:30:00Z": "Fri 2 Jan 2026, 08:30 New York time",
		"2026-01-02T13:30:01Z": "Fri 6 Feb 2026, 08:30 New York time",
		"2026-03-01T00:00:00Z": "Wed 11 Mar 2026, 08:30 New York time",
		"2030-01-01T00:00:00Z": "Fri 4 Jan 2030, 08:30 New York time",
	} {
		if got := e.At(instant(now)).Window.Words(); got != want {
			t.Errorf("at %s: %s, want %s", now, got, want)
		}
		if got := e.Phase(instant(now)); got != Ahead && now != "2026-01-02T13:30:00Z" {
			t.Errorf("at %s it is %s", now, got)
		}
	}
	v := e.View(instant("2026-03-01T00:00:00Z"))
	if *v.Earliest != "2026-03-11T08:30:00-04:00" || len(v.Occurrences) != 12 || v.Occurrences[1] != "2026-04-03T08:30:00-04:00" || v.Recurs != "FREQ=MONTHLY;BYDAY=1FR" {
		t.Errorf("shown as %s, %v", *v.Earliest, v.Occurrences)
	}
	if v := solved(dated(t, "once", "2026-01-02"))[0].View(instant("2026-03-01T00:00:00Z")); v.Occurrences != nil || v.Recurs != "" {
		t.Errorf("what comes once has the occurrences %v", v.Occurrences)
	}
}

func TestSeries_End(t *testing.T) {
	e := solved(dated(t, "talks", "2026-01-05 recurring FREQ=WEEKLY;COUNT=3"))[0]
	for now, want := range map[string]Phase{
		"2026-01-01T12:00:00Z": Ahead,
		"2026-01-05T12:00:00Z": UnderWay,
		"2026-01-08T12:00:00Z": Ahead,
		"2026-01-19T12:00:00Z": UnderWay,
		"2026-01-20T12:00:00Z": AwaitingOutcome,
	} {
		if got := e.Phase(instant(now)); got != want {
			t.Errorf("at %s it is %s, want %s", now, got, want)
		}
	}
	v := e.View(instant("2027-01-01T00:00:00Z"))
	if *v.Earliest != "2026-01-19" || v.Occurrences == nil || len(v.Occurrences) != 0 {
		t.Errorf("over, it is shown on %s with %v coming", *v.Earliest, v.Occurrences)
	}
	e.Status = event.Held
	if got := e.Phase(instant("2026-01-01T12:00:00Z")); got != Over {
		t.Errorf("a series that was held is %s", got)
	}
}

func TestSeries_Sort(t *testing.T) {
	list := solved(dated(t, "a-day", "2026-02-10"), dated(t, "b-series", jobsReport), dated(t, "c-day", "2026-02-01"))
	order := func(today civil.Date) string {
		Sort(list, today)
		var ids []string
		for _, e := range list {
			ids = append(ids, e.ID)
		}
		return strings.Join(ids, " ")
	}
	if got := order(civil.Date{Year: 2026, Month: 1, Day: 1}); got != "b-series c-day a-day" {
		t.Error(got)
	}
	if got := order(civil.Date{Year: 2026, Month: 1, Day: 10}); got != "c-day b-series a-day" {
		t.Error(got)
	}
	if got := order(civil.Date{Year: 2026, Month: 2, Day: 8}); got != "c-day a-day b-series" {
		t.Error(got)
	}
	i := slices.IndexFunc(list, func(e Entry) bool { return e.Series != nil })
	if list[i].Window.Earliest.Day != (civil.Date{Year: 2026, Month: 1, Day: 2}) {
		t.Error("sorting moved the window")
	}
}

func TestSeries_Filter(t *testing.T) {
	e := solved(dated(t, "jobs-report", jobsReport))[0]
	day := func(s string) civil.Date {
		d, _ := civil.ParseDate(s)
		return d
	}
	for _, c := range []struct {
		from, to string
		want     bool
	}{
		{"", "", true},
		{"", "2026-01-01", false},
		{"", "2026-01-02", true},
		{"2026-03-05", "2026-03-10", false},
		{"2026-03-05", "2026-03-11", true},
		{"2040-01-01", "", true},
		{"2040-01-01", "2040-01-31", true},
		{"2040-01-01", "2040-01-05", false},
	} {
		if got := (Filter{From: day(c.from), To: day(c.to)}).Match(&e); got != c.want {
			t.Errorf("from %q to %q: %t", c.from, c.to, got)
		}
	}
}

func TestSeries_OtherEventsDependOnItsFirstDay(t *testing.T) {
	// Files refuse it; what came from elsewhere has a meaning all the same.
	list := solved(dated(t, "series", "2026-01-05 recurring FREQ=WEEKLY"), dated(t, "after", "after event:series"))
	if got := list[1].Window.Words(); got != "on or after 6 Jan 2026" {
		t.Error(got)
	}
}

func TestSeries_NoDayIsLeft(t *testing.T) {
	e := dated(t, "series", "2026-12-08 recurring FREQ=WEEKLY;COUNT=2 except 2026-12-08, 2026-12-15")
	if got := solved(e)[0].Words(); got != "no date left" {
		t.Error(got)
	}
}
