package when

import (
	"fmt"
	"slices"
	"strings"

	"attache/internal/civil"
)

// gazette is a calendar that exists only as it was published, year by year.
type gazette struct {
	from, until string // first and last day that is sure
	holidays    []listed
}

// listed is a holiday as it was published.
type listed struct {
	name   string
	day    string // the holiday itself
	off    string // "first..last" day off, where there are more: the day alone if empty
	worked string // days of a weekend worked in return, with blanks between
}

// calendar puts the calendar together. An error would be a slip in the list itself.
func (g gazette) calendar(name string) (*Calendar, error) {
	from, err := civil.ParseDate(g.from)
	if err != nil {
		return nil, fmt.Errorf("calendar %s: %w", name, err)
	}
	until, err := civil.ParseDate(g.until)
	if err != nil {
		return nil, fmt.Errorf("calendar %s: %w", name, err)
	}
	c := &Calendar{Name: name, PublishedFrom: from, PublishedUntil: until}
	days := daySet{}
	for _, h := range g.holidays {
		day, err := h.addTo(days)
		if err != nil {
			return nil, fmt.Errorf("calendar %s: %s: %w", name, h.name, err)
		}
		if !day.After(until) {
			c.named = append(c.named, holiday{day, h.name})
		}
	}
	slices.SortStableFunc(c.named, func(a, b holiday) int { return a.day.Compare(b.day) })
	c.closed, c.open = days.lists()
	return c, nil
}

// addTo adds the days off and the days worked of h, and returns the holiday itself.
func (h listed) addTo(days daySet) (civil.Date, error) {
	day, err := civil.ParseDate(h.day)
	if err != nil {
		return civil.Date{}, err
	}
	from, to, err := h.span(day)
	if err != nil {
		return civil.Date{}, err
	}
	for d := from; !d.After(to); d = d.AddDays(1) {
		days.set(d, false)
	}
	for _, s := range strings.Fields(h.worked) {
		d, err := civil.ParseDate(s)
		if err != nil {
			return civil.Date{}, err
		}
		days.set(d, true)
	}
	return day, nil
}

// span returns the first and the last day off.
func (h listed) span(day civil.Date) (from, to civil.Date, err error) {
	if h.off == "" {
		return day, day, nil
	}
	first, last, _ := strings.Cut(h.off, "..")
	if from, err = civil.ParseDate(first); err != nil {
		return from, to, err
	}
	to, err = civil.ParseDate(last)
	return from, to, err
}

// gazettes holds the calendars that were published. A calendar ends with the last day up
// to which all its days were found in a second source; the next ones are for the
// configuration to add.
var gazettes = map[string]gazette{
	"CN": {"2024-01-01", "2026-12-31", china},
	"KR": {"2024-01-01", "2027-12-31", korea},
	"HK": {"2024-01-01", "2026-12-31", hongKong},
	"SG": {"2024-01-01", "2026-12-31", singapore},
	"MY": {"2025-01-01", "2025-03-16", malaysia},
	"EU": {"2025-01-01", "2025-12-31", institutions},
}

// china is what the General Office of the State Council announces each November for
// the year that follows. The tests compare it with a library's copy.
var china = []listed{
	{"New Year's Day", "2024-01-01", "", ""},
	{"Spring Festival", "2024-02-10", "2024-02-10..2024-02-17", "2024-02-04 2024-02-18"},
	{"Qingming Festival", "2024-04-04", "2024-04-04..2024-04-06", "2024-04-07"},
	{"Labour Day", "2024-05-01", "2024-05-01..2024-05-05", "2024-04-28 2024-05-11"},
	{"Dragon Boat Festival", "2024-06-10", "", ""},
	{"Mid-Autumn Festival", "2024-09-17", "2024-09-15..2024-09-17", "2024-09-14"},
	{"National Day", "2024-10-01", "2024-10-01..2024-10-07", "2024-09-29 2024-10-12"},

	{"New Year's Day", "2025-01-01", "", ""},
	{"Spring Festival", "2025-01-29", "2025-01-28..2025-02-04", "2025-01-26 2025-02-08"},
	{"Qingming Festival", "2025-04-04", "2025-04-04..2025-04-06", ""},
	{"Labour Day", "2025-05-01", "2025-05-01..2025-05-05", "2025-04-27"},
	{"Dragon Boat Festival", "2025-05-31", "2025-05-31..2025-06-02", ""},
	{"National Day", "2025-10-01", "2025-10-01..2025-10-08", "2025-09-28 2025-10-11"},
	{"Mid-Autumn Festival", "2025-10-06", "", ""},

	{"New Year's Day", "2026-01-01", "2026-01-01..2026-01-03", "2026-01-04"},
	{"Spring Festival", "2026-02-17", "2026-02-15..2026-02-23", "2026-02-14 2026-02-28"},
	{"Qingming Festival", "2026-04-05", "2026-04-04..2026-04-06", ""},
	{"Labour Day", "2026-05-01", "2026-05-01..2026-05-05", "2026-05-09"},
	{"Dragon Boat Festival", "2026-06-19", "2026-06-19..2026-06-21", ""},
	{"Mid-Autumn Festival", "2026-09-25", "2026-09-25..2026-09-27", ""},
	{"National Day", "2026-10-01", "2026-10-01..2026-10-07", "2026-09-20 2026-10-10"},
}

// korea is the public holidays of the Act on Public Holidays with the substitute
// days it gives, the days of national elections, and those declared once by the
// government, as the almanac of the government has them. A law of 2026 made Labour Day
// and Constitution Day holidays.
var korea = []listed{
	{"New Year's Day", "2024-01-01", "", ""},
	{"Seollal", "2024-02-10", "2024-02-09..2024-02-12", ""},
	{"Independence Movement Day", "2024-03-01", "", ""},
	{"National Assembly Election", "2024-04-10", "", ""},
	{"Children's Day", "2024-05-05", "2024-05-05..2024-05-06", ""},
	{"Buddha's Birthday", "2024-05-15", "", ""},
	{"Memorial Day", "2024-06-06", "", ""},
	{"Liberation Day", "2024-08-15", "", ""},
	{"Chuseok", "2024-09-17", "2024-09-16..2024-09-18", ""},
	{"Armed Forces Day", "2024-10-01", "", ""},
	{"National Foundation Day", "2024-10-03", "", ""},
	{"Hangul Day", "2024-10-09", "", ""},
	{"Christmas Day", "2024-12-25", "", ""},

	{"New Year's Day", "2025-01-01", "", ""},
	{"Seollal", "2025-01-29", "2025-01-27..2025-01-30", ""}, // the 27th declared once
	{"Independence Movement Day", "2025-03-01", "2025-03-01..2025-03-03", ""},
	{"Children's Day", "2025-05-05", "2025-05-05..2025-05-06", ""},
	{"Buddha's Birthday", "2025-05-05", "", ""},
	{"Presidential Election", "2025-06-03", "", ""},
	{"Memorial Day", "2025-06-06", "", ""},
	{"Liberation Day", "2025-08-15", "", ""},
	{"National Foundation Day", "2025-10-03", "", ""},
	{"Chuseok", "2025-10-06", "2025-10-05..2025-10-08", ""},
	{"Hangul Day", "2025-10-09", "", ""},
	{"Christmas Day", "2025-12-25", "", ""},

	{"New Year's Day", "2026-01-01", "", ""},
	{"Seollal", "2026-02-17", "2026-02-16..2026-02-18", ""},
	{"Independence Movement Day", "2026-03-01", "2026-03-01..2026-03-02", ""},
	{"Labour Day", "2026-05-01", "", ""},
	{"Children's Day", "2026-05-05", "", ""},
	{"Buddha's Birthday", "2026-05-24", "2026-05-24..2026-05-25", ""},
	{"Local Elections", "2026-06-03", "", ""},
	{"Memorial Day", "2026-06-06", "", ""},
	{"Constitution Day", "2026-07-17", "", ""},
	{"Liberation Day", "2026-08-15", "2026-08-15..2026-08-17", ""},
	{"Chuseok", "2026-09-25", "2026-09-24..2026-09-26", ""},
	{"National Foundation Day", "2026-10-03", "2026-10-03..2026-10-05", ""},
	{"Hangul Day", "2026-10-09", "", ""},
	{"Christmas Day", "2026-12-25", "", ""},

	{"New Year's Day", "2027-01-01", "", ""},
	{"Seollal", "2027-02-07", "2027-02-06..2027-02-09", ""},
	{"Independence Movement Day", "2027-03-01", "", ""},
	{"Labour Day", "2027-05-01", "2027-05-01..2027-05-03", ""},
	{"Children's Day", "2027-05-05", "", ""},
	{"Buddha's Birthday", "2027-05-13", "", ""},
	{"Memorial Day", "2027-06-06", "", ""},
	{"Constitution Day", "2027-07-17", "2027-07-17..2027-07-19", ""},
	{"Liberation Day", "2027-08-15", "2027-08-15..2027-08-16", ""},
	{"Chuseok", "2027-09-15", "2027-09-14..2027-09-16", ""},
	{"National Foundation Day", "2027-10-03", "2027-10-03..2027-10-04", ""},
	{"Hangul Day", "2027-10-09", "2027-10-09..2027-10-11", ""},
	{"Christmas Day", "2027-12-25", "2027-12-25..2027-12-27", ""},
}

// hongKong is the general holidays as gazetted under the General Holidays Ordinance.
var hongKong = []listed{
	{"New Year's Day", "2024-01-01", "", ""},
	{"Lunar New Year's Day", "2024-02-10", "2024-02-10..2024-02-13", ""},
	{"Good Friday", "2024-03-29", "2024-03-29..2024-03-30", ""},
	{"Easter Monday", "2024-04-01", "", ""},
	{"Ching Ming Festival", "2024-04-04", "", ""},
	{"Labour Day", "2024-05-01", "", ""},
	{"Birthday of the Buddha", "2024-05-15", "", ""},
	{"Tuen Ng Festival", "2024-06-10", "", ""},
	{"Establishment Day", "2024-07-01", "", ""},
	{"Day following the Mid-Autumn Festival", "2024-09-18", "", ""},
	{"National Day", "2024-10-01", "", ""},
	{"Chung Yeung Festival", "2024-10-11", "", ""},
	{"Christmas Day", "2024-12-25", "2024-12-25..2024-12-26", ""},

	{"New Year's Day", "2025-01-01", "", ""},
	{"Lunar New Year's Day", "2025-01-29", "2025-01-29..2025-01-31", ""},
	{"Ching Ming Festival", "2025-04-04", "", ""},
	{"Good Friday", "2025-04-18", "2025-04-18..2025-04-19", ""},
	{"Easter Monday", "2025-04-21", "", ""},
	{"Labour Day", "2025-05-01", "", ""},
	{"Birthday of the Buddha", "2025-05-05", "", ""},
	{"Tuen Ng Festival", "2025-05-31", "", ""},
	{"Establishment Day", "2025-07-01", "", ""},
	{"National Day", "2025-10-01", "", ""},
	{"Day following the Mid-Autumn Festival", "2025-10-07", "", ""},
	{"Chung Yeung Festival", "2025-10-29", "", ""},
	{"Christmas Day", "2025-12-25", "2025-12-25..2025-12-26", ""},

	{"New Year's Day", "2026-01-01", "", ""},
	{"Lunar New Year's Day", "2026-02-17", "2026-02-17..2026-02-19", ""},
	{"Good Friday", "2026-04-03", "2026-04-03..2026-04-04", ""},
	{"Ching Ming Festival", "2026-04-05", "2026-04-05..2026-04-06", ""},
	{"Easter Monday", "2026-04-06", "2026-04-06..2026-04-07", ""},
	{"Labour Day", "2026-05-01", "", ""},
	{"Birthday of the Buddha", "2026-05-24", "2026-05-24..2026-05-25", ""},
	{"Tuen Ng Festival", "2026-06-19", "", ""},
	{"Establishment Day", "2026-07-01", "", ""},
	{"Day following the Mid-Autumn Festival", "2026-09-26", "", ""},
	{"National Day", "2026-10-01", "", ""},
	{"Chung Yeung Festival", "2026-10-18", "2026-10-18..2026-10-19", ""},
	{"Christmas Day", "2026-12-25", "2026-12-25..2026-12-26", ""},
}

// singapore is the public holidays as the Ministry of Manpower publishes them, with
// the Monday after one on a Sunday, and the polling day of 2025.
var singapore = []listed{
	{"New Year's Day", "2024-01-01", "", ""},
	{"Chinese New Year", "2024-02-10", "2024-02-10..2024-02-12", ""},
	{"Good Friday", "2024-03-29", "", ""},
	{"Hari Raya Puasa", "2024-04-10", "", ""},
	{"Labour Day", "2024-05-01", "", ""},
	{"Vesak Day", "2024-05-22", "", ""},
	{"Hari Raya Haji", "2024-06-17", "", ""},
	{"National Day", "2024-08-09", "", ""},
	{"Deepavali", "2024-10-31", "", ""},
	{"Christmas Day", "2024-12-25", "", ""},

	{"New Year's Day", "2025-01-01", "", ""},
	{"Chinese New Year", "2025-01-29", "2025-01-29..2025-01-30", ""},
	{"Hari Raya Puasa", "2025-03-31", "", ""},
	{"Good Friday", "2025-04-18", "", ""},
	{"Labour Day", "2025-05-01", "", ""},
	{"Polling Day", "2025-05-03", "", ""},
	{"Vesak Day", "2025-05-12", "", ""},
	{"Hari Raya Haji", "2025-06-07", "", ""},
	{"National Day", "2025-08-09", "", ""},
	{"Deepavali", "2025-10-20", "", ""},
	{"Christmas Day", "2025-12-25", "", ""},

	{"New Year's Day", "2026-01-01", "", ""},
	{"Chinese New Year", "2026-02-17", "2026-02-17..2026-02-18", ""},
	{"Hari Raya Puasa", "2026-03-21", "", ""},
	{"Good Friday", "2026-04-03", "", ""},
	{"Labour Day", "2026-05-01", "", ""},
	{"Hari Raya Haji", "2026-05-27", "", ""},
	{"Vesak Day", "2026-05-31", "2026-05-31..2026-06-01", ""},
	{"National Day", "2026-08-09", "2026-08-09..2026-08-10", ""},
	{"Deepavali", "2026-11-08", "2026-11-08..2026-11-09", ""},
	{"Christmas Day", "2026-12-25", "", ""},
}

// malaysia is the federal holidays as the Prime Minister's Department lists them and
// those of the federal territories, where the government sits; states differ. The days
// that follow the sighting of the moon are confirmed on their eve: from the first of them
// on sources differ, so that what follows it counts and is not sure.
var malaysia = []listed{
	{"New Year's Day", "2025-01-01", "", ""},
	{"Chinese New Year", "2025-01-29", "2025-01-29..2025-01-30", ""},
	{"Federal Territory Day", "2025-02-01", "", ""},
	{"Thaipusam", "2025-02-11", "", ""},
	{"Nuzul Al-Quran", "2025-03-18", "", ""},
	{"Hari Raya Aidilfitri", "2025-03-31", "2025-03-31..2025-04-01", ""},
	{"Labour Day", "2025-05-01", "", ""},
	{"Wesak Day", "2025-05-12", "", ""},
	{"Birthday of the Yang di-Pertuan Agong", "2025-06-02", "", ""},
	{"Hari Raya Haji", "2025-06-07", "", ""},
	{"Awal Muharram", "2025-06-27", "", ""},
	{"National Day", "2025-08-31", "2025-08-31..2025-09-01", ""},
	{"Birthday of the Prophet", "2025-09-05", "", ""},
	{"Malaysia Day", "2025-09-16", "2025-09-15..2025-09-16", ""}, // the 15th declared once
	{"Deepavali", "2025-10-20", "", ""},
	{"Christmas Day", "2025-12-25", "", ""},
}

// institutions is what the Commission decides for the staff in Brussels and prints
// in the Official Journal; in Luxembourg 23 June takes the place of 21 July.
var institutions = []listed{
	{"New Year's Day", "2025-01-01", "2025-01-01..2025-01-02", ""},
	{"Maundy Thursday", "2025-04-17", "", ""},
	{"Good Friday", "2025-04-18", "", ""},
	{"Easter Monday", "2025-04-21", "", ""},
	{"Labour Day", "2025-05-01", "", ""},
	{"Europe Day", "2025-05-09", "", ""},
	{"Ascension Day", "2025-05-29", "2025-05-29..2025-05-30", ""},
	{"Whit Monday", "2025-06-09", "", ""},
	{"Belgian National Day", "2025-07-21", "", ""},
	{"Assumption Day", "2025-08-15", "", ""},
	{"Christmas Day", "2025-12-25", "2025-12-24..2025-12-31", ""},
}
