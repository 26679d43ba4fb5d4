package recur

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/teambition/rrule-go"

	"attache/internal/civil"
	"attache/internal/prose"
)

// Words returns what r gives as people say it: "every month on the first Friday", "every 2
// weeks on Mon and Thu until 31 Dec 2026". A rule for which there is no short way to say
// it is given as it is written. One of a single day is a way to list days beside it.
func (r Rule) Words() string {
	o := r.option
	if o.Count == 1 {
		return "on single days"
	}
	unit := frequencies[o.Freq].unit
	out := "every " + unit
	if o.Interval > 1 {
		out = fmt.Sprintf("every %d %ss", o.Interval, unit)
	}
	on, ok := r.on()
	switch {
	case !ok, r.everyWeekday() && o.Freq == rrule.DAILY && o.Interval > 1:
		return "by the rule " + r.String()
	case r.everyWeekday(): // which is each week, and not once a year
		out, on = "every "+strings.TrimPrefix(on, " on "), ""
		if o.Interval > 1 {
			on = fmt.Sprintf(" of every %s %s", prose.Ordinal(o.Interval), unit)
		}
	case o.Freq == rrule.WEEKLY && o.Interval > 1 && o.Wkst != rrule.MO:
		on += " of weeks from " + weekday(o.Wkst).String()
	}
	return out + on + r.ends()
}

// everyWeekday reports whether r gives days of the week, each of them, of a day, month or
// year.
func (r Rule) everyWeekday() bool {
	o := r.option
	counted := func(d rrule.Weekday) bool { return d.N() != 0 }
	return o.Freq != rrule.WEEKLY && len(o.Byweekday) > 0 && !slices.ContainsFunc(o.Byweekday, counted) &&
		len(o.Bysetpos)+len(o.Bymonthday)+len(o.Byweekno)+len(o.Byyearday) == 0
}

// Skips returns which months or years have no day of r, for a series that begins at first: those
// that have no 31st. It is "" where all have one.
func (r Rule) Skips(first time.Time) string {
	o := r.option
	explicit(&o, first)
	if o.Freq != rrule.MONTHLY && o.Freq != rrule.YEARLY || len(o.Byweekno)+len(o.Byyearday)+len(o.Bysetpos) > 0 {
		return ""
	}
	months := o.Bymonth
	if len(months) == 0 {
		months = []int{int(time.February)}
	}
	for _, d := range o.Bymonthday {
		for _, m := range months {
			switch shortest := civil.DaysIn(2023, m); {
			case max(d, -d) <= shortest || len(o.Byweekday) > 0:
			case o.Freq == rrule.YEARLY && len(o.Bymonth) == 1:
				return fmt.Sprintf("years that have no %d %s", d, time.Month(m))
			default:
				return "months that have no " + dayOfMonth(d)
			}
		}
	}
	for _, d := range o.Byweekday {
		if o.Freq == rrule.MONTHLY && max(d.N(), -d.N()) == 5 {
			return "months that have no " + strings.TrimPrefix(dayWords(d), "the ")
		}
	}
	return ""
}

// on returns on which days of its period r comes, and false where that takes too many
// words.
func (r Rule) on() (string, bool) {
	o := r.option
	if len(o.Byweekno)+len(o.Byyearday) > 0 || len(o.Bymonthday) > 0 && len(o.Byweekday) > 0 {
		return "", false
	}
	in := ""
	if len(o.Bymonth) > 0 {
		var months []string
		for _, m := range o.Bymonth {
			months = append(months, time.Month(m).String())
		}
		in = " in " + prose.List(months, "and")
	}
	switch {
	case len(o.Bysetpos) > 0:
		return r.chosen(in)
	case len(o.Bymonthday) > 0:
		var days []string
		for _, n := range o.Bymonthday {
			days = append(days, dayOfMonth(n))
		}
		return " on the " + prose.List(days, "and") + in, true
	case len(o.Byweekday) == 0:
		return in, true
	}
	var days []string
	for _, d := range o.Byweekday {
		days = append(days, dayWords(d))
	}
	return " on " + prose.List(days, "and") + in, true
}

// chosen returns which of its days a rule with BYSETPOS chooses, where it is one of those
// that people know: the last working day of the month.
func (r Rule) chosen(in string) (string, bool) {
	o := r.option
	if len(o.Bysetpos) != 1 || len(o.Bymonthday) > 0 || o.Freq == rrule.DAILY || o.Freq == rrule.WEEKLY {
		return "", false
	}
	var names []string
	for _, d := range o.Byweekday {
		if d.N() != 0 {
			return "", false
		}
		names = append(names, dayName(d))
	}
	what := ""
	switch strings.Join(names, ",") {
	case "MO,TU,WE,TH,FR":
		what = "weekday"
	case "MO,TU,WE,TH,FR,SA,SU":
		what = "day"
	default:
		return "", false
	}
	return " on the " + nth(o.Bysetpos[0]) + " " + what + in, true
}

// ends returns when r ends, "" where it does not.
func (r Rule) ends() string {
	switch u := r.until; {
	case r.option.Count > 0:
		return fmt.Sprintf(", %d in all", r.option.Count)
	case u.IsZero():
		return ""
	case u.Day.IsZero():
		return " until " + civil.Short(civil.DateOf(u.At, time.UTC)) + ", " + u.At.UTC().Format("15:04") + " UTC"
	default:
		return " until " + civil.Short(u.Day)
	}
}

// dayWords names a day of the week, with its place in the month or year.
func dayWords(d rrule.Weekday) string {
	name := weekday(d).String()
	if d.N() == 0 {
		return name
	}
	return "the " + nth(d.N()) + " " + name
}

// nth returns first, second, … and last, second to last, ….
func nth(n int) string {
	words := []string{"", "first", "second", "third", "fourth", "fifth"}
	word := ""
	if size := max(n, -n); size < len(words) {
		word = words[size]
	} else {
		word = prose.Ordinal(size)
	}
	switch {
	case n == -1:
		return "last"
	case n < 0:
		return word + " to last"
	}
	return word
}

// dayOfMonth returns 1st, 22nd, and from the end the last day, 2nd day from the end.
func dayOfMonth(n int) string {
	switch {
	case n == -1:
		return "last day"
	case n < 0:
		return prose.Ordinal(-n) + " day from the end"
	}
	return prose.Ordinal(n)
}
