package feed

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"attache/internal/agenda"
	"attache/internal/event"
	"attache/internal/prose"
)

// unescape reads a value of type TEXT.
func unescape(s string) string {
	return strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\N`, "\n", `\;`, ";", `\,`, ",").Replace(s)
}

// text is a value of type TEXT, RFC 5545 §3.3.11.
var text = regexp.MustCompile(`^(?:[^\\;,]|\\[\\;,nN])*$`)

func TestEscape(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")) + rapid.String().Draw(t, "text")
		c := prose.Clean(s)
		if got := unescape(escape(c)); got != c {
			t.Errorf("%q reads back as %q", c, got)
		}
		if prose.Clean(c) != c || !utf8.ValidString(c) {
			t.Errorf("%q is not clean", c)
		}
		if !text.MatchString(escape(c)) {
			t.Errorf("%q is not a text", escape(c))
		}
	})
}

func TestFold_ReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		runes := rapid.SliceOfN(rapid.SampledFrom([]rune("aé条👩\u200d,;\\\n ")), 0, 300).Draw(t, "runes")
		want := "X:" + escape(string(runes))
		got := fold(nil, []byte(want))
		if back := bytes.ReplaceAll(got, []byte("\r\n "), nil); string(back) != want+"\r\n" {
			t.Fatalf("%q unfolds to %q", want, back)
		}
		for _, l := range strings.Split(strings.TrimSuffix(string(got), "\r\n"), "\r\n") {
			if len(l) > 75 || !utf8.ValidString(l) || (len(l)-len(strings.TrimRight(l, `\`)))%2 == 1 {
				t.Errorf("bad line %q of %d octets", l, len(l))
			}
		}
	})
}

func TestFold_AsLongAsCanBe(t *testing.T) {
	got := string(fold(nil, []byte("X:"+strings.Repeat("a", 200))))
	want := "X:" + strings.Repeat("a", 73) + "\r\n " + strings.Repeat("a", 74) + "\r\n " + strings.Repeat("a", 53) + "\r\n"
	if got != want {
		t.Errorf("got %q", got)
	}
}

func TestDuration(t *testing.T) {
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
	}
}

func TestSummary_CancelledInTheTitleToo(t *testing.T) {
	for title, want := range map[string]string{
		"Hearing": "CANCELLED: Hearing", "CANCELED: Hearing": "CANCELLED: Hearing", "[Cancelled] Hearing": "CANCELLED: Hearing",
	} {
		e := agenda.Entry{Event: event.Event{Title: title, Status: event.Cancelled}}
		if got := summary(&vevent{Entry: &e, entry: entry{part: whole}}, Options{}); got != want {
			t.Errorf("%q: %q, want %q", title, got, want)
		}
	}
}
