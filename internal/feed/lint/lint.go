// Package lint checks iCalendar texts, ours and those of others, against RFC 5545, RFC 7986
// and what the common calendars make of them. The commands feeds check and doctor use it.
//
// It is strict where readers differ: what one of them misreads is a finding even if the
// standard allows it. Nothing that package feed writes has a finding.
//
// The rules are tables: [shapes] says what a component is made of and what else is checked
// of it, [values] what the value of a property is, and [words] what it can be among.
package lint

import "attache/internal/source/ical"

// Check returns every rule that data breaks, in the order of its lines. It takes any bytes.
func Check(data []byte) []ical.Finding {
	l := &linter{}
	root := l.tree(l.lines(data))
	if len(root.children) != 1 || root.children[0].name != "VCALENDAR" {
		l.found.Add(0, "it is not one VCALENDAR: it has %d components", len(root.children))
	}
	for _, c := range root.children {
		if c.name == "VCALENDAR" {
			l.whole(c)
		}
	}
	l.sizes(data, root)
	l.found.Sort()
	return l.found
}

// linter collects findings.
type linter struct {
	found ical.Findings
	uids  map[string]bool // of the calendar that is checked
	zones map[string]bool // that it defines, and whether each is used
}

// Sizes beyond which calendars lose events without a word.
const (
	largestFeed = 900_000 // octets
	mostEvents  = 1000
)

// sizes checks how much a feed holds.
func (l *linter) sizes(data []byte, root *component) {
	if len(data) > largestFeed {
		l.found.Add(0, "it has %d octets: some calendars take a megabyte and lose the rest", len(data))
	}
	events := 0
	for _, c := range root.children {
		for _, child := range c.children {
			if child.name == "VEVENT" {
				events++
			}
		}
	}
	if events > mostEvents {
		l.found.Add(0, "it has %d events: some calendars take about a thousand and lose the rest", events)
	}
}
