package calendar

import (
	"slices"

	"attache/internal/agenda"
	"attache/internal/change"
	"attache/internal/store"
)

// The history of an event is what was said of it, and each time that it moved because of
// something else. In a list of all changes such a move stands with the change that it follows.

// chosenView returns what the change c did, and false where q does not ask for it: where it asks
// for one event, as that event tells it, and else if its own event or one that it moved is chosen.
func chosenView(tx *store.Tx, c store.ChangeRecord, q ChangeQuery) (change.View, bool, error) {
	moves, err := tx.Moves(c.Seq)
	if err != nil {
		return change.View{}, false, err
	}
	if i := slices.IndexFunc(moves, func(m store.Move) bool { return c.Rules || m.Event == q.Range.Event }); i >= 0 {
		v, state, err := moveView(tx, c, moves[i])
		return v, len(v.Changes) > 0 && q.takes(state), err
	}
	v, state, err := changeView(tx, c, moves)
	ok := q.takes(state)
	for i := 0; i < len(moves) && !ok && err == nil; i++ {
		if state, err = stateAt(tx, moves[i].Event, moves[i].Revision); err == nil {
			state.Window = moves[i].Is
			ok = q.takes(state)
		}
	}
	return v, ok, err
}

// takes reports whether the filter takes an event that stood so.
func (q ChangeQuery) takes(s change.State) bool {
	return q.Filter.Match(&agenda.Entry{Event: s.Event, Window: s.Window})
}

// changeView returns what the change c did to its own event, what it moved, and how its event
// stood after it.
func changeView(tx *store.Tx, c store.ChangeRecord, moves []store.Move) (change.View, change.State, error) {
	v := recordView(c)
	rev, ok, err := tx.Revision(c.Event, c.Revision)
	if err != nil || !ok {
		return v, change.State{}, err
	}
	is, err := firstStateOf(tx, rev)
	if err != nil {
		return v, is, err
	}
	v.Title = rev.Event.Title
	before, known, err := tx.Revision(c.Event, c.Revision-1)
	if err != nil || !known {
		v.Changes, v.Reason = change.New(is), rev.Event.Reason
		return v, is, err
	}
	if before.Event.Reason != rev.Event.Reason { // else it was told where it was given
		v.Reason = rev.Event.Reason
	}
	for _, m := range moves {
		now, shown, err := tx.Current(m.Event)
		if err != nil {
			return v, is, err
		}
		if !shown {
			continue
		}
		v.Follows = append(v.Follows, change.Followed{Event: m.Event, Title: now.Revision.Event.Title, Was: m.Was.Words(), Now: m.Is.Words()})
	}
	was, err := stateOf(tx, before)
	v.Changes = change.Between(was, is)
	return v, is, err
}

// moveView returns how the change c moved an event that it did not revise, and how that stood
// after it.
func moveView(tx *store.Tx, c store.ChangeRecord, m store.Move) (change.View, change.State, error) {
	v := recordView(c)
	v.Event, v.Revision, v.Fields = m.Event, m.Revision, []string{}
	is, err := stateAt(tx, m.Event, m.Revision)
	if err != nil {
		return v, is, err
	}
	was := is
	was.Window, is.Window = m.Was, m.Is
	v.Title, v.Changes, v.Because = is.Event.Title, change.Between(was, is), new(change.Cause)
	if c.Rules {
		return v, is, nil
	}
	cause, err := stateAt(tx, c.Event, c.Revision)
	if err != nil {
		return v, is, err
	}
	v.Because.Event, v.Because.Title = c.Event, cause.Event.Title
	v.Reason, err = reasonSince(tx, c.Event, c.Revision-1, c.Revision)
	return v, is, err
}

// recordView returns what the record of a change says by itself.
func recordView(c store.ChangeRecord) change.View {
	return change.View{
		Seq: c.Seq, At: c.At, Event: c.Event, Revision: c.Revision, By: c.Author.Name, Via: c.Author.Via,
		User: c.Author.User, Link: c.Author.Link,
		Changes: []change.Change{}, Fields: append([]string{}, c.Fields...), Follows: []change.Followed{},
	}
}
