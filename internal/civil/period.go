package civil

import (
	"fmt"
	"strings"
	"time"

	"attache/internal/syntax"
)

// Period is a civil date of full or reduced precision: a day 2026-02-16, a month
// 2026-02, a season 2026-23 or a year 2026 as EDTF (ISO 8601-2) writes it, a quarter
// 2026-Q1, a half 2026-H1, or a week w/c 2026-03-02, which EDTF has not. The zero
// Period stands for none.
type Period struct {
	Year  int
	Month int  // 1 to 12, or an EDTF grouping: 21 (spring) to 24 (winter), 33 (Q1) to 36, 40 (H1) or 41 and the others of [Grain]; 0 for a whole year
	Day   int  // 0 unless it is a day or a week
	Week  bool // the seven days from that day on
}

// Day returns the Period that is the one day d.
func Day(d Date) Period { return Period{Year: d.Year, Month: int(d.Month), Day: d.Day} }

// ParsePeriod reads a day, week, month, season, quarter, half or year. It returns a
// *syntax.Error that says what is wrong with anything else.
func ParsePeriod(s string) (Period, error) {
	if len(s) > len(WeekName) && strings.EqualFold(s[:len(WeekName)], WeekName) {
		return parseWeek(s)
	}
	if year, ok := syntax.Digits(s, 4); ok && len(s) == len("2026-Q1") && s[4] == '-' {
		for _, code := range []int{33, 34, 35, 36, 40, 41} {
			if p := (Period{Year: year, Month: code}); strings.EqualFold(s[5:], p.Part()) {
				return p, p.Check(s, 1)
			}
		}
	}
	var p Period
	fields := [3]*int{&p.Year, &p.Month, &p.Day}
	widths := [3]int{4, 2, 2}
	rest := s
	for i, f := range fields {
		n, ok := syntax.Digits(rest, widths[i])
		if !ok {
			return Period{}, syntax.Errorf(len(s)-len(rest), "%q is not a date: write it as 2026-02-16, 2026-02 or 2026", s)
		}
		*f, rest = n, rest[widths[i]:]
		if rest == "" {
			if err := p.Check(s, i); err != nil {
				return Period{}, err
			}
			return p, nil
		}
		if rest[0] != '-' || i == len(fields)-1 {
			break
		}
		rest = rest[1:]
	}
	return Period{}, syntax.Errorf(len(s)-len(rest), "%q is not a date: nothing may follow %q", s, s[:len(s)-len(rest)])
}

// WeekName is what stands before the first day of a week, which is said to commence then.
const WeekName = "w/c"

// parseWeek reads a week. Most begin on Monday and some on Sunday; any other day is most
// likely a slip.
func parseWeek(s string) (Period, error) {
	text := strings.TrimLeft(s[len(WeekName):], " ")
	at := len(s) - len(text)
	d, err := ParseDate(text)
	if err != nil {
		return Period{}, syntax.Shift(err, at)
	}
	p := Day(d)
	p.Week = true
	return p, syntax.Shift(p.Check(text, 2), at)
}

// Check reports what no calendar has. last is the number of the last field given.
func (p Period) Check(s string, last int) error {
	grouped := p.Grouped()
	switch {
	case p.Year < 1000 || p.Year > 9999:
		return syntax.Errorf(0, "%q: the year must have four digits and be 1000 or later", s)
	case last >= 1 && !grouped && (p.Month < 1 || p.Month > 12):
		return syntax.Errorf(5, "%q: there is no month %02d", s, p.Month)
	case last == 2 && grouped:
		return syntax.Errorf(8, "%q: a %s has no days", s, p.Grain())
	case last == 2 && (p.Day < 1 || p.Day > DaysIn(p.Year, p.Month)):
		return syntax.Errorf(8, "%q: %s %d has no day %d", s, time.Month(p.Month), p.Year, p.Day)
	case p.Week && (last != 2 || p.First().Weekday() > time.Monday):
		d := p.First()
		monday := d.AddDays(1 - int(d.Weekday()))
		return syntax.Errorf(0, "%s is a %s: a week begins on Monday, %s %s, or on Sunday, %s %s", Short(d), d.Weekday().String(), WeekName, monday.String(), WeekName, monday.AddDays(-1).String())
	}
	return nil
}

// Part returns Q1 to Q4, H1 or H2, and "" for what is no part of a year.
func (p Period) Part() string {
	if g, ok := p.grouping(); ok && (g.grain == GrainQuarter || g.grain == GrainHalf) {
		return g.name
	}
	return ""
}

// season reports whether p is a season.
func (p Period) season() bool {
	g, ok := p.grouping()
	return ok && g.grain == GrainSeason
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
		return WeekName + " " + p.First().String()
	case p.Part() != "":
		return fmt.Sprintf("%04d-%s", p.Year, p.Part())
	case p.Day == 0:
		return fmt.Sprintf("%04d-%02d", p.Year, p.Month)
	}
	return fmt.Sprintf("%04d-%02d-%02d", p.Year, p.Month, p.Day)
}

// Code writes p as EDTF does, quarters and halves by their numbers: 2026-33.
func (p Period) Code() string {
	if p.Month > 12 {
		return fmt.Sprintf("%04d-%02d", p.Year, p.Month)
	}
	return p.String()
}

// First returns the first day of p.
func (p Period) First() Date {
	if g, ok := p.grouping(); ok {
		return Date{p.Year, time.Month(g.first / 100), g.first % 100}
	}
	return Date{p.Year, time.Month(max(p.Month, 1)), max(p.Day, 1)}
}

// Last returns the last day of p, which belongs to it.
func (p Period) Last() Date {
	if g, ok := p.grouping(); ok {
		last := Date{p.Year, time.Month(g.last / 100), g.last % 100}
		if g.last < g.first {
			last.Year++
		}
		return last
	}
	switch {
	case p.Week:
		return p.First().AddDays(6)
	case p.Month == 0:
		return Date{p.Year, time.December, 31}
	case p.Day == 0:
		return Date{p.Year, time.Month(p.Month), DaysIn(p.Year, p.Month)}
	}
	return Date{p.Year, time.Month(p.Month), p.Day}
}

// Begins returns the latest day on which p may begin. By the calendar of the weather a season
// begins and ends some weeks before it does by the sun: it begins with the end of the one
// before it at the latest.
func (p Period) Begins() Date {
	if s, ok := p.aside(-1); ok {
		return s.Last().AddDays(1)
	}
	return p.First()
}

// Ends returns the earliest day on which p may end: of a season, where the next one begins.
func (p Period) Ends() Date {
	if s, ok := p.aside(1); ok {
		return s.First().AddDays(-1)
	}
	return p.Last()
}

// aside returns the season that comes n after p, before it where n is negative, and false
// where p is none.
func (p Period) aside(n int) (Period, bool) {
	if !p.season() {
		return Period{}, false
	}
	first := p.First().AddMonths(3 * n) // which is the first of a month
	return Period{Year: first.Year, Month: Spring + int(first.Month)/3 - 1}, true
}

// IsDay reports whether p is a single day.
func (p Period) IsDay() bool { return p.Day != 0 && !p.Week }

// Soft reports whether the bounds of p are a convention rather than stated: those
// of a season are.
func (p Period) Soft() bool { return p.season() }

// Words returns p as one would say it: 16 Feb 2026, Feb 2026, autumn 2026, 2026.
func (p Period) Words() string {
	switch g, grouped := p.grouping(); {
	case grouped:
		return fmt.Sprintf("%s %d", g.name, p.Year)
	case p.Month == 0:
		return fmt.Sprint(p.Year)
	case p.Week:
		return "the week of " + Short(p.First())
	case p.Day == 0:
		return p.First().Month.String()[:3] + fmt.Sprintf(" %d", p.Year)
	}
	return Short(p.First())
}
