package store

import (
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

// unseal gives the content of a record that lies under key in bucket.
func unseal(bucket string, key, record []byte) ([]byte, error) {
	switch {
	case len(record) < recordHead:
		return nil, errShort
	case record[0] != recordVersion:
		return nil, errForm
	case binary.BigEndian.Uint32(record[1:]) != checksum(bucket, key, record[recordHead:]):
		return nil, errChecksum
	}
	return record[recordHead:], nil
}

// checksum covers where a record lies as well as what it says.
func checksum(bucket string, key, content []byte) uint32 {
	sum := crc32.Update(0, castagnoli, []byte{recordVersion, byte(len(bucket))})
	sum = crc32.Update(sum, castagnoli, []byte(bucket))
	sum = crc32.Update(sum, castagnoli, binary.BigEndian.AppendUint32(nil, uint32(len(key))))
	sum = crc32.Update(sum, castagnoli, key)
	return crc32.Update(sum, castagnoli, content)
}

// get reads the record under key into v. It is false where there is none.
func (tx *Tx) get(bucket string, key []byte, v any) (bool, error) {
	content, err := tx.content(bucket, key)
	if err != nil || content == nil {
		return false, err
	}
	if err := json.Unmarshal(content, v); err != nil {
		return false, tx.damaged(bucket, key, err)
	}
	return true, nil
}

// content gives what the record under key says, nil where there is none.
func (tx *Tx) content(bucket string, key []byte) ([]byte, error) {
	record, err := tx.r.Get(bucket, key)
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

func (tx *Tx) putContent(bucket string, key, content []byte) error {
	if tx.w == nil {
		return errReadOnly
	}
	return tx.w.Put(bucket, key, seal(bucket, key, content))
}

// mark puts a key of an index, which has no content.
func (tx *Tx) mark(bucket string, key []byte) error {
	if tx.w == nil {
		return errReadOnly
	}
	return tx.w.Put(bucket, key, []byte{})
}

func (tx *Tx) remove(bucket string, key []byte) error {
	if tx.w == nil {
		return errReadOnly
	}
	return tx.w.Delete(bucket, key)
}

// each reads the records of bucket whose keys begin with prefix into what fresh
// makes, in the order of their keys.
func each[T any](tx *Tx, bucket string, prefix []byte, fn func(key []byte, v T) error) error {
	return tx.r.Scan(bucket, prefix, func(k, record []byte) (bool, error) {
		if len(k) < len(prefix) || string(k[:len(prefix)]) != string(prefix) {
			return false, nil
		}
		var v T
		content, err := unseal(bucket, k, record)
		if err == nil {
			err = json.Unmarshal(content, &v)
		}
		if err != nil {
			return false, tx.damaged(bucket, k, err)
		}
		return true, fn(k, v)
	})
}

func (tx *Tx) damaged(bucket string, key []byte, err error) error {
	return &DamagedError{Path: tx.path, What: fmt.Sprintf("the record %q in %s", key, bucket), Err: err}
}
