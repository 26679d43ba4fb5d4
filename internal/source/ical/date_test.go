package ical

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestParse_Ends(t *testing.T) {
	for name, c := range map[string]struct{ lines, want, word string }{
		"hours of a day":              {"DTSTART;VALUE=DATE:20260217\nDURATION:PT36H", "from 2026-02-17 to 2026-02-18", "is given whole days"},
		"an hour of a day":            {"DTSTART;VALUE=DATE:20260217\nDURATION:PT1H", "on 2026-02-17", "is given whole days"},
		"no length":                   {"DTSTART;VALUE=DATE:20260217\nDURATION:PT0S", "on 2026-02-17", ""},
		"a day across a clock change": {"DTSTART;TZID=Europe/Berlin:20260328T120000\nDURATION:P1D", "at 2026-03-28 12:00 lasting 23 hours in Europe/Berlin", ""},
		"hours across a clock change": {"DTSTART;TZID=Europe/Berlin:20260328T120000\nDURATION:PT24H", "at 2026-03-28 12:00 lasting 24 hours in Europe/Berlin", ""},
		"ends on its day":             {"DTSTART;VALUE=DATE:20260217\nDTEND;VALUE=DATE:20260217", "on 2026-02-17", ""},
		"a day ends at a time":        {"DTSTART;VALUE=DATE:20260217\nDTEND:20260218T170000Z", "from 2026-02-17 to 2026-02-18", "to the end of that day"},
		"a time ends with a day":      {"DTSTART:20260217T090000Z\nDTEND;VALUE=DATE:20260218", "at 2026-02-17 09:00 in UTC", "its end is left out"},
		"ends before":                 {"DTSTART:20260217T090000Z\nDTEND:20260217T080000Z", "at 2026-02-17 09:00 in UTC", "its end is left out"},
		"days that end before":        {"DTSTART;VALUE=DATE:20260217\nDTEND;VALUE=DATE:20260210", "on 2026-02-17", "its end is left out"},
		"an end in no zone":           {"DTSTART;TZID=Europe/Berlin:20260217T090000\nDTEND:20260217T100000", "at 2026-02-17 09:00 lasting 1 hour in Europe/Berlin", ""},
		"only an end":                 {"DTEND;VALUE=DATE:20260218", "ends by 2026-02-17", "no DTSTART"},
		"only a time at its end":      {"DTEND;TZID=Europe/Berlin:20260218T170000", "ends by 2026-02-18", "no DTSTART"},
		"an end and a length":         {"DTEND:20260218T170000Z\nDURATION:PT2H", "at 2026-02-18 15:00 lasting 2 hours in UTC", "no DTSTART"},
		"only a length":               {"DURATION:PT2H", "", "no DTSTART to count it from"},
		"a leap second":               {"DTSTART:20261231T235960Z", "at 2026-12-31 23:59:59 in UTC", ""},
	} {
		dates, found := readAll(t, eventOf(strings.Split(c.lines, "\n")...), Options{})
		if c.want != "" && !slices.Equal(dates, []string{c.want}) || c.want == "" && len(dates) > 0 {
			t.Errorf("%s: %q, want %q", name, dates, c.want)
		}
		if c.word == "" && len(found) > 0 || c.word != "" && (len(found) != 1 || !strings.Contains(found[0].What, c.word)) {
			t.Errorf("%s: %v, want %q", name, found, c.word)
		}
	}
}

func TestParse_Task(t *testing.T) {
	for name, c := range map[string]struct{ lines, want, word string }{
		"a day":             {"DUE;VALUE=DATE:20260630", "deadline open on 2026-06-30", ""},
		"a time":            {"DUE;TZID=Europe/Brussels:20260630T170000\nSTATUS:NEEDS-ACTION", "deadline open at 2026-06-30 17:00 in Europe/Brussels", ""},
		"a beginning too":   {"DTSTART;VALUE=DATE:20260601\nDUE;VALUE=DATE:20260630\nSTATUS:IN-PROCESS", "deadline open on 2026-06-30", ""},
		"a length":          {"DTSTART:20260601T090000Z\nDURATION:P1D", "deadline open at 2026-06-02 09:00 in UTC", ""},
		"a length of a day": {"DTSTART;VALUE=DATE:20260601\nDURATION:P2D", "deadline open on 2026-06-02", ""},
		"only a beginning":  {"DTSTART;VALUE=DATE:20260601", "other open on 2026-06-01", "the task has no DUE"},
		"no day":            {"PRIORITY:1", "other open tbd", ""},
		"done":              {"DUE;VALUE=DATE:20260630\nSTATUS:COMPLETED", "deadline met on 2026-06-30", ""},
		"done at a time":    {"DUE;VALUE=DATE:20260630\nCOMPLETED:20260615T090000Z", "deadline met on 2026-06-30", ""},
		"done wholly":       {"DUE;VALUE=DATE:20260630\nPERCENT-COMPLETE:100", "deadline met on 2026-06-30", ""},
		"cancelled":         {"DUE;VALUE=DATE:20260630\nSTATUS:CANCELLED", "deadline cancelled on 2026-06-30", ""},
		"every month":       {"DUE;VALUE=DATE:20260630\nRRULE:FREQ=MONTHLY;BYMONTHDAY=-1", "deadline open on 2026-06-30 recurring FREQ=MONTHLY;BYMONTHDAY=-1", ""},
		"every week, due two days later": {"DTSTART;VALUE=DATE:20260601\nDUE;VALUE=DATE:20260603\nRRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=3\nEXDATE;VALUE=DATE:20260608",
			"deadline open on 2026-06-03 recurring FREQ=WEEKLY;COUNT=3;BYDAY=WE except 2026-06-10", ""},
		"a bad day": {"DUE:soon", "", "left out"},
	} {
		lines := append([]string{"BEGIN:VTODO", "UID:a@x", "SUMMARY:Reply"}, strings.Split(c.lines, "\n")...)
		got, found, err := Parse(calendarOf(append(lines, "END:VTODO")...), Options{})
		have := ""
		for _, e := range got.Events {
			have += fmt.Sprintf("%s %s %s", e.Kind, e.Status, e.When[0].Expr)
		}
		if err != nil || have != c.want {
			t.Errorf("%s: %q, want %q; %v", name, have, c.want, err)
		}
		if c.word == "" && len(found) > 0 || c.word != "" && (len(found) != 1 || !strings.Contains(found[0].What, c.word)) {
			t.Errorf("%s: %v, want %q", name, found, c.word)
		}
	}
}

func TestParse_OneUIDForSeveral(t *testing.T) {
	one := func(title, day, more string) string {
		return "BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:" + title + "\r\nDTSTART;VALUE=DATE:" + day + "\r\n" + more + "END:VEVENT"
	}
	for name, c := range map[string]struct {
		list []string
		want string
		ids  string
		word bool
	}{
		"other titles and days":        {[]string{one("Talks", "20260601", ""), one("Vote", "20260602", ""), one("Visit", "20260603", "")}, "Talks 2026-06-01, Vote 2026-06-02, Visit 2026-06-03", "wto-1-talks wto-1-vote wto-1-visit", true},
		"one title and other days":     {[]string{one("Talks", "20260601", ""), one("Talks", "20260602", "")}, "Talks 2026-06-01, Talks 2026-06-02", "", true},
		"other titles on one day":      {[]string{one("Talks", "20260601", ""), one("Vote", "20260601", "")}, "Talks 2026-06-01, Vote 2026-06-01", "", true},
		"the same twice":               {[]string{one("Talks", "20260601", ""), one("Talks", "20260601", "")}, "Talks 2026-06-01", "wto-1", false},
		"a later version":              {[]string{one("Talks", "20260601", "SEQUENCE:2\r\n"), one("Vote", "20260602", "SEQUENCE:1\r\n")}, "Talks 2026-06-01", "wto-1", false},
		"written later on the one day": {[]string{one("Talks", "20260601", "DTSTAMP:20260102T000000Z\r\n"), one("Vote", "20260601", "DTSTAMP:20260101T000000Z\r\n")}, "Talks 2026-06-01", "", false},
	} {
		got, found, err := Parse(calendarOf(c.list...), Options{Prefix: "wto"})
		var have, ids []string
		for _, e := range got.Events {
			have, ids = append(have, e.Title+" "+e.When[0].Expr.A.String()), append(ids, e.ID)
		}
		if s := strings.Join(have, ", "); err != nil || s != c.want || len(found) > 0 != c.word {
			t.Errorf("%s: %q, %v, want %q", name, s, found, c.want)
		}
		if s := strings.Join(ids, " "); c.ids != "" && s != c.ids {
			t.Errorf("%s: ids %q, want %q", name, s, c.ids)
		}
	}
}
