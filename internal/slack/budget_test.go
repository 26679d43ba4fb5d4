package slack

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	slackgo "github.com/slack-go/slack"

	"attache/internal/answer"
	"attache/internal/notice"
	"attache/internal/slack/slacktest"
)

// crowd adds n channels and returns their IDs.
func crowd(s *slacktest.Server, n int) []string {
	var ids []string
	for i := range n {
		id := fmt.Sprintf("C0DESK%02d", i)
		s.SetChannel(slacktest.Channel{ID: id, Name: fmt.Sprintf("desk-%02d", i), Member: true})
		ids = append(ids, id)
	}
	return ids
}

func TestCheck_MoreChannelsThanSlackTakesQuestions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := slacktest.New()
		defer s.Close()
		s.Tier(historyMethod, 50)
		r := connect(t, s, Config{}).Check(t.Context(), crowd(s, 80))
		if !r.OK() || len(r.Channels) != 80 || s.Early() > 0 {
			t.Errorf("%d of 80 channels, %d calls too early: %v", len(r.Channels), s.Early(), r.Lines())
		}
		if n := len(s.Calls(historyMethod)); n != 81 {
			t.Errorf("%d calls for 80 channels and one refusal", n)
		}
	})
}

func TestCheck_StopsWhereSlackTakesNoMoreQuestions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := slacktest.New()
		defer s.Close()
		s.Fail(func(c slacktest.Call) slacktest.Fault {
			if c.Method == historyMethod {
				return slacktest.Fault{Answer: slacktest.TooMany("30")}
			}
			return slacktest.Fault{}
		})
		r := connect(t, s, Config{}).Check(t.Context(), crowd(s, 5))
		if r.OK() || len(r.Unasked) != 4 || len(s.Calls(historyMethod)) != 2 {
			t.Errorf("%d not asked, %d calls", len(r.Unasked), len(s.Calls(historyMethod)))
		}
		if lines := strings.Join(r.Lines(), "\n"); !strings.Contains(lines, "4 channels not asked for") {
			t.Error(lines)
		}
	})
}

func TestFind_ManyAtOnceAskOneAfterTheOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := slacktest.New()
		defer s.Close()
		s.Tier(historyMethod, 10)
		s.Fail(func(slacktest.Call) slacktest.Fault { return slacktest.Fault{Hold: 100 * time.Millisecond} })
		c := connect(t, s, Config{})
		var all sync.WaitGroup
		var mu sync.Mutex
		limited := 0
		for _, id := range crowd(s, 30) {
			all.Go(func() {
				_, err := c.Find(t.Context(), notice.Search{Channel: id, ChannelID: id, Keys: []string{"k7"}})
				if e, ok := err.(*notice.SendError); ok && e.Result == notice.Limited && e.RetryAfter > 0 {
					mu.Lock()
					limited++
					mu.Unlock()
				}
			})
		}
		all.Wait()
		if limited != 20 || len(s.Calls(historyMethod)) != 11 || s.Early() > 0 {
			t.Errorf("%d were told to wait, %d calls, %d too early", limited, len(s.Calls(historyMethod)), s.Early())
		}
	})
}

func TestWait_OutlivesRestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := slacktest.New()
		defer s.Close()
		s.Tier(historyMethod, 1)
		var kept map[string]time.Time
		search := notice.Search{Channel: "general", ChannelID: slacktest.General, Keys: []string{"k7"}}
		for range 10 { // a crash loop
			c := connect(t, s, Config{Waits: maps.Clone(kept), OnWait: func(w map[string]time.Time) { kept = w }})
			for range 2 {
				_, _ = c.Find(t.Context(), search) // what it answers is seen in what was asked
			}
			time.Sleep(time.Second)
		}
		if n := len(s.Calls(historyMethod)); n != 2 || s.Early() > 0 {
			t.Errorf("%d calls, %d too early", n, s.Early())
		}
		time.Sleep(time.Minute)
		if _, err := connect(t, s, Config{Waits: kept}).Find(t.Context(), search); err != nil {
			t.Errorf("after the wait: %v", err)
		}
		other := newBudget("xoxb-other", kept, nil)
		if len(other.until) > 0 {
			t.Errorf("the waits of one token hold for another: %v", other.until)
		}
	})
}

// TestWait_IsKeptForEveryCall has Slack turn away each call that people and the socket lead to: it
// is not made again before the time is over, not by another run either.
func TestWait_IsKeptForEveryCall(t *testing.T) {
	press := answer.Press{Channel: slacktest.General, By: answer.Person{ID: "U0ANN"}}
	form := slackgo.ModalViewRequest{Type: slackgo.VTModal}
	for method, call := range map[string]func(ctx context.Context, s *Slack, k *Socket) error{
		"apps.connections.open": func(ctx context.Context, _ *Slack, k *Socket) error { return k.Check(ctx) },
		"views.open":            func(ctx context.Context, s *Slack, _ *Socket) error { return s.openView(ctx, "t1", form) },
		"views.update":          func(ctx context.Context, s *Slack, _ *Socket) error { return s.updateView(ctx, "V1", "", form) },
		"chat.postEphemeral": func(ctx context.Context, s *Slack, _ *Socket) error {
			return s.whisper(ctx, press, whispered{Text: "a"})
		},
		"users.info": func(ctx context.Context, s *Slack, _ *Socket) error { s.displayName(ctx, press.By); return nil },
	} {
		t.Run(method, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := slacktest.New()
				defer s.Close()
				s.Fail(func(c slacktest.Call) slacktest.Fault {
					if c.Method == method {
						return slacktest.Fault{Skip: true, Answer: slacktest.TooMany("30")}
					}
					return slacktest.Fault{}
				})
				kept := map[string]time.Time{}
				keep := func(w map[string]time.Time) { maps.Copy(kept, w) }
				for range 4 { // runs
					c := connect(t, s, Config{Waits: maps.Clone(kept), OnWait: keep})
					k, err := NewSocket(SocketConfig{Token: slacktest.AppToken, APIURL: c.address, HTTPClient: c.client.client, Waits: maps.Clone(kept), OnWait: keep})
					if err != nil {
						t.Fatal(err)
					}
					for range 3 {
						_ = call(t.Context(), c, k) // what it answers is seen in what was asked
					}
					time.Sleep(time.Second)
				}
				if n := len(s.Calls(method)); n != 1 {
					t.Errorf("%d calls", n)
				}
			})
		})
	}
}

func TestPost_WaitsForItsChannelAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := slacktest.New()
		defer s.Close()
		s.Limit(10 * time.Second)
		c := connect(t, s, Config{})
		ids := crowd(s, 2)
		var errs []error
		for _, id := range []string{ids[0], ids[0], ids[0], ids[1]} {
			p := hello(id)
			_, err := c.Post(t.Context(), p)
			errs = append(errs, err)
		}
		if errs[0] != nil || errs[3] != nil || failed(t, errs[1]).Result != notice.Limited || failed(t, errs[2]).Result != notice.Limited {
			t.Errorf("%v", errs)
		}
		if n := len(s.Calls(postMessage)); n != 3 || s.Early() > 0 {
			t.Errorf("%d calls, %d too early", n, s.Early())
		}
	})
}
