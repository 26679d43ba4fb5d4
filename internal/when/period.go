package when

import (
	"fmt"
	"time"
)

// Period is a civil date of full or reduced precision as EDTF (ISO 8601-2)
// writes it: a day 2026-02-16, a month 2026-02, a season 2026-23 or a year
// 2026. The zero Period stands for none.
type Period struct {
	Year  int
	Month int // 1 to 12, or an EDTF season from 21 (spring) to 24 (winter); 0 for a whole year
	Day   int // 0 unless it is a day
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

// Day gives the Period that is the one day d.
func Day(d Date) Period { return Period{d.Year, int(d.Month), d.Day} }

// ParsePeriod reads a day, month, season or year. It returns a *SyntaxError
// that says what is wrong with anything else.
func ParsePeriod(s string) (Period, error) {
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
			return p, nil
		}
		if rest[0] != '-' || i == len(fields)-1 {
			break
		}
		rest = rest[1:]
	}
	return Period{}, errAt(len(s)-len(rest), "%q is not a date: nothing may follow %q", s, s[:len(s)-len(rest)])
}

// check says what no calendar has. last is the number of the last field given.
func (p Period) check(s string, last int) error {
	season := p.Month >= 21 && p.Month <= 24
	switch {
	case p.Year < 1000 || p.Year > 9999:
		return errAt(0, "%q: the year must have four digits and be 1000 or later", s)
	case last >= 1 && !season && (p.Month < 1 || p.Month > 12):
		return errAt(5, "%q: there is no month %02d", s, p.Month)
	case last == 2 && season:
		return errAt(8, "%q: a season has no days", s)
	case last == 2 && (p.Day < 1 || p.Day > daysIn(p.Year, p.Month)):
		return errAt(8, "%q: %s %d has no day %d", s, time.Month(p.Month), p.Year, p.Day)
	}
	return nil
}

// daysIn gives the number of days of a month.
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

// IsZero says whether p is no period at all.
func (p Period) IsZero() bool { return p == Period{} }

// String writes p as EDTF does, and "" for none.
func (p Period) String() string {
	switch {
	case p.IsZero():
		return ""
	case p.Month == 0:
		return fmt.Sprintf("%04d", p.Year)
	case p.Day == 0:
		return fmt.Sprintf("%04d-%02d", p.Year, p.Month)
	}
	return fmt.Sprintf("%04d-%02d-%02d", p.Year, p.Month, p.Day)
}

// First gives the first day of p.
func (p Period) First() Date {
	if s, ok := seasons[p.Month]; ok {
		return Date{p.Year, time.Month(s.fromM), s.fromD}
	}
	return Date{p.Year, time.Month(max(p.Month, 1)), max(p.Day, 1)}
}

// Last gives the last day of p, which belongs to it.
func (p Period) Last() Date {
	if s, ok := seasons[p.Month]; ok {
		return Date{p.Year + s.toYear, time.Month(s.toM), s.toD}
	}
	switch {
	case p.Month == 0:
		return Date{p.Year, time.December, 31}
	case p.Day == 0:
		return Date{p.Year, time.Month(p.Month), daysIn(p.Year, p.Month)}
	}
	return Date{p.Year, time.Month(p.Month), p.Day}
}

// IsDay says whether p is a single day.
func (p Period) IsDay() bool { return p.Day != 0 }

// Soft says whether the bounds of p are a convention rather than stated: those
// of a season are.
func (p Period) Soft() bool { return p.Month > 12 }
