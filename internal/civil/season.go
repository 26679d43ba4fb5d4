package civil

// The codes of the four seasons in EDTF, where a month would stand.
const (
	Spring = 21
	Summer = 22
	Autumn = 23
	Winter = 24
)

// opposite returns the northern season in whose months the southern one of that
// code falls, and the other way round.
func opposite(code int) int { return Spring + (code-Spring+2)%4 }

// SeasonOf returns the season of that code that begins in a year. Its code is that
// of the northern season of the same months, which is what Period knows.
func SeasonOf(year, code int, south bool) Period {
	if south {
		code = opposite(code)
	}
	return Period{Year: year, Month: code}
}

// Grain is how finely a date was written, which is never finer than it is
// known. A larger grain is a coarser one.
type Grain uint8

// The grains, from the finest.
const (
	GrainTime         Grain = iota // to the second
	GrainDay                       // a day
	GrainMonth                     // a calendar month
	GrainQuarter                   // three months
	GrainSeason                    // a season: its ends are a convention
	GrainQuadrimester              // four months
	GrainHalf                      // six months
	GrainYear                      // a calendar year
	GrainDecade                    // ten years, such as 2020 to 2029
	GrainCentury                   // a hundred years, such as 2000 to 2099
)

// String names g: "day", "half".
func (g Grain) String() string {
	names := []string{"time", "day", "month", "quarter", "season", "quadrimester", "half", "year", "decade", "century"}
	if int(g) >= len(names) {
		return "unknown"
	}
	return names[g]
}

// grouping is what an EDTF code of 21 to 41 stands for in a year. The codes are
// those of ISO 8601-2: seasons of no stated half of the Earth, of the northern,
// of the southern, quarters, quadrimesters and halves.
type grouping struct {
	grain  Grain
	season int  // 21 to 24
	south  bool // of the southern half of the Earth
	month  int  // the first, where it is no season
	months int  // how many, where it is no season
}

// groupingOf returns what code stands for, and false where it stands for nothing.
func groupingOf(code int) (grouping, bool) {
	part := func(grain Grain, n, months int) (grouping, bool) {
		return grouping{grain: grain, month: 1 + n*months, months: months}, true
	}
	switch {
	case code >= 21 && code <= 24:
		return grouping{grain: GrainSeason, season: code}, true
	case code >= 25 && code <= 28:
		return grouping{grain: GrainSeason, season: code - 4}, true
	case code >= 29 && code <= 32:
		return grouping{grain: GrainSeason, season: code - 8, south: true}, true
	case code >= 33 && code <= 36:
		return part(GrainQuarter, code-33, 3)
	case code >= 37 && code <= 39:
		return part(GrainQuadrimester, code-37, 4)
	case code == 40 || code == 41:
		return part(GrainHalf, code-40, 6)
	}
	return grouping{}, false
}

// Grouped reports whether p is a season or another grouping of months.
func (p Period) Grouped() bool {
	_, ok := groupingOf(p.Month)
	return ok
}

// Grain returns how long p is.
func (p Period) Grain() Grain {
	g, grouped := groupingOf(p.Month)
	switch {
	case grouped:
		return g.grain
	case p.Day != 0:
		return GrainDay
	case p.Month != 0:
		return GrainMonth
	}
	return GrainYear
}

// days returns the first and the last day of g in a year. A season belongs to the
// year in which it begins.
func (g grouping) days(year int) (first, last Date) {
	if g.season != 0 {
		p := SeasonOf(year, g.season, g.south)
		return p.First(), p.Last()
	}
	return MonthsOf(year, g.month, g.months)
}

// MonthsOf returns the first and the last day of n months from one on.
func MonthsOf(year, month, n int) (first, last Date) {
	first = Period{Year: year, Month: month}.First()
	return first, first.AddMonths(n).AddDays(-1)
}
