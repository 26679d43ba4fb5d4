package calendar_test

import (
	"strings"
	"testing"
	"time"

	"attache/internal/calendar"
	"attache/internal/config"
)

// simulate returns what a calendar in one file would send, one line each.
func simulate(t *testing.T, from, to, text string) string {
	t.Helper()
	found := config.CheckFiles(nil, config.Document{Name: "attache.yaml", Data: []byte(text)})
	if len(found.Errors) > 0 {
		t.Fatal(found.Errors)
	}
	c := config.Default()
	c.Calendar = found.Calendar
	start, _ := time.Parse(time.RFC3339, from)
	end, _ := time.Parse(time.RFC3339, to)
	s, err := c.CalendarSettings()
	if err != nil {
		t.Fatal(err)
	}
	list, err := calendar.Simulate(s, start, end, nil)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, p := range list {
		b.WriteString(p.Due.Format(time.RFC3339) + " " + p.Event + " " + string(p.Notice) + " " + p.Lead + "\n")
	}
	return b.String()
}

func TestSimulate_PassedFirstAndOnce(t *testing.T) {
	const files = "calendar:\n  events:\n" +
		"    - {id: past, title: Past, kind: visit, zone: UTC, when: 2026-01-05}\n" +
		"    - {id: held, title: Held, kind: visit, zone: UTC, when: 2026-01-05, status: held}\n" +
		"    - {id: next, title: Next, kind: meeting, zone: UTC, when: 2026-03-10}\n" +
		"    - {id: after, title: After, kind: meeting, zone: UTC, when: 2 days after event:next, remind: [1d]}\n"
	const want = "2026-03-01T00:00:00Z past outcome \n" +
		"2026-03-03T14:00:00Z next reminder 7d\n" +
		"2026-03-04T14:00:00Z past outcome \n" +
		"2026-03-09T13:00:00Z next reminder 1d\n" +
		"2026-03-11T13:00:00Z after reminder 1d\n" +
		"2026-03-11T13:00:00Z next outcome \n" +
		"2026-03-13T13:00:00Z after outcome \n" +
		"2026-03-16T13:00:00Z next outcome \n" +
		"2026-03-18T13:00:00Z after outcome \n"
	for range 2 {
		if got := simulate(t, "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z", files); got != want {
			t.Errorf("got\n%swant\n%s", got, want)
		}
	}
}
