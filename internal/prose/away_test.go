package prose

import (
	"testing"
	"time"
)

func TestAway(t *testing.T) {
	for days, want := range map[int]string{
		-40: "40 days ago", -2: "2 days ago", -1: "yesterday", 0: "today", 1: "tomorrow", 2: "in 2 days", 67: "in 67 days",
	} {
		if got := Away(days); got != want {
			t.Errorf("%d: %q, want %q", days, got, want)
		}
	}
}

func TestDuration(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0 minutes", 29 * time.Second: "0 minutes", time.Minute: "1 minute", 45 * time.Minute: "45 minutes",
		time.Hour: "1 hour", 61 * time.Minute: "1 hour 1 minute", 150*time.Minute + 10*time.Second: "2 hours 30 minutes", 20 * time.Hour: "20 hours",
	} {
		if got := Duration(d); got != want {
			t.Errorf("%s: %q, want %q", d, got, want)
		}
	}
}
