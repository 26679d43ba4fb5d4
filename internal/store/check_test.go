package store_test

import (
	"errors"
	"testing"

	"attache/internal/event"
	"attache/internal/store"
	"attache/internal/store/storetest"
)

// TestCheck_WhatDoesNotFit changes a store in ways that keep checksums and
// sums, as only a mistake in this package could.
func TestCheck_WhatDoesNotFit(t *testing.T) {
	t.Parallel()
	for name, mistake := range store.Mistakes() {
		db := sample(t, bolt(t))
		must(t, db.Update(mistake))
		var damaged *store.DamagedError
		if err := db.Check(); !errors.As(err, &damaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCheck_SeveralThings(t *testing.T) {
	t.Parallel()
	db := sample(t, bolt(t))
	for _, mistake := range store.Mistakes() {
		_ = db.Update(mistake) // what another one made impossible is left out
	}
	err := db.Check()
	var all interface{ Unwrap() []error }
	if !errors.As(err, &all) || len(all.Unwrap()) < 8 {
		t.Errorf("%v", err)
	}
}

func TestUpdate_AllOrNothing(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t, "")
	before, err := store.Dump(db)
	must(t, err)
	wrong := errors.New("wrong")
	err = db.Update(func(tx *store.Tx) error {
		must(t, edit(tx, event.Revision{Event: event.Event{ID: "visit"}, Number: 1, At: at(9, 0)}, 3))
		return wrong
	})
	if !errors.Is(err, wrong) {
		t.Errorf("%v", err)
	}
	after, err := store.Dump(db)
	same(t, after, before, err)
}

func TestClose_SaysSo(t *testing.T) {
	t.Parallel()
	for _, db := range []*store.DB{storetest.Temporary(t), storetest.Open(t, "")} {
		must(t, db.Close())
		if err := db.Check(); !errors.Is(err, store.ErrClosed) {
			t.Errorf("%v", err)
		}
		must(t, db.Close())
	}
}
