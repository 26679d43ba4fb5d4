package when

import (
	"fmt"
	"strconv"
	"strings"

	"attache/internal/civil"
	"attache/internal/syntax"
	"attache/internal/workday"
)

// LunarNewYear is how the Lunar New Year is written where a date can lean on it: with its
// country, lunar-new-year(CN) 2026, or without, for any day on which it is somewhere.
const LunarNewYear = "lunar-new-year"

// feast reads a Lunar New Year, if the next words are one.
func (p *parser) feast() (name string, ok bool, err error) {
	if len(p.words) == 0 || !strings.HasPrefix(p.words[0].Text, LunarNewYear) {
		return "", false, nil
	}
	at := p.words[0].At
	if len(p.words) < 2 {
		return "", true, syntax.Errorf(p.end, "which year? write %s(CN) 2026", LunarNewYear)
	}
	name = p.words[0].Text + " " + p.words[1].Text
	p.words = p.words[2:]
	if _, _, _, err := feastDays(name); err != nil {
		return "", true, syntax.Errorf(at, "%s", err)
	}
	return name, true, nil
}

// feastDays returns the first and the last day that a Lunar New Year can mean, and whether
// the countries differ.
func feastDays(name string) (first, last civil.Date, differ bool, err error) {
	what, text, _ := strings.Cut(name, " ")
	year, err := strconv.Atoi(text)
	if err != nil {
		return first, last, false, fmt.Errorf("%q is not a year: write %s(CN) 2026", syntax.Clip(text), LunarNewYear)
	}
	known := false
	country := strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(what, LunarNewYear), "("), ")")
	switch what {
	case LunarNewYear:
		first, last, differ, known = workday.LunarNewYearHull(year)
	case LunarNewYear + "(CN)", LunarNewYear + "(KR)", LunarNewYear + "(VN)":
		first, known = workday.LunarNewYear(country, year)
		last = first
	default:
		return first, last, false, fmt.Errorf("%q is no Lunar New Year: the countries are CN, KR and VN", syntax.Clip(what))
	}
	if !known || text != strconv.Itoa(year) {
		return first, last, false, fmt.Errorf("the Lunar New Year of %s is not known: the years are %d to %d", syntax.Clip(text), workday.FirstLunarYear, workday.LastLunarYear)
	}
	return first, last, differ, nil
}

// feastWords returns a Lunar New Year as one would say it.
func feastWords(name string) string {
	what, year, _ := strings.Cut(name, " ")
	switch what {
	case LunarNewYear + "(CN)":
		return "the Lunar New Year of " + year + " in China"
	case LunarNewYear + "(KR)":
		return "the Lunar New Year of " + year + " in Korea"
	case LunarNewYear + "(VN)":
		return "the Lunar New Year of " + year + " in Vietnam"
	}
	return "the Lunar New Year of " + year
}

// Ambiguous reports whether e leans on a Lunar New Year that falls on another day in another
// country, without saying which country is meant.
func (e Expr) Ambiguous() bool {
	for _, name := range []string{e.A.Ref.Feast, e.B.Ref.Feast} {
		if !strings.HasPrefix(name, LunarNewYear) {
			continue
		}
		if _, _, differ, err := feastDays(name); err == nil && differ {
			return true
		}
	}
	return false
}
