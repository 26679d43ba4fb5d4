package calendar

import (
	"encoding/json"
	"fmt"
	"time"

	"attache/internal/agenda"
	"attache/internal/change"
	"attache/internal/notice"
	"attache/internal/store"
)

// in returns v as the readers of a channel may see it.
func (v *View) in(channel string) (*View, error) { return v.For(v.settings.SightIn(channel)) }

// Message returns what an item of the outbox says at now, to the readers of its channel. The
// error says that its event is gone, or is not for them.
func (v *View) Message(it notice.Item, now time.Time) (notice.Message, error) {
	var m notice.Message
	v, err := v.in(it.Channel)
	if err != nil {
		return m, err
	}
	err = v.read(func(tx *store.Tx) error {
		list, err := v.current(tx, it.Notice)
		if err != nil {
			return err
		}
		e, ok := find(list, it.Notice.Event)
		if !ok {
			return fmt.Errorf("event %q is not there any more", it.Notice.Event)
		}
		m, err = writeNotice(tx, v.settings, it, list, now)
		if it.Notice.Kind != notice.Card { // which calls nobody
			m.Mentions = v.settings.Rules.Mentions(e.At(now), it.Notice.Kind, it.Channel, now)
		}
		return err
	})
	return m, err
}

// Missed reports whether an item of the outbox that expired unsent is told as missed.
func (v *View) Missed(it notice.Item, now time.Time) bool {
	v, err := v.in(it.Channel)
	if err != nil {
		return false
	}
	e, ok := find(v.entries, it.Notice.Event)
	return ok && v.settings.Rules.Missed(it, e, now)
}

// Wait returns the instant until which an item of the outbox that is due waits at now, as
// notice.Rules.Wait does: of one that tells several, until the first of them may go out.
func (v *View) Wait(it notice.Item, now time.Time) (time.Time, error) {
	rules := v.settings.Rules
	v, err := v.in(it.Channel)
	if err != nil {
		return time.Time{}, err
	}
	if until, err := v.putOff(it, now); err != nil || !until.IsZero() {
		return until, err
	}
	if rules.Quiet == nil || len(it.Members) == 0 {
		e, _ := find(v.entries, it.Notice.Event)
		return rules.Wait(it, e, now), nil
	}
	var first time.Time
	err = v.db.View(func(tx *store.Tx) error {
		for _, key := range it.Members {
			m, ok, err := tx.Item(key)
			if err != nil || !ok {
				return err
			}
			e, _ := find(v.entries, m.Notice.Event)
			if at := rules.Wait(m, e, now); first.IsZero() || at.Before(first) {
				first = at
			}
		}
		return nil
	})
	return first, err
}

// current returns the entries of all events: those of v, unless an event that n speaks of
// was recorded since.
func (v *View) current(tx *store.Tx, n notice.Notice) ([]*agenda.Entry, error) {
	ids := []string{n.Event, n.Cause}
	for _, f := range n.Follows {
		ids = append(ids, f.Event)
	}
	for _, id := range ids {
		stored, ok, err := tx.Current(id)
		if err != nil {
			return nil, err
		}
		e, shown := find(v.entries, id)
		was, known, err := tx.Window(id, e.Revision)
		switch {
		case err != nil:
			return nil, err
		case ok && (!shown || e.Revision != stored.Revision.Number || known && change.Moved(was, e.Window)):
			return entries(tx, v.settings, v.db.Domain())
		}
	}
	return v.entries, nil
}

// writeNotice returns the message of an item about an event of list.
func writeNotice(tx *store.Tx, s *Settings, it notice.Item, list []*agenda.Entry, now time.Time) (notice.Message, error) {
	sources, err := tx.Sources()
	if err != nil {
		return notice.Message{}, err
	}
	n := it.Notice
	e, _ := find(list, n.Event)
	details := notice.Details{Entry: e, Sources: sources, Now: now, Location: s.Rules.Zone(it.Channel), PublicURL: s.PublicURL}
	if n.Kind == notice.Card {
		details.Entry, details.Told = e.At(now), it.Told
		if details.Handled, err = handledWords(tx, n.Event, it.Channel, now, details.Location); err != nil {
			return notice.Message{}, err
		}
		return writeCard(tx, details)
	}
	if n.Kind == notice.Changed {
		if err := since(tx, &details, n, list); err != nil {
			return notice.Message{}, err
		}
	}
	return notice.Write(n, details), nil
}

// since puts into the details what the change notice n tells: from the revision last
// spoken of to the one that it speaks of, whatever came after, and what follows.
func since(tx *store.Tx, details *notice.Details, n notice.Notice, list []*agenda.Entry) (err error) {
	for _, f := range n.Follows {
		if e, ok := find(list, f.Event); ok && change.Moved(f.Was, e.Window) {
			details.Follows = append(details.Follows, notice.Moved{Entry: e, Was: f.Was, Squeezed: f.Squeezed})
		}
	}
	if n.Derived() {
		was := n.Was
		if was.Precision == "" { // an older attache planned it, and kept no more than words
			was, _, err = tx.FirstWindow(n.Event, n.From)
		}
		details.Changes = change.Follows(was.Words(), stateNow(details.Entry))
		details.Cause, _ = find(list, n.Cause)
		return err
	}
	if details.Changes, err = changesSince(tx, details.Entry, n.From, n.To, n.Was); err != nil {
		return err
	}
	if details.Reason, err = reasonSince(tx, details.Entry.ID, n.From, n.To); err != nil {
		return err
	}
	details.Overrules, err = overruledSince(tx, details.Entry.ID, n.From, n.To)
	return err
}

// kept returns the message that an item keeps.
func kept(it notice.Item) (notice.Message, error) {
	var m notice.Message
	if err := json.Unmarshal(it.Payload, &m); err != nil {
		return m, fmt.Errorf("read the message kept with %s: %w", it.Key, err)
	}
	return m, nil
}
