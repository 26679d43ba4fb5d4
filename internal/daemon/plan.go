package daemon

import (
	"fmt"
	"maps"
	"time"

	"attache/internal/agenda"
	"attache/internal/change"
	"attache/internal/event"
	"attache/internal/notice"
	"attache/internal/store"
	"attache/internal/when"
)

// rulesKey is where the store keeps which rules its notices were planned by.
const rulesKey = "rules"

// plan brings the outbox in step with the events and the rules: of the events
// that were revised or, where the rules changed, of all.
func plan(tx *store.Tx, install string, s *settings, r reading, now time.Time) error {
	revised := make(map[string]bool, len(r.revised))
	for _, rev := range r.revised {
		revised[rev.Event.ID] = true
	}
	decided := maps.Clone(revised)
	agenda.Touched(r.entries, decided)
	before, err := tx.Meta(rulesKey)
	if err != nil {
		return err
	}
	all := before != s.rulesID
	epoch, err := tx.Epoch()
	if err != nil {
		return err
	}
	p := planner{tx: tx, install: install, epoch: epoch, rules: s.rules, now: now}
	for _, e := range r.entries {
		was, moved, err := p.remember(e)
		if err != nil {
			return fmt.Errorf("event %q: %w", e.ID, err)
		}
		if !all && !moved && !decided[e.ID] {
			continue
		}
		tell := nothing
		switch {
		case r.first || r.calm[e.ID]:
		case revised[e.ID] && r.toldBefore(s, e.ID):
		case revised[e.ID]:
			tell = edits
		case moved && notice.Soon(e, was, now):
			tell = moves
		}
		if err := p.event(e, tell, was); err != nil {
			return fmt.Errorf("event %q: plan: %w", e.ID, err)
		}
		if moved || decided[e.ID] {
			if err := p.cards(e); err != nil {
				return fmt.Errorf("event %q: cards: %w", e.ID, err)
			}
		}
	}
	return tx.PutMeta(rulesKey, s.rulesID)
}

// news says what people are told of an event that is planned anew.
type news int

const (
	nothing news = iota
	edits        // it was revised
	moves        // its date follows another that moved
)

// remember records when e can be now. It gives when it could be before, and whether that
// moved although e was not revised.
func (p *planner) remember(e agenda.Entry) (was when.Window, moved bool, err error) {
	was, known, err := p.tx.Window(e.ID, e.Revision)
	if err != nil || known && !change.Moved(was, e.Window) {
		return was, false, err
	}
	return was, known, p.tx.PutWindow(e.ID, e.Revision, e.Window)
}

// planner brings the outbox in step with one event at a time.
type planner struct {
	tx      *store.Tx
	install string
	epoch   string // of the revisions, "" before the first restoring
	rules   notice.Rules
	now     time.Time
}

// event plans what is said of e, and that it changed from was where that is to be told.
func (p *planner) event(e agenda.Entry, tell news, was when.Window) error {
	items, err := p.tx.ItemsOf(e.ID)
	if err != nil {
		return err
	}
	have := make(map[string]bool, len(items))
	for _, it := range items {
		have[it.Key] = true
	}
	planned := append(notice.Plan(e, p.rules), notice.Contradictions(e, p.now, p.rules)...)
	if err := p.supersede(items, p.keys(e, planned)); err != nil {
		return err
	}
	for _, n := range notice.Fresh(planned, p.now, p.rules.CatchUp) {
		if err := p.add(e, n, have); err != nil {
			return err
		}
	}
	switch tell {
	case edits:
		return p.change(e, items, have)
	case moves:
		return p.add(e, notice.Derived(e, was.Words(), p.now, p.rules), have)
	}
	return nil
}

// keys gives the keys of the items that the notices make.
func (p *planner) keys(e agenda.Entry, list []notice.Notice) map[string]bool {
	keys := make(map[string]bool)
	for _, n := range list {
		for _, ch := range p.rules.Channels(e, n.Kind) {
			keys[notice.ItemKey(p.install, n.Key, ch)] = true
		}
	}
	return keys
}

// supersede takes back what was planned and no longer applies. What is being
// sent, or may have been, is left to whoever sends it.
func (p *planner) supersede(items []notice.Item, keep map[string]bool) error {
	for _, it := range items {
		if it.State != notice.Pending || it.Notice.Kind == notice.Changed || it.Notice.Kind == notice.Card || keep[it.Key] {
			continue
		}
		it.Become(notice.Superseded, p.now, "the date or the rules changed")
		if err := p.tx.PutItem(it); err != nil {
			return err
		}
	}
	return nil
}

// add records n for every channel that it goes to, unless it is there already. A
// notice that was taken back and applies again is pending again; one that waits for
// another hour of the same day is due then.
func (p *planner) add(e agenda.Entry, n notice.Notice, have map[string]bool) error {
	for _, ch := range p.rules.Channels(e, n.Kind) {
		k := notice.ItemKey(p.install, n.Key, ch)
		it := notice.Item{Key: k, Notice: n, Channel: ch}
		if have[k] {
			old, ok, err := p.tx.Item(k)
			if err != nil {
				return err
			}
			again := ok && old.Attempts == 0 && (old.State == notice.Superseded ||
				old.State == notice.Pending && !old.Notice.Due.Equal(n.Due)) // at another hour
			if !again {
				continue
			}
			it.History = old.History
		}
		it.Become(notice.Pending, p.now, "planned")
		if err := p.tx.PutItem(it); err != nil {
			return err
		}
	}
	return nil
}

// change plans the notice that e changed. Edits that follow each other within the
// time to settle become one notice, which speaks of all since the first; edits
// that end where they began become none.
func (p *planner) change(e agenda.Entry, items []notice.Item, have map[string]bool) error {
	from, at := e.Revision-1, p.now
	for _, it := range items {
		if it.State != notice.Pending || it.Notice.Kind != notice.Changed {
			continue
		}
		from, at = min(from, it.Notice.From), it.Notice.Due.Add(-p.rules.Settle)
		it.Become(notice.Superseded, p.now, "a later edit is told with it")
		if err := p.tx.PutItem(it); err != nil {
			return err
		}
	}
	changes, err := changesSince(p.tx, e, from)
	if err != nil || !notice.Tells(changes) {
		return err
	}
	n := notice.Change(e, from, at, p.rules)
	if p.epoch != "" {
		n.Key = notice.EpochKey(n.Key, p.epoch)
	}
	return p.add(e, n, have)
}

// changesSince gives what changed in e since its revision from; 0 is before it
// was known.
func changesSince(tx *store.Tx, e agenda.Entry, from int) ([]change.Change, error) {
	now := change.State{Event: e.Recorded(), Window: e.Window}
	if from == 0 {
		return change.New(now), nil
	}
	old, ok, err := tx.Revision(e.ID, from)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, fmt.Errorf("its revision %d is missing", from)
	}
	before, err := stateOf(tx, old)
	return change.Between(before, now), err
}

// stateOf gives what held of an event while r was its revision.
func stateOf(tx *store.Tx, r event.Revision) (change.State, error) {
	w, known, err := tx.Window(r.Event.ID, r.Number)
	if !known {
		w = agenda.Compute(r, "", r.At).Window
	}
	return change.State{Event: r.Event, Window: w}, err
}
