package store

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
)

// recordVersion is the version of the form of a record: one byte for it, four for
// the checksum, then the content.
const recordVersion = 1

// recordHead is the length of what comes before the content.
const recordHead = 5

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

var (
	errShort    = errors.New("it is cut off")
	errForm     = errors.New("it has a form that is not known")
	errChecksum = errors.New("its checksum is wrong")
)

// seal makes a record of content, to lie under key in bucket.
func seal(bucket string, key, content []byte) []byte {
	out := make([]byte, recordHead, recordHead+len(content))
	out[0] = recordVersion
	binary.BigEndian.PutUint32(out[1:], checksum(bucket, key, content))
	return append(out, content...)
}

// unseal returns the content of a record that lies under key in bucket.
func unseal(bucket string, key, record []byte) ([]byte, error) {
	switch {
	case len(record) < recordHead:
		return nil, errShort
	case record[0] != recordVersion:
		return nil, errForm
	case sumOf(record) != checksum(bucket, key, record[recordHead:]):
		return nil, errChecksum
	}
	return record[recordHead:], nil
}

// sumOf returns the checksum that a record carries.
func sumOf(record []byte) uint32 { return binary.BigEndian.Uint32(record[1:]) }

// checksum covers where a record lies as well as what it says.
func checksum(bucket string, key, content []byte) uint32 {
	sum := crc32.Update(0, castagnoli, []byte{recordVersion, byte(len(bucket))})
	sum = crc32.Update(sum, castagnoli, []byte(bucket))
	sum = crc32.Update(sum, castagnoli, binary.BigEndian.AppendUint32(nil, uint32(len(key))))
	sum = crc32.Update(sum, castagnoli, key)
	return crc32.Update(sum, castagnoli, content)
}

// get reads the record under key, and returns false where there is none.
func get[T any](tx *Tx, bucket string, key []byte) (v T, ok bool, err error) {
	content, err := tx.content(bucket, key)
	if err != nil || content == nil {
		return v, false, err
	}
	if err := json.Unmarshal(content, &v); err != nil {
		return v, false, tx.damaged(bucket, key, err)
	}
	return v, true, nil
}

// content returns what the record under key says, nil where there is none.
func (tx *Tx) content(bucket string, key []byte) ([]byte, error) {
	record, err := tx.raw.get(bucket, key)
	if err != nil || record == nil {
		return nil, err
	}
	content, err := unseal(bucket, key, record)
	if err != nil {
		return nil, tx.damaged(bucket, key, err)
	}
	return content, nil
}

// put writes v as the record under key.
func (tx *Tx) put(bucket string, key []byte, v any) error {
	content, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("bucket %s: record %q: %w", bucket, key, err)
	}
	return tx.putContent(bucket, key, content)
}

// putContent writes a record under key. What is there already is not written
// again.
func (tx *Tx) putContent(bucket string, key, content []byte) error {
	old, err := tx.old(bucket, key)
	if err != nil {
		return err
	}
	record := seal(bucket, key, content)
	if bytes.Equal(old, record) {
		return nil
	}
	if err := tx.count(bucket, old, record); err != nil {
		return err
	}
	return tx.raw.put(bucket, key, record)
}

// remove deletes the record under key, if there is one.
func (tx *Tx) remove(bucket string, key []byte) error {
	old, err := tx.old(bucket, key)
	if err != nil || old == nil {
		return err
	}
	if err := tx.count(bucket, old, nil); err != nil {
		return err
	}
	tx.raw.delete(bucket, key)
	return nil
}

// old returns the record under key that is about to give way, nil where there is
// none.
func (tx *Tx) old(bucket string, key []byte) ([]byte, error) {
	if tx.raw.pending == nil {
		return nil, errReadOnly
	}
	old, err := tx.raw.get(bucket, key)
	if err != nil || old == nil {
		return nil, err
	}
	if _, err := unseal(bucket, key, old); err != nil {
		return nil, tx.damaged(bucket, key, err)
	}
	return old, nil
}

// scan calls fn for the records of bucket from the key from on, in the order of
// their keys, until fn wants no more or fails.
func (tx *Tx) scan(bucket string, from []byte, fn func(key, content []byte) (more bool, err error)) error {
	return tx.raw.scan(bucket, from, func(k, record []byte) (bool, error) {
		content, err := unseal(bucket, k, record)
		if err != nil {
			return false, tx.damaged(bucket, k, err)
		}
		return fn(k, content)
	})
}

// each reads the records of bucket whose keys begin with prefix, in the order of
// their keys, until fn fails.
func each[T any](tx *Tx, bucket string, prefix []byte, fn func(key []byte, v T) error) error {
	return tx.scan(bucket, prefix, func(k, content []byte) (bool, error) {
		if !bytes.HasPrefix(k, prefix) {
			return false, nil
		}
		var v T
		if err := json.Unmarshal(content, &v); err != nil {
			return false, tx.damaged(bucket, k, err)
		}
		return true, fn(k, v)
	})
}

// records calls fn with every record of bucket as it lies there, in the order of keys, once
// its checksum was looked at.
func (tx *Tx) records(bucket string, fn func(key, record []byte)) error {
	return tx.raw.scan(bucket, nil, func(k, v []byte) (bool, error) {
		if _, err := unseal(bucket, k, v); err != nil {
			return false, tx.damaged(bucket, k, err)
		}
		fn(k, v)
		return true, nil
	})
}

func (tx *Tx) damaged(bucket string, key []byte, err error) error {
	return &DamagedError{Path: tx.raw.path, What: fmt.Sprintf("the record %q in %s", key, bucket), Err: err}
}
