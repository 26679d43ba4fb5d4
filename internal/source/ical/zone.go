package ical

import (
	"fmt"
	"strings"
	"time"

	goical "github.com/emersion/go-ical"

	"attache/internal/civil"
	"attache/internal/prose"
)

// zones finds the zones that a calendar names.
type zones struct {
	own      string                       // of times that name none, or ""
	spoken   string                       // X-WR-TIMEZONE, or ""
	hint     string                       // what to say of it where a time names no zone: programs read it in different ways
	texts    map[string]*goical.Component // VTIMEZONEs by their TZID
	lines    map[string]int               // of them
	defined  map[string]*definition       // those that were read; nil is one that can't be
	found    map[string]string            // names that were looked up
	matched  map[match]matching           // definitions that were compared
	first    int                          // the years of what is being read
	last     int
	whole    string     // the zone whose days the times of what is being read are, "" where they are times
	start    *localTime // of what is being read, once it is known
	floating int        // times that name no zone
	spent    int        // days that were looked at
	warnings []error    // about the event that is being read
	lacks    []string   // the parts of its date that can't be read
	notes    []Finding  // what was understood, and is told once
}

func newZones(blocks []block, own string) *zones {
	z := &zones{
		own: own, texts: map[string]*goical.Component{}, lines: map[string]int{}, defined: map[string]*definition{},
		found: map[string]string{}, matched: map[match]matching{},
	}
	for _, b := range blocks {
		if b.name != goical.CompTimezone {
			continue
		}
		if c, err := b.decode(); err == nil {
			z.texts[valueOf(c, goical.PropTimezoneID)] = c
			z.lines[valueOf(c, goical.PropTimezoneID)] = b.line
		}
	}
	return z
}

// warn notes what is to be told of the event that is being read.
func (z *zones) warn(format string, args ...any) {
	z.warnings = append(z.warnings, fmt.Errorf(format, args...))
}

// lack warns that a part of the date of the event that is being read can't be read.
func (z *zones) lack(part, format string, args ...any) {
	z.warn(format, args...)
	z.lacks = append(z.lacks, part)
}

// zone returns the name of the zone that TZID means: an IANA name, a Windows one, one
// that some program wraps in a path or words of its own, or the place that the calendar
// itself gives. ok is false where none is known, and the calendar's definition has to do.
func (z *zones) zone(tzid string) (name string, ok bool) {
	if name, ok = z.found[tzid]; ok {
		return name, name != ""
	}
	if len(z.found) == mostNames {
		return "", false
	}
	c := z.texts[tzid]
	tries := namesOf(tzid)
	if c != nil {
		tries = append(tries, valueOf(c, "X-LIC-LOCATION"))
	} else {
		tries = append(tries, shortName(tzid))
	}
	for _, t := range tries {
		if t = universal(t); t != "UTC" && !strings.Contains(t, "/") && (c != nil || t == "" || t[0] != '+' && t[0] != '-') {
			continue // a short name means what its definition says
		}
		if _, err := civil.Zone(t); err == nil {
			t = civil.ZoneText(t)
			z.found[tzid] = t
			return t, true
		}
	}
	z.found[tzid] = ""
	return "", false
}

// universal returns UTC for what some programs call it.
func universal(name string) string {
	switch strings.ToUpper(name) {
	case "UTC", "Z", "GMT", "ETC/UTC", "ETC/GMT", "TZONE://MICROSOFT/UTC":
		return "UTC"
	}
	return name
}

// lastSegments returns the last n parts of a path such as
// /freeassociation.sourceforge.net/Europe/Paris, or "".
func lastSegments(path string, n int) string {
	if !strings.HasPrefix(path, "/") {
		return ""
	}
	parts := strings.Split(path, "/")
	if len(parts) <= n {
		return ""
	}
	return strings.Join(parts[len(parts)-n:], "/")
}

// localTime is a date or a time as a calendar writes it.
type localTime struct {
	naive time.Time   // its digits, as if in UTC
	dated bool        // it is a day
	zone  string      // "" for a day
	by    *definition // by which zone is the offset of this time alone; nil where zone has it all
	wall  time.Time   // its digits in the zone that by defines, as if in UTC
}

// timeOf reads the value of a property, RFC 5545 §3.3.4 and §3.3.5.
func (z *zones) timeOf(p *goical.Prop) (localTime, error) {
	return z.timeFrom(strings.TrimSpace(p.Value), p.Params.Get(goical.PropTimezoneID))
}

func (z *zones) timeFrom(value, tzid string) (localTime, error) {
	if t, err := time.Parse("20060102", value); err == nil {
		return localTime{naive: t, dated: true}, inCalendar(t)
	}
	digits, utc := strings.CutSuffix(value, "Z")
	if len(digits) == len("20060102T150405") && strings.HasSuffix(digits, "60") {
		digits = digits[:len(digits)-2] + "59" // a leap second, RFC 5545 §3.3.12
	}
	t, err := time.Parse("20060102T150405", digits)
	if err != nil {
		return localTime{}, fmt.Errorf("%q is no date and no time", prose.Clip(value, maxQuoted))
	}
	m := localTime{naive: t}
	switch {
	case utc:
		m.zone = "UTC"
	case tzid != "":
		m, err = z.within(tzid, t)
	case z.start != nil && z.start.dated: // as the beginning of what it belongs to
		m.naive, m.dated = civil.Naive(dayOf(t), civil.Clock{}), true
	case z.start != nil:
		m.zone = z.start.zone
		if z.start.by != nil {
			m = z.start.by.at(t)
		}
	case z.own != "":
		z.floating++
		m.zone = z.own
	default:
		z.floating++
		err = fmt.Errorf("its time names no zone: say in which it is meant%s", z.hint)
	}
	if err != nil {
		return m, err
	}
	if z.whole != "" && !m.dated {
		m = localTime{naive: civil.Naive(m.dayIn(z.whole), civil.Clock{}), dated: true}
	}
	return m, inCalendar(t)
}

// inCalendar refuses years that no calendar program shows.
func inCalendar(t time.Time) error {
	if t.Year() < 1900 || t.Year() > 2200 {
		return fmt.Errorf("its year is %d: only 1900 to 2200 are read", t.Year())
	}
	return nil
}

// match asks which zone has the clocks of a definition in some years.
type match struct {
	tzid        string
	first, last int
}

// matching is the zone that does, or "".
type matching struct {
	zone string
	from int // the year from which it does; 0 is all the time
}

// mostNames bounds how many names of zones are looked up.
const mostNames = 1000

// mostDefined bounds how many definitions are read: each is compared with many zones.
const mostDefined = 100

// within returns the wall-clock time t in the zone that a TZID means. Where only the calendar
// knows it, that is the IANA zone whose clocks do the same around the date, and else the offset
// at that time.
func (z *zones) within(tzid string, t time.Time) (localTime, error) {
	m := localTime{naive: t}
	if name, ok := z.zone(tzid); ok {
		m.zone = name
		return m, nil
	}
	quoted := prose.Clip(prose.CleanLine(tzid), maxQuoted)
	if z.texts[tzid] == nil {
		return m, fmt.Errorf("its time is in the zone %q, which is not known and not defined", quoted)
	}
	d, err := z.definition(tzid)
	if err != nil {
		return m, fmt.Errorf("its time is in the zone %q, whose definition can't be read: %w", quoted, err)
	}
	ask := match{tzid, min(z.first, t.Year()) - 1, max(z.last, t.Year()) + 1}
	got, ok := z.matched[ask]
	if !ok {
		got = z.match(d, ask)
		z.matched[ask] = got
		z.tellMatch(tzid, quoted, got)
	}
	if got.zone != "" {
		m.zone = got.zone
		return m, nil
	}
	m = d.at(t)
	if z.start == nil { // of what ends in the same zone nothing more needs to be said
		z.warn("the zone %q is not known: its own definition gives %s on %s", quoted, m.zone, t.Format("2 Jan 2006"))
	}
	return m, nil
}

// tellMatch says once for which zone one that only the calendar knows is taken.
func (z *zones) tellMatch(tzid, quoted string, got matching) {
	if got.zone == "" {
		return
	}
	what := fmt.Sprintf("the zone %q is taken for %s, which has the clocks that are defined", quoted, got.zone)
	if got.from > 0 {
		what += fmt.Sprintf(" from %d on", got.from)
	}
	for _, n := range z.notes {
		if n.What == what {
			return
		}
	}
	z.notes = append(z.notes, Finding{Line: z.lines[tzid], What: what})
}

// definition reads the definition of a zone.
func (z *zones) definition(tzid string) (*definition, error) {
	if d, ok := z.defined[tzid]; ok && d != nil {
		return d, nil
	}
	if len(z.defined) == mostDefined {
		return nil, fmt.Errorf("%d are the most that are read", mostDefined)
	}
	d, err := definitionOf(z.texts[tzid])
	z.defined[tzid] = d
	return d, err
}

// wellKnown are zones for which others with the same clocks are taken.
var wellKnown = []string{
	"America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles",
	"Europe/London", "Europe/Brussels", "Europe/Athens", "Australia/Sydney",
}

// match finds the zone that has the clocks of d in the years of ask: that of times that name
// none, that of which the calendar speaks, or the best known. Rules are often defined as they
// are now, and were others long ago: of many years the last count.
func (z *zones) match(d *definition, ask match) matching {
	if offset, ok := d.fixed(ask.first, ask.last); ok {
		if _, err := civil.Zone(offsetText(offset)); err == nil {
			return matching{zone: offsetText(offset)}
		}
	}
	candidates := append([]string{z.own, z.spoken}, wellKnown...)
	candidates = append(candidates, windowsZones()...)
	for from := ask.first; from == ask.first || from <= ask.last-usedFor; from += usedFor {
		defined := d.clocks(from, ask.last)
		for _, name := range candidates {
			loc, err := civil.Zone(name)
			if err != nil || !strings.Contains(name, "/") || !defined.are(loc) {
				continue
			}
			if from == ask.first {
				return matching{zone: name}
			}
			return matching{name, from}
		}
	}
	return matching{}
}

// usedFor is for how many years the rules of a zone have to be those of a definition.
const usedFor = 10

// at returns the wall-clock time t as d has it: in the offset of that time, or in UTC where
// attache has no such offset.
func (d *definition) at(t time.Time) localTime {
	instant := d.instant(t)
	m := localTime{naive: t, zone: offsetText(int(t.Sub(instant) / time.Second)), by: d, wall: t}
	if _, err := civil.Zone(m.zone); err != nil {
		m.zone, m.naive = "UTC", instant
	}
	return m
}
