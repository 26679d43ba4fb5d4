package store

import (
	"encoding/json"
	"slices"
)

// movesApart makes schema 4: a move has its place in the history of the event that moved, with
// where it went. Schema 3 had, with a revision, which events it moved along and where they were.
func movesApart(tx *Tx) error {
	led := make(map[string][]storedFollow) // by revision
	err := tx.scan(ledBucket, nil, func(k, content []byte) (bool, error) {
		var list []storedFollow
		err := json.Unmarshal(content, &list)
		if err != nil {
			err = tx.damaged(ledBucket, k, err)
		}
		led[string(k)] = list
		return err == nil, err
	})
	if err != nil {
		return err
	}
	for k := range led {
		if err := tx.remove(ledBucket, []byte(k)); err != nil {
			return err
		}
	}
	moves, err := movesOfSchema3(tx, led)
	if err != nil {
		return err
	}
	for _, m := range moves {
		if err := tx.PutMove(m); err != nil {
			return err
		}
	}
	return nil
}

// movesOfSchema3 returns the moves that led tells of. An event went to where it was before it
// moved next or, if it did not while it had that revision, to where that revision was last.
func movesOfSchema3(tx *Tx, led map[string][]storedFollow) ([]Move, error) {
	revision := make(map[string]int)
	var moves []Move
	last, err := tx.LastChange()
	if err != nil {
		return nil, err
	}
	changes, err := tx.Changes(0, int(last))
	if err != nil {
		return nil, err
	}
	latest := make(map[string]int) // the place in moves of the last one of an event
	for _, c := range changes {
		for _, f := range led[string(revisionKey(c.Event, c.Revision))] {
			m := Move{Seq: c.Seq, Event: f.Event, Revision: revision[f.Event], Was: f.Was.window()}
			if i, ok := latest[f.Event]; ok && moves[i].Revision == m.Revision {
				moves[i].Is = m.Was
			}
			latest[f.Event] = len(moves)
			moves = append(moves, m)
		}
		revision[c.Event] = c.Revision
	}
	for i, m := range moves {
		if m.Is.Precision != "" {
			continue
		}
		if moves[i].Is, _, err = tx.Window(m.Event, m.Revision); err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(moves, func(m Move) bool { return m.Revision == 0 || m.Is.Precision == "" }), nil
}
