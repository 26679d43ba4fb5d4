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

// LunarNewYear is how the Lunar New Year is written where a date can lean on it: with its
// country, lunar-new-year(CN) 2026, or without, for any day on which it is somewhere.
const LunarNewYear = "lunar-new-year"

// holidayName is how a holiday is written where a date can lean on it, with its
// calendar, its name and the year: holiday(US, Labor Day, 2026).
const holidayName = "holiday"

// namedDay reads a Lunar New Year or a holiday, if the next words are one.
func (p *parser) namedDay() (name string, ok bool, err error) {
	switch {
	case len(p.words) == 0:
		return "", false, nil
	case strings.HasPrefix(p.words[0].Text, LunarNewYear):
		name, err = p.lunarNewYear()
	case strings.HasPrefix(p.words[0].Text, holidayName+"("):
		name, err = p.holiday()
	default:
		return "", false, nil
	}
	return name, true, err
}

// lunarNewYear reads a Lunar New Year.
func (p *parser) lunarNewYear() (string, error) {
	at := p.words[0].At
	if len(p.words) < 2 {
		return "", syntax.Errorf(p.end, "which year? write %s(CN) 2026", LunarNewYear)
	}
	name := p.words[0].Text + " " + p.words[1].Text
	p.words = p.words[2:]
	if _, _, _, err := lunarNewYearDays(name); err != nil {
		return "", syntax.Errorf(at, "%s", err)
	}
	return name, nil
}

// inCountry says where a Lunar New Year is kept, by what stands behind its name.
var inCountry = map[string]string{"": "", "(CN)": " in China", "(KR)": " in Korea", "(VN)": " in Vietnam"}

// lunarNewYearDays returns the first and the last day that a Lunar New Year can mean, and whether
// the countries differ.
func lunarNewYearDays(name string) (first, last civil.Date, differ bool, err error) {
	what, text, _ := strings.Cut(name, " ")
	year, err := strconv.Atoi(text)
	if err != nil {
		return first, last, false, fmt.Errorf("%q is not a year: write %s(CN) 2026", syntax.Clip(text), LunarNewYear)
	}
	country := strings.TrimPrefix(what, LunarNewYear)
	if _, ok := inCountry[country]; !ok {
		return first, last, false, fmt.Errorf("%q is no Lunar New Year: the countries are CN, KR and VN", syntax.Clip(what))
	}
	known := false
	if country == "" {
		first, last, differ, known = workday.LunarNewYearHull(year)
	} else {
		first, known = workday.LunarNewYear(strings.Trim(country, "()"), year)
		last = first
	}
	if !known || text != strconv.Itoa(year) {
		return first, last, false, fmt.Errorf("the Lunar New Year of %s is not known: the years are %d to %d", syntax.Clip(text), workday.FirstLunarYear, workday.LastLunarYear)
	}
	return first, last, differ, nil
}

// Ambiguous reports whether e leans on a Lunar New Year that falls on another day in another
// country, without saying which country is meant.
func (e Expr) Ambiguous() bool {
	return slices.ContainsFunc([]Ref{e.A.Ref, e.B.Ref}, func(r Ref) bool {
		if r.Holiday == "" {
			return false
		}
		_, _, differ, err := lunarNewYearDays(r.Holiday)
		return err == nil && differ
	})
}

// holiday reads a holiday of a calendar.
func (p *parser) holiday() (string, error) {
	at := p.words[0].At
	last := slices.IndexFunc(p.words, func(w syntax.Word) bool { return strings.HasSuffix(w.Text, ")") })
	if last < 0 {
		return "", syntax.Errorf(at, "holiday( is not closed: write holiday(US, Labor Day, 2026)")
	}
	text := syntax.Join(p.words[:last+1])
	p.words = p.words[last+1:]
	calendar, day, year, err := splitHoliday(text)
	if err != nil {
		return "", syntax.Errorf(at, "%s", err)
	}
	return fmt.Sprintf("%s(%s, %s, %d)", holidayName, calendar, day, year), nil
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

// holidayWords returns a holiday or a Lunar New Year as one would say it: US Labor Day 2026.
func holidayWords(text string) string {
	if calendar, day, year, err := splitHoliday(text); err == nil {
		return fmt.Sprintf("%s %s %d", calendar, day, year)
	}
	what, year, _ := strings.Cut(text, " ")
	return "the Lunar New Year of " + year + inCountry[strings.TrimPrefix(what, LunarNewYear)]
}
