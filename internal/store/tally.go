package store

import (
	"encoding/json"
	"errors"
	"fmt"
)

// tally is what the records of a bucket come to. It tells that a record was lost,
// which no checksum of a record can.
type tally struct {
	Records uint64 `json:"records"`
	Sum     uint64 `json:"sum"` // of their checksums, modulo 2^64
}

func (t *tally) add(record []byte) { t.Records++; t.Sum += uint64(sumOf(record)) }

func (t *tally) remove(record []byte) { t.Records--; t.Sum -= uint64(sumOf(record)) }

// count notes that in bucket the record old, unless that is nil, gives way to
// record, unless that is nil.
func (tx *Tx) count(bucket string, old, record []byte) error {
	if tx.tallies == nil {
		var err error
		if tx.tallies, err = tx.storedTallies(); err != nil {
			return err
		}
	}
	t := tx.tallies[bucket]
	if old != nil {
		t.remove(old)
	}
	if record != nil {
		t.add(record)
	}
	tx.tallies[bucket] = t
	return nil
}

// storedTallies returns the tallies as they stood before the transaction.
func (tx *Tx) storedTallies() (map[string]tally, error) {
	all, ok, err := get[map[string]tally](tx, metaBucket, []byte(talliesKey))
	if !ok {
		all = make(map[string]tally)
	}
	return all, err
}

// putTallies writes the tallies at the end of an update.
func (tx *Tx) putTallies() error {
	content, err := json.Marshal(tx.tallies)
	if err != nil {
		return err
	}
	key := []byte(talliesKey)
	return tx.raw.put(metaBucket, key, seal(metaBucket, key, content))
}

// verify looks at the checksum of every record and counts them.
func (tx *Tx) verify() error {
	want, err := tx.storedTallies()
	if err != nil {
		return err
	}
	for _, bucket := range buckets() {
		got, err := tx.tallyOf(bucket)
		if err != nil {
			return err
		}
		if got != want[bucket] {
			return &DamagedError{Path: tx.raw.path, What: "the bucket " + bucket, Err: miscount(got, want[bucket])}
		}
	}
	return nil
}

func (tx *Tx) tallyOf(bucket string) (t tally, err error) {
	err = tx.records(bucket, func(k, v []byte) {
		if bucket != metaBucket || string(k) != talliesKey {
			t.add(v)
		}
	})
	return t, err
}

func miscount(got, want tally) error {
	if got.Records != want.Records {
		return fmt.Errorf("it holds %d records where there were %d", got.Records, want.Records)
	}
	return errors.New("it holds older records beside newer ones")
}
