package civil

import (
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // for machines without a zone database

	"pgregory.net/rapid"
)

func TestParseClock(t *testing.T) {
	for _, c := range []struct {
		in   string
		want Clock
		err  string
	}{
		{in: "09:00", want: Clock{9, 0, 0}},
		{in: "00:00", want: Clock{}},
		{in: "23:59", want: Clock{23, 59, 0}},
		{in: "09:00:30", want: Clock{9, 0, 30}},
		{in: "9:30", err: `"9:30" is not a time of day: write it as 09:30`},
		{in: "24:00", err: "24:00 is where the next day begins: write 00:00 of that day"},
		{in: "24:00:00", err: "24:00 is where the next day begins: write 00:00 of that day"},
		{in: "23:60", err: `"23:60" is not a time of day: write it as 09:00`},
		{in: "23:59:60", err: `"23:59:60" is not a time of day: write it as 09:00`},
		{in: "9:00", err: `"9:00" is not a time of day: write it as 09:00`},
		{in: "9am", err: `"9am" is not a time of day: write it as 09:00`},
		{in: "", err: `"" is not a time of day: write it as 09:00`},
		{in: "٠٩:٠٠", err: `"٠٩:٠٠" is not a time of day: write it as 09:00`},
	} {
		got, err := ParseClock(c.in)
		if message(err) != c.err || got != c.want {
			t.Errorf("ParseClock(%q) = %v, %q; want %v, %q", c.in, got, message(err), c.want, c.err)
		}
	}
}

func TestResolve(t *testing.T) {
	for _, c := range []struct {
		name, zone, at, want string
		how                  Resolution
	}{
		{"a gap of an hour", "America/New_York", "2026-03-08 02:30", "2026-03-08T07:30:00Z", Skipped},
		{"just before the gap", "America/New_York", "2026-03-08 01:59", "2026-03-08T06:59:00Z", Exact},
		{"the end of the gap", "America/New_York", "2026-03-08 03:00", "2026-03-08T07:00:00Z", Exact},
		{"the first of two", "America/New_York", "2026-11-01 01:30", "2026-11-01T05:30:00Z", Doubled},
		{"after the overlap", "America/New_York", "2026-11-01 02:00", "2026-11-01T07:00:00Z", Exact},
		{"a winter day", "America/New_York", "2026-01-15 09:00", "2026-01-15T14:00:00Z", Exact},
		{"a summer day", "America/New_York", "2026-07-15 09:00", "2026-07-15T13:00:00Z", Exact},
		{"a gap east of Greenwich", "Europe/London", "2026-03-29 01:30", "2026-03-29T01:30:00Z", Skipped},
		{"an overlap to UTC", "Europe/London", "2026-10-25 01:30", "2026-10-25T00:30:00Z", Doubled},
		{"a gap of half an hour", "Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03T15:45:00Z", Skipped},
		{"behind half an hour", "Australia/Lord_Howe", "2026-10-04 02:45", "2026-10-03T15:45:00Z", Exact},
		{"an overlap of half an hour", "Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-04T14:45:00Z", Doubled},
		{"before half an hour", "Australia/Lord_Howe", "2026-04-05 01:15", "2026-04-04T14:15:00Z", Exact},
		{"no midnight in Cairo", "Africa/Cairo", "2026-04-24 00:00", "2026-04-23T22:00:00Z", Skipped},
		{"inside Cairo's gap", "Africa/Cairo", "2026-04-24 00:30", "2026-04-23T22:30:00Z", Skipped},
		{"midnight doubled before it", "Africa/Cairo", "2026-10-29 23:30", "2026-10-29T20:30:00Z", Doubled},
		{"no midnight in Beirut", "Asia/Beirut", "2023-03-26 00:30", "2023-03-25T22:30:00Z", Skipped},
		{"Havana's midnight gap", "America/Havana", "2026-03-08 00:30", "2026-03-08T05:30:00Z", Skipped},
		{"Havana's midnight twice", "America/Havana", "2026-11-01 00:30", "2026-11-01T04:30:00Z", Doubled},
		{"no midnight in São Paulo", "America/Sao_Paulo", "2018-11-04 00:00", "2018-11-04T03:00:00Z", Skipped},
		{"the day that never was", "Pacific/Apia", "2011-12-30 12:00", "2011-12-30T22:00:00Z", Skipped},
		{"the day before it", "Pacific/Apia", "2011-12-29 12:00", "2011-12-29T22:00:00Z", Exact},
		{"the day after it", "Pacific/Apia", "2011-12-31 12:00", "2011-12-30T22:00:00Z", Exact},
		{"before Ramadan", "Africa/Casablanca", "2026-02-15 02:30", "2026-02-15T01:30:00Z", Doubled},
		{"in Ramadan", "Africa/Casablanca", "2026-03-01 09:00", "2026-03-01T09:00:00Z", Exact},
		{"after Ramadan", "Africa/Casablanca", "2026-03-22 02:30", "2026-03-22T02:30:00Z", Skipped},
		{"the day of a change at midnight", "Asia/Gaza", "2011-08-01 12:00", "2011-08-01T10:00:00Z", Exact},
		{"a quarter of an hour", "Asia/Kathmandu", "2026-03-08 02:30", "2026-03-07T20:45:00Z", Exact},
		{"the quarter of an hour was lost once", "Asia/Kathmandu", "1986-01-01 00:10", "1985-12-31T18:40:00Z", Skipped},
		{"no clock change", "UTC", "2026-03-08 02:30", "2026-03-08T02:30:00Z", Exact},
		{"a gap of two hours", "Antarctica/Troll", "2026-03-29 02:30", "2026-03-29T02:30:00Z", Skipped},
		{"two hours doubled", "Antarctica/Troll", "2026-10-25 01:30", "2026-10-24T23:30:00Z", Doubled},
		// The last day of a leap year is one that the standard library loses.
		{"the 366th day", "America/New_York", "2028-12-31 12:00", "2028-12-31T17:00:00Z", Exact},
		{"the end of the 366th day", "America/New_York", "2028-12-31 23:59", "2029-01-01T04:59:00Z", Exact},
		{"the 366th day in summer", "Australia/Lord_Howe", "2028-12-31 12:00", "2028-12-31T01:00:00Z", Exact},
		{"the 366th day beyond the table of changes", "America/New_York", "2096-12-31 12:00", "2096-12-31T17:00:00Z", Exact},
		{"midnight of the 366th day", "Africa/Cairo", "2096-12-31 00:00", "2096-12-30T22:00:00Z", Exact},
		{"an offset", "+08:00", "2026-03-08 02:30", "2026-03-07T18:30:00Z", Exact},
		{"the last place on earth", "AoE", "2026-03-15 23:59", "2026-03-16T11:59:00Z", Exact},
	} {
		t.Run(c.zone+" "+c.name, func(t *testing.T) {
			day, clock, _ := strings.Cut(c.at, " ")
			d, err := ParseDate(day)
			if err != nil {
				t.Fatal(err)
			}
			at, err := ParseClock(clock)
			if err != nil {
				t.Fatal(err)
			}
			got, how := Resolve(d, at, zone(t, c.zone))
			if got.Format(time.RFC3339) != c.want || how != c.how {
				t.Errorf("%s is %s, %d; want %s, %d", c.at, got.Format(time.RFC3339), how, c.want, c.how)
			}
			if got.Location() != time.UTC {
				t.Errorf("the instant is in %s, not in UTC", got.Location())
			}
		})
	}
}

// search resolves by trying every minute within forty hours: the first instant
// whose wall clock in loc reads d and c, else c past the gap by as much as it
// stands past its beginning.
func search(d Date, c Clock, loc *time.Location) (time.Time, Resolution) {
	naive := time.Date(d.Year, d.Month, d.Day, c.Hour, c.Minute, 0, 0, time.UTC)
	wall := func(t time.Time) time.Time { return t.Add(OffsetAt(t, loc)) }
	var found []time.Time
	var skipped time.Time
	for m := -40 * 60; m <= 40*60; m++ {
		t := naive.Add(time.Duration(m) * time.Minute)
		switch here, next := wall(t), wall(t.Add(time.Minute)); {
		case here.Equal(naive):
			found = append(found, t)
		case here.Before(naive) && next.After(naive) && skipped.IsZero():
			skipped = naive.Add(-OffsetAt(t, loc))
		}
	}
	switch len(found) {
	case 0:
		return skipped, Skipped
	case 1:
		return found[0], Exact
	}
	return found[0], Doubled
}

// near draws a date near a clock change of loc where there is one in that year,
// else any of it. Years from 1973 have offsets of whole minutes.
func near(t *rapid.T, loc *time.Location) Date {
	year := rapid.IntRange(1973, 2037).Draw(t, "year")
	day := Date{year, time.January, 1}.AddDays(rapid.IntRange(0, 365).Draw(t, "day"))
	_, end := day.naive().In(loc).ZoneBounds()
	if end.IsZero() || rapid.Bool().Draw(t, "any day") {
		return day
	}
	return DateOf(end, loc).AddDays(rapid.IntRange(-2, 1).Draw(t, "off"))
}

func TestResolve_AgreesWithASearch(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom(changeable).Draw(t, "zone")
		loc := zone(t, name)
		d := near(t, loc)
		c := Clock{rapid.IntRange(0, 23).Draw(t, "hour"), rapid.IntRange(0, 59).Draw(t, "minute"), 0}
		got, how := Resolve(d, c, loc)
		if want, wantHow := search(d, c, loc); !got.Equal(want) || how != wantHow {
			t.Fatalf("%s %s in %s is %s, %d; a search finds %s, %d", d, c, name, got, how, want, wantHow)
		}
	})
}

func TestResolve_EndOfLeapYears(t *testing.T) {
	for _, name := range changeable {
		loc := zone(t, name)
		for _, year := range []int{2028, 2040, 2096} {
			d := Date{year, time.December, 31}
			for _, c := range []Clock{{}, {12, 0, 0}, {23, 59, 0}} {
				got, how := Resolve(d, c, loc)
				if want, wantHow := search(d, c, loc); !got.Equal(want) || how != wantHow {
					t.Errorf("%s %s in %s is %s, %d; a search finds %s, %d", d, c, name, got, how, want, wantHow)
				}
			}
		}
	}
}

func TestResolve_RoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		loc := zone(t, rapid.SampledFrom(changeable).Draw(t, "zone"))
		d := near(t, loc)
		c := Clock{rapid.IntRange(0, 23).Draw(t, "hour"), rapid.IntRange(0, 59).Draw(t, "minute"), rapid.IntRange(0, 59).Draw(t, "second")}
		got, how := Resolve(d, c, loc)
		local := got.In(loc)
		read := Clock{local.Hour(), local.Minute(), local.Second()}
		if same := DateOf(got, loc) == d && read == c; same == (how == Skipped) {
			t.Fatalf("%s %s was read as %s, resolution %d", d, c, local, how)
		}
	})
}

func FuzzParseClock(f *testing.F) {
	for _, s := range []string{"09:00", "00:00:01", "24:00", "9:00", "", "ab:cd", "23:59:60", "1:04:05."} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := ParseClock(s)
		if err != nil {
			checkSyntax(t, s, err)
			return
		}
		if again, err := ParseClock(c.String()); err != nil || again != c {
			t.Errorf("%q reads as %v, that as %v, %v", s, c, again, err)
		}
	})
}
