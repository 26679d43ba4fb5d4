package recur

import (
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/teambition/rrule-go"

	"attache/internal/civil"
)

// Rule is a recurrence rule, RFC 5545 §3.3.10, for days: it says on which days
// something comes again, and the time of day is that of the first one.
type Rule struct {
	option rrule.ROption // without Dtstart and Until
	until  Until
}

// Until is the last day, or the last instant, at which a series can come; the zero
// Until is none.
type Until struct {
	Day civil.Date // in the zone of the series; zero where At counts
	At  time.Time  // UTC
}

// IsZero reports whether there is no such limit.
func (u Until) IsZero() bool { return u == Until{} }

// String writes u as a rule does: 20261231 or 20261231T235900Z.
func (u Until) String() string {
	if u.Day.IsZero() {
		return u.At.UTC().Format("20060102T150405Z")
	}
	return strings.ReplaceAll(u.Day.String(), "-", "")
}

// Until returns the limit of r, zero where it has none.
func (r Rule) Until() Until { return r.until }

// Count returns how many days r gives in all, 0 where it does not say.
func (r Rule) Count() int { return r.option.Count }

// Endless reports whether r has no end.
func (r Rule) Endless() bool { return r.until.IsZero() && r.option.Count == 0 }

// String writes r in the one way in which each rule is written.
func (r Rule) String() string {
	parts := []string{"FREQ=" + frequencies[r.option.Freq].name}
	add := func(key, value string) {
		if value != "" {
			parts = append(parts, key+"="+value)
		}
	}
	if !r.until.IsZero() {
		add("UNTIL", r.until.String())
	}
	if r.option.Count > 0 {
		add("COUNT", strconv.Itoa(r.option.Count))
	}
	if r.option.Interval > 1 {
		add("INTERVAL", strconv.Itoa(r.option.Interval))
	}
	add("BYMONTH", numbers(r.option.Bymonth))
	add("BYWEEKNO", numbers(r.option.Byweekno))
	add("BYYEARDAY", numbers(r.option.Byyearday))
	add("BYMONTHDAY", numbers(r.option.Bymonthday))
	var days []string
	for _, d := range r.option.Byweekday {
		days = append(days, dayName(d))
	}
	add("BYDAY", strings.Join(days, ","))
	add("BYSETPOS", numbers(r.option.Bysetpos))
	if r.option.Wkst != rrule.MO {
		add("WKST", dayName(r.option.Wkst))
	}
	return strings.Join(parts, ";")
}

// frequencies are the words for how often, at the index of rrule's constants.
var frequencies = [...]struct{ name, unit string }{
	rrule.YEARLY: {"YEARLY", "year"}, rrule.MONTHLY: {"MONTHLY", "month"}, rrule.WEEKLY: {"WEEKLY", "week"}, rrule.DAILY: {"DAILY", "day"},
}

func numbers(list []int) string {
	var out []string
	for _, n := range list {
		out = append(out, strconv.Itoa(n))
	}
	return strings.Join(out, ",")
}

// ruleDays are the days of the week as a rule writes them, from Monday.
var ruleDays = []struct {
	name string
	day  rrule.Weekday
}{
	{"MO", rrule.MO}, {"TU", rrule.TU}, {"WE", rrule.WE}, {"TH", rrule.TH}, {"FR", rrule.FR}, {"SA", rrule.SA}, {"SU", rrule.SU},
}

func dayName(d rrule.Weekday) string {
	name := ruleDays[d.Day()].name
	if n := d.N(); n != 0 {
		return strconv.Itoa(n) + name
	}
	return name
}

// weekday returns the day of the week of a rule's day.
func weekday(d rrule.Weekday) time.Weekday { return time.Weekday((d.Day() + 1) % 7) }

// ruleDay returns the rule's day for a day of the week.
func ruleDay(d time.Weekday) rrule.Weekday { return ruleDays[(int(d)+6)%7].day }

// horizon is the last day on which anything is looked for.
var horizon = civil.Date{Year: 2200, Month: time.December, Day: 31}

// days returns the option that yields, in wall-clock time as if it were UTC, what r gives
// for a series that begins at first, leaving out most of what comes before from.
//
// What a rule leaves open is taken from its first day (RFC 5545 §3.3.10) and written
// out, so that a series can be taken up in the middle at the beginning of any of its
// periods: a meeting held daily since 1990 is not counted through from there. One with
// a COUNT has to be.
func (r Rule) days(first, from time.Time, loc *time.Location) rrule.ROption {
	o := r.option
	o.Dtstart, o.Until = first, civil.Naive(horizon, civil.Clock{Hour: 23, Minute: 59, Second: 59})
	switch {
	case !r.until.Day.IsZero():
		o.Until = civil.Naive(r.until.Day, civil.Clock{Hour: 23, Minute: 59, Second: 59})
	case !r.until.IsZero():
		o.Until = civil.Wall(r.until.At, loc)
	}
	explicit(&o, first)
	if o.Count == 0 && from.After(first) {
		o.Dtstart = periodBefore(o, first, from)
	}
	return o
}

// explicit writes out what the first day says of the rule o.
func explicit(o *rrule.ROption, first time.Time) {
	if len(o.Byyearday) > 0 || len(o.Bymonthday) > 0 || len(o.Byweekday) > 0 {
		return
	}
	switch {
	case o.Freq == rrule.WEEKLY, len(o.Byweekno) > 0:
		o.Byweekday = []rrule.Weekday{ruleDay(first.Weekday())}
	case o.Freq == rrule.YEARLY:
		if len(o.Bymonth) == 0 {
			o.Bymonth = []int{int(first.Month())}
		}
		o.Bymonthday = []int{first.Day()}
	case o.Freq == rrule.MONTHLY:
		o.Bymonthday = []int{first.Day()}
	}
}

// periodBefore returns the beginning of the last period of o, some whole intervals after
// that of first, that lies before from.
func periodBefore(o rrule.ROption, first, from time.Time) time.Time {
	n := max(o.Interval, 1)
	switch o.Freq {
	case rrule.YEARLY:
		skip := (from.Year() - first.Year() - 1) / n * n
		return notBefore(first.AddDate(0, 1-int(first.Month()), 1-first.Day()).AddDate(max(skip, 0), 0, 0), first)
	case rrule.MONTHLY:
		skip := ((from.Year()-first.Year())*12 + int(from.Month()) - int(first.Month()) - 1) / n * n
		return notBefore(first.AddDate(0, 0, 1-first.Day()).AddDate(0, max(skip, 0), 0), first)
	case rrule.WEEKLY:
		start := first.AddDate(0, 0, -((int(first.Weekday()) - int(weekday(o.Wkst)) + 7) % 7))
		skip := (daysBetween(start, from)/7 - 1) / n * n
		return notBefore(start.AddDate(0, 0, 7*max(skip, 0)), first)
	}
	skip := (daysBetween(first, from) - 1) / n * n
	return first.AddDate(0, 0, max(skip, 0))
}

// notBefore returns at, and first where at lies before it.
func notBefore(at, first time.Time) time.Time {
	if at.Before(first) {
		return first
	}
	return at
}

func daysBetween(a, b time.Time) int { return int(b.Sub(a) / (24 * time.Hour)) }

// check returns which parts of r do not go with each other, RFC 5545 §3.3.10.
func (r Rule) check() (part, what string) {
	o := r.option
	counted := false
	var which rrule.Weekday
	if i := slices.IndexFunc(o.Byweekday, func(d rrule.Weekday) bool { return d.N() != 0 }); i >= 0 {
		counted, which = true, o.Byweekday[i]
	}
	switch {
	case o.Count > 0 && !r.until.IsZero():
		return "COUNT", "COUNT and UNTIL both say when it ends: keep one of them"
	case len(o.Byweekno) > 0 && o.Freq != rrule.YEARLY:
		return "BYWEEKNO", "BYWEEKNO goes with FREQ=YEARLY alone"
	case len(o.Byyearday) > 0 && o.Freq != rrule.YEARLY:
		return "BYYEARDAY", "BYYEARDAY goes with FREQ=YEARLY alone"
	case len(o.Bymonthday) > 0 && o.Freq == rrule.WEEKLY:
		return "BYMONTHDAY", "BYMONTHDAY does not go with FREQ=WEEKLY: use BYDAY"
	case counted && o.Freq != rrule.MONTHLY && o.Freq != rrule.YEARLY:
		return "BYDAY", fmt.Sprintf("%s in BYDAY counts the days of a month or a year: use FREQ=MONTHLY, or %s alone", dayName(which), ruleDays[which.Day()].name)
	case counted && len(o.Byweekno) > 0:
		return "BYDAY", "BYDAY counts days of a week here: write MO, not 1MO, beside BYWEEKNO"
	case len(o.Bysetpos) > 0 && o.Freq == rrule.DAILY:
		return "BYSETPOS", "BYSETPOS chooses among the days of a week, a month or a year, not of a day"
	case !exists(o.Bymonth, o.Bymonthday):
		return "BYMONTHDAY", "no such month has such a day: the rule never comes to one"
	case len(o.Bysetpos) > 0 && len(o.Bymonth)+len(o.Byweekno)+len(o.Byyearday)+len(o.Bymonthday)+len(o.Byweekday) == 0:
		return "BYSETPOS", "BYSETPOS chooses among the days that another part gives: add BYDAY or BYMONTHDAY"
	}
	return "", ""
}

// exists reports whether one of the months has one of the days in some year. To look for one
// that does not exist would take a rule to the end of time.
func exists(months, days []int) bool {
	if len(months) == 0 || len(days) == 0 {
		return true
	}
	for _, m := range months {
		longest := time.Date(2024, time.Month(m)+1, 0, 0, 0, 0, 0, time.UTC).Day() // a leap year
		for _, d := range days {
			if max(d, -d) <= longest {
				return true
			}
		}
	}
	return false
}

// From returns the wall-clock times of r, as if they were UTC, for a series that begins at
// first: in order, none before from, and none before first. loc is the zone of the series.
func (r Rule) From(first, from time.Time, loc *time.Location) iter.Seq[time.Time] {
	return func(yield func(time.Time) bool) {
		step := next(r.days(first, from, loc))
		for at, ok := step(); ok; at, ok = step() {
			if !at.Before(from) && !at.Before(first) && !yield(at) {
				return
			}
		}
	}
}

// Comes reports whether r has a day from first to last, wall-clock times as if they were UTC.
func (r Rule) Comes(first, last time.Time) bool {
	o := r.days(first, first, time.UTC)
	if o.Until.After(last) {
		o.Until = last
	}
	_, ok := next(o)()
	return ok
}

// next returns the days of o one by one; none where o cannot be.
func next(o rrule.ROption) func() (time.Time, bool) {
	r, err := rrule.NewRRule(o)
	if err != nil {
		return func() (time.Time, bool) { return time.Time{}, false }
	}
	return r.Iterator()
}
