package civil

import (
	"cmp"
	"fmt"
	"time"

	"attache/internal/syntax"
)

// Date is a civil date of the Gregorian calendar, in no zone. The zero Date
// stands for no date.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf returns the civil date of the instant t in loc.
func DateOf(t time.Time, loc *time.Location) Date {
	y, m, d := t.In(loc).Date()
	return Date{y, m, d}
}

// ParseDate reads a date as ISO 8601 writes it, 2026-02-16. It returns a
// *syntax.Error for anything else, days that do not exist among it.
func ParseDate(s string) (Date, error) {
	p, err := ParsePeriod(s)
	if err != nil {
		return Date{}, err
	}
	if !p.IsDay() {
		return Date{}, syntax.Errorf(0, "%q is not a day: write it as 2026-02-16", s)
	}
	return p.First(), nil
}

// IsZero reports whether d is no date at all.
func (d Date) IsZero() bool { return d == Date{} }

// String writes d as ISO 8601 does, and "" for no date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
}

// MarshalText writes d as String does.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (d *Date) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = Date{}
		return nil
	}
	got, err := ParseDate(string(b))
	if err != nil {
		return err
	}
	*d = got
	return nil
}

// naive is midnight of d as if d were a date in UTC; it serves arithmetic only.
func (d Date) naive() time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
}

// AddDays returns the date n days later, earlier where n is negative. No date
// stays no date.
func (d Date) AddDays(n int) Date {
	if d.IsZero() {
		return d
	}
	return DateOfNumber(d.Number() + n)
}

// AddMonths returns the same day n months later, or the last day of that month
// where it has no such day: a month after 31 January is 28 February, not the
// 3 March that plain normalisation gives. No date stays no date.
func (d Date) AddMonths(n int) Date {
	if d.IsZero() {
		return d
	}
	first := time.Date(d.Year, d.Month+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return Date{first.Year(), first.Month(), min(d.Day, last)}
}

// Sub returns the number of days from o to d, negative where d is the earlier.
func (d Date) Sub(o Date) int { return d.Number() - o.Number() }

// Weekday returns the day of the week of d.
func (d Date) Weekday() time.Weekday { return d.naive().Weekday() }

// Compare orders dates by time; no date at all comes first.
func (d Date) Compare(o Date) int {
	return cmp.Or(cmp.Compare(d.Year, o.Year), cmp.Compare(d.Month, o.Month), cmp.Compare(d.Day, o.Day))
}

// Before reports whether d is earlier than o.
func (d Date) Before(o Date) bool { return d.Compare(o) < 0 }

// After reports whether d is later than o.
func (d Date) After(o Date) bool { return d.Compare(o) > 0 }

// Start returns the first instant of d in loc, in UTC. Where a clock change skips
// midnight that is the end of the gap, and so it is for a day that is skipped
// as a whole.
func (d Date) Start(loc *time.Location) time.Time {
	t, gap, how := ResolveGap(d, Clock{}, loc)
	if how == Skipped {
		return gap
	}
	return t
}

// The first and the last day that can be written, at which what is widened ends.
var (
	FirstDay = Date{1000, time.January, 1}
	LastDay  = Date{9999, time.December, 31}
)

// Within returns d, or the nearest day that can be written.
func Within(d Date) Date {
	switch {
	case d.Before(FirstDay):
		return FirstDay
	case d.After(LastDay):
		return LastDay
	}
	return d
}

// DaysIn returns the number of days of a month.
func DaysIn(year, month int) int {
	return time.Date(year, time.Month(month+1), 0, 0, 0, 0, 0, time.UTC).Day()
}

// WeekMonday returns the Monday of a week of a year. The fourth of January is always in the
// first one, ISO 8601 §2.2.10.
func WeekMonday(year, week int) Date {
	fourth := Date{year, time.January, 4}
	return fourth.AddDays(7*(week-1) - int(fourth.Weekday()+6)%7)
}
