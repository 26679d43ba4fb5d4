package store

import (
	"bytes"
	"fmt"
	"maps"
	"slices"

	bolt "go.etcd.io/bbolt"
)

// boltTx is a transaction on a bbolt file. What is written waits until the end and
// then goes in in the order of the keys: bbolt keeps what a transaction put between
// two old keys in one list and moves half of it for each key that comes out of
// order, which made a first reading of 20,000 events take minutes.
type boltTx struct {
	tx      *bolt.Tx
	path    string
	pending map[string]*tree // by bucket; a value that is nil deletes its key; nil in a view
	writes  int              // how many there were, so that a scan sees that it has to seek again
}

func (t *boltTx) Get(bucket string, key []byte) (value []byte, err error) {
	if pending := t.pending[bucket]; pending != nil {
		if e, ok := pending.Get(entry{key: key}); ok {
			return e.value, nil
		}
	}
	err = guarded(t.path, func() error {
		if b := t.tx.Bucket([]byte(bucket)); b != nil && len(key) > 0 {
			value = b.Get(key)
		}
		return nil
	})
	return value, err
}

func (t *boltTx) Put(bucket string, key, value []byte) error {
	if err := checkKey(bucket, key); err != nil {
		return err
	}
	if value == nil {
		value = []byte{}
	}
	t.write(bucket, key, value)
	return nil
}

func (t *boltTx) Delete(bucket string, key []byte) error {
	if len(key) > 0 {
		t.write(bucket, key, nil)
	}
	return nil
}

func (t *boltTx) write(bucket string, key, value []byte) {
	t.writes++
	if t.pending[bucket] == nil {
		t.pending[bucket] = newTree()
	}
	t.pending[bucket].ReplaceOrInsert(entry{bytes.Clone(key), value})
}

// commit returns bbolt what was written and makes it durable.
func (t *boltTx) commit() error {
	for _, bucket := range slices.Sorted(maps.Keys(t.pending)) {
		if err := t.flush(bucket); err != nil {
			return fmt.Errorf("bucket %s: %w", bucket, err)
		}
	}
	return t.tx.Commit()
}

func (t *boltTx) flush(bucket string) error {
	b, err := t.tx.CreateBucketIfNotExists([]byte(bucket))
	if err != nil {
		return err
	}
	t.pending[bucket].Ascend(func(e entry) bool {
		if e.value == nil {
			err = b.Delete(e.key)
		} else {
			err = b.Put(e.key, e.value)
		}
		return err == nil
	})
	return err
}

func (t *boltTx) Scan(bucket string, from []byte, fn func(k, v []byte) (bool, error)) error {
	s := boltScan{tx: t, bucket: bucket}
	if err := s.seek(from); err != nil {
		return err
	}
	for {
		k, v, err := s.next()
		if err != nil || k == nil {
			return err
		}
		seen := t.writes
		if more, err := fn(k, v); err != nil || !more {
			return err
		}
		if t.writes != seen {
			s.written, s.more = firstOf(t.pending[bucket], after(k))
		}
	}
}

// boltScan goes through what is on disk and what waits to be written at once. Both
// stand at the first of their keys that was not given away yet.
type boltScan struct {
	tx      *boltTx
	bucket  string
	cursor  *bolt.Cursor // nil where there is no such bucket on disk
	k, v    []byte       // on disk; k is nil at the end
	written entry        // of those that wait
	more    bool         // there is one
}

// seek goes to the first keys from from on.
func (s *boltScan) seek(from []byte) error {
	s.written, s.more = firstOf(s.tx.pending[s.bucket], from)
	return guarded(s.tx.path, func() error {
		if b := s.tx.tx.Bucket([]byte(s.bucket)); b != nil {
			s.cursor = b.Cursor()
			s.k, s.v = s.cursor.Seek(from)
		}
		return nil
	})
}

// next returns the next key and its value, and no key at the end.
func (s *boltScan) next() (k, v []byte, err error) {
	for {
		order := s.order()
		if k, v = s.k, s.v; order >= 0 && s.more {
			k, v = s.written.key, s.written.value
			s.written, s.more = firstOf(s.tx.pending[s.bucket], after(k))
		}
		if order <= 0 && s.k != nil {
			if err := s.advance(); err != nil {
				return nil, nil, err
			}
		}
		if k == nil || v != nil {
			return k, v, nil
		}
	}
}

// order returns which comes first: below 0 what is on disk, above 0 what was written, 0
// where both have the same key or none.
func (s *boltScan) order() int {
	switch {
	case s.k == nil && !s.more:
		return 0
	case s.k == nil:
		return 1
	case !s.more:
		return -1
	}
	return bytes.Compare(s.k, s.written.key)
}

func (s *boltScan) advance() error {
	return guarded(s.tx.path, func() error {
		s.k, s.v = s.cursor.Next()
		return nil
	})
}
