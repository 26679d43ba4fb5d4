package ical

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"attache/internal/event"
)

// calendarOf wraps lines of VEVENTs, and of what else there is, into a calendar.
func calendarOf(lines ...string) []byte {
	return []byte("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VCALENDAR\r\n")
}

func eventOf(lines ...string) []byte {
	return calendarOf("BEGIN:VEVENT\r\nUID:a@example.org\r\nSUMMARY:Talks\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VEVENT")
}

// oneOf imports a calendar that has to hold one event.
func oneOf(t *testing.T, data []byte, o Options) (event.Event, []Finding) {
	t.Helper()
	got, found, err := Parse(data, o)
	if err != nil || len(got.Events) != 1 {
		t.Fatalf("%d events, %v, %v", len(got.Events), found, err)
	}
	return got.Events[0], found
}

const outlookZone = "BEGIN:VTIMEZONE\r\nTZID:%s\r\nBEGIN:STANDARD\r\nDTSTART:16010101T020000\r\nTZOFFSETFROM:-0400\r\nTZOFFSETTO:-0500\r\n" +
	"RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=1SU;BYMONTH=11\r\nEND:STANDARD\r\nBEGIN:DAYLIGHT\r\nDTSTART:16010101T020000\r\n" +
	"TZOFFSETFROM:-0500\r\nTZOFFSETTO:-0400\r\nRRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE"

func TestParse_Date(t *testing.T) {
	custom := strings.ReplaceAll(outlookZone, "%s", "Customized Time Zone")
	placed := strings.ReplaceAll(strings.ReplaceAll(outlookZone, "%s", "mine"), "TZID:mine", "TZID:mine\r\nX-LIC-LOCATION:America/New_York")
	for name, c := range map[string]struct {
		zone string // VTIMEZONE
		date string
		want string
	}{
		"a day":                     {"", "DTSTART;VALUE=DATE:20260217", "on 2026-02-17"},
		"a day without VALUE":       {"", "DTSTART:20260217", "on 2026-02-17"},
		"a day and its end":         {"", "DTSTART;VALUE=DATE:20260217\r\nDTEND;VALUE=DATE:20260218", "on 2026-02-17"},
		"several days":              {"", "DTSTART;VALUE=DATE:20260217\r\nDTEND;VALUE=DATE:20260220", "from 2026-02-17 to 2026-02-19"},
		"days as a duration":        {"", "DTSTART;VALUE=DATE:20260217\r\nDURATION:P1W", "from 2026-02-17 to 2026-02-23"},
		"UTC":                       {"", "DTSTART:20260217T090000Z", "at 2026-02-17 09:00 in UTC"},
		"with an end":               {"", "DTSTART:20260217T090000Z\r\nDTEND:20260217T103000Z", "at 2026-02-17 09:00 lasting 90 minutes in UTC"},
		"ends in another zone":      {"", "DTSTART;TZID=Asia/Shanghai:20260217T090000\r\nDTEND:20260217T020000Z", "at 2026-02-17 09:00 lasting 1 hour in Asia/Shanghai"},
		"with a duration":           {"", "DTSTART:20260217T090000Z\r\nDURATION:PT1H", "at 2026-02-17 09:00 lasting 1 hour in UTC"},
		"an IANA zone":              {"", "DTSTART;TZID=Europe/London:20260701T090000", "at 2026-07-01 09:00 in Europe/London"},
		"a quoted zone":             {"", `DTSTART;TZID="Europe/London":20260701T090000`, "at 2026-07-01 09:00 in Europe/London"},
		"a zone wrapped in a path":  {"", "DTSTART;TZID=/mozilla.org/20050126_1/America/New_York:20260701T090000", "at 2026-07-01 09:00 in America/New_York"},
		"a long zone in a path":     {"", "DTSTART;TZID=/x.org/America/Argentina/Buenos_Aires:20260701T090000", "at 2026-07-01 09:00 in America/Argentina/Buenos_Aires"},
		"a Windows zone":            {"", "DTSTART;TZID=China Standard Time:20260701T090000", "at 2026-07-01 09:00 in Asia/Shanghai"},
		"a name for UTC":            {"", `DTSTART;TZID="tzone://Microsoft/Utc":20260701T090000`, "at 2026-07-01 09:00 in UTC"},
		"its own zone in summer":    {custom, "DTSTART;TZID=Customized Time Zone:20260701T090000", "at 2026-07-01 09:00 in America/New_York"},
		"its own zone long ago":     {custom, "DTSTART;TZID=Customized Time Zone:20050320T090000", "at 2005-03-20 09:00 in -04:00"},
		"its own zone with a place": {placed, "DTSTART;TZID=mine:20260701T090000", "at 2026-07-01 09:00 in America/New_York"},
		"no date":                   {"", "STATUS:TENTATIVE", "tbd"},
		"every week":                {"", "DTSTART;TZID=Europe/London:20260105T090000\r\nRRULE:FREQ=WEEKLY;BYDAY=MO", "at 2026-01-05 09:00 recurring FREQ=WEEKLY;BYDAY=MO in Europe/London"},
		"days but some":             {"", "DTSTART;VALUE=DATE:20260102\r\nRRULE:FREQ=MONTHLY;BYDAY=1FR;UNTIL=20261231T000000Z\r\nEXDATE;VALUE=DATE:20260306,20260403\r\nRDATE;VALUE=DATE:20260311", "on 2026-01-02 recurring FREQ=MONTHLY;UNTIL=20261231;BYDAY=1FR except 2026-03-06, 2026-04-03 also 2026-03-11"},
		"left out in UTC":           {"", "DTSTART;TZID=Asia/Tokyo:20260105T080000\r\nRRULE:FREQ=DAILY;COUNT=5\r\nEXDATE:20260106T230000Z", "at 2026-01-05 08:00 recurring FREQ=DAILY;COUNT=5 except 2026-01-07 in Asia/Tokyo"},
		"an end before the start":   {"", "DTSTART:20260217T090000Z\r\nDTEND:20260217T080000Z", "at 2026-02-17 09:00 in UTC"},
	} {
		got, _ := oneOf(t, calendarOf(strings.TrimPrefix(c.zone+"\r\nBEGIN:VEVENT\r\nUID:a@x\r\nSUMMARY:Talks\r\n"+c.date+"\r\nEND:VEVENT", "\r\n")), Options{})
		if x := got.When[0].Expr.String(); x != c.want {
			t.Errorf("%s: %q, want %q", name, x, c.want)
		}
	}
}

func TestParse_TimeWithoutZone(t *testing.T) {
	data := bytes.Replace(eventOf("DTSTART:20260701T090000"), []byte("VERSION"), []byte("X-WR-TIMEZONE:Europe/Paris\r\nVERSION"), 1)
	got, found, err := Parse(data, Options{})
	if err != nil || len(got.Events) != 0 || len(found) != 1 || !strings.Contains(found[0].What, "say in which it is meant: the calendar as a whole speaks of Europe/Paris") {
		t.Errorf("%v, %v, %v", got, found, err)
	}
	e, _ := oneOf(t, data, Options{Zone: "Asia/Seoul"})
	if x := e.When[0].Expr.String(); x != "at 2026-07-01 09:00 in Asia/Seoul" {
		t.Errorf("with a zone given: %q", x)
	}
}

func TestParse_Event(t *testing.T) {
	got, found := oneOf(t, eventOf(
		`DTSTART;VALUE=DATE:20260217`, `DESCRIPTION:Line one\nLine two\, with a comma, unescape\; and "\:"`,
		`LOCATION:Kuala Lumpur\, Malaysia`, `URL:https://example.org/talks`, `CATEGORIES:tariffs,rare earths\, and more`, `CATEGORIES:TRADE`,
		`STATUS:CONFIRMED`, "BEGIN:VALARM", "ACTION:DISPLAY", "SUMMARY:not this", "TRIGGER:-PT15M", "END:VALARM",
	), Options{Source: "wto", Topics: []string{"trade talks"}, Kind: event.Talks})
	if len(found) > 0 {
		t.Errorf("found %v", found)
	}
	for name, c := range map[string][2]string{
		"title":     {got.Title, "Talks"},
		"note":      {got.Note, "Line one\nLine two, with a comma, unescape; and \":\"\nhttps://example.org/talks"},
		"place":     {got.Place, "Kuala Lumpur, Malaysia"},
		"topics":    {strings.Join(got.Topics, "|"), "trade talks|tariffs|rare earths, and more|TRADE"},
		"certainty": {string(got.Certainty), "likely"},
		"source":    {got.When[0].Source, "wto"},
		"quote":     {got.When[0].Quote, "Talks"},
		"id":        {got.ID, "talks"},
	} {
		if c[0] != c[1] {
			t.Errorf("%s: %q, want %q", name, c[0], c[1])
		}
	}
}

func TestParse_Certainty(t *testing.T) {
	for _, c := range []struct {
		status string
		how    Options
		want   event.Certainty
		is     event.Status
	}{
		{"CONFIRMED", Options{}, event.Likely, event.Open},
		{"CONFIRMED", Options{Trusted: true}, event.Confirmed, event.Open},
		{"TENTATIVE", Options{Trusted: true}, event.Possible, event.Open},
		{"TENTATIVE", Options{Certainty: event.Rumoured}, event.Rumoured, event.Open},
		{"cancelled", Options{}, event.Likely, event.Cancelled},
	} {
		got, _ := oneOf(t, eventOf("DTSTART:20260217", "STATUS:"+c.status), c.how)
		if got.Certainty != c.want || got.Status != c.is {
			t.Errorf("%s, %+v: %s %s", c.status, c.how, got.Certainty, got.Status)
		}
	}
}

func TestParse_IDsStay(t *testing.T) {
	how := Options{Prefix: "wto"}
	a, _ := oneOf(t, eventOf("DTSTART:20260217"), how)
	b, _ := oneOf(t, bytes.Replace(eventOf("DTSTART:20260301"), []byte("Talks"), []byte("Talks, moved"), 1), how)
	if a.ID != b.ID || !strings.HasPrefix(a.ID, "wto-a") {
		t.Errorf("%q became %q", a.ID, b.ID)
	}
	for _, uid := range []string{"2026-03-01@x", "ÄÖ@x", "{A-B}", "@x", strings.Repeat("x", 300) + "@x", "a b@x", "a-b@x", "a_b@x"} {
		got, _ := oneOf(t, calendarOf("BEGIN:VEVENT", "UID:"+uid, "DTSTART:20260217", "END:VEVENT"), how)
		if err := event.CheckID(got.ID); err != nil {
			t.Errorf("UID %q: %v", uid, err)
		}
	}
}

func TestParse_MovedOccurrence(t *testing.T) {
	got, found, err := Parse(calendarOf(
		"BEGIN:VEVENT", "UID:a@x", "SUMMARY:Report", "DTSTART;VALUE=DATE:20260102", "RRULE:FREQ=MONTHLY;COUNT=6", "END:VEVENT",
		"BEGIN:VEVENT", "UID:a@x", "SUMMARY:Report, late", "RECURRENCE-ID;VALUE=DATE:20260302", "DTSTART;VALUE=DATE:20260311", "END:VEVENT",
	), Options{})
	if err != nil || len(found) > 0 || len(got.Events) != 2 {
		t.Fatalf("%v %v %v", got, found, err)
	}
	for i, want := range []string{"on 2026-01-02 recurring FREQ=MONTHLY;COUNT=6 except 2026-03-02", "on 2026-03-11"} {
		if x := got.Events[i].When[0].Expr.String(); x != want {
			t.Errorf("%q, want %q", x, want)
		}
	}
}

func TestParse_LatestVersion(t *testing.T) {
	one := func(seq int, day string) string {
		return fmt.Sprintf("BEGIN:VEVENT\r\nUID:a@x\r\nSUMMARY:Talks\r\nSEQUENCE:%d\r\nDTSTART:%s\r\nEND:VEVENT", seq, day)
	}
	got, _ := oneOf(t, calendarOf(one(2, "20260217"), one(1, "20260101")), Options{})
	if x := got.When[0].Expr.String(); x != "on 2026-02-17" {
		t.Errorf("%q", x)
	}
}

func TestParse_OlderVersion(t *testing.T) {
	one := func(more string) string {
		return "BEGIN:VEVENT\r\nUID:a@x\r\nSUMMARY:Talks\r\nDTSTART:20260217\r\n" + more + "END:VEVENT"
	}
	occurrence := func(more string) string { return one("RECURRENCE-ID:20260217\r\n" + more) }
	for name, c := range map[string]struct {
		entries []string
		want    string
	}{
		"first":                 {[]string{one("SEQUENCE:1\r\n"), one("SEQUENCE:2\r\n")}, `line 4: an older version of the event "Talks" is passed over`},
		"last":                  {[]string{one("SEQUENCE:2\r\n"), one("SEQUENCE:1\r\n")}, `line 10: an older version of the event "Talks" is passed over`},
		"two of them":           {[]string{one("SEQUENCE:2\r\n"), one("SEQUENCE:1\r\n"), one("")}, `line 10: an older version of the event "Talks" is passed over, 2 times`},
		"by its DTSTAMP":        {[]string{one("DTSTAMP:20260101T000000Z\r\n"), one("DTSTAMP:20260102T000000Z\r\n")}, `line 4: an older version of the event "Talks" is passed over`},
		"of an occurrence":      {[]string{occurrence("SEQUENCE:2\r\n"), occurrence("")}, `line 11: an older version of the event "Talks" is passed over`},
		"no older, there again": {[]string{one(""), one("")}, `line 4: an earlier entry of the event "Talks" is passed over`},
		"the only one":          {[]string{one("SEQUENCE:2\r\n")}, ""},
	} {
		got, found, err := Parse(calendarOf(c.entries...), Options{})
		var have []string
		for _, n := range got.Notes {
			have = append(have, n.String())
		}
		if s := strings.Join(have, " | "); err != nil || len(found) > 0 || len(got.Events) != 1 || s != c.want {
			t.Errorf("%s: %q, want %q; %v, %v", name, s, c.want, found, err)
		}
	}
}

func TestParse_BadLinesAndEvents(t *testing.T) {
	got, found, err := Parse(calendarOf(
		"BEGIN:VEVENT", "UID:1@x", "SUMMARY:Good", "DTSTART:20260217", `X-A;B=c`, `X-A;B="c"d:e`, "no colon", ":no name", "END:VEVENT",
		"BEGIN:VEVENT", "UID:2@x", "SUMMARY:Bad", "DTSTART:2026-02-17", "END:VEVENT",
		"BEGIN:VEVENT", "UID:3@x", "SUMMARY:Good too", "DTSTART;VALUE=DATE:20260218", "END:VEVENT",
	), Options{})
	if err != nil || len(got.Events) != 2 || got.Events[0].Title != "Good" || got.Events[1].Title != "Good too" {
		t.Fatalf("%+v, %v", got, err)
	}
	want := []string{"line 8:", "line 9:", "line 10:", "line 11:", `line 13: the event "Bad" is left out`}
	if len(found) != len(want) {
		t.Fatalf("%v", found)
	}
	for i, w := range want {
		if !strings.HasPrefix(found[i].String(), w) {
			t.Errorf("%q, want %q", found[i], w)
		}
	}
}

func TestParse_Lines(t *testing.T) {
	data := eventOf("DTSTART:20260217", "DESCRIPTION:Über\r\n raschung")
	for name, d := range map[string][]byte{
		"LF":                 bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n")),
		"CR":                 bytes.ReplaceAll(data, []byte("\r\n"), []byte("\r")),
		"a byte order mark":  append([]byte("\uFEFF"), data...),
		"blank lines":        bytes.ReplaceAll(data, []byte("BEGIN:VEVENT"), []byte("\r\n\r\nBEGIN:VEVENT")),
		"folded in a letter": bytes.Replace(data, []byte("Ü"), []byte("\xc3\r\n \x9c"), 1),
		"lower case":         bytes.Replace(data, []byte("BEGIN:VEVENT"), []byte("begin:vevent"), 1),
	} {
		got, found := oneOf(t, d, Options{})
		if got.Note != "Überraschung" || len(found) > 0 {
			t.Errorf("%s: %q, %v", name, got.Note, found)
		}
	}
}

func TestParse_NoCalendar(t *testing.T) {
	for _, s := range []string{"", "<!DOCTYPE html><html>", "BEGIN:VEVENT\r\nEND:VEVENT\r\n", "\x00\x01"} {
		if _, _, err := Parse([]byte(s), Options{}); err == nil {
			t.Errorf("%q is taken for a calendar", s)
		}
	}
}

func TestParse_OwnFeeds(t *testing.T) {
	files, err := filepath.Glob("../../feed/testdata/*.ics")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, found, err := Parse(data, Options{}); err != nil || len(found) > 0 {
			t.Errorf("%s: %v, %v", name, found, err)
		}
	}
}

func TestParse_Mutated(t *testing.T) {
	seed := eventOf("DTSTART;TZID=x:20260217T090000", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "DTEND;TZID=x:20260217T100000", "CATEGORIES:a,b")
	seed = bytes.Replace(seed, []byte("BEGIN:VEVENT"), []byte(strings.ReplaceAll(outlookZone, "%s", "x")+"\r\nBEGIN:VEVENT"), 1)
	r := rand.New(rand.NewPCG(1, 2))
	tokens := []string{":", ";", "=", "\"", ",", "\r\n", " ", "BEGIN:", "END:", "VEVENT", "\\", "99999999999", "FREQ=SECONDLY", "COUNT=1", "\x00", "\xff", "X;A=b"}
	for range 1000 {
		d := bytes.Clone(seed)
		for range 1 + r.IntN(8) {
			at := r.IntN(len(d))
			switch r.IntN(3) {
			case 0:
				d[at] = byte(r.IntN(256))
			case 1:
				d = append(d[:at:at], d[min(len(d), at+r.IntN(20)):]...)
			default:
				d = append(d[:at:at], append([]byte(tokens[r.IntN(len(tokens))]), d[at:]...)...)
			}
			if len(d) == 0 {
				d = []byte{' '}
			}
		}
		checkImport(t, d)
	}
}

// checkImport holds what is true of every reading.
func checkImport(t *testing.T, data []byte) {
	t.Helper()
	got, _, err := Parse(data, Options{Zone: "Asia/Tokyo"})
	if err != nil {
		return
	}
	seen := map[string]bool{}
	for _, e := range got.Events {
		if err := event.CheckID(e.ID); err != nil || seen[e.ID] {
			t.Fatalf("id %q of %q: %v", e.ID, data, err)
		}
		seen[e.ID] = true
		for _, st := range e.When {
			if err := st.Expr.Check(); err != nil {
				t.Fatalf("%q: %v", data, err)
			}
		}
	}
}

func FuzzImport(f *testing.F) {
	f.Add(eventOf("DTSTART:20260217"))
	f.Add(eventOf("DTSTART;TZID=x:20260217T090000", "RRULE:FREQ=DAILY", "DURATION:PT1H"))
	f.Add(calendarOf(strings.ReplaceAll(outlookZone, "%s", "x")))
	f.Fuzz(func(t *testing.T, data []byte) { checkImport(t, data) })
}
