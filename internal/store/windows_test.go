package store_test

import (
	"reflect"
	"testing"

	"attache/internal/store"
	"attache/internal/store/storetest"
	"attache/internal/when"
)

func TestRoundTrip_Windows(t *testing.T) {
	t.Parallel()
	db := storetest.Temporary(t)
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

func TestPutWindow_First(t *testing.T) {
	t.Parallel()
	db := storetest.Temporary(t)
	first, last := wholeWindow(), wholeWindow()
	last.Zone = "UTC"
	for _, w := range []when.Window{first, allTimed(), last} {
		must(t, db.Update(func(tx *store.Tx) error { return tx.PutWindow("visit", 1, w) }))
	}
	must(t, db.View(func(tx *store.Tx) error {
		if got, ok, err := tx.FirstWindow("visit", 1); err != nil || !ok || !reflect.DeepEqual(got, first) {
			t.Errorf("the first is %+v, %v, %v", got, ok, err)
		}
		if got, ok, err := tx.Window("visit", 1); err != nil || !ok || !reflect.DeepEqual(got, last) {
			t.Errorf("the last is %+v, %v, %v", got, ok, err)
		}
		if _, ok, err := tx.FirstWindow("visit", 2); err != nil || ok {
			t.Errorf("what was never recorded: %v, %v", ok, err)
		}
		return nil
	}))
}
