package when

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"attache/internal/civil"
	"attache/internal/prose"
	"attache/internal/syntax"
	"attache/internal/workday"
)

// Edge is one end of an event.
type Edge string

// The ends of an event. Where a person names none, the form says which is meant:
// before an event is before its start, after it is after its end.
const (
	AnyEdge Edge = ""
	StartOf Edge = "start"
	EndOf   Edge = "end"
)

// Sense says how a distance is to be taken.
type Sense string

// The senses of a distance. Without one the form decides.
const (
	Plain   Sense = ""
	AtLeast Sense = "at least"
	AtMost  Sense = "at most"
	Exactly Sense = "exactly"
)

// Ref is a place on the calendar that leans on another event, or on a day at some
// distance: event:beijing-visit.end, at least 10 days after event:signature. The zero
// Ref is none.
type Ref struct {
	Event    string // id of the event; or one of the next two is the base
	Edge     Edge
	Day      civil.Date
	Holiday  string // lunar-new-year(CN) 2026, or holiday(US, Labor Day, 2026)
	Sense    Sense
	N        int    // how many units away
	Unit     Unit   // "" where it is the place itself
	Back     bool   // counted back from the base
	Calendar string // by which business days are counted; "" is not settled yet, see In

	days       *workday.Calendar // of that name, once With has found it
	holidayDay civil.Date        // the day of a holiday, once With has found it
}

// Unit is what a distance on the calendar is counted in.
type Unit string

// The units of a distance.
const (
	UnitHours  Unit = "hour"
	UnitDays   Unit = "day"
	UnitWeeks  Unit = "week"
	UnitMonths Unit = "month"

	UnitBusinessDays Unit = "business day"
)

// IsZero reports whether r is none.
func (r Ref) IsZero() bool { return r == Ref{} }

// String writes r as it is read.
func (r Ref) String() string {
	switch {
	case r.Holiday != "":
		return r.away(r.Holiday)
	case r.Event == "":
		return r.away(r.Day.String())
	case r.Edge != AnyEdge:
		return r.away("event:" + r.Event + "." + string(r.Edge))
	}
	return r.away("event:" + r.Event)
}

// away writes r with its distance, if it has one, before the words for what it counts from:
// at least 10 days after signature.
func (r Ref) away(base string) string {
	if r.Unit == "" {
		return base
	}
	s := prose.Count(r.N, strings.TrimLeft(r.Calendar+" "+string(r.Unit), " "))
	if r.Sense != Plain {
		s = string(r.Sense) + " " + s
	}
	if r.Back {
		return s + " before " + base
	}
	return s + " after " + base
}

// From returns the day that lies at the distance of r from the base d.
func (r Ref) From(d civil.Date) civil.Date { return r.shift(d, r.count()) }

// Base returns a day from which r leads to d, as near as the calendar has one: the
// inverse of From.
func (r Ref) Base(d civil.Date) civil.Date { return r.shift(d, -r.count()) }

// count returns how many units r leads on, negative where it goes back.
func (r Ref) count() int {
	if r.Back {
		return -r.N
	}
	return r.N
}

// shift returns the day n units of r after d.
func (r Ref) shift(d civil.Date, n int) civil.Date {
	switch r.Unit {
	case UnitHours:
		return d.AddDays(n / 24)
	case UnitDays:
		return d.AddDays(n)
	case UnitWeeks:
		return d.AddDays(7 * n)
	case UnitMonths:
		return d.AddMonths(n)
	case UnitBusinessDays:
		to, _ := r.calendar().Add(d, n)
		return to
	}
	return d
}

// base returns the first and the last day that r can count from, and false where they
// are not known: it leans on an event, or on a holiday that there is not.
func (r Ref) base() (first, last civil.Date, known bool) {
	switch {
	case r.Event != "":
		return civil.Date{}, civil.Date{}, false
	case strings.HasPrefix(r.Holiday, holidayName):
		d := r.holidayDay
		if d.IsZero() {
			d, _ = holidayDay(workday.BuiltIn(), r.Holiday)
		}
		return d, d, !d.IsZero()
	case r.Holiday != "":
		first, last, _, err := lunarNewYearDays(r.Holiday) // it was read, so it is known
		return first, last, err == nil
	}
	return r.Day, r.Day, true
}

// stretch returns the first and the last day that p can mean, and whether they are a
// convention or may change; no days where they are not known.
func (p Point) stretch() (first, last civil.Date, soft bool) {
	if p.Ref.IsZero() {
		return p.Period.First(), p.Period.Last(), p.Period.Soft()
	}
	first, last, known := p.Ref.base()
	if !known {
		return civil.Date{}, civil.Date{}, false
	}
	soft = p.Ref.unpublished(first) || p.Ref.unpublished(last)
	return p.Ref.From(first), p.Ref.From(last), soft
}

// unpublished reports whether the way of r from d leads over days of which it is not known
// yet whether they are worked.
func (r Ref) unpublished(d civil.Date) bool {
	if r.Unit != UnitBusinessDays {
		return false
	}
	_, soft := r.calendar().Add(d, r.count())
	return soft
}

// MaxDistance bounds a distance, so that it stays within the calendar.
const MaxDistance = 10_000

// ref reads a reference, if the next words are one.
func (p *parser) ref() (r Ref, ok bool, err error) {
	at := p.offset()
	r.Sense = p.sense()
	if n, unit, calendar, counted := p.count(); counted {
		r.N, r.Unit, r.Calendar = n, unit, calendar
		switch {
		case r.Unit == "":
			return r, true, p.noUnit(at, n)
		case n > MaxDistance:
			return r, true, syntax.Errorf(at, "%d is too far: %d are the most", n, MaxDistance)
		case p.take("before"):
			r.Back = true
		case !p.take("after"):
			return r, true, p.noSide(r)
		}
		return r, true, p.base(&r)
	}
	if r.Sense != Plain {
		return r, true, syntax.Errorf(p.offset(), "how far? write at least 10 days after event:signature")
	}
	if len(p.words) == 0 || !leans(p.words[0].Text) {
		return r, false, nil
	}
	return r, true, p.base(&r)
}

func (p *parser) sense() Sense {
	for _, s := range []Sense{AtLeast, AtMost, Exactly} {
		if p.take(strings.Fields(string(s))...) {
			return s
		}
	}
	return Plain
}

// leans reports whether word begins the name of an event or of a holiday.
func leans(word string) bool {
	for _, start := range []string{"event:", LunarNewYear, holidayName + "("} {
		if strings.HasPrefix(word, start) {
			return true
		}
	}
	return false
}

// count reads a number and its unit, 10 days or 30 US business days. The unit is ""
// where it is none of a distance.
func (p *parser) count() (n int, unit Unit, calendar string, ok bool) {
	if len(p.words) < 2 {
		return 0, "", "", false
	}
	n, err := strconv.Atoi(p.words[0].Text)
	unit, calendar, used := unitOf(p.words[1:])
	if err != nil || n < 0 || len(p.words[0].Text) == len("2026") && unit == "" {
		return 0, "", "", false
	}
	if unit == "" {
		p.skipped = p.words[1].Text
	}
	p.words = p.words[1+max(used, 1):]
	return n, unit, calendar, true
}

// noSide returns what to write for a distance that names no side of what it counts from, which
// "of" and "from" leave open. An event that is named stays named, whatever stands before it.
func (p *parser) noSide(r Ref) error {
	at := p.offset()
	base := "event:signature"
	named := slices.IndexFunc(p.words, func(w syntax.Word) bool { return strings.HasPrefix(w.Text, "event:") })
	switch {
	case named >= 0:
		base = syntax.Join(p.words[named:])
	case (p.take("of") || p.take("from")) && len(p.words) > 0:
		base = syntax.Join(p.words)
	}
	return syntax.Errorf(at, "before or after what? write %s after %s", prose.Count(r.N, strings.TrimLeft(r.Calendar+" "+string(r.Unit), " ")), base)
}

// noUnit returns which unit may have been meant behind the number n at an offset; it has
// been read already, with the word behind it.
func (p *parser) noUnit(at, n int) error {
	const units = "a distance is counted in hours, days, weeks, months or business days"
	if p.skipped == "" {
		return syntax.Errorf(at, units)
	}
	switch strings.ToLower(p.skipped) {
	case "working", "workday", "workdays", "banking", "trading":
		return syntax.Errorf(at, units+": did you mean %q?", fmt.Sprintf("%d business days", n))
	}
	for _, name := range []string{"business", "hours", "days", "weeks", "months"} {
		if syntax.Nearest(p.skipped, []string{name}) != "" {
			return syntax.Errorf(at, units+": did you mean %q?", strings.Replace(fmt.Sprintf("%d %s", n, name), "business", "business days", 1))
		}
	}
	return syntax.Errorf(at, units)
}

// unitOf reads the unit at the start of words, with the calendar before it where that
// is named, and says how many of them it takes.
func unitOf(words []syntax.Word) (unit Unit, calendar string, used int) {
	name := func(i int) string {
		if i >= len(words) {
			return ""
		}
		return strings.TrimSuffix(strings.ToLower(words[i].Text), "s")
	}
	for _, u := range []Unit{UnitHours, UnitDays, UnitWeeks, UnitMonths} {
		if name(0) == string(u) {
			return u, "", 1
		}
	}
	switch {
	case name(0) == "busines" && name(1) == "day":
		return UnitBusinessDays, "", 2
	case name(1) == "busines" && name(2) == "day" && workday.CheckName(words[0].Text) == nil:
		return UnitBusinessDays, words[0].Text, 3
	}
	return "", "", 0
}

// base reads what a distance counts from: an event, or a day.
func (p *parser) base(r *Ref) error {
	if len(p.words) == 0 {
		return syntax.Errorf(p.offset(), "an event or a day is missing: write event:signature or 2026-02-16")
	}
	if name, ok, err := p.namedDay(); ok {
		r.Holiday = name
		return err
	}
	w := p.words[0]
	p.words = p.words[1:]
	name, ok := strings.CutPrefix(w.Text, "event:")
	if !ok {
		d, err := civil.ParseDate(w.Text)
		r.Day = d
		return syntax.Shift(err, w.At)
	}
	id, edge, cut := strings.Cut(name, ".")
	r.Event, r.Edge = id, Edge(edge)
	switch {
	case id == "":
		return syntax.Errorf(w.At, "an event is missing behind event: write event:signature")
	case cut && r.Edge != StartOf && r.Edge != EndOf:
		return syntax.Errorf(w.At+len("event:")+len(id)+1, "an event has a start and an end, and no %q", edge)
	}
	return nil
}

// Words returns r as one would say it.
func (r Ref) Words() string {
	if r.Calendar == "weekdays" { // of them each is a business day
		r.Calendar, r.Unit = "", "weekday"
	}
	switch {
	case r.Holiday != "":
		return r.away(holidayWords(r.Holiday))
	case r.Event == "":
		return r.away(civil.Short(r.Day))
	case r.Edge != AnyEdge:
		return r.away("the " + string(r.Edge) + " of " + r.Event)
	}
	return r.away(r.Event)
}
