package lint

import (
	"strings"
	"testing"
	"time"
)

func TestParseDuration(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"PT1H": time.Hour, "PT1H30M": 90 * time.Minute, "P1D": 24 * time.Hour, "P1DT2H": 26 * time.Hour, "PT45S": 45 * time.Second,
		"PT1H0M1S": time.Hour + time.Second, "P1DT1M": 24*time.Hour + time.Minute, "PT0S": 0, "+P2W": 14 * 24 * time.Hour,
	} {
		if got, ok := parseDuration(text); !ok || got != want {
			t.Errorf("%s is read as %s, %v", text, got, ok)
		}
	}
	for _, bad := range []string{"", "P", "PT", "1D", "-P1D", "P1H", "PT1D", "P1W1D", "P1DT", "PT1H1H", "PT1", "P1d"} {
		if _, ok := parseDuration(bad); ok {
			t.Errorf("%q is taken for a duration", bad)
		}
	}
}

func TestColors(t *testing.T) {
	if n := len(strings.Fields(colors)); n != 147 {
		t.Errorf("%d colours, CSS3 has 147", n)
	}
}
