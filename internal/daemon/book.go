package daemon

import (
	"fmt"
	"time"

	"attache/internal/agenda"
	"attache/internal/change"
	"attache/internal/config"
	"attache/internal/event"
	"attache/internal/store"
)

// book keeps the store in step with what the files say.
type book struct {
	db     *store.DB
	worked worked  // what follows from what was recorded last
	made   presses // what the feeds were made of last

	planned time.Time // when the notices were last planned
	unseen  bool      // it is a rehearsal: no feeds are made
}

// reading is what one reading of the files changed.
type reading struct {
	revised  []event.Revision // new revisions, in the order of the files
	first    bool             // the store held no event before
	calm     map[string]bool  // ids of events that are no news: their calendar was not followed before
	replaced []string         // ids of events that stand on other lines of their files now
	worked   worked           // what follows
	entries  []agenda.Entry   // the same, in the order of ids
	snapshot *snapshot        // what people are shown from now on

	restored  bool // it is the first one of a database that was restored
	aftermath store.Aftermath
	odd       []oddity // changes of status that look like mistakes

	replanned int            // how many events were planned anew
	stories   []change.Story // what it did, by the events that it goes back to
}

// apply records what the settings say: revisions of the events that changed,
// the notices that follow, and the feeds. It is one transaction. ready is called
// when all that is left is to make it durable: nobody can see a notice that was
// planned by new settings before the settings themselves are there.
func (b *book) apply(s *settings, now time.Time, ready func()) (reading, error) {
	return b.record(s, now, reconcile, ready)
}

// age records what time alone changed up to now. The files are not read again.
func (b *book) age(s *settings, now time.Time) (reading, error) {
	return b.record(s, now, func(*store.Tx, *settings, time.Time) (reading, error) { return reading{}, nil }, func() {})
}

// record records what read gives, and what follows from it.
func (b *book) record(s *settings, now time.Time, read func(*store.Tx, *settings, time.Time) (reading, error), ready func()) (reading, error) {
	var r reading
	err := b.db.Update(func(tx *store.Tx) error {
		var err error
		if r, err = read(tx, s, now); err != nil {
			return err
		}
		if r.aftermath, r.restored, err = tx.Aftermath(); err != nil {
			return err
		}
		if err := tx.PutSources(s.sources); err != nil {
			return err
		}
		if r.worked, err = b.worked.after(tx, s, b.db.Domain(), r.replaced); err != nil {
			return err
		}
		r.entries = agenda.Duplicates(r.worked.net.Entries())
		if lapsed, err := lapse(tx, s, &r, now); err != nil {
			return err
		} else if lapsed {
			if r.worked, err = r.worked.after(tx, s, b.db.Domain(), nil); err != nil {
				return err
			}
			r.entries = agenda.Duplicates(r.worked.net.Entries())
		}
		if err := b.plan(tx, s, &r, now); err != nil {
			return err
		}
		if err := afterRestoring(tx, s, r, now); err != nil {
			return err
		}
		if err := s.beginDigests(tx); err != nil {
			return err
		}
		r.snapshot = &snapshot{entries: r.entries, sources: s.sources}
		if !b.unseen {
			if r.snapshot.edition, err = publish(tx, s, r.entries, now, b.made); err != nil {
				return err
			}
		}
		ready()
		return nil
	})
	if err != nil {
		return reading{}, fmt.Errorf("record what the files say: %w", err)
	}
	b.worked, b.planned = r.worked, now
	return r, nil
}

// missing says that no pattern of event files names a file any more, although events
// came from files: somebody moved the folder, or it is not mounted. Whoever wants to
// withdraw them all writes so.
func (b *book) missing(c *config.Config) error {
	if len(c.Unmatched) == 0 || len(c.Unmatched) < len(c.Events) {
		return nil
	}
	stays := make(map[string]bool, len(c.Calendar.Events))
	for _, e := range c.Calendar.Events {
		stays[e.ID] = true
	}
	gone := 0
	err := b.db.View(func(tx *store.Tx) error {
		return tx.Bases(func(e event.Event) error {
			if !stays[e.ID] && e.Followed() == "" {
				gone++
			}
			return nil
		})
	})
	if err != nil || gone == 0 {
		return err
	}
	for _, e := range c.Unmatched {
		e.Message += fmt.Sprintf(": %d of the events came from there; put the files back, or withdraw the events with events: []", gone)
	}
	return c.Unmatched
}

// reconcile records a revision of every event of the files that changed, and
// withdraws those that have left them.
func reconcile(tx *store.Tx, s *settings, now time.Time) (reading, error) {
	earlier, err := tx.Changes(0, 1)
	if err != nil {
		return reading{}, err
	}
	r := reading{first: len(earlier) == 0}
	events, calm, err := declarations(tx, s, now)
	if err != nil {
		return r, err
	}
	r.calm = calm
	declared := make(map[string]bool, len(events))
	for _, e := range events {
		declared[e.ID] = true
		rev, changed, err := r.declare(tx, e, now)
		if err == nil && changed {
			r.revised = append(r.revised, rev)
			err = r.judge(tx, rev)
		}
		if err != nil {
			return r, fmt.Errorf("event %q: %w", e.ID, err)
		}
	}
	return r, withdraw(tx, &r, declared, now)
}

// declare records what a file says of one event.
func (r *reading) declare(tx *store.Tx, e event.Event, now time.Time) (event.Revision, bool, error) {
	rev, base, changed, err := revise(tx, e, now)
	if err != nil {
		return rev, false, err
	}
	moved := elsewhere(base, e)
	if moved {
		r.replaced = append(r.replaced, e.ID)
	}
	if moved || len(event.Changed(base, e)) > 0 {
		if err := tx.PutBase(e); err != nil {
			return rev, false, err
		}
	}
	if !changed {
		return rev, false, nil
	}
	return rev, true, tx.PutRevision(rev)
}

// revise merges what a file says of one event into what holds, and returns the
// revision that holds then, and what the file said last. It writes nothing.
func revise(tx *store.Tx, e event.Event, now time.Time) (rev event.Revision, base event.Event, changed bool, err error) {
	by := author(e)
	current, known, err := tx.Current(e.ID)
	if err != nil {
		return rev, base, false, err
	}
	if !known {
		return event.First(e, by, now), base, true, nil
	}
	base, declaredBefore, err := tx.Base(e.ID)
	if err != nil {
		return rev, base, false, err
	}
	merged := e
	if declaredBefore {
		merged = event.Merge(base, e, current.Revision.Event)
	}
	rev, changed = current.Revision.Next(merged, by, now)
	return rev, base, changed, nil
}

// withdraw marks the events that have left their file. They stay, with all their
// history.
func withdraw(tx *store.Tx, r *reading, declared map[string]bool, now time.Time) error {
	var gone []event.Event
	err := tx.Bases(func(e event.Event) error {
		if !declared[e.ID] {
			gone = append(gone, e)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, e := range gone {
		current, known, err := tx.Current(e.ID)
		if err != nil {
			return fmt.Errorf("event %q: %w", e.ID, err)
		}
		if err := tx.DeleteBase(e.ID); err != nil {
			return fmt.Errorf("event %q: %w", e.ID, err)
		}
		if !known {
			continue
		}
		out := current.Revision.Event
		out.Status, out.Reason = event.Withdrawn, "taken out of "+e.Origin.File
		by := event.Author{Via: "file", Name: e.Origin.File}
		if name := e.Followed(); name != "" {
			out.Reason, by = "no longer in the calendar "+name, author(e)
		}
		rev, changed := current.Revision.Next(out, by, now)
		if !changed {
			continue
		}
		if err := tx.PutRevision(rev); err != nil {
			return fmt.Errorf("event %q: %w", e.ID, err)
		}
		r.revised = append(r.revised, rev)
	}
	return nil
}

// entries returns every event with what follows, in the order of ids.
func entries(tx *store.Tx, s *settings, domain string) ([]agenda.Entry, error) {
	in, err := inputs(tx, s, domain)
	return agenda.Net{}.Apply(in, nil).Entries(), err
}

// placed returns a revision with the lines on which its file has the statements now:
// moving lines is no change.
func placed(tx *store.Tx, rev event.Revision) (event.Revision, error) {
	base, declared, err := tx.Base(rev.Event.ID)
	if err != nil {
		return rev, fmt.Errorf("event %q: %w", rev.Event.ID, err)
	}
	if declared {
		rev.Event = event.Merge(base, base, rev.Event)
	}
	return rev, nil
}

// uid returns the UID of an event: RFC 7986 §5.3 advises against host names, so
// the part behind the sign is one that this installation keeps for ever.
func uid(id, domain string) string { return id + "@" + domain }
