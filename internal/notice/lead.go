package notice

import (
	"fmt"
	"strconv"
	"time"

	"attache/internal/civil"
	"attache/internal/prose"
	"attache/internal/workday"
)

// Unit is what a lead is counted in.
type Unit string

// The units of a lead.
const (
	Minutes      Unit = "m"  // elapsed
	Hours        Unit = "h"  // elapsed
	Days         Unit = "d"  // of the calendar
	Weeks        Unit = "w"  // of the calendar
	Months       Unit = "mo" // of the calendar
	BusinessDays Unit = "bd" // of a calendar of business days
)

// Lead is how long before a date something is said.
type Lead struct {
	N    int
	Unit Unit
}

// ParseLead reads 15m, 2h, 1d, 2w, 1mo or 3bd; 0m is the instant itself.
func ParseLead(s string) (Lead, error) {
	i := 0
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	n, err := strconv.Atoi(s[:i])
	if err != nil || n > 10_000 {
		return Lead{}, fmt.Errorf("%q is not a lead: write it as 7d, 2h, 15m, 1mo or 3bd", s)
	}
	switch u := Unit(s[i:]); u {
	case Minutes, Hours, Days, Weeks, Months, BusinessDays:
		return Lead{n, u}, nil
	}
	return Lead{}, fmt.Errorf("%q is not a lead: its unit must be m, h, d, w, mo or bd", s)
}

// String writes l as ParseLead reads it.
func (l Lead) String() string { return strconv.Itoa(l.N) + string(l.Unit) }

// unitNames are the units in words.
var unitNames = map[Unit]string{
	Minutes: "minute", Hours: "hour", Days: "day", Weeks: "week", Months: "month", BusinessDays: "business day",
}

// Words writes l as people say it: 3 business days.
func (l Lead) Words() string { return prose.Count(l.N, unitNames[l.Unit]) }

// Elapsed reports whether l counts elapsed time rather than days of the calendar.
func (l Lead) Elapsed() bool { return l.Unit == Minutes || l.Unit == Hours }

func (l Lead) duration() time.Duration {
	if l.Unit == Hours {
		return time.Duration(l.N) * time.Hour
	}
	return time.Duration(l.N) * time.Minute
}

// BeforeDay returns the civil date that lies l before d. Business days are those of the
// calendar; nil is Monday to Friday.
func (l Lead) BeforeDay(d civil.Date, days *workday.Calendar) civil.Date {
	switch l.Unit {
	case Days:
		return d.AddDays(-l.N)
	case Weeks:
		return d.AddDays(-7 * l.N)
	case Months:
		return d.AddMonths(-l.N)
	case BusinessDays:
		if days == nil {
			days = &workday.Calendar{}
		}
		d, _ = days.Add(d, -l.N)
	}
	return d
}

// AfterDay returns the civil date that lies l after d, by the same calendar.
func (l Lead) AfterDay(d civil.Date, days *workday.Calendar) civil.Date {
	l.N = -l.N
	return l.BeforeDay(d, days)
}
