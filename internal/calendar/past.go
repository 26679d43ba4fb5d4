package calendar

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"attache/internal/agenda"
	"attache/internal/event"
	"attache/internal/feed"
	"attache/internal/store"
)

// How many instants before a view are kept, and worked out at a time: each holds all events
// once more, and takes as long as a reading of the files does.
const (
	pastKept = 2
	pastMade = 2
)

// As returns the calendar as it stood at an instant, with its feeds as they would have
// looked then. Of an instant before anything was recorded it shows what was recorded
// first.
func (v *View) As(at time.Time) (*View, error) {
	return v.past.get(at.UTC().Format(time.RFC3339), func() (*View, error) {
		held, err := v.entriesAs(at)
		if err != nil {
			return nil, fmt.Errorf("the calendar as of %s: %w", at.Format(time.RFC3339), err)
		}
		past := newView(v.db, v.settings, held, v.eyes, v.hidden)
		past.at, past.edition = at, sync.OnceValue(past.editionAs)
		return past, nil
	})
}

// entriesAs returns what held at an instant: of each event the revision that did, and
// what followed from all of them.
func (v *View) entriesAs(at time.Time) ([]*agenda.Entry, error) {
	first, err := v.Since()
	if err != nil {
		return nil, err
	}
	if at.Before(first) {
		at = first
	}
	var in []agenda.Input
	var out []*agenda.Entry
	err = v.read(func(tx *store.Tx) error {
		err := tx.Events(func(st store.Stored) error {
			if st.Created.After(at) {
				return nil
			}
			rev, ok, err := revisionAs(tx, st.Revision, at)
			if err != nil || !ok {
				return err
			}
			rev.Event = rev.Event.Counted(v.settings.Calendars)
			in = append(in, agenda.Input{Revision: rev, UID: uid(rev.Event.ID, v.db.Domain()), Created: st.Created})
			return nil
		})
		if err != nil {
			return err
		}
		out = agenda.Net{}.Apply(in, nil).Entries()
		return recall(tx, out, nil)
	})
	return out, err
}

var errGone = errors.New("a revision is missing")

// revisionAs returns the revision of an event that held at an instant, going back from
// the current one, and false where who reads tx may not see that one.
func revisionAs(tx *store.Tx, r event.Revision, at time.Time) (event.Revision, bool, error) {
	id, n := r.Event.ID, r.Number
	for r.At.After(at) {
		before, ok, err := tx.Bare().Revision(id, n-1)
		if err != nil {
			return r, false, err
		}
		if !ok {
			return r, false, fmt.Errorf("event %q: %w", id, errGone)
		}
		r, n = before, n-1
	}
	return tx.Revision(id, n)
}

// editionAs returns what feeds would have published at the instant of v: nobody subscribes
// to the past, so they are made when they are asked for. An entry has the number of its
// revision for its SEQUENCE: what was published really is not recorded.
func (v *View) editionAs() *edition {
	about := v.settings.context()
	items := make([]*feed.Item, 0, len(v.entries))
	for i := range v.entries {
		e := v.entries[i]
		items = append(items, &feed.Item{Entry: e, Sequence: e.Revision - 1, Stamp: e.Modified, History: feed.History(*e, nil, v.at)})
	}
	ed := newEdition(v.settings, items, about, v.at)
	ed.of = func(Feed) *edition { return ed }
	return ed
}
