package attachetest

import (
	"strings"
	"testing"
	"time"
)

func TestPages_AsOfAnEarlierDay(t *testing.T) {
	t.Parallel()
	a := Start(t, files(Settings(t, nil), visit("2026-02-03")), At(time.Date(2025, 12, 1, 12, 0, 0, 0, time.UTC)))
	time.Sleep(1100 * time.Millisecond) // revisions are told apart by the second
	a.Write("events/a.yaml", visit("2026-02-10"))
	if err := a.Reload(); err != nil {
		t.Fatal(err)
	}
	now := a.Get("/events/visit").Body
	if !strings.Contains(now, "Tue 10 Feb 2026") {
		t.Fatal("the edit did not come to the page")
	}
	for _, c := range []struct{ path, want, never string }{
		{"/events/visit?at=2025-11-01", "Tue 3 Feb 2026", "Tue 10 Feb 2026"},
		{"/?at=2025-11-01", "in 94 days", "10 Feb"},
		{"/?at=2025-11-01", "As it stood on Sat 1 Nov 2025", ""},
		{"/?at=2026-02-09", "tomorrow", "As it stood on Mon"},
		{"/?at=2026-02-09", "As it will stand on Mon 9 Feb 2026, 00:00 New York time if nothing changes.", "As of <time"},
		{"/feeds/all.ics?at=2025-11-01", "DTSTART;VALUE=DATE:20260203", "20260210"},
		{"/feeds/all.ics?at=2025-11-01&alarms=1d", "TRIGGER:-P", "20260210"},
		{"/feeds/all.ics?at=", "DTSTART;VALUE=DATE:20260210", "20260203"},
		{"/feed.ics?at=&event=visit", "DTSTART;VALUE=DATE:20260210", "20260203"},
		{"/feed.ics?at=2025-11-01&event=visit", "DTSTART;VALUE=DATE:20260203", "20260210"},
		{"/feed.ics?event=visit", "DTSTART;VALUE=DATE:20260210", "20260203"},
		{"/api/v1/events/visit?at=2025-11-01", `"earliest":"2026-02-03"`, "2026-02-10"},
		{"/api/v1/events/visit", `"earliest":"2026-02-10"`, "2026-02-03"},
	} {
		got := a.Get(c.path)
		if got.Status != 200 || !strings.Contains(got.Body, c.want) || c.never != "" && strings.Contains(got.Body, c.never) {
			t.Errorf("%s: status %d, %q is to be there and %q is not:\n%.3000s", c.path, got.Status, c.want, c.never, got.Body)
		}
	}
	if got := a.Get("/feeds/all.ics?at=yesterday"); got.Status != 400 {
		t.Errorf("a feed as of no day: %d", got.Status)
	}
	if got := a.Get("/feeds/all.ics?utm_source=x"); !strings.Contains(got.Body, "20260210") {
		t.Error("a parameter that is not known changes the feed")
	}
}
