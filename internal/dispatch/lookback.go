package dispatch

import (
	"time"

	"attache/internal/notice"
)

// overdue is how late an item that was never tried must be at the start for it to be
// looked for first.
const overdue = 2 * time.Minute

// mostMisses is how often that may fail before what is overdue goes out all the same:
// nothing speaks for its having been sent.
const mostMisses = 3

// lookBack looks once in each channel for what was overdue when the run began, and returns
// what of queue is still to be sent. An outbox that was put back from a copy does not
// know what was sent after the copy was made; the channel does. ok is false where
// nothing is to be sent now.
func (d *Dispatcher) lookBack(l *lane, queue []notice.Item) (rest []notice.Item, ok bool) {
	var late []notice.Item
	for _, it := range queue {
		if it.Attempts == 0 && !isCard(it) && d.began.Sub(it.Notice.Due) > overdue {
			late = append(late, it)
		}
	}
	if l.seen || len(late) == 0 {
		return queue, true
	}
	if !d.await(l) {
		return nil, false
	}
	found, fail := d.find(l, "", late)
	if fail != nil && fail.Result != notice.Unreadable && l.misses < mostMisses {
		d.missed(l, fail)
		return nil, false
	}
	l.seen = true
	for _, it := range queue {
		if here := found[it.Key]; len(here) > 0 {
			if !d.adoptOne(l, it, here) {
				return nil, false
			}
			continue
		}
		rest = append(rest, it)
	}
	return rest, d.await(l)
}

// adoptOne records that an item was found in the channel. ok is false where the outbox
// can't be written.
func (d *Dispatcher) adoptOne(l *lane, it notice.Item, here []notice.Receipt) (ok bool) {
	now, key := d.cfg.Now(), d.cardOf(l, it)
	after, err := d.alter(l, it, unchanged(it), key, func(it, card *notice.Item) []notice.Item {
		return d.adopt(it, here, now, key, card)
	})
	if err == nil {
		d.resolved(l, after)
	}
	return !unstored(err)
}
