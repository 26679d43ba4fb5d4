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
	r.declared = make(said, len(events))
	for i, e := range events {
		r.declared[e.ID] = &events[i]
		if last := c.declared[e.ID]; last != nil && event.Identical(last, &e) {
			events[i] = *last // whose texts are in use already
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
	m, err := revise(tx, s, e, now)
	if err != nil {
		return m.rev, false, err
	}
	moved := elsewhere(m.base, e)
	if moved {
		r.moved = append(r.moved, e.ID)
	}
	if moved || !m.declared || len(event.Changed(m.base, e)) > 0 {
		r.resaid = append(r.resaid, e.ID)
		if err := tx.PutBase(e); err != nil {
			return m.rev, false, err
		}
	}
	if !m.changed {
		return m.rev, false, nil
	}
	if err := r.overrule(tx, m, e); err != nil {
		return m.rev, false, err
	}
	return m.rev, true, tx.PutRevision(m.rev)
}

// merged is what a file says of one event, merged into what holds.
type merged struct {
	rev      event.Revision // that holds then
	changed  bool           // it is a new one
	base     event.Event    // what the file said last, or what it left unsaid
	declared bool           // the file did say something last time
	before   event.Revision // that held; zero for an event that nobody knew
}

// revise merges what a file says of one event into what holds. It writes nothing.
func revise(tx *store.Tx, s *Settings, e event.Event, now time.Time) (m merged, err error) {
	by := author(e)
	current, known, err := tx.Current(e.ID)
	if err != nil {
		return m, err
	}
	if !known {
		m.rev, m.changed = event.First(e, by, now), true
		return m, nil
	}
	m.before = current.Revision
	holds := m.before.Event
	if m.base, m.declared, err = tx.Base(e.ID); err == nil && !m.declared {
		m.base, holds, err = beforeFile(tx, s, m.before)
	}
	if err != nil {
		return m, err
	}
	m.rev, m.changed = m.before.Next(event.Merge(m.base, e, holds), by, now)
	if m.rev.PutOff && !m.before.PutOff {
		m.rev.PutOff, err = putOff(tx, s, m.rev)
	}
	return m, err
}

// beforeFile returns what is to be merged into what a file says of an event that no file
// declared at the last reading, and what the file counts as having said of it. An event that
// comes back goes on from where it left its file. One that the store alone had is what was said
// of it there, and what a file leaves out changes nothing of it.
func beforeFile(tx *store.Tx, s *Settings, current event.Revision) (base, holds event.Event, err error) {
	holds = current.Event
	base, left, err := tx.Left(holds.ID)
	switch {
	case err != nil:
		return base, holds, err
	case !left && holds.Status == event.Withdrawn: // an attache before this one kept nothing of it
		return holds, holds, nil
	case !left:
		unsaid := event.Event{Kind: event.Other, Certainty: event.Possible, Status: event.Open, Zone: s.Timezone}
		return unsaid, holds, nil
	case holds.Status != event.Withdrawn || base.Status == event.Withdrawn: // its file said so, or somebody since
		return base, holds, nil
	}
	before, known, err := tx.Revision(holds.ID, current.Number-1)
	if err == nil && known {
		holds.Status, holds.Reason = before.Event.Status, before.Event.Reason
	}
	return base, holds, err
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
		r.resaid = append(r.resaid, id)
		if err := tx.Leave(e); err != nil {
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
