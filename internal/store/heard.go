package store

import (
	"encoding/json"
	"time"
)

// Heard is something that a person did elsewhere and that attache said it heard. It is kept
// until it is worked off, so that it has its effect whatever happens in between.
type Heard struct {
	Key  string          // the same however often it is reported
	At   time.Time       // UTC
	What json.RawMessage // of whoever works it off
}

type storedHeard struct {
	At   time.Time       `json:"at"`
	What json.RawMessage `json:"what"`
}

// Heard calls fn with all that is not worked off, in the order of keys.
func (tx *Tx) Heard(fn func(Heard) error) error {
	return each(tx, heardBucket, nil, func(k []byte, s storedHeard) error {
		return fn(Heard{Key: string(k), At: s.At, What: s.What})
	})
}

// PutHeard records h.
func (tx *Tx) PutHeard(h Heard) error {
	return tx.put(heardBucket, []byte(h.Key), storedHeard{h.At.UTC(), h.What})
}

// DropHeard records that what was heard under key is worked off.
func (tx *Tx) DropHeard(key string) error { return tx.remove(heardBucket, []byte(key)) }

// HasHeard reports whether something was heard under key and is not worked off.
func (tx *Tx) HasHeard(key string) (bool, error) {
	content, err := tx.content(heardBucket, []byte(key))
	return content != nil, err
}
