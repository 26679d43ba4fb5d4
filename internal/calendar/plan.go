package calendar

import (
	"fmt"
	"maps"
	"slices"
	"strings"
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
// that were revised, that moved or whose condition a revised one decides or,
// where the rules changed, of all. Of the others nothing is read.
func (c *Calendar) plan(tx *store.Tx, s *Settings, r *reading, now time.Time) error {
	before, err := tx.Meta(rulesKey)
	if err != nil {
		return err
	}
	rulesID := s.rulesID()
	p := newPlanner(tx, c.db.Install(), s, r.entries, now)
	if p.epoch, err = tx.Epoch(); err != nil {
		return err
	}
	p.quiet = func(id string) bool { return r.quiet[id] || p.edited(id) && r.toldBefore(s, id) }
	p.first, p.all = r.First, before != rulesID
	p.concerned = make(map[string]bool, len(r.Revised))
	for _, rev := range r.Revised {
		if _, twice := p.revised[rev.Event.ID]; !twice {
			p.revised[rev.Event.ID] = rev.Number
		}
		p.concerned[rev.Event.ID] = true
	}
	agenda.Touched(r.entries, p.concerned)
	p.dependents = dependentsOf(r.entries, r.Revised)
	for _, e := range p.touched(c.solution, r.solution) {
		if err := p.replan(e); err != nil {
			return fmt.Errorf("event %q: plan: %w", e.ID, err)
		}
	}
	r.replanned = len(p.planned)
	if r.Stories, err = p.planStories(); err != nil {
		return err
	}
	return tx.PutMeta(rulesKey, rulesID)
}

// dependentsOf returns the ids of events that lean on those whose date was edited, directly or
// by way of others. Even where they did not move, what is asked of them differs with
// whether the other date is settled.
func dependentsOf(list []agenda.Entry, revised []event.Revision) map[string]bool {
	var next []string
	for _, rev := range revised {
		if slices.Contains(rev.Changed, "when") || slices.Contains(rev.Changed, "zone") {
			next = append(next, rev.Event.ID)
		}
	}
	if len(next) == 0 {
		return nil
	}
	by := make(map[string][]string)
	for _, e := range list {
		for _, st := range e.When {
			if on := st.Expr.LeansOn(); on != "" {
				by[on] = append(by[on], e.ID)
			}
		}
	}
	out := make(map[string]bool)
	for len(next) > 0 {
		id := next[len(next)-1]
		next = next[:len(next)-1]
		for _, e := range by[id] {
			if !out[e] {
				out[e] = true
				next = append(next, e)
			}
		}
	}
	return out
}

// touched returns the events of which anything can be new: all, unless this process knows
// how they stood before and the rules are the same.
func (p *planner) touched(before, now solution) []agenda.Entry {
	if !before.known || p.all {
		return p.list
	}
	p.roots = make(map[string]string)
	ids := maps.Clone(p.concerned)
	maps.Copy(ids, p.dependents)
	for _, e := range p.list {
		if e.Series != nil {
			ids[e.ID] = true
		}
	}
	for _, m := range agenda.Diff(before.net, now.net) {
		ids[m.New.ID] = true
		p.roots[m.New.ID] = m.Root
	}
	var out []agenda.Entry
	for _, id := range slices.Sorted(maps.Keys(ids)) {
		if e, ok := now.net.Entry(id); ok {
			out = append(out, e)
		}
	}
	return out
}

// planner brings the outbox in step with one event after the other, and then tells of
// what happened to all of them.
type planner struct {
	tx             *store.Tx
	install        string
	rules          notice.Rules
	known          notice.Known
	loc            *time.Location // of the installation
	now            time.Time
	epoch          string               // of the revisions, "" before the first restoring
	quiet          func(id string) bool // of an event of which nothing is told
	first          bool                 // nothing is told of what is known from the beginning
	all            bool                 // the rules changed
	revised        map[string]int       // the first revision of each in this reading
	concerned      map[string]bool      // revised ones, and those whose conditions they decide
	dependents     map[string]bool      // those that lean on a date that was edited
	contradictions map[string]bool      // contradictions that there are, by their statements
	list           []agenda.Entry       // all events, in the order of ids
	shifts         []change.Shift
	linked         map[string][]string // see neighbours
	planned        map[string]effect
	roots          map[string]string // the event that each goes back to, where that is known
}

// effect is what planning an event anew did to its reminders.
type effect struct{ moved, dropped int }

func newPlanner(tx *store.Tx, install string, s *Settings, list []agenda.Entry, now time.Time) *planner {
	p := &planner{
		tx: tx, install: install, rules: s.Rules, loc: s.Location, now: now, list: list,
		revised: make(map[string]int), contradictions: make(map[string]bool), planned: make(map[string]effect),
	}
	p.known = s.known(list)
	p.known.Now = now
	for _, e := range list {
		for _, set := range e.Contradictions {
			p.contradictions[strings.Join(set, " ")] = true
		}
	}
	return p
}

// edited reports whether the event id was revised in this reading.
func (p *planner) edited(id string) bool { return p.revised[id] > 0 }

// known returns what planning asks of the world.
func (s *Settings) known(list []agenda.Entry) notice.Known {
	return notice.Known{Sources: s.Sources, Entry: func(id string) (agenda.Entry, bool) { return find(list, id) }}
}

// replan plans e anew if anything about it is new.
func (p *planner) replan(e agenda.Entry) error {
	touched := p.all || p.concerned[e.ID] || p.dependents[e.ID] || e.Series != nil // its next days come nearer
	was, moved, err := p.recordWindow(e)
	if err != nil || !touched && !moved {
		return err
	}
	if !p.first && !p.quiet(e.ID) && (moved || p.edited(e.ID)) {
		if err := p.noteShift(e, was); err != nil {
			return err
		}
	}
	if moved || p.concerned[e.ID] {
		if err := p.cards(e); err != nil {
			return fmt.Errorf("cards: %w", err)
		}
	}
	return p.planNotices(e)
}

// recordWindow records when e can be now. It returns when it could be before, and whether that
// moved although e was not revised.
func (p *planner) recordWindow(e agenda.Entry) (was when.Window, moved bool, err error) {
	was, known, err := p.tx.Window(e.ID, e.Revision)
	if err != nil || known && !change.Moved(was, e.Window) {
		return was, false, err
	}
	return was, known, p.tx.PutWindow(e.ID, e.Revision, e.Window)
}

// planNotices plans what is said of e.
func (p *planner) planNotices(e agenda.Entry) error {
	items, err := p.tx.ItemsOf(e.ID)
	if err != nil {
		return err
	}
	have := make(map[string]bool, len(items))
	for _, it := range items {
		have[it.Key] = true
	}
	planned := notice.Plan(e, p.rules, p.known)
	also := notice.Contradictions(e, items, func(names string) bool { return p.contradictions[names] }, p.now, p.rules)
	if !p.first {
		also = append(also, notice.Conditions(e, items, p.now, p.rules)...)
	}
	fresh := append(notice.Fresh(e, planned, items, p.rules, p.now), also...)
	p.planned[e.ID] = effectOn(items, fresh)
	if err := p.supersede(items, p.keys(e, append(planned, also...))); err != nil {
		return err
	}
	for _, n := range fresh {
		if err := p.add(n, p.rules.Channels(e, n.Kind), have); err != nil {
			return err
		}
	}
	return nil
}

// effectOn counts the reminders that waited and move to another instant, and those that
// are taken back.
func effectOn(items []notice.Item, fresh []notice.Notice) (c effect) {
	counted := make(map[string]bool)
	for _, it := range items {
		n := it.Notice
		if it.State != notice.Pending || n.Kind != notice.Reminder && n.Kind != notice.Window || counted[n.Key] {
			continue
		}
		counted[n.Key] = true
		i := slices.IndexFunc(fresh, func(f notice.Notice) bool { return f.Key == n.Key })
		if i < 0 { // what comes again has a rung for each of its days
			i = slices.IndexFunc(fresh, func(f notice.Notice) bool { return f.SameRung(n) })
		}
		switch {
		case i < 0:
			c.dropped++
		case !fresh[i].Due.Equal(n.Due):
			c.moved++
		}
	}
	return c
}

// keys returns the keys of the items that the notices make.
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
func (p *planner) add(n notice.Notice, channels []string, have map[string]bool) error {
	for _, ch := range channels {
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
			it.History, it.Doubt, it.Resent = old.History, old.Doubt, old.Resent
		}
		it.Become(notice.Pending, p.now, "planned")
		if err := p.tx.PutItem(it); err != nil {
			return err
		}
	}
	return nil
}
