package dispatch

import (
	"context"
	"slices"
	"time"

	"attache/internal/notice"
)

// sweeps are when copies are looked for, after something that was in doubt was sent again.
var sweeps = [...]time.Duration{30 * time.Second, 5 * time.Minute}

// A copy that could not be deleted is tried again after sweepAgain, until
// sweepEnd after the message was found to have arrived.
const (
	sweepAgain = time.Minute
	sweepEnd   = time.Hour
)

// sweep deletes all messages of a sent item but the oldest. fail is why they
// could not be looked for: then nothing will come of it.
func (d *Dispatcher) sweep(l *channel, it notice.Item, found []notice.Receipt, fail *notice.SendError) (ok bool) {
	var left *notice.SendError
	if len(found) > 1 {
		if left, ok = d.deleteAll(l, it, found[1:]); !ok {
			return false
		}
	}
	now := d.cfg.Now()
	_, err := d.alter(l, it, unchanged(it), d.cardOf(l, it), func(it, card *notice.Item) []notice.Item {
		for len(it.Sweep) > 0 && (fail != nil || !it.Sweep[0].After(now)) {
			it.Sweep = it.Sweep[1:]
		}
		if left != nil && now.Sub(it.SentAt) < sweepEnd {
			it.Sweep = slices.Insert(it.Sweep, 0, now.Add(sweepAgain).UTC().Round(0))
			slices.SortFunc(it.Sweep, time.Time.Compare)
		}
		if len(it.Sweep) == 0 {
			it.Sweep = nil
		}
		if edits(*it) {
			reshow(it, now)
		}
		if len(found) > 0 && found[0].TS != it.TS {
			if card != nil && card.TS == it.TS { // the card is the message that stays
				card.ChannelID, card.TS, card.Payload = found[0].ChannelID, found[0].TS, nil
				card.Refresh(card.Notice.To, now, now, "another copy of its message stays")
			}
			it.ChannelID, it.TS, it.Thread = found[0].ChannelID, found[0].TS, found[0].Thread
		}
		return nil
	})
	return !unstored(err)
}

// deleteAll deletes copies and returns why one is left that may be deleted later;
// one that never can is let be. ok is false where no call may be made now.
func (d *Dispatcher) deleteAll(l *channel, it notice.Item, copies []notice.Receipt) (left *notice.SendError, ok bool) {
	for _, r := range copies {
		if !d.await(l) {
			return nil, false
		}
		_, fail := try(d, l, func(ctx context.Context) (any, error) {
			return nil, l.via.sink.Delete(ctx, r.ChannelID, r.TS)
		})
		d.answered(l, time.Time{}, fail)
		if fail == nil {
			d.cfg.Log.Warn("a second copy was deleted", "key", it.Key, "channel", it.Channel, "ts", r.TS)
			d.count(func(t *Totals) { t.Copies++ })
			continue
		}
		d.cfg.Log.Warn("a second copy was not deleted", "key", it.Key, "channel", it.Channel, "ts", r.TS, "error", oneLine(fail))
		switch fail.Result {
		case notice.Refused, notice.Unreadable:
		case notice.Limited, notice.ChannelDown, notice.SinkDown:
			d.suffer(l, fail)
			return nil, false
		default:
			left = fail
		}
	}
	return left, true
}
