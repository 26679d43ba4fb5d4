package change

import (
	"cmp"
	"slices"

	"attache/internal/civil"
	"attache/internal/when"
)

// Shift is how one event stood before an edit and how it stands after it.
type Shift struct {
	Old, New State  // Old.Event.ID is "" for an event that nobody knew before
	Edited   bool   // it was revised itself
	Root     string // id of the event whose statement moved this one; its own, or "", where it was edited itself
	Lead     int    // days that it needs to be prepared, of its own leads; 0 is none
}

// Story is what one edit did: to the event that was edited, and to all that follow it.
// However many events an edit moves, it is one story.
type Story struct {
	Root    Shift
	Changes []Change   // of the root itself, the weightiest first; never nil
	Follows []Follower // in the order in which they come now
}

// Follower is an event that moved because the root of its story did.
type Follower struct {
	Shift
	Urgency  Urgency
	Squeezed bool // fewer days are left than it needs, and there were enough before
}

// Follow returns s as a move that followed from another event's. today is the day from which
// days ahead are counted.
func Follow(s Shift, today civil.Date) Follower {
	return Follower{s, urgency(s, today), squeezed(s)}
}

// Told reports whether the move is large enough for people to be told.
func (f Follower) Told() bool { return f.Urgency != Unsaid || f.Squeezed }

// Move is one bound that moved. An open end is the zero Bound.
type Move struct {
	Bound    string // earliest, latest or ends_latest
	Old, New when.Bound
}

// Stories groups what an edit did by the event that it goes back to, in the order of
// their ids. An event that did not change in anything people are told of is left out.
// today is the day from which days ahead are counted.
func Stories(shifts []Shift, today civil.Date) []Story {
	roots := make(map[string]*Story)
	story := func(id string) *Story {
		if roots[id] == nil {
			roots[id] = &Story{Changes: []Change{}}
			roots[id].Root.Root = id
			roots[id].Root.New.Event.ID = id
		}
		return roots[id]
	}
	for _, s := range shifts {
		root := cmp.Or(s.Root, s.New.Event.ID)
		st := story(root)
		if root == s.New.Event.ID {
			st.Root, st.Changes = s, s.changes()
		} else if Moved(s.Old.Window, s.New.Window) {
			st.Follows = append(st.Follows, Follow(s, today))
		}
	}
	var out []Story
	for _, st := range roots {
		if len(st.Changes)+len(st.Follows) == 0 {
			continue
		}
		slices.SortFunc(st.Follows, func(a, b Follower) int {
			return cmp.Or(Sooner(a.New.Window, b.New.Window), cmp.Compare(a.New.Event.ID, b.New.Event.ID))
		})
		out = append(out, *st)
	}
	slices.SortFunc(out, func(a, b Story) int { return cmp.Compare(a.Root.New.Event.ID, b.Root.New.Event.ID) })
	return out
}

// changes returns what an edit changed in the event itself.
func (s Shift) changes() []Change {
	if s.Old.Event.ID == "" {
		return New(s.New)
	}
	return Between(s.Old, s.New)
}

// Sooner orders two windows by the day on which each can begin; one that is open comes last.
func Sooner(a, b when.Window) int { return first(a).Compare(first(b)) }

// first returns the day on which w can begin, and the last of all where that is open.
func first(w when.Window) civil.Date {
	if w.Earliest.Known() {
		return w.Earliest.Day
	}
	return civil.Date{Year: 9999, Month: 12, Day: 31}
}

// Moves returns the bounds in which two windows differ.
func Moves(a, b when.Window) []Move {
	var out []Move
	add := func(name string, from, to when.Bound) {
		if !from.Same(to) {
			out = append(out, Move{name, from, to})
		}
	}
	add("earliest", a.Earliest, b.Earliest)
	add("latest", a.Latest, b.Latest)
	if a.Lasts() || b.Lasts() {
		add("ends_latest", a.EndsLatest, b.EndsLatest)
	}
	return out
}

// squeezed reports whether the days left to an event fell below those that it needs.
func squeezed(s Shift) bool {
	was, known := slack(s.Old.Window)
	is, now := slack(s.New.Window)
	return s.Lead > 0 && now && !s.New.Window.Settled() && is < s.Lead && (!known || was >= s.Lead)
}

// slack returns how many days lie between the bounds of w, and false where one is open.
func slack(w when.Window) (int, bool) {
	if !w.Earliest.Known() || !w.Latest.Known() {
		return 0, false
	}
	return w.Latest.Day.Sub(w.Earliest.Day), true
}
