package calendar

import (
	"context"
	"fmt"
	"slices"
	"sort"

	"attache/internal/agenda"
	"attache/internal/change"
	"attache/internal/event"
	"attache/internal/notice"
	"attache/internal/store"
)

// Changes returns what was changed, the newest first: of the events that f chooses as
// they stood after the change, those that r asks for.
func (v *View) Changes(_ context.Context, f agenda.Filter, r change.Range) ([]change.View, error) {
	return Changes(v.db, f, r)
}

// atOnce is how many changes are read in one go.
const atOnce = 256

// Changes returns what was changed in db, as View.Changes does.
func Changes(db *store.DB, f agenda.Filter, r change.Range) (out []change.View, err error) {
	err = db.View(func(tx *store.Tx) error {
		next, err := tx.LastChange()
		if err != nil {
			return err
		}
		next++
		if r.Before > 0 {
			next = min(next, r.Before)
		}
		if r.Event != "" {
			list, err := recordsOf(tx, r.Event, next)
			if err != nil {
				return err
			}
			out, _, err = collect(tx, out, list, f, r)
			return err
		}
		last := uint64(1) // that is looked at
		if r.Look > 0 && next > uint64(r.Look) {
			last = next - uint64(r.Look)
		}
		for next > last {
			after := last - 1
			if next > atOnce+last {
				after = next - 1 - atOnce
			}
			list, err := tx.Changes(after, int(next-1-after))
			if err != nil {
				return err
			}
			slices.Reverse(list)
			var done bool
			if out, done, err = collect(tx, out, list, f, r); err != nil || done {
				return err
			}
			next = after + 1
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the changes: %w", err)
	}
	return out, nil
}

// recordsOf returns the changes of one event that are numbered below next, the newest
// first. Its revisions are few and all changes are many, so each is looked for where its
// time says that it stands.
func recordsOf(tx *store.Tx, id string, next uint64) ([]store.ChangeRecord, error) {
	revisions, err := tx.Revisions(id)
	if err != nil {
		return nil, err
	}
	var out []store.ChangeRecord
	for _, rev := range slices.Backward(revisions) {
		c, ok, err := recordOf(tx, rev, next)
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, c)
		}
	}
	return out, nil
}

// recordOf finds the change that made a revision among those numbered below next. They
// are in the order of time, unless the clock was set back: then all are looked through.
func recordOf(tx *store.Tx, rev event.Revision, next uint64) (store.ChangeRecord, bool, error) {
	var err error
	from := sort.Search(int(next)-1, func(i int) bool {
		list, failed := tx.Changes(uint64(i), 1)
		if failed != nil {
			err = failed
		}
		return len(list) == 0 || !list[0].At.Before(rev.At)
	})
	if err != nil {
		return store.ChangeRecord{}, false, err
	}
	for _, after := range []uint64{uint64(from), 0} {
		for after+1 < next {
			list, err := tx.Changes(after, int(min(atOnce, next-1-after)))
			if err != nil || len(list) == 0 {
				return store.ChangeRecord{}, false, err
			}
			for _, c := range list {
				if c.Event == rev.Event.ID && c.Revision == rev.Number {
					return c, true, nil
				}
			}
			if after > 0 && list[len(list)-1].At.After(rev.At) {
				break // it is not where its time says
			}
			after = list[len(list)-1].Seq
		}
	}
	return store.ChangeRecord{}, false, nil
}

// collect adds those of list, the newest first, that are asked for. done says that
// there are no more of them.
func collect(tx *store.Tx, out []change.View, list []store.ChangeRecord, f agenda.Filter, r change.Range) (_ []change.View, done bool, err error) {
	told := toldChanges{}
	for _, c := range list {
		switch {
		case !r.From.IsZero() && c.At.Before(r.From):
			return out, true, nil
		case !r.To.IsZero() && !c.At.Before(r.To), r.Event != "" && c.Event != r.Event:
			continue
		}
		v, state, err := changeView(tx, told, c)
		if err != nil {
			return out, false, err
		}
		if !f.Match(agenda.Entry{Event: state.Event, Window: state.Window}) {
			continue
		}
		if out = append(out, v); r.Limit > 0 && len(out) >= r.Limit {
			return out, true, nil
		}
	}
	return out, false, nil
}

// changeView says what the change c did, and how the event stood after it.
func changeView(tx *store.Tx, told toldChanges, c store.ChangeRecord) (change.View, change.State, error) {
	v := change.View{
		Seq: c.Seq, At: c.At, Event: c.Event, Revision: c.Revision, By: c.Author.Name, Via: c.Author.Via,
		Changes: []change.Change{}, Fields: append([]string{}, c.Fields...),
		Follows: []change.Followed{},
	}
	rev, ok, err := tx.Revision(c.Event, c.Revision)
	if err != nil || !ok {
		return v, change.State{}, err
	}
	is, err := stateOf(tx, rev)
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
	if v.Follows, err = told.led(tx, c); err != nil {
		return v, is, err
	}
	was, err := stateOf(tx, before)
	v.Changes = change.Between(was, is)
	return v, is, err
}

// toldChanges holds the notices of change by event: those of one are read once, however
// many of its changes are told.
type toldChanges map[string][]notice.Notice

func (t toldChanges) of(tx *store.Tx, id string) ([]notice.Notice, error) {
	if list, read := t[id]; read {
		return list, nil
	}
	items, err := tx.ItemsOf(id)
	if err != nil {
		return nil, err
	}
	list := []notice.Notice{}
	for _, it := range items {
		if it.Notice.Kind == notice.Changed {
			list = append(list, it.Notice)
		}
	}
	t[id] = list
	return list, nil
}

// led returns the events whose date moved because of the change c, as its notice tells
// them.
func (t toldChanges) led(tx *store.Tx, c store.ChangeRecord) ([]change.Followed, error) {
	out := []change.Followed{}
	list, err := t.of(tx, c.Event)
	if err != nil {
		return out, err
	}
	for _, n := range list {
		if n.To != c.Revision {
			continue
		}
		for _, f := range n.Follows {
			now, known, err := tx.Current(f.Event)
			if err != nil {
				return out, err
			}
			l := change.Followed{Event: f.Event, Title: now.Revision.Event.Title, Was: f.Was.Words()}
			if known && !slices.Contains(out, l) {
				out = append(out, l)
			}
		}
	}
	return out, nil
}
