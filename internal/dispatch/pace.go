package dispatch

import (
	"time"

	"attache/internal/notice"
)

// defaultRetryAfter is how long a channel rests when the receiver limited it
// without saying for how long.
const defaultRetryAfter = 30 * time.Second

// probeAfter is the time between attempts on what is blocked.
const probeAfter = 5 * time.Minute

// The longest pause after the first attempt that reached nobody, which doubles with every
// further one, and after any.
const (
	firstPause = time.Second
	maxPause   = 5 * time.Minute
)

// await waits until the channel may be called, and reports whether it still may
// then.
func (d *Dispatcher) await(l *channel) bool {
	d.mu.Lock()
	now := d.cfg.Now()
	at := later(now, l.next)
	if l.via.failing { // all channels together call once a second
		at = later(at, l.via.next)
		l.via.next = at.Add(time.Second)
	}
	d.mu.Unlock()
	return d.sleep(at.Sub(now)) && d.open(l)
}

// sleep waits, and reports whether work goes on.
func (d *Dispatcher) sleep(t time.Duration) bool {
	if t <= 0 {
		return d.going()
	}
	timer := time.NewTimer(t)
	defer timer.Stop()
	select {
	case <-d.halted:
		return false
	case <-timer.C:
		return true
	}
}

// going reports whether something may be begun: Stop has not, and this machine leads.
func (d *Dispatcher) going() bool {
	select {
	case <-d.halted:
		return false
	default:
		return d.leads()
	}
}

// leads reports whether this machine may send, of several that keep one outbox.
func (d *Dispatcher) leads() bool { return d.cfg.Leads == nil || d.cfg.Leads() }

// probing takes the turn of a blocked channel or sink, so that nobody else tries
// at the same time. It reports whether the turn was free.
func (d *Dispatcher) probing(l *channel) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.cfg.Now()
	if !d.going() || !l.free(now) {
		return false
	}
	for _, p := range []*pause{&l.blocked, &l.via.blocked} {
		if !p.until.IsZero() {
			p.until = now.Add(probeAfter)
		}
	}
	return true
}

// answered notes what the end of a call says about the receiver's clock, which
// showed at, and about whether it can be reached. fail is nil after success.
func (d *Dispatcher) answered(l *channel, at time.Time, fail *notice.SendError) {
	pace := d.cfg.Pace(l.name)
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.cfg.Now()
	l.next = now.Add(pace)
	if fail != nil && !fail.At.IsZero() {
		at = fail.At
	}
	if !at.IsZero() {
		l.via.server, l.via.local = at, now
	}
	lost := fail != nil && (fail.Result == notice.NotSent || fail.Result == notice.InDoubt)
	if lost && !l.via.failing {
		l.via.next = now.Add(time.Second)
	}
	if l.via.failing = lost; !lost {
		l.failures = 0
	}
	if fail != nil && fail.Result == notice.Refused { // the message alone is at fault
		l.blocked, l.via.blocked = pause{}, pause{}
	}
}

// works notes that a message arrived: nothing is blocked any more.
func (d *Dispatcher) works(l *channel) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !l.blocked.until.IsZero() || !l.via.blocked.until.IsZero() {
		d.cfg.Log.Info("channel takes messages again", "channel", l.name)
	}
	l.blocked, l.via.blocked, l.wait = pause{}, pause{}, pause{}
	l.failures, l.problem, l.sent = 0, "", d.cfg.Now()
}

// suffer holds or blocks what a failed call asks for, and returns the instant at
// which the item is to be tried again.
func (d *Dispatcher) suffer(l *channel, e *notice.SendError) time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.cfg.Now()
	why := oneLine(e)
	l.problem = why
	switch e.Result {
	case notice.Limited:
		rest := e.RetryAfter
		if rest <= 0 {
			rest = defaultRetryAfter
		}
		l.wait = pause{until: now.Add(rest + d.share(time.Second)), why: why}
		d.totals.Limited++
		return l.wait.until
	case notice.ChannelDown:
		d.block(&l.blocked, l.name, "channel blocked", e.RetryAfter, why)
		return now
	case notice.SinkDown:
		d.block(&l.via.blocked, l.name, "all channels of the sender blocked", e.RetryAfter, why)
		return now
	}
	l.failures++
	l.wait = pause{until: now.Add(max(d.backOff(l.failures), e.RetryAfter)), why: why}
	return l.wait.until
}

// block is said once, however often probes fail for the same reason. The caller
// holds mu.
func (d *Dispatcher) block(p *pause, channel, what string, rest time.Duration, why string) {
	if p.why != why || p.until.IsZero() {
		d.cfg.Log.Error(what, "channel", channel, "error", why)
	}
	*p = pause{until: d.cfg.Now().Add(max(probeAfter, rest)), why: why, certain: rest > 0}
}

// backOff returns a pause after the nth failure in a row: anything up to a bound
// that doubles, so that many who fail together do not come back together.
func (d *Dispatcher) backOff(n int) time.Duration {
	bound := maxPause
	if shift := n - 1; shift < 20 {
		bound = min(bound, firstPause<<shift)
	}
	return d.share(bound)
}

// share returns a random part of t.
func (d *Dispatcher) share(t time.Duration) time.Duration {
	return time.Duration(d.random() * float64(t))
}

// unsure is how far the two clocks are thought to differ at most.
const unsure = 2 * time.Hour

// serverTime returns the receiver's time now, or, while its clock is unknown, a
// time that is surely not later.
func (d *Dispatcher) serverTime(l *channel) time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.cfg.Now()
	if l.via.server.IsZero() {
		return now.Add(-unsure).UTC()
	}
	return l.via.server.Add(now.Sub(l.via.local)).UTC()
}

// Unblock lets everything that is blocked be tried at once: after a reload, the
// cause may be gone.
func (d *Dispatcher) Unblock() { d.unblock(func(pause) bool { return true }) }

// Recovered lets what is blocked be tried at once, but for what has to rest for a certain
// time: the receiver says that all is well.
func (d *Dispatcher) Recovered() { d.unblock(func(p pause) bool { return !p.certain }) }

func (d *Dispatcher) unblock(lifted func(pause) bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, l := range d.channels {
		if lifted(l.blocked) {
			l.blocked = pause{}
		}
	}
	for sink, s := range d.senders {
		if lifted(s.blocked) {
			s.blocked = pause{}
		}
		if !d.inUse(sink) {
			delete(d.senders, sink)
		}
	}
}

func (d *Dispatcher) inUse(s Sink) bool {
	for _, l := range d.channels {
		if l.via.sink == s {
			return true
		}
	}
	return false
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
