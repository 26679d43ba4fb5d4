package store

import (
	"compress/flate"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"attache/internal/notice"
)

// positionKey is where a database keeps up to where it holds the log. Like the sums it is not
// counted: what is told there follows from the entry itself.
const positionKey = ownPrefix + "log"

// position says up to where a database holds the log.
type position struct {
	Seq   uint64 `json:"seq"` // of the last entry, 0 where it holds none
	Epoch uint64 `json:"epoch"`
	Entry link   `json:"entry"`          // the last entry
	Left  bool   `json:"left,omitempty"` // since then it was written to without the log
}

// derived lists the buckets that are functions of the others, and so are not in the log: the
// indexes, which are made anew as an entry is applied, and the feeds, which the calendar makes.
func derived() []string {
	return []string{feedBucket, dueBucket, sendingBucket, toldBucket, changingBucket, ledBucket}
}

// lead is what a database needs to add to a log. It is used under DB.writing.
type lead struct {
	term    Term
	pack    *flate.Writer
	ahead   []byte // an entry that is in the log and could not be recorded here
	entries int    // since the last snapshot
	bytes   int    // that they take
}

func newLead(term Term) *lead {
	pack, _ := flate.NewWriter(nil, flate.BestSpeed) // the level is one that there is
	return &lead{term: term, pack: pack}
}

// logged notes where an update stands in the log: it adds the update to the log where this
// machine leads, before it is durable here. Without a log nothing is done.
func (db *DB) logged(tx *Tx) (position, error) {
	switch {
	case db.lead != nil:
		return db.append(tx)
	case db.follows:
		return db.at, ErrFollows
	case db.at.Seq == 0 || db.at.Left:
		return db.at, nil
	}
	at := db.at
	at.Left = true
	return at, tx.putPosition(at)
}

// append adds what tx changed to the log.
func (db *DB) append(tx *Tx) (position, error) {
	changes, err := tx.changes()
	if err != nil {
		return db.at, err
	}
	e := entry{Epoch: db.lead.term.Epoch(), Seq: db.at.Seq + 1, Schema: db.schema, Prev: db.at.Entry, Sums: tx.raw.sums, changes: changes}
	encoded, err := e.encode(db.lead.pack)
	if err != nil {
		return db.at, err
	}
	at := e.position(encoded)
	if err := tx.putPosition(at); err != nil {
		return db.at, err
	}
	// Its own end bounds it: that of the lease.
	if err := db.lead.term.Append(context.Background(), e.Seq, encoded); err != nil {
		return db.at, fmt.Errorf("record it in the log as entry %d: %w", e.Seq, err)
	}
	db.lead.ahead = encoded
	db.lead.entries++
	db.lead.bytes += len(encoded)
	return at, nil
}

// recordAhead records what the log has and this database could not.
func (db *DB) recordAhead() error {
	if db.lead == nil || db.lead.ahead == nil {
		return nil
	}
	if err := db.apply(db.lead.ahead); err != nil {
		return err
	}
	db.lead.ahead = nil
	return nil
}

// recorded notes that an update is durable here, up to at in the log.
func (db *DB) recorded(at position) {
	db.at = at
	if db.lead != nil {
		db.lead.ahead = nil
	}
}

func (e *entry) position(encoded []byte) position {
	return position{Seq: e.Seq, Epoch: e.Epoch, Entry: linkOf(encoded)}
}

// changes returns what was changed in the buckets that are in the log.
func (tx *Tx) changes() (map[string]map[string][]byte, error) {
	out := make(map[string]map[string][]byte)
	for bucket, written := range tx.raw.logged {
		if slices.Contains(derived(), bucket) {
			continue
		}
		contents := make(map[string][]byte, len(written))
		for key, record := range written {
			switch {
			case bucket == metaBucket && uncounted(key):
				continue
			case record == nil:
				contents[key] = nil
				continue
			}
			content, err := unseal(bucket, []byte(key), record)
			if err != nil {
				return nil, tx.damaged(bucket, []byte(key), err)
			}
			contents[key] = content
		}
		if len(contents) > 0 {
			out[bucket] = contents
		}
	}
	return out, nil
}

func (tx *Tx) putPosition(at position) error {
	content, err := json.Marshal(at)
	if err != nil {
		return err
	}
	key := []byte(positionKey)
	return tx.raw.put(metaBucket, key, seal(metaBucket, key, content))
}

// position returns up to where the database holds the log.
func (tx *Tx) position() (position, error) {
	at, _, err := get[position](tx, metaBucket, []byte(positionKey))
	return at, err
}

// apply records entries of the log, the next ones, as the machine did that wrote them.
func (db *DB) apply(entries ...[]byte) error {
	at := db.at
	err := db.bolt.update(func(t *boltTx) error {
		tx := &Tx{raw: t}
		for _, encoded := range entries {
			e, err := follows(at, encoded)
			if err == nil {
				err = tx.apply(e)
			}
			if err != nil {
				return fmt.Errorf("entry %d of the log: %w", at.Seq+1, err)
			}
			at = e.position(encoded)
		}
		if err := tx.putSums(); err != nil {
			return err
		}
		return tx.putPosition(at)
	})
	if err == nil {
		db.at = at
	}
	return err
}

// follows reads the entry that comes next where a database holds the log up to at.
func follows(at position, encoded []byte) (*entry, error) {
	e, err := decodeEntry(encoded)
	switch {
	case err != nil:
		return nil, &DamagedError{Path: "the log", What: fmt.Sprintf("entry %d", at.Seq+1), Err: err}
	case e.Seq != at.Seq+1 || e.Prev != at.Entry || e.Epoch < at.Epoch || at.Left:
		return nil, fmt.Errorf("it does not follow on what is here: %w", ErrDiverged)
	}
	return e, known(e.Schema)
}

// apply changes what e changed, the indexes with it, and compares what the buckets come to.
func (tx *Tx) apply(e *entry) error {
	if err := tx.empty(feedBucket); err != nil { // they are older than the rest from now on
		return err
	}
	for bucket, changes := range e.changes {
		for key, content := range changes {
			if err := tx.change(bucket, []byte(key), content); err != nil {
				return err
			}
		}
	}
	if tx.raw.sums == nil { // e changed nothing but feeds
		var err error
		if tx.raw.sums, err = tx.storedSums(); err != nil {
			return err
		}
	}
	for _, bucket := range buckets() {
		if got, want := tx.raw.sums[bucket], e.Sums[bucket]; bucket != feedBucket && got != want {
			return fmt.Errorf("the bucket %s is not what it is where the entry was written: %w: %w", bucket, miscount(got, want), ErrDiverged)
		}
	}
	return nil
}

// change puts or deletes a record as the log says, with what the indexes have of it.
func (tx *Tx) change(bucket string, key, content []byte) error {
	switch bucket {
	case outboxBucket:
		return tx.changeItem(string(key), content)
	case moveBucket:
		if err := tx.changeMove(key, content); err != nil {
			return err
		}
	}
	if content == nil {
		return tx.remove(bucket, key)
	}
	return tx.putContent(bucket, key, content)
}

// changeItem is change of an item of the outbox.
func (tx *Tx) changeItem(key string, content []byte) error {
	var was, is entries
	old, known, err := tx.Item(key)
	if err != nil {
		return err
	}
	if known {
		was = entriesOf(old)
	}
	if content == nil {
		err = tx.remove(outboxBucket, []byte(key))
	} else if err = tx.putContent(outboxBucket, []byte(key), content); err == nil {
		var it notice.Item
		if it, _, err = tx.Item(key); err == nil {
			is = entriesOf(it)
		}
	}
	if err != nil {
		return err
	}
	for i, bucket := range indexes() {
		if err := tx.reindex(bucket, was[i], is[i]); err != nil {
			return err
		}
	}
	return nil
}

// changeMove has the index of moves follow a change of one.
func (tx *Tx) changeMove(key, content []byte) error {
	if len(key) <= seqLength {
		return tx.damaged(moveBucket, key, errShort)
	}
	m := storedMove{}.move(key)
	if content == nil {
		return tx.remove(ledBucket, ledKey(m.Seq, m.Event))
	}
	return tx.putContent(ledBucket, ledKey(m.Seq, m.Event), nil)
}

// empty removes all records of a bucket.
func (tx *Tx) empty(bucket string) error {
	return tx.scan(bucket, nil, func(k, _ []byte) (bool, error) { return true, tx.remove(bucket, slices.Clone(k)) })
}

// Epoch returns the number of the term in which the database adds to a log, 0 where it does
// not. It may be asked for within an update.
func (db *DB) Epoch() uint64 { return db.epoch.Load() }

// Position returns the number of the last entry of the log that the database holds, and the
// epoch in which it was written; 0 where it holds none.
func (tx *Tx) Position() (seq, epoch uint64, err error) {
	at, err := tx.position()
	return at.Seq, at.Epoch, err
}
