package agenda

import (
	"slices"
	"strings"
	"time"

	"attache/internal/event"
	"attache/internal/when"
)

// Input is an event as it is recorded.
type Input struct {
	Revision event.Revision
	UID      string    // RFC 5545 §3.8.4.7
	Created  time.Time // UTC, of the first revision
}

// Net is all events together, with what follows from them. The zero Net has none. It is a
// value: Apply returns another and leaves this one as it is, and both share what an edit does
// not touch.
//
// Events that lean on each other, directly or by way of others, are a cluster. No statement
// reaches from one cluster into another, so that an edit has only its own worked out again.
//
// Of an event that stands alone, as most do, nothing is kept but its entry: how that came about
// is worked out again by whoever asks for it.
type Net struct {
	items []*item // in order of ids, those that are only leaned on among them
	zones *when.Zones
}

// item is an event in its place.
type item struct {
	prepared *prepared // nil for one that stands alone
	cluster  *cluster
	entry    *Entry // nil for one that is only leaned on
}

func (t *item) id() string {
	if t.entry != nil {
		return t.entry.ID
	}
	return t.prepared.id
}

// ready returns the event of t, ready to be worked with.
func (t *item) ready() *prepared {
	if t.prepared == nil {
		return prepare(t.entry.input())
	}
	return t.prepared
}

// cluster is events that lean on each other, once they are worked out.
type cluster struct {
	items  []*item // in order of ids
	solved *solver // nil for one event that stands alone
}

// solver returns how the events of c were worked out.
func (c *cluster) solver() *solver {
	if c.solved == nil {
		_, s := clusters([]*prepared{c.items[0].ready()})[0].solve()
		return s
	}
	return c.solved
}

// letGo lets go of how an event that stands alone was worked out.
func (c *cluster) letGo() {
	if len(c.items) == 1 {
		c.solved, c.items[0].prepared = nil, nil
	}
}

// Solve returns the entries of all events, in their order: what each event's own statements
// allow, and what follows from those that lean on other events. Of two events with one id
// the last holds.
func Solve(list []Input) []Entry {
	n := Net{}.Apply(list, nil)
	out := make([]Entry, len(list))
	for i := range list {
		out[i], _ = n.Entry(list[i].Revision.Event.ID)
	}
	return out
}

// Entries returns what holds of all events, in the order of their ids. They are those of the net,
// and not to be changed.
func (n Net) Entries() []*Entry {
	out := make([]*Entry, 0, len(n.items))
	for _, t := range n.items {
		if t.entry != nil {
			out = append(out, t.entry)
		}
	}
	return out
}

// Entry returns what holds of the event id, and false where there is none.
func (n Net) Entry(id string) (Entry, bool) {
	if t := n.find(id); t != nil && t.entry != nil {
		return *t.entry, true
	}
	return Entry{}, false
}

// Counting returns the ids of the events whose dates are counted by a calendar: they may be
// others once a holiday is added.
func (n Net) Counting() []string {
	var ids []string
	for _, t := range n.items {
		if t.entry != nil && t.entry.counting {
			ids = append(ids, t.id())
		}
	}
	return ids
}

func (n Net) find(id string) *item {
	i, ok := slices.BinarySearchFunc(n.items, id, compareID)
	if !ok {
		return nil
	}
	return n.items[i]
}

func compareID(t *item, id string) int { return strings.Compare(t.id(), id) }

// Apply returns the net in which the events put are as given and those gone are not there.
// It is the same as if all events were put into an empty one, at the cost of the clusters
// that the edit touches.
func (n Net) Apply(put []Input, gone []string) Net {
	e := edit{net: n, old: make(map[*cluster]bool), now: make(map[string]*prepared)}
	for _, id := range gone {
		e.touch(id)
		e.now[id] = nil
	}
	for i := range put {
		p := prepare(put[i])
		e.touch(p.id)
		p.leans(e.touch)
		e.now[p.id] = p
	}
	return e.done()
}

// edit is an Apply under way.
type edit struct {
	net Net
	old map[*cluster]bool    // that are touched
	now map[string]*prepared // the events put; nil for one that is gone
}

// touch has the cluster of an event worked out again.
func (e *edit) touch(id string) {
	if t := e.net.find(id); t != nil {
		e.old[t.cluster] = true
	}
}

// done returns the net after the edit.
func (e *edit) done() Net {
	var fresh []*item
	for _, c := range clusters(e.members()) {
		items, _ := c.solve()
		items[0].cluster.letGo()
		fresh = append(fresh, items...)
	}
	slices.SortFunc(fresh, func(a, b *item) int { return strings.Compare(a.id(), b.id()) })
	zones := e.net.zones
	if zones == nil {
		zones = new(when.Zones)
	}
	for _, t := range fresh {
		if t.entry != nil {
			t.entry.Window = zones.Share(t.entry.Window)
			if t.entry.Series != nil {
				s := zones.ShareSeries(*t.entry.Series)
				t.entry.Series = &s
			}
		}
	}
	return Net{e.merge(fresh), zones}
}

// members returns the events of all clusters that are touched, in the order of their ids.
func (e *edit) members() []*prepared {
	list := make([]*prepared, 0, len(e.now))
	for _, p := range e.now {
		if p != nil {
			list = append(list, p)
		}
	}
	for c := range e.old {
		for _, t := range c.items {
			if _, edited := e.now[t.id()]; !edited && t.entry != nil {
				list = append(list, t.ready())
			}
		}
	}
	slices.SortFunc(list, func(a, b *prepared) int { return strings.Compare(a.id, b.id) })
	return list
}

// merge returns all events: those that the edit did not touch, and the fresh ones.
func (e *edit) merge(fresh []*item) []*item {
	out := make([]*item, 0, len(e.net.items)+len(e.now))
	for _, t := range e.net.items {
		if e.old[t.cluster] {
			continue
		}
		for len(fresh) > 0 && fresh[0].id() < t.id() {
			out, fresh = append(out, fresh[0]), fresh[1:]
		}
		out = append(out, t)
	}
	return append(out, fresh...)
}
