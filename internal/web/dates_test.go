package web

import (
	"testing"
	"time"

	"attache/internal/agenda"
	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/when"
)

func TestDates_Relative(t *testing.T) {
	at := func(s string) time.Time {
		got, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	day := expr(t, when.On, "2025-10-30")
	span := expr(t, when.From, "2025-10-26", "2025-10-30")
	window := expr(t, when.Between, "2026-01-01", "2026-02-16")
	by, after := expr(t, when.By, "2026-02-16"), expr(t, when.NotBefore, "2026-02-16")
	tests := []struct {
		name, zone string
		says       when.Expr
		now        string
		want       string
	}{
		{"days of the page's zone", "Asia/Seoul", day, "2025-10-26T18:00:00Z", "in 4 days"},
		{"the same of every event", "America/New_York", day, "2025-10-26T18:00:00Z", "in 4 days"},
		{"today there, tomorrow here", "Asia/Seoul", day, "2025-10-29T15:00:00Z", "tomorrow"},
		{"today", "Asia/Seoul", day, "2025-10-30T15:00:00Z", "today"},
		{"yesterday", "Asia/Seoul", day, "2025-10-31T15:00:00Z", "yesterday"},
		{"begun there only", "Asia/Kuala_Lumpur", span, "2025-10-25T18:00:00Z", "day 1 of 5"},
		{"under way", "Asia/Kuala_Lumpur", span, "2025-10-27T18:00:00Z", "day 2 of 5"},
		{"over", "Asia/Kuala_Lumpur", span, "2025-11-01T18:00:00Z", "ended 2 days ago"},
		{"window ahead", "Asia/Shanghai", window, "2025-10-26T12:00:00Z", "opens in 67 days"},
		{"window open", "Asia/Shanghai", window, "2026-02-01T12:00:00Z", "any day, within 15 days"},
		{"last but one", "Asia/Shanghai", window, "2026-02-15T12:00:00Z", "tomorrow at the latest"},
		{"last", "Asia/Shanghai", window, "2026-02-16T12:00:00Z", "today at the latest"},
		{"window passed", "Asia/Shanghai", window, "2026-02-17T12:00:00Z", "its last possible day was yesterday"},
		{"only a last day", "UTC", by, "2026-02-01T12:00:00Z", "any day, within 15 days"},
		{"only a first day", "UTC", after, "2026-02-01T12:00:00Z", "opens in 15 days"},
		{"first day reached", "UTC", after, "2026-03-01T12:00:00Z", "any day now"},
		{"no date", "UTC", when.Expr{Form: when.TBD}, "2026-03-01T12:00:00Z", ""},
	}
	for _, tt := range tests {
		e := event.Event{ID: "e", Kind: event.Meeting, Zone: tt.zone, Status: event.Open, When: []event.Statement{{Expr: tt.says}}}
		entry := agenda.Compute(event.First(e, event.Author{}, entered), "", entered)
		req := request{now: at(tt.now), loc: zone(t, "America/New_York")}
		req.today = civil.DateOf(req.now, req.loc)
		got := req.relative(&entry)
		if got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestDates_SetLarge(t *testing.T) {
	timed := when.Expr{Form: when.At, A: when.Point{Period: civil.Day(civil.Date{Year: 2025, Month: 10, Day: 30}), Timed: true, Clock: civil.Clock{Hour: 9}}, Lasts: when.Length{Minutes: 90}}
	tests := []struct {
		says when.Expr
		want dateWords
	}{
		{expr(t, when.On, "2025-10-30"), dateWords{Before: "Thu", Main: "30 Oct", After: "2025", ISO: "2025-10-30"}},
		{timed, dateWords{Before: "Thu", Main: "30 Oct", After: "2025, 09:00–10:30 Seoul", ISO: "2025-10-30T09:00:00+09:00"}},
		{expr(t, when.From, "2025-10-26", "2025-10-30"), dateWords{Before: "Sun–Thu", Main: "26–30 Oct", After: "2025", ISO: "2025-10-26"}},
		{expr(t, when.Between, "2026-01-01", "2026-02-16"), dateWords{Before: "Some day", Main: "1 Jan – 16 Feb", After: "2026"}},
		{expr(t, when.Between, "2025-12-20", "2026-02-16"), dateWords{Before: "Some day", Main: "20 Dec 2025 – 16 Feb 2026"}},
		{expr(t, when.By, "2026-02-16"), dateWords{Before: "No later than", Main: "16 Feb", After: "2026"}},
		{expr(t, when.NotBefore, "2026-02-16"), dateWords{Before: "Not before", Main: "16 Feb", After: "2026"}},
		{when.Expr{Form: when.TBD}, dateWords{Main: "No date yet"}},
	}
	for _, tt := range tests {
		if got := parts(tt.says.Window("Asia/Seoul", "")); got != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.says.Words(), got, tt.want)
		}
	}
}
