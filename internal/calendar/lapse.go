package calendar

import (
	"fmt"
	"slices"
	"time"

	"attache/internal/agenda"
	"attache/internal/event"
	"attache/internal/notice"
	"attache/internal/store"
)

// An event of which nobody says what became of it lapses some time after it was asked
// for the second time. That is a revision like any other, made by attache: it has its
// place in the history, and whoever knows better sets another status. An event whose
// date moves into the future after all has not lapsed.

// byAttache is who makes the revisions that nobody else does.
var byAttache = event.Author{Via: "attache", Name: "attache"}

// unanswered is why an event lapses.
const unanswered = "nobody said what became of it"

// lapse lets those events of r lapse that nobody answered for until now, and brings back
// those that lapsed and have a date to come. It reports whether anything changed.
func lapse(tx *store.Tx, s *Settings, r *reading, now time.Time) (changed bool, err error) {
	for _, e := range r.entries {
		if !agreed(r.vantages, e) {
			continue
		}
		rev, ok, err := relapse(tx, s, e, now)
		if err != nil {
			return changed, fmt.Errorf("event %q: %w", e.ID, err)
		}
		if !ok {
			continue
		}
		changed = true
		r.Revised = append(r.Revised, rev)
		if err := tx.PutRevision(rev); err != nil {
			return changed, fmt.Errorf("event %q: %w", e.ID, err)
		}
	}
	return changed, nil
}

// relapse returns the revision by which e lapses at now, or no longer is lapsed, and false
// where it stays what it is.
func relapse(tx *store.Tx, s *Settings, e *agenda.Entry, now time.Time) (rev event.Revision, ok bool, err error) {
	is := e.Recorded()
	over := awaits(e, now)
	switch {
	case is.Status == event.Lapsed && !awaits(opened(*e), now):
		if ours, err := lapsedByAttache(tx, *e); err != nil || !ours {
			return rev, false, err
		}
		is.Status, is.Reason = event.Open, "it has a date to come"
	case !over:
		return rev, false, nil
	default:
		at, lapses, err := lapsesAt(tx, s, *e)
		if err != nil || !lapses || now.Before(at) {
			return rev, false, err
		}
		is.Status, is.Reason = event.Lapsed, unanswered
	}
	current, known, err := tx.Current(e.ID)
	if err != nil || !known {
		return rev, false, err
	}
	next := current.Revision.Event // that of e knows its calendars, which are not recorded
	next.Status, next.Reason = is.Status, is.Reason
	rev, ok = current.Revision.Next(next, byAttache, now)
	return rev, ok, nil
}

// lapsedByAttache reports whether nobody has set the status of e, or given a reason for it,
// since attache did.
func lapsedByAttache(tx *store.Tx, e agenda.Entry) (bool, error) {
	for n := e.Revision; n > 0; n-- {
		rev, ok, err := tx.Revision(e.ID, n)
		if err != nil || !ok {
			return false, err
		}
		if slices.Contains(rev.Changed, "status") || slices.Contains(rev.Changed, "reason") {
			return rev.Author == byAttache, nil
		}
	}
	return false, nil
}

// agreed reports whether all who see e see the same date. What lapsed by a date that some may
// not see would tell them of it.
func agreed(all []*vantage, e *agenda.Entry) bool {
	return !slices.ContainsFunc(all, func(v *vantage) bool {
		seen, ok := find(v.entries, e.ID)
		return ok && v.eyes != nil && (seen.Window != e.Window || seen.Status != e.Status)
	})
}

// awaits reports whether e has passed and somebody has to say what became of it.
func awaits(e *agenda.Entry, now time.Time) bool {
	if e.Series != nil && e.Series.Endless() { // as its phase says, too, which takes long to work out
		return false
	}
	return e.Phase(now) == agenda.AwaitingOutcome
}

// opened returns e as if nobody had said anything of what became of it.
func opened(e agenda.Entry) *agenda.Entry {
	e.Status = event.Open
	return &e
}

// lapsesAt returns the instant at which e lapses, and false where it does not, or not yet
// for all that is known.
func lapsesAt(tx *store.Tx, s *Settings, e agenda.Entry) (time.Time, bool, error) {
	items, err := tx.ItemsOf(e.ID)
	if err != nil {
		return time.Time{}, false, err
	}
	at, ok := notice.Lapses(e, s.Rules, items)
	return at, ok, nil
}

// nextLapse returns the instant at which the next of the events of list lapses, the zero
// time for none.
func (c *Calendar) nextLapse(s *Settings, list []*agenda.Entry, now time.Time) (next time.Time, err error) {
	err = c.db.View(func(tx *store.Tx) error {
		for _, e := range list {
			if !awaits(e, now) || !agreed(c.seen, e) {
				continue
			}
			at, ok, err := lapsesAt(tx, s, *e)
			if err != nil {
				return fmt.Errorf("event %q: %w", e.ID, err)
			}
			if ok && (next.IsZero() || at.Before(next)) {
				next = at
			}
		}
		return nil
	})
	return next, err
}

// seriesAgain is after how long the coming days of what comes again are planned anew.
const seriesAgain = 24 * time.Hour

// ages reports whether time alone changes anything at now: an event lapses, or a day has
// passed since the coming days of series were planned.
func (c *Calendar) ages(s *Settings, list []*agenda.Entry, now time.Time) (bool, error) {
	series := slices.ContainsFunc(list, func(e *agenda.Entry) bool { return e.Series != nil })
	if series && now.Sub(c.series) >= seriesAgain {
		return true, nil
	}
	at, err := c.nextLapse(s, list, now)
	return !at.IsZero() && !at.After(now), err
}
