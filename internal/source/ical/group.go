package ical

import (
	"cmp"

	goical "github.com/emersion/go-ical"
)

// group is what a calendar has under one UID, RFC 5545 §3.8.4.7: a component, and the
// occurrences of it that are changed. Some programs give several events one UID.
type group struct {
	masters []*vevent          // each another event
	changed map[string]*vevent // by RECURRENCE-ID
	order   []string           // of them, as they stand in the text
	several bool               // there is more than one without a RECURRENCE-ID

	replaced []replaced
}

// replaced is an entry in whose place another one came.
type replaced struct{ entry, by *vevent }

// groupOf sorts what has one UID. Of versions of one event that with the greatest SEQUENCE
// counts, RFC 5545 §3.8.7.4.
func groupOf(list []vevent) group {
	g := group{changed: make(map[string]*vevent)}
	for i := range list {
		e := &list[i]
		if id := e.Props.Get(goical.PropRecurrenceID); id != nil {
			if g.changed[id.Value] == nil {
				g.order = append(g.order, id.Value)
			}
			g.changed[id.Value] = g.newer(g.changed[id.Value], e)
			continue
		}
		g.several = g.several || len(g.masters) > 0
		g.add(e)
	}
	if len(g.masters) > 1 {
		g.tellApart()
	}
	return g
}

// add adds an event, or puts it in the place of an older version of it.
func (g *group) add(e *vevent) {
	for i, m := range g.masters {
		if m.versionOf(e) {
			g.masters[i] = g.newer(m, e)
			return
		}
	}
	g.masters = append(g.masters, e)
}

// versionOf reports whether two components with one UID are versions of one event. What has
// another title and another day at the same SEQUENCE is another event; of what has one of
// them in common, that which was written at another time is a version.
func (e *vevent) versionOf(o *vevent) bool {
	same := func(name string) bool { return valueOf(e.Component, name) == valueOf(o.Component, name) }
	begins, named := same(goical.PropDateTimeStart) && same(goical.PropDue), same(goical.PropSummary)
	switch {
	case number(e.Component, goical.PropSequence) != number(o.Component, goical.PropSequence), begins && named:
		return true
	case begins:
		return !same(goical.PropDateTimeStamp) || !same(goical.PropLastModified)
	}
	return false
}

// tellApart gives each of several events with one UID a name beside it: its title, and where
// two have that, its beginning.
func (g *group) tellApart() {
	titles := make(map[string]int)
	for _, e := range g.masters {
		titles[e.title()]++
	}
	for _, e := range g.masters {
		e.part = Slug(e.title())
		if titles[e.title()] > 1 {
			e.part = cmp.Or(valueOf(e.Component, goical.PropDateTimeStart), valueOf(e.Component, goical.PropDue))
		}
	}
}

// series returns the one of the events to which the changed occurrences belong: the first that
// comes again, or the first of all.
func (g *group) series() *vevent {
	for _, e := range g.masters {
		if repeats(e.Component) {
			return e
		}
	}
	if len(g.masters) == 0 {
		return nil
	}
	return g.masters[0]
}

// newer returns the one of two with the greater SEQUENCE, or the later, which comes in the place
// of the other.
func (g *group) newer(a, b *vevent) *vevent {
	if a == nil {
		return b
	}
	if age(a, b) > 0 {
		a, b = b, a
	}
	g.replaced = append(g.replaced, replaced{a, b})
	return b
}

// age compares two versions of one event: the greater is the later one.
func age(a, b *vevent) int {
	return cmp.Or(
		cmp.Compare(number(a.Component, goical.PropSequence), number(b.Component, goical.PropSequence)),
		cmp.Compare(valueOf(a.Component, goical.PropDateTimeStamp), valueOf(b.Component, goical.PropDateTimeStamp)),
		cmp.Compare(valueOf(a.Component, goical.PropLastModified), valueOf(b.Component, goical.PropLastModified)),
	)
}
