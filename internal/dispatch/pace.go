package dispatch

import (
	"time"

	"attache/internal/notice"
)

// defaultRetryAfter is how long a channel rests when the receiver limited it
// without saying for how long.
const defaultRetryAfter = 30 * time.Second

// probeAfter is the time between attempts on what is parked.
const probeAfter = 5 * time.Minute

// The longest pause after the first attempt that reached nobody, which doubles with every
// further one, and after any.
const (
	firstPause = time.Second
	maxPause   = 5 * time.Minute
)

// await waits until the channel may be called, and reports whether it still may
// then.
func (d *Dispatcher) await(l *lane) bool {
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

// going reports whether Stop has not begun.
func (d *Dispatcher) going() bool {
	select {
	case <-d.halted:
		return false
	default:
		return true
	}
}

// probing takes the turn of a parked channel or sink, so that nobody else tries
// at the same time. It reports whether the turn was free.
func (d *Dispatcher) probing(l *lane) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.cfg.Now()
	if !d.going() || !l.free(now) {
		return false
	}
	for _, p := range []*pause{&l.parked, &l.via.parked} {
		if !p.until.IsZero() {
			p.until = now.Add(probeAfter)
		}
	}
	return true
}

// answered notes what the end of a call says about the receiver's clock, which
// showed at, and about whether it can be reached. fail is nil after success.
func (d *Dispatcher) answered(l *lane, at time.Time, fail *notice.SendError) {
	pace := d.cfg.Pace(l.channel)
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
		l.parked, l.via.parked = pause{}, pause{}
	}
}

// works notes that a message arrived: nothing is parked any more.
func (d *Dispatcher) works(l *lane) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !l.parked.until.IsZero() || !l.via.parked.until.IsZero() {
		d.cfg.Log.Info("channel takes messages again", "channel", l.channel)
	}
	l.parked, l.via.parked, l.wait = pause{}, pause{}, pause{}
	l.failures, l.problem, l.sent = 0, "", d.cfg.Now()
}

// suffer holds or parks what a failed call asks for, and returns the instant at
// which the item is to be tried again.
func (d *Dispatcher) suffer(l *lane, e *notice.SendError) time.Time {
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
		d.tally.Limited++
		return l.wait.until
	case notice.ChannelDown:
		d.park(&l.parked, l.channel, "channel parked", e.RetryAfter, why)
		return now
	case notice.SinkDown:
		d.park(&l.via.parked, l.channel, "all channels of the sender parked", e.RetryAfter, why)
		return now
	}
	l.failures++
	l.wait = pause{until: now.Add(max(d.backOff(l.failures), e.RetryAfter)), why: why}
	return l.wait.until
}

// park is said once, however often probes fail for the same reason. The caller
// holds mu.
func (d *Dispatcher) park(p *pause, channel, what string, rest time.Duration, why string) {
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
func (d *Dispatcher) serverTime(l *lane) time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.cfg.Now()
	if l.via.server.IsZero() {
		return now.Add(-unsure).UTC()
	}
	return l.via.server.Add(now.Sub(l.via.local)).UTC()
}

// Unpark lets everything that is parked be tried at once: after a reload, the
// cause may be gone.
func (d *Dispatcher) Unpark() { d.unpark(func(pause) bool { return true }) }

// Recovered lets what is parked be tried at once, but for what has to rest for a certain
// time: the receiver says that all is well.
func (d *Dispatcher) Recovered() { d.unpark(func(p pause) bool { return !p.certain }) }

func (d *Dispatcher) unpark(lifted func(pause) bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, l := range d.lanes {
		if lifted(l.parked) {
			l.parked = pause{}
		}
	}
	for sink, s := range d.senders {
		if lifted(s.parked) {
			s.parked = pause{}
		}
		if !d.inUse(sink) {
			delete(d.senders, sink)
		}
	}
}

func (d *Dispatcher) inUse(s Sink) bool {
	for _, l := range d.lanes {
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
