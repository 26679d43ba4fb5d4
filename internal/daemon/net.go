package daemon

import (
	"fmt"
	"slices"

	"attache/internal/agenda"
	"attache/internal/event"
	"attache/internal/store"
)

// worked is what follows from the events of the store, up to one of its changes. It is
// kept between readings, so that an edit of one event costs no more than the events that
// lean on it.
type worked struct {
	net    agenda.Net
	change uint64 // the last one that is in it
	known  bool   // false for the zero value: nothing is in it
}

// after returns what follows now: of the events that changed since w, of those that stand
// on other lines of their files, and of those that count by calendars, which the
// configuration may have changed.
func (w worked) after(tx *store.Tx, s *settings, domain string, replaced []string) (worked, error) {
	last, err := tx.LastChange()
	if err != nil {
		return w, err
	}
	if !w.known {
		in, err := inputs(tx, s, domain)
		return worked{agenda.Net{}.Apply(in, nil), last, true}, err
	}
	ids, err := changed(tx, w.change)
	if err != nil {
		return w, err
	}
	ids = slices.Concat(ids, replaced, w.net.Counting())
	slices.Sort(ids)
	var put []agenda.Input
	for _, id := range slices.Compact(ids) {
		st, ok, err := tx.Current(id)
		if err != nil {
			return w, fmt.Errorf("event %q: %w", id, err)
		}
		if !ok {
			continue
		}
		in, err := input(tx, s, st, domain)
		if err != nil {
			return w, err
		}
		put = append(put, in)
	}
	return worked{w.net.Apply(put, nil), last, true}, nil
}

// changed returns the ids of the events that changed behind the change numbered after.
func changed(tx *store.Tx, after uint64) ([]string, error) {
	const most = 1000
	var ids []string
	for {
		list, err := tx.Changes(after, most)
		if err != nil {
			return nil, err
		}
		for _, c := range list {
			ids, after = append(ids, c.Event), c.Seq
		}
		if len(list) < most {
			return ids, nil
		}
	}
}

// inputs returns every event as it is recorded, in the order of ids.
func inputs(tx *store.Tx, s *settings, domain string) ([]agenda.Input, error) {
	var in []agenda.Input
	err := tx.Events(func(st store.Stored) error {
		one, err := input(tx, s, st, domain)
		in = append(in, one)
		return err
	})
	return in, err
}

func input(tx *store.Tx, s *settings, st store.Stored, domain string) (agenda.Input, error) {
	rev, err := placed(tx, st.Revision)
	rev.Event = rev.Event.Counted(s.calendars)
	return agenda.Input{Revision: rev, UID: uid(rev.Event.ID, domain), Created: st.Created}, err
}

// elsewhere reports whether what b says stands on other lines than in a.
func elsewhere(a, b event.Event) bool {
	return a.Origin != b.Origin || !slices.EqualFunc(a.When, b.When, func(x, y event.Statement) bool { return x.Line == y.Line })
}
