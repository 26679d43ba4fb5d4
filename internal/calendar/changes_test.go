package calendar_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"attache/internal/calendar"
	"attache/internal/change"
	"attache/internal/event"
	"attache/internal/store"
)

func TestChanges_OfOneEvent(t *testing.T) {
	db, err := store.Temporary("test")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	at := time.Date(2025, 10, 26, 18, 0, 0, 0, time.UTC)
	current := make(map[string]event.Revision)
	err = db.Update(func(tx *store.Tx) error {
		for i := range 2000 {
			id := fmt.Sprint("event-", i%700) // the first 700 at once, then edits in no order
			switch {
			case i == 1500:
				at = at.Add(-time.Hour) // the clock was set back
			case i > 700 && i%3 == 0:
				at = at.Add(time.Minute)
			}
			e := event.Event{ID: id, Title: fmt.Sprint("title ", i), Kind: event.Talks, Zone: "UTC", Certainty: event.Possible, Status: event.Open}
			r, known := current[id]
			if known {
				r, _ = r.Next(e, event.Author{Via: "file", Name: "a.yaml:1"}, at)
			} else {
				r = event.First(e, event.Author{Via: "file", Name: "a.yaml:1"}, at)
			}
			current[id] = r
			if err := tx.PutRevision(r); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	all, err := calendar.Changes(db, calendar.ChangeQuery{Range: change.Range{}})
	if err != nil || len(all) != 2000 {
		t.Fatalf("%d changes, %v", len(all), err)
	}
	for _, id := range []string{"event-0", "event-1", "event-99", "event-350", "event-599", "event-699"} {
		want := slices.DeleteFunc(slices.Clone(all), func(v change.View) bool { return v.Event != id })
		got, err := calendar.Changes(db, calendar.ChangeQuery{Range: change.Range{Event: id}})
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v, want %+v", id, got, err, want)
		}
	}
	if got, _ := calendar.Changes(db, calendar.ChangeQuery{Range: change.Range{Event: "event-0", Before: 1000}}); len(got) != 2 {
		t.Errorf("before a number: %+v", got)
	}
	if got, _ := calendar.Changes(db, calendar.ChangeQuery{Range: change.Range{Event: "nobody"}}); len(got) != 0 {
		t.Errorf("of nobody: %+v", got)
	}
	var pieces []change.View
	for before := uint64(2001); before > 1; before -= 400 {
		got, err := calendar.Changes(db, calendar.ChangeQuery{Range: change.Range{Before: before, Look: 400}})
		if err != nil || len(got) != 400 {
			t.Errorf("400 before %d: %d, %v", before, len(got), err)
		}
		pieces = append(pieces, got...)
	}
	if !reflect.DeepEqual(pieces, all) {
		t.Error("piece by piece it is not the whole")
	}
}

func TestChanges_FirstDateOfWhatLeans(t *testing.T) {
	w := newWorld(t, march, made(t, "visit", event.Visit, "2026-06-12"), made(t, "reply", event.Other, "3 days after event:visit"))
	words := func() (out []string) {
		list, err := calendar.Changes(w.db, calendar.ChangeQuery{Range: change.Range{Event: "reply"}})
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range list {
			out = append(out, fmt.Sprintf("%+v", v.Changes))
		}
		return out
	}
	before := words()
	w.edit("visit", set(t, "2026-06-20"))
	w.edit("visit", set(t, "2026-06-24"))
	if got := words(); len(before) != 1 || len(got) != 3 || got[2] != before[0] {
		t.Errorf("it was told as %q, and is told as %q", before, got)
	}
}
