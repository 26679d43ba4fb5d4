package calendar

import (
	"fmt"
	"slices"
	"time"

	"attache/internal/event"
	"attache/internal/store"
)

// reconcile records a revision of every event of the files that changed, and
// withdraws those that have left them. Of an event that says what it said at the last
// reading of this process nothing is read.
func (c *Calendar) reconcile(tx *store.Tx, s *Settings, now time.Time) (reading, error) {
	earlier, err := tx.Changes(0, 1)
	if err != nil {
		return reading{}, err
	}
	r := reading{Applied: Applied{First: len(earlier) == 0}}
	events, err := r.declarations(tx, s, now)
	if err != nil {
		return r, err
	}
	r.declared = make(map[string]*event.Event, len(events))
	for i, e := range events {
		r.declared[e.ID] = &events[i]
		if last := c.declared[e.ID]; last != nil && event.Identical(last, &e) {
			continue
		}
		rev, changed, err := r.declare(tx, s, e, now)
		if err == nil && changed {
			r.Revised = append(r.Revised, rev)
			err = r.judge(tx, rev)
		}
		if err != nil {
			return r, fmt.Errorf("event %q: %w", e.ID, err)
		}
	}
	return r, withdraw(tx, s, &r, now)
}

// declare records what a file says of one event.
func (r *reading) declare(tx *store.Tx, s *Settings, e event.Event, now time.Time) (event.Revision, bool, error) {
	rev, base, changed, err := revise(tx, s, e, now)
	if err != nil {
		return rev, false, err
	}
	moved := elsewhere(base, e)
	if moved {
		r.moved = append(r.moved, e.ID)
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
func revise(tx *store.Tx, s *Settings, e event.Event, now time.Time) (rev event.Revision, base event.Event, changed bool, err error) {
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
	if rev.PutOff && !current.Revision.PutOff {
		rev.PutOff, err = putOff(tx, s, rev)
	}
	return rev, base, changed, err
}

// putOff reports whether rev, which says that its event is deferred, gives no new date with
// that. Edits within the time to settle are told as one, and so are one here: a date that was
// saved a moment before the new status is the new date.
func putOff(tx *store.Tx, s *Settings, rev event.Revision) (bool, error) {
	for n := rev.Number - 1; n > 0; n-- {
		before, ok, err := tx.Revision(rev.Event.ID, n)
		if err != nil || !ok {
			return true, err
		}
		if next, _ := before.Next(rev.Event, rev.Author, rev.At); !next.PutOff {
			return false, nil
		}
		if rev.At.Sub(before.At) > s.Rules.Settle {
			break
		}
	}
	return true, nil
}

// withdraw marks the events that have left their file. They stay, with all their
// history.
func withdraw(tx *store.Tx, s *Settings, r *reading, now time.Time) error {
	ids, err := tx.Declared()
	if err != nil {
		return err
	}
	ids = slices.DeleteFunc(ids, func(id string) bool { _, stays := r.declared[id]; return stays })
	for _, id := range ids {
		e, _, err := tx.Base(id)
		if err != nil {
			return fmt.Errorf("event %q: %w", id, err)
		}
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
			if !slices.ContainsFunc(s.Follow, func(f Follow) bool { return f.Name == name }) {
				out.Reason = "the calendar " + name + " is not followed any more"
			}
		}
		rev, changed := current.Revision.Next(out, by, now)
		if !changed {
			continue
		}
		if err := tx.PutRevision(rev); err != nil {
			return fmt.Errorf("event %q: %w", e.ID, err)
		}
		r.Revised = append(r.Revised, rev)
	}
	return nil
}

// judge notes in r what is wrong with the change of status that rev makes, if it
// makes one.
func (r *reading) judge(tx *store.Tx, rev event.Revision) error {
	if !slices.Contains(rev.Changed, "status") {
		return nil
	}
	before, known, err := tx.Revision(rev.Event.ID, rev.Number-1)
	if err != nil || !known {
		return err
	}
	if err := event.CheckTransition(before.Event.Status, rev.Event.Status, rev.Event.Reason); err != nil {
		r.Doubtful = append(r.Doubtful, DoubtfulStatus{rev.Event.ID, fmt.Sprintf("event %q: %v", rev.Event.ID, err)})
	}
	return nil
}

// elsewhere reports whether what b says stands on other lines than in a, or under another UID.
func elsewhere(a, b event.Event) bool {
	return a.Origin != b.Origin || a.Foreign != b.Foreign || !slices.EqualFunc(a.When, b.When, func(x, y event.Statement) bool { return x.Line == y.Line })
}
