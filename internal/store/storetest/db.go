// Package storetest opens stores for tests of other packages. Each is checked whole when
// the test that opened it ends.
package storetest

import (
	"errors"
	"path/filepath"
	"sync/atomic"
	"testing"

	"attache/internal/store"
)

// Memory returns an empty database in memory of an installation that is always the
// same. It is checked whole when the test ends, though the test may have closed it.
func Memory(t testing.TB) *store.DB {
	t.Helper()
	e := &lasting{Engine: store.Memory()}
	db, err := store.New(e, store.Options{Install: "testinstallation"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		db, err := store.New(e.Engine, store.Options{})
		if err != nil {
			t.Errorf("the store after the test: %v", err)
			return
		}
		Check(t, db)
	})
	return db
}

// lasting is an engine that keeps what it holds when it is closed.
type lasting struct {
	store.Engine
	closed atomic.Bool
}

func (l *lasting) View(fn func(store.Reader) error) error {
	if l.closed.Load() {
		return store.ErrClosed
	}
	return l.Engine.View(fn)
}

func (l *lasting) Update(fn func(store.Writer) error) error {
	if l.closed.Load() {
		return store.ErrClosed
	}
	return l.Engine.Update(fn)
}

func (l *lasting) Close() error {
	l.closed.Store(true)
	return nil
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
		if err := db.View(func(*store.Tx) error { return nil }); errors.Is(err, store.ErrClosed) {
			if db, err = store.Open(path, store.Options{}); err != nil {
				t.Errorf("the store after the test: %v", err)
				return
			}
		}
		Check(t, db)
	})
	return db
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
