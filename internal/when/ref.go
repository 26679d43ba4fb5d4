package when

import (
	"fmt"
	"strconv"
	"strings"
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
	Event string // id of the event; or one of the next two is the base
	Edge  Edge
	Day   Date
	Feast string // lunar-new-year(CN) 2026
	Sense Sense
	N     int  // how many units away
	Unit  Unit // "" where it is the place itself
	Back  bool // counted back from the base
}

// Unit is what a distance on the calendar is counted in.
type Unit string

// The units of a distance.
const (
	UnitDays   Unit = "day"
	UnitWeeks  Unit = "week"
	UnitMonths Unit = "month"
)

// IsZero says whether r is none.
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
	s := strconv.Itoa(r.N) + " " + string(r.Unit)
	if r.N != 1 {
		s += "s"
	}
	if r.Sense != Plain {
		s = string(r.Sense) + " " + s
	}
	return s
}

// From gives the day that lies at the distance of r from the base d.
func (r Ref) From(d Date) Date { return r.shift(d, r.Back) }

// Base gives a day from which r leads to d, as near as the calendar has one: the
// inverse of From.
func (r Ref) Base(d Date) Date { return r.shift(d, !r.Back) }

func (r Ref) shift(d Date, back bool) Date {
	n := r.N
	if back {
		n = -n
	}
	switch r.Unit {
	case UnitDays:
		return d.AddDays(n)
	case UnitWeeks:
		return d.AddDays(7 * n)
	case UnitMonths:
		return d.AddMonths(n)
	}
	return d
}

// maxDistance bounds a distance, so that it stays within the calendar.
const maxDistance = 10_000

// ref reads a reference, if the next words are one.
func (p *parser) ref() (r Ref, ok bool, err error) {
	at := p.offset()
	r.Sense = p.sense()
	if n, unit, counted := p.count(); counted {
		r.N, r.Unit = n, unit
		switch {
		case r.Unit == "":
			return r, true, errAt(at, "a distance is counted in days, weeks or months")
		case n > maxDistance:
			return r, true, errAt(at, "%d is too far: %d are the most", n, maxDistance)
		case p.take("before"):
			r.Back = true
		case !p.take("after"):
			return r, true, errAt(p.offset(), "before or after what? write 10 days after event:signature")
		}
		return r, true, p.base(&r)
	}
	if r.Sense != Plain {
		return r, true, errAt(p.offset(), "how far? write at least 10 days after event:signature")
	}
	leans := len(p.words) > 0 && (strings.HasPrefix(p.words[0].text, "event:") || strings.HasPrefix(p.words[0].text, feastName))
	if !leans {
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

// count reads a number and its unit. The unit is "" where it is none of a distance.
func (p *parser) count() (n int, unit Unit, ok bool) {
	if len(p.words) < 2 {
		return 0, "", false
	}
	n, err := strconv.Atoi(p.words[0].text)
	if err != nil || n < 0 || len(p.words[0].text) == len("2026") && !isUnit(p.words[1].text) {
		return 0, "", false
	}
	word := strings.ToLower(strings.TrimSuffix(p.words[1].text, "s"))
	p.words = p.words[2:]
	for _, u := range []Unit{UnitDays, UnitWeeks, UnitMonths} {
		if word == string(u) {
			return n, u, true
		}
	}
	return n, "", true
}

func isUnit(s string) bool {
	switch strings.TrimSuffix(strings.ToLower(s), "s") {
	case "day", "week", "month":
		return true
	}
	return false
}

// base reads what a distance counts from: an event, or a day.
func (p *parser) base(r *Ref) error {
	if len(p.words) == 0 {
		return errAt(p.offset(), "an event or a day is missing: write event:signature or 2026-02-16")
	}
	if name, ok, err := p.feast(); ok {
		r.Feast = name
		return err
	}
	w := p.words[0]
	p.words = p.words[1:]
	name, ok := strings.CutPrefix(w.text, "event:")
	if !ok {
		d, err := ParseDate(w.text)
		r.Day = d
		return shift(err, w.at)
	}
	id, edge, cut := strings.Cut(name, ".")
	r.Event, r.Edge = id, Edge(edge)
	switch {
	case id == "":
		return errAt(w.at, "an event is missing behind event: write event:signature")
	case cut && r.Edge != StartOf && r.Edge != EndOf:
		return errAt(w.at+len("event:")+len(id)+1, "an event has a start and an end, and no %q", edge)
	}
	return nil
}

// Words gives r as one would say it.
func (r Ref) Words() string {
	base := ""
	switch {
	case r.Feast != "":
		base = feastWords(r.Feast)
	case r.Event == "":
		base = Short(r.Day)
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
