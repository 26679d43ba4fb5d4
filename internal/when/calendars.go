package when

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"attache/internal/civil"
	"attache/internal/syntax"
)

// Calendars are the calendars by which dates are counted, by their names. The zero
// Calendars holds none. A value may be used by several goroutines at once.
type Calendars struct {
	byName map[string]*kept
}

// kept is a calendar that is put together when it is first needed, for all copies of a
// Calendars and from any goroutine.
type kept struct {
	name string
	once sync.Once
	made *Calendar
}

func (k *kept) calendar() *Calendar {
	k.once.Do(func() {
		if k.made != nil {
			return
		}
		found, err := Holidays(k.name)
		if err != nil {
			found = &Calendar{Name: k.name} // a test holds that there is none such
		}
		k.made = found
	})
	return k.made
}

// BuiltIn returns the calendars that Holidays knows. Each is put together when it is
// first asked for.
func BuiltIn() Calendars {
	c := Calendars{byName: map[string]*kept{}}
	for _, name := range calendarNames() {
		c.byName[name] = &kept{name: name}
	}
	return c
}

// Plus returns the calendars of c and one more, which takes the place of one that has
// its name. c stays as it is.
func (c Calendars) Plus(one *Calendar) Calendars {
	more := Calendars{byName: maps.Clone(c.byName)}
	if more.byName == nil {
		more.byName = map[string]*kept{}
	}
	more.byName[one.Name] = &kept{name: one.Name, made: one}
	return more
}

// Find returns the calendar of a name, and false where there is none.
func (c Calendars) Find(name string) (*Calendar, bool) {
	k, ok := c.byName[name]
	if !ok {
		return nil, false
	}
	return k.calendar(), true
}

// Names returns the names of all calendars, in order.
func (c Calendars) Names() []string { return slices.Sorted(maps.Keys(c.byName)) }

// Weekdays returns a calendar of Mondays to Fridays with no holidays, for an author to add
// closed days to. All of it is known.
func Weekdays(name string) *Calendar {
	return &Calendar{Name: name, PublishedFrom: civil.FirstDay, PublishedUntil: civil.LastDay}
}

// CheckCalendarName says what is wrong with the name of a calendar: it has to be one
// word of letters, digits and hyphens that is read as nothing else.
func CheckCalendarName(name string) error { return checkCalendarName(name) }

func checkCalendarName(name string) error {
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

// NeedsCalendar reports whether e counts business days of a calendar that it does not name.
func (e Expr) NeedsCalendar() bool {
	for _, p := range []Point{e.A, e.B} {
		if p.Ref.Unit == UnitBusinessDays && p.Ref.Calendar == "" {
			return true
		}
	}
	return e.Lasts.Business > 0 && e.Lasts.Calendar == ""
}

// In returns e with its business days counted by the calendar of that name, where e names
// none itself.
func (e Expr) In(calendar string) Expr {
	for _, p := range []*Point{&e.A, &e.B} {
		if p.Ref.Unit == UnitBusinessDays && p.Ref.Calendar == "" {
			p.Ref.Calendar = calendar
		}
	}
	if e.Lasts.Business > 0 && e.Lasts.Calendar == "" {
		e.Lasts.Calendar = calendar
	}
	return e
}

// UsesCalendar reports whether what e means depends on a calendar.
func (e Expr) UsesCalendar() bool {
	return e.A.Ref.usesCalendar() || e.B.Ref.usesCalendar() || e.Lasts.Business > 0
}

func (r Ref) usesCalendar() bool {
	return r.Unit == UnitBusinessDays || strings.HasPrefix(r.Feast, holidayName)
}

// With returns e with the calendars that it names found in c. Without it they are those that
// are built in, which takes a while each time. The error says which calendar or holiday
// there is not: business days are Mondays to Fridays then, and the holiday is not known.
func (e Expr) With(c Calendars) (Expr, error) {
	errA, errB := e.A.Ref.bind(c), e.B.Ref.bind(c)
	if errA == nil {
		errA = errB
	}
	if e.Lasts.Business > 0 {
		found, ok := c.Find(e.Lasts.Calendar)
		if e.Lasts.days = found; !ok && errA == nil {
			errA = c.Missing(e.Lasts.Calendar)
		}
	}
	return e, errA
}

// bind finds the calendars of r.
func (r *Ref) bind(c Calendars) error {
	if !r.usesCalendar() {
		return nil
	}
	if r.Unit == UnitBusinessDays {
		found, ok := c.Find(r.Calendar)
		if r.days = found; !ok {
			return c.Missing(r.Calendar)
		}
	}
	if !strings.HasPrefix(r.Feast, holidayName) {
		return nil
	}
	day, err := c.holiday(r.Feast)
	r.feast = day
	return err
}

// calledOtherwise holds what people call the countries and bodies of calendars.
var calledOtherwise = map[string]string{
	"uk": "GB", "england": "GB", "usa": "US", "china": "CN", "prc": "CN", "korea": "KR", "rok": "KR", "japan": "JP", "hongkong": "HK",
	"singapore": "SG", "malaysia": "MY", "ecb": "TARGET", "euro": "TARGET", "brussels": "EU",
}

// Missing says that there is no calendar of a name, which one may have been meant, and
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

// calendar returns that by which r counts. Where With has not found it, it is the one that
// is built in, and one with no holidays where there is none such.
func (r Ref) calendar() *Calendar { return found(r.days, r.Calendar) }

func found(c *Calendar, name string) *Calendar {
	if c != nil {
		return c
	}
	if c, err := Holidays(name); err == nil {
		return c
	}
	return &Calendar{}
}
