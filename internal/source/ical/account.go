package ical

import (
	"fmt"
	"slices"
	"strings"

	goical "github.com/emersion/go-ical"

	"attache/internal/prose"
)

// What becomes of each part of a calendar: it is used, carried as text, or passed over. What is
// passed over is told once, with its line. Nothing of it changes a date.

// used are the properties that say what an event is and when, by the component that they
// stand in; those of a zone stand in its observances too.
var used = map[string]string{
	goical.CompCalendar: "VERSION PRODID CALSCALE METHOD NAME X-WR-CALNAME X-WR-TIMEZONE",
	goical.CompEvent: "UID SUMMARY DTSTART DTEND DURATION RRULE RDATE EXDATE EXRULE RECURRENCE-ID STATUS SEQUENCE DTSTAMP LAST-MODIFIED " +
		"X-MICROSOFT-CDO-ALLDAYEVENT X-MICROSOFT-MSNCALENDAR-ALLDAYEVENT X-FUNAMBOL-ALLDAY",
	goical.CompToDo:             "UID SUMMARY DTSTART DUE DURATION RRULE RDATE EXDATE EXRULE RECURRENCE-ID STATUS SEQUENCE DTSTAMP LAST-MODIFIED COMPLETED PERCENT-COMPLETE",
	goical.CompTimezone:         "TZID X-LIC-LOCATION",
	goical.CompTimezoneStandard: "DTSTART RRULE RDATE TZOFFSETFROM TZOFFSETTO",
	goical.CompTimezoneDaylight: "DTSTART RRULE RDATE TZOFFSETFROM TZOFFSETTO",
}

// carried are the properties of events that are carried as text.
const carried = "DESCRIPTION LOCATION URL CATEGORIES"

// usedParameters are those that say what a value means.
const usedParameters = "TZID VALUE RANGE CHARSET ENCODING"

// account is what was passed over, and how often, in the order in which it was met.
type account struct {
	order []string
	lines map[string]int
	count map[string]int
}

// mostPassed is how many things that are passed over are told.
const mostPassed = 200

// pass notes something that is passed over.
func (a *account) pass(line int, what string) {
	if a.lines == nil {
		a.lines, a.count = make(map[string]int), make(map[string]int)
	}
	if a.lines[what] == 0 {
		if len(a.order) == mostPassed {
			return
		}
		a.order, a.lines[what] = append(a.order, what), line
	}
	a.count[what]++
}

// component notes a component that begins where others are open, itself the last of them.
func (a *account) component(line int, open []string) {
	last := len(open) - 1
	if last < 1 || used[open[last]] != "" && a.counts(open[:last]) {
		return
	}
	if a.counts(open[:last]) {
		a.pass(line, "the component "+short(prose.CleanLine(open[last])))
	}
}

// counts reports whether what stands in the components that are open is looked at: what is
// passed over goes with all that it has.
func (a *account) counts(open []string) bool {
	return len(open) > 0 && !slices.ContainsFunc(open, func(name string) bool { return used[name] == "" })
}

// property notes what is passed over of a line.
func (a *account) property(line int, open []string, l string) {
	if !a.counts(open) {
		return
	}
	name, _ := cutProperty(l)
	in := open[len(open)-1]
	if !has(used[in], name) && !(taken(in) && (has(carried, name) || strings.HasPrefix(name, ownPrefix))) {
		a.pass(line, short(prose.CleanLine(name)))
		return
	}
	for _, p := range parameters(l) {
		if !has(usedParameters, p) {
			a.pass(line, fmt.Sprintf("the parameter %s of %s", short(prose.CleanLine(p)), name))
		}
	}
}

// has reports whether a name is one of a list.
func has(list, name string) bool { return slices.Contains(strings.Fields(list), name) }

// parameters returns the names of the parameters of a content line, in capitals.
func parameters(l string) []string {
	var out []string
	quoted, from := false, -1
	for i := range len(l) {
		switch {
		case l[i] == '"':
			quoted = !quoted
		case quoted:
		case l[i] == '=' && from >= 0:
			out, from = append(out, strings.ToUpper(l[from:i])), -1
		case l[i] == ';':
			from = i + 1
		case l[i] == ':':
			return out
		}
	}
	return nil
}

// versions notes the entries of a group in whose place others came.
func (a *account) versions(g group) {
	for _, r := range g.replaced {
		what := "an earlier entry of the event %q"
		if age(r.entry, r.by) < 0 {
			what = "an older version of the event %q"
		}
		a.pass(r.entry.line, fmt.Sprintf(what, short(r.entry.title())))
	}
}

// notes returns what was passed over, in the order of the lines.
func (a *account) notes() Findings {
	var out Findings
	for _, what := range a.order {
		out = append(out, Finding{Line: a.lines[what], What: what + " is passed over", Times: a.count[what]})
	}
	return out
}
