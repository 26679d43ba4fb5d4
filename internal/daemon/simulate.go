package daemon

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"attache/internal/agenda"
	"attache/internal/config"
	"attache/internal/notice"
	"attache/internal/store"
	"attache/internal/when"
)

// Planned is a notice that would be sent.
type Planned struct {
	Due    time.Time // UTC
	Event  string    // id; "" for a digest
	Notice notice.Kind
	Lead   string
	Key    string
	To     []string // channels
	Text   string   // in one line, as it would read when it is due
}

// Simulate gives what attache would send from one instant to another, the last
// included, if it first read this configuration at from and nothing changed
// after. It plans by the very code of the daemon, in a store of its own.
func Simulate(c *config.Config, from, to time.Time) ([]Planned, error) {
	s, err := settle(c, nil)
	if err != nil {
		return nil, err
	}
	db, err := store.New(store.Memory(), store.Options{Install: "simulation"})
	if err != nil {
		return nil, fmt.Errorf("simulate: %w", err)
	}
	defer db.Close()
	if _, err := (&book{db: db}).apply(s, from, func() {}); err != nil {
		return nil, fmt.Errorf("simulate: %w", err)
	}
	sim := simulation{s: s, db: db, from: from, to: to, events: make(map[string]agenda.Entry)}
	return sim.run()
}

type simulation struct {
	s        *settings
	db       *store.DB
	from, to time.Time
	events   map[string]agenda.Entry // by id
}

func (sim *simulation) run() ([]Planned, error) {
	var out []Planned
	err := sim.db.View(func(tx *store.Tx) error {
		list, err := entries(tx, sim.s, sim.db.Domain())
		if err != nil {
			return err
		}
		for _, e := range list {
			sim.events[e.ID] = e
		}
		items, err := tx.Due(sim.to, maxSimulated)
		if err != nil {
			return err
		}
		for _, it := range items {
			if out, err = sim.add(tx, out, it); err != nil {
				return fmt.Errorf("event %q: %w", it.Notice.Event, err)
			}
		}
		more, err := sim.digests(list)
		out = append(out, more...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("simulate: %w", err)
	}
	slices.SortStableFunc(out, func(a, b Planned) int {
		return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Event, b.Event), cmp.Compare(a.Notice, b.Notice), cmp.Compare(a.Key, b.Key))
	})
	return out, nil
}

// maxSimulated bounds how many notices one simulation shows.
const maxSimulated = 1_000_000

// add puts the item into the list, with the others of the same notice.
func (sim *simulation) add(tx *store.Tx, out []Planned, it notice.Item) ([]Planned, error) {
	for i := range out {
		if out[i].Key == it.Notice.Key {
			out[i].To = append(out[i].To, it.Channel)
			slices.Sort(out[i].To)
			return out, nil
		}
	}
	at := it.Notice.Due
	if at.Before(sim.from) {
		at = sim.from
	}
	m, err := writeNotice(tx, sim.s, it.Notice, sim.events[it.Notice.Event], at)
	if err != nil {
		return out, err
	}
	return append(out, Planned{
		Due: at.UTC(), Event: it.Notice.Event, Notice: it.Notice.Kind, Lead: it.Notice.Lead,
		Key: it.Notice.Key, To: []string{it.Channel}, Text: m.Summary(),
	}), nil
}

// digests gives the recurring digests of the time.
func (sim *simulation) digests(list []agenda.Entry) ([]Planned, error) {
	var out []Planned
	for _, d := range sim.s.digests {
		for at := d.spec.Next(sim.from); !at.IsZero() && !at.After(sim.to); at = d.spec.Next(at) {
			agenda.Sort(list, when.DateOf(at, sim.s.location()))
			it, ok, err := digestItem(list, sim.s, d, sim.db.Install(), at, at)
			if err != nil {
				return nil, err
			}
			if !ok {
				continue
			}
			m, err := messageOf(it)
			if err != nil {
				return nil, err
			}
			out = append(out, Planned{Due: at.UTC(), Notice: notice.Digest, Key: it.Notice.Key, To: []string{d.to}, Text: m.Summary()})
		}
	}
	return out, nil
}
