package ical

import (
	_ "embed"
	"strings"
	"time"

	"attache/internal/civil"
)

// windowsText has a line for each name that Windows gives a zone, with the IANA zone
// behind a tab.
//
//go:embed windows.txt
var windowsText string

// windowsZone returns the IANA zone of a name that Windows has, which Exchange and Outlook
// write as TZID; "" for none.
func windowsZone(name string) string {
	_, rest, found := strings.Cut(windowsText, "\n"+name+"\t")
	if !found || strings.Contains(name, "\n") || name == "" {
		return ""
	}
	zone, _, _ := strings.Cut(rest, "\n")
	return zone
}

// windowsZones returns the IANA zones that Windows has a name for: at least one for each set of
// clock changes that people meet.
func windowsZones() []string {
	var out []string
	for line := range strings.Lines(windowsText) {
		if _, zone, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
			out = append(out, zone)
		}
	}
	return out
}

// namesOf returns what a TZID may name, the likeliest first: an IANA zone; one that
// Windows has, with the number that Outlook puts behind it where it has changed; what Outlook
// shows people; one in a path of some program.
func namesOf(tzid string) []string {
	name := strings.TrimSpace(tzid)
	unnumbered := strings.TrimRight(strings.TrimRight(name, "0123456789"), " ")
	out := []string{name, windowsZone(name), windowsZone(unnumbered)}
	out = append(out, shownNames(name)...)
	return append(out, lastSegments(name, 2), lastSegments(name, 3))
}

// areas are those of the IANA database in which there are cities that people name.
var areas = []string{"Europe", "America", "Asia", "Africa", "Australia", "Pacific", "Atlantic", "Indian"}

// shownNames returns what is named by a zone as Outlook shows it to people, (UTC-05:00) Eastern
// Time (US & Canada) or (GMT+01.00) Brussels / Paris: the zone of the first of its cities
// that has one, if that offset is right.
func shownNames(shown string) []string {
	offset, rest, ok := strings.Cut(shown, ")")
	if !ok || !strings.HasPrefix(offset, "(") {
		return nil
	}
	rest = strings.TrimSpace(rest)
	name, _, _ := strings.Cut(rest, " Time (")
	out := []string{windowsZone(rest), windowsZone(name + " Standard Time")}
	want := shortName(strings.TrimPrefix(offset, "("))
	for _, city := range strings.FieldsFunc(rest, func(r rune) bool { return r == ',' || r == '/' || r == ';' }) {
		city = strings.ReplaceAll(strings.TrimSpace(city), " ", "_")
		for _, area := range areas {
			loc, err := civil.Zone(area + "/" + city)
			if err == nil && offsetText(standardOffset(loc)) == universal(want) {
				out = append(out, area+"/"+city)
			}
		}
	}
	return out
}

// standardOffset returns the offset of loc in winter, in seconds.
func standardOffset(loc *time.Location) int {
	_, january := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).In(loc).Zone()
	_, july := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC).In(loc).Zone()
	return min(january, july)
}

// shortNames are names of the IANA database that have no place in them, and mean one.
var shortNames = map[string]string{
	"EST": "America/New_York", "EDT": "America/New_York", "ET": "America/New_York", "EST5EDT": "America/New_York",
	"CST6CDT": "America/Chicago", "MST7MDT": "America/Denver", "PST8PDT": "America/Los_Angeles", "HST": "Pacific/Honolulu",
	"CET": "Europe/Brussels", "CEST": "Europe/Brussels", "MET": "Europe/Brussels", "EET": "Europe/Athens", "EEST": "Europe/Athens",
	"WET": "Europe/Lisbon", "WEST": "Europe/Lisbon", "GB": "Europe/London", "EIRE": "Europe/Dublin", "PORTUGAL": "Europe/Lisbon",
	"POLAND": "Europe/Warsaw", "TURKEY": "Europe/Istanbul", "ISRAEL": "Asia/Jerusalem", "IRAN": "Asia/Tehran", "EGYPT": "Africa/Cairo",
	"PRC": "Asia/Shanghai", "ROC": "Asia/Taipei", "ROK": "Asia/Seoul", "JAPAN": "Asia/Tokyo", "JST": "Asia/Tokyo", "KST": "Asia/Seoul",
	"HONGKONG": "Asia/Hong_Kong", "HKT": "Asia/Hong_Kong", "SINGAPORE": "Asia/Singapore", "SGT": "Asia/Singapore", "NZ": "Pacific/Auckland",
	"W-SU": "Europe/Moscow", "MSK": "Europe/Moscow", "CUBA": "America/Havana", "JAMAICA": "America/Jamaica",
}

// shortName returns the zone of a name without a place, CET or PRC, and the offset of one such as
// UTC+01:00, GMT-5 or +0100; "" for none. Names that mean several places are none.
func shortName(name string) string {
	name = strings.ToUpper(strings.TrimSpace(name))
	if zone := shortNames[name]; zone != "" {
		return zone
	}
	digits := strings.TrimPrefix(strings.TrimPrefix(name, "UTC"), "GMT")
	if digits == "" {
		return "UTC"
	}
	for _, layout := range []string{"-07:00", "-0700", "-07.00", "-07"} {
		if t, err := time.Parse(layout, padded(digits)); err == nil {
			_, seconds := t.Zone()
			return offsetText(seconds)
		}
	}
	return ""
}

// padded writes an hour of one digit with two: -5 is -05.
func padded(offset string) string {
	if len(offset) == 2 || len(offset) > 2 && (offset[2] == ':' || offset[2] == '.') {
		return offset[:1] + "0" + offset[1:]
	}
	return offset
}
