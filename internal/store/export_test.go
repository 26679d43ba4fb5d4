package store

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"attache/internal/notice"
)

// What tests of the package from outside need of its inside.
var (
	OpenBolt   = openBolt
	CheckPages = checkPages
	Buckets    = buckets
)

// How a database is opened.
const (
	Writing   = writing
	Scratched = scratched
)

// MaxKeyLength is the greatest length of a key in bytes.
const MaxKeyLength = maxKeyLength

// What lies under the records.
type (
	File = boltFile
	Raw  = boltTx
)

func (d *File) View(fn func(*Raw) error) error   { return d.view(fn) }
func (d *File) Update(fn func(*Raw) error) error { return d.update(fn) }
func (d *File) Close() error                     { return d.close() }

func (t *Raw) Get(bucket string, key []byte) ([]byte, error) { return t.get(bucket, key) }
func (t *Raw) Put(bucket string, key, value []byte) error    { return t.put(bucket, key, value) }
func (t *Raw) Delete(bucket string, key []byte) error        { t.delete(bucket, key); return nil }
func (t *Raw) Scan(bucket string, from []byte, fn func(k, v []byte) (bool, error)) error {
	return t.scan(bucket, from, fn)
}

// New returns the database that e holds.
func New(e *File, o Options) (*DB, error) { return newDB(e, o) }

// Writes returns how much was written in a transaction.
func Writes(tx *Tx) int { return tx.raw.writes }

// PutSchema says that db has the layout n.
func PutSchema(db *DB, n int) error {
	return db.Update(func(tx *Tx) error { return tx.putOwn(schemaKey, strconv.Itoa(n)) })
}

// Dump returns every record of db as a line: bucket, key, content.
func Dump(db *DB) (lines []string, err error) {
	err = db.View(func(tx *Tx) error {
		for _, bucket := range buckets() {
			err := tx.scan(bucket, nil, func(k, content []byte) (bool, error) {
				lines = append(lines, fmt.Sprintf("%s %q %q", bucket, k, content))
				return true, nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	return lines, err
}

// Verify counts the records that r reads and compares their checksums.
func Verify(r *Raw) error { return (&Tx{raw: r}).verify() }

// Load puts the records that Dump gave into e.
func Load(e *File, text string) error {
	return e.Update(func(w *Raw) error {
		for line := range strings.Lines(text) {
			var bucket, key, content string
			if _, err := fmt.Sscanf(line, "%s %q %q", &bucket, &key, &content); err != nil {
				return fmt.Errorf("%s: %w", line, err)
			}
			if err := w.Put(bucket, []byte(key), seal(bucket, []byte(key), []byte(content))); err != nil {
				return err
			}
		}
		return nil
	})
}

// Mistakes are changes of the sample store that leave it with an index or a revision
// that does not fit.
func Mistakes() map[string]func(*Tx) error {
	key := []byte("itemkey")
	at := instant(time.Date(2026, 2, 16, 9, 0, 0, 0, time.UTC))
	return map[string]func(*Tx) error{
		"an item not in the index by time":    func(tx *Tx) error { return tx.remove(dueBucket, entriesOf(must(tx.Item("itemkey")))[0]) },
		"an item at another time":             func(tx *Tx) error { return tx.putContent(dueBucket, append(at, key...), nil) },
		"an index of an item that is gone":    func(tx *Tx) error { return tx.remove(outboxBucket, key) },
		"an item not in the index by event":   func(tx *Tx) error { return tx.remove(toldBucket, []byte("whole-event\x00itemkey")) },
		"an item that is not on its way":      func(tx *Tx) error { return tx.putContent(sendingBucket, key, nil) },
		"an item on its way that is not told": func(tx *Tx) error { return tx.remove(sendingBucket, []byte("sendingkey")) },
		"a revision gone":                     func(tx *Tx) error { return tx.remove(revisionBucket, revisionKey("whole-event", 1)) },
		"a revision of nothing": func(tx *Tx) error {
			return tx.put(revisionBucket, revisionKey("other", 1), storedRevision{Event: storedEvent{ID: "other"}, Number: 1})
		},
		"a revision behind the current one": func(tx *Tx) error { return tx.put(eventBucket, []byte("whole-event"), storedHead{Revision: 1}) },
		"an event with no revision":         func(tx *Tx) error { return tx.put(eventBucket, []byte("other"), storedHead{}) },
		"a change gone":                     func(tx *Tx) error { return tx.remove(changeBucket, sequence(2)) },
		"a change of nothing": func(tx *Tx) error {
			return tx.put(changeBucket, sequence(4), storedChange{Event: "other", Revision: 1})
		},
		"a change under a wrong number": func(tx *Tx) error { return tx.putOwn(changesKey, "7") },
		"a change told twice": func(tx *Tx) error {
			return tx.put(changeBucket, sequence(3), storedChange{Event: "whole-event", Revision: 1})
		},
		"a feed with no text":         func(tx *Tx) error { return tx.remove(feedBucket, partKey("all", 'p')) },
		"a text of no feed":           func(tx *Tx) error { return tx.remove(feedBucket, partKey("all", 'm')) },
		"a base under another name":   func(tx *Tx) error { return tx.put(baseBucket, []byte("other"), storedEvent{ID: "whole-event"}) },
		"a record that can't be read": func(tx *Tx) error { return tx.putContent(publicBucket, []byte("other"), []byte("{")) },
	}
}

func must(it notice.Item, _ bool, err error) notice.Item {
	if err != nil {
		panic(err)
	}
	return it
}

// Copy writes all that the store holds at one instant to a new file at path, which only
// its owner can read, durably, and returns the sum of what it copied. Others read and
// write meanwhile.
func (db *DB) Copy(path string) (sum string, err error) {
	f, err := newFile(path)
	if err != nil {
		return "", fmt.Errorf("copy the store: %w", err)
	}
	sum, err = db.copyTo(f)
	if err = errors.Join(err, f.Close()); err != nil {
		return "", errors.Join(err, drop(path))
	}
	return sum, nil
}

// Appended has db count n more entries of its log.
func Appended(db *DB, n int) { db.lead.entries += n }
