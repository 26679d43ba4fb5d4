package doctor

import (
	"attache/internal/config"
	"attache/internal/slack"
	"context"
	"fmt"
	"net/http"
)

// SlackReport is what Slack says of the token, its scopes, and the channels of a
// configuration: the check that a daemon makes at its start, for people who ask
// before they start one. It posts nothing.
type SlackReport struct {
	OK    bool     `json:"ok"`    // nothing is to be put right
	Ready bool     `json:"ready"` // messages can be posted
	Lines []string `json:"lines"` // one thing each, with what to do about it
}

// CheckSlack asks Slack about what c names. client sends the requests; nil is the usual
// one. The error says that the token of c can't be read.
func CheckSlack(ctx context.Context, c *config.Config, env func(string) string, client *http.Client) (SlackReport, error) {
	s, err := c.CalendarSettings()
	if err != nil {
		return SlackReport{}, err
	}
	token, warnings, err := c.SlackToken(env)
	if err != nil {
		return SlackReport{}, fmt.Errorf("slack: token: %w", err)
	}
	if token.IsZero() {
		return SlackReport{OK: true, Ready: true, Lines: []string{"slack: no token: alerts are shown on the console"}}, nil
	}
	sl, err := slack.New(slack.Config{Token: token.Reveal(), APIURL: c.Slack.APIURL, HTTPClient: client})
	if err != nil {
		return SlackReport{}, fmt.Errorf("slack: %w", err)
	}
	r := sl.Check(ctx, s.SlackChannels())
	out := SlackReport{OK: r.OK(), Ready: r.Ready(), Lines: r.Lines()}
	for _, w := range warnings {
		out.Lines = append(out.Lines, w.Error())
	}
	return out, nil
}
