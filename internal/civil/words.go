package civil

import (
	"fmt"
	"strings"
)

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
