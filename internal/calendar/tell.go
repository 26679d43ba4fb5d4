package calendar

import (
	"cmp"
	"slices"
	"time"

	"attache/internal/agenda"
	"attache/internal/change"
	"attache/internal/notice"
	"attache/internal/store"
	"attache/internal/when"
)

// teller plans what one channel is told of one act: of its own events alone, and against what
// it was last told of each.
type teller struct {
	*planner
	channel string
	root    string
	at      time.Time       // of the first of the edits that are told together
	before  map[string]told // by id: what the notices would have told that are taken back
	counted effect          // likewise
}

// told is what a channel was last told of an event.
type told struct {
	revision int         // 0 for none
	window   when.Window // the zero Window where it is what the revision says
}

// tell plans the one notice of an act in a channel. Acts that follow each other within the time
// to settle become one notice, which tells all since the first; those that end where they
// began become none. It returns what of it moved along.
func (p *planner) tell(channel string, st change.Story) ([]notice.Follow, error) {
	t := &teller{planner: p, channel: channel, root: st.Root.New.Event.ID, at: p.now, before: make(map[string]told)}
	e, known := find(p.list, t.root)
	takes := known && t.takes(e)
	if err := t.takeBack(takes && len(st.Changes) > 0); err != nil {
		return nil, err
	}
	changed := false
	var last told
	var err error
	if takes {
		if last, changed, err = t.changed(e, st.Root); err != nil {
			return nil, err
		}
	}
	follows, err := t.follows(st)
	if err != nil {
		return nil, err
	}
	var n notice.Notice
	switch {
	case changed && last.revision == e.Revision:
		n = notice.Derived(e, "", last.window, t.at, p.rules)
		n.Follows = follows
	case changed:
		n = notice.Change(e, store.Gist(e.Event), last.revision, last.window, t.at, p.rules)
		n.Follows = follows
	case len(follows) > 0:
		lead, _ := find(p.list, follows[0].Event) // it was found before
		n = notice.Derived(lead, t.root, follows[0].Was, t.at, p.rules)
		n.Follows = follows[1:]
	default:
		return nil, nil
	}
	t.count(&n)
	return follows, p.addChange(n, channel)
}

func (t *teller) takes(e agenda.Entry) bool {
	return slices.Contains(t.told(e, notice.Changed), t.channel)
}

// takeBack takes back what waits to be told here of the same act, and of what followed from
// others to its root where that is told of now.
func (t *teller) takeBack(changed bool) error {
	for key, it := range t.waiting {
		n := it.Notice
		i := slices.IndexFunc(n.Follows, func(f notice.Follow) bool { return f.Event == t.root })
		same := n.Event == t.root || n.Cause == t.root
		if it.Channel != t.channel || !same && (i < 0 || !changed) {
			continue
		}
		if !same && n.Cause == "" { // another event's own notice goes on without it
			t.saw(t.root, told{t.revised[t.root] - 1, n.Follows[i].Was})
			it.Notice.Follows = slices.Delete(slices.Clone(n.Follows), i, i+1)
			t.waiting[key] = it
			if err := t.tx.PutItem(it); err != nil {
				return err
			}
			continue
		}
		t.saw(n.Event, told{n.From, n.Was})
		for _, f := range n.Follows {
			if e, ok := find(t.list, f.Event); ok {
				t.saw(f.Event, told{e.Revision, f.Was})
			}
		}
		if began := n.Due.Add(-t.rules.Settle); began.Before(t.at) {
			t.at = began
		}
		t.counted = effect{max(t.counted.moved, n.Rearmed), max(t.counted.dropped, n.Dropped)}
		it.Become(notice.Superseded, t.now, "a later edit is told with it")
		delete(t.waiting, key)
		if err := t.tx.PutItem(it); err != nil {
			return err
		}
	}
	return nil
}

// saw notes what was last told of an event, the oldest of what several notices say.
func (t *teller) saw(id string, last told) {
	if have, ok := t.before[id]; !ok || last.revision < have.revision {
		t.before[id] = last
	}
}

// changed returns what was last told of the root, and whether people are told that it changed.
func (t *teller) changed(e agenda.Entry, sh change.Shift) (last told, changed bool, err error) {
	last, waited := t.before[e.ID]
	switch {
	case waited:
	case sh.Edited:
		last.revision = t.revised[e.ID] - 1
	case change.Moved(sh.Old.Window, sh.New.Window): // a rule of a zone or a calendar changed
		last = told{e.Revision, sh.Old.Window}
	default:
		return last, false, nil
	}
	changes, err := t.changes(e, last)
	if err != nil || len(changes) == 0 || lapsedAlone(changes) {
		return last, false, err
	}
	if last.window.Precision == "" && slices.ContainsFunc(changes, func(c change.Change) bool { return c.Field == "date" }) {
		crept, ok, err := t.tx.Unsaid(e.ID, t.channel)
		if err != nil || !ok {
			return last, err == nil, err
		}
		last.window = crept
		if changes, err = t.changes(e, last); err != nil {
			return last, false, err
		}
		err = t.tx.DropUnsaid(e.ID, t.channel)
		return last, len(changes) > 0, err
	}
	return last, true, nil
}

func (t *teller) changes(e agenda.Entry, last told) ([]change.Change, error) {
	if last.revision == e.Revision && !change.Moved(last.window, e.Window) {
		return nil, nil
	}
	return changesSince(t.tx, e, last.revision, e.Revision, last.window)
}

// lapsedAlone reports whether all that changed is that nobody said what became of it: that
// is told in digests.
func lapsedAlone(changes []change.Change) bool {
	return len(changes) == 1 && changes[0].Type == change.Lapsed
}

// follows returns what of the channel's events moved along, in the order in which it comes:
// without what another notice tells, what is back where it was, and what moved by too little,
// of which it is kept from where.
func (t *teller) follows(st change.Story) (out []notice.Follow, err error) {
	moved := make(map[string]when.Window)
	for _, f := range st.Follows {
		moved[f.New.Event.ID] = f.Old.Window
	}
	for id, last := range t.before {
		if id != t.root {
			moved[id] = last.window
		}
	}
	for id, was := range moved {
		e, ok := find(t.list, id)
		if !ok || !t.takes(e) {
			continue
		}
		crept, unsaid, err := t.tx.Unsaid(id, t.channel)
		if err != nil {
			return nil, err
		}
		if unsaid {
			was = crept
		}
		if elsewhere, err := t.toldElsewhere(id, crept); err != nil {
			return nil, err
		} else if elsewhere {
			continue
		}
		f := change.Follow(change.Shift{Old: change.State{Window: was}, New: stateNow(e), Lead: t.rules.Longest(e)}, t.today())
		switch far := change.Moved(was, e.Window); {
		case far && f.Told():
			out = append(out, notice.Follow{Event: id, Was: was, Squeezed: f.Squeezed})
			err = t.tx.DropUnsaid(id, t.channel)
		case far && !unsaid:
			err = t.tx.PutUnsaid(id, t.channel, was)
		case !far && unsaid:
			err = t.tx.DropUnsaid(id, t.channel)
		}
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(out, func(a, b notice.Follow) int {
		x, _ := find(t.list, a.Event)
		y, _ := find(t.list, b.Event)
		return cmp.Or(change.Sooner(x.Window, y.Window), cmp.Compare(a.Event, b.Event))
	})
	return out, nil
}

// toldElsewhere reports whether another notice that waits in the channel speaks of the event
// id: it tells the move, too. crept is where the event lay when it was last told, where it moved
// by little since.
func (t *teller) toldElsewhere(id string, crept when.Window) (bool, error) {
	for key, it := range t.waiting {
		n := it.Notice
		switch {
		case it.Channel != t.channel:
		case n.Event == id && n.Was.Precision == "" && crept.Precision != "": // it was to tell of other things than the date
			it.Notice.Was = crept
			t.waiting[key] = it
			return true, cmp.Or(t.tx.PutItem(it), t.tx.DropUnsaid(id, t.channel))
		case n.Event == id, slices.ContainsFunc(n.Follows, func(f notice.Follow) bool { return f.Event == id }):
			return true, nil
		}
	}
	return false, nil
}

// count puts into n how many reminders of its events were moved and taken back here.
func (t *teller) count(n *notice.Notice) {
	sum := t.planned[place{n.Event, t.channel}]
	for _, f := range n.Follows {
		c := t.planned[place{f.Event, t.channel}]
		sum.moved, sum.dropped = sum.moved+c.moved, sum.dropped+c.dropped
	}
	n.Rearmed, n.Dropped = max(t.counted.moved, sum.moved), max(t.counted.dropped, sum.dropped)
}

// addChange records the notice of a change for one channel.
func (p *planner) addChange(n notice.Notice, channel string) error {
	n, err := n.Once(func(key string) (bool, error) {
		it, ok, err := p.tx.Item(notice.ItemKey(p.install, key, channel))
		return ok && (it.State != notice.Superseded || it.Attempts > 0), err
	})
	if err != nil {
		return err
	}
	key := notice.ItemKey(p.install, n.Key, channel)
	if err := p.add(n, []string{channel}, map[string]bool{key: true}); err != nil {
		return err
	}
	it, ok, err := p.tx.Item(key)
	if ok && it.State == notice.Pending {
		p.waiting[key] = it
	}
	return err
}
