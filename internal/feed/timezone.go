package feed

import (
	"fmt"
	"strings"
	"time"

	"attache/internal/civil"
)

// local returns the wall clock at which t happens, in the offset that ends, as if it were UTC.
func local(t civil.Transition) time.Time { return t.At.Add(time.Duration(t.From) * time.Second) }

// timezone returns the VTIMEZONE of a zone as far as it is used, from from to to, folded,
// RFC 5545 §3.6.5. It is false where that is not one yearly rule for each of at most two
// offsets: Outlook holds no more, and others go wrong on lists.
//
// DAYLIGHT is the greater offset. Go's own IsDST is no help: by it Dublin and Casablanca
// have winter time as the exception.
func timezone(name string, loc *time.Location, from, to time.Time) (string, bool) {
	list := civil.Transitions(loc, from.AddDate(-1, 0, 0), to.AddDate(1, 0, 0))
	var w writer
	w.put("BEGIN", "VTIMEZONE")
	w.put("TZID", name)
	if len(list) == 0 {
		abbreviation, offset := from.In(loc).Zone()
		w.observance("STANDARD", "19700101T000000", "", civil.Transition{From: offset, To: offset, Name: abbreviation})
		w.put("END", "VTIMEZONE")
		return string(w.dst), true
	}
	for _, kind := range []string{"DAYLIGHT", "STANDARD"} {
		var same []civil.Transition
		for _, t := range list {
			if (t.To > t.From) == (kind == "DAYLIGHT") {
				same = append(same, t)
			}
		}
		rule, ok := yearly(same)
		if !ok || len(same) < len(list)/2 {
			return "", false
		}
		w.observance(kind, local(same[0]).Format("20060102T150405"), rule, same[0])
	}
	w.put("END", "VTIMEZONE")
	return string(w.dst), true
}

// yearly returns the rule that list follows, every year once, and false where it follows
// none that is a weekday of a month.
func yearly(list []civil.Transition) (string, bool) {
	if len(list) == 0 {
		return "", false
	}
	first := local(list[0])
	for _, nth := range []int{(first.Day()-1)/7 + 1, -1} {
		if nth > 4 {
			continue
		}
		fits := true
		for i, t := range list {
			want := nthDay(first.Year()+i, first.Month(), first.Weekday(), nth)
			l := local(t)
			fits = fits && t.From == list[0].From && t.To == list[0].To && l.Format("15:04:05") == first.Format("15:04:05") &&
				l.Year() == first.Year()+i && l.Month() == first.Month() && l.Day() == want
		}
		if fits {
			return fmt.Sprintf("FREQ=YEARLY;BYMONTH=%d;BYDAY=%d%s", first.Month(), nth, strings.ToUpper(first.Weekday().String()[:2])), true
		}
	}
	return "", false
}

// nthDay returns the day of the month on which its n-th weekday is; -1 is the last.
func nthDay(year int, month time.Month, day time.Weekday, n int) int {
	if n > 0 {
		first := time.Date(year, month, 1, 0, 0, 0, 0, time.UTC)
		return 1 + (int(day-first.Weekday())+7)%7 + 7*(n-1)
	}
	last := time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC)
	return last.Day() - (int(last.Weekday()-day)+7)%7
}

// observance writes STANDARD or DAYLIGHT, which begins with t.
func (w *writer) observance(kind, start, rule string, t civil.Transition) {
	w.put("BEGIN", kind)
	w.put("DTSTART", start)
	w.put("RRULE", rule)
	w.put("TZOFFSETFROM", offsetText(t.From))
	w.put("TZOFFSETTO", offsetText(t.To))
	if strings.Trim(t.Name, "+-0123456789") != "" { // a number is no name
		w.put("TZNAME", t.Name)
	}
	w.put("END", kind)
}

// offsetText writes an offset in seconds, RFC 5545 §3.3.14.
func offsetText(seconds int) string {
	sign := '+'
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	out := fmt.Sprintf("%c%02d%02d", sign, seconds/3600, seconds/60%60)
	if s := seconds % 60; s > 0 {
		out += fmt.Sprintf("%02d", s)
	}
	return out
}
