package attachetest

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"attache/internal/dispatch"
	"attache/internal/notice"
	"attache/internal/slack"
	"attache/internal/slack/slacktest"
	"attache/internal/store"
)

// desk is all that delivers, in virtual time: an outbox in a store, a dispatcher, and
// Slack as its server behaves.
type desk struct {
	t       *testing.T
	slack   *slacktest.Server
	db      *store.DB
	d       *dispatch.Dispatcher
	policy  dispatch.Policy
	log     *bytes.Buffer
	written map[string]notice.Message // what items say, by key
}

const install = "abcdefghijklmnopqrstuvwxy"

// atDesk runs a test at a desk of its own.
func atDesk(t *testing.T, test func(t *testing.T, k *desk)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		db, err := store.Temporary(install)
		if err != nil {
			t.Fatal(err)
		}
		k := &desk{t: t, slack: slacktest.New(), db: db, policy: dispatch.Hold, log: &bytes.Buffer{}, written: map[string]notice.Message{}}
		defer k.slack.Close()
		k.start()
		test(t, k)
		k.stop()
		if err := db.Check(); err != nil {
			t.Error(err)
		}
	})
}

// start starts a dispatcher, as after a start of the daemon.
func (k *desk) start() {
	k.t.Helper()
	log := slog.New(slog.NewTextHandler(k.log, nil))
	sink, err := slack.New(slack.Config{
		Token: slacktest.Token, HTTPClient: &http.Client{Transport: k.slack.RoundTripper()}, Log: log, Install: install,
	})
	if err != nil {
		k.t.Fatal(err)
	}
	k.d = dispatch.New(dispatch.Config{
		Outbox: k.db, Install: install, Log: log,
		Sink:      func(string) dispatch.Sink { return sink },
		OnUnknown: func(string) dispatch.Policy { return k.policy },
		CatchUp:   func() time.Duration { return 24 * time.Hour },
		Pace:      func(string) time.Duration { return time.Second },
		Write: func(it notice.Item, now time.Time) (notice.Message, error) {
			m := k.written[it.Notice.Key]
			m.Kind, m.Event = it.Notice.Kind, it.Notice.Event
			if m.Headline == "" {
				m.Headline = "About " + it.Notice.Key + "."
			}
			if it.Notice.Kind == notice.Card {
				m.Headline, m.Revision = fmt.Sprintf("Card of %s at %d.", it.Notice.Event, it.Notice.To), it.Notice.To
			}
			if now.Sub(it.Notice.Due) > 5*time.Minute {
				m.Late = "was due " + it.Notice.Due.Format("15:04 UTC")
			}
			return m, nil
		},
	})
	if err := k.d.Recover(k.t.Context()); err != nil {
		k.t.Fatal(err)
	}
}

func (k *desk) stop() {
	k.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := k.d.Stop(ctx); err != nil {
		k.t.Error(err)
	}
}

// pass lets time pass, with a scan every second.
func (k *desk) pass(t time.Duration) {
	for end := time.Now().Add(t); time.Now().Before(end); {
		k.d.Scan(context.Background(), time.Now())
		time.Sleep(time.Second)
	}
	synctest.Wait()
}

// plan records a notice about an event, due ago, for a channel, and returns its item.
func (k *desk) plan(key, event, channel string, ago time.Duration, opts ...func(*notice.Item)) notice.Item {
	k.t.Helper()
	it := notice.Item{
		Key: notice.ItemKey(install, key, channel), Channel: channel, State: notice.Pending,
		Notice: notice.Notice{Key: key, Event: event, Kind: notice.Changed, Due: time.Now().Add(-ago).UTC()},
	}
	for _, o := range opts {
		o(&it)
	}
	if err := k.db.Update(func(tx *store.Tx) error { return tx.PutItem(it) }); err != nil {
		k.t.Fatal(err)
	}
	return it
}

// revise has the cards of an event show its revision to.
func (k *desk) revise(event string, to int) {
	k.t.Helper()
	err := k.db.Update(func(tx *store.Tx) error {
		items, err := tx.ItemsOf(event)
		if err != nil {
			return err
		}
		for _, c := range notice.Cards(install, items, to, time.Now(), time.Now(), "revised") {
			if err := tx.PutItem(c); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		k.t.Fatal(err)
	}
}

// item returns an item as it is now.
func (k *desk) item(key string) (it notice.Item) {
	k.t.Helper()
	err := k.db.View(func(tx *store.Tx) (err error) {
		it, _, err = tx.Item(key)
		return err
	})
	if err != nil {
		k.t.Fatal(err)
	}
	return it
}

// shown returns what stands in a channel.
func (k *desk) shown(channel string) []slacktest.Message { return k.slack.Messages(channel) }

// copies counts the messages of a channel that say the words.
func (k *desk) copies(channel, words string) (n int) {
	for _, m := range k.shown(channel) {
		n += strings.Count(m.Shown(), words)
	}
	return n
}

// wantOnce demands that an item is sent, and is there once under its ts.
func (k *desk) wantOnce(it notice.Item) {
	k.t.Helper()
	is := k.item(it.Key)
	found := k.slack.Find(it.Key)
	if is.State != notice.Sent || len(found) != 1 || found[0].TS != is.TS {
		k.t.Errorf("%s is %s (%s) as %s, and Slack shows %d: %+v", it.Notice.Key, is.State, is.LastError, is.TS, len(found), found)
	}
}

// called returns the calls of a method, with their times.
func (k *desk) called(method string) []slacktest.Call { return k.slack.Calls(method) }

func channel(id, name string) slacktest.Channel {
	return slacktest.Channel{ID: id, Name: name, Member: true}
}
