package daemon

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"attache/internal/config"
	"attache/internal/control"
	"attache/internal/dispatch"
	"attache/internal/slack"
)

// slackAnswer is what Slack said when it was last asked.
type slackAnswer struct {
	check control.Check
	at    time.Time // when the answer came
	well  bool      // nothing is to be put right
	heard bool      // Slack said who we are
}

// How often Slack is asked whether what is to be sent can be sent.
const (
	askSlack      = time.Hour        // while all is well
	askSlackAgain = 5 * time.Minute  // while something is to be put right
	askSlackSoon  = 10 * time.Second // at the least, where somebody wants to know whether it was
)

// firstAnswer is how long the first notice waits for what Slack says of itself, so that
// what is wrong stands in the log before anything goes out.
const firstAnswer = 3 * time.Second

// mindSlack checks Slack now, after every reload, when somebody asks whether it came
// back, and from time to time, until ctx ends.
func (d *Daemon) mindSlack(ctx context.Context) {
	for {
		pause := askSlackAgain
		d.guarded("asking Slack", func() {
			if d.checkSlack(ctx) {
				pause = askSlack
			}
		})
		d.loop.Wake() // what waited for the answer
		select {
		case <-ctx.Done():
			return
		case <-d.reloaded:
		case <-time.After(pause):
		}
	}
}

// checkSlack asks Slack whether what is to be sent can be sent, says so in the
// log, and returns whether all is well.
func (d *Daemon) checkSlack(ctx context.Context) bool {
	s, before := d.hired.Load().slack, d.asked.Load()
	now := slackAnswer{check: control.Check{Name: "slack", OK: true, Words: "no token: alerts are shown on the console"}, well: true, heard: true}
	if s != nil {
		report := s.Check(ctx, d.channels())
		if ctx.Err() != nil {
			return true
		}
		now.well, now.heard = report.OK(), report.Err == nil
		now.check.OK, now.check.Words = report.Ready(), strings.Join(report.Lines(), "; ")
		if before == nil || before.check != now.check {
			d.logReport(report)
		}
	}
	now.at = d.o.Now()
	d.asked.Store(&now)
	if before != nil && !before.check.OK && now.check.OK {
		d.dispatch.Unpark() // what was held goes out now
	}
	return now.well
}

func (d *Daemon) logReport(r slack.Report) {
	for _, line := range r.Lines() {
		if r.OK() {
			d.o.Log.Info(line)
		} else {
			d.o.Log.Warn(line)
		}
	}
}

// scan sends what is due, once Slack has said what it says of itself, or has taken too
// long to.
func (d *Daemon) scan(ctx context.Context, now time.Time) {
	if d.asked.Load() == nil && time.Since(d.began) < firstAnswer {
		return
	}
	d.dispatch.Scan(ctx, now)
}

// slackCheck reports whether anything can be posted, by what Slack said when it was asked
// and by what became of the posts since. Where it can't, Slack is asked again soon, so
// that this is known as soon as it can.
func (d *Daemon) slackCheck() control.Check {
	answer := d.asked.Load()
	if answer == nil {
		return control.Check{Name: "slack", OK: true, Words: "is being asked"}
	}
	c := answer.check
	for _, ch := range d.dispatch.Status().Channels {
		switch {
		case ch.Channel == console:
		case ch.AllDown:
			c.OK, c.Words = false, ch.Why
		case ch.LastSent.After(answer.at) && !c.OK:
			c.OK, c.Words = true, "takes messages again"
		}
	}
	if (!c.OK || !answer.heard) && d.o.Now().Sub(answer.at) >= askSlackSoon {
		d.askAgain()
	}
	return c
}

// askAgain has Slack asked now.
func (d *Daemon) askAgain() {
	select {
	case d.reloaded <- struct{}{}:
	default: // it is to be asked already
	}
}

// deliveryCheck reports whether what is due goes out. A channel that takes nothing is named,
// and keeps nothing else from working; an outbox that can't be used stops all sending.
func (d *Daemon) deliveryCheck() control.Check {
	s := d.dispatch.Status()
	if s.Outbox != "" {
		return control.Check{Name: "delivery", Words: "nothing is sent: " + s.Outbox}
	}
	var words []string
	for _, ch := range s.Channels {
		if ch.State != dispatch.Flowing && ch.State != dispatch.Doubting {
			words = append(words, fmt.Sprintf("%s is %s (%s)", ch.Channel, ch.State, ch.Why))
		}
	}
	if len(words) == 0 {
		words = []string{"flows"}
	}
	return control.Check{Name: "delivery", OK: true, Words: strings.Join(words, "; ")}
}

// channels returns the Slack channels that the configuration names.
func (d *Daemon) channels() []string { return d.now.Load().channels() }

// channels returns the Slack channels that notices and digests go to, each once.
func (s *settings) channels() []string {
	out := []string{s.rules.Home}
	if len(s.rules.Routes) > 0 {
		out = nil
	}
	for _, r := range s.rules.Routes {
		out = append(out, r.To)
	}
	for _, g := range s.digests {
		out = append(out, g.to)
	}
	out = slices.DeleteFunc(out, func(ch string) bool { return ch == console })
	slices.Sort(out)
	return slices.Compact(out)
}

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
	s, err := settle(c, nil)
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
	r := sl.Check(ctx, s.channels())
	out := SlackReport{OK: r.OK(), Ready: r.Ready(), Lines: r.Lines()}
	for _, w := range warnings {
		out.Lines = append(out.Lines, w.Error())
	}
	return out, nil
}
