package store

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"

	bolt "go.etcd.io/bbolt"
)

// boltTx is a transaction on a bbolt file: values in buckets, under keys. A bucket that nothing
// was put into is empty. Keys and values that it hands out are valid until it ends, and are not
// to be changed; nor are the slices that are put before it ends.
//
// What is written waits, and goes in in the order of the keys: bbolt keeps what a transaction
// put between two old keys in one list and moves half of it for each key that comes out of
// order, which made a first reading of 20,000 events take minutes.
type boltTx struct {
	tx      *bolt.Tx
	path    string
	pending map[string]map[string][]byte // by bucket and key; a value that is nil deletes its key; nil in a view
	writes  int                          // how many there were, so that a scan sees that it has to seek again
	logged  map[string]map[string][]byte // all that was written, as pending has it; nil where nobody asks
	sums    map[string]bucketSum         // of the buckets as they are; nil until something was written
}

// maxKeyLength is the greatest length of a key in bytes.
const maxKeyLength = 32768

// get returns the value under key, nil where there is none. An empty value is not nil.
func (t *boltTx) get(bucket string, key []byte) (value []byte, err error) {
	if v, ok := t.pending[bucket][string(key)]; ok {
		return v, nil
	}
	err = guarded(t.path, func() error {
		if b := t.tx.Bucket([]byte(bucket)); b != nil && len(key) > 0 {
			value = b.Get(key)
		}
		return nil
	})
	return value, err
}

// put sets the value under key, which has 1 to maxKeyLength bytes.
func (t *boltTx) put(bucket string, key, value []byte) error {
	switch {
	case bucket == "":
		return errors.New("a bucket needs a name")
	case len(key) == 0:
		return fmt.Errorf("bucket %s: a key is missing", bucket)
	case len(key) > maxKeyLength:
		return fmt.Errorf("bucket %s: a key of %d bytes is too long: %d is the most", bucket, len(key), maxKeyLength)
	case value == nil:
		value = []byte{}
	}
	t.write(bucket, key, value)
	return nil
}

// delete removes key; one that is not there is no error.
func (t *boltTx) delete(bucket string, key []byte) {
	if len(key) > 0 {
		t.write(bucket, key, nil)
	}
}

func (t *boltTx) write(bucket string, key, value []byte) {
	t.writes++
	if t.pending[bucket] == nil {
		t.pending[bucket] = make(map[string][]byte)
	}
	t.pending[bucket][string(key)] = value
	if t.logged != nil {
		if t.logged[bucket] == nil {
			t.logged[bucket] = make(map[string][]byte)
		}
		t.logged[bucket][string(key)] = value
	}
}

// commit gives bbolt what was written and makes it durable.
func (t *boltTx) commit() error {
	for _, bucket := range slices.Sorted(maps.Keys(t.pending)) {
		if err := t.flush(bucket); err != nil {
			return fmt.Errorf("bucket %s: %w", bucket, err)
		}
	}
	return t.tx.Commit()
}

// Pages that are written in the order of their keys, as a first reading writes them, are
// filled; bbolt leaves half of each free for keys that may come between.
const (
	manyRecords = 1000
	filled      = 0.9
)

// flush gives bbolt what waits to be written to a bucket.
func (t *boltTx) flush(bucket string) error {
	waiting := t.pending[bucket]
	if len(waiting) == 0 {
		return nil
	}
	b, err := t.tx.CreateBucketIfNotExists([]byte(bucket))
	if err == nil && len(waiting) > manyRecords {
		b.FillPercent = filled
	}
	for _, key := range slices.Sorted(maps.Keys(waiting)) {
		switch value := waiting[key]; {
		case err != nil:
			return err
		case value == nil:
			err = b.Delete([]byte(key))
		default:
			err = b.Put([]byte(key), value)
		}
	}
	delete(t.pending, bucket)
	return err
}

// scan calls fn for the keys from from on in ascending order of bytes, all of them where from
// is empty, until fn says that it wants no more or fails. fn may write to the bucket: the scan
// goes on with the next key that is there by then.
func (t *boltTx) scan(bucket string, from []byte, fn func(k, v []byte) (more bool, err error)) error {
	var cursor *bolt.Cursor
	var k, v []byte
	seek := func() error {
		k = nil
		err := t.flush(bucket)
		if b := t.tx.Bucket([]byte(bucket)); b != nil && err == nil {
			cursor = b.Cursor()
			k, v = cursor.Seek(from)
		}
		return err
	}
	next := func() error {
		k, v = cursor.Next()
		return nil
	}
	err := guarded(t.path, seek)
	for err == nil && k != nil {
		seen := t.writes
		more, failed := fn(k, v)
		switch {
		case failed != nil || !more:
			return failed
		case t.writes != seen:
			from = append(bytes.Clone(k), 0) // the first key behind it
			err = guarded(t.path, seek)
		default:
			err = guarded(t.path, next)
		}
	}
	return err
}
