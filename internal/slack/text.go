package slack

import (
	"net/url"
	"regexp"
	"slices"
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
	case put(r):
		return -1
	case r == '\n' || r == '\t' || r == '\r' || r == '\u0085' || r == '\u2028' || r == '\u2029':
		return ' '
	case unicode.IsControl(r), prose.Turns(r):
		return -1
	}
	return r
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// esc returns s as mrkdwn that reads as s, within limit. Marks of people are written so
// that they are told from ours: a line that holds one is not shown as mrkdwn, see literal.
func esc(s string, limit int) string {
	return escaper.Replace(setAside(prose.Measure(escaped).Cut(clean(s), limit)))
}

// Slack has no escape for the marks that format text. In what people wrote they stand as
// characters for private use until it is known whether a line holds any.
const aside = '\ue000'

// marks are the characters that format text in mrkdwn.
const marks = "*_~`"

// setAside returns s with every mark that could format it put aside. Between letters an
// underscore never does.
func setAside(s string) string {
	in := []rune(s)
	letter := func(i int) bool {
		return i >= 0 && i < len(in) && (unicode.IsLetter(in[i]) || unicode.IsDigit(in[i]))
	}
	out := slices.Clone(in)
	for i, r := range in {
		if strings.ContainsRune(marks, r) && !(r == '_' && letter(i-1) && letter(i+1)) {
			out[i] = aside + r
		}
	}
	return string(out)
}

// put reports whether r is a mark that was put aside.
func put(r rune) bool { return r > aside && r < aside+utf8.RuneSelf }

// literal returns line as the plain text that it reads as, and false where it is as well
// shown as mrkdwn, since it holds no mark but ours.
func literal(line string) (text string, ok bool) {
	if !strings.ContainsFunc(line, put) {
		return line, false
	}
	return shown(strings.Map(func(r rune) rune {
		switch {
		case put(r):
			return r - aside
		case r == '*' || r == '~': // ours
			return -1
		}
		return r
	}, line)), true
}

// bold returns s as bold mrkdwn.
func bold(s string, limit int) string { return marked("*", s, limit) }

// struck returns s struck through.
func struck(s string, limit int) string { return marked("~", s, limit) }

func marked(mark, s string, limit int) string {
	if s = esc(s, limit); s == "" {
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
