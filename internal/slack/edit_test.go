package slack

import (
	"testing"
	"testing/synctest"
	"time"

	"attache/internal/notice"
	"attache/internal/slack/slacktest"
)

const updateMessage = "chat.update"

// posted returns a message of ours in the channel general.
func posted(t *testing.T, c *Slack, key, thread string) notice.Receipt {
	t.Helper()
	p := hello(slacktest.General)
	p.Key, p.Thread = key, thread
	r, err := c.Post(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestUpdate_WholeMessageAnew(t *testing.T) {
	s := slacktest.New()
	defer s.Close()
	c := connect(t, s, Config{})
	r := posted(t, c, "root", "")
	p := hello("#general")
	p.Key, p.ChannelID, p.TS, p.Revision = "root", r.ChannelID, r.TS, 4
	p.Message.Headline = "Averted"
	got, err := c.Update(t.Context(), p)
	if err != nil || got.TS != r.TS || got.ChannelID != r.ChannelID {
		t.Fatalf("got %+v, %v", got, err)
	}
	list := s.Messages(slacktest.General)
	if len(list) != 1 || list[0].Updates != 1 || list[0].Blocks == nil {
		t.Fatalf("shown are %+v", list)
	}
	if m := list[0].Metadata; m.EventType != eventType || m.EventPayload["k"] != "root" || m.EventPayload["r"] != 4.0 {
		t.Errorf("metadata %+v", m)
	}
	call := s.Calls(updateMessage)[0]
	if n := len(call.Form.Get("text")); n == 0 || n > 1000 {
		t.Errorf("the text has %d bytes", n)
	}
}

func TestUpdate_PlainTakesTheBlocksAway(t *testing.T) {
	s := slacktest.New()
	defer s.Close()
	c := connect(t, s, Config{})
	r := posted(t, c, "root", "")
	p := hello("#general")
	p.Key, p.ChannelID, p.TS, p.Plain = "root", r.ChannelID, r.TS, true
	if _, err := c.Update(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if m := s.Messages(slacktest.General)[0]; len(m.Blocks) > 0 {
		t.Errorf("blocks are left: %s", m.Blocks)
	}
}

func TestUpdate_Outcomes(t *testing.T) {
	for reason, want := range map[string]notice.Result{
		"message_not_found":   notice.Gone,
		"cant_update_message": notice.Gone,
		"edit_window_closed":  notice.Gone,
		"is_inactive":         notice.Gone,
		"block_mismatch":      notice.Refused,
		"invalid_blocks":      notice.Refused,
		"msg_too_long":        notice.Refused,
		"update_failed":       notice.InDoubt,
		"fatal_error":         notice.InDoubt,
		"never_heard_of":      notice.InDoubt,
		"channel_not_found":   notice.ChannelDown,
		"token_revoked":       notice.SinkDown,
		"ratelimited":         notice.Limited,
	} {
		t.Run(reason, func(t *testing.T) {
			s := slacktest.New()
			defer s.Close()
			c := connect(t, s, Config{})
			r := posted(t, c, "root", "")
			s.FailNext(updateMessage, slacktest.Fault{Skip: true, Answer: slacktest.Error(reason)})
			p := hello("#general")
			p.ChannelID, p.TS = r.ChannelID, r.TS
			_, err := c.Update(t.Context(), p)
			if got := failed(t, err).Result; got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func TestUpdate_NoPlainAnswer(t *testing.T) {
	for name, a := range map[string]slacktest.Answer{
		"dropped": slacktest.Drop(), "reset": slacktest.Reset(), "cut": slacktest.CutBody(), "500": slacktest.Status(500),
		"page": slacktest.HTMLPage(), "no JSON": slacktest.InvalidJSON(), "nothing": slacktest.EmptyBody(), "{}": slacktest.EmptyObject(),
	} {
		t.Run(name, func(t *testing.T) {
			s := slacktest.New()
			defer s.Close()
			c := connect(t, s, Config{})
			r := posted(t, c, "root", "")
			s.FailNext(updateMessage, slacktest.Fault{Answer: a})
			p := hello("#general")
			p.ChannelID, p.TS = r.ChannelID, r.TS
			_, err := c.Update(t.Context(), p)
			if got := failed(t, err).Result; got != notice.InDoubt {
				t.Errorf("got %q", got)
			}
			if n := len(s.Calls(updateMessage)); n != 1 {
				t.Errorf("%d requests", n)
			}
		})
	}
}

func TestReply_UnderItsParent(t *testing.T) {
	s := slacktest.New()
	defer s.Close()
	c := connect(t, s, Config{})
	root := posted(t, c, "root", "")
	p := hello("#general")
	p.Key, p.Thread, p.Broadcast = "reply", root.TS, true
	r, err := c.Post(t.Context(), p)
	if err != nil || r.Thread != root.TS {
		t.Fatalf("%+v, %v", r, err)
	}
	if call := s.Calls(postMessage)[1]; call.Form.Get("thread_ts") != root.TS || call.Form.Get("reply_broadcast") != "true" {
		t.Errorf("asked for %v", call.Form)
	}
}

func TestReply_ParentDeleted(t *testing.T) {
	s := slacktest.New()
	defer s.Close()
	c := connect(t, s, Config{})
	root := posted(t, c, "root", "")
	if err := c.Delete(t.Context(), root.ChannelID, root.TS); err != nil {
		t.Fatal(err)
	}
	if r := posted(t, c, "reply", root.TS); r.Thread != "" || r.TS == "" {
		t.Errorf("got %+v", r)
	}
}

func TestReply_Outcomes(t *testing.T) {
	for _, reason := range []string{"cannot_reply_to_message", "thread_not_found", "invalid_thread_ts", "restricted_action_thread_locked"} {
		s := slacktest.New()
		c := connect(t, s, Config{})
		root := posted(t, c, "root", "")
		s.FailNext(postMessage, slacktest.Fault{Skip: true, Answer: slacktest.Error(reason)})
		p := hello("#general")
		p.Thread = root.TS
		_, err := c.Post(t.Context(), p)
		if got := failed(t, err).Result; got != notice.Gone {
			t.Errorf("%s: got %q", reason, got)
		}
		s.Close()
	}
}

func TestFind_LostReply(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := slacktest.New()
		defer s.Close()
		c := connect(t, s, Config{})
		root := posted(t, c, "root", "")
		for _, broadcast := range []bool{false, true} {
			p := hello("#general")
			p.Key, p.Thread, p.Broadcast = "reply", root.TS, broadcast
			if broadcast {
				p.Key = "broadcast"
			}
			s.FailNext(postMessage, slacktest.Fault{Answer: slacktest.Drop()})
			if _, err := c.Post(t.Context(), p); err == nil {
				t.Fatal("the answer was not lost")
			}
			q := notice.Search{Channel: "#general", ChannelID: root.ChannelID, Threads: []string{root.TS}, Keys: []string{p.Key}, Oldest: s.Now().Add(-time.Minute)}
			found, err := c.Find(t.Context(), q)
			if err != nil || len(found) != 1 || found[0].Thread != root.TS || found[0].Key != p.Key {
				t.Errorf("broadcast=%v: found %+v, %v", broadcast, found, err)
			}
		}
	})
}

func TestFind_ReplyWithoutItsThread(t *testing.T) {
	s := slacktest.New()
	defer s.Close()
	c := connect(t, s, Config{})
	root := posted(t, c, "root", "")
	if err := c.Delete(t.Context(), root.ChannelID, root.TS); err != nil {
		t.Fatal(err)
	}
	r := posted(t, c, "reply", root.TS)
	found, err := c.Find(t.Context(), notice.Search{Channel: "#general", ChannelID: root.ChannelID, Threads: []string{root.TS}, Keys: []string{"reply"}})
	if err != nil || len(found) != 1 || found[0].TS != r.TS || found[0].Thread != "" {
		t.Errorf("found %+v, %v", found, err)
	}
}

func TestReply_AnswerWithoutTheThread(t *testing.T) {
	s := slacktest.New()
	defer s.Close()
	c := connect(t, s, Config{})
	root := posted(t, c, "root", "")
	s.FailNext(postMessage, slacktest.Fault{Answer: slacktest.Body(200, "application/json",
		`{"ok":true,"channel":"`+root.ChannelID+`","ts":"1761483600.000100","message":{"ts":"1761483600.000100","text":"Hello"}}`)})
	if r := posted(t, c, "reply", root.TS); r.Thread != root.TS {
		t.Errorf("got %+v", r)
	}
}
