package dispatch

import (
	"cmp"
	"errors"
	"slices"
	"sync"
	"time"

	"attache/internal/notice"
)

// memory is an outbox in memory. It keeps what it is given apart from what others
// hold, as one on disk does.
type memory struct {
	mu       sync.Mutex
	items    map[string]notice.Item
	channels map[string]string
}

func newMemory() *memory {
	return &memory{items: map[string]notice.Item{}, channels: map[string]string{}}
}

func (m *memory) put(items ...notice.Item) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, it := range items {
		m.items[it.Key] = clone(it)
	}
}

func (m *memory) get(key string) notice.Item {
	m.mu.Lock()
	defer m.mu.Unlock()
	return clone(m.items[key])
}

func (m *memory) all() []notice.Item {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []notice.Item
	for _, it := range m.items {
		out = append(out, clone(it))
	}
	inOrder(out)
	return out
}

func clone(it notice.Item) notice.Item {
	it.NextTry = it.NextTry.Round(0)
	it.Payload = slices.Clone(it.Payload)
	it.Sweep = slices.Clone(it.Sweep)
	it.Members = slices.Clone(it.Members)
	it.History = slices.Clone(it.History)
	return it
}

func (m *memory) Due(now time.Time, limit int) ([]notice.Item, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	type entry struct {
		at  time.Time
		key string
	}
	var index []entry
	for key, it := range m.items {
		if at, ok := it.NextAction(); ok && !at.After(now) {
			index = append(index, entry{at, key})
		}
	}
	slices.SortFunc(index, func(a, b entry) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.key, b.key)) })
	var out []notice.Item
	for _, e := range index[:min(limit, len(index))] {
		out = append(out, clone(m.items[e.key]))
	}
	return out, nil
}

func (m *memory) Next() (next time.Time, ok bool, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, it := range m.items {
		if at, has := it.NextAction(); has && (!ok || at.Before(next)) {
			next, ok = at, true
		}
	}
	return next, ok, nil
}

func (m *memory) Sending() (out []notice.Item, err error) {
	for _, it := range m.all() {
		if it.State == notice.Sending {
			out = append(out, it)
		}
	}
	return out, nil
}

func (m *memory) Edit(keys []string, fn func([]*notice.Item) ([]notice.Item, error)) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	var list []*notice.Item
	for _, key := range keys {
		if it, ok := m.items[key]; ok {
			it = clone(it)
			list = append(list, &it)
		}
	}
	add, err := fn(list)
	if err != nil {
		return err
	}
	for _, it := range list {
		m.items[it.Key] = clone(*it)
	}
	for _, it := range add {
		m.items[it.Key] = clone(it)
	}
	return nil
}

func (m *memory) ChannelID(name string) (string, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	id, ok := m.channels[name]
	return id, ok, nil
}

func (m *memory) ChannelNames(id string) (names []string, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for name, has := range m.channels {
		if has == id {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, nil
}

func (m *memory) SetChannelID(name, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.channels[name] = id
	return nil
}

// mortal is an outbox as one run of the daemon sees it: from some write on,
// nothing is stored any more.
type mortal struct {
	*memory
	mu     sync.Mutex
	writes int
	before int  // dies before this write, counted from 1
	after  int  // dies after this write
	dead   bool // as after a kill, or while the disk is full
	panics int  // panics at this write
}

var errDead = errors.New("no space left on device")

func (m *mortal) Edit(keys []string, fn func([]*notice.Item) ([]notice.Item, error)) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.writes+1 == m.before {
		m.dead = true
	}
	if m.dead {
		return errDead
	}
	err := m.memory.Edit(keys, fn)
	if err != nil {
		return err
	}
	if m.writes++; m.writes == m.panics {
		panic("page 7 is zero")
	}
	if m.writes == m.after {
		m.dead = true
		return errDead
	}
	return nil
}

func (m *mortal) set(dead bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.dead = dead
}

func (m *mortal) SetChannelID(name, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.dead {
		return errDead
	}
	return m.memory.SetChannelID(name, id)
}
