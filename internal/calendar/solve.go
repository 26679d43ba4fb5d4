package calendar

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"attache/internal/agenda"
	"attache/internal/event"
	"attache/internal/store"
)

// solution is what follows from the events of the store, up to one of its changes. It is
// kept between readings, so that an edit of one event costs no more than the events that
// lean on it.
type solution struct {
	net    agenda.Net
	change uint64 // the last one that is in it
	known  bool   // false for the zero value: nothing is in it
}

// said is what the files say of each event, by id: what agrees with it is it, and is not kept twice.
type said map[string]*event.Event

// update returns what follows now: of the events that changed since then, of those that stand
// on other lines of their files, and of those that count by calendars, which the
// configuration may have changed.
func (s solution) update(tx *store.Tx, by *Settings, domain string, moved []string, files said) (solution, error) {
	last, err := tx.LastChange()
	if err != nil {
		return s, err
	}
	if !s.known {
		in, err := inputs(tx, by, domain, files)
		return solution{agenda.Net{}.Apply(in, nil), last, true}, err
	}
	records, err := tx.Changes(s.change, math.MaxInt)
	if err != nil {
		return s, err
	}
	ids := slices.Concat(moved, s.net.Counting())
	for _, c := range records {
		ids = append(ids, c.Event)
	}
	slices.Sort(ids)
	var put []agenda.Input
	for _, id := range slices.Compact(ids) {
		st, ok, err := tx.Current(id)
		if err != nil {
			return s, fmt.Errorf("event %q: %s", id, err)
		}
		if !ok {
			continue
		}
		in, err := input(tx, by, st, domain, files)
		if err != nil {
			return s, err
		}
		put = append(put, in)
	}
	return solution{s.net.Apply(put, nil), last, true}, nil
}

// inputs returns every event as it is recorded, in the order of ids.
func inputs(tx *store.Tx, s *Settings, domain string, files said) ([]agenda.Input, error) {
	var in []agenda.Input
	err := tx.Events(func(st store.Stored) error {
		one, err := input(tx, s, st, domain, files)
		in = append(in, one)
		return err
	})
	return in, err
}

func input(tx *store.Tx, s *Settings, st store.Stored, domain string, files said) (agenda.Input, error) {
	rev, err := placed(tx, st.Revision, files[st.Revision.Event.ID])
	rev.Event = rev.Event.Counted(s.Calendars)
	return agenda.Input{Revision: rev, UID: uid(rev.Event.ID, domain), Created: st.Created}, err
}

// entries returns every event with what follows, in the order of ids.
func entries(tx *store.Tx, s *Settings, domain string) ([]*agenda.Entry, error) {
	in, err := inputs(tx, s, domain, nil)
	if err != nil {
		return nil, err
	}
	list := agenda.Net{}.Apply(in, nil).Entries()
	return list, recall(tx, list, nil)
}

// placed returns a revision with the lines on which its file has the statements now:
// moving lines is no change. Where it is all that its file says, that is it.
func placed(tx *store.Tx, rev event.Revision, file *event.Event) (event.Revision, error) {
	if file != nil && len(event.Changed(*file, rev.Event)) == 0 {
		rev.Event = *file
		return rev, nil
	}
	base, declared, err := tx.Base(rev.Event.ID)
	if err != nil {
		return rev, fmt.Errorf("event %q: %w", rev.Event.ID, err)
	}
	if declared {
		rev.Event = event.Merge(base, base, rev.Event)
	}
	return rev, nil
}

// find returns the entry of the event id in a list in the order of ids.
func find(list []*agenda.Entry, id string) (agenda.Entry, bool) {
	i, ok := slices.BinarySearchFunc(list, id, func(e *agenda.Entry, id string) int { return strings.Compare(e.ID, id) })
	if !ok {
		return agenda.Entry{}, false
	}
	return *list[i], true
}

// uid returns the UID of an event: RFC 7986 §5.3 advises against host names, so the part
// behind the sign is one that this installation keeps for ever.
func uid(id, domain string) string { return id + "@" + domain }
