package store

import "time"

// Followed is a calendar of somebody else as it was last fetched. It is kept as it
// came, so that what is made of it can be made again.
type Followed struct {
	Body         []byte
	ETag         string    // as the server gave it, or ""
	LastModified string    // likewise
	At           time.Time // UTC, when it was fetched
	From         string    // names the place it came from without telling it, "" where that was not recorded
	Reissued     bool      // entries came under other UIDs than in the one before it
}

// Followed returns the calendar called name, and false where it was never fetched. Its
// bytes are the caller's.
func (tx *Tx) Followed(name string) (Followed, bool, error) {
	s, ok, err := get[storedFollowed](tx, followedBucket, partKey(name, 'm'))
	if err != nil || !ok {
		return Followed{}, false, err
	}
	body, err := tx.part(followedBucket, name, 'b')
	return Followed{body, s.ETag, s.LastModified, s.At, s.From, s.Reissued}, err == nil, err
}

// PutFollowed records the calendar called name.
func (tx *Tx) PutFollowed(name string, f Followed) error {
	if err := tx.put(followedBucket, partKey(name, 'm'), storedFollowed{f.ETag, f.LastModified, f.At.UTC(), f.From, f.Reissued}); err != nil {
		return err
	}
	return tx.putContent(followedBucket, partKey(name, 'b'), f.Body)
}
