package workday

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/6tail/lunar-go/HolidayUtil"
	"github.com/rickar/cal/v2"
	"pgregory.net/rapid"

	"attache/internal/civil"
)

// civilDate reads a date that a test states.
func civilDate(t testing.TB, s string) civil.Date {
	t.Helper()
	d, err := civil.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// holidays returns a calendar that exists.
func holidays(t testing.TB, name string) *Calendar {
	t.Helper()
	c, err := Holidays(name)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestHolidays_NotWorked(t *testing.T) {
	for name, days := range map[string]string{
		"US": `2025-01-01 2025-01-20 2025-02-17 2025-05-26 2025-06-19 2025-07-04 2025-09-01 2025-10-13 2025-11-11 2025-11-27 2025-12-25
			2026-01-01 2026-01-19 2026-02-16 2026-05-25 2026-06-19 2026-07-03 2026-09-07 2026-10-12 2026-11-11 2026-11-26 2026-12-25
			2027-01-01 2027-01-18 2027-02-15 2027-05-31 2027-06-18 2027-07-05 2027-09-06 2027-10-11 2027-11-11 2027-11-25 2027-12-24 2027-12-31
			2028-01-17 2028-02-21 2028-05-29 2028-06-19 2028-07-04 2028-09-04 2028-10-09 2028-11-10 2028-11-23 2028-12-25`,
		"GB": `2026-01-01 2026-04-03 2026-04-06 2026-05-04 2026-05-25 2026-08-31 2026-12-25 2026-12-28
			2027-01-01 2027-03-26 2027-03-29 2027-05-03 2027-05-31 2027-08-30 2027-12-27 2027-12-28`,
		"JP": `2026-01-01 2026-01-12 2026-02-11 2026-02-23 2026-03-20 2026-04-29 2026-05-04 2026-05-05 2026-05-06 2026-07-20
			2026-08-11 2026-09-21 2026-09-22 2026-09-23 2026-10-12 2026-11-03 2026-11-23`,
		"TARGET": `2025-01-01 2025-04-18 2025-04-21 2025-05-01 2025-12-25 2025-12-26
			2026-01-01 2026-04-03 2026-04-06 2026-05-01 2026-12-25`,
		"CN": `2026-01-01 2026-01-02 2026-02-16 2026-02-17 2026-02-18 2026-02-19 2026-02-20 2026-02-23 2026-04-06
			2026-05-01 2026-05-04 2026-05-05 2026-06-19 2026-09-25 2026-10-01 2026-10-02 2026-10-05 2026-10-06 2026-10-07`,
		"KR": `2025-01-01 2025-01-27 2025-01-28 2025-01-29 2025-01-30 2025-03-03 2025-05-05 2025-05-06 2025-06-03 2025-06-06
			2025-08-15 2025-10-03 2025-10-06 2025-10-07 2025-10-08 2025-10-09 2025-12-25
			2026-01-01 2026-02-16 2026-02-17 2026-02-18 2026-03-02 2026-05-01 2026-05-05 2026-05-25 2026-06-03 2026-07-17
			2026-08-17 2026-09-24 2026-09-25 2026-10-05 2026-10-09 2026-12-25
			2027-01-01 2027-02-08 2027-02-09 2027-03-01 2027-05-03 2027-05-05 2027-05-13 2027-07-19 2027-08-16
			2027-09-14 2027-09-15 2027-09-16 2027-10-04 2027-10-11 2027-12-27`,
		"HK": `2025-01-01 2025-01-29 2025-01-30 2025-01-31 2025-04-04 2025-04-18 2025-04-21 2025-05-01 2025-05-05 2025-07-01
			2025-10-01 2025-10-07 2025-10-29 2025-12-25 2025-12-26
			2026-01-01 2026-02-17 2026-02-18 2026-02-19 2026-04-03 2026-04-06 2026-04-07 2026-05-01 2026-05-25 2026-06-19
			2026-07-01 2026-10-01 2026-10-19 2026-12-25`,
		"SG": `2024-01-01 2024-02-12 2024-03-29 2024-04-10 2024-05-01 2024-05-22 2024-06-17 2024-08-09 2024-10-31 2024-12-25
			2025-01-01 2025-01-29 2025-01-30 2025-03-31 2025-04-18 2025-05-01 2025-05-12 2025-10-20 2025-12-25
			2026-01-01 2026-02-17 2026-02-18 2026-04-03 2026-05-01 2026-05-27 2026-06-01 2026-08-10 2026-11-09 2026-12-25`,
		"MY": `2025-01-01 2025-01-29 2025-01-30 2025-02-11 2025-03-18 2025-03-31 2025-04-01 2025-05-01 2025-05-12 2025-06-02
			2025-06-27 2025-09-01 2025-09-05 2025-09-15 2025-09-16 2025-10-20 2025-12-25`,
		"EU": `2025-01-01 2025-01-02 2025-04-17 2025-04-18 2025-04-21 2025-05-01 2025-05-09 2025-05-29 2025-05-30 2025-06-09
			2025-07-21 2025-08-15 2025-12-24 2025-12-25 2025-12-26 2025-12-29 2025-12-30 2025-12-31`,
	} {
		c, want := holidays(t, name), strings.Fields(days)
		var got []string
		first, last := civilDate(t, want[0]), civilDate(t, want[len(want)-1])
		for d := (civil.Date{Year: first.Year, Month: 1, Day: 1}); d.Year <= last.Year; d = d.AddDays(1) {
			if wd := d.Weekday(); wd != time.Saturday && wd != time.Sunday && !c.Business(d) {
				got = append(got, d.String())
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s:\n got %v\nwant %v", name, got, want)
		}
	}
}

func TestHolidays_ChinaWorkedWeekends(t *testing.T) {
	c := holidays(t, "CN")
	var got []string
	for d := (civil.Date{Year: 2026, Month: 1, Day: 1}); d.Year == 2026; d = d.AddDays(1) {
		if wd := d.Weekday(); (wd == time.Saturday || wd == time.Sunday) && c.Business(d) {
			got = append(got, d.String())
		}
	}
	want := strings.Fields("2026-01-04 2026-02-14 2026-02-28 2026-05-09 2026-09-20 2026-10-10")
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestHolidays_ChinaAgreesWithALibrary(t *testing.T) {
	c := holidays(t, "CN")
	for d := c.PublishedFrom; !d.After(c.PublishedUntil); d = d.AddDays(1) {
		want := d.Weekday() != time.Saturday && d.Weekday() != time.Sunday
		if h := HolidayUtil.GetHoliday(d.String()); h != nil {
			want = h.IsWork()
		}
		if got := c.Business(d); got != want {
			t.Errorf("%s is worked: got %v, the library has %v", d, got, want)
		}
	}
}

func TestCalendar_Add(t *testing.T) {
	for _, c := range []struct {
		name, day string
		n         int
		want      string
		soft      bool
	}{
		{"US", "2025-11-10", 10, "2025-11-25", false},
		{"US", "2025-12-31", -5, "2025-12-23", false},
		{"US", "2025-11-10", 0, "2025-11-10", false},
		{"US", "2025-11-11", 0, "2025-11-11", false}, // a holiday, and no day is counted
		{"US", "2025-11-11", 1, "2025-11-12", false},
		{"US", "2025-11-11", -1, "2025-11-10", false},
		{"US", "2027-12-30", 1, "2028-01-03", false},
		{"US", "2026-11-21", 1, "2026-11-23", false}, // from a Saturday
		{"US", "2026-11-22", -1, "2026-11-20", false},
		{"GB", "2026-12-24", 1, "2026-12-29", false},
		{"JP", "2026-09-18", 1, "2026-09-24", false},
		{"JP", "2036-12-31", 1, "2037-01-01", true},
		{"CN", "2026-02-13", 1, "2026-02-14", false}, // a Saturday that is worked
		{"CN", "2026-02-13", 2, "2026-02-24", false},
		{"CN", "2026-02-24", -2, "2026-02-13", false},
		{"CN", "2026-12-30", 1, "2026-12-31", false},
		{"CN", "2026-12-31", 1, "2027-01-01", true},
		{"CN", "2027-01-01", -1, "2026-12-31", false},
		{"CN", "2027-01-04", -1, "2027-01-01", true},
		{"CN", "2024-01-02", -1, "2023-12-29", true},
		{"CN", "2030-06-03", 5, "2030-06-10", true},
		{"EU", "2025-12-23", 1, "2026-01-01", true}, // published until the day before
		{"CN", "1969-12-31", -2, "1969-12-29", true},
		{"CN", "1969-12-31", 1, "1970-01-01", true},
	} {
		got, soft := holidays(t, c.name).Add(civilDate(t, c.day), c.n)
		if got.String() != c.want || soft != c.soft {
			t.Errorf("%s %s %+d: got %s, soft %v, want %s, %v", c.name, c.day, c.n, got, soft, c.want, c.soft)
		}
	}
}

func TestCalendar_Nearest(t *testing.T) {
	for _, c := range []struct {
		name, day, next, prev string
		softNext, softPrev    bool
	}{
		{"US", "2026-07-02", "2026-07-02", "2026-07-02", false, false},
		{"US", "2026-07-03", "2026-07-06", "2026-07-02", false, false},
		{"CN", "2026-02-14", "2026-02-14", "2026-02-14", false, false},
		{"CN", "2026-02-19", "2026-02-24", "2026-02-14", false, false},
		{"EU", "2025-12-28", "2026-01-01", "2025-12-23", true, false},
		{"EU", "2026-03-04", "2026-03-04", "2026-03-04", true, true},
	} {
		cal := holidays(t, c.name)
		next, softNext := cal.Next(civilDate(t, c.day))
		prev, softPrev := cal.Prev(civilDate(t, c.day))
		if next.String() != c.next || prev.String() != c.prev || softNext != c.softNext || softPrev != c.softPrev {
			t.Errorf("%s %s: got %s %v, %s %v", c.name, c.day, next, softNext, prev, softPrev)
		}
	}
}

func TestCalendar_Holiday(t *testing.T) {
	for _, c := range []struct {
		calendar, name string
		year           int
		want           string
	}{
		{"US", "Thanksgiving Day", 2025, "2025-11-27"},
		{"US", "independence day", 2026, "2026-07-04"}, // kept on the 3rd
		{"US", "new-years-day", 2028, "2028-01-01"},    // kept in 2027
		{"US", "New Year’s Day", 2026, "2026-01-01"},
		{"GB", "Good Friday", 2027, "2027-03-26"},
		{"TARGET", "EasterMonday", 2026, "2026-04-06"},
		{"CN", "Spring Festival", 2026, "2026-02-17"},
		{"CN", "Mid-Autumn Festival", 2025, "2025-10-06"},
		{"KR", "Chuseok", 2025, "2025-10-06"},
		{"EU", "Christmas Day", 2025, "2025-12-25"},
		{"CN", "Spring Festival", 2027, ""}, // not published
		{"US", "Thanksgiving", 2025, ""},
		{"US", "", 2025, ""},
	} {
		got, ok := holidays(t, c.calendar).Holiday(c.name, c.year)
		if got.String() != c.want || ok != (c.want != "") {
			t.Errorf("holiday(%s, %s, %d): got %q, %v, want %q", c.calendar, c.name, c.year, got, ok, c.want)
		}
	}
}

func TestCalendar_HolidayNames(t *testing.T) {
	got := holidays(t, "TARGET").Names(2026)
	want := []string{"New Year's Day", "Good Friday", "Easter Monday", "Labour Day", "Christmas Day", "Christmas Holiday"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := holidays(t, "CN").Names(2027); got != nil {
		t.Errorf("a year that is not published: %q", got)
	}
}

func TestCalendar_With(t *testing.T) {
	us := holidays(t, "US")
	own := us.With(
		[]civil.Date{{Year: 2025, Month: 12, Day: 24}, {Year: 2025, Month: 12, Day: 26}, {Year: 2025, Month: 12, Day: 27}, {Year: 2025, Month: 12, Day: 28}},
		[]civil.Date{{Year: 2025, Month: 11, Day: 11}, {Year: 2025, Month: 12, Day: 27}, {Year: 2025, Month: 12, Day: 20}, {Year: 2025, Month: 12, Day: 23}},
	)
	for day, want := range map[string][2]bool{ // in the calendar, and in one's own
		"2025-12-24": {true, false},
		"2025-12-26": {true, false},
		"2025-12-28": {false, false}, // a Sunday
		"2025-12-27": {false, false}, // a Saturday in both lists
		"2025-12-20": {false, true},  // a Saturday
		"2025-12-23": {true, true},
		"2025-11-11": {false, true}, // a holiday
		"2025-12-25": {false, false},
	} {
		if got := [2]bool{us.Business(civilDate(t, day)), own.Business(civilDate(t, day))}; got != want {
			t.Errorf("%s: got %v, want %v", day, got, want)
		}
	}
	if got, soft := own.Add(civil.Date{Year: 2025, Month: 12, Day: 23}, 1); got != (civil.Date{Year: 2025, Month: 12, Day: 29}) || soft {
		t.Errorf("after the 23rd: %s, %v", got, soft)
	}
	if d, ok := own.Holiday("Veterans Day", 2025); !ok || d != (civil.Date{Year: 2025, Month: 11, Day: 11}) {
		t.Errorf("a holiday that is worked keeps its name: got %s, %v", d, ok)
	}
	worked := holidays(t, "CN").With([]civil.Date{{Year: 2026, Month: 2, Day: 14}}, nil)
	if worked.Business(civil.Date{Year: 2026, Month: 2, Day: 14}) {
		t.Error("a Saturday that is worked can be closed")
	}
}

func TestHolidays_UnknownCalendar(t *testing.T) {
	_, err := Holidays("XX")
	want := `calendar "XX" is not known: there are CN, EU, GB, HK, JP, KR, MY, SG, TARGET, US, weekdays`
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestCalendar_NoDate(t *testing.T) {
	c := holidays(t, "US")
	if c.Business(civil.Date{}) {
		t.Error("no date is worked")
	}
	for _, n := range []int{-3, 0, 3} {
		if d, soft := c.Add(civil.Date{}, n); !d.IsZero() || soft {
			t.Errorf("%+d: got %s, %v", n, d, soft)
		}
	}
	if d, _ := c.Next(civil.Date{}); !d.IsZero() {
		t.Errorf("next: %s", d)
	}
	if d, _ := c.Prev(civil.Date{}); !d.IsZero() {
		t.Errorf("prev: %s", d)
	}
}

func TestCalendar_Zero(t *testing.T) {
	var c Calendar
	if got, soft := c.Add(civil.Date{Year: 2026, Month: 7, Day: 2}, 2); got != (civil.Date{Year: 2026, Month: 7, Day: 6}) || !soft {
		t.Errorf("got %s, %v", got, soft)
	}
}

// Each holiday lies within what its calendar says is published, is off, and has a
// name of its own in its year.
func TestHolidays_Whole(t *testing.T) {
	for _, name := range calendarNames() {
		c := holidays(t, name)
		if c.Name != name || len(c.named) == 0 && name != weekdaysOnly {
			t.Errorf("%s: is %q with %d holidays", name, c.Name, len(c.named))
		}
		seen := map[string]bool{}
		for _, h := range c.named {
			if c.unknown(h.day, h.day) {
				t.Errorf("%s: %s %s is outside of what is published", name, h.day, h.name)
			}
			if c.Business(h.day) {
				t.Errorf("%s: %s %s is worked", name, h.day, h.name)
			}
			key := h.name + h.day.String()[:4]
			if seen[key] {
				t.Errorf("%s: %s twice in %d", name, h.name, h.day.Year)
			}
			seen[key] = true
		}
	}
}

func TestHolidays_ListedAgreeWithComputed(t *testing.T) {
	gb := holidays(t, "GB")
	easter := func(name string, year, offset int) civil.Date {
		d, ok := gb.Holiday("Easter Monday", year)
		if !ok {
			t.Fatalf("%s: no Easter in %d", name, year)
		}
		return d.AddDays(offset)
	}
	lunar := func(country string) func(string, int, int) civil.Date {
		return func(_ string, year, offset int) civil.Date {
			d, _ := LunarNewYear(country, year)
			return d.AddDays(offset)
		}
	}
	for _, c := range []struct {
		calendar, name string
		reckon         func(string, int, int) civil.Date
		offset         int
	}{
		{"CN", "Spring Festival", lunar("CN"), 0},
		{"KR", "Seollal", lunar("KR"), 0},
		{"HK", "Lunar New Year's Day", lunar("CN"), 0},
		{"SG", "Chinese New Year", lunar("CN"), 0},
		{"MY", "Chinese New Year", lunar("CN"), 0},
		{"HK", "Good Friday", easter, -3},
		{"HK", "Easter Monday", easter, 0},
		{"SG", "Good Friday", easter, -3},
		{"EU", "Maundy Thursday", easter, -4},
		{"EU", "Good Friday", easter, -3},
		{"EU", "Easter Monday", easter, 0},
		{"EU", "Ascension Day", easter, 38},
		{"EU", "Whit Monday", easter, 49},
	} {
		cal := holidays(t, c.calendar)
		for year := cal.PublishedFrom.Year; year <= cal.PublishedUntil.Year; year++ {
			got, ok := cal.Holiday(c.name, year)
			if want := c.reckon(c.name, year, c.offset); !ok || got != want {
				t.Errorf("%s %s %d: got %s, %v, reckoned %s", c.calendar, c.name, year, got, ok, want)
			}
		}
	}
}

// The library reckons in the zone of the machine, where midnight may be missing: in
// Santiago on Sunday 7 September 2025, in Amman on Good Friday 2018.
func TestHolidays_ZoneOfTheMachine(t *testing.T) {
	was := cal.DefaultLoc
	t.Cleanup(func() { cal.DefaultLoc = was })
	sunday := cal.Holiday{Month: time.September, Day: 7, Func: cal.CalcDayOfMonth, Observed: []cal.AltDay{{Day: time.Sunday, Offset: 1}}}
	for _, zone := range []string{"UTC", "America/Santiago", "Asia/Amman"} {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		cal.DefaultLoc = loc
		if day, kept := occurrence(sunday, 2025); day != (civil.Date{Year: 2025, Month: 9, Day: 7}) || kept != (civil.Date{Year: 2025, Month: 9, Day: 8}) {
			t.Errorf("%s: a holiday on 7 September 2025 is on %s and kept on %s", zone, day, kept)
		}
		c := holidays(t, "TARGET")
		if d, ok := c.Holiday("Good Friday", 2018); !ok || d != (civil.Date{Year: 2018, Month: 3, Day: 30}) || c.Business(d) || !c.Business(d.AddDays(-1)) {
			t.Errorf("%s: Good Friday is %s, %v", zone, d, ok)
		}
	}
}

// Several calendars are put together at once, for the race detector: the library's
// rule for the equinox writes to a variable of the package.
func TestCalendars_Concurrent(t *testing.T) {
	done := make(chan civil.Date)
	for range 4 {
		go func() {
			c, _ := Holidays("JP")
			d, _ := c.Holiday("Vernal Equinox Day", 2026)
			done <- d
		}()
	}
	for range 4 {
		if d := <-done; d != (civil.Date{Year: 2026, Month: 3, Day: 20}) {
			t.Errorf("got %s", d)
		}
	}
}

func TestCalendar_LawsOfCounting(t *testing.T) {
	var all []*Calendar
	for _, name := range calendarNames() {
		all = append(all, holidays(t, name))
	}
	all = append(all, &Calendar{}, holidays(t, "CN").With([]civil.Date{{Year: 2026, Month: 3, Day: 3}}, []civil.Date{{Year: 2026, Month: 3, Day: 7}, {Year: 2026, Month: 3, Day: 8}}))
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom(all).Draw(t, "calendar")
		d := civil.Date{Year: 2023, Month: 6, Day: 1}.AddDays(rapid.IntRange(0, 1500).Draw(t, "day"))
		e := d.AddDays(rapid.IntRange(0, 40).Draw(t, "later"))
		n := rapid.IntRange(-300, 300).Draw(t, "n")
		to, _ := c.Add(d, n)
		further, _ := c.Add(d, n+1)
		later, _ := c.Add(e, n)
		next, _ := c.Next(d)
		prev, _ := c.Prev(d)
		switch {
		case n != 0 && !c.Business(to):
			t.Fatalf("%s %+d is %s, which is not worked", d, n, to)
		case !to.Before(further):
			t.Fatalf("%s %+d is %s, and one more %s", d, n, to, further)
		case later.Before(to):
			t.Fatalf("%+d: %s gives %s, the later %s gives %s", n, d, to, e, later)
		case !c.Business(next) || !c.Business(prev) || next.Before(d) || prev.After(d):
			t.Fatalf("%s lies between %s and %s", d, prev, next)
		case c.Business(d) && (next != d || prev != d):
			t.Fatalf("%s is worked, yet %s and %s", d, prev, next)
		}
		start := d
		switch { // counting back begins at the nearest day that is worked
		case n > 0:
			start = prev
		case n < 0:
			start = next
		}
		if back, _ := c.Add(to, -n); back != start {
			t.Fatalf("%s %+d and back is %s, want %s", d, n, back, start)
		}
	})
}

func TestCalendar_AgreesWithCounting(t *testing.T) {
	c := holidays(t, "CN")
	for d := (civil.Date{Year: 2026, Month: 1, Day: 1}); d.Year == 2026; d = d.AddDays(1) {
		to := d
		for n := 1; n <= 30; n++ {
			for to = to.AddDays(1); !c.Business(to); {
				to = to.AddDays(1)
			}
			if got, _ := c.Add(d, n); got != to {
				t.Fatalf("%s %+d: got %s, counted %s", d, n, got, to)
			}
		}
	}
}

// BenchmarkAdd measures a step over business days, of a deadline or of a lead.
func BenchmarkAdd(b *testing.B) {
	for _, name := range []string{"US", "CN"} {
		c := holidays(b, name)
		for _, bench := range []struct {
			name string
			n    int
		}{{"1", 1}, {"30", 30}, {"250", 250}} {
			b.Run(name+"/"+bench.name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					c.Add(civil.Date{Year: 2025, Month: 11, Day: 10}, bench.n)
				}
			})
		}
	}
}

// BenchmarkHolidays measures how a calendar is put together, once a configuration.
func BenchmarkHolidays(b *testing.B) {
	for _, name := range []string{"US", "CN"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				holidays(b, name)
			}
		})
	}
}

func TestBuiltIn(t *testing.T) {
	all := BuiltIn()
	for _, name := range all.Names() {
		if _, err := Holidays(name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if c, ok := all.Find(name); !ok || (len(c.closed) == 0) != (name == weekdaysOnly) || c.Name != name {
			t.Errorf("%s is %+v, %v", name, c, ok)
		}
	}
}
