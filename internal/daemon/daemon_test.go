package daemon

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // for machines without a zone database

	"attache/internal/calendar"
	"attache/internal/civil"
	"attache/internal/config"
	"attache/internal/event"
	"attache/internal/schedule"
)

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

func TestLogRevised_ManyInOneLine(t *testing.T) {
	for n, want := range map[int]int{1: 1, mostRevised: mostRevised, mostRevised + 1: 1, 500: 1} {
		var out strings.Builder
		d := &Daemon{o: Options{Log: slog.New(slog.NewTextHandler(&out, nil))}}
		d.state.Store(&state{config: config.Default()})
		d.logRevised(calendar.Applied{Revised: make([]event.Revision, n)})
		if got := strings.Count(out.String(), "\n"); got != want {
			t.Errorf("%d events are %d lines, want %d", n, got, want)
		}
		if n > mostRevised && !strings.Contains(out.String(), fmt.Sprintf("events=%d", n)) {
			t.Errorf("it says %s", out.String())
		}
	}
}
