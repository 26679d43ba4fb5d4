package slack

import (
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"

	"attache/internal/notice"
	"attache/internal/prose"
)

// How long the parts of a message may be, in UTF-16 code units after escaping
// where not said otherwise. A line made of them fits a section.
const (
	maxMentions     = 800 // bytes
	maxDate         = 200
	maxDateLink     = 400 // bytes
	maxFacts        = 800
	maxMoveField    = 60
	maxMoveValue    = 600
	maxSentence     = 2800
	maxQuote        = 1200
	maxQuoteSource  = 300
	maxWhy          = 1200
	maxLineTitle    = 200
	maxLate         = 300
	maxFallback     = 950 // bytes of 1000: an edit of a message takes less text than the post did
	maxFallbackHead = 400 // bytes of the headline in it
	maxFallbackCall = 300 // bytes of the mentions in it
	maxFallbackLine = 250 // bytes of a digest's line in it
	maxPlain        = 2850
	maxPlainLine    = 900
)

// nameless is the headline of a message that has none, since Slack refuses an
// empty header.
const nameless = "Notice"

// Blocks lays p out as Block Kit, and returns the text for notifications, screen
// readers and clients that show no blocks, which is complete in itself. A plain
// post has no blocks; its text is all there is. Nothing that Blocks gives goes
// over a limit of Slack's: what is too long is cut and what does not fit is
// counted.
//
// From above to below: the headline; a line with whom it calls on, the date and how
// sure it is; a line with what, where and between whom; the window; what changed; a
// digest's lines; sentences; and in small print why, quotes with their sources, what
// changed last, what was said first, how late it is and a link to the page.
func Blocks(p notice.Post) (blocks []slackgo.Block, fallback string) {
	m := p.Message
	if m.Headline = clean(m.Headline); m.Headline == "" {
		m.Headline = nameless
	}
	if p.Plain {
		return nil, plainText(m)
	}
	l := newLayout(prose.Measure(prose.UTF16).Cut(m.Headline, maxHeader), footer(m))
	l.section(opening(m)...)
	l.rows = p.Buttons
	l.key = p.Key
	l = l.digest(m.Lines)
	l.section(sentences(append(slices.Clip(m.Text), toDo(m, p.Buttons)))...)
	if p.Buttons {
		l.buttons(about{Event: m.Event, Revision: m.Revision, Key: p.Key}, m.Answers)
	}
	l.small(background(m)...)
	return l.finish(), fallbackText(m)
}

// opening returns the lines below the headline: mentions, date and facts in one, what
// it is in the next, then the window and what changed.
func opening(m notice.Message) []string {
	var lines []string
	if prose.Measure(prose.UTF16).Size(m.Headline) > maxHeader {
		lines = append(lines, esc(m.Headline, maxSentence))
	}
	parts := append(date(m), esc(strings.Join(m.Facts, " · "), maxFacts))
	first := mentions(m.Mentions, maxMentions) + " " + join(" · ", parts...)
	if first = strings.TrimSpace(first); first != "" {
		lines = append([]string{first}, lines...)
	}
	for _, line := range []string{esc(strings.Join(m.Where, " · "), maxFacts), esc(m.Window, maxFacts)} {
		if line != "" {
			lines = append(lines, line)
		}
	}
	for _, v := range m.Moves {
		lines = append(lines, move(v))
	}
	return lines
}

// date returns the date in bold. An instant is shown by the reader's own clock
// first, and then as it was stated; a date without a time of day is the same
// day for everybody and is never a <!date> token, which would show another day
// to readers west of its zone.
func date(m notice.Message) []string {
	if m.At.Unix() <= 0 || m.At.IsZero() {
		return []string{bold(m.Date, maxDate)}
	}
	return []string{"*" + instant(m.At, m.Link) + "*", esc(m.Date, maxDate)}
}

// instant returns the token that shows t by the reader's clock, with a fallback
// that names day and zone.
func instant(t time.Time, address string) string {
	at := ""
	if to := target(address); to != "" && len(to) <= maxDateLink {
		at = "^" + to
	}
	return "<!date^" + strconv.FormatInt(t.Unix(), 10) + "^{date_short_pretty} at {time}" + at +
		"|" + t.UTC().Format("2006-01-02 15:04 UTC") + ">"
}

// move returns what changed: "date: ~old~ → *new*".
func move(v notice.Move) string {
	field, now := esc(v.Field, maxMoveField), bold(v.New, maxMoveValue)
	if now == "" {
		now = "none"
	}
	if old := struck(v.Old, maxMoveValue); old != "" {
		now = old + " → " + now
	}
	return join(": ", field, now)
}

// sentences returns each line of each text.
func sentences(text []string) []string {
	var lines []string
	for _, t := range text {
		for line := range strings.SplitSeq(t, "\n") {
			if line = esc(line, maxSentence); line != "" {
				lines = append(lines, line)
			}
		}
	}
	return lines
}

// background returns why the date is where it is, who said so, and what changed last.
func background(m notice.Message) []string {
	var lines []string
	if why := esc(strings.Join(m.Why, "; "), maxWhy); why != "" {
		lines = append(lines, "Because: "+why)
	}
	if m.Handled != "" {
		lines = append(lines, esc(m.Handled, maxFacts))
	}
	lines = append(lines, quotes(m.Quotes)...)
	if changed := esc(m.Changed, maxWhy); changed != "" {
		lines = append(lines, "Last change: "+changed)
	}
	if told := esc(m.Told, maxSentence); told != "" {
		lines = append(lines, "As first told: "+told)
	}
	return lines
}

// quotes returns each quote with its source.
func quotes(list []notice.Quote) []string {
	var lines []string
	for _, q := range list {
		words := esc(q.Words, maxQuote)
		if words == "" {
			continue
		}
		source := link(q.URL, esc(q.Source, maxQuoteSource))
		lines = append(lines, join(" — ", "“"+words+"”", source))
	}
	return lines
}

// footer returns what stands in small print.
func footer(m notice.Message) []string {
	var out []string
	if late := esc(m.Late, maxLate); late != "" {
		out = append(out, late)
	}
	if target(m.Link) != "" {
		out = append(out, link(m.Link, "Open"))
	}
	return out
}

// digest adds the lines of a digest. Every title should be there: where room is
// short the notes go first, then what can be said to the last lines, and what still does
// not fit is counted.
func (l *layout) digest(list []notice.Line) *layout {
	rows := 0 // of the list, which have what can be said to them
	if l.rows && slices.ContainsFunc(list, func(n notice.Line) bool { return len(n.Answers) > 0 }) {
		rows = len(list)
	}
	var try *layout
	for _, note := range []int{300, 100, 0} {
		for _, beside := range []bool{false, true} {
			if try = l.with(list, rows, note, beside); try.dropped == 0 {
				return try
			}
		}
	}
	fewer := sort.Search(rows, func(n int) bool { return l.with(list, rows-n, 0, true).dropped == 0 })
	try = l.with(list, rows-fewer, 0, true)
	try.bare = fewer
	return try
}

// with returns l with the lines of a digest, of which the first rows have what can be said to
// them below them or in a menu beside them.
func (l *layout) with(list []notice.Line, rows, note int, beside bool) *layout {
	try := l.clone()
	for i, n := range list[:rows] {
		try.row(n, note, beside, list[:i])
	}
	try.lines(list[rows:], note)
	return try
}

// lines adds each line as a section, or as few to a section as the limits allow.
func (l *layout) lines(list []notice.Line, note int) {
	if len(list) == 0 {
		return
	}
	all, weight := make([]string, len(list)), 0
	group := ""
	for i, n := range list {
		all[i] = line(n.Typed(), note)
		if n.Group != group {
			group, all[i] = n.Group, esc(n.Group, maxLineTitle)+"\n"+all[i]
		}
		weight += 1 + escapedSize(all[i])
	}
	sections := max(1, min(maxBlocks-2-len(l.blocks), (l.left-weight)/perBlock))
	per := (len(all) + sections - 1) / sections
	for len(all) > 0 {
		n := min(per, len(all))
		if l.dropped > 0 {
			l.dropped += n
		} else {
			l.section(all[:n]...)
		}
		all = all[n:]
	}
}

// line returns one line of a digest, with a note of at most that length.
func line(n notice.Line, note int) string {
	words := esc(n.Title, maxLineTitle)
	if words == "" {
		words = nameless
	}
	return "• " + join(" — ", "*"+link(n.Link, words)+"*", join(" · ", esc(n.Date, maxDate), esc(n.Note, note)))
}

// fallbackText returns the message in one line of mrkdwn: of a digest as many
// lines as there is room for, and how many more there are.
func fallbackText(m notice.Message) string {
	fit := prose.Measure(escapedBytes)
	call, lines := mentions(m.Mentions, maxFallbackCall), m.Lines
	m.Headline, m.Lines = fit.Cut(m.Headline, maxFallbackHead), nil
	room := maxFallback - len(call) - 1
	text := fit.Cut(clean(m.Summary()), room)
	for i, n := range lines {
		more := " · " + fit.Cut(clean(join(", ", n.Title, join(" · ", n.Date, n.Note))), maxFallbackLine)
		if fit.Size(text+more) > room-moreRoom {
			text += fmt.Sprintf(" · +%d more", len(lines)-i)
			break
		}
		text += more
	}
	return join(" ", call, escaper.Replace(text))
}

// plainText returns the whole message as lines that hold no markup but mentions
// and addresses.
func plainText(m notice.Message) string {
	text, dropped := mentions(m.Mentions, maxFallbackCall), 0
	for _, line := range plainLines(m) {
		switch {
		case line == "":
		case dropped > 0 || len(text)+1+len(line) > maxPlain-moreRoom:
			dropped++
		default:
			text = join("\n", text, line)
		}
	}
	if dropped > 0 {
		text += fmt.Sprintf("\n+%d more", dropped)
	}
	return text
}

func plainLines(m notice.Message) []string {
	lines := []string{plain(m.Headline), plain(join(" · ", m.Date, strings.Join(m.Facts, " · "))),
		plain(strings.Join(m.Where, " · ")), plain(m.Window)}
	for _, v := range m.Moves {
		lines = append(lines, plain(v.String()))
	}
	group := ""
	for _, n := range m.Lines {
		if n.Group != group {
			group = n.Group
			lines = append(lines, plain(n.Group))
		}
		n = n.Typed()
		lines = append(lines, plain("• "+join(" — ", n.Title, join(" · ", n.Date, n.Note))))
	}
	for _, t := range append(slices.Clip(m.Text), m.Do) {
		lines = append(lines, plain(t))
	}
	for _, q := range m.Quotes {
		if clean(q.Words) == "" {
			continue
		}
		lines = append(lines, join(" ", plain(join(" — ", "“"+q.Words+"”", q.Source)), link(q.URL, "")))
	}
	if m.Changed != "" {
		lines = append(lines, plain("Last change: "+m.Changed))
	}
	if m.Told != "" {
		lines = append(lines, plain("As first told: "+m.Told))
	}
	return append(lines, plain(m.Late), link(m.Link, ""))
}

// plain returns s as a line of plain text.
func plain(s string) string {
	return escaper.Replace(prose.Measure(escapedBytes).Cut(clean(s), maxPlainLine))
}

// join joins those parts that are not empty.
func join(between string, parts ...string) string {
	var some []string
	for _, p := range parts {
		if p != "" {
			some = append(some, p)
		}
	}
	return strings.Join(some, between)
}
