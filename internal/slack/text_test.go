package slack

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// characters are such as come apart when they are cut in the wrong place: an
// accent, a family, a flag, a skin tone, Hangul in parts, ideographs, entities.
var characters = []string{
	"a", " ", "&", "<", ">", "é", "e\u0301", "日", "本", "👩‍👩‍👧‍👦", "🇨🇳", "🇺🇸", "👍🏽", "\u1112\u1161\u11ab",
	"🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "☺️", "*", "_", "~", "`", "|", "ن", "ص", "क्",
}

func anyText() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom(characters), 0, 60).Draw(t, "characters"), "")
	})
}

func TestText_Escaped(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyText().Draw(t, "text")
		got := esc(s, rapid.IntRange(1, 80).Draw(t, "limit"))
		inert(t, got)
		if whole := esc(s, 10_000); textOf(whole).Text != clean(s) && unescaper.Replace(whole) != clean(s) {
			t.Fatalf("%q reads as %q", s, textOf(whole).Text)
		}
	})
}

func TestClean(t *testing.T) {
	for raw, want := range map[string]string{
		"two\nlines\tand\r\ntab":        "two lines and  tab",
		"esc\x1b[31mape\x07\u009b1m":    "esc[31mape1m",
		"back\u202ewards\u2066 \u2069x": "backwards x",
		"broken\xff":                    "broken\ufffd",
		"fence ``` here":                "fence `\u200b`\u200b` here",
		"one `tick`":                    "one `tick`",
		" kept: ZWJ 👩‍👧 ":               "kept: ZWJ 👩‍👧",
	} {
		if got := clean(raw); got != want {
			t.Errorf("%q became %q, want %q", raw, got, want)
		}
	}
}

func TestLinks(t *testing.T) {
	for _, c := range []struct{ address, label, want string }{
		{"https://a.example/x?a=1&b=2", "L", "<https://a.example/x?a=1&amp;b=2|L>"},
		{"http://a.example", "", "<http://a.example>"},
		{"HTTPS://a.example", "L", "<https://a.example|L>"},
		{"https://a.example/x|y>z<^", "L", "<https://a.example/x%7Cy%3Ez%3C%5E|L>"},
		{"javascript:alert(1)", "L", "L"},
		{"mailto:a@b.example", "L", "L"},
		{"https://", "L", "L"},
		{"https://slack.com@evil.example/", "L", "L"},
		{"/events/x", "L", "L"},
		{"", "L", "L"},
		{"https://a.example/\n", "L", "L"},
		{"https://a.example/" + strings.Repeat("x", maxURL), "L", "L"},
	} {
		if got := link(c.address, c.label); got != c.want {
			t.Errorf("link(%q) = %q, want %q", c.address, got, c.want)
		}
	}
}

func TestMentions(t *testing.T) {
	for who, want := range map[string]string{
		"@here": "<!here>", "@channel": "<!channel>", "U0ALICE": "<@U0ALICE>", "W0ALICE": "<@W0ALICE>",
		"S0DESK": "<!subteam^S0DESK>", "@everyone": "@everyone", "<!channel>": "&lt;!channel&gt;",
		"U0x>": "U0x&gt;", "": "",
	} {
		if got := mention(who); got != want {
			t.Errorf("mention(%q) = %q, want %q", who, got, want)
		}
	}
}

func TestText_MarksOfPeople(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{bold("a", 10), "*a*"}, {struck("a", 10), "~a~"}, {bold("  ", 10), ""}, {bold("<b>", 20), "*&lt;b&gt;*"},
		{esc("in us_china.yaml and snake_case_words", 99), "in us_china.yaml and snake_case_words"},
		{bold("a*b", 10), "plain a*b"}, {bold("a`b`", 10), "plain a`b`"}, {struck("~a~", 10), "plain ~a~"},
		{esc("_x_ *y* & <z>", 99), "plain _x_ *y* & <z>"},
		{"• *" + link("https://a.example", esc("The *big* one", 99)) + "* — " + esc("a_b", 9), "plain • The *big* one (https://a.example) — a_b"},
		{esc("\ue02ano\ue02a", 99), "no"},
	} {
		got := textOf(c.line)
		if got.Type == "plain_text" {
			got.Text = "plain " + got.Text
		}
		if got.Text != c.want {
			t.Errorf("got %q, want %q", got.Text, c.want)
		}
	}
}
