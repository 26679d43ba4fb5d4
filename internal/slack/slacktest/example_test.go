package slacktest_test

import (
	"fmt"
	"net/http"

	"attache/internal/slack/slacktest"

	"github.com/slack-go/slack"
)

// An answer is lost after the message was stored; the client looks it up by
// its metadata instead of posting again.
func Example() {
	s := slacktest.New() // Start() for real sockets
	defer s.Close()
	s.SetChannel(slacktest.Channel{ID: "C0TRADE", Name: "trade-desk", Member: true})
	s.FailNext("chat.postMessage", slacktest.Fault{Answer: slacktest.Drop()})

	c := slack.New(slacktest.Token, slack.OptionAPIURL(s.URL()),
		slack.OptionHTTPClient(&http.Client{Transport: s.RoundTripper()}))
	_, _, err := c.PostMessage("C0TRADE", slack.MsgOptionText("Tariff pause ends", false),
		slack.MsgOptionMetadata(slack.SlackMetadata{EventType: "attache_alert", EventPayload: map[string]any{"k": "K7"}}))
	page, _ := c.GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: "C0TRADE", IncludeAllMetadata: true})

	fmt.Println("lost:", err != nil)
	fmt.Println("found:", page.Messages[0].Metadata.EventPayload["k"], page.Messages[0].Timestamp == s.Find("K7")[0].TS)
	fmt.Println("copies:", s.Copies("K7"), "calls:", len(s.Calls("chat.postMessage")))
	// Output:
	// lost: true
	// found: K7 true
	// copies: 1 calls: 1
}
