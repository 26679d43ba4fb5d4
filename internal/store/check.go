package store

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"attache/internal/event"
	"attache/internal/notice"
)

// Check reads every record and says what is not as it has to be: a checksum, a
// record that is no longer understood, a revision that is missing, an index that is
// not what the records make of it. The error joins all that was found.
func (db *DB) Check() error {
	return db.View(func(tx *Tx) error {
		c := &checker{tx: tx, due: map[string]bool{}, told: map[string]bool{}}
		for _, check := range []func() error{c.plain, c.events, c.changes, c.outbox, c.dueIndex, c.toldIndex} {
			if err := check(); err != nil {
				c.found = append(c.found, err)
			}
		}
		return errors.Join(c.found...)
	})
}

type checker struct {
	tx        *Tx
	revisions uint64
	due, told map[string]bool // keys that the indexes have to have
	found     []error
}

func (c *checker) fail(bucket string, key []byte, format string, args ...any) {
	c.found = append(c.found, c.tx.damaged(bucket, key, fmt.Errorf(format, args...)))
}

// plain reads the records that nothing else leans on.
func (c *checker) plain() error {
	for _, bucket := range []string{metaBucket, feedBucket, channelBucket, sourceBucket} {
		err := c.tx.r.Scan(bucket, nil, func(k, v []byte) (bool, error) {
			if _, err := unseal(bucket, k, v); err != nil {
				c.fail(bucket, k, "%w", err)
			}
			return true, nil
		})
		if err != nil {
			return err
		}
	}
	if _, err := c.tx.Sources(); err != nil {
		return err
	}
	if err := each(c.tx, publicBucket, nil, func([]byte, storedPublication) error { return nil }); err != nil {
		return err
	}
	return c.tx.Bases(func(event.Event) error { return nil })
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

// outbox reads every item and works out what the indexes have to hold.
func (c *checker) outbox() error {
	return c.tx.Items(func(it notice.Item) error {
		if k, ok := dueKey(it); ok {
			c.due[string(k)] = true
		}
		c.told[string(toldKey(it))] = true
		return nil
	})
}

func (c *checker) dueIndex() error  { return c.index(dueBucket, c.due) }
func (c *checker) toldIndex() error { return c.index(toldBucket, c.told) }

// index compares an index with what it has to be.
func (c *checker) index(bucket string, want map[string]bool) error {
	err := c.tx.r.Scan(bucket, nil, func(k, _ []byte) (bool, error) {
		if !want[string(k)] {
			c.fail(bucket, k, "it stands for nothing")
		}
		delete(want, string(k))
		return true, nil
	})
	for k := range want {
		c.fail(bucket, []byte(strings.Clone(k)), "it is missing")
	}
	return err
}
