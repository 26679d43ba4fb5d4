package daemon

import (
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // for machines without a zone database

	"attache/internal/civil"
	"attache/internal/config"
	"attache/internal/schedule"
)

func TestDataFolder(t *testing.T) {
	env := map[string]string{"STATE_DIRECTORY": "/var/lib/attache", "XDG_STATE_HOME": "/state", "HOME": "/home/ann"}
	cases := []struct {
		flag, configured string
		without          string // of the variables
		want             string
	}{
		{"/flag", "/configured", "", "/flag"},
		{"", "/configured", "", "/configured"},
		{"", "", "", "/var/lib/attache"},
		{"", "", "STATE_DIRECTORY", "/state/attache"},
		{"", "", "STATE_DIRECTORY XDG_STATE_HOME", "/home/ann/.local/state/attache"},
	}
	for _, c := range cases {
		got, err := DataFolder(c.flag, c.configured, func(name string) string {
			if slices.Contains(strings.Fields(c.without), name) {
				return ""
			}
			return env[name]
		})
		if got != c.want || err != nil {
			t.Errorf("%+v: %s, %v", c, got, err)
		}
	}
	if _, err := DataFolder("", "", func(string) string { return "" }); err == nil {
		t.Error("a machine that names no folder has one")
	}
}

func TestLastDigestUpToNow(t *testing.T) {
	loc, err := civil.Zone("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	spec, err := schedule.Parse("0 8 * * MON", loc)
	if err != nil {
		t.Fatal(err)
	}
	for now, want := range map[string]string{
		"2025-11-03T13:00:00Z": "2025-11-03T13:00:00Z", // 08:00, on the first Monday of winter time
		"2025-11-03T12:59:59Z": "2025-10-27T12:00:00Z",
		"2025-11-09T23:00:00Z": "2025-11-03T13:00:00Z",
	} {
		at, _ := time.Parse(time.RFC3339, now)
		if got := lastBefore(spec, at).Format(time.RFC3339); got != want {
			t.Errorf("at %s: %s, want %s", now, got, want)
		}
	}
}

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
	list, err := Simulate(c, start, end, nil)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, p := range list {
		b.WriteString(p.Due.Format(time.RFC3339) + " " + p.Event + " " + string(p.Notice) + " " + p.Lead + "\n")
	}
	return b.String()
}

func TestSimulationTellsWhatPassedFirstAndOnce(t *testing.T) {
	const calendar = "calendar:\n  events:\n" +
		"    - {id: past, title: Past, kind: visit, zone: UTC, when: 2026-01-05}\n" +
		"    - {id: held, title: Held, kind: visit, zone: UTC, when: 2026-01-05, status: held}\n" +
		"    - {id: next, title: Next, kind: meeting, zone: UTC, when: 2026-03-10}\n" +
		"    - {id: after, title: After, kind: meeting, zone: UTC, when: 2 days after event:next, remind: [1d]}\n"
	const want = "2026-03-01T00:00:00Z past outcome \n" +
		"2026-03-03T09:00:00Z next reminder 7d\n" +
		"2026-03-04T09:00:00Z past outcome \n" +
		"2026-03-09T09:00:00Z next reminder 1d\n" +
		"2026-03-11T09:00:00Z after reminder 1d\n" +
		"2026-03-11T09:00:00Z next outcome \n" +
		"2026-03-13T09:00:00Z after outcome \n" +
		"2026-03-16T09:00:00Z next outcome \n" +
		"2026-03-18T09:00:00Z after outcome \n"
	for range 2 {
		if got := simulate(t, "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z", calendar); got != want {
			t.Errorf("got\n%swant\n%s", got, want)
		}
	}
}
