package recur

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/teambition/rrule-go"

	"attache/internal/civil"
	"attache/internal/syntax"
)

// maxCount bounds COUNT, which has to be counted through from the first day.
const maxCount = 10_000

// ruleKeys are the parts of a rule that mean something for days.
var ruleKeys = []string{"FREQ", "UNTIL", "COUNT", "INTERVAL", "BYMONTH", "BYWEEKNO", "BYYEARDAY", "BYMONTHDAY", "BYDAY", "BYSETPOS", "WKST"}

// elsewhere says, of what else people write into a rule, where it belongs.
var elsewhere = map[string]string{
	"DTSTART": "the first day stands in on, at or from, not in the rule",
	"DTEND":   "how long it lasts stands in to or lasts, not in the rule",
	"EXDATE":  "days on which it does not come stand in except, not in the rule",
	"RDATE":   "days on which it comes besides stand in also, not in the rule",
	"EXRULE":  "rules that take days out are not understood: list the days in except",
	"BYHOUR":  "the time of day stands in at: write one event for each time of day", "BYMINUTE": "the time of day stands in at: write one event for each time of day",
	"BYSECOND": "the time of day stands in at: write one event for each time of day",
	"BYEASTER": "BYEASTER is no part of RFC 5545: list the days in also",
	"RSCALE":   "rules of other calendars are not understood: list the days in also", "SKIP": "SKIP goes with rules of other calendars, which are not understood",
}

// ParseRule reads a recurrence rule, RFC 5545 §3.3.10: FREQ=MONTHLY;BYDAY=1FR, in any
// order and either case, with RRULE: before it or not. UNTIL is a date or an instant in
// UTC. It returns a *syntax.Error for what is not understood, for parts that do not go
// with each other and for what comes more often than daily.
func ParseRule(s string) (Rule, error) {
	text := strings.TrimRight(s, " \t\r\n")
	start := len(text) - len(strings.TrimLeft(text, " \t\r\n"))
	if p := "RRULE:"; len(text)-start >= len(p) && strings.EqualFold(text[start:start+len(p)], p) {
		start += len(p)
	}
	r := ruleReader{seen: make(map[string]int), rule: Rule{option: rrule.ROption{Freq: -1, Interval: 1, Wkst: rrule.MO}}}
	for start <= len(text) {
		part, rest, more := strings.Cut(text[start:], ";")
		if err := r.part(part, start); err != nil {
			return Rule{}, err
		}
		start = len(text) - len(rest)
		if !more {
			break
		}
	}
	if r.rule.option.Freq < 0 {
		return Rule{}, syntax.Errorf(0, "a rule says how often: begin it with FREQ=DAILY, WEEKLY, MONTHLY or YEARLY")
	}
	if part, what := r.rule.check(); what != "" {
		return Rule{}, &syntax.Error{Offset: r.seen[part], Msg: what}
	}
	return r.rule, nil
}

// ruleReader reads a rule part by part.
type ruleReader struct {
	rule Rule
	seen map[string]int // where the value of a part begins
}

// part reads KEY=VALUE, which begins at the offset at.
func (r *ruleReader) part(s string, at int) error {
	key, value, ok := strings.Cut(s, "=")
	key = strings.ToUpper(strings.TrimSpace(key))
	bare, _, _ := strings.Cut(key, ";")
	if bare, _, cut := strings.Cut(bare, ":"); cut {
		key = bare // DTSTART:20260102
	}
	where := elsewhere[key]
	switch {
	case where != "":
		return syntax.Errorf(at, "%s", where)
	case strings.TrimSpace(s) == "" || !ok:
		return syntax.Errorf(at, "%q is no part of a rule: write one as FREQ=MONTHLY;BYDAY=1FR", s)
	case !slices.Contains(ruleKeys, key):
		return syntax.Errorf(at, "%q is no part of a rule: it has "+strings.Join(ruleKeys, ", "), key)
	}
	if _, twice := r.seen[key]; twice {
		return syntax.Errorf(at, "%s stands in the rule twice", key)
	}
	at += len(s) - len(value)
	r.seen[key] = at
	return r.value(key, strings.ToUpper(value), at)
}

// value reads the value of a part.
func (r *ruleReader) value(key, s string, at int) (err error) {
	o := &r.rule.option
	switch key {
	case "FREQ":
		o.Freq, err = frequency(s, at)
	case "UNTIL":
		r.rule.until, err = parseUntil(s, at)
	case "COUNT":
		o.Count, err = ruleNumber(s, at, key, 1, maxCount, false)
	case "INTERVAL":
		o.Interval, err = ruleNumber(s, at, key, 1, 1000, false)
	case "BYMONTH":
		o.Bymonth, err = ruleNumbers(s, at, key, 12, false)
	case "BYWEEKNO":
		o.Byweekno, err = ruleNumbers(s, at, key, 53, true)
	case "BYYEARDAY":
		o.Byyearday, err = ruleNumbers(s, at, key, 366, true)
	case "BYMONTHDAY":
		o.Bymonthday, err = ruleNumbers(s, at, key, 31, true)
	case "BYSETPOS":
		o.Bysetpos, err = ruleNumbers(s, at, key, 366, true)
	case "BYDAY":
		o.Byweekday, err = ruleWeekdays(s, at)
	case "WKST":
		o.Wkst, err = parseWeekday(s, at)
	}
	return err
}

func frequency(s string, at int) (rrule.Frequency, error) {
	for i, f := range frequencies {
		if s == f.name {
			return rrule.Frequency(i), nil
		}
	}
	if s == "HOURLY" || s == "MINUTELY" || s == "SECONDLY" {
		return 0, syntax.Errorf(at, "%s is more often than attache keeps dates: use FREQ=DAILY, and one event for each time of day", s)
	}
	return 0, syntax.Errorf(at, "%q is no frequency: use DAILY, WEEKLY, MONTHLY or YEARLY", s)
}

// parseUntil reads 20261231, 20261231T235959Z, or the first with hyphens.
func parseUntil(s string, at int) (Until, error) {
	if d, err := civil.ParseDate(s); err == nil {
		return Until{Day: d}, nil
	}
	if t, err := time.Parse("20060102", s); err == nil {
		return Until{Day: civil.DateOf(t, time.UTC)}, nil
	}
	if t, err := time.Parse("20060102T150405Z", s); err == nil {
		return Until{At: t}, nil
	}
	if _, err := time.Parse("20060102T150405", s); err == nil {
		return Until{}, syntax.Errorf(at, "UNTIL is an instant in UTC, or a day: write %sZ if it is UTC, or %s", s, s[:len("20060102")])
	}
	return Until{}, syntax.Errorf(at, "%q is no day or instant: write UNTIL=20261231 or UNTIL=20261231T235900Z", s)
}

func ruleNumber(s string, at int, key string, least, most int, signed bool) (int, error) {
	n, err := strconv.Atoi(s)
	size := n
	if signed {
		size = max(n, -n)
	}
	if err != nil || size < least || size > most || strings.HasPrefix(s, "+") && !signed {
		lowest := strconv.Itoa(least)
		if signed {
			lowest = "-" + strconv.Itoa(most) + " to -1, or 1"
		}
		return 0, syntax.Errorf(at, "%q in %s is no number from %s to %d", s, key, lowest, most)
	}
	return n, nil
}

// ruleNumbers reads a list of numbers up to most, sorted and each once.
func ruleNumbers(s string, at int, key string, most int, signed bool) ([]int, error) {
	var out []int
	for _, one := range strings.Split(s, ",") {
		n, err := ruleNumber(one, at, key, 1, most, signed)
		if err != nil {
			return nil, err
		}
		out = append(out, n)
		at += len(one) + 1
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// ruleWeekdays reads MO,1FR,-1SU.
func ruleWeekdays(s string, at int) ([]rrule.Weekday, error) {
	var out []rrule.Weekday
	for _, one := range strings.Split(s, ",") {
		digits := max(len(one)-2, 0)
		d, err := parseWeekday(one[digits:], at+digits)
		if err != nil {
			return nil, err
		}
		if digits > 0 {
			n, err := ruleNumber(one[:digits], at, "BYDAY", 1, 53, true)
			if err != nil {
				return nil, err
			}
			d = d.Nth(n)
		}
		if !slices.Contains(out, d) {
			out = append(out, d)
		}
		at += len(one) + 1
	}
	slices.SortFunc(out, func(a, b rrule.Weekday) int { return (a.N()-b.N())*7 + a.Day() - b.Day() })
	return out, nil
}

func parseWeekday(s string, at int) (rrule.Weekday, error) {
	for _, d := range ruleDays {
		if s == d.name {
			return d.day, nil
		}
	}
	return rrule.Weekday{}, syntax.Errorf(at, "%q is no day of the week: write MO, TU, WE, TH, FR, SA or SU", s)
}
