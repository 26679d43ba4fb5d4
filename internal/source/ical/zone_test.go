package ical

import (
	"slices"
	"strings"
	"testing"
	"time"
)

const europeZone = "BEGIN:VTIMEZONE\r\nTZID:%s\r\nBEGIN:STANDARD\r\nDTSTART:16010101T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\n" +
	"RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\nEND:STANDARD\r\nBEGIN:DAYLIGHT\r\nDTSTART:16010101T020000\r\n" +
	"TZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE"

// oddZone has clock changes that no place has.
const oddZone = "BEGIN:VTIMEZONE\r\nTZID:%s\r\nBEGIN:STANDARD\r\nDTSTART:20200101T020000\r\nTZOFFSETFROM:-0500\r\nTZOFFSETTO:-0600\r\n" +
	"RRULE:FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=5\r\nEND:STANDARD\r\nBEGIN:DAYLIGHT\r\nDTSTART:20200101T020000\r\n" +
	"TZOFFSETFROM:-0600\r\nTZOFFSETTO:-0500\r\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=5\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE"

const fixedZone = "BEGIN:VTIMEZONE\r\nTZID:%s\r\nBEGIN:STANDARD\r\nDTSTART:16010101T000000\r\nTZOFFSETFROM:+0800\r\nTZOFFSETTO:+0800\r\nEND:STANDARD\r\nEND:VTIMEZONE"

// endedZone kept the winter time of summer when it gave up changing its clocks.
const endedZone = "BEGIN:VTIMEZONE\r\nTZID:%s\r\nBEGIN:DAYLIGHT\r\nDTSTART:20070325T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0300\r\n" +
	"RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU;UNTIL=20160327T010000Z\r\nEND:DAYLIGHT\r\nBEGIN:STANDARD\r\nDTSTART:20071028T040000\r\n" +
	"TZOFFSETFROM:+0300\r\nTZOFFSETTO:+0200\r\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU;UNTIL=20151025T010000Z\r\nEND:STANDARD\r\nEND:VTIMEZONE"

func TestParse_DefinedZone(t *testing.T) {
	const monthly = ":20270112T090000\r\nRRULE:FREQ=MONTHLY;COUNT=12"
	const american = "at 2027-01-12 09:00 recurring FREQ=MONTHLY;COUNT=12 in America/New_York"
	for name, c := range map[string]struct {
		zone, tzid, date string
		how              Options
		want             string // "" is left out
		word             string // in what is found
	}{
		"a name of no zone":          {outlookZone, "Customized Time Zone", monthly, Options{}, american, ""},
		"what Outlook shows":         {outlookZone, "(UTC-05:00) Eastern Time (US & Canada)", monthly, Options{}, american, ""},
		"a Windows name with number": {outlookZone, "Eastern Standard Time 1", monthly, Options{}, american, ""},
		"without a definition":       {"", "(UTC-05:00) Eastern Time (US & Canada)", monthly, Options{}, american, ""},
		"cities":                     {"", "(UTC+01:00) Amsterdam, Berlin, Bern, Rome", ":20260701T090000", Options{}, "at 2026-07-01 09:00 in Europe/Amsterdam", ""},
		"cities with a full stop":    {"", "(GMT+01.00) Brussels / Copenhagen / Madrid", ":20260701T090000", Options{}, "at 2026-07-01 09:00 in Europe/Brussels", ""},
		"a short name":               {"", "CET", ":20260701T090000", Options{}, "at 2026-07-01 09:00 in Europe/Brussels", ""},
		"EST":                        {"", "EST", ":20260701T090000", Options{}, "at 2026-07-01 09:00 in America/New_York", ""},
		"EST, defined":               {fixedZone, "EST", ":20260701T090000", Options{}, "at 2026-07-01 09:00 in +08:00", ""},
		"an old name":                {"", "EST5EDT", ":20260701T090000", Options{}, "at 2026-07-01 09:00 in America/New_York", ""},
		"lower case":                 {"", "europe/berlin", ":20260701T090000", Options{}, "at 2026-07-01 09:00 in Europe/Berlin", ""},
		"a space behind":             {"", "Europe/Berlin ", ":20260701T090000", Options{}, "at 2026-07-01 09:00 in Europe/Berlin", ""},
		"an offset":                  {"", "UTC+01:00", ":20260701T090000", Options{}, "at 2026-07-01 09:00 in +01:00", ""},
		"an offset of one digit":     {"", "GMT-5", ":20260701T090000", Options{}, "at 2026-07-01 09:00 in -05:00", ""},
		"one offset for ever":        {fixedZone, "Mine", ":20260701T090000\r\nRRULE:FREQ=WEEKLY", Options{}, "at 2026-07-01 09:00 recurring FREQ=WEEKLY in +08:00", ""},
		"Europe":                     {europeZone, "Mine", ":20260701T090000\r\nRRULE:FREQ=WEEKLY", Options{}, "at 2026-07-01 09:00 recurring FREQ=WEEKLY in Europe/Brussels", ""},
		"Europe, as told":            {europeZone, "Mine", ":20260701T090000\r\nRRULE:FREQ=WEEKLY", Options{Zone: "Europe/Paris"}, "at 2026-07-01 09:00 recurring FREQ=WEEKLY in Europe/Paris", ""},
		"a series from long ago":     {outlookZone, "Mine", ":20050112T090000\r\nRRULE:FREQ=WEEKLY", Options{}, "at 2005-01-12 09:00 recurring FREQ=WEEKLY in America/New_York", ""},
		"clocks that ceased":         {endedZone, "Mine", ":20260101T090000", Options{}, "at 2026-01-01 09:00 in +03:00", ""},
		"clocks of nowhere":          {oddZone, "Mine", ":20270801T090000", Options{}, "at 2027-08-01 09:00 in -06:00", "its own definition gives -06:00 on 1 Aug 2027"},
		"a series of nowhere": {oddZone, "Mine", ":20270112T090000\r\nRRULE:FREQ=MONTHLY;COUNT=4\r\nEXDATE;TZID=Mine:20270212T090000", Options{},
			"at 2027-01-12 09:00 recurring FREQ=DAILY;COUNT=1 also 2027-03-12 08:00, 2027-04-12 08:00 in -06:00", "its own definition gives -06:00"},
		"a series of nowhere with an end": {oddZone, "Mine", ":20270112T090000\r\nRRULE:FREQ=MONTHLY;UNTIL=20270312T140000Z", Options{},
			"at 2027-01-12 09:00 recurring FREQ=DAILY;COUNT=1 also 2027-02-12 08:00, 2027-03-12 08:00 in -06:00", "its own definition gives -06:00"},
		"a series of nowhere for ever": {oddZone, "Mine", ":20270112T090000\r\nRRULE:FREQ=MONTHLY", Options{}, "at 2027-01-12 09:00 in -06:00", "only its first occurrence is taken: it has no end"},
		"nothing of it":                {"", "Nowhere", ":20270112T090000", Options{}, "", "which is not known and not defined"},
		"no offset":                    {"BEGIN:VTIMEZONE\r\nTZID:%s\r\nEND:VTIMEZONE", "Mine", ":20270112T090000", Options{}, "", "whose definition can't be read"},
	} {
		lines := []string{"BEGIN:VEVENT", "UID:a@x", "SUMMARY:Talks", `DTSTART;TZID="` + c.tzid + `"` + c.date, "END:VEVENT"}
		if c.zone != "" {
			lines = append([]string{strings.ReplaceAll(c.zone, "%s", c.tzid)}, lines...)
		}
		dates, found := readAll(t, calendarOf(lines...), c.how)
		if c.want != "" && !slices.Equal(dates, []string{c.want}) || c.want == "" && len(dates) > 0 {
			t.Errorf("%s: %q, want %q", name, dates, c.want)
		}
		if c.word == "" && len(found) > 0 || c.word != "" && (len(found) == 0 || !strings.Contains(found[len(found)-1].What, c.word)) {
			t.Errorf("%s: %v, want %q", name, found, c.word)
		}
	}
}

func TestDefinition_Instant(t *testing.T) {
	c, err := decode(strings.ReplaceAll(outlookZone, "%s", "x") + "\r\n")
	if err != nil {
		t.Fatal(err)
	}
	d, err := definitionOf(c)
	if err != nil {
		t.Fatal(err)
	}
	for wall, want := range map[string]string{
		"20260308T015959": "20260308T065959", // before the clocks go forward
		"20260308T023000": "20260308T073000", // in the gap
		"20260308T030000": "20260308T070000",
		"20261101T013000": "20261101T053000", // the first of two
		"20261101T020000": "20261101T070000",
		"20260101T000000": "20260101T050000",
	} {
		at, err := time.Parse("20060102T150405", wall)
		if err != nil {
			t.Fatal(err)
		}
		if got := d.instant(at).Format("20060102T150405"); got != want {
			t.Errorf("%s: %s, want %s", wall, got, want)
		}
	}
}

func TestParse_WholeDays(t *testing.T) {
	const flag = "\nX-MICROSOFT-CDO-ALLDAYEVENT:TRUE"
	brussels := Options{Zone: "Europe/Brussels"}
	for name, c := range map[string]struct {
		lines string
		how   Options
		want  string
		word  string
	}{
		"UTC, in the zone told":      {"DTSTART:20260719T220000Z\nDTEND:20260720T220000Z" + flag, brussels, "on 2026-07-20", ""},
		"UTC, by its midnight":       {"DTSTART:20260719T220000Z\nDTEND:20260720T220000Z" + flag, Options{}, "on 2026-07-20", "midnight at +02:00"},
		"UTC itself":                 {"DTSTART:20260720T000000Z\nDTEND:20260722T000000Z" + flag, brussels, "from 2026-07-20 to 2026-07-21", ""},
		"its own zone":               {"DTSTART;TZID=Asia/Seoul:20260720T000000\nDTEND;TZID=Asia/Seoul:20260721T000000" + flag, brussels, "on 2026-07-20", ""},
		"the zone of somebody else":  {"DTSTART;TZID=America/New_York:20260719T180000\nDTEND;TZID=America/New_York:20260720T180000" + flag, brussels, "on 2026-07-20", ""},
		"across a clock change":      {"DTSTART:20261024T220000Z\nDTEND:20261025T230000Z" + flag, brussels, "on 2026-10-25", ""},
		"no zone":                    {"DTSTART:20260720T000000\nDTEND:20260721T000000" + flag, brussels, "on 2026-07-20", ""},
		"no end":                     {"DTSTART:20260719T220000Z" + flag, brussels, "on 2026-07-20", ""},
		"far east":                   {"DTSTART:20260719T120000Z\nDTEND:20260720T120000Z" + flag, Options{}, "on 2026-07-20", "midnight at +12:00"},
		"Hawaii":                     {"DTSTART:20260720T100000Z\nDTEND:20260721T100000Z" + flag, Options{}, "on 2026-07-20", "midnight at -10:00"},
		"the older flag":             {"DTSTART:20260719T220000Z\nDTEND:20260720T220000Z\nX-MICROSOFT-MSNCALENDAR-ALLDAYEVENT:TRUE", brussels, "on 2026-07-20", ""},
		"times that are no days":     {"DTSTART:20260719T090000Z\nDTEND:20260719T100000Z" + flag, brussels, "at 2026-07-19 09:00 lasting 1 hour in UTC", "does not"},
		"a flag that says no":        {"DTSTART:20260719T220000Z\nDTEND:20260720T220000Z\nX-MICROSOFT-CDO-ALLDAYEVENT:FALSE", brussels, "at 2026-07-19 22:00 lasting 24 hours in UTC", ""},
		"a series and its exception": {"DTSTART:20260719T220000Z\nDTEND:20260720T220000Z\nRRULE:FREQ=DAILY;COUNT=4\nEXDATE:20260720T220000Z" + flag, brussels, "on 2026-07-20 recurring FREQ=DAILY;COUNT=4 except 2026-07-21", ""},
	} {
		lines := append([]string{"BEGIN:VEVENT", "UID:a@x", "SUMMARY:Leave"}, strings.Split(c.lines, "\n")...)
		dates, found := readAll(t, calendarOf(append(lines, "END:VEVENT")...), c.how)
		if !slices.Equal(dates, []string{c.want}) {
			t.Errorf("%s: %q, want %q", name, dates, c.want)
		}
		if c.word == "" && len(found) > 0 || c.word != "" && (len(found) == 0 || !strings.Contains(found[0].What, c.word)) {
			t.Errorf("%s: %v, want %q", name, found, c.word)
		}
	}
}
