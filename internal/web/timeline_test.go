package web

import (
	"fmt"
	"html"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/when"
)

func TestScale_Order(t *testing.T) {
	s := scale{civil.Date{Year: 2025, Month: 10, Day: 1}, civil.Date{Year: 2026, Month: 1, Day: 1}}
	last := 0.0
	for d := s.from.AddDays(-400); d.Before(s.to.AddDays(400)); d = d.AddDays(1) {
		at := s.place(dayNumber(d))
		if at < last || at < 0 || at > 100 || s.holds(dayNumber(d)) && at == last && d != s.from {
			t.Fatalf("%s is at %v, after one at %v", d, at, last)
		}
		last = at
	}
}

// asked returns what a request for the first page of f at now asks.
func asked(t *testing.T, f *fake, now time.Time, target string) request {
	t.Helper()
	req, err := handler(f, now).(*site).ask(httptest.NewRequest("GET", target, nil))
	if err != nil {
		t.Fatal(err)
	}
	if req.news, err = req.index.news.of(req); err != nil {
		t.Fatal(err)
	}
	return req
}

// rowsOf returns the rows of all groups.
func rowsOf(tl *timeline) (out []row) {
	for _, g := range tl.Groups {
		out = append(out, g.Rows...)
	}
	return out
}

func TestTimeline_Shapes(t *testing.T) {
	f := sample(t)
	req := asked(t, f, october, "/?view=timeline&scale=year&past=shown&on=2025-10-01")
	tl := req.drawTimeline(req.index.all, dated(req.index.all))
	want := map[string]string{
		"kl-framework": "point", "asia-tour": "bar", "trump-xi-meeting": "ring", "us-tariffs-100": "hollow",
		"beijing-visit": "window, hard ends", "xi-g20-visit": "window, fades both", // its end lies beyond
	}
	for _, l := range rowsOf(tl) {
		got := l.Shape
		if l.HardLeft && l.HardRight {
			got += ", hard ends"
		}
		if l.Fade != "" {
			got += ", fades " + l.Fade
		}
		if got != want[l.ID] {
			t.Errorf("%s is drawn as %s, want %s", l.ID, got, want[l.ID])
		}
		delete(want, l.ID)
	}
	for id := range want {
		t.Errorf("%s is not drawn", id)
	}
}

func TestTimeline_WithinAxis(t *testing.T) {
	f := sample(t)
	for _, today := range []civil.Date{{Year: 2024, Month: 1, Day: 1}, {Year: 2025, Month: 10, Day: 26}, {Year: 2026, Month: 11, Day: 24}} {
		req := asked(t, f, today.Start(f.zone), "/?view=timeline&scale=year&past=shown")
		tl := req.drawTimeline(req.index.all, dated(req.index.all))
		places := []place{tl.Today}
		for _, l := range rowsOf(tl) {
			places = append(places, l.At, l.From, l.To)
		}
		for _, p := range places {
			if p == "" {
				continue
			}
			if n, err := strconv.ParseFloat(strings.TrimSuffix(string(p), "%"), 64); err != nil || n < 0 || n > 100 {
				t.Errorf("on %s something is drawn at %s", today, p)
			}
		}
	}
}

func TestTimeline_LabelsApart(t *testing.T) {
	for scale, least := range map[string]int{"week": 7, "month": 15, "quarter": 10, "year": 12} {
		req := asked(t, sample(t), october, "/?view=timeline&scale="+scale)
		tl := req.drawTimeline(req.index.all, dated(req.index.all))
		last, text := -100.0, ""
		ticks := slices.DeleteFunc(tl.Ticks, func(k tick) bool { return k.Text == "" })
		at := func(k tick) float64 { n, _ := strconv.ParseFloat(strings.TrimSuffix(string(k.At), "%"), 64); return n }
		slices.SortFunc(ticks, func(a, b tick) int { return int(at(a)*100) - int(at(b)*100) })
		for _, k := range ticks {
			if at(k)-last < float64(len(text))*charRoom {
				t.Errorf("in a %s %q overlaps %q", scale, text, k.Text)
			}
			last, text = at(k), k.Text
		}
		if len(ticks) < least {
			t.Errorf("a %s has only %d labels on its axis", scale, len(ticks))
		}
	}
}

// Going on from page to page and from one stretch of days to the next, a reader comes by
// every event that has a date.
func TestTimeline_EveryEventIsReachable(t *testing.T) {
	f := &fake{zone: time.UTC, history: map[string][]event.Revision{}}
	for i := range 300 {
		x := when.Expr{Form: []when.Form{when.On, when.By, when.NotBefore}[i%3], A: when.Point{Period: civil.Day(civil.Date{Year: 2025, Month: 11, Day: 1}.AddDays(i * i % 500))}}
		f.add(event.Event{ID: fmt.Sprintf("e%03d", i), Title: "One of many", Kind: event.Talks, Zone: "UTC", Certainty: event.Possible, Status: event.Open, When: []event.Statement{{Expr: x}}})
	}
	h := handler(f, october)
	for _, scale := range []string{"week", "month", "quarter", "year"} {
		seen, pages := make(map[string]bool), 0
		for at := "/?view=timeline&scale=" + scale; at != "" && pages < 120; pages++ {
			body := ask(h, "GET", at).Body.String()
			for _, m := range regexp.MustCompile(`href="/events/(e[0-9]+)"`).FindAllStringSubmatch(body[strings.Index(body, `id="tl-h"`):], -1) {
				seen[m[1]] = true
			}
			next := regexp.MustCompile(`<a href="([^"]*)" rel="next">`).FindAllStringSubmatch(body, -1)
			if at = html.UnescapeString(next[len(next)-1][1]); strings.Contains(at, "on=2027-04") || strings.Contains(at, "on=2027-10") {
				at = ""
			}
		}
		if len(seen) != 300 {
			t.Errorf("by the %s %d pages show %d of 300 events", scale, pages, len(seen))
		}
	}
}

func TestTimeline_Choices(t *testing.T) {
	h := handler(sample(t), november.AddDate(-1, 0, 0)) // 24 November 2025
	for path, want := range map[string][]string{
		"/?view=timeline":                                     {"1 Nov 2025 – 31 Jan 2026", "Trump travels to Beijing", "Not drawn: 1 event of these days, past or settled.", `aria-current="true">Quarter</a>`, `<a href="/?on=2026-02-01&amp;view=timeline" rel="next">`},
		"/?view=timeline&past=shown&group=topic":              {"<h3>rare-earths</h3>", "<h3>tariffs</h3>", "<h3>no topic</h3>", "US tariffs of 100%"},
		"/?view=timeline&past=shown&group=party":              {"<h3>China</h3>", "<h3>US</h3>", "<h3>no party</h3>"},
		"/?view=timeline&past=shown&group=kind":               {"<h3>deadline</h3>", "<h3>visit</h3>"},
		"/?view=timeline&scale=week&on=2025-10-29":            {"27 Oct – 2 Nov 2025", "past or settled", "Nothing else is here."},
		"/?view=timeline&scale=week&past=shown&on=2025-10-29": {"Mon 27 Oct"},
		"/?view=timeline&scale=year&on=2031-05-05":            {"1 May 2031 – 30 Apr 2032", "Nothing is here.", "6 events begin before these days, and 0 after them."},
		"/?view=timeline&scale=year&on=9999-12-31":            {"9999"},
		"/?view=timeline&scale=quarter&on=1000-01-01":         {"Nothing is here."},
		"/?view=timeline&scale=month&tz=Pacific/Apia":         {"1–30 Nov 2025"},
		"/?view=timeline&topic=tariffs&scale=month&q=x":       {"Nothing is here."},
	} {
		w := ask(h, "GET", path)
		body := html.UnescapeString(w.Body.String())
		for _, s := range want {
			if !strings.Contains(body, html.UnescapeString(s)) {
				t.Errorf("%s (%d) has no %q", path, w.Code, s)
			}
		}
	}
}

// What is on one of some days has a dot on each of them that the axis holds, and no bar.
func TestTimeline_OneOfSomeDays(t *testing.T) {
	x, err := when.Parse("[2026-03-06,2026-03-17,2031-01-01]")
	if err != nil {
		t.Fatal(err)
	}
	f := &fake{zone: time.UTC, history: map[string][]event.Revision{}}
	f.add(event.Event{ID: "one", Title: "One", Kind: event.Meeting, Zone: "UTC", Certainty: event.Likely, Status: event.Open, When: []event.Statement{{Expr: x}}})
	req := asked(t, f, october, "/?view=timeline&scale=month&on=2026-03-01")
	rows := rowsOf(req.drawTimeline(req.index.all, dated(req.index.all)))
	if len(rows) != 1 || rows[0].Shape != "days" || len(rows[0].Dots) != 2 || rows[0].Dots[0] >= rows[0].Dots[1] {
		t.Errorf("it is drawn as %+v", rows)
	}
}
