package cli

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"

	"attache/internal/config"
	"attache/internal/event"
	"attache/internal/lengthtest"
	"attache/internal/source/ical"
)

// foreignCalendars are what the fuzz test of import begins with.
var foreignCalendars = []string{
	"DTSTART;TZID=EST:20260217T090000",
	"DTSTART;TZID=US/Eastern:20260217T090000\nRRULE:FREQ=WEEKLY;COUNT=3\nEXDATE;TZID=US/Eastern:20260224T090000",
	"DTSTART;TZID=UTC+05:45:20260217T090000\nDURATION:PT90S",
	"DTSTART;VALUE=DATE:20260217\nDTEND;VALUE=DATE:20260220\nRDATE;VALUE=DATE:20260301,20260311",
	"DTEND;VALUE=DATE:20260220\nSTATUS:CANCELLED",
	"DTSTART:20260217T090000Z\nRRULE:FREQ=DAILY\nEXRULE:FREQ=WEEKLY\nRDATE;VALUE=PERIOD:20260217T150000Z/PT2H",
	"DTSTART;VALUE=DATE:20260528\nRRULE:FREQ=WEEKLY;COUNT=3;BYDAY=WE",
	"SUMMARY: - a: #b \\n'\"\nLOCATION:@\nCATEGORIES:~,yes,2026-01-01,[],{}\nDESCRIPTION:\\n  x\\n\\n\\ty: |\nURL:https://example.org/x",
	"SUMMARY:\u202eabc\u2028\u0085\nDESCRIPTION:\ufffe\ufeff\U0001F600",
}

// asCalendar makes an iCalendar text of the lines of an event.
func asCalendar(lines string) []byte {
	return []byte("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\n" + strings.ReplaceAll(lines, "\n", "\r\n") + "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
}

// checkReadBack holds that what import writes of a calendar is read as what it meant, whatever
// it is told of it.
func checkReadBack(t *testing.T, data []byte) {
	t.Helper()
	for _, how := range []ical.Options{
		{Source: "council"},
		{Source: "council", Zone: "Asia/Tokyo", Kind: event.Talks, Certainty: event.Rumoured, Topics: []string{"tariffs"}, Trusted: true},
	} {
		got, _, err := ical.Parse(data, how)
		if err != nil {
			return
		}
		var b bytes.Buffer
		if err := writeEvents(&b, how, got); err != nil {
			t.Fatalf("%q: %v", data, err)
		}
		read := config.CheckFiles(nil, config.Document{Name: "new.yaml", Data: b.Bytes()})
		if len(read.Errors) > 0 || len(read.Calendar.Events) != len(got.Events) {
			t.Fatalf("%q is written as\n%s\nof which is read %d events: %v", data, b.String(), len(read.Calendar.Events), read.Errors)
		}
		for i, e := range got.Events {
			if e.When[0].Expr.IsTBD() {
				e.When[0].Source, e.When[0].Quote = "", "" // its source stands beside it
			} else {
				e.Sources = nil
			}
			if e.Zone == "" {
				e.Zone = read.Calendar.Events[i].Zone // that of the configuration
			}
			if changed := event.Changed(e, read.Calendar.Events[i]); len(changed) > 0 {
				t.Fatalf("%q is written as\n%s\nof which %v differ: %+v, %+v", data, b.String(), changed, e, read.Calendar.Events[i])
			}
		}
	}
}

func TestWriteEvents_ReadBack(t *testing.T) {
	for _, lines := range foreignCalendars {
		checkReadBack(t, asCalendar(lines))
	}
}

// drawn are parts of which calendars are put together at random.
var drawn = struct{ lines, times, zones, rules []string }{
	lines: []string{
		"DTSTART%", "DTEND%", "DUE%", "EXDATE%", "RDATE%", "RECURRENCE-ID%", "RECURRENCE-ID;RANGE=THISANDFUTURE%", "DURATION:PT36H", "DURATION:P1W", "DURATION:PT90S",
		"RDATE;VALUE=PERIOD:20260219T100000Z/PT2H", "RRULE:%", "EXRULE:%", "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE", "STATUS:CANCELLED", "SEQUENCE:3",
		"SUMMARY:null", "SUMMARY:~", "SUMMARY:0x10", "SUMMARY:#a: b", "LOCATION:? \u0085 - a", "CATEGORIES:yes,1e3,2026-01-01,=,%", "DESCRIPTION:\\n  a\\n\\tb: |\\n--- ",
	},
	times: []string{
		"20260217", "20260217T000000", "20260217T090000Z", "20260303T233000", "20260329T023000", "20261025T023000", "19000101", "22001231T235959Z", "20260217T220000Z", "20260224T090000,20260303T090000",
	},
	zones: []string{"", ";VALUE=DATE", ";TZID=Europe/Berlin", ";TZID=EST", ";TZID=Mine", ";TZID=Odd", ";TZID=GMT+0545", ";TZID=America/St_Johns", ";TZID=Nowhere"},
	rules: []string{
		"FREQ=DAILY", "FREQ=WEEKLY;COUNT=3", "FREQ=WEEKLY;BYDAY=TU,WE;UNTIL=20260401T000000Z", "FREQ=MONTHLY;BYDAY=-1FR;COUNT=4", "FREQ=YEARLY;INTERVAL=2", "FREQ=DAILY;COUNT=2;UNTIL=20260219", "FREQ=HOURLY",
	},
}

const drawnZones = "BEGIN:VTIMEZONE\r\nTZID:Mine\r\nBEGIN:STANDARD\r\nDTSTART:16010101T020000\r\nTZOFFSETFROM:-0400\r\nTZOFFSETTO:-0500\r\nRRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11\r\nEND:STANDARD\r\n" +
	"BEGIN:DAYLIGHT\r\nDTSTART:16010101T020000\r\nTZOFFSETFROM:-0500\r\nTZOFFSETTO:-0400\r\nRRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n" +
	"BEGIN:VTIMEZONE\r\nTZID:Odd\r\nBEGIN:STANDARD\r\nDTSTART:20200101T000000\r\nTZOFFSETFROM:+0020\r\nTZOFFSETTO:+001932\r\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=20\r\nEND:STANDARD\r\n" +
	"BEGIN:DAYLIGHT\r\nDTSTART:20200901T000000\r\nTZOFFSETFROM:+001932\r\nTZOFFSETTO:+0020\r\nRRULE:FREQ=YEARLY;BYMONTH=9;BYMONTHDAY=1\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n"

func TestWriteEvents_Drawn(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	one := func(list []string) string { return list[r.IntN(len(list))] }
	for range lengthtest.Of(200, 1_000) {
		var b strings.Builder
		b.WriteString("BEGIN:VCALENDAR\r\n" + drawnZones)
		for range 1 + r.IntN(3) {
			kind := one([]string{"VEVENT", "VEVENT", "VEVENT", "VTODO"})
			b.WriteString("BEGIN:" + kind + "\r\nUID:" + one([]string{"a", "a", "b"}) + "\r\nDTSTART" + one(drawn.zones) + ":" + one(drawn.times) + "\r\n")
			for range r.IntN(7) {
				line := one(drawn.lines)
				if strings.HasSuffix(line, "RULE:%") {
					line = strings.ReplaceAll(line, "%", one(drawn.rules))
				}
				b.WriteString(strings.ReplaceAll(line, "%", one(drawn.zones)+":"+one(drawn.times)) + "\r\n")
			}
			b.WriteString("END:" + kind + "\r\n")
		}
		checkReadBack(t, []byte(b.String()+"END:VCALENDAR\r\n"))
	}
}

func FuzzWriteEvents(f *testing.F) {
	for _, lines := range foreignCalendars {
		f.Add(asCalendar(lines))
	}
	f.Fuzz(checkReadBack)
}
