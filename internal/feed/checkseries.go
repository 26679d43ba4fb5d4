package feed

import (
	"slices"
	"strconv"
	"strings"

	"attache/internal/civil"
)

// recurrence checks what says that an event comes again, RFC 5545 §3.8.5.
func (l *linter) recurrence(c *component) {
	begin, ok := l.one(c, "DTSTART")
	if !ok {
		return
	}
	if r, again := l.one(c, "RRULE"); again {
		l.rule(r, begin)
	}
	for _, p := range c.props {
		switch p.name {
		case "EXDATE", "RDATE":
			l.listed(p, begin)
		case "RECURRENCE-ID":
			if p.params["VALUE"] != begin.params["VALUE"] {
				l.found.Add(p.no, "RECURRENCE-ID is not of the type of DTSTART")
			}
		}
	}
}

// listed checks a day that is excepted or added.
func (l *linter) listed(p, begin contentLine) {
	if strings.Contains(p.value, ",") {
		l.found.Add(p.no, "%s lists several days, of which some readers take none: write one a line", p.name)
		return
	}
	if p.params["VALUE"] == "PERIOD" {
		return
	}
	if p.params["VALUE"] != begin.params["VALUE"] || p.params["TZID"] != begin.params["TZID"] {
		l.found.Add(p.no, "%s is not of the type and zone of DTSTART", p.name)
		return
	}
	if _, ok := moment(p); !ok {
		l.found.Add(p.no, "%s %q is not the date or time that its VALUE says", p.name, p.value)
	}
}

// ruleParts are the parts that a rule may have, RFC 5545 §3.3.10.
const ruleParts = " FREQ UNTIL COUNT INTERVAL BYSECOND BYMINUTE BYHOUR BYDAY BYMONTHDAY BYYEARDAY BYWEEKNO BYMONTH BYSETPOS WKST "

func (l *linter) rule(r, begin contentLine) {
	parts := map[string]string{}
	for _, part := range strings.Split(r.value, ";") {
		name, value, ok := strings.Cut(part, "=")
		name = strings.ToUpper(name)
		switch _, twice := parts[name]; {
		case !ok || value == "" || !strings.Contains(ruleParts, " "+name+" "):
			l.found.Add(r.no, "RRULE has the part %q, which no rule has", part)
		case twice:
			l.found.Add(r.no, "RRULE has %s twice", name)
		}
		parts[name] = value
	}
	if !slices.Contains([]string{"SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"}, parts["FREQ"]) {
		l.found.Add(r.no, "RRULE does not say how often: FREQ is %q", parts["FREQ"])
	}
	for _, name := range []string{"COUNT", "INTERVAL"} {
		if n, err := strconv.Atoi(parts[name]); parts[name] != "" && (err != nil || n < 1) {
			l.found.Add(r.no, "%s of RRULE is %q, not a number from 1", name, parts[name])
		}
	}
	l.until(r, parts, begin)
}

// until checks the end of a rule: a day for days, and an instant in UTC for times.
func (l *linter) until(r contentLine, parts map[string]string, begin contentLine) {
	until, ends := parts["UNTIL"]
	if !ends {
		return
	}
	if parts["COUNT"] != "" {
		l.found.Add(r.no, "RRULE has both COUNT and UNTIL")
	}
	want := contentLine{value: until}
	if begin.params["VALUE"] == "DATE" {
		want.params = map[string]string{"VALUE": "DATE"}
	}
	if _, ok := moment(want); !ok {
		l.found.Add(r.no, "UNTIL %q is not of the type of DTSTART", until)
	} else if begin.params["TZID"] != "" && !strings.HasSuffix(until, "Z") {
		l.found.Add(r.no, "UNTIL %q is not in UTC, as it has to be for a start in a zone", until)
	}
}

// alarm checks a VALARM, RFC 5545 §3.6.6.
func (l *linter) alarm(c *component) {
	l.values(c)
	for _, name := range []string{"ACTION", "TRIGGER", "DESCRIPTION"} {
		l.need(c, name)
	}
	if p, ok := l.one(c, "ACTION"); ok && p.value != "DISPLAY" {
		l.found.Add(p.no, "ACTION is %q: a feed can only show something", p.value)
	}
	p, ok := l.one(c, "TRIGGER")
	if !ok {
		return
	}
	if p.params["VALUE"] == "DATE-TIME" {
		if _, valid := moment(p); !valid || !strings.HasSuffix(p.value, "Z") {
			l.found.Add(p.no, "TRIGGER %q is not an instant in UTC", p.value)
		}
		return
	}
	if _, valid := parseDuration(strings.TrimPrefix(p.value, "-")); !valid {
		l.found.Add(p.no, "TRIGGER %q is not a duration", p.value)
	}
}

// zoneShape checks what readers make of a VTIMEZONE: its name has to be one that they can
// look up, and Outlook keeps one observance of each kind.
func (l *linter) zoneShape(c *component) {
	if p, ok := l.one(c, "TZID"); ok {
		if _, err := civil.Zone(p.value); err != nil || !strings.Contains(p.value, "/") {
			l.found.Add(p.no, "the zone %q is not one of the IANA database", p.value)
		}
	}
	count := map[string]int{}
	for _, child := range c.children {
		count[child.name]++
		if count[child.name] == 2 {
			l.found.Add(child.no, "the zone has several %s, of which Outlook keeps one", child.name)
		}
	}
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

// markup reports whether a text holds what some calendars show as HTML and others as it is.
func markup(s string) bool {
	lower := strings.ToLower(s)
	for _, tag := range []string{"<br", "<p>", "<b>", "<i>", "<a ", "</", "<div", "<html", "<span", "&nbsp"} {
		if strings.Contains(lower, tag) {
			return true
		}
	}
	return false
}

// geo reports whether s is a latitude and a longitude.
func geo(s string) bool {
	a, b, ok := strings.Cut(s, ";")
	x, err := strconv.ParseFloat(a, 64)
	y, err2 := strconv.ParseFloat(b, 64)
	return ok && err == nil && err2 == nil && x >= -90 && x <= 90 && y >= -180 && y <= 180
}
