package calendar

import (
	"fmt"

	"attache/internal/agenda"
	"attache/internal/store"
)

// vantage is the calendar as the readers of one sight see it: what follows is worked out from
// the events that they may see alone, so that nothing of the others is in it. The first of a
// reading sees everything; where nothing is hidden from anybody it is the only one.
type vantage struct {
	eyes     *eyes // nil sees everything
	before   solution
	solution solution
	entries  []*agenda.Entry // in the order of ids
	past     []*agenda.Entry // those of the reading before
	channels func(channel string) bool
}

// through returns tx as the readers of y read it.
func (y *eyes) through(tx *store.Tx) *store.Tx {
	if y == nil {
		return tx
	}
	return tx.Through(y)
}

// vantages works out what each kind of reader sees that is told or given something: whoever
// reads public pages, a private feed or a channel.
func (c *Calendar) vantages(tx *store.Tx, s *Settings, r *reading) error {
	hidden := s.narrow(r.entries)
	whole := &vantage{before: c.solution, solution: r.solution, entries: r.entries}
	if c.view != nil {
		whole.past = c.view.entries
	}
	r.hidden, r.vantages = hidden, []*vantage{whole}
	at := make(map[Sight]*vantage) // by what may be seen, where that is not all
	for _, sight := range s.sights() {
		y := hidden.eyes(sight, s)
		if y == nil || at[sight] != nil {
			continue
		}
		v := &vantage{eyes: y}
		if was := c.vantage(sight); was != nil && was.eyes.same(y) {
			v.before, v.past = was.solution, was.entries
		}
		var err error
		if v.solution, err = v.before.update(tx.Through(y), s, c.db.Domain(), r.moved, c.files(r)); err != nil {
			return fmt.Errorf("what %s may see: %w", y.Name(), err)
		}
		v.entries = agenda.Duplicates(v.solution.net.Entries())
		at[sight] = v
		r.vantages = append(r.vantages, v)
	}
	for _, v := range r.vantages {
		v.channels = func(channel string) bool {
			if own := at[s.SightIn(channel)]; own != nil {
				return own == v
			}
			return v == whole
		}
	}
	return nil
}

// vantage returns how the calendar was last seen with a sight, nil where it was not worked out.
func (c *Calendar) vantage(sight Sight) *vantage {
	for _, v := range c.seen {
		if v.eyes != nil && v.eyes.sight == sight {
			return v
		}
	}
	return nil
}

// sights returns the sights of all who read without saying who they are.
func (s *Settings) sights() []Sight {
	out := []Sight{{}}
	for _, f := range s.Feeds {
		out = append(out, f.sight())
	}
	for _, r := range s.Rules.Routes {
		out = append(out, s.SightIn(r.To))
	}
	for _, d := range s.Digests {
		out = append(out, s.SightIn(d.To))
	}
	return out
}
