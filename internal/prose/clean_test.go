package prose

import "testing"

func TestClean(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain", "a, b", "a, b"},
		{"CRLF and CR are line ends", "a\r\nb\rc\n", "a\nb\nc\n"},
		{"so are the separators of Unicode", "a\u2028b\u2029c\u0085d", "a\nb\nc\nd"},
		{"controls go, tabs stay", "a\x00\a\x1b\tb\x7f\u0080", "a\tb"},
		{"bad bytes are replaced", "a\xff\xfeb\xed\xa0\x80", "a\uFFFDb\uFFFD"},
		{"joiners and marks stay", "👨‍👩‍👧 \u200fש\u200e", "👨‍👩‍👧 \u200fש\u200e"},
		{"what turns text round goes", "a\u202eb\u202a\u202b\u202c\u202dc\u2066\u2067\u2068\u2069d\u2065", "abcd\u2065"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Clean(tt.in); got != tt.want {
				t.Errorf("prose.Clean(%q) is %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestCleanLine(t *testing.T) {
	for in, want := range map[string]string{"a": "a", " a\r\n\nb\x00 ": "a b", "a\u2028b": "a b", "\n": "", "a\tb": "a\tb"} {
		if got := CleanLine(in); got != want {
			t.Errorf("CleanLine(%q) is %q, want %q", in, got, want)
		}
	}
}
