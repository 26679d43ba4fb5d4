package ical

import (
	"slices"
	"strings"
	"testing"
)

// readAll reads a calendar and returns its dates in their order, and what was found.
func readAll(t *testing.T, data []byte, o Options) (dates []string, found []Finding) {
	t.Helper()
	got, found, err := Parse(data, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range got.Events {
		dates = append(dates, e.When[0].Expr.String())
	}
	return dates, found
}

func TestParse_Series(t *testing.T) {
	const once = " recurring FREQ=DAILY;COUNT=1 also "
	for name, c := range map[string]struct {
		lines string
		want  []string
		word  string // in what is found; "" finds nothing
	}{
		"dates without a rule": {
			"DTSTART;TZID=Europe/Berlin:20260612T140000\nRDATE;TZID=Europe/Berlin:20260612T140000,20260619T140000",
			[]string{"at 2026-06-12 14:00" + once + "2026-06-19 14:00 in Europe/Berlin"}, "",
		},
		"days without a rule": {
			"DTSTART;VALUE=DATE:20260612\nRDATE;VALUE=DATE:20260619\nRDATE;VALUE=DATE:20260626,20260703",
			[]string{"on 2026-06-12" + once + "2026-06-19, 2026-06-26, 2026-07-03"}, "",
		},
		"spans of days": {
			"DTSTART;VALUE=DATE:20260612\nDTEND;VALUE=DATE:20260614\nRDATE;VALUE=DATE:20260619",
			[]string{"from 2026-06-12 to 2026-06-13" + once + "2026-06-19"}, "",
		},
		"a date before the first": {
			"DTSTART;TZID=Europe/Berlin:20260612T140000\nRDATE;TZID=Europe/Berlin:20260605T140000",
			[]string{"at 2026-06-05 14:00" + once + "2026-06-12 14:00 in Europe/Berlin"}, "",
		},
		"a date before those of a rule": {
			"DTSTART:20260612T140000Z\nRRULE:FREQ=WEEKLY\nRDATE:20260605T100000Z",
			[]string{"at 2026-06-12 14:00 recurring FREQ=WEEKLY in UTC", "at 2026-06-05 10:00 in UTC"}, "",
		},
		"periods": {
			"DTSTART;TZID=Europe/Berlin:20260612T140000\nDTEND;TZID=Europe/Berlin:20260612T150000\nRDATE;VALUE=PERIOD;TZID=Europe/Berlin:20260619T140000/PT1H,20260626T140000/20260626T160000",
			[]string{"at 2026-06-12 14:00 lasting 1 hour" + once + "2026-06-19 14:00 in Europe/Berlin", "at 2026-06-26 14:00 lasting 2 hours in Europe/Berlin"}, "",
		},
		"dates in UTC": {
			"DTSTART;TZID=Europe/Berlin:20260612T140000\nRDATE:20261218T130000Z",
			[]string{"at 2026-06-12 14:00" + once + "2026-12-18 14:00 in Europe/Berlin"}, "",
		},
		"a day added to times": {
			"DTSTART;TZID=Europe/Berlin:20260612T140000\nRDATE;VALUE=DATE:20260619",
			[]string{"at 2026-06-12 14:00" + once + "2026-06-19 14:00 in Europe/Berlin"}, "RDATE 20260619 is a day",
		},
		"a rule that is taken out": {
			"DTSTART:20260601T090000Z\nRRULE:FREQ=DAILY;COUNT=8\nEXRULE:FREQ=DAILY;INTERVAL=2",
			[]string{"at 2026-06-01 09:00 recurring FREQ=DAILY;COUNT=8 except 2026-06-01, 2026-06-03, 2026-06-05, 2026-06-07 in UTC"}, "",
		},
		"a rule that is taken out for ever": {
			"DTSTART;VALUE=DATE:20260601\nRRULE:FREQ=MONTHLY\nEXRULE:FREQ=MONTHLY;INTERVAL=12;UNTIL=20290601",
			[]string{"on 2026-06-01 recurring FREQ=MONTHLY except 2026-06-01, 2027-06-01, 2028-06-01, 2029-06-01"}, "",
		},
		"more taken out than can be listed": {
			"DTSTART;VALUE=DATE:20260601\nRRULE:FREQ=DAILY\nEXRULE:FREQ=WEEKLY;BYDAY=TU",
			nil, "is read up to 2045-07-31",
		},
		"a first day that the rule has not": {
			"DTSTART;VALUE=DATE:20260528\nRRULE:FREQ=WEEKLY;COUNT=3;BYDAY=WE",
			[]string{"on 2026-05-28 recurring FREQ=WEEKLY;COUNT=2;BYDAY=WE also 2026-05-28"}, "",
		},
		"a first day that alone counts": {
			"DTSTART;VALUE=DATE:20260528\nRRULE:FREQ=WEEKLY;COUNT=1;BYDAY=WE",
			[]string{"on 2026-05-28"}, "",
		},
		"a first day that the rule has not, for ever": {
			"DTSTART:20260528T090000Z\nRRULE:FREQ=WEEKLY;BYDAY=WE",
			[]string{"at 2026-05-28 09:00 recurring FREQ=WEEKLY;BYDAY=WE also 2026-05-28 09:00 in UTC"}, "",
		},
		"an end before the start": {
			"DTSTART:20260528T090000Z\nRRULE:FREQ=WEEKLY;UNTIL=20260101T000000Z",
			[]string{"at 2026-05-28 09:00 in UTC"}, "",
		},
		"a day taken out of times": {
			"DTSTART;TZID=Europe/Berlin:20260601T090000\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE;VALUE=DATE:20260602",
			[]string{"at 2026-06-01 09:00 recurring FREQ=DAILY;COUNT=3 except 2026-06-02 in Europe/Berlin"}, "",
		},
		"a time taken out of days": {
			"DTSTART;VALUE=DATE:20260601\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE:20260602T000000Z",
			[]string{"on 2026-06-01 recurring FREQ=DAILY;COUNT=3 except 2026-06-02"}, "",
		},
		"a time that names no zone taken out": {
			"DTSTART;TZID=Europe/Berlin:20260601T090000\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE:20260602T090000",
			[]string{"at 2026-06-01 09:00 recurring FREQ=DAILY;COUNT=3 except 2026-06-02 in Europe/Berlin"}, "",
		},
		"another time taken out": {
			"DTSTART;TZID=Europe/Berlin:20260601T090000\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE;TZID=Europe/Berlin:20260602T000000",
			[]string{"at 2026-06-01 09:00 recurring FREQ=DAILY;COUNT=3 except 2026-06-02 in Europe/Berlin"}, "that is left out",
		},
		"one of two on a day taken out": {
			"DTSTART:20260601T090000Z\nRDATE:20260602T090000Z,20260602T150000Z\nEXDATE:20260602T090000Z",
			[]string{"at 2026-06-01 09:00" + once + "2026-06-02 15:00 in UTC"}, "",
		},
		"an added date taken out": {
			"DTSTART:20260601T090000Z\nRRULE:FREQ=WEEKLY;COUNT=2\nRDATE:20260603T150000Z\nEXDATE:20260603T150000Z",
			[]string{"at 2026-06-01 09:00 recurring FREQ=WEEKLY;COUNT=2 except 2026-06-03 in UTC"}, "",
		},
		"nothing that is taken out": {
			"DTSTART:20260601T090000Z\nRRULE:FREQ=WEEKLY;COUNT=2\nEXDATE:20260603T090000Z",
			[]string{"at 2026-06-01 09:00 recurring FREQ=WEEKLY;COUNT=2 in UTC"}, "",
		},
		"all taken out": {"DTSTART:20260601T090000Z\nEXDATE:20260601T090000Z", nil, "each of its dates is taken out"},
		"two rules": {
			"DTSTART;VALUE=DATE:20260601\nRRULE:FREQ=WEEKLY;COUNT=2\nRRULE:FREQ=MONTHLY;COUNT=2",
			[]string{"on 2026-06-01" + once + "2026-06-08, 2026-07-01"}, "",
		},
		"two rules for ever":  {"DTSTART;VALUE=DATE:20260601\nRRULE:FREQ=WEEKLY\nRRULE:FREQ=MONTHLY", []string{"on 2026-06-01"}, "only its first occurrence is taken: it has no end"},
		"COUNT and UNTIL":     {"DTSTART;VALUE=DATE:20260601\nRRULE:FREQ=DAILY;COUNT=5;UNTIL=20260603", []string{"on 2026-06-01 recurring FREQ=DAILY;UNTIL=20260603"}, ""},
		"UNTIL and COUNT":     {"DTSTART;VALUE=DATE:20260601\nRRULE:FREQ=DAILY;COUNT=2;UNTIL=20260603", []string{"on 2026-06-01 recurring FREQ=DAILY;COUNT=2"}, ""},
		"its own time of day": {"DTSTART:20260601T090000Z\nRRULE:FREQ=DAILY;COUNT=2;BYHOUR=9;BYMINUTE=0;BYSECOND=00", []string{"at 2026-06-01 09:00 recurring FREQ=DAILY;COUNT=2 in UTC"}, ""},
		"two times of day":    {"DTSTART:20260601T090000Z\nRRULE:FREQ=DAILY;BYHOUR=9,15", []string{"at 2026-06-01 09:00 in UTC"}, "only its first occurrence is taken: its RRULE can't be read"},
		"every second":        {"DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=SECONDLY", []string{"on 2026-01-02"}, "only its first occurrence is taken: its RRULE can't be read"},
		"a day that never is": {"DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", []string{"on 2026-01-02"}, "only its first occurrence is taken: its RRULE can't be read"},
		"a bad exception":     {"DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=DAILY\nEXDATE:soon", []string{"on 2026-01-02 recurring FREQ=DAILY"}, "of its EXDATE"},
		"a bad added date":    {"DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=DAILY\nRDATE:soon", []string{"on 2026-01-02 recurring FREQ=DAILY"}, "of its RDATE"},
		"no beginning":        {"RRULE:FREQ=DAILY", nil, "no DTSTART to count it from"},
	} {
		lines := append([]string{"BEGIN:VEVENT", "UID:a@x", "SUMMARY:Talks"}, strings.Split(c.lines, "\n")...)
		dates, found := readAll(t, calendarOf(append(lines, "END:VEVENT")...), Options{})
		if c.want != nil && !slices.Equal(dates, c.want) {
			t.Errorf("%s: %q, want %q", name, dates, c.want)
		}
		if c.word == "" && len(found) > 0 || c.word != "" && (len(found) == 0 || !strings.Contains(found[len(found)-1].What, c.word)) {
			t.Errorf("%s: %v, want %q", name, found, c.word)
		}
	}
}

func TestParse_ThisAndFuture(t *testing.T) {
	const weekly = "DTSTART;TZID=Europe/Berlin:20260603T090000\nDTEND;TZID=Europe/Berlin:20260603T100000\nRRULE:FREQ=WEEKLY;BYDAY=WE"
	for name, c := range map[string]struct {
		master, changed string
		want            []string
	}{
		"an hour later": {
			weekly, "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20260617T090000\nDTSTART;TZID=Europe/Berlin:20260617T100000\nDURATION:PT2H",
			[]string{
				"at 2026-06-03 09:00 lasting 1 hour recurring FREQ=WEEKLY;UNTIL=20260616;BYDAY=WE in Europe/Berlin",
				"at 2026-06-17 10:00 lasting 2 hours recurring FREQ=WEEKLY;BYDAY=WE in Europe/Berlin",
			},
		},
		"two days later": {
			weekly + ";COUNT=5\nEXDATE;TZID=Europe/Berlin:20260624T090000", "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20260617T090000\nDTSTART;TZID=Europe/Berlin:20260619T090000",
			[]string{
				"at 2026-06-03 09:00 lasting 1 hour recurring FREQ=WEEKLY;UNTIL=20260616;BYDAY=WE in Europe/Berlin",
				"at 2026-06-19 09:00 recurring FREQ=WEEKLY;UNTIL=20260703;BYDAY=FR except 2026-06-26 in Europe/Berlin",
			},
		},
		"a rule that can't be moved": {
			"DTSTART;VALUE=DATE:20260605\nRRULE:FREQ=MONTHLY;BYDAY=1FR;COUNT=4", "RECURRENCE-ID;RANGE=THISANDFUTURE;VALUE=DATE:20260703\nDTSTART;VALUE=DATE:20260706",
			[]string{
				"on 2026-06-05 recurring FREQ=MONTHLY;UNTIL=20260702;BYDAY=1FR",
				"on 2026-07-06 recurring FREQ=DAILY;COUNT=1 also 2026-08-10, 2026-09-07",
			},
		},
		"from the first": {
			"DTSTART;VALUE=DATE:20260605\nRRULE:FREQ=WEEKLY", "RECURRENCE-ID;RANGE=THISANDFUTURE;VALUE=DATE:20260605\nDTSTART;VALUE=DATE:20260608",
			[]string{"on 2026-06-08 recurring FREQ=WEEKLY"},
		},
	} {
		lines := append([]string{"BEGIN:VEVENT", "UID:a@x", "SUMMARY:Talks"}, strings.Split(c.master, "\n")...)
		lines = append(lines, "END:VEVENT", "BEGIN:VEVENT", "UID:a@x", "SUMMARY:Talks, changed")
		lines = append(lines, strings.Split(c.changed, "\n")...)
		dates, found := readAll(t, calendarOf(append(lines, "END:VEVENT")...), Options{})
		if !slices.Equal(dates, c.want) || len(found) > 0 {
			t.Errorf("%s: %q, %v, want %q", name, dates, found, c.want)
		}
	}
}

func TestParse_ThisAndFutureWithExceptions(t *testing.T) {
	one := func(lines ...string) []string {
		return append(append([]string{"BEGIN:VEVENT", "UID:a@x", "SUMMARY:Talks"}, lines...), "END:VEVENT")
	}
	lines := slices.Concat(
		one("DTSTART;VALUE=DATE:20260603", "RRULE:FREQ=WEEKLY"),
		one("RECURRENCE-ID;VALUE=DATE:20260701", "DTSTART;VALUE=DATE:20260710"),
		one("RECURRENCE-ID;RANGE=THISANDFUTURE;VALUE=DATE:20260617", "DTSTART;VALUE=DATE:20260618"),
		one("RECURRENCE-ID;RANGE=THISANDFUTURE;VALUE=DATE:20260708", "DTSTART;VALUE=DATE:20260708"),
	)
	dates, found := readAll(t, calendarOf(lines...), Options{})
	want := []string{
		"on 2026-06-03 recurring FREQ=WEEKLY;UNTIL=20260616",
		"on 2026-06-18 recurring FREQ=WEEKLY;UNTIL=20260708 except 2026-07-02",
		"on 2026-07-08 recurring FREQ=WEEKLY",
		"on 2026-07-10",
	}
	if !slices.Equal(dates, want) || len(found) > 0 {
		t.Errorf("%q, %v", dates, found)
	}
}
