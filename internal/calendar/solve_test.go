package calendar_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"attache/internal/agenda"
	"attache/internal/calendar"
	"attache/internal/config"
	"attache/internal/store"
)

// read reads a configuration written in YAML.
func read(t *testing.T, text string) *calendar.Settings {
	t.Helper()
	path := filepath.Join(t.TempDir(), "attache.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := config.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	s, err := c.CalendarSettings()
	if err != nil {
		t.Fatal(err)
	}
	s.File = "attache.yaml"
	for i := range s.Events {
		s.Events[i].Origin.File = "attache.yaml" // wherever the test put it
	}
	return s
}

// shown writes entries as programs and people are shown them.
func shown(list []*agenda.Entry, now time.Time) string {
	var out strings.Builder
	for _, e := range list {
		view, _ := json.Marshal(e.View(now))
		why, _ := json.Marshal(e.WhyView())
		fmt.Fprintf(&out, "%s\n%s\n", view, why)
	}
	return out.String()
}

// TestSolution_AgreesWithTheStore reads files one after the other: what is kept
// between readings stays what all that is recorded gives.
func TestSolution_AgreesWithTheStore(t *testing.T) {
	const head = "timezone: UTC\ncalendar:\n  sources: {report: {title: A report}}\n  events:\n"
	const trip, meeting, other = `    - {id: trip, title: A trip, when: 2026-04}
`, `    - {id: meeting, title: A meeting, when: {after: event:trip, source: report, quote: after the trip}}
`, `    - {id: other, title: Another, when: {on: 10 US business days after event:trip}}
`
	db, err := store.Temporary("")
	if err != nil {
		t.Fatal(err)
	}
	b, now := calendar.New(db), time.Date(2025, 10, 26, 0, 0, 0, 0, time.UTC)
	for i, events := range []string{
		trip + meeting, trip + meeting + other, "# on other lines\n" + trip + other + meeting, strings.Replace(trip, "2026-04", "2026-05-01", 1) + meeting,
		trip + meeting + other, trip + meeting,
	} {
		before := b.Net()
		s := read(t, head+events)
		r, err := b.Apply(s, now, nil)
		if err != nil {
			t.Fatal(err)
		}
		err = db.View(func(tx *store.Tx) error {
			all, err := calendar.EntriesOf(tx, s, db.Domain())
			if got, want := shown(r.View.Entries(), now), shown(all, now); got != want {
				t.Errorf("reading %d:\n%s\nthe store gives:\n%s", i, got, want)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if moved := agenda.Diff(before, b.Net()); i == 3 && len(moved) != 3 {
			t.Errorf("reading %d moved %d events", i, len(moved))
		}
		now = now.Add(time.Hour)
	}
}
