package attachetest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"attache/internal/dispatch"
	"attache/internal/notice"
	"attache/internal/slack/slacktest"
	"attache/internal/store"
)

const desks = slacktest.General

// answers returns every answer that does not say what became of a call.
func answers() map[string]slacktest.Fault {
	of := func(a slacktest.Answer) slacktest.Fault { return slacktest.Fault{Answer: a} }
	return map[string]slacktest.Fault{
		"500": of(slacktest.Status(500)), "503": of(slacktest.Status(503)), "a time-out": slacktest.Hang(time.Minute),
		"a dropped connection": of(slacktest.Drop()), "a reset connection": of(slacktest.Reset()), "a cut body": of(slacktest.CutBody()),
		"invalid JSON": of(slacktest.InvalidJSON()), "an empty body": of(slacktest.EmptyBody()), "an empty object": of(slacktest.EmptyObject()),
		"an HTML page": of(slacktest.HTMLPage()), "fatal_error": of(slacktest.Error("fatal_error")),
		"internal_error": of(slacktest.Error("internal_error")), "an unknown error": of(slacktest.Error("never_heard_of")),
		"429": of(slacktest.TooMany("1")), "429 with no header": of(slacktest.TooMany("")), "429 with words": of(slacktest.TooMany("soon")),
		"a limit in the body": of(slacktest.RateLimitedBody()),
	}
}

// everyAnswer runs a test for every such answer, with the call carried out and not.
func everyAnswer(t *testing.T, test func(t *testing.T, k *desk, f slacktest.Fault)) {
	for name, f := range answers() {
		for _, stored := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, stored=%v", name, stored), func(t *testing.T) {
				atDesk(t, func(t *testing.T, k *desk) {
					f.Skip = !stored
					test(t, k, f)
				})
			})
		}
	}
}

func TestDelivery_OneMessageWhateverIsAnswered(t *testing.T) {
	t.Parallel()
	everyAnswer(t, func(t *testing.T, k *desk, f slacktest.Fault) {
		k.slack.FailNext("chat.postMessage", f)
		it := k.plan("a", "x", desks, 0)
		k.pass(75 * time.Second)
		k.wantOnce(it)
		if len(k.shown(desks)) != 1 {
			t.Errorf("%d messages", len(k.shown(desks)))
		}
	})
}

func TestDelivery_OneReplyWhateverIsAnswered(t *testing.T) {
	t.Parallel()
	everyAnswer(t, func(t *testing.T, k *desk, f slacktest.Fault) {
		card := k.plan("a", "x", desks, 0)
		k.pass(5 * time.Second)
		k.slack.FailNext("chat.postMessage", f)
		it := k.plan("b", "x", desks, 0)
		k.pass(75 * time.Second)
		k.wantOnce(it)
		if list := k.shown(desks); len(list) != 2 || list[1].ThreadTS != k.item(card.Key).TS {
			t.Errorf("shown are %+v", list)
		}
	})
}

func TestDelivery_CurrentCardWhateverIsAnswered(t *testing.T) {
	t.Parallel()
	everyAnswer(t, func(t *testing.T, k *desk, f slacktest.Fault) {
		it := k.plan("a", "x", desks, 0)
		k.pass(5 * time.Second)
		k.slack.FailNext("chat.update", f, f)
		k.revise("x", 7)
		k.pass(2 * time.Minute)
		k.wantOnce(it)
		if list := k.shown(desks); len(list) != 1 || !strings.Contains(list[0].Shown(), "Card of x at 7.") {
			t.Errorf("shown are %+v", list)
		}
	})
}

func TestDelivery_StoredLate(t *testing.T) {
	t.Parallel()
	for _, late := range []time.Duration{1500 * time.Millisecond, 5 * time.Second, time.Minute} {
		t.Run(late.String(), func(t *testing.T) {
			atDesk(t, func(t *testing.T, k *desk) {
				k.slack.FailNext("chat.postMessage", slacktest.Fault{Late: late, Answer: slacktest.Drop()})
				it := k.plan("a", "x", desks, 0)
				k.pass(10 * time.Minute)
				k.wantOnce(it)
				if late == time.Minute && !strings.Contains(k.log.String(), "a second copy was deleted") {
					t.Error("the copy is not in the log")
				}
			})
		})
	}
}

func TestDelivery_HistoryLagsAndClockIsOff(t *testing.T) {
	t.Parallel()
	for _, skew := range []time.Duration{0, time.Hour, -time.Hour} {
		for _, lag := range []time.Duration{0, 5 * time.Second} {
			t.Run(fmt.Sprint(skew, lag), func(t *testing.T) {
				atDesk(t, func(t *testing.T, k *desk) {
					k.slack.SetSkew(skew)
					k.slack.SetLag(lag)
					k.slack.FailNext("chat.postMessage", slacktest.Fault{Answer: slacktest.Drop()})
					it := k.plan("a", "x", desks, 0)
					k.pass(2 * time.Minute)
					k.wantOnce(it)
					k.slack.FailNext("chat.postMessage", slacktest.Fault{Answer: slacktest.Drop()})
					reply := k.plan("b", "x", desks, 0)
					k.pass(2 * time.Minute)
					k.wantOnce(reply)
				})
			})
		}
	}
}

func TestDelivery_FoundBehindThreeHundredOthers(t *testing.T) {
	t.Parallel()
	atDesk(t, func(t *testing.T, k *desk) {
		k.slack.FailNext("chat.postMessage", slacktest.Fault{Answer: slacktest.Drop()})
		it := k.plan("a", "x", desks, 0)
		k.pass(time.Second)
		for range 300 {
			k.slack.Say(desks, "U0ALICE", "noise")
		}
		k.pass(2 * time.Minute)
		k.wantOnce(it)
	})
}

func TestDelivery_LimitRestsOneChannel(t *testing.T) {
	t.Parallel()
	for header, least := range map[string]time.Duration{"20": 20 * time.Second, "": 10 * time.Second, "soon": 10 * time.Second} {
		t.Run("Retry-After "+header, func(t *testing.T) {
			atDesk(t, func(t *testing.T, k *desk) {
				k.slack.SetChannel(channel("C0BOARD", "board"))
				k.slack.FailNext("chat.postMessage", slacktest.Fault{Skip: true, Answer: slacktest.TooMany(header)})
				a := k.plan("a", "x", desks, time.Second)
				k.pass(2 * time.Second)
				b := k.plan("b", "y", "C0BOARD", 0)
				began := time.Now()
				k.pass(2 * time.Minute)
				k.wantOnce(a)
				k.wantOnce(b)
				var limited time.Time
				for _, c := range k.slack.Calls() {
					switch {
					case c.Answer == "ratelimited":
						limited = c.At
					case c.Channel() == desks && !limited.IsZero() && c.At.Sub(limited) < least:
						t.Errorf("%s %v after the limit", c.Method, c.At.Sub(limited))
					}
				}
				if at := k.item(b.Key).SentAt; at.Sub(began) > 2*time.Second {
					t.Errorf("the other channel waited %v", at.Sub(began))
				}
			})
		})
	}
}

func TestDelivery_HundredNoticesProvokeNoLimit(t *testing.T) {
	t.Parallel()
	atDesk(t, func(t *testing.T, k *desk) {
		k.slack.Limit(time.Second)
		var items []notice.Item
		for i := range 100 {
			items = append(items, k.plan(fmt.Sprintf("n%03d", i), fmt.Sprint("event-", i), desks, 0))
		}
		k.pass(3 * time.Minute)
		for _, it := range items {
			if is := k.item(it.Key); is.State != notice.Sent {
				t.Errorf("%s is %s", it.Notice.Key, is.State)
			}
			if n := k.copies(desks, it.Notice.Key+"."); n != 1 {
				t.Errorf("%s is told %d times", it.Notice.Key, n)
			}
		}
		if n := k.d.Status().Totals.Limited; n != 0 {
			t.Errorf("limited %d times", n)
		}
	})
}

func TestDelivery_FortyOverdueAreOneDigest(t *testing.T) {
	t.Parallel()
	atDesk(t, func(t *testing.T, k *desk) {
		var items []notice.Item
		for i := range 40 {
			items = append(items, k.plan(fmt.Sprintf("n%03d", i), fmt.Sprint("event-", i), desks, time.Hour))
		}
		k.slack.FailNext("chat.postMessage", slacktest.Fault{Answer: slacktest.Drop()})
		k.pass(2 * time.Minute)
		if n := len(k.shown(desks)); n > 2 {
			t.Errorf("%d messages", n)
		}
		for _, it := range items {
			if n := k.copies(desks, it.Notice.Key+"."); n != 1 {
				t.Errorf("%s is told %d times", it.Notice.Key, n)
			}
		}
	})
}

func TestDelivery_RefusedGoesOutPlain(t *testing.T) {
	t.Parallel()
	for _, reason := range []string{"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long", "metadata_too_large", "no_text"} {
		t.Run(reason, func(t *testing.T) {
			atDesk(t, func(t *testing.T, k *desk) {
				refuse := slacktest.Fault{Skip: true, Answer: slacktest.Error(reason)}
				k.slack.FailNext("chat.postMessage", refuse)
				plain := k.plan("a", "x", desks, time.Second)
				k.pass(5 * time.Second)
				k.wantOnce(plain)
				if m := k.shown(desks)[0]; len(m.Blocks) != 0 || m.Text == "" {
					t.Errorf("shown is %+v", m)
				}
				k.slack.FailNext("chat.postMessage", refuse, refuse)
				dead, next := k.plan("b", "y", desks, time.Second), k.plan("c", "z", desks, 0)
				k.pass(6 * time.Second)
				k.wantOnce(next)
				if is := k.item(dead.Key); is.State != notice.Dead || !strings.Contains(is.LastError, reason) {
					t.Errorf("it is %s (%s)", is.State, is.LastError)
				}
			})
		})
	}
}

func TestDelivery_ParkedChannelIsProbedRarely(t *testing.T) {
	t.Parallel()
	for _, reason := range []string{"is_archived", "not_in_channel", "channel_not_found", "restricted_action"} {
		t.Run(reason, func(t *testing.T) {
			atDesk(t, func(t *testing.T, k *desk) {
				k.slack.SetChannel(channel("C0BOARD", "board"))
				closed := true
				k.slack.Fail(func(c slacktest.Call) slacktest.Fault {
					if closed && c.Channel() == desks {
						return slacktest.Fault{Skip: true, Answer: slacktest.Error(reason)}
					}
					return slacktest.Fault{}
				})
				a, b := k.plan("a", "x", desks, 2*time.Second), k.plan("b", "x", desks, time.Second)
				other := k.plan("c", "y", "C0BOARD", 0)
				k.pass(30 * time.Minute)
				k.wantOnce(other)
				if n := len(k.called("chat.postMessage")); n > 8 {
					t.Errorf("%d attempts in half an hour", n)
				}
				if s := k.d.Status(); s.Healthy() || !strings.Contains(fmt.Sprint(s.Channels), reason) {
					t.Errorf("the status is %+v", s)
				}
				closed = false
				k.pass(6 * time.Minute)
				k.wantOnce(a)
				k.wantOnce(b)
				if k.item(a.Key).TS > k.item(b.Key).TS {
					t.Error("they left out of order")
				}
			})
		})
	}
}

func TestDelivery_NoScopeForHistory(t *testing.T) {
	t.Parallel()
	for _, policy := range []dispatch.Policy{dispatch.Hold, dispatch.Resend, dispatch.Drop} {
		t.Run(string(policy), func(t *testing.T) {
			atDesk(t, func(t *testing.T, k *desk) {
				k.policy = policy
				k.slack.Install(slacktest.App{Token: slacktest.Token, BotID: "B0ATTACHE", UserID: "U0ATTACHE", AppID: "A0ATTACHE", Scopes: []string{"chat:write"}})
				k.slack.FailNext("chat.postMessage", slacktest.Fault{Skip: true, Answer: slacktest.Drop()})
				it := k.plan("a", "x", desks, 0)
				k.pass(time.Minute)
				is := k.item(it.Key)
				want := map[dispatch.Policy]notice.State{dispatch.Hold: notice.Unknown, dispatch.Resend: notice.Sent, dispatch.Drop: notice.Dead}[policy]
				if is.State != want {
					t.Errorf("it is %s (%s), want %s", is.State, is.LastError, want)
				}
				if !strings.Contains(k.log.String(), "channels:history") {
					t.Errorf("the log does not name the scope:\n%s", k.log)
				}
			})
		})
	}
}

func TestDelivery_LateAnswerToAnOldRevision(t *testing.T) {
	t.Parallel()
	for _, f := range []slacktest.Fault{
		{Answer: slacktest.Drop()}, {Skip: true, Answer: slacktest.Drop()}, {Late: 10 * time.Second, Answer: slacktest.Drop()}, slacktest.Hang(40 * time.Second),
	} {
		atDesk(t, func(t *testing.T, k *desk) {
			it := k.plan("a", "x", desks, 0)
			k.pass(5 * time.Second)
			k.slack.FailNext("chat.update", f)
			k.revise("x", 2)
			k.pass(2 * time.Second)
			k.revise("x", 3)
			k.revise("x", 4)
			k.pass(3 * time.Minute)
			k.wantOnce(it)
			if n := k.copies(desks, "Card of x at 4."); n != 1 {
				t.Errorf("shown are %+v", k.shown(desks))
			}
		})
	}
}

func TestDelivery_HangingCallHoldsNoOtherChannelBack(t *testing.T) {
	t.Parallel()
	atDesk(t, func(t *testing.T, k *desk) {
		k.slack.SetChannel(channel("C0BOARD", "board"))
		k.slack.FailNext("chat.postMessage", slacktest.Hang(time.Minute).Unstored())
		a := k.plan("a", "x", desks, 0)
		k.pass(2 * time.Second)
		b := k.plan("b", "y", "C0BOARD", 0)
		k.pass(3 * time.Second)
		k.wantOnce(b)
		k.pass(2 * time.Minute)
		k.wantOnce(a)
		var at []time.Time
		for _, c := range k.called("chat.postMessage") {
			if c.Channel() == desks {
				at = append(at, c.At)
			}
		}
		if len(at) < 2 || at[1].Sub(at[0]) > 50*time.Second {
			t.Errorf("attempts at %v", at)
		}
	})
}

func TestDelivery_AvertedInDoubt(t *testing.T) {
	t.Parallel()
	atDesk(t, func(t *testing.T, k *desk) {
		k.slack.FailNext("chat.postMessage", slacktest.Fault{Answer: slacktest.Drop()})
		it := k.plan("a", "x", desks, 0)
		k.pass(time.Second)
		k.revise("x", 2) // while nobody knows whether the first message arrived
		k.pass(2 * time.Minute)
		k.wantOnce(it)
		if n := k.copies(desks, "Card of x at 2."); n != 1 {
			t.Errorf("shown are %+v", k.shown(desks))
		}
	})
}

func TestDelivery_EveryAttemptIsOneRequest(t *testing.T) {
	t.Parallel()
	atDesk(t, func(t *testing.T, k *desk) {
		k.slack.FailNext("chat.postMessage", slacktest.Fault{Skip: true, Answer: slacktest.Status(500)}, slacktest.Fault{Skip: true, Answer: slacktest.Drop()})
		it := k.plan("a", "x", desks, 0)
		k.pass(3 * time.Minute)
		k.wantOnce(it)
		if calls, n := k.called("chat.postMessage"), k.item(it.Key).Attempts; len(calls) != n || n != 3 {
			t.Errorf("%d requests of %d attempts", len(calls), n)
		}
		for _, c := range k.slack.Calls() {
			if c.Header.Get("Idempotency-Key") != "" || c.Header.Get("X-Idempotency-Key") != "" {
				t.Errorf("%s asks for a replay", c.Method)
			}
		}
	})
}

func TestDelivery_OldCopyOfTheOutbox(t *testing.T) {
	t.Parallel()
	atDesk(t, func(t *testing.T, k *desk) {
		single := k.plan("a", "x", desks, time.Second)
		k.pass(5 * time.Second)
		var many []notice.Item
		for i := range 7 {
			many = append(many, k.plan(fmt.Sprintf("n%03d", i), fmt.Sprint("event-", i), desks, time.Second))
		}
		k.pass(5 * time.Second)
		before := len(k.shown(desks))
		k.stop()
		for _, it := range append(many, single) { // as a copy from before has them, and no card
			if err := k.db.Update(func(tx *store.Tx) error { return tx.PutItem(it) }); err != nil {
				t.Fatal(err)
			}
		}
		fresh := k.plan("fresh", "z", desks, 5*time.Minute)
		time.Sleep(10 * time.Minute)
		k.start()
		k.pass(time.Minute)
		k.wantOnce(single)
		k.wantOnce(fresh)
		for _, it := range many {
			if is := k.item(it.Key); is.State != notice.Sent || is.TS == "" {
				t.Errorf("%s is %s", it.Notice.Key, is.State)
			}
		}
		if n := len(k.shown(desks)); n != before+1 {
			t.Errorf("%d messages, and %d before", n, before)
		}
	})
}

func TestDelivery_DigestTellsNoNames(t *testing.T) {
	t.Parallel()
	atDesk(t, func(t *testing.T, k *desk) {
		for i := range 7 {
			k.plan(fmt.Sprintf("n%03d", i), fmt.Sprint("event-", i), desks, 0)
		}
		k.pass(5 * time.Second)
		payload := k.shown(desks)[0].Metadata.EventPayload
		if payload["n"] != 7.0 || strings.Count(fmt.Sprint(payload["m"]), ",") != 6 {
			t.Errorf("metadata %v", payload)
		}
		for name, v := range payload {
			if strings.Contains(fmt.Sprint(v), "event-") || strings.Contains(fmt.Sprint(v), "About") {
				t.Errorf("%s tells %v", name, v)
			}
		}
	})
}

func TestDelivery_TakenAndNeverShown(t *testing.T) {
	t.Parallel()
	atDesk(t, func(t *testing.T, k *desk) {
		k.slack.FailNext("chat.postMessage", slacktest.Fault{Skip: true})
		k.plan("a", "x", desks, 0)
		there := k.plan("b", "y", desks, 0)
		k.pass(20 * time.Minute)
		if n := k.d.Status().Totals.Missing; n != 1 || !strings.Contains(k.log.String(), "a message that was sent is not in its channel") {
			t.Errorf("%d are missing", n)
		}
		if len(k.shown(desks)) != 1 {
			t.Error("it was sent again, though somebody may have deleted it")
		}
		k.wantOnce(there)
	})
}

func TestDelivery_Tally(t *testing.T) {
	t.Parallel()
	atDesk(t, func(t *testing.T, k *desk) {
		k.slack.FailNext("chat.postMessage", slacktest.Fault{Answer: slacktest.Drop()}, slacktest.Fault{Skip: true, Answer: slacktest.TooMany("1")})
		k.plan("a", "x", desks, 2*time.Second)
		k.plan("b", "y", desks, time.Second)
		k.pass(time.Minute)
		k.revise("x", 2)
		k.pass(10 * time.Second)
		got := k.d.Status()
		if c := got.Totals; c.Found != 1 || c.Limited != 1 || c.Tries != 4 || c.Shown != 1 {
			t.Errorf("counted %+v", c)
		}
		if c := got.Channels[0]; c.Counts[notice.Sent] != 2 || c.Counts[notice.Unknown] != 1 || c.Due != 0 || !c.Oldest.IsZero() {
			t.Errorf("the channel %+v", c)
		}
	})
}
