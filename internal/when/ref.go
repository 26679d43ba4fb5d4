package when

import (
	"fmt"
	"strconv"
	"strings"

	"attache/internal/civil"
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
	Feast    string // lunar-new-year(CN) 2026, or holiday(US, Labor Day, 2026)
	Sense    Sense
	N        int    // how many units away
	Unit     Unit   // "" where it is the place itself
	Back     bool   // counted back from the base
	Calendar string // by which business days are counted; "" is not settled yet, see In

	days  *workday.Calendar // of that name, once With has found it
	feast civil.Date        // the day of a holiday, once With has found it
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
	base := r.Day.String()
	if r.Feast != "" {
		base = r.Feast
	}
	if r.Event != "" {
		base = "event:" + r.Event
		if r.Edge != AnyEdge {
			base += "." + string(r.Edge)
		}
	}
	if r.Unit == "" {
		return base
	}
	return fmt.Sprintf("%s %s %s", r.distance(), direction(r.Back), base)
}

func direction(back bool) string {
	if back {
		return "before"
	}
	return "after"
}

// distance writes how far away it is: at least 10 days.
func (r Ref) distance() string {
	s := strconv.Itoa(r.N) + " "
	if r.Calendar != "" {
		s += r.Calendar + " "
	}
	s += string(r.Unit)
	if r.N != 1 {
		s += "s"
	}
	if r.Sense != Plain {
		s = string(r.Sense) + " " + s
	}
	return s
}

// From returns the day that lies at the distance of r from the base d.
func (r Ref) From(d civil.Date) civil.Date { return r.shift(d, r.Back) }

// Base returns a day from which r leads to d, as near as the calendar has one: the
// inverse of From.
func (r Ref) Base(d civil.Date) civil.Date { return r.shift(d, !r.Back) }

func (r Ref) shift(d civil.Date, back bool) civil.Date {
	n := r.N
	if back {
		n = -n
	}
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
			return r, true, syntax.Errorf(p.offset(), "before or after what? write 10 days after event:signature")
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

// noUnit says which unit may have been meant behind the number n at an offset; it has
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
	if name, ok, err := p.feast(); ok {
		r.Feast = name
		return err
	}
	if name, ok, err := p.holiday(); ok {
		r.Feast = name
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
	base := ""
	switch {
	case strings.HasPrefix(r.Feast, holidayName):
		base = holidayWords(r.Feast)
	case r.Feast != "":
		base = feastWords(r.Feast)
	case r.Event == "":
		base = civil.Short(r.Day)
	}
	if r.Event != "" {
		base = r.Event
		switch r.Edge {
		case StartOf:
			base = "the start of " + base
		case EndOf:
			base = "the end of " + base
		}
	}
	if r.Unit == "" {
		return base
	}
	return fmt.Sprintf("%s %s %s", r.distance(), direction(r.Back), base)
}
