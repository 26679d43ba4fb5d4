package slacktest_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"attache/internal/slack/slacktest"

	"github.com/slack-go/slack"
)

// section is a block with mrkdwn text.
func section(text string) slack.Block {
	return slack.NewSectionBlock(slack.NewTextBlockObject("mrkdwn", text, false, false), nil, nil)
}

func TestPost_StoredAsItWasSent(t *testing.T) {
	s, c := start(t)
	channel, ts, m, err := c.PostMessageWithResponse("#general", text("fallback"), slack.MsgOptionBlocks(section("*Deadline*")), keyed("K"))
	if err != nil || channel != slacktest.General || ts == "" || m.Timestamp != ts || m.BotID != slacktest.BotID {
		t.Fatalf("answer: %s %s %+v %v", channel, ts, m.Msg, err)
	}
	got := s.Messages(slacktest.General)
	if len(got) != 1 {
		t.Fatalf("%d messages", len(got))
	}
	if g := got[0]; g.TS != ts || g.Text != "fallback" || g.Shown() != "*Deadline*" || g.Metadata.Key() != "K" ||
		g.User != slacktest.UserID || g.AppID != slacktest.AppID || g.ThreadTS != "" {
		t.Errorf("stored: %+v", g)
	}
}

func TestPost_TwiceIsTwoMessages(t *testing.T) {
	s, c := start(t)
	one := post(t, c, slacktest.General, text("x"), keyed("K"))
	two := post(t, c, slacktest.General, text("x"), keyed("K"))
	if s.Copies("K") != 2 || one >= two {
		t.Errorf("%d copies, ts %s and %s", s.Copies("K"), one, two)
	}
}

func TestStamp_IncreasesThoughTheClockIsSkewed(t *testing.T) {
	for _, skew := range []time.Duration{time.Hour, -time.Hour} {
		s, c := start(t)
		s.SetSkew(skew)
		stamps := []string{}
		for range 20 {
			stamps = append(stamps, post(t, c, slacktest.General, text("x")))
		}
		if !slices.IsSorted(stamps) || len(slices.Compact(stamps)) != 20 {
			t.Errorf("stamps %v", stamps)
		}
		who, err := c.AuthTest()
		if err != nil {
			t.Fatal(err)
		}
		date, err := time.Parse(time.RFC1123, who.Header.Get("Date"))
		if off := s.Now().Sub(date); err != nil || off < 0 || off > 2*time.Minute {
			t.Errorf("Date is %v, the server's clock %v (%v)", date, s.Now(), err)
		}
		if off := time.Until(date) - skew; off.Abs() > 2*time.Minute {
			t.Errorf("Date is %v off the skew of %v", off, skew)
		}
	}
}

func TestPost_Refused(t *testing.T) {
	s, c := start(t)
	s.SetChannel(slacktest.Channel{ID: "C0OTHER", Name: "other"})
	s.SetChannel(slacktest.Channel{ID: "C0OLD", Name: "old", Member: true, Archived: true})
	s.SetChannel(slacktest.Channel{ID: "G0SECRET", Name: "secret", Private: true})
	reply := post(t, c, slacktest.General, text("reply"), slack.MsgOptionTS(post(t, c, slacktest.General, text("root"))))
	tests := []struct {
		name, channel string
		options       []slack.MsgOption
		want          string
	}{
		{"to an unknown channel", "C0NONE", []slack.MsgOption{text("x")}, "channel_not_found"},
		{"to a private channel of others", "G0SECRET", []slack.MsgOption{text("x")}, "channel_not_found"},
		{"to a channel of others", "#other", []slack.MsgOption{text("x")}, "not_in_channel"},
		{"to an archived channel", "old", []slack.MsgOption{text("x")}, "is_archived"},
		{"with nothing in it", slacktest.General, nil, "no_text"},
		{"with no blocks and no text", slacktest.General, []slack.MsgOption{slack.MsgOptionBlocks()}, "no_text"},
		{"in answer to a reply", slacktest.General, []slack.MsgOption{text("x"), slack.MsgOptionTS(reply)}, "cannot_reply_to_message"},
		{"with empty metadata", slacktest.General, []slack.MsgOption{text("x"), slack.MsgOptionMetadata(slack.SlackMetadata{})}, "invalid_metadata_schema"},
		{"with huge metadata", slacktest.General, []slack.MsgOption{text("x"), keyed(strings.Repeat("k", 17_000))}, "metadata_too_large"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, ts, err := c.PostMessage(tt.channel, tt.options...)
			wantErr(t, err, tt.want)
			if ts != "" {
				t.Errorf("a refused post has ts %s", ts)
			}
		})
	}
}

func TestPost_WiderScope(t *testing.T) {
	s, _ := start(t)
	s.SetChannel(slacktest.Channel{ID: "C0OTHER", Name: "other"})
	s.Install(slacktest.App{Token: "xoxb-wide", Scopes: []string{"chat:write", "chat:write.public", "channels:history"}})
	c := clientOf(s, "xoxb-wide")
	post(t, c, "other", text("x"))
	_, err := c.GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: "C0OTHER"})
	wantErr(t, err, "not_in_channel")
}

func TestUpdate_WithoutBlocks(t *testing.T) {
	s, c := start(t)
	ts := post(t, c, slacktest.General, text("old"), slack.MsgOptionBlocks(section("old")), keyed("K"))
	if _, _, _, err := c.UpdateMessage(slacktest.General, ts, text("new"), slack.MsgOptionBlocks(section("new"))); err != nil {
		t.Fatal(err)
	}
	if m := s.Find("K")[0]; m.Shown() != "new" || m.Updates != 1 {
		t.Errorf("after an update with blocks: %+v", m)
	}
	if _, _, _, err := c.UpdateMessage(slacktest.General, ts, text("newer")); err != nil {
		t.Fatal(err)
	}
	if m := s.Find("K")[0]; m.Blocks != nil || m.Shown() != "newer" || m.TS != ts {
		t.Errorf("after an update without blocks: %+v", m)
	}
	if _, _, _, err := c.UpdateMessage(slacktest.General, ts, text("newest"), keyed("K2")); err != nil {
		t.Fatal(err)
	}
	if s.Copies("K") != 0 || s.Copies("K2") != 1 {
		t.Error("an update did not replace the metadata that it gave")
	}
}

func TestUpdate_Refused(t *testing.T) {
	s, c := start(t)
	s.SetChannel(slacktest.Channel{ID: "C0OLD", Name: "old", Member: true})
	own, foreign := post(t, c, slacktest.General, text("x")), s.Say("general", "U1", "hello")
	frozen := post(t, c, "C0OLD", text("x"))
	s.SetChannel(slacktest.Channel{ID: "C0OLD", Name: "old", Member: true, Archived: true})
	tests := []struct {
		name, channel, ts, text, want string
	}{
		{"channel by name", "#general", own, "y", "channel_not_found"},
		{"unknown ts", slacktest.General, "1.000001", "y", "message_not_found"},
		{"somebody else's message", slacktest.General, foreign, "y", "cant_update_message"},
		{"archived channel", "C0OLD", frozen, "y", "is_inactive"},
		{"text of more than 4000 bytes", slacktest.General, own, strings.Repeat("é", 2001), "msg_too_long"},
		{"nothing", slacktest.General, own, "", "no_text"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, _, _, err := c.UpdateMessage(tt.channel, tt.ts, text(tt.text))
			wantErr(t, err, tt.want)
		})
	}
}

func TestDelete(t *testing.T) {
	s, c := start(t)
	ts := post(t, c, slacktest.General, text("x"), keyed("K"))
	foreign := s.Say("general", "U1", "hello")
	_, _, err := c.DeleteMessage(slacktest.General, foreign)
	wantErr(t, err, "cant_delete_message")
	_, _, err = c.DeleteMessage("general", ts)
	wantErr(t, err, "channel_not_found")
	if _, _, err := c.DeleteMessage(slacktest.General, ts); err != nil {
		t.Fatal(err)
	}
	_, _, err = c.DeleteMessage(slacktest.General, ts)
	wantErr(t, err, "message_not_found")
	if s.Copies("K") != 0 {
		t.Errorf("%d copies", s.Copies("K"))
	}
}

func TestPost_ReplyToADeletedParent(t *testing.T) {
	s, c := start(t)
	root := post(t, c, slacktest.General, text("root"))
	_, _, m, err := c.PostMessageWithResponse(slacktest.General, text("one"), slack.MsgOptionTS(root))
	if err != nil || m.ThreadTimestamp != root {
		t.Fatalf("reply: %+v %v", m.Msg, err)
	}
	if !s.Remove("general", root) || s.Remove("general", root) {
		t.Fatal("the root was not there exactly once")
	}
	_, _, m, err = c.PostMessageWithResponse(slacktest.General, text("two"), slack.MsgOptionTS(root))
	if err != nil || m.ThreadTimestamp != "" {
		t.Errorf("reply to a deleted parent: %+v %v", m.Msg, err)
	}
	if got := s.Messages("general"); len(got) != 2 || got[0].ThreadTS != root || got[1].ThreadTS != "" {
		t.Errorf("people see %+v", got)
	}
}
