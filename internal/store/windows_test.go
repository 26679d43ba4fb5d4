package store_test

import (
	"reflect"
	"testing"

	"attache/internal/store"
	"attache/internal/store/storetest"
)

func TestRoundTrip_Windows(t *testing.T) {
	t.Parallel()
	db := storetest.Memory(t)
	must(t, db.Update(func(tx *store.Tx) error { return tx.PutWindow("visit", 2, wholeWindow()) }))
	must(t, db.View(func(tx *store.Tx) error {
		got, ok, err := tx.Window("visit", 2)
		if !ok || !reflect.DeepEqual(got, wholeWindow()) {
			t.Errorf("it came back as %+v, %v", got, ok)
		}
		if _, ok, _ := tx.Window("visit", 1); ok {
			t.Error("a window that was never recorded is there")
		}
		return err
	}))
}
