package when

import (
	"fmt"
	"strings"
	"time"
)

// meant holds the short zone names that people write and that name no zone, or
// name more than one, with the zone they may have meant.
var meant = map[string]string{
	"PT": "America/Los_Angeles", "PST": "America/Los_Angeles", "PDT": "America/Los_Angeles",
	"MT": "America/Denver", "MST": "America/Denver", "MDT": "America/Denver",
	"CT": "America/Chicago", "CDT": "America/Chicago", "CST": "America/Chicago or Asia/Shanghai",
	"EST": "America/New_York, or ET", "EDT": "America/New_York, or ET",
	"BST": "Europe/London", "CET": "Europe/Brussels", "CEST": "Europe/Brussels", "EET": "Europe/Athens",
	"KST": "Asia/Seoul", "JST": "Asia/Tokyo", "HKT": "Asia/Hong_Kong", "SGT": "Asia/Singapore", "IST": "Asia/Kolkata, Europe/Dublin or Asia/Jerusalem",
	"MYT": "Asia/Kuala_Lumpur", "Z": "UTC", "LOCAL": "the name of your zone",
}

// Zone finds the zone that a person named: an IANA name such as
// Asia/Shanghai, UTC, ET for the eastern United States, AoE for Anywhere on
// Earth (twelve hours behind UTC), or an offset such as +08:00. The error says
// what may have been meant. Abbreviations such as PT or EST are refused even
// where the zone database has them, since most name the wrong half of the year
// or more than one place.
func Zone(name string) (*time.Location, error) {
	switch name {
	case "UTC":
		return time.UTC, nil
	case "ET":
		return time.LoadLocation("America/New_York")
	case "AoE":
		return time.FixedZone("AoE", -12*60*60), nil
	case "":
		return nil, fmt.Errorf("no zone given: write one as Asia/Shanghai")
	}
	if name[0] == '+' || name[0] == '-' {
		return offsetZone(name)
	}
	if strings.Contains(name, "/") {
		loc, err := time.LoadLocation(name)
		if err != nil || loc.String() != name {
			return nil, fmt.Errorf("no zone is named %q: write one as Asia/Shanghai", name)
		}
		return loc, nil
	}
	if m := meant[strings.ToUpper(name)]; m != "" {
		return nil, fmt.Errorf("no zone is named %q: did you mean %s?", name, m)
	}
	return nil, fmt.Errorf("no zone is named %q: write one as Asia/Shanghai", name)
}

func offsetZone(name string) (*time.Location, error) {
	t, err := time.Parse("-07:00", name)
	if err != nil {
		return nil, fmt.Errorf("%q is not an offset: write it as +08:00", name)
	}
	return time.FixedZone(name, int(offsetAt(t, t.Location())/time.Second)), nil
}
