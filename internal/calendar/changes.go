package calendar

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sort"

	"attache/internal/agenda"
	"attache/internal/change"
	"attache/internal/event"
	"attache/internal/store"
)

// Changes returns the changes that q chooses, the newest first.
func (v *View) Changes(_ context.Context, q ChangeQuery) ([]change.View, error) {
	return Changes(v.db, q)
}

// atOnce is how many changes are read in one go.
const atOnce = 256

// Changes returns what was changed in db, as View.Changes does.
func Changes(db *store.DB, q ChangeQuery) (out []change.View, err error) {
	r := q.Range
	err = db.View(func(tx *store.Tx) error {
		for c, err := range records(tx, r) {
			switch {
			case err != nil:
				return err
			case !r.From.IsZero() && c.At.Before(r.From):
				return nil
			case !r.To.IsZero() && !c.At.Before(r.To):
				continue
			}
			v, state, err := changeView(tx, c)
			if err != nil {
				return err
			}
			if !q.Filter.Match(agenda.Entry{Event: state.Event, Window: state.Window}) {
				continue
			}
			if out = append(out, v); len(out) == r.Limit {
				return nil
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the changes: %w", err)
	}
	return out, nil
}

// records returns the changes that r may ask for, whenever they were made, the newest first.
func records(tx *store.Tx, r change.Range) iter.Seq2[store.ChangeRecord, error] {
	return func(yield func(store.ChangeRecord, error) bool) {
		last, err := tx.LastChange()
		if err != nil {
			yield(store.ChangeRecord{}, err)
			return
		}
		next := last + 1
		if r.Before > 0 {
			next = min(next, r.Before)
		}
		if r.Event != "" {
			recordsOf(tx, r.Event, next, yield)
			return
		}
		first := uint64(1) // that is looked at
		if r.Look > 0 && next > uint64(r.Look) {
			first = next - uint64(r.Look)
		}
		for next > first {
			n := min(atOnce, next-first)
			next -= n
			list, err := tx.Changes(next-1, int(n))
			if err != nil {
				yield(store.ChangeRecord{}, err)
				return
			}
			for _, c := range slices.Backward(list) {
				if !yield(c, nil) {
					return
				}
			}
		}
	}
}

// recordsOf yields the changes of one event that are numbered below next, the newest
// first. Its revisions are few and all changes are many, so each is looked for where its
// time says that it stands.
func recordsOf(tx *store.Tx, id string, next uint64, yield func(store.ChangeRecord, error) bool) {
	revisions, err := tx.Revisions(id)
	if err != nil {
		yield(store.ChangeRecord{}, err)
		return
	}
	for _, rev := range slices.Backward(revisions) {
		c, ok, err := recordOf(tx, rev)
		if (err != nil || ok && c.Seq < next) && !yield(c, err) {
			return
		}
	}
}

// recordOf finds the change that made a revision. They are in the order of time, unless the
// clock was set back or very many were made at once: then all are looked through.
func recordOf(tx *store.Tx, rev event.Revision) (c store.ChangeRecord, ok bool, err error) {
	last, err := tx.LastChange()
	if err != nil {
		return c, false, err
	}
	from := sort.Search(int(last), func(i int) bool {
		list, failed := tx.Changes(uint64(i), 1)
		err = errors.Join(err, failed)
		return len(list) == 0 || !list[0].At.Before(rev.At)
	})
	for _, look := range []struct{ after, most int }{{from, atOnce}, {0, int(last)}} {
		list, failed := tx.Changes(uint64(look.after), look.most)
		if err = errors.Join(err, failed); err != nil {
			break
		}
		for _, c := range list {
			if c.Event == rev.Event.ID && c.Revision == rev.Number {
				return c, true, nil
			}
		}
	}
	return c, false, err
}

// changeView returns what the change c did, and how the event stood after it.
func changeView(tx *store.Tx, c store.ChangeRecord) (change.View, change.State, error) {
	v := change.View{
		Seq: c.Seq, At: c.At, Event: c.Event, Revision: c.Revision, By: c.Author.Name, Via: c.Author.Via,
		Changes: []change.Change{}, Fields: append([]string{}, c.Fields...),
		Follows: []change.Followed{},
	}
	rev, ok, err := tx.Revision(c.Event, c.Revision)
	if err != nil || !ok {
		return v, change.State{}, err
	}
	is, err := firstStateOf(tx, rev)
	if err != nil {
		return v, is, err
	}
	v.Title, v.Reason = rev.Event.Title, rev.Reason
	before, known, err := tx.Revision(c.Event, c.Revision-1)
	if err != nil || !known {
		v.Changes = change.New(is)
		return v, is, err
	}
	if before.Event.Reason == rev.Event.Reason {
		v.Reason = "" // told where it was given
	}
	if v.Follows, err = led(tx, c); err != nil {
		return v, is, err
	}
	was, err := stateOf(tx, before)
	v.Changes = change.Between(was, is)
	return v, is, err
}

// led returns the events whose date moved because of the change c.
func led(tx *store.Tx, c store.ChangeRecord) ([]change.Followed, error) {
	out := []change.Followed{}
	list, err := tx.Led(c.Event, c.Revision)
	for _, f := range list {
		now, _, err := tx.Current(f.Event)
		if err != nil {
			return out, err
		}
		out = append(out, change.Followed{Event: f.Event, Title: now.Revision.Event.Title, Was: f.Was.Words()})
	}
	return out, err
}
