package lint

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// shape says what a component is made of, in names with a blank between them.
type shape struct {
	need   string // properties that it has to have, once
	once   string // properties that it may have once
	parts  string // components within it
	checks []func(*linter, *component)
}

// observance is the shape of STANDARD and DAYLIGHT.
var observance = shape{need: "DTSTART TZOFFSETFROM TZOFFSETTO"}

// shapes are the components of a feed: those of RFC 5545 §3.6 and RFC 7986 §4, with all that
// package feed writes for every event.
var shapes = map[string]shape{
	"VCALENDAR": {
		need:   "VERSION PRODID",
		once:   "CALSCALE NAME X-WR-CALNAME DESCRIPTION X-WR-CALDESC REFRESH-INTERVAL X-PUBLISHED-TTL SOURCE METHOD",
		parts:  "VTIMEZONE VEVENT",
		checks: []func(*linter, *component){(*linter).beginning, (*linter).twins, (*linter).filled},
	},
	"VTIMEZONE": {
		need: "TZID", parts: "STANDARD DAYLIGHT",
		checks: []func(*linter, *component){(*linter).zone, (*linter).filled},
	},
	"STANDARD": observance,
	"DAYLIGHT": observance,
	"VEVENT": {
		need: "UID SUMMARY DTSTART DTSTAMP LAST-MODIFIED SEQUENCE STATUS TRANSP",
		once: "DTEND DURATION RRULE CLASS CREATED DESCRIPTION GEO LOCATION ORGANIZER PRIORITY URL RECURRENCE-ID COLOR", parts: "VALARM",
		checks: []func(*linter, *component){(*linter).uid, (*linter).span, (*linter).recurrence, (*linter).markup},
	},
	"VALARM": {need: "ACTION TRIGGER DESCRIPTION", checks: []func(*linter, *component){(*linter).alarm}},
}

// whole checks a calendar, and that the names in it lead somewhere.
func (l *linter) whole(c *component) {
	l.uids, l.zones = map[string]bool{}, map[string]bool{}
	for _, child := range c.children {
		if id, ok := child.get("TZID"); ok && child.name == "VTIMEZONE" {
			if _, twice := l.zones[id.value]; twice {
				l.found.Add(id.no, "the zone %q is defined twice", id.value)
			}
			l.zones[id.value] = false
		}
	}
	l.component(c)
	_, method := c.get("METHOD")
	events := slices.ContainsFunc(c.children, func(child *component) bool { return child.name == "VEVENT" })
	for _, child := range c.children {
		if _, ok := child.get("ORGANIZER"); child.name == "VEVENT" && method && !ok {
			l.found.Add(child.no, "VEVENT has no ORGANIZER, which METHOD asks for")
		}
		if id, ok := child.get("TZID"); ok && child.name == "VTIMEZONE" && events && !l.zones[id.value] {
			l.found.Add(child.no, "the zone %q is not used", id.value)
		}
		for _, p := range child.props {
			if p.name == "RELATED-TO" && !l.uids[p.value] {
				l.found.Add(p.no, "RELATED-TO names %q, which is not in the feed", p.value)
			}
		}
	}
}

// component checks c by its shape, its properties, and what stands in it.
func (l *linter) component(c *component) {
	s := shapes[c.name]
	for _, name := range strings.Fields(s.need) {
		if c.count(name) == 0 {
			l.found.Add(c.no, "%s has no %s", c.name, name)
		}
	}
	for _, name := range strings.Fields(s.need + " " + s.once) {
		if n := c.count(name); n > 1 {
			l.found.Add(c.no, "%s has %s %d times", c.name, name, n)
		}
	}
	for _, p := range c.props {
		l.value(p)
	}
	for _, check := range s.checks {
		check(l, c)
	}
	for _, child := range c.children {
		switch {
		case slices.Contains(strings.Fields(s.parts), child.name):
			l.component(child)
		case c.name == "VCALENDAR":
			l.found.Add(child.no, "%s is not what a feed holds", child.name)
		default:
			l.found.Add(child.no, "%s does not belong into %s", child.name, c.name)
		}
	}
}

// beginning checks what stands at the beginning of a calendar.
func (l *linter) beginning(c *component) {
	for _, name := range []string{"VERSION", "PRODID"} {
		if at := slices.IndexFunc(c.props, func(p property) bool { return p.name == name }); at > 1 {
			l.found.Add(c.props[at].no, "%s does not stand at the beginning", name)
		}
	}
}

// twins checks that what a calendar says reads the same under its older X- name.
func (l *linter) twins(c *component) {
	for _, pair := range [][2]string{{"NAME", "X-WR-CALNAME"}, {"DESCRIPTION", "X-WR-CALDESC"}, {"REFRESH-INTERVAL", "X-PUBLISHED-TTL"}} {
		now, ok := c.get(pair[0])
		old, also := c.get(pair[1])
		if ok && also && now.value != old.value {
			l.found.Add(old.no, "%s differs from %s", pair[1], pair[0])
		}
		if strings.HasPrefix(old.name, "X-WR-") && len(old.params) > 0 {
			l.found.Add(old.no, "%s has a parameter", pair[1])
		}
	}
}

// filled checks that there is something in a component that has to hold another.
func (l *linter) filled(c *component) {
	if len(c.children) == 0 {
		l.found.Add(c.no, "%s has no %s", c.name, map[string]string{"VCALENDAR": "component", "VTIMEZONE": "STANDARD"}[c.name])
	}
}

// zone checks what readers make of a VTIMEZONE: its name has to be one that they can
// look up, and Outlook keeps one observance of each kind.
func (l *linter) zone(c *component) {
	if id, ok := c.get("TZID"); ok && !isZone(id) {
		l.found.Add(id.no, "the zone %q is not one of the IANA database", id.value)
	}
	count := map[string]int{}
	for _, child := range c.children {
		count[child.name]++
		if count[child.name] == 2 {
			l.found.Add(child.no, "the zone has several %s, of which Outlook keeps one", child.name)
		}
	}
}

// maxUID is the greatest length of a UID in octets, RFC 7986 §5.3.
const maxUID = 255

// uid checks that an event has a name of its own; what is moved of a series has its date too.
func (l *linter) uid(c *component) {
	p, ok := c.get("UID")
	if !ok {
		return
	}
	key := p.value
	if of, ok := c.get("RECURRENCE-ID"); ok {
		key += " " + of.value
	}
	switch {
	case p.value == "":
		l.found.Add(p.no, "UID is empty")
	case len(p.value) > maxUID:
		l.found.Add(p.no, "UID has %d octets: %d is the most", len(p.value), maxUID)
	case l.uids[key]:
		l.found.Add(p.no, "the UID %q is taken by another event", p.value)
	}
	l.uids[key], l.uids[p.value] = true, true
}

// span checks that an event begins, and ends later.
func (l *linter) span(c *component) {
	begin, begins := c.get("DTSTART")
	end, ends := c.get("DTEND")
	length, lasts := c.get("DURATION")
	if ends && lasts || !ends && !lasts && begin.is("DATE") { // a moment has no length
		l.found.Add(c.no, "VEVENT has to have one of DTEND and DURATION")
	}
	l.inZone(begin)
	l.inZone(end)
	if begin.is("DATE") && strings.Contains(length.value, "T") {
		l.found.Add(length.no, "DURATION %q of a day is not in days", length.value)
	}
	if !begins || !ends {
		return
	}
	if !sameType(begin, end) {
		l.found.Add(end.no, "DTEND is not of the type and zone of DTSTART")
		return
	}
	a, aok := moment(begin)
	b, bok := moment(end)
	if aok && bok && !b.After(a) {
		l.found.Add(end.no, "DTEND is not after DTSTART")
	}
}

// sameType reports whether two dates or times are of one type and zone.
func sameType(a, b property) bool {
	return a.params["VALUE"] == b.params["VALUE"] && a.params["TZID"] == b.params["TZID"]
}

// inZone checks that a time is in UTC or in a zone that the calendar defines.
func (l *linter) inZone(p property) {
	if p.name == "" || p.is("DATE") {
		return
	}
	id, has := p.params["TZID"]
	_, defined := l.zones[id]
	utc := strings.HasSuffix(p.value, "Z")
	switch {
	case !has && !utc:
		l.found.Add(p.no, "%s is in no zone", p.name)
	case has && utc:
		l.found.Add(p.no, "%s is in UTC and has a TZID", p.name)
	case has && !defined:
		l.found.Add(p.no, "the zone %q is not defined", id)
	case has:
		l.zones[id] = true
	}
}

// recurrence checks what says that an event comes again, RFC 5545 §3.8.5.
func (l *linter) recurrence(c *component) {
	begin, ok := c.get("DTSTART")
	if !ok {
		return
	}
	for _, p := range c.props {
		switch {
		case p.name == "RRULE":
			l.rule(p, begin)
		case p.name == "RECURRENCE-ID" && p.params["VALUE"] != begin.params["VALUE"]:
			l.found.Add(p.no, "RECURRENCE-ID is not of the type of DTSTART")
		case p.name != "EXDATE" && p.name != "RDATE":
		case strings.Contains(p.value, ","):
			l.found.Add(p.no, "%s lists several days, of which some readers take none: write one a line", p.name)
		case p.is("PERIOD"):
		case !sameType(p, begin):
			l.found.Add(p.no, "%s is not of the type and zone of DTSTART", p.name)
		case !isMoment(p):
			l.found.Add(p.no, "%s %q is not the date or time that its VALUE says", p.name, p.value)
		}
	}
}

// ruleParts are the parts that a rule may have, RFC 5545 §3.3.10.
const ruleParts = "FREQ UNTIL COUNT INTERVAL BYSECOND BYMINUTE BYHOUR BYDAY BYMONTHDAY BYYEARDAY BYWEEKNO BYMONTH BYSETPOS WKST"

// frequencies are how often a rule may say that something comes.
const frequencies = "SECONDLY MINUTELY HOURLY DAILY WEEKLY MONTHLY YEARLY"

func (l *linter) rule(r, begin property) {
	parts := map[string]string{}
	for part := range strings.SplitSeq(r.value, ";") {
		name, value, _ := strings.Cut(part, "=")
		name = strings.ToUpper(name)
		switch _, twice := parts[name]; {
		case value == "" || !slices.Contains(strings.Fields(ruleParts), name):
			l.found.Add(r.no, "RRULE has the part %q, which no rule has", part)
		case twice:
			l.found.Add(r.no, "RRULE has %s twice", name)
		}
		parts[name] = value
	}
	if !slices.Contains(strings.Fields(frequencies), parts["FREQ"]) {
		l.found.Add(r.no, "RRULE does not say how often: FREQ is %q", parts["FREQ"])
	}
	for _, name := range []string{"COUNT", "INTERVAL"} {
		if n, err := strconv.Atoi(parts[name]); parts[name] != "" && (err != nil || n < 1) {
			l.found.Add(r.no, "%s of RRULE is %q, not a number from 1", name, parts[name])
		}
	}
	if parts["COUNT"] != "" && parts["UNTIL"] != "" {
		l.found.Add(r.no, "RRULE has both COUNT and UNTIL")
	}
	if until, ends := parts["UNTIL"]; ends {
		l.until(r, until, begin)
	}
}

// until checks the end of a rule: a day for days, and an instant in UTC for times.
func (l *linter) until(r property, until string, begin property) {
	end := property{value: until}
	if begin.is("DATE") {
		end.params = map[string]string{"VALUE": "DATE"}
	}
	switch {
	case !isMoment(end):
		l.found.Add(r.no, "UNTIL %q is not of the type of DTSTART", until)
	case begin.params["TZID"] != "" && !strings.HasSuffix(until, "Z"):
		l.found.Add(r.no, "UNTIL %q is not in UTC, as it has to be for a start in a zone", until)
	}
}

// tags are what some calendars take for HTML and others show as it is.
var tags = regexp.MustCompile(`(?i)<br|<p>|<b>|<i>|<a |</|<div|<html|<span|&nbsp`)

// markup checks that a description is plain text.
func (l *linter) markup(c *component) {
	if p, ok := c.get("DESCRIPTION"); ok && tags.MatchString(p.value) {
		l.found.Add(p.no, "DESCRIPTION has HTML in it, which most calendars show as it is")
	}
}

// alarm checks a VALARM, RFC 5545 §3.6.6.
func (l *linter) alarm(c *component) {
	if p, ok := c.get("ACTION"); ok && p.value != "DISPLAY" {
		l.found.Add(p.no, "ACTION is %q: a feed can only show something", p.value)
	}
	p, ok := c.get("TRIGGER")
	_, relative := parseDuration(strings.TrimPrefix(p.value, "-"))
	switch {
	case !ok:
	case p.is("DATE-TIME") && (!isMoment(p) || !strings.HasSuffix(p.value, "Z")):
		l.found.Add(p.no, "TRIGGER %q is not an instant in UTC", p.value)
	case !p.is("DATE-TIME") && !relative:
		l.found.Add(p.no, "TRIGGER %q is not a duration", p.value)
	}
}
