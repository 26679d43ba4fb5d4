package web

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/when"
)

// gridText is what a grid of the sample says: its bars as row:column+span, its marks by day.
func gridText(g *grid) string {
	var out []string
	for _, w := range g.Weeks {
		for _, b := range w.Bars {
			out = append(out, fmt.Sprintf("%d %s %d:%d+%d", w.Number, b.Shape, b.Row, b.Col, b.Span))
		}
		for _, d := range w.Days {
			for _, m := range d.Marks {
				out = append(out, strings.TrimSpace(fmt.Sprintf("%s %s %s", d.ISO, m.Shape, m.Lead)))
			}
		}
	}
	return strings.Join(out, "; ")
}

func TestGrid_EveryKindOfDate(t *testing.T) {
	day := func(d int) when.Point { return when.Point{Period: civil.Day(civil.Date{Year: 2026, Month: 3, Day: d})} }
	timed := func(d int) when.Point { p := day(d); p.Timed, p.Clock = true, civil.Clock{Hour: 9}; return p }
	one, err := when.Parse("[2026-03-06,2026-03-17]")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		when when.Expr
		want string // in March 2026
	}{
		{"day", when.Expr{Form: when.On, A: day(10)}, "2026-03-10 ring"},
		{"hour", when.Expr{Form: when.At, A: timed(10)}, "2026-03-10 ring 09:00 Brussels time"},
		{"span", when.Expr{Form: when.From, A: day(10), B: day(12)}, "11 bar 1:2+3"},
		{"window", when.Expr{Form: when.Between, A: day(6), B: day(9)}, "10 window 1:5+3; 11 window 1:1+1"},
		{"one of two days", one, "2026-03-06 edge maybe; 2026-03-17 edge maybe"},
		{"latest", when.Expr{Form: when.By, A: day(31)}, "2026-03-31 edge by"},
		{"earliest", when.Expr{Form: when.NotBefore, A: day(1)}, "2026-03-01 edge from"},
		{"month", when.Expr{Form: when.On, A: when.Point{Period: civil.Period{Year: 2026, Month: 3}}}, "9 window 1:7+1; 10 window 1:1+7; 11 window 1:1+7; 12 window 1:1+7; 13 window 1:1+7; 14 window 1:1+2"},
		{"none", when.Expr{Form: when.TBD}, ""},
	}
	for _, tt := range tests {
		f := &fake{zone: time.UTC, history: map[string][]event.Revision{}}
		f.add(event.Event{ID: "one", Title: "One", Kind: event.Meeting, Zone: "Europe/Brussels", Certainty: event.Likely, Status: event.Open, When: []event.Statement{{Expr: tt.when}}})
		req := asked(t, f, october, "/?view=month&on=2026-03-15")
		req.news = &news{}
		if got := gridText(req.grid(req.index.all, dated(req.index.all))); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

// Where a week or a day has no room the rest is one link away.
func TestGrid_More(t *testing.T) {
	f := &fake{zone: time.UTC, history: map[string][]event.Revision{}}
	d := civil.Date{Year: 2026, Month: 3, Day: 10}
	for i := range 60 {
		f.add(event.Event{ID: fmt.Sprint("day-", i), Title: "One of many", Kind: event.Meeting, Zone: "UTC", Certainty: event.Likely, Status: event.Open,
			When: []event.Statement{{Expr: when.Expr{Form: when.On, A: when.Point{Period: civil.Day(d)}}}}})
	}
	for i := range 9 {
		f.add(event.Event{ID: fmt.Sprint("window-", i), Title: "Some day", Kind: event.Meeting, Zone: "UTC", Certainty: event.Likely, Status: event.Open,
			When: []event.Statement{{Expr: when.Expr{Form: when.Between, A: when.Point{Period: civil.Day(d)}, B: when.Point{Period: civil.Day(d.AddDays(2))}}}}})
	}
	h := handler(f, october)
	for view, want := range map[string][]string{
		"month": {`<a href="/?from=2026-03-10&amp;to=2026-03-10">+57 more`, `<a href="/?from=2026-03-09&amp;to=2026-03-15">+6 more over several days`},
		"week":  {`<a href="/?from=2026-03-10&amp;to=2026-03-10">+45 more`, `<a href="/?from=2026-03-09&amp;to=2026-03-15">+1 more over several days`},
	} {
		body := ask(h, "GET", "/?view="+view+"&on=2026-03-10").Body.String()
		for _, w := range want {
			if !strings.Contains(body, w) {
				t.Errorf("the %s has no %s", view, w)
			}
		}
	}
	if body := ask(h, "GET", "/?from=2026-03-10&to=2026-03-10").Body.String(); !strings.Contains(body, "1 to 40 of 69") {
		t.Error("the list of the day does not hold them all")
	}
}

// What comes again is on each of its days.
func TestGrid_Series(t *testing.T) {
	x, err := when.Parse("at 2025-01-03 08:30 recurring FREQ=WEEKLY in ET")
	if err != nil {
		t.Fatal(err)
	}
	f := &fake{zone: time.UTC, history: map[string][]event.Revision{}}
	f.add(event.Event{ID: "weekly", Title: "Weekly", Kind: event.Meeting, Zone: "America/New_York", Certainty: event.Confirmed, Status: event.Open, When: []event.Statement{{Expr: x}}})
	req := asked(t, f, october, "/?view=month&on=2025-12-01")
	req.news = &news{}
	want := ""
	for _, d := range []string{"2025-12-05", "2025-12-12", "2025-12-19", "2025-12-26", "2026-01-02"} {
		want += "; " + d + " point 08:30 New York time"
	}
	if got := gridText(req.grid(req.index.all, dated(req.index.all))); got != want[2:] {
		t.Errorf("of a weekly meeting December has %s", got)
	}
}

// Months at the ends of time lead nowhere that an address can't name, and one without
// events leads to those that are nearest.
func TestGrid_Edges(t *testing.T) {
	h := handler(sample(t), october)
	for path, want := range map[string][2]string{
		"/?view=month&on=1000-01-01": {"January 1000", `rel="prev"`},
		"/?view=week&on=1000-01-01":  {"1000", `rel="prev"`},
		"/?view=month&on=9999-12-31": {"December 9999", `rel="next"`},
		"/?view=week&on=9999-12-31":  {"9999", `rel="next"`},
	} {
		w := ask(h, "GET", path)
		body := w.Body.String()
		if w.Code != 200 || !strings.Contains(body, want[0]) || strings.Contains(body, want[1]) || !strings.Contains(body, "Nothing is here.") || strings.Contains(body, "=10000-") || strings.Contains(body, "=0999-") {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	if body := ask(h, "GET", "/?view=month&on=2027-06-01").Body.String(); !strings.Contains(body, `The last before it: <a href="/?on=2026-09-01&amp;view=month">`) {
		t.Error("a month without events leads nowhere")
	}
}

func TestWeekStarts(t *testing.T) {
	for _, tt := range []struct {
		set, languages string
		want           time.Weekday
	}{
		{"", "", time.Monday}, {"", "de-BE,de;q=0.9,en-US;q=0.8", time.Monday}, {"", "en", time.Monday}, {"", "en-US", time.Sunday}, {"", "he-il;q=1", time.Sunday},
		{"", "ar-EG", time.Saturday}, {"", "en-", time.Monday}, {"", "zh-Hant-TW", time.Monday}, {"", " *", time.Monday}, {"monday", "en-US", time.Monday}, {"sunday", "de-DE", time.Sunday},
	} {
		if got := weekStarts(tt.set, tt.languages); got != tt.want {
			t.Errorf("%q, %q: %s, want %s", tt.set, tt.languages, got, tt.want)
		}
	}
	h := handler(sample(t), october)
	for language, want := range map[string]string{"de-DE": "<span></span><span>Mon</span>", "en-US": "<span></span><span>Sun</span>"} {
		if body := ask(h, "GET", "/?view=month", "Accept-Language", language).Body.String(); !strings.Contains(body, want) {
			t.Errorf("in %s weeks begin on another day", language)
		}
	}
}
