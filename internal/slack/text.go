package slack

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// A measure says how much of a limit one character uses up.
type measure func(rune) int

// escaped counts UTF-16 code units after escaping. Slack's limits are in
// characters; whichever way it counts those, it counts no more than this.
func escaped(r rune) int {
	switch r {
	case '&':
		return len("&amp;")
	case '<', '>':
		return len("&lt;")
	}
	return units(r)
}

// units counts UTF-16 code units.
func units(r rune) int { return max(1, utf16.RuneLen(r)) }

// escapedBytes counts bytes of UTF-8 after escaping.
func escapedBytes(r rune) int {
	if r < utf8.RuneSelf {
		return escaped(r)
	}
	return utf8.RuneLen(r)
}

// size returns how much of a limit s uses up.
func (m measure) size(s string) int {
	n := 0
	for _, r := range s {
		n += m(r)
	}
	return n
}

const ellipsis = "…"

// cut shortens s to limit, an ellipsis included, between two characters as a
// reader sees them: no accent leaves its letter, no emoji is split.
func (m measure) cut(s string, limit int) string {
	if m.size(s) <= limit {
		return s
	}
	room := limit - m.size(ellipsis)
	if room < 0 {
		return ""
	}
	used, end, anywhere := 0, 0, 0
	for i, r := range s {
		if used > room {
			break
		}
		anywhere = i
		if joint(s, i) {
			end = i
		}
		used += m(r)
	}
	if end == 0 { // one character that is longer than the limit
		end = anywhere
	}
	return strings.TrimRight(s[:end], " ") + ellipsis
}

const (
	zeroWidthJoiner = '\u200d'
	firstFlagLetter = '\U0001f1e6'
	lastFlagLetter  = '\U0001f1ff'
)

// joint reports whether s may be cut before the byte i, which begins a code point.
// It knows the rules of Unicode's grapheme clusters (UAX #29) for marks, emoji
// sequences, flags and conjoining Hangul.
func joint(s string, i int) bool {
	if i == 0 {
		return true
	}
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	after, _ := utf8.DecodeRuneInString(s[i:])
	switch {
	case before == zeroWidthJoiner, extends(after):
		return false
	case flagLetter(before) && flagLetter(after):
		return flagLetters(s[:i])%2 == 0
	}
	return true
}

// extends reports whether r belongs to the character before it.
func extends(r rune) bool {
	return r == zeroWidthJoiner || unicode.Is(unicode.M, r) ||
		r >= '\U0001f3fb' && r <= '\U0001f3ff' || // skin tones
		r >= '\U000e0020' && r <= '\U000e007f' || // tags of regional flags
		r >= '\u1160' && r <= '\u11ff' || r >= '\ud7b0' && r <= '\ud7ff' // Hangul vowels and finals
}

func flagLetter(r rune) bool { return r >= firstFlagLetter && r <= lastFlagLetter }

// flagLetters counts the flag letters at the end of s.
func flagLetters(s string) int {
	n := 0
	for {
		r, size := utf8.DecodeLastRuneInString(s)
		if !flagLetter(r) {
			return n
		}
		n++
		s = s[:len(s)-size]
	}
}

// clean makes one line of text from elsewhere: valid UTF-8 with no control
// characters, none that turn the writing direction of what follows, and no
// code fences.
func clean(s string) string {
	s = strings.Map(tame, strings.ToValidUTF8(s, "\ufffd"))
	return strings.TrimSpace(strings.ReplaceAll(s, "```", "`\u200b`\u200b`"))
}

func tame(r rune) rune {
	switch {
	case r == '\n' || r == '\t' || r == '\r' || r == '\u0085' || r == '\u2028' || r == '\u2029':
		return ' '
	case unicode.IsControl(r), r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
		return -1
	}
	return r
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// esc returns s as mrkdwn that reads as s, within limit.
func esc(s string, limit int) string {
	return escaper.Replace(measure(escaped).cut(clean(s), limit))
}

// bold returns s as bold mrkdwn; plain where it holds a mark that would end it.
func bold(s string, limit int) string { return marked("*", s, limit) }

// struck returns s struck through; plain where it holds a mark that would end it.
func struck(s string, limit int) string { return marked("~", s, limit) }

func marked(mark, s string, limit int) string {
	s = esc(s, limit)
	if s == "" || strings.ContainsAny(s, mark+"`") {
		return s
	}
	return mark + s + mark
}

// maxURL is how long an address may be. Slack allows more in a button, and says
// nothing of links in text.
const maxURL = 1000

var inURL = strings.NewReplacer("|", "%7C", ">", "%3E", "<", "%3C", "^", "%5E", " ", "%20", "&", "&amp;")

// target returns an address as it may stand in a token, and "" for one that is
// not to be linked: only http and https, with a host and no name of a user
// before it, which could pass for a host.
func target(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return ""
	}
	t := u.Scheme + inURL.Replace(clean(address[len(u.Scheme):]))
	if len(t) > maxURL {
		return ""
	}
	return t
}

// link returns label, which is mrkdwn already, as a link to address; label alone
// where that cannot be linked.
func link(address, label string) string {
	t := target(address)
	switch {
	case t == "":
		return label
	case label == "":
		return "<" + t + ">"
	}
	return "<" + t + "|" + label + ">"
}

var (
	userID  = regexp.MustCompile(`^[UW][A-Z0-9]{2,20}$`)
	groupID = regexp.MustCompile(`^S[A-Z0-9]{2,20}$`)
)

// mention returns the token that calls on who: @here, @channel, or the ID of a
// person or a group. Anything else is text and calls on nobody.
func mention(who string) string {
	switch {
	case who == "@here" || who == "@channel":
		return "<!" + who[1:] + ">"
	case userID.MatchString(who):
		return "<@" + who + ">"
	case groupID.MatchString(who):
		return "<!subteam^" + who + ">"
	}
	return esc(who, 80)
}

// mentions returns the tokens of all of who that fit in limit bytes.
func mentions(who []string, limit int) string {
	var b strings.Builder
	for _, w := range who {
		if m := mention(w); m != "" && b.Len()+len(m) < limit {
			b.WriteString(m + " ")
		}
	}
	return strings.TrimRight(b.String(), " ")
}
