package when

import (
	"fmt"
	"strings"
)

// Words returns w as one would say it: "Sat 1 Nov 2025", "26–30 Oct 2025", "some
// day from 1 Jan to 16 Feb 2026", "no date yet". Civil dates are of the zone of
// w; only instants name it.
func (w Window) Words() string {
	lo, hi := w.Earliest, w.Latest
	switch {
	case w.Precision == Instant:
		return w.instantWords()
	case w.Precision == Span && w.EndsLatest.Known():
		return Range(lo.Day, w.EndsLatest.Day, "–")
	case w.Settled():
		return Long(lo.Day)
	case lo.Known() && hi.Known():
		return "some day from " + Range(lo.Day, hi.Day, " to ")
	case hi.Known():
		return "on or before " + Short(hi.Day)
	case lo.Known():
		return "on or after " + Short(lo.Day)
	}
	return "no date yet"
}

func (w Window) instantWords() string {
	loc := w.Location()
	at, end := w.Earliest.At.In(loc), w.EndsLatest.At.In(loc)
	switch {
	case !w.Lasts():
		return fmt.Sprintf("%s, %s %s", Long(w.Earliest.Day), at.Format("15:04"), Place(w.Zone))
	case !w.EndsLatest.Timed:
		return fmt.Sprintf("%s, %s %s, to %s", Long(w.Earliest.Day), at.Format("15:04"), Place(w.Zone), Long(w.EndsLatest.Day))
	case DateOf(end, loc) == w.Earliest.Day:
		return fmt.Sprintf("%s, %s–%s %s", Long(w.Earliest.Day), at.Format("15:04"), end.Format("15:04"), Place(w.Zone))
	}
	return fmt.Sprintf("%s, %s to %s, %s %s", Long(w.Earliest.Day), at.Format("15:04"), Long(DateOf(end, loc)), end.Format("15:04"), Place(w.Zone))
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

// Long writes d with its weekday: Sat 1 Nov 2025.
func Long(d Date) string { return Weekday(d) + " " + Short(d) }

// Weekday writes the day of the week of d: Sat.
func Weekday(d Date) string { return d.Weekday().String()[:3] }

// Short writes d without its weekday: 1 Nov 2025.
func Short(d Date) string { return fmt.Sprintf("%s %d", DayMonth(d), d.Year) }

// DayMonth writes d without its year: 1 Nov.
func DayMonth(d Date) string { return fmt.Sprintf("%d %s", d.Day, d.Month.String()[:3]) }

// Range writes two dates with what they share said once: 26–30 Oct 2025,
// 1 Jan to 16 Feb 2026. A dash between longer parts is set off by spaces.
func Range(a, b Date, between string) string {
	wide := between
	if strings.TrimSpace(between) == between {
		wide = " " + between + " "
	}
	switch {
	case a == b:
		return Short(a)
	case a.Year != b.Year:
		return Short(a) + wide + Short(b)
	case a.Month != b.Month:
		return DayMonth(a) + wide + Short(b)
	}
	return fmt.Sprintf("%d%s%s", a.Day, between, Short(b))
}

// Words returns e as one would say it, with the season or month named where that
// is what was stated: "autumn 2026".
func (e Expr) Words() string {
	if s, ok := e.Series("UTC", ""); ok {
		once := s.once(s.First)
		if first, ok := s.Start(); ok {
			once = s.once(first.Wall)
		}
		return once.Words() + e.Recurs.words()
	}
	if !e.A.Ref.IsZero() || !e.B.Ref.IsZero() {
		return e.refWords()
	}
	switch e.Form {
	case TBD:
		return "no date yet"
	case Extended:
		return e.extendedWords()
	case On:
		if !e.A.Period.IsDay() {
			return e.A.Period.Words()
		}
	case By, Before, After, NotBefore, EndsBy:
		return strings.ReplaceAll(string(e.Form), "_", " ") + " " + e.A.Period.Words()
	case Between:
		if !e.A.Period.IsDay() || !e.B.Period.IsDay() {
			return "between " + e.A.Period.Words() + " and " + e.B.Period.Words()
		}
	}
	words := e.Window("UTC", "").Words()
	if e.Zone == "" && e.A.Timed { // its zone is the event's, which is not known here
		return strings.TrimSuffix(words, " UTC")
	}
	return words
}

// refWords says what leans on something else: "before lunar-new-year-2026", "10 days
// after signature".
func (e Expr) refWords() string {
	switch {
	case e.Form == On:
		return e.A.Ref.Words()
	case e.Form == Between:
		return "between " + e.A.words() + " and " + e.B.words()
	case e.Form == From && e.B == (Point{}):
		return "from " + e.A.words() + ", lasting " + e.Lasts.String()
	case e.Form == From:
		return "from " + e.A.words() + " to " + e.B.words()
	}
	return strings.ReplaceAll(string(e.Form), "_", " ") + " " + e.A.Ref.Words()
}

// words returns a point without a time of day as one would say it.
func (p Point) words() string {
	if p.Ref.IsZero() {
		return p.Period.Words()
	}
	return p.Ref.Words()
}

// Words returns p as one would say it: 16 Feb 2026, Feb 2026, autumn 2026, 2026.
func (p Period) Words() string {
	if s, ok := seasons[p.Month]; ok {
		return fmt.Sprintf("%s %d", s.name, p.Year)
	}
	switch {
	case p.Month == 0:
		return fmt.Sprint(p.Year)
	case p.Week:
		return "the week of " + Short(p.First())
	case p.part() != "":
		return fmt.Sprintf("%s %d", p.part(), p.Year)
	case p.Day == 0:
		return p.First().Month.String()[:3] + fmt.Sprintf(" %d", p.Year)
	}
	return Short(p.First())
}
