package when

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"attache/internal/civil"
	"attache/internal/recur"
	"attache/internal/syntax"
	"attache/internal/workday"
)

// series reads an expression that comes again.
func series(t testing.TB, s, zone string) Series {
	t.Helper()
	e, err := Parse(s)
	if err != nil {
		t.Fatalf("%s: %v", s, err)
	}
	out, ok := e.Series(zone, "x#1")
	if !ok {
		t.Fatalf("%s comes once", s)
	}
	return out
}

// coming returns the first n occurrences that are not over at a day, in its zone.
func coming(s Series, from string, n int) string {
	d, err := civil.ParseDate(from)
	if err != nil {
		panic(err)
	}
	var out []string
	for _, o := range s.Next(d.Start(s.Location()), n) {
		text := o.Window.Earliest.Day.String()
		if s.Timed {
			text = o.Window.Earliest.At.In(s.Location()).Format("2006-01-02T15:04-0700")
		}
		out = append(out, text)
	}
	return strings.Join(out, " ")
}

func TestSeries_OneMoved(t *testing.T) {
	const stated = "at 2026-01-02 08:30 recurring FREQ=MONTHLY;BYDAY=1FR except 2026-03-06 also 2026-03-11 08:30 in ET"
	s := series(t, stated, "")
	want := "2026-01-02T08:30-0500 2026-02-06T08:30-0500 2026-03-11T08:30-0400 2026-04-03T08:30-0400"
	if got := coming(s, "2026-01-01", 4); got != want {
		t.Errorf("it comes %s, want %s", got, want)
	}
	if got := coming(s, "2026-03-11", 2); got != "2026-03-11T08:30-0400 2026-04-03T08:30-0400" {
		t.Errorf("from 11 March it comes %s", got)
	}
	first, _ := s.Start()
	if first.Name(true) != "20260102T083000" || !s.Endless() {
		t.Errorf("the first is %s", first.Name(true))
	}
	if _, ok := s.End(); ok {
		t.Error("an endless series has an end")
	}
	e, _ := Parse(stated)
	if got := e.String(); got != strings.Replace(stated, "in ET", "in ET", 1) {
		t.Errorf("printed as %s", got)
	}
	if got, want := e.Words(), "Fri 2 Jan 2026, 08:30 New York time, then every month on the first Friday, except 6 Mar 2026, and besides on 11 Mar 2026, 08:30"; got != want {
		t.Errorf("said as %q, want %q", got, want)
	}
	excepted := s.Excepted(civil.Date{})
	if len(excepted) != 1 || excepted[0].Format("20060102T150405") != "20260306T083000" || len(s.Added()) != 1 {
		t.Errorf("excepted %v, added %v", excepted, s.Added())
	}
}

func TestSeries(t *testing.T) {
	for _, c := range []struct{ stated, zone, from, want string }{
		{"2026-01-31 recurring FREQ=MONTHLY", "UTC", "2026-01-01", "2026-01-31 2026-03-31 2026-05-31"},
		{"2026-01-31 recurring FREQ=MONTHLY;BYMONTHDAY=-1", "UTC", "2026-02-01", "2026-02-28 2026-03-31 2026-04-30"},
		{"2024-02-29 recurring FREQ=YEARLY", "UTC", "2025-01-01", "2028-02-29 2032-02-29 2036-02-29"},
		{"2026-01-05 recurring FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH", "UTC", "2026-06-01", "2026-06-08 2026-06-11 2026-06-22"},
		{"2026-01-05 recurring FREQ=WEEKLY;COUNT=4;INTERVAL=4", "UTC", "2026-02-03", "2026-03-02 2026-03-30"},
		{"2026-01-01 recurring FREQ=DAILY;INTERVAL=10;UNTIL=20260121", "UTC", "2026-01-11", "2026-01-11 2026-01-21"},
		{"2026-01-01 recurring FREQ=MONTHLY;BYDAY=1FR", "UTC", "2026-01-01", "2026-01-02 2026-02-06 2026-03-06"},
		{"2026-01-30 recurring FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "UTC", "2026-05-01", "2026-05-29 2026-06-30 2026-07-31"},
		{"2026-05-11 recurring FREQ=YEARLY;BYWEEKNO=20", "UTC", "2026-01-01", "2026-05-11 2027-05-17 2028-05-15"},
		{"2026-01-05 recurring FREQ=WEEKLY also 2026-01-05, 2026-01-07", "UTC", "2026-01-01", "2026-01-05 2026-01-07 2026-01-12"},
		{"2026-01-05 recurring FREQ=WEEKLY except 2026-01-05 also 2026-01-05", "UTC", "2026-01-01", "2026-01-05 2026-01-12 2026-01-19"},
		{"from 2026-01-05 lasting 3 days recurring FREQ=WEEKLY", "UTC", "2026-01-07", "2026-01-05 2026-01-12 2026-01-19"},
		{"from 2026-01-05 lasting 3 days recurring FREQ=WEEKLY", "UTC", "2026-01-08", "2026-01-12 2026-01-19 2026-01-26"},
		{"from 2026-01-05 lasting 2 months recurring FREQ=YEARLY", "UTC", "2027-03-04", "2027-01-05 2028-01-05 2029-01-05"},
		{"from 2026-01-05 22:00 to 2026-01-06 02:00 recurring FREQ=WEEKLY", "UTC", "2026-01-06", "2026-01-05T22:00+0000 2026-01-12T22:00+0000 2026-01-19T22:00+0000"},
		// The holidays of a calendar: 25 May 2026 is Memorial Day; Sun 25 Dec 2033 is kept on Monday, too.
		{"2026-05-18 recurring FREQ=WEEKLY except holidays(US)", "UTC", "2026-05-18", "2026-05-18 2026-06-01 2026-06-08"},
		{"2026-05-18 recurring FREQ=WEEKLY except 2026-06-01, Holidays( US ) also 2026-05-25", "UTC", "2026-05-18", "2026-05-18 2026-05-25 2026-06-08"},
		{"2033-12-18 recurring FREQ=WEEKLY except holidays(US)", "UTC", "2033-12-18", "2033-12-18 2034-01-08 2034-01-15"},
		{"2033-12-19 recurring FREQ=WEEKLY except holidays(US)", "UTC", "2033-12-19", "2033-12-19 2034-01-09 2034-01-23"},
		{"2026-05-18 recurring FREQ=WEEKLY;COUNT=2 except holidays(US)", "UTC", "2026-05-18", "2026-05-18"},
		{"2026-05-18 recurring FREQ=WEEKLY except holidays(GB), holidays(US)", "UTC", "2026-08-24", "2026-08-24 2026-09-14 2026-09-21"},
		// Clock changes: New York springs forward on 8 March 2026 and falls back on 1 November.
		{"at 2026-03-07 02:30 recurring FREQ=DAILY", "America/New_York", "2026-03-07", "2026-03-07T02:30-0500 2026-03-08T03:30-0400 2026-03-09T02:30-0400"},
		{"at 2026-10-31 01:30 recurring FREQ=DAILY", "America/New_York", "2026-10-31", "2026-10-31T01:30-0400 2026-11-01T01:30-0400 2026-11-02T01:30-0500"},
		{"at 2026-10-30 09:00 recurring FREQ=DAILY;UNTIL=20261101T140000Z", "America/New_York", "2026-10-30", "2026-10-30T09:00-0400 2026-10-31T09:00-0400 2026-11-01T09:00-0500"},
		{"at 2026-10-30 09:00 recurring FREQ=DAILY;UNTIL=20261101T135959Z", "America/New_York", "2026-10-30", "2026-10-30T09:00-0400 2026-10-31T09:00-0400"},
		{"at 2026-10-30 09:00 recurring FREQ=DAILY;UNTIL=20261031", "America/New_York", "2026-10-30", "2026-10-30T09:00-0400 2026-10-31T09:00-0400"},
		// Apia had no 30 December 2011.
		{"at 2011-12-29 09:00 recurring FREQ=DAILY", "Pacific/Apia", "2011-12-29", "2011-12-29T09:00-1000 2011-12-31T09:00+1400 2012-01-01T09:00+1400"},
		{"at 2026-01-05 08:30 recurring FREQ=YEARLY also 2026-03-11 13:30 Europe/London", "America/New_York", "2026-01-05", "2026-01-05T08:30-0500 2026-03-11T09:30-0400 2027-01-05T08:30-0500"},
	} {
		s := series(t, c.stated, c.zone)
		if got := coming(s, c.from, 3); got != c.want {
			t.Errorf("%s, from %s: %s, want %s", c.stated, c.from, got, c.want)
		}
	}
}

func TestSeries_End(t *testing.T) {
	for stated, want := range map[string]string{
		"2026-01-05 recurring FREQ=WEEKLY;COUNT=4":                                        "20260126",
		"2026-01-05 recurring FREQ=WEEKLY;UNTIL=20991231":                                 "20991228",
		"2026-01-05 recurring FREQ=WEEKLY;COUNT=2 also 2027-01-01":                        "20270101",
		"2026-01-05 recurring FREQ=YEARLY;INTERVAL=5;UNTIL=20300101":                      "20260105",
		"2026-01-05 recurring FREQ=WEEKLY;COUNT=2 except 2026-01-12":                      "20260105",
		"at 2026-01-05 09:00 recurring FREQ=WEEKLY;UNTIL=20260112T090000Z in Asia/Tokyo":  "20260112T090000",
		"at 2026-01-05 09:00 recurring FREQ=WEEKLY;UNTIL=20260112T090000Z in Asia/Tokyo ": "20260112T090000",
	} {
		s := series(t, strings.TrimSpace(stated), "UTC")
		last, ok := s.End()
		if got := last.Name(s.Timed); !ok || got != want {
			t.Errorf("%s ends %s, want %s", stated, got, want)
		}
	}
	s := series(t, "2026-01-05 recurring FREQ=WEEKLY;COUNT=1 except 2026-01-05", "UTC")
	if _, ok := s.End(); ok {
		t.Error("a series of which every day is excepted has an end")
	}
	e, _ := Parse("2026-01-05 recurring FREQ=WEEKLY;COUNT=1 except 2026-01-05")
	if w := e.Window("UTC", ""); w.Precision != None {
		t.Errorf("a series that never comes has the window %s", w.Words())
	}
}

func TestSeries_Errors(t *testing.T) {
	for stated, want := range map[string]string{
		"by 2026-01-05 recurring FREQ=WEEKLY":                              "recurs: needs a first day of its own: state it with on, at or from",
		"2026-01 recurring FREQ=WEEKLY":                                    "recurs: needs a first day of its own: state it with on, at or from",
		"after event:x recurring FREQ=WEEKLY":                              "recurs: needs a first day of its own: state it with on, at or from",
		"2026-02-28 recurring FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30":         "no such month has such a day: the rule never comes to one",
		"2026-02-28 recurring FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31":          "no such month has such a day: the rule never comes to one",
		"2026-01-05 recurring FREQ=DAILY;INTERVAL=7;BYDAY=TU":              "recurs: no day is as FREQ=DAILY;INTERVAL=7;BYDAY=TU says, from 2026-01-05 on",
		"2026-02-28 recurring FREQ=WEEKLY;UNTIL=20260101":                  "recurs: it ends 20260101, before it begins 2026-02-28",
		"2026-02-28 recurring FREQ=WEEKLY;BYDAY=FR;UNTIL=20260301":         "recurs: no day is as FREQ=WEEKLY;UNTIL=20260301;BYDAY=FR says, from 2026-02-28 on",
		"2026-02-28 recurring FREQ=WEEKLY;UNTIL=20260401T120000Z":          "recurs: UNTIL is a day where the series has no time of day: write UNTIL=20260401",
		"2026-01-05 recurring FREQ=WEEKLY also 2026-01-06 09:00":           `also: "2026-01-06 09:00" has a time of day and the series has none`,
		"at 2026-01-05 09:00 recurring FREQ=WEEKLY also 2026-01-06":        `also: "2026-01-06" has no time of day: write it as 2026-01-06 09:00`,
		"2026-01-05 recurring FREQ=WEEKLY also 2026-01-01":                 "also: 2026-01-01 lies before the series begins, 2026-01-05: begin it there",
		"2026-01-05 recurring FREQ=WEEKLY except tomorrow":                 `except: "tomorrow" is not a date: write it as 2026-02-16, 2026-02 or 2026`,
		"2026-01-05 recurring FREQ=WEEKLY also 2026-02":                    `also: "2026-02" is not a day: a series comes on days`,
		"at 2026-01-05 09:00 recurring FREQ=WEEKLY also 2026-01-06 9:00 X": `also: "9:00" is not a time of day: write it as 09:00`,
	} {
		_, err := Parse(stated)
		if err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", stated, err, want)
		}
	}
}

// twelve zones with clock changes of every sort, and some without.
var twelve = []string{
	"America/New_York", "Europe/London", "Europe/Brussels", "Africa/Cairo", "Asia/Beirut", "Australia/Lord_Howe", "Pacific/Apia",
	"Asia/Shanghai", "America/Santiago", "Africa/Casablanca", "Pacific/Auckland", "Asia/Kolkata",
}

func TestSeries_DailyAtNineStaysAtNine(t *testing.T) {
	for _, zone := range twelve {
		s := series(t, "at 2024-01-01 09:00 recurring FREQ=DAILY;COUNT=1100", zone)
		d, n := civil.Date{Year: 2024, Month: 1, Day: 1}, 0
		for o := range s.From(s.First.Add(-civil.Reach)) {
			if at := o.Window.Earliest.At.In(s.Location()); at.Format("15:04") != "09:00" || civil.DateOf(at, s.Location()) != d {
				t.Fatalf("%s: %s", zone, at)
			}
			d, n = d.AddDays(1), n+1
		}
		if n != 1100 {
			t.Errorf("%s: %d times", zone, n)
		}
	}
}

// rules draws rules of every frequency.
func rules() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		freq := rapid.SampledFrom([]string{"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}).Draw(t, "freq")
		out := "FREQ=" + freq
		switch rapid.IntRange(0, 3).Draw(t, "end") {
		case 0:
			out += fmt.Sprintf(";COUNT=%d", rapid.IntRange(1, 30).Draw(t, "count"))
		case 1:
			out += fmt.Sprintf(";UNTIL=20%02d0615", rapid.IntRange(26, 40).Draw(t, "until"))
		}
		out += fmt.Sprintf(";INTERVAL=%d", rapid.IntRange(1, 7).Draw(t, "interval"))
		day := rapid.SampledFrom([]string{"MO", "TU,TH", "WE,SU", "SA"}).Draw(t, "day")
		switch rapid.IntRange(0, 3).Draw(t, "by") {
		case 0:
			out += ";BYDAY=" + day
		case 1:
			if freq != "WEEKLY" {
				out += fmt.Sprintf(";BYMONTHDAY=%d", rapid.SampledFrom([]int{1, 15, 28, 31, -1, -3}).Draw(t, "month day"))
			}
		case 2:
			if freq == "MONTHLY" {
				out += fmt.Sprintf(";BYDAY=%s;BYSETPOS=%d", day, rapid.SampledFrom([]int{1, 2, -1}).Draw(t, "place"))
			}
		}
		if rapid.Bool().Draw(t, "months") {
			out += ";BYMONTH=3,9,10"
		}
		if rapid.Bool().Draw(t, "sundays first") {
			out += ";WKST=SU"
		}
		return out
	})
}

func statedSeries(t *rapid.T) (string, Expr, bool) {
	first := civil.Date{Year: 2026, Month: 1, Day: 1}.AddDays(rapid.IntRange(0, 400).Draw(t, "first"))
	s := first.String()
	clock := ""
	if rapid.Bool().Draw(t, "timed") {
		clock = rapid.SampledFrom([]string{" 09:00", " 00:00", " 02:30", " 23:45"}).Draw(t, "clock")
		s = "at " + s + clock
	}
	s += " recurring " + rules().Draw(t, "rule")
	if n := rapid.IntRange(0, 3).Draw(t, "excepted"); n > 0 {
		var days []string
		for range n {
			days = append(days, first.AddDays(rapid.IntRange(0, 60).Draw(t, "except")).String())
		}
		s += " except " + strings.Join(days, ", ")
	}
	if n := rapid.IntRange(0, 3).Draw(t, "added"); n > 0 {
		var days []string
		for range n {
			days = append(days, first.AddDays(rapid.IntRange(0, 60).Draw(t, "also")).String()+clock)
		}
		s += " also " + strings.Join(days, ", ")
	}
	s += " in " + rapid.SampledFrom(twelve).Draw(t, "zone")
	e, err := Parse(s)
	return s, e, err == nil // a rule that gives no day is refused
}

func TestSeries_Occurrences(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, e, ok := statedSeries(t)
		if !ok {
			return
		}
		if again, err := Parse(e.String()); err != nil || again != e {
			t.Fatalf("%s is printed as %s and read as %s, %v", text, e, again, err)
		}
		s, _ := e.Series("UTC", "")
		first := civil.Naive(e.A.Period.First(), e.A.Clock)
		var walls []time.Time
		for at := range s.walls(s.First) {
			if walls = append(walls, at); len(walls) == 200 {
				break
			}
		}
		if !slices.IsSortedFunc(walls, time.Time.Compare) || len(slices.CompactFunc(slices.Clone(walls), time.Time.Equal)) != len(walls) {
			t.Fatalf("%s: not in order or not unique: %v", text, walls)
		}
		if n := s.Rule.Count(); n > 0 && len(walls) > n+len(s.also) {
			t.Fatalf("%s comes %d times", text, len(walls))
		}
		for _, at := range walls {
			if at.Before(first) {
				t.Fatalf("%s comes on %s, before it begins", text, at)
			}
			if e.A.Timed && !slices.ContainsFunc(s.also, at.Equal) && civil.Naive(civil.DateOf(at, time.UTC), e.A.Clock) != at {
				t.Fatalf("%s comes at %s", text, at)
			}
		}
		// Taken up in the middle, it is the same series.
		from := civil.Date{Year: 2026, Month: 1, Day: 1}.AddDays(rapid.IntRange(0, 3000).Draw(t, "from")).Start(s.Location())
		var want []time.Time
		for o := range s.From(first.Add(-48 * time.Hour)) {
			if end, _ := o.Window.End(); end.After(from) || end.Equal(from) && o.Window.Earliest.At.Equal(from) {
				if want = append(want, o.Wall); len(want) == 5 {
					break
				}
			}
		}
		var got []time.Time
		for _, o := range s.Next(from, 5) {
			got = append(got, o.Wall)
		}
		if !slices.EqualFunc(got, want, time.Time.Equal) {
			t.Fatalf("%s, from %s: %v, want %v", text, from, got, want)
		}
	})
}

func TestSeries_NoEnd(t *testing.T) {
	for _, rule := range []string{"FREQ=DAILY", "FREQ=YEARLY;INTERVAL=1000", "FREQ=DAILY;INTERVAL=999;BYMONTH=2;BYMONTHDAY=29"} {
		s := series(t, "2024-02-29 recurring "+rule, "UTC")
		n := 0
		for range s.From(civil.Date{Year: 2024, Month: 1, Day: 1}.Start(time.UTC)) {
			n++
		}
		if n == 0 || n > 70_000 {
			t.Errorf("%s: %d times", rule, n)
		}
		if late := s.Next(civil.Date{Year: 2199, Month: 1, Day: 1}.Start(time.UTC), 3); rule == "FREQ=DAILY" && len(late) != 3 {
			t.Errorf("%s: %d times from 2199 on", rule, len(late))
		}
	}
}

func BenchmarkNextOfAnOldSeries(b *testing.B) {
	s := series(b, "at 1990-01-01 09:00 recurring FREQ=DAILY", "Europe/Brussels")
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for b.Loop() {
		if len(s.Next(now, 12)) != 12 {
			b.Fatal("it does not come")
		}
	}
}

func TestSeries_Prev(t *testing.T) {
	s := series(t, "2026-01-05 recurring FREQ=WEEKLY except 2026-01-12", "UTC")
	list := s.Next(civil.Date{Year: 2026, Month: 1, Day: 1}.Start(time.UTC), 3)
	if _, ok := s.Before(list[0]); ok {
		t.Error("there is one before the first")
	}
	if o, ok := s.Before(list[1]); !ok || o.Name(false) != "20260105" {
		t.Errorf("before the second comes %s", o.Name(false))
	}
}

func FuzzParseRule(f *testing.F) {
	for _, s := range []string{
		"FREQ=MONTHLY;BYDAY=1FR", "RRULE:FREQ=DAILY;COUNT=3", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=WEEKLY;BYDAY=MO,TU;WKST=SU",
		"FREQ=DAILY;UNTIL=20261231T235959Z", "DTSTART:20260102", "freq=monthly;bysetpos=-1;byday=mo", ";", "FREQ", "FREQ=\xff", "  FREQ=DAILY  ", "FREQ=MONTHLY;BYDAY=é",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r, err := recur.ParseRule(s)
		if err != nil {
			var se *syntax.Error
			if !errors.As(err, &se) || se.Offset < 0 || se.Offset > len(s) || strings.ContainsAny(se.Msg, "\n\r") || !utf8.ValidString(se.Msg) {
				t.Fatalf("%q: %#v", s, err)
			}
			return
		}
		again, err := recur.ParseRule(r.String())
		if err != nil || again.String() != r.String() || again.Words() != r.Words() {
			t.Fatalf("%q is %s, which is %s, %v", s, r, again, err)
		}
		e := Expr{Form: At, A: Point{Period: civil.Day(civil.Date{Year: 2026, Month: 1, Day: 2}), Clock: civil.Clock{Hour: 8}, Timed: true}, Recurs: Recurs{Rule: r.String()}}
		if e.Check() != nil {
			return
		}
		series, _ := e.Series("America/New_York", "")
		n := 0
		for range series.From(series.First) {
			if n++; n == 20 {
				break
			}
		}
		if n == 0 {
			t.Fatalf("%s passes and never comes", r)
		}
	})
}

func TestSeries_Holidays(t *testing.T) {
	e, err := Parse("at 2026-03-03 10:00 recurring FREQ=WEEKLY;BYDAY=TU except 2026-04-07, holidays(Own)")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := e.Words(), "Tue 3 Mar 2026, 10:00, then every week on Tuesday, except 7 Apr 2026 and holidays of Own"; got != want {
		t.Errorf("said as %q, want %q", got, want)
	}
	if _, err := e.With(workday.BuiltIn()); err == nil {
		t.Error("a calendar that there is not is found")
	}
	tuesday := civil.Date{Year: 2026, Month: 3, Day: 10}
	bound, err := e.With(workday.BuiltIn().Plus(workday.Weekdays("Own").With([]civil.Date{tuesday}, nil)))
	if err != nil {
		t.Fatal(err)
	}
	s, _ := bound.Series("Europe/Brussels", "")
	if got := coming(s, "2026-03-03", 2); got != "2026-03-03T10:00+0100 2026-03-17T10:00+0100" {
		t.Errorf("it comes %s", got)
	}
	until := civil.Date{Year: 2030, Month: 1, Day: 1}
	if got := fmt.Sprint(s.Excepted(until)); got != "[2026-03-10 10:00:00 +0000 UTC 2026-04-07 10:00:00 +0000 UTC]" {
		t.Errorf("excepted %s", got)
	}
	if other, _ := e.Like(bound).Series("Europe/Brussels", ""); coming(other, "2026-03-03", 9) != coming(s, "2026-03-03", 9) {
		t.Error("another state of it does not know the same holidays")
	}
	if e.String() != bound.String() {
		t.Errorf("printed as %s and %s", e, bound)
	}
}
