package store

import (
	"encoding/json"

	"attache/internal/notice"
)

// changesApart makes schema 3: what a revision moved along is kept with it, where in schema 2
// it stood in the notices of the change; and those that wait are indexed.
func changesApart(tx *Tx) error {
	led := make(map[string]notice.Notice) // one of each revision that moved others
	var waiting [][]byte
	err := tx.scan(outboxBucket, nil, func(key, content []byte) (bool, error) {
		var s storedItem
		if err := json.Unmarshal(content, &s); err != nil {
			return false, tx.damaged(outboxBucket, key, err)
		}
		if n := s.Notice.notice(); n.Kind == notice.Changed && len(n.Follows) > 0 {
			led[string(revisionKey(n.Event, n.To))] = n
		}
		if e := entriesOf(s.item(string(key))); e[3] != nil {
			waiting = append(waiting, e[3])
		}
		return true, nil
	})
	if err != nil {
		return err
	}
	for _, key := range waiting {
		if err := tx.putContent(changingBucket, key, nil); err != nil {
			return err
		}
	}
	for _, n := range led {
		if err := tx.put(ledBucket, revisionKey(n.Event, n.To), convert(n.Follows, shapeFollow)); err != nil {
			return err
		}
	}
	return nil
}
