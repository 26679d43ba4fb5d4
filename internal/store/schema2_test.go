package store

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"attache/internal/notice"
)

// minute returns an instant of the history of an item.
func minute(n int) time.Time { return time.Date(2026, 2, 16, 9, n, 0, 0, time.UTC) }

// past makes a history of one entry a minute: a state and, after a space, a note.
func past(entries ...storedAttempt) []storedAttempt {
	for i := range entries {
		entries[i].At = minute(i)
	}
	return entries
}

func became(s notice.State, note string) storedAttempt { return storedAttempt{State: s, Note: note} }

// typedStates are items as schema 1 kept them, and what schema 2 has of them besides.
func typedStates() map[string]struct {
	was  storedItem
	want notice.Item
} {
	limited, refused := "rate limited: slow down", "refused: invalid_blocks"
	var long []storedAttempt
	for len(long) < 40 {
		long = append(long, became(notice.Sending, "attempt"), became(notice.Pending, "not sent: no answer"))
	}
	long = slices.Clip(long[:40])
	return map[string]struct {
		was  storedItem
		want notice.Item
	}{
		"planned": {storedItem{State: notice.Pending, History: past(became(notice.Pending, "planned"))}, notice.Item{}},
		"limited": {
			storedItem{State: notice.Pending, Attempts: 1, LastError: limited, History: past(became(notice.Sending, "attempt 1"), became(notice.Pending, limited))},
			notice.Item{Result: notice.Limited, Claimed: minute(0)},
		},
		"refused, then not sent": {
			storedItem{State: notice.Pending, Attempts: 2, LastError: "not sent: no answer", History: past(
				became(notice.Sending, ""), became(notice.Pending, refused), became(notice.Sending, ""), became(notice.Pending, "not sent: no answer"))},
			notice.Item{Result: notice.NotSent, Refused: true, Claimed: minute(2)},
		},
		"in doubt": {
			storedItem{State: notice.Unknown, Attempts: 1, LastError: "in doubt: EOF", NextTry: minute(9), History: past(became(notice.Sending, ""), became(notice.Unknown, "in doubt: EOF"))},
			notice.Item{Result: notice.InDoubt, Claimed: minute(0), Doubt: minute(1)},
		},
		"held": {
			storedItem{State: notice.Unknown, Attempts: 1, LastError: "unreadable: missing_scope", History: past(became(notice.Sending, ""), became(notice.Unknown, "in doubt: EOF"))},
			notice.Item{Result: notice.Unreadable, Claimed: minute(0), Doubt: minute(1)},
		},
		"unknown without a history": {
			storedItem{State: notice.Unknown, NextTry: minute(7), LastError: "found sending at start"},
			notice.Item{Doubt: minute(7)},
		},
		"sent again after doubt": {
			storedItem{State: notice.Sending, Attempts: 2, History: past(
				became(notice.Sending, ""), became(notice.Unknown, "in doubt: EOF"), became(notice.Pending, "not found twice: to be sent again"), became(notice.Sending, ""))},
			notice.Item{Claimed: minute(3), Doubt: minute(1), Resent: true},
		},
		"sent": {
			storedItem{State: notice.Sent, Attempts: 2, History: past(
				became(notice.Sending, ""), became(notice.Unknown, "in doubt: EOF"), became(notice.Pending, refused), became(notice.Sending, ""), became(notice.Sent, "arrived as 1.1"))},
			notice.Item{Claimed: minute(3)},
		},
		"a card whose change is in doubt": {
			storedItem{State: notice.Pending, Attempts: 1, TS: "1.1", LastError: "in doubt: EOF", History: past(
				became(notice.Sent, "is the message of x"), became(notice.Sending, ""), became(notice.Pending, "in doubt: EOF"))},
			notice.Item{Result: notice.InDoubt, Claimed: minute(1), Doubt: minute(2)},
		},
		"a history that was cut": {
			storedItem{State: notice.Pending, Attempts: 25, FirstAttempt: minute(3), LastError: "not sent: no answer", History: past(long...)},
			notice.Item{Result: notice.NotSent, Claimed: minute(38), Doubt: minute(3), Resent: true},
		},
		"words that name no result": {
			storedItem{State: notice.Dead, Attempts: 1, LastError: "dropped: by hand", History: past(became(notice.Sending, ""), became(notice.Dead, "refused by hand"))},
			notice.Item{Claimed: minute(0)},
		},
	}
}

// older makes the database db one of schema 1 that holds the items of typedStates, in the
// way in which that wrote them.
func older(db *DB) error {
	return db.Update(func(tx *Tx) error {
		for key, c := range typedStates() {
			c.was.Notice.Key, c.was.Channel = "notice "+key, "#dates"
			if err := tx.putItem(entries{}, c.was.item(key)); err != nil {
				return err
			}
			if err := tx.put(outboxBucket, []byte(key), c.was); err != nil {
				return err
			}
		}
		return tx.putOwn(schemaKey, "1")
	})
}

// expectTyped says where an item of db does not have the fields that schema 2 added.
func expectTyped(t *testing.T, db *DB) {
	t.Helper()
	err := db.View(func(tx *Tx) error {
		for key, c := range typedStates() {
			it, _, err := tx.Item(key)
			got := notice.Item{Result: it.Result, Refused: it.Refused, Claimed: it.Claimed, Doubt: it.Doubt, Resent: it.Resent}
			if err != nil || fmt.Sprint(got) != fmt.Sprint(c.want) {
				t.Errorf("%s:\ngot  %+v, %v\nwant %+v", key, got, err, c.want)
			}
			if it.LastError != c.was.LastError || len(it.History) != len(c.was.History) || it.State != c.was.State {
				t.Errorf("%s: it has become %+v", key, it)
			}
		}
		return nil
	})
	if err := errors.Join(err, db.Check()); err != nil {
		t.Error(err)
	}
}

// olderFile makes a database of schema 1 at a new path.
func olderFile(t *testing.T) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "attache.db")
	db, err := Open(path, Options{})
	if err == nil {
		err = errors.Join(older(db), db.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func TestUpgrade_FromSchema1(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(path string) (*DB, error){
		"to be written": func(path string) (*DB, error) { return Open(path, Options{}) },
		"to be read":    func(path string) (*DB, error) { return Open(path, Options{ReadOnly: true}) },
		"to try":        Scratch,
		"as a backup": func(path string) (*DB, error) {
			target := filepath.Join(t.TempDir(), "attache.db")
			if _, err := Restore(target, path, Options{}); err != nil {
				return nil, err
			}
			return Open(target, Options{})
		},
		"as what a backup replaces": func(path string) (*DB, error) {
			backup := filepath.Join(t.TempDir(), "backup.db")
			db, err := Open(path, Options{ReadOnly: true})
			if err == nil {
				err = errors.Join(SaveCopy(backup, db), db.Close())
			}
			if err != nil {
				return nil, err
			}
			if r, err := Restore(path, backup, Options{}); err != nil || r.Doubted {
				return nil, fmt.Errorf("%+v, %w", r, err)
			}
			return Open(path, Options{})
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := olderFile(t)
			db, err := open(path)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			expectTyped(t, db)
			beside := path + ".schema-1"
			if name != "to be written" {
				if exists(beside) {
					t.Error("a copy is kept though the file stays as it is")
				}
				return
			}
			if err := Prove(beside, ""); err != nil {
				t.Errorf("the copy: %v", err)
			}
			kept, err := openBolt(beside, reading, lockWait)
			if err != nil {
				t.Fatal(err)
			}
			defer kept.Close()
			expect(t, &DB{bolt: kept}, map[string]string{schemaKey: "1"})
			expect(t, db, map[string]string{schemaKey: strconv.Itoa(schema)})
		})
	}
}
