package when

import (
	"strconv"
	"strings"
	"unicode"

	"attache/internal/civil"
	"attache/internal/syntax"
)

// Parse reads an expression in one line:
//
//	tbd
//	2026-02-17                          a day (also 2026-02, 2026-Q1, 2026-23, 2026)
//	w/c 2026-03-02                      some day of a week
//	2025-11-10 00:01 America/New_York   an instant (also 2025-11-10T00:01:00-05:00)
//	2026-01-01/2026-02-16               a span (EDTF interval)
//	[2026-01-01..2026-02-16]            a window (EDTF one-of)
//	from 2025-10-26 to 2025-10-30, from 2025-10-26 lasting 5 days,
//	between A and B, by D, before D, after D, not before D, on D, at T
//	before event:ID, after event:ID.start, during event:ID, ends by D,
//	at least 10 days after event:ID, within 2 weeks after event:ID
//	30 US business days after event:ID, by holiday(US, Labor Day, 2026)
//	at 2026-01-02 08:30 recurring FREQ=MONTHLY;BYDAY=1FR except 2026-03-06 also 2026-03-11 08:30
//	2026-02-17~, 2026-02?, 2026-XX, 2026-10/.., [2026-01-15,2026-02-10], edtf 2026-33
//
// each with "in ZONE" behind it where the zone is not the event's own; behind a
// time of day the "in" may be left out. Words may be set apart by any number of
// spaces and be in either case. Parse returns a *syntax.Error for what it does
// not understand, with the offset in s, and the *FieldError of Check for what no
// calendar can hold.
func Parse(s string) (Expr, error) { return Parser{}.Parse(s) }

// Parser reads dates as the functions of its methods' names do.
type Parser struct {
	// Hint returns what its author may have meant by a text, or by one of the two dates in it,
	// that is none, in place of the error err. nil leaves each error as it is.
	Hint func(text string, err error) error
}

// hinted returns the error that p gives for text instead of err.
func (p Parser) hinted(text string, err error) error {
	if err == nil || p.Hint == nil {
		return err
	}
	return p.Hint(text, err)
}

// Parse is the function [Parse].
func (p Parser) Parse(s string) (Expr, error) {
	e, err := p.parse(s)
	if err != nil {
		e, err = parseExtended(s, err)
	}
	if err != nil {
		return Expr{}, p.hinted(s, err)
	}
	if err := e.Check(); err != nil {
		return Expr{}, err
	}
	return e, nil
}

// parseExtended reads what only EDTF can say: one word, or what stands in brackets, with
// the zone behind it. Where it is no EDTF either, otherwise says what is wrong.
func parseExtended(s string, otherwise error) (Expr, error) {
	text := strings.TrimSpace(s)
	named := len(text) > len(Extended) && strings.EqualFold(text[:len(Extended)+1], string(Extended)+" ")
	if named {
		text = strings.TrimSpace(text[len(Extended):])
	}
	zone := ""
	if body, z, ok := strings.Cut(text, " in "); ok {
		text, zone = strings.TrimSpace(body), strings.TrimSpace(z)
	}
	e, err := extended(text)
	switch {
	case err == nil && strings.ContainsFunc(zone, unicode.IsSpace):
		return Expr{}, otherwise
	case err == nil:
		e.Zone = civil.ZoneText(zone)
		return e, nil
	case named:
		return Expr{}, syntax.Shift(err, strings.Index(s, text))
	}
	return Expr{}, otherwise
}

func (r Parser) parse(s string) (Expr, error) {
	if rest, ok := strings.CutPrefix(s, "loosely "); ok { // as it is stored: people write the phrase
		e, err := r.Parse(rest)
		e.Loose = true
		return e, syntax.Shift(err, len(s)-len(rest))
	}
	p := parser{Parser: r, end: len(strings.TrimRightFunc(s, unicode.IsSpace)), words: syntax.Split(s)}
	switch {
	case len(p.words) == 0:
		return Expr{}, syntax.Errorf(0, "no date given: write tbd where none is known")
	case strings.HasPrefix(p.words[0].Text, "["):
		return p.oneOf(s)
	case strings.Count(p.words[0].Text, "/") == 1 && !strings.EqualFold(p.words[0].Text, civil.WeekName):
		return p.interval()
	}
	return p.expr()
}

// ParsePoint reads a period, or a day with a time of day: 2026-02-16,
// 2025-11-10 00:01 or 2025-11-10T00:01.
//
// It reads a place that leans on another event, or at some distance from a day, too:
// event:ID, 10 days after event:ID.end, at least 2 weeks before 2026-02-16.
func ParsePoint(s string) (Point, error) { return Parser{}.ParsePoint(s) }

// ParsePoint is the function [ParsePoint].
func (p Parser) ParsePoint(s string) (Point, error) {
	point, zone, err := p.ParseInstant(s)
	if err == nil && zone != "" {
		err = syntax.Errorf(0, "%q has a time of day with a zone: use at for an instant", s)
	}
	return point, err
}

// ParseInstant reads what ParsePoint does and, behind a time of day, a zone if there is
// one: 2025-11-10 00:01 ET, 2025-11-10T00:01:00-05:00. The zone is given back as
// [civil.ZoneText] writes it. A date with no time of day is read too, for Check to say
// what it lacks.
func ParseInstant(s string) (Point, string, error) { return Parser{}.ParseInstant(s) }

// ParseInstant is the function [ParseInstant].
func (p Parser) ParseInstant(s string) (Point, string, error) {
	point, zone, err := parseInstant(s)
	return point, zone, p.hinted(s, err)
}

func parseInstant(s string) (Point, string, error) {
	p := parser{end: len(strings.TrimRightFunc(s, unicode.IsSpace)), words: syntax.Split(s)}
	words := p.words
	r, ok, err := p.ref()
	switch {
	case !ok:
		return instantOf(words)
	case err != nil:
		return Point{}, "", err
	case len(p.words) > 0:
		return Point{}, "", syntax.Errorf(p.offset(), "%q was not understood: nothing may follow the date", syntax.Join(p.words))
	}
	return Point{Ref: r}, "", nil
}

// maxDays and maxMinutes bound a length, so that its end is a date that can be
// written.
const (
	maxDays    = 100_000
	maxMinutes = maxDays * 24 * 60
	maxMonths  = maxDays / 31
)

// lengthForm is what a length is told to look like.
const lengthForm = "write it as 5 days or 3 hours"

// ParseLength reads 5 days, 2 weeks, 3 months, 10 business days, 3 hours or 90 minutes.
func ParseLength(s string) (Length, error) {
	p := parser{end: len(strings.TrimRightFunc(s, unicode.IsSpace)), words: syntax.Split(s)}
	if len(p.words) < 2 {
		return Length{}, syntax.Errorf(0, "%q is not a length: "+lengthForm, s)
	}
	l, err := p.length()
	if err == nil && len(p.words) > 0 {
		return Length{}, syntax.Errorf(0, "%q is not a length: "+lengthForm, s)
	}
	return l, err
}

// length reads a number and its unit.
func (p *parser) length() (Length, error) {
	if len(p.words) < 2 {
		return Length{}, syntax.Errorf(p.offset(), "how long does it last? write 5 days or 3 hours")
	}
	count, unit := p.words[0], p.words[1]
	text := count.Text + " " + unit.Text
	n, err := strconv.Atoi(count.Text)
	if err != nil || n < 1 || n > maxMinutes {
		return Length{}, syntax.Errorf(count.At, "%q is not a length: "+lengthForm, text)
	}
	l, used := lengthOf(n, p.words[1:])
	switch {
	case used == 0:
		return Length{}, syntax.Errorf(unit.At, "%q is not a unit: use days, weeks, months, business days, hours or minutes", unit.Text)
	case l.Days > maxDays || l.Minutes > maxMinutes || l.Months > maxMonths || l.Business > MaxDistance:
		return Length{}, syntax.Errorf(count.At, "%q is too long: %d days are the most", text, maxDays)
	}
	p.words = p.words[1+used:]
	return l, nil
}

// lengthOf returns n of the unit at the start of words, and how many of them it takes.
func lengthOf(n int, words []syntax.Word) (l Length, used int) {
	switch unit, calendar, used := unitOf(words); unit {
	case UnitDays:
		return Length{Days: n}, used
	case UnitWeeks:
		return Length{Days: 7 * min(n, maxDays)}, used
	case UnitMonths:
		return Length{Months: n}, used
	case UnitBusinessDays:
		return Length{Business: n, Calendar: calendar}, used
	case UnitHours:
		return Length{Minutes: 60 * n}, used
	}
	if strings.EqualFold(strings.TrimSuffix(words[0].Text, "s"), "minute") {
		return Length{Minutes: n}, 1
	}
	return Length{}, 0
}

// parser reads an expression word by word.
type parser struct {
	Parser
	words []syntax.Word // those not read yet
	end   int           // where the text ends, spaces behind it left out

	skipped string // the word that was read where a unit was due
}

// offset is where the next word begins.
func (p *parser) offset() int {
	if len(p.words) == 0 {
		return p.end
	}
	return p.words[0].At
}

// take removes the given words if they come next.
func (p *parser) take(words ...string) bool {
	if len(p.words) < len(words) {
		return false
	}
	for i, w := range words {
		if !strings.EqualFold(p.words[i].Text, w) {
			return false
		}
	}
	p.words = p.words[len(words):]
	return true
}

func (p *parser) form() Form {
	if len(p.words) > 1 && p.words[0].Text == "at" && (p.words[1].Text == "least" || p.words[1].Text == "most") {
		return ""
	}
	for _, f := range []Form{On, At, From, Between, By, Before, After, NotBefore, During, Within, EndsBy} {
		if p.take(strings.Fields(f.Words())...) {
			return f
		}
	}
	return ""
}

func (p *parser) expr() (Expr, error) {
	if p.take(string(TBD)) {
		return p.finish(Expr{Form: TBD})
	}
	e := Expr{Form: p.form()}
	bare := e.Form == ""
	var err error
	if e.A, e.Zone, err = p.point(); err != nil {
		return Expr{}, err
	}
	if bare {
		e.Form = On
		if e.A.Timed {
			e.Form = At
		}
	}
	if err := p.rest(&e); err != nil {
		return Expr{}, err
	}
	e = e.AsSpan()
	if err := p.recurring(&e); err != nil {
		return Expr{}, err
	}
	return p.finish(e)
}

// oneOf reads a window in brackets from s, the whole text.
func (p *parser) oneOf(s string) (Expr, error) {
	open := p.words[0].At
	inner, _, closed := strings.Cut(s[open+1:], "]")
	a, b, ok := strings.Cut(inner, "..")
	if !closed || !ok || strings.TrimSpace(a) == "" || strings.TrimSpace(b) == "" {
		return Expr{}, syntax.Errorf(open, "%q is not a window: write it as [2026-01-01..2026-02-16]", s[open:p.end])
	}
	end := open + len("[]") + len(inner)
	p.words = nil
	for _, w := range syntax.Split(s[end:]) {
		p.words = append(p.words, syntax.Word{Text: w.Text, At: w.At + end})
	}
	return p.pair(Between, syntax.Word{Text: a, At: open + 1}, syntax.Word{Text: b, At: open + 1 + len(a) + len("..")})
}

// interval reads a span of which both ends stand in one word.
func (p *parser) interval() (Expr, error) {
	w := p.words[0]
	p.words = p.words[1:]
	a, b, _ := strings.Cut(w.Text, "/")
	return p.pair(From, syntax.Word{Text: a, At: w.At}, syntax.Word{Text: b, At: w.At + len(a) + 1})
}

// pair reads two points, and the zone behind them.
func (p *parser) pair(form Form, a, b syntax.Word) (Expr, error) {
	first, zoneA, err := p.ParseInstant(a.Text)
	if err != nil {
		return Expr{}, syntax.Shift(err, a.At)
	}
	last, zoneB, err := p.ParseInstant(b.Text)
	if err != nil {
		return Expr{}, syntax.Shift(err, b.At)
	}
	e, err := Expr{Form: form, A: first, B: last}.Zoned(zoneA, zoneB)
	if err != nil {
		return Expr{}, err
	}
	return p.finish(e)
}

// finish reads the zone, if there is one, and sees that nothing follows it.
func (p *parser) finish(e Expr) (Expr, error) {
	named := p.take("in")
	switch {
	case len(p.words) == 1 && (named || e.A.Timed) && e.Zone != "":
		return Expr{}, syntax.Errorf(p.offset(), "the zone is given twice: %s and %s", e.Zone, p.words[0].Text)
	case len(p.words) == 1 && (named || e.A.Timed):
		e.Zone = civil.ZoneText(p.words[0].Text)
	case named && len(p.words) == 0:
		return Expr{}, syntax.Errorf(p.offset(), "a zone is missing behind in: write one as Asia/Shanghai")
	case len(p.words) > 0:
		return Expr{}, syntax.Errorf(p.offset(), "%q was not understood: nothing may follow the date but in and a zone", syntax.Join(p.words))
	}
	return e, nil
}

// rest reads the second point or the length, where the form has one.
func (p *parser) rest(e *Expr) (err error) {
	switch {
	case e.Form == From && p.take("to"), e.Form == Between && p.take("and"):
		var zone string
		if e.B, zone, err = p.point(); err == nil {
			*e, err = e.Zoned(e.Zone, zone)
		}
	}
	if err == nil && p.take("lasting") {
		e.Lasts, err = p.length()
	}
	return err
}

// point reads one word, or two where the second is a time of day, and the offset close behind
// that.
func (p *parser) point() (Point, string, error) {
	if len(p.words) == 0 {
		return Point{}, "", syntax.Errorf(p.offset(), "a date is missing: write it as 2026-02-16")
	}
	if r, ok, err := p.ref(); ok {
		return Point{Ref: r}, "", err
	}
	n := 1
	if len(p.words) > 1 && strings.EqualFold(p.words[0].Text, civil.WeekName) {
		n = 2
	} else if len(p.words) > 1 && strings.Contains(p.words[1].Text, ":") && !strings.ContainsAny(p.words[1].Text[:1], "+-") {
		n = 2
	}
	words := p.words[:n]
	p.words = p.words[n:]
	return instantOf(words)
}
