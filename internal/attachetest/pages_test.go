package attachetest

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

var (
	update  = flag.Bool("update", false, "write the golden files anew")
	picture = flag.String("picture", "", "draw the page of the shipped calendar, as of the day of its report, into this PNG file with chromium")
)

// reported is the day of the report that the shipped calendar rests on.
var reported = time.Date(2025, 10, 26, 18, 0, 0, 0, time.UTC)

// TestPages_ShippedCalendar compares what people see first with golden files, but for
// what differs from one run to the next.
func TestPages_ShippedCalendar(t *testing.T) {
	t.Parallel()
	a := Start(t, shippedFiles(t, "# public_url: https://cal.example.org", "public_url: https://dates.example.org"), At(reported))
	same := strings.NewReplacer(a.folder+string(filepath.Separator), "")
	hashes := regexp.MustCompile(`(app\.css|app\.js|icon\.svg)\?[0-9a-f]{12}`)
	minutes := regexp.MustCompile(`2025-10-26T18:0\d:\d\dZ|1[48]:0\d( Washington| UTC)`)
	ids := regexp.MustCompile(`[a-z0-9]{12}\.attache`)
	for name, path := range map[string]string{
		"calendar.html": "/", "visit.html": "/events/beijing-visit", "follow-up.html": "/events/washington-follow-up",
		"changes.html": "/changes", "changes.atom": "/changes.atom", "events.json": "/api/v1/events?topic=tariffs",
	} {
		got := same.Replace(a.Get(path).Body)
		got = hashes.ReplaceAllString(got, "$1?HASH")
		got = ids.ReplaceAllString(minutes.ReplaceAllString(got, "NOW$1"), "INSTALLATION.attache")
		file := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			was, is := strings.Split(string(want), "\n"), strings.Split(got, "\n")
			for len(was) > 0 && len(is) > 0 && was[0] == is[0] {
				was, is = was[1:], is[1:]
			}
			t.Errorf("%s is not what %s has, first in\n%.2000q\nwas\n%.2000q\nrun with -update and read the difference", path, file, is, was)
		}
	}
}

// TestPages_Picture draws the picture of the README:
//
//	go test ./internal/attachetest -run Picture -picture ../web/testdata/page.png
func TestPages_Picture(t *testing.T) {
	t.Parallel()
	if *picture == "" {
		t.Skip("no file given with -picture")
	}
	a := Start(t, shippedFiles(t), At(reported))
	out, err := exec.Command("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
		"--user-data-dir="+t.TempDir(), "--window-size=1280,1000", "--screenshot="+*picture, a.URL()).CombinedOutput()
	if err != nil {
		t.Fatalf("chromium: %v\n%s", err, out)
	}
}
