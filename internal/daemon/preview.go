package daemon

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"attache/internal/agenda"
	"attache/internal/civil"
	"attache/internal/config"
	"attache/internal/event"
	"attache/internal/notice"
	"attache/internal/store"
)

// Preview returns all events, in the order in which they come, as they would stand at now if the files were read,
// without a daemon and without writing anything. What the database in folder
// already holds is taken into account, if there is one. The error is
// store.ErrLocked where a daemon has it.
func Preview(c *config.Config, folder string, now time.Time) ([]agenda.Entry, error) {
	s, err := settle(c, nil)
	if err != nil {
		return nil, err
	}
	db, err := stored(folder)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	var list []agenda.Entry
	err = db.View(func(tx *store.Tx) (err error) {
		list, err = preview(tx, s, db.Domain(), now)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the store: %w", err)
	}
	out := make([]agenda.Entry, 0, len(list))
	slices.SortFunc(list, func(a, b agenda.Entry) int { return strings.Compare(a.ID, b.ID) })
	for _, e := range list {
		out = append(out, s.looked(e, list, now))
	}
	agenda.Sort(out, civil.DateOf(now, s.location()))
	return out, nil
}

// looked returns e with a warning where nobody looked for too long whether it still stands.
// list are all events, in the order of ids.
func (s *settings) looked(e agenda.Entry, list []agenda.Entry, now time.Time) agenda.Entry {
	if words, stale := notice.StaleWords(e, s.rules, s.known(list), now); stale {
		e.Warnings = append(slices.Clone(e.Warnings), agenda.Warning{Code: "stale", Words: words, At: e.Origin})
	}
	return e
}

// stored opens the database in folder to read it, or an empty one where there is
// none yet.
func stored(folder string) (*store.DB, error) {
	path := Database(folder)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return store.New(store.Memory(), store.Options{})
	}
	return store.Open(path, store.Options{ReadOnly: true})
}

// preview returns what holds once the files are read: what they declare, and what
// the store has besides.
func preview(tx *store.Tx, s *settings, domain string, now time.Time) ([]agenda.Entry, error) {
	var in []agenda.Input
	declared := make(map[string]bool, len(s.events))
	for _, e := range s.events {
		declared[e.ID] = true
		rev, _, _, err := revise(tx, e, now)
		if err != nil {
			return nil, fmt.Errorf("event %q: %w", e.ID, err)
		}
		rev.Event = event.Merge(e, e, rev.Event) // with the lines of the file as it is
		created := rev.At
		if before, known, err := tx.Current(e.ID); err != nil {
			return nil, fmt.Errorf("event %q: %w", e.ID, err)
		} else if known {
			created = before.Created
		}
		rev.Event = rev.Event.Counted(s.calendars)
		in = append(in, agenda.Input{Revision: rev, UID: uid(e.ID, domain), Created: created})
	}
	err := tx.Events(func(st store.Stored) error {
		if id := st.Revision.Event.ID; !declared[id] {
			st.Revision.Event = st.Revision.Event.Counted(s.calendars)
			in = append(in, agenda.Input{Revision: st.Revision, UID: uid(id, domain), Created: st.Created})
		}
		return nil
	})
	return agenda.Duplicates(agenda.Solve(in)), err
}
