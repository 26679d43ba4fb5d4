package syntax

import (
	"slices"
	"strings"
	"testing"
)

func TestSplit(t *testing.T) {
	for _, c := range []struct {
		in   string
		want []Word
	}{
		{"", nil},
		{"  ", nil},
		{" by\t2026 ", []Word{{"by", 1}, {"2026", 4}}},
		{"à la", []Word{{"à", 0}, {"la", 3}}},
	} {
		if got := Split(c.in); !slices.Equal(got, c.want) {
			t.Errorf("Split(%q) = %v, want %v", c.in, got, c.want)
		}
	}
}

func TestNearest(t *testing.T) {
	words := []string{"Labor Day", "Memorial Day", "Easter"}
	for written, want := range map[string]string{
		"labour day": "Labor Day",
		"memorial":   "Memorial Day",
		"EASTER":     "Easter",
		"Christmas":  "",
		"":           "",
	} {
		if got := Nearest(written, words); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", written, got, want)
		}
	}
}

func TestErrorf(t *testing.T) {
	err := Errorf(3, "%q is too long", strings.Repeat("é", 200))
	if got := err.Error(); len(got) > 110 || !strings.Contains(got, "é…") {
		t.Errorf("the message is %q", got)
	}
	if got := Shift(err, 4).(*Error); got.Offset != 7 {
		t.Errorf("the offset is %d, want 7", got.Offset)
	}
}
