package feed

import (
	"strings"
	"time"

	"attache/internal/civil"
	"attache/internal/prose"
	"attache/internal/source/ical"
)

// product is PRODID, RFC 5545 §3.7.3. It names no version, so that a new one
// does not change every feed.
const product = "-//attache//calendar feed//EN"

// defaultRefresh is how often readers should ask, unless the feed says so.
const defaultRefresh = time.Hour

// emptyZone makes a feed without events valid: RFC 5545 §3.6 wants a component
// at least.
const emptyZone = "BEGIN:VTIMEZONE\r\nTZID:Etc/UTC\r\n" +
	"BEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZNAME:UTC\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:+0000\r\nEND:STANDARD\r\n" +
	"END:VTIMEZONE\r\n"

const endCalendar = "END:VCALENDAR\r\n"

// frame returns what stands before the events, folded. Each property that RFC 7986
// defines has its older X- name beside it, bare of parameters as the calendars that
// invented it write it.
func frame(f Feed, counts Counts) []byte {
	var w writer
	w.put("BEGIN", "VCALENDAR")
	w.put("VERSION", "2.0")
	w.put("PRODID", product)
	w.put("CALSCALE", "GREGORIAN")
	w.putText("NAME", f.title())
	w.putText("X-WR-CALNAME", f.title())
	if about := counts.Incomplete(); about != "" { // never in silence: who reads the calendar has to know
		w.putText("DESCRIPTION", about)
		w.putText("X-WR-CALDESC", about)
	}
	w.put("X-WR-TIMEZONE", f.zone())
	if ical.IsLink(f.PublicURL) {
		w.put("SOURCE;VALUE=URI", f.PublicURL)
	}
	w.put("REFRESH-INTERVAL;VALUE=DURATION", f.refresh())
	w.put("X-PUBLISHED-TTL", f.refresh())
	return w.dst
}

func (f Feed) title() string {
	for _, s := range []string{f.Title, f.Name} {
		if s = prose.CleanLine(s); s != "" {
			return prose.Clip(s, maxSummary)
		}
	}
	return "attache"
}

// zone returns the zone of f where it is a name that every reader can look up: an
// offset or "AoE" is not.
func (f Feed) zone() string {
	if f.Zone == "UTC" {
		return "Etc/UTC"
	}
	if !strings.Contains(f.Zone, "/") {
		return ""
	}
	if _, err := civil.Zone(f.Zone); err != nil {
		return ""
	}
	return f.Zone
}

func (f Feed) refresh() string {
	if f.Refresh < time.Second {
		return duration(defaultRefresh)
	}
	return duration(f.Refresh)
}
