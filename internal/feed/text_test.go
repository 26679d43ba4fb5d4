package feed

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"attache/internal/event"
	"attache/internal/prose"
)

// unescape reads a value of type TEXT.
func unescape(s string) string {
	return strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\N`, "\n", `\;`, ";", `\,`, ",").Replace(s)
}

func TestEscapedTextReadsBackAsItWasCleaned(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")) + rapid.String().Draw(t, "text")
		c := prose.Clean(s)
		if got := unescape(escape(c)); got != c {
			t.Errorf("%q reads back as %q", c, got)
		}
		if prose.Clean(c) != c || !utf8.ValidString(c) {
			t.Errorf("%q is not clean", c)
		}
		if !isText(escape(c), false) {
			t.Errorf("%q is not a text", escape(c))
		}
	})
}

func TestFoldedLinesUnfoldToWhatTheyWere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		runes := rapid.SliceOfN(rapid.SampledFrom([]rune("aé条👩\u200d,;\\\n ")), 0, 300).Draw(t, "runes")
		want := "X:" + escape(string(runes)) + "\r\n"
		got := fold(nil, []byte(want))
		if back := bytes.ReplaceAll(got, []byte("\r\n "), nil); string(back) != want {
			t.Fatalf("%q unfolds to %q", want, back)
		}
		for _, l := range strings.Split(strings.TrimSuffix(string(got), "\r\n"), "\r\n") {
			if len(l) > 75 || !utf8.ValidString(l) || slashes([]byte(l))%2 == 1 {
				t.Errorf("bad line %q of %d octets", l, len(l))
			}
		}
	})
}

func TestLinesAreFoldedNoShorterThanNeeded(t *testing.T) {
	got := string(fold(nil, []byte("X:"+strings.Repeat("a", 200)+"\r\n")))
	want := "X:" + strings.Repeat("a", 73) + "\r\n " + strings.Repeat("a", 74) + "\r\n " + strings.Repeat("a", 53) + "\r\n"
	if got != want {
		t.Errorf("got %q", got)
	}
}

func TestDurationText(t *testing.T) {
	tests := []struct {
		d    time.Duration
		want string
	}{
		{time.Hour, "PT1H"}, {90 * time.Minute, "PT1H30M"}, {24 * time.Hour, "P1D"}, {26 * time.Hour, "P1DT2H"},
		{45 * time.Second, "PT45S"}, {time.Hour + time.Second, "PT1H0M1S"}, {24*time.Hour + time.Minute, "P1DT1M"}, {0, "PT0S"},
	}
	for _, tt := range tests {
		if got := duration(tt.d); got != tt.want {
			t.Errorf("%s is %s, want %s", tt.d, got, tt.want)
		}
		if back, ok := parseDuration(tt.want); !ok || back != tt.d {
			t.Errorf("%s is read as %s, %v", tt.want, back, ok)
		}
	}
	for _, bad := range []string{"", "P", "PT", "1D", "-P1D", "P1H", "PT1D", "P1W1D", "P1DT", "PT1H1H", "PT1", "P1d"} {
		if _, ok := parseDuration(bad); ok {
			t.Errorf("%q is taken for a duration", bad)
		}
	}
}

func TestColoursOfKindsHaveNames(t *testing.T) {
	for _, k := range []string{"deadline", "meeting", "summit", "visit", "talks", "measure", "announcement", "holiday", "other", ""} {
		if !isColor(color(event.Kind(k))) {
			t.Errorf("%s: %s has no such name", k, color(event.Kind(k)))
		}
	}
	if n := len(strings.Fields(colors)); n != 147 {
		t.Errorf("%d colours, CSS3 has 147", n)
	}
}
