package dispatch

import (
	"cmp"
	"context"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"attache/internal/notice"
)

// Scan hands what is due at now to the workers of its channels and returns; it
// never waits for a sender. It is to be called at least once a second.
func (d *Dispatcher) Scan(ctx context.Context, now time.Time) {
	d.scanning.Lock()
	defer d.scanning.Unlock()
	if ctx.Err() != nil || !d.going() || d.resting() {
		return
	}
	began := time.Now()
	d.wake(now)
	d.markResting()
	items, err := d.due(now)
	d.faulted(&d.unreadable, "read", err)
	if err != nil {
		return
	}
	if started := d.hand(items); started == 0 {
		d.restAfter(time.Since(began))
	}
}

// longestBreak is how long nobody may ask what is due without having been asleep.
const longestBreak = time.Minute

// wake notes that somebody asks what is due.
func (d *Dispatcher) wake(now time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if now.Sub(d.scanned) > longestBreak {
		d.awake = now
	}
	d.scanned = now
}

// due returns all that is due. Reading only the first of it would hide, behind the
// backlog of a blocked channel, what other channels could send.
func (d *Dispatcher) due(now time.Time) ([]notice.Item, error) {
	for limit := 4096; ; limit *= 4 {
		items, err := d.cfg.Outbox.Due(now, limit)
		if err != nil || len(items) < limit {
			return items, err
		}
	}
}

// markResting marks the channels for which what is read next will be current: a
// pass under way would make it old before it is used.
func (d *Dispatcher) markResting() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, l := range d.channels {
		l.resting = !l.busy
	}
}

// hand starts a worker for every channel that can do something and has none.
func (d *Dispatcher) hand(items []notice.Item) (started int) {
	byChannel := map[string][]notice.Item{}
	sinks := map[string]Sink{}
	for _, it := range items {
		byChannel[it.Channel] = append(byChannel[it.Channel], it)
	}
	for _, channel := range d.waiting() {
		if _, ok := byChannel[channel]; !ok {
			byChannel[channel] = nil // nothing due, and yet something to do
		}
	}
	for channel := range byChannel {
		sinks[channel] = d.cfg.Sink(channel)
		d.learnName(channel, sinks[channel])
	}
	now := d.cfg.Now()

	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.going() {
		return 0
	}
	for _, l := range d.channels {
		l.due, l.oldest = len(byChannel[l.name]), time.Time{}
		if l.resting {
			l.forget(byChannel[l.name], now)
		}
	}
	var ready []*channel
	for channel, list := range byChannel {
		l := d.channel(channel)
		l.due, l.oldest = len(list), oldestDue(list)
		if !l.resting {
			continue
		}
		l.via = d.sender(sinks[channel])
		if l.ready(list, now) {
			ready = append(ready, l)
		}
	}
	for _, l := range d.apart(ready) {
		l.busy, l.resting = true, false
		d.begin()
		started++
		go d.work(l, byChannel[l.name])
	}
	return started
}

// Next returns the instant at which something is to be done that the outbox does not know
// of, and false where nothing is: to mend a channel.
func (d *Dispatcher) Next() (at time.Time, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, l := range d.channels {
		if l.broken && (!ok || l.wait.until.Before(at)) {
			at, ok = l.wait.until, true
		}
	}
	return at, ok
}

// waiting returns the channels in which something has to be mended.
func (d *Dispatcher) waiting() (out []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for channel, l := range d.channels {
		if l.broken {
			out = append(out, channel)
		}
	}
	return out
}

// work makes one pass over what is due in a channel, and looks for more if it
// got anything done.
func (d *Dispatcher) work(l *channel, items []notice.Item) {
	defer d.end()
	progress := d.guarded(l, items)
	d.mu.Lock()
	l.busy = false
	d.mu.Unlock()
	if progress {
		d.Scan(context.Background(), d.cfg.Now())
	}
}

// guarded makes a pass, and keeps a panic in it from ending the daemon.
func (d *Dispatcher) guarded(l *channel, items []notice.Item) (progress bool) {
	defer func() {
		if p := recover(); p != nil {
			d.panics(l, p, debug.Stack())
			d.suffer(l, &notice.SendError{Result: notice.NotSent, Err: fmt.Errorf("panic: %v", p)})
			d.setBroken(l, true)
			progress = false
		}
	}()
	if l.broken {
		return d.mend(l)
	}
	return d.pass(l, items)
}

// mend puts in doubt what a pass that ended in a panic was sending.
func (d *Dispatcher) mend(l *channel) (progress bool) {
	list, err := d.doubt("cut short by a panic", l.name)
	if err != nil {
		return false
	}
	for _, it := range list {
		events, err := d.events(it)
		if err != nil {
			return false
		}
		d.note(l, notice.Sending, it, events)
		d.cfg.Log.Warn("notice may or may not have arrived", "key", it.Key, "channel", l.name, "error", it.LastError)
	}
	d.setBroken(l, false)
	return true
}

func (d *Dispatcher) setBroken(l *channel, broken bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	l.broken = broken
}

// pass does what can be done now: what expired goes, what is in doubt is looked
// for, and when nothing came of that, what is pending is sent.
func (d *Dispatcher) pass(l *channel, items []notice.Item) (progress bool) {
	if d.expire(l, items) {
		return true
	}
	if !d.open(l) {
		return false
	}
	var sought, pending, arrived []notice.Item
	for _, it := range items {
		switch {
		case audits(it):
			arrived = append(arrived, it)
		case looksFor(it):
			sought = append(sought, it)
		case it.State == notice.Pending:
			pending = append(pending, it)
		}
	}
	if len(sought) > 0 && d.sees(l) && d.look(l, sought) {
		return true
	}
	if !d.open(l) {
		return false
	}
	if len(pending) == 0 {
		return len(arrived) > 0 && d.sees(l) && d.audit(l, arrived)
	}
	return d.deliver(l, pending)
}

// oldestDue returns since when the first of the items is due, zero where there is none.
func oldestDue(list []notice.Item) (at time.Time) {
	for _, it := range list {
		if it.State != notice.Sent && (at.IsZero() || it.Notice.Due.Before(at)) {
			at = it.Notice.Due
		}
	}
	return at
}

// sees reports whether a look at the history of the channel is worth trying.
func (d *Dispatcher) sees(l *channel) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return l.blind.over(d.cfg.Now())
}

// expire ends the items that are no longer worth sending, also in channels that
// are held or blocked. What people are to be told all the same becomes a notice that it was
// missed.
func (d *Dispatcher) expire(l *channel, items []notice.Item) (progress bool) {
	now := d.cfg.Now()
	for _, it := range items {
		if !expired(it, now) {
			continue
		}
		missed := d.cfg.Missed != nil && d.cfg.Missed(it, now)
		_, err := d.change(l, it, func(it *notice.Item) {
			if missed {
				it.Notice.Miss(d.whyMissed(*it))
				it.Payload, it.NextTry = nil, time.Time{}
				it.Become(notice.Pending, now, "missed "+it.Notice.Missed)
				return
			}
			expireAt(it, now)
		})
		if unstored(err) {
			return false
		}
		progress = true
	}
	return progress
}

// whyMissed returns what kept an item until it had expired.
func (d *Dispatcher) whyMissed(it notice.Item) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.awake.Before(it.Notice.Expires) {
		return "before this could be sent"
	}
	return "while attache was not running"
}

func expired(it notice.Item, now time.Time) bool {
	return it.State == notice.Pending && !it.Notice.Expires.IsZero() && !now.Before(it.Notice.Expires)
}

// expireAt makes the item dead for being too late, and says what kept it.
func expireAt(it *notice.Item, now time.Time) {
	why := "expired: not worth sending from " + it.Notice.Expires.UTC().Format(time.RFC3339)
	if it.LastError != "" {
		why += " (" + it.LastError + ")"
	}
	it.Fail("", why)
	it.Become(notice.Dead, now, why)
}

// rank puts cards last: nobody is called by one.
func rank(it notice.Item) int {
	if isCard(it) {
		return 1
	}
	return 0
}

// first puts a change before what else is said at once: it is why.
func first(it notice.Item) int {
	if it.Notice.Kind == notice.Changed {
		return 0
	}
	return 1
}

// inOrder sorts items as they are to leave.
func inOrder(items []notice.Item) {
	slices.SortStableFunc(items, func(a, b notice.Item) int {
		return cmp.Or(
			cmp.Compare(rank(a), rank(b)),
			a.Notice.Due.Compare(b.Notice.Due),
			cmp.Compare(first(a), first(b)),
			cmp.Compare(a.Notice.To, b.Notice.To),
			cmp.Compare(a.Key, b.Key),
		)
	})
}

// A scan that took long and found nothing to start is not repeated at once, or a
// long backlog in a blocked channel would keep the machine busy reading it.
func (d *Dispatcher) restAfter(took time.Duration) {
	const longest = 1500 * time.Millisecond
	d.mu.Lock()
	defer d.mu.Unlock()
	if took > 20*time.Millisecond {
		d.rest = time.Now().Add(min(4*took, longest))
	}
}

func (d *Dispatcher) resting() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return time.Now().Before(d.rest)
}
