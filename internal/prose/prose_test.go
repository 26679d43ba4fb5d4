package prose

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// characters are such as come apart when they are cut in the wrong place: an
// accent, a family, a flag, a skin tone, Hangul in parts, ideographs.
var characters = []string{
	"a", " ", "&", "<", ">", "é", "e\u0301", "日", "本", "👩‍👩‍👧‍👦", "🇨🇳", "🇺🇸", "👍🏽", "\u1112\u1161\u11ab",
	"🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "☺️", "*", "_", "~", "`", "|", "ن", "ص", "क्",
}

// wide is a measure that takes more than the bytes of some characters.
func wide(r rune) int {
	if r == '&' {
		return 5
	}
	return octets(r)
}

func TestCut_BetweenCharacters(t *testing.T) {
	clip := func(limit int) func(string) string { return func(s string) string { return Clip(s, limit) } }
	tests := map[string]struct {
		size Measure
		cut  func(limit int) func(string) string
	}{
		"runes": {Runes, nil}, "utf16": {UTF16, nil}, "wide": {wide, nil}, "bytes": {octets, clip},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				parts := rapid.SliceOfN(rapid.SampledFrom(characters), 0, 40).Draw(t, "parts")
				whole := strings.Join(parts, "")
				limit := rapid.IntRange(40, 120).Draw(t, "limit")
				got := tt.size.Cut(whole, limit)
				if tt.cut != nil {
					got = tt.cut(limit)(whole)
				}
				between(t, tt.size, parts, got, limit)
			})
		})
	}
}

// between fails where got is not the beginning of parts, whole characters within limit.
func between(t *rapid.T, size Measure, parts []string, got string, limit int) {
	whole := strings.Join(parts, "")
	if size.Size(got) > limit {
		t.Fatalf("%q is %d long, the limit is %d", got, size.Size(got), limit)
	}
	if !utf8.ValidString(got) {
		t.Fatalf("%q is not valid UTF-8", got)
	}
	if got == whole {
		return
	}
	kept, ok := strings.CutSuffix(got, Ellipsis)
	if !ok {
		t.Fatalf("%q was cut and does not say so", got)
	}
	for _, p := range parts {
		rest, ok := strings.CutPrefix(kept, p)
		if !ok {
			break
		}
		kept = rest
	}
	if strings.TrimRight(kept, " ") != "" {
		t.Fatalf("%q cuts a character of %q in two: %q is left", got, whole, kept)
	}
}

func TestCut(t *testing.T) {
	tests := []struct {
		name  string
		size  Measure
		s     string
		limit int
		want  string
	}{
		{"one character longer than the limit", UTF16, "e" + strings.Repeat("\u0301", 50), 10, "e" + strings.Repeat("\u0301", 8) + "…"},
		{"no room for the ellipsis", wide, "abc", 2, ""},
		{"just fits", Runes, "日本日本", 4, "日本日本"},
		{"one too many", Runes, "日本日本日", 4, "日本日…"},
		{"blanks before the ellipsis", Runes, "one two", 5, "one…"},
		{"bytes that are no text", Runes, "\xff\xfe\xfd", 2, "\xff…"},
	}
	for _, tt := range tests {
		if got := tt.size.Cut(tt.s, tt.limit); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestClip(t *testing.T) {
	tests := []struct {
		s     string
		limit int
		want  string
	}{
		{"short", 5, "short"}, {"longer", 5, "lo…"}, {"", 0, ""}, {"x", 0, ""},
		{"日本日本", 9, "日本…"}, {"one line\nand more", 12, "one line…"},
		{"\xff\xff\xff\xff\xff\xff", 5, "…"}, // a byte that is no text counts as three
	}
	for _, tt := range tests {
		if got := Clip(tt.s, tt.limit); got != tt.want || len(got) > tt.limit {
			t.Errorf("Clip(%q, %d): %q, want %q", tt.s, tt.limit, got, tt.want)
		}
	}
}

func TestWords(t *testing.T) {
	tests := []struct{ name, got, want string }{
		{"count of none", Count(0, "day"), "0 days"},
		{"count of one", Count(1, "day"), "1 day"},
		{"count of two", Count(2, "day"), "2 days"},
		{"count of what ends in s", Count(2, "address"), "2 addresses"},
		{"capital", Capital("under way"), "Under way"},
		{"capital of a letter beyond ASCII", Capital("élysée"), "Élysée"},
		{"capital of ideographs", Capital("日本"), "日本"},
		{"capital of nothing", Capital(""), ""},
		{"capital of no text", Capital("\xffa"), "\xffa"},
		{"one line", OneLine(" two\n lines\tand\r\nblanks "), "two lines and blanks"},
		{"list of none", List[string](nil, "or"), ""},
		{"list of one", List([]string{"held"}, "or"), "held"},
		{"list of two", List([]string{"held", "met"}, "or"), "held or met"},
		{"list of three", List([]string{"held", "deferred", "cancelled"}, "or"), "held, deferred or cancelled"},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, tt.got, tt.want)
		}
	}
}

func TestWithin(t *testing.T) {
	for title, want := range map[string]string{
		"The ruling": "the ruling", "A ruling": "a ruling", "An accord of two": "an accord of two", "The EU regulation": "the EU regulation",
		"The G20 summit": "the G20 summit", "The Hague summit": "The Hague summit", "Theatre": "Theatre", "Talks": "Talks", "The": "The", "": "",
	} {
		if got := Within(title); got != want {
			t.Errorf("%q becomes %q", title, got)
		}
	}
}
