package store

import (
	"bytes"
	"maps"
	"sync"
)

// Memory returns an engine that keeps everything in memory, for simulations and
// tests. It keeps the same contract as the one on disk.
func Memory() Engine { return &memory{} }

// memory holds its buckets as trees that nobody changes once their update is done,
// so that a view is the set of roots that it began with.
type memory struct {
	writing sync.Mutex // held by the one update

	mu     sync.RWMutex // guards what follows
	roots  map[string]*node
	closed bool
}

// state returns the roots as they are, which nobody changes any more.
func (m *memory) state() (map[string]*node, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if m.closed {
		return nil, ErrClosed
	}
	return m.roots, nil
}

func (m *memory) View(fn func(Reader) error) error {
	roots, err := m.state()
	if err != nil {
		return err
	}
	return fn(&memoryTx{roots: roots})
}

func (m *memory) Update(fn func(Writer) error) error {
	m.writing.Lock()
	defer m.writing.Unlock()
	roots, err := m.state()
	if err != nil {
		return err
	}
	tx := &memoryTx{roots: maps.Clone(roots), owner: new(owner)}
	if tx.roots == nil {
		tx.roots = make(map[string]*node)
	}
	if err := fn(tx); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.roots = tx.roots
	return nil
}

func (m *memory) Close() error {
	m.writing.Lock()
	defer m.writing.Unlock()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed, m.roots = true, nil
	return nil
}

// memoryTx is a transaction. It changes no node that another one made.
type memoryTx struct {
	roots  map[string]*node
	owner  *owner // nil in a view
	writes int    // how many there were, so that a scan sees that it has to seek again
}

func (t *memoryTx) Get(bucket string, key []byte) ([]byte, error) {
	if n := t.roots[bucket].find(key); n != nil {
		return n.value, nil
	}
	return nil, nil
}

func (t *memoryTx) Scan(bucket string, from []byte, fn func(k, v []byte) (bool, error)) error {
	w := walk(t.roots[bucket], from)
	for n := w.next(); n != nil; n = w.next() {
		seen, key := t.writes, n.key
		if more, err := fn(key, n.value); err != nil || !more {
			return err
		}
		if t.writes != seen {
			w = walk(t.roots[bucket], after(key))
		}
	}
	return nil
}

func (t *memoryTx) Put(bucket string, key, value []byte) error {
	if err := checkKey(bucket, key); err != nil {
		return err
	}
	t.writes++
	leaf := newNode(t.owner, bytes.Clone(key), append([]byte{}, value...))
	t.roots[bucket] = t.roots[bucket].with(leaf)
	return nil
}

func (t *memoryTx) Delete(bucket string, key []byte) error {
	if root := t.roots[bucket]; root.find(key) != nil {
		t.writes++
		t.roots[bucket] = root.without(t.owner, key)
	}
	return nil
}

// after returns the first key behind k.
func after(k []byte) []byte {
	return append(append(make([]byte, 0, len(k)+1), k...), 0)
}
