package web

import (
	"math"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"attache/internal/civil"
)

func TestScale_Order(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		days := rapid.SliceOfN(rapid.Float64Range(-4e5, 3e6), 0, 40).Draw(t, "days")
		s := newScale(math.Floor(rapid.Float64Range(-4e5, 3e6).Draw(t, "today")), days)
		probe := rapid.SliceOfN(rapid.Float64Range(-5e5, 4e6), 2, 20).Draw(t, "probe")
		probe = append(probe, days...)
		slices.Sort(probe)
		last := 0.0
		for _, d := range probe {
			at := s.place(d)
			if at < last-1e-9 || at < 0 || at > 100 {
				t.Fatalf("day %v is at %v, after one at %v", d, at, last)
			}
			last = at
		}
	})
}

func TestScale_RoomForNextDays(t *testing.T) {
	for _, days := range [][]float64{{0, 1, 2, 3, 400}, {-300, 0, 400}, nil} {
		s := newScale(0, days)
		if got := s.place(1) - s.place(0); got < 2 {
			t.Errorf("with %v, a day has %.1f percent of the width", days, got)
		}
		if a, b := s.place(1)-s.place(0), s.place(14)-s.place(13); math.Abs(a-b) > 1e-9 {
			t.Errorf("with %v, the days of the next weeks are not all as wide", days)
		}
	}
}

// asked returns what a request for the first page of f at now asks.
func asked(t *testing.T, f *fake, now time.Time, target string) request {
	t.Helper()
	req, err := handler(f, now).(*site).ask(httptest.NewRequest("GET", target, nil))
	if err != nil {
		t.Fatal(err)
	}
	return req
}

func TestTimeline_Shapes(t *testing.T) {
	f := sample(t)
	req := asked(t, f, october, "/")
	tl := req.drawTimeline(req.index.all)
	want := map[string]string{
		"kl-framework": "point", "asia-tour": "bar", "trump-xi-meeting": "ring", "us-tariffs-100": "hollow",
		"beijing-visit": "window, hard ends", "xi-g20-visit": "window, fades both",
	}
	for _, l := range tl.Rows {
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
		req := asked(t, f, today.Start(f.zone), "/")
		tl := req.drawTimeline(req.index.all)
		places := []place{tl.Today}
		for _, l := range tl.Rows {
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
	f := sample(t)
	req := asked(t, f, october, "/")
	tl := req.drawTimeline(req.index.all)
	last, text := -100.0, ""
	ticks := slices.DeleteFunc(tl.Ticks, func(k tick) bool { return k.Text == "" })
	at := func(k tick) float64 { n, _ := strconv.ParseFloat(strings.TrimSuffix(string(k.At), "%"), 64); return n }
	slices.SortFunc(ticks, func(a, b tick) int { return int(at(a)*100) - int(at(b)*100) })
	for _, k := range ticks {
		if at(k)-last < float64(len(text))*charRoom {
			t.Errorf("%q overlaps %q", text, k.Text)
		}
		last, text = at(k), k.Text
	}
	if len(ticks) < 6 {
		t.Errorf("only %d labels on the axis", len(ticks))
	}
}
