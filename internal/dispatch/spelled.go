package dispatch

import (
	"slices"
	"strings"

	"attache/internal/notice"
)

// A channel can be named twice: by its name and by its id. Which id a name has may be known only
// once something was sent there. Until then nothing is sent to an id that nothing was sent to
// either, so that what both are to be told is told once.

// learnName notes whether the id of a channel is known. That it can't be told is no reason to
// wait.
func (d *Dispatcher) learnName(name string, sink Sink) {
	if d.named[name] {
		return
	}
	_, edits := sink.(Editor)
	_, ok, err := d.cfg.Outbox.ChannelID(name)
	d.named[name] = ok || err != nil || !edits
}

// apart returns those of the channels that may start now: an id to which nothing was sent waits for
// the names of which the id is not known. The caller holds scanning and mu.
func (d *Dispatcher) apart(ready []*channel) []*channel {
	unclear := false
	for _, l := range d.channels {
		unclear = unclear || named(l.name) && !d.named[l.name] && (l.busy || slices.Contains(ready, l))
	}
	return slices.DeleteFunc(ready, func(l *channel) bool {
		l.unnamed = !d.named[l.name]
		return unclear && l.unnamed && !named(l.name)
	})
}

// named reports whether a channel is written as a name, not as an id.
func named(name string) bool { return strings.HasPrefix(name, "#") }

// single supersedes what is told in the same channel under another of its names, and returns
// what remains of queue.
func (d *Dispatcher) single(l *channel, queue []notice.Item) (rest []notice.Item, err error) {
	other, err := d.otherName(l.name)
	if err != nil || other == "" {
		return queue, err
	}
	now := d.cfg.Now()
	for _, it := range queue {
		twin, err := d.read(notice.ItemKey(d.cfg.Install, it.Notice.Key, other))
		if err != nil {
			return nil, err
		}
		if isCard(it) || len(twin) == 0 || twin[0].State == notice.Superseded || twin[0].State == notice.Dead {
			rest = append(rest, it)
			continue
		}
		_, err = d.change(l, it, func(it *notice.Item) {
			it.Become(notice.Superseded, now, "told in the same channel as "+other)
		})
		if unstored(err) {
			return nil, err
		}
	}
	return rest, nil
}

// otherName returns the name that goes before another name of the same channel, "" where
// name is that, or the only one.
func (d *Dispatcher) otherName(name string) (string, error) {
	id, ok, err := d.cfg.Outbox.ChannelID(name)
	if err != nil {
		return "", err
	}
	if !ok {
		id = name
	}
	names, err := d.cfg.Outbox.ChannelNames(id)
	if err != nil || len(names) == 0 || names[0] == name || named(name) {
		return "", err
	}
	return names[0], nil
}
