package store_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"attache/internal/event"
	"attache/internal/notice"
	"attache/internal/store"
	"attache/internal/store/storetest"
)

func revision(id string, n int) event.Revision {
	return event.Revision{Event: event.Event{ID: id, Title: fmt.Sprint("revision ", n)}, Number: n, At: hour(n)}
}

func putRevisions(t testing.TB, db *store.DB, list ...event.Revision) {
	t.Helper()
	must(t, db.Update(func(tx *store.Tx) error {
		for _, r := range list {
			if err := tx.PutRevision(r); err != nil {
				return err
			}
		}
		return nil
	}))
}

func TestRevisions_NoGap(t *testing.T) {
	t.Parallel()
	db := storetest.Temporary(t)
	putRevisions(t, db, revision("talks", 1), revision("talks", 2))
	for _, n := range []int{-1, 0, 1, 2, 4, 1<<32 + 3} {
		err := db.Update(func(tx *store.Tx) error { return tx.PutRevision(revision("talks", n)) })
		if err == nil || !strings.Contains(err.Error(), "talks") {
			t.Errorf("revision %d is taken: %v", n, err)
		}
	}
	if err := db.Update(func(tx *store.Tx) error { return tx.PutRevision(revision("visit", 2)) }); err == nil {
		t.Error("an event may begin with its second revision")
	}
}

func TestRevisions_LastHoldsAndAllStay(t *testing.T) {
	t.Parallel()
	db := storetest.Temporary(t)
	putRevisions(t, db, revision("talks", 1), revision("talk", 1), revision("talks", 2), revision("talks-in-geneva", 1))
	must(t, db.View(func(tx *store.Tx) error {
		s, ok, err := tx.Current("talks")
		if err != nil || !ok || s.Revision.Number != 2 || !s.Created.Equal(hour(1)) {
			t.Errorf("Current = %+v, %v, %v", s, ok, err)
		}
		all, err := tx.Revisions("talks")
		if err != nil || len(all) != 2 || all[0].Number != 1 || all[1].Number != 2 {
			t.Errorf("Revisions = %+v, %v", all, err)
		}
		for _, n := range []int{-1, 0, 3, 1<<32 + 1} {
			if r, ok, err := tx.Revision("talks", n); ok || err != nil {
				t.Errorf("Revision(%d) = %+v, %v, %v", n, r, ok, err)
			}
		}
		if _, ok, err := tx.Current("tal"); ok || err != nil {
			t.Errorf("Current of an event that is not there: %v, %v", ok, err)
		}
		var ids []string
		err = tx.Events(func(s store.Stored) error { ids = append(ids, s.Revision.Event.ID); return nil })
		if want := []string{"talk", "talks", "talks-in-geneva"}; err != nil || !slices.Equal(ids, want) {
			t.Errorf("Events = %q, %v, want %q", ids, err, want)
		}
		return nil
	}))
}

func TestChanges_InPages(t *testing.T) {
	t.Parallel()
	db := storetest.Temporary(t)
	for n := 1; n <= 5; n++ {
		putRevisions(t, db, revision("talks", n))
	}
	for _, c := range []struct {
		after uint64
		limit int
		want  string
	}{
		{0, 2, "1 2"}, {2, 2, "3 4"}, {4, 2, "5"}, {5, 2, ""}, {0, 0, ""}, {0, 100, "1 2 3 4 5"}, {1<<64 - 1, 5, ""},
	} {
		var got []string
		must(t, db.View(func(tx *store.Tx) error {
			list, err := tx.Changes(c.after, c.limit)
			for _, r := range list {
				got = append(got, fmt.Sprint(r.Seq))
				if r.Event != "talks" || r.Revision != int(r.Seq) || !r.At.Equal(hour(r.Revision)) {
					t.Errorf("change %d is %+v", r.Seq, r)
				}
			}
			return err
		}))
		if strings.Join(got, " ") != c.want {
			t.Errorf("Changes(%d, %d) = %v, want %s", c.after, c.limit, got, c.want)
		}
	}
}

func TestBases_ThoseOfTheFiles(t *testing.T) {
	t.Parallel()
	db := storetest.Temporary(t)
	must(t, db.Update(func(tx *store.Tx) error {
		for _, id := range []string{"visit", "talks", "summit"} {
			if err := tx.PutBase(event.Event{ID: id}); err != nil {
				return err
			}
		}
		return tx.Leave(event.Event{ID: "talks", Title: "Talks"})
	}))
	var ids []string
	must(t, db.View(func(tx *store.Tx) error {
		if _, ok, err := tx.Base("talks"); ok || err != nil {
			t.Errorf("the base of what left: %v, %v", ok, err)
		}
		if e, ok, err := tx.Left("talks"); !ok || err != nil || e.Title != "Talks" {
			t.Errorf("what left: %+v, %v, %v", e, ok, err)
		}
		return tx.Bases(func(e event.Event) error { ids = append(ids, e.ID); return nil })
	}))
	if want := []string{"summit", "visit"}; !slices.Equal(ids, want) {
		t.Errorf("Bases = %q, want %q", ids, want)
	}
}

func TestSources_AreReplaced(t *testing.T) {
	t.Parallel()
	db := storetest.Temporary(t)
	put := func(sources map[string]event.Source) (written int) {
		must(t, db.Update(func(tx *store.Tx) error {
			err := tx.PutSources(sources)
			written = store.Writes(tx)
			return err
		}))
		must(t, db.View(func(tx *store.Tx) error {
			have, err := tx.Sources()
			for key, s := range sources {
				if s.Key = key; have[key] != s {
					t.Errorf("source %q is %+v", key, have[key])
				}
			}
			if len(have) != len(sources) {
				t.Errorf("there are %d sources", len(have))
			}
			return err
		}))
		return written
	}
	a, b := event.Source{Title: "A"}, event.Source{Title: "B", Key: "whatever it says"}
	for i, c := range []struct {
		sources map[string]event.Source
		written int
	}{
		{map[string]event.Source{"a": a, "b": b}, 2},
		{map[string]event.Source{"a": a, "b": b}, 0},
		{map[string]event.Source{"a": b, "b": b}, 1},
		{map[string]event.Source{"b": b}, 1},
		{nil, 1},
	} {
		if got := put(c.sources); got != c.written {
			t.Errorf("step %d writes %d times, want %d", i+1, got, c.written)
		}
	}
}

func TestMeta_ApartFromTheStoresOwn(t *testing.T) {
	t.Parallel()
	db := storetest.Temporary(t)
	must(t, db.Update(func(tx *store.Tx) error { return tx.PutMeta("rules", "7a") }))
	must(t, db.View(func(tx *store.Tx) error {
		for key, want := range map[string]string{"rules": "7a", "none": ""} {
			if got, err := tx.Meta(key); got != want || err != nil {
				t.Errorf("Meta(%q) = %q, %v, want %q", key, got, err, want)
			}
		}
		return nil
	}))
	if err := db.Update(func(tx *store.Tx) error { return tx.PutMeta("store.schema", "7") }); err == nil {
		t.Error("the schema may be set from outside")
	}
}

func TestView_WritesNothing(t *testing.T) {
	t.Parallel()
	db := storetest.Temporary(t)
	must(t, db.Update(func(tx *store.Tx) error {
		return errors.Join(tx.PutBase(event.Event{ID: "visit"}), tx.PutSources(map[string]event.Source{"gazette": {}}))
	}))
	for name, write := range map[string]func(*store.Tx) error{
		"PutRevision":    func(tx *store.Tx) error { return tx.PutRevision(revision("talks", 1)) },
		"PutBase":        func(tx *store.Tx) error { return tx.PutBase(event.Event{ID: "talks"}) },
		"Leave":          func(tx *store.Tx) error { return tx.Leave(event.Event{ID: "visit"}) },
		"PutItem":        func(tx *store.Tx) error { return tx.PutItem(itemAt("a", "talks", notice.Pending, hour(1))) },
		"PutSources":     func(tx *store.Tx) error { return tx.PutSources(nil) },
		"PutPublication": func(tx *store.Tx) error { return tx.PutPublication(store.Publication{Event: "talks"}) },
		"PutFeedBody":    func(tx *store.Tx) error { return tx.PutFeedBody("all", store.FeedBody{}) },
		"PutFollowed":    func(tx *store.Tx) error { return tx.PutFollowed("theirs", store.Followed{}) },
		"PutMeta":        func(tx *store.Tx) error { return tx.PutMeta("a", "b") },
	} {
		if err := db.View(write); err == nil {
			t.Errorf("%s writes in a view", name)
		}
	}
}

func TestFeedBody_NeverPublished(t *testing.T) {
	t.Parallel()
	db := storetest.Temporary(t)
	must(t, db.View(func(tx *store.Tx) error {
		if _, ok, err := tx.FeedBody("all"); ok || err != nil {
			t.Errorf("FeedBody: %v, %v", ok, err)
		}
		if _, ok, err := tx.Publication("talks"); ok || err != nil {
			t.Errorf("Publication: %v, %v", ok, err)
		}
		return nil
	}))
}
