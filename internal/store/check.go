package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"attache/internal/event"
	"attache/internal/notice"
)

// Check reads every record and says what is not as it has to be: a checksum, a
// record that is no longer understood, a revision that is missing, an index that is
// not what the records make of it. The error joins all that was found.
func (db *DB) Check() error {
	return db.View(func(tx *Tx) error {
		c := &checker{tx: tx}
		for _, check := range []func() error{c.pages(db.engine), tx.verify, c.plain, c.events, c.changes, c.outbox} {
			if err := check(); err != nil {
				c.found = append(c.found, err)
			}
		}
		return errors.Join(c.found...)
	})
}

// inspector is an engine that can look over what holds its data together.
type inspector interface {
	check() error
}

type checker struct {
	tx        *Tx
	revisions uint64
	found     []error
}

func (c *checker) fail(bucket string, key []byte, format string, args ...any) {
	c.found = append(c.found, c.tx.damaged(bucket, key, fmt.Errorf(format, args...)))
}

func (c *checker) pages(e Engine) func() error {
	if i, ok := e.(inspector); ok {
		return i.check
	}
	return func() error { return nil }
}

// plain reads the records that nothing else leans on.
func (c *checker) plain() error {
	if _, err := c.tx.Sources(); err != nil {
		return err
	}
	if err := each(c.tx, publicBucket, nil, func([]byte, storedPublication) error { return nil }); err != nil {
		return err
	}
	if err := c.feeds(); err != nil {
		return err
	}
	return c.tx.Bases(func(e event.Event) error { return nil })
}

// feeds sees that every feed has its three parts.
func (c *checker) feeds() error {
	return c.tx.scan(feedBucket, nil, func(k, content []byte) (bool, error) {
		name, ok := bytes.CutSuffix(k, []byte{0, 'm'})
		if !ok {
			return true, nil
		}
		var s storedFeed
		if err := json.Unmarshal(content, &s); err != nil {
			c.fail(feedBucket, k, "%w", err)
		}
		for _, part := range []byte{'p', 'g'} {
			if content, err := c.tx.content(feedBucket, feedKey(string(name), part)); err == nil && content == nil {
				c.fail(feedBucket, k, "its part %c is missing", part)
			}
		}
		return true, nil
	})
}

// events reads every event, and every revision from its first to its current one.
func (c *checker) events() error {
	err := each(c.tx, eventBucket, nil, func(k []byte, head storedHead) error {
		for n := 1; n <= head.Revision; n++ {
			if _, ok, err := c.tx.Revision(string(k), n); err != nil || !ok {
				c.fail(revisionBucket, revisionKey(string(k), n), "it is missing or can't be read: %w", err)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return each(c.tx, revisionBucket, nil, func(k []byte, s storedRevision) error {
		c.revisions++
		if !bytes.Equal(k, revisionKey(s.Event.ID, s.Number)) {
			c.fail(revisionBucket, k, "it is revision %d of %q", s.Number, s.Event.ID)
		}
		return nil
	})
}

// changes compares the changes with the revisions.
func (c *checker) changes() error {
	n := uint64(0)
	err := each(c.tx, changeBucket, nil, func(k []byte, s storedChange) error {
		n++
		if !bytes.Equal(k, sequence(n)) {
			c.fail(changeBucket, k, "change %d is missing", n)
		}
		if _, ok, err := c.tx.Revision(s.Event, s.Revision); err == nil && !ok {
			c.fail(changeBucket, k, "revision %d of %q is not there", s.Revision, s.Event)
		}
		return nil
	})
	if err == nil && n != c.revisions {
		c.fail(changeBucket, nil, "%d changes stand beside %d revisions", n, c.revisions)
	}
	return err
}

// outbox reads every item, works out what the indexes have to hold, and compares.
func (c *checker) outbox() error {
	var want [3]map[string]bool
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
