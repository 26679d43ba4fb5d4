package store

import (
	"encoding/binary"
	"fmt"
	"time"

	"attache/internal/notice"
)

// Item gives the item with the key, and false where there is none.
func (tx *Tx) Item(key string) (notice.Item, bool, error) {
	var s storedItem
	ok, err := tx.get(outboxBucket, []byte(key), &s)
	if err != nil || !ok {
		return notice.Item{}, false, err
	}
	return s.item(key), true, nil
}

// PutItem records an item and keeps the indexes in step.
func (tx *Tx) PutItem(it notice.Item) error {
	if it.Key == "" {
		return fmt.Errorf("an item needs a key")
	}
	old, known, err := tx.Item(it.Key)
	if err != nil {
		return err
	}
	if err := tx.reindex(old, known, it); err != nil {
		return err
	}
	return tx.put(outboxBucket, []byte(it.Key), shapeItem(it))
}

// reindex moves an item to its place in the indexes.
func (tx *Tx) reindex(old notice.Item, known bool, it notice.Item) error {
	was, hadDue := dueKey(old)
	is, hasDue := dueKey(it)
	if known && hadDue && (!hasDue || string(was) != string(is)) {
		if err := tx.remove(dueBucket, was); err != nil {
			return err
		}
	}
	if hasDue {
		if err := tx.mark(dueBucket, is); err != nil {
			return err
		}
	}
	if known && old.Notice.Event != it.Notice.Event {
		if err := tx.remove(toldBucket, toldKey(old)); err != nil {
			return err
		}
	}
	return tx.mark(toldBucket, toldKey(it))
}

// dueKey gives the key of an item in the index by time, and false where nothing is
// to be done with it.
func dueKey(it notice.Item) ([]byte, bool) {
	at, ok := it.NextAction()
	return append(instant(at), it.Key...), ok
}

// instantLength is the length of an instant in a key.
const instantLength = 8

// instant writes t so that keys sort by time. What lies beyond the years 1678 to
// 2262 is put at their ends.
func instant(t time.Time) []byte {
	n := t.UnixNano()
	switch {
	case t.Year() < 1678:
		n = -1 << 63
	case t.Year() > 2261:
		n = 1<<63 - 1
	}
	return binary.BigEndian.AppendUint64(nil, uint64(n)^1<<63)
}

func instantOf(key []byte) time.Time {
	return time.Unix(0, int64(binary.BigEndian.Uint64(key)^1<<63)).UTC()
}

func toldKey(it notice.Item) []byte {
	return append(append([]byte(it.Notice.Event), 0), it.Key...)
}

// ItemsOf gives all items of the event, in the order of their keys.
func (tx *Tx) ItemsOf(event string) ([]notice.Item, error) {
	prefix := append([]byte(event), 0)
	var out []notice.Item
	err := tx.r.Scan(toldBucket, prefix, func(k, _ []byte) (bool, error) {
		if len(k) <= len(prefix) || string(k[:len(prefix)]) != string(prefix) {
			return false, nil
		}
		it, err := tx.indexed(toldBucket, k, string(k[len(prefix):]))
		out = append(out, it)
		return err == nil, err
	})
	return out, err
}

// indexed gives the item that an index names.
func (tx *Tx) indexed(bucket string, k []byte, key string) (notice.Item, error) {
	it, ok, err := tx.Item(key)
	if err == nil && !ok {
		err = tx.damaged(bucket, k, fmt.Errorf("it names an item that is not there"))
	}
	return it, err
}

// Items calls fn with every item, in the order of their keys.
func (tx *Tx) Items(fn func(notice.Item) error) error {
	return each(tx, outboxBucket, nil, func(k []byte, s storedItem) error { return fn(s.item(string(k))) })
}

// Due gives at most limit items with which something is to be done at now, in the
// order of time.
func (tx *Tx) Due(now time.Time, limit int) ([]notice.Item, error) {
	var out []notice.Item
	end := string(instant(now))
	err := tx.r.Scan(dueBucket, nil, func(k, _ []byte) (bool, error) {
		if len(k) < instantLength {
			return false, tx.damaged(dueBucket, k, errShort)
		}
		if len(out) >= limit || string(k[:instantLength]) > end {
			return false, nil
		}
		it, err := tx.indexed(dueBucket, k, string(k[instantLength:]))
		out = append(out, it)
		return err == nil, err
	})
	return out, err
}

// NextDue gives the earliest instant, UTC, at which something is to be done with an
// item, and false where nothing is.
func (tx *Tx) NextDue() (at time.Time, ok bool, err error) {
	err = tx.r.Scan(dueBucket, nil, func(k, _ []byte) (bool, error) {
		if len(k) < instantLength {
			return false, tx.damaged(dueBucket, k, errShort)
		}
		at, ok = instantOf(k), true
		return false, nil
	})
	return at, ok, err
}

// Due gives what Tx.Due gives.
func (db *DB) Due(now time.Time, limit int) (out []notice.Item, err error) {
	err = db.View(func(tx *Tx) error {
		out, err = tx.Due(now, limit)
		return err
	})
	return out, err
}

// Next gives what Tx.NextDue gives.
func (db *DB) Next() (at time.Time, ok bool, err error) {
	err = db.View(func(tx *Tx) error {
		at, ok, err = tx.NextDue()
		return err
	})
	return at, ok, err
}

// Sending gives the items that are in the state sending.
func (db *DB) Sending() (out []notice.Item, err error) {
	err = db.View(func(tx *Tx) error {
		return tx.Items(func(it notice.Item) error {
			if it.State == notice.Sending {
				out = append(out, it)
			}
			return nil
		})
	})
	return out, err
}

// Edit loads those of the items with the keys that exist, in the order of keys, lets
// fn change them, and stores them together with what fn adds, all in one
// transaction. An error of fn is given back as it is, and then nothing is stored.
func (db *DB) Edit(keys []string, fn func(items []*notice.Item) (add []notice.Item, err error)) error {
	return db.Update(func(tx *Tx) error {
		var items []*notice.Item
		for _, k := range keys {
			it, ok, err := tx.Item(k)
			if err != nil {
				return err
			}
			if ok {
				items = append(items, &it)
			}
		}
		add, err := fn(items)
		if err != nil {
			return err
		}
		for _, it := range items {
			add = append(add, *it)
		}
		for _, it := range add {
			if err := tx.PutItem(it); err != nil {
				return err
			}
		}
		return nil
	})
}

// ChannelID gives the receiver's id of the channel called name, and false where it is
// not known yet.
func (db *DB) ChannelID(name string) (id string, ok bool, err error) {
	err = db.View(func(tx *Tx) error {
		content, err := tx.content(channelBucket, []byte(name))
		id, ok = string(content), content != nil
		return err
	})
	return id, ok, err
}

// SetChannelID records it.
func (db *DB) SetChannelID(name, id string) error {
	return db.Update(func(tx *Tx) error { return tx.putContent(channelBucket, []byte(name), []byte(id)) })
}
