package ical

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	goical "github.com/emersion/go-ical"

	"attache/internal/civil"
	"attache/internal/prose"
)

// zones finds the zones that a calendar names.
type zones struct {
	own      string                          // of times that name none, or ""
	hint     string                          // X-WR-TIMEZONE, which programs read in different ways
	defined  map[string]*goical.Component    // VTIMEZONEs by their TZID
	found    map[string]string               // names that were looked up
	ended    map[*goical.Component]time.Time // the last time of rules that have ended
	floating int                             // times that name no zone
	warnings []error                         // about the event that is being read
	lacks    []string                        // the parts of its date that can't be read
}

func newZones(blocks []block, own string) *zones {
	z := &zones{own: own, defined: map[string]*goical.Component{}, found: map[string]string{}, ended: map[*goical.Component]time.Time{}}
	for _, b := range blocks {
		if b.name != goical.CompTimezone {
			continue
		}
		if c, err := b.decode(); err == nil {
			z.defined[valueOf(c, goical.PropTimezoneID)] = c
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
// that some program wraps in a path of its own, or the place that the calendar itself
// gives. ok is false where none is known, and the calendar's definition has to do.
func (z *zones) zone(tzid string) (name string, ok bool) {
	if name, ok = z.found[tzid]; ok {
		return name, name != ""
	}
	tries := []string{tzid, windowsZone(tzid), lastSegments(tzid, 2), lastSegments(tzid, 3)}
	if c := z.defined[tzid]; c != nil {
		tries = append(tries, valueOf(c, "X-LIC-LOCATION"))
	}
	for _, t := range tries {
		if t = universal(t); t == "" {
			continue
		}
		if _, err := civil.Zone(t); err == nil {
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
	naive time.Time // its digits, as if in UTC
	dated bool      // it is a day
	zone  string    // "" for a day
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
	t, err := time.Parse("20060102T150405", digits)
	if err != nil {
		return localTime{}, fmt.Errorf("%q is no date and no time", prose.Clip(value, maxQuoted))
	}
	m := localTime{naive: t}
	switch {
	case utc:
		m.zone = "UTC"
	case tzid != "":
		m.zone, err = z.zoneAt(tzid, t)
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
	return m, inCalendar(t)
}

// inCalendar refuses years that no calendar program shows.
func inCalendar(t time.Time) error {
	if t.Year() < 1900 || t.Year() > 2200 {
		return fmt.Errorf("its year is %d: only 1900 to 2200 are read", t.Year())
	}
	return nil
}

// zoneAt returns the zone of the wall-clock time t with a TZID.
func (z *zones) zoneAt(tzid string, t time.Time) (string, error) {
	if name, ok := z.zone(tzid); ok {
		return name, nil
	}
	c := z.defined[tzid]
	if c == nil {
		return "", fmt.Errorf("its time is in the zone %q, which is not known and not defined", prose.Clip(tzid, maxQuoted))
	}
	seconds, ok := z.offsetOf(c, t)
	name := offsetText(seconds)
	if _, err := civil.Zone(name); !ok || err != nil {
		return "", fmt.Errorf("its time is in the zone %q, whose definition can't be read", prose.Clip(tzid, maxQuoted))
	}
	z.warn("the zone %q is not known: its own definition gives %s on %s", prose.Clip(tzid, maxQuoted), name, t.Format("2 Jan 2006"))
	return name, nil
}

func offsetText(seconds int) string {
	if seconds == 0 {
		return "UTC"
	}
	sign := '+'
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	return fmt.Sprintf("%c%02d:%02d", sign, seconds/3600, seconds/60%60)
}

// offsetOf returns the offset, in seconds, that a VTIMEZONE has at the wall-clock time t:
// that of the observance that began last, RFC 5545 §3.6.5.
func (z *zones) offsetOf(zone *goical.Component, t time.Time) (seconds int, ok bool) {
	var last time.Time
	first := 0
	var firstOnset time.Time
	for _, c := range zone.Children {
		to, fine := utcOffset(valueOf(c, goical.PropTimezoneOffsetTo))
		if !fine || c.Name != goical.CompTimezoneStandard && c.Name != goical.CompTimezoneDaylight {
			continue
		}
		onset, begun, fine := z.lastOnset(c, t)
		if !fine {
			continue
		}
		if begun && (!ok || onset.After(last)) {
			last, seconds, ok = onset, to, true
		}
		if from, fine := utcOffset(valueOf(c, goical.PropTimezoneOffsetFrom)); fine && (firstOnset.IsZero() || onset.Before(firstOnset)) {
			first, firstOnset = from, onset
		}
	}
	if !ok && !firstOnset.IsZero() {
		return first, true // before anything began
	}
	return seconds, ok
}

// lastOnset returns when an observance began last up to t, or when it first begins where
// that lies ahead.
func (z *zones) lastOnset(c *goical.Component, t time.Time) (onset time.Time, begun, ok bool) {
	start, err := time.Parse("20060102T150405", strings.TrimSuffix(valueOf(c, goical.PropDateTimeStart), "Z"))
	if err != nil {
		return onset, false, false
	}
	if start.After(t) {
		return start, false, true
	}
	onset = start
	for _, p := range c.Props.Values(goical.PropRecurrenceDates) {
		for _, s := range splitList(p.Value) {
			if at, err := time.Parse("20060102T150405", strings.TrimSuffix(s, "Z")); err == nil && !at.After(t) && at.After(onset) {
				onset = at
			}
		}
	}
	if at := z.lastOfRule(c, start, t); at.After(onset) {
		onset = at
	}
	return onset, true, true
}

// lastOfRule returns the last time up to t of the rule of an observance, zero for none.
// Only yearly rules change clocks. A rule that is walked in vain is not walked again.
func (z *zones) lastOfRule(c *goical.Component, start, t time.Time) time.Time {
	rule := strings.ToUpper(valueOf(c, goical.PropRecurrenceRule))
	if !strings.Contains(rule, "FREQ=YEARLY") {
		return time.Time{}
	}
	if last, ended := z.ended[c]; ended {
		if last.After(t) {
			return time.Time{}
		}
		return last
	}
	set, err := rebased(c, start, t).RecurrenceSet(time.UTC)
	if err == nil && set != nil {
		if at := set.Before(t, true); !at.IsZero() {
			return at
		}
	}
	last := time.Time{}
	if set, err = c.RecurrenceSet(time.UTC); err == nil && set != nil {
		last = set.Before(t, true)
	}
	z.ended[c] = last
	return last
}

// rebased returns c with a start not long before t: rules begin in 1601 in what Outlook
// writes, and would be walked from there.
func rebased(c *goical.Component, start, t time.Time) *goical.Component {
	const years = 3
	rule := strings.ToUpper(valueOf(c, goical.PropRecurrenceRule))
	if t.Year()-start.Year() <= years || !strings.Contains(rule, "BYMONTH=") || strings.Contains(rule, "COUNT=") || strings.Contains(strings.ReplaceAll(rule+";", "INTERVAL=1;", ""), "INTERVAL=") {
		return c
	}
	moved := goical.NewComponent(c.Name)
	moved.Props.Set(c.Props.Get(goical.PropRecurrenceRule))
	at := goical.NewProp(goical.PropDateTimeStart)
	at.Value = time.Date(t.Year()-years, start.Month(), start.Day(), start.Hour(), start.Minute(), start.Second(), 0, time.UTC).Format("20060102T150405")
	moved.Props.Set(at)
	return moved
}

// utcOffset reads +0100 or -043000, RFC 5545 §3.3.14, in seconds.
func utcOffset(s string) (seconds int, ok bool) {
	if len(s) != 5 && len(s) != 7 || s[0] != '+' && s[0] != '-' {
		return 0, false
	}
	n, err := strconv.Atoi(s[1:])
	if err != nil {
		return 0, false
	}
	if len(s) == 5 {
		n *= 100
	}
	seconds = n/10000*3600 + n/100%100*60 + n%100
	if s[0] == '-' {
		seconds = -seconds
	}
	return seconds, true
}
