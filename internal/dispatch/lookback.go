package dispatch

import (
	"time"

	"attache/internal/notice"
)

// settling is how long after the start what was planned by then is looked for first: what
// the run before it read from files may have been told already, once it had settled.
const settling = 10 * time.Minute

// sentBefore reports whether a run before this one, of which the outbox knows nothing, may
// have sent an item: it was to go out by then, or was planned by then and went out soon.
func (d *Dispatcher) sentBefore(it notice.Item) bool {
	if it.Attempts > 0 || isCard(it) {
		return false
	}
	due := it.Notice.Due
	return due.Before(d.began) || due.Before(d.began.Add(settling)) && len(it.History) > 0 && it.History[0].At.Before(d.began)
}

// mostMisses is how often that may fail before what is overdue goes out all the same:
// nothing speaks for its having been sent.
const mostMisses = 3

// lookBack looks in each channel for what may have been sent before the run began, all of
// it at once, and returns what of queue is still to be sent. An outbox that was put back from a copy does not
// know what was sent after the copy was made; the channel does. ok is false where
// nothing is to be sent now.
func (d *Dispatcher) lookBack(l *channel, queue []notice.Item) (rest []notice.Item, ok bool) {
	var late []notice.Item
	for _, it := range queue {
		if d.sentBefore(it) && it.Notice.Due.After(l.seen) {
			it.Thread = d.threadOf(l, it)
			late = append(late, it)
		}
	}
	if len(late) == 0 {
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
	for _, it := range late {
		l.seen = later(l.seen, it.Notice.Due)
	}
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
func (d *Dispatcher) adoptOne(l *channel, it notice.Item, here []notice.Receipt) (ok bool) {
	now, key := d.cfg.Now(), d.cardOf(l, it)
	after, err := d.alter(l, it, unchanged(it), key, func(it, card *notice.Item) []notice.Item {
		return d.adopt(it, here, now, key, card)
	})
	if err == nil {
		d.resolved(l, after)
	}
	return !unstored(err)
}

// threadOf returns the message that an item would reply to, "" where that is not known.
func (d *Dispatcher) threadOf(l *channel, it notice.Item) string {
	if key := d.cardOf(l, it); key != "" {
		if card, err := d.read(key); err == nil && len(card) > 0 {
			return card[0].TS
		}
	}
	return ""
}
