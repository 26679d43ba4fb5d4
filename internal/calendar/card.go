package calendar

import (
	"attache/internal/agenda"
	"attache/internal/change"
	"attache/internal/notice"
	"attache/internal/store"
)

// cards has the cards of e show it, once the edits have settled: a date that is mistyped
// and put right is not to stand in a channel for a moment. It is part of the
// transaction that changes e.
func (p *planner) cards(e agenda.Entry) error {
	items, err := p.items(e.ID)
	if err != nil {
		return err
	}
	for _, c := range notice.Cards(p.install, items, e.Revision, p.now.Add(p.rules.Settle), p.now, "the event changed") {
		if err := p.tx.PutItem(c); err != nil {
			return err
		}
	}
	return nil
}

// oldest is how many revisions back a card looks for the last change that people are
// told of.
const oldest = 20

// lastChange returns what changed last in e that people are told of.
func lastChange(tx *store.Tx, e agenda.Entry) (notice.LastChange, error) {
	if last, ok, err := lastMove(tx, e); ok || err != nil {
		return last, err
	}
	after, ok, err := tx.Revision(e.ID, e.Revision)
	for n := e.Revision - 1; err == nil && ok && n > 0 && n > e.Revision-oldest; n-- {
		before, known, err := tx.Revision(e.ID, n)
		if err != nil || !known {
			return notice.LastChange{}, err
		}
		was, err := stateOf(tx, before)
		if err != nil {
			return notice.LastChange{}, err
		}
		is, err := stateOf(tx, after)
		if err != nil {
			return notice.LastChange{}, err
		}
		if list := change.Between(was, is); len(list) > 0 {
			last := notice.LastChange{At: after.At, Changes: list}
			if after.Event.Reason != before.Event.Reason {
				last.Reason = after.Event.Reason
			}
			return last, nil
		}
		after = before
	}
	return notice.LastChange{}, err
}

// lastMove returns how something else moved e last, and false where e was revised since.
func lastMove(tx *store.Tx, e agenda.Entry) (notice.LastChange, bool, error) {
	moves, err := tx.MovesOf(e.ID)
	if err != nil || len(moves) == 0 || moves[len(moves)-1].Revision != e.Revision {
		return notice.LastChange{}, false, err
	}
	m := moves[len(moves)-1]
	c, err := tx.Changes(m.Seq-1, 1)
	if err != nil || len(c) == 0 {
		return notice.LastChange{}, false, err
	}
	v, _, err := moveView(tx, c[0], m)
	return notice.LastChange{At: v.At, Changes: v.Changes, Reason: v.Because.Words()}, len(v.Changes) > 0, err
}

// writeCard returns the card of e.
func writeCard(tx *store.Tx, details notice.Details) (notice.Message, error) {
	last, err := lastChange(tx, details.Entry)
	if err != nil {
		return notice.Message{}, err
	}
	return notice.WriteCard(details, last), nil
}
