package store

import "attache/internal/when"

// Unsaid returns when the event id could be as channel was last told, and false where no move
// since was too small to be told there.
func (tx *Tx) Unsaid(id, channel string) (when.Window, bool, error) {
	s, ok, err := get[storedWindow](tx, unsaidBucket, unsaidKey(id, channel))
	return s.window(), ok, err
}

// PutUnsaid records it.
func (tx *Tx) PutUnsaid(id, channel string, told when.Window) error {
	return tx.put(unsaidBucket, unsaidKey(id, channel), shapeWindow(told))
}

// DropUnsaid records that channel is told when the event id can be now.
func (tx *Tx) DropUnsaid(id, channel string) error {
	return tx.remove(unsaidBucket, unsaidKey(id, channel))
}

func unsaidKey(id, channel string) []byte { return []byte(id + "\x00" + channel) }
