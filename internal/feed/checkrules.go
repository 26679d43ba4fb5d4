package feed

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"attache/internal/civil"
	"attache/internal/source/ical"
)

// calendars checks the text as a whole.
func (l *linter) calendars(root *component) {
	if len(root.children) != 1 || root.children[0].name != "VCALENDAR" {
		l.found.Add(0, "it is not one VCALENDAR: it has %d components", len(root.children))
	}
	for _, c := range root.children {
		if c.name == "VCALENDAR" {
			l.calendar(c)
		}
	}
}

// calendar checks a VCALENDAR, RFC 5545 §3.6 and RFC 7986 §4.
func (l *linter) calendar(c *component) {
	for _, name := range []string{"VERSION", "PRODID"} {
		p, ok := l.need(c, name)
		if at := slices.IndexFunc(c.props, func(q contentLine) bool { return q.name == name }); ok && at > 1 {
			l.found.Add(p.no, "%s does not stand at the beginning", name)
		}
	}
	if p, ok := l.one(c, "VERSION"); ok && p.value != "2.0" {
		l.found.Add(p.no, "VERSION is %q, not 2.0", p.value)
	}
	if p, ok := l.one(c, "CALSCALE"); ok && p.value != "GREGORIAN" {
		l.found.Add(p.no, "CALSCALE is %q, not GREGORIAN", p.value)
	}
	l.values(c)
	l.names(c)
	l.refresh(c)
	if p, ok := l.one(c, "SOURCE"); ok && p.params["VALUE"] != "URI" {
		l.found.Add(p.no, "SOURCE has no VALUE=URI")
	}
	if len(c.children) == 0 {
		l.found.Add(c.no, "VCALENDAR has no component")
	}
	l.components(c)
}

// names checks that the name and the description of a calendar read the same
// under their older X- names.
func (l *linter) names(c *component) {
	for _, pair := range [][2]string{{"NAME", "X-WR-CALNAME"}, {"DESCRIPTION", "X-WR-CALDESC"}} {
		now, ok := l.one(c, pair[0])
		old, also := l.one(c, pair[1])
		if ok && also && now.value != old.value {
			l.found.Add(old.no, "%s differs from %s", pair[1], pair[0])
		}
		if also && len(old.params) > 0 {
			l.found.Add(old.no, "%s has a parameter", pair[1])
		}
	}
}

func (l *linter) refresh(c *component) {
	now, ok := l.one(c, "REFRESH-INTERVAL")
	old, also := l.one(c, "X-PUBLISHED-TTL")
	if ok && now.params["VALUE"] != "DURATION" {
		l.found.Add(now.no, "REFRESH-INTERVAL has no VALUE=DURATION")
	}
	if ok && also && now.value != old.value {
		l.found.Add(old.no, "X-PUBLISHED-TTL differs from REFRESH-INTERVAL")
	}
	for _, p := range []contentLine{now, old} {
		if d, valid := parseDuration(p.value); p.name != "" && (!valid || d <= 0) {
			l.found.Add(p.no, "%s %q is not a positive duration", p.name, p.value)
		}
	}
}

// calendarNames is what the components of one calendar have named.
type calendarNames struct {
	uids  map[string]bool
	zones map[string]bool // whether each is used
}

// components checks what is in a calendar, and that names lead somewhere.
func (l *linter) components(c *component) {
	n := calendarNames{map[string]bool{}, map[string]bool{}}
	_, method := l.one(c, "METHOD")
	events := 0
	for _, child := range c.children {
		if child.name == "VTIMEZONE" {
			l.timezone(child, n)
		}
	}
	for _, child := range c.children {
		switch child.name {
		case "VEVENT":
			events++
			l.event(child, n)
			if _, ok := l.one(child, "ORGANIZER"); method && !ok {
				l.found.Add(child.no, "VEVENT has no ORGANIZER, which METHOD asks for")
			}
		case "VTIMEZONE":
		default:
			l.found.Add(child.no, "%s is not what a feed holds", child.name)
		}
	}
	for _, child := range c.children {
		l.related(child, n)
		if tzid, ok := l.one(child, "TZID"); ok && child.name == "VTIMEZONE" && events > 0 && !n.zones[tzid.value] {
			l.found.Add(child.no, "the zone %q is not used", tzid.value)
		}
	}
}

func (l *linter) timezone(c *component, n calendarNames) {
	l.values(c)
	if p, ok := l.need(c, "TZID"); ok {
		if _, twice := n.zones[p.value]; twice {
			l.found.Add(p.no, "the zone %q is defined twice", p.value)
		}
		n.zones[p.value] = false
	}
	l.zoneShape(c)
	if len(c.children) == 0 {
		l.found.Add(c.no, "VTIMEZONE has no STANDARD")
	}
	for _, child := range c.children {
		if child.name != "STANDARD" && child.name != "DAYLIGHT" {
			l.found.Add(child.no, "%s does not belong into VTIMEZONE", child.name)
			continue
		}
		for _, name := range []string{"DTSTART", "TZOFFSETFROM", "TZOFFSETTO"} {
			l.need(child, name)
		}
	}
}

// event checks a VEVENT, RFC 5545 §3.6.1, and that it has all that this package
// writes for every event.
func (l *linter) event(c *component, n calendarNames) {
	for _, name := range []string{"SUMMARY", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "STATUS", "TRANSP"} {
		l.need(c, name)
	}
	for _, name := range []string{"CLASS", "CREATED", "DESCRIPTION", "GEO", "LOCATION", "ORGANIZER", "PRIORITY", "URL", "RECURRENCE-ID", "COLOR"} {
		l.one(c, name)
	}
	l.values(c)
	l.uid(c, n)
	l.span(c, n)
	l.recurrence(c)
	if p, ok := l.one(c, "DESCRIPTION"); ok && markup(p.value) {
		l.found.Add(p.no, "DESCRIPTION has HTML in it, which most calendars show as it is")
	}
	for _, child := range c.children {
		if child.name != "VALARM" {
			l.found.Add(child.no, "%s does not belong into VEVENT", child.name)
			continue
		}
		l.alarm(child)
	}
}

func (l *linter) uid(c *component, n calendarNames) {
	p, ok := l.need(c, "UID")
	if !ok {
		return
	}
	key := p.value
	if r, ok := l.one(c, "RECURRENCE-ID"); ok {
		key += " " + r.value
	}
	switch {
	case p.value == "":
		l.found.Add(p.no, "UID is empty")
	case len(p.value) > maxUID:
		l.found.Add(p.no, "UID has %d octets: %d is the most", len(p.value), maxUID)
	case n.uids[key]:
		l.found.Add(p.no, "the UID %q is taken by another event", p.value)
	}
	n.uids[key], n.uids[p.value] = true, true
}

// span checks that an event begins, and ends later.
func (l *linter) span(c *component, n calendarNames) {
	begin, ok := l.need(c, "DTSTART")
	end, ends := l.one(c, "DTEND")
	length, lasts := l.one(c, "DURATION")
	if ends == lasts {
		l.found.Add(c.no, "VEVENT has to have one of DTEND and DURATION")
	}
	for _, p := range []contentLine{begin, end} {
		l.zone(p, n)
	}
	if lasts {
		l.length(length, begin)
	}
	if !ok || !ends {
		return
	}
	if begin.params["VALUE"] != end.params["VALUE"] || begin.params["TZID"] != end.params["TZID"] {
		l.found.Add(end.no, "DTEND is not of the type and zone of DTSTART")
		return
	}
	a, aok := moment(begin)
	b, bok := moment(end)
	if aok && bok && !b.After(a) {
		l.found.Add(end.no, "DTEND is not after DTSTART")
	}
}

func (l *linter) length(length, begin contentLine) {
	d, ok := parseDuration(length.value)
	switch {
	case !ok || d <= 0:
		l.found.Add(length.no, "DURATION %q is not a positive duration", length.value)
	case begin.params["VALUE"] == "DATE" && strings.Contains(length.value, "T"):
		l.found.Add(length.no, "DURATION %q of a day is not in days", length.value)
	}
}

// zone checks that a time is in UTC or in a zone that the calendar defines.
func (l *linter) zone(p contentLine, n calendarNames) {
	if p.name == "" || p.params["VALUE"] == "DATE" {
		return
	}
	tzid, has := p.params["TZID"]
	_, defined := n.zones[tzid]
	utc := strings.HasSuffix(p.value, "Z")
	switch {
	case !has && !utc:
		l.found.Add(p.no, "%s is in no zone", p.name)
	case has && utc:
		l.found.Add(p.no, "%s is in UTC and has a TZID", p.name)
	case has && !defined:
		l.found.Add(p.no, "the zone %q is not defined", tzid)
	case has:
		n.zones[tzid] = true
	}
}

// related checks that relations stay within the feed.
func (l *linter) related(c *component, n calendarNames) {
	for _, p := range c.props {
		if p.name == "RELATED-TO" && !n.uids[p.value] {
			l.found.Add(p.no, "RELATED-TO names %q, which is not in the feed", p.value)
		}
	}
}

// vocabulary is what values of some properties have to be among, RFC 5545 §3.8.
func vocabulary(name string) []string {
	switch name {
	case "STATUS":
		return []string{"TENTATIVE", "CONFIRMED", "CANCELLED"}
	case "TRANSP":
		return []string{"OPAQUE", "TRANSPARENT"}
	case "CLASS":
		return []string{"PUBLIC"} // others are shown as "busy" and nothing else
	case "X-MICROSOFT-CDO-BUSYSTATUS":
		return []string{"FREE", "TENTATIVE", "BUSY", "OOF"}
	case "X-MICROSOFT-CDO-ALLDAYEVENT":
		return []string{"TRUE", "FALSE"}
	}
	return nil
}

// values checks every property of c by itself.
func (l *linter) values(c *component) {
	for _, p := range c.props {
		if words := vocabulary(p.name); words != nil && !slices.Contains(words, p.value) {
			l.found.Add(p.no, "%s is %q: it can be %s", p.name, p.value, strings.Join(words, ", "))
		}
		if what := wrong(p); what != "" {
			l.found.Add(p.no, "%s %q is not %s", p.name, p.value, what)
		}
	}
}

// wrong says what the value of p ought to be and is not, or "".
func wrong(p contentLine) string {
	switch p.name {
	case "DTSTAMP", "CREATED", "LAST-MODIFIED":
		if _, ok := moment(p); !ok || len(p.value) != len("20060102T150405Z") || len(p.params) > 0 {
			return "an instant in UTC"
		}
	case "DTSTART", "DTEND", "RECURRENCE-ID":
		if _, ok := moment(p); !ok {
			return "the date or time that its VALUE says"
		}
	case "SEQUENCE":
		if n, err := strconv.ParseInt(p.value, 10, 32); err != nil || n < 0 || p.value[0] == '+' {
			return "a number from 0"
		}
	case "URL", "SOURCE":
		if !ical.IsLink(p.value) {
			return "an absolute http or https address"
		}
	case "COLOR":
		if !isColor(p.value) {
			return "a CSS3 colour name"
		}
	case "ATTENDEE":
		return "for a feed, which invites nobody"
	case "GEO":
		if !geo(p.value) {
			return "a latitude and a longitude"
		}
	case "X-WR-TIMEZONE":
		if _, err := civil.Zone(p.value); err != nil || !strings.Contains(p.value, "/") {
			return "a zone of the IANA database"
		}
	}
	return wrongText(p)
}

// wrongText is wrong for values of type TEXT.
func wrongText(p contentLine) string {
	switch p.name {
	case "SUMMARY", "LOCATION", "UID", "PRODID", "X-WR-CALNAME":
		if p.value == "" {
			return "there"
		}
		fallthrough
	case "DESCRIPTION", "COMMENT", "NAME", "RELATED-TO", "X-WR-CALDESC":
		if !isText(p.value, false) {
			return "escaped text"
		}
	case "CATEGORIES", "RESOURCES":
		if !isText(p.value, true) {
			return "a list of escaped appendTexts"
		}
	}
	return ""
}

// isText reports whether s is of type TEXT, RFC 5545 §3.3.11, or a list of such.
func isText(s string, list bool) bool {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			if i++; i == len(s) || strings.IndexByte(`\;,nN`, s[i]) < 0 {
				return false
			}
		case ';':
			return false
		case ',':
			if !list {
				return false
			}
		}
	}
	return true
}

// moment reads a DATE or DATE-TIME, without its zone.
func moment(p contentLine) (time.Time, bool) {
	layout := "20060102T150405"
	switch v, has := p.params["VALUE"]; {
	case v == "DATE":
		layout = "20060102"
	case has && v != "DATE-TIME":
		return time.Time{}, false
	case strings.HasSuffix(p.value, "Z"):
		layout += "Z"
	}
	t, err := time.Parse(layout, p.value)
	return t, err == nil && len(p.value) == len(layout)
}

// parseDuration reads a duration, RFC 5545 §3.3.6.
func parseDuration(s string) (time.Duration, bool) {
	rest, ok := strings.CutPrefix(strings.TrimPrefix(s, "+"), "P")
	if !ok || rest == "" {
		return 0, false
	}
	var total time.Duration
	units := "WDTHMS"
	for rest != "" {
		if rest[0] == 'T' && strings.Contains(units, "T") && len(rest) > 1 {
			rest, units = rest[1:], "HMS"
			continue
		}
		n := len(rest) - len(strings.TrimLeft(rest, "0123456789"))
		if n == 0 || n > 6 || n == len(rest) {
			return 0, false
		}
		unit := strings.IndexByte(units, rest[n])
		if unit < 0 || rest[n] == 'T' || strings.Contains(units, "T") && unit > strings.IndexByte(units, 'T') {
			return 0, false
		}
		count, _ := strconv.Atoi(rest[:n]) // at most six digits
		total += time.Duration(count) * unitLength(rest[n])
		if rest[n] == 'W' && n+1 < len(rest) {
			return 0, false // weeks stand alone
		}
		rest, units = rest[n+1:], units[unit+1:]
	}
	return total, true
}

// unitLength returns the length of a unit of a duration.
func unitLength(unit byte) time.Duration {
	switch unit {
	case 'W':
		return 7 * 24 * time.Hour
	case 'D':
		return 24 * time.Hour
	case 'H':
		return time.Hour
	case 'M':
		return time.Minute
	}
	return time.Second
}
