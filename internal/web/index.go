package web

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"attache/internal/agenda"
	"attache/internal/civil"
	"attache/internal/when"
)

// index is what is worked out once for each version of a calendar.
type index struct {
	all    []*agenda.Entry
	byID   map[string]*agenda.Entry
	has    facets
	zones  []string // of the events, by how many are in them
	orders *orders
	news   *newsKeeper
	said   func() map[*agenda.Entry]string // what words are looked for in, by event

	comesAgain bool // one of the events does
	stood      *atomic.Pointer[standing]
}

// facets gives, by the parameter that chooses them, what events have, by how many
// of them.
type facets map[string][]facet

// facet is a value with how many events have it.
type facet struct {
	Value string
	N     int
}

func newIndex(list []*agenda.Entry) *index {
	ix := &index{orders: &orders{}, news: &newsKeeper{}, stood: &atomic.Pointer[standing]{}, byID: make(map[string]*agenda.Entry, len(list)), has: facets{}}
	counts := make(map[string]map[string]int)
	for _, name := range append(slices.Clone(filterParams), "zone") {
		counts[name] = make(map[string]int)
	}
	for _, e := range list {
		ix.all = append(ix.all, e)
		ix.byID[e.ID] = e
		ix.comesAgain = ix.comesAgain || e.Series != nil
		for _, t := range e.Topics {
			counts["topic"][t]++
		}
		for _, p := range e.Parties {
			counts["party"][p]++
		}
		counts["kind"][string(e.Kind)]++
		counts["certainty"][string(e.Certainty)]++
		counts["status"][string(e.Status)]++
		counts["zone"][e.Window.Zone]++
	}
	ix.said = sync.OnceValue(func() map[*agenda.Entry]string {
		out := make(map[*agenda.Entry]string, len(ix.all))
		for _, e := range ix.all {
			out[e] = e.Said()
		}
		return out
	})
	for name, n := range counts {
		ix.has[name] = byNumber(n)
	}
	for _, z := range ix.has["zone"] {
		ix.zones = append(ix.zones, z.Value)
	}
	return ix
}

func byNumber(counts map[string]int) []facet {
	out := make([]facet, 0, len(counts))
	for v, n := range counts {
		out = append(out, facet{v, n})
	}
	slices.SortFunc(out, func(a, b facet) int { return cmp.Or(b.N-a.N, cmp.Compare(a.Value, b.Value)) })
	return out
}

// indexes keeps the indexes of the calendars that were asked for last. Who asks for one
// does not wait for another to be made.
type indexes struct {
	mu   sync.Mutex
	last []lazyIndex
}

// lazyIndex is the index of a version, made when it is first asked for.
type lazyIndex struct {
	version any
	index   func() *index
}

// mostIndexes is how many versions of the calendar are kept indexed: those that hold for the
// public and for some kinds of readers, and some as of other days.
const mostIndexes = 6

// of returns the index of cal.
func (x *indexes) of(cal Calendar) *index {
	return x.lazy(cal).index()
}

func (x *indexes) lazy(cal Calendar) lazyIndex {
	version := cal.Version()
	x.mu.Lock()
	defer x.mu.Unlock()
	one := lazyIndex{version, sync.OnceValue(func() *index { return newIndex(cal.Entries()) })}
	if i := slices.IndexFunc(x.last, func(l lazyIndex) bool { return l.version == version }); i >= 0 {
		one = x.last[i]
		x.last = slices.Delete(x.last, i, i+1)
	} else if len(x.last) == mostIndexes {
		x.last = slices.Delete(x.last, 0, 1)
	}
	x.last = append(x.last, one)
	return one
}

// orders keeps the orders in which events are shown, which hold for a day. To sort ten
// thousand events takes longer than all else that a page takes.
type orders struct {
	mu     sync.Mutex
	today  civil.Date
	coming []*agenda.Entry // as agenda.Sort has it
	passed []*agenda.Entry // the last to end first
	dated  []*agenda.Entry // as dated has it, whatever day it is
}

// of returns the orders of list as they are on a day. list is always the same.
func (o *orders) of(list []*agenda.Entry, today civil.Date) (coming, passed []*agenda.Entry) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.coming == nil || o.today != today {
		o.today = today
		o.coming = sorted(list, func(e *agenda.Entry) int { return shownOn(e, today) },
			func(x, y *agenda.Entry) int { return agenda.Compare(x, y, today) })
		o.passed = sorted(list, func(e *agenda.Entry) int { return -lastDay(e).Number() },
			func(x, y *agenda.Entry) int { return strings.Compare(x.ID, y.ID) })
	}
	return o.coming, o.passed
}

// ofDays returns those of list that have a date by their days. list is always the same.
func (o *orders) ofDays(list []*agenda.Entry) []*agenda.Entry {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.dated == nil {
		o.dated = dated(list)
	}
	return o.dated
}

// never comes after every day.
const never = 1 << 40

// shownOn returns the day under which e is shown as a number, for what has no date one
// after all others.
func shownOn(e *agenda.Entry, today civil.Date) int {
	if e.Window.Precision == when.None {
		return never
	}
	return e.Shows(today).Number()
}

// sorted returns list in the order of a number and, where that is the same, of compare.
// The number of each is worked out once.
func sorted(list []*agenda.Entry, number func(*agenda.Entry) int, compare func(x, y *agenda.Entry) int) []*agenda.Entry {
	type numbered struct {
		n int
		e *agenda.Entry
	}
	all := make([]numbered, len(list))
	for i, e := range list {
		all[i] = numbered{number(e), e}
	}
	slices.SortFunc(all, func(a, b numbered) int {
		if c := cmp.Compare(a.n, b.n); c != 0 {
			return c
		}
		return compare(a.e, b.e)
	})
	out := make([]*agenda.Entry, len(all))
	for i, x := range all {
		out[i] = x.e
	}
	return out
}
