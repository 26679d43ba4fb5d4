package slack

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	slackgo "github.com/slack-go/slack"
	"pgregory.net/rapid"

	"attache/internal/notice"
	"attache/internal/prose"
	"attache/internal/slack/slacktest"
)

type failer interface {
	Helper()
	Fatalf(string, ...any)
}

var (
	wellFormed = regexp.MustCompile(`<(!here|!channel|@[UW][A-Z0-9]+|!subteam\^S[A-Z0-9]+|!date\^\d+\^[^<>|]+\|[^<>|]+|https?://[^<>| ]+(\|[^<>\n]+)?)>`)
	entity     = regexp.MustCompile(`&(amp|lt|gt);`)
)

// inert fails unless s is whole entities, whole UTF-8 and no markup in angles.
func inert(t failer, s string) {
	t.Helper()
	if !utf8.ValidString(s) {
		t.Fatalf("not valid UTF-8: %q", s)
	}
	if strings.ContainsAny(entity.ReplaceAllString(s, ""), "<>&") {
		t.Fatalf("a bare or broken & < >: %q", s)
	}
}

// sound fails unless all markup in mrkdwn is one of our tokens, whole.
func sound(t failer, text string) {
	t.Helper()
	for line := range strings.SplitSeq(text, "\n") {
		inert(t, wellFormed.ReplaceAllString(strings.TrimPrefix(line, "> "), ""))
	}
}

// within fails unless p keeps to the limits and is sound.
func within(t failer, p notice.Post) {
	t.Helper()
	blocks, text := Blocks(p)
	sound(t, text)
	most := 1000
	if p.Plain {
		most = 3000
	}
	if text == "" || len(text) > most {
		t.Fatalf("the text is %d bytes long", len(text))
	}
	if len(blocks) > maxBlocks {
		t.Fatalf("%d blocks", len(blocks))
	}
	weight := 0
	add := func(o *slackgo.TextBlockObject, limit int) {
		n := prose.Measure(prose.UTF16).Size(o.Text)
		if n == 0 || n > limit {
			t.Fatalf("a text of %d, the limit is %d: %q", n, limit, o.Text)
		}
		weight += n
		if o.Type == slackgo.MarkdownType {
			sound(t, o.Text)
		}
	}
	for _, b := range blocks {
		weight += perBlock
		switch b := b.(type) {
		case *slackgo.HeaderBlock:
			add(b.Text, maxHeader)
		case *slackgo.SectionBlock:
			add(b.Text, maxSection)
		case *slackgo.ContextBlock:
			for _, e := range b.ContextElements.Elements {
				add(e.(*slackgo.TextBlockObject), maxSection)
			}
		default:
			t.Fatalf("a block of another type: %T", b)
		}
	}
	if weight > maxWeight {
		t.Fatalf("the blocks weigh %d", weight)
	}
}

func repeated(t *rapid.T, label string) string {
	s := anyText().Draw(t, label)
	return strings.Repeat(s, rapid.SampledFrom([]int{1, 1, 3, 60}).Draw(t, label+" times"))
}

func anyPost() *rapid.Generator[notice.Post] {
	address := rapid.SampledFrom([]string{"", "https://a.example/x?a&b", "javascript:x", "https://a.example/" + strings.Repeat("y", 900)})
	count := rapid.SampledFrom([]int{0, 1, 2, 7, 45})
	return rapid.Custom(func(t *rapid.T) notice.Post {
		texts := func(label string) []string {
			return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string { return repeated(t, label) }), 0, count.Draw(t, label+" count")).Draw(t, label)
		}
		m := notice.Message{
			Headline: repeated(t, "headline"), Date: repeated(t, "date"), Facts: texts("facts"), Text: texts("text"),
			Where: texts("where"), Window: repeated(t, "window"), Why: texts("why"), Changed: repeated(t, "changed"),
			Late: repeated(t, "late"), Link: address.Draw(t, "link"),
			Mentions: rapid.SliceOfN(rapid.SampledFrom([]string{"@here", "U0ALICE", "S0DESK", "<!channel>", "bob"}), 0, 60).Draw(t, "mentions"),
		}
		if rapid.Bool().Draw(t, "timed") {
			m.At = time.Unix(rapid.Int64Range(-10, 4e9).Draw(t, "at"), 0).UTC()
		}
		for range count.Draw(t, "moves") {
			m.Moves = append(m.Moves, notice.Move{Field: "date", Old: repeated(t, "old"), New: repeated(t, "new")})
		}
		for range count.Draw(t, "quotes") {
			m.Quotes = append(m.Quotes, notice.Quote{Words: repeated(t, "words"), Source: repeated(t, "source"), URL: address.Draw(t, "url")})
		}
		for range count.Draw(t, "lines") {
			m.Lines = append(m.Lines, notice.Line{Title: repeated(t, "title"), Date: "Sat 1 Nov 2025", Note: repeated(t, "note"), Link: address.Draw(t, "line link")})
		}
		return notice.Post{Key: "k", Channel: slacktest.General, Message: m, Plain: rapid.Bool().Draw(t, "plain")}
	})
}

func TestBlocks_AnyMessageKeepsToTheLimits(t *testing.T) {
	s := slacktest.New()
	defer s.Close()
	c := connect(t, s, Config{})
	rapid.Check(t, func(rt *rapid.T) {
		p := anyPost().Draw(rt, "post")
		within(rt, p)
		if _, err := c.Post(t.Context(), p); err != nil {
			rt.Fatalf("refused: %v", err)
		}
		if rapid.Bool().Draw(rt, "console") {
			out := string((&Console{}).draw(p, time.Unix(0, 0)))
			if strings.ContainsAny(out, "\x1b\x07\r") || !utf8.ValidString(out) {
				rt.Fatalf("not fit for a terminal: %q", out)
			}
		}
	})
}

func FuzzBlocks(f *testing.F) {
	f.Add("Tomorrow: tariffs", "Sat 1 Nov 2025", "https://a.example/x|y>z", "A & B <!channel> <@U0ALICE> <http://x|y> *_~`", int64(1762923660), false)
	f.Add(strings.Repeat("é", 400), "", "", strings.Repeat("&<>👩‍👧\n", 3000), int64(0), true)
	f.Add("\x1b[31m", "\xff\xfe", "httPs://a#B", "```", int64(-1), false)
	f.Fuzz(func(t *testing.T, headline, date, address, text string, at int64, plain bool) {
		m := notice.Message{
			Headline: headline, Date: date, Facts: []string{text, date}, Text: []string{text}, Late: date, Link: address,
			Where: []string{date, text}, Window: text, Why: []string{text, headline}, Changed: text,
			Moves:    []notice.Move{{Field: date, Old: text, New: headline}},
			Quotes:   []notice.Quote{{Words: text, Source: headline, URL: address}},
			Lines:    []notice.Line{{Title: text, Date: date, Note: headline, Link: address}},
			Mentions: []string{"@here", text}, At: time.Unix(at%4e9, 0).UTC(),
		}
		p := notice.Post{Key: "k", Channel: slacktest.General, Message: m, Plain: plain}
		within(t, p)
		payloadJSON(t, p)
		out := (&Console{}).draw(p, time.Unix(0, 0))
		if strings.Contains(string(out), "\x1b") {
			t.Errorf("an escape code on the console: %q", out)
		}
	})
}

const hostile = "A & B <!channel> <@U0ALICE> <http://x|y> *_~`"

func TestBlocks_MarkupInATitle(t *testing.T) {
	s := slacktest.New()
	defer s.Close()
	c := connect(t, s, Config{})
	for i, p := range []notice.Post{
		post(notice.Message{Headline: hostile, Date: hostile, Facts: []string{hostile}, Text: []string{hostile}, Late: hostile}),
		post(notice.Message{Headline: "3 notices", Lines: []notice.Line{{Title: hostile, Date: "today"}}}),
		post(notice.Message{Headline: "x", Moves: []notice.Move{{Field: "title", Old: hostile, New: hostile}}, Quotes: []notice.Quote{{Words: hostile, Source: hostile}}}),
		{Message: notice.Message{Headline: hostile}, Plain: true},
	} {
		p.Channel, p.Key = slacktest.General, fmt.Sprint("key", i)
		if _, err := c.Post(t.Context(), p); err != nil {
			t.Fatal(err)
		}
		m := s.Find(p.Key)[0]
		if len(m.Mentions) > 0 || len(m.Links) > 0 {
			t.Errorf("mentions %q, links %q", m.Mentions, m.Links)
		}
		if !strings.Contains(m.Shown(), hostile) {
			t.Errorf("the title is not shown as it is:\n%s", m.Shown())
		}
		if strings.Contains(m.Text, "<") {
			t.Errorf("the text has markup: %q", m.Text)
		}
	}
}

func TestBlocks_LongTitleStandsWholeBelow(t *testing.T) {
	title := strings.Repeat("tariffs ", 37) + "end"
	blocks, text := Blocks(post(notice.Message{Headline: title, Date: "Sat 1 Nov 2025"}))
	if !strings.Contains(asJSON(t, blocks[1:]), title) || !strings.Contains(text, title) {
		t.Error("the whole title is nowhere")
	}
}

func TestBlocks_OnlyInstantsUseTheReadersClock(t *testing.T) {
	for name, m := range messages(t) {
		blocks, text := Blocks(post(m))
		token := strings.Contains(asJSON(t, blocks), "<!date^")
		if token != !m.At.IsZero() {
			t.Errorf("%s: a date token: %v", name, token)
		}
		if strings.Contains(text, "<!date") {
			t.Errorf("%s: a date token in the fallback text", name)
		}
	}
}

func TestBlocks_DigestOfForty(t *testing.T) {
	var lines []notice.Line
	for i := range 40 {
		lines = append(lines, notice.Line{
			Title: fmt.Sprintf("Event %02d with a title of the usual length, some sixty letters", i),
			Date:  "some day from 1 Jan to 16 Feb 2026", Note: strings.Repeat("a note ", 30), Link: site + "/events/e",
		})
	}
	p := post(notice.Message{Headline: "40 notices", Lines: lines, Mentions: []string{"@here"}})
	within(t, p)
	blocks, text := Blocks(p)
	shown := asJSON(t, blocks)
	for i := range 40 {
		if !strings.Contains(shown, fmt.Sprintf("Event %02d ", i)) {
			t.Errorf("event %d is missing", i)
		}
	}
	if !strings.Contains(text, "more") {
		t.Errorf("the fallback text does not say that there is more: %q", text)
	}
}

func TestBlocks_WhatDoesNotFitIsCounted(t *testing.T) {
	long := notice.Line{Title: strings.Repeat("t", 190), Date: "today", Link: "https://a.example/" + strings.Repeat("x", 300)}
	p := post(notice.Message{Headline: "60 notices", Lines: slices.Repeat([]notice.Line{long}, 60), Link: site})
	within(t, p)
	blocks, _ := Blocks(p)
	shown := asJSON(t, blocks)
	var more int
	i := strings.LastIndex(shown, `"+`)
	if _, err := fmt.Sscanf(shown[i:], `"+%d more"`, &more); err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(shown, "• ") + more; got != 60 {
		t.Errorf("%d shown or counted", got)
	}
	if !strings.Contains(shown[i:], site) {
		t.Error("the rest is not linked to")
	}
}

func TestBlocks_MessageOfNothing(t *testing.T) {
	for _, plain := range []bool{false, true} {
		within(t, notice.Post{Plain: plain})
		if _, text := Blocks(notice.Post{Plain: plain}); text != nameless {
			t.Errorf("got %q", text)
		}
	}
}

func asJSON(t *testing.T, blocks []slackgo.Block) string {
	t.Helper()
	b, err := json.Marshal(blocks)
	if err != nil {
		t.Fatal(err)
	}
	return string(readable(b))
}

// connect returns a client of a workspace in process.
func connect(t testing.TB, s *slacktest.Server, c Config) *Slack {
	t.Helper()
	c.Token, c.APIURL, c.HTTPClient = slacktest.Token, s.URL(), &http.Client{Transport: s.RoundTripper()}
	got, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestBlocks_MarksOfPeopleAreShown(t *testing.T) {
	const marked = "a *bold* _move_ ~not~ `code`"
	m := notice.Message{
		Headline: "Moved: " + marked, Date: "Mon 2 Feb 2026", Where: []string{"meeting", marked}, Text: []string{"Why: " + marked, "No mark"},
		Moves:  []notice.Move{{Field: "title", Old: "*old*", New: marked}},
		Quotes: []notice.Quote{{Words: marked, Source: marked, URL: "https://paper.example/1"}},
		Lines:  []notice.Line{{Title: marked, Date: "Tue 3 Feb 2026", Note: marked, Link: "https://a.example"}},
	}
	blocks, _ := Blocks(notice.Post{Message: m})
	text, err := json.Marshal(blocks)
	if err != nil {
		t.Fatal(err)
	}
	var list []struct {
		Text     struct{ Type, Text string }
		Elements []struct{ Type, Text string }
	}
	if err := json.Unmarshal(text, &list); err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, b := range list {
		for _, o := range append(b.Elements, b.Text) {
			if strings.Contains(o.Text, "move") {
				seen += strings.Count(o.Text, marked)
				if o.Type != "plain_text" {
					t.Errorf("as %s: %s", o.Type, o.Text)
				}
			}
			if strings.ContainsFunc(o.Text, put) {
				t.Errorf("a mark is left aside: %q", o.Text)
			}
		}
	}
	if seen != 8 {
		t.Errorf("seen %d times in %s", seen, text)
	}
}
