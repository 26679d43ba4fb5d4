package config

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestConfig_Draft shows the line that a change writes.
func TestConfig_Draft(t *testing.T) {
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
		cite         Cited
		want         string // a line of the new file
	}{
		{"when", "2026-04-01", true, Cited{}, "      - 2026-04-01"},
		{"when", "2026-04-01 00:01 ET", true, Cited{}, "      - 2026-04-01 00:01 ET"},
		{"when", "2026-04-01 00:01 ET", true, Cited{Key: "wire"}, "      - {at: 2026-04-01 00:01 ET, source: wire}"},
		{"when", "2026-04", true, Cited{Key: "wire"}, "      - {on: 2026-04, source: wire}"},
		{"when", "in early April", true, Cited{Key: "wire", Quote: `"early" April`}, `      - {phrase: in early April, source: wire, quote: '"early" April'}`},
		{"when", "{between: [2026-03-01, 2026-04-01]}", true, Cited{Key: "wire"}, "      - {between: [2026-03-01, 2026-04-01], source: wire}"},
		{"when", "{after: event:b}", false, Cited{}, "    when: {after: event:b}"},
		{"when", "[2026-01-01..2026-02-16]", false, Cited{}, `    when: "[2026-01-01..2026-02-16]"`},
		{"place", "Geneva: Room #3", false, Cited{}, `    place: "Geneva: Room #3"`},
		{"title", "No", false, Cited{}, `    title: "No"`},
		{"topics", "tariffs", true, Cited{}, "    topics: [tariffs]"},
		{"topics", "[tariffs, rare-earths]", false, Cited{}, "    topics: [tariffs, rare-earths]"},
		{"certainty", "likely", false, Cited{Key: "wire"}, "      - {source: wire, supports: [certainty]}"},
		{"if", "{event: b, is: held}", false, Cited{}, "    if: {event: b, is: held}"},
	} {
		name := Assignment{test.field, test.value, test.add}.String()
		t.Run(name, func(t *testing.T) {
			d, err := c.Draft(Change{ID: "a", Fields: []Assignment{{test.field, test.value, test.add}}, Cite: test.cite})
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains("\n"+string(d.New), "\n"+test.want+"\n") {
				t.Errorf("the file is\n%swant the line\n%s", d.New, test.want)
			}
		})
	}
}
