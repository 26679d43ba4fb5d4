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
	"BST": "Europe/London", "CET": "Europe/Brussels", "CEST": "Europe/Brussels", "EET": "Europe/Athens",
	"KST": "Asia/Seoul", "JST": "Asia/Tokyo", "HKT": "Asia/Hong_Kong", "SGT": "Asia/Singapore", "IST": "Asia/Kolkata, Europe/Dublin or Asia/Jerusalem",
	"MYT": "Asia/Kuala_Lumpur", "Z": "UTC", "GMT": "UTC or Europe/London", "LOCAL": "the name of your zone",
}

// easternTime is the zone that ET stands for.
const easternTime = "America/New_York"

// Zone finds the zone that a person named: an IANA name such as
// Asia/Shanghai, UTC, ET for the eastern United States, whose writers also say EST
// or EDT in either half of the year (see WarnZone), AoE for Anywhere on
// Earth (twelve hours behind UTC), or an offset such as +08:00. The error says
// what may have been meant. Abbreviations such as PT or CST are refused even
// where the zone database has them, since most name the wrong half of the year
// or more than one place.
func Zone(name string) (*time.Location, error) {
	switch name {
	case "UTC":
		return time.UTC, nil
	case "ET", "EST", "EDT":
		return time.LoadLocation(easternTime)
	case "AoE":
		return time.FixedZone("AoE", -12*60*60), nil
	case "":
		return nil, fmt.Errorf("no zone given: write one as Asia/Shanghai")
	}
	if name[0] == '+' || name[0] == '-' {
		return offsetZone(name)
	}
	if strings.Contains(name, "/") {
		return placeZone(name)
	}
	if m := meant[strings.ToUpper(name)]; m != "" {
		return nil, fmt.Errorf("no zone is named %q: did you mean %s?", name, m)
	}
	return nil, noZone(name)
}

// placeZone finds an IANA zone. What the zone database would find under a
// second spelling is refused, and so are its directories for other reckonings:
// right/ counts leap seconds, which moves every instant by half a minute.
func placeZone(name string) (*time.Location, error) {
	area, _, _ := strings.Cut(name, "/")
	if path.Clean(name) != name || area == "posix" || area == "right" {
		return nil, noZone(name)
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil, noZone(name)
	}
	return loc, nil
}

func noZone(name string) error {
	return fmt.Errorf("no zone is named %q: write one as Asia/Shanghai", syntax.Clip(name))
}

func offsetZone(name string) (*time.Location, error) {
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

// ZoneName returns the IANA name of a zone that has a short one, and UTC for none.
func ZoneName(zone string) string {
	switch zone {
	case "":
		return "UTC"
	case "ET", "EST", "EDT":
		return easternTime
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
// their time: where people of diplomacy say that a day is counted.
var capitals = map[string]string{
	"America/New_York": "Washington", "Asia/Shanghai": "Beijing", "Asia/Kolkata": "New Delhi", "Asia/Karachi": "Islamabad",
	"Asia/Ho_Chi_Minh": "Hanoi", "Asia/Dubai": "Abu Dhabi", "Asia/Almaty": "Astana", "America/Sao_Paulo": "Brasília",
	"America/Toronto": "Ottawa", "Europe/Istanbul": "Ankara", "Europe/Zurich": "Bern", "Africa/Johannesburg": "Pretoria",
	"Africa/Lagos": "Abuja", "Australia/Sydney": "Canberra", "Pacific/Auckland": "Wellington",
}

// City names the place whose days and hours a zone counts: Washington, Seoul, UTC.
func City(zone string) string {
	if c, ok := capitals[zone]; ok {
		return c
	}
	return strings.TrimSuffix(Place(zone), " time")
}
