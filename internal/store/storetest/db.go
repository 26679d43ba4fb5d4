package storetest

import (
	"path/filepath"
	"testing"

	"attache/internal/store"
)

// Memory gives an empty database in memory. It is checked when the test ends.
func Memory(t testing.TB) *store.DB {
	t.Helper()
	db, err := store.New(store.Memory(), store.Options{Install: "testinstallation"})
	if err != nil {
		t.Fatal(err)
	}
	return checked(t, db)
}

// Open opens the database at path, or a new one in a folder of the test where path is
// "". It is checked and closed when the test ends, unless the test closed it.
func Open(t testing.TB, path string) *store.DB {
	t.Helper()
	if path == "" {
		path = filepath.Join(t.TempDir(), "attache.db")
	}
	db, err := store.Open(path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return checked(t, db)
}

func checked(t testing.TB, db *store.DB) *store.DB {
	t.Cleanup(func() { Check(t, db) })
	return db
}

// Check fails the test where something is wrong with db, and closes it.
func Check(t testing.TB, db *store.DB) {
	t.Helper()
	if err := db.Check(); err != nil && err != store.ErrClosed {
		t.Errorf("the store after the test: %v", err)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}
