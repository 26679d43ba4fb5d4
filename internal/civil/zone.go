package civil

import (
	"fmt"
	"path"
	"strings"
	"time"

	"attache/internal/syntax"
)

// meant holds the short zone names that people write and that name no zone, or
// name more than one, with the zone they may have meant.
var meant = map[string]string{
	"PT": "America/Los_Angeles", "PST": "America/Los_Angeles", "PDT": "America/Los_Angeles",
	"MT": "America/Denver", "MST": "America/Denver", "MDT": "America/Denver",
	"CT": "America/Chicago", "CDT": "America/Chicago", "CST": "America/Chicago or Asia/Shanghai",
	"BST": "Europe/London", "EET": "Europe/Athens",
	"KST": "Asia/Seoul", "JST": "Asia/Tokyo", "HKT": "Asia/Hong_Kong", "SGT": "Asia/Singapore", "IST": "Asia/Kolkata, Europe/Dublin or Asia/Jerusalem",
	"MYT": "Asia/Kuala_Lumpur", "GMT": "UTC or Europe/London", "LOCAL": "the name of your zone", "ZULU": "UTC",
	// Places where diplomats meet and no zone has its name.
	"GENEVA": "Europe/Zurich", "THE HAGUE": "Europe/Amsterdam", "STRASBOURG": "Europe/Paris", "DAVOS": "Europe/Zurich",
}

// short holds the short names that are read, in upper case, with the zone that each is of.
// Their writers mean the time of day there, whichever half of the year a name is of: see
// ShortOffset.
var short = map[string]string{
	"UTC": "UTC", "Z": "UTC",
	"ET": "America/New_York", "EST": "America/New_York", "EDT": "America/New_York", "EST5EDT": "America/New_York",
	"CST6CDT": "America/Chicago", "MST7MDT": "America/Denver", "PST8PDT": "America/Los_Angeles",
	"CET": "Europe/Brussels", "CEST": "Europe/Brussels",
}

// ShortOffset returns how far from UTC the half of the year is that a short name is of, and
// false for any other name.
func ShortOffset(name string) (time.Duration, bool) {
	hours, ok := map[string]time.Duration{"EST": -5, "EDT": -4, "CET": 1, "CEST": 2}[strings.ToUpper(name)]
	return hours * time.Hour, ok
}

// Zone finds the zone that a person named: an IANA name such as Asia/Shanghai, in either
// case, UTC, ET for the eastern United States, whose writers also say EST or EDT in either
// half of the year, CET and CEST for Brussels, AoE for Anywhere on Earth (twelve hours
// behind UTC), or an offset such as +08:00. The error says what may have been meant. Other
// abbreviations such as PT or CST are refused even where the zone database has them, since
// most name the wrong half of the year or more than one place.
func Zone(name string) (*time.Location, error) {
	name = strings.TrimSpace(name)
	loc, err := zoneOf(name)
	switch {
	case err != nil || loc != nil:
		return loc, err
	case meant[strings.ToUpper(name)] != "":
		return nil, fmt.Errorf("no zone is named %q: did you mean %s?", name, meant[strings.ToUpper(name)])
	}
	return nil, noZone(name)
}

// zoneOf is Zone without what may have been meant: it returns neither a zone nor an error
// where there is none of that name.
func zoneOf(name string) (*time.Location, error) {
	switch place := short[strings.ToUpper(name)]; {
	case place == "UTC":
		return time.UTC, nil
	case place != "":
		return time.LoadLocation(place)
	case name == "":
		return nil, fmt.Errorf("no zone given: write one as Asia/Shanghai")
	case name == "AoE":
		return time.FixedZone("AoE", -12*60*60), nil
	case name[0] == '+' || name[0] == '-':
		return offsetZone(name)
	case strings.Contains(name, "/"):
		return placeZone(name), nil
	}
	return nil, nil
}

// placeZone finds an IANA zone, nil for none. What the zone database would find under a
// second spelling is refused, and so are its directories for other reckonings:
// right/ counts leap seconds, which moves every instant by half a minute.
func placeZone(name string) *time.Location {
	area, _, _ := strings.Cut(name, "/")
	if path.Clean(name) != name || area == "posix" || area == "right" {
		return nil
	}
	if loc, err := time.LoadLocation(name); err == nil {
		return loc
	}
	for _, known := range Zones() {
		if strings.EqualFold(known, name) {
			if loc, err := time.LoadLocation(known); err == nil {
				return loc
			}
		}
	}
	return nil
}

// spelling is one of the ways in which people name a zone.
type spelling struct {
	letters, name string
	whole         bool // whether it has the area in it, as Europe/Brussels does
}

// spellings returns how all zones are named: by their names, their places, and the capitals
// that keep their time.
func spellings() (out []spelling) {
	for _, name := range Zones() {
		if strings.HasPrefix(name, "Etc/") {
			continue // nobody means one of these
		}
		out = append(out, spelling{syntax.Letters(name), name, true}, spelling{syntax.Letters(path.Base(name)), name, false})
		if c, ok := capitals[name]; ok {
			out = append(out, spelling{syntax.Letters(c), name, false})
		}
	}
	return out
}

// ZoneOfPlace returns the zone of a place by its name alone: Brussels, New Delhi. It is false where
// none is named so, or more than one.
func ZoneOfPlace(name string) (zone string, ok bool) {
	want := syntax.Letters(name)
	if other := meant[strings.ToUpper(name)]; strings.Contains(other, "/") && !strings.Contains(other, " ") && len(name) > 4 {
		return other, true
	}
	for _, s := range spellings() {
		if s.whole || s.letters != want || s.name == zone {
			continue
		}
		if zone != "" {
			return "", false
		}
		zone = s.name
	}
	return zone, zone != ""
}

// noZone reports that there is no zone of a name, and which comes nearest: by its place, by the
// capital that keeps its time, or by its spelling.
func noZone(name string) error {
	if offset, ok := fromUTC(name); ok {
		return fmt.Errorf("no zone is named %q: did you mean %s?", syntax.Clip(name), offset)
	}
	want, place := syntax.Letters(name), syntax.Letters(path.Base(name))
	nearest, least := "Asia/Shanghai", len(want)/5+1
	for _, s := range spellings() {
		if !s.whole && s.letters == place { // under another area
			nearest, least = s.name, 0
			break
		}
		if s.whole != strings.Contains(name, "/") && s.letters != want || max(len(s.letters)-len(want), len(want)-len(s.letters)) >= least {
			continue
		}
		if n := syntax.Slips(want, s.letters); n < least {
			nearest, least = s.name, n
		}
	}
	if least > len(want)/5 {
		return fmt.Errorf("no zone is named %q: write one as %s", syntax.Clip(name), nearest)
	}
	return fmt.Errorf("no zone is named %q: did you mean %s?", syntax.Clip(name), nearest)
}

// fromUTC reads UTC+8 or GMT-03:30 as the offset that its writer means. Zones of the IANA
// database that are named so mean the opposite.
func fromUTC(name string) (offset string, ok bool) {
	upper := strings.ToUpper(path.Base(name))
	digits := strings.TrimPrefix(strings.TrimPrefix(upper, "UTC"), "GMT")
	if digits == upper || len(digits) < 2 || strings.HasPrefix(name, "Etc/") {
		return "", false
	}
	hours, minutes, _ := strings.Cut(digits[1:], ":")
	if len(hours) == len("8") {
		hours = "0" + hours
	}
	if minutes == "" {
		minutes = "00"
	}
	offset = digits[:1] + hours + ":" + minutes
	_, err := offsetZone(offset)
	return offset, err == nil
}

func offsetZone(name string) (*time.Location, error) {
	if len(name) == len("+0800") && !strings.Contains(name, ":") { // ISO 8601 basic
		name = name[:3] + ":" + name[3:]
	}
	t, err := time.ParseInLocation("-07:00", name, time.UTC)
	if err != nil || name[4] > '5' { // time.Parse lets 60 minutes pass
		return nil, fmt.Errorf("%q is not an offset: write it as +08:00", syntax.Clip(name))
	}
	_, seconds := t.Zone()
	if seconds < -12*60*60 || seconds > 14*60*60 {
		return nil, fmt.Errorf("%q is not an offset: they go from -12:00 to +14:00", name)
	}
	return time.FixedZone(name, seconds), nil
}

// ZoneText returns the one way to write a zone that a person named: its IANA name, or the
// short one where that tells more, as EST does. What is no zone stays as it is.
func ZoneText(name string) string {
	if _, half := ShortOffset(name); half || strings.EqualFold(name, "ET") {
		return strings.ToUpper(name)
	}
	if loc, err := zoneOf(strings.TrimSpace(name)); err == nil && loc != nil {
		return loc.String()
	}
	return name
}

// ZoneName returns the IANA name of a zone that has a short one, and UTC for none.
func ZoneName(zone string) string {
	if zone == "" {
		return "UTC"
	}
	if len(zone) <= len("EST5EDT") {
		if place := short[zone]; place != "" {
			return place
		}
	}
	return zone
}

// Place names a zone by its place: "New York time", "UTC".
func Place(zone string) string {
	if i := strings.LastIndexByte(zone, '/'); i >= 0 {
		return strings.ReplaceAll(zone[i+1:], "_", " ") + " time"
	}
	return zone
}

// capitals gives, for zones that are named for another city, the capital that keeps
// their time, by which people look for them.
var capitals = map[string]string{
	"America/New_York": "Washington", "Asia/Shanghai": "Beijing", "Asia/Kolkata": "New Delhi", "Asia/Karachi": "Islamabad",
	"Asia/Ho_Chi_Minh": "Hanoi", "Asia/Dubai": "Abu Dhabi", "Asia/Almaty": "Astana", "America/Sao_Paulo": "Brasília",
	"America/Toronto": "Ottawa", "Europe/Istanbul": "Ankara", "Europe/Zurich": "Bern", "Africa/Johannesburg": "Pretoria",
	"Africa/Lagos": "Abuja", "Australia/Sydney": "Canberra", "Pacific/Auckland": "Wellington",
}
