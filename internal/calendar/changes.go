package calendar

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"slices"
	"sort"

	"attache/internal/change"
	"attache/internal/event"
	"attache/internal/store"
)

// Changes returns the changes that q chooses, the newest first. Who may not see all of them is
// given numbers without gaps, which tell nothing of how many others there are.
func (v *View) Changes(_ context.Context, q ChangeQuery) ([]change.View, error) {
	if v.eyes == nil {
		return Changes(v.db, q)
	}
	numbers, err := v.shown()
	if err != nil {
		return nil, err
	}
	if len(numbers) == 0 {
		return nil, nil
	}
	before := len(numbers) + 1
	if n := q.Range.Before; n > 0 && n < uint64(before) {
		before = int(n)
	}
	if q.Range.Before = numbers[len(numbers)-1] + 1; before <= len(numbers) {
		q.Range.Before = numbers[before-1]
	}
	if first := before - 1 - q.Range.Look; q.Range.Look > 0 && first >= 0 {
		q.Range.Look = int(q.Range.Before - numbers[first])
	}
	out, err := changes(v.read, q)
	for i := range out {
		n, _ := slices.BinarySearch(numbers, out[i].Seq)
		out[i].Seq = uint64(n + 1)
	}
	return out, err
}

// numbered returns the numbers of all changes that the readers of v may see, in order.
func (v *View) numbered() (out []uint64, err error) {
	err = v.read(func(tx *store.Tx) error {
		list, err := tx.Changes(0, math.MaxInt)
		for _, c := range list {
			out = append(out, c.Seq)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("number the changes: %w", err)
	}
	return out, nil
}

// atOnce is how many changes are read in one go.
const atOnce = 256

// Changes returns what was changed in db, as View.Changes does.
func Changes(db *store.DB, q ChangeQuery) ([]change.View, error) { return changes(db.View, q) }

func changes(read func(func(*store.Tx) error) error, q ChangeQuery) (out []change.View, err error) {
	r := q.Range
	err = read(func(tx *store.Tx) error {
		for c, err := range records(tx, r) {
			switch {
			case err != nil:
				return err
			case !r.From.IsZero() && c.At.Before(r.From):
				return nil
			case !r.To.IsZero() && !c.At.Before(r.To):
				continue
			}
			v, ok, err := chosenView(tx, c, q)
			if err != nil {
				return err
			}
			if !ok {
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

// recordsOf yields the changes of one event that are numbered below next, and those that moved
// it, the newest first. They are few and all changes are many, so each is looked for where it
// has to stand.
func recordsOf(tx *store.Tx, id string, next uint64, yield func(store.ChangeRecord, error) bool) {
	list, err := ownRecords(tx, id)
	if err != nil {
		yield(store.ChangeRecord{}, err)
		return
	}
	slices.SortStableFunc(list, func(a, b store.ChangeRecord) int { return cmp.Compare(b.Seq, a.Seq) })
	for _, c := range list {
		if c.Seq < next && !yield(c, nil) {
			return
		}
	}
}

// ownRecords returns the changes that made the revisions of an event, and those that moved it.
func ownRecords(tx *store.Tx, id string) (list []store.ChangeRecord, err error) {
	revisions, err := tx.Revisions(id)
	if err != nil {
		return nil, err
	}
	for _, rev := range revisions {
		c, ok, err := recordOf(tx, rev)
		if err != nil {
			return nil, err
		}
		if ok {
			list = append(list, c)
		}
	}
	moves, err := tx.MovesOf(id)
	for _, m := range moves {
		c, err := tx.Changes(m.Seq-1, 1)
		if err != nil {
			return nil, err
		}
		list = append(list, c...)
	}
	return list, err
}

// recordOf finds the change that made a revision. They are in the order of time, unless the
// clock was set back or very many were made at once: then all are looked through.
func recordOf(tx *store.Tx, rev event.Revision) (c store.ChangeRecord, ok bool, err error) {
	tx = tx.Bare() // who may see the revision may see its change
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
			if c.Event == rev.Event.ID && c.Revision == rev.Number && !c.Rules {
				return c, true, nil
			}
		}
	}
	return c, false, err
}
