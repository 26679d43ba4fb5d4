package schedule_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the same zones on every machine

	"attache/internal/schedule"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func parse(t testing.TB, spec string, loc *time.Location) schedule.Spec {
	t.Helper()
	s, err := schedule.Parse(spec, loc)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// firings lists when s fires in [from, to), in its zone.
func firings(s schedule.Spec, from, to time.Time) []time.Time {
	var all []time.Time
	for at := s.Next(from.Add(-time.Second)); at.Before(to); at = s.Next(at) {
		all = append(all, at.In(s.Location()))
	}
	return all
}

// civilDays lists the civil days of years that took place, as YYYY-MM-DD.
func civilDays(loc *time.Location, first, years int) []string {
	var days []string
	for d := time.Date(first, 1, 1, 12, 0, 0, 0, time.UTC); d.Year() < first+years; d = d.AddDate(0, 0, 1) {
		day := d.Format(time.DateOnly)
		for h := -36 * time.Hour; h <= 36*time.Hour; h += time.Hour {
			if d.Add(h).In(loc).Format(time.DateOnly) == day {
				days = append(days, day)
				break
			}
		}
	}
	return days
}

func TestNext_DailyOncePerCivilDay(t *testing.T) {
	zones := []struct {
		name string
		from int // first of five years, chosen so that the odd ones lie inside
	}{
		{"America/New_York", 2022},
		{"Europe/London", 2022},
		{"Europe/Brussels", 2024},
		{"America/Sao_Paulo", 2016}, // no midnight on 4 November 2018
		{"Asia/Beirut", 2021},       // no midnight on 26 March 2023
		{"America/Havana", 2024},    // no 00:15 on 8 March 2026
		{"Australia/Lord_Howe", 2022},
		{"Pacific/Apia", 2009}, // no 30 December 2011
		{"Asia/Tehran", 2019},
		{"Asia/Kathmandu", 2022},
		{"Asia/Shanghai", 1987}, // kept summer time
		{"UTC", 2022},
		{"Africa/Cairo", 2023}, // no midnight on 24 April 2026
		{"Africa/Casablanca", 2022},
		{"Antarctica/Troll", 2022},
		{"Atlantic/Azores", 2022},
		{"America/Caracas", 2014},
	}
	for _, z := range zones {
		loc := zone(t, z.name)
		want := civilDays(loc, z.from, 5)
		for _, clock := range []string{"00:00", "00:15", "01:30", "02:30", "09:00"} {
			t.Run(z.name+" "+clock, func(t *testing.T) {
				var h, m int
				fmt.Sscanf(clock, "%d:%d", &h, &m)
				s := parse(t, fmt.Sprintf("%d %d * * *", m, h), loc)
				from := time.Date(z.from, 1, 1, 0, 0, 0, 0, loc)
				got := firings(s, from, time.Date(z.from+5, 1, 1, 0, 0, 0, 0, loc))
				if len(got) != len(want) {
					t.Fatalf("fired %d times on %d days", len(got), len(want))
				}
				for i, at := range got {
					checkFiring(t, at, want[i], clock)
				}
			})
		}
	}
}

// checkFiring asserts that at is the first instant of its day whose clock
// reads the wanted time, or the end of the gap that swallowed it.
func checkFiring(t *testing.T, at time.Time, day, clock string) {
	t.Helper()
	if got := at.Format(time.DateOnly); got != day {
		t.Fatalf("fired on %s, want %s", at, day)
	}
	shown := at.Format("15:04")
	if shown != clock {
		justBefore := at.Add(-time.Second).Format("2006-01-02 15:04")
		if shown < clock || justBefore >= day+" "+clock {
			t.Fatalf("fired at %s, want %s %s or the end of the gap", at, day, clock)
		}
	}
	if _, was := at.Add(-4 * time.Hour).Zone(); was == offsetOf(at) {
		return // no change near enough to repeat anything
	}
	for d := time.Minute; d <= 4*time.Hour; d += time.Minute {
		if at.Add(-d).Format("2006-01-02 15:04") == day+" "+shown {
			t.Fatalf("fired at %s, which is not the first time the clock read that", at)
		}
	}
}

func offsetOf(t time.Time) int {
	_, seconds := t.Zone()
	return seconds
}

func TestNext_ClockChanges(t *testing.T) {
	for _, c := range []struct {
		name, spec, zone, from, to string
		want                       []string // in the zone
	}{
		{"a time in the gap moves to its end", "30 2 * * *", "America/New_York",
			"2026-03-07T12:00:00Z", "2026-03-09T12:00:00Z",
			[]string{"2026-03-08T03:00:00-04:00", "2026-03-09T02:30:00-04:00"}},
		{"a repeated time counts once", "30 1 * * *", "America/New_York",
			"2026-10-31T12:00:00Z", "2026-11-02T12:00:00Z",
			[]string{"2026-11-01T01:30:00-04:00", "2026-11-02T01:30:00-05:00"}},
		{"a repeated midnight counts once", "0 0 * * *", "America/Havana",
			"2026-10-31T12:00:00Z", "2026-11-02T12:00:00Z",
			[]string{"2026-11-01T00:00:00-04:00", "2026-11-02T00:00:00-05:00"}},
		{"a missing midnight moves to one o'clock", "0 0 * * *", "Africa/Cairo",
			"2026-04-23T12:00:00Z", "2026-04-25T12:00:00Z",
			[]string{"2026-04-24T01:00:00+03:00", "2026-04-25T00:00:00+03:00"}},
		{"a gap of half an hour", "15 2 * * *", "Australia/Lord_Howe",
			"2026-10-03T12:00:00Z", "2026-10-04T12:00:00Z",
			[]string{"2026-10-04T02:30:00+11:00"}},
		{"a day that never was", "0 9 * * *", "Pacific/Apia",
			"2011-12-29T12:00:00Z", "2011-12-31T12:00:00Z",
			[]string{"2011-12-29T09:00:00-10:00", "2011-12-31T09:00:00+14:00"}},
		{"a weekly spec whose day never was", "0 9 * * FRI", "Pacific/Apia",
			"2011-12-24T12:00:00Z", "2012-01-07T12:00:00Z",
			[]string{"2012-01-06T09:00:00+14:00"}},
		{"several times in one gap fire once", "*/20 2 * * *", "America/New_York",
			"2026-03-08T05:00:00Z", "2026-03-09T07:00:00Z",
			[]string{"2026-03-08T03:00:00-04:00", "2026-03-09T02:00:00-04:00", "2026-03-09T02:20:00-04:00", "2026-03-09T02:40:00-04:00"}},
		{"a moved time and a real one fire once", "0 2,3 * * *", "America/New_York",
			"2026-03-08T05:00:00Z", "2026-03-09T05:00:00Z",
			[]string{"2026-03-08T03:00:00-04:00"}},
		{"every twenty minutes through the gap", "*/20 * * * *", "America/New_York",
			"2026-03-08T06:20:00Z", "2026-03-08T07:30:00Z",
			[]string{"2026-03-08T01:20:00-05:00", "2026-03-08T01:40:00-05:00", "2026-03-08T03:00:00-04:00", "2026-03-08T03:20:00-04:00"}},
		{"every half hour through the repeated hour", "*/30 * * * *", "America/New_York",
			"2026-11-01T05:00:00Z", "2026-11-01T07:30:00Z",
			[]string{"2026-11-01T01:00:00-04:00", "2026-11-01T01:30:00-04:00", "2026-11-01T01:00:00-05:00", "2026-11-01T01:30:00-05:00", "2026-11-01T02:00:00-05:00"}},
		{"hourly has no extra firing for the lost hour", "30 * * * *", "Europe/Brussels",
			"2026-03-29T00:00:00Z", "2026-03-29T02:00:00Z",
			[]string{"2026-03-29T01:30:00+01:00", "2026-03-29T03:30:00+02:00"}},
		{"an interval ignores the change", "@every 2h", "America/New_York",
			"2026-11-01T04:00:00Z", "2026-11-01T09:00:00Z",
			[]string{"2026-11-01T00:00:00-04:00", "2026-11-01T01:00:00-05:00", "2026-11-01T03:00:00-05:00"}},
		{"weekly", "@weekly", "Europe/London",
			"2026-03-22T12:00:00Z", "2026-04-06T00:00:00Z",
			[]string{"2026-03-29T00:00:00Z", "2026-04-05T00:00:00+01:00"}},
		{"either day when both are restricted", "0 8 1 * MON", "UTC",
			"2026-06-01T09:00:00Z", "2026-07-02T00:00:00Z",
			[]string{"2026-06-08T08:00:00Z", "2026-06-15T08:00:00Z", "2026-06-22T08:00:00Z", "2026-06-29T08:00:00Z", "2026-07-01T08:00:00Z"}},
		{"the last day of a leap year", "0 9 31 12 *", "America/New_York",
			"2040-12-30T12:00:00Z", "2041-01-02T00:00:00Z",
			[]string{"2040-12-31T09:00:00-05:00"}},
		{"through the last night of a leap year", "0 */12 * * *", "Europe/London",
			"2040-12-31T06:00:00Z", "2041-01-01T13:00:00Z",
			[]string{"2040-12-31T12:00:00Z", "2041-01-01T00:00:00Z", "2041-01-01T12:00:00Z"}},
		{"hourly through the last night of a leap year", "@hourly", "Europe/London",
			"2040-12-31T22:30:00Z", "2041-01-01T01:30:00Z",
			[]string{"2040-12-31T23:00:00Z", "2041-01-01T00:00:00Z", "2041-01-01T01:00:00Z"}},
		{"29 February where a century has none", "0 0 29 2 *", "UTC",
			"2095-01-01T00:00:00Z", "2105-01-01T00:00:00Z",
			[]string{"2096-02-29T00:00:00Z", "2104-02-29T00:00:00Z"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			from, _ := time.Parse(time.RFC3339, c.from)
			to, _ := time.Parse(time.RFC3339, c.to)
			var got []string
			for _, at := range firings(parse(t, c.spec, zone(t, c.zone)), from, to) {
				got = append(got, at.Format(time.RFC3339))
			}
			if strings.Join(got, "\n") != strings.Join(c.want, "\n") {
				t.Errorf("%s in %s fired at\n%s\nwant\n%s", c.spec, c.zone, strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
		})
	}
}

func TestNext_StrictlyLaterInUTC(t *testing.T) {
	s := parse(t, "0 9 * * *", zone(t, "Asia/Tehran"))
	at := s.Next(time.Date(2026, 5, 1, 5, 29, 59, 999, time.UTC))
	if want := time.Date(2026, 5, 1, 5, 30, 0, 0, time.UTC); !at.Equal(want) || at.Location() != time.UTC {
		t.Errorf("just before the firing, next is %s, want %s", at, want)
	}
	if next, want := s.Next(at), at.Add(24*time.Hour); !next.Equal(want) {
		t.Errorf("after %s comes %s, want %s", at, next, want)
	}
}

func TestNext_ZeroSpec(t *testing.T) {
	var s schedule.Spec
	if at := s.Next(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)); !at.IsZero() {
		t.Errorf("fires at %s", at)
	}
	if s.Location() != time.UTC || s.String() != "" {
		t.Errorf("location %s, text %q", s.Location(), s)
	}
}

func TestNext_IntervalKeepsItsPhase(t *testing.T) {
	s := parse(t, "@every 1h30m", time.UTC)
	first := s.Next(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	for d := time.Duration(1); d < 90*time.Minute; d += 7 * time.Minute {
		if at := s.Next(first.Add(-d)); !at.Equal(first) {
			t.Errorf("asked %s before %s, next is %s", d, first, at)
		}
	}
}
