package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"time"

	"attache/internal/notice"
)

// Item returns the item with the key, and false where there is none.
func (tx *Tx) Item(key string) (notice.Item, bool, error) {
	s, ok, err := get[storedItem](tx, outboxBucket, []byte(key))
	if err != nil || !ok {
		return notice.Item{}, false, err
	}
	return s.item(key), true, nil
}

// PutItem records an item and keeps the indexes in step.
func (tx *Tx) PutItem(it notice.Item) error {
	var was entries
	old, known, err := tx.Item(it.Key)
	if err != nil {
		return err
	}
	if known {
		was = entriesOf(old)
	}
	return tx.putItem(was, it)
}

// putItem records an item that stood in the indexes under was.
func (tx *Tx) putItem(was entries, it notice.Item) error {
	if it.Key == "" {
		return errors.New("an item needs a key")
	}
	if strings.ContainsRune(it.Notice.Event, 0) {
		return fmt.Errorf("item %s: %q is no id of an event", it.Key, it.Notice.Event)
	}
	is := entriesOf(it)
	for i, bucket := range indexes() {
		if err := tx.reindex(bucket, was[i], is[i]); err != nil {
			return err
		}
	}
	return tx.put(outboxBucket, []byte(it.Key), shapeItem(it))
}

// indexes lists the buckets that are indexes of the outbox.
func indexes() [4]string { return [...]string{dueBucket, sendingBucket, toldBucket, changingBucket} }

// entries are the keys under which an item stands in the indexes, nil where it does
// not.
type entries [4][]byte

func entriesOf(it notice.Item) (e entries) {
	if at, ok := it.NextAction(); ok {
		e[0] = append(instant(at), it.Key...)
	}
	if it.State == notice.Sending {
		e[1] = []byte(it.Key)
	}
	e[2] = append(append([]byte(it.Notice.Event), 0), it.Key...)
	if it.State == notice.Pending && it.Notice.Kind == notice.Changed {
		e[3] = []byte(it.Key)
	}
	return e
}

// reindex moves an entry of an index.
func (tx *Tx) reindex(bucket string, was, is []byte) error {
	if bytes.Equal(was, is) {
		return nil
	}
	if was != nil {
		if err := tx.remove(bucket, was); err != nil {
			return err
		}
	}
	if is != nil {
		return tx.putContent(bucket, is, nil)
	}
	return nil
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

// ItemsOf returns all items of the event, in the order of their keys.
func (tx *Tx) ItemsOf(event string) ([]notice.Item, error) {
	prefix := append([]byte(event), 0)
	return tx.indexed(toldBucket, prefix, len(prefix), func(k []byte, _ int) bool { return bytes.HasPrefix(k, prefix) })
}

// Changing returns the items that wait to tell of a change, in the order of their keys.
func (tx *Tx) Changing() ([]notice.Item, error) {
	return tx.indexed(changingBucket, nil, 0, func([]byte, int) bool { return true })
}

// indexed returns the items that an index names in its keys, behind the first head bytes,
// from the key from on, for as long as more wants the next; n is how many there are.
func (tx *Tx) indexed(bucket string, from []byte, head int, more func(k []byte, n int) bool) (out []notice.Item, err error) {
	err = tx.scan(bucket, from, func(k, _ []byte) (bool, error) {
		switch {
		case !more(k, len(out)):
			return false, nil
		case len(k) < head:
			return false, tx.damaged(bucket, k, errShort)
		}
		it, ok, err := tx.Item(string(k[head:]))
		if err == nil && !ok {
			err = tx.damaged(bucket, k, errors.New("it names an item that is not there"))
		}
		out = append(out, it)
		return err == nil, err
	})
	return out, err
}

// Items calls fn with every item, in the order of their keys.
func (tx *Tx) Items(fn func(notice.Item) error) error {
	return each(tx, outboxBucket, nil, func(k []byte, s storedItem) error { return fn(s.item(string(k))) })
}

// Due returns at most limit items with which something is to be done at now, in the
// order of time.
func (tx *Tx) Due(now time.Time, limit int) ([]notice.Item, error) {
	end := instant(now)
	return tx.indexed(dueBucket, nil, instantLength, func(k []byte, n int) bool {
		return n < limit && bytes.Compare(k[:min(len(k), instantLength)], end) <= 0
	})
}

// NextDue returns the earliest instant, UTC, at which something is to be done with an
// item, and false where nothing is.
func (tx *Tx) NextDue() (at time.Time, ok bool, err error) {
	err = tx.scan(dueBucket, nil, func(k, _ []byte) (bool, error) {
		if len(k) < instantLength {
			return false, tx.damaged(dueBucket, k, errShort)
		}
		at, ok = instantOf(k), true
		return false, nil
	})
	return at, ok, err
}

// Due returns what Tx.Due gives.
func (db *DB) Due(now time.Time, limit int) ([]notice.Item, error) {
	return view(db, func(tx *Tx) ([]notice.Item, error) { return tx.Due(now, limit) })
}

// Next returns what Tx.NextDue gives.
func (db *DB) Next() (at time.Time, ok bool, err error) {
	err = db.View(func(tx *Tx) error {
		at, ok, err = tx.NextDue()
		return err
	})
	return at, ok, err
}

// Sending returns the items that are in the state sending, in the order of their keys.
func (db *DB) Sending() ([]notice.Item, error) {
	return view(db, func(tx *Tx) ([]notice.Item, error) {
		return tx.indexed(sendingBucket, nil, 0, func([]byte, int) bool { return true })
	})
}

// Edit loads those of the items with the keys that exist, in the order of keys and
// each once, lets fn change them, and stores them together with what fn adds, all in
// one transaction. An error of fn is given back as it is, and then nothing is stored.
// An item keeps its key.
func (db *DB) Edit(keys []string, fn func(items []*notice.Item) (add []notice.Item, err error)) error {
	return db.Update(func(tx *Tx) error {
		items, were, err := tx.load(keys)
		if err != nil {
			return err
		}
		add, err := fn(items)
		if err != nil {
			return err
		}
		for i, it := range items {
			if it.Key != were[i].key {
				return fmt.Errorf("the item %s can't become %s", were[i].key, it.Key)
			}
			if err := tx.putItem(were[i].entries, *it); err != nil {
				return err
			}
		}
		for _, it := range add {
			if err := tx.PutItem(it); err != nil {
				return err
			}
		}
		return nil
	})
}

// loaded says where an item stood before it was given away to be changed.
type loaded struct {
	key     string
	entries entries
}

func (tx *Tx) load(keys []string) (items []*notice.Item, were []loaded, err error) {
	seen := make(map[string]bool, len(keys))
	for _, k := range keys {
		if seen[k] {
			continue
		}
		seen[k] = true
		it, ok, err := tx.Item(k)
		if err != nil {
			return nil, nil, err
		}
		if ok {
			items, were = append(items, &it), append(were, loaded{k, entriesOf(it)})
		}
	}
	return items, were, nil
}

// ChannelID returns the receiver's id of the channel called name, and false where it is
// not known yet.
func (tx *Tx) ChannelID(name string) (id string, ok bool, err error) {
	content, err := tx.content(channelBucket, []byte(name))
	return string(content), content != nil, err
}

// ChannelNames returns the names under which the channel with an id was reached, in their order.
func (tx *Tx) ChannelNames(id string) (names []string, err error) {
	err = tx.scan(channelBucket, nil, func(k, content []byte) (bool, error) {
		if string(content) == id {
			names = append(names, string(k))
		}
		return true, nil
	})
	return names, err
}

// ChannelID returns what Tx.ChannelID gives.
func (db *DB) ChannelID(name string) (id string, ok bool, err error) {
	err = db.View(func(tx *Tx) error {
		id, ok, err = tx.ChannelID(name)
		return err
	})
	return id, ok, err
}

// ChannelNames returns what Tx.ChannelNames gives.
func (db *DB) ChannelNames(id string) (names []string, err error) {
	err = db.View(func(tx *Tx) error {
		names, err = tx.ChannelNames(id)
		return err
	})
	return names, err
}

// SetChannelID records it.
func (db *DB) SetChannelID(name, id string) error {
	return db.Update(func(tx *Tx) error { return tx.putContent(channelBucket, []byte(name), []byte(id)) })
}
