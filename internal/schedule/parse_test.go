package schedule_test

import (
	"strings"
	"testing"
	"time"

	"attache/internal/schedule"
)

func TestParse_Accepted(t *testing.T) {
	for spec, text := range map[string]string{
		"0 9 * * MON":             "0 9 * * MON",
		"  0\t9  * * mon-fri ":    "0 9 * * mon-fri",
		"*/10 * * * *":            "*/10 * * * *",
		"0 0 29 2 *":              "0 0 29 2 *",
		"0 0 30 2 MON":            "0 0 30 2 MON",
		"1,2,3 0-5/2 ? JAN,DEC *": "1,2,3 0-5/2 ? JAN,DEC *",
		"@daily":                  "@daily",
		"@midnight":               "@midnight",
		"@weekly":                 "@weekly",
		"@hourly":                 "@hourly",
		"@monthly":                "@monthly",
		"@yearly":                 "@yearly",
		"@every  2h":              "@every 2h",
		"@every 1m":               "@every 1m",
	} {
		s, err := schedule.Parse(spec, time.UTC)
		if err != nil {
			t.Errorf("%q: %v", spec, err)
		} else if s.String() != text {
			t.Errorf("%q prints as %q, want %q", spec, s, text)
		}
	}
}

func TestParse_WithoutAZone(t *testing.T) {
	if s := parse(t, "@daily", nil); s.Location() != time.UTC {
		t.Errorf("location %s", s.Location())
	}
}

func TestParse_Refused(t *testing.T) {
	for _, c := range []struct{ spec, want string }{
		{"", `schedule "": empty; write five fields like "0 9 * * MON", or @daily`},
		{" \n ", `schedule "": empty; write five fields like "0 9 * * MON", or @daily`},
		{"TZ=", `schedule "TZ=": leave the zone out: it comes from the configuration`},
		{"TZ=0", `schedule "TZ=0": leave the zone out: it comes from the configuration`},
		{"TZ=UTC 0 9 * * *", `schedule "TZ=UTC 0 9 * * *": leave the zone out: it comes from the configuration`},
		{"CRON_TZ=Asia/Tokyo 0 9 * * *", `schedule "CRON_TZ=Asia/Tokyo 0 9 * * *": leave the zone out: it comes from the configuration`},
		{"CRON_TZ=", `schedule "CRON_TZ=": leave the zone out: it comes from the configuration`},
		{"@every -5s", `schedule "@every -5s": the interval must be positive`},
		{"@every 0s", `schedule "@every 0s": the interval must be positive`},
		{"@every 59s", `schedule "@every 59s": more often than once a minute`},
		{"@every 90500ms", `schedule "@every 90500ms": the interval must be whole seconds`},
		{"@every soon", `schedule "@every soon": interval "soon" is not understood; write it like "2h" or "1h30m"`},
		{"@every", `schedule "@every": @every wants an interval, as in "@every 2h"`},
		{"0 0 30 2 *", `schedule "0 0 30 2 *": never fires: there is no such day`},
		{"0 0 31 4,6,9,11 *", `schedule "0 0 31 4,6,9,11 *": never fires: there is no such day`},
		{"* * * * * *", `schedule "* * * * * *": six fields: seconds are not offered, leave the first out`},
		{"0 9", `schedule "0 9": has 2 fields; five are wanted: minute, hour, day of month, month, day of week`},
		{"noon", `schedule "noon": has 1 field; five are wanted: minute, hour, day of month, month, day of week`},
		{"@reboot", `schedule "@reboot": @reboot is not a time; name one, or use @daily`},
		{"@fortnightly", `schedule "@fortnightly": not understood; known are @hourly, @daily, @weekly, @monthly, @yearly and @every`},
		{"0 25 * * *", `schedule "0 25 * * *": hour "25" is not understood; it takes 0-23, *, ranges, lists and steps`},
		{"0 9 * * 7", `schedule "0 9 * * 7": day of week "7" is not understood; it takes 0-6 or SUN-SAT, *, ranges, lists and steps`},
		{", 9 * * *", `schedule ", 9 * * *": minute "," is not understood; it takes 0-59, *, ranges, lists and steps`},
		{"*/0 * * * *", `schedule "*/0 * * * *": minute "*/0" is not understood; it takes 0-59, *, ranges, lists and steps`},
		{"0 9 * * M\x1bN", `schedule "0 9 * * M\x1bN": has characters that no schedule has`},
		{"0 9 " + strings.Repeat("1,", 300) + "1 * *", `schedule "0 9 ` + strings.Repeat("1,", 28) + `…": longer than 512 characters`},
	} {
		_, err := schedule.Parse(c.spec, time.UTC)
		if err == nil {
			t.Errorf("%q is accepted", c.spec)
		} else if err.Error() != c.want {
			t.Errorf("%q:\n got %s\nwant %s", c.spec, err, c.want)
		}
	}
}

// FuzzParse asserts that no text makes the parser panic, that an error is one
// line, and that what is accepted fires strictly later, always at the same
// instants no matter from where it is asked.
func FuzzParse(f *testing.F) {
	zones := []string{"UTC", "America/New_York", "Pacific/Apia", "Australia/Lord_Howe", "Africa/Cairo", "America/Nuuk"}
	for i, spec := range []string{
		"0 9 * * MON", "*/10 * * * *", "30 2 * * *", "@daily", "@every 2h", "@every -5s", "TZ=0", "CRON_TZ=",
		"0 0 30 2 *", "0 0 29 2 *", "* * * * * *", ", * * * *", "@reboot", "\x00", "0-59/7 1-2 */5 JAN-MAR sun",
	} {
		f.Add(spec, int64(1772953200+i*1800), uint8(i))
	}
	f.Fuzz(func(t *testing.T, text string, unix int64, z uint8) {
		s, err := schedule.Parse(text, zone(t, zones[int(z)%len(zones)]))
		if err != nil {
			if strings.ContainsAny(err.Error(), "\n\r") {
				t.Fatalf("error of %q is more than a line: %q", text, err)
			}
			return
		}
		const century = 100 * 365 * 24 * 3600
		after := time.Unix(unix%century, 0)
		for range 20 {
			next := s.Next(after)
			if !next.After(after) {
				t.Fatalf("%q: after %s comes %s", text, after, next)
			}
			if again := s.Next(next.Add(-time.Second)); !again.Equal(next) {
				t.Fatalf("%q: next is %s from %s, but %s from a second before", text, next, after, again)
			}
			after = next
		}
	})
}
