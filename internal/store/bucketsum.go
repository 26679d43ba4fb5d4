package store

import (
	"encoding/json"
	"errors"
	"fmt"
)

// bucketSum is what the records of a bucket come to. It tells that a record was lost,
// which no checksum of a record can.
type bucketSum struct {
	Records uint64 `json:"records"`
	Sum     uint64 `json:"sum"` // of their checksums, modulo 2^64
}

func (t *bucketSum) add(record []byte) { t.Records++; t.Sum += uint64(sumOf(record)) }

func (t *bucketSum) remove(record []byte) { t.Records--; t.Sum -= uint64(sumOf(record)) }

// count notes that in bucket the record old, unless that is nil, gives way to
// record, unless that is nil.
func (tx *Tx) count(bucket string, old, record []byte) error {
	if tx.raw.sums == nil {
		var err error
		if tx.raw.sums, err = tx.storedSums(); err != nil {
			return err
		}
	}
	t := tx.raw.sums[bucket]
	if old != nil {
		t.remove(old)
	}
	if record != nil {
		t.add(record)
	}
	tx.raw.sums[bucket] = t
	return nil
}

// storedSums returns the sums as they stood before the transaction.
func (tx *Tx) storedSums() (map[string]bucketSum, error) {
	all, ok, err := get[map[string]bucketSum](tx, metaBucket, []byte(sumsKey))
	if !ok {
		all = make(map[string]bucketSum)
	}
	return all, err
}

// putSums writes the sums at the end of an update.
func (tx *Tx) putSums() error {
	content, err := json.Marshal(tx.raw.sums)
	if err != nil {
		return err
	}
	key := []byte(sumsKey)
	return tx.raw.put(metaBucket, key, seal(metaBucket, key, content))
}

// verify looks at the checksum of every record and counts them.
func (tx *Tx) verify() error {
	want, err := tx.storedSums()
	if err != nil {
		return err
	}
	for _, bucket := range buckets() {
		got, err := tx.sumOfBucket(bucket)
		if err != nil {
			return err
		}
		if got != want[bucket] {
			return &DamagedError{Path: tx.raw.path, What: "the bucket " + bucket, Err: miscount(got, want[bucket])}
		}
	}
	return nil
}

func (tx *Tx) sumOfBucket(bucket string) (t bucketSum, err error) {
	err = tx.records(bucket, func(k, v []byte) {
		if bucket != metaBucket || !uncounted(string(k)) {
			t.add(v)
		}
	})
	return t, err
}

// uncounted reports whether a name in meta is of what is not among the sums: themselves, and
// the place in the log, which names an entry that has them.
func uncounted(key string) bool { return key == sumsKey || key == positionKey }

func miscount(got, want bucketSum) error {
	if got.Records != want.Records {
		return fmt.Errorf("it holds %d records where there were %d", got.Records, want.Records)
	}
	return errors.New("it holds older records beside newer ones")
}
