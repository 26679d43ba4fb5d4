package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"attache/internal/notice"
)

// Check reads every record and says what is not as it has to be: a page, a checksum,
// a record that is gone or no longer understood, a revision that is missing, an index
// that is not what the records make of it. The error joins all that was found.
func (db *DB) Check() error {
	c := &checker{told: make(map[string]int)}
	c.note(db.checkFile())
	c.note(db.View(func(tx *Tx) error {
		c.tx = tx
		for _, check := range []func() error{tx.verify, c.plain, c.feeds, c.followed, c.events, c.changes, c.moves, c.outbox} {
			c.note(check())
		}
		return nil
	}))
	return errors.Join(c.found...)
}

func (db *DB) checkFile() error {
	db.swap.RLock()
	defer db.swap.RUnlock()
	return db.bolt.check()
}

type checker struct {
	tx    *Tx
	told  map[string]int // by key of a revision, how many changes name it
	found []error
}

func (c *checker) fail(bucket string, key []byte, format string, args ...any) {
	c.found = append(c.found, c.tx.damaged(bucket, key, fmt.Errorf(format, args...)))
}

// note keeps err, unless it is nil or what a closed file says once more.
func (c *checker) note(err error) {
	if err != nil && !(errors.Is(err, ErrClosed) && len(c.found) > 0) {
		c.found = append(c.found, err)
	}
}

// plain reads the records that nothing else leans on.
func (c *checker) plain() error {
	for _, read := range []func() error{
		func() error { _, err := c.tx.Sources(); return err },
		func() error {
			return each(c.tx, publicBucket, nil, func([]byte, storedPublication) error { return nil })
		},
		func() error { return c.tx.Tokens(func(FeedToken) error { return nil }) },
		func() error { return each(c.tx, windowBucket, nil, func([]byte, keptWindow) error { return nil }) },
		func() error { return each(c.tx, pressBucket, nil, func([]byte, storedPress) error { return nil }) },
		func() error { _, err := c.tx.AllHandled(); return err },
	} {
		if err := read(); err != nil {
			return err
		}
	}
	for _, bucket := range []string{baseBucket, leftBucket} {
		err := each(c.tx, bucket, nil, func(k []byte, s storedEvent) error {
			if s.ID != string(k) {
				c.fail(bucket, k, "it is what was said of %q", s.ID)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// parts sees that everything in bucket has its parts, whose names are want in the order of
// the keys, and that its head can be read.
func (c *checker) parts(bucket, want string, head any) error {
	have := make(map[string]string)
	err := c.tx.scan(bucket, nil, func(k, content []byte) (bool, error) {
		name, part := k[:max(len(k)-2, 0)], k[max(len(k)-1, 0):]
		have[string(name)] += string(part)
		if string(part) == "m" && json.Unmarshal(content, head) != nil {
			c.fail(bucket, k, "it can't be read")
		}
		return true, nil
	})
	for _, name := range slices.Sorted(maps.Keys(have)) {
		if have[name] != want {
			c.fail(bucket, []byte(name), "it has the parts %q", have[name])
		}
	}
	return err
}

func (c *checker) feeds() error { return c.parts(feedBucket, "gmp", new(storedFeed)) }

func (c *checker) followed() error { return c.parts(followedBucket, "bm", new(storedFollowed)) }

// events sees that every event has all its revisions, from the first to the current
// one.
func (c *checker) events() error {
	current, found := make(map[string]int), make(map[string]int)
	err := each(c.tx, eventBucket, nil, func(k []byte, head storedHead) error {
		current[string(k)] = head.Revision
		found[string(k)] = 0
		return nil
	})
	if err != nil {
		return err
	}
	err = each(c.tx, revisionBucket, nil, func(k []byte, s storedRevision) error {
		c.told[string(k)] = 0
		found[s.Event.ID]++
		if !bytes.Equal(k, revisionKey(s.Event.ID, found[s.Event.ID])) || s.Number != found[s.Event.ID] {
			c.fail(revisionBucket, k, "it is revision %d of %q, the %d. there is", s.Number, s.Event.ID, found[s.Event.ID])
		}
		return nil
	})
	for _, id := range slices.Sorted(maps.Keys(found)) {
		if found[id] == 0 || found[id] != current[id] {
			c.fail(eventBucket, []byte(id), "revision %d is current of %d", current[id], found[id])
		}
	}
	return err
}

// changes sees that every revision was told once, and that the numbers leave no gap.
func (c *checker) changes() error {
	n := uint64(0)
	err := each(c.tx, changeBucket, nil, func(k []byte, s storedChange) error {
		n++
		if !bytes.Equal(k, sequence(n)) {
			c.fail(changeBucket, k, "change %d is missing", n)
		}
		if !s.Rules {
			c.told[string(revisionKey(s.Event, s.Revision))]++
		}
		return nil
	})
	for _, k := range slices.Sorted(maps.Keys(c.told)) {
		if c.told[k] != 1 {
			c.fail(changeBucket, []byte(k), "the revision was told %d times", c.told[k])
		}
	}
	if last, lastErr := c.tx.LastChange(); lastErr != nil || last != n {
		c.fail(metaBucket, []byte(changesKey), "it says %d of %d changes", last, n)
	}
	return err
}

// outbox reads every item, works out what the indexes have to hold, and compares.
func (c *checker) outbox() error {
	var want [len(entries{})]map[string]bool
	for i := range want {
		want[i] = make(map[string]bool)
	}
	err := c.tx.Items(func(it notice.Item) error {
		for i, k := range entriesOf(it) {
			if k != nil {
				want[i][string(k)] = true
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i, bucket := range indexes() {
		if err := c.index(bucket, want[i]); err != nil {
			return err
		}
	}
	return nil
}

// index compares an index with what it has to be.
func (c *checker) index(bucket string, want map[string]bool) error {
	err := c.tx.scan(bucket, nil, func(k, _ []byte) (bool, error) {
		if !want[string(k)] {
			c.fail(bucket, k, "it stands for nothing")
		}
		delete(want, string(k))
		return true, nil
	})
	for _, k := range slices.Sorted(maps.Keys(want)) {
		c.fail(bucket, []byte(k), "it is missing")
	}
	return err
}
