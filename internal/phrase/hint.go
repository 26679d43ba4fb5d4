package phrase

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
	"attache/internal/when"
)

// Hint returns what a person may have meant by a text that is no date, instead of err
// alone. The place stays that of err. It never stands for a guess: the text is refused.
func Hint(text string, err error) error {
	se, ok := err.(*syntax.Error)
	if !ok || !vague(se.Msg) {
		return err
	}
	plain := strings.ToLower(syntax.Join(syntax.Split(text)))
	for _, h := range []func(string) string{midnightHint, wordHint, numberHint, clockHint, lunarHint, spanHint, phraseHint, eventHint} {
		if len(plain) > maxLength {
			break
		}
		if says := h(plain); says != "" {
			return &syntax.Error{Offset: se.Offset, Msg: fmt.Sprintf("%q is not a date: %s", syntax.Clip(text), says)}
		}
	}
	if _, how, found := strings.Cut(se.Msg, " is not a date: write it as"); found { // of which err quotes a word
		return &syntax.Error{Offset: se.Offset, Msg: fmt.Sprintf("%q is not a date: write it as%s", syntax.Clip(strings.TrimSpace(text)), how)}
	}
	return err
}

// vague reports whether an error says no more than that it was not understood.
func vague(msg string) bool {
	for _, m := range []string{"is not a date", "is not a time of day", "nothing may follow", "a distance is counted"} {
		if strings.Contains(msg, m) {
			return !strings.Contains(msg, "did you mean")
		}
	}
	return false
}

// midnightHint reports that midnight has two sides.
func midnightHint(s string) string {
	words := split(s, 0, maxWords)
	if !slices.ContainsFunc(words, func(w word) bool { return w.text == "midnight" }) {
		return ""
	}
	if r, err := inItsYear(s).read(words); err == nil && r.Midnight && yearIn(s) != 0 {
		d := r.First
		return fmt.Sprintf("midnight on %s can begin the day or end it: write at: %s 00:00, or at: %s 00:00", civil.Short(d), d, d.AddDays(1))
	}
	return "midnight can begin a day or end it: write at: with 00:00 of the day that it begins, as in 2026-11-02 00:00"
}

// inItsYear is what a text with its year in it is read against.
func inItsYear(s string) Context {
	return Context{Dateline: civil.Date{Year: cmp.Or(yearIn(s), 2026), Month: time.January, Day: 1}, Tense: Future}
}

// wordHint knows the words that people use for others.
func wordHint(s string) string {
	switch s {
	case "tbc", "tba", "t.b.d.", "unknown", "none", "n/a", "?", "open", "undated", "to be confirmed", "to be decided", "to be announced":
		return "did you mean tbd?"
	}
	for _, w := range []struct{ start, instead string }{
		{"until ", "by "}, {"till ", "by "}, {"no later than ", "by "}, {"not later than ", "by "}, {"due ", "by "},
		{"since ", "not before "}, {"not earlier than ", "not before "}, {"no earlier than ", "not before "},
		{"end of day ", "by "}, {"the end of day ", "by "}, {"eod ", "by "},
	} {
		if rest, ok := strings.CutPrefix(s, w.start); ok {
			if p, err := when.ParsePoint(rest); err == nil && p.Ref.IsZero() {
				return fmt.Sprintf("did you mean %s? The day itself is in it", w.instead+rest)
			}
		}
	}
	return ""
}

var (
	slashed = regexp.MustCompile(`^(\d{4})[/.](\d{1,2})[/.](\d{1,2})$`)
	mixed   = regexp.MustCompile(`^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$`)
	isoWeek = regexp.MustCompile(`^(\d{4})-?w(\d{1,2})$`)
	short   = regexp.MustCompile(`^(\d{4})-(\d{1,2})(?:-(\d{1,2}))?$`)
)

// numberHint knows the other ways to write a date in numbers.
func numberHint(s string) string {
	if m := slashed.FindStringSubmatch(s); m != nil {
		return meanDates(m[1], m[2], m[3])
	}
	if m := short.FindStringSubmatch(s); m != nil && len(s) < len("2026-01-01") && len(s) != len("2026-01") {
		return meanDates(m[1], m[2], m[3])
	}
	if m := mixed.FindStringSubmatch(s); m != nil {
		return meanDates(m[3], m[2], m[1], m[1], m[2])
	}
	if m := isoWeek.FindStringSubmatch(s); m != nil {
		year, _ := strconv.Atoi(m[1])
		week, _ := strconv.Atoi(m[2])
		if week >= 1 && week <= 53 && year >= civil.FirstDay.Year {
			return fmt.Sprintf("did you mean %s %s?", civil.WeekName, civil.WeekMonday(year, week).String())
		}
	}
	return ""
}

// meanDates names the dates that a year with pairs of month and day makes, or a month.
func meanDates(year string, parts ...string) string {
	var out []string
	for i := 0; i+1 < len(parts); i += 2 {
		text := fmt.Sprintf("%s-%02s", year, parts[i])
		if parts[i+1] != "" {
			text += fmt.Sprintf("-%02s", parts[i+1])
		}
		if _, err := civil.ParsePeriod(text); err == nil && (len(out) == 0 || out[0] != text) {
			out = append(out, text)
		}
	}
	if len(out) == 0 {
		return ""
	}
	return fmt.Sprintf("did you mean %s?", strings.Join(out, ", or "))
}

// clockHint knows the hours of half a day, and zones by which no date is read.
func clockHint(s string) string {
	t, rest, ok := hourIn(split(s, 0, maxWords))
	if !ok {
		return ""
	}
	if r, err := inItsYear(s).read(rest); err == nil && yearIn(s) != 0 && r.First == r.Last && !r.Soft {
		return fmt.Sprintf("did you mean %s %s?", r.First, t)
	}
	return fmt.Sprintf("write the time of day as %s", t.clock)
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

// lunarHint knows the Lunar New Year in words.
func lunarHint(s string) string {
	year := yearIn(s)
	s, bound := cutPrefix(s, "before", "ahead of", "by", "after", "on")
	bound = strings.TrimPrefix(cmp.Or(map[string]string{"ahead of": "before"}[bound], bound)+" ", " ")
	s, _ = cutPrefix(s, "the")
	for _, name := range []string{"lunar new year", "chinese new year", "spring festival", "seollal", "tet"} {
		if year != 0 && (s == fmt.Sprint(name, " ", year) || s == fmt.Sprint(name, " of ", year)) {
			country := cmp.Or(map[string]string{"seollal": "KR", "tet": "VN"}[name], "CN")
			return fmt.Sprintf("did you mean %s%s(%s) %d?", bound, when.LunarNewYear, country, year)
		}
	}
	return ""
}

// yearIn returns the year that stands in a text as a word of its own, 0 for none.
func yearIn(s string) int {
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == ',' }) {
		if p, err := civil.ParsePeriod(w); err == nil {
			return p.Year
		}
		if n, ok := syntax.Digits(w, 4); ok && len(w) == 4 && n >= civil.FirstDay.Year+10 && n <= civil.LastDay.Year-10 {
			return n
		}
	}
	return 0
}

// spanHint knows two dates with to or - between them.
func spanHint(s string) string {
	for _, between := range []string{" to ", " - ", " – ", " and ", " until "} {
		a, b, ok := strings.Cut(s, between)
		if !ok || between == " and " && !strings.HasPrefix(a, "between ") {
			continue
		}
		first, err1 := civil.ParsePeriod(strings.TrimPrefix(a, "between "))
		last, err2 := civil.ParsePeriod(b)
		if err1 == nil && err2 == nil && !last.First().Before(first.First()) {
			return fmt.Sprintf("did you mean from %s to %s, for all of it, or between %s and %s, for some day of it?", first, last, first, last)
		}
	}
	return ""
}

// phraseHint returns the date that stands in a text in words, or says that it is a phrase.
func phraseHint(s string) string {
	year := yearIn(s)
	r, err := Read(s, inItsYear(s))
	if err != nil {
		if se, ok := err.(*syntax.Error); ok && strings.Contains(se.Msg, " has no day ") {
			return se.Msg
		}
		return ""
	}
	if year == 0 {
		return fmt.Sprintf("words such as these are read against the day on which they were written: write {phrase: %s, dateline: 2026-01-15}, or the date", r.Says)
	}
	switch {
	case r.Timed && r.Lasts:
		return fmt.Sprintf("write from: %s %s and to: %s %s, with the zone in tz:", r.First, r.Clock, r.Last, r.Until)
	case r.Timed && len(r.Options) == 0:
		return fmt.Sprintf("did you mean %s?", strings.TrimSpace(r.First.String()+" "+r.Clock.String()+" "+r.Zone))
	case r.Lasts:
		span := fmt.Sprintf("{from: %s, to: %s}", r.First, r.Last)
		if strings.HasPrefix(s, "from ") {
			return "write " + span
		}
		return fmt.Sprintf("write %s for all of it, or {between: [%s, %s]} for some day of it", span, r.First, r.Last)
	case len(r.Options) == 2 && !r.Timed && !r.Midnight && r.Options[0].First == r.Options[0].Last && r.Options[1].First == r.Options[1].Last:
		return fmt.Sprintf("write {one_of: [%s, %s]}", r.First, r.Last)
	case len(r.Options) > 0:
		return ""
	case r.OpenStart():
		return fmt.Sprintf("did you mean by %s?", r.Last)
	case r.OpenEnd():
		return fmt.Sprintf("did you mean not before %s?", r.First)
	case strings.HasPrefix(r.Says, civil.WeekName):
		return fmt.Sprintf("did you mean %s %s?", civil.WeekName, r.First)
	case r.First == r.Last:
		return fmt.Sprintf("did you mean %s?", r.First)
	}
	for _, month := range []int{int(r.First.Month), 0, 33, 34, 35, 36, 40, 41} { // a month, the year, a quarter, a half
		if p := (civil.Period{Year: r.First.Year, Month: month}); p.First() == r.First && p.Last() == r.Last {
			return fmt.Sprintf("did you mean %s?", p)
		}
	}
	return fmt.Sprintf("did you mean {phrase: %s}?", r.Says)
}

var slug = regexp.MustCompile(`^(.*\b(?:before|after) |)([a-z][a-z0-9]*(?:-[a-z0-9]+)*(?:\.(?:start|end))?)$`)

// eventHint knows the id of an event that lacks event: before it.
func eventHint(s string) string {
	m := slug.FindStringSubmatch(s)
	if m == nil || m[1] == "" && !strings.Contains(m[2], "-") {
		return ""
	}
	return fmt.Sprintf("to lean on an event write event:%s", m[2])
}
