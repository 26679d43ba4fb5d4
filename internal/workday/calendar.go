package workday

import (
	"fmt"
	"maps"
	"slices"
	"sort"
	"strings"
	"time"

	"attache/internal/civil"
	"attache/internal/syntax"
)

// Calendar knows which days are worked: Monday to Friday but for the holidays, and
// the days of a weekend that are worked in return for a long holiday.
//
// Nobody knows all holidays for good. Some calendars follow rules of law, others
// exist only once a government has published them, mostly a year ahead. What leans
// on a day before PublishedFrom or after PublishedUntil is soft: there Monday to
// Friday count as worked. Closures at short notice, such as a day of mourning, are
// in no calendar: see With.
//
// The zero Calendar has no holidays, and all it says is soft. A Calendar may be
// used by several goroutines at once.
type Calendar struct {
	Name           string     // as Holidays takes it
	PublishedFrom  civil.Date // first day whose holidays are known
	PublishedUntil civil.Date // last day whose holidays are known

	named  []holiday // in order of their dates
	closed []int     // numbers of the days from Monday to Friday that are not worked, in order
	open   []int     // numbers of the days of a weekend that are worked, in order
}

// holiday is a holiday itself, whether or not it falls on a weekend.
type holiday struct {
	day  civil.Date
	name string
}

// Business reports whether d is worked.
func (c *Calendar) Business(d civil.Date) bool {
	if d.IsZero() {
		return false
	}
	n := d.Number()
	return c.through(n) > c.through(n-1)
}

// Add returns the n-th business day after d, or before it where n is negative; d
// itself, worked or not, for n = 0. soft says that it depends on days whose
// holidays are not known. No date stays no date.
func (c *Calendar) Add(d civil.Date, n int) (to civil.Date, soft bool) {
	switch {
	case d.IsZero() || n == 0:
		return d, false
	case n > 0:
		to = c.nth(c.through(d.Number()) + n)
		return to, c.unknown(d.AddDays(1), to)
	}
	to = c.nth(c.through(d.Number()-1) + n + 1)
	return to, c.unknown(to, d.AddDays(-1))
}

// Next returns d if it is worked, or else the first business day after it. soft is
// that of Add.
func (c *Calendar) Next(d civil.Date) (to civil.Date, soft bool) {
	if d.IsZero() {
		return d, false
	}
	to = c.nth(c.through(d.Number()-1) + 1)
	return to, c.unknown(d, to)
}

// Prev returns d if it is worked, or else the last business day before it. soft is
// that of Add.
func (c *Calendar) Prev(d civil.Date) (to civil.Date, soft bool) {
	if d.IsZero() {
		return d, false
	}
	to = c.nth(c.through(d.Number()))
	return to, c.unknown(to, d)
}

// Holiday returns the day of a named holiday in a year: the holiday itself, not the
// day off that stands in for it where it falls on a weekend, and the one day meant
// where it is off for several. Case, blanks and punctuation of the name do not
// matter. It is false where the calendar knows of none.
func (c *Calendar) Holiday(name string, year int) (civil.Date, bool) {
	want := syntax.Letters(name)
	for _, h := range c.named {
		if h.day.Year == year && syntax.Letters(h.name) == want {
			return h.day, true
		}
	}
	return civil.Date{}, false
}

// Off reports whether d is a holiday, or a day off in return for one: not whether it is one of
// a weekend.
func (c *Calendar) Off(d civil.Date) bool {
	n := d.Number()
	if _, off := slices.BinarySearch(c.closed, n); off {
		return true
	}
	if _, worked := slices.BinarySearch(c.open, n); worked {
		return false
	}
	_, named := slices.BinarySearchFunc(c.named, d, func(h holiday, d civil.Date) int { return h.day.Compare(d) })
	return named
}

// Names returns the names of the holidays of a year, in order of their dates; none
// outside the years that are known.
func (c *Calendar) Names(year int) []string {
	var names []string
	for _, h := range c.named {
		if h.day.Year == year && !slices.Contains(names, h.name) {
			names = append(names, h.name)
		}
	}
	return names
}

// With returns a calendar that has more days closed and more days open, as the
// configuration states them; c stays as it is. A day in both lists is closed. What
// is published stays the same: whoever adds a whole year sets PublishedUntil of
// what With gives.
func (c *Calendar) With(closed, open []civil.Date) *Calendar {
	days := daySet{}
	for _, n := range c.closed {
		days[n] = false
	}
	for _, n := range c.open {
		days[n] = true
	}
	for _, d := range open {
		days.set(d, true)
	}
	for _, d := range closed {
		days.set(d, false)
	}
	with := *c
	with.closed, with.open = days.lists()
	return &with
}

// unknown reports whether a day from one to another lies outside what is published.
func (c *Calendar) unknown(from, to civil.Date) bool {
	return from.Before(c.PublishedFrom) || to.After(c.PublishedUntil)
}

// through counts the business days up to day n, from a fixed day far away or
// negative before it: differences are what counts.
func (c *Calendar) through(n int) int { return weekdays(n) - upTo(c.closed, n) + upTo(c.open, n) }

// nth returns the business day at which through reaches k. The bounds of the search
// are what it would be if all days of one kind came before, and of the other after.
func (c *Calendar) nth(k int) civil.Date {
	lo, hi := nthWeekday(k-len(c.open)), nthWeekday(k+len(c.closed))
	return civil.DateOfNumber(lo + sort.Search(hi-lo, func(i int) bool { return c.through(lo+i) >= k }))
}

// upTo counts the elements of an ordered list up to n.
func upTo(list []int, n int) int {
	i, _ := slices.BinarySearch(list, n+1)
	return i
}

// monday is the number of a day that is a Monday, 5 January 1970.
const monday = 4

// weekdays counts the days from Monday to Friday after the Sunday before monday up
// to day n.
func weekdays(n int) int {
	week, day := divide(n-monday, 7)
	return 5*week + min(day+1, 5)
}

// nthWeekday returns the first day at which weekdays reaches k.
func nthWeekday(k int) int {
	week, day := divide(k-1, 5)
	return monday + 7*week + day
}

// divide rounds down, so that the rest is never negative.
func divide(a, b int) (quotient, rest int) {
	quotient, rest = a/b, a%b
	if rest < 0 {
		return quotient - 1, rest + b
	}
	return quotient, rest
}

// daySet is the exceptions from Monday to Friday while a calendar is put together:
// true for a day of a weekend that is worked, false for another that is not.
type daySet map[int]bool

// set reports whether d is worked.
func (s daySet) set(d civil.Date, worked bool) {
	n := d.Number()
	if weekday := d.Weekday() != time.Saturday && d.Weekday() != time.Sunday; weekday == worked {
		delete(s, n)
		return
	}
	s[n] = worked
}

// lists returns the days as a Calendar holds them.
func (s daySet) lists() (closed, open []int) {
	for n, worked := range s {
		if worked {
			open = append(open, n)
		} else {
			closed = append(closed, n)
		}
	}
	slices.Sort(closed)
	slices.Sort(open)
	return closed, open
}

// weekdaysOnly is the calendar of those who count Mondays to Fridays alone.
const weekdaysOnly = "weekdays"

// Holidays returns the calendar of a name:
//
//	US      federal holidays of the United States
//	GB      bank holidays of England and Wales
//	JP      national holidays of Japan; not the turn of the year, 29 December to 3 January, when offices close
//	TARGET  closing days of the payment system of the euro
//	CN      days off and days worked of the State Council of China
//	KR      public holidays of South Korea
//	HK      general holidays of Hong Kong
//	SG      public holidays of Singapore
//	MY      holidays of Malaysia as kept in Kuala Lumpur and Putrajaya
//	EU      institutions of the European Union, in Brussels
//	weekdays  Mondays to Fridays, with no holidays at all
//
// The error for any other names those known. A calendar takes up to a millisecond to
// put together: keep it.
func Holidays(name string) (*Calendar, error) {
	if name == weekdaysOnly {
		return Weekdays(name), nil
	}
	if rule, ok := lawful[name]; ok {
		return rule.calendar(name), nil
	}
	if text, err := published.ReadFile("published/" + name + ".txt"); err == nil {
		return parsePublished(name, string(text))
	}
	return nil, fmt.Errorf("calendar %q is not known: there are %s", syntax.Clip(name), strings.Join(calendarNames(), ", "))
}

// calendarNames returns the names of all calendars, in order.
func calendarNames() []string {
	names := slices.AppendSeq(append(publishedNames(), weekdaysOnly), maps.Keys(lawful))
	slices.Sort(names)
	return names
}

// Unpublished returns up to when the holidays of c are known, for whoever counts beyond that.
func (c *Calendar) Unpublished() string {
	if c.PublishedUntil.IsZero() {
		return "no holidays are known: Mondays to Fridays count as worked"
	}
	return fmt.Sprintf("the holidays of %s are known from %s to %s: before and after, Mondays to Fridays count as worked",
		c.Name, civil.Short(c.PublishedFrom), civil.Short(c.PublishedUntil))
}
