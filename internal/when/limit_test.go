package when

import (
	"testing"

	"pgregory.net/rapid"

	"attache/internal/civil"
	"attache/internal/syntax"
)

func TestParse_Relative(t *testing.T) {
	cases := []struct{ in, out, words string }{
		{"before event:lunar-new-year", "before event:lunar-new-year", "before lunar-new-year"},
		{"After event:visit.start", "after event:visit.start", "after the start of visit"},
		{"not before event:visit.end in Asia/Seoul", "not before event:visit.end in Asia/Seoul", "not before the end of visit"},
		{"during event:summit", "during event:summit", "during summit"},
		{"within 10 days after event:signature", "within 10 days after event:signature", "within 10 days after signature"},
		{"after at least 2 weeks after event:signature", "after at least 2 weeks after event:signature", "after at least 2 weeks after signature"},
		{"30 days after event:notice", "on 30 days after event:notice", "30 days after notice"},
		{"at least 1 month before event:vote", "on at least 1 month before event:vote", "at least 1 month before vote"},
		{"on exactly 1 day after 2026-02-16", "on exactly 1 day after 2026-02-16", "exactly 1 day after 16 Feb 2026"},
		{"ends by 2026-02-16", "ends by 2026-02-16", "ends by 16 Feb 2026"},
		{"ends by event:deadline", "ends by event:deadline", "ends by deadline"},
		{"before lunar-new-year(CN) 2026", "before lunar-new-year(CN) 2026", "before the Lunar New Year of 2026 in China"},
		{"2 weeks after lunar-new-year 2027", "on 2 weeks after lunar-new-year 2027", "2 weeks after the Lunar New Year of 2027"},
	}
	for _, c := range cases {
		e, err := Parse(c.in)
		if err != nil {
			t.Errorf("%s: %v", c.in, err)
			continue
		}
		if e.String() != c.out || e.Words() != c.words {
			t.Errorf("%s: %q, %q", c.in, e.String(), e.Words())
		}
		if again, err := Parse(e.String()); err != nil || again != e {
			t.Errorf("%s reads back as %v, %v", e, again, err)
		}
	}
}

func TestParse_RelativeToNothing(t *testing.T) {
	cases := []struct {
		in, msg string
		offset  int
	}{
		{"before event:", "an event is missing behind event: write event:signature", 7},
		{"before event:visit.middle", `an event has a start and an end, and no "middle"`, 19},
		{"10 days event:visit", "before or after what? write 10 days after event:visit", 8},
		{"60 days following event:visit", "before or after what? write 60 days after event:visit", 8},
		{"10 days after", "an event or a day is missing: write event:signature or 2026-02-16", 13},
		{"3 years after event:visit", "a distance is counted in hours, days, weeks, months or business days", 0},
		{"30 bussiness days after event:visit", `a distance is counted in hours, days, weeks, months or business days: did you mean "30 business days"?`, 0},
		{"30 working days after event:visit", `a distance is counted in hours, days, weeks, months or business days: did you mean "30 business days"?`, 0},
		{"2 weekks after event:visit", `a distance is counted in hours, days, weeks, months or business days: did you mean "2 weeks"?`, 0},
		{"by holiday(US, Labor Day)", `"holiday(US, Labor Day)" is no holiday: write holiday(US, Labor Day, 2026)`, 3},
		{"by holiday(US, Labor Day, 26)", `"26" is not a year: write holiday(US, Labor Day, 2026)`, 3},
		{"by holiday(US, , 2026)", "holiday( names no holiday: write holiday(US, Labor Day, 2026)", 3},
		{"by holiday(U S, Labor Day, 2026)", `"U S" is no name for a calendar: use letters, digits and inner hyphens`, 3},
		{"by holiday(US, Labor Day, 2026", "holiday( is not closed: write holiday(US, Labor Day, 2026)", 3},
		{"20000 days after event:visit", "20000 is too far: 10000 are the most", 0},
		{"at least event:visit", "how far? write at least 10 days after event:signature", 9},
		{"before event:visit event:other", `"event:other" was not understood: nothing may follow the date but in and a zone`, 19},
		{"before lunar-new-year(US) 2026", `"lunar-new-year(US)" is no Lunar New Year: the countries are CN, KR and VN`, 7},
		{"before lunar-new-year(CN) 2200", "the Lunar New Year of 2200 is not known: the years are 1990 to 2056", 7},
		{"before lunar-new-year(CN)", "which year? write lunar-new-year(CN) 2026", 25},
		{"10 days after 2026-02-30", `"2026-02-30": February 2026 has no day 30`, 22},
	}
	for _, c := range cases {
		_, err := Parse(c.in)
		se, ok := err.(*syntax.Error)
		if !ok || se.Msg != c.msg || se.Offset != c.offset {
			t.Errorf("%s: %#v", c.in, err)
		}
	}
	for in, msg := range map[string]string{
		"at event:visit":                 "at: names a day of its own; on, by, before, after, not_before, during and within can lean on an event",
		"from event:visit to 2026-02-16": "from: names a day of its own; on, by, before, after, not_before, during and within can lean on an event",
		"during event:visit.start":       "during: names an event: during event:summit",
		"within event:visit":             "within: needs a distance: within 10 days after event:signature",
	} {
		if _, err := Parse(in); err == nil || err.Error() != msg {
			t.Errorf("%s: %v", in, err)
		}
	}
}

func mustParse(t testing.TB, s string) Expr {
	t.Helper()
	e, err := Parse(s)
	if err != nil {
		t.Fatalf("%s: %v", s, err)
	}
	return e
}

func TestWindow_Relative(t *testing.T) {
	visit := mustParse(t, "between 2026-01-01 and 2026-02-16").Window("Asia/Shanghai", "visit#1")
	tour := mustParse(t, "from 2025-10-26 to 2025-10-30").Window("Asia/Shanghai", "tour#1")
	cases := []struct {
		in   string
		u    Window
		want string
	}{
		{"after event:visit", visit, "on or after 2 Jan 2026"},
		{"before event:visit", visit, "on or before 15 Feb 2026"},
		{"by event:visit", visit, "on or before 16 Feb 2026"},
		{"not before event:visit", visit, "on or after 1 Jan 2026"},
		{"on event:visit", visit, "some day from 1 Jan to 16 Feb 2026"},
		{"after event:tour", tour, "on or after 31 Oct 2025"},
		{"after event:tour.start", tour, "on or after 27 Oct 2025"},
		{"before event:tour.end", tour, "on or before 29 Oct 2025"},
		{"during event:tour", tour, "some day from 26 to 30 Oct 2025"},
		{"10 days after event:tour", tour, "Sun 9 Nov 2025"},
		{"1 month before event:tour", tour, "Fri 26 Sep 2025"},
		{"within 2 weeks after event:tour", tour, "some day from 30 Oct to 13 Nov 2025"},
		{"within 2 days before event:tour", tour, "some day from 24 to 26 Oct 2025"},
		{"after at least 10 days after event:tour", tour, "on or after 9 Nov 2025"},
		{"at most 3 days after event:tour", tour, "some day from 31 Oct to 2 Nov 2025"},
		{"at most 3 days before event:tour", tour, "some day from 23 to 25 Oct 2025"},
		{"after event:unknown", Unknown("UTC"), "no date yet"},
	}
	for _, c := range cases {
		if got := mustParse(t, c.in).Against(c.u, "Asia/Shanghai", "it#1").Words(); got != c.want {
			t.Errorf("%s: %s, want %s", c.in, got, c.want)
		}
	}
	if got := mustParse(t, "10 days after 2026-02-16").Window("UTC", "").Words(); got != "Thu 26 Feb 2026" {
		t.Errorf("10 days after a day: %s", got)
	}
}

func TestLunarNewYear_ByCountry(t *testing.T) {
	for in, want := range map[string]string{
		"before lunar-new-year(CN) 2026": "on or before 16 Feb 2026",
		"on lunar-new-year(CN) 2027":     "Sat 6 Feb 2027",
		"on lunar-new-year(KR) 2027":     "Sun 7 Feb 2027",
		"on lunar-new-year 2027":         "some day from 6 to 7 Feb 2027",
		"before lunar-new-year 2027":     "on or before 6 Feb 2027",
	} {
		e := mustParse(t, in)
		if got := e.Window("UTC", "").Words(); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
	if !mustParse(t, "on lunar-new-year 2027").Ambiguous() || mustParse(t, "on lunar-new-year 2026").Ambiguous() || mustParse(t, "2026-02-17").Ambiguous() {
		t.Error("the wrong ones are ambiguous")
	}
}

// TestDistance_ThereAndBack holds Limit.Back to its meaning: a day of the event
// leaned on is allowed exactly where some day of the other then is.
func TestDistance_ThereAndBack(t *testing.T) {
	forms := []string{
		"after event:u", "before event:u", "by event:u", "not before event:u", "on event:u", "during event:u",
		"10 days after event:u", "1 month after event:u", "2 months before event:u", "within 3 weeks after event:u",
		"at least 1 month before event:u", "at most 1 month after event:u", "after 1 month after event:u", "before 3 months before event:u",
		"10 business days after event:u", "at most 5 business days before event:u",
	}
	rapid.Check(t, func(rt *rapid.T) {
		e := mustParse(t, rapid.SampledFrom(forms).Draw(rt, "form"))
		d := civil.Date{Year: 2026, Month: 1, Day: 1}.AddDays(rapid.IntRange(0, 800).Draw(rt, "v"))
		v := Expr{Form: Between, A: Point{Period: civil.Day(d)}, B: Point{Period: civil.Day(d.AddDays(rapid.IntRange(0, 40).Draw(rt, "wide")))}}.Window("UTC", "")
		u := d.AddDays(rapid.IntRange(-150, 150).Draw(rt, "u"))
		day := Expr{Form: On, A: Point{Period: civil.Day(u)}}.Window("UTC", "")
		_, there := v.Intersect(e.Against(day, "UTC", ""))
		back := true
		for _, l := range e.Limits() {
			if l.Lower() {
				last, _ := l.Back(v.Latest.Day.Number())
				back = back && u.Number() <= last
			} else {
				first, _ := l.Back(v.Earliest.Day.Number())
				back = back && u.Number() >= first
			}
		}
		if there != back {
			rt.Fatalf("%s: with %s on %s, %s is possible: %v; and the other way round: %v", e, "u", u, v.Words(), there, back)
		}
	})
}
