package calendar

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"attache/internal/agenda"
	"attache/internal/event"
	"attache/internal/notice"
	"attache/internal/store"
)

// Planned is a notice that would be sent.
type Planned struct {
	Due    time.Time // UTC
	Event  string    // id; "" for a digest
	Notice notice.Kind
	Lead   string
	Key    string
	To     []string      // channels
	With   []notice.Kind // what else the message tells, since the change that it tells brought that about
	Text   string        // in one line, as it would read when it is due
}

// Edit is a change of one event at some instant: what a person would write into its file
// then.
type Edit struct {
	At    time.Time // UTC
	ID    string    // of an event of the settings
	Apply func(e *event.Event)
}

// Make makes the edit where its event is one of them.
func (e Edit) Make(events []event.Event) {
	if i := slices.IndexFunc(events, func(have event.Event) bool { return have.ID == e.ID }); i >= 0 {
		e.Apply(&events[i])
	}
}

// Simulate returns what attache would send from one instant to another, the last
// included, if it first read these settings at from and nothing changed but by the edits,
// which are in the order of time. It plans by the very code of the daemon, in a store of
// its own, and every notice is sent the moment it is due.
func Simulate(s *Settings, from, to time.Time, edits []Edit) ([]Planned, error) {
	own := *s
	db, err := store.Temporary("simulation")
	if err != nil {
		return nil, fmt.Errorf("simulate: %w", err)
	}
	defer db.Close()
	sim := simulation{s: &own, db: db, calendar: &Calendar{db: db}, from: from, to: to, edits: edits}
	if err := sim.run(); err != nil {
		return nil, fmt.Errorf("simulate: %w", err)
	}
	slices.SortStableFunc(sim.out, func(a, b Planned) int {
		return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Event, b.Event), cmp.Compare(a.Notice, b.Notice), cmp.Compare(a.Key, b.Key))
	})
	return sim.out, nil
}

// simulation is a daemon whose clock jumps from one thing that happens to the next.
type simulation struct {
	s        *Settings
	db       *store.DB
	calendar *Calendar
	from, to time.Time
	edits    []Edit // those to come
	list     []*agenda.Entry
	view     *View
	out      []Planned
}

func (sim *simulation) run() error {
	if err := sim.turn(sim.from.Add(-1), sim.from); err != nil {
		return err
	}
	now := sim.from
	for {
		if err := sim.send(now); err != nil {
			return err
		}
		next, ok, err := sim.next(now)
		if err != nil || !ok || next.After(sim.to) {
			return err
		}
		if err := sim.turn(now, next); err != nil {
			return err
		}
		now = next
	}
}

// next returns the instant at which something happens next.
func (sim *simulation) next(now time.Time) (at time.Time, ok bool, err error) {
	if at, ok, err = sim.db.Next(); err != nil {
		return at, ok, err
	}
	sooner := func(t time.Time) {
		if t.After(now) && (!ok || t.Before(at)) {
			at, ok = t, true
		}
	}
	if len(sim.edits) > 0 {
		sooner(sim.edits[0].At)
	}
	for _, d := range sim.s.Digests {
		sooner(d.Spec.Next(now))
	}
	lapse, err := sim.calendar.nextLapse(sim.s, sim.list, now)
	sooner(lapse)
	if slices.ContainsFunc(sim.list, func(e *agenda.Entry) bool { return e.Series != nil }) {
		sooner(sim.calendar.series.Add(simulatedAgain))
	}
	return at, ok, err
}

// simulatedAgain is after how long what comes again is planned anew: well before what is
// planned of it comes to its end.
const simulatedAgain = 7 * 24 * time.Hour

// turn does what happens at next, the first thing after now.
func (sim *simulation) turn(now, next time.Time) error {
	changed := sim.list == nil
	for ; len(sim.edits) > 0 && !sim.edits[0].At.After(next); sim.edits = sim.edits[1:] {
		sim.s.Events = slices.Clone(sim.s.Events)
		sim.edits[0].Make(sim.s.Events)
		changed = true
	}
	if changed {
		read, err := sim.calendar.Apply(sim.s, next, nil)
		if err != nil {
			return err
		}
		sim.view, sim.list = read.View, read.View.entries
	}
	aged, ok, err := sim.calendar.Age(next)
	if err != nil {
		return err
	}
	if ok {
		sim.view, sim.list = aged.View, aged.View.entries
	}
	for _, d := range sim.s.Digests {
		if d.Spec.Next(now).Equal(next) {
			if err := sim.calendar.WriteDigest(d, next, next); err != nil {
				return err
			}
		}
	}
	return nil
}

// maxSimulated bounds how many notices are sent in one step.
const maxSimulated = 1_000_000

// send sends what is due at now.
func (sim *simulation) send(now time.Time) error {
	return sim.db.Update(func(tx *store.Tx) error {
		items, err := tx.Due(now, maxSimulated)
		if err != nil {
			return err
		}
		acts := notice.Acts(items)
		with := make(map[string][]*notice.Item)
		for i, it := range items {
			if c, ok := acts[it.Key]; ok {
				with[c] = append(with[c], &items[i])
			}
		}
		for _, it := range items {
			if _, told := acts[it.Key]; told {
				err = sim.sent(tx, it, now)
			} else {
				err = sim.deliver(tx, it, with[it.Key], now)
			}
			if err != nil {
				return fmt.Errorf("event %q: %w", it.Notice.Event, err)
			}
		}
		return nil
	})
}

// sent marks an item as sent.
func (sim *simulation) sent(tx *store.Tx, it notice.Item, now time.Time) error {
	it.SentAt = now
	it.Become(notice.Sent, now, "simulated")
	return tx.PutItem(it)
}

// deliver marks an item as sent and puts it into the list, with the others of the same
// notice. with is what its message tells besides.
func (sim *simulation) deliver(tx *store.Tx, it notice.Item, with []*notice.Item, now time.Time) error {
	if err := sim.sent(tx, it, now); err != nil {
		return err
	}
	same := func(k notice.Kind, w *notice.Item) bool { return k == w.Notice.Kind }
	for i := len(sim.out) - 1; i >= 0 && sim.out[i].Due.Equal(now); i-- {
		if sim.out[i].Key == it.Notice.Key && slices.EqualFunc(sim.out[i].With, with, same) {
			sim.out[i].To = append(sim.out[i].To, it.Channel)
			slices.Sort(sim.out[i].To)
			return nil
		}
	}
	texts := make(map[string]notice.Message)
	for _, one := range append([]*notice.Item{&it}, with...) {
		m, err := sim.message(tx, *one, now)
		if err != nil {
			return err
		}
		texts[one.Key] = m
	}
	p := planOf(it, with, texts)
	p.Due = now.UTC()
	sim.out = append(sim.out, p)
	return nil
}

// message returns what an item says: a digest has it with it.
func (sim *simulation) message(tx *store.Tx, it notice.Item, now time.Time) (notice.Message, error) {
	if len(it.Payload) > 0 {
		return kept(it)
	}
	seen, err := sim.view.in(it.Channel)
	if err != nil {
		return notice.Message{}, err
	}
	return writeNotice(seen.eyes.through(tx), sim.s, it, seen.entries, now)
}
