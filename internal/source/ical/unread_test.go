package ical

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestParse_Unread(t *testing.T) {
	series := []string{"BEGIN:VEVENT", "UID:a@x", "SUMMARY:Report", "DTSTART;VALUE=DATE:20260102", "RRULE:FREQ=MONTHLY;COUNT=6", "END:VEVENT"}
	for name, c := range map[string]struct {
		lines []string
		want  string // UID and occurrence of each, and why
	}{
		"a day":                {[]string{"BEGIN:VEVENT", "UID:a@x", "DTSTART:20261332", "END:VEVENT"}, `a@x  "20261332" is no date and no time`},
		"a zone":               {[]string{"BEGIN:VEVENT", "UID:a@x", "DTSTART;TZID=Nowhere:20260217T090000", "END:VEVENT"}, `a@x  its time is in the zone "Nowhere", which is not known and not defined`},
		"no zone":              {[]string{"BEGIN:VEVENT", "UID:a@x", "DTSTART:20260217T090000", "END:VEVENT"}, `a@x  its time names no zone: say in which it is meant`},
		"the line of a day":    {[]string{"BEGIN:VEVENT", "UID:a@x", "DTSTART;VALUE:20260217", "END:VEVENT"}, "a@x  its DTSTART can't be read"},
		"two days":             {[]string{"BEGIN:VEVENT", "UID:a@x", "DTSTART:20260217", "DTSTART:20260218", "END:VEVENT"}, "a@x  it has more than one DTSTART"},
		"two UIDs":             {[]string{"BEGIN:VEVENT", "UID:a@x", "UID:b@x", "DTSTART:20260217", "END:VEVENT"}, "a@x  it has more than one UID | b@x  it has more than one UID"},
		"no UID":               {[]string{"BEGIN:VEVENT", "SUMMARY:Talks", "DTSTART:x", "END:VEVENT"}, `  "x" is no date and no time`},
		"in a journal":         {[]string{"BEGIN:VJOURNAL", "UID:a@x", "END:VJOURNAL"}, "a@x  its UID stands in no event"},
		"nothing at all":       {[]string{"BEGIN:VEVENT", "DTEND:20260217", "END:VEVENT"}, "  it has no UID, no title and no day"},
		"in the calendar":      {[]string{"UID:a@x"}, "a@x  its UID stands in no event"},
		"in an alarm":          {[]string{"BEGIN:VEVENT", "UID:a@x", "BEGIN:VALARM", "UID:b@x", "END:VALARM", "DTSTART:20260217", "END:VEVENT"}, ""},
		"an occurrence":        {append(slices.Clone(series), "BEGIN:VEVENT", "UID:a@x", "RECURRENCE-ID:20260302", "DTSTART:x", "END:VEVENT"), `a@x 20260302 "x" is no date and no time`},
		"what can all be read": {series, ""},
	} {
		got, _, err := Parse(calendarOf(c.lines...), Options{})
		var have []string
		for _, u := range got.Unread {
			have = append(have, fmt.Sprintf("%s %s %v", u.Key.UID, u.Key.Occurrence, u.Why))
		}
		if s := strings.Join(have, " | "); err != nil || got.Broken != nil || s != c.want {
			t.Errorf("%s: %q, want %q; %v, %v", name, s, c.want, got.Broken, err)
		}
	}
}

func TestParse_UnreadOccurrence(t *testing.T) {
	data := calendarOf(
		"BEGIN:VEVENT", "UID:a@x", "SUMMARY:Report", "DTSTART;VALUE=DATE:20260102", "RRULE:FREQ=MONTHLY;COUNT=6", "END:VEVENT",
		"BEGIN:VEVENT", "UID:a@x", "SUMMARY:Report", "RECURRENCE-ID;VALUE=DATE:20260302", "DTSTART:x", "END:VEVENT",
	)
	for name, c := range map[string]struct {
		known map[Key]bool
		want  string
	}{
		"its day stays in the series":          {nil, "on 2026-01-02 recurring FREQ=MONTHLY;COUNT=6"},
		"it was read before, as another event": {map[Key]bool{{"a@x", "20260302"}: true}, "on 2026-01-02 recurring FREQ=MONTHLY;COUNT=6 except 2026-03-02"},
	} {
		got, _ := oneOf(t, data, Options{Known: c.known})
		if x := got.When[0].Expr.String(); x != c.want {
			t.Errorf("%s: %q, want %q", name, x, c.want)
		}
	}
}

func TestParse_Lacks(t *testing.T) {
	for lines, want := range map[string]string{
		"DTSTART:20260217":                                     "",
		"DTSTART:20260217\r\nSTATUS:canceled":                  "",
		"DTSTART:20260217\r\nDTEND:x":                          "end",
		"DTSTART:20260217\r\nDURATION:x":                       "end",
		"DTSTART:20260217\r\nDTEND;X:20260218":                 "end",
		"DTSTART:20260217\r\nRRULE:FREQ=SECONDLY":              "series",
		"DTSTART:20260217\r\nRRULE:x\r\nDTEND:x":               "end series",
		"DTSTART:20260217\r\nRRULE:FREQ=DAILY\r\nEXDATE:x":     "series",
		"DTSTART:20260217\r\nSTATUS;X:CANCELLED":               "status",
		"DTSTART:20260217\r\nSTATUS:CANCELLEX":                 "status",
		"DTEND:20260217":                                       "day",
		"LOCATION:Geneva":                                      "day",
		"DTSTART:20260217\r\nX-UNKNOWN;X:can't be read either": "",
	} {
		if got, _ := oneOf(t, eventOf(lines), Options{}); got.Foreign.Lacks != want || got.Foreign.UID != "a@example.org" {
			t.Errorf("%q: %+v, want %q", lines, got.Foreign, want)
		}
	}
	got, _ := oneOf(t, calendarOf("BEGIN:VEVENT", "UID:a", "DTSTART:20260217", "END:VEVENT"), Options{})
	if got.Foreign.Lacks != "title" {
		t.Errorf("without a title: %+v", got.Foreign)
	}
}

func TestParse_Cancelled(t *testing.T) {
	method := func(m string, events ...[]byte) []byte {
		return []byte(strings.Replace(string(slices.Concat(events...)), "VERSION:2.0", "METHOD:"+m+"\r\nVERSION:2.0", 1))
	}
	day := "DTSTART:20260217\r\nSTATUS:"
	other := calendarOf("BEGIN:VEVENT", "UID:b@x", "SUMMARY:Vote", "DTSTART:20260218", "END:VEVENT")
	for name, c := range map[string]struct {
		data []byte
		want string // status and title of each
		word bool
	}{
		"as the standard has it":       {eventOf(day + "CANCELLED"), "cancelled Talks", false},
		"with one L":                   {eventOf(day + "Canceled"), "cancelled Talks", false},
		"in small letters":             {eventOf(day + "cancelled"), "cancelled Talks", false},
		"by its method":                {method("CANCEL", eventOf(day+"CONFIRMED")), "cancelled Talks", false},
		"by a method in small letters": {method("cancel", eventOf(day+"CONFIRMED")), "cancelled Talks", false},
		"one of two calendars":         {method("CANCEL", eventOf(day+"CONFIRMED"), other), "cancelled Talks | open Vote", false},
		"published":                    {method("PUBLISH", eventOf(day+"CONFIRMED")), "open Talks", false},
		"in the title too":             {eventOf(day + "CANCELLED\r\nSUMMARY:CANCELED: Talks"), "cancelled Talks", false},
		"in the title alone":           {eventOf(day + "CONFIRMED\r\nSUMMARY:Canceled: Talks"), "open Canceled: Talks", true},
	} {
		c.data = []byte(strings.Replace(string(c.data), "SUMMARY:Talks\r\n"+day+"CANCELLED\r\nSUMMARY", day+"CANCELLED\r\nSUMMARY", 1))
		c.data = []byte(strings.Replace(string(c.data), "SUMMARY:Talks\r\n"+day+"CONFIRMED\r\nSUMMARY", day+"CONFIRMED\r\nSUMMARY", 1))
		got, found, err := Parse(c.data, Options{})
		var have []string
		for _, e := range got.Events {
			have = append(have, string(e.Status)+" "+e.Title)
		}
		if s := strings.Join(have, " | "); err != nil || s != c.want || len(found) > 0 != c.word {
			t.Errorf("%s: %q, want %q; %v, %v", name, s, c.want, found, err)
		}
	}
}
