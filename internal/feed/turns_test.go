package feed

import (
	"testing"
	"time"
)

// The standard library has stretches that end before the instant that is in them: those
// that ask for the end of each must come to an end all the same.
func TestTheTurnsOfAZoneComeToAnEnd(t *testing.T) {
	for _, zone := range []string{"America/New_York", "Europe/London", "Australia/Sydney", "Africa/Casablanca", "Asia/Shanghai"} {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		list := transitions(loc, time.Date(1971, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC))
		for i := 1; i < len(list); i++ {
			if !list[i].at.After(list[i-1].at) || list[i].from != list[i-1].to {
				t.Errorf("%s: %v after %v", zone, list[i], list[i-1])
			}
		}
	}
}
