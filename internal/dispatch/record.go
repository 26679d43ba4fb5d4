package dispatch

import (
	"time"

	"attache/internal/notice"
)

// attempt is how one attempt of a post went.
type attempt struct {
	receipt notice.Receipt
	err     *notice.SendError // nil when it arrived
	plain   bool
	took    time.Duration
}

// at returns the receiver's time at the end of the attempt, zero where unknown.
func (a attempt) at() time.Time {
	if a.err != nil {
		return a.err.At
	}
	return a.receipt.At
}

// record writes down how an attempt went and says whether the item is finished.
// What happened can't be undone, so that an outbox that can't be written is tried
// until it can; should the daemon end before, the item is found sending and is
// looked for.
func (d *Dispatcher) record(l *channel, it notice.Item, a attempt) (finished bool) {
	var next time.Time
	if a.err != nil && holds(a.err.Result) {
		next = d.suffer(l, a.err)
	}
	ours := func(is notice.Item) bool {
		return is.Attempts == it.Attempts && (is.State == notice.Sending || is.State == notice.Unknown)
	}
	for {
		now := d.cfg.Now()
		card := d.cardOf(l, it)
		after, err := d.alter(l, it, ours, card, func(it, c *notice.Item) []notice.Item {
			add := d.settle(it, a, next, now, card, c)
			if a.err == nil {
				it.Audit = l.audited(*it, now)
			}
			return add
		})
		if !unstored(err) {
			if err == nil {
				d.recorded(l, after, a)
			}
			return after.State == notice.Sent || after.State == notice.Dead || a.err == nil
		}
		if !d.sleep(time.Second) {
			return false
		}
	}
}

// holds reports whether a result is about the channel rather than the message.
func holds(r notice.Result) bool {
	switch r {
	case notice.NotSent, notice.Limited, notice.ChannelDown, notice.SinkDown:
		return true
	}
	return false
}

// settle makes of an item what an attempt made of it, and of its card, whose key is
// key, what follows. next is when to try again. It returns a card that is new.
func (d *Dispatcher) settle(it *notice.Item, a attempt, next, now time.Time, key string, card *notice.Item) []notice.Item {
	if at := a.at(); it.Attempts == 1 && !at.IsZero() {
		it.FirstAttempt = at.Add(-a.took).UTC()
	}
	if a.err == nil {
		return d.arrive(it, a.receipt, now, key, card)
	}
	it.Fail(a.err.Result, oneLine(a.err))
	switch {
	case a.err.Result == notice.Gone && (edits(*it) || it.Thread != ""):
		d.count(func(t *Totals) { t.Renewed++ })
		vanished(it, card, now)
	case holds(a.err.Result):
		it.NextTry = next.UTC().Round(0)
		it.Become(notice.Pending, now, it.LastError)
	case a.err.Result == notice.Refused && a.plain:
		it.Become(notice.Dead, now, it.LastError)
	case a.err.Result == notice.Refused: // once more, as plain text
		it.NextTry = now.UTC().Round(0)
		it.Become(notice.Pending, now, it.LastError)
	case edits(*it):
		d.again(it, now)
	default:
		it.NextTry = now.Add(lookAfter).UTC().Round(0)
		it.Become(notice.Unknown, now, it.LastError)
	}
	return nil
}

// arrive makes an item sent. If it may have been sent twice, copies are looked
// for later.
func (d *Dispatcher) arrive(it *notice.Item, r notice.Receipt, now time.Time, key string, card *notice.Item) []notice.Item {
	edited, asked, doubt := edits(*it), it.Thread, !it.Doubt.IsZero()
	it.ChannelID, it.TS, it.Thread, it.SentAt = r.ChannelID, r.TS, r.Thread, now.UTC().Round(0)
	it.NextTry, it.Looked = time.Time{}, 0
	it.Fail("", "")
	if isCard(*it) && edited {
		d.showed(it, doubt, now)
		return nil
	}
	it.Sweep = nil
	if it.Resent {
		for _, after := range sweeps {
			it.Sweep = append(it.Sweep, now.Add(after).UTC().Round(0))
		}
	}
	if isCard(*it) {
		d.showed(it, false, now)
		return nil
	}
	if r.Told {
		it.Become(notice.Sent, now, "told by the digest "+r.TS)
		return nil
	}
	it.Become(notice.Sent, now, "arrived as "+r.TS)
	return d.pin(key, it, card, asked, now)
}

// recorded does what follows once the result of an attempt is in the outbox.
func (d *Dispatcher) recorded(l *channel, it notice.Item, a attempt) {
	log := d.cfg.Log.With("key", it.Key, "channel", it.Channel, "event", it.Notice.Event)
	if a.err == nil && isCard(it) {
		d.count(func(t *Totals) { t.Shown++ })
	}
	switch it.State {
	case notice.Sent:
		d.works(l)
		d.countLate(it)
		log.Info("notice sent", "kind", it.Notice.Kind, "ts", it.TS, "attempts", it.Attempts)
		d.keepChannelID(it)
	case notice.Unknown:
		log.Warn("notice may or may not have arrived", "error", it.LastError)
	case notice.Dead:
		log.Error("notice refused for good", "error", it.LastError)
	case notice.Pending:
		if a.err == nil {
			d.works(l)
			return
		}
		log.Info("notice not sent yet", "error", it.LastError, "attempts", it.Attempts)
	}
}

// keepChannelID records where a channel is. It is only a shortcut: a failure is
// made good by the next message.
func (d *Dispatcher) keepChannelID(it notice.Item) {
	if it.ChannelID == "" {
		return
	}
	id, _, err := d.cfg.Outbox.ChannelID(it.Channel)
	if err == nil && id != it.ChannelID {
		err = d.cfg.Outbox.SetChannelID(it.Channel, it.ChannelID)
	}
	if err != nil {
		d.cfg.Log.Warn("id of the channel not recorded", "channel", it.Channel, "error", err)
	}
}

// countLate counts what went out later than the catch-up time.
func (d *Dispatcher) countLate(it notice.Item) {
	if isCard(it) || it.SentAt.Sub(it.Notice.Due) <= d.cfg.CatchUp() {
		return
	}
	d.count(func(t *Totals) { t.Late += max(1, len(it.Members)) })
}

// limitedBefore reports whether the last attempt was turned away for being too
// many. Receivers are known to have kept such messages all the same.
func limitedBefore(it notice.Item) bool {
	return it.Attempts > 0 && it.Result == notice.Limited
}
