package when

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"attache/internal/civil"
	"attache/internal/syntax"
	"attache/internal/workday"
)

// Warning is something in a date that its author should look at, since it can be read in
// two ways or rests on what is not known yet.
type Warning struct {
	Code  string // one of those below
	Words string // one line
}

// The codes of warnings.
const (
	WarnZone        = "zone-abbreviation"
	WarnMidnight    = "ambiguous-midnight"
	WarnNext        = "ambiguous-next"   // "next Thursday", or "on Thursday" said on one, can be that day or the one a week on
	WarnPhrase      = "ambiguous-phrase" // "on 3 March", two days after it, can be of this year or the next
	WarnWinter      = "ambiguous-winter" // which goes on into the next year
	WarnSkipped     = "skipped-time"
	WarnDoubled     = "doubled-time"
	WarnSkips       = "skipped-days" // months that have no 31st
	WarnLunar       = "lunar-new-year-country"
	WarnUnpublished = "calendar-not-published"
)

// Warnings returns what the author of e should look at. w is what e alone allows; phrase and
// quote are the words that it stands for, "" for none.
func (e Expr) Warnings(w Window, phrase, quote string) []Warning {
	var out []Warning
	add := func(code, words string) {
		if words != "" {
			out = append(out, Warning{code, words})
		}
	}
	if e.Ambiguous() {
		add(WarnLunar, "the Lunar New Year falls on another day in another country: write lunar-new-year(CN), (KR) or (VN)")
	}
	add(WarnWinter, cmp.Or(e.winter(), winterIn(phrase, w)))
	add(e.either(strings.ToLower(phrase), phrase))
	if e.A.Timed {
		loc := w.Location()
		add(e.abbreviation(e.A, loc))
		for _, p := range e.clockPoints(w.Zone, loc) {
			add(p.changed(loc))
		}
		add(WarnMidnight, e.midnight(quote))
	}
	if s, ok := e.Series(w.Zone, ""); ok {
		if skips := s.Rule.Skips(s.First); skips != "" {
			add(WarnSkips, fmt.Sprintf("the series does not come in %s: BYMONTHDAY=-1 is the last day of each month", skips))
		}
		add(WarnUnpublished, s.unpublished())
	}
	if e.Form == On && e.A.Period.IsDay() && e.A.Ref.IsZero() && strings.HasPrefix(w.Zone, "Pacific/") {
		add(WarnSkipped, missing(e.A.Period.First(), w.Location()))
	}
	add(WarnUnpublished, e.Unpublished(w, w.Earliest.By))
	return out
}

// winter returns by which year a season was named that goes on into the next one.
func (e Expr) winter() string {
	periods := []civil.Period{e.A.Period, e.B.Period}
	parsed, _ := e.edtf()
	for _, s := range parsed.Spans {
		periods = append(periods, s.First.period(), s.Last.period())
	}
	for _, p := range periods {
		if p.Soft() && p.Last().Year > p.Year {
			before := civil.Period{Year: p.Year - 1, Month: p.Month}
			return fmt.Sprintf("%s was read as %s: if it is named by the year in which it ends, write %s",
				p.Words(), civil.Range(p.First(), p.Last(), " to "), before)
		}
	}
	return ""
}

// namedSeason is a season of a year that may go on into the next one, in the words of a report.
var namedSeason = regexp.MustCompile(`(?i)\b(winter|summer)( of)? ([0-9]{4})\b`)

// winterIn does as winter for the words of a report. w is what they allow.
func winterIn(phrase string, w Window) string {
	m := namedSeason.FindStringSubmatch(phrase)
	if m == nil || !slices.ContainsFunc([]Bound{w.Earliest, w.Latest}, func(b Bound) bool { return b.Known() && (b.Day.Month == time.December || b.Day.Month <= time.March) }) {
		return "" // one from June to September
	}
	year, _ := strconv.Atoi(m[3]) // four digits
	name := strings.ToLower(m[1])
	return fmt.Sprintf("%s %d was read as the one from December %d to March %d: if it is named by the year in which it ends, write %s %d",
		name, year, year, year+1, name, year-1)
}

// either returns what a phrase can be that was read in two ways. said is it in lower case.
func (e Expr) either(said, phrase string) (code, words string) {
	midnight := strings.Contains(said, "midnight")
	switch n := len(e.Options()); {
	case phrase == "" || n < 2 && !midnight || strings.Contains(said, " or ") && !midnight: // both of which the source names
		return "", ""
	case n < 2:
		return WarnMidnight, fmt.Sprintf("%q can be where the day begins or where it ends: the day was taken to be in it", syntax.Clip(phrase))
	case midnight:
		code = WarnMidnight
	case strings.Contains(said, "next") || e.weekApart():
		code = WarnNext
	default:
		code = WarnPhrase
	}
	return code, fmt.Sprintf("%q can be %s: both are kept until it is said which", syntax.Clip(phrase), e.Words())
}

// weekApart reports whether e is one of two days of which one comes a week after the other, as
// "on Friday" is in a report of a Friday.
func (e Expr) weekApart() bool {
	parsed, _ := e.edtf()
	return len(parsed.Spans) == 2 && parsed.Spans[0].First.First().AddDays(7) == parsed.Spans[1].First.First()
}

// clockPoints returns the ends of e that a clock change may skip or double; of a series, those
// of the first time at which one does, within some years.
func (e Expr) clockPoints(zone string, loc *time.Location) []Point {
	if s, ok := e.Series(zone, ""); ok {
		if at, ok := s.meetsChange(loc); ok {
			e = s.once(at)
		}
	}
	return []Point{e.A, e.B}
}

// meetsChange returns the first time at which s comes while the clocks change, within four
// years.
func (s Series) meetsChange(loc *time.Location) (time.Time, bool) {
	at := s.First.Add(-civil.OffsetAt(s.First, loc) - civil.Reach)
	for range 8 {
		_, end := at.In(loc).ZoneBounds()
		if end.IsZero() {
			break
		}
		before, after := civil.OffsetAt(end.Add(-time.Second), loc), civil.OffsetAt(end, loc)
		first, last := end.UTC().Add(min(before, after)), end.UTC().Add(max(before, after))
		for wall := range s.walls(first) {
			if wall.Before(last) && !wall.Before(first) {
				return wall, true
			}
			if !wall.Before(last) {
				break
			}
		}
		at = end
	}
	return time.Time{}, false
}

// abbreviation returns how a zone that was written EST or CEST was read where that half of the
// year has the other.
func (e Expr) abbreviation(p Point, loc *time.Location) (code, words string) {
	offset, written := civil.ShortOffset(e.Zone)
	t := p.instant(loc)
	if !written || civil.OffsetAt(t, loc) == offset {
		return WarnZone, ""
	}
	there, _ := t.In(loc).Zone()
	letter := civil.Naive(p.Period.First(), p.Clock).Add(-offset)
	return WarnZone, fmt.Sprintf("%s keeps %s on %s, not %s: %s was read as its time of day, %s; by the letter it would be %s. Write %s",
		place(loc), there, civil.Short(p.Period.First()), e.Zone, p.Clock, utc(t), utc(letter), plainZone(loc))
}

// plainZone returns how people write a zone in either half of the year.
func plainZone(loc *time.Location) string {
	if loc.String() == civil.ZoneName("ET") {
		return "ET"
	}
	return loc.String()
}

func utc(t time.Time) string { return t.UTC().Format("2006-01-02 15:04") + " UTC" }

// changed returns how a time of day was read that a clock change skips or doubles.
func (p Point) changed(loc *time.Location) (code, words string) {
	if !p.Timed {
		return "", ""
	}
	t, gap, how := civil.ResolveGap(p.Period.First(), p.Clock, loc)
	what := fmt.Sprintf("%s on %s", p.Clock, civil.Short(p.Period.First()))
	switch how {
	case civil.Skipped:
		before := gap.UTC().Add(civil.OffsetAt(gap.Add(-time.Second), loc))
		return WarnSkipped, fmt.Sprintf("there is no %s in %s: its clocks go from %s to %s. It was read as %s",
			what, place(loc), before.Format("15:04"), gap.In(loc).Format("15:04"), t.In(loc).Format("15:04 on 2 Jan 2006"))
	case civil.Doubled:
		first, second := t, secondOf(p, loc, t)
		return WarnDoubled, fmt.Sprintf("%s comes twice in %s, at %s and at %s: it was read as the first", what, place(loc), utc(first), utc(second))
	}
	return "", ""
}

// secondOf returns the later instant of a time of day that comes twice, of which first is
// the earlier.
func secondOf(p Point, loc *time.Location, first time.Time) time.Time {
	_, end := first.In(loc).ZoneBounds()
	back := civil.OffsetAt(first, loc) - civil.OffsetAt(end, loc)
	return first.Add(back)
}

func place(loc *time.Location) string { return strings.TrimSuffix(civil.Place(loc.String()), " time") }

// midnight returns what else 00:00 can have been meant to be.
func (e Expr) midnight(quote string) string {
	if e.Form != At || e.A.Clock != (civil.Clock{}) || e.Lasts != (Length{}) || strings.Contains(quote, "0:00") {
		return ""
	}
	d := e.A.Period.First()
	return fmt.Sprintf("00:00 on %s is where %s ends: if the midnight that ends %s is meant, write %s 00:00, or by %s",
		civil.Short(d), civil.Short(d.AddDays(-1)), civil.Short(d), d.AddDays(1).String(), d.String())
}

// missing reports that d never was in loc, where people went over the date line.
func missing(d civil.Date, loc *time.Location) string {
	if _, how := civil.Resolve(d, civil.Clock{Hour: 12}, loc); how != civil.Skipped {
		return ""
	}
	return fmt.Sprintf("%s never was in %s, which went over the date line: the day after %s was %s",
		civil.Short(d), place(loc), civil.Short(d.AddDays(-1)), civil.Short(d.AddDays(1)))
}

// Unpublished reports that bounds of w which e, stated under the name by, gave rest on days
// of which it is not known yet whether they are worked; "" where none does.
func (e Expr) Unpublished(w Window, by string) string {
	if !e.UsesCalendar() {
		return ""
	}
	if c := e.Lasts.calendar(); c != nil && w.EndsLatest.Soft && w.EndsLatest.By == by {
		return c.Unpublished()
	}
	for _, p := range []Point{e.A, e.B} {
		if p.Ref.Unit != UnitBusinessDays {
			continue
		}
		for _, b := range []Bound{w.Earliest, w.Latest, w.EndsEarliest, w.EndsLatest} {
			if b.Known() && b.By == by && b.Soft && (p.Ref.unpublished(p.Ref.Base(b.Day)) || p.Ref.unpublished(p.Ref.Base(b.Day).AddDays(-1))) {
				return p.Ref.calendar().Unpublished()
			}
		}
	}
	return ""
}

// knownFor is for how many years of a series without end its holidays have to be known.
const knownFor = 5

// unpublished reports that s leaves out the holidays of a calendar that does not know them for
// all its days; "" where it does.
func (s Series) unpublished() string {
	first := civil.DateOf(s.First, time.UTC)
	last := first.AddMonths(12 * knownFor)
	if end, ok := s.End(); ok && end.Window.Latest.Day.Before(last) {
		last = end.Window.Latest.Day
	}
	for _, c := range s.off {
		switch {
		case c.PublishedUntil.IsZero():
			return fmt.Sprintf("no holidays of %s are known, so that none is left out", c.Name)
		case first.Before(c.PublishedFrom) || last.After(c.PublishedUntil):
			return fmt.Sprintf("the holidays of %s are known from %s to %s: others are not left out", c.Name, civil.Short(c.PublishedFrom), civil.Short(c.PublishedUntil))
		}
	}
	return ""
}

// calendar returns that by which l is counted, and nil where it counts no business days.
func (l Length) calendar() *workday.Calendar {
	if l.Business == 0 {
		return nil
	}
	return found(l.days, l.Calendar)
}
