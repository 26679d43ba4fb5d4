package dispatch

import (
	"time"

	"attache/internal/notice"
)

// auditAfter is how long after something arrived it is looked for once more: a receiver may
// say that it took a message, name its place, and never show it.
const auditAfter = 15 * time.Minute

// auditStep parts the instants of such looks, so that one serves for all that arrived in it.
const auditStep = 5 * time.Minute

// audited returns when something that arrives in the channel now is to be looked for once
// more, zero where it is not.
func (l *channel) audited(it notice.Item, now time.Time) time.Time {
	if _, ok := l.via.sink.(Editor); !ok || isCard(it) {
		return time.Time{}
	}
	return now.Add(auditAfter + auditStep - 1).UTC().Truncate(auditStep)
}

// audits reports whether what is due for an item is that look.
func audits(it notice.Item) bool { return it.State == notice.Sent && len(it.Sweep) == 0 }

// audit looks once for what arrived in a channel some time ago, and reports what is not
// there. It sends nothing again: somebody may have deleted it.
func (d *Dispatcher) audit(l *channel, items []notice.Item) (progress bool) {
	var list []notice.Item
	var keys []string
	for _, it := range items {
		if it.ChannelID == items[0].ChannelID {
			list, keys = append(list, it), append(keys, it.Key)
		}
	}
	if _, ok := l.via.sink.(Editor); ok {
		if !d.await(l) {
			return false
		}
		found, fail := d.find(l, list[0].ChannelID, list)
		for _, it := range list {
			if fail != nil || len(found[it.PostKey()]) > 0 { // where it failed nothing is known, and nothing hangs on it
				continue
			}
			d.count(func(t *Totals) { t.Missing++ })
			d.cfg.Log.Warn("a message that was sent is not in its channel: somebody deleted it, or it was never shown",
				"key", it.Key, "channel", it.Channel, "event", it.Notice.Event, "ts", it.TS)
		}
	}
	err := d.edit(keys, func(items []*notice.Item) ([]notice.Item, error) {
		for _, it := range items {
			it.Audit = time.Time{}
		}
		return nil, nil
	})
	return err == nil
}
