package slacktest_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"attache/internal/slack/slacktest"

	"github.com/slack-go/slack"
)

// send posts blocks as raw JSON and returns Slack's error string, "" for ok,
// and the messages that came with it.
func send(t *testing.T, s *slacktest.Server, blocks string) (code string, messages []string) {
	t.Helper()
	c := http.Client{Transport: s.RoundTripper()}
	resp, err := c.PostForm(s.URL()+"chat.postMessage", url.Values{
		"token": {slacktest.Token}, "channel": {slacktest.General}, "text": {"x"}, "blocks": {blocks},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var answer struct {
		Error            string
		ResponseMetadata struct{ Messages []string } `json:"response_metadata"`
	}
	b, _ := io.ReadAll(resp.Body)
	if err := json.Unmarshal(b, &answer); err != nil {
		t.Fatalf("%s: %v", b, err)
	}
	return answer.Error, answer.ResponseMetadata.Messages
}

// repeat joins n copies of a JSON value.
func repeat(n int, one string) string {
	var all []string
	for range n {
		all = append(all, one)
	}
	return "[" + strings.Join(all, ",") + "]"
}

func TestBlocks_Limits(t *testing.T) {
	a := func(n int) string { return strings.Repeat("é", n) }
	mrkdwn := func(n int) string { return `{"type":"mrkdwn","text":"` + a(n) + `"}` }
	word := func(n int) string { return `{"type":"plain_text","text":"` + a(n) + `"}` }
	section := func(n int) string { return `{"type":"section","text":` + mrkdwn(n) + `}` }
	context := func(count int) string { return `[{"type":"context","elements":` + repeat(count, mrkdwn(1)) + `}]` }
	tests := []struct {
		name, blocks string
		want         string // error string
		pointer      string // in one of the messages
	}{
		{"50 blocks", repeat(50, section(1)), "", ""},
		{"51 blocks", repeat(51, section(1)), "invalid_blocks", "no more than 50 items allowed [json-pointer:/blocks]"},
		{"section of 3000", "[" + section(3000) + "]", "", ""},
		{"section of 3001", "[" + section(3001) + "]", "invalid_blocks", "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"},
		{"empty section", "[" + section(0) + "]", "invalid_blocks", "/blocks/0/text/text"},
		{"section of nothing", `[{"type":"section"}]`, "invalid_blocks", "/blocks/0"},
		{"header of 150", `[{"type":"header","text":` + word(150) + `}]`, "", ""},
		{"header of 151", `[{"type":"header","text":` + word(151) + `}]`, "invalid_blocks", "must be less than 151 characters"},
		{"header in mrkdwn", `[{"type":"header","text":` + mrkdwn(5) + `}]`, "invalid_blocks", "/blocks/0/text/type"},
		{"context of 10", context(10), "", ""},
		{"context of 11", context(11), "invalid_blocks", "/blocks/0/elements"},
		{"context of none", context(0), "invalid_blocks", "/blocks/0/elements"},
		{"unknown block", `[{"type":"poem"}]`, "invalid_blocks", "unsupported type: poem"},
		{"legal blocks of 13,300 together", repeat(5, section(2660)), "msg_blocks_too_long", ""},
		{"legal blocks of 12,500 together", repeat(5, section(2500)), "", ""},
		{"no JSON", `[{"type":`, "invalid_blocks_format", ""},
		{"no list", section(1), "invalid_blocks_format", ""},
	}
	s := slacktest.New()
	defer s.Close()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			code, messages := send(t, s, tt.blocks)
			if code != tt.want {
				t.Errorf("error %q, want %q: %v", code, tt.want, messages)
			}
			if !strings.Contains(strings.Join(messages, "\n"), tt.pointer) {
				t.Errorf("messages %q lack %q", messages, tt.pointer)
			}
		})
	}
}

func TestBlocks_InvalidOnesHaveReasons(t *testing.T) {
	s, c := start(t)
	ts := post(t, c, slacktest.General, text("x"), keyed("K"))
	long := slack.MsgOptionBlocks(section(strings.Repeat("x", 3001)))
	_, _, postErr := c.PostMessage(slacktest.General, text("x"), long)
	_, _, _, updateErr := c.UpdateMessage(slacktest.General, ts, text("y"), long)
	for _, err := range []error{postErr, updateErr} {
		var refused slack.SlackErrorResponse
		if !errors.As(err, &refused) || refused.Err != "invalid_blocks" || len(refused.Errors) != 2 ||
			!strings.HasPrefix(refused.ResponseMetadata.Messages[0], "[ERROR] failed to match") {
			t.Errorf("error is %#v", err)
		}
	}
	if s.Find("K")[0].Text != "x" {
		t.Error("a refused update changed the message")
	}
}

func TestMessage_MentionsAndLinks(t *testing.T) {
	tests := []struct {
		name     string
		options  []slack.MsgOption
		mentions []string
		links    []string
		shown    string
	}{
		{"in text", []slack.MsgOption{text("<!channel> <@U0ALICE|alice> <!subteam^S1> <!here>")},
			[]string{"<!channel>", "<@U0ALICE>", "<!subteam^S1>", "<!here>"}, nil, "@channel alice @subteam^S1 @here"},
		{"in a block", []slack.MsgOption{text("quiet"), slack.MsgOptionBlocks(section("hello <@U1> <https://example.org/a|there>"))},
			[]string{"<@U1>"}, []string{"https://example.org/a"}, "hello @U1 there"},
		{"escaped", []slack.MsgOption{slack.MsgOptionText("A & B <!channel> <@U0ALICE> <http://x|y> *_~`", true)},
			nil, nil, "A & B <!channel> <@U0ALICE> <http://x|y> *_~`"},
		{"in plain text", []slack.MsgOption{text("quiet"), slack.MsgOptionBlocks(slack.NewHeaderBlock(slack.NewTextBlockObject("plain_text", "<!channel> & co", false, false)))},
			nil, nil, "<!channel> & co"},
		{"a date", []slack.MsgOption{text("until <!date^1760000000^{date} at {time}|2025-10-09 08:53 UTC>")},
			nil, nil, "until 2025-10-09 08:53 UTC"},
		{"names that are not linked", []slack.MsgOption{text("@here and @channel")}, nil, nil, "@here and @channel"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := slacktest.New()
			defer s.Close()
			post(t, inProcess(s), slacktest.General, tt.options...)
			m := s.Messages("general")[0]
			if !slices.Equal(m.Mentions, tt.mentions) || !slices.Equal(m.Links, tt.links) || m.Shown() != tt.shown {
				t.Errorf("mentions %q, links %q, shown %q", m.Mentions, m.Links, m.Shown())
			}
		})
	}
}

func TestUpdate_ForgetsOldMentions(t *testing.T) {
	s, c := start(t)
	ts := post(t, c, slacktest.General, text("<!here>"))
	if _, _, _, err := c.UpdateMessage(slacktest.General, ts, text("calm")); err != nil {
		t.Fatal(err)
	}
	if got := s.Messages("general")[0].Mentions; got != nil {
		t.Errorf("mentions %v", got)
	}
}

func TestMessage_Shown(t *testing.T) {
	s := slacktest.New()
	defer s.Close()
	code, messages := send(t, s, `[
		{"type":"header","text":{"type":"plain_text","text":"Deadline"}},
		{"type":"section","text":{"type":"mrkdwn","text":"a &lt; b <@U1>"}},
		{"type":"section","text":{"type":"plain_text","text":"c &lt; d <@U2>"}},
		{"type":"context","elements":[{"type":"mrkdwn","text":"<https://example.org|source>"},{"type":"mrkdwn","text":"<!subteam^S1|desk> <!here>"}]}
	]`)
	if code != "" {
		t.Fatal(code, messages)
	}
	m := s.Messages("general")[0]
	if want := "Deadline\na < b @U1\nc &lt; d <@U2>\nsource\ndesk @here"; m.Shown() != want {
		t.Errorf("shown %q, want %q", m.Shown(), want)
	}
	if want := []string{"<@U1>", "<!subteam^S1>", "<!here>"}; !slices.Equal(m.Mentions, want) {
		t.Errorf("mentions %q", m.Mentions)
	}
	if want := []string{"https://example.org"}; !slices.Equal(m.Links, want) {
		t.Errorf("links %q", m.Links)
	}
}
