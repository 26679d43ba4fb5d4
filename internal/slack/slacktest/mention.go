package slacktest

import (
	"regexp"
	"slices"
	"strings"
)

// token matches what Slack treats as more than text: <!here>, <@U1|name>,
// <https://x|y>, <!date^…>. Written &lt; it is text.
var token = regexp.MustCompile(`<([^<>]+)>`)

// scan finds the mentions and links of a message. In plain_text there are none.
func (m *message) scan() {
	m.Mentions, m.Links = nil, nil
	m.scanText(m.Text)
	for _, b := range m.blocks {
		for _, t := range b.texts() {
			if t.Type == "mrkdwn" {
				m.scanText(t.Text)
			}
		}
	}
}

func (m *message) scanText(text string) {
	for _, hit := range token.FindAllStringSubmatch(text, -1) {
		target, _, _ := strings.Cut(hit[1], "|")
		switch {
		case strings.HasPrefix(target, "@"), strings.HasPrefix(target, "!subteam^"),
			slices.Contains([]string{"!channel", "!here", "!everyone"}, target):
			m.Mentions = withOne(m.Mentions, "<"+target+">")
		case strings.Contains(target, "://"), strings.HasPrefix(target, "mailto:"):
			m.Links = withOne(m.Links, target)
		}
	}
}

// withOne returns list with s in it once.
func withOne(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// Shown returns the words that stand in the channel: those of the blocks where
// there are any, else the text. Blocks and elements are lines; entities are undone, a
// link is its label and a date its fallback.
func (m Message) Shown() string {
	if len(m.blocks) == 0 {
		return plain(m.Text)
	}
	var lines []string
	for _, b := range m.blocks {
		for _, t := range b.texts() {
			if t.Type == "mrkdwn" {
				t.Text = plain(t.Text)
			}
			lines = append(lines, t.Text)
		}
		if b.Label != nil {
			lines = append(lines, b.Label.Text+":")
		}
		if b.Hint != nil {
			lines = append(lines, b.Hint.Text)
		}
		var press []string
		for _, e := range b.actors() {
			press = append(press, e.shown())
		}
		if len(press) > 0 {
			lines = append(lines, strings.Join(press, " "))
		}
	}
	return strings.Join(lines, "\n")
}

// shown is what can be pressed, in brackets: a button, the options of a menu, and of a field
// what it begins with.
func (e element) shown() string {
	var words []string
	if t := e.words(); t != nil {
		words = append(words, t.Text)
	}
	for _, o := range e.Options {
		words = append(words, o.Text.Text)
	}
	if e.Type == "plain_text_input" || e.Type == "datepicker" {
		words = append(words, e.InitialText+e.InitialDate)
	}
	return "[" + strings.Join(words, " | ") + "]"
}

var unescape = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

// plain turns mrkdwn into the words a reader sees; *, _, ~ and ` stay.
func plain(text string) string {
	text = token.ReplaceAllStringFunc(text, func(t string) string {
		target, label, ok := strings.Cut(t[1:len(t)-1], "|")
		switch {
		case ok:
			return label
		case strings.HasPrefix(target, "!"):
			return "@" + target[1:]
		}
		return target
	})
	return unescape.Replace(text)
}
