package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"attache/internal/notice"
	"attache/internal/slack/slacktest"
)

const historyMethod = "conversations.history"

func unmarshal(t *testing.T, b []byte, v any) {
	t.Helper()
	if err := json.Unmarshal(b, v); err != nil {
		t.Fatalf("%v in %s", err, b)
	}
}

// formNames returns the names of the arguments of the last post.
func formNames(s *slacktest.Server) []string {
	calls := s.Calls(postMessage)
	return slices.Sorted(maps.Keys(calls[len(calls)-1].Form))
}

func TestFind_PastThreeHundredOthers(t *testing.T) {
	for _, skew := range []time.Duration{0, time.Hour, -time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			s := slacktest.New()
			defer s.Close()
			s.SetSkew(skew)
			c := connect(t, s, Config{})
			s.FailNext(postMessage, slacktest.Fault{Answer: slacktest.Status(500)})
			_, err := c.Post(t.Context(), hello(slacktest.General))
			first := failed(t, err).At
			for i := range 300 {
				s.Say("general", "U0BOB", fmt.Sprint("post ", i))
			}
			got, err := c.Find(t.Context(), notice.Search{Channel: slacktest.General, Keys: []string{"other", "k7"}, Oldest: first.Add(-2 * time.Minute)})
			if err != nil {
				t.Fatal(err)
			}
			m := s.Find("k7")[0]
			want := notice.Receipt{Key: "k7", ChannelID: slacktest.General, TS: m.TS, At: instantOf(m.TS)}
			if len(got) != 1 || got[0] != want {
				t.Errorf("skewed by %v: got %+v, want %+v", skew, got, want)
			}
			if n := len(s.Calls(historyMethod)); n != 2 {
				t.Errorf("%d pages", n)
			}
			if d := want.At.Sub(s.Now()); d.Abs() > time.Minute {
				t.Errorf("the message is dated %v off Slack's clock", d)
			}
		})
	}
}

func TestFind_OldestFirst(t *testing.T) {
	s := slacktest.New()
	defer s.Close()
	c := connect(t, s, Config{})
	for range 3 {
		if _, err := c.Post(t.Context(), hello("general")); err != nil {
			t.Fatal(err)
		}
	}
	got, err := c.Find(t.Context(), notice.Search{Channel: "#general", Keys: []string{"k7"}})
	if err != nil || len(got) != 3 {
		t.Fatalf("got %+v, %v", got, err)
	}
	if !slices.IsSortedFunc(got, func(a, b notice.Receipt) int { return strings.Compare(a.TS, b.TS) }) {
		t.Errorf("got %+v", got)
	}
	if n := len(s.Calls("conversations.list")); n != 0 {
		t.Errorf("the channel was looked up although a post had gone to it")
	}
}

func TestFind_OnlyOurOwn(t *testing.T) {
	s := slacktest.New()
	defer s.Close()
	s.Install(slacktest.App{Token: "xoxb-other", BotID: "B0OTHER", UserID: "U0OTHER", AppID: "A0OTHER"})
	other, err := New(Config{Token: "xoxb-other", APIURL: s.URL(), HTTPClient: &http.Client{Transport: s.RoundTripper()}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.Post(t.Context(), hello(slacktest.General)); err != nil {
		t.Fatal(err)
	}
	s.Say("general", "U0BOB", "k7")
	got, err := connect(t, s, Config{}).Find(t.Context(), notice.Search{ChannelID: slacktest.General, Keys: []string{"k7"}})
	if err != nil || len(got) != 0 {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestFind_OlderThanAskedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := slacktest.New()
		defer s.Close()
		c := connect(t, s, Config{})
		r, err := c.Post(t.Context(), hello(slacktest.General))
		if err != nil {
			t.Fatal(err)
		}
		for from, want := range map[time.Duration]int{time.Second: 0, 0: 1, -time.Second: 1} {
			got, err := c.Find(t.Context(), notice.Search{ChannelID: slacktest.General, Keys: []string{"k7"}, Oldest: instantOf(r.TS).Add(from)})
			if err != nil || len(got) != want {
				t.Errorf("from %v on: %d found, %v", from, len(got), err)
			}
		}
	})
}

// A message of somebody else's that slack-go cannot read must not hide ours.
func TestFind_OddMessages(t *testing.T) {
	s := slacktest.New()
	defer s.Close()
	s.FailNext(historyMethod, slacktest.Fault{Answer: slacktest.Body(200, "application/json", `{"ok":true,"has_more":false,"messages":[
		{"ts":"1.000002","blocks":{"odd":1},"attachments":"odd","metadata":{"event_type":"other","event_payload":"odd"}},
		{"ts":"1.000001","bot_id":"`+slacktest.BotID+`","metadata":{"event_type":"attache_alert","event_payload":{"k":"k7"}}}]}`)})
	got, err := connect(t, s, Config{}).Find(t.Context(), notice.Search{ChannelID: slacktest.General, Keys: []string{"k7"}})
	if err != nil || len(got) != 1 || got[0].TS != "1.000001" {
		t.Errorf("got %+v, %v", got, err)
	}
}

// What was not read to the end proves nothing.
func TestFind_Incomplete(t *testing.T) {
	for name, f := range map[string]slacktest.Fault{
		"{}":                     {Answer: slacktest.EmptyObject()},
		"no JSON":                {Answer: slacktest.InvalidJSON()},
		"503":                    {Answer: slacktest.Status(503)},
		"500 that says ok":       {Answer: slacktest.Body(500, "application/json", `{"ok":true,"messages":[]}`)},
		"dropped":                {Answer: slacktest.Drop()},
		"more, and no cursor":    {Answer: slacktest.Body(200, "application/json", `{"ok":true,"has_more":true,"messages":[]}`)},
		"messages of odd a form": {Answer: slacktest.Body(200, "application/json", `{"ok":true,"messages":{"a":1}}`)},
	} {
		t.Run(name, func(t *testing.T) {
			s := slacktest.New()
			defer s.Close()
			s.FailNext(historyMethod, f)
			got, err := connect(t, s, Config{}).Find(t.Context(), notice.Search{ChannelID: slacktest.General, Keys: []string{"k7"}})
			if e := failed(t, err); e.Result != notice.InDoubt || got != nil {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
	t.Run("a cursor that leads nowhere", func(t *testing.T) {
		s := slacktest.New()
		defer s.Close()
		s.Fail(func(c slacktest.Call) slacktest.Fault {
			if c.Method != historyMethod {
				return slacktest.Fault{}
			}
			return slacktest.Fault{Answer: slacktest.Body(200, "application/json", `{"ok":true,"has_more":true,"messages":[],"response_metadata":{"next_cursor":"same"}}`)}
		})
		_, err := connect(t, s, Config{}).Find(t.Context(), notice.Search{ChannelID: slacktest.General, Keys: []string{"k7"}})
		if e := failed(t, err); e.Result != notice.InDoubt || len(s.Calls(historyMethod)) != 2 {
			t.Errorf("%d calls, %v", len(s.Calls(historyMethod)), err)
		}
	})
}

func TestFind_WhyAChannelCannotBeRead(t *testing.T) {
	for _, c := range []struct {
		name    string
		scopes  []string
		channel string
		refusal string
		fault   slacktest.Fault
		want    notice.Result
		says    string
	}{
		{name: "scope", scopes: []string{"chat:write"}, channel: slacktest.General, want: notice.Unreadable, says: "channels:history"},
		{name: "not a member", channel: "C0APART", want: notice.Unreadable, says: "not_in_channel"},
		{name: "no such ID", channel: "C0NOWHERE", want: notice.Unreadable, says: "channel_not_found"},
		{name: "no such name", channel: "#nowhere", want: notice.Unreadable, says: "#nowhere"},
		{name: "names can't be looked up", scopes: []string{"chat:write", "channels:history"}, channel: "general", want: notice.Unreadable, says: "channels:read"},
		{name: "token revoked", channel: slacktest.General, refusal: "token_revoked", want: notice.SinkDown, says: "token_revoked"},
		{name: "too often", channel: slacktest.General, fault: slacktest.Fault{Answer: slacktest.TooMany("60")}, want: notice.Limited, says: "HTTP status 429"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := slacktest.New()
			defer s.Close()
			s.SetChannel(slacktest.Channel{ID: "C0APART", Name: "apart"})
			s.Install(slacktest.App{Token: slacktest.Token, Scopes: c.scopes, Refusal: c.refusal})
			s.FailNext(historyMethod, c.fault)
			_, err := connect(t, s, Config{}).Find(t.Context(), notice.Search{Channel: c.channel, Keys: []string{"k7"}})
			e := failed(t, err)
			if e.Result != c.want || !strings.Contains(err.Error(), c.says) && c.want != notice.Limited {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestFind_NameIsLookedUpOnce(t *testing.T) {
	s := slacktest.New()
	defer s.Close()
	for i := range 1200 {
		s.SetChannel(slacktest.Channel{ID: fmt.Sprintf("C0%04d", i), Name: fmt.Sprint("channel-", i), Member: true})
	}
	s.SetChannel(slacktest.Channel{ID: "G0CLOSED", Name: "closed", Private: true, Member: true})
	c := connect(t, s, Config{})
	for name, want := range map[string]string{"#channel-1150": "C01150", "closed": "G0CLOSED"} {
		for range 2 {
			if got, err := c.resolve(t.Context(), name); got != want || err != nil {
				t.Errorf("%s is %q, %v", name, got, err)
			}
		}
	}
	if n := len(s.Calls("conversations.list")); n != 2+3 {
		t.Errorf("%d look-ups", n)
	}
}

func TestDelete(t *testing.T) {
	s := slacktest.New()
	defer s.Close()
	c := connect(t, s, Config{})
	r, err := c.Post(t.Context(), hello(slacktest.General))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // what is gone is gone
		if err := c.Delete(t.Context(), r.ChannelID, r.TS); err != nil {
			t.Error(err)
		}
	}
	if s.Copies("k7") != 0 {
		t.Error("it is still there")
	}
	theirs := s.Say("general", "U0BOB", "mine")
	if e := failed(t, c.Delete(t.Context(), slacktest.General, theirs)); e.Result != notice.Refused {
		t.Errorf("of somebody else's: %v", e)
	}
	s.FailNext("chat.delete", slacktest.Fault{Answer: slacktest.EmptyObject()})
	if e := failed(t, c.Delete(t.Context(), slacktest.General, theirs)); e.Result != notice.InDoubt {
		t.Errorf("{}: %v", e)
	}
}

func TestReport_WhatToPutRight(t *testing.T) {
	s := slacktest.New()
	defer s.Close()
	s.Install(slacktest.App{Token: slacktest.Token, Scopes: []string{"chat:write", "channels:history", "channels:read"}})
	s.SetChannel(slacktest.Channel{ID: "C0APART", Name: "apart"})
	s.SetChannel(slacktest.Channel{ID: "C0OLD", Name: "old", Member: true, Archived: true})
	s.SetChannel(slacktest.Channel{ID: "G0CLOSED", Name: "closed", Private: true, Member: true})
	c := connect(t, s, Config{})
	r := c.Check(t.Context(), []string{"#general", "C0APART", "C0OLD", "G0CLOSED", "nowhere"})
	want := []string{
		"slack: signed in to test as attache, which may chat:write, channels:history, channels:read",
		"slack: channel #general (C0GENERAL) can be read",
		"slack: channel C0APART: unreadable: conversations.history: not_in_channel: invite the bot there with /invite",
		"slack: channel C0OLD: channel: conversations.info: is_archived: un-archive it or choose another",
		"slack: channel G0CLOSED: unreadable: conversations.history: missing_scope, needs groups:history: without the scope a message whose answer was lost can't be looked up",
		"slack: channel nowhere: unreadable: conversations.list: missing_scope, needs groups:read: write the channel's ID in place of its name, or add the scope",
	}
	if got := r.Lines(); !slices.Equal(got, want) {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
	if !r.Ready() || r.OK() || s.Messages("general") != nil {
		t.Errorf("ready %v, ok %v", r.Ready(), r.OK())
	}
	if r := c.Check(t.Context(), []string{"#general"}); !r.OK() {
		t.Errorf("got %+v", r)
	}
}

func TestReport_BadToken(t *testing.T) {
	s := slacktest.New()
	defer s.Close()
	c := connect(t, s, Config{})
	s.Install(slacktest.App{Token: slacktest.Token, Scopes: []string{"chat:write"}})
	r := c.Check(t.Context(), nil)
	if !r.Ready() || !slices.Equal(r.Missing, []string{"channels:history"}) || !strings.Contains(r.Lines()[1], "channels:history") {
		t.Errorf("got %+v", r)
	}
	s.Refuse(slacktest.Token, "token_revoked")
	r = c.Check(t.Context(), []string{"general"})
	want := []string{"slack: nothing can be posted: credential: auth.test: token_revoked: install the app again and put the new bot token in place"}
	if r.Ready() || r.OK() || !slices.Equal(r.Lines(), want) {
		t.Errorf("got %q", r.Lines())
	}
}

func TestConsole_InPlaceOfSlack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		c := NewConsole(&out, false, time.Now)
		p := hello("console\x1b[2J")
		r, err := c.Post(t.Context(), p)
		if err != nil || r.Key != "k7" || r.TS == "" || r.ChannelID == "" || !r.At.Equal(time.Now()) {
			t.Errorf("got %+v, %v", r, err)
		}
		if strings.Contains(out.String(), "\x1b") {
			t.Errorf("got %q", out.String())
		}
		if _, err := c.Find(t.Context(), notice.Search{}); failed(t, err).Result != notice.Unreadable {
			t.Errorf("got %v", err)
		}
		if e := failed(t, c.Delete(t.Context(), "console", r.TS)); e.Result != notice.Refused {
			t.Errorf("got %v", e)
		}
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := c.Post(gone, p); failed(t, err).Result != notice.NotSent {
			t.Errorf("got %v", err)
		}
		for n, want := range map[int]notice.Result{0: notice.NotSent, 3: notice.InDoubt} {
			if _, err := NewConsole(broken(n), false, time.Now).Post(t.Context(), p); failed(t, err).Result != want {
				t.Errorf("after %d bytes: %v", n, err)
			}
		}
	})
}

// broken is a writer that fails after so many bytes.
type broken int

func (b broken) Write([]byte) (int, error) { return int(b), errors.New("broken pipe") }
