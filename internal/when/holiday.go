package when

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// holidayName is how a holiday is written where a date can lean on it, with its
// calendar, its name and the year: holiday(US, Labor Day, 2026).
const holidayName = "holiday"

// holiday reads a holiday, if the next words are one.
func (p *parser) holiday() (name string, ok bool, err error) {
	if len(p.words) == 0 || !strings.HasPrefix(p.words[0].text, holidayName+"(") {
		return "", false, nil
	}
	at := p.words[0].at
	last := slices.IndexFunc(p.words, func(w word) bool { return strings.HasSuffix(w.text, ")") })
	if last < 0 {
		return "", true, errAt(at, "holiday( is not closed: write holiday(US, Labor Day, 2026)")
	}
	text := join(p.words[:last+1])
	p.words = p.words[last+1:]
	calendar, day, year, err := splitHoliday(text)
	if err != nil {
		return "", true, errAt(at, "%s", err)
	}
	return fmt.Sprintf("%s(%s, %s, %d)", holidayName, calendar, day, year), true, nil
}

// splitHoliday takes apart what stands for a holiday.
func splitHoliday(text string) (calendar, day string, year int, err error) {
	inner := strings.TrimSuffix(strings.TrimPrefix(text, holidayName+"("), ")")
	parts := strings.Split(inner, ",")
	if len(parts) != 3 || len(inner)+len(holidayName)+2 != len(text) {
		return "", "", 0, fmt.Errorf("%q is no holiday: write holiday(US, Labor Day, 2026)", clip(text))
	}
	calendar, day = strings.TrimSpace(parts[0]), strings.Join(strings.Fields(parts[1]), " ")
	number := strings.TrimSpace(parts[2])
	year, err = strconv.Atoi(number)
	switch {
	case err != nil || len(number) != len("2026") || year < firstDay.Year:
		return "", "", 0, fmt.Errorf("%q is not a year: write holiday(US, Labor Day, 2026)", clip(number))
	case letters(day) == "" || len(day) > 100:
		return "", "", 0, fmt.Errorf("holiday( names no holiday: write holiday(US, Labor Day, 2026)")
	}
	return calendar, day, year, checkCalendarName(calendar)
}

// holiday returns the day of a holiday as it is written in a date.
func (c Calendars) holiday(text string) (Date, error) {
	name, day, year, err := splitHoliday(text)
	if err != nil {
		return Date{}, err
	}
	found, ok := c.Find(name)
	if !ok {
		return Date{}, c.Missing(name)
	}
	if d, ok := found.Holiday(day, year); ok {
		return d, nil
	}
	names := found.Names(year)
	if len(names) == 0 {
		return Date{}, fmt.Errorf("the holidays of %s are not known for %d: they are from %d to %d", name, year, found.PublishedFrom.Year, found.PublishedUntil.Year)
	}
	if near := nearestWord(day, names); near != "" {
		return Date{}, fmt.Errorf("%s has no holiday %q in %d: did you mean %q?", name, clip(day), year, near)
	}
	return Date{}, fmt.Errorf("%s has no holiday %q in %d: there are %s", name, clip(day), year, strings.Join(names, ", "))
}

// holidayWords returns a holiday as one would say it: US Labor Day 2026.
func holidayWords(text string) string {
	calendar, day, year, err := splitHoliday(text)
	if err != nil {
		return text
	}
	return fmt.Sprintf("%s %s %d", calendar, day, year)
}

// nearestWord returns the one of words that is most likely meant by what was written: it
// begins with it or holds it, or differs in few letters; "" for none.
func nearestWord(written string, words []string) string {
	want := letters(written)
	best, least := "", len(want)/3
	for _, w := range words {
		have := letters(w)
		if len(want) >= 3 && strings.Contains(have, want) || len(have) >= 3 && strings.Contains(want, have) {
			return w
		}
		if n := slips([]rune(want), []rune(have)); n <= least && len(want) < 100 {
			best, least = w, n-1
		}
	}
	return best
}

// slips counts the letters to insert, drop or change to make b of a.
func slips(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		corner := row[0]
		row[0] = i + 1
		for j := range b {
			cost := corner
			if a[i] != b[j] {
				cost++
			}
			corner = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
