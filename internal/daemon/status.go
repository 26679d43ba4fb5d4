package daemon

import (
	"fmt"
	"slices"

	"attache/internal/config"
	"attache/internal/event"
	"attache/internal/store"
)

// oddity is a change of status in a file that looks like a mistake. It is taken all
// the same: a file is a person's last word, and may be what mends one.
type oddity struct {
	event, words string
}

// judge notes in r what is wrong with the change of status that rev makes, if it
// makes one.
func (r *reading) judge(tx *store.Tx, rev event.Revision) error {
	if !slices.Contains(rev.Changed, "status") {
		return nil
	}
	before, known, err := tx.Revision(rev.Event.ID, rev.Number-1)
	if err != nil || !known {
		return err
	}
	if err := event.CheckTransition(before.Event.Status, rev.Event.Status, rev.Event.Reason); err != nil {
		r.odd = append(r.odd, oddity{rev.Event.ID, fmt.Sprintf("event %q: %v", rev.Event.ID, err)})
	}
	return nil
}

// tellOdd logs the changes of status that look like mistakes, at their place in the
// file.
func (d *Daemon) tellOdd(c *config.Config, r reading) {
	for _, o := range r.odd {
		d.o.Log.Warn(c.Calendar.AtStatus(o.event, o.words).Error())
	}
}
