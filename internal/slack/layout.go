package slack

import (
	"fmt"
	"strings"

	slackgo "github.com/slack-go/slack"

	"attache/internal/prose"
)

// Limits of a message, each some five per cent below Slack's own. Text is
// counted after escaping.
const (
	maxHeader  = 142  // of 150
	maxSection = 2850 // of 3000
	maxBlocks  = 40   // of 50: more is a wall that nobody reads
	maxWeight  = 9500 // all text, and the blocks themselves; Slack refuses somewhere above 11,000
	perBlock   = 150  // what a block weighs besides its text
)

// A layout is a message being laid out from above to below within the limits.
// Its footer is known first, so that there is room for it at the end.
type layout struct {
	blocks  []slackgo.Block
	footer  []string // mrkdwn, the elements of the context block
	left    int      // of maxWeight
	dropped int      // lines that no longer fitted
	bare    int      // lines at the end without what can be said to them
	rows    bool     // each line of a digest has what can be said to it
	key     string   // of the message
}

// moreRoom is kept for saying how many lines were dropped, and noButtons where buttons were.
const moreRoom = 20

const noButtons = "No buttons fit on the last %d: `/attache show ID` has them"

func newLayout(headline string, footer []string) *layout {
	l := &layout{footer: footer, left: maxWeight - perBlock - moreRoom - len(noButtons)}
	for _, f := range footer {
		l.left -= escapedSize(f)
	}
	l.put(slackgo.NewHeaderBlock(slackgo.NewTextBlockObject(slackgo.PlainTextType, headline, false, false)), headline)
	return l
}

// put adds a block with its text, which fits.
func (l *layout) put(b slackgo.Block, text string) {
	l.blocks = append(l.blocks, b)
	l.left -= perBlock + escapedSize(text)
}

// section adds lines of mrkdwn, each shorter than a section, as one section, or
// several where they are long or people's marks stand in some. Lines after one that does
// not fit are dropped, so that what is shown is the beginning.
func (l *layout) section(lines ...string) {
	var text string
	for i, line := range lines {
		joined := strings.TrimPrefix(text+"\n"+line, "\n")
		if text != "" && (escapedSize(joined) > maxSection || isLiteral(text) != isLiteral(line)) {
			l.put(section(text), text)
			text, joined = "", line
		}
		if l.left < perBlock+escapedSize(joined) || len(l.blocks) > maxBlocks-2 {
			l.dropped += len(lines) - i
			break
		}
		text = joined
	}
	if text != "" {
		l.put(section(text), text)
	}
}

// maxElements is how many lines of small print stand in one block; Slack takes ten.
const maxElements = 9

// small adds lines of mrkdwn in small print, each an element of a context block.
// Those after one that does not fit are dropped.
func (l *layout) small(lines ...string) {
	var elements []slackgo.MixedElement
	weight := perBlock
	for i, line := range lines {
		weight += escapedSize(line)
		if l.left < weight || len(l.blocks) > maxBlocks-2 || len(elements) == maxElements {
			l.dropped += len(lines) - i
			break
		}
		elements = append(elements, textOf(line))
	}
	if len(elements) > 0 {
		l.blocks = append(l.blocks, slackgo.NewContextBlock("", elements...))
		l.left -= weight
	}
}

// finish adds the footer, which links to where the rest is.
func (l *layout) finish() []slackgo.Block {
	footer := l.footer
	if l.dropped > 0 {
		footer = append([]string{fmt.Sprintf("+%d more", l.dropped)}, footer...)
	}
	if l.bare > 0 {
		footer = append([]string{fmt.Sprintf(noButtons, l.bare)}, footer...)
	}
	if len(footer) == 0 {
		return l.blocks
	}
	var elements []slackgo.MixedElement
	for _, f := range footer {
		elements = append(elements, textOf(f))
	}
	return append(l.blocks, slackgo.NewContextBlock("", elements...))
}

// clone returns a layout that can be tried further without changing l.
func (l *layout) clone() *layout {
	c := *l
	c.blocks = append([]slackgo.Block(nil), l.blocks...)
	return &c
}

func section(text string) *slackgo.SectionBlock {
	return slackgo.NewSectionBlock(textOf(text), nil, nil)
}

// isLiteral reports whether people's marks stand in text.
func isLiteral(text string) bool {
	_, ok := literal(text)
	return ok
}

// textOf makes a text object of mrkdwn: of plain text where marks of people stand in it,
// which would format it.
func textOf(text string) *slackgo.TextBlockObject {
	if plain, ok := literal(text); ok {
		off := false
		return &slackgo.TextBlockObject{Type: slackgo.PlainTextType, Text: plain, Emoji: &off}
	}
	return mrkdwn(text)
}

// mrkdwn makes a verbatim text object: tokens work, and nothing else becomes a
// link or a mention.
func mrkdwn(text string) *slackgo.TextBlockObject {
	return slackgo.NewTextBlockObject(slackgo.MarkdownType, text, false, true)
}

// escapedSize returns the size of text that is escaped already.
func escapedSize(text string) int { return prose.Measure(prose.UTF16).Size(text) }
