package calendar

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"attache/internal/event"
	"attache/internal/prose"
	"attache/internal/source/ical"
	"attache/internal/when"
)

// matching finds the events again that a calendar declared earlier in what it says now. An
// entry is known by its UID, else by its title and its start. Each event of earlier is found,
// or stays since it may be there and can't be read, or is absent.
type matching struct {
	got     ical.Calendar
	earlier []event.Event
	now     time.Time

	is       map[int]int  // events of got to those of earlier that they are
	found    map[int]bool // events of earlier that one of got is
	stays    map[int]stay // events of earlier that stay as they were
	aside    map[int]bool // events of got that may be one of earlier which stays
	reissued int          // how many have another UID now
}

// stay is why an event stays as it was.
type stay struct {
	line int // of its entry
	why  string
}

// match looks for the events of earlier in what a calendar says now.
func match(got ical.Calendar, earlier []event.Event, now time.Time) *matching {
	m := &matching{
		got: got, earlier: earlier, now: now,
		is: make(map[int]int), found: make(map[int]bool), stays: make(map[int]stay), aside: make(map[int]bool),
	}
	m.pair(named, func(e event.Event) any { return keyOf(e) })
	m.pair(unnamed, func(e event.Event) any { return e.ID }) // an attache before this one recorded no UIDs
	same := len(m.is)
	m.pair(anyEvent, func(e event.Event) any { return titled{e.Title, startOf(e)} })
	nameless := unnamed
	if m.reissued > same { // its UIDs say nothing
		nameless = anyEvent
	}
	m.pair(nameless, m.only("title", func(e event.Event) any { return e.Title }))
	m.pair(nameless, m.only("day", func(e event.Event) any { return startOf(e) }))
	m.findUnread()
	m.findMaimed()
	m.findLacking()
	return m
}

func anyEvent(event.Event) bool  { return true }
func named(e event.Event) bool   { return e.Foreign.UID != "" }
func unnamed(e event.Event) bool { return e.Foreign.UID == "" }

// keyOf returns what its calendar knows e by.
func keyOf(e event.Event) ical.Key {
	return ical.Key{UID: e.Foreign.UID, Occurrence: e.Foreign.Occurrence}
}

// titled is what an entry is known by that has no UID.
type titled struct {
	title string
	start start
}

// start is when an event begins, as it was stated; the zero start is of one without a date.
type start struct {
	at   when.Point
	zone string
}

func startOf(e event.Event) start {
	if len(e.When) == 0 {
		return start{}
	}
	return start{e.When[0].Expr.A, e.When[0].Expr.Zone}
}

// pair takes events for one of which key says the same, in their order; nil is the key of none.
// among chooses those of earlier.
func (m *matching) pair(among func(event.Event) bool, key func(event.Event) any) {
	at := make(map[any][]int)
	for j, e := range m.earlier {
		if k := key(e); k != nil && !m.found[j] && among(e) {
			at[k] = append(at[k], j)
		}
	}
	for i, e := range m.got.Events {
		if _, known := m.is[i]; known {
			continue
		}
		k := key(e)
		if k == nil || len(at[k]) == 0 {
			continue
		}
		j := at[k][0]
		m.is[i], m.found[j], at[k] = j, true, at[k][1:]
		if named(e) && named(m.earlier[j]) && e.Foreign.UID != m.earlier[j].Foreign.UID {
			m.reissued++
		}
	}
}

// only returns key, which tells of a part of an event, where it says the same of one event of
// earlier and one of now that are not found yet, and of no other: such an event moved, or got
// another title.
func (m *matching) only(part string, key func(event.Event) any) func(event.Event) any {
	was, is := make(map[any]int), make(map[any]int)
	for j, e := range m.earlier {
		if !m.found[j] {
			was[key(e)]++
		}
	}
	for i, e := range m.got.Events {
		if _, known := m.is[i]; !known {
			is[key(e)]++
		}
	}
	return func(e event.Event) any {
		if k := key(e); was[k] == 1 && is[k] == 1 && !lacks(e, part) {
			return k
		}
		return nil
	}
}

// findUnread lets those stay that are there and can't be read.
func (m *matching) findUnread() {
	byKey, byTitle := make(map[ical.Key]ical.Unread), make(map[string]ical.Unread)
	for _, u := range m.got.Unread {
		switch {
		case u.Key != (ical.Key{}):
			byKey[u.Key] = u
		case u.Title != "":
			byTitle[u.Title] = u
		default:
			defer m.hold(stay{u.Line, "what may be its entry can't be read: " + u.Why.Error()})
		}
	}
	for j, e := range m.earlier {
		if m.found[j] {
			continue
		}
		u, there := byKey[keyOf(e)]
		if !there && named(e) {
			u, there = byKey[ical.Key{UID: e.Foreign.UID}]
		}
		if !there {
			u, there = byTitle[e.Title]
		}
		if there {
			m.stays[j] = stay{u.Line, u.Why.Error()}
		}
	}
}

// hold lets all stay that are not found, since an entry of which nothing is known may be any
// of them. It reports whether there are such.
func (m *matching) hold(why stay) (held bool) {
	for j := range m.earlier {
		if _, stays := m.stays[j]; !stays && !m.found[j] {
			m.stays[j], held = why, true
		}
	}
	return held
}

// findMaimed sets those entries aside that have lost what they are known by, and with what
// they have left may be an event that is not found otherwise. That one stays.
func (m *matching) findMaimed() {
	for i, e := range m.got.Events {
		lost := m.lost(e)
		if _, known := m.is[i]; known || len(lost) == 0 {
			continue
		}
		why := stay{e.Origin.Line, "what may be its entry has no " + strings.Join(lost, " and no ")}
		if j := m.alike(e, lost); j >= 0 {
			m.aside[i], m.found[j], m.stays[j] = true, true, why
		} else if !named(e) && len(lost) > 1 {
			m.aside[i] = m.hold(why)
		}
	}
}

// lost names what an entry has lost by which it may have been known.
func (m *matching) lost(e event.Event) []string {
	var out []string
	for _, part := range []string{"title", "day"} {
		if lacks(e, part) {
			out = append(out, part)
		}
	}
	if !named(e) {
		out = append(out, "UID")
	}
	if m.got.Shared[e.Foreign.UID] {
		out = append(out, "RECURRENCE-ID")
	}
	return out
}

// alike returns which event that is not found shares something with e, which has lost the rest
// of it; -1 for none. Where no entry ever had a UID, that is no loss.
func (m *matching) alike(e event.Event, lost []string) int {
	for j, was := range m.earlier {
		_, stays := m.stays[j]
		if stays || m.found[j] || passed(was, m.now) || !named(was) && !named(e) && len(lost) == 1 {
			continue
		}
		if was.Title == e.Title && !lacks(e, "title") || startOf(was) == startOf(e) && !lacks(e, "day") ||
			named(e) && e.Foreign.UID == was.Foreign.UID && m.got.Shared[e.Foreign.UID] {
			return j
		}
	}
	return -1
}

// findLacking lets those stay of which a part can't be read that was read before. An entry
// with a series may be several events, of which the others are not found then.
func (m *matching) findLacking() {
	series := make(map[string]stay)
	for i, e := range m.got.Events {
		j, known := m.is[i]
		for _, part := range strings.Fields(e.Foreign.Lacks) {
			if !known || !named(m.earlier[j]) || lacks(m.earlier[j], part) {
				continue
			}
			m.stays[j] = stay{e.Origin.Line, fmt.Sprintf("its %s can't be read", part)}
			if part == "series" {
				series[e.Foreign.UID] = m.stays[j]
			}
		}
	}
	for j, e := range m.earlier {
		if s, incomplete := series[e.Foreign.UID]; incomplete && !m.found[j] {
			m.stays[j] = s
		}
	}
}

func lacks(e event.Event, part string) bool {
	return slices.Contains(strings.Fields(e.Foreign.Lacks), part)
}

// events returns what the calendar declares: what it says now under the ids that its events
// have, and those of earlier that stay.
func (m *matching) events() []event.Event {
	ids := make(map[string]bool, len(m.earlier))
	for _, e := range m.earlier {
		ids[e.ID] = true
	}
	out := make([]event.Event, 0, len(m.got.Events))
	for i, e := range m.got.Events {
		j, known := m.is[i]
		if _, stays := m.stays[j]; known && stays || m.aside[i] || !known && passed(e, m.now) {
			continue // what was over before it was ever seen is no news
		}
		if known {
			e.ID = m.earlier[j].ID
		} else {
			e.ID = freeID(e.ID, ids)
		}
		out = append(out, e)
	}
	for j, e := range m.earlier {
		if _, stays := m.stays[j]; stays || !m.found[j] && (passed(e, m.now) || m.got.Message != "") {
			out = append(out, e)
		}
	}
	return out
}

// freeID returns an id that no event has yet, and takes it.
func freeID(id string, ids map[string]bool) string {
	free := id
	for n := 2; ids[free]; n++ {
		free = fmt.Sprintf("%s-%d", id, n)
	}
	ids[free] = true
	return free
}

// maxStays is how many events that stay as they were are told of one by one.
const maxStays = 20

// words returns what is to be known of the reading, where found is what was wrong with the
// text. An entry that can't be read, and stays, is not told as left out.
func (m *matching) words(found []ical.Finding) []ical.Finding {
	var out []ical.Finding
	told, count := make(map[int]bool), 0
	for j, e := range m.earlier {
		s, stays := m.stays[j]
		if !stays || passed(e, m.now) {
			continue
		}
		told[s.line] = true
		if count++; count <= maxStays {
			out = append(out, ical.Finding{Line: s.line, What: fmt.Sprintf("the event %q stays as it was: %s", e.Title, s.why)})
		}
	}
	if left := count - maxStays; left > 0 {
		out = append(out, ical.Finding{What: fmt.Sprintf("%s more can't be read and stay as they were", prose.Count(left, "event"))})
	}
	if m.got.Message != "" {
		out = append(out, ical.Finding{What: "its METHOD is " + m.got.Message + ": it tells of some events, and the others stay as they were"})
	}
	for _, f := range found {
		if !told[f.Line] {
			out = append(out, f)
		}
	}
	return out
}

// ahead counts the events of earlier that have not passed, and those of them that are there.
func (m *matching) ahead() (all, there int) {
	for j, e := range m.earlier {
		if passed(e, m.now) {
			continue
		}
		all++
		if _, stays := m.stays[j]; stays || m.found[j] {
			there++
		}
	}
	return all, there
}
