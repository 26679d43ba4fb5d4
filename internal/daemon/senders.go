package daemon

import (
	"encoding/json"
	"fmt"
	"maps"
	"time"

	"attache/internal/calendar"
	"attache/internal/config"
	"attache/internal/dispatch"
	"attache/internal/slack"
	"attache/internal/store"
)

// senders are those who deliver, as one configuration names them.
type senders struct {
	slack   *slack.Slack // nil without a token: everything is shown on the console
	console *slack.Console
	policy  dispatch.Policy
}

// newSenders makes the senders that c asks for, with the screen that is there already. A
// connection that c asks for, too, stays: it knows what Slack asked to wait for.
func (d *Daemon) newSenders(c *config.Config) (*senders, error) {
	s := &senders{console: d.screen, policy: dispatch.Policy(c.Slack.OnUnknown)}
	token, warnings, err := c.SlackToken(d.o.Env)
	if err != nil {
		return nil, fmt.Errorf("slack: token: %w", err)
	}
	for _, w := range warnings {
		d.o.Log.Warn(w.Error())
	}
	if token.IsZero() {
		return s, nil
	}
	want := slack.Config{
		Token: token.Reveal(), APIURL: c.Slack.APIURL, HTTPClient: d.o.HTTPClient, Log: d.o.Log, Install: d.db.Install(),
		OnWait: d.keepWaits, Listens: d.listens,
	}
	if before := d.state.Load(); before != nil && before.senders != nil && before.senders.slack != nil && before.senders.slack.Connects(want) {
		s.slack = before.senders.slack
		return s, nil
	}
	if want.Waits, err = d.keptWaits(); err != nil {
		return nil, fmt.Errorf("slack: %w", err)
	}
	if s.slack, err = slack.New(want); err != nil {
		return nil, fmt.Errorf("slack: %w", err)
	}
	return s, nil
}

// waitsKey is where the store keeps what Slack asked to wait for.
const waitsKey = "slack waits"

// keepWaits records what Slack asked to wait for with one token, beside the waits of others.
// Where that fails it is asked too early after a restart at worst.
func (d *Daemon) keepWaits(waits map[string]time.Time) {
	err := d.db.Update(func(tx *store.Tx) error {
		all, err := waitsOf(tx)
		if err != nil || all == nil { // what can't be read is written anew
			all = map[string]time.Time{}
		}
		maps.DeleteFunc(all, func(_ string, t time.Time) bool { return t.Before(time.Now()) })
		maps.Copy(all, waits)
		text, err := json.Marshal(all)
		if err != nil {
			return err
		}
		return tx.PutMeta(waitsKey, string(text))
	})
	if err != nil {
		d.o.Log.Error("record what Slack asked to wait for", "err", err)
	}
}

// keptWaits returns what was last recorded of it.
func (d *Daemon) keptWaits() (waits map[string]time.Time, err error) {
	err = d.db.View(func(tx *store.Tx) error {
		waits, err = waitsOf(tx)
		return err
	})
	return waits, err
}

func waitsOf(tx *store.Tx) (waits map[string]time.Time, err error) {
	text, err := tx.Meta(waitsKey)
	if err != nil || text == "" {
		return nil, err
	}
	return waits, json.Unmarshal([]byte(text), &waits)
}

// sink returns who delivers to the channel.
func (s *senders) sink(channel string) dispatch.Sink {
	if s.slack == nil || channel == calendar.Console {
		return s.console
	}
	return s.slack
}

// onUnknown returns what becomes of a message of which nobody can say whether it
// arrived. On the screen a line that stands twice is better than one that is
// missing.
func (s *senders) onUnknown(channel string) dispatch.Policy {
	if s.slack == nil || channel == calendar.Console {
		return dispatch.Resend
	}
	return s.policy
}

// pace returns the least pause between two messages: Slack takes one a second in a
// channel and may drop the rest without a word; the screen takes all.
func (s *senders) pace(channel string) time.Duration {
	if s.slack == nil || channel == calendar.Console {
		return 0
	}
	return time.Second
}
