package slack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"attache/internal/notice"
	"attache/internal/slack/slacktest"
)

const postMessage = "chat.postMessage"

func hello(channel string) notice.Post {
	return notice.Post{Key: "k7", Event: "us-tariffs", Revision: 3, Channel: channel, Message: notice.Message{Headline: "Hello", Date: "Sat 1 Nov 2025"}}
}

// failed returns the SendError that err must be.
func failed(t *testing.T, err error) *notice.SendError {
	t.Helper()
	e, ok := err.(*notice.SendError)
	if !ok {
		t.Fatalf("the error is %T, %v", err, err)
	}
	return e
}

func TestPost_KeyAndNothingThatTells(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := slacktest.New()
		defer s.Close()
		s.SetSkew(time.Hour)
		c := connect(t, s, Config{Install: "inst"})
		got, err := c.Post(t.Context(), hello("#general"))
		if err != nil {
			t.Fatal(err)
		}
		m := s.Messages(slacktest.General)[0]
		want := notice.Receipt{Key: "k7", ChannelID: slacktest.General, TS: m.TS, At: s.Now().Truncate(time.Second)}
		if got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
		payload := m.Metadata.EventPayload
		if m.Metadata.EventType != "attache_alert" || payload["k"] != "k7" || payload["i"] != "inst" || payload["r"] != 3.0 || len(payload) != 4 {
			t.Errorf("metadata %+v", m.Metadata)
		}
		if e := fmt.Sprint(payload["e"]); len(e) != 20 || strings.Contains(e, "tariff") {
			t.Errorf("the event is named %q", e)
		}
		call := s.Calls(postMessage)[0]
		for name, want := range map[string]string{"unfurl_links": "false", "unfurl_media": "false", "link_names": "", "thread_ts": "", "as_user": ""} {
			if got := call.Form.Get(name); got != want {
				t.Errorf("%s=%q, want %q", name, got, want)
			}
		}
		for _, name := range []string{"Idempotency-Key", "X-Idempotency-Key"} {
			if call.Header.Get(name) != "" {
				t.Errorf("%s is sent", name)
			}
		}
	})
}

func TestPost_IDBeforeName(t *testing.T) {
	s := slacktest.New()
	defer s.Close()
	p := hello("renamed-since")
	p.ChannelID = slacktest.General
	if _, err := connect(t, s, Config{}).Post(t.Context(), p); err != nil {
		t.Fatal(err)
	}
}

// Every outcome: what is known of it, for how long Slack asks to wait, and
// whether a copy is in the channel afterwards. There is one request each time.
func TestPost_Outcomes(t *testing.T) {
	type outcome struct {
		name   string
		fault  slacktest.Fault
		want   notice.Result
		wait   time.Duration
		copies int
	}
	answer := func(a slacktest.Answer) slacktest.Fault { return slacktest.Fault{Answer: a} }
	all := []outcome{
		{"dropped", answer(slacktest.Drop()), notice.InDoubt, 0, 1},
		{"dropped, not stored", answer(slacktest.Drop()).Unstored(), notice.InDoubt, 0, 0},
		{"reset", answer(slacktest.Reset()), notice.InDoubt, 0, 1},
		{"cut body", answer(slacktest.CutBody()), notice.InDoubt, 0, 1},
		{"no JSON", answer(slacktest.InvalidJSON()), notice.InDoubt, 0, 1},
		{"a page", answer(slacktest.HTMLPage()), notice.InDoubt, 0, 1},
		{"empty body", answer(slacktest.EmptyBody()), notice.InDoubt, 0, 1},
		{"empty object", answer(slacktest.EmptyObject()), notice.InDoubt, 0, 1},
		{"JSON of another shape", answer(slacktest.Body(200, "application/json", `[1]`)), notice.InDoubt, 0, 1},
		{"ok without ts", answer(slacktest.Body(200, "application/json", `{"ok":true,"channel":"C0GENERAL"}`)), notice.InDoubt, 0, 1},
		{"ok without channel", answer(slacktest.Body(200, "application/json", `{"ok":true,"ts":"1.000001"}`)), notice.InDoubt, 0, 1},
		{"not ok and no reason", answer(slacktest.Body(200, "application/json", `{"ok":false}`)), notice.InDoubt, 0, 1},
		{"500", answer(slacktest.Status(500)), notice.InDoubt, 0, 1},
		{"503", answer(slacktest.Status(503)).Unstored(), notice.InDoubt, 0, 0},
		{"503 with a reason", answer(slacktest.Body(503, "application/json", `{"ok":false,"error":"invalid_auth"}`)), notice.InDoubt, 0, 1},
		{"404", answer(slacktest.Status(404)).Unstored(), notice.InDoubt, 0, 0},
		{"400 with a reason", answer(slacktest.Body(400, "application/json", `{"ok":false,"error":"invalid_blocks"}`)).Unstored(), notice.Refused, 0, 0},
		{"slow", slacktest.Fault{Hold: time.Minute}, notice.InDoubt, 0, 1},
		{"silent", slacktest.Hang(time.Minute), notice.InDoubt, 0, 1},
		{"429", answer(slacktest.TooMany("7")).Unstored(), notice.Limited, 7 * time.Second, 0},
		{"429 without a header", answer(slacktest.TooMany("")).Unstored(), notice.Limited, 30 * time.Second, 0},
		{"429 with a word", answer(slacktest.TooMany("soon")).Unstored(), notice.Limited, 30 * time.Second, 0},
		{"429 with nothing to wait", answer(slacktest.TooMany("0")).Unstored(), notice.Limited, 30 * time.Second, 0},
		{"429 with far too much", answer(slacktest.TooMany("99999999999999999999")).Unstored(), notice.Limited, 30 * time.Second, 0},
		{"429 for days", answer(slacktest.TooMany("999999")).Unstored(), notice.Limited, 24 * time.Hour, 0},
		{"429 with a date", answer(slacktest.TooMany("Sat, 01 Jan 2000 00:01:00 GMT")).Unstored(), notice.Limited, time.Minute, 0},
		{"ratelimited with 200", answer(slacktest.RateLimitedBody()).Unstored(), notice.Limited, 30 * time.Second, 0},
		{"message_limit_exceeded", answer(slacktest.Error("message_limit_exceeded")).Unstored(), notice.SinkDown, time.Hour, 0},
		{"problems of an unknown form", answer(slacktest.Body(200, "application/json",
			`{"ok":false,"error":"invalid_blocks","errors":[{"what":"xoxb-test"}]}`)).Unstored(), notice.Refused, 0, 0},
	}
	for result, reasons := range map[notice.Result]string{
		notice.Limited: "rate_limited",
		notice.Refused: "invalid_blocks invalid_blocks_format msg_blocks_too_long msg_too_long no_text invalid_attachments " +
			"too_many_attachments metadata_too_large metadata_must_be_sent_from_app invalid_metadata_format invalid_metadata_schema",
		notice.ChannelDown: "channel_not_found not_in_channel is_archived restricted_action restricted_action_read_only_channel " +
			"messages_tab_disabled cannot_reply_to_message",
		notice.SinkDown: "invalid_auth not_authed token_revoked token_expired account_inactive missing_scope " +
			"not_allowed_token_type org_login_required access_denied team_added_to_org team_access_not_granted",
		notice.InDoubt: "fatal_error internal_error request_timeout service_unavailable never_heard_of_it",
	} {
		for reason := range strings.FieldsSeq(reasons) {
			o := outcome{reason, answer(slacktest.Error(reason)).Unstored(), result, 0, 0}
			if result == notice.Limited {
				o.wait = 30 * time.Second
			}
			all = append(all, o)
		}
	}
	for _, o := range all {
		t.Run(o.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := slacktest.New()
				defer s.Close()
				s.FailNext(postMessage, o.fault)
				began := time.Now()
				r, err := connect(t, s, Config{}).Post(t.Context(), hello(slacktest.General))
				e := failed(t, err)
				if e.Result != o.want || e.RetryAfter != o.wait {
					t.Errorf("%s, wait %v; want %s, wait %v (%v)", e.Result, e.RetryAfter, o.want, o.wait, err)
				}
				if r != (notice.Receipt{}) {
					t.Errorf("a receipt %+v", r)
				}
				if got := s.Copies("k7"); got != o.copies {
					t.Errorf("%d copies, want %d", got, o.copies)
				}
				if n := len(s.Calls()); n != 1 {
					t.Errorf("%d requests", n)
				}
				if time.Since(began) > callTimeout {
					t.Errorf("it took %v", time.Since(began))
				}
				if strings.Contains(err.Error(), "\n") || strings.Contains(err.Error(), slacktest.Token) {
					t.Errorf("the error reads %q", err)
				}
			})
		})
	}
}

func TestPost_FailureHasSlacksDate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := slacktest.New()
		defer s.Close()
		s.SetSkew(-time.Hour)
		s.FailNext(postMessage, slacktest.Fault{Answer: slacktest.Status(500)})
		_, err := connect(t, s, Config{}).Post(t.Context(), hello(slacktest.General))
		if got, want := failed(t, err).At, s.Now().Truncate(time.Second); !got.Equal(want) {
			t.Errorf("got %v, want %v", got, want)
		}
	})
}

func TestPost_Timeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := slacktest.New()
		defer s.Close()
		s.FailNext(postMessage, slacktest.Fault{Hold: 2 * time.Hour})
		began := time.Now()
		_, err := connect(t, s, Config{}).Post(t.Context(), hello(slacktest.General))
		if got := time.Since(began); got != 20*time.Second || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("it took %v: %v", got, err)
		}
	})
}

func TestPost_NeverLeft(t *testing.T) {
	unplugged := slacktest.Start()
	unplugged.Unplug()
	defer unplugged.Close()
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	deaf := hole(t)
	for name, c := range map[string]Config{
		"refused":        {APIURL: unplugged.URL()},
		"no such host":   {APIURL: "http://host.invalid/api/"},
		"no TLS there":   {APIURL: strings.Replace(plain.URL, "http:", "https:", 1)},
		"TLS never ends": {APIURL: "https://" + deaf},
	} {
		t.Run(name, func(t *testing.T) {
			c.Token = slacktest.Token
			s, err := New(c)
			if err != nil {
				t.Fatal(err)
			}
			s.timeout = 250 * time.Millisecond
			_, err = s.Post(t.Context(), hello("general"))
			if e := failed(t, err); e.Result != notice.NotSent {
				t.Errorf("got %v", err)
			}
		})
	}
}

// hole returns the address of a listener that takes connections and says nothing.
func hole(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l.Addr().String()
}

func TestPost_Cancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := slacktest.New()
		defer s.Close()
		c := connect(t, s, Config{})
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := c.Post(gone, hello(slacktest.General))
		if e := failed(t, err); e.Result != notice.NotSent || len(s.Calls()) != 0 {
			t.Errorf("before it began: %v", err)
		}
		s.FailNext(postMessage, slacktest.Fault{Hold: time.Minute})
		ctx, stop := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Second, func() { stop(errors.New("shutting down")) })
		_, err = c.Post(ctx, hello(slacktest.General))
		if e := failed(t, err); e.Result != notice.InDoubt {
			t.Errorf("on its way: %v", err)
		}
	})
}

// A transport that reports no stages proves nothing.
func TestPost_UnknownTransport(t *testing.T) {
	c, err := New(Config{Token: "xoxb-1", HTTPClient: &http.Client{Transport: roundTrip(func(*http.Request) (*http.Response, error) {
		return nil, errors.New("something")
	})}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Post(t.Context(), hello("general"))
	if e := failed(t, err); e.Result != notice.InDoubt {
		t.Errorf("got %v", err)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestPost_OneRequestOverRealSockets(t *testing.T) {
	faults := map[string]slacktest.Fault{
		"dropped": {Answer: slacktest.Drop()}, "reset": {Answer: slacktest.Reset()}, "cut": {Answer: slacktest.CutBody()},
		"503": {Answer: slacktest.Status(503)}, "429": {Answer: slacktest.TooMany("1")}, "silent": slacktest.Hang(time.Minute),
	}
	for name, f := range faults {
		t.Run(name, func(t *testing.T) {
			s := slacktest.Start()
			defer s.Close()
			c, err := New(Config{Token: slacktest.Token, APIURL: s.URL()})
			if err != nil {
				t.Fatal(err)
			}
			c.timeout = 250 * time.Millisecond
			if _, err := c.Post(t.Context(), hello("general")); err != nil { // the next goes over a connection that was used
				t.Fatal(err)
			}
			s.FailNext(postMessage, f)
			_, err = c.Post(t.Context(), hello("general"))
			if e := failed(t, err); e.Result != notice.InDoubt && e.Result != notice.Limited {
				t.Errorf("got %v", err)
			}
			if n := len(s.Calls(postMessage)); n != 2 {
				t.Errorf("%d requests for two attempts", n)
			}
		})
	}
}

func TestPost_RedirectIsNotFollowed(t *testing.T) {
	var hits atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hits.Add(1)
		http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
	}))
	defer s.Close()
	c, err := New(Config{Token: "xoxb-1", APIURL: s.URL})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Post(t.Context(), hello("general"))
	if e := failed(t, err); e.Result != notice.InDoubt || hits.Load() != 1 {
		t.Errorf("%d requests: %v", hits.Load(), err)
	}
}

func TestPost_RefusalSaysWhatIsWrong(t *testing.T) {
	s := slacktest.New()
	defer s.Close()
	s.Install(slacktest.App{Token: slacktest.Token, Scopes: []string{"channels:history"}})
	_, err := connect(t, s, Config{}).Post(t.Context(), hello(slacktest.General))
	if got := err.Error(); !strings.Contains(got, "missing_scope, needs chat:write") {
		t.Errorf("got %q", got)
	}
	s.FailNext(postMessage, slacktest.Fault{Answer: slacktest.Body(200, "application/json",
		`{"ok":false,"error":"invalid_blocks","response_metadata":{"messages":["[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"]}}`)})
	_, err = connect(t, s, Config{}).Post(t.Context(), hello(slacktest.General))
	if got := err.Error(); !strings.Contains(got, "3001 characters [json-pointer:/blocks/0/text/text]") {
		t.Errorf("got %q", got)
	}
}

// Whatever goes wrong, and whatever the other side writes, the token is in no
// error, no link of its chain, and no line of the log.
func TestPost_TokenIsNeverTold(t *testing.T) {
	const secret = "xoxb-12345-SECRET"
	echo := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.ParseForm()
		got := r.Form.Get("token") + r.Header.Get("Authorization")
		switch r.Form.Get("channel") {
		case "CREASON":
			fmt.Fprintf(w, `{"ok":false,"error":%q,"needed":%q,"response_metadata":{"messages":[%q]}}`, got, got, got)
		case "CERRORS":
			fmt.Fprintf(w, `{"ok":false,"error":"x","errors":[{"odd":%q}]}`, got)
		case "CODD":
			fmt.Fprintf(w, `{"ok":true,"ts":{"a":%q}}`, got)
		case "CWAIT":
			w.Header().Set("Retry-After", got)
			w.WriteHeader(http.StatusTooManyRequests)
		case "CMOVED":
			http.Redirect(w, r, "/?token="+got, http.StatusFound)
		case "CCUT":
			w.Header().Set("Content-Length", "1000")
			fmt.Fprint(w, got)
		default:
			fmt.Fprint(w, got)
		}
	}))
	defer echo.Close()
	var lines bytes.Buffer
	log := slog.New(slog.NewJSONHandler(&lines, &slog.HandlerOptions{Level: slog.LevelDebug}))
	told := func(what string, err error) {
		for e := err; e != nil; e = errors.Unwrap(e) {
			if text := fmt.Sprintf("%v %+v", e, e); strings.Contains(text, "SECRET") {
				t.Errorf("%s: the error says %s", what, text)
			}
		}
	}
	for _, address := range []string{echo.URL, "http://127.0.0.1:1/" + secret, "http://host.invalid/" + secret} {
		c, err := New(Config{Token: secret, APIURL: address, Log: log})
		if err != nil {
			t.Fatal(err)
		}
		for _, channel := range []string{"CREASON", "CERRORS", "CODD", "CWAIT", "CMOVED", "CCUT", "CTEXT"} {
			_, err := c.Post(t.Context(), hello(channel))
			told("post to "+channel, err)
			told("delete in "+channel, c.Delete(t.Context(), channel, "1.0"))
			c.bot = "B" // history is asked at once
			_, err = c.Find(t.Context(), notice.Search{ChannelID: channel})
			told("find in "+channel, err)
		}
		told("auth", c.Check(t.Context(), nil).Err)
	}
	for _, bad := range []string{"xoxp-SECRET", "xoxb-SEC RET\n", "SECRET"} {
		_, err := New(Config{Token: bad})
		told("a bad token", err)
		if err == nil {
			t.Errorf("%q was taken for a bot token", bad)
		}
	}
	if _, err := New(Config{Token: secret, APIURL: "https://u:SECRET@slack.example/"}); err == nil {
		t.Error("an address with a password was taken")
	} else {
		told("a bad address", err)
	}
	if strings.Contains(lines.String(), "SECRET") || lines.Len() == 0 {
		t.Errorf("the log says\n%s", lines.String())
	}
}

func TestNew_AddressesOfTheAPI(t *testing.T) {
	for given, want := range map[string]string{
		"": "https://slack.com/api/", "https://slack.com/api": "https://slack.com/api/", "http://127.0.0.1:9/x/": "http://127.0.0.1:9/x/",
	} {
		if got, err := apiURL(given); got != want || err != nil {
			t.Errorf("%q became %q, %v", given, got, err)
		}
	}
	for _, bad := range []string{"slack.com/api", "ftp://slack.com/", "https:///api", "https://slack.com/?x=1", "\x00"} {
		if _, err := apiURL(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

// What JSON shows is what is sent.
func TestJSON_IsWhatIsSent(t *testing.T) {
	s := slacktest.New()
	defer s.Close()
	c := connect(t, s, Config{})
	for name, m := range messages(t) {
		p := post(m)
		p.Channel = slacktest.General
		if _, err := c.Post(t.Context(), p); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		sent := s.Calls()[len(s.Calls())-1].Form
		shown := payloadJSON(t, p)
		var as struct {
			Text     string
			Blocks   any
			Metadata any
		}
		unmarshal(t, shown, &as)
		var blocks, metadata any
		unmarshal(t, []byte(sent.Get("blocks")), &blocks)
		unmarshal(t, []byte(sent.Get("metadata")), &metadata)
		if as.Text != sent.Get("text") || fmt.Sprint(as.Blocks) != fmt.Sprint(blocks) || fmt.Sprint(as.Metadata) != fmt.Sprint(metadata) {
			t.Errorf("%s: sent %v", name, sent)
		}
	}
	if names := formNames(s); !slices.Equal(names, []string{"blocks", "channel", "metadata", "text", "unfurl_links", "unfurl_media"}) {
		t.Errorf("sent are %v", names)
	}
}
