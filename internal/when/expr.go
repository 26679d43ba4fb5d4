package when

import (
	"fmt"
	"strings"
	"time"

	"attache/internal/civil"
	"attache/internal/prose"
	"attache/internal/syntax"
	"attache/internal/workday"
)

// Form is the way in which a statement speaks of a date.
type Form string

// The forms of a statement. By, between, from and to include the day they name;
// before and after exclude it.
const (
	TBD       Form = "tbd"        // nothing is known yet
	On        Form = "on"         // on a day, or some day of a longer period
	At        Form = "at"         // at an instant
	From      Form = "from"       // lasts from one day or instant to another
	Between   Form = "between"    // some day from one day to another
	By        Form = "by"         // on a day or before it
	Before    Form = "before"     // before a day
	After     Form = "after"      // after a day
	NotBefore Form = "not_before" // on a day or after it
	During    Form = "during"     // within another event, from its start to its end
	Within    Form = "within"     // at most so far after, or before, an event or a day
	EndsBy    Form = "ends_by"    // over on a day or before it
)

// Words returns f as it stands before a date: not before.
func (f Form) Words() string { return strings.ReplaceAll(string(f), "_", " ") }

// Point is a place on the calendar that a person named: a period, a day with a
// time of day, or a place that leans on another event.
type Point struct {
	Period civil.Period
	Clock  civil.Clock
	Timed  bool // whether Clock counts
	Ref    Ref  // instead of the others
}

// Length is how long something lasts, in one of its units.
type Length struct {
	Days     int    // calendar days, the first one counted
	Months   int    // to the day before the same day of a later month
	Business int    // days that are worked, the first one counted if it is one
	Minutes  int    // elapsed time, for points with a time of day
	Calendar string // by which business days are counted; "" is not settled yet, see Expr.In

	days *workday.Calendar // of that name, once Expr.With has found it
}

// dated reports whether l is counted in days.
func (l Length) dated() bool { return l.Days != 0 || l.Months != 0 || l.Business != 0 }

// last returns the last day of what lasts so long from first, and whether it depends on
// holidays that are not known.
func (l Length) last(first civil.Date) (end civil.Date, soft bool) {
	switch {
	case l.Months > 0:
		return first.AddMonths(l.Months).AddDays(-1), false
	case l.Business > 0:
		return found(l.days, l.Calendar).Add(first.AddDays(-1), l.Business)
	}
	return first.AddDays(max(l.Days, 1) - 1), false
}

// units counts the units in which l is given, which is to be one.
func (l Length) units() (n int) {
	for _, has := range []int{l.Days, l.Months, l.Business, l.Minutes} {
		if has != 0 {
			n++
		}
	}
	return n
}

// Expr is one thing said about a date, before anything is inferred from it. The
// zero Expr is not valid; TBD says that nothing is known.
type Expr struct {
	Form  Form
	A, B  Point  // B only with From and Between
	Lasts Length // instead of B, with From and At; with the others, of what lies in their window
	Zone  string // as the person wrote it, see Zone; "" is the event's own
	EDTF  string // with Extended alone: the text, as EDTF.String writes it
	Loose bool   // its bounds are how a phrase is usually read, not what was stated

	Recurs Recurs // with On, At and From: how it comes again; A is its first day

	off *[]*workday.Calendar // those whose holidays Recurs leaves out, once With has found them
}

// Check reports what no calendar can hold: ends before beginnings, a span whose
// ends are no days, days that do not exist, a zone that does not exist; and
// parts that do not belong to the form. The error is a *FieldError.
func (e Expr) Check() error {
	if err := e.checkOnce(); err != nil {
		return err
	}
	return e.checkRecurs()
}

// checkOnce checks all but how e comes again.
func (e Expr) checkOnce() error {
	if e.Zone != "" {
		if _, err := civil.Zone(e.Zone); err != nil {
			return &FieldError{"tz", err.Error()}
		}
	}
	if e.EDTF != "" && e.Form != Extended {
		return &FieldError{string(e.Form), "takes no EDTF beside it"}
	}
	if e.Loose && (e.Form == TBD || e.Form == At || e.Form == From || !e.A.Ref.IsZero()) {
		return &FieldError{string(e.Form), "is not said loosely"}
	}
	switch e.Form {
	case Extended:
		return e.checkExtended()
	case TBD:
		if e.A != (Point{}) || e.B != (Point{}) || e.Lasts != (Length{}) {
			return &FieldError{"tbd", "where no date is known, none can be given"}
		}
		return nil
	case During, Within:
		return e.checkRef()
	case On, At, By, Before, After, NotBefore, EndsBy:
		return e.checkOne(string(e.Form))
	case From:
		return e.checkSpan()
	case Between:
		return e.checkBetween()
	}
	return &FieldError{string(e.Form), fmt.Sprintf("%q is no way to state a date", syntax.Clip(string(e.Form)))}
}

// checkRef checks the forms that only lean on something else.
func (e Expr) checkRef() error {
	r, field := e.A.Ref, string(e.Form)
	switch {
	case e.Form == During && (r.Event == "" || r.Unit != "" || r.Edge != AnyEdge):
		return &FieldError{field, "names an event: during event:summit"}
	case e.Form == Within && (r.Unit == "" || r.Sense != Plain):
		return &FieldError{field, "needs a distance: within 10 days after event:signature"}
	}
	return e.checkOne(field)
}

// checkOne checks the forms that name one point.
func (e Expr) checkOne(field string) error {
	if err := e.A.check(field); err != nil {
		return err
	}
	switch {
	case e.B != (Point{}):
		return &FieldError{field, "takes one date: use from and to, or between, for two"}
	case e.Form == At && !e.A.Timed && e.A.Period.IsDay():
		return &FieldError{field, fmt.Sprintf("%q has no time of day: write it as %s 09:00, or use on", e.A, e.A)}
	case e.Form == At && !e.A.Timed:
		return &FieldError{field, fmt.Sprintf("%q is not a day with a time: use on", e.A)}
	case e.Form != At && e.A.Timed:
		return &FieldError{field, fmt.Sprintf("%q has a time of day: use at for an instant", e.A)}
	}
	return e.checkLasts()
}

// checkSpan checks what lasts from one point to another.
func (e Expr) checkSpan() error {
	if err := e.A.check("from"); err != nil {
		return err
	}
	switch {
	case !e.A.isDay():
		return &FieldError{"from", fmt.Sprintf("%q is not a day: a span begins on a day; use between for some day of a longer time", e.A)}
	case e.Lasts != (Length{}) && e.B != (Point{}):
		return &FieldError{"lasts", "give to or lasts, not both"}
	case e.Lasts != (Length{}):
		return e.checkLasts()
	case e.B == (Point{}):
		return &FieldError{"from", "has no end: add to or lasts"}
	}
	if err := e.B.check("to"); err != nil {
		return err
	}
	switch {
	case !e.B.isDay():
		return &FieldError{"to", fmt.Sprintf("%q is not a day: a span ends on a day", e.B)}
	case e.A.Timed != e.B.Timed:
		return &FieldError{"to", fmt.Sprintf("%q and %q are not of one kind: give both a time of day, or neither", e.A, e.B)}
	}
	return e.checkOrder("to")
}

// checkBetween checks what takes place on some day between two.
func (e Expr) checkBetween() error {
	if e.B == (Point{}) {
		return &FieldError{"between", "needs two dates: between 2026-01-01 and 2026-02-16"}
	}
	for _, p := range []Point{e.A, e.B} {
		if err := p.check("between"); err != nil {
			return err
		}
		if p.Timed {
			return &FieldError{"between", fmt.Sprintf("%q has a time of day: between goes from day to day", p)}
		}
	}
	if err := e.checkOrder("between"); err != nil {
		return err
	}
	return e.checkLasts()
}

// checkOrder reports where the second point lies wholly before the first.
func (e Expr) checkOrder(field string) error {
	first, _, _ := e.A.stretch()
	_, last, _ := e.B.stretch()
	if !first.IsZero() && !last.IsZero() && last.Before(first) ||
		e.A.Timed && e.A.Period == e.B.Period && e.B.Clock.Before(e.A.Clock) {
		return &FieldError{field, fmt.Sprintf("it ends %s, before it begins %s", e.B, e.A)}
	}
	return nil
}

// checkLasts checks the length, if there is one.
func (e Expr) checkLasts() error {
	l := e.Lasts
	switch {
	case l == Length{}:
		return nil
	case l.Days < 0, l.Minutes < 0, l.Months < 0, l.Business < 0,
		l.Days > maxDays, l.Minutes > maxMinutes, l.Months > maxMonths, l.Business > MaxDistance:
		return &FieldError{"lasts", fmt.Sprintf("a length is from 1 minute to %d days", maxDays)}
	case e.Form != From && e.Form != At:
		return e.checkWithin()
	case l.dated() == e.A.Timed, (l.Minutes > 0) != e.A.Timed, l.units() > 1, l.Calendar != "" && l.Business == 0:
		return &FieldError{"lasts", "days go with a day, hours with a time of day"}
	}
	return nil
}

// check reports what is wrong with p by itself.
func (p Point) check(field string) error {
	last := 0
	switch {
	case p.Period.Day != 0:
		last = 2
	case p.Period.Month != 0:
		last = 1
	}
	if !p.Ref.IsZero() {
		return p.checkRef(field)
	}
	if p.Period.IsZero() {
		return &FieldError{field, "a date is missing: write it as 2026-02-16"}
	}
	if err := p.Period.Check(p.Period.String(), last); err != nil {
		return &FieldError{field, err.Error()}
	}
	c := p.Clock
	switch {
	case p.Timed && !p.Period.IsDay():
		return &FieldError{field, fmt.Sprintf("%q is not a day: a time of day needs one", p.Period)}
	case !p.Timed && c != civil.Clock{}, c.Hour < 0 || c.Hour > 23, c.Minute < 0 || c.Minute > 59, c.Second < 0 || c.Second > 59:
		return &FieldError{field, fmt.Sprintf("%q is not a time of day", c)}
	}
	return nil
}

// checkRef reports what is wrong with a point that leans on something else.
func (p Point) checkRef(field string) error {
	r := p.Ref
	switch {
	case field == string(At), (field == string(From) || field == "to" || field == string(Between)) && r.Event != "":
		return &FieldError{field, "names a day of its own; on, by, before, after, not_before, during and within can lean on an event"}
	case (field == string(From) || field == "to" || field == string(Between)) && r.Sense != Plain:
		return &FieldError{field, fmt.Sprintf("%q is no day of its own: leave out %q", syntax.Clip(r.String()), r.Sense)}
	case p != Point{Ref: r}, r.bases() != 1, r.Event == "" && r.Edge != AnyEdge, !r.Day.IsZero() && r.Unit == "",
		strings.ContainsAny(r.Event, " .\t\r\n"), r.N < 0 || r.N > MaxDistance,
		r.Unit == "" && (r.N != 0 || r.Back || r.Sense != Plain),
		r.Calendar != "" && (r.Unit != UnitBusinessDays || workday.CheckName(r.Calendar) != nil):
		return &FieldError{field, fmt.Sprintf("%q is no place on a calendar", syntax.Clip(r.String()))}
	}
	return nil
}

// isDay reports whether p is one day: a day, or a place at a distance from one.
func (p Point) isDay() bool {
	if p.Ref.IsZero() {
		return p.Period.IsDay()
	}
	first, last, known := p.Ref.base()
	return !known || first == last
}

// bases counts what r leans on, which is to be one thing.
func (r Ref) bases() (n int) {
	for _, has := range []bool{r.Event != "", !r.Day.IsZero(), r.Holiday != ""} {
		if has {
			n++
		}
	}
	return n
}

// FieldError says which part of an expression is wrong: "to", "tz", "lasts".
type FieldError struct {
	Field string
	Msg   string // one line
}

// Error names the field and says what is wrong with it.
func (e *FieldError) Error() string { return e.Field + ": " + e.Msg }

// String writes p as it is read.
func (p Point) String() string {
	if !p.Ref.IsZero() {
		return p.Ref.String()
	}
	if p.Timed {
		return p.Period.String() + " " + p.Clock.String()
	}
	return p.Period.String()
}

// String writes l as it is read: 5 days, 90 minutes.
func (l Length) String() string {
	n, unit := l.Minutes, "minute"
	switch {
	case l.Days > 0:
		n, unit = l.Days, "day"
	case l.Months > 0:
		n, unit = l.Months, "month"
	case l.Business > 0:
		n, unit = l.Business, strings.TrimLeft(l.Calendar+" business day", " ")
	case l.Minutes > 0 && l.Minutes%60 == 0:
		n, unit = l.Minutes/60, "hour"
	}
	return prose.Count(n, unit)
}

// String writes e in the one form that Parse reads back as the same.
func (e Expr) String() string {
	s := e.Form.Words() + " " + e.A.String()
	switch {
	case e.Form == TBD:
		s = string(TBD)
	case e.Form == Extended:
		s = string(Extended) + " " + e.EDTF
	case e.Form == Between:
		s += " and " + e.B.String()
	case e.Form == From && e.Lasts == (Length{}):
		s += " to " + e.B.String()
	}
	if e.Lasts != (Length{}) {
		s += " lasting " + e.Lasts.String()
	}
	s += e.Recurs.String()
	if e.Loose {
		s = "loosely " + s
	}
	if e.Zone != "" {
		s += " in " + e.Zone
	}
	return s
}

// MarshalText writes e as String does, for the store and for JSON.
func (e Expr) MarshalText() ([]byte, error) { return []byte(e.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (e *Expr) UnmarshalText(b []byte) error {
	got, err := Parse(string(b))
	if err != nil {
		return err
	}
	*e = got
	return nil
}

// IsTBD reports whether e states that nothing is known.
func (e Expr) IsTBD() bool { return e.Form == TBD }

// instant returns p in loc, in UTC.
func (p Point) instant(loc *time.Location) time.Time {
	t, _ := civil.Resolve(p.Period.First(), p.Clock, loc)
	return t
}
