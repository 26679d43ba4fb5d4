package dispatch

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"
	"unicode/utf8"

	"attache/internal/notice"
)

// What one digest tells at most.
const (
	maxLines = 40
	maxRunes = 9000
)

// newest supersedes the reminders of an event that a newer one of the same kind
// makes pointless, and returns what remains of queue.
func (d *Dispatcher) newest(l *channel, queue []notice.Item) ([]notice.Item, error) {
	type ladder struct {
		event string
		kind  notice.Kind
	}
	rung := func(it notice.Item) (ladder, bool) {
		n := it.Notice
		return ladder{n.Event, n.Kind}, n.Event != "" && (n.Kind == notice.Reminder || n.Kind == notice.Window)
	}
	last := map[ladder]notice.Item{}
	for _, it := range queue {
		if r, ok := rung(it); ok {
			last[r] = it // the queue is in the order in which they were due
		}
	}
	now := d.cfg.Now()
	var kept []notice.Item
	for _, it := range queue {
		r, ok := rung(it)
		if !ok || !it.Notice.Due.Before(last[r].Notice.Due) {
			kept = append(kept, it)
			continue
		}
		_, err := d.change(l, it, func(it *notice.Item) {
			it.Become(notice.Superseded, now, "a newer reminder is due: "+last[r].Key)
		})
		if unstored(err) {
			return nil, err
		}
	}
	return kept, nil
}

// burst is how many items that are due at once in a channel go out singly; more go into a
// digest.
const burst = 5

// lastCall is how soon a reminder must be worth nothing any more for it to go out by
// itself although many are due.
const lastCall = 2 * time.Hour

// urgent reports whether it reminds of what is about to begin.
func urgent(it notice.Item, now time.Time) bool {
	n := it.Notice
	return n.Kind == notice.Reminder && it.Attempts == 0 && !n.Expires.IsZero() && n.Expires.Sub(now) <= lastCall
}

// group puts together what one message is to tell: everything when there is more than a
// burst, but for a few that are urgent, else what is later than catchUp, a change and what it
// brought about, what is said of one event in several respects, and questions what became of something or whether it still stands. Items
// that were tried before stay by themselves. The units are in the order in which they are
// to leave.
func group(queue []notice.Item, now time.Time, catchUp time.Duration) [][]notice.Item {
	alone := func(it notice.Item) bool { return it.Attempts > 0 || isCard(it) }
	acts, changes := notice.Acts(queue), map[string]bool{}
	for _, c := range acts {
		changes[c] = true
	}
	act := func(it notice.Item) string { // the change that tells it
		if changes[it.Key] {
			return it.Key
		}
		return acts[it.Key]
	}
	calls, said := 0, map[string][]notice.Kind{} // by act, by event, or by key where it has neither
	for _, it := range queue {
		if of := cmp.Or(act(it), it.Notice.Event, it.Key); !alone(it) && !slices.Contains(said[of], it.Notice.Kind) {
			said[of] = append(said[of], it.Notice.Kind)
		}
		if urgent(it, now) {
			calls++
		}
	}
	var units [][]notice.Item
	at := map[string]int{} // the unit of a group
	for _, it := range queue {
		g, e := "", it.Notice.Event
		switch {
		case alone(it), len(said) > burst && calls <= burst && urgent(it, now):
		case len(said) > burst:
			g = "all"
		case now.Sub(it.Notice.Due) > catchUp:
			g = "late"
		case act(it) != "":
			g = "act " + act(it)
		case e != "" && len(said[e]) > 1:
			g = "event " + e
		case it.Notice.Kind == notice.Outcome, it.Notice.Kind == notice.Stale:
			g = string(it.Notice.Kind)
		}
		n, ok := at[g]
		if g == "" || !ok || crosses(units[n+1:], it) {
			at[g] = len(units)
			units = append(units, []notice.Item{it})
			continue
		}
		units[n] = append(units[n], it)
	}
	return units
}

// crosses reports whether an item would overtake one of its own event, were it told
// before the units between.
func crosses(between [][]notice.Item, it notice.Item) bool {
	for _, u := range between {
		for _, other := range u {
			if e := it.Notice.Event; e != "" && other.Notice.Event == e {
				return true
			}
		}
	}
	return false
}

// sendDigest sends the first of the items in one message, as many as it can
// tell. It returns those that remain, and done is false where no more is to be sent
// now.
func (d *Dispatcher) sendDigest(l *channel, u []notice.Item) (rest []notice.Item, done bool) {
	now := d.cfg.Now()
	texts := map[string]notice.Message{}
	var told []notice.Item
	room := budget{lines: maxLines, runes: maxRunes, rows: maxLines}
	if d.cfg.Rows != nil {
		room.rows = d.cfg.Rows()
	}
	for len(u) > 0 {
		m, err := d.write(l, u[0], now)
		if err != nil {
			if _, _, err := d.bury(l, u[0], err); unstored(err) {
				return u, false
			}
			u = u[1:]
			continue
		}
		if !room.take(m) && len(told) > 0 {
			break
		}
		texts[u[0].Key], told, u = m, append(told, u[0]), u[1:]
	}
	switch len(told) {
	case 0:
		return u, true
	case 1:
		return u, d.sendOne(l, told[0])
	}
	if !d.probing(l) {
		return u, false
	}
	digest, err := d.merge(l, told, texts, now)
	switch {
	case unstored(err):
		return u, false
	case err != nil: // a new scan tells what remains of them
		return nil, true
	}
	return u, d.transmit(l, digest)
}

// budget is what a digest has room for.
type budget struct{ lines, runes, rows int }

// take reports whether there is room for m, and takes it.
func (b *budget) take(m notice.Message) bool {
	lines := m.AsLines()
	b.lines -= len(lines)
	for _, l := range lines {
		b.runes -= utf8.RuneCountInString(l.Title + l.Date + l.Note + l.Link)
		if len(l.Answers) > 0 {
			b.rows--
		}
	}
	return b.lines >= 0 && b.runes >= 0 && b.rows >= 0
}

// merge records a digest as being sent and its members as told by it, in one
// transaction. errStale where fewer than two can still be told.
func (d *Dispatcher) merge(l *channel, told []notice.Item, texts map[string]notice.Message, now time.Time) (digest notice.Item, err error) {
	var keys, events []string
	for _, it := range told {
		keys = append(keys, it.Key)
	}
	if key := d.cardOf(l, told[0]); key != "" { // where it is all of one event
		keys = append(keys, key)
	}
	first := d.serverTime(l)
	err = d.edit(keys, func(items []*notice.Item) ([]notice.Item, error) {
		var card *notice.Item
		if last := len(items) - 1; last >= 0 && isCard(*items[last]) {
			card, items = items[last], items[:last]
		}
		items = slices.DeleteFunc(slices.Clone(items), func(it *notice.Item) bool { return !fresh(*it, now) })
		if len(items) < 2 {
			return nil, errStale
		}
		digest, err = digestOf(items, texts, now)
		if err != nil {
			return nil, err
		}
		if digest.Notice.Event != "" {
			answer(&digest, card)
		}
		startAttempt(&digest, now, first)
		for _, it := range items {
			it.Parent = digest.Key
			it.Become(notice.Merged, now, "told by "+digest.Key)
		}
		events = eventsOf(items)
		return []notice.Item{digest}, nil
	})
	if err == nil {
		d.noteMerged(l, digest, events)
	}
	return digest, err
}

// fresh reports whether an item may still be told: nobody ended it or began to send
// it.
func fresh(it notice.Item, now time.Time) bool {
	next, ok := it.NextAction()
	return ok && it.State == notice.Pending && it.Attempts == 0 && !next.After(now) && !expired(it, now)
}

// digestOf returns the item that tells items, of one event or of several. It expires with
// the last of them.
func digestOf(items []*notice.Item, texts map[string]notice.Message, now time.Time) (notice.Item, error) {
	digest := notice.Item{Channel: items[0].Channel, State: notice.Pending}
	n := notice.Notice{Kind: notice.Digest, Due: items[0].Notice.Due, Expires: items[0].Notice.Expires}
	for _, it := range items {
		digest.Members = append(digest.Members, it.Key)
		if e := it.Notice.Expires; e.IsZero() || n.Expires.IsZero() {
			n.Expires = time.Time{}
		} else {
			n.Expires = later(n.Expires, e)
		}
	}
	digest.Key = notice.DigestKey(digest.Members)
	m := notice.Merge(notice.Told(items, texts), now)
	n.Key, n.Event = digest.Key, m.Event // what is said of one event at once stands in the thread of its card
	digest.Notice = n
	var err error
	digest.Payload, err = json.Marshal(m)
	return digest, err
}

func (d *Dispatcher) noteMerged(l *channel, digest notice.Item, events []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	l.counts[notice.Merged] += len(digest.Members)
	l.counts[digest.State]++
	l.track(digest, events)
}
