package civil

// The codes of the four seasons in EDTF, where a month would stand.
const (
	Spring = 21
	Summer = 22
	Autumn = 23
	Winter = 24
)

// SeasonOf returns the season of that code that begins in a year. Its code is that
// of the northern season of the same months, which is what Period knows.
func SeasonOf(year, code int, south bool) Period {
	if south {
		code = Spring + (code-Spring+2)%4 // southern spring is northern autumn
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
	GrainWeek                      // seven days
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
	return [...]string{"time", "day", "week", "month", "quarter", "season", "quadrimester", "half", "year", "decade", "century"}[g]
}

// grouping is what an EDTF code of ISO 8601-2 stands for in a year: some months or a season,
// which belongs to the year in which it begins.
type grouping struct {
	grain       Grain
	first, last int    // its days, each as 100 times the month and the day
	name        string // as people say it
}

// groupings are the codes that stand where a month would. Of a season they give the hull of
// the meteorological and the astronomical one, since a host's "autumn" may be either: the
// Group of Twenty meets in an autumn that ends after 30 November.
var groupings = map[int]grouping{
	// Of no stated half of the Earth: they are read as those of the northern one.
	Spring: {GrainSeason, 301, 621, "spring"},
	Summer: {GrainSeason, 601, 923, "summer"},
	Autumn: {GrainSeason, 901, 1221, "autumn"},
	Winter: {GrainSeason, 1201, 320, "winter"},
	// Of the northern half.
	25: {GrainSeason, 301, 621, "northern spring"},
	26: {GrainSeason, 601, 923, "northern summer"},
	27: {GrainSeason, 901, 1221, "northern autumn"},
	28: {GrainSeason, 1201, 320, "northern winter"},
	// Of the southern half.
	29: {GrainSeason, 901, 1221, "southern spring"},
	30: {GrainSeason, 1201, 320, "southern summer"},
	31: {GrainSeason, 301, 621, "southern autumn"},
	32: {GrainSeason, 601, 923, "southern winter"},
	33: {GrainQuarter, 101, 331, "Q1"},
	34: {GrainQuarter, 401, 630, "Q2"},
	35: {GrainQuarter, 701, 930, "Q3"},
	36: {GrainQuarter, 1001, 1231, "Q4"},
	37: {GrainQuadrimester, 101, 430, "January to April"},
	38: {GrainQuadrimester, 501, 831, "May to August"},
	39: {GrainQuadrimester, 901, 1231, "September to December"},
	40: {GrainHalf, 101, 630, "H1"},
	41: {GrainHalf, 701, 1231, "H2"},
}

// grouping returns what the code of p stands for, and false where it is a month or a year.
func (p Period) grouping() (grouping, bool) {
	if p.Month <= 12 { // most are: spare them the look-up
		return grouping{}, false
	}
	g, ok := groupings[p.Month]
	return g, ok
}

// Grouped reports whether p is a season or another grouping of months.
func (p Period) Grouped() bool {
	_, ok := p.grouping()
	return ok
}

// Grain returns how long p is.
func (p Period) Grain() Grain {
	switch g, grouped := p.grouping(); {
	case grouped:
		return g.grain
	case p.Week:
		return GrainWeek
	case p.Day != 0:
		return GrainDay
	case p.Month != 0:
		return GrainMonth
	}
	return GrainYear
}

// MonthsOf returns the first and the last day of n months from one on.
func MonthsOf(year, month, n int) (first, last Date) {
	first = Period{Year: year, Month: month}.First()
	return first, first.AddMonths(n).AddDays(-1)
}
