package slacktest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"attache/internal/slack/slacktest"

	"github.com/slack-go/slack"
)

// faults are the answers that can take the place of the true one, and what a
// client of slack-go makes of each.
var faults = []struct {
	name   string
	answer slacktest.Answer
	seen   func(ts string, err error) bool
}{
	{"500", slacktest.Status(500), isStatus(500)},
	{"503", slacktest.Status(503), isStatus(503)},
	{"dropped", slacktest.Drop(), func(_ string, err error) bool { return errors.Is(err, io.EOF) }},
	{"reset", slacktest.Reset(), func(_ string, err error) bool { return errors.Is(err, syscall.ECONNRESET) }},
	{"cut body", slacktest.CutBody(), func(_ string, err error) bool { return errors.Is(err, io.ErrUnexpectedEOF) }},
	{"invalid JSON", slacktest.InvalidJSON(), func(_ string, err error) bool { return err != nil }},
	{"empty body", slacktest.EmptyBody(), func(_ string, err error) bool { return errors.Is(err, io.EOF) }},
	{"empty object", slacktest.EmptyObject(), func(ts string, err error) bool { return err == nil && ts == "" }},
	{"HTML page", slacktest.HTMLPage(), func(_ string, err error) bool { return err != nil }},
	{"fatal_error", slacktest.Error("fatal_error"), isError("fatal_error")},
	{"internal_error", slacktest.Error("internal_error"), isError("internal_error")},
	{"429", slacktest.TooMany("30"), func(_ string, err error) bool {
		var limited *slack.RateLimitedError
		return errors.As(err, &limited) && limited.RetryAfter == 30*time.Second
	}},
	{"429 without a header", slacktest.TooMany(""), isStatus(429)},
	{"429 with words in the header", slacktest.TooMany("soon"), func(_ string, err error) bool {
		return err != nil && strings.Contains(err.Error(), `"soon"`)
	}},
	{"429 in the body alone", slacktest.RateLimitedBody(), isError("ratelimited")},
}

func isStatus(code int) func(string, error) bool {
	return func(_ string, err error) bool {
		var status slack.StatusCodeError
		return errors.As(err, &status) && status.Code == code
	}
}

func isError(code string) func(string, error) bool {
	return func(_ string, err error) bool {
		var refused slack.SlackErrorResponse
		return errors.As(err, &refused) && refused.Err == code
	}
}

func TestFault_SeenAndStoredOrNot(t *testing.T) {
	s := slacktest.Start()
	t.Cleanup(s.Close)
	clients := map[string]*slack.Client{"socket": clientOf(s, slacktest.Token), "in process": inProcess(s)}
	for way, c := range clients {
		for _, f := range faults {
			for _, skip := range []bool{false, true} {
				key := fmt.Sprintf("%s, %s, skipped %v", way, f.name, skip)
				t.Run(key, func(t *testing.T) {
					s.FailNext("chat.postMessage", slacktest.Fault{Skip: skip, Answer: f.answer})
					_, ts, err := c.PostMessage(slacktest.General, text("x"), keyed(key))
					if !f.seen(ts, err) {
						t.Errorf("client sees ts %q, error %v", ts, err)
					}
					if stored := s.Copies(key) == 1; stored == skip {
						t.Errorf("stored: %v", stored)
					}
				})
			}
		}
	}
	if got := s.Calls("chat.postMessage"); got[2].Key() == "" || got[0].Answer == "ok" {
		t.Errorf("faults are not recorded: %+v", got[0])
	}
}

func TestFault_Late(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := slacktest.New()
		defer s.Close()
		s.FailNext("chat.postMessage", slacktest.Fault{Late: 1500 * time.Millisecond})
		_, _, err := inProcess(s).PostMessage(slacktest.General, text("x"), keyed("K"))
		if !errors.Is(err, io.EOF) || s.Copies("K") != 0 {
			t.Errorf("at once: %v, %d copies", err, s.Copies("K"))
		}
		for copies, after := range []time.Duration{1499 * time.Millisecond, time.Millisecond} {
			time.Sleep(after)
			if synctest.Wait(); s.Copies("K") != copies {
				t.Errorf("%d copies %v later, want %d", s.Copies("K"), after, copies)
			}
		}
	})
}

func TestFault_LateAfterClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := slacktest.New()
		s.FailNext("", slacktest.Fault{Late: time.Minute})
		inProcess(s).PostMessage(slacktest.General, text("x"), keyed("K"))
		s.Close()
		time.Sleep(time.Hour)
		if s.Copies("K") != 0 {
			t.Error("stored after the end")
		}
	})
}

func TestFault_Hang(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := slacktest.New()
		defer s.Close()
		c := inProcess(s)
		s.FailNext("chat.postMessage", slacktest.Hang(time.Minute), slacktest.Hang(time.Minute).Unstored(), slacktest.Hang(20*time.Second))
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		began := time.Now()
		if _, _, err := c.PostMessageContext(ctx, slacktest.General, text("x"), keyed("A")); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("with a deadline of 10 s: %v", err)
		}
		if d := time.Since(began); d != 10*time.Second {
			t.Errorf("the client was let go after %v", d)
		}
		var timeout interface{ Timeout() bool }
		if _, _, err := c.PostMessage(slacktest.General, text("x"), keyed("B")); !errors.As(err, &timeout) || !timeout.Timeout() {
			t.Errorf("with a client that waits 30 s: %v", err)
		}
		if _, _, err := c.PostMessage(slacktest.General, text("x"), keyed("C")); !errors.Is(err, io.EOF) {
			t.Errorf("with an answer lost after 20 s: %v", err)
		}
		if s.Copies("A") != 1 || s.Copies("B") != 0 || s.Copies("C") != 1 {
			t.Errorf("copies %d %d %d", s.Copies("A"), s.Copies("B"), s.Copies("C"))
		}
	})
}

func TestFault_HeldAnswerIsTrue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := slacktest.New()
		defer s.Close()
		s.FailNext("", slacktest.Fault{Hold: 20 * time.Second})
		began := time.Now()
		ts := post(t, inProcess(s), slacktest.General, text("x"), keyed("K"))
		if got := s.Find("K"); time.Since(began) != 20*time.Second || len(got) != 1 || got[0].TS != ts {
			t.Errorf("after %v: %+v", time.Since(began), got)
		}
	})
}

func TestFault_ClientThatLeaves(t *testing.T) {
	s, c := start(t)
	s.FailNext("chat.postMessage", slacktest.Fault{Hold: time.Hour})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		arrives(t, s, "K")
		cancel()
	}()
	if _, _, err := c.PostMessageContext(ctx, slacktest.General, text("x"), keyed("K")); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
}

func TestFault_Skipped(t *testing.T) {
	s, c := start(t)
	s.FailNext("chat.postMessage", slacktest.Fault{Skip: true})
	channel, ts, err := c.PostMessage("general", text("x"), keyed("K"))
	if err != nil || channel != slacktest.General || ts == "" || s.Copies("K") != 0 {
		t.Errorf("%s %s %v, %d copies", channel, ts, err, s.Copies("K"))
	}
}

func TestFault_Script(t *testing.T) {
	s, c := start(t)
	s.Fail(func(call slacktest.Call) slacktest.Fault {
		if call.Method == "chat.postMessage" && s.Copies(call.Key()) == 0 {
			return slacktest.Fault{Answer: slacktest.Status(500)}
		}
		return slacktest.Fault{}
	})
	if _, _, err := c.PostMessage(slacktest.General, text("x"), keyed("K")); err == nil {
		t.Error("the first post did not fail")
	}
	post(t, c, slacktest.General, text("x"), keyed("K"))
	s.FailNext("auth.test", slacktest.Fault{Answer: slacktest.Error("account_inactive")})
	_, err := c.AuthTest()
	wantErr(t, err, "account_inactive")
	s.Fail(nil)
	if _, err := c.AuthTest(); err != nil {
		t.Error(err)
	}
}

func TestFault_ServersDate(t *testing.T) {
	s, _ := start(t)
	s.SetSkew(time.Hour)
	s.FailNext("", slacktest.Fault{Answer: slacktest.Status(503)})
	resp, err := http.PostForm(s.URL()+"auth.test", url.Values{})
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	date, err := http.ParseTime(resp.Header.Get("Date"))
	if err != nil || time.Until(date) < 50*time.Minute {
		t.Errorf("Date is %v (%v)", date, err)
	}
}

func TestLimit_OfAChannel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := slacktest.New()
		defer s.Close()
		s.SetChannel(slacktest.Channel{ID: "C0OTHER", Name: "other", Member: true})
		s.Limit(time.Second)
		c := inProcess(s)
		post(t, c, "general", text("1"))
		_, _, err := c.PostMessage(slacktest.General, text("2"), keyed("K"))
		var limited *slack.RateLimitedError
		if !errors.As(err, &limited) || limited.RetryAfter != time.Second || s.Copies("K") != 0 {
			t.Errorf("second post within the second: %v", err)
		}
		post(t, c, "other", text("1"))
		for range 5 {
			time.Sleep(time.Second)
			post(t, c, slacktest.General, text("3"))
		}
		s.Limit(0)
		post(t, c, slacktest.General, text("4"))
	})
}
