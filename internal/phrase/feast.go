package phrase

import (
	"slices"
	"strconv"
	"time"

	"attache/internal/civil"
	"attache/internal/workday"
)

// feasts are the days with a name, each as it is said and how else it is written. What falls on
// another day in another country is here only by a name that says whose it is, or that one
// country alone spells so.
var feasts = []struct {
	says  string
	words []string
	on    func(year int) (stretch, bool)
}{
	{"Lunar New Year", []string{"lunar new year"}, newYear("")},
	{"Chinese New Year", []string{"chinese new year"}, newYear("CN")},
	{"Spring Festival", []string{"spring festival"}, newYear("CN")},
	{"Seollal", []string{"seollal"}, newYear("KR")},
	{"Tet", []string{"tet"}, newYear("VN")},
	{"Epiphany", []string{"epiphany"}, dayOf(time.January, 6)},
	{"Orthodox Christmas", []string{"orthodox christmas day", "orthodox christmas"}, dayOf(time.January, 7)},
	{"Martin Luther King Jr. Day", []string{"martin luther king jr day", "martin luther king day"}, weekdayOf(time.January, 3, time.Monday)},
	{"Valentine's Day", []string{"valentine day", "st valentine day"}, dayOf(time.February, 14)},
	{"Presidents' Day", []string{"presidents day"}, weekdayOf(time.February, 3, time.Monday)},
	{"International Women's Day", []string{"international women day"}, dayOf(time.March, 8)},
	{"St. Patrick's Day", []string{"st patrick day"}, dayOf(time.March, 17)},
	{"Shrove Tuesday", []string{"shrove tuesday", "mardi gras"}, fromEaster(western, -47)},
	{"Ash Wednesday", []string{"ash wednesday"}, fromEaster(western, -46)},
	{"Palm Sunday", []string{"palm sunday"}, fromEaster(western, -7)},
	{"Maundy Thursday", []string{"maundy thursday", "holy thursday"}, fromEaster(western, -3)},
	{"Good Friday", []string{"good friday"}, fromEaster(western, -2)},
	{"Easter Monday", []string{"easter monday"}, fromEaster(western, 1)},
	{"Easter", []string{"easter sunday", "easter"}, fromEaster(western, 0)},
	{"Orthodox Easter", []string{"orthodox easter sunday", "orthodox easter"}, fromEaster(orthodox, 0)},
	{"Ascension Day", []string{"ascension day", "ascension thursday"}, fromEaster(western, 39)},
	{"Pentecost", []string{"pentecost sunday", "pentecost", "whit sunday"}, fromEaster(western, 49)},
	{"Whit Monday", []string{"whit monday", "pentecost monday"}, fromEaster(western, 50)},
	{"Corpus Christi", []string{"corpus christi"}, fromEaster(western, 60)},
	{"U.S. Memorial Day", []string{"u.s memorial day", "us memorial day"}, weekdayOf(time.May, -1, time.Monday)},
	{"Juneteenth", []string{"juneteenth"}, dayOf(time.June, 19)},
	{"Canada Day", []string{"canada day"}, dayOf(time.July, 1)},
	{"Bastille Day", []string{"bastille day"}, dayOf(time.July, 14)},
	{"Columbus Day", []string{"columbus day"}, weekdayOf(time.October, 2, time.Monday)},
	{"Halloween", []string{"halloween"}, dayOf(time.October, 31)},
	{"All Saints' Day", []string{"all saints day"}, dayOf(time.November, 1)},
	{"Armistice Day", []string{"armistice day"}, dayOf(time.November, 11)},
	{"Veterans Day", []string{"veterans day"}, dayOf(time.November, 11)},
	{"Christmas Eve", []string{"christmas eve"}, dayOf(time.December, 24)},
	{"Christmas", []string{"christmas day", "christmas"}, dayOf(time.December, 25)},
	{"Boxing Day", []string{"boxing day"}, dayOf(time.December, 26)},
	{"New Year's Eve", []string{"new year eve"}, dayOf(time.December, 31)},
	{"New Year's Day", []string{"new year day", "new year"}, dayOf(time.January, 1)},
	{"Labor Day", []string{"labor day"}, weekdayOf(time.September, 1, time.Monday)},
	{"Thanksgiving", []string{"thanksgiving day", "thanksgiving"}, weekdayOf(time.November, 4, time.Thursday)},
}

// aFeast reads a day with a name, with its year or without, and with its day: the Lunar New Year
// on 17 February.
func (p *reader) aFeast() (noun, bool) {
	during := p.pos > 0 && slices.Contains(duringYear, p.words[p.pos-1].text)
	p.take("the")
	if !p.next().feast {
		return noun{}, false
	}
	for _, f := range feasts {
		if which := p.one(f.words...); which == 0 {
			continue
		} else if during && f.words[which-1] == "new year" {
			return noun{}, false // which is the year
		}
		n := p.ofYear(f.says, f.on)
		if n.none() {
			return noun{}, false
		}
		n.unit, n.prep = oneDay, "on"
		if start := p.pos; p.take("on") {
			s, ok := p.chosen(n)
			d, named := p.aDate()
			on, known := p.chosen(d)
			if !ok || !named || !known || on.last.Before(s.first) || s.last.Before(on.first) {
				p.fail(start, "%s is on %s", n.says, s.days())
				return noun{}, false
			}
			d.says = n.says + " on " + d.says
			return d, true
		}
		return n, true
	}
	return noun{}, false
}

// newYear returns the Lunar New Year in a country, or in any: they do not always keep it on the
// same day.
func newYear(country string) func(year int) (stretch, bool) {
	return func(year int) (stretch, bool) {
		first, last, differ, ok := workday.LunarNewYearHull(year)
		if country != "" {
			first, ok = workday.LunarNewYear(country, year)
			last, differ = first, false
		}
		return stretch{first: first, begins: last, ends: first, last: last, hard: !differ}, ok
	}
}

func dayOf(month time.Month, day int) func(year int) (stretch, bool) {
	return func(year int) (stretch, bool) {
		return oneOn(civil.Date{Year: year, Month: month, Day: day}), true
	}
}

func weekdayOf(month time.Month, n int, day time.Weekday) func(year int) (stretch, bool) {
	return func(year int) (stretch, bool) { return monthsOf(year, int(month), 1).weekday(n, day) }
}

func fromEaster(easter func(year int) civil.Date, n int) func(year int) (stretch, bool) {
	return func(year int) (stretch, bool) { return oneOn(easter(year).AddDays(n)), year > 1600 && year < 4000 }
}

// western returns Easter Sunday by the Gregorian calendar, as Meeus, Jones and Butcher reckon it.
func western(year int) civil.Date {
	a, b, c := year%19, year/100, year%100
	h := (19*a + b - b/4 - (b-(b+8)/25+1)/3 + 15) % 30
	l := (32 + 2*(b%4) + 2*(c/4) - h - c%4) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return civil.Date{Year: year, Month: time.Month(n / 31), Day: n%31 + 1}
}

// orthodox returns Easter Sunday by the Julian calendar, as a day of the Gregorian one.
func orthodox(year int) civil.Date {
	d := (19*(year%19) + 15) % 30
	n := d + (2*(year%4)+4*(year%7)-d+34)%7 + 114
	return civil.Date{Year: year, Month: time.Month(n / 31), Day: n%31 + 1}.AddDays(year/100 - year/400 - 2)
}

// fiscal says when the years of a government begin, and whether they are named by the calendar
// year in which they begin.
type fiscal struct {
	says   string
	month  int
	begins bool
}

// fiscalYears are those of which a country is named in front or behind.
var fiscalYears = map[string]fiscal{
	"u.s": {"U.S.", 10, false}, "us": {"U.S.", 10, false}, "united states": {"U.S.", 10, false}, "american": {"U.S.", 10, false},
	"japan": {"Japan", 4, true}, "japanese": {"Japan", 4, true}, "india": {"India", 4, false}, "indian": {"India", 4, false},
	"canada": {"Canada", 4, false}, "britain": {"Britain", 4, false}, "british": {"Britain", 4, false}, "u.k": {"Britain", 4, false}, "uk": {"Britain", 4, false},
	"australia": {"Australia", 7, false}, "australian": {"Australia", 7, false}, "pakistan": {"Pakistan", 7, false},
}

// country reads whose fiscal year it is.
func (p *reader) country() (fiscal, bool) {
	start := p.pos
	p.take("the")
	for n := 2; n > 0; n-- {
		if p.pos+n > len(p.words) {
			continue
		}
		if f, ok := fiscalYears[joined(p.words[p.pos:p.pos+n])]; ok {
			for range n {
				p.skip()
			}
			return f, true
		}
	}
	p.pos = start
	return fiscal{}, false
}

// aFiscalYear reads the next, this or last fiscal year of a country. By a number it is read where
// the country names its years in one way only.
func (p *reader) aFiscalYear() (noun, bool) {
	start := p.pos
	f, ok := p.country()
	p.take("the")
	which := p.one("this", "next", "last", "current")
	if !ok {
		f, ok = p.country()
	}
	if p.one("fiscal year", "financial year", "fiscal", "fy") == 0 {
		return noun{}, false
	}
	year, numbered := 0, false
	if which == 0 {
		if year, numbered = p.next().year(); numbered {
			p.skip()
		}
	}
	if !ok && p.one("of", "in") > 0 {
		f, ok = p.country()
	}
	if which == 0 && !numbered {
		return noun{}, false
	}
	if !ok || numbered && f.says != "U.S." && f.says != "Japan" {
		p.fail(start, "a fiscal year begins on another day in each country: write the days that are meant")
		return noun{}, false
	}
	return p.fiscalYear(f, which, year), true
}

// fiscalYear returns a fiscal year by its number, or by its place about the dateline.
func (p *reader) fiscalYear(f fiscal, which, year int) noun {
	begin := p.Dateline.Year
	if f.month > int(p.Dateline.Month) {
		begin--
	}
	n := noun{unit: oneYear, says: "this fiscal year of " + f.says}
	switch which {
	case 0:
		begin, n.dated = year, true
		if !f.begins {
			begin--
		}
		n.prep, n.says = "in", "fiscal "+strconv.Itoa(year)+" of "+f.says
	case 2:
		begin++
		n.shown, n.says = Future, "next fiscal year of "+f.says
	case 3:
		begin--
		n.shown, n.says = Past, "last fiscal year of "+f.says
	}
	n.one = monthsOf(begin, f.month, 12)
	n.one.loose = which == 1 || which > 3
	return n
}
