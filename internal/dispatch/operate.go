package dispatch

import (
	"errors"
	"fmt"
	"time"

	"attache/internal/notice"
)

// Retry takes up an item that is dead or held, as a person asks. A dead one that
// may have arrived is looked for first; a held one, for which that is impossible,
// is sent again.
func (d *Dispatcher) Retry(key string) error {
	return d.operate(key, "retried by hand", func(it *notice.Item, members []*notice.Item, now time.Time, why string) error {
		switch {
		case it.State == notice.Dead && edits(*it):
			it.NextTry, it.Attempts, it.Payload = now, 0, nil
			it.Become(notice.Pending, now, why)
		case it.State == notice.Dead && it.Attempts > 0:
			it.Looked, it.NextTry = 0, now
			it.Become(notice.Unknown, now, why)
		case it.State == notice.Dead, it.Held():
			it.NextTry = now
			it.Become(notice.Pending, now, why)
		default:
			return fmt.Errorf("it is %s: only what is dead or held can be retried", it.State)
		}
		it.Fail("", "")
		for _, m := range members {
			if m.State == notice.Dead && m.Parent == it.Key {
				m.Become(notice.Merged, now, why)
			}
		}
		return nil
	})
}

// Drop makes an item dead that is pending or held, as a person asks, and puts one away
// that is dead.
func (d *Dispatcher) Drop(key string) error {
	return d.operate(key, "dropped by hand", func(it *notice.Item, members []*notice.Item, now time.Time, why string) error {
		switch it.State {
		case notice.Pending, notice.Unknown:
		case notice.Dead:
			it.Attempts = max(it.Attempts, 1) // it is not to be planned anew
			it.Become(notice.Superseded, now, "put away by hand: "+it.LastError)
			return nil
		default:
			return fmt.Errorf("it is %s: only what is pending, unknown or dead can be dropped", it.State)
		}
		it.Fail("", why)
		it.Become(notice.Dead, now, why)
		tellMembers(it, members, now)
		return nil
	})
}

// operate edits an item together with those it tells.
func (d *Dispatcher) operate(key, why string, fn func(it *notice.Item, members []*notice.Item, now time.Time, why string) error) error {
	now := d.cfg.Now().UTC().Round(0)
	found, err := d.read(key)
	if err == nil && len(found) == 0 {
		err = errors.New("there is none with that key")
	}
	if err != nil {
		return fmt.Errorf("notice %s: %w", key, err)
	}
	var was notice.State
	var is notice.Item
	var events []string
	err = d.edit(append([]string{key}, found[0].Members...), func(items []*notice.Item) ([]notice.Item, error) {
		was = items[0].State
		if err := fn(items[0], items[1:], now, why); err != nil {
			return nil, err
		}
		is, events = *items[0], eventsOf(items)
		return nil, nil
	})
	if err != nil {
		return fmt.Errorf("notice %s: %w", key, err)
	}
	d.mu.Lock()
	l := d.channel(is.Channel)
	d.mu.Unlock()
	d.note(l, was, is, events)
	return nil
}
