package calendar_test

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"attache/internal/calendar"
	"attache/internal/config"
	"attache/internal/notice"
)

var update = flag.Bool("update", false, "write the golden files anew")

// lineOf is where something stands in a file: that may move with any edit.
var lineOf = regexp.MustCompile(`\.yaml:\d+`)

// TestSimulate_ShippedCalendar rehearses the shipped calendar as it was reported, and
// with edits that somebody might make. The golden files are to be read by a person: is
// any of it noise, is anything missing, does each say what to do?
func TestSimulate_ShippedCalendar(t *testing.T) {
	c, err := config.Load("../../config/attache.yaml")
	if err != nil {
		t.Fatal(err)
	}
	c.Digests = []config.Digest{{Name: "week ahead", Cron: "0 8 * * MON", To: "console", Covers: notice.Lead{N: 7, Unit: notice.Days}}}
	from, to := time.Date(2025, 10, 26, 12, 0, 0, 0, time.UTC), time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC)
	for _, name := range []string{"reported", "averted", "deferred", "moved", "decided"} {
		t.Run(name, func(t *testing.T) {
			var edits []calendar.Edit
			if name != "reported" {
				var err error
				if edits, err = c.Edits("testdata/simulate/" + name + ".yaml"); err != nil {
					t.Fatal(err)
				}
			}
			s, err := c.CalendarSettings()
			if err != nil {
				t.Fatal(err)
			}
			list, err := calendar.Simulate(s, from, to, edits)
			if err != nil {
				t.Fatal(err)
			}
			var b strings.Builder
			for _, p := range list {
				fmt.Fprintf(&b, "%s %s\n    %s\n", p.Due.In(time.UTC).Format("Mon 2006-01-02 15:04Z"), strings.TrimSpace(string(p.Notice)+" "+p.Lead),
					strings.ReplaceAll(strings.ReplaceAll(lineOf.ReplaceAllString(p.Text, ".yaml:LINE"), "../../", ""), " · ", "\n    "))
			}
			golden(t, "testdata/simulate/"+name+".golden", b.String())
		})
	}
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; it has become:\n%s", path, got)
	}
}
