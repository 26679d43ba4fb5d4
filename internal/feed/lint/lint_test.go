package lint_test

import (
	"os"
	"strings"
	"testing"

	"attache/internal/feed/lint"
)

// valid is a small feed without a finding, which each test breaks in one place.
const valid = `BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//attache//calendar feed//EN
CALSCALE:GREGORIAN
NAME;LANGUAGE=en:All
X-WR-CALNAME:All
SOURCE;VALUE=URI:https://attache.example/feeds/all.ics
REFRESH-INTERVAL;VALUE=DURATION:PT1H
X-PUBLISHED-TTL:PT1H
BEGIN:VTIMEZONE
TZID:Asia/Seoul
BEGIN:STANDARD
DTSTART:19700101T000000
TZOFFSETFROM:+0900
TZOFFSETTO:+0900
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:a@attache.example
DTSTAMP:20251026T180000Z
LAST-MODIFIED:20251026T180000Z
SEQUENCE:0
SUMMARY:Talks\, the first
 of several
CATEGORIES:talks,possible
COLOR:teal
STATUS:TENTATIVE
TRANSP:OPAQUE
URL:https://attache.example/events/a
DTSTART;TZID=Asia/Seoul:20260302T100000
DTEND;TZID=Asia/Seoul:20260302T120000
END:VEVENT
BEGIN:VEVENT
UID:b@attache.example
DTSTAMP:20251026T180000Z
LAST-MODIFIED:20251026T180000Z
SEQUENCE:2
SUMMARY:A day
STATUS:CONFIRMED
TRANSP:TRANSPARENT
RELATED-TO;RELTYPE=PARENT:a@attache.example
DTSTART;VALUE=DATE:20260302
DURATION:P1D
END:VEVENT
END:VCALENDAR
`

func TestCheck(t *testing.T) {
	tests := []struct{ name, old, new, want string }{
		{"nothing wrong", "", "", ""},
		{"no version", "VERSION:2.0\n", "", "line 1: VCALENDAR has no VERSION"},
		{"version late", "VERSION:2.0\nPRODID:-//attache//calendar feed//EN\nCALSCALE:GREGORIAN\n", "CALSCALE:GREGORIAN\nPRODID:x\nVERSION:2.0\n", "line 4: VERSION does not stand at the beginning"},
		{"old version", "VERSION:2.0", "VERSION:1.0", `line 2: VERSION is "1.0", not 2.0`},
		{"two names", "X-WR-CALNAME:All", "X-WR-CALNAME:Some", "line 6: X-WR-CALNAME differs from NAME"},
		{"name with a value type", "X-WR-CALNAME:All", "X-WR-CALNAME;VALUE=TEXT:All", "line 6: X-WR-CALNAME has a parameter"},
		{"refresh without its type", ";VALUE=DURATION:PT1H", ":PT1H", "line 8: REFRESH-INTERVAL has no VALUE=DURATION"},
		{"two refreshes", "TTL:PT1H", "TTL:PT2H", "line 9: X-PUBLISHED-TTL differs from REFRESH-INTERVAL"},
		{"no refresh at all", "TTL:PT1H", "TTL:PT0S", `line 9: X-PUBLISHED-TTL "PT0S" is not a positive duration`},
		{"source without its type", "SOURCE;VALUE=URI:", "SOURCE:", "line 7: SOURCE has no VALUE=URI"},
		{"method", "CALSCALE:GREGORIAN", "CALSCALE:GREGORIAN\nMETHOD:PUBLISH", "line 19: VEVENT has no ORGANIZER, which METHOD asks for"},
		{"property after a component", "END:VEVENT\nEND:VCALENDAR", "END:VEVENT\nX-A:b\nEND:VCALENDAR", "line 45: X-A stands after a component"},
		{"foreign component", "END:VEVENT\nEND:VCALENDAR", "END:VEVENT\nBEGIN:VTODO\nEND:VTODO\nEND:VCALENDAR", "line 45: VTODO is not what a feed holds"},
		{"no end", "END:VEVENT\nEND:VCALENDAR\n", "END:VCALENDAR\n", "line 44: END:VCALENDAR ends nothing"},
		{"two calendars", "END:VCALENDAR\n", "END:VCALENDAR\nBEGIN:VCALENDAR\nEND:VCALENDAR\n", "it is not one VCALENDAR: it has 2 components"},
		{"text outside", "END:VCALENDAR\n", "END:VCALENDAR\nX-A:b\n", "line 46: X-A stands outside of a component"},
		{"no UID", "UID:b@attache.example\n", "", "line 33: VEVENT has no UID"},
		{"UID twice", "UID:b@", "UID:a@", `line 34: the UID "a@attache.example" is taken by another event`},
		{"UID too long", "UID:b@", "UID:" + strings.Repeat("\n b", 260) + "@", "line 34: UID has 276 octets: 255 is the most"},
		{"no stamp", "SEQUENCE:2\nSUMMARY:A day\nSTATUS:CONFIRMED\n", "SUMMARY:A day\nSTATUS:CONFIRMED\n", "line 33: VEVENT has no SEQUENCE"},
		{"two summaries", "SUMMARY:A day", "SUMMARY:A day\nSUMMARY:Another", "line 33: VEVENT has SUMMARY 2 times"},
		{"empty summary", "SUMMARY:A day", "SUMMARY:", `line 38: SUMMARY "" is not there`},
		{"stamp in no zone", "DTSTAMP:20251026T180000Z\nLAST-MODIFIED:20251026T180000Z\nSEQUENCE:2", "DTSTAMP:20251026T180000\nLAST-MODIFIED:20251026T180000Z\nSEQUENCE:2", `line 35: DTSTAMP "20251026T180000" is not an instant in UTC`},
		{"sequence below nothing", "SEQUENCE:2", "SEQUENCE:-2", `line 37: SEQUENCE "-2" is not a number from 0`},
		{"unknown status", "STATUS:CONFIRMED", "STATUS:MAYBE", `line 39: STATUS is "MAYBE": it can be TENTATIVE, CONFIRMED, CANCELLED`},
		{"unknown transparency", "TRANSP:OPAQUE", "TRANSP:BUSY", `line 28: TRANSP is "BUSY": it can be OPAQUE, TRANSPARENT`},
		{"hidden", "TRANSP:OPAQUE", "TRANSP:OPAQUE\nCLASS:PRIVATE", `line 29: CLASS is "PRIVATE", not PUBLIC`},
		{"somebody invited", "TRANSP:OPAQUE", "TRANSP:OPAQUE\nATTENDEE:mailto:a@b.example", `line 29: ATTENDEE "mailto:a@b.example" is not for a feed, which invites nobody`},
		{"colour unknown", "COLOR:teal", "COLOR:#008080", `line 26: COLOR "#008080" is not a CSS3 colour name`},
		{"address without a host", "URL:https://attache.example/", "URL:/", `line 29: URL "/events/a" is not an absolute http or https address`},
		{"comma not escaped", "Talks\\,", "Talks,", `line 23: SUMMARY "Talks, the firstof several" is not escaped text`},
		{"escape unknown", "Talks\\,", "Talks\\:", `line 23: SUMMARY "Talks\\: the firstof several" is not escaped text`},
		{"day that does not exist", "VALUE=DATE:20260302", "VALUE=DATE:20260230", `line 42: DTSTART "20260230" is not the date or time that its VALUE says`},
		{"time where a day is said", "VALUE=DATE:20260302", "VALUE=DATE:20260302T000000", `line 42: DTSTART "20260302T000000" is not the date or time that its VALUE says`},
		{"day where a time is said", "DTSTART;VALUE=DATE:20260302", "DTSTART:20260302", `line 42: DTSTART "20260302" is not the date or time that its VALUE says`},
		{"time in no zone", "DTSTART;TZID=Asia/Seoul:", "DTSTART:", "line 30: DTSTART is in no zone"},
		{"time in two zones", "20260302T100000", "20260302T100000Z", "line 30: DTSTART is in UTC and has a TZID"},
		{"zone not defined", "DTSTART;TZID=Asia/Seoul:", "DTSTART;TZID=Asia/Tokyo:", `line 30: the zone "Asia/Tokyo" is not defined`},
		{"zone defined twice", "BEGIN:VEVENT\nUID:a", "BEGIN:VTIMEZONE\nTZID:Asia/Seoul\nEND:VTIMEZONE\nBEGIN:VEVENT\nUID:a", `line 19: the zone "Asia/Seoul" is defined twice`},
		{"zone not used", ";TZID=Asia/Seoul:20260302T100000\nDTEND;TZID=Asia/Seoul:20260302T120000", ":20260302T100000Z\nDTEND:20260302T120000Z", `line 10: the zone "Asia/Seoul" is not used`},
		{"zone without an offset", "TZOFFSETTO:+0900\n", "", "line 12: STANDARD has no TZOFFSETTO"},
		{"end before the beginning", "20260302T120000", "20260302T090000", "line 31: DTEND is not after DTSTART"},
		{"end is the beginning", "DURATION:P1D", "DTEND;VALUE=DATE:20260302", "line 43: DTEND is not after DTSTART"},
		{"end of another type", "DURATION:P1D", "DTEND:20260303T000000Z", "line 43: DTEND is not of the type and zone of DTSTART"},
		{"day that lasts hours", "DURATION:P1D", "DURATION:PT24H", `line 43: DURATION "PT24H" of a day is not in days`},
		{"length that is none", "DURATION:P1D", "DURATION:1D", `line 43: DURATION "1D" is not a positive duration`},
		{"end and length", "DURATION:P1D", "DURATION:P1D\nDTEND;VALUE=DATE:20260303", "line 33: VEVENT has to have one of DTEND and DURATION"},
		{"relation out of the feed", "PARENT:a@", "PARENT:c@", `line 41: RELATED-TO names "c@attache.example", which is not in the feed`},
		{"alarm without a text", "DURATION:P1D", "DURATION:P1D\nBEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-P1D\nEND:VALARM", "line 44: VALARM has no DESCRIPTION"},
		{"rule without a frequency", "DURATION:P1D", "DURATION:P1D\nRRULE:BYDAY=MO", `line 44: RRULE does not say how often: FREQ is ""`},
		{"rule with an unknown part", "DURATION:P1D", "DURATION:P1D\nRRULE:FREQ=DAILY;BYEASTER=1", `line 44: RRULE has the part "BYEASTER=1", which no rule has`},
		{"rule that ends at a time", "DURATION:P1D", "DURATION:P1D\nRRULE:FREQ=DAILY;UNTIL=20270101T000000Z", `line 44: UNTIL "20270101T000000Z" is not of the type of DTSTART`},
		{"rule that ends in no zone", "TRANSP:OPAQUE", "TRANSP:OPAQUE\nRRULE:FREQ=DAILY;UNTIL=20270101T000000", `line 29: UNTIL "20270101T000000" is not in UTC, as it has to be for a start in a zone`},
		{"rule with two ends", "DURATION:P1D", "DURATION:P1D\nRRULE:FREQ=DAILY;COUNT=2;UNTIL=20270101", "line 44: RRULE has both COUNT and UNTIL"},
		{"list of exceptions", "DURATION:P1D", "DURATION:P1D\nEXDATE;VALUE=DATE:20260303,20260304", "line 44: EXDATE lists several days, of which some readers take none: write one a line"},
		{"exception of another type", "DURATION:P1D", "DURATION:P1D\nEXDATE:20260303T000000Z", "line 44: EXDATE is not of the type and zone of DTSTART"},
		{"alarm that sends mail", "DURATION:P1D", "DURATION:P1D\nBEGIN:VALARM\nACTION:EMAIL\nTRIGGER:-P1D\nDESCRIPTION:x\nEND:VALARM", `line 45: ACTION is "EMAIL": a feed can only show something`},
		{"alarm at no time", "DURATION:P1D", "DURATION:P1D\nBEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:1 day\nDESCRIPTION:x\nEND:VALARM", `line 46: TRIGGER "1 day" is not a duration`},
		{"zone of Windows", "TZID:Asia/Seoul", "TZID:Korea Standard Time", `line 11: the zone "Korea Standard Time" is not one of the IANA database`},
		{"two standard times", "END:STANDARD\n", "END:STANDARD\nBEGIN:STANDARD\nDTSTART:19800101T000000\nTZOFFSETFROM:+0900\nTZOFFSETTO:+0900\nEND:STANDARD\n", "line 17: the zone has several STANDARD, of which Outlook keeps one"},
		{"markup", "SUMMARY:A day", "SUMMARY:A day\nDESCRIPTION:<b>a</b>", "line 39: DESCRIPTION has HTML in it, which most calendars show as it is"},
		{"place off the earth", "SUMMARY:A day", "SUMMARY:A day\nGEO:91;0", `line 39: GEO "91;0" is not a latitude and a longitude`},
		{"parameter without a value", "SUMMARY:A day", "SUMMARY;X:A day", "line 38: SUMMARY has a parameter that cannot be read"},
		{"parameter never closed", "SUMMARY:A day", `SUMMARY;X="a:A day`, "line 38: SUMMARY has a parameter that cannot be read"},
		{"quotes within a parameter", "SUMMARY:A day", `SUMMARY;X="c"d:A day`, "line 38: SUMMARY has a parameter that cannot be read"},
		{"two quoted values", "SUMMARY:A day", `SUMMARY;X="c","d":A day`, "line 38: SUMMARY has a parameter that cannot be read"},
		{"parameter twice", "SUMMARY:A day", `SUMMARY;X=a;X=b:A day`, "line 38: SUMMARY has the parameter X twice"},
		{"caret in a parameter", "SUMMARY:A day", `SUMMARY;X=a^nb:A day`, "line 38: the parameter X of SUMMARY has a character that readers disagree about"},
		{"no content line", "SUMMARY:A day", "SUMMARY:A day\nday", "line 39: it is not a content line: a name, a colon and a value"},
		{"blank line", "END:VEVENT\nEND:VCALENDAR", "END:VEVENT\n\nEND:VCALENDAR", "line 45: it is blank"},
		{"line too long", "SUMMARY:A day", "SUMMARY:" + strings.Repeat("a", 68), "line 38: it has 76 octets: 75 is the most"},
		{"control character", "SUMMARY:A day", "SUMMARY:A\x00day", "line 38: it has the control character U+0000"},
		{"not UTF-8", "SUMMARY:A day", "SUMMARY:A\xffday", "line 38: it is not UTF-8, or folded within a character"},
		{"folded within a character", "SUMMARY:A day", "SUMMARY:\xc3\n \xa9", "line 38: it is not UTF-8, or folded within a character"},
		{"folded within an escape", "Talks\\, the first\n of", "Talks\\\n , the first of", "line 23: it is folded within an escape"},
		{"byte order mark", "BEGIN:VCALENDAR", "\uFEFFBEGIN:VCALENDAR", "line 1: it begins with a byte order mark"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text := strings.Replace(valid, tt.old, tt.new, 1)
			if text == valid && tt.want != "" {
				t.Fatal("the text is not changed")
			}
			var got []string
			for _, f := range lint.Check([]byte(strings.ReplaceAll(text, "\n", "\r\n"))) {
				got = append(got, f.String())
			}
			if joined := strings.Join(got, "\n"); tt.want == "" && joined != "" || !strings.Contains("\n"+joined+"\n", "\n"+tt.want+"\n") {
				t.Errorf("found:\n%s\nwant:\n%s", joined, tt.want)
			}
		})
	}
}

func TestCheck_LineEnds(t *testing.T) {
	got := lint.Check([]byte(valid))
	if len(got) < 40 || got[0].String() != "it does not end in CRLF" || got[1].String() != "line 1: it does not end in CRLF" {
		t.Errorf("found %v", got)
	}
	got = lint.Check([]byte(strings.TrimSuffix(strings.ReplaceAll(valid, "\n", "\r\n"), "\r\n")))
	if len(got) == 0 {
		t.Error("a last line without its end has no finding")
	}
}

func TestCheck_Nothing(t *testing.T) {
	if got := lint.Check(nil); len(got) == 0 {
		t.Error("nothing at all has no finding")
	}
}

func TestCheck_Rubbish(t *testing.T) {
	if got := lint.Check([]byte(strings.Repeat("x\n", 100_000))); len(got) == 0 || len(got) > 1000 {
		t.Errorf("%d findings", len(got))
	}
}

func FuzzCheck(f *testing.F) {
	f.Add([]byte(strings.ReplaceAll(valid, "\n", "\r\n")))
	f.Add([]byte("BEGIN:VCALENDAR\r\nPRODID:x\r\nBEGIN:VEVENT\r\nSEQUENCE:\r\nDTSTART;VALUE=:\r\n\r\n \\\r\n"))
	f.Add([]byte("X-A;B=c"))
	f.Add([]byte(`X-A;B="c"d:e`))
	f.Add([]byte("BEGIN:\xff\r\n\\\r\n n"))
	for _, name := range []string{"report", "series", "oddities"} {
		data, err := os.ReadFile("../testdata/" + name + ".ics")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		lines := 0
		for _, found := range lint.Check(data) {
			if found.Line < lines || strings.ContainsAny(found.What, "\r\n") || found.What == "" {
				t.Errorf("finding %q on line %d", found.What, found.Line)
			}
			lines = found.Line
		}
	})
}
