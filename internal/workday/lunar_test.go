package workday

import (
	"math"
	"testing"

	"github.com/6tail/lunar-go/calendar"

	"attache/internal/civil"
)

// The tests work the New Years out anew from where the moon and the sun stand,
// after Jean Meeus, Astronomical Algorithms, 2nd edition: chapter 49 for the new
// moons, to a few seconds, and chapter 25 for the sun, to 0.01 degrees.

// almanac is a lunisolar calendar of the Chinese kind as reckoned in one zone.
type almanac struct{ hours float64 } // east of Greenwich

var almanacs = map[string]almanac{"CN": {8}, "KR": {9}, "VN": {7}}

// sin is the sine of an angle in degrees.
func sin(deg float64) float64 { return math.Sin(math.Mod(deg, 360) * math.Pi / 180) }

// deltaT returns by how many days the dynamical time leads universal time, after
// the polynomials of Espenak and Meeus.
func deltaT(jd float64) float64 {
	y := 2000 + (jd-2451545)/365.25
	t := y - 2000
	switch {
	case y < 2005:
		return (63.86 + t*(0.3345+t*(-0.060374+t*(0.0017275+t*(0.000651814+t*0.00002373599))))) / 86400
	case y < 2050:
		return (62.92 + t*(0.32217+t*0.005589)) / 86400
	}
	u := (y - 1820) / 100
	return (-20 + 32*u*u - 0.5628*(2150-y)) / 86400
}

// newMoon returns the Julian day, in universal time, of the new moon number k, where
// number 0 is that of 6 January 2000.
func newMoon(k int) float64 {
	n := float64(k)
	t := n / 1236.85
	e := 1 - 0.002516*t - 0.0000074*t*t
	m := 2.5534 + 29.10535670*n - 0.0000014*t*t
	mm := 201.5643 + 385.81693528*n + 0.0107582*t*t + 0.00001238*t*t*t
	f := 160.7108 + 390.67050284*n - 0.0016118*t*t - 0.00000227*t*t*t
	om := 124.7746 - 1.56375588*n + 0.0020672*t*t
	jd := 2451550.09766 + 29.530588861*n + 0.00015437*t*t - 0.000000150*t*t*t
	for _, c := range []struct {
		days, angle float64
	}{
		{-0.40720, mm}, {0.17241 * e, m}, {0.01608, 2 * mm}, {0.01039, 2 * f},
		{0.00739 * e, mm - m}, {-0.00514 * e, mm + m}, {0.00208 * e * e, 2 * m},
		{-0.00111, mm - 2*f}, {-0.00057, mm + 2*f}, {0.00056 * e, 2*mm + m},
		{-0.00042, 3 * mm}, {0.00042 * e, m + 2*f}, {0.00038 * e, m - 2*f},
		{-0.00024 * e, 2*mm - m}, {-0.00017, om}, {-0.00007, mm + 2*m},
		{0.00004, 2*mm - 2*f}, {0.00004, 3 * m}, {0.00003, mm + m - 2*f},
		{0.00003, 2*mm + 2*f}, {-0.00003, mm + m + 2*f}, {0.00003, mm - m + 2*f},
		{-0.00002, mm - m - 2*f}, {-0.00002, 3*mm + m}, {0.00002, 4 * mm},
		{0.000325, 299.77 + 0.107408*n - 0.009173*t*t}, {0.000165, 251.88 + 0.016321*n},
		{0.000164, 251.83 + 26.651886*n}, {0.000126, 349.42 + 36.412478*n},
		{0.000110, 84.66 + 18.206239*n}, {0.000062, 141.74 + 53.303771*n},
		{0.000060, 207.14 + 2.453732*n}, {0.000056, 154.84 + 7.306860*n},
		{0.000047, 34.52 + 27.261239*n}, {0.000042, 207.19 + 0.121824*n},
		{0.000040, 291.34 + 1.844379*n}, {0.000037, 161.72 + 24.198154*n},
		{0.000035, 239.56 + 25.513099*n}, {0.000023, 331.55 + 3.592518*n},
	} {
		jd += c.days * sin(c.angle)
	}
	return jd - deltaT(jd)
}

// sunLongitude returns the apparent longitude of the sun in degrees from 0 to 360 at
// a Julian day of universal time.
func sunLongitude(jd float64) float64 {
	t := (jd + deltaT(jd) - 2451545) / 36525
	m := 357.52911 + 35999.05029*t - 0.0001537*t*t
	c := (1.914602-0.004817*t)*sin(m) + (0.019993-0.000101*t)*sin(2*m) + 0.000289*sin(3*m)
	l := 280.46646 + 36000.76983*t + 0.0003032*t*t + c - 0.00569 - 0.00478*sin(125.04-1934.136*t)
	return math.Mod(math.Mod(l, 360)+360, 360)
}

// day returns the number of the civil day that an instant falls on; see Date.Number.
func (a almanac) day(jd float64) int { return int(math.Floor(jd - 2440587.5 + a.hours/24)) }

// midnight returns the Julian day at which a civil day begins.
func (a almanac) midnight(day int) float64 { return float64(day) + 2440587.5 - a.hours/24 }

// term returns which twelfth of the ecliptic the sun is in when a day begins.
func (a almanac) term(day int) int { return int(sunLongitude(a.midnight(day)) / 30) }

// month11 returns the number of the last new moon on the day of the winter solstice
// of a year or before: that of the eleventh month.
func (a almanac) month11(year int) int {
	solstice := civil.Date{Year: year, Month: 12, Day: 19}.Number()
	for a.term(solstice+1) != 9 {
		solstice++
	}
	k := int(math.Round((float64(solstice)+2440587.5-2451550)/29.530588861)) + 1
	for a.day(newMoon(k)) > solstice {
		k--
	}
	return k
}

// newYear returns the first day of the first month: the second month after the
// eleventh, save for a leap month between them. A year of thirteen months from
// solstice to solstice has one: the first in which the sun enters no new twelfth.
func (a almanac) newYear(year int) civil.Date {
	k, next := a.month11(year-1), a.month11(year)
	first := k + 2
	if next-k == 13 {
		for i := k + 1; i <= k+2; i++ {
			if a.term(a.day(newMoon(i))) == a.term(a.day(newMoon(i+1))) {
				first++
				break
			}
		}
	}
	return civil.DateOfNumber(a.day(newMoon(first)))
}

func TestLunarNewYear_MoonAndSun(t *testing.T) {
	for country, a := range almanacs {
		for year := FirstLunarYear; year <= LastLunarYear; year++ {
			got, ok := LunarNewYear(country, year)
			if want := a.newYear(year); !ok || got != want {
				t.Errorf("%s %d: got %s, %v, reckoned %s", country, year, got, ok, want)
			}
		}
	}
}

func TestLunarNewYear_AgreesWithALibrary(t *testing.T) {
	for year := FirstLunarYear; year <= LastLunarYear; year++ {
		s := calendar.NewLunarFromYmd(year, 1, 1).GetSolar()
		if got, _ := LunarNewYear("CN", year); got.String() != s.ToYmd() {
			t.Errorf("%d: got %s, the other has %s", year, got, s.ToYmd())
		}
	}
}

func TestLunarNewYear_ByCountry(t *testing.T) {
	for _, c := range []struct {
		year       int
		cn, kr, vn string
	}{
		{1997, "1997-02-07", "1997-02-08", "1997-02-07"},
		{2007, "2007-02-18", "2007-02-18", "2007-02-17"},
		{2025, "2025-01-29", "2025-01-29", "2025-01-29"},
		{2026, "2026-02-17", "2026-02-17", "2026-02-17"},
		{2027, "2027-02-06", "2027-02-07", "2027-02-06"},
		{2028, "2028-01-26", "2028-01-27", "2028-01-26"},
		{2030, "2030-02-03", "2030-02-03", "2030-02-02"},
		{2034, "2034-02-19", "2034-02-19", "2034-02-19"}, // after a leap eleventh month
	} {
		for country, want := range map[string]string{"CN": c.cn, "KR": c.kr, "VN": c.vn} {
			if got, ok := LunarNewYear(country, c.year); !ok || got.String() != want {
				t.Errorf("%s %d: got %s, %v, want %s", country, c.year, got, ok, want)
			}
		}
		first, last, differ, ok := LunarNewYearHull(c.year)
		wantFirst, wantLast := min(c.cn, c.kr, c.vn), max(c.cn, c.kr, c.vn)
		if !ok || first.String() != wantFirst || last.String() != wantLast || differ != (wantFirst != wantLast) {
			t.Errorf("bare %d: got %s to %s, %v, %v, want %s to %s", c.year, first, last, differ, ok, wantFirst, wantLast)
		}
	}
}

func TestLunarNewYear_NotGuessed(t *testing.T) {
	for _, c := range []struct {
		country string
		year    int
	}{
		{"CN", 1989}, {"CN", 2057}, {"KR", 1897}, {"VN", 2057}, {"JP", 2026}, {"", 2026}, {"cn", 2026}, {"CN", -1},
	} {
		if got, ok := LunarNewYear(c.country, c.year); ok || !got.IsZero() {
			t.Errorf("%q %d: got %s, %v", c.country, c.year, got, ok)
		}
	}
	if _, _, _, ok := LunarNewYearHull(2057); ok {
		t.Error("a bare name has a date in 2057")
	}
}
