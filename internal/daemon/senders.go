package daemon

import (
	"fmt"
	"time"

	"attache/internal/calendar"
	"attache/internal/config"
	"attache/internal/dispatch"
	"attache/internal/slack"
)

// senders are those who deliver, as one configuration names them.
type senders struct {
	slack   *slack.Slack // nil without a token: everything is shown on the console
	console *slack.Console
	policy  dispatch.Policy
}

// newSenders makes the senders that c asks for, with the screen that is there already.
func newSenders(c *config.Config, o Options, screen *slack.Console, install string) (*senders, error) {
	s := &senders{console: screen, policy: dispatch.Policy(c.Slack.OnUnknown)}
	token, warnings, err := c.SlackToken(o.Env)
	if err != nil {
		return nil, fmt.Errorf("slack: token: %w", err)
	}
	for _, w := range warnings {
		o.Log.Warn(w.Error())
	}
	if token.IsZero() {
		return s, nil
	}
	s.slack, err = slack.New(slack.Config{
		Token: token.Reveal(), APIURL: c.Slack.APIURL, HTTPClient: o.HTTPClient, Log: o.Log, Install: install,
	})
	if err != nil {
		return nil, fmt.Errorf("slack: %w", err)
	}
	return s, nil
}

// sink returns who delivers to the channel.
func (s *senders) sink(channel string) dispatch.Sink {
	if s.slack == nil || channel == calendar.Console {
		return s.console
	}
	return s.slack
}

// onUnknown says what becomes of a message of which nobody can say whether it
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
