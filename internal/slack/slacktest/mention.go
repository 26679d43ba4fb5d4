package slacktest

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

// token matches what Slack treats as more than text: <!here>, <@U1|name>,
// <https://x|y>, <!date^…>. Written &lt; it is text.
var token = regexp.MustCompile(`<([^<>]+)>`)

// named matches the names that link_names and parse=full turn into mentions.
var named = regexp.MustCompile(`(?:^|[\s(])@(here|channel|everyone)\b`)

// scan finds the mentions and links of a message. With names, @here and the
// like in the text are mentions too.
func (m *message) scan(names bool) {
	m.Mentions, m.Links = nil, nil
	m.scanText(m.Text)
	if names {
		for _, hit := range named.FindAllStringSubmatch(m.Text, -1) {
			m.mention("<!" + hit[1] + ">")
		}
	}
	var blocks any
	if json.Unmarshal(m.Blocks, &blocks) == nil {
		m.scanTree(blocks)
	}
}

// scanTree looks through blocks at whatever depth; plain_text is only text.
func (m *message) scanTree(node any) {
	switch node := node.(type) {
	case []any:
		for _, child := range node {
			m.scanTree(child)
		}
	case map[string]any:
		m.scanElement(node)
		for _, child := range node {
			m.scanTree(child)
		}
	}
}

func (m *message) scanElement(node map[string]any) {
	field := func(name string) string {
		s, _ := node[name].(string)
		return s
	}
	switch field("type") {
	case "mrkdwn", "markdown":
		m.scanText(field("text"))
	case "user":
		m.mention("<@" + field("user_id") + ">")
	case "usergroup":
		m.mention("<!subteam^" + field("usergroup_id") + ">")
	case "broadcast":
		m.mention("<!" + field("range") + ">")
	case "link", "button":
		m.link(field("url"))
	}
}

func (m *message) scanText(text string) {
	for _, hit := range token.FindAllStringSubmatch(text, -1) {
		target, _, _ := strings.Cut(hit[1], "|")
		switch {
		case strings.HasPrefix(target, "@"), strings.HasPrefix(target, "!subteam^"),
			slices.Contains([]string{"!channel", "!here", "!everyone"}, target):
			m.mention("<" + target + ">")
		case strings.Contains(target, "://"), strings.HasPrefix(target, "mailto:"):
			m.link(target)
		}
	}
}

func (m *message) mention(token string) {
	if !slices.Contains(m.Mentions, token) {
		m.Mentions = append(m.Mentions, token)
	}
}

func (m *message) link(target string) {
	if target != "" && !slices.Contains(m.Links, target) {
		m.Links = append(m.Links, target)
	}
}

// Shown returns the words that stand in the channel: those of the blocks where
// there are any, else the text. Blocks, fields and elements are lines;
// entities are undone, a link is its label and a date its fallback.
func (m Message) Shown() string {
	var blocks []block
	if json.Unmarshal(m.Blocks, &blocks) != nil || len(blocks) == 0 {
		return plain(m.Text)
	}
	var lines []string
	for _, b := range blocks {
		lines = append(lines, b.lines()...)
	}
	return strings.Join(lines, "\n")
}

// lines returns the words of a block.
func (b block) lines() []string {
	var lines []string
	add := func(raw json.RawMessage) {
		var t textObject
		switch {
		case json.Unmarshal(raw, &t.Text) == nil: // a markdown block
			lines = append(lines, plain(t.Text))
		case json.Unmarshal(raw, &t) != nil || t.Text == "":
		case t.Type == "mrkdwn":
			lines = append(lines, plain(t.Text))
		default:
			lines = append(lines, t.Text)
		}
	}
	add(b.Text)
	for _, f := range b.Fields {
		add(f)
	}
	for _, raw := range b.Elements {
		var e block
		if json.Unmarshal(raw, &e) == nil && e.Type == "button" {
			raw = e.Text
		}
		add(raw)
	}
	return lines
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
