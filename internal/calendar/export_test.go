package calendar

import (
	"attache/internal/agenda"
	"attache/internal/notice"
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
func (s *Settings) Known(list []agenda.Entry) notice.Context { return s.planContext(list) }

// Replanned returns how many events were planned anew.
func (a Applied) Replanned() int { return a.replanned }

// Net returns what follows from the last reading.
func (c *Calendar) Net() agenda.Net { return c.solution.net }
