package slacktest_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"attache/internal/slack/slacktest"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
)

var alice = slacktest.Person{ID: "U0ALICE", Name: "Alice"}

// app is one connection of an app, which acknowledges by answer.
type app struct {
	conn   *websocket.Conn
	frames chan string
}

// appOf opens a connection, and acknowledges what comes with what answer says; "-" is not at all.
func appOf(t *testing.T, s *slacktest.Server, answer func(kind string) string) *app {
	t.Helper()
	c := slack.New(slacktest.Token, slack.OptionAppLevelToken(slacktest.AppToken), slack.OptionAPIURL(s.URL()),
		slack.OptionHTTPClient(&http.Client{Transport: s.RoundTripper()}))
	_, url, err := c.StartSocketModeContext(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	conn, _, err := (&websocket.Dialer{NetDialContext: s.Dial}).DialContext(context.Background(), url, nil)
	if err != nil {
		t.Fatal(err)
	}
	a := &app{conn, make(chan string, 100)}
	go func() {
		defer close(a.frames)
		for {
			_, text, err := conn.ReadMessage()
			if err != nil {
				return
			}
			a.frames <- string(text)
			var e struct{ Envelope_ID, Type string }
			if json.Unmarshal(text, &e) != nil || e.Envelope_ID == "" || answer(e.Type) == "-" {
				continue
			}
			ack := `{"envelope_id":"` + e.Envelope_ID + `"`
			if p := answer(e.Type); p != "" {
				ack += `,"payload":` + p
			}
			_ = conn.WriteMessage(websocket.TextMessage, []byte(ack+"}")) // the test sees what is missing
		}
	}()
	t.Cleanup(func() { conn.Close() })
	if hello := <-a.frames; !strings.Contains(hello, `"hello"`) {
		t.Fatalf("it begins with %s", hello)
	}
	return a
}

const asked = `[{"type":"section","text":{"type":"mrkdwn","text":"What became of it?"}},{"type":"actions","block_id":"b1","elements":[
	{"type":"button","action_id":"held","text":{"type":"plain_text","text":"Held"},"value":"v1"},
	{"type":"overflow","action_id":"more","options":[{"text":{"type":"plain_text","text":"Later"},"value":"later"}]}]}]`

func TestSocket_PressIsAcknowledgedAndComesAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := slacktest.New()
		defer s.Close()
		a := appOf(t, s, func(string) string { return "" })
		ts := post(t, inProcess(s), slacktest.General, text("x"), slack.MsgOptionBlocks(blocksOf(t, asked)...))
		e := s.Press(alice, slacktest.General, ts, "held")
		if _, err := e.Wait(); err != nil || e.Took() > time.Second {
			t.Fatalf("%v after %v", err, e.Took())
		}
		var p slack.InteractionCallback
		if err := json.Unmarshal(e.Payload, &p); err != nil || p.User.ID != alice.ID || p.ActionCallback.BlockActions[0].Value != "v1" ||
			p.Container.MessageTs != ts || p.TriggerID == "" {
			t.Errorf("%v: %s", err, e.Payload)
		}
		if _, err := e.Again().Wait(); err != nil {
			t.Error(err)
		}
		if _, err := s.Choose(alice, slacktest.General, ts, "more", "later").Wait(); err != nil {
			t.Error(err)
		}
		a.conn.Close()
		if _, err := s.Press(alice, slacktest.General, ts, "held").Wait(); !errors.Is(err, slacktest.ErrUnheard) {
			t.Errorf("nobody listens, and the error is %v", err)
		}
	})
}

func TestSocket_Ends(t *testing.T) {
	for name, end := range map[string]func(*slacktest.Server){
		`"warning"`:       func(s *slacktest.Server) { s.Disconnect("warning") },
		`"link_disabled"`: func(s *slacktest.Server) { s.SwitchSocketMode(false) },
		"drop":            func(s *slacktest.Server) { s.DropSockets() },
		"not JSON":        func(s *slacktest.Server) { s.SendFrame("not JSON"); s.DropSockets() },
	} {
		synctest.Test(t, func(t *testing.T) {
			s := slacktest.New()
			defer s.Close()
			a := appOf(t, s, func(string) string { return "" })
			end(s)
			var last string
			for f := range a.frames {
				last = f
			}
			if name != "drop" && !strings.Contains(last, name) {
				t.Errorf("%s: the last frame is %q", name, last)
			}
			synctest.Wait()
			if n := s.Sockets(); n != 0 {
				t.Errorf("%s: %d connections", name, n)
			}
		})
	}
}

func TestSocket_Tokens(t *testing.T) {
	s, _ := start(t)
	for token, want := range map[string]string{"xoxb-test": "not_allowed_token_type", "xapp-other": "invalid_auth"} {
		_, _, err := slack.New("", slack.OptionAppLevelToken(token), slack.OptionAPIURL(s.URL())).StartSocketModeContext(t.Context())
		wantErr(t, err, want)
	}
	_, err := slack.New(slacktest.AppToken, slack.OptionAPIURL(s.URL())).AuthTest()
	wantErr(t, err, "not_allowed_token_type")
}

// modal is a view with one field.
func modal(private string) slack.ModalViewRequest {
	field := slack.NewPlainTextInputBlockElement(nil, "text")
	return slack.ModalViewRequest{
		Type: slack.VTModal, Title: slack.NewTextBlockObject("plain_text", "New date", false, false), PrivateMetadata: private,
		Submit: slack.NewTextBlockObject("plain_text", "Save", false, false),
		Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewInputBlock("when", slack.NewTextBlockObject("plain_text", "When", false, false), nil, field)}},
	}
}

func TestView_TriggerIsForSecondsAndOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := slacktest.New()
		defer s.Close()
		c := inProcess(s)
		trigger := func() string {
			var p struct{ Trigger_ID string }
			if err := json.Unmarshal(s.Command(alice, slacktest.General, "add").Payload, &p); err != nil {
				t.Fatal(err)
			}
			return p.Trigger_ID
		}
		first := trigger()
		if _, err := c.OpenView(first, modal("")); err != nil {
			t.Fatal(err)
		}
		_, err := c.OpenView(first, modal(""))
		wantErr(t, err, "exchanged_trigger_id")
		late := trigger()
		time.Sleep(4 * time.Second)
		_, err = c.OpenView(late, modal(""))
		wantErr(t, err, "expired_trigger_id")
		_, err = c.OpenView(trigger(), modal(strings.Repeat("x", 3001)))
		wantErr(t, err, "invalid_arguments")
	})
}

func TestView_SubmissionIsRefusedUnderItsFieldThenTaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := slacktest.New()
		defer s.Close()
		answer := `{"response_action":"errors","errors":{"when":"no date"}}`
		appOf(t, s, func(kind string) string {
			if kind == "interactive" {
				return answer
			}
			return `{"text":"Coming: nothing"}`
		})
		e := s.Command(alice, slacktest.General, "next")
		if _, err := e.Wait(); err != nil || len(s.Whispers(alice.ID)) != 1 || s.Whispers(alice.ID)[0].Text != "Coming: nothing" {
			t.Fatalf("%v: %v", err, s.Whispers(alice.ID))
		}
		var p struct{ Trigger_ID string }
		_ = json.Unmarshal(e.Payload, &p) // the view is not opened without it
		if _, err := inProcess(s).OpenView(p.Trigger_ID, modal("")); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Submit(alice, map[string]string{"when": "32 May"}).Wait(); err != nil {
			t.Fatal(err)
		}
		if v, ok := s.View(alice.ID); !ok || v.Errors["when"] != "no date" {
			t.Errorf("the view: %+v", v)
		}
		answer = ""
		if _, err := s.Submit(alice, map[string]string{"when": "31 May"}).Wait(); err != nil {
			t.Fatal(err)
		}
		if v, ok := s.View(alice.ID); ok {
			t.Errorf("the view stays: %+v", v)
		}
		if p := s.Problems(); len(p) > 0 {
			t.Error(p)
		}
	})
}

func TestBlocks_WhatCanBePressed(t *testing.T) {
	button := func(more string) string {
		return `{"type":"button","action_id":"a","text":{"type":"plain_text","text":"Held"}` + more + `}`
	}
	actions := func(elements string) string {
		return `[{"type":"actions","block_id":"b","elements":[` + elements + `]}]`
	}
	option := `{"text":{"type":"plain_text","text":"x"},"value":"` + strings.Repeat("v", 150) + `"}`
	menu := func(n int, one string) string {
		return `{"type":"overflow","action_id":"m","options":` + repeat(n, one) + `}`
	}
	s := slacktest.New()
	defer s.Close()
	for name, tt := range map[string]struct{ blocks, want string }{
		"a button":                    {actions(button("")), ""},
		"a value of 2000":             {actions(button(`,"value":"` + strings.Repeat("v", 2000) + `"`)), ""},
		"a value of 2001":             {actions(button(`,"value":"` + strings.Repeat("v", 2001) + `"`)), "/blocks/0/elements/0/value"},
		"a label of 76":               {strings.Replace(actions(button("")), "Held", strings.Repeat("x", 76), 1), "less than 76"},
		"an unknown key":              {actions(button(`,"colour":"red"`)), "no more keys are allowed: colour"},
		"an unknown key of a block":   {`[{"type":"divider","text":{"type":"plain_text","text":"x"}}]`, "no more keys are allowed: text"},
		"one action twice":            {actions(button("") + "," + button("")), "action_id already exists"},
		"one block twice":             {`[{"type":"divider","block_id":"d"},{"type":"divider","block_id":"d"}]`, "block_id already exists"},
		"a menu of five":              {actions(menu(5, option)), ""},
		"a menu of six":               {actions(menu(6, option)), "must have 1 to 5 items"},
		"a choice of 151":             {actions(menu(1, strings.Replace(option, "vv", "vvv", 1))), "less than 151"},
		"a field in a message":        {`[{"type":"input","label":{"type":"plain_text","text":"x"},"element":{"type":"plain_text_input"}}]`, "unsupported type: input"},
		"a block_id of 256":           {`[{"type":"divider","block_id":"` + strings.Repeat("x", 256) + `"}]`, "less than 256"},
		"26 buttons":                  {actions(strings.Trim(repeat(26, `{"type":"button","text":{"type":"plain_text","text":"x"}}`), "[]")), "no more than 25"},
		"a menu beside a section":     {`[{"type":"section","text":{"type":"mrkdwn","text":"x"},"accessory":` + menu(1, option) + `}]`, ""},
		"a text among the buttons":    {actions(`{"type":"mrkdwn","text":"x"}`), "must be one of"},
		"a button in the small print": {`[{"type":"context","elements":[` + button("") + `]}]`, "must be one of"},
	} {
		code, messages := send(t, s, tt.blocks)
		if said := strings.Join(messages, "\n"); (code != "") != (tt.want != "") || !strings.Contains(said, tt.want) {
			t.Errorf("%s: %q %s, want %q", name, code, said, tt.want)
		}
	}
}

func blocksOf(t *testing.T, text string) []slack.Block {
	t.Helper()
	var b slack.Blocks
	if err := json.Unmarshal([]byte(text), &b); err != nil {
		t.Fatal(err)
	}
	return b.BlockSet
}
