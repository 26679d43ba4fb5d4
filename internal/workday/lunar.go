package workday

import (
	"time"

	"attache/internal/civil"
)

// The years of the table of Lunar New Years. It ends before the first new moons so
// near to midnight that nobody can say yet on which day they will fall.
const (
	FirstLunarYear = 1990
	LastLunarYear  = FirstLunarYear + len(lunarNewYears) - 1
)

// lunarNewYears holds, from firstLunarYear on, the month and day on which the Lunar
// New Year falls in China.
//
// The calendar is the same everywhere, yet each country reckons it in its own zone,
// so a new moon near midnight falls on different days. It is a table rather than a
// computation since a new moon minutes from midnight, as in 2027 and 2030, is what
// a common library gets wrong; the tests work it out again, in two other ways.
var lunarNewYears = [...]int{
	127, 215, 204, 123, 210, 131, 219, 207, 128, 216, // 1990 to 1999
	205, 124, 212, 201, 122, 209, 129, 218, 207, 126, // 2000 to 2009
	214, 203, 123, 210, 131, 219, 208, 128, 216, 205, // 2010 to 2019
	125, 212, 201, 122, 210, 129, 217, 206, 126, 213, // 2020 to 2029
	203, 123, 211, 131, 219, 208, 128, 215, 204, 124, // 2030 to 2039
	212, 201, 122, 210, 130, 217, 206, 126, 214, 202, // 2040 to 2049
	123, 211, 201, 219, 208, 128, 215, // 2050 to 2056
}

// lunarElsewhere holds where a country differs from China, which reckons at UTC+8:
// Korea does so at UTC+9, Vietnam at UTC+7.
var lunarElsewhere = map[string]map[int]int{
	"CN": {},
	"KR": {1997: 208, 2027: 207, 2028: 127},
	"VN": {2007: 217, 2030: 202, 2053: 218},
}

// LunarNewYear returns the day of the Lunar New Year in a country, CN (China), KR
// (Korea) or VN (Vietnam), as reckoned in that country's own zone. It is false
// outside the years 1990 to 2056, and for any other country.
func LunarNewYear(country string, year int) (civil.Date, bool) {
	elsewhere, ok := lunarElsewhere[country]
	if !ok || year < FirstLunarYear || year > LastLunarYear {
		return civil.Date{}, false
	}
	md, ok := elsewhere[year]
	if !ok {
		md = lunarNewYears[year-FirstLunarYear]
	}
	return civil.Date{Year: year, Month: time.Month(md / 100), Day: md % 100}, true
}

// LunarNewYearHull returns the first and the last day that is the Lunar New Year in
// any of the countries of LunarNewYear, for whoever does not say which is meant,
// and whether they differ. ok is false outside the years 1990 to 2056.
func LunarNewYearHull(year int) (first, last civil.Date, differ, ok bool) {
	for country := range lunarElsewhere {
		d, known := LunarNewYear(country, year)
		if !known {
			return civil.Date{}, civil.Date{}, false, false
		}
		if first.IsZero() || d.Before(first) {
			first = d
		}
		if d.After(last) {
			last = d
		}
	}
	return first, last, first != last, true
}
