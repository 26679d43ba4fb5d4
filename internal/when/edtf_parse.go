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

// parseEDTF reads a date in the subset of EDTF that the type edtf describes. It returns a
// *syntax.Error, with the offset in s, that says what is wrong with anything else: what
// the format has and attache does not, such as years of more than four digits, and
// what no calendar has.
func parseEDTF(s string) (edtf, error) {
	e, err := parseWhole(syntax.Trim(syntax.Word{Text: s, At: 0}))
	if err != nil {
		return edtf{}, err
	}
	return e, nil
}

// parseWhole reads a date, an interval or a set. What it returns beside an error means nothing.
func parseWhole(w syntax.Word) (edtf, error) {
	switch {
	case w.Text == "":
		return edtf{}, syntax.Errorf(w.At, "no date given: write tbd where none is known")
	case w.Text[0] == '{':
		return edtf{}, syntax.Errorf(w.At, "{} means each of these dates: write a list of dates, or a recurrence")
	case w.Text[0] == '[':
		return parseOneOf(w)
	case strings.Contains(w.Text, "/"):
		return parseInterval(w)
	}
	d, err := parseDate(w)
	return edtf{singleDate, []edtfSpan{{d, d}}}, err
}

// parseInterval reads A/B, where one of the two may be open or unknown.
func parseInterval(w syntax.Word) (edtf, error) {
	a, b, _ := w.Cut("/")
	if i := strings.Index(b.Text, "/"); i >= 0 {
		return edtf{}, syntax.Errorf(b.At+i, "an interval has one / in it: write it as 2026-01-01/2026-02-16")
	}
	s, err := parseSpan(w, a, b, endUnknown)
	return edtf{interval, []edtfSpan{s}}, err
}

// parseSpan reads w, which goes from a to b. An end of which nothing is written is empty.
func parseSpan(w, a, b syntax.Word, empty endState) (s edtfSpan, err error) {
	if s.First, err = parseEnd(a, empty); err != nil {
		return s, err
	}
	if s.Last, err = parseEnd(b, empty); err != nil {
		return s, err
	}
	if s.First.State != endStated && s.Last.State != endStated {
		return s, syntax.Errorf(w.At, "%q names no date: write tbd where none is known", w.Text)
	}
	return s, s.check(b.At)
}

// parseEnd reads one end. An empty one has the state that is given.
func parseEnd(w syntax.Word, empty endState) (edtfDate, error) {
	switch w.Text {
	case "":
		return edtfDate{State: empty}, nil
	case "..":
		return edtfDate{State: endOpen}, nil
	}
	return parseDate(w)
}

// parseOneOf reads a set in brackets.
func parseOneOf(w syntax.Word) (edtf, error) {
	i := strings.IndexByte(w.Text, ']')
	switch {
	case i < 0:
		return edtf{}, syntax.Errorf(w.End(), "the ] that closes the set is missing")
	case i < len(w.Text)-1:
		return edtf{}, syntax.Errorf(w.At+i+1, "%q was not understood: nothing may follow the set", w.Text[i+1:])
	}
	e := edtf{Kind: oneOfSet}
	for rest, more := (syntax.Word{Text: w.Text[1:i], At: w.At + 1}), true; more; {
		var option syntax.Word
		option, rest, more = rest.Cut(",")
		s, err := parseOption(syntax.Trim(option))
		if err != nil {
			return edtf{}, err
		}
		if slices.Contains(e.Spans, s) {
			return edtf{}, syntax.Errorf(syntax.Trim(option).At, "%q is in the set twice", s.option())
		}
		e.Spans = append(e.Spans, s)
	}
	return e, nil
}

// parseOption reads a member of a set: a, a..b, ..b or a.. .
func parseOption(w syntax.Word) (edtfSpan, error) {
	if w.Text == "" {
		return edtfSpan{}, syntax.Errorf(w.At, "a date is missing in the set: write it as [2026-01-15,2026-02-10]")
	}
	if a, b, ranged := w.Cut(".."); ranged {
		return parseSpan(w, syntax.Trim(a), syntax.Trim(b), endOpen)
	}
	d, err := parseDate(w)
	return edtfSpan{d, d}, err
}

// check reports where the two ends of s do not go together. at is where the second
// one begins.
func (s edtfSpan) check(at int) error {
	a, b := s.First, s.Last
	switch {
	case a.State != endStated || b.State != endStated:
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
func (d edtfDate) before(o edtfDate) bool {
	if d.Timed && o.Timed {
		utc, _ := civil.Zone("UTC")
		return d.instant(utc).Before(o.instant(utc))
	}
	return d.First().Before(o.First()) && d.Last().Before(o.Last())
}

// parseDate reads one date.
func parseDate(w syntax.Word) (edtfDate, error) {
	if msg := foreign(w.Text); msg != "" {
		return edtfDate{}, syntax.Errorf(w.At, "%q is not a date that can be read: %s", w.Text, msg)
	}
	if day, clock, timed := w.Cut("T"); timed && !strings.ContainsFunc(day.Text, unicode.IsSpace) {
		return parseDateTime(day, clock)
	}
	s := dateScanner{rest: w}
	return s.date()
}

// foreign returns what to write instead of dates of other kinds, "" where s may be one
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
	return "w/c " + civil.WeekMonday(y, n).String()
}

// parseDateTime reads a day and a time of day.
func parseDateTime(day, clock syntax.Word) (edtfDate, error) {
	s := dateScanner{rest: day}
	d, err := s.date()
	switch {
	case err != nil:
		return edtfDate{}, err
	case !d.Day.known() || !d.Month.known():
		return edtfDate{}, syntax.Errorf(day.At, "%q is not a day: a time of day needs one", day.Text)
	case d.qualifier() != 0:
		return edtfDate{}, syntax.Errorf(day.At, "%q has a sign in it: with a time of day it stands behind all", day.Text)
	}
	if last := len(clock.Text) - 1; last >= 0 {
		q := qualifierOf(clock.Text[last])
		if q != 0 {
			clock.Text = clock.Text[:last]
		}
		d.Year.Qualifier, d.Month.Qualifier, d.Day.Qualifier = q, q, q
	}
	offset := syntax.Word{Text: "", At: clock.End()}
	if i := strings.IndexAny(clock.Text, "Z+-"); i >= 0 {
		clock, offset = syntax.Word{Text: clock.Text[:i], At: clock.At}, syntax.Word{Text: clock.Text[i:], At: clock.At + i}
	}
	d.Timed = true
	if d.Clock, err = civil.ParseClock(clock.Text); err != nil {
		return edtfDate{}, syntax.Shift(err, clock.At)
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
	loc, err := civil.Zone(name)
	if err != nil {
		return "", syntax.Errorf(w.At, "%s", err.Error())
	}
	if name = loc.String(); name[1:] == "00:00" {
		return "UTC", nil
	}
	return name, nil
}

// dateScanner reads the parts of a date from left to right.
type dateScanner struct {
	rest   syntax.Word
	starts [3]int // where the digits of each part begin
}

// skip leaves out n bytes.
func (s *dateScanner) skip(n int) { s.rest = syntax.Word{Text: s.rest.Text[n:], At: s.rest.At + n} }

// qualifier reads a sign, if one comes next. Two at one place are refused.
func (s *dateScanner) qualifier() (q qualifier, err error) {
	for s.rest.Text != "" {
		next := qualifierOf(s.rest.Text[0])
		switch {
		case next == 0:
			return q, nil
		case q != 0:
			return 0, syntax.Errorf(s.rest.At, "one sign at a place is enough: write %% for uncertain and approximate")
		}
		q = next
		s.skip(1)
	}
	return q, nil
}

// date reads a date with no time of day, to the end of the text.
func (s *dateScanner) date() (edtfDate, error) {
	whole := s.rest
	var d edtfDate
	parts := [3]*datePart{&d.Year, &d.Month, &d.Day}
	for i, part := range parts {
		if err := s.part(part, i); err != nil {
			return edtfDate{}, err
		}
		group, err := s.qualifier()
		if err != nil {
			return edtfDate{}, err
		}
		for _, left := range parts[:i+1] {
			left.Qualifier |= group
		}
		if s.rest.Text == "" {
			if err := s.check(d); err != nil {
				return edtfDate{}, err
			}
			return d, nil
		}
		if s.rest.Text[0] != '-' || i == 2 {
			break
		}
		s.skip(1)
	}
	return edtfDate{}, syntax.Errorf(s.rest.At, "%q is not a date: nothing may follow %q", whole.Text, whole.Text[:s.rest.At-whole.At])
}

// part reads the i-th part, with the sign before it.
func (s *dateScanner) part(p *datePart, i int) error {
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

// check reports what no calendar has, and which unknown digits are too far left.
func (s *dateScanner) check(d edtfDate) error {
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
func (s *dateScanner) checkUnknown(d edtfDate) error {
	digits := func(p datePart) bool { return p.given() && p.Unspecified < 2 }
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

// checkMonth reports where there is no such month or grouping, or no days in it.
func (s *dateScanner) checkMonth(d edtfDate) error {
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

// checkDay returns which day the month does not have.
func (s *dateScanner) checkDay(d edtfDate) error {
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
