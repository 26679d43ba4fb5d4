package calendar

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"attache/internal/agenda"
	"attache/internal/change"
	"attache/internal/notice"
	"attache/internal/store"
	"attache/internal/when"
)

// rulesKey is where the store keeps which rules its notices were planned by.
const rulesKey = "rules"

// plan brings the outbox in step with the events and the rules: for each kind of reader, with
// the events as they see them.
func (c *Calendar) plan(tx *store.Tx, s *Settings, r *reading, now time.Time) error {
	before, err := tx.Meta(rulesKey)
	if err != nil {
		return err
	}
	rulesID := c.rulesID(s)
	r.series = before != rulesID || !c.solution.known || now.Sub(c.series) >= seriesAgain
	ruled := make(map[string]uint64)
	for _, v := range r.vantages {
		p := newPlanner(v.eyes.through(tx), c.db.Install(), s, v.entries, now)
		p.whole, p.ruled = v.eyes == nil, ruled
		p.owns, p.first, p.all = v.channels, r.First, before != rulesID
		stories, err := p.planAll(s, r, v)
		if err != nil {
			return err
		}
		if v.eyes == nil {
			r.replanned, r.Stories = p.replanned, stories
		}
	}
	return tx.PutMeta(rulesKey, rulesID)
}

// planAll plans for the readers of v: of the events that were revised, that moved or whose
// condition a revised one decides or, where the rules changed, of all. Of the others nothing
// is read.
func (p *planner) planAll(s *Settings, r *reading, v *vantage) (_ []change.Story, err error) {
	if err := p.takeBackHidden(v); err != nil {
		return nil, err
	}
	p.quiet = func(id string) bool { return r.quiet[id] || p.edited(id) && r.toldBefore(s, id) }
	for _, rev := range r.Revised {
		if _, twice := p.revised[rev.Event.ID]; !twice {
			p.revised[rev.Event.ID] = rev.Number
		}
		p.concerned[rev.Event.ID] = true
		if slices.Contains(rev.Changed, "when") || slices.Contains(rev.Changed, "zone") {
			p.dependents[rev.Event.ID] = true
		}
	}
	decides, bounds := dependents(v.entries)
	reach(p.concerned, decides)
	reach(p.dependents, bounds)
	if err := p.readSequence(len(r.Revised)); err != nil {
		return nil, err
	}
	old, err := p.solvedBefore(v.before, s, v.solution.net)
	if err != nil {
		return nil, err
	}
	if err := p.readWaiting(); err != nil {
		return nil, err
	}
	for _, e := range p.touched(v.before.known, r.series, old, v.solution.net, decides) {
		if err := p.replan(*e); err != nil {
			return nil, fmt.Errorf("event %q: plan: %w", e.ID, err)
		}
	}
	return p.planStories()
}

// takeBackHidden takes back what waits to be told of events in channels whose readers may not
// see them any more. That can only be where what they see was worked out anew.
func (p *planner) takeBackHidden(v *vantage) error {
	if v.eyes == nil || v.before.known {
		return nil
	}
	var hidden []notice.Item
	for id := range v.eyes.hidden {
		items, err := p.items(id)
		if err != nil {
			return err
		}
		hidden = append(hidden, items...)
	}
	for _, it := range hidden {
		if it.State != notice.Pending {
			continue
		}
		it.Become(notice.Superseded, p.now, "its channel may not carry the event")
		if err := p.tx.PutItem(it); err != nil {
			return err
		}
	}
	return nil
}

// items returns the items of an event in the channels that p plans for.
func (p *planner) items(id string) ([]notice.Item, error) {
	items, err := p.tx.ItemsOf(id)
	return slices.DeleteFunc(items, func(it notice.Item) bool { return !p.owns(it.Channel) }), err
}

// told returns the channels that p plans for to which a notice of kind k about e goes.
func (p *planner) told(e agenda.Entry, k notice.Kind) []string {
	return slices.DeleteFunc(p.rules.Channels(e, k), func(ch string) bool { return !p.owns(ch) })
}

// dependents returns, by the id of an event, those of which it decides a condition, and
// those whose dates lean on it.
func dependents(list []*agenda.Entry) (decides, bounds map[string][]string) {
	decides, bounds = make(map[string][]string), make(map[string][]string)
	for _, e := range list {
		for _, c := range e.Conditions {
			decides[c.Event] = append(decides[c.Event], e.ID)
		}
		for _, st := range e.When {
			if on := st.Expr.LeansOn(); on != "" {
				bounds[on] = append(bounds[on], e.ID)
			}
		}
	}
	return decides, bounds
}

// reach adds to ids all that next leads to from them, one after the other.
func reach(ids map[string]bool, next map[string][]string) {
	todo := slices.Collect(maps.Keys(ids))
	for ; len(todo) > 0; todo = todo[1:] {
		for _, id := range next[todo[0]] {
			if !ids[id] {
				ids[id] = true
				todo = append(todo, id)
			}
		}
	}
}

// solvedBefore returns what followed before this reading: as this process knows it or, after
// a start, what follows now with the events put back that were revised.
func (p *planner) solvedBefore(known solution, s *Settings, now agenda.Net) (agenda.Net, error) {
	if known.known || p.first {
		return known.net, nil
	}
	var put []agenda.Input
	var gone []string
	for id, first := range p.revised {
		if first == 1 {
			gone = append(gone, id)
			continue
		}
		if _, shown := find(p.list, id); !shown {
			continue
		}
		rev, ok, err := p.tx.Revision(id, first-1)
		if err == nil && !ok && !p.whole {
			gone = append(gone, id) // who reads could not see it then
			continue
		}
		if err != nil || !ok {
			return agenda.Net{}, fmt.Errorf("event %q: revision %d: %w", id, first-1, cmp.Or(err, errGone))
		}
		rev.Event = rev.Event.Counted(s.Calendars)
		put = append(put, agenda.Input{Revision: rev})
	}
	return now.Apply(put, gone), nil
}

// touched returns the events of which anything can be new: all, unless this process knows
// how they stood before and the rules are the same; what comes again where series says so,
// since its coming days drew nearer. decides are those of which an event
// decides a condition: where it moves, that may come too late.
func (p *planner) touched(known, series bool, before, now agenda.Net, decides map[string][]string) []*agenda.Entry {
	ids := maps.Clone(p.concerned)
	for _, m := range agenda.Diff(before, now) {
		ids[m.New.ID] = true
		p.roots[m.New.ID] = m.Root
		for _, id := range decides[m.New.ID] {
			p.dependents[id] = true
		}
	}
	maps.Copy(ids, p.dependents)
	if !known || p.all {
		return p.list
	}
	counting := now.Counting() // a series among them may leave out other days now
	return slices.DeleteFunc(slices.Clone(p.list), func(e *agenda.Entry) bool {
		return !ids[e.ID] && (e.Series == nil || !series && !slices.Contains(counting, e.ID))
	})
}

// planner brings the outbox in step with one event after the other, and then tells of
// what happened to all of them.
type planner struct {
	tx             *store.Tx
	install        string
	rules          notice.Rules
	context        notice.Context
	loc            *time.Location // of the installation
	now            time.Time
	quiet          func(id string) bool // of an event of which nothing is told
	first          bool                 // nothing is told of what is known from the beginning
	all            bool                 // the rules changed
	revised        map[string]int       // the first revision of each in this reading
	concerned      map[string]bool      // revised ones, and those whose conditions they decide
	dependents     map[string]bool      // those whose date was edited, and those that lean on or wait for what moved
	contradictions map[string]bool      // contradictions that there are, by their statements
	list           []*agenda.Entry      // all events, in the order of ids
	shifts         []change.Shift
	planned        map[place]effect
	waiting        map[string]notice.Item // by key: what waits to tell of a change
	roots          map[string]string      // of each that moved, the event that it goes back to
	sequence       map[string]uint64      // of each that was revised in this reading, the number of that change
	ruled          map[string]uint64      // of each that a rule moved, the number of that change; the same for all vantages
	replanned      int                    // how many events were planned anew

	owns  func(channel string) bool // of the channels that it plans for
	whole bool                      // their readers see everything
}

// place is an event in a channel.
type place struct{ event, channel string }

// effect is what planning an event anew did to its reminders in a channel.
type effect struct{ moved, dropped int }

func newPlanner(tx *store.Tx, install string, s *Settings, list []*agenda.Entry, now time.Time) *planner {
	p := &planner{
		tx: tx, install: install, rules: s.Rules, loc: s.Location, now: now, list: list,
		revised: make(map[string]int), contradictions: make(map[string]bool), planned: make(map[place]effect), waiting: make(map[string]notice.Item),
		concerned: make(map[string]bool), dependents: make(map[string]bool), roots: make(map[string]string),
		sequence: make(map[string]uint64),
	}
	p.context = s.planContext(list)
	p.context.Now = now
	for _, e := range list {
		for _, set := range e.Contradictions {
			p.contradictions[strings.Join(set, " ")] = true
		}
	}
	return p
}

// edited reports whether the event id was revised in this reading.
func (p *planner) edited(id string) bool { return p.revised[id] > 0 }

// planContext returns what planning asks of the world.
func (s *Settings) planContext(list []*agenda.Entry) notice.Context {
	return notice.Context{Sources: s.Sources, Entry: func(id string) (agenda.Entry, bool) { return find(list, id) }}
}

// replan plans e anew if anything about it is new.
func (p *planner) replan(e agenda.Entry) error {
	touched := p.all || p.concerned[e.ID] || p.dependents[e.ID] || e.Series != nil // its next days come nearer
	was, moved, err := p.recordWindow(e)
	if err != nil || !touched && !moved {
		return err
	}
	if moved {
		if err := p.recordMove(e, was); err != nil {
			return fmt.Errorf("record that it moved: %w", err)
		}
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

// readSequence finds the changes of this reading, which are the last n.
func (p *planner) readSequence(n int) error {
	last, err := p.tx.LastChange()
	if err != nil {
		return err
	}
	made, err := p.tx.Changes(last-min(last, uint64(n)), n)
	for _, c := range made {
		p.sequence[c.Event] = c.Seq
	}
	return err
}

// recordMove gives e, which was not revised, its move in its history: with the change of the
// event that moved it or, where a rule of a zone or a calendar changed, with one of its own.
func (p *planner) recordMove(e agenda.Entry, was when.Window) (err error) {
	m := store.Move{Seq: p.sequence[p.roots[e.ID]], Event: e.ID, Revision: e.Revision, Was: was, Is: e.Window}
	switch {
	case m.Seq > 0:
	case !p.whole: // a rule is told of where everything is seen, or what they see changed
		if m.Seq = p.ruled[e.ID]; m.Seq == 0 {
			return nil
		}
	default:
		if m.Seq, err = p.tx.PutRuleChange(e.ID, e.Revision, byAttache, p.now); err != nil {
			return err
		}
		p.ruled[e.ID] = m.Seq
	}
	return p.tx.PutMove(m)
}

// planNotices plans what is said of e.
func (p *planner) planNotices(e agenda.Entry) error {
	items, err := p.items(e.ID)
	if err != nil {
		return err
	}
	have := make(map[string]bool, len(items))
	for _, it := range items {
		have[it.Key] = true
	}
	rules := p.rules
	if p.first { // no edit is told of
		rules.Settle = 0
	}
	known := slices.Concat(items, p.changing(notice.Concerns(e, items)))
	also := notice.Contradictions(e, known, func(names string) bool { return p.contradictions[names] }, p.now, rules)
	also = append(also, notice.Late(e, known, p.now, rules)...)
	if !p.first {
		also = append(also, notice.Conditions(e, known, p.now, p.rules)...)
	}
	p.replanned++
	for _, loc := range p.rules.Zones() {
		if err := p.planFor(e, rules.In(loc), items, also, have); err != nil {
			return err
		}
	}
	return nil
}

// changing returns what waits to tell that one of the events changed: what else comes of such a
// change is told with it.
func (p *planner) changing(ids []string) (out []notice.Item) {
	if len(ids) == 0 {
		return nil
	}
	for _, it := range p.waiting {
		if slices.Contains(ids, it.Notice.Event) {
			out = append(out, it)
		}
	}
	return out
}

// planFor plans what is said of e to the receivers of rules, in whose zone the mornings are
// their own: by its plan, and also what depends on no morning. all are the items that there
// are of e.
func (p *planner) planFor(e agenda.Entry, rules notice.Rules, all []notice.Item, also []notice.Notice, have map[string]bool) error {
	here := func(channel string) bool { return p.rules.Zone(channel).String() == rules.Location.String() }
	channels := func(n notice.Notice) []string {
		return slices.DeleteFunc(p.told(e, n.Kind), func(ch string) bool { return !here(ch) })
	}
	items := slices.DeleteFunc(slices.Clone(all), func(it notice.Item) bool { return !here(it.Channel) })
	planned := notice.Plan(e, rules, p.context)
	fresh := append(notice.ToRecord(e, planned, items, rules, p.now), also...)
	p.effectOn(items, fresh)
	keep := make(map[string]bool)
	for _, n := range append(planned, also...) {
		for _, ch := range channels(n) {
			keep[notice.ItemKey(p.install, n.Key, ch)] = true
		}
	}
	if err := p.supersede(items, keep); err != nil {
		return err
	}
	for _, n := range fresh {
		if p.old(e, n, all) {
			continue
		}
		if err := p.add(n, channels(n), have); err != nil {
			return err
		}
	}
	return nil
}

// old reports whether n was due and recorded before other rules sent it elsewhere, too: who is
// new is told what falls due from now on. all are the items that there are of e.
func (p *planner) old(e agenda.Entry, n notice.Notice, all []notice.Item) bool {
	return p.all && !p.concerned[e.ID] && n.Due.Before(p.now) &&
		slices.ContainsFunc(all, func(it notice.Item) bool {
			return it.Notice.Key == n.Key && it.State != notice.Pending && it.State != notice.Superseded
		})
}

// effectOn counts, by channel, the reminders that waited and move to another instant or give
// way to others, and those that are taken back where no other is planned.
func (p *planner) effectOn(items []notice.Item, fresh []notice.Notice) {
	reminds := func(n notice.Notice) bool { return n.Kind == notice.Reminder || n.Kind == notice.Window }
	others := 0 // that are planned in place of what waited
	for _, n := range fresh {
		if reminds(n) && !slices.ContainsFunc(items, func(it notice.Item) bool { return it.Notice.Key == n.Key || n.SameRung(it.Notice) }) {
			others++
		}
	}
	replaced := make(map[place]int)
	for _, it := range items {
		n := it.Notice
		if it.State != notice.Pending || !reminds(n) {
			continue
		}
		i := slices.IndexFunc(fresh, func(f notice.Notice) bool { return f.Key == n.Key })
		if i < 0 { // what comes again has a rung for each of its days
			i = slices.IndexFunc(fresh, func(f notice.Notice) bool { return f.SameRung(n) })
		}
		at := place{n.Event, it.Channel}
		c := p.planned[at]
		switch {
		case i < 0 && others == 0:
			c.dropped++
		case i < 0 && replaced[at] < others:
			replaced[at]++
			c.moved++
		case i >= 0 && !fresh[i].Due.Equal(n.Due):
			c.moved++
		}
		p.planned[at] = c
	}
}

// supersede takes back what was planned and no longer applies. What is being
// sent, or may have been, is left to whoever sends it.
func (p *planner) supersede(items []notice.Item, keep map[string]bool) error {
	for _, it := range items {
		if it.State != notice.Pending || keep[it.Key] || slices.Contains([]notice.Kind{notice.Changed, notice.Card, notice.Digest}, it.Notice.Kind) {
			continue
		}
		if stays, err := p.snoozed(it); err != nil || stays {
			if err != nil {
				return err
			}
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
			again := old.Attempts == 0 && (old.State == notice.Superseded || old.State == notice.Pending &&
				(!old.Notice.Due.Equal(n.Due) || p.all && !old.NextTry.IsZero())) // at another hour, or put off by other rules
			if ok && !again {
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
