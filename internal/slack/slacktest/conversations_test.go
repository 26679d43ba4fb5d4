package slacktest_test

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"attache/internal/slack/slacktest"

	"github.com/slack-go/slack"
)

type historyOf = slack.GetConversationHistoryParameters
type repliesOf = slack.GetConversationRepliesParameters

// texts reads all pages of a history.
func texts(t *testing.T, c *slack.Client, p historyOf) []string {
	t.Helper()
	var all []string
	for {
		page, err := c.GetConversationHistory(&p)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range page.Messages {
			all = append(all, m.Text)
		}
		if page.HasMore != (page.ResponseMetaData.NextCursor != "") {
			t.Fatalf("has_more %v with cursor %q", page.HasMore, page.ResponseMetaData.NextCursor)
		}
		if p.Cursor = page.ResponseMetaData.NextCursor; p.Cursor == "" {
			return all
		}
	}
}

func TestHistory_InPages(t *testing.T) {
	s := slacktest.New()
	defer s.Close()
	c := inProcess(s)
	var stamps, want []string
	for i := range 250 {
		stamps = append(stamps, s.Say("general", "U1", fmt.Sprint(i)))
		want = append(want, fmt.Sprint(249-i))
	}
	for _, limit := range []int{0, 1, 7, 250, 999} {
		if got := texts(t, c, historyOf{ChannelID: slacktest.General, Limit: limit}); !slices.Equal(got, want) {
			t.Errorf("limit %d: %d messages", limit, len(got))
		}
	}
	got := texts(t, c, historyOf{ChannelID: slacktest.General, Oldest: stamps[246], Limit: 2})
	if !slices.Equal(got, []string{"249", "248", "247"}) {
		t.Errorf("after a stamp: %v", got)
	}
	got = texts(t, c, historyOf{ChannelID: slacktest.General, Oldest: stamps[247], Inclusive: true})
	if !slices.Equal(got, []string{"249", "248", "247"}) {
		t.Errorf("from a stamp on: %v", got)
	}
}

func TestHistory_Refused(t *testing.T) {
	s, c := start(t)
	s.SetChannel(slacktest.Channel{ID: "C0OTHER", Name: "other"})
	tests := []struct {
		name string
		ask  historyOf
		want string
	}{
		{"channel by name", historyOf{ChannelID: "#general"}, "channel_not_found"},
		{"not a member", historyOf{ChannelID: "C0OTHER"}, "not_in_channel"},
		{"bad oldest", historyOf{ChannelID: slacktest.General, Oldest: "today"}, "invalid_ts_oldest"},
		{"bad fraction", historyOf{ChannelID: slacktest.General, Oldest: "1.0000001"}, "invalid_ts_oldest"},
		{"bad cursor", historyOf{ChannelID: slacktest.General, Cursor: "x"}, "invalid_cursor"},
		{"too many", historyOf{ChannelID: slacktest.General, Limit: 1000}, "invalid_limit"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := c.GetConversationHistory(&tt.ask)
			wantErr(t, err, tt.want)
		})
	}
}

func TestHistory_Metadata(t *testing.T) {
	_, c := start(t)
	post(t, c, slacktest.General, text("x"), keyed("K"))
	for _, all := range []bool{false, true} {
		page, err := c.GetConversationHistory(&historyOf{ChannelID: slacktest.General, IncludeAllMetadata: all})
		if err != nil {
			t.Fatal(err)
		}
		m := page.Messages[0]
		if k, ok := m.Metadata.EventPayload["k"]; m.Metadata.EventType != "attache_alert" || ok != all || all && k != "K" {
			t.Errorf("all %v: metadata %+v", all, m.Metadata)
		}
		if m.BotID != slacktest.BotID {
			t.Errorf("own message cannot be known: %+v", m.Msg)
		}
	}
}

func TestReplies_InTheThreadAlone(t *testing.T) {
	_, c := start(t)
	root := post(t, c, slacktest.General, text("root"))
	for i := range 5 {
		post(t, c, slacktest.General, text(fmt.Sprint(i)), slack.MsgOptionTS(root))
	}
	post(t, c, slacktest.General, text("loud"), slack.MsgOptionTS(root), slack.MsgOptionBroadcast())
	if got := texts(t, c, historyOf{ChannelID: slacktest.General}); !slices.Equal(got, []string{"loud", "root"}) {
		t.Errorf("history shows %v", got)
	}
	var got []string
	p := repliesOf{ChannelID: slacktest.General, Timestamp: root, Limit: 2}
	for more := true; more; {
		var page []slack.Message
		var err error
		if page, more, p.Cursor, err = c.GetConversationReplies(&p); err != nil {
			t.Fatal(err)
		}
		for _, m := range page {
			got = append(got, m.Text)
		}
	}
	if !slices.Equal(got, []string{"root", "0", "1", "2", "3", "4", "loud"}) {
		t.Errorf("replies are %v", got)
	}
	_, _, _, err := c.GetConversationReplies(&repliesOf{ChannelID: slacktest.General, Timestamp: "1.000001"})
	wantErr(t, err, "thread_not_found")
}

func TestReplies_DeletedParent(t *testing.T) {
	s, c := start(t)
	root := post(t, c, slacktest.General, text("root"), keyed("K"))
	post(t, c, slacktest.General, text("reply"), slack.MsgOptionTS(root))
	s.Remove("general", root)
	page, err := c.GetConversationHistory(&historyOf{ChannelID: slacktest.General, IncludeAllMetadata: true})
	if err != nil || len(page.Messages) != 1 || page.Messages[0].SubType != "tombstone" || page.Messages[0].Metadata.EventType != "" {
		t.Errorf("history: %+v %v", page, err)
	}
	replies, _, _, err := c.GetConversationReplies(&repliesOf{ChannelID: slacktest.General, Timestamp: root})
	if err != nil || len(replies) != 2 {
		t.Fatalf("replies: %+v %v", replies, err)
	}
	s.Remove("general", replies[1].Timestamp)
	if got := texts(t, c, historyOf{ChannelID: slacktest.General}); len(got) != 0 {
		t.Errorf("with its last reply gone a tombstone stays: %v", got)
	}
}

func TestHistory_Lag(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := slacktest.New()
		defer s.Close()
		s.SetLag(5 * time.Second)
		c := inProcess(s)
		ts := post(t, c, slacktest.General, text("x"), keyed("K"))
		if s.Copies("K") != 1 || len(texts(t, c, historyOf{ChannelID: slacktest.General})) != 0 {
			t.Error("a message is not ahead of history")
		}
		_, _, _, err := c.GetConversationReplies(&repliesOf{ChannelID: slacktest.General, Timestamp: ts})
		wantErr(t, err, "thread_not_found")
		time.Sleep(5 * time.Second)
		if len(texts(t, c, historyOf{ChannelID: slacktest.General})) != 1 {
			t.Error("history never caught up")
		}
	})
}

func TestChannels_InfoAndList(t *testing.T) {
	s, c := start(t)
	s.SetChannel(slacktest.Channel{ID: "G0OURS", Name: "ours", Private: true, Member: true})
	s.SetChannel(slacktest.Channel{ID: "G0THEIRS", Name: "theirs", Private: true})
	s.SetChannel(slacktest.Channel{ID: "C0OLD", Name: "old", Archived: true})
	ch, err := c.GetConversationInfo(&slack.GetConversationInfoInput{ChannelID: "C0OLD"})
	if err != nil || ch.Name != "old" || !ch.IsArchived || ch.IsMember {
		t.Errorf("info: %+v %v", ch, err)
	}
	_, err = c.GetConversationInfo(&slack.GetConversationInfoInput{ChannelID: "G0THEIRS"})
	wantErr(t, err, "channel_not_found")

	list := func(p slack.GetConversationsParameters) (names []string) {
		for {
			channels, cursor, err := c.GetConversations(&p)
			if err != nil {
				t.Fatal(err)
			}
			for _, ch := range channels {
				names = append(names, ch.Name)
			}
			if p.Cursor = cursor; cursor == "" {
				return names
			}
		}
	}
	both := []string{"public_channel", "private_channel"}
	if got := list(slack.GetConversationsParameters{Types: both, Limit: 1}); !slices.Equal(got, []string{"general", "ours", "old"}) {
		t.Errorf("all channels: %v", got)
	}
	if got := list(slack.GetConversationsParameters{}); !slices.Equal(got, []string{"general", "old"}) {
		t.Errorf("public channels: %v", got)
	}
}

func TestChannels_Renamed(t *testing.T) {
	s, c := start(t)
	post(t, c, "general", text("x"), keyed("K"))
	s.SetChannel(slacktest.Channel{ID: slacktest.General, Name: "lobby", Member: true})
	_, _, err := c.PostMessage("general", text("y"))
	wantErr(t, err, "channel_not_found")
	if len(s.Messages("lobby")) != 1 {
		t.Error("messages were lost")
	}
}
