package workday

import (
	"slices"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/ecb"
	"github.com/rickar/cal/v2/gb"
	"github.com/rickar/cal/v2/jp"
	"github.com/rickar/cal/v2/us"

	"attache/internal/civil"
)

// law is a calendar whose holidays follow rules, for the years in which the rules
// as the library has them are those that were, or are, in force.
type law struct {
	holidays    []*cal.Holiday
	first, last int // years
}

// lawful holds the calendars that follow rules.
//
// From their first years on the library has every holiday. Before, it lacks days
// that were kept once, such as the state funeral of 2022 in Great Britain, or has
// them wrong, such as those that Japan moved for its games of 2021. The last year of
// Japan is the one before the next day between two holidays, in 2037, which the
// library does not know of.
var lawful = map[string]law{
	"US":     {us.Holidays, 2021, 2099},
	"GB":     {gb.Holidays, 2023, 2099},
	"JP":     {jp.Holidays, 2022, 2036},
	"TARGET": {ecb.Holidays, 2002, 2099},
}

// calendar works the rules out for all years of l. The New Year after the last is
// looked at too, since a New Year on a Saturday is kept on the Friday before.
func (l law) calendar(name string) *Calendar {
	c := &Calendar{
		Name:           name,
		PublishedFrom:  civil.Date{Year: l.first, Month: time.January, Day: 1},
		PublishedUntil: civil.Date{Year: l.last, Month: time.December, Day: 31},
	}
	days := daySet{}
	for year := l.first; year <= l.last+1; year++ {
		for _, h := range l.holidays {
			day, observed := occurrence(*h, year)
			if day.IsZero() || c.unknown(observed, observed) {
				continue
			}
			days.set(observed, false)
			if year <= l.last {
				c.named = append(c.named, holiday{day, h.Name})
			}
		}
	}
	slices.SortStableFunc(c.named, func(a, b holiday) int { return a.day.Compare(b.day) })
	c.closed, c.open = days.lists()
	return c
}

// occurrence returns the day of a holiday in a year, and the day on which it is kept;
// no dates where the year has none.
//
// It takes a copy, since the library's rule for the equinox writes to the holiday.
func occurrence(h cal.Holiday, year int) (day, observed civil.Date) {
	t, _ := h.Calc(year)
	if t.IsZero() {
		return civil.Date{}, civil.Date{}
	}
	day = meant(t)
	for _, alt := range h.Observed {
		if alt.Day == day.Weekday() {
			return day, day.AddDays(alt.Offset)
		}
	}
	return day, day
}

// meant returns the date that the library means by t: midnight in the zone of the
// machine, or an hour beside it where that zone changes its clocks at midnight. For
// the same reason the library's own day of observance is not used.
func meant(t time.Time) civil.Date { return civil.DateOf(t.Add(6*time.Hour), t.Location()) }
