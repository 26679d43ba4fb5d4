package feed

import (
	"strconv"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the rules that attache carries

	"attache/internal/civil"
)

// observed is one part of a VTIMEZONE.
type observed struct {
	kind       string
	start      time.Time
	month, nth int
	day        time.Weekday
	from, to   int
}

// readZone reads a VTIMEZONE as a calendar program would.
func readZone(t *testing.T, text string) []observed {
	t.Helper()
	var out []observed
	for _, line := range strings.Split(strings.ReplaceAll(text, "\r\n ", ""), "\r\n") {
		name, value, _ := strings.Cut(line, ":")
		if name == "BEGIN" && value != "VTIMEZONE" {
			out = append(out, observed{kind: value})
		}
		if len(out) == 0 {
			continue
		}
		o := &out[len(out)-1]
		offset := func() int {
			h, _ := strconv.Atoi(value[1:3])
			m, _ := strconv.Atoi(value[3:5])
			s := h*3600 + m*60
			if value[0] == '-' {
				return -s
			}
			return s
		}
		switch name {
		case "DTSTART":
			o.start, _ = time.Parse("20060102T150405", value)
		case "TZOFFSETFROM":
			o.from = offset()
		case "TZOFFSETTO":
			o.to = offset()
		case "RRULE":
			for _, part := range strings.Split(value, ";") {
				k, v, _ := strings.Cut(part, "=")
				switch k {
				case "BYMONTH":
					o.month, _ = strconv.Atoi(v)
				case "BYDAY":
					o.nth, _ = strconv.Atoi(v[:len(v)-2])
					o.day = time.Weekday(strings.Index("SUMOTUWETHFRSA", v[len(v)-2:]) / 2)
				}
			}
		}
	}
	return out
}

// offsetAt returns the offset that a zone has at an instant, by its rules: that of the
// change that came last.
func offsetAt(zone []observed, at time.Time) int {
	var last time.Time
	offset := zone[0].from
	for _, o := range zone {
		for year := o.start.Year(); year <= at.Year()+1; year++ {
			change := o.start
			if o.month > 0 {
				d := nthDay(year, time.Month(o.month), o.day, o.nth)
				change = time.Date(year, time.Month(o.month), d, o.start.Hour(), o.start.Minute(), o.start.Second(), 0, time.UTC)
			}
			change = change.Add(-time.Duration(o.from) * time.Second)
			if !change.After(at) && change.After(last) {
				last, offset = change, o.to
			}
			if o.month == 0 {
				break
			}
		}
	}
	return offset
}

func TestTimezone_AsItsRulesSay(t *testing.T) {
	held := map[string]bool{
		"Africa/Casablanca": false, "Africa/Cairo": false, "Asia/Gaza": false,
		"America/New_York": true, "Europe/Brussels": true, "Europe/Dublin": true, "Asia/Shanghai": true, "Asia/Kathmandu": true,
		"Australia/Lord_Howe": true, "Pacific/Auckland": true, "America/Sao_Paulo": true, "America/St_Johns": true, "Pacific/Apia": true,
		"Africa/Johannesburg": true, "Asia/Jerusalem": true, "America/Los_Angeles": true, "Europe/London": true, "Asia/Tehran": true,
	}
	for name, want := range held {
		loc, err := civil.Zone(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, years := range []int{1, 3, 5} {
			from := time.Date(2025, 10, 26, 0, 0, 0, 0, time.UTC)
			to := from.AddDate(years, 0, 0)
			text, ok := timezone(name, loc, from, to)
			if !ok {
				if want && name != "Asia/Jerusalem" {
					t.Errorf("%s: not for %d years", name, years)
				}
				continue
			}
			if !want {
				t.Errorf("%s has no such rules:\n%s", name, text)
			}
			zone := readZone(t, text)
			for at := from; at.Before(to); at = at.Add(23*time.Hour + 11*time.Minute) {
				if _, is := at.In(loc).Zone(); offsetAt(zone, at) != is {
					t.Fatalf("%s at %s: %d, want %d\n%s", name, at, offsetAt(zone, at), is, text)
				}
			}
		}
	}
}
