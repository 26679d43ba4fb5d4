package dispatch

import (
	"context"
	"fmt"
	"slices"
	"time"

	"attache/internal/notice"
)

// ahead is how far ahead Recover looks for items that are being retried.
const ahead = 2 * time.Hour

// Recover takes up what an earlier run left: whatever it was sending may or may
// not have arrived. It is called before the first Scan, once nobody else sends.
func (d *Dispatcher) Recover(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	list, err := d.doubt("found sending at start", "")
	if err != nil {
		return fmt.Errorf("recover the outbox: %w", err)
	}
	if len(list) > 0 {
		d.cfg.Log.Warn("notices were being sent when the last run ended", "count", len(list))
	}
	if err := d.remember(ctx); err != nil {
		return fmt.Errorf("recover the outbox: %w", err)
	}
	return nil
}

// doubt makes the items unknown that are still sending, in one channel or where channel is
// "" in all of them, and returns them.
func (d *Dispatcher) doubt(why, channel string) (changed []notice.Item, err error) {
	list, err := d.cfg.Outbox.Sending()
	list = slices.DeleteFunc(list, func(it notice.Item) bool { return channel != "" && it.Channel != channel })
	if err != nil || len(list) == 0 {
		return nil, err
	}
	var keys []string
	for _, it := range list {
		keys = append(keys, it.Key)
	}
	now := d.cfg.Now()
	err = d.edit(keys, func(items []*notice.Item) ([]notice.Item, error) {
		for _, it := range items {
			if it.State != notice.Sending {
				continue
			}
			it.Looked = 0
			it.Fail("", why)
			if edits(*it) { // to be repeated, not to be looked for
				it.Fail(notice.InDoubt, string(notice.InDoubt)+": "+why)
				it.Question(now)
				it.NextTry = now.UTC().Round(0)
				it.Become(notice.Pending, now, it.LastError)
			} else {
				it.NextTry = now.Add(lookAfter).UTC().Round(0)
				it.Become(notice.Unknown, now, why)
			}
			changed = append(changed, *it)
		}
		return nil, nil
	})
	return changed, err
}

// remember brings back which items are being retried, the pauses that receivers asked for,
// and how soon after the last message of a channel the next may go out.
func (d *Dispatcher) remember(ctx context.Context) error {
	now := d.cfg.Now()
	items, err := d.due(now.Add(ahead))
	if err != nil {
		return err
	}
	for _, it := range items {
		if it.State == notice.Sent {
			d.paced(it, now)
		}
		if it.Attempts == 0 || it.State == notice.Sent {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		events, err := d.events(it)
		if err != nil {
			return err
		}
		d.mu.Lock()
		l := d.channel(it.Channel)
		l.track(it, events)
		if it.State == notice.Pending && limitedBefore(it) && it.NextTry.After(now) {
			l.wait = pause{until: later(l.wait.until, now.Add(it.NextTry.Sub(now))), why: it.LastError}
		}
		d.mu.Unlock()
	}
	return nil
}

// paced keeps the pause after a message that an earlier run sent: runs that follow each other
// fast are together no faster than one.
func (d *Dispatcher) paced(it notice.Item, now time.Time) {
	pace := d.cfg.Pace(it.Channel)
	d.mu.Lock()
	defer d.mu.Unlock()
	l := d.channel(it.Channel)
	l.next = later(l.next, now.Add(min(pace, it.SentAt.Add(pace).Sub(now))))
}

// events returns the events that an item speaks of, those of its members too.
func (d *Dispatcher) events(it notice.Item) ([]string, error) {
	if len(it.Members) == 0 {
		return eventsOf([]*notice.Item{&it}), nil
	}
	members, err := d.read(it.Members...)
	return eventsOf(members), err
}

// Stop starts nothing new and waits for what is being sent. Shortly before ctx
// runs out it cuts the calls that are under way. Nothing is left sending: what
// was not answered is unknown, and the next run looks for it. The error says that
// something could not be brought to an end or not be recorded.
func (d *Dispatcher) Stop(ctx context.Context) error {
	d.mu.Lock()
	d.halt()
	d.mu.Unlock()
	defer d.cut()

	patience, cancel := shorten(ctx)
	defer cancel()
	if d.Settle(patience) != nil {
		d.cut()
	}
	settled := d.Settle(ctx)
	if _, err := d.doubt("the daemon stopped before the answer came", ""); err != nil {
		return fmt.Errorf("stop sending: %w", err)
	}
	if settled != nil {
		return fmt.Errorf("stop sending: a call is still under way: %w", settled)
	}
	return nil
}

// shorten returns a context that ends early enough to record what is cut.
func shorten(ctx context.Context) (context.Context, context.CancelFunc) {
	end, ok := ctx.Deadline()
	if !ok {
		return context.WithCancel(ctx)
	}
	left := time.Until(end)
	return context.WithDeadline(ctx, end.Add(-min(left/4, time.Second)))
}

// Settle waits until no worker is at work. Something may still be planned for
// later.
func (d *Dispatcher) Settle(ctx context.Context) error {
	for {
		d.mu.Lock()
		quiet, running := d.quiet, d.running
		d.mu.Unlock()
		if running == 0 {
			return nil
		}
		select {
		case <-quiet:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// begin counts a worker in. The caller holds mu.
func (d *Dispatcher) begin() {
	if d.running++; d.running == 1 {
		d.quiet = make(chan struct{})
	}
}

func (d *Dispatcher) end() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.running--; d.running == 0 {
		close(d.quiet)
	}
}
