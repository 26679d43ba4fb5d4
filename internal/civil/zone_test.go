package civil

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestZone(t *testing.T) {
	// Of each zone the name and what it is ahead of UTC in January and July 2026.
	for _, c := range []struct {
		in, name    string
		winter, dst time.Duration
	}{
		{"Asia/Shanghai", "Asia/Shanghai", 8 * time.Hour, 8 * time.Hour},
		{"America/New_York", "America/New_York", -5 * time.Hour, -4 * time.Hour},
		{"America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires", -3 * time.Hour, -3 * time.Hour},
		{"ET", "America/New_York", -5 * time.Hour, -4 * time.Hour},
		{"EST", "America/New_York", -5 * time.Hour, -4 * time.Hour},
		{"EDT", "America/New_York", -5 * time.Hour, -4 * time.Hour},
		{"est5edt", "America/New_York", -5 * time.Hour, -4 * time.Hour},
		{"america/new_york", "America/New_York", -5 * time.Hour, -4 * time.Hour},
		{"america/port_of_spain", "America/Port_of_Spain", -4 * time.Hour, -4 * time.Hour},
		{" Asia/Seoul ", "Asia/Seoul", 9 * time.Hour, 9 * time.Hour},
		{"CET", "Europe/Brussels", time.Hour, 2 * time.Hour},
		{"CEST", "Europe/Brussels", time.Hour, 2 * time.Hour},
		{"UTC", "UTC", 0, 0},
		{"Z", "UTC", 0, 0},
		{"+0800", "+08:00", 8 * time.Hour, 8 * time.Hour},
		{"AoE", "AoE", -12 * time.Hour, -12 * time.Hour},
		{"+08:00", "+08:00", 8 * time.Hour, 8 * time.Hour},
		{"-03:30", "-03:30", -3*time.Hour - 30*time.Minute, -3*time.Hour - 30*time.Minute},
		{"+14:00", "+14:00", 14 * time.Hour, 14 * time.Hour},
		{"+00:00", "+00:00", 0, 0},
	} {
		loc, err := Zone(c.in)
		if err != nil {
			t.Errorf("Zone(%q): %v", c.in, err)
			continue
		}
		winter := OffsetAt(Date{2026, 1, 15}.naive(), loc)
		summer := OffsetAt(Date{2026, 7, 15}.naive(), loc)
		if loc.String() != c.name || winter != c.winter || summer != c.dst {
			t.Errorf("Zone(%q) is %s, %s and %s ahead; want %s, %s and %s", c.in, loc, winter, summer, c.name, c.winter, c.dst)
		}
	}
}

func TestZone_DidYouMean(t *testing.T) {
	for in, want := range map[string]string{
		"":                       `no zone given: write one as Asia/Shanghai`,
		"PT":                     `no zone is named "PT": did you mean America/Los_Angeles?`,
		"pt":                     `no zone is named "pt": did you mean America/Los_Angeles?`,
		"CST":                    `no zone is named "CST": did you mean America/Chicago or Asia/Shanghai?`,
		"KST":                    `no zone is named "KST": did you mean Asia/Seoul?`,
		"GMT":                    `no zone is named "GMT": did you mean UTC or Europe/London?`,
		"Local":                  `no zone is named "Local": did you mean the name of your zone?`,
		"Seoul":                  `no zone is named "Seoul": did you mean Asia/Seoul?`,
		"Brussels":               `no zone is named "Brussels": did you mean Europe/Brussels?`,
		"America/NewYork":        `no zone is named "America/NewYork": did you mean America/New_York?`,
		"new york":               `no zone is named "new york": did you mean America/New_York?`,
		"Washington":             `no zone is named "Washington": did you mean America/New_York?`,
		"UTC+8":                  `no zone is named "UTC+8": did you mean +08:00?`,
		"GMT+2":                  `no zone is named "GMT+2": did you mean +02:00?`, // Etc/GMT+2 is two hours behind
		"utc-03:30":              `no zone is named "utc-03:30": did you mean -03:30?`,
		"UTC+99":                 `no zone is named "UTC+99": write one as Asia/Shanghai`,
		"Asia/Beijing":           `no zone is named "Asia/Beijing": did you mean Asia/Shanghai?`,
		"Africa/Brussels":        `no zone is named "Africa/Brussels": did you mean Europe/Brussels?`,
		"Geneva":                 `no zone is named "Geneva": did you mean Europe/Zurich?`,
		"Zulu":                   `no zone is named "Zulu": did you mean UTC?`,
		"Europe/Brussel":         `no zone is named "Europe/Brussel": did you mean Europe/Brussels?`,
		"Asia/Nowhere":           `no zone is named "Asia/Nowhere": write one as Asia/Shanghai`,
		"Asia/":                  `no zone is named "Asia/": write one as Asia/Shanghai`,
		"America/Argentina":      `no zone is named "America/Argentina": write one as Asia/Shanghai`,
		"Asia//Seoul":            `no zone is named "Asia//Seoul": did you mean Asia/Seoul?`,
		"Asia/./Seoul":           `no zone is named "Asia/./Seoul": did you mean Asia/Seoul?`,
		"../zoneinfo/Asia/Seoul": `no zone is named "../zoneinfo/Asia/Seoul": did you mean Asia/Seoul?`,
		"/etc/localtime":         `no zone is named "/etc/localtime": write one as Asia/Shanghai`,
		"right/Asia/Seoul":       `no zone is named "right/Asia/Seoul": did you mean Asia/Seoul?`,
		"posix/Asia/Seoul":       `no zone is named "posix/Asia/Seoul": did you mean Asia/Seoul?`,
		"+8":                     `"+8" is not an offset: write it as +08:00`,
		"+08:60":                 `"+08:60" is not an offset: write it as +08:00`,
		"+14:01":                 `"+14:01" is not an offset: they go from -12:00 to +14:00`,
		"-12:30":                 `"-12:30" is not an offset: they go from -12:00 to +14:00`,
	} {
		if loc, err := Zone(in); message(err) != want || loc != nil {
			t.Errorf("Zone(%q) = %v, %q; want %q", in, loc, message(err), want)
		}
	}
}

func FuzzZone(f *testing.F) {
	for _, s := range []string{"Asia/Shanghai", "ET", "AoE", "UTC", "PT", "+08:00", "-12:30", "", "../x/y", "Asia//Seoul", "東京/都", "a/\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		loc, err := Zone(s)
		if err != nil {
			if msg := err.Error(); strings.ContainsAny(msg, "\n\r") || !utf8.ValidString(msg) || len(msg) > 1000 {
				t.Errorf("%q: %q is not one short line", s, msg)
			}
			return
		}
		again, err := Zone(loc.String())
		if err != nil || again.String() != loc.String() {
			t.Errorf("%q is the zone %s, which is read as %v, %v", s, loc, again, err)
		}
	})
}

// Every zone that the Go distribution has can be named.
func TestZone_All(t *testing.T) {
	for _, name := range Zones() {
		loc, err := Zone(strings.ToLower(name))
		if err != nil || !strings.EqualFold(loc.String(), name) {
			t.Errorf("%s is %v, %v", name, loc, err)
		}
	}
}

func TestZoneOfPlace(t *testing.T) {
	for name, want := range map[string]string{"Brussels": "Europe/Brussels", "new delhi": "Asia/Kolkata", "Geneva": "Europe/Zurich", "Beijing": "Asia/Shanghai", "the hague": "Europe/Amsterdam", "lunch": "", "": "", "Europe": ""} {
		if got, ok := ZoneOfPlace(name); got != want || ok != (want != "") {
			t.Errorf("%s is in %q, %t, want %q", name, got, ok, want)
		}
	}
}
