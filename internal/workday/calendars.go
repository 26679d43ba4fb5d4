package workday

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"attache/internal/civil"
	"attache/internal/syntax"
)

// Holiday returns the day of a named holiday in a year. The error says which calendar or
// holiday there is not, and which may have been meant.
func (c Calendars) Holiday(name, day string, year int) (civil.Date, error) {
	found, ok := c.Find(name)
	if !ok {
		return civil.Date{}, c.Missing(name)
	}
	if d, ok := found.Holiday(day, year); ok {
		return d, nil
	}
	names := found.Names(year)
	if len(names) == 0 {
		return civil.Date{}, fmt.Errorf("the holidays of %s are not known for %d: they are from %d to %d", name, year, found.PublishedFrom.Year, found.PublishedUntil.Year)
	}
	if near := syntax.Nearest(day, names); near != "" {
		return civil.Date{}, fmt.Errorf("%s has no holiday %q in %d: did you mean %q?", name, syntax.Clip(day), year, near)
	}
	return civil.Date{}, fmt.Errorf("%s has no holiday %q in %d: there are %s", name, syntax.Clip(day), year, strings.Join(names, ", "))
}

// Calendars are the calendars by which dates are counted, by their names. The zero
// Calendars holds none. A value may be used by several goroutines at once.
type Calendars struct {
	byName map[string]*lazy
}

// lazy is a calendar that is put together when it is first needed, for all copies of a
// Calendars and from any goroutine. It is no sync.OnceValue, so that two Calendars can be
// compared in depth.
type lazy struct {
	name     string
	once     sync.Once
	calendar *Calendar
}

func (l *lazy) get() *Calendar {
	l.once.Do(func() {
		if l.calendar != nil {
			return
		}
		var err error
		if l.calendar, err = Holidays(l.name); err != nil {
			l.calendar = &Calendar{Name: l.name} // a test holds that there is none such
		}
	})
	return l.calendar
}

// BuiltIn returns the calendars that Holidays knows. Each is put together when it is
// first asked for.
func BuiltIn() Calendars {
	c := Calendars{byName: map[string]*lazy{}}
	for _, name := range calendarNames() {
		c.byName[name] = &lazy{name: name}
	}
	return c
}

// Plus returns the calendars of c and one more, which takes the place of one that has
// its name. c stays as it is.
func (c Calendars) Plus(one *Calendar) Calendars {
	more := Calendars{byName: maps.Clone(c.byName)}
	if more.byName == nil {
		more.byName = map[string]*lazy{}
	}
	more.byName[one.Name] = &lazy{name: one.Name, calendar: one}
	return more
}

// Find returns the calendar of a name, and false where there is none.
func (c Calendars) Find(name string) (*Calendar, bool) {
	l, ok := c.byName[name]
	if !ok {
		return nil, false
	}
	return l.get(), true
}

// Names returns the names of all calendars, in order.
func (c Calendars) Names() []string { return slices.Sorted(maps.Keys(c.byName)) }

// Weekdays returns a calendar of Mondays to Fridays with no holidays, for an author to add
// closed days to. All of it is known.
func Weekdays(name string) *Calendar {
	return &Calendar{Name: name, PublishedFrom: civil.FirstDay, PublishedUntil: civil.LastDay}
}

// CheckName reports what is wrong with the name of a calendar: it has to be one
// word of letters, digits and hyphens that is read as nothing else.
func CheckName(name string) error {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-'
	}
	other := strings.IndexFunc(name, func(r rune) bool { return !plain(r) })
	switch {
	case name == "" || other >= 0 || len(name) > 40 || name[0] == '-':
		return fmt.Errorf("%q is no name for a calendar: use letters, digits and inner hyphens", syntax.Clip(name))
	case slices.Contains([]string{"business", "day", "days", "week", "weeks", "month", "months"}, strings.ToLower(name)):
		return fmt.Errorf("%q is no name for a calendar: it is a word of dates", name)
	}
	return nil
}

// calledOtherwise holds what people call the countries and bodies of calendars.
var calledOtherwise = map[string]string{
	"uk": "GB", "england": "GB", "usa": "US", "china": "CN", "prc": "CN", "korea": "KR", "rok": "KR", "japan": "JP", "hongkong": "HK",
	"singapore": "SG", "malaysia": "MY", "ecb": "TARGET", "euro": "TARGET", "brussels": "EU",
}

// Missing reports that there is no calendar of a name, which one may have been meant, and
// which there are.
func (c Calendars) Missing(name string) error {
	if name == "" {
		return fmt.Errorf("business days of which calendar? add calendar: there are %s", strings.Join(c.Names(), ", "))
	}
	hint := ""
	near := calledOtherwise[syntax.Letters(name)]
	if _, there := c.byName[near]; !there {
		near = syntax.Nearest(name, c.Names())
	}
	if near != "" {
		hint = fmt.Sprintf("did you mean %q? ", near)
	}
	return fmt.Errorf("there is no calendar %q: %sthere are %s", syntax.Clip(name), hint, strings.Join(c.Names(), ", "))
}
