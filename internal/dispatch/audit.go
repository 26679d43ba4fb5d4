package dispatch

import (
	"time"

	"attache/internal/notice"
)

// sentItem is something that arrived, to be looked for once more: a receiver may say that
// it took a message, name its place, and never show it.
type sentItem struct {
	item notice.Item // what Find needs of it
	due  time.Time   // when it is looked for
}

// auditAfter is how long after something arrived it is looked for once more.
const auditAfter = 15 * time.Minute

// mostAudited bounds how many of them are kept for a channel.
const mostAudited = 1000

// remind keeps in mind that it arrived.
func (d *Dispatcher) remind(l *channel, it notice.Item) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, ok := l.via.sink.(Editor); ok && !isCard(it) && len(l.audit) < mostAudited {
		slim := notice.Item{
			Key: it.Key, Root: it.Root, Channel: it.Channel, ChannelID: it.ChannelID, TS: it.TS, Thread: it.Thread,
			FirstAttempt: it.FirstAttempt, Notice: notice.Notice{Event: it.Notice.Event},
		}
		l.audit = append(l.audit, sentItem{slim, d.cfg.Now().Add(auditAfter)})
	}
}

// audited reports whether the oldest message that arrived is to be looked for. The caller
// holds mu.
func (l *channel) audited(now time.Time) bool { return len(l.audit) > 0 && !now.Before(l.audit[0].due) }

// audit looks once for what arrived in a channel some time ago, and reports what is not
// there. It sends nothing again: somebody may have deleted it.
func (d *Dispatcher) audit(l *channel) {
	d.mu.Lock()
	var list []notice.Item
	if now := d.cfg.Now(); l.audited(now) && l.blind.over(now) {
		id := l.audit[0].item.ChannelID
		rest := l.audit[:0:0]
		for _, s := range l.audit {
			if s.item.ChannelID == id {
				list = append(list, s.item)
			} else {
				rest = append(rest, s)
			}
		}
		l.audit = rest
	}
	d.mu.Unlock()
	if len(list) == 0 || !d.await(l) {
		return
	}
	found, fail := d.find(l, list[0].ChannelID, list)
	if fail != nil {
		return // nothing is known, and nothing hangs on it
	}
	for _, it := range list {
		if len(found[it.PostKey()]) > 0 {
			continue
		}
		d.count(func(t *Totals) { t.Missing++ })
		d.cfg.Log.Warn("a message that was sent is not in its channel: somebody deleted it, or it was never shown",
			"key", it.Key, "channel", it.Channel, "event", it.Notice.Event, "ts", it.TS)
	}
}
