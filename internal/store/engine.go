package store

import (
	"errors"
	"fmt"
)

// Engine is the small transactional key/value contract that the store stands on.
// Values lie in buckets under keys; a bucket that nothing was put into is empty,
// it does not have to be made. TestEngine holds every engine to it.
//
// Views run side by side and each sees one state, whatever is written meanwhile.
// Updates run one after the other; one that returns an error or panics leaves no
// trace, one that returns nil is durable. Transactions are not to be nested.
type Engine interface {
	// View runs fn on one state of the data and returns what fn returns.
	View(fn func(Reader) error) error
	// Update runs fn and makes everything that it wrote durable at once, or
	// nothing where fn or the writing fails.
	Update(fn func(Writer) error) error
	// Close ends the use of the engine. Transactions that come later fail.
	Close() error
}

// Reader reads within a transaction. Keys and values that it hands out are valid
// until the transaction ends and must not be changed.
type Reader interface {
	// Get returns the value under key, nil where there is none. An empty value is
	// not nil.
	Get(bucket string, key []byte) ([]byte, error)
	// Scan calls fn for the keys from from on in ascending order of bytes, all
	// of them where from is empty, until fn says that it wants no more or fails.
	// fn may write to the bucket: the scan goes on with the next key that is
	// there by then.
	Scan(bucket string, from []byte, fn func(k, v []byte) (more bool, err error)) error
}

// Writer reads and writes within an Update, and reads what it wrote.
type Writer interface {
	Reader
	// Put sets the value under key, which has 1 to MaxKeyLength bytes. Neither
	// slice may be changed before the transaction ends.
	Put(bucket string, key, value []byte) error
	// Delete removes key; one that is not there is no error.
	Delete(bucket string, key []byte) error
}

// MaxKeyLength is the greatest length of a key in bytes.
const MaxKeyLength = 32768

// ErrClosed says that the store was closed before it was used.
var ErrClosed = errors.New("the store is closed")

// checkKey reports what is wrong with a key that is to be put.
func checkKey(bucket string, key []byte) error {
	switch {
	case bucket == "":
		return errors.New("a bucket needs a name")
	case len(key) == 0:
		return fmt.Errorf("bucket %s: a key is missing", bucket)
	case len(key) > MaxKeyLength:
		return fmt.Errorf("bucket %s: a key of %d bytes is too long: %d is the most", bucket, len(key), MaxKeyLength)
	}
	return nil
}
