package when

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"attache/internal/civil"
	"attache/internal/syntax"
	"attache/internal/workday"
)

// holidayName is how a holiday is written where a date can lean on it, with its
// calendar, its name and the year: holiday(US, Labor Day, 2026).
const holidayName = "holiday"

// holiday reads a holiday, if the next words are one.
func (p *parser) holiday() (name string, ok bool, err error) {
	if len(p.words) == 0 || !strings.HasPrefix(p.words[0].Text, holidayName+"(") {
		return "", false, nil
	}
	at := p.words[0].At
	last := slices.IndexFunc(p.words, func(w syntax.Word) bool { return strings.HasSuffix(w.Text, ")") })
	if last < 0 {
		return "", true, syntax.Errorf(at, "holiday( is not closed: write holiday(US, Labor Day, 2026)")
	}
	text := syntax.Join(p.words[:last+1])
	p.words = p.words[last+1:]
	calendar, day, year, err := splitHoliday(text)
	if err != nil {
		return "", true, syntax.Errorf(at, "%s", err)
	}
	return fmt.Sprintf("%s(%s, %s, %d)", holidayName, calendar, day, year), true, nil
}

// splitHoliday takes apart what stands for a holiday.
func splitHoliday(text string) (calendar, day string, year int, err error) {
	inner := strings.TrimSuffix(strings.TrimPrefix(text, holidayName+"("), ")")
	parts := strings.Split(inner, ",")
	if len(parts) != 3 || len(inner)+len(holidayName)+2 != len(text) {
		return "", "", 0, fmt.Errorf("%q is no holiday: write holiday(US, Labor Day, 2026)", syntax.Clip(text))
	}
	calendar, day = strings.TrimSpace(parts[0]), strings.Join(strings.Fields(parts[1]), " ")
	number := strings.TrimSpace(parts[2])
	year, err = strconv.Atoi(number)
	switch {
	case err != nil || len(number) != len("2026") || year < civil.FirstDay.Year:
		return "", "", 0, fmt.Errorf("%q is not a year: write holiday(US, Labor Day, 2026)", syntax.Clip(number))
	case syntax.Letters(day) == "" || len(day) > 100:
		return "", "", 0, fmt.Errorf("holiday( names no holiday: write holiday(US, Labor Day, 2026)")
	}
	return calendar, day, year, workday.CheckName(calendar)
}

// holidayDay returns the day of a holiday as it is written in a date.
func holidayDay(c workday.Calendars, text string) (civil.Date, error) {
	name, day, year, err := splitHoliday(text)
	if err != nil {
		return civil.Date{}, err
	}
	return c.Holiday(name, day, year)
}

// holidayWords returns a holiday as one would say it: US Labor Day 2026.
func holidayWords(text string) string {
	calendar, day, year, err := splitHoliday(text)
	if err != nil {
		return text
	}
	return fmt.Sprintf("%s %s %d", calendar, day, year)
}
