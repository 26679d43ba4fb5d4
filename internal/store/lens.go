package store

import (
	"errors"
	"strings"

	"attache/internal/event"
)

// Lens is what one kind of reader may see. Its methods depend on nothing that is written
// while it is used.
type Lens interface {
	// Shows returns an event as that reader may see it, and false where it may not. The same
	// event may have been another one's in an earlier revision.
	Shows(e event.Event) (event.Event, bool)
	// Sees reports whether the reader may know that there is an event of that id.
	Sees(id string) bool
	// Name tells one kind of reader from another.
	Name() string
}

// Through returns tx as one kind of reader may read it: an event, a revision or a change that
// l does not show is not there. What follows from all events together, such as a window, is
// recorded for that reader apart, and never read from what was recorded for another. Nothing
// that a person said can be recorded through a lens.
func (tx *Tx) Through(l Lens) *Tx {
	through := *tx
	through.lens = l
	return &through
}

// Bare returns tx without its lens.
func (tx *Tx) Bare() *Tx { return tx.Through(nil) }

// errThrough says that somebody tried to record what a person said as another one may see it.
var errThrough = errors.New("what was said is never recorded as a reader may see it")

// sees reports whether there is an event of that id for who reads tx.
func (tx *Tx) sees(id string) bool { return tx.lens == nil || tx.lens.Sees(id) }

// shown returns r as who reads tx may see it.
func (tx *Tx) shown(r event.Revision) (event.Revision, bool) {
	if tx.lens == nil {
		return r, true
	}
	e, ok := tx.lens.Shows(r.Event)
	r.Event = e
	return r, ok
}

// own returns the id of an event for which something was recorded under a name, and whether it
// was for who reads tx.
func (tx *Tx) own(name string) (id string, mine bool) {
	id, _, _ = strings.Cut(name, "\x01")
	return id, name == tx.apart(id)
}

// apart returns the name under which what follows for an event is recorded for who reads tx.
// No id holds the octet between the two.
func (tx *Tx) apart(id string) string {
	if tx.lens == nil {
		return id
	}
	return id + "\x01" + tx.lens.Name()
}
