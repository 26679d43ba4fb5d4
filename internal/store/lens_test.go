package store_test

import (
	"strings"
	"testing"

	"attache/internal/event"
	"attache/internal/store"
	"attache/internal/when"
)

// public is a lens that shows what is nobody's secret, without the place of anything.
type public struct{ hidden string }

func (l public) Sees(id string) bool { return id != l.hidden }
func (l public) Name() string        { return "public" }
func (l public) Shows(e event.Event) (event.Event, bool) {
	e.Place, e.Veiled = "", e.Place != ""
	return e, e.Audience == "" && l.Sees(e.ID)
}

func TestTx_Through(t *testing.T) {
	t.Parallel()
	db, err := store.Temporary("")
	must(t, err)
	by := event.Author{Via: "file", Name: "f"}
	plain := event.Event{ID: "plain", Title: "Plain", Place: "Beijing"}
	secret := event.Event{ID: "secret", Title: "Secret"}
	freed := event.Event{ID: "freed", Title: "Freed", Audience: "inner"}
	now := freed
	now.Audience, now.Title = "", "Free"
	window := when.Unknown("UTC")
	must(t, db.Update(func(tx *store.Tx) error {
		for _, e := range []event.Event{plain, secret, freed} {
			must(t, tx.PutRevision(event.First(e, by, at(9, 0))))
			must(t, tx.PutBase(e))
			must(t, tx.PutWindow(e.ID, 1, window))
			must(t, tx.PutPublication(store.Publication{Event: e.ID, Sequence: 7, Hash: "all"}))
		}
		next, _ := event.First(freed, by, at(9, 0)).Next(now, by, at(9, 1))
		must(t, tx.PutRevision(next))
		through := tx.Through(public{"secret"})
		if err := through.PutRevision(event.First(event.Event{ID: "new"}, by, at(9, 0))); err == nil {
			t.Error("a revision was recorded through a lens")
		}
		if err := through.PutBase(plain); err == nil {
			t.Error("what a file says was recorded through a lens")
		}
		must(t, through.PutPublication(store.Publication{Event: "freed", Sequence: 9, Hash: "public"}))
		return through.PutWindow("freed", 2, window)
	}))
	must(t, db.View(func(all *store.Tx) error {
		tx := all.Through(public{"secret"})
		var ids []string
		must(t, tx.Events(func(s store.Stored) error {
			ids = append(ids, s.Revision.Event.ID+" "+s.Revision.Event.Place)
			return nil
		}))
		same(t, ids, []string{"freed ", "plain "})
		var changes []string
		list, err := tx.Changes(0, 10)
		for _, c := range list {
			changes = append(changes, c.Event)
		}
		same(t, strings.Join(changes, " "), "plain freed", err)
		list, err = tx.Changes(1, 1) // the second is hidden, and the next does not come in its place
		same(t, len(list), 0, err)
		for _, c := range []struct {
			id  string
			n   int
			has bool
		}{{"plain", 1, true}, {"secret", 1, false}, {"freed", 1, false}, {"freed", 2, true}} {
			_, has, err := tx.Revision(c.id, c.n)
			same(t, has, c.has, err)
		}
		for id, n := range map[string]int{"plain": 1, "secret": 0, "freed": 1} {
			revisions, err := tx.Revisions(id)
			same(t, len(revisions), n, err)
		}
		_, known, err := tx.Current("secret")
		same(t, known, false, err)
		_, known, err = tx.Base("freed")
		same(t, known, false, err)
		_, known, err = tx.Window("plain", 1)
		same(t, known, false, err)
		_, known, err = tx.Window("freed", 2)
		same(t, known, true, err)
		_, known, err = all.Window("freed", 2)
		same(t, known, false, err)
		p, _, err := tx.Publication("plain")
		same(t, p.Sequence, 7, err)
		p, _, err = tx.Publication("freed")
		same(t, p, store.Publication{Event: "freed", Sequence: 9, Hash: "public"}, err)
		p, _, err = all.Publication("freed")
		same(t, p.Sequence, 7, err)
		return nil
	}))
	must(t, db.Check())
}
