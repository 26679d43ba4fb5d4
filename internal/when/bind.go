package when

import (
	"strings"

	"attache/internal/workday"
)

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
	return e.A.Ref.usesCalendar() || e.B.Ref.usesCalendar() || e.Lasts.Business > 0 || strings.Contains(e.Recurs.Except, allHolidays)
}

func (r Ref) usesCalendar() bool {
	return r.Unit == UnitBusinessDays || strings.HasPrefix(r.Holiday, holidayName)
}

// With returns e with the calendars that it names found in c. Without it they are those that
// are built in, which takes a while each time. The error says which calendar or holiday
// there is not: business days are Mondays to Fridays then, and the holiday is not known.
func (e Expr) With(c workday.Calendars) (Expr, error) {
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
	if _, calendars, _ := e.Recurs.excepted(); len(calendars) > 0 {
		e.off = new([]*workday.Calendar)
		for _, name := range calendars {
			if found, ok := c.Find(name); ok {
				*e.off = append(*e.off, found)
			} else if errA == nil {
				errA = c.Missing(name)
			}
		}
	}
	return e, errA
}

// Like returns e with the holidays that it leaves out as o, another state of it, knows them:
// With has found the calendars of one of the two.
func (e Expr) Like(o Expr) Expr {
	if e.off == nil {
		e.off = o.off
	}
	return e
}

// bind finds the calendars of r.
func (r *Ref) bind(c workday.Calendars) error {
	if !r.usesCalendar() {
		return nil
	}
	if r.Unit == UnitBusinessDays {
		found, ok := c.Find(r.Calendar)
		if r.days = found; !ok {
			return c.Missing(r.Calendar)
		}
	}
	if !strings.HasPrefix(r.Holiday, holidayName) {
		return nil
	}
	day, err := holidayDay(c, r.Holiday)
	r.holidayDay = day
	return err
}

// calendar returns that by which r counts. Where With has not found it, it is the one that
// is built in, and one with no holidays where there is none such.
func (r Ref) calendar() *workday.Calendar { return found(r.days, r.Calendar) }

func found(c *workday.Calendar, name string) *workday.Calendar {
	if c != nil {
		return c
	}
	if c, err := workday.Holidays(name); err == nil {
		return c
	}
	return &workday.Calendar{}
}
