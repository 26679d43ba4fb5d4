package phrase

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"attache/internal/civil"
	"attache/internal/prose"
	"attache/internal/syntax"
)

// word is a word of a phrase in lower case, without what stands around it.
type word struct {
	text    string
	at, end int
	comma   bool // whether a comma stands behind it
	opened  bool // whether a bracket opens before it
	closed  bool // whether a bracket closes behind it
	stop    bool // whether a sentence ends behind it
	owner   bool // whether it owns what stands behind it: May's
	*sense
}

// noWord stands where there is no word.
var noWord = word{sense: &sense{}}

// senseOf returns what a word means, which is shared.
func senseOf(text string) *sense {
	if s, ok := vocabulary[text]; ok {
		return s
	}
	return noWord.sense
}

// plural reports whether w is several of a unit: the last days are more than the last day.
func (w word) plural() bool {
	return w.unit != noUnit && (w.text == unitNames[w.unit]+"s" || w.text == "halves")
}

// sense is what a word means by itself. Most words mean nothing here.
type sense struct {
	month   time.Month
	weekday int // from 1, which is Sunday
	unit    unit
	season  int // its EDTF code
	third   int // early, mid, late
	order   int // first, second … twentieth; -1 is the last
	count   int // one, two …
	part    bool
	limits  bool // whether a limit begins with it
	feast   bool // whether the name of a day does
	opens   bool // whether a phrase can begin with it
	core    bool // whether it is more than a word such as "the"
}

// unit is what time is counted in.
type unit int

const (
	noUnit unit = iota
	oneDay
	oneWeek
	oneWeekend
	oneMonth
	oneQuarter
	oneHalf
	oneSeason
	oneYear
)

var unitNames = []string{"", "day", "week", "weekend", "month", "quarter", "half", "season", "year"}

var seasonNames = []string{"spring", "summer", "autumn", "winter"}

// ordinals are the numbers of what stands in a row in words.
var ordinals = strings.Fields("first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth")

// ordinal writes the n-th of a row, the last where n is -1.
func ordinal(n int) string {
	switch {
	case n < 0:
		return "last"
	case n <= 5:
		return ordinals[n-1]
	}
	return prose.Ordinal(n)
}

// glue are the words that a phrase can begin with and that name nothing; others name something
// that is no month, no number and no unit.
const (
	glue   = "a an the on in at over during throughout within this next last coming current later earlier more not no by before ahead prior until till through thru to up after since ever following from as with starting beginning commencing around about circa approximately roughly between either both any under less least most past advance month's effective sometime"
	others = "today tomorrow yesterday tonight overnight now end start close cob eod noon midday midnight rest remainder remaining latter easter orthodox good christmas new lunar chinese spring seollal tet labor thanksgiving w/c q1 q2 q3 q4 h1 h2 1q 2q 3q 4q 1h 2h fiscal financial fy fortnight fortnights hours hour few several couple calendar iso kw cw half eve towards toward very midweek midmonth midyear business working hundred u.s us u.k uk japan japanese india indian canada britain british australia australian pakistan american united"
)

// vocabulary holds the words that mean something, and those that begin a phrase.
var vocabulary = func() map[string]*sense {
	v := map[string]*sense{}
	put := func(s sense, words ...string) {
		for _, w := range words {
			its := s
			its.opens = true
			v[w] = &its
		}
	}
	put(sense{}, strings.Fields(glue)...)
	put(sense{core: true}, strings.Fields(others)...)
	for m := time.January; m <= time.December; m++ {
		name := strings.ToLower(m.String())
		put(sense{core: true, month: m}, name, name[:3])
	}
	put(sense{core: true, month: time.September}, "sept")
	for d := time.Sunday; d <= time.Saturday; d++ {
		name := strings.ToLower(d.String())
		put(sense{core: true, weekday: int(d) + 1}, name, name[:3])
	}
	put(sense{core: true, weekday: int(time.Tuesday) + 1}, "tues")
	put(sense{core: true, weekday: int(time.Thursday) + 1}, "thur", "thurs")
	for u := oneDay; u <= oneYear; u++ {
		put(sense{core: true, unit: u}, unitNames[u], unitNames[u]+"s")
	}
	put(sense{core: true, unit: oneHalf}, "half", "halves")
	for i, name := range seasonNames {
		put(sense{core: true, season: civil.Spring + i}, name)
	}
	put(sense{core: true, season: civil.Autumn}, "fall")
	for i, names := range [][]string{{"early"}, {"mid", "middle"}, {"late"}} {
		put(sense{core: true, third: i + 1}, names...)
	}
	for i, name := range ordinals {
		put(sense{core: true, order: i + 1}, name)
	}
	for i, name := range strings.Fields("thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth") {
		put(sense{core: true, order: 10 * (i + 3)}, name)
	}
	put(sense{core: true, order: -1}, "last", "final")
	for i, name := range strings.Fields("one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen") {
		put(sense{core: true, count: i + 1}, name)
	}
	for i, name := range strings.Fields("twenty thirty forty fifty sixty seventy eighty ninety") {
		put(sense{core: true, count: 10 * (i + 2)}, name)
	}
	put(sense{core: true, part: true}, "morning", "afternoon", "evening", "night", "lunchtime")
	first := func(words string) *sense {
		w, _, _ := strings.Cut(words, " ")
		if v[w] == nil {
			put(sense{}, w)
		}
		return v[w]
	}
	for _, l := range limits {
		for _, words := range l.words {
			first(words).limits = true
		}
	}
	for _, f := range feasts {
		for _, words := range f.words {
			s := first(words)
			s.feast, s.core = true, true
		}
	}
	return v
}()

const (
	leftOf  = `("'“‘[`
	rightOf = `,.;:!?)]"'”’`
)

// split returns the words of text from a byte on, the first most of them. A hyphen parts
// words, but not the parts of a date; one between two dates is "to", as a dash is.
func split(text string, from, most int) []word {
	return splitInto(make([]word, 0, min(most, 16)), text, from, most)
}

// splitInto appends them to out.
func splitInto(out []word, text string, from, most int) []word {
	for from < len(text) && len(out) < most {
		r, size := utf8.DecodeRuneInString(text[from:])
		if unicode.IsSpace(r) {
			from += size
			continue
		}
		end := from
		for end < len(text) {
			r, size := utf8.DecodeRuneInString(text[end:])
			if unicode.IsSpace(r) {
				break
			}
			end += size
		}
		out = appendWords(out, text[from:end], from)
		from = end
	}
	return out
}

// appendWords appends the words of what stands between two spaces.
func appendWords(out []word, text string, at int) []word {
	if isPlain(text) {
		w := bare(text, at)
		if text == "&" {
			w.text, w.sense = "and", senseOf("and")
		}
		return append(out, w)
	}
	start, n := 0, len(out)
	for i, r := range text {
		size := utf8.RuneLen(r)
		switch {
		case r == '–' || r == '—':
		case r == '-' && !dated(text[start:]):
		case r == '/' && named(text[start:i]) && named(text[i+1:]):
			out = append(out, bare(text[start:i], at+start), word{text: "or", at: at + i, end: at + i + size, sense: senseOf("or")})
			start = i + size
			continue
		default:
			continue
		}
		if i > start {
			out = append(out, bare(text[start:i], at+start))
		}
		if r != '-' || len(text) == 1 || len(out) > n && (spans(out[len(out)-1], text[i+1:]) || len(out) > 1 && out[len(out)-2].month > 0 && senseOf(strings.ToLower(text[i+1:])).month > 0) {
			out = append(out, word{text: "to", at: at + i, end: at + i + size, sense: senseOf("to")})
		}
		start = i + size
	}
	if start < len(text) {
		out = append(out, bare(text[start:], at+start))
	}
	return out
}

// isPlain reports whether text has no dash, hyphen or slash in it.
func isPlain(text string) bool {
	return strings.IndexByte(text, '-') < 0 && strings.IndexByte(text, '/') < 0 && strings.IndexByte(text, "–"[0]) < 0 || !strings.ContainsAny(text, "-/–—")
}

// named reports whether text begins with a word for a month, a season, a quarter or a part of one,
// so that a slash beside it is "or": May/June, end May/early June.
func named(text string) bool {
	text = strings.TrimLeft(text, leftOf)
	i := 0
	for i < len(text) && isLetter(text[i]) {
		i++
	}
	w := strings.ToLower(text[:i])
	s := senseOf(w)
	return s.month > 0 || s.season > 0 || s.third > 0 || len(w) == 2 && w[0] == 'q' && s.core
}

// dated reports whether text begins as 2026-02 or 2026-Q1 do, whose hyphens part nothing.
func dated(text string) bool {
	_, ok := syntax.Digits(text, 4)
	_, years := syntax.Digits(text[min(5, len(text)):], 4)
	return ok && len(text) > 5 && text[4] == '-' && !years
}

// spans reports whether a hyphen behind w and before rest stands for "to": 9-12 March, Monday-Friday.
func spans(w word, rest string) bool {
	if rest == "" || w.text == "" {
		return false
	}
	if w.month > 0 || w.weekday > 0 {
		next := bare(rest, 0)
		return next.month > 0 || next.weekday > 0 || rest[0] <= '9' && rest[0] >= '0'
	}
	return isDigit(w.text[len(w.text)-1]) && isDigit(rest[0]) || isDigit(w.text[0]) && len(w.text) <= 4 && isDigit(rest[0])
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || isDigit(c) }

// bare returns a word in lower case and without what stands around it, unless that is all
// there is.
func bare(text string, at int) word {
	w := word{at: at, end: at + len(text)}
	if isLetter(text[0]) && isLetter(text[len(text)-1]) && !strings.HasSuffix(text, "s") { // as most are
		w.text = strings.ToLower(text)
		w.sense = senseOf(w.text)
		return w
	}
	if inner := strings.TrimLeft(text, leftOf); inner != "" {
		w.opened = strings.ContainsAny(text[:len(text)-len(inner)], "([")
		w.at += len(text) - len(inner)
		text = inner
	}
	if inner := strings.TrimRight(text, rightOf); inner != "" {
		behind := text[len(inner):]
		w.comma = strings.Contains(behind, ",")
		w.closed = strings.ContainsAny(behind, ")]")
		w.stop = strings.ContainsAny(behind, ";:!?") || strings.Contains(behind, ".") && !abbreviated(inner)
		w.end = w.at + len(inner)
		text = inner
	}
	for _, owner := range []string{"'s", "’s"} {
		if inner, ok := strings.CutSuffix(text, owner); ok && inner != "" {
			text, w.end, w.owner = inner, w.end-len(owner), true
		}
	}
	w.text = strings.ToLower(text)
	w.sense = senseOf(w.text)
	return w
}

// abbreviated reports whether a full stop behind text belongs to it: Nov., a.m., U.S.
func abbreviated(text string) bool {
	if len(text) < 2 || strings.Contains(text, ".") {
		return true
	}
	s := senseOf(strings.ToLower(text))
	return len(text) <= 5 && (s.month > 0 && s.month != time.May || s.weekday > 0) && !strings.EqualFold(text, s.month.String())
}

// year reads w as a year of four digits.
func (w word) year() (int, bool) {
	y, ok := syntax.Digits(w.text, 4)
	return y, ok && len(w.text) == 4 && y >= civil.FirstDay.Year
}

// day reads w as the number of a day: 17, 17th.
func (w word) day() (int, bool) {
	if w.text == "" || !isDigit(w.text[0]) {
		return 0, false
	}
	text := strings.TrimRight(w.text, "dhnrst")
	n, err := strconv.Atoi(text)
	suffix := w.text[len(text):]
	return n, err == nil && len(text) <= 2 && (suffix == "" || prose.Ordinal(n) == strconv.Itoa(n)+suffix)
}

// joined writes words with one space between them.
func joined(words []word) string {
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = w.text
	}
	return strings.Join(texts, " ")
}
