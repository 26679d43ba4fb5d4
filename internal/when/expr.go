package when

import (
	"fmt"
	"strings"
	"time"
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
)

// Point is a place on the calendar that a person named: a period, or a day with
// a time of day.
type Point struct {
	Period Period
	Clock  Clock
	Timed  bool // whether Clock counts
}

// Length is how long something lasts.
type Length struct {
	Days    int // calendar days, the first one counted
	Minutes int // elapsed time, for points with a time of day
}

// Expr is one thing said about a date, before anything is inferred from it. The
// zero Expr is not valid; TBD says that nothing is known.
type Expr struct {
	Form  Form
	A, B  Point  // B only with From and Between
	Lasts Length // instead of B, with From and At
	Zone  string // as the person wrote it, see Zone; "" is the event's own
}

// Check says what no calendar can hold: ends before beginnings, a span whose
// ends are no days, a zone that does not exist. The error is a *FieldError.
func (e Expr) Check() error {
	if e.Zone != "" {
		if _, err := Zone(e.Zone); err != nil {
			return &FieldError{"tz", err.Error()}
		}
	}
	switch e.Form {
	case TBD:
		return nil
	case On, At, By, Before, After, NotBefore:
		if e.Form == At && !e.A.Timed {
			return &FieldError{"at", fmt.Sprintf("%q has no time of day: write it as %s 09:00, or use on", e.A, e.A)}
		}
		return e.checkTimed()
	case From:
		if !e.A.Period.IsDay() {
			return &FieldError{"from", fmt.Sprintf("%q is not a day: a span begins on a day; use between for some day of a longer time", e.A)}
		}
		return e.checkEnds("from", "to")
	case Between:
		return e.checkEnds("between", "between")
	}
	return &FieldError{string(e.Form), fmt.Sprintf("%q is no way to state a date", e.Form)}
}

func (e Expr) checkTimed() error {
	if e.A.Timed && e.Form != At && e.Form != From {
		return &FieldError{string(e.Form), fmt.Sprintf("%q has a time of day: use at for an instant", e.A)}
	}
	return nil
}

func (e Expr) checkEnds(first, last string) error {
	switch {
	case e.Form == From && e.Lasts != (Length{}):
		if (e.Lasts.Minutes > 0) != e.A.Timed {
			return &FieldError{"lasts", "days go with a day, hours with a time of day"}
		}
		return nil
	case e.B.Period.IsZero():
		return &FieldError{first, "has no end: add to or lasts"}
	case e.Form == From && !e.B.Period.IsDay():
		return &FieldError{last, fmt.Sprintf("%q is not a day: a span ends on a day", e.B)}
	case e.A.Timed != e.B.Timed || (e.A.Timed && e.Form == Between):
		return &FieldError{last, fmt.Sprintf("%q and %q are not of one kind: give both a time of day, or neither", e.A, e.B)}
	case e.B.Period.Last().Before(e.A.Period.First()),
		e.A.Timed && e.A.Period == e.B.Period && e.B.Clock.before(e.A.Clock):
		return &FieldError{last, fmt.Sprintf("it ends %s, before it begins %s", e.B, e.A)}
	}
	return nil
}

func (c Clock) before(o Clock) bool { return c.seconds() < o.seconds() }

func (c Clock) seconds() int { return c.Hour*3600 + c.Minute*60 + c.Second }

// FieldError says which part of an expression is wrong: "to", "tz", "lasts".
type FieldError struct {
	Field string
	Msg   string // one line
}

// Error names the field and says what is wrong with it.
func (e *FieldError) Error() string { return e.Field + ": " + e.Msg }

// String writes p as it is read.
func (p Point) String() string {
	if p.Timed {
		return p.Period.String() + " " + p.Clock.String()
	}
	return p.Period.String()
}

// String writes l as it is read: 5 days, 90 minutes.
func (l Length) String() string {
	switch {
	case l.Days == 1:
		return "1 day"
	case l.Days > 0:
		return fmt.Sprintf("%d days", l.Days)
	case l.Minutes > 0 && l.Minutes%60 == 0:
		return fmt.Sprintf("%d hours", l.Minutes/60)
	}
	return fmt.Sprintf("%d minutes", l.Minutes)
}

// String writes e in the one form that Parse reads back as the same.
func (e Expr) String() string {
	var s string
	switch e.Form {
	case TBD:
		return "tbd"
	case From, Between:
		s = e.ends()
	default:
		s = strings.ReplaceAll(string(e.Form), "_", " ") + " " + e.A.String()
		if e.Lasts != (Length{}) {
			s += " lasting " + e.Lasts.String()
		}
	}
	if e.Zone != "" {
		s += " in " + e.Zone
	}
	return s
}

func (e Expr) ends() string {
	switch {
	case e.Form == Between:
		return "between " + e.A.String() + " and " + e.B.String()
	case e.Lasts != (Length{}):
		return "from " + e.A.String() + " lasting " + e.Lasts.String()
	}
	return "from " + e.A.String() + " to " + e.B.String()
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

// IsTBD says whether e states that nothing is known.
func (e Expr) IsTBD() bool { return e.Form == TBD }

// instant gives p in loc, in UTC.
func (p Point) instant(loc *time.Location) time.Time {
	t, _ := Resolve(p.Period.First(), p.Clock, loc)
	return t
}
