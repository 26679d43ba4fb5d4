package phrase

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"attache/internal/civil"
	"attache/internal/syntax"
	"attache/internal/when"
)

// otherwise returns how else to write what many reports say and no phrase of the table does,
// "" where it knows nothing better. It suggests, and never reads: what it suggests allows
// all that the whole phrase can mean, so it knows whole phrases only.
func (p Context) otherwise(phrase string) string {
	s := spelt(phrase)
	for _, f := range []func(string) string{p.dayEnd, p.counted, p.weekend, p.pair, p.partOf, p.named} {
		if says := f(s); says != "" {
			return says
		}
	}
	return ""
}

var (
	dash       = regexp.MustCompile(` ?[–—] ?`)
	daysDashed = regexp.MustCompile(`(^|[^-\d])(\d{1,2})-(\d{1,2})($|[^-\d])`)
)

// spelt returns a phrase in plain words, with "to" for the dash between two dates.
func spelt(phrase string) string {
	s := daysDashed.ReplaceAllString(dash.ReplaceAllString(phrase, " to "), "$1$2 to $3$4")
	return syntax.Join(wordsOf(s))
}

// readText reads a part of a phrase.
func (p Context) readText(s string) (Reading, error) {
	words := wordsOf(s)
	if len(words) == 0 {
		return Reading{}, syntax.Errorf(0, "")
	}
	return p.read(words)
}

// whole reads what s names, from its first to its last day, also where a part of it is on the
// other side of the dateline. It is false where that can be one of two.
func (p Context) whole(s string) (stretch, bool) {
	r := &reader{Context: p, words: wordsOf(s)}
	if len(r.words) == 0 {
		return stretch{}, false
	}
	got, err := r.stretch()
	return got, err == nil && got.options == nil
}

// cutPrefix returns s without the first of the prefixes that it begins with, and that one.
func cutPrefix(s string, prefixes ...string) (rest, prefix string) {
	for _, prefix := range prefixes {
		if rest, ok := strings.CutPrefix(s, prefix+" "); ok {
			return rest, prefix
		}
	}
	return s, ""
}

// dayEnd knows the end of a day, which by includes.
func (p Context) dayEnd(s string) string {
	s, _ = cutPrefix(s, "by", "until", "till", "before", "at", "no later than", "not later than")
	s, _ = cutPrefix(s, "the")
	s, end := cutPrefix(s, "end of the day", "end of day", "close of business", "cob", "eod", "through")
	if end == "" {
		return ""
	}
	s, _ = cutPrefix(s, "on")
	day, ok := p.whole(s)
	if !ok || day.first != day.last {
		return ""
	}
	return fmt.Sprintf("write %q: the day is in it", "by "+day.says)
}

// counted knows a number of days or weeks from the dateline.
func (p Context) counted(s string) string {
	s, form := cutPrefix(s, "in", "within")
	if form == "" || p.past() {
		return ""
	}
	switch s {
	case "days", "a few days", "the next few days", "the next days":
		return `write "in the coming days"`
	case "weeks", "a few weeks", "the next few weeks", "the next weeks":
		return `write "in the coming weeks"`
	case "months", "a few months", "the next few months", "the next months":
		return `write "in the months ahead"`
	}
	number, unit, _ := strings.Cut(s, " ")
	n, err := strconv.Atoi(number)
	if i := slices.Index([]string{"", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"}, number); i > 0 {
		n, err = i, nil
	}
	unit = strings.TrimSuffix(unit, "s")
	if err != nil || n < 1 || n > when.MaxDistance || unit != "day" && unit != "week" && unit != "month" {
		return ""
	}
	if form == "in" {
		form = "on"
	}
	if n > 1 {
		unit += "s"
	}
	return fmt.Sprintf("write {%s: %d %s after %s}", form, n, unit, p.Dateline.String())
}

// weekend knows the two days at the end of a week. The next one can be the first to come or
// the one after it, and on the days of one, this is that one.
func (p Context) weekend(s string) string {
	on := p.Dateline.Weekday()
	saturday := p.Dateline.AddDays(int(time.Saturday - on))
	sunday := saturday.AddDays(1)
	resting := on == time.Saturday || on == time.Sunday
	if on == time.Sunday && s == "this weekend" {
		saturday, sunday = p.Dateline.AddDays(-1), p.Dateline
	}
	switch s {
	case "this weekend":
		if p.past() && !resting {
			return ""
		}
	case "the weekend", "at the weekend", "on the weekend", "over the weekend":
		if p.past() || resting {
			return ""
		}
	case "next weekend":
		if on == time.Saturday {
			saturday, sunday = saturday.AddDays(7), sunday.AddDays(7)
		}
		sunday = sunday.AddDays(7)
	default:
		return ""
	}
	return betweenText(saturday, sunday)
}

func betweenText(first, last civil.Date) string {
	return fmt.Sprintf("write {between: [%s, %s]}", first.String(), last.String())
}

var (
	yearBehind = regexp.MustCompile(` \d{4}$`)
	dayOnly    = regexp.MustCompile(`^\d{1,2}(st|nd|rd|th)?$`)
)

// pair knows two dates with something between them: 9 or 10 March, March 9 to 12, from
// 28 March to 2 April 2026, April or May.
func (p Context) pair(s string) string {
	s, prefix := cutPrefix(s, "from", "between", "on", "in", "either")
	for _, joint := range []string{"to", "or", "and", "until", "through"} {
		a, b, ok := strings.Cut(s, " "+joint+" ")
		if !ok {
			continue
		}
		first, last, ok := p.ends(a, b)
		if !ok {
			return ""
		}
		days := first.isDay() && last.isDay()
		span := fmt.Sprintf("{from: %s, to: %s}", first.first, last.last)
		switch {
		case joint == "or" && days:
			return fmt.Sprintf("write {one_of: [%s, %s]}", first.first, last.last)
		case joint == "and" && prefix != "between" && days:
			if last.first != first.first.AddDays(1) {
				return ""
			}
			return "write " + span
		case joint == "or", prefix == "between", !days:
			return betweenText(first.first, last.last)
		case prefix == "from":
			return "write " + span
		}
		return fmt.Sprintf("write %s for all of it, or {between: [%s, %s]} for some day of it", span, first.first, last.last)
	}
	return ""
}

// ends reads two dates of which one may leave its month or year to the other.
func (p Context) ends(a, b string) (first, last stretch, ok bool) {
	yearB := yearBehind.FindString(b)
	yearA := yearBehind.FindString(a)
	a, b = strings.TrimSuffix(a, yearA), strings.TrimSuffix(b, yearB)
	a, _ = cutPrefix(a, "the")
	b, _ = cutPrefix(b, "the")
	if month, _, ok := strings.Cut(a, " "); ok && dayOnly.MatchString(b) { // March 9, 12
		b, yearA = month+" "+b, yearB
	} else if _, month, ok := strings.Cut(b, " "); ok && dayOnly.MatchString(a) { // 9, 12 March
		a, yearA = a+" "+month, yearB
	} else if alone, ok := p.whole(a); yearA == "" && yearB != "" && ok {
		if same, ok := p.whole(a + yearB); !ok || same.first != alone.first {
			return stretch{}, stretch{}, false // is it of that year, too?
		}
	}
	first, ok1 := p.wholeOrHalf(a + yearA)
	last, ok2 := p.wholeOrHalf(b + yearB)
	return first, last, ok1 && ok2 && first.last.Before(last.first) && last.last.Sub(first.first) < 366
}

// wholeOrHalf reads what whole reads, and the halves of a month.
func (p Context) wholeOrHalf(s string) (stretch, bool) {
	if h, ok := p.half(s); ok {
		return h, true
	}
	return p.whole(s)
}

// half reads the first or the second half of a month.
func (p Context) half(s string) (stretch, bool) {
	s, _ = cutPrefix(s, "the")
	month, half := cutPrefix(s, "first half of", "second half of")
	m, ok := p.whole(month)
	if half == "" || !ok || m.first.Day != 1 || m.first.AddMonths(1).AddDays(-1) != m.last {
		return stretch{}, false
	}
	h := stretch{first: m.first, last: m.first.AddDays(14)}
	if half == "second half of" {
		h.first, h.last = h.last.AddDays(1), m.last
	}
	other := p.past() && h.first.After(p.Dateline) || !p.past() && h.last.Before(p.Dateline)
	return h, !other // it may be that of another year
}

// partOf knows the halves of a month, and the ends of a year.
func (p Context) partOf(s string) string {
	s, _ = cutPrefix(s, "in")
	s, _ = cutPrefix(s, "the")
	if h, ok := p.half(s); ok {
		return betweenText(h.first, h.last)
	}
	if p.past() {
		return ""
	}
	switch s {
	case "by year end", "by the year end", "by years end", "by year’s end", "by year's end":
		return fmt.Sprintf("write %q", "by 31 December "+strconv.Itoa(p.Dateline.Year))
	case "next quarter", "this quarter":
		q := (int(p.Dateline.Month) - 1) / 3
		year := p.Dateline.Year
		if s == "next quarter" {
			year, q = year+(q+1)/4, (q+1)%4
		}
		return fmt.Sprintf("write %q", fmt.Sprintf("the %s quarter of %d", ordinals[q], year))
	case "new year", "early in the new year":
		if p.Dateline.Month > time.June {
			return `write "next year"`
		}
	}
	return ""
}

// named knows feasts, and words that name no date at all.
func (p Context) named(s string) string {
	switch s {
	case "soon", "shortly", "imminently", "in due course", "at some point", "eventually", "later":
		return `it names no date: write tbd, or "in the coming days", "in the coming weeks" if that is meant`
	}
	for day := time.Sunday; day <= time.Saturday; day++ {
		latest := p.Dateline.AddDays(-(int(p.Dateline.Weekday()-day+6)%7 + 1))
		if name := strings.ToLower(day.String()); s == "last "+name {
			return fmt.Sprintf("write {one_of: [%s, %s]}, or the one that is meant", latest.AddDays(-7), latest)
		} else if s == "a week on "+name && p.Dateline.Weekday() != day {
			return fmt.Sprintf("write {on: %s}", latest.AddDays(14).String())
		}
	}
	s, bound := cutPrefix(s, "before", "ahead of", "by", "after")
	form := map[string]string{"": "on", "ahead of": "before"}[bound]
	if form == "" {
		form = bound
	}
	s, _ = cutPrefix(s, "the")
	return p.feast(s, form)
}

// feast knows feasts, where the next one is nearer than the last.
func (p Context) feast(s, form string) string {
	day := func(year int) (civil.Date, string) {
		switch s {
		case "christmas", "christmas day":
			d := civil.Date{Year: year, Month: time.December, Day: 25}
			return d, d.String()
		}
		return civil.Date{}, ""
	}
	for year := p.Dateline.Year; year < p.Dateline.Year+2 && !p.past(); year++ {
		next, says := day(year)
		last, _ := day(year - 1)
		if !next.IsZero() && next.After(p.Dateline) {
			if next.Sub(p.Dateline) < p.Dateline.Sub(last) {
				return fmt.Sprintf("write {%s: %s}", form, says)
			}
			return ""
		}
	}
	return ""
}
