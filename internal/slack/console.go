package slack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"sync"
	"time"

	"attache/internal/notice"

	slackgo "github.com/slack-go/slack"
)

// Console shows on a terminal what Slack would show in a channel. It takes the
// place of Slack where there is no account.
type Console struct {
	mu    sync.Mutex
	w     io.Writer
	color bool
	now   func() time.Time
}

// NewConsole returns a console that writes to w: the headline in bold and small
// print dimmed if color is set, no escape codes at all if not. now is the clock.
func NewConsole(w io.Writer, color bool, now func() time.Time) *Console {
	return &Console{w: w, color: color, now: now}
}

// Post writes p, in one piece. The receipt's channel ID is the channel as
// configured, its time the console's. An error is a *notice.SendError.
func (c *Console) Post(ctx context.Context, p notice.Post) (notice.Receipt, error) {
	now := c.now().UTC()
	if err := ctx.Err(); err != nil {
		return notice.Receipt{}, &notice.SendError{Result: notice.NotSent, At: now, Err: fmt.Errorf("console: %w", err)}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	n, err := c.w.Write(c.draw(p, now))
	if err != nil {
		result := notice.NotSent
		if n > 0 {
			result = notice.InDoubt
		}
		return notice.Receipt{}, &notice.SendError{Result: result, At: now, Err: fmt.Errorf("console: %w", err)}
	}
	return notice.Receipt{Key: p.Key, ChannelID: p.Channel, TS: stamp(now), At: now}, nil
}

// Find returns an Unreadable error: what was written to a console can't be read
// back.
func (c *Console) Find(context.Context, notice.Search) ([]notice.Receipt, error) {
	return nil, &notice.SendError{Result: notice.Unreadable, Err: errors.New("a console can't be read back")}
}

// Delete returns a Refused error: what was written to a console stays there.
func (c *Console) Delete(context.Context, string, string) error {
	return &notice.SendError{Result: notice.Refused, Err: errors.New("a line on a console can't be taken back")}
}

// draw returns p as text: a line with channel and time, then the blocks.
func (c *Console) draw(p notice.Post, now time.Time) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "── %s  %s\n", safe(p.Channel), now.Format("Mon 2 Jan 2006, 15:04 UTC"))
	blocks, text := Blocks(p)
	if blocks == nil {
		b.WriteString(shown(text) + "\n")
	}
	for _, block := range blocks {
		switch block := block.(type) {
		case *slackgo.HeaderBlock:
			c.styled(&b, "\x1b[1m", safe(block.Text.Text))
		case *slackgo.SectionBlock:
			b.WriteString(seen(block.Text) + "\n")
		case *slackgo.ContextBlock:
			c.styled(&b, "\x1b[2m", contextLine(block))
		}
	}
	b.WriteByte('\n')
	return b.Bytes()
}

func (c *Console) styled(b *bytes.Buffer, style, text string) {
	if c.color {
		text = style + text + "\x1b[0m"
	}
	b.WriteString(text + "\n")
}

func contextLine(block *slackgo.ContextBlock) string {
	var parts []string
	for _, e := range block.ContextElements.Elements {
		if t, ok := e.(*slackgo.TextBlockObject); ok {
			parts = append(parts, seen(t))
		}
	}
	return strings.Join(parts, " · ")
}

// seen returns a text object as it reads.
func seen(t *slackgo.TextBlockObject) string {
	if t.Type == slackgo.PlainTextType {
		return safe(t.Text)
	}
	return shown(t.Text)
}

var (
	markup    = regexp.MustCompile(`<([^<>]+)>(\*?)`) // a token, and the end of bold behind it
	unescaper = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")
)

// shown returns mrkdwn as it reads: a link as its words and address, a date as its
// fallback, a mention by its name or ID. The marks of bold and strike stay.
func shown(text string) string {
	text = markup.ReplaceAllStringFunc(text, shownToken)
	lines := strings.Split(unescaper.Replace(text), "\n")
	for i := range lines {
		lines[i] = safe(lines[i])
	}
	return strings.Join(lines, "\n")
}

func shownToken(t string) string {
	t, star := strings.CutSuffix(t, "*")
	end := ""
	if star {
		end = "*"
	}
	to, label, labelled := strings.Cut(t[1:len(t)-1], "|")
	switch {
	case strings.HasPrefix(to, "!date^"):
		return label + end
	case strings.HasPrefix(to, "!"):
		return "@" + strings.TrimPrefix(to[1:], "subteam^") + end
	case strings.HasPrefix(to, "@"):
		return to + end
	case labelled: // the address stands behind the words and is not bold
		return label + end + " (" + to + ")"
	}
	return to + end
}

// safe returns one line that can do nothing to a terminal but be shown.
func safe(line string) string {
	return strings.Map(tame, strings.ToValidUTF8(line, "\ufffd"))
}
