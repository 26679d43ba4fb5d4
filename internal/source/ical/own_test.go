package ical_test

import (
	"strings"
	"testing"

	"attache/internal/source/ical"
)

// ownEntry is an entry as a feed of attache has it, one of two of its event.
const ownEntry = `UID:visit@attache.example-latest
DTSTART;VALUE=DATE:20260331
DTEND;VALUE=DATE:20260401
SUMMARY:[window] Latest: Visit (59 days, 1 Feb – 31 Mar 2026, date open, likely)
CATEGORIES:visit,likely,open,mine
STATUS:TENTATIVE
X-ATTACHE-CERTAINTY:likely
X-ATTACHE-EVENT:visit@attache.example
X-ATTACHE-TITLE:Visit
X-ATTACHE-KIND:visit
X-ATTACHE-STATUS:open
X-ATTACHE-ZONE:Asia/Seoul
X-ATTACHE-WHEN:between 2026-02-01 and 2026-03-31
X-ATTACHE-PARTY:China\, P.R.
X-ATTACHE-TOPIC:tariffs
`

func TestParse_OwnEntry(t *testing.T) {
	for _, c := range []struct {
		name, old, is string
		trusted       bool
		found         string // what is told, "" for nothing
	}{
		{"as it was written", "", "", true, ""},
		{"the other end of the window", "DATE:20260331", "DATE:20260201", true, ""},
		{"a date that is past", "DTSTART;VALUE=DATE:20260331", "X-ATTACHE-GONE:20250101\nDTSTART;VALUE=DATE:20250101", true, ""},
		{"moved", "DATE:20260331", "DATE:20260315", false, "its date is another"},
		{"a date that is past, moved", "DTSTART", "X-ATTACHE-GONE:20250101\nDTSTART", false, "its date is another"},
		{"a time instead of a day", "DTSTART;VALUE=DATE:20260331\nDTEND;VALUE=DATE:20260401", "DTSTART:20260331T000000Z", false, "its date is another"},
		{"no date", "DTSTART;VALUE=DATE:20260331\nDTEND;VALUE=DATE:20260401\n", "", false, "it has no DTSTART"},
		{"renamed", "Latest: Visit (", "Latest: Trip (", false, "its title is another"},
		{"a statement that is none", "between 2026-02-01", "between soon", false, "its X-ATTACHE-WHEN can't be read"},
		{"a statement of another event", "between 2026-02-01 and 2026-03-31", "after event:other", false, "its date is another"},
		{"no statement", "X-ATTACHE-WHEN", "X-OTHER", false, "it has no statement"},
		{"a kind that is none", "KIND:visit", "KIND:trip", false, `"trip" is no kind`},
		{"a certainty that is none", "CERTAINTY:likely", "CERTAINTY:sure", false, `"sure" is no certainty`},
		{"a status that is none", "X-ATTACHE-STATUS:open", "X-ATTACHE-STATUS:shut", false, `"shut" is no status`},
		{"a zone that is none", "Asia/Seoul", "Asia/Nowhere", false, "Nowhere"},
		{"the UID of another", "UID:visit@", "UID:trip@", false, "its UID is that of another event"},
		{"no event", "X-ATTACHE-EVENT", "X-OTHER", false, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nBEGIN:VEVENT\nDTSTAMP:20260101T000000Z\n" + strings.Replace(ownEntry, c.old, c.is, 1) + "END:VEVENT\nEND:VCALENDAR\n"
			got, found, err := ical.Parse([]byte(text), ical.Options{Source: "theirs"})
			if err != nil || len(got.Events) != 1 {
				t.Fatalf("%d events are read, %v, %v", len(got.Events), found, err)
			}
			e := got.Events[0]
			if read := e.Title == "Visit" && e.Foreign.UID == "visit@attache.example" && e.Zone == "Asia/Seoul" && len(e.Parties) == 1 && e.Parties[0] == "China, P.R." &&
				e.When[0].Expr.String() == "between 2026-02-01 and 2026-03-31" && strings.Join(e.Topics, " ") == "tariffs mine"; read != c.trusted {
				t.Errorf("read is %+v", e)
			}
			if len(found) > 1 || (len(found) == 1) != (c.found != "") || len(found) == 1 && !strings.Contains(found[0].What, c.found) {
				t.Errorf("told is %v, want %q", found, c.found)
			}
		})
	}
}

func TestParse_OwnEntries(t *testing.T) {
	entry := func(changes ...string) string {
		return "BEGIN:VEVENT\nDTSTAMP:20260101T000000Z\n" + strings.NewReplacer(changes...).Replace(ownEntry) + "END:VEVENT\n"
	}
	opens := entry("-latest", "-opens", "DATE:20260331", "DATE:20260201", "Latest", "Opens")
	gone := entry("example-latest", "example", "DTSTART;VALUE=DATE:20260331", "X-ATTACHE-GONE:20260110\nDTSTART;VALUE=DATE:20260110", "TENTATIVE", "CANCELLED")
	for _, c := range []struct {
		name, entries string
		want          string
	}{
		{"both ends", opens + entry(), "visit: open between 2026-02-01 and 2026-03-31"},
		{"and what holds no more", gone + opens + entry(), "visit: open between 2026-02-01 and 2026-03-31"},
		{"only what holds no more", gone, "visit: open between 2026-02-01 and 2026-03-31"},
		{"an end that was moved", opens + entry("DATE:20260331", "DATE:20260315"), "visit: open between 2026-02-01 and 2026-03-31; window-latest-visit-59-days-1-feb-31-mar-2026-date-open-like: open from 2026-03-15 to 2026-03-31"},
		{"cancelled by somebody else", entry("STATUS:TENTATIVE", "STATUS:CANCELLED"), "visit: cancelled between 2026-02-01 and 2026-03-31"},
		{"averted", entry("STATUS:TENTATIVE", "STATUS:CANCELLED", "STATUS:open", "STATUS:averted"), "visit: averted between 2026-02-01 and 2026-03-31"},
	} {
		got, _, err := ical.Parse([]byte("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n"+c.entries+"END:VCALENDAR\n"), ical.Options{Source: "theirs"})
		if err != nil {
			t.Error(err)
		}
		var says []string
		for _, e := range got.Events {
			says = append(says, e.ID+": "+string(e.Status)+" "+e.When[0].Expr.String())
		}
		if is := strings.Join(says, "; "); is != c.want {
			t.Errorf("%s: read is\n%s\nwant\n%s", c.name, is, c.want)
		}
	}
}
