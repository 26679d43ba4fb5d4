package calendar

import (
	"slices"

	"attache/internal/agenda"
	"attache/internal/notice"
	"attache/internal/store"
)

// What the tests of the package look at from outside.
var (
	WriteNotice  = writeNotice
	ChangesSince = changesSince
	Find         = find
	Waiting      = waiting
	EntriesOf    = entries
	Kept         = kept
	NameOf       = nameOf
	Reach        = reach
)

// Known returns what planning asks of the world.
func (s *Settings) Known(list []*agenda.Entry) notice.Context { return s.planContext(list) }

// Replanned returns how many events were planned anew.
func (a Applied) Replanned() int { return a.replanned }

// HandledOf returns what channels did with what they were told of an event.
func (c *Calendar) HandledOf(id string) (out []Handled, err error) {
	err = c.db.View(func(tx *store.Tx) error {
		out, err = tx.AllHandled()
		return err
	})
	return slices.DeleteFunc(out, func(h Handled) bool { return h.Event != id }), err
}

// Net returns what follows from the last reading.
func (c *Calendar) Net() agenda.Net { return c.solution.net }
