package dispatch

import (
	"errors"
	"slices"
	"time"

	"attache/internal/notice"
	"attache/internal/prose"
)

// errStale says that an item is no longer what it was when it was read.
var errStale = errors.New("the item has changed meanwhile")

// errNoEditor says that a sender changes no messages.
var errNoEditor = errors.New("this sender changes no messages")

// errLead says that others may send by now.
var errLead = errors.New("it is not sure that this machine still leads")

// change edits an item that is still in the state and at the attempt of was, and
// with it the items that it tells. errStale where it is not.
func (d *Dispatcher) change(l *channel, was notice.Item, fn func(it *notice.Item)) (notice.Item, error) {
	return d.alter(l, was, unchanged(was), "", func(it, _ *notice.Item) []notice.Item {
		fn(it)
		return nil
	})
}

// unchanged returns of an item whether it is still in the state and at the attempt of was.
func unchanged(was notice.Item) func(notice.Item) bool {
	return func(it notice.Item) bool { return it.State == was.State && it.Attempts == was.Attempts }
}

// alter edits an item of which ok holds, with the items that it tells and, where card is
// a key, the card of its event, which is nil where there is none yet. What fn gives is
// stored, too.
func (d *Dispatcher) alter(l *channel, was notice.Item, ok func(notice.Item) bool, card string, fn func(it, card *notice.Item) (add []notice.Item)) (notice.Item, error) {
	var now notice.Item
	var events []string
	keys := append([]string{was.Key}, was.Members...)
	if card != "" {
		keys = append(keys, card)
	}
	err := d.edit(keys, func(items []*notice.Item) ([]notice.Item, error) {
		if len(items) == 0 || items[0].Key != was.Key || !ok(*items[0]) {
			return nil, errStale
		}
		var c *notice.Item
		if last := len(items) - 1; last > 0 && items[last].Key == card {
			c, items = items[last], items[:last]
		}
		add := fn(items[0], c)
		now, events = *items[0], eventsOf(items)
		now.History = slices.Clone(now.History)
		tellMembers(items[0], items[1:], d.cfg.Now())
		return add, nil
	})
	if err == nil {
		d.note(l, was.State, now, events)
	}
	return now, err
}

// tellMembers makes the end of a digest the end of what it tells.
func tellMembers(digest *notice.Item, members []*notice.Item, now time.Time) {
	for _, m := range members {
		if m.State != notice.Merged || m.Parent != digest.Key {
			continue
		}
		switch digest.State {
		case notice.Sent:
			m.ChannelID, m.TS, m.SentAt = digest.ChannelID, digest.TS, digest.SentAt
			m.Fail("", "")
			m.Become(notice.Sent, now, "told by "+digest.Key)
		case notice.Dead:
			m.Fail(digest.Result, digest.LastError)
			m.Become(notice.Dead, now, digest.LastError)
		}
	}
}

// eventsOf returns the events that items speak of, each once.
func eventsOf(items []*notice.Item) []string {
	var out []string
	for _, it := range items {
		if e := it.Notice.Event; e != "" && !slices.Contains(out, e) {
			out = append(out, e)
		}
	}
	return out
}

// edit changes items in the outbox, and keeps in mind whether it can be written.
// While it can't, nothing is sent.
func (d *Dispatcher) edit(keys []string, fn func(items []*notice.Item) (add []notice.Item, err error)) error {
	var ours error // not the outbox's fault
	err := d.cfg.Outbox.Edit(keys, func(items []*notice.Item) (add []notice.Item, err error) {
		add, ours = fn(items)
		return add, ours
	})
	if ours != nil {
		return ours
	}
	d.faulted(&d.unwritable, "written", err)
	return err
}

// read returns the items with the keys that exist, in the order of keys.
func (d *Dispatcher) read(keys ...string) (list []*notice.Item, err error) {
	err = d.edit(keys, func(items []*notice.Item) ([]notice.Item, error) {
		list = items
		return nil, errStale // nothing is to be stored
	})
	if unstored(err) {
		return nil, err
	}
	return list, nil
}

// unstored reports whether err, of an edit, means that the outbox is at fault, rather
// than that the item changed meanwhile.
func unstored(err error) bool { return err != nil && !errors.Is(err, errStale) }

// faulted keeps a fault in mind, and reports its beginning and its end.
func (d *Dispatcher) faulted(fault *string, what string, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	was := *fault
	if err == nil {
		if *fault = ""; was != "" {
			d.cfg.Log.Info("outbox can be " + what + " again")
		}
		return
	}
	if *fault = oneLine(err); was == "" {
		d.cfg.Log.Error("outbox can't be "+what+": nothing is sent until it can", "error", err)
	}
}

// oneLine writes an error for people, in one line of bounded length.
func oneLine(err error) string {
	return prose.Clip(prose.OneLine(err.Error()), 500)
}
