package calendar

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"attache/internal/agenda"
	"attache/internal/change"
	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/notice"
	"attache/internal/store"
	"attache/internal/when"
)

// noteShift records how e stood before this reading and how it stands now. was is when it
// could be if it was not revised itself.
func (p *planner) noteShift(e agenda.Entry, was when.Window) error {
	sh := change.Shift{New: stateNow(e), Edited: p.edited(e.ID), Lead: p.rules.Longest(e)}
	sh.Old = change.State{Event: sh.New.Event, Window: was}
	if sh.Edited {
		var err error
		if sh.Old, err = stateAt(p.tx, e.ID, p.revised[e.ID]-1); err != nil {
			return err
		}
	} else if root := p.roots[e.ID]; p.edited(root) { // else a rule of a zone or a calendar changed
		sh.Root = root
	}
	p.shifts = append(p.shifts, sh)
	return nil
}

// stateNow returns what holds of e.
func stateNow(e agenda.Entry) change.State {
	return change.State{Event: e.Recorded(), Window: e.Window}
}

// planStories records what people are told of this reading: one notice for each event that it
// goes back to.
func (p *planner) planStories() (stories []change.Story, err error) {
	today := civil.DateOf(p.now, p.loc)
	if p.first {
		return nil, nil
	}
	var told []string
	stories = change.Stories(p.shifts, today)
	for _, st := range stories {
		id := st.Root.New.Event.ID
		told = append(told, id)
		if err := p.planStory(id, st); err != nil {
			return nil, fmt.Errorf("event %q: plan: %w", id, err)
		}
	}
	for _, sh := range p.shifts { // an edit that is not told of can still take back one that would be
		if id := sh.New.Event.ID; sh.Edited && !slices.Contains(told, id) {
			if err := p.planStory(id, change.Story{}); err != nil {
				return nil, fmt.Errorf("event %q: plan: %w", id, err)
			}
		}
	}
	return stories, nil
}

// planStory plans the notice of what happened to the event id, and what followed. Edits
// that follow each other within the time to settle become one notice, which speaks of
// all since the first; edits that end where they began become none.
func (p *planner) planStory(id string, st change.Story) error {
	e, ok := find(p.list, id)
	if !ok {
		return nil
	}
	items, err := p.tx.ItemsOf(id)
	if err != nil {
		return err
	}
	n, err := p.changeNotice(e, items)
	if err != nil {
		return err
	}
	p.addFollows(&n, st)
	changes, err := changesSince(p.tx, e, n.From, n.To)
	if err != nil || len(changes)+len(n.Follows) == 0 && n.Was == "" || lapsedAlone(changes) {
		return err
	}
	have := make(map[string]bool, len(items))
	for _, it := range items {
		have[it.Key] = true
	}
	return p.add(n, p.audience(e, n, st), have)
}

// lapsedAlone reports whether all that changed is that nobody said what became of it: that
// is told in digests.
func lapsedAlone(changes []change.Change) bool {
	return len(changes) == 1 && changes[0].Type == change.Lapsed
}

// changeNotice returns the notice of a change of e, together with those that are not sent yet,
// which it takes back.
func (p *planner) changeNotice(e agenda.Entry, items []notice.Item) (notice.Notice, error) {
	from, at := e.Revision, p.now
	if first := p.revised[e.ID]; first > 0 {
		from = first - 1
	}
	was := ""
	var waiting []notice.Notice
	for _, it := range items {
		if it.State != notice.Pending || it.Notice.Kind != notice.Changed {
			continue
		}
		from = min(from, it.Notice.From)
		if began := it.Notice.Due.Add(-p.rules.Settle); began.Before(at) {
			at = began
		}
		was = cmp.Or(was, it.Notice.Was)
		waiting = append(waiting, it.Notice)
		it.Become(notice.Superseded, p.now, "a later edit is told with it")
		if err := p.tx.PutItem(it); err != nil {
			return notice.Notice{}, err
		}
	}
	n := notice.Change(e, from, at, p.rules)
	for _, w := range waiting {
		n.Follows = append(n.Follows, w.Follows...)
		n.Rearmed, n.Dropped = max(n.Rearmed, w.Rearmed), max(n.Dropped, w.Dropped)
	}
	if was == "" && !p.edited(e.ID) { // nobody edited it
		if sh := p.shiftOf(e.ID); sh != nil {
			was = sh.Old.Window.Words()
		}
	}
	if from == e.Revision && was != "" {
		n = notice.Derived(e, was, at, p.rules)
	} else if p.epoch != "" {
		n.Key = notice.EpochKey(n.Key, p.epoch)
	}
	return n, nil
}

func (p *planner) shiftOf(id string) *change.Shift {
	for i := range p.shifts {
		if p.shifts[i].New.Event.ID == id {
			return &p.shifts[i]
		}
	}
	return nil
}

// addFollows puts into n what moved along, each from where it lay before the first of the
// edits, and how many reminders that moved. What is too small to be told of, and what is
// back where it was, is left out.
func (p *planner) addFollows(n *notice.Notice, st change.Story) {
	seen := make(map[string]bool)
	var all []notice.Follow
	for _, f := range n.Follows {
		all = append(all, f)
		seen[f.Event] = true
	}
	sum := p.planned[n.Event]
	for _, f := range st.Follows {
		if f.Urgency == change.Unsaid && !f.Squeezed && !seen[f.New.Event.ID] {
			continue
		}
		c := p.planned[f.New.Event.ID]
		sum.moved, sum.dropped = sum.moved+c.moved, sum.dropped+c.dropped
		if !seen[f.New.Event.ID] {
			all = append(all, notice.Follow{Event: f.New.Event.ID, Was: f.Old.Window, Squeezed: f.Squeezed})
			seen[f.New.Event.ID] = true
		}
	}
	n.Rearmed, n.Dropped = max(n.Rearmed, sum.moved), max(n.Dropped, sum.dropped)
	n.Follows = nil
	for _, f := range all {
		if e, ok := find(p.list, f.Event); ok && change.Moved(f.Was, e.Window) {
			n.Follows = append(n.Follows, f)
		}
	}
	slices.SortFunc(n.Follows, func(a, b notice.Follow) int { return strings.Compare(a.Event, b.Event) })
	n.Follows = slices.CompactFunc(n.Follows, func(a, b notice.Follow) bool { return a.Event == b.Event })
}

// audience returns the channels that a change of e is told in: its own, and those of what
// it moves, unless too little to be told of.
func (p *planner) audience(e agenda.Entry, n notice.Notice, st change.Story) []string {
	out := p.rules.Channels(e, n.Kind)
	for _, f := range st.Follows {
		other, ok := find(p.list, f.New.Event.ID)
		if !ok || f.Urgency == change.Unsaid && !f.Squeezed {
			continue
		}
		for _, ch := range p.rules.Channels(other, n.Kind) {
			if !slices.Contains(out, ch) {
				out = append(out, ch)
			}
		}
	}
	return out
}

// changesSince returns what changed in e from its revision from to its revision to; 0 is
// before it was known.
func changesSince(tx *store.Tx, e agenda.Entry, from, to int) ([]change.Change, error) {
	now := stateNow(e)
	if to != e.Revision {
		var err error
		if now, err = stateAt(tx, e.ID, to); err != nil {
			return nil, err
		}
	}
	if from == 0 {
		return change.New(now), nil
	}
	before, err := stateAt(tx, e.ID, from)
	if err != nil {
		return nil, err
	}
	return change.Between(before, now), nil
}

// stateAt returns what held of an event at its revision n, the zero State for 0.
func stateAt(tx *store.Tx, id string, n int) (change.State, error) {
	if n == 0 {
		return change.State{}, nil
	}
	r, ok, err := tx.Revision(id, n)
	if err != nil {
		return change.State{}, err
	}
	if !ok {
		return change.State{}, fmt.Errorf("its revision %d is missing", n)
	}
	return stateOf(tx, r)
}

// stateOf returns what held of an event last while r was its revision.
func stateOf(tx *store.Tx, r event.Revision) (change.State, error) {
	return stateWithin(tx.Window, r)
}

// firstStateOf returns what held of an event when r was made.
func firstStateOf(tx *store.Tx, r event.Revision) (change.State, error) {
	return stateWithin(tx.FirstWindow, r)
}

func stateWithin(window func(id string, n int) (when.Window, bool, error), r event.Revision) (change.State, error) {
	w, known, err := window(r.Event.ID, r.Number)
	if !known {
		w = agenda.Compute(r, "", r.At).Window
	}
	return change.State{Event: r.Event, Window: w}, err
}

// reasonSince returns why e changed between two revisions: a reason that stood there before
// explains nothing.
func reasonSince(tx *store.Tx, id string, from, to int) (string, error) {
	after, err := stateAt(tx, id, to)
	if err != nil {
		return "", err
	}
	before, err := stateAt(tx, id, from)
	if err != nil || before.Event.Reason == after.Event.Reason {
		return "", err
	}
	return after.Event.Reason, nil
}
