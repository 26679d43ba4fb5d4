package when

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"attache/internal/civil"
)

// windowOf returns the window of what s says, for an event in zone.
func windowOf(t interface {
	Helper()
	Fatalf(string, ...any)
}, s, zone string) Window {
	t.Helper()
	e, err := Parse(s)
	if err != nil {
		t.Fatalf("%q: %v", s, err)
	}
	return e.Window(zone, "s")
}

// show writes what the tests compare of a window: its precision, zone and
// bounds, "~" behind soft ones.
func show(w Window) string {
	bound := func(b Bound) string {
		s := b.Day.String()
		switch {
		case !b.Known():
			return "open"
		case b.Timed:
			s = b.At.Format("2006-01-02T15:04Z")
		}
		if b.Soft {
			s += "~"
		}
		return s
	}
	s := fmt.Sprintf("%s %s %s..%s", w.Precision, w.Zone, bound(w.Earliest), bound(w.Latest))
	if w.Lasts() {
		s += " to " + bound(w.EndsEarliest) + ".." + bound(w.EndsLatest)
	}
	return s
}

func TestWindow_OfAnExpression(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"tbd", "none Asia/Seoul open..open"},
		{"2026-02-17", "day Asia/Seoul 2026-02-17..2026-02-17"},
		{"2026-02-17 in ET", "day America/New_York 2026-02-17..2026-02-17"},
		{"2026-02", "window Asia/Seoul 2026-02-01..2026-02-28"},
		{"2026-23", "window Asia/Seoul 2026-09-01~..2026-12-21~"},
		{"2026", "window Asia/Seoul 2026-01-01..2026-12-31"},
		{"2025-11-10 00:01 ET", "instant America/New_York 2025-11-10T05:01Z..2025-11-10T05:01Z"},
		{"2025-11-10 00:01", "instant Asia/Seoul 2025-11-09T15:01Z..2025-11-09T15:01Z"},
		{"2026-03-08 02:30 ET", "instant America/New_York 2026-03-08T07:30Z..2026-03-08T07:30Z"},
		{"at 2025-11-10 09:00 lasting 90 minutes", "instant Asia/Seoul 2025-11-10T00:00Z..2025-11-10T00:00Z to 2025-11-10T01:30Z..2025-11-10T01:30Z"},
		{"from 2025-10-26 to 2025-10-30", "span Asia/Seoul 2025-10-26..2025-10-26 to 2025-10-30..2025-10-30"},
		{"from 2025-10-26 lasting 5 days", "span Asia/Seoul 2025-10-26..2025-10-26 to 2025-10-30..2025-10-30"},
		{"from 2025-10-26 lasting 1 day", "day Asia/Seoul 2025-10-26..2025-10-26"},
		{"from 2025-10-26 to 2025-10-26", "day Asia/Seoul 2025-10-26..2025-10-26"},
		{"from 2026-03-07 lasting 3 days in ET", "span America/New_York 2026-03-07..2026-03-07 to 2026-03-09..2026-03-09"},
		// Hours are elapsed time: three of them over the gap end at five o'clock.
		{"from 2026-03-08 01:00 lasting 3 hours ET", "instant America/New_York 2026-03-08T06:00Z..2026-03-08T06:00Z to 2026-03-08T09:00Z..2026-03-08T09:00Z"},
		{"from 2026-11-01 00:30 lasting 2 hours ET", "instant America/New_York 2026-11-01T04:30Z..2026-11-01T04:30Z to 2026-11-01T06:30Z..2026-11-01T06:30Z"},
		{"from 2025-10-26 22:00 to 2025-10-27 02:00 UTC", "instant UTC 2025-10-26T22:00Z..2025-10-26T22:00Z to 2025-10-27T02:00Z..2025-10-27T02:00Z"},
		// The beginning is skipped and read an hour later, beyond the end.
		{"from 2026-03-08 02:45 to 2026-03-08 03:15 ET", "instant America/New_York 2026-03-08T07:45Z..2026-03-08T07:45Z"},
		{"between 2026-01-01 and 2026-02-16", "window Asia/Seoul 2026-01-01..2026-02-16"},
		{"between 2026-02-16 and 2026-02-16", "day Asia/Seoul 2026-02-16..2026-02-16"},
		{"between 2026-02 and 2026-23", "window Asia/Seoul 2026-02-01..2026-12-21~"},
		{"by 2026-02-16", "window Asia/Seoul open..2026-02-16"},
		{"by 2026-02", "window Asia/Seoul open..2026-02-28"},
		{"before 2026-02-17", "window Asia/Seoul open..2026-02-16"},
		{"before 2026-03", "window Asia/Seoul open..2026-02-28"},
		{"after 2026-02-17", "window Asia/Seoul 2026-02-18..open"},
		{"after 2026-02", "window Asia/Seoul 2026-03-01..open"},
		// All of what lasts lies in its window.
		{"between 2026-03-02 and 2026-03-09 lasting 5 days", "window Asia/Seoul 2026-03-02..2026-03-05 to 2026-03-06..2026-03-09"},
		{"between 2026-03-02 and 2026-03-06 lasting 5 days", "span Asia/Seoul 2026-03-02..2026-03-02 to 2026-03-06..2026-03-06"},
		{"2026-03 lasting 2 days", "window Asia/Seoul 2026-03-01..2026-03-30 to 2026-03-02..2026-03-31"},
		{"2026 lasting 1 month", "window Asia/Seoul 2026-01-01..2026-12-01 to 2026-01-31..2026-12-31"},
		{"2026-02-17 lasting 2 days", "span Asia/Seoul 2026-02-17..2026-02-17 to 2026-02-18..2026-02-18"},
		{"by 2026-02-17 lasting 2 days", "window Asia/Seoul open..2026-02-16 to open..2026-02-17"},
		{"after 2026-02-17 lasting 2 days", "window Asia/Seoul 2026-02-18..open to 2026-02-19..open"},
		{"2026-23 lasting 1 week", "window Asia/Seoul 2026-09-01~..2026-12-15~ to 2026-09-07~..2026-12-21~"},
		// A season may begin and end by the calendar of the weather or by the sun.
		{"before 2026-22", "window Asia/Seoul open..2026-06-21~"},
		{"before 2026-24", "window Asia/Seoul open..2026-12-21~"},
		{"before 2026-21", "window Asia/Seoul open..2026-03-20~"},
		{"before 2026-29", "window Asia/Seoul open..2026-09-23~"},
		{"after 2026-23", "window Asia/Seoul 2026-12-01~..open"},
		{"after 2026-24", "window Asia/Seoul 2027-03-01~..open"},
		{"by 2026-33", "window Asia/Seoul open..2026-03-31"},
		{"before 2026-40", "window Asia/Seoul open..2025-12-31"},
		{"between 2026-33 and 2026-41", "window Asia/Seoul 2026-01-01..2026-12-31"},
		{"not before 2026-38", "window Asia/Seoul 2026-05-01..open"},
		{"not before 2026-02", "window Asia/Seoul 2026-02-01..open"},
	} {
		w := windowOf(t, c.in, "Asia/Seoul")
		if got := show(w); got != c.want {
			t.Errorf("%s: %s, want %s", c.in, got, c.want)
		}
		for _, b := range []Bound{w.Earliest, w.Latest, w.EndsEarliest, w.EndsLatest} {
			if b.Known() != (b.By == "s") {
				t.Errorf("%s: the bound %v is by %q", c.in, b.Day, b.By)
			}
		}
	}
}

// TestWindow_SpansInEveryPosition writes what a span of days allows as a date, as a limit and as one
// of two: it is the same span wherever it stands.
func TestWindow_SpansInEveryPosition(t *testing.T) {
	for _, c := range []struct{ in, first, last, before, after string }{ // the days, the last before them, the first after
		{"2026-21", "2026-03-01~", "2026-06-21~", "2026-03-20~", "2026-06-01~"},
		{"2026-22", "2026-06-01~", "2026-09-23~", "2026-06-21~", "2026-09-01~"},
		{"2026-24", "2026-12-01~", "2027-03-20~", "2026-12-21~", "2027-03-01~"},
		{"2026-29", "2026-09-01~", "2026-12-21~", "2026-09-23~", "2026-12-01~"}, // spring in the south
		{"2026-33", "2026-01-01", "2026-03-31", "2025-12-31", "2026-04-01"},
		{"2026-Q3", "2026-07-01", "2026-09-30", "2026-06-30", "2026-10-01"},
		{"2026-38", "2026-05-01", "2026-08-31", "2026-04-30", "2026-09-01"},
		{"2026-40", "2026-01-01", "2026-06-30", "2025-12-31", "2026-07-01"},
		{"2026-02", "2026-02-01", "2026-02-28", "2026-01-31", "2026-03-01"},
		{"2026", "2026-01-01", "2026-12-31", "2025-12-31", "2027-01-01"},
		{"w/c 2026-06-08", "2026-06-08", "2026-06-14", "2026-06-07", "2026-06-15"},
	} {
		positions := map[string]string{
			c.in:                                  c.first + ".." + c.last,
			"by " + c.in:                          "open.." + c.last,
			"before " + c.in:                      "open.." + c.before,
			"not before " + c.in:                  c.first + "..open",
			"after " + c.in:                       c.after + "..open",
			"ends by " + c.in:                     "open.." + c.last,
			"between " + c.in + " and 2029-01-01": c.first + "..2029-01-01",
			"between 2020-01-01 and " + c.in:      "2020-01-01.." + c.last,
		}
		if !strings.ContainsAny(c.in, "Q/") { // a set has the dates of EDTF alone
			positions["["+c.in+", 2029-01-01]"] = c.first + "..2029-01-01"
			positions["[2020-01-01, "+c.in+"]"] = "2020-01-01.." + c.last
		}
		for in, want := range positions {
			if got := show(windowOf(t, in, "Asia/Seoul")); got != "window Asia/Seoul "+want {
				t.Errorf("%s: %s, want %s", in, got, want)
			}
		}
	}
}

func TestWindow_NoZone(t *testing.T) {
	if w := windowOf(t, "2026-02-17 09:00", ""); w.Zone != "UTC" || w.Words() != "Tue 17 Feb 2026, 09:00 UTC" {
		t.Errorf("%s, %q", w.Zone, w.Words())
	}
}

func TestWindow_Instants(t *testing.T) {
	for _, c := range []struct{ in, start, latest, end string }{
		{"tbd", "", "", ""},
		{"2026-02-17", "2026-02-16T15:00Z", "2026-02-16T15:00Z", "2026-02-17T15:00Z"},
		{"[2026-01-01..2026-02-16]", "2025-12-31T15:00Z", "2026-02-15T15:00Z", "2026-02-16T15:00Z"},
		{"by 2026-02-16", "", "2026-02-15T15:00Z", "2026-02-16T15:00Z"},
		{"after 2026-02-16", "2026-02-16T15:00Z", "", ""},
		{"from 2025-10-26 lasting 5 days", "2025-10-25T15:00Z", "2025-10-25T15:00Z", "2025-10-30T15:00Z"},
		{"at 2025-11-10 23:30 lasting 2 hours", "2025-11-10T14:30Z", "2025-11-10T14:30Z", "2025-11-10T16:30Z"},
		{"2025-11-10 23:30", "2025-11-10T14:30Z", "2025-11-10T14:30Z", "2025-11-10T14:30Z"},
		{"2026-03-15 in AoE", "2026-03-15T12:00Z", "2026-03-15T12:00Z", "2026-03-16T12:00Z"},
		{"2026-03-08 in ET", "2026-03-08T05:00Z", "2026-03-08T05:00Z", "2026-03-09T04:00Z"}, // 23 hours
		{"2026-04-23 in Africa/Cairo", "2026-04-22T22:00Z", "2026-04-22T22:00Z", "2026-04-23T22:00Z"},
	} {
		w := windowOf(t, c.in, "Asia/Seoul")
		for _, x := range []struct {
			name, want string
			of         func() (time.Time, bool)
		}{{"start", c.start, w.Start}, {"latest start", c.latest, w.LatestStart}, {"end", c.end, w.End}} {
			got, ok := x.of()
			if ok != (x.want != "") || ok && got.Format("2006-01-02T15:04Z") != x.want {
				t.Errorf("%s: the %s is %s, %t; want %q", c.in, x.name, got, ok, x.want)
			}
		}
	}
}

// All copies of a window, and what it is combined to, find their zone once.
func TestWindow_ZoneFoundOnce(t *testing.T) {
	day, hour := windowOf(t, "2026-02-17", "Asia/Seoul"), windowOf(t, "2026-02-17 09:00 ET", "Asia/Seoul")
	same, _ := day.Intersect(windowOf(t, "2026-02", "Asia/Seoul"))
	first, _ := Unknown("Asia/Seoul").Intersect(day)
	timed, _ := Unknown("Asia/Seoul").Intersect(hour)
	other, _ := windowOf(t, "2026-02", "UTC").Intersect(day)
	for _, c := range []struct {
		name string
		a, b Window
		want bool
	}{
		{"a copy", day, day, true},
		{"two of one zone", day, same, true},
		{"nothing known and a day", day, first, true},
		{"nothing known and an instant", hour, timed, true},
		{"a day in a month of another zone", day, other, true},
		{"two that were worked out apart", day, windowOf(t, "2026-02-17", "Asia/Seoul"), false},
	} {
		if got := c.a.Location() == c.b.Location(); got != c.want {
			t.Errorf("%s: the zone is shared: %t, want %t", c.name, got, c.want)
		}
		for _, w := range []Window{c.a, c.b} {
			if got := w.Location().String(); got != w.Zone {
				t.Errorf("%s: a window in %s has the zone %s", c.name, w.Zone, got)
			}
		}
	}
}

func TestWindow_ZoneNamed(t *testing.T) {
	moved := windowOf(t, "2026-02-17", "Asia/Seoul")
	moved.Zone = "America/New_York"
	for _, c := range []struct {
		w    Window
		want string
	}{
		{moved, "America/New_York"},
		{Window{Zone: "Asia/Seoul"}, "Asia/Seoul"},
		{Unknown("ET"), "America/New_York"},
		{Unknown(""), "UTC"},
		{Unknown("Asia/Nowhere"), "UTC"},
		{windowOf(t, "2026-02-17", "Asia/Nowhere"), "UTC"},
		{Window{}, "UTC"},
	} {
		if got := c.w.Location().String(); got != c.want {
			t.Errorf("a window in %q has the zone %s, want %s", c.w.Zone, got, c.want)
		}
	}
	if start, _ := moved.Start(); start.Format(time.RFC3339) != "2026-02-17T05:00:00Z" {
		t.Errorf("the day starts at %s in New York", start)
	}
}

func TestWindow_Concurrent(t *testing.T) {
	w := windowOf(t, "2026-02-17", "Asia/Seoul")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if end, ok := w.End(); !ok || end.Format(time.RFC3339) != "2026-02-17T15:00:00Z" {
				t.Errorf("it ends at %s, %t", end, ok)
			}
		})
	}
	wg.Wait()
}

func TestIntersect(t *testing.T) {
	for _, c := range []struct{ name, a, b, want string }{
		{"a window and an upper bound", "not before 2026-01", "before 2026-02-17", "window Asia/Seoul 2026-01-01..2026-02-16"},
		{"a year and a season", "2026", "2026-23", "window Asia/Seoul 2026-09-01~..2026-12-21~"},
		{"a month within a season", "2026-23", "2026-10", "window Asia/Seoul 2026-10-01..2026-10-31"},
		{"a stated limit where a convention has it too", "2026-23", "not before 2026-09", "window Asia/Seoul 2026-09-01..2026-12-21~"},
		{"a day in a window", "[2026-01-01..2026-02-16]", "2026-02-01", "day Asia/Seoul 2026-02-01..2026-02-01"},
		{"windows that share a day", "by 2026-02-16", "not before 2026-02-16", "day Asia/Seoul 2026-02-16..2026-02-16"},
		{"windows apart", "before 2026-02-16", "not before 2026-02-16", "never"},
		{"two days", "2026-02-16", "2026-02-17", "never"},
		{"nothing known", "tbd", "2026-02-16", "day Asia/Seoul 2026-02-16..2026-02-16"},
		{"nothing known at all", "tbd", "tbd", "none Asia/Seoul open..open"},
		{"an instant on a day", "2025-11-10", "2025-11-10 09:00", "instant Asia/Seoul 2025-11-10T00:00Z..2025-11-10T00:00Z"},
		{"an instant in a window", "2025-11", "2025-11-30 23:59", "instant Asia/Seoul 2025-11-30T14:59Z..2025-11-30T14:59Z"},
		{"an instant past a window", "by 2025-11-09", "2025-11-10 00:00", "never"},
		{"two instants", "2025-11-10 09:00", "2025-11-10 09:01", "never"},
		{"one instant in two zones", "2025-11-10 09:00", "2025-11-10 00:00 UTC", "instant Asia/Seoul 2025-11-10T00:00Z..2025-11-10T00:00Z"},
		{"an instant of the evening before in UTC", "2025-11-10", "2025-11-09 20:00 UTC", "instant Asia/Seoul 2025-11-09T20:00Z..2025-11-09T20:00Z"},
		{"an instant that is the day after in Seoul", "2025-11-10", "2025-11-10 20:00 UTC", "never"},
		{"an instant on the last day in New York", "by 2025-11-10 in ET", "2025-11-11 13:00", "instant America/New_York 2025-11-11T04:00Z..2025-11-11T04:00Z"},
		{"days of two zones are civil dates", "2025-11-10", "2025-11-10 in ET", "day Asia/Seoul 2025-11-10..2025-11-10"},
		{"what remains keeps its zone", "2025-11", "2025-11-10 in ET", "day America/New_York 2025-11-10..2025-11-10"},
		{"bounds of two zones", "not before 2025-11-01", "by 2025-11-10 in ET", "window Asia/Seoul 2025-11-01..2025-11-10"},
		{"a span that begins in a window", "2025-10", "from 2025-10-26 lasting 5 days", "span Asia/Seoul 2025-10-26..2025-10-26 to 2025-10-30..2025-10-30"},
		{"a span that begins on the last day", "by 2025-10-26", "from 2025-10-26 lasting 5 days", "span Asia/Seoul 2025-10-26..2025-10-26 to 2025-10-30..2025-10-30"},
		{"a span that begins too late", "by 2025-10-25", "from 2025-10-26 lasting 5 days", "never"},
		{"a day in the middle of a span", "2025-10-28", "from 2025-10-26 lasting 5 days", "never"},
		{"spans with two ends", "from 2025-10-26 lasting 4 days", "from 2025-10-26 lasting 5 days", "never"},
		{"a span whose first hour is known", "from 2025-10-26 lasting 5 days", "2025-10-26 09:00", "instant Asia/Seoul 2025-10-26T00:00Z..2025-10-26T00:00Z to 2025-10-30..2025-10-30"},
		{"a span whose hours are known", "from 2025-10-26 lasting 5 days", "from 2025-10-26 09:00 to 2025-10-30 17:00", "instant Asia/Seoul 2025-10-26T00:00Z..2025-10-26T00:00Z to 2025-10-30T08:00Z..2025-10-30T08:00Z"},
		{"a meeting over midnight", "2025-10-26", "at 2025-10-26 23:00 lasting 2 hours", "instant Asia/Seoul 2025-10-26T14:00Z..2025-10-26T14:00Z to 2025-10-26T16:00Z..2025-10-26T16:00Z"},
		{"the day on which a meeting ends", "2025-10-27", "at 2025-10-26 23:00 lasting 2 hours", "never"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, b := windowOf(t, c.a, "Asia/Seoul"), windowOf(t, c.b, "Asia/Seoul")
			both, ok := a.Intersect(b)
			got := show(both)
			if !ok {
				got = "never"
			}
			if got != c.want {
				t.Errorf("%s and %s: %s, want %s", c.a, c.b, got, c.want)
			}
			if _, again := b.Intersect(a); again != ok {
				t.Errorf("the other way round it is %t", again)
			}
		})
	}
}

func TestIntersect_KeepsWhoSaidIt(t *testing.T) {
	lo, _ := Parse("not before 2026-01-01")
	hi, _ := Parse("by 2026-02-16")
	both, ok := lo.Window("UTC", "x#1").Intersect(hi.Window("UTC", "x#2"))
	if !ok || both.Earliest.By != "x#1" || both.Latest.By != "x#2" {
		t.Errorf("got %q, %q, %t", both.Earliest.By, both.Latest.By, ok)
	}
}

// A day on which only the bounds of the hour are known is a day.
func TestWindow_PrecisionWithinADay(t *testing.T) {
	morning, noon := windowOf(t, "2026-02-16 09:00", "UTC"), windowOf(t, "2026-02-16 12:00", "UTC")
	from := Window{Zone: "UTC", Precision: SomeDay, Earliest: morning.Earliest, EndsEarliest: morning.Earliest}
	to := Window{Zone: "UTC", Precision: SomeDay, Latest: noon.Latest, EndsLatest: noon.Latest}
	both, ok := from.Intersect(to)
	if !ok || both.Precision != OneDay || !both.Settled() || both.Words() != "Mon 16 Feb 2026" {
		t.Errorf("%s, %t: %s", show(both), ok, both.Words())
	}
	dated, ok := both.Intersect(windowOf(t, "2026-02-16", "UTC"))
	if !ok || show(dated) != show(both) {
		t.Errorf("with the day: %s, %t", show(dated), ok)
	}
}

// windows draws the window of an expression near the year 2026, so that many of
// them meet, in the given zone.
func windows(zones ...string) *rapid.Generator[Window] {
	near := rapid.Custom(func(t *rapid.T) Point {
		d := civil.Date{Year: 2026, Month: 2, Day: 10}.AddDays(rapid.IntRange(0, 12).Draw(t, "day"))
		switch rapid.IntRange(0, 6).Draw(t, "kind of period") {
		case 0:
			return Point{Period: civil.Period{Year: d.Year}}
		case 1:
			return Point{Period: civil.Period{Year: d.Year, Month: int(d.Month), Day: 0}}
		case 2:
			return Point{Period: civil.Period{Year: 2025, Month: 24, Day: 0}}
		}
		return Point{Period: civil.Day(d)}
	})
	forms := []Form{TBD, On, On, At, At, From, From, Between, By, Before, After, NotBefore}
	return rapid.Custom(func(t *rapid.T) Window {
		e := Expr{Form: rapid.SampledFrom(forms).Draw(t, "form")}
		if e.Form != TBD {
			e.A = near.Draw(t, "a")
		}
		if (e.Form == At || e.Form == From) && rapid.Bool().Draw(t, "timed") {
			e.A.Timed, e.A.Clock.Hour = true, 6*rapid.IntRange(0, 3).Draw(t, "hour")
		}
		switch lasts := (e.Form == At || e.Form == From) && rapid.Bool().Draw(t, "lasts"); {
		case lasts && e.A.Timed:
			e.Lasts.Minutes = rapid.IntRange(1, 3000).Draw(t, "minutes")
		case lasts:
			e.Lasts.Days = rapid.IntRange(1, 4).Draw(t, "days")
		case e.Form == From, e.Form == Between:
			e.B = near.Draw(t, "b")
			e.B.Timed, e.B.Clock.Hour = e.A.Timed, e.A.Clock.Hour
		}
		if e.Check() != nil {
			t.Skip("no expression")
		}
		return e.Window(rapid.SampledFrom(zones).Draw(t, "zone"), "s")
	})
}

// limits writes the bounds of w alone: what its days and instants are.
func limits(w Window) [4]string {
	var out [4]string
	for i, b := range []Bound{w.Earliest, w.Latest, w.EndsEarliest, w.EndsLatest} {
		switch {
		case b.Timed:
			out[i] = b.At.Format(time.RFC3339)
		case b.Known():
			out[i] = fmt.Sprint(b.Day, b.Soft)
		}
	}
	return out
}

func TestWindow_Consistent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := exprs().Draw(t, "expression")
		w := e.Window("Asia/Seoul", "s")
		start, starts := w.Start()
		latest, hasLatest := w.LatestStart()
		end, ends := w.End()
		switch {
		case starts && hasLatest && latest.Before(start), hasLatest && ends && end.Before(latest):
			t.Fatalf("%s begins %s, at the latest %s, and ends %s", e, start, latest, end)
		case w.Precision == Instant && !e.A.Timed, w.Precision == Span && e.Form != From:
			t.Fatalf("%s is as precise as %s", e, w.Precision)
		case w.Precision == OneDay && !e.A.Period.IsDay():
			t.Fatalf("%s is taken for a day", e)
		case w.Settled() != (e.Form == At || e.Form == From || e.A.Period.IsDay() && (e.Form == On || e.Form == Between && e.A == e.B)):
			t.Fatalf("%s: settled is %t", e, w.Settled())
		}
		for _, b := range []Bound{w.Earliest, w.Latest, w.EndsEarliest, w.EndsLatest} {
			if b.Timed && (b.Day != civil.DateOf(b.At, w.Location()) || b.At.Location() != time.UTC) {
				t.Fatalf("%s: %s is not the day of %s in %s", e, b.Day, b.At, w.Zone)
			}
		}
	})
}

func TestIntersect_Commutative(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := windows("Asia/Seoul", "UTC", "America/New_York")
		a, b := g.Draw(t, "a"), g.Draw(t, "b")
		ab, ok := a.Intersect(b)
		ba, ok2 := b.Intersect(a)
		if ok != ok2 || ok && limits(ab) != limits(ba) {
			t.Fatalf("%s with %s: %s, %t; the other way %s, %t", show(a), show(b), show(ab), ok, show(ba), ok2)
		}
	})
}

func TestIntersect_Associative(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := windows("Asia/Seoul")
		a, b, c := g.Draw(t, "a"), g.Draw(t, "b"), g.Draw(t, "c")
		three := func(x, y, z Window) string {
			xy, ok := x.Intersect(y)
			xyz, ok2 := xy.Intersect(z)
			if !ok || !ok2 {
				return "never"
			}
			return show(xyz) + fmt.Sprint(limits(xyz))
		}
		left, right := three(a, b, c), three(b, c, a)
		if left != right {
			t.Fatalf("%s, %s, %s: %s or %s", show(a), show(b), show(c), left, right)
		}
	})
}

func TestIntersect_NeverWiderOrFiner(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := windows("Asia/Seoul", "UTC", "America/New_York")
		a, b := g.Draw(t, "a"), g.Draw(t, "b")
		both, ok := a.Intersect(b)
		if !ok {
			return
		}
		for _, w := range []Window{a, b} {
			// What it is met with again changes nothing more.
			again, ok := both.Intersect(w)
			if !ok || limits(again) != limits(both) {
				t.Fatalf("%s with %s is %s, and with it again %s, %t", show(a), show(b), show(both), show(again), ok)
			}
			if self, ok := w.Intersect(w); !ok || show(self) != show(w) || self != w {
				t.Fatalf("%s with itself is %s, %t", show(w), show(self), ok)
			}
			if all, ok := w.Intersect(Unknown("UTC")); !ok || all != w {
				t.Fatalf("%s with nothing known is %s, %t", show(w), show(all), ok)
			}
			if w.Settled() && !both.Settled() {
				t.Fatalf("%s is settled, with %s it is %s", show(w), show(b), show(both))
			}
		}
		one := func(p Precision) bool { return a.Precision == p || b.Precision == p }
		if both.Precision == Instant && !one(Instant) || both.Precision == Span && !one(Span) {
			t.Fatalf("%s with %s is %s", show(a), show(b), show(both))
		}
		if both.Precision != Instant && (both.Earliest.Timed || both.Latest.Timed) {
			t.Fatalf("%s with %s has an hour: %s", show(a), show(b), show(both))
		}
		for _, x := range []Bound{both.Earliest, both.Latest, both.EndsEarliest, both.EndsLatest} {
			if x.Timed && x.Day != civil.DateOf(x.At, both.Location()) {
				t.Fatalf("%s: %s is not the day of %s", show(both), x.Day, x.At)
			}
		}
		if both.Words() == "" {
			t.Fatalf("%s has no words", show(both))
		}
	})
}
