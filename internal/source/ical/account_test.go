package ical

import (
	"slices"
	"strings"
	"testing"
)

// known are the properties of events of RFC 5545, 7986, 9073 and 9253, of Microsoft, of
// Apple and of a few others, with a value that each can have.
const known = `ATTACH:https://example.org/a
ATTENDEE;CN=Li:mailto:a@example.org
CALENDAR-ADDRESS:mailto:a@example.org
CATEGORIES:trade
CLASS:PUBLIC
COLOR:red
COMMENT:x
CONCEPT:https://example.org/c
CONFERENCE;VALUE=URI:https://example.org/m
CONTACT:x
CREATED:20260101T000000Z
DESCRIPTION:x
DTEND:20260601T100000Z
DTSTAMP:20260101T000000Z
DTSTART:20260601T090000Z
EXDATE:20260615T090000Z
EXRULE:FREQ=WEEKLY;COUNT=1
GEO:1;2
IMAGE;VALUE=URI:https://example.org/i.png
LAST-MODIFIED:20260101T000000Z
LINK;VALUE=URI:https://example.org/l
LOCATION:Geneva
LOCATION-TYPE:x
ORGANIZER:mailto:a@example.org
PARTICIPANT-TYPE:ACTIVE
PRIORITY:5
RDATE:20260602T090000Z
REFID:x
RELATED-TO:b@x
REQUEST-STATUS:2.0;Success
RESOURCES:x
RESOURCE-TYPE:ROOM
RRULE:FREQ=WEEKLY;COUNT=4
SEQUENCE:1
SOURCE;VALUE=URI:https://example.org/
STATUS:CONFIRMED
STRUCTURED-DATA;VALUE=TEXT:{}
STYLED-DESCRIPTION:<p>
SUMMARY:Talks
TRANSP:OPAQUE
UID:a@x
URL:https://example.org/
X-ALT-DESC;FMTTYPE=text/html:<p>
X-APPLE-CALENDAR-COLOR:#ff0000
X-APPLE-CREATOR-IDENTITY:x
X-APPLE-EWS-BUSYSTATUS:BUSY
X-APPLE-STRUCTURED-LOCATION;VALUE=URI:geo:1,2
X-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC
X-APPLE-TRAVEL-DURATION;VALUE=DURATION:PT30M
X-APPLE-TRAVEL-START:x
X-CALENDARSERVER-PRIVATE-COMMENT:x
X-FUNAMBOL-ALLDAY:0
X-GOOGLE-CONFERENCE:https://example.org/
X-MICROSOFT-CDO-ALLDAYEVENT:FALSE
X-MICROSOFT-CDO-APPT-SEQUENCE:0
X-MICROSOFT-CDO-BUSYSTATUS:BUSY
X-MICROSOFT-CDO-IMPORTANCE:1
X-MICROSOFT-CDO-INSTTYPE:0
X-MICROSOFT-CDO-INTENDEDSTATUS:BUSY
X-MICROSOFT-CDO-OWNERAPPTID:1
X-MICROSOFT-CDO-OWNERCRITICALCHANGE:20260101T000000Z
X-MICROSOFT-CDO-REPLYTIME:20260101T000000Z
X-MICROSOFT-DISALLOW-COUNTER:FALSE
X-MICROSOFT-DONOTFORWARDMEETING:FALSE
X-MICROSOFT-LOCATIONS:[]
X-MICROSOFT-MSNCALENDAR-ALLDAYEVENT:FALSE
X-MICROSOFT-ONLINEMEETINGCONFLINK:x
X-MICROSOFT-REQUESTEDATTENDANCEMODE:DEFAULT
X-MOZ-GENERATION:1
X-MS-OLK-AUTOFILLLOCATION:FALSE
X-MS-OLK-CONFTYPE:0
X-MS-OLK-SENDER:mailto:a@example.org`

func TestParse_Account(t *testing.T) {
	lines := strings.Split(known, "\n")
	for _, name := range []string{"VALARM", "PARTICIPANT", "VLOCATION", "VRESOURCE"} {
		lines = append(lines, "BEGIN:"+name, "UID:c", "END:"+name)
	}
	all := append(append([]string{"BEGIN:VEVENT"}, lines...), "END:VEVENT", "BEGIN:VJOURNAL", "DTSTART:20260101", "END:VJOURNAL", "BEGIN:VFREEBUSY", "END:VFREEBUSY")
	data := calendarOf(all...)
	got, found, err := Parse(data, Options{})
	if err != nil || len(got.Events) != 1 || len(found) > 0 {
		t.Fatal(got.Events, found, err)
	}
	if x := got.Events[0].When[0].Expr.String(); x != "at 2026-06-01 09:00 lasting 1 hour recurring FREQ=WEEKLY;COUNT=4 except 2026-06-01, 2026-06-15 also 2026-06-02 09:00 in UTC" {
		t.Errorf("it is %s", x)
	}
	text := strings.Split(string(data), "\r\n")
	told := make(map[string]int)
	for _, n := range got.Notes {
		what := strings.TrimSuffix(strings.TrimPrefix(n.What, "the component "), " is passed over")
		told[what]++
		if n.Line == 0 || !strings.Contains(text[n.Line-1], strings.Fields(strings.TrimPrefix(what, "the parameter "))[0]) {
			t.Errorf("%s: line %d is %q", what, n.Line, text[max(n.Line-1, 0)])
		}
	}
	for _, l := range lines {
		name, value := cutProperty(l)
		if name == "END" || value == "c" {
			continue
		}
		if name == "BEGIN" {
			name = value
		}
		if taken := has(used["VEVENT"], name) || has(carried, name); taken == (told[name] == 1) || told[name] > 1 {
			t.Errorf("%s is told %d times", name, told[name])
		}
		if slices.Contains([]string{"end", "series", "day"}, partOf(name)) && told[name] > 0 {
			t.Errorf("%s changes a date", name)
		}
	}
	for _, name := range []string{"VJOURNAL", "VFREEBUSY"} {
		if told[name] != 1 {
			t.Errorf("%s is told %d times", name, told[name])
		}
	}
}

func TestParse_AccountOnce(t *testing.T) {
	data := calendarOf(strings.ReplaceAll(outlookZone, "%s", "Mine"),
		"BEGIN:VEVENT", "UID:1", "DTSTART;TZID=Mine:20260601T090000", "X-A;B=c:1", "SUMMARY;LANGUAGE=fr;ALTREP=\"a;b=c:d\":Visite", "END:VEVENT",
		"BEGIN:VEVENT", "UID:2", "DTSTART;TZID=Mine:20260602T090000", "X-A:2", "SUMMARY;LANGUAGE=fr:Visite", "END:VEVENT")
	got, found, err := Parse(data, Options{})
	var have []string
	for _, n := range got.Notes {
		have = append(have, n.String())
	}
	want := []string{
		`line 4: the zone "Mine" is taken for America/New_York, which has the clocks that are defined`,
		"line 22: X-A is passed over, 2 times",
		"line 23: the parameter LANGUAGE of SUMMARY is passed over, 2 times",
		"line 23: the parameter ALTREP of SUMMARY is passed over",
	}
	if err != nil || len(found) > 0 || !slices.Equal(have, want) {
		t.Errorf("%q, %v, %v", have, found, err)
	}
}

func TestParse_NeverInSilence(t *testing.T) {
	for lines, want := range map[string]string{
		"DTSTART:20260601T090000Z\nDTEND:20260601T100000Z\nDURATION:PT2H":            "differ: its DTEND counts",
		"DTSTART:20260601T090000Z\nDTEND:20260601T100000Z\nDTEND:20260601T110000Z":   "more than one DTEND",
		"DTSTART:20260601T090000Z\nDUE:20260601T100000Z":                             "which only tasks have",
		"DTSTART:20260601T090000Z\nRECURRENCE-ID:20260602T090000Z\nRRULE:FREQ=DAILY": "only its first date is taken",
		"DTSTART:20260601T090000Z\nDTEND:20260601T100000Z\nDURATION:PT1H":            "",
		"DTSTART:20260601T090000Z\nRRULE:FREQ=WEEKLY;RSCALE=GREGORIAN;SKIP=OMIT":     "",
		"DTSTART:20260601T090000Z\nRRULE:RSCALE=CHINESE;FREQ=YEARLY":                 "only its first occurrence is taken",
	} {
		_, found, err := Parse(eventOf(strings.Split(lines, "\n")...), Options{})
		if err != nil || want == "" && len(found) > 0 || want != "" && (len(found) != 1 || !strings.Contains(found[0].What, want)) {
			t.Errorf("%q: %v, %v, want %q", lines, found, err, want)
		}
	}
	_, found, err := Parse([]byte(strings.Replace(string(eventOf("DTSTART:20260601")), "VERSION", "CALSCALE:HEBREW\r\nVERSION", 1)), Options{})
	if err != nil || len(found) != 1 || !strings.Contains(found[0].What, "CALSCALE") {
		t.Errorf("%v, %v", found, err)
	}
}
