package phrase

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"attache/internal/civil"
	"attache/internal/syntax"
	"attache/internal/when"
	"attache/internal/workday"
)

// otherwise says how else to write what many reports say and no phrase of the table does,
// "" where it knows nothing better. It suggests, and never reads.
func (p Context) otherwise(words []syntax.Word) string {
	s := syntax.Join(words)
	for _, f := range []func(string) string{p.dayEnd, p.counted, p.weekend, p.pair, p.partOf, p.named} {
		if says := f(s); says != "" {
			return says
		}
	}
	return ""
}

// readText reads a part of a phrase.
func (p Context) readText(s string) (Reading, error) {
	words := wordsOf(s)
	if len(words) == 0 {
		return Reading{}, syntax.Errorf(0, "")
	}
	return p.read(words)
}

// dayEnd knows the end of a day, which by includes.
func (p Context) dayEnd(s string) string {
	for _, end := range []string{"the end of the day on", "the end of the day", "end of the day on", "end of day on", "end of the day", "end of day", "close of business on", "close of business", "cob", "eod", "through"} {
		i := strings.Index(" "+s+" ", " "+end+" ")
		if i < 0 {
			continue
		}
		rest := strings.TrimPrefix(strings.TrimSpace((" " + s + " ")[i+len(end)+2:]), "on ")
		if r, err := p.readText(rest); err == nil && r.First == r.Last {
			return fmt.Sprintf("write %q: the day is in it", "by "+strings.TrimPrefix(r.Says, "on "))
		}
	}
	return ""
}

// counted knows a number of days or weeks from the dateline.
func (p Context) counted(s string) string {
	w := strings.Fields(s)
	if len(w) < 2 || w[0] != "in" && w[0] != "within" {
		return ""
	}
	switch strings.Join(w[1:], " ") {
	case "days", "a few days", "the next few days", "the next days":
		return `write "in the coming days"`
	case "weeks", "a few weeks", "the next few weeks", "the next weeks":
		return `write "in the coming weeks"`
	case "months", "a few months", "the next few months", "the next months":
		return `write "in the months ahead"`
	}
	numbers := []string{"", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"}
	n, err := strconv.Atoi(w[1])
	if i := slices.Index(numbers, w[1]); i > 0 {
		n, err = i, nil
	}
	unit := strings.TrimSuffix(w[len(w)-1], "s")
	if err != nil || n < 1 || n > when.MaxDistance || len(w) != 3 || unit != "day" && unit != "week" && unit != "month" {
		return ""
	}
	form := "on"
	if w[0] == "within" {
		form = "within"
	}
	if n > 1 {
		unit += "s"
	}
	return fmt.Sprintf("write {%s: %d %s after %s}", form, n, unit, p.Dateline.String())
}

// weekend knows the two days at the end of a week.
func (p Context) weekend(s string) string {
	if !strings.HasSuffix(s, "weekend") {
		return ""
	}
	saturday := p.Dateline.AddDays(int(time.Saturday - p.Dateline.Weekday()))
	if strings.Contains(s, "next") {
		saturday = saturday.AddDays(7)
	}
	return fmt.Sprintf("write {between: [%s, %s]}", saturday.String(), saturday.AddDays(1).String())
}

// pair knows two days with something between them.
func (p Context) pair(s string) string {
	lasting := strings.HasPrefix(s, "from ")
	s = strings.TrimPrefix(strings.TrimPrefix(s, "from "), "between ")
	for _, between := range []string{" to ", " and ", " until ", " through ", " "} {
		a, b, ok := strings.Cut(s, between)
		last, err := p.readText(b)
		if !ok || err != nil || last.First != last.Last {
			continue
		}
		if n, err := strconv.Atoi(a); err == nil && n >= 1 && n < last.Last.Day { // 1 to 5 November
			first := civil.Date{Year: last.Last.Year, Month: last.Last.Month, Day: n}
			if lasting {
				return fmt.Sprintf("write {from: %s, to: %s}", first.String(), last.Last.String())
			}
			return fmt.Sprintf("write {from: %s, to: %s} for all of it, or {between: [%s, %s]} for some day of it", first.String(), last.Last.String(), first.String(), last.Last.String())
		}
	}
	return ""
}

// partOf knows the halves of a month, and the ends of a year.
func (p Context) partOf(s string) string {
	s = strings.TrimPrefix(strings.TrimPrefix(s, "in "), "the ")
	for _, half := range []string{"first half of ", "second half of "} {
		rest, ok := strings.CutPrefix(s, half)
		r, err := p.readText(rest)
		if !ok || err != nil || r.First.Day != 1 || r.First.AddMonths(1).AddDays(-1) != r.Last {
			continue
		}
		first, last := r.First, r.First.AddDays(14)
		if half[0] == 's' {
			first, last = last.AddDays(1), r.Last
		}
		return fmt.Sprintf("write {between: [%s, %s]}", first.String(), last.String())
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
		return `write "early next year"`
	}
	return ""
}

// named knows feasts, and words that name no date at all.
func (p Context) named(s string) string {
	bound := "on"
	for _, w := range []struct{ start, form string }{{"before ", "before"}, {"ahead of ", "before"}, {"by ", "by"}, {"after ", "after"}} {
		if rest, ok := strings.CutPrefix(s, w.start); ok {
			s, bound = rest, w.form
			break
		}
	}
	s = strings.TrimPrefix(s, "the ")
	year := p.Dateline.Year
	switch s {
	case "christmas", "christmas day":
		return fmt.Sprintf("write {%s: %d-12-25}", bound, year)
	case "lunar new year", "chinese new year", "spring festival":
		if d, ok := workday.LunarNewYear("CN", year); ok && !d.After(p.Dateline) {
			year++
		}
		return fmt.Sprintf("write {%s: %s(CN) %d}", bound, when.LunarNewYear, year)
	case "soon", "shortly", "imminently", "in due course", "at some point", "eventually", "later":
		return `it names no date: write tbd, or "in the coming days", "in the coming weeks" if that is meant`
	}
	for d := time.Sunday; d <= time.Saturday; d++ {
		if name := strings.ToLower(d.String()); s == "last "+name {
			return fmt.Sprintf("write {phrase: on %s, tense: past}", d)
		} else if s == "a week on "+name {
			return fmt.Sprintf("write {on: %s}", p.Dateline.AddDays(int(d-p.Dateline.Weekday()+6)%7+8).String())
		}
	}
	return ""
}
