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
	roots  map[string]*tree
	closed bool
}

// state returns the roots as they are, which nobody changes any more.
func (m *memory) state() (map[string]*tree, error) {
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
	tx := &memoryTx{roots: maps.Clone(roots), ours: make(map[string]bool)}
	if tx.roots == nil {
		tx.roots = make(map[string]*tree)
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

// memoryTx is a transaction. It changes no tree that another one made.
type memoryTx struct {
	roots  map[string]*tree
	ours   map[string]bool // the buckets whose trees it may change; nil in a view
	writes int             // how many there were, so that a scan sees that it has to seek again
}

func (t *memoryTx) Get(bucket string, key []byte) ([]byte, error) {
	if root := t.roots[bucket]; root != nil {
		e, _ := root.Get(entry{key: key}) // what is not there has no value
		return e.value, nil
	}
	return nil, nil
}

func (t *memoryTx) Scan(bucket string, from []byte, fn func(k, v []byte) (bool, error)) (err error) {
	for again := true; again; {
		again = false
		root := t.roots[bucket]
		if root == nil {
			return nil
		}
		root.AscendGreaterOrEqual(entry{key: from}, func(e entry) bool {
			seen, more := t.writes, false
			more, err = fn(e.key, e.value)
			if again = more && err == nil && t.writes != seen; again {
				from = after(e.key)
			}
			return more && err == nil && !again
		})
	}
	return err
}

func (t *memoryTx) Put(bucket string, key, value []byte) error {
	if err := checkKey(bucket, key); err != nil {
		return err
	}
	t.own(bucket).ReplaceOrInsert(entry{bytes.Clone(key), append([]byte{}, value...)})
	return nil
}

func (t *memoryTx) Delete(bucket string, key []byte) error {
	if root := t.roots[bucket]; root != nil && root.Has(entry{key: key}) {
		t.own(bucket).Delete(entry{key: key})
	}
	return nil
}

// own returns the tree of a bucket, to be changed.
func (t *memoryTx) own(bucket string) *tree {
	t.writes++
	if !t.ours[bucket] {
		t.ours[bucket] = true
		if root := t.roots[bucket]; root != nil {
			t.roots[bucket] = root.Clone()
		} else {
			t.roots[bucket] = newTree()
		}
	}
	return t.roots[bucket]
}
