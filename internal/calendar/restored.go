package calendar

import (
	"slices"
	"time"

	"attache/internal/event"
	"attache/internal/notice"
	"attache/internal/store"
)

// toldBefore reports whether the database that a backup was put in the place of had told of
// what the files say of the event id.
func (r reading) toldBefore(s *Settings, id string) bool {
	if !r.restored {
		return false
	}
	var said *event.Event
	if i := slices.IndexFunc(s.Events, func(e event.Event) bool { return e.ID == id }); i >= 0 {
		said = &s.Events[i]
	}
	return r.aftermath.Told(id, said)
}

// afterRestoring acts upon a database having been restored, once. Where nothing is known
// of what was sent since the backup was taken, all that could have gone out by now is in
// doubt: it is looked for before it is sent.
func afterRestoring(tx *store.Tx, s *Settings, r reading, now time.Time) error {
	if !r.restored {
		return nil
	}
	if r.aftermath.Doubted {
		if err := doubt(tx, now.Add(s.Rules.Settle), r.aftermath.Known, now); err != nil {
			return err
		}
	}
	return tx.EndAftermath()
}

// doubt takes what is due by a time for what may have been sent since another one, which is
// when the backup still knew of everything.
func doubt(tx *store.Tx, by, since, now time.Time) error {
	var doubtful []notice.Item
	err := tx.Items(func(it notice.Item) error {
		if at, ok := it.NextAction(); ok && it.State == notice.Pending && !at.After(by) {
			doubtful = append(doubtful, it)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, it := range doubtful {
		for _, at := range []time.Time{it.Notice.Due, since} {
			if it.FirstAttempt.IsZero() || at.Before(it.FirstAttempt) {
				it.FirstAttempt = at.UTC()
			}
		}
		it.NextTry, it.Looked = now.UTC(), 0
		it.Fail("", "a backup was restored: it may have been sent before")
		it.Become(notice.Unknown, now, it.LastError)
		if err := tx.PutItem(it); err != nil {
			return err
		}
	}
	return nil
}
