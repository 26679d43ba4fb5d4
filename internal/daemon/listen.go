package daemon

import (
	"context"
	"math"
	"sync"
	"time"

	"attache/internal/answer"
	"attache/internal/control"
	"attache/internal/slack"
)

// listening is the connection over which Slack tells what people press, while there is one.
type listening struct {
	socket *slack.Socket
	slack  *slack.Slack // by which it answers
	end    context.CancelFunc
	done   chan struct{} // closed when all that was acknowledged is worked off
}

// hearing is what the daemon has of it.
type hearing struct {
	mu   sync.Mutex
	now  *listening    // nil where nobody listens
	ask  chan struct{} // holds one: Slack is to be asked now who may answer
	anew chan struct{} // holds one: the settings may name another token
}

// listens reports whether somebody listens to what is pressed: the token is there, and Slack
// does not refuse it. A button that nobody hears would show people an error.
func (d *Daemon) listens() bool {
	d.hearing.mu.Lock()
	defer d.hearing.mu.Unlock()
	return d.hearing.now != nil && !d.hearing.now.socket.State().Off
}

// rows returns how many lines of one message can have buttons. Where there are none, all that
// have room stand in one.
func (d *Daemon) rows() int {
	if d.listens() {
		return slack.MostRows
	}
	return math.MaxInt
}

// hear listens by the settings that hold, whenever they change, until ctx ends.
func (d *Daemon) hear(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-d.hearing.anew:
			d.listenTo(ctx, d.state.Load())
		}
	}
}

// listenTo listens by the settings that hold: with another token anew, without one not at all.
func (d *Daemon) listenTo(ctx context.Context, now *state) {
	c, s := now.config, now.senders.slack
	d.hearing.mu.Lock()
	defer d.hearing.mu.Unlock()
	token, warnings, err := c.SlackAppToken(d.o.Env)
	for _, w := range warnings {
		d.o.Log.Warn(w.Error())
	}
	want := slack.SocketConfig{
		Token: token.Reveal(), APIURL: c.Slack.APIURL, HTTPClient: d.o.HTTPClient, Log: d.o.Log, Guard: d.guarded,
	}
	before := d.hearing.now
	if before != nil && err == nil && before.slack == s && before.socket.Connects(want) {
		before.socket.Retry()
		return
	}
	if before != nil {
		before.end()
		d.hearing.now = nil
	}
	if err == nil && (token.IsZero() || s == nil) {
		return
	}
	listener := slack.Listen(s, desk{d}, d.o.Now, d.o.Log)
	want.Hear, want.OnWait = listener.Hear, d.keepWaits
	if err == nil {
		want.Waits, err = d.keptWaits()
	}
	var socket *slack.Socket
	if err == nil {
		socket, err = slack.NewSocket(want)
	}
	if err != nil {
		d.o.Log.Warn("slack: no buttons and commands: the app token: " + d.veil.hide(err.Error()))
		return
	}
	ctx, end := context.WithCancel(ctx)
	l := &listening{socket: socket, slack: s, end: end, done: make(chan struct{})}
	d.hearing.now = l
	left, err := desk{d}.left() // before something new is heard
	if err != nil {
		d.o.Log.Error("slack: what was heard before the last stop", "err", err)
	}
	d.running.Go(func() {
		defer close(l.done)
		var working sync.WaitGroup
		working.Go(func() { d.workOff(ctx, listener, left) }) // Slack may be slow, and people press meanwhile
		socket.Run(ctx)
		working.Wait()
	})
}

// workOff does what was heard before the last stop and is not done yet, until ctx ends.
func (d *Daemon) workOff(ctx context.Context, l *slack.Listener, left []answer.Press) {
	for _, p := range left {
		if ctx.Err() != nil {
			return // the next start goes on
		}
		d.guarded("what was heard from Slack", func() { l.Finish(context.WithoutCancel(ctx), p) })
	}
}

// groupsEvery is how often Slack is asked who is in the groups that may answer.
const groupsEvery = 10 * time.Minute

// learnAnswerers asks Slack from time to time who is in the groups that may answer, until ctx ends.
func (d *Daemon) learnAnswerers(ctx context.Context) {
	for ctx.Err() == nil {
		s := d.state.Load()
		if err := s.who.learn(ctx, s.senders.slack); err != nil && ctx.Err() == nil {
			d.o.Log.Warn(err.Error())
		}
		select {
		case <-ctx.Done():
		case <-d.hearing.ask:
		case <-time.After(groupsEvery):
		}
	}
}

// socketCheck reports how it stands with the socket; ok is false where none is wanted.
func (d *Daemon) socketCheck() (c control.Check, ok bool) {
	d.hearing.mu.Lock()
	now := d.hearing.now
	d.hearing.mu.Unlock()
	if now == nil {
		return c, false
	}
	c = control.Check{Name: "slack answers", OK: true}
	s := now.socket.State()
	switch {
	case s.Connected:
		c.Words = "connected since " + s.Since.UTC().Format(time.RFC3339)
	case s.Off:
		c.Mend, c.Words = true, "off, and buttons are not shown: "+s.Why
	default:
		c.Words = "not connected: " + s.Why
	}
	if !s.Heard.IsZero() {
		c.Words += "; last heard " + s.Heard.UTC().Format(time.RFC3339)
	}
	return c, true
}
