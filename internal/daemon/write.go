package daemon

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"attache/internal/agenda"
	"attache/internal/change"
	"attache/internal/event"
	"attache/internal/notice"
	"attache/internal/store"
)

// writer gives the messages of notices as they read when they are sent.
type writer struct {
	db       *store.DB
	settings func() *settings
	shown    func() *snapshot
}

// write gives the message of it at now. The error says that the event is gone.
func (w *writer) write(it notice.Item, now time.Time) (notice.Message, error) {
	var m notice.Message
	err := w.db.View(func(tx *store.Tx) error {
		stored, ok, err := tx.Current(it.Notice.Event)
		if err != nil {
			return err
		}
		if !ok {
			return fmt.Errorf("event %q is not there any more", it.Notice.Event)
		}
		e, err := w.entry(tx, stored.Revision)
		if err != nil {
			return err
		}
		m, err = writeNotice(tx, w.settings(), it.Notice, e, now)
		m.Mentions = w.settings().rules.Mentions(e, it.Notice.Kind, it.Channel, now)
		return err
	})
	return m, err
}

// entry gives the entry of the event that r is the current revision of. What people are
// shown has it worked out already, unless it was recorded this moment.
func (w *writer) entry(tx *store.Tx, r event.Revision) (agenda.Entry, error) {
	if e, ok := w.shown().entry(r.Event.ID); ok && e.Revision == r.Number {
		recorded, known, err := tx.Window(e.ID, r.Number)
		if err != nil || !known || !change.Moved(recorded, e.Window) {
			return e, err
		} // else it moved with another event, this moment
	}
	list, err := entries(tx, w.settings(), w.db.Domain())
	if err != nil {
		return agenda.Entry{}, err
	}
	i := slices.IndexFunc(list, func(e agenda.Entry) bool { return e.ID == r.Event.ID })
	return list[i], nil
}

// entry gives the entry of the event id.
func (s *snapshot) entry(id string) (agenda.Entry, bool) {
	i, ok := slices.BinarySearchFunc(s.entries, id, func(e agenda.Entry, id string) int { return strings.Compare(e.ID, id) })
	if !ok {
		return agenda.Entry{}, false
	}
	return s.entries[i], true
}

// writeNotice gives the message of n about e.
func writeNotice(tx *store.Tx, s *settings, n notice.Notice, e agenda.Entry, now time.Time) (notice.Message, error) {
	sources, err := tx.Sources()
	if err != nil {
		return notice.Message{}, err
	}
	scene := notice.Scene{Entry: e, Sources: sources, Now: now, PublicURL: s.publicURL}
	if n.Kind == notice.Card {
		return writeCard(tx, scene)
	}
	if n.Kind == notice.Changed {
		if err := since(tx, &scene, n); err != nil {
			return notice.Message{}, err
		}
	}
	return notice.Write(n, scene), nil
}

// since puts into the scene what the change notice n tells: from the revision last
// spoken of to the one that it speaks of, whatever came after. A reason that stood
// there before explains nothing of it.
func since(tx *store.Tx, scene *notice.Scene, n notice.Notice) error {
	e := scene.Entry
	if n.Was != "" {
		scene.Changes = change.Follows(n.Was, change.State{Event: e.Recorded(), Window: e.Window})
		return nil
	}
	rev, ok, err := tx.Revision(e.ID, n.To)
	if err != nil {
		return err
	}
	if ok && n.To != e.Revision {
		e = agenda.Compute(rev, e.UID, e.Created)
	}
	if scene.Changes, err = changesSince(tx, e, n.From); err != nil {
		return err
	}
	before, _, err := tx.Revision(e.ID, n.From)
	if before.Event.Reason != e.Reason {
		scene.Reason = e.Reason
	}
	return err
}

// snapshot is what people are shown, all of one moment.
type snapshot struct {
	entries []agenda.Entry // in the order of ids
	sources map[string]event.Source
	edition *edition
}
