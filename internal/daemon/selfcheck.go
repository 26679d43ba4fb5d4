package daemon

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"attache/internal/calendar"
	"attache/internal/control"
	"attache/internal/dispatch"
	"attache/internal/slack"
)

// slackCheck is how often Slack is asked how it is, and what it says.
type slackCheck struct {
	answer atomic.Pointer[slackAnswer] // nil before the first one
	ask    chan struct{}               // holds one: it is to be asked now
}

// slackAnswer is what Slack said when it was last asked.
type slackAnswer struct {
	check control.Check
	at    time.Time // when the answer came
	well  bool      // nothing is to be put right
	heard bool      // Slack said who we are
}

// How often Slack is asked whether what is to be sent can be sent.
const (
	askEvery = time.Hour        // while all is well
	askAgain = 5 * time.Minute  // while something is to be put right
	askSoon  = 10 * time.Second // at the least, where somebody wants to know whether it was
)

// firstAnswer is how long the first notice waits for what Slack says of itself, so that
// what is wrong stands in the log before anything goes out.
const firstAnswer = 3 * time.Second

// checkSlackRegularly checks Slack now, after every reload, when somebody asks whether it came
// back, and from time to time, until ctx ends.
func (d *Daemon) checkSlackRegularly(ctx context.Context) {
	for {
		pause := askAgain
		d.guarded("asking Slack", func() {
			if d.checkSlack(ctx) {
				pause = askEvery
			}
		})
		d.loop.Wake() // what waited for the answer
		select {
		case <-ctx.Done():
			return
		case <-d.slack.ask:
		case <-time.After(pause):
		}
	}
}

// checkSlack asks Slack whether what is to be sent can be sent, says so in the
// log, and returns whether all is well.
func (d *Daemon) checkSlack(ctx context.Context) bool {
	s, before := d.state.Load().senders.slack, d.slack.answer.Load()
	now := slackAnswer{check: control.Check{Name: "slack", OK: true, Words: "no token: alerts are shown on the console"}, well: true, heard: true}
	if s != nil {
		report := s.Check(ctx, d.state.Load().settings().SlackChannels())
		if ctx.Err() != nil {
			return true
		}
		now.well, now.heard = report.OK(), report.Err == nil
		now.check.OK, now.check.Mend = report.Ready(), report.Err == nil && !report.OK()
		now.check.Words = strings.ReplaceAll("\n"+strings.Join(report.Lines(), "\n"), "\nslack: ", "; ")[len("; "):]
		if before == nil || before.check != now.check {
			d.logReport(report)
		}
	}
	now.at = d.o.Now()
	d.slack.answer.Store(&now)
	if now.check.OK && now.heard {
		d.dispatch.Recovered() // what was held goes out now
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
	if d.slack.answer.Load() == nil && time.Since(d.began) < firstAnswer {
		return
	}
	if d.settles(now) {
		return
	}
	d.dispatch.Scan(ctx, now)
}

// slackReadiness reports whether anything can be posted, by what Slack said when it was asked
// and by what became of the posts since. Where it can't, Slack is asked again soon, so
// that this is known as soon as it can.
func (d *Daemon) slackReadiness() control.Check {
	answer := d.slack.answer.Load()
	if answer == nil {
		return control.Check{Name: "slack", OK: true, Words: "is being asked"}
	}
	c := answer.check
	for _, ch := range d.dispatch.Status().Channels {
		switch {
		case ch.Channel == calendar.Console:
		case ch.SenderDown:
			c.OK, c.Words = false, ch.Why
		case ch.LastSent.After(answer.at) && !c.OK:
			c.OK, c.Words = true, "takes messages again"
		}
	}
	if (!c.OK || !answer.heard) && d.o.Now().Sub(answer.at) >= askSoon {
		signal(d.slack.ask)
	}
	return c
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
		if ch.State != dispatch.Flowing && ch.State != dispatch.Looking {
			words = append(words, fmt.Sprintf("%s is %s (%s)", ch.Channel, ch.State, ch.Why))
		}
	}
	if len(words) == 0 {
		return control.Check{Name: "delivery", OK: true, Words: "flows"}
	}
	return control.Check{Name: "delivery", OK: true, Mend: true, Words: strings.Join(words, "; ")}
}
