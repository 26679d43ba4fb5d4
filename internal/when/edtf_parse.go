package when

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"attache/internal/civil"
	"attache/internal/syntax"
)

// ParseEDTF reads a date in the subset of EDTF that EDTF describes. It returns a
// *syntax.Error, with the offset in s, that says what is wrong with anything else: what
// the format has and attache does not, such as years of more than four digits, and
// what no calendar has.
func ParseEDTF(s string) (EDTF, error) {
	w := syntax.Trim(syntax.Word{Text: s, At: 0})
	switch {
	case w.Text == "":
		return EDTF{}, syntax.Errorf(w.At, "no date given: write tbd where none is known")
	case w.Text[0] == '{':
		return EDTF{}, syntax.Errorf(w.At, "{} means each of these dates: write a list of dates, or a recurrence")
	case w.Text[0] == '[':
		return parseOneOf(w)
	case strings.Contains(w.Text, "/"):
		return parseInterval(w)
	}
	d, err := parseEDTFDate(w)
	if err != nil {
		return EDTF{}, err
	}
	return EDTF{EDTFSingle, []EDTFSpan{only(d)}}, nil
}

// only returns the stretch that is one date.
func only(d EDTFDate) EDTFSpan { return EDTFSpan{EDTFEnd{Date: d}, EDTFEnd{Date: d}} }

// parseInterval reads A/B, where one of the two may be open or unknown.
func parseInterval(w syntax.Word) (EDTF, error) {
	a, b, _ := w.Cut("/")
	if i := strings.Index(b.Text, "/"); i >= 0 {
		return EDTF{}, syntax.Errorf(b.At+i, "an interval has one / in it: write it as 2026-01-01/2026-02-16")
	}
	var s EDTFSpan
	var err error
	if s.First, err = parseEnd(a, EDTFUnknown); err != nil {
		return EDTF{}, err
	}
	if s.Last, err = parseEnd(b, EDTFUnknown); err != nil {
		return EDTF{}, err
	}
	if s.First.State != EDTFStated && s.Last.State != EDTFStated {
		return EDTF{}, syntax.Errorf(w.At, "%q names no date: write tbd where none is known", w.Text)
	}
	if err := s.check(b.At); err != nil {
		return EDTF{}, err
	}
	return EDTF{EDTFInterval, []EDTFSpan{s}}, nil
}

// parseEnd reads one end. An empty one has the state that is given.
func parseEnd(w syntax.Word, empty EDTFState) (EDTFEnd, error) {
	switch w.Text {
	case "":
		return EDTFEnd{State: empty}, nil
	case "..":
		return EDTFEnd{State: EDTFOpen}, nil
	}
	d, err := parseEDTFDate(w)
	return EDTFEnd{Date: d}, err
}

// parseOneOf reads a set in brackets.
func parseOneOf(w syntax.Word) (EDTF, error) {
	i := strings.IndexByte(w.Text, ']')
	switch {
	case i < 0:
		return EDTF{}, syntax.Errorf(w.End(), "the ] that closes the set is missing")
	case i < len(w.Text)-1:
		return EDTF{}, syntax.Errorf(w.At+i+1, "%q was not understood: nothing may follow the set", w.Text[i+1:])
	}
	e := EDTF{Kind: EDTFOneOf}
	for rest, more := (syntax.Word{Text: w.Text[1:i], At: w.At + 1}), true; more; {
		var option syntax.Word
		option, rest, more = rest.Cut(",")
		s, err := parseOption(syntax.Trim(option))
		if err != nil {
			return EDTF{}, err
		}
		if slices.Contains(e.Spans, s) {
			return EDTF{}, syntax.Errorf(syntax.Trim(option).At, "%q is in the set twice", s.option())
		}
		e.Spans = append(e.Spans, s)
	}
	return e, nil
}

// parseOption reads a member of a set: a, a..b, ..b or a.. .
func parseOption(w syntax.Word) (EDTFSpan, error) {
	if w.Text == "" {
		return EDTFSpan{}, syntax.Errorf(w.At, "a date is missing in the set: write it as [2026-01-15,2026-02-10]")
	}
	a, b, ranged := w.Cut("..")
	if !ranged {
		d, err := parseEDTFDate(w)
		return only(d), err
	}
	if w.Text == ".." {
		return EDTFSpan{}, syntax.Errorf(w.At, "%q names no date: write tbd where none is known", w.Text)
	}
	var s EDTFSpan
	var err error
	a, b = syntax.Trim(a), syntax.Trim(b)
	if s.First, err = parseEnd(a, EDTFOpen); err != nil {
		return EDTFSpan{}, err
	}
	if s.Last, err = parseEnd(b, EDTFOpen); err != nil {
		return EDTFSpan{}, err
	}
	return s, s.check(b.At)
}

// check says where the two ends of s do not go together. at is where the second
// one begins.
func (s EDTFSpan) check(at int) error {
	a, b := s.First.Date, s.Last.Date
	switch {
	case s.First.State != EDTFStated || s.Last.State != EDTFStated:
		return nil
	case a.Timed != b.Timed:
		return syntax.Errorf(at, "%q and %q are not of one kind: give both a time of day, or neither", a.String(), b.String())
	case (a.Zone == "") != (b.Zone == ""):
		return syntax.Errorf(at, "%q and %q are not of one kind: give both an offset, or neither", a.String(), b.String())
	case b.before(a):
		return syntax.Errorf(at, "it ends %s, before it begins %s", b.String(), a.String())
	}
	return nil
}

// before reports whether d lies wholly before o, or begins and ends before it does.
func (d EDTFDate) before(o EDTFDate) bool {
	if d.Timed && o.Timed {
		utc, _ := civil.Zone("UTC")
		return d.instant(utc).Before(o.instant(utc))
	}
	return d.First().Before(o.First()) && d.Last().Before(o.Last())
}

// parseEDTFDate reads one date.
func parseEDTFDate(w syntax.Word) (EDTFDate, error) {
	if msg := foreign(w.Text); msg != "" {
		return EDTFDate{}, syntax.Errorf(w.At, "%q is not a date that can be read: %s", w.Text, msg)
	}
	if day, clock, timed := w.Cut("T"); timed && !strings.ContainsFunc(day.Text, unicode.IsSpace) {
		return parseEDTFInstant(day, clock)
	}
	s := edtfScanner{rest: w}
	return s.date()
}

// foreign says what to write instead of dates of other kinds, "" where s may be one
// that is read here.
func foreign(s string) string {
	lead := len(s) - len(strings.TrimLeft(s, "0123456789"))
	next := byte(0)
	if lead < len(s) {
		next = s[lead]
	}
	switch {
	case s == "":
		return "write it as 2026-02-17, 2026-02 or 2026"
	case s[0] == 'Y', s[0] == '-', s[0] == '+', next == 'E', next == 'S':
		return "a year is four digits, from 1000 on"
	case next == 'W', strings.HasPrefix(s[lead:], "-W"):
		return "weeks are no part of EDTF: write " + weekInstead(s)
	case lead == 8:
		return "write it with hyphens, as " + s[:4] + "-" + s[4:6] + "-" + s[6:8]
	case lead > 4:
		return "a year is four digits, from 1000 on"
	}
	return ""
}

// weekInstead returns what to write for an ISO week such as 2026-W07: the week by its
// Monday, where s names one.
func weekInstead(s string) string {
	year, week, ok := strings.Cut(strings.Replace(s, "-W", "W", 1), "W")
	y, err := strconv.Atoi(year)
	n, bad := syntax.Digits(week, 2)
	if !ok || err != nil || y < 1000 || y > 9998 || !bad || n < 1 || n > 53 {
		return "w/c and its Monday"
	}
	d := civil.Date{Year: y, Month: 1, Day: 4} // always in the first week
	d = d.AddDays(-(int(d.Weekday())+6)%7 + 7*(n-1))
	return "w/c " + d.String()
}

// parseEDTFInstant reads a day and a time of day.
func parseEDTFInstant(day, clock syntax.Word) (EDTFDate, error) {
	s := edtfScanner{rest: day}
	d, err := s.date()
	switch {
	case err != nil:
		return EDTFDate{}, err
	case !d.Day.known() || !d.Month.known():
		return EDTFDate{}, syntax.Errorf(day.At, "%q is not a day: a time of day needs one", day.Text)
	case d.qualifier() != 0:
		return EDTFDate{}, syntax.Errorf(day.At, "%q has a sign in it: with a time of day it stands behind all", day.Text)
	}
	q, n := qualifierAt(clock.Text, true)
	d.Year.Qualifier, d.Month.Qualifier, d.Day.Qualifier = q, q, q
	clock.Text = clock.Text[:len(clock.Text)-n]
	offset := syntax.Word{Text: "", At: clock.End()}
	if i := strings.IndexAny(clock.Text, "Z+-"); i >= 0 {
		clock, offset = syntax.Word{Text: clock.Text[:i], At: clock.At}, syntax.Word{Text: clock.Text[i:], At: clock.At + i}
	}
	d.Timed = true
	if d.Clock, err = civil.ParseClock(clock.Text); err != nil {
		return EDTFDate{}, syntax.Shift(err, clock.At)
	}
	d.Zone, err = parseOffset(offset)
	return d, err
}

// parseOffset reads Z, +08:00 or +08, and returns the zone of that name.
func parseOffset(w syntax.Word) (string, error) {
	name := w.Text
	switch {
	case name == "":
		return "", nil
	case name == "Z":
		return "UTC", nil
	case len(name) == len("+08"):
		name += ":00"
	}
	if name[0] == 'Z' {
		return "", syntax.Errorf(w.At+1, "%q was not understood: nothing may follow the Z", w.Text[1:])
	}
	if _, err := civil.Zone(name); err != nil {
		return "", syntax.Errorf(w.At, "%s", err.Error())
	}
	if name[1:] == "00:00" {
		return "UTC", nil
	}
	return name, nil
}

// edtfScanner reads the parts of a date from left to right.
type edtfScanner struct {
	rest   syntax.Word
	starts [3]int // where the digits of each part begin
}

// skip leaves out n bytes.
func (s *edtfScanner) skip(n int) { s.rest = syntax.Word{Text: s.rest.Text[n:], At: s.rest.At + n} }

// qualifierAt reads a sign at the front of text, or at its end, and returns its length.
func qualifierAt(text string, end bool) (q Qualifier, n int) {
	if text == "" {
		return 0, 0
	}
	c := text[0]
	if end {
		c = text[len(text)-1]
	}
	switch c {
	case '?':
		return Uncertain, 1
	case '~':
		return Approximate, 1
	case '%':
		return Uncertain | Approximate, 1
	}
	return 0, 0
}

// qualifier reads a sign, if one comes next. Two at one place are refused.
func (s *edtfScanner) qualifier() (Qualifier, error) {
	q, n := qualifierAt(s.rest.Text, false)
	s.skip(n)
	if _, more := qualifierAt(s.rest.Text, false); q != 0 && more > 0 {
		return 0, syntax.Errorf(s.rest.At, "one sign at a place is enough: write %% for uncertain and approximate")
	}
	return q, nil
}

// date reads a date with no time of day, to the end of the text.
func (s *edtfScanner) date() (EDTFDate, error) {
	whole := s.rest
	var d EDTFDate
	parts := [3]*Part{&d.Year, &d.Month, &d.Day}
	for i, part := range parts {
		if err := s.part(part, i); err != nil {
			return EDTFDate{}, err
		}
		group, err := s.qualifier()
		if err != nil {
			return EDTFDate{}, err
		}
		for _, left := range parts[:i+1] {
			left.Qualifier |= group
		}
		if s.rest.Text == "" {
			if err := s.check(d); err != nil {
				return EDTFDate{}, err
			}
			return d, nil
		}
		if s.rest.Text[0] != '-' || i == 2 {
			break
		}
		s.skip(1)
	}
	return EDTFDate{}, syntax.Errorf(s.rest.At, "%q is not a date: nothing may follow %q", whole.Text, whole.Text[:s.rest.At-whole.At])
}

// part reads the i-th part, with the sign before it.
func (s *edtfScanner) part(p *Part, i int) error {
	width, name, like := 2, [3]string{"year", "month", "day"}[i], [3]string{"2026", "02", "17"}[i]
	if i == 0 {
		width = 4
	}
	q, err := s.qualifier()
	if err != nil {
		return err
	}
	s.starts[i] = s.rest.At
	text := s.rest.Text[:min(width, len(s.rest.Text))]
	known := strings.TrimRight(text, "X")
	n, ok := syntax.Digits(known, len(known))
	switch {
	case ok && len(text) == width:
	case strings.Contains(known, "X"):
		return syntax.Errorf(s.rest.At, "%q has an X to the left of a digit: only digits on the right may be unknown", text)
	default:
		return syntax.Errorf(s.rest.At, "%q is not a %s: write it as %s", s.rest.Text, name, like)
	}
	p.Qualifier, p.Unspecified = q, width-len(known)
	for range p.Unspecified {
		n *= 10
	}
	p.Value = n
	s.skip(width)
	return nil
}

// check says what no calendar has, and which unknown digits are too far left.
func (s *edtfScanner) check(d EDTFDate) error {
	switch {
	case d.Year.Unspecified > 2:
		return syntax.Errorf(s.starts[0], "of a year only the last two digits may be unknown")
	case d.Year.Value < 1000:
		return syntax.Errorf(s.starts[0], "the year must have four digits and be 1000 or later")
	}
	if err := s.checkUnknown(d); err != nil {
		return err
	}
	if err := s.checkMonth(d); err != nil {
		return err
	}
	return s.checkDay(d)
}

// checkUnknown refuses an unknown digit to the left of a known one, unless it is a
// whole month: the 17th of some month is a set of days that can be named.
func (s *edtfScanner) checkUnknown(d EDTFDate) error {
	digits := func(p Part) bool { return p.given() && p.Unspecified < 2 }
	for i, wrong := range []bool{
		d.Year.Unspecified > 0 && (digits(d.Month) || digits(d.Day)),
		d.Month.Unspecified == 1 && digits(d.Day) || d.Month.Unspecified == 2 && d.Day.Unspecified == 1,
	} {
		if wrong {
			return syntax.Errorf(s.starts[i], "%q has an X to the left of a digit: only digits on the right, or a whole month, may be unknown", d.parts()[i].text(4-2*i))
		}
	}
	return nil
}

// checkMonth says where there is no such month or grouping, or no days in it.
func (s *edtfScanner) checkMonth(d EDTFDate) error {
	m := d.Month
	grouped := d.period().Grouped()
	switch {
	case s.starts[1] == 0, m.Unspecified == 2:
		return nil
	case m.Unspecified == 1 && m.Value > 10, m.known() && m.Value > 12 && !grouped, !m.given():
		return syntax.Errorf(s.starts[1], "there is no month %s", m.text(2))
	case grouped && s.starts[2] > 0:
		return syntax.Errorf(s.starts[2], "a %s has no days", d.period().Grain().String())
	}
	return nil
}

// checkDay says which day the month does not have.
func (s *edtfScanner) checkDay(d EDTFDate) error {
	if s.starts[2] == 0 || d.Day.Unspecified == 2 {
		return nil
	}
	most := 31
	if d.Month.known() {
		most = civil.DaysIn(d.Year.Value, d.Month.Value)
	}
	if d.Day.Value > most || d.Day.Value == 0 && d.Day.Unspecified == 0 {
		if !d.Month.known() {
			return syntax.Errorf(s.starts[2], "no month has a day %s", d.Day.text(2))
		}
		return syntax.Errorf(s.starts[2], "%s %d has no day %s", time.Month(d.Month.Value), d.Year.Value, d.Day.text(2))
	}
	return nil
}
