package when

import (
	"fmt"
	"strings"
	"time"
)

// Period is a civil date of full or reduced precision: a day 2026-02-16, a month
// 2026-02, a season 2026-23 or a year 2026 as EDTF (ISO 8601-2) writes it, a quarter
// 2026-Q1, a half 2026-H1, or a week w/c 2026-03-02, which EDTF has not. The zero
// Period stands for none.
type Period struct {
	Year  int
	Month int  // 1 to 12, or an EDTF grouping: 21 (spring) to 24 (winter), 33 (Q1) to 36, 40 (H1) or 41; 0 for a whole year
	Day   int  // 0 unless it is a day or a week
	Week  bool // the seven days from that day on
}

// season gives the hull of the meteorological and the astronomical season of
// the northern half, since a host's "autumn" may be either: the Group of Twenty
// meets in an autumn that ends after 30 November.
var seasons = map[int]struct {
	name             string
	fromM, fromD     int
	toM, toD, toYear int
}{
	21: {"spring", 3, 1, 6, 21, 0},
	22: {"summer", 6, 1, 9, 23, 0},
	23: {"autumn", 9, 1, 12, 21, 0},
	24: {"winter", 12, 1, 3, 20, 1},
}

// Day returns the Period that is the one day d.
func Day(d Date) Period { return Period{Year: d.Year, Month: int(d.Month), Day: d.Day} }

// partsOfYear are the quarters and halves as people write them, with the codes that
// EDTF has for them.
var partsOfYear = map[string]int{"Q1": 33, "Q2": 34, "Q3": 35, "Q4": 36, "H1": 40, "H2": 41}

// ParsePeriod reads a day, week, month, season, quarter, half or year. It returns a
// *SyntaxError that says what is wrong with anything else.
func ParsePeriod(s string) (Period, error) {
	if len(s) > len(weekName) && strings.EqualFold(s[:len(weekName)], weekName) {
		return parseWeek(s)
	}
	if year, ok := digits(s, 4); ok && len(s) == len("2026-Q1") && s[4] == '-' {
		if code := partsOfYear[strings.ToUpper(s[5:])]; code != 0 {
			p := Period{Year: year, Month: code}
			return p, p.check(s, 1)
		}
	}
	var p Period
	fields := [3]*int{&p.Year, &p.Month, &p.Day}
	widths := [3]int{4, 2, 2}
	rest := s
	for i, f := range fields {
		n, ok := digits(rest, widths[i])
		if !ok {
			return Period{}, errAt(len(s)-len(rest), "%q is not a date: write it as 2026-02-16, 2026-02 or 2026", s)
		}
		*f, rest = n, rest[widths[i]:]
		if rest == "" {
			if err := p.check(s, i); err != nil {
				return Period{}, err
			}
			if p.Month > 24 {
				return Period{}, errAt(5, "%q: there is no month %02d", s, p.Month)
			}
			return p, nil
		}
		if rest[0] != '-' || i == len(fields)-1 {
			break
		}
		rest = rest[1:]
	}
	return Period{}, errAt(len(s)-len(rest), "%q is not a date: nothing may follow %q", s, s[:len(s)-len(rest)])
}

// weekName is what stands before the first day of a week, which is said to commence then.
const weekName = "w/c"

// parseWeek reads a week. Most begin on Monday and some on Sunday; any other day is most
// likely a slip.
func parseWeek(s string) (Period, error) {
	text := strings.TrimLeft(s[len(weekName):], " ")
	at := len(s) - len(text)
	d, err := ParseDate(text)
	if err != nil {
		return Period{}, shift(err, at)
	}
	p := Day(d)
	p.Week = true
	return p, shift(p.check(text, 2), at)
}

// check says what no calendar has. last is the number of the last field given.
func (p Period) check(s string, last int) error {
	season := p.Month >= 21 && p.Month <= 24 || p.part() != ""
	switch {
	case p.Year < 1000 || p.Year > 9999:
		return errAt(0, "%q: the year must have four digits and be 1000 or later", s)
	case last >= 1 && !season && (p.Month < 1 || p.Month > 12):
		return errAt(5, "%q: there is no month %02d", s, p.Month)
	case last == 2 && season:
		return errAt(8, "%q: a season has no days", s)
	case last == 2 && (p.Day < 1 || p.Day > daysIn(p.Year, p.Month)):
		return errAt(8, "%q: %s %d has no day %d", s, time.Month(p.Month), p.Year, p.Day)
	case p.Week && (last != 2 || p.First().Weekday() > time.Monday):
		d := p.First()
		monday := d.AddDays(1 - int(d.Weekday()))
		return errAt(0, "%s is a %s: a week begins on Monday, %s %s, or on Sunday, %s %s", Short(d), d.Weekday().String(), weekName, monday.String(), weekName, monday.AddDays(-1).String())
	}
	return nil
}

// part returns Q1 to Q4, H1 or H2, and "" for what is no part of a year.
func (p Period) part() string {
	for name, code := range partsOfYear {
		if p.Month == code {
			return name
		}
	}
	return ""
}

// daysIn returns the number of days of a month.
func daysIn(year, month int) int {
	return time.Date(year, time.Month(month+1), 0, 0, 0, 0, 0, time.UTC).Day()
}

// digits reads exactly n decimal digits at the start of s.
func digits(s string, n int) (int, bool) {
	if len(s) < n {
		return 0, false
	}
	v := 0
	for _, c := range []byte(s[:n]) {
		if c < '0' || c > '9' {
			return 0, false
		}
		v = v*10 + int(c-'0')
	}
	return v, true
}

// IsZero reports whether p is no period at all.
func (p Period) IsZero() bool { return p == Period{} }

// String writes p as EDTF does, and "" for none.
func (p Period) String() string {
	switch {
	case p.IsZero():
		return ""
	case p.Month == 0:
		return fmt.Sprintf("%04d", p.Year)
	case p.Week:
		return weekName + " " + p.First().String()
	case p.part() != "":
		return fmt.Sprintf("%04d-%s", p.Year, p.part())
	case p.Day == 0:
		return fmt.Sprintf("%04d-%02d", p.Year, p.Month)
	}
	return fmt.Sprintf("%04d-%02d-%02d", p.Year, p.Month, p.Day)
}

// First returns the first day of p.
func (p Period) First() Date {
	if s, ok := seasons[p.Month]; ok {
		return Date{p.Year, time.Month(s.fromM), s.fromD}
	}
	if p.Month > 24 {
		g, _ := groupingOf(p.Month)
		first, _ := g.days(p.Year)
		return first
	}
	return Date{p.Year, time.Month(max(p.Month, 1)), max(p.Day, 1)}
}

// Last returns the last day of p, which belongs to it.
func (p Period) Last() Date {
	if s, ok := seasons[p.Month]; ok {
		return Date{p.Year + s.toYear, time.Month(s.toM), s.toD}
	}
	switch {
	case p.Week:
		return p.First().AddDays(6)
	case p.Month > 24:
		g, _ := groupingOf(p.Month)
		_, last := g.days(p.Year)
		return last
	case p.Month == 0:
		return Date{p.Year, time.December, 31}
	case p.Day == 0:
		return Date{p.Year, time.Month(p.Month), daysIn(p.Year, p.Month)}
	}
	return Date{p.Year, time.Month(p.Month), p.Day}
}

// IsDay reports whether p is a single day.
func (p Period) IsDay() bool { return p.Day != 0 && !p.Week }

// Soft reports whether the bounds of p are a convention rather than stated: those
// of a season are.
func (p Period) Soft() bool { return p.Month > 12 && p.Month <= 24 }
