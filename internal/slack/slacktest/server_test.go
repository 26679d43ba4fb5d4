package slacktest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"attache/internal/slack/slacktest"

	"github.com/slack-go/slack"
)

// start returns a server with sockets and a slack-go client of it.
func start(t *testing.T) (*slacktest.Server, *slack.Client) {
	t.Helper()
	s := slacktest.Start()
	t.Cleanup(s.Close)
	return s, clientOf(s, slacktest.Token)
}

// inProcess returns a client that needs no socket.
func inProcess(s *slacktest.Server) *slack.Client {
	return slack.New(slacktest.Token, slack.OptionAPIURL(s.URL()),
		slack.OptionHTTPClient(&http.Client{Transport: s.RoundTripper(), Timeout: 30 * time.Second}))
}

// clientOf returns a client with a socket for each call.
func clientOf(s *slacktest.Server, token string) *slack.Client {
	return slack.New(token, slack.OptionAPIURL(s.URL()),
		slack.OptionHTTPClient(&http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 10 * time.Second}))
}

// keyed is the metadata of a post with a key.
func keyed(key string) slack.MsgOption {
	return slack.MsgOptionMetadata(slack.SlackMetadata{EventType: "attache_alert", EventPayload: map[string]any{"k": key}})
}

func text(s string) slack.MsgOption { return slack.MsgOptionText(s, false) }

// post sends a message that must arrive and returns its ts.
func post(t *testing.T, c *slack.Client, channel string, options ...slack.MsgOption) string {
	t.Helper()
	_, ts, err := c.PostMessage(channel, options...)
	if err != nil {
		t.Fatalf("post to %s: %v", channel, err)
	}
	return ts
}

// arrives waits for a message with a key.
func arrives(t *testing.T, s *slacktest.Server, key string) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); s.Copies(key) == 0; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Error("the post did not arrive")
			return
		}
	}
}

func wantErr(t *testing.T, err error, code string) {
	t.Helper()
	if err == nil || err.Error() != code {
		t.Errorf("error is %v, want %s", err, code)
	}
}

func TestAuthTest_NamesTheApp(t *testing.T) {
	_, c := start(t)
	who, err := c.AuthTest()
	if err != nil {
		t.Fatal(err)
	}
	if who.BotID != slacktest.BotID || who.UserID != slacktest.UserID || who.TeamID != slacktest.TeamID {
		t.Errorf("auth.test says %+v", who)
	}
	if got := who.Header.Get("X-OAuth-Scopes"); !strings.Contains(got, "chat:write") {
		t.Errorf("scopes in the header are %q", got)
	}
}

func TestAuthTest_Tokens(t *testing.T) {
	s, good := start(t)
	_, err := clientOf(s, "xoxb-other").AuthTest()
	wantErr(t, err, "invalid_auth")
	_, err = clientOf(s, "").AuthTest()
	wantErr(t, err, "not_authed")

	s.Refuse(slacktest.Token, "token_revoked")
	_, _, err = good.PostMessage(slacktest.General, text("x"))
	wantErr(t, err, "token_revoked")
	s.Refuse(slacktest.Token, "")
	post(t, good, slacktest.General, text("x"))
}

func TestScope_Missing(t *testing.T) {
	s, _ := start(t)
	s.Install(slacktest.App{Token: "xoxb-few", Scopes: []string{"chat:write", "channels:read"}})
	_, err := clientOf(s, "xoxb-few").GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: slacktest.General})
	refused, ok := err.(slack.SlackErrorResponse)
	if !ok || refused.Err != "missing_scope" || refused.Needed != "channels:history" || refused.Provided != "chat:write,channels:read" {
		t.Errorf("history without scope: %#v", err)
	}
}

func TestCalls_WithoutTheirToken(t *testing.T) {
	s, c := start(t)
	post(t, c, "#general", text("one"), keyed("K1"))
	c.PostMessage("nowhere", text("two"))
	calls := s.Calls("chat.postMessage")
	if len(calls) != 2 || len(s.Calls()) != 2 || len(s.Calls("chat.update")) != 0 {
		t.Fatalf("calls: %+v", calls)
	}
	first, second := calls[0], calls[1]
	if first.N != 1 || first.Channel() != "#general" || first.Key() != "K1" || first.Answer != "ok" || first.Status != 200 {
		t.Errorf("first call: %+v", first)
	}
	if first.Token != slacktest.Token || first.Form.Has("token") || first.Header.Get("Idempotency-Key") != "" {
		t.Errorf("first call's token: %+v", first)
	}
	if second.Answer != "channel_not_found" || second.Key() != "" {
		t.Errorf("second call: %+v", second)
	}
}

func TestUnplug_ComesBack(t *testing.T) {
	s, c := start(t)
	before := s.URL()
	post(t, c, slacktest.General, text("before"))
	s.Unplug()
	for _, c := range []*slack.Client{c, inProcess(s)} {
		if _, err := c.AuthTest(); err == nil || !strings.Contains(err.Error(), "connection refused") {
			t.Errorf("unplugged: %v", err)
		}
	}
	s.Plug()
	s.Plug()
	if s.URL() != before {
		t.Errorf("URL changed from %s to %s", before, s.URL())
	}
	post(t, c, slacktest.General, text("after"))
	if got := len(s.Messages("general")); got != 2 {
		t.Errorf("%d messages", got)
	}
}

func TestClose_EndsHeldAnswers(t *testing.T) {
	s, c := start(t)
	s.FailNext("chat.postMessage", slacktest.Fault{Hold: time.Hour})
	done := make(chan error)
	go func() {
		_, _, err := c.PostMessage(slacktest.General, text("x"), keyed("K"))
		done <- err
	}()
	arrives(t, s, "K")
	s.Close()
	s.Close()
	if err := <-done; err == nil {
		t.Error("a held call was answered by a closed server")
	}
}

func TestCall_UnknownMethod(t *testing.T) {
	s, _ := start(t)
	resp, err := http.PostForm(s.URL()+"chat.nothing", url.Values{"token": {slacktest.Token}})
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if b, _ := io.ReadAll(resp.Body); !strings.Contains(string(b), "unknown_method") {
		t.Errorf("answer is %s", b)
	}
}

func TestRoundTripper_Trace(t *testing.T) {
	s := slacktest.New()
	defer s.Close()
	var wrote, connected bool
	ctx := httptrace.WithClientTrace(context.Background(), &httptrace.ClientTrace{
		GotConn:      func(httptrace.GotConnInfo) { connected = true },
		WroteHeaders: func() { wrote = true },
	})
	if _, err := inProcess(s).AuthTestContext(ctx); err != nil || !wrote || !connected {
		t.Errorf("answered: %v, %v %v", err, wrote, connected)
	}
	s.Unplug()
	wrote = false
	if _, err := inProcess(s).AuthTestContext(ctx); err == nil || wrote {
		t.Errorf("unplugged: %v, request written: %v", err, wrote)
	}
}

func TestUnplug_CutsWhatIsHeld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := slacktest.New()
		defer s.Close()
		s.FailNext("", slacktest.Fault{Hold: 20 * time.Second})
		time.AfterFunc(time.Second, s.Unplug)
		began := time.Now()
		_, _, err := inProcess(s).PostMessage(slacktest.General, text("x"), keyed("K"))
		if !errors.Is(err, io.EOF) || time.Since(began) != time.Second || s.Copies("K") != 1 {
			t.Errorf("after %v: %v, %d copies", time.Since(began), err, s.Copies("K"))
		}
		s.Plug()
		post(t, inProcess(s), slacktest.General, text("x"))
	})
}

// net/http sends a POST again by itself, when a connection that was used before
// ends without an answer, if the request claims to be idempotent. The server
// must show such a client its two copies.
func TestPost_ReplayedRequest(t *testing.T) {
	s, _ := start(t)
	for _, claims := range []bool{false, true} {
		key := fmt.Sprint("claims ", claims)
		c := &http.Client{Transport: &http.Transport{}}
		send := func(key string) error {
			r, _ := http.NewRequest("POST", s.URL()+"chat.postMessage", strings.NewReader(url.Values{
				"token": {slacktest.Token}, "channel": {slacktest.General}, "text": {"x"},
				"metadata": {`{"event_type":"e","event_payload":{"k":"` + key + `"}}`},
			}.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			if claims {
				r.Header.Set("Idempotency-Key", "1")
			}
			resp, err := c.Do(r)
			if err == nil {
				io.Copy(io.Discard, resp.Body)
				resp.Body.Close()
			}
			return err
		}
		if err := send("first"); err != nil {
			t.Fatal(err)
		}
		s.FailNext("chat.postMessage", slacktest.Fault{Answer: slacktest.Drop()})
		err := send(key)
		if want := map[bool]int{false: 1, true: 2}[claims]; s.Copies(key) != want || (err == nil) != claims {
			t.Errorf("%s: %d copies, error %v", key, s.Copies(key), err)
		}
	}
}
