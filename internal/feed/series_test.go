package feed_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"attache/internal/agenda"
	"attache/internal/event"
	"attache/internal/feed"
	"attache/internal/source/ical"
	"attache/internal/when"
)

// recurring has series of every sort.
func recurring() []agenda.Entry {
	return []agenda.Entry{
		entryOf(event.Event{ID: "jobs", Title: "Jobs report", Kind: event.Announcement, Zone: "America/New_York", Certainty: event.Confirmed},
			"at 2026-01-02 08:30 recurring FREQ=MONTHLY;BYDAY=1FR except 2026-03-06 also 2026-03-11 08:30"),
		entryOf(event.Event{ID: "day", Title: "A day each year", Kind: event.Holiday, Certainty: event.Confirmed}, "2026-05-09 recurring FREQ=YEARLY"),
		entryOf(event.Event{ID: "few", Title: "Three rounds", Kind: event.Talks, Zone: "Asia/Seoul", Certainty: event.Likely},
			"at 2026-03-02 10:00 lasting 2 hours recurring FREQ=WEEKLY;COUNT=3"),
		entryOf(event.Event{ID: "casablanca", Title: "Where clocks follow the moon", Kind: event.Meeting, Zone: "Africa/Casablanca"},
			"at 2026-01-05 09:00 recurring FREQ=YEARLY"),
		entryOf(event.Event{ID: "many", Title: "Each day for a year", Kind: event.Talks, Zone: "Europe/Brussels"},
			"at 2026-01-05 09:00 recurring FREQ=DAILY;UNTIL=20261231"),
	}
}

// A series that leaves out holidays is read by others as it comes here, by its rule and by what
// an attache is told besides.
func TestSeries_Holidays(t *testing.T) {
	for _, date := range []string{
		"at 2026-03-03 10:00 recurring FREQ=WEEKLY;BYDAY=TU except 2026-03-10, holidays(US)",
		"2026-05-18 recurring FREQ=WEEKLY;COUNT=20 except holidays(US)", "2026-05-18 recurring FREQ=WEEKLY;UNTIL=20351231 except holidays(US)",
	} {
		e := entryOf(event.Event{ID: "committee", Title: "Committee", Kind: event.Talks, Zone: "Europe/Brussels"}, date)
		b, _ := feed.Render(feed.Feed{Name: "all"}, itemsOf(e), world())
		sound(t, b.Plain)
		want := times(*e.Series)
		for _, text := range []string{string(b.Plain), regexp.MustCompile(`(?m)^X-ATTACHE-[^\n]*\n( [^\n]*\n)*`).ReplaceAllString(string(b.Plain), "")} {
			read, found, err := ical.Parse([]byte(text), ical.Options{Zone: "UTC"})
			if err != nil || len(found) > 0 {
				t.Fatalf("%s: it is read with %v, %v", date, found, err)
			}
			var got []string
			for _, r := range read.Events {
				x := r.When[0].Expr
				if s, ok := x.Series(r.Zone, ""); ok {
					got = append(got, times(s)...)
				} else {
					got = append(got, begins(x.Window(r.Zone, "")))
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: %d days are read, want %d", date, len(got), len(want))
			}
		}
	}
}

// begins returns when what is at w begins.
func begins(w when.Window) string { return fmt.Sprint(w.Earliest.Day, w.Earliest.At) }

// times returns when s comes, for as long as readers look at it.
func times(s when.Series) []string {
	var out []string
	for _, o := range s.Next(s.First.Add(-48*time.Hour), 52*15) {
		out = append(out, begins(o.Window))
	}
	return out
}

func TestSeries(t *testing.T) {
	list := recurring()
	b, problems := feed.Render(feed.Feed{Name: "all"}, itemsOf(list...), world())
	if len(problems) > 0 {
		t.Error(problems)
	}
	sound(t, b.Plain)
	golden(t, "series.ics", b.Plain)
	emersion(t, b.Plain)
	for want, n := range map[string]int{
		"BEGIN:VTIMEZONE": 2, "UID:jobs@attache.example\r\n": 1, "UID:few@attache.example-2026": 3, "RRULE:FREQ=MONTHLY;BYDAY=1FR\r\n": 1,
		"EXDATE;TZID=America/New_York:20260306T083000\r\n": 1, "RDATE;TZID=America/New_York:20260311T083000\r\n": 1,
		"RRULE:FREQ=DAILY;UNTIL=20261231T225959Z\r\n": 1, "DTSTART;TZID=Europe/Brussels:20260105T090000\r\n": 1,
		"DTEND;TZID=Europe/Brussels:20260105T093000\r\n": 1, "RRULE:FREQ=YEARLY\r\n": 1,
	} {
		if got := strings.Count(string(b.Plain), want); got != n {
			t.Errorf("%q stands there %d times, want %d", want, got, n)
		}
	}
	if strings.Count(string(b.Plain), "UID:casablanca@attache.example-") != 6 || strings.Contains(string(b.Plain), "TZID=Africa") {
		t.Error("a zone of changing rules is not written as its days")
	}
}
