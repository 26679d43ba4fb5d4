package config

import (
	"path/filepath"
	"strings"
	"testing"

	"attache/internal/calendar"
)

// TestConfig_Changed shows the line that a change writes.
func TestConfig_Changed(t *testing.T) {
	folder := t.TempDir()
	settings, events := filepath.Join(folder, "attache.yaml"), filepath.Join(folder, "events.yaml")
	writeFile(t, settings, "timezone: America/New_York\nevents: [events.yaml]\n")
	writeFile(t, events, `sources:
  wire: {title: Wire, published: 2026-01-05}
events:
  - id: a
    title: A
    when: {by: 2026-06-01, source: wire}
  - id: b
    title: B
    when: tbd
`)
	c, err := Load(settings)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		field, value string
		add          bool
		cite         calendar.Cited
		want         string // a line of the new file
	}{
		{"when", "2026-04-01", true, calendar.Cited{}, "      - 2026-04-01"},
		{"when", "2026-04-01 00:01 ET", true, calendar.Cited{}, "      - 2026-04-01 00:01 ET"},
		{"when", "2026-04-01 00:01 ET", true, calendar.Cited{Key: "wire"}, "      - {at: 2026-04-01 00:01 ET, source: wire}"},
		{"when", "2026-04", true, calendar.Cited{Key: "wire"}, "      - {on: 2026-04, source: wire}"},
		{"when", "in early April", true, calendar.Cited{Key: "wire", Quote: `"early" April`}, `      - {phrase: in early April, source: wire, quote: '"early" April'}`},
		{"when", "{between: [2026-03-01, 2026-04-01]}", true, calendar.Cited{Key: "wire"}, "      - {between: [2026-03-01, 2026-04-01], source: wire}"},
		{"when", "{after: event:b}", false, calendar.Cited{}, "    when: {after: event:b}"},
		{"when", "[2026-01-01..2026-02-16]", false, calendar.Cited{}, `    when: "[2026-01-01..2026-02-16]"`},
		{"place", "Geneva: Room #3", false, calendar.Cited{}, `    place: "Geneva: Room #3"`},
		{"title", "No", false, calendar.Cited{}, `    title: "No"`},
		{"topics", "tariffs", true, calendar.Cited{}, "    topics: [tariffs]"},
		{"topics", "[tariffs, rare-earths]", false, calendar.Cited{}, "    topics: [tariffs, rare-earths]"},
		{"certainty", "likely", false, calendar.Cited{Key: "wire"}, "      - {source: wire, supports: [certainty]}"},
		{"if", "{event: b, is: held}", false, calendar.Cited{}, "    if: {event: b, is: held}"},
	} {
		name := calendar.Assignment{Field: test.field, Value: test.value, Add: test.add}.String()
		t.Run(name, func(t *testing.T) {
			after, err := c.Changed(Change{ID: "a", Fields: []calendar.Assignment{{Field: test.field, Value: test.value, Add: test.add}}, Cite: test.cite})
			if err != nil {
				t.Fatal(err)
			}
			d, err := after.Draft("a")
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains("\n"+string(d.New), "\n"+test.want+"\n") {
				t.Errorf("the file is\n%swant the line\n%s", d.New, test.want)
			}
		})
	}
}
