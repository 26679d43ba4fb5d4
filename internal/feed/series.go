package feed

import (
	"slices"
	"strings"
	"time"

	"attache/internal/agenda"
	"attache/internal/civil"
	"attache/internal/when"
)

// What comes again and has an end is written as its days, one entry each: readers agree
// about those, and differ about rules and zones. Only what has no end, or too many days,
// is written as one entry with its rule, and with the definition of its zone if that is
// one that every reader can hold; where it is not, its coming days are written.

// mostDays is how many days of a series are entries of their own.
const mostDays = 200

// seriesEntries returns the entries of what comes again.
func seriesEntries(e *agenda.Entry) []entry {
	var days []when.Occurrence
	if !e.Series.Endless() {
		days = e.Series.Next(e.Series.First.Add(-48*time.Hour), mostDays+1)
	}
	if e.Series.Endless() || len(days) > mostDays {
		if s, ok := ruleEntry(e); ok {
			return []entry{s}
		}
		days = e.Series.Next(used(e).Add(-48*time.Hour), mostDays)
		days = slices.DeleteFunc(days, func(o when.Occurrence) bool { return o.Wall.After(used(e).AddDate(usedFor, 0, 0)) })
	}
	out := make([]entry, 0, len(days))
	for _, o := range days {
		s, ok := intervalOf(o.Window)
		if !ok {
			continue
		}
		day := e.Occurring(o)
		out = append(out, entry{suffix: "-" + o.Name(e.Series.Timed), interval: s, of: &day})
	}
	return out
}

// ruleEntry returns the one entry of a series with its rule, and false where readers would not
// understand it: its zone is one of changing rules, or its first day is one that was added
// to the rule.
func ruleEntry(e *agenda.Entry) (entry, bool) {
	first, ok := e.Series.Start()
	if !ok || slices.ContainsFunc(e.Series.Added(), first.Wall.Equal) {
		return entry{}, false
	}
	if _, ok := zoneOf(e); !ok {
		return entry{}, false
	}
	s, ok := intervalOf(first.Window)
	return entry{interval: s, series: true}, ok
}

// usedFor is for how many years the rules of a zone have to hold for a series without end.
const usedFor = 5

// exceptedFor is for how many years the holidays on which a series without end does not come
// are written: readers know no calendars.
const exceptedFor = 20

// excepted returns the times at which the rule of e has it and it does not come.
func excepted(e *agenda.Entry) []time.Time { return e.Series.Excepted(exceptedUntil(e)) }

func exceptedUntil(e *agenda.Entry) civil.Date {
	return civil.DateOf(used(e).AddDate(exceptedFor, 0, 0), time.UTC)
}

// zoneOf returns the VTIMEZONE that a series needs, "" where it needs none, and false where
// there is none that every reader can hold.
func zoneOf(e *agenda.Entry) (text string, ok bool) {
	s := e.Series
	if !s.Timed || utc(s.Zone) {
		return "", true
	}
	if !strings.Contains(s.Zone, "/") {
		return "", false
	}
	return timezone(s.Zone, s.Location(), s.First, used(e).AddDate(usedFor, 0, 0))
}

// used returns from when on people look at a series: from its beginning, or since it is
// known. That never changes, so that no entry does because time passes.
func used(e *agenda.Entry) time.Time {
	if e.Created.After(e.Series.First) {
		return e.Created
	}
	return e.Series.First
}

func utc(zone string) bool { return zone == "UTC" || zone == "Etc/UTC" }

// zonesOf returns the definitions of the zones that the series of list are in, each once, in
// the order of their names.
func zonesOf(list []*vevent) []string {
	longest := make(map[string]string)
	for _, p := range list {
		if !p.series {
			continue
		}
		// Of two series in one zone that which began first asks for more years.
		if text, ok := zoneOf(p.Entry); ok && text != "" && (longest[p.Entry.Series.Zone] == "" || text < longest[p.Entry.Series.Zone]) {
			longest[p.Entry.Series.Zone] = text
		}
	}
	var out []string
	for _, text := range longest {
		out = append(out, text)
	}
	slices.Sort(out)
	return out
}

// series writes when p, a whole series, is: its first day, its rule, and what differs
// from that, one property each, since some readers take no lists.
func (w *writer) series(p *vevent) {
	s := p.Entry.Series
	name, layout := ";VALUE=DATE", "20060102"
	end, ends := w.end(p)
	first, _ := s.Start()
	switch {
	case s.Timed && utc(s.Zone):
		name, layout = "", "20060102T150405Z"
	case s.Timed:
		name, layout = ";TZID="+s.Zone, "20060102T150405"
		end = end.In(s.Location())
	}
	w.put("DTSTART"+name, first.Wall.Format(layout))
	if ends {
		w.put("DTEND"+name, end.Format(layout))
	}
	if !s.Timed {
		w.put("X-MICROSOFT-CDO-ALLDAYEVENT", "TRUE")
	}
	w.put("RRULE", rule(s))
	for _, at := range excepted(p.Entry) {
		w.put("EXDATE"+name, at.Format(layout))
	}
	for _, at := range s.Added() {
		w.put("RDATE"+name, at.Format(layout))
	}
}

// rule writes RRULE, RFC 5545 §3.3.10: UNTIL is a day where the series has days, and an
// instant in UTC where it has times.
func rule(s *when.Series) string {
	var parts []string
	for _, part := range strings.Split(s.Rule.String(), ";") {
		if !strings.HasPrefix(part, "UNTIL=") {
			parts = append(parts, part)
		}
	}
	until := s.Rule.Until()
	switch {
	case until.IsZero():
	case s.Timed && until.Day.IsZero():
		parts = append(parts, "UNTIL="+stamp(until.At))
	case s.Timed:
		parts = append(parts, "UNTIL="+stamp(until.Day.AddDays(1).Start(s.Location()).Add(-time.Second)))
	case until.Day.IsZero():
		parts = append(parts, "UNTIL="+until.At.In(s.Location()).Format("20060102"))
	default:
		parts = append(parts, "UNTIL="+date(midnight(until.Day)))
	}
	return strings.Join(parts, ";")
}
