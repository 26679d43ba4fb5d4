package cluster

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"sync"

	"attache/internal/store"
)

// Memory is a log within this process, for tests: whatever shares it is a machine of its own.
// Its leases run out when the test says so.
type Memory struct {
	mu       sync.Mutex
	entries  map[uint64][]byte
	last     uint64
	kept     uint64 // the last entry that the snapshot holds
	snapshot []byte
	epoch    uint64
	leads    *memoryTerm // nil where nobody does
	refused  error
	stale    bool
	changed  chan struct{} // closed, and made anew, at every change
}

// NewMemory returns an empty log.
func NewMemory() *Memory {
	return &Memory{entries: make(map[uint64][]byte), changed: make(chan struct{})}
}

// Depose ends the term of the machine that leads, as if it had slept beyond its lease.
func (m *Memory) Depose() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.leads != nil {
		m.end(m.leads)
	}
}

// Refuse has every addition fail with err from now on, as a log does that is full; nil ends that.
func (m *Memory) Refuse(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.refused = err
}

// Stale has no term be confirmed from now on, or again, as where the log can't be reached.
func (m *Memory) Stale(stale bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.stale = stale
}

// Lead implements [store.Log].
func (m *Memory) Lead(ctx context.Context) (store.Term, error) {
	for {
		m.mu.Lock()
		if m.leads == nil {
			m.epoch++
			m.leads = &memoryTerm{log: m, epoch: m.epoch, done: make(chan struct{})}
			defer m.mu.Unlock()
			return m.leads, nil
		}
		changed := m.changed
		m.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

// Read implements [store.Log].
func (m *Memory) Read(ctx context.Context, from uint64, fn func(uint64, []byte) error) error {
	for seq := from; ; seq++ {
		m.mu.Lock()
		entry, kept, last := m.entries[seq], m.kept, m.last
		m.mu.Unlock()
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case seq <= kept:
			return cut(seq, kept)
		case seq > last:
			return nil
		}
		if err := fn(seq, bytes.Clone(entry)); err != nil {
			return err
		}
	}
}

// cut says that an entry is not in the log any more, but in a snapshot.
func cut(seq, kept uint64) error {
	return fmt.Errorf("read entry %d: %w: the snapshot goes to %d", seq, store.ErrCut, kept)
}

// Snapshot implements [store.Log].
func (m *Memory) Snapshot(context.Context) (uint64, io.ReadCloser, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.kept == 0 {
		return 0, nil, nil
	}
	return m.kept, io.NopCloser(bytes.NewReader(m.snapshot)), nil
}

// Wait implements [store.Log].
func (m *Memory) Wait(ctx context.Context, after uint64) error {
	for {
		m.mu.Lock()
		last, changed := m.last, m.changed
		m.mu.Unlock()
		if last > after {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// Size implements [store.Log].
func (m *Memory) Size(context.Context) (int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	size := len(m.snapshot)
	for _, e := range m.entries {
		size += len(e)
	}
	return int64(size), nil
}

// Close implements [store.Log].
func (m *Memory) Close() error { return nil }

// tell wakes whoever waits. The lock is held.
func (m *Memory) tell() {
	close(m.changed)
	m.changed = make(chan struct{})
}

// end ends a term. The lock is held.
func (m *Memory) end(t *memoryTerm) {
	if m.leads == t {
		m.leads = nil
		close(t.done)
		m.tell()
	}
}

// memoryTerm is a term of a Memory.
type memoryTerm struct {
	log   *Memory
	epoch uint64
	done  chan struct{}
}

func (t *memoryTerm) Epoch() uint64 { return t.epoch }

func (t *memoryTerm) Done() <-chan struct{} { return t.done }

func (t *memoryTerm) Fresh() bool {
	t.log.mu.Lock()
	defer t.log.mu.Unlock()
	return t.log.leads == t && !t.log.stale
}

func (t *memoryTerm) Append(_ context.Context, seq uint64, entry []byte) error {
	m := t.log
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case m.refused != nil:
		return m.refused
	case m.leads != t:
		return store.ErrDeposed
	case seq != m.last+1:
		m.end(t)
		return fmt.Errorf("entry %d can't follow entry %d: %w", seq, m.last, store.ErrDeposed)
	}
	m.entries[seq], m.last = bytes.Clone(entry), seq
	m.tell()
	return nil
}

func (t *memoryTerm) Keep(_ context.Context, seq uint64, snapshot io.Reader) error {
	body, err := io.ReadAll(snapshot)
	if err != nil {
		return err
	}
	m := t.log
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case m.refused != nil:
		return m.refused
	case m.leads != t:
		return store.ErrDeposed
	case seq <= m.kept:
		return nil // the newer one stays
	}
	m.snapshot, m.kept, m.last = body, seq, max(m.last, seq)
	for n := range m.entries {
		if n <= seq {
			delete(m.entries, n)
		}
	}
	m.tell()
	return nil
}

func (t *memoryTerm) Resign(context.Context) error {
	t.log.mu.Lock()
	defer t.log.mu.Unlock()
	t.log.end(t)
	return nil
}
