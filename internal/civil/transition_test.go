package civil

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestTransitions(t *testing.T) {
	from, to := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	for zone, want := range map[string]string{
		"America/New_York": "2026-03-08T07:00:00Z -18000 -14400 EDT, 2026-11-01T06:00:00Z -14400 -18000 EST",
		"Europe/Dublin":    "2026-03-29T01:00:00Z 0 3600 IST, 2026-10-25T01:00:00Z 3600 0 GMT",
		"Asia/Shanghai":    "",
		"UTC":              "",
	} {
		loc, err := Zone(zone)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, c := range Transitions(loc, from, to) {
			got = append(got, fmt.Sprint(c.At.Format(time.RFC3339), " ", c.From, " ", c.To, " ", c.Name))
		}
		if s := strings.Join(got, ", "); s != want {
			t.Errorf("%s: %s, want %s", zone, s, want)
		}
	}
}

// The standard library has stretches that end before the instant that is in them: those
// that ask for the end of each must come to an end all the same.
func TestTransitions_End(t *testing.T) {
	for _, zone := range []string{"America/New_York", "Europe/London", "Australia/Sydney", "Africa/Casablanca", "Asia/Shanghai"} {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		list := Transitions(loc, time.Date(1971, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC))
		for i := 1; i < len(list); i++ {
			if !list[i].At.After(list[i-1].At) || list[i].From != list[i-1].To {
				t.Errorf("%s: %v after %v", zone, list[i], list[i-1])
			}
		}
	}
}
