package when

import (
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"attache/internal/civil"
	"attache/internal/syntax"
	"attache/internal/workday"
)

// bound parses an expression and finds its calendars among those built in.
func bound(t testing.TB, text string) Expr {
	t.Helper()
	e, err := Parse(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	if e, err = e.With(workday.BuiltIn()); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return e
}

// span writes the bounds of a window, a star behind those that are soft.
func bounds(w Window) string {
	var out []string
	for _, b := range []Bound{w.Earliest, w.Latest} {
		s := b.Day.String()
		if !b.Known() {
			s = "open"
		}
		if b.Soft {
			s += "*"
		}
		out = append(out, s)
	}
	if w.Lasts() {
		out = append(out, "ends "+w.EndsLatest.Day.String())
	}
	return strings.Join(out, " ")
}

func TestBusinessDays_OfACalendar(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"10 US business days after 2025-11-10", "2025-11-25 2025-11-25"}, // the 11th is Veterans Day
		{"5 US business days before 2025-12-31", "2025-12-23 2025-12-23"},
		{"by 3 US business days before 2026-07-06", "open 2026-06-30"}, // 3 July is observed
		{"at least 10 CN business days after 2026-02-13", "2026-03-05 open"},
		{"within 5 CN business days after 2026-02-13", "2026-02-13 2026-02-27"},
		{"after 1 CN business day after 2026-02-13", "2026-02-15 open"}, // Saturday the 14th is worked
		{"0 US business days after 2025-11-11", "2025-11-11 2025-11-11"},
		{"5 CN business days after 2031-01-01", "2031-01-08* 2031-01-08*"}, // not published
		{"from 2026-02-13 lasting 3 CN business days", "2026-02-13 2026-02-13 ends 2026-02-24"},
		{"from 2026-01-31 lasting 1 month", "2026-01-31 2026-01-31 ends 2026-02-27"},
		{"holiday(US, Thanksgiving Day, 2026)", "2026-11-26 2026-11-26"},
		{"before holiday(us, thanksgiving day, 2026)", "open 2026-11-25"},
		{"2 US business days after holiday(CN, Spring Festival, 2026)", "2026-02-19 2026-02-19"},
		{"between lunar-new-year(CN) 2026 and holiday(CN, Qingming Festival, 2026)", "2026-02-17 2026-04-05"},
		{"from 2026-01-01 to 3 US business days after 2026-01-01", "2026-01-01 2026-01-01 ends 2026-01-06"},
	} {
		e, err := Parse(c.in)
		if err == nil {
			e, err = e.With(workday.BuiltIn().Plus(named(t, "us", "US")))
		}
		if err != nil {
			t.Errorf("%s: %v", c.in, err)
			continue
		}
		if got := bounds(e.Window("Asia/Shanghai", "s")); got != c.want {
			t.Errorf("%s: %s; want %s", c.in, got, c.want)
		}
	}
}

// named returns a calendar under another name.
func named(t *testing.T, name, of string) *workday.Calendar {
	t.Helper()
	c, err := workday.Holidays(of)
	if err != nil {
		t.Fatal(err)
	}
	other := *c
	other.Name = name
	return &other
}

func TestBusinessDays_UnknownCalendar(t *testing.T) {
	const all = "there are CN, EU, GB, HK, JP, KR, MY, SG, TARGET, US, weekdays"
	for in, want := range map[string]string{
		"10 business days after event:x":              "business days of which calendar? add calendar: " + all,
		"10 USA business days after event:x":          `there is no calendar "USA": did you mean "US"? ` + all,
		"10 Brussels business days after event:x":     `there is no calendar "Brussels": did you mean "EU"? ` + all,
		"by holiday(XX, New Year's Day, 2026)":        `there is no calendar "XX": ` + all,
		"by holiday(US, Thanksgiving, 2026)":          `US has no holiday "Thanksgiving" in 2026: did you mean "Thanksgiving Day"?`,
		"by holiday(CN, Spring Festival, 2035)":       "the holidays of CN are not known for 2035: they are from 2024 to 2026",
		"by holiday(GB, Bastille, 2026)":              `GB has no holiday "Bastille" in 2026: there are New Year's Day, Good Friday, Easter Monday, Early May, Spring Bank Holiday, Summer Bank Holiday, Christmas Day, Boxing Day`,
		"from 2026-01-01 lasting 3 business days":     "business days of which calendar? add calendar: " + all,
		"between 2026-01-01 and holiday(US, x, 2026)": "",
	} {
		e, err := Parse(in)
		if err != nil {
			t.Errorf("%s: %v", in, err)
			continue
		}
		_, err = e.With(workday.BuiltIn())
		if err == nil || want != "" && err.Error() != want {
			t.Errorf("%s: %v\nwant %s", in, err, want)
		}
	}
}

func TestBusinessDays_NamedCalendar(t *testing.T) {
	e, err := Parse("30 business days after event:notice")
	if err != nil || !e.NeedsCalendar() {
		t.Fatalf("%+v, %v", e, err)
	}
	if got := e.In("US").String(); got != "on 30 US business days after event:notice" {
		t.Errorf("in the calendar US it is %q", got)
	}
	if got := e.In("US").In("CN").String(); got != "on 30 US business days after event:notice" {
		t.Errorf("a second calendar made it %q", got)
	}
	if got := e.In("US").Words(); got != "30 US business days after notice" {
		t.Errorf("in words it is %q", got)
	}
}

// TestDistance_WayBackIsTheFurthest holds what propagation rests on: a distance
// never turns two days round, and the way back is its upper or lower adjoint.
func TestDistance_WayBackIsTheFurthest(t *testing.T) {
	calendars := workday.BuiltIn()
	rapid.Check(t, func(t *rapid.T) {
		r := Ref{
			Event: "x", N: rapid.IntRange(0, 60).Draw(t, "n"), Back: rapid.Bool().Draw(t, "back"),
			Unit: rapid.SampledFrom([]Unit{UnitHours, UnitDays, UnitWeeks, UnitMonths, UnitBusinessDays}).Draw(t, "unit"),
		}
		if r.Unit == UnitBusinessDays {
			r.Calendar = rapid.SampledFrom(calendars.Names()).Draw(t, "calendar")
		}
		if err := r.bind(calendars); err != nil {
			t.Fatal(err)
		}
		l := Limit{ref: &r, lower: rapid.Bool().Draw(t, "lower"), far: true, days: rapid.IntRange(-1, 1).Draw(t, "days")}
		d := civil.Date{Year: 2026, Month: 2, Day: 10}.AddDays(rapid.IntRange(-400, 400).Draw(t, "day"))
		if l.day(d.AddDays(1)).Before(l.day(d)) {
			t.Fatalf("%s: %s comes after %s, and %s before %s", r, d.AddDays(1), d, l.day(d.AddDays(1)), l.day(d))
		}
		back := l.base(d)
		if l.lower && (l.day(back).After(d) || !l.day(back.AddDays(1)).After(d)) {
			t.Fatalf("%s: the last day that leads to %s or before is not %s", r, d, back)
		}
		if !l.lower && (l.day(back).Before(d) || !l.day(back.AddDays(-1)).Before(d)) {
			t.Fatalf("%s: the first day that leads to %s or after is not %s", r, d, back)
		}
	})
}

func TestDistance_Hours(t *testing.T) {
	at := bound(t, "at 2026-03-07 20:00 in America/New_York").Window("America/New_York", "x")
	day := bound(t, "2026-03-07").Window("America/New_York", "x")
	for _, c := range []struct {
		in   string
		base Window
		want string
	}{
		{"24 hours after event:x", at, "2026-03-09T01:00:00Z 2026-03-09T01:00:00Z"}, // 21:00: the clocks went on
		{"at least 36 hours before event:x", at, " 2026-03-06T13:00:00Z"},
		{"within 48 hours after event:x", at, "2026-03-07 2026-03-10T01:00:00Z"},
		{"36 hours after event:x", day, "2026-03-08 2026-03-09"},
		{"at least 36 hours before event:x", day, " 2026-03-06"},
		{"at most 36 hours before event:x", day, "2026-03-05 2026-03-06"},
	} {
		w := bound(t, c.in).Against(c.base, "America/New_York", "s")
		text := func(b Bound) string {
			if b.Timed {
				return b.At.Format("2006-01-02T15:04:05Z")
			}
			return b.Day.String()
		}
		if got := text(w.Earliest) + " " + text(w.Latest); got != c.want {
			t.Errorf("%s: %s; want %s", c.in, got, c.want)
		}
	}
}

func TestPeriod_WeeksQuartersHalves(t *testing.T) {
	for _, c := range []struct{ in, printed, words, window string }{
		{"2026-Q1", "on 2026-Q1", "Q1 2026", "2026-01-01 2026-03-31"},
		{"2026-q4", "on 2026-Q4", "Q4 2026", "2026-10-01 2026-12-31"},
		{"by 2026-H1", "by 2026-H1", "by H1 2026", "open 2026-06-30"},
		{"after 2026-H2", "after 2026-H2", "after H2 2026", "2027-01-01 open"},
		{"w/c 2026-03-02", "on w/c 2026-03-02", "the week of 2 Mar 2026", "2026-03-02 2026-03-08"},
		{"W/C 2026-03-01", "on w/c 2026-03-01", "the week of 1 Mar 2026", "2026-03-01 2026-03-07"},
		{"not before w/c 2026-03-02", "not before w/c 2026-03-02", "not before the week of 2 Mar 2026", "2026-03-02 open"},
		{"between w/c 2026-03-02 and 2026-Q2", "between w/c 2026-03-02 and 2026-Q2", "between the week of 2 Mar 2026 and Q2 2026", "2026-03-02 2026-06-30"},
	} {
		e := bound(t, c.in)
		if got := e.String(); got != c.printed {
			t.Errorf("%s is printed as %q; want %q", c.in, got, c.printed)
		}
		if again := bound(t, e.String()); again != e {
			t.Errorf("%s comes back as %+v", c.in, again)
		}
		if got := e.Words(); got != c.words {
			t.Errorf("%s in words is %q; want %q", c.in, got, c.words)
		}
		if got := bounds(e.Window("UTC", "s")); got != c.window {
			t.Errorf("%s: %s; want %s", c.in, got, c.window)
		}
	}
	for in, want := range map[string]string{
		"w/c 2026-03-03":      "3 Mar 2026 is a Tuesday: a week begins on Monday, w/c 2026-03-02, or on Sunday, w/c 2026-03-01 at 4",
		"by w/c 2026-02-30":   `"2026-02-30": February 2026 has no day 30 at 15`,
		"w/c 2026-02":         `"2026-02" is not a day: write it as 2026-02-16 at 4`,
		"2026-Q5":             `"2026-Q5" is not a date: write it as 2026-02-16, 2026-02 or 2026 at 5`,
		"from w/c 2026-03-02": `from: "w/c 2026-03-02" is not a day: a span begins on a day; use between for some day of a longer time`,
	} {
		_, err := Parse(in)
		got := message(err)
		if se, ok := err.(*syntax.Error); ok {
			got += " at " + strconv.Itoa(se.Offset)
		}
		if got != want {
			t.Errorf("%s: %s\nwant %s", in, got, want)
		}
	}
}

func TestBusinessDays_BeyondPublished(t *testing.T) {
	for in, soft := range map[string]bool{
		"5 CN business days after 2026-03-02":                       false,
		"5 CN business days after 2026-12-28":                       true,
		"from 2026-12-28 lasting 10 CN business days":               true,
		"by holiday(CN, Spring Festival, 2026)":                     false,
		"by 3 US business days before 2027-07-06":                   false,
		"between 2026-12-01 and 1 MY business day after 2026-12-01": true,
		"5 CN business days after event:x":                          false, // its place is not known here
	} {
		if got := bound(t, in).Soft(); got != soft {
			t.Errorf("%s is soft: %t; want %t", in, got, soft)
		}
	}
}
