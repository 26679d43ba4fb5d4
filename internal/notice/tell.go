package notice

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"attache/internal/agenda"
	"attache/internal/when"
)

// Change returns the notice that e changed from its revision from to its current
// one, due once the edits have settled. was is when it could be as its receiver was last
// told, zero where that is what its revision from says; at is the instant of the first
// change that the notice speaks of. Its key is made of gist, which names what e says: a number
// of a revision means another one in a database that was restored.
func Change(e agenda.Entry, gist string, from int, was when.Window, at time.Time, r Rules) Notice {
	n := Notice{Event: e.ID, Kind: Changed, About: TheChange, From: from, To: e.Revision, Was: was, Due: at.Add(r.Settle).UTC()}
	n.Key = key(n.Event, string(n.Kind), gist)
	return r.wait(n, e)
}

// Derived returns the notice that e moved from was although nobody edited it: because the
// event cause was edited or, where that is "", the rules of a zone or a calendar changed.
func Derived(e agenda.Entry, cause string, was when.Window, at time.Time, r Rules) Notice {
	n := Notice{
		Event: e.ID, Kind: Changed, About: TheChange, From: e.Revision, To: e.Revision, Was: was, Cause: cause, Due: at.Add(r.Settle).UTC(),
	}
	n.Key = key(n.Event, "derived", was.Words(), e.Window.Words())
	return r.wait(n, e)
}

// Once returns n with a key of its own, where earlier notices of the same change have
// used theirs: an event can come back to a date as often as it leaves it.
func (n Notice) Once(used func(key string) (bool, error)) (Notice, error) {
	first := n.Key
	for i := 1; ; i++ {
		if taken, err := used(n.Key); err != nil || !taken {
			return n, err
		}
		n.Key = key(first, "again", strconv.Itoa(i))
	}
}

// Derived reports whether n tells that its event moved although nobody edited it.
func (n Notice) Derived() bool { return n.Kind == Changed && n.To > 0 && n.From == n.To }

// Contradictions returns a notice for each set of statements of e that cannot all hold,
// and for each that could not and now can. Its key is made of their names, so that each
// set is told of once; one that was resolved and comes back is told of again. items are
// those that there are of e, and stands reports whether statements still exclude each other,
// be it as a contradiction of another event.
func Contradictions(e agenda.Entry, items []Item, stands func(names string) bool, now time.Time, r Rules) []Notice {
	var out []Notice
	told, settled := tallies(items), r.settled(items, now)
	for i, set := range e.Contradictions {
		names := strings.Join(set, " ")
		n := Notice{Event: e.ID, Kind: Contradiction, About: TheChange, Target: names, With: owners(e, i)}
		n.Key = contradictionKey(set, told[names].cleared)
		out = append(out, r.wait(dueAt(n, items, settled), e))
	}
	for _, names := range slices.Sorted(maps.Keys(told)) {
		t := told[names]
		if t.raised <= t.cleared || stands(names) {
			continue
		}
		n := Notice{Event: e.ID, Kind: Contradiction, About: Cleared, Target: names, With: t.with}
		n.Key = key(string(n.Kind), string(Cleared), names, strconv.Itoa(t.cleared))
		out = append(out, r.wait(dueAt(n, items, settled), e))
	}
	return out
}

// contradictionKey names a set of statements after it was resolved so many times.
func contradictionKey(set []string, resolved int) string {
	parts := append([]string{string(Contradiction)}, set...)
	if resolved > 0 {
		parts = append(parts, "again", strconv.Itoa(resolved))
	}
	return key(parts...)
}

// tally is how often a set of statements was told to exclude each other, and how often
// that it no longer does.
type tally struct {
	raised, cleared int
	with            []string // the other events that made them
}

// Concerns returns the other events that notices about e can come of: those that make statements
// which exclude its own, or did, and those that decide its conditions. items are those that there
// are of e.
func Concerns(e agenda.Entry, items []Item) (out []string) {
	for i := range e.Contradictions {
		for _, id := range owners(e, i) {
			out = appendNew(out, id)
		}
	}
	for _, c := range e.Conditions {
		out = appendNew(out, c.Event)
	}
	for _, it := range items {
		for _, id := range it.Notice.With {
			out = appendNew(out, id)
		}
	}
	return out
}

// owners returns the other events that made the statements of the i-th contradiction of e.
func owners(e agenda.Entry, i int) (out []string) {
	if i < len(e.Conflicts) {
		for _, st := range e.Conflicts[i].Steps {
			if st.Owner != e.ID {
				out = appendNew(out, st.Owner)
			}
		}
	}
	return out
}

// tallies counts what was told of contradictions, by their statements.
func tallies(items []Item) map[string]tally {
	out := make(map[string]tally)
	seen := make(map[string]bool)
	for _, it := range items {
		n := it.Notice
		if n.Kind != Contradiction || it.State == Pending || it.State == Superseded || seen[n.Key] {
			continue
		}
		seen[n.Key] = true
		t := out[n.Target]
		if n.About == Cleared {
			t.cleared++
		} else {
			t.raised++
			t.with = n.With
		}
		out[n.Target] = t
	}
	return out
}
