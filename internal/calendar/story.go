package calendar

import (
	"fmt"
	"slices"

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

// readWaiting reads what waits to be told of earlier changes.
func (p *planner) readWaiting() error {
	if p.first {
		return nil
	}
	waiting, err := p.tx.Changing()
	for _, it := range waiting {
		if p.owns(it.Channel) {
			p.waiting[it.Key] = it
		}
	}
	return err
}

// planStories plans what people are told of this reading: in each channel one notice of each act,
// of what it did to the events of that channel. It returns what each act did, as it is told.
func (p *planner) planStories() ([]change.Story, error) {
	if p.first {
		return nil, nil
	}
	stories := change.Stories(p.shifts, p.today())
	acts := stories
	for _, sh := range p.shifts { // an edit that is not told of can still take back one that would be
		id := sh.New.Event.ID
		if sh.Edited && !slices.ContainsFunc(stories, func(st change.Story) bool { return st.Root.New.Event.ID == id }) {
			acts = append(slices.Clip(acts), change.Story{Root: sh})
		}
	}
	for i := range acts {
		if err := p.planStory(&acts[i]); err != nil {
			return nil, fmt.Errorf("event %q: plan: %w", acts[i].Root.New.Event.ID, err)
		}
	}
	return acts[:len(stories)], nil
}

func (p *planner) today() civil.Date { return civil.DateOf(p.now, p.loc) }

// planStory plans the notices of one act, and leaves in st what people are told moved along.
func (p *planner) planStory(st *change.Story) error {
	said := make(map[string]notice.Follow)
	for _, ch := range p.audience(*st) {
		follows, err := p.tell(ch, *st)
		if err != nil {
			return err
		}
		for _, f := range follows {
			said[f.Event] = f
		}
	}
	var told []change.Follower
	for _, f := range st.Follows {
		id := f.New.Event.ID
		if s, ok := said[id]; ok {
			f.Old.Window, f.Squeezed = s.Was, s.Squeezed
			told = append(told, f)
		} else if len(p.channels(id)) == 0 && f.Told() { // nobody is to be told, and yet it moves
			told = append(told, f)
		}
	}
	st.Follows = told
	return nil
}

// channels returns the channels that are told of changes of the event id.
func (p *planner) channels(id string) []string {
	e, ok := find(p.list, id)
	if !ok {
		return nil
	}
	return p.told(e, notice.Changed)
}

// audience returns the channels that an act has to do with: those of its events, and those in
// which something waits to be told of it.
func (p *planner) audience(st change.Story) []string {
	root := st.Root.New.Event.ID
	out := p.channels(root)
	for _, f := range st.Follows {
		out = append(out, p.channels(f.New.Event.ID)...)
	}
	for _, it := range p.waiting {
		if it.Notice.Event == root || it.Notice.Cause == root {
			out = append(out, it.Channel)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// changesSince returns what changed in e from its revision from, which is 0 before it was
// known, to its revision to. was is when it could be before, the zero Window where that is
// what the revision says.
func changesSince(tx *store.Tx, e agenda.Entry, from, to int, was when.Window) ([]change.Change, error) {
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
	if before.Event.ID == "" {
		return change.New(now), nil
	}
	if was.Precision != "" {
		before.Window = was
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
		if _, hidden, err := tx.Bare().Revision(id, n); err != nil || hidden { // it was not known to whoever reads
			return change.State{}, err
		}
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
