package store_test

import (
	"path/filepath"
	"testing"
	"time"

	"attache/internal/store"
	"attache/internal/store/storetest"
)

func bolt(t testing.TB) store.Engine {
	t.Helper()
	e, err := store.OpenBolt(filepath.Join(t.TempDir(), "test.db"), store.Writing, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	return e
}

func TestMemoryKeepsTheContract(t *testing.T) {
	storetest.Engine(t, func(*testing.T) store.Engine { return store.Memory() })
}

func TestBoltKeepsTheContract(t *testing.T) {
	storetest.Engine(t, func(t *testing.T) store.Engine { return bolt(t) })
}
