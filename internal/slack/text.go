package slack

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"attache/internal/prose"
)

// escaped counts UTF-16 code units after escaping. Slack's limits are in
// characters; whichever way it counts those, it counts no more than this.
func escaped(r rune) int {
	switch r {
	case '&':
		return len("&amp;")
	case '<', '>':
		return len("&lt;")
	}
	return prose.UTF16(r)
}

// escapedBytes counts bytes of UTF-8 after escaping.
func escapedBytes(r rune) int {
	if r < utf8.RuneSelf {
		return escaped(r)
	}
	return utf8.RuneLen(r)
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
	case unicode.IsControl(r), prose.Turns(r):
		return -1
	}
	return r
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// esc returns s as mrkdwn that reads as s, within limit.
func esc(s string, limit int) string {
	return escaper.Replace(prose.Measure(escaped).Cut(clean(s), limit))
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
