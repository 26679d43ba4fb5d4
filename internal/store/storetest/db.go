// Package storetest opens stores for tests of other packages. Each is checked whole when
// the test that opened it ends.
package storetest

import (
	"errors"
	"path/filepath"
	"testing"

	"attache/internal/store"
)

// Temporary returns an empty database of an installation that is always the same. It is
// checked whole and closed when the test ends, unless the test has closed it.
func Temporary(t testing.TB) *store.DB {
	t.Helper()
	db, err := store.Temporary("testinstallation")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if !closed(db) {
			Check(t, db)
		}
	})
	return db
}

// Open opens the database at path, or a new one in a folder of the test where path is
// "". It is checked whole and closed when the test ends; one that the test closed is
// opened again for that.
func Open(t testing.TB, path string) *store.DB {
	t.Helper()
	if path == "" {
		path = filepath.Join(t.TempDir(), "attache.db")
	}
	db, err := store.Open(path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if closed(db) {
			if db, err = store.Open(path, store.Options{}); err != nil {
				t.Errorf("the store after the test: %v", err)
				return
			}
		}
		Check(t, db)
	})
	return db
}

func closed(db *store.DB) bool {
	return errors.Is(db.View(func(*store.Tx) error { return nil }), store.ErrClosed)
}

// Check fails the test where something is wrong with db, and closes it.
func Check(t testing.TB, db *store.DB) {
	t.Helper()
	if err := db.Check(); err != nil {
		t.Errorf("the store after the test: %v", err)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}
