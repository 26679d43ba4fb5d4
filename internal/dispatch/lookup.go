package dispatch

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"attache/internal/notice"
)

// before is how far before the first attempt history is read: messages are
// stamped by another clock than answers, and both by seconds.
const before = 120 * time.Second

// unknownStart is how far back history is read for an item of which no first
// attempt is recorded.
const unknownStart = 24 * time.Hour

// An item in doubt is looked for so long after the attempt, and once more so long after that.
const (
	lookAfter = 2 * time.Second
	lookAgain = 10 * time.Second
)

// errNotFound is the last error of an item that was looked for in vain.
var errNotFound = errors.New("not found in the channel")

// hits are messages found, by key, the oldest first.
type hits map[string][]notice.Receipt

// look searches a channel once for all items in doubt and all that may have
// copies, and acts on what it finds.
func (d *Dispatcher) look(l *channel, items []notice.Item) (progress bool) {
	byID := map[string][]notice.Item{}
	for _, it := range items {
		byID[it.ChannelID] = append(byID[it.ChannelID], it)
	}
	for _, id := range slices.Sorted(maps.Keys(byID)) {
		if !d.await(l) {
			return progress
		}
		found, fail := d.find(l, id, byID[id])
		if fail != nil && fail.Result != notice.Unreadable {
			d.missed(l, fail)
			return progress
		}
		for _, it := range byID[id] {
			ok := true
			switch {
			case it.State == notice.Sent:
				ok = d.sweep(l, it, found[it.PostKey()], fail)
			case fail != nil:
				ok = d.undecidable(l, it, fail)
			default:
				ok = d.resolve(l, it, found[it.PostKey()])
			}
			if !ok {
				return progress
			}
			progress = true
		}
	}
	return progress
}

// missed puts off the next look after one that failed. Where nobody answered it
// is only looks that wait: an item in doubt keeps a channel back for so long and
// no longer.
func (d *Dispatcher) missed(l *channel, fail *notice.SendError) {
	switch fail.Result {
	case notice.Limited, notice.ChannelDown, notice.SinkDown:
		d.suffer(l, fail)
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	l.misses++
	l.problem = oneLine(fail)
	l.blind = pause{until: d.cfg.Now().Add(d.backOff(l.misses)), why: l.problem}
}

// find searches one channel. id is the receiver's name of it, "" where the items
// have none yet.
func (d *Dispatcher) find(l *channel, id string, items []notice.Item) (hits, *notice.SendError) {
	if id == "" {
		id, _, _ = d.cfg.Outbox.ChannelID(l.name) // senders find it by name, too
	}
	q := notice.Search{Channel: l.name, ChannelID: id}
	for _, it := range items {
		q.Keys = append(q.Keys, it.PostKey())
		if it.Thread != "" && !slices.Contains(q.Threads, it.Thread) {
			q.Threads = append(q.Threads, it.Thread)
		}
		first := it.FirstAttempt
		if first.IsZero() {
			first = d.serverTime(l).Add(-unknownStart)
		}
		if oldest := first.Add(-before); q.Oldest.IsZero() || oldest.Before(q.Oldest) {
			q.Oldest = oldest
		}
	}
	list, fail := try(d, l, func(ctx context.Context) ([]notice.Receipt, error) { return l.via.sink.Find(ctx, q) })
	d.answered(l, time.Time{}, fail)
	if fail == nil {
		d.mu.Lock()
		l.misses = 0
		d.mu.Unlock()
	}
	return sorted(list), fail
}

func sorted(list []notice.Receipt) hits {
	out := hits{}
	for _, r := range list {
		out[r.Key] = append(out[r.Key], r)
	}
	for _, of := range out {
		slices.SortFunc(of, func(a, b notice.Receipt) int {
			return cmp.Or(cmp.Compare(len(a.TS), len(b.TS)), cmp.Compare(a.TS, b.TS))
		})
	}
	return out
}

// resolve ends a doubt: what is found has arrived; what is not found is looked
// for once more, and then sent again.
func (d *Dispatcher) resolve(l *channel, it notice.Item, found []notice.Receipt) (ok bool) {
	now := d.cfg.Now()
	key := d.cardOf(l, it)
	after, err := d.alter(l, it, unchanged(it), key, func(it, card *notice.Item) []notice.Item {
		if len(found) > 0 {
			return d.adopt(it, found, now, key, card)
		}
		it.Looked++
		it.Fail("", errNotFound.Error())
		if it.Looked < 2 {
			it.NextTry = now.Add(lookAgain).UTC().Round(0)
			return nil
		}
		it.NextTry = now.UTC().Round(0)
		it.Become(notice.Pending, now, "not found twice: to be sent again")
		return nil
	})
	if unstored(err) {
		return false
	}
	if err == nil {
		d.resolved(l, after)
	}
	return true
}

// adopt takes the oldest message found as the one that was sent. Further ones
// are swept away at once, and again later.
func (d *Dispatcher) adopt(it *notice.Item, found []notice.Receipt, now time.Time, key string, card *notice.Item) []notice.Item {
	add := d.arrive(it, found[0], now, key, card)
	if len(found) > 1 {
		it.Sweep = slices.Insert(it.Sweep, 0, now.UTC().Round(0))
	}
	return add
}

func (d *Dispatcher) resolved(l *channel, it notice.Item) {
	log := d.cfg.Log.With("key", it.Key, "channel", it.Channel, "event", it.Notice.Event)
	d.mu.Lock()
	switch it.State {
	case notice.Sent:
		d.totals.Found++
		l.sent = d.cfg.Now()
	case notice.Pending:
		d.totals.Absent++
	}
	d.mu.Unlock()
	switch it.State {
	case notice.Sent:
		log.Info("notice had arrived", "ts", it.TS)
		d.countLate(it)
		d.keepChannelID(it)
	case notice.Pending:
		log.Warn("notice had not arrived: sent again")
	}
}

// undecidable applies the policy of the channel to an item that may have arrived
// and can't be looked for.
func (d *Dispatcher) undecidable(l *channel, it notice.Item, fail *notice.SendError) (ok bool) {
	now, policy := d.cfg.Now(), d.cfg.OnUnknown(it.Channel)
	_, err := d.change(l, it, func(it *notice.Item) {
		it.Fail(fail.Result, oneLine(fail))
		switch policy {
		case Resend:
			it.NextTry = now.UTC().Round(0)
			it.Become(notice.Pending, now, it.LastError+"; sent again as configured")
		case Drop:
			it.LastError += "; dropped as configured"
			it.Become(notice.Dead, now, it.LastError)
		default:
			it.NextTry = now.Add(probeAfter).UTC().Round(0)
		}
	})
	if err == nil && !it.Held() {
		d.cfg.Log.Error("notice may have arrived, and history can't be read", "key", it.Key, "channel", it.Channel,
			"event", it.Notice.Event, "policy", string(policy), "error", oneLine(fail))
	}
	return !unstored(err)
}

// lookFirst looks for an item that was turned away for being too many, before it
// is sent again. there says that it had arrived; ok is false where that can't be
// asked for now.
func (d *Dispatcher) lookFirst(l *channel, it notice.Item) (there, ok bool) {
	found, fail := d.find(l, it.ChannelID, []notice.Item{it})
	if fail != nil && fail.Result != notice.Unreadable {
		d.suffer(l, fail)
		return false, false
	}
	here := found[it.PostKey()]
	if len(here) == 0 {
		return false, true
	}
	ok = d.adoptOne(l, it, here)
	return ok, ok
}
