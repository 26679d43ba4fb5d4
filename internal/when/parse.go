package when

import (
	"strconv"
	"strings"
)

// Parse reads an expression in one line:
//
//	tbd
//	2026-02-17                          a day (also 2026-02, 2026-23, 2026)
//	2025-11-10 00:01 America/New_York   an instant
//	2026-01-01/2026-02-16               a span (EDTF interval)
//	[2026-01-01..2026-02-16]            a window (EDTF one-of)
//	from 2025-10-26 to 2025-10-30, from 2025-10-26 lasting 5 days,
//	between A and B, by D, before D, after D, not before D, on D, at T
//
// each with "in ZONE" behind it where the zone is not the event's own. It
// returns a *SyntaxError for what it does not understand, and the error of
// Check for what no calendar can hold.
func Parse(s string) (Expr, error) {
	e, err := parse(s)
	if err != nil {
		return Expr{}, err
	}
	if err := e.Check(); err != nil {
		return Expr{}, err
	}
	return e, nil
}

func parse(s string) (Expr, error) {
	text := strings.TrimSpace(s)
	switch {
	case text == "":
		return Expr{}, errAt(0, "no date given: write tbd where none is known")
	case strings.EqualFold(text, "tbd"):
		return Expr{Form: TBD}, nil
	case strings.HasPrefix(text, "["):
		return parseOneOf(text)
	case strings.Count(text, "/") == 1 && !strings.Contains(text, " "):
		a, b, _ := strings.Cut(text, "/")
		return pair(From, a, b, len(a)+1)
	}
	p := parser{words: strings.Fields(text), text: text}
	return p.expr()
}

func parseOneOf(text string) (Expr, error) {
	inner, closed := strings.CutSuffix(text[1:], "]")
	a, b, ok := strings.Cut(inner, "..")
	if !closed || !ok || a == "" || b == "" {
		return Expr{}, errAt(0, "%q is not a window: write it as [2026-01-01..2026-02-16]", text)
	}
	return pair(Between, a, b, len(a)+3)
}

// pair reads two points; offset is where the second begins.
func pair(form Form, a, b string, offset int) (Expr, error) {
	first, err := ParsePoint(a)
	if err != nil {
		return Expr{}, err
	}
	last, err := ParsePoint(b)
	if err != nil {
		return Expr{}, shift(err, offset)
	}
	return Expr{Form: form, A: first, B: last}, nil
}

// shift moves a syntax error to where its text stands in a longer one.
func shift(err error, by int) error {
	if se, ok := err.(*SyntaxError); ok {
		return &SyntaxError{se.Offset + by, se.Msg}
	}
	return err
}

// ParsePoint reads a period, or a day with a time of day: 2026-02-16,
// 2025-11-10 00:01 or 2025-11-10T00:01.
func ParsePoint(s string) (Point, error) {
	s = strings.TrimSpace(s)
	day, clock, timed := strings.Cut(s, " ")
	if !timed {
		day, clock, timed = strings.Cut(s, "T")
	}
	p, err := ParsePeriod(day)
	if err != nil || !timed {
		return Point{Period: p}, err
	}
	if !p.IsDay() {
		return Point{}, errAt(0, "%q is not a day: a time of day needs one", day)
	}
	c, err := ParseClock(strings.TrimSpace(clock))
	if err != nil {
		return Point{}, shift(err, len(day)+1)
	}
	return Point{Period: p, Clock: c, Timed: true}, nil
}

// ParseInstant reads a day, a time of day and, behind them, a zone if there is
// one: 2025-11-10 00:01 ET. The zone is given back as it was written.
func ParseInstant(s string) (Point, string, error) {
	words := strings.Fields(s)
	zone := ""
	if n := len(words); n == 3 || (n == 2 && strings.Contains(words[0], "T")) {
		zone, words = words[n-1], words[:n-1]
	}
	p, err := ParsePoint(strings.Join(words, " "))
	return p, zone, err
}

// ParseLength reads 5 days, 2 weeks, 3 hours or 90 minutes.
func ParseLength(s string) (Length, error) {
	count, unit, ok := strings.Cut(strings.TrimSpace(s), " ")
	n, err := strconv.Atoi(count)
	if err != nil || n < 1 || n > 100_000 || !ok {
		return Length{}, errAt(0, "%q is not a length: write it as 5 days or 3 hours", s)
	}
	switch strings.TrimSuffix(strings.TrimSpace(unit), "s") {
	case "day":
		return Length{Days: n}, nil
	case "week":
		return Length{Days: 7 * n}, nil
	case "hour":
		return Length{Minutes: 60 * n}, nil
	case "minute":
		return Length{Minutes: n}, nil
	}
	return Length{}, errAt(len(count)+1, "%q is not a unit: use days, weeks, hours or minutes", unit)
}

// parser reads an expression word by word.
type parser struct {
	text  string
	words []string
}

func (p *parser) offset() int {
	rest := strings.Join(p.words, " ")
	return max(0, len(p.text)-len(rest))
}

// take removes the given words if they come next.
func (p *parser) take(words ...string) bool {
	if len(p.words) < len(words) {
		return false
	}
	for i, w := range words {
		if !strings.EqualFold(p.words[i], w) {
			return false
		}
	}
	p.words = p.words[len(words):]
	return true
}

func (p *parser) form() Form {
	switch {
	case p.take("not", "before"):
		return NotBefore
	case p.take("from"):
		return From
	case p.take("between"):
		return Between
	}
	for _, f := range []Form{On, At, By, Before, After} {
		if p.take(string(f)) {
			return f
		}
	}
	return ""
}

func (p *parser) expr() (Expr, error) {
	e := Expr{Form: p.form()}
	bare := e.Form == ""
	var err error
	if e.A, err = p.point(); err != nil {
		return Expr{}, err
	}
	if bare {
		e.Form = On
		if e.A.Timed {
			e.Form = At
		}
	}
	if err := p.end(&e); err != nil {
		return Expr{}, err
	}
	if p.take("in") && len(p.words) == 1 || (e.A.Timed && len(p.words) == 1) {
		e.Zone, p.words = p.words[0], nil
	}
	if len(p.words) > 0 {
		return Expr{}, errAt(p.offset(), "%q was not understood: nothing may follow the date but a zone", strings.Join(p.words, " "))
	}
	return e, nil
}

// end reads the second point or the length, where the form has one.
func (p *parser) end(e *Expr) (err error) {
	switch {
	case e.Form == From && p.take("to"), e.Form == Between && p.take("and"):
		e.B, err = p.point()
	case (e.Form == From || e.Form == At) && p.take("lasting"):
		if len(p.words) < 2 {
			return errAt(p.offset(), "how long does it last? write 5 days or 3 hours")
		}
		at := p.offset()
		e.Lasts, err = ParseLength(p.words[0] + " " + p.words[1])
		err = shift(err, at)
		p.words = p.words[2:]
	}
	return err
}

// point reads one word, or two where the second is a time of day.
func (p *parser) point() (Point, error) {
	at := p.offset()
	if len(p.words) == 0 {
		return Point{}, errAt(at, "a date is missing: write it as 2026-02-16")
	}
	n := 1
	if len(p.words) > 1 && strings.Contains(p.words[1], ":") && !strings.ContainsAny(p.words[1][:1], "+-") {
		n = 2
	}
	s := strings.Join(p.words[:n], " ")
	p.words = p.words[n:]
	pt, err := ParsePoint(s)
	return pt, shift(err, at)
}
