package attachetest

import (
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"attache/internal/feed/lint"
)

// domain is the part of UIDs that every installation has its own of.
var domain = regexp.MustCompile(`@[a-z0-9]+(\r\n )?[a-z0-9]*\.(\r\n )?attache`)

// stamps are the seconds of the start of a test.
var stamps = regexp.MustCompile(`20251026T1800\d\dZ`)

// TestFeeds_ShippedCalendarInEveryOption holds what subscribers of the shipped calendar get.
func TestFeeds_ShippedCalendarInEveryOption(t *testing.T) {
	t.Parallel()
	a := Start(t, shippedFiles(t, "# public_url: https://cal.example.org", "public_url: http://127.0.0.1:8080"), At(time.Date(2025, 10, 26, 18, 0, 0, 0, time.UTC)))
	for name, query := range map[string]url.Values{
		"edges": {}, "span": {"windows": {"span"}}, "none": {"windows": {"none"}},
		"title": {"cancelled": {"title"}}, "status": {"cancelled": {"status"}}, "alarms": {"alarms": {"1d,2h"}},
		"tariffs": {"topic": {"tariffs"}}, "nothing": {"topic": {"unheard of"}},
	} {
		got := a.Get("/feed.ics?" + query.Encode()).Body
		for _, f := range lint.Check([]byte(got)) {
			t.Errorf("%s: %s", name, f)
		}
		// Lines are unfolded: where they break hangs on the length of the domain.
		text := strings.ReplaceAll(stamps.ReplaceAllString(domain.ReplaceAllString(got, "@attache"), "20251026T180000Z"), "\r\n ", "")
		text = strings.ReplaceAll(text, "\r\n", "\n")
		path := filepath.Join("testdata", "shipped-"+name+".ics")
		if *update {
			if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if text != string(want) {
			t.Errorf("%s differs; run with -update and look at the difference. Got:\n%s", path, text)
		}
	}
}
