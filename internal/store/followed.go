package store

import (
	"encoding/json"
	"errors"
	"time"
)

// Followed is a calendar of somebody else as it was last fetched. It is kept as it
// came, so that what is made of it can be made again.
type Followed struct {
	Body         []byte
	ETag         string    // as the server gave it, or ""
	LastModified string    // likewise
	At           time.Time // UTC, when it was fetched
}

// Followed returns the calendar called name, and false where it was never fetched. Its
// bytes are the caller's.
func (tx *Tx) Followed(name string) (Followed, bool, error) {
	var s storedFollowed
	ok, err := tx.get(followedBucket, feedKey(name, 'm'), &s)
	if err != nil || !ok {
		return Followed{}, false, err
	}
	content, err := tx.content(followedBucket, feedKey(name, 'b'))
	if err == nil && content == nil {
		err = tx.damaged(followedBucket, feedKey(name, 'b'), errors.New("it is missing"))
	}
	if err != nil {
		return Followed{}, false, err
	}
	return Followed{append([]byte{}, content...), s.ETag, s.LastModified, s.At}, true, nil
}

// PutFollowed records the calendar called name.
func (tx *Tx) PutFollowed(name string, f Followed) error {
	if err := tx.put(followedBucket, feedKey(name, 'm'), storedFollowed{f.ETag, f.LastModified, f.At.UTC()}); err != nil {
		return err
	}
	return tx.putContent(followedBucket, feedKey(name, 'b'), f.Body)
}

// followed sees that every calendar that is followed has its two parts.
func (c *checker) followed() error {
	have := make(map[string]string)
	err := c.tx.scan(followedBucket, nil, func(k, content []byte) (bool, error) {
		name, part := k[:max(len(k)-2, 0)], k[max(len(k)-1, 0):]
		have[string(name)] += string(part)
		if string(part) == "m" && json.Unmarshal(content, new(storedFollowed)) != nil {
			c.fail(followedBucket, k, "it can't be read")
		}
		return true, nil
	})
	for name, parts := range have {
		if parts != "bm" { // in the order of the keys
			c.fail(followedBucket, []byte(name), "it has the parts %q", parts)
		}
	}
	return err
}
