package civil

import (
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestParsePeriod(t *testing.T) {
	for _, c := range []struct {
		in          string
		want        Period
		first, last Date
		words       string
	}{
		{"2026-02-16", Period{Year: 2026, Month: 2, Day: 16}, Date{2026, 2, 16}, Date{2026, 2, 16}, "16 Feb 2026"},
		{"2028-02-29", Period{Year: 2028, Month: 2, Day: 29}, Date{2028, 2, 29}, Date{2028, 2, 29}, "29 Feb 2028"},
		{"2026-02", Period{Year: 2026, Month: 2, Day: 0}, Date{2026, 2, 1}, Date{2026, 2, 28}, "Feb 2026"},
		{"2028-02", Period{Year: 2028, Month: 2, Day: 0}, Date{2028, 2, 1}, Date{2028, 2, 29}, "Feb 2028"},
		{"2026-12", Period{Year: 2026, Month: 12, Day: 0}, Date{2026, 12, 1}, Date{2026, 12, 31}, "Dec 2026"},
		{"2026-21", Period{Year: 2026, Month: 21, Day: 0}, Date{2026, 3, 1}, Date{2026, 6, 21}, "spring 2026"},
		{"2026-22", Period{Year: 2026, Month: 22, Day: 0}, Date{2026, 6, 1}, Date{2026, 9, 23}, "summer 2026"},
		{"2026-23", Period{Year: 2026, Month: 23, Day: 0}, Date{2026, 9, 1}, Date{2026, 12, 21}, "autumn 2026"},
		{"2026-24", Period{Year: 2026, Month: 24, Day: 0}, Date{2026, 12, 1}, Date{2027, 3, 20}, "winter 2026"},
		{"2026", Period{Year: 2026, Month: 0, Day: 0}, Date{2026, 1, 1}, Date{2026, 12, 31}, "2026"},
		{"1000", Period{Year: 1000, Month: 0, Day: 0}, Date{1000, 1, 1}, Date{1000, 12, 31}, "1000"},
	} {
		got, err := ParsePeriod(c.in)
		if err != nil || got != c.want {
			t.Errorf("ParsePeriod(%q) = %v, %v; want %v", c.in, got, err, c.want)
			continue
		}
		if got.First() != c.first || got.Last() != c.last {
			t.Errorf("%s goes from %s to %s; want %s to %s", c.in, got.First(), got.Last(), c.first, c.last)
		}
		if got.String() != c.in || got.Words() != c.words {
			t.Errorf("%s is written %q, %q in words; want %q", c.in, got, got.Words(), c.words)
		}
		if season := c.want.Month > 12; got.Soft() != season || got.IsDay() != (c.want.Day > 0) {
			t.Errorf("%s: soft %t, day %t", c.in, got.Soft(), got.IsDay())
		}
	}
}

func TestParsePeriod_Errors(t *testing.T) {
	for _, c := range []struct {
		in, msg string
		offset  int
	}{
		{"", `"" is not a date: write it as 2026-02-16, 2026-02 or 2026`, 0},
		{"soon", `"soon" is not a date: write it as 2026-02-16, 2026-02 or 2026`, 0},
		{"26-02-16", `"26-02-16" is not a date: write it as 2026-02-16, 2026-02 or 2026`, 0},
		{"0026-02-16", `"0026-02-16": the year must have four digits and be 1000 or later`, 0},
		{"12026-02-16", `"12026-02-16" is not a date: nothing may follow "1202"`, 4},
		{"-2026", `"-2026" is not a date: write it as 2026-02-16, 2026-02 or 2026`, 0},
		{"2026-2", `"2026-2" is not a date: write it as 2026-02-16, 2026-02 or 2026`, 5},
		{"2026-", `"2026-" is not a date: write it as 2026-02-16, 2026-02 or 2026`, 5},
		{"2026-00", `"2026-00": there is no month 00`, 5},
		{"2026-13", `"2026-13": there is no month 13`, 5},
		{"2026-13-01", `"2026-13-01": there is no month 13`, 5},
		{"2026-20", `"2026-20": there is no month 20`, 5},
		{"2026-20", `"2026-20": there is no month 20`, 5},
		{"2026-42", `"2026-42": there is no month 42`, 5},
		{"2026-33-01", `"2026-33-01": a quarter has no days`, 8},
		{"2026-23-01", `"2026-23-01": a season has no days`, 8},
		{"2026-02-00", `"2026-02-00": February 2026 has no day 0`, 8},
		{"2026-02-29", `"2026-02-29": February 2026 has no day 29`, 8},
		{"2026-02-30", `"2026-02-30": February 2026 has no day 30`, 8},
		{"2026-04-31", `"2026-04-31": April 2026 has no day 31`, 8},
		{"1900-02-29", `"1900-02-29": February 1900 has no day 29`, 8},
		{"2026-02-1", `"2026-02-1" is not a date: write it as 2026-02-16, 2026-02 or 2026`, 8},
		{"2026-02-170", `"2026-02-170" is not a date: nothing may follow "2026-02-17"`, 10},
		{"2026-02-17-", `"2026-02-17-" is not a date: nothing may follow "2026-02-17"`, 10},
		{"2026-02-17~", `"2026-02-17~" is not a date: nothing may follow "2026-02-17"`, 10},
		{"2026/02/17", `"2026/02/17" is not a date: nothing may follow "2026"`, 4},
		{"2026-02-17 ", `"2026-02-17 " is not a date: nothing may follow "2026-02-17"`, 10},
		{" 2026-02-17", `" 2026-02-17" is not a date: write it as 2026-02-16, 2026-02 or 2026`, 0},
		{"２０２６", `"２０２６" is not a date: write it as 2026-02-16, 2026-02 or 2026`, 0},
		{"2026年", `"2026年" is not a date: nothing may follow "2026"`, 4},
		{"2026\n", `"2026\n" is not a date: nothing may follow "2026"`, 4},
	} {
		p, err := ParsePeriod(c.in)
		if msg, at := wrong(err); msg != c.msg || at != c.offset || !p.IsZero() {
			t.Errorf("ParsePeriod(%q) = %v, %q at %d; want %q at %d", c.in, p, msg, at, c.msg, c.offset)
		}
	}
}

func TestParseDate(t *testing.T) {
	if d, err := ParseDate("2026-02-16"); err != nil || d != (Date{2026, 2, 16}) {
		t.Errorf("got %v, %v", d, err)
	}
	for in, want := range map[string]string{
		"2026-02":    `"2026-02" is not a day: write it as 2026-02-16`,
		"2026":       `"2026" is not a day: write it as 2026-02-16`,
		"2026-23":    `"2026-23" is not a day: write it as 2026-02-16`,
		"2026-02-30": `"2026-02-30": February 2026 has no day 30`,
		"":           `"" is not a date: write it as 2026-02-16, 2026-02 or 2026`,
	} {
		if d, err := ParseDate(in); message(err) != want || !d.IsZero() {
			t.Errorf("ParseDate(%q) = %v, %q; want %q", in, d, message(err), want)
		}
	}
}

func TestDate_Text(t *testing.T) {
	type record struct{ On Date }
	for _, c := range []struct {
		d    Date
		text string
	}{{Date{2026, 2, 16}, `{"On":"2026-02-16"}`}, {Date{}, `{"On":""}`}} {
		b, err := json.Marshal(record{c.d})
		if err != nil || string(b) != c.text {
			t.Errorf("%v is stored as %s, %v; want %s", c.d, b, err, c.text)
		}
		back := record{Date{1, 1, 1}}
		if err := json.Unmarshal(b, &back); err != nil || back.On != c.d {
			t.Errorf("%s is read as %v, %v", b, back.On, err)
		}
	}
	var d Date
	if err := d.UnmarshalText([]byte("2026-02-30")); err == nil || !d.IsZero() {
		t.Errorf("30 February was read as %v, %v", d, err)
	}
}

func TestDate_Arithmetic(t *testing.T) {
	date := func(s string) Date {
		d, err := ParseDate(s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for _, c := range []struct {
		from string
		n    int
		want string
	}{
		{"2026-01-31", 1, "2026-02-28"}, {"2028-01-31", 1, "2028-02-29"}, {"2026-03-31", -1, "2026-02-28"},
		{"2026-12-15", 1, "2027-01-15"}, {"2026-01-15", -1, "2025-12-15"}, {"2026-01-31", 13, "2027-02-28"},
		{"2028-02-29", -12, "2027-02-28"}, {"2026-05-31", 0, "2026-05-31"}, {"2026-01-30", -14, "2024-11-30"},
	} {
		if got := date(c.from).AddMonths(c.n); got != date(c.want) {
			t.Errorf("%s and %d months is %s, want %s", c.from, c.n, got, c.want)
		}
	}
	for _, c := range []struct {
		from string
		n    int
		want string
	}{
		{"2026-02-28", 1, "2026-03-01"}, {"2028-02-28", 1, "2028-02-29"}, {"2026-01-01", -1, "2025-12-31"},
		{"2026-03-07", 2, "2026-03-09"}, {"2025-10-26", 113, "2026-02-16"},
	} {
		if got := date(c.from).AddDays(c.n); got != date(c.want) {
			t.Errorf("%s and %d days is %s, want %s", c.from, c.n, got, c.want)
		}
	}
	if got := date("9999-12-31").Sub(date("1000-01-01")); got != 3287181 {
		t.Errorf("nine thousand years have %d days", got)
	}
	if d := (Date{}); !d.AddDays(1).IsZero() || !d.AddMonths(1).IsZero() || !d.Before(date("1000-01-01")) {
		t.Error("no date does not stay no date, before all others")
	}
	if got := date("2025-10-26").Weekday(); got != time.Sunday {
		t.Errorf("26 October 2025 is a %s", got)
	}
}

func TestDate_Laws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := dates().Draw(t, "a"), dates().Draw(t, "b")
		switch n := b.Sub(a); {
		case a.AddDays(n) != b, b.AddDays(-n) != a, a.Sub(b) != -n:
			t.Fatalf("%s is %d days after %s, which is %s", b, n, a, a.AddDays(n))
		case a.Before(b) != (n > 0), a.After(b) != (n < 0), (a == b) != (n == 0):
			t.Fatalf("%s and %s are ordered otherwise than by the days between, %d", a, b, n)
		case int(b.Weekday()) != ((int(a.Weekday())+n)%7+7)%7:
			t.Fatalf("%s is a %s and %s, %d days later, a %s", a, a.Weekday(), b, n, b.Weekday())
		}
		m := rapid.IntRange(-500, 500).Draw(t, "months")
		switch c := a.AddMonths(m); {
		case c.Day > a.Day, c.Year*12+int(c.Month) != a.Year*12+int(a.Month)+m:
			t.Fatalf("%s and %d months is %s", a, m, c)
		case c.Day < a.Day && c.AddDays(1).Day != 1:
			t.Fatalf("%s and %d months is %s, which is clamped too far", a, m, c)
		}
		if got, err := ParseDate(a.String()); err != nil || got != a {
			t.Fatalf("%s is read as %s, %v", a, got, err)
		}
	})
}

func TestDate_Start(t *testing.T) {
	for _, c := range []struct {
		zone string
		d    Date
		want string
	}{
		{"Asia/Shanghai", Date{2026, 2, 16}, "2026-02-15T16:00:00Z"},
		{"Africa/Cairo", Date{2026, 4, 24}, "2026-04-23T22:00:00Z"},
		{"America/Havana", Date{2026, 11, 1}, "2026-11-01T04:00:00Z"},
		{"America/St_Johns", Date{2010, 11, 7}, "2010-11-07T02:30:00Z"}, // its first minute comes an hour before the rest
		{"America/Toronto", Date{1919, 3, 31}, "1919-03-31T04:30:00Z"},  // the gap began at 23:30 of the day before
		{"Pacific/Apia", Date{2011, 12, 30}, "2011-12-30T10:00:00Z"},    // a day that never was begins and ends at once
		{"Pacific/Apia", Date{2011, 12, 31}, "2011-12-30T10:00:00Z"},
	} {
		if got := c.d.Start(zone(t, c.zone)).Format(time.RFC3339); got != c.want {
			t.Errorf("%s in %s starts at %s, want %s", c.d, c.zone, got, c.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom(changeable).Draw(t, "zone")
		loc := zone(t, name)
		d := near(t, loc)
		start := d.Start(loc)
		var first time.Time
		for m := -40 * 60; m <= 40*60 && first.IsZero(); m++ {
			if at := d.naive().Add(time.Duration(m) * time.Minute); DateOf(at, loc) == d {
				first = at
			}
		}
		if !first.IsZero() && !start.Equal(first) {
			t.Fatalf("%s in %s starts at %s, its first minute is %s", d, name, start, first)
		}
		if start.After(d.AddDays(1).Start(loc)) {
			t.Fatalf("%s in %s starts after the day that follows it", d, name)
		}
	})
}

func FuzzParsePeriod(f *testing.F) {
	for _, s := range []string{"2026-02-16", "2026-02", "2026-24", "2026", "2026-02-30", "2026-13", "2026-02-17-", "", "２０２６", "0000", "2026-Q1", "2026-q4", "2026-H2", "2026-33", "w/c 2026-03-02", "W/C  2026-03-01", "w/c 2026-03-03", "w/c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := ParsePeriod(s)
		if err != nil {
			checkSyntax(t, s, err)
			return
		}
		if again, err := ParsePeriod(p.String()); err != nil || again != p {
			t.Errorf("%q is written as %q, and read as %q, %v", s, p, again, err)
		}
		if p.Last().Before(p.First()) {
			t.Errorf("%q ends %s, before it begins %s", s, p.Last(), p.First())
		}
	})
}
