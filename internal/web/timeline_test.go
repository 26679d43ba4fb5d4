package web

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"attache/internal/when"
)

func TestScaleKeepsTheOrderOfDays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		days := rapid.SliceOfN(rapid.Float64Range(-4e5, 3e6), 2, 40).Draw(t, "days")
		s := newScale(days)
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

func TestScaleGivesCrowdedDaysRoom(t *testing.T) {
	s := newScale([]float64{0, 1, 2, 3, 400})
	if got := s.place(1) - s.place(0); got < 5 {
		t.Errorf("one day of 400 has %.1f percent of the width", got)
	}
}

func TestTimelineShapes(t *testing.T) {
	f := sample(t)
	v := handler(f, october).(*site).newView("", october)
	tl := drawTimeline(v, f.list, when.DateOf(october, f.zone), .5)
	want := map[string]string{
		"kl-framework": "point", "asia-tour": "bar", "trump-xi-meeting": "ring", "us-tariffs-100": "hollow",
		"beijing-visit": "window, hard ends", "xi-g20-visit": "window, fades both",
	}
	for _, l := range tl.Lanes {
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

func TestTimelineHoldsTodayAndEveryDate(t *testing.T) {
	f := sample(t)
	for _, today := range []when.Date{{Year: 2024, Month: 1, Day: 1}, {Year: 2025, Month: 10, Day: 26}, {Year: 2031, Month: 5, Day: 4}} {
		v := handler(f, today.Start(f.zone)).(*site).newView("", today.Start(f.zone))
		tl := drawTimeline(v, f.list, today, 0.5)
		places := []place{tl.Today}
		for _, l := range tl.Lanes {
			places = append(places, l.At, l.From, l.To)
		}
		for _, p := range places {
			if p == "" {
				continue
			}
			if n, err := strconv.ParseFloat(strings.TrimSuffix(string(p), "%"), 64); err != nil || n < 1 || n > 99 {
				t.Errorf("on %s something is drawn at %s", today, p)
			}
		}
	}
}

func TestAxisLabelsDoNotOverlap(t *testing.T) {
	f := sample(t)
	v := handler(f, october).(*site).newView("", october)
	tl := drawTimeline(v, f.list, when.DateOf(october, f.zone), .5)
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
