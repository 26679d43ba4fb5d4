package when

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"attache/internal/civil"
	"attache/internal/prose"
	"attache/internal/recur"
	"attache/internal/syntax"
	"attache/internal/workday"
)

// Recurs says that something comes again. The zero Recurs is once only. Its parts are
// texts in the one way in which each is written, so that an Expr can be compared.
type Recurs struct {
	Rule   string // RFC 5545 §3.3.10, as Rule.String writes it
	Except string // days on which the rule does not hold: 2026-03-06, 2026-04-03, holidays(EU)
	Also   string // days on which it comes besides, with a time of day where it has one
}

// IsZero reports whether it comes once only.
func (r Recurs) IsZero() bool { return r == Recurs{} }

// maxListed is how many days except and also may list.
const maxListed = 1000

// NewRecurs makes a Recurs of a rule and the days that differ from it. except are days;
// also are days too, and with a time of day where the series has one, each in the zone
// of the same index, "" for that of the series.
func NewRecurs(r recur.Rule, except []civil.Date, also []Point, zones []string) Recurs {
	out := Recurs{Rule: r.String()}
	var days, points []string
	for _, d := range except {
		days = append(days, d.String())
	}
	for i, p := range also {
		s := p.String()
		if i < len(zones) && zones[i] != "" {
			s += " " + zones[i]
		}
		points = append(points, s)
	}
	out.Except, out.Also = inOrder(days), inOrder(points)
	return out
}

// But returns r without the days that are holidays of a calendar.
func (r Recurs) But(calendar string) Recurs {
	r.Except = inOrder(append(items(r.Except), holidaysOf(calendar)))
	return r
}

// allHolidays begins what stands for all holidays of a calendar.
const allHolidays = "holidays("

func holidaysOf(calendar string) string { return allHolidays + calendar + ")" }

// ParseHolidays returns the name of the calendar all of whose holidays text stands for:
// holidays(EU). It is "" for holidays alone, and false where text is neither.
func ParseHolidays(text string) (calendar string, ok bool) {
	rest := strings.TrimSpace(text)
	if len(rest) < len("holidays") || !strings.EqualFold(rest[:len("holidays")], "holidays") {
		return "", false
	}
	if rest = strings.TrimSpace(rest[len("holidays"):]); rest == "" {
		return "", true
	}
	calendar, open := strings.CutPrefix(rest, "(")
	calendar, closed := strings.CutSuffix(calendar, ")")
	return strings.TrimSpace(calendar), open && closed
}

// inOrder joins texts, sorted and each once.
func inOrder(list []string) string {
	slices.Sort(list)
	return strings.Join(slices.Compact(list), ", ")
}

// String writes r as it is read behind a date.
func (r Recurs) String() string {
	if r.IsZero() {
		return ""
	}
	out := " recurring " + r.Rule
	if r.Except != "" {
		out += " except " + r.Except
	}
	if r.Also != "" {
		out += " also " + r.Also
	}
	return out
}

// excepted returns the days of Except, and the calendars whose holidays are.
func (r Recurs) excepted() (days []civil.Date, calendars []string, err error) {
	for _, s := range items(r.Except) {
		if name, ok := ParseHolidays(s); ok {
			if name == "" {
				return nil, nil, errors.New("holidays of which calendar? write holidays(EU)")
			}
			if err := workday.CheckName(name); err != nil {
				return nil, nil, err
			}
			calendars = append(calendars, name)
			continue
		}
		d, err := civil.ParseDate(s)
		if err != nil {
			return nil, nil, err
		}
		days = append(days, d)
	}
	return days, calendars, nil
}

// extra is a day of Also, and the zone of its time of day, "" for that of the series.
type extra struct {
	Point
	zone string
}

func (r Recurs) extras() ([]extra, error) {
	var out []extra
	for _, s := range items(r.Also) {
		p, zone, err := ParseInstant(s)
		if err != nil {
			return nil, err
		}
		if zone != "" {
			if _, err := civil.Zone(zone); err != nil {
				return nil, err
			}
		}
		out = append(out, extra{p, zone})
	}
	return out, nil
}

func items(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ", ")
}

// checkRecurs reports what is wrong with how e comes again.
func (e Expr) checkRecurs() error {
	r := e.Recurs
	switch {
	case r.IsZero():
		return nil
	case r.Rule == "" && r.Except != "":
		return &FieldError{"except", "goes with recurs: a date that comes once has no days to leave out"}
	case r.Rule == "":
		return &FieldError{"also", "goes with recurs: write when as a list for several statements of one date"}
	case e.Form != On && e.Form != At && e.Form != From, !e.A.Ref.IsZero(), !e.B.Ref.IsZero(), !e.A.Period.IsDay(), e.Loose:
		return &FieldError{"recurs", "needs a first day of its own: state it with on, at or from"}
	}
	rule, err := recur.ParseRule(r.Rule)
	switch u := rule.Until(); {
	case err != nil:
		return &FieldError{"recurs", err.Error()}
	case rule.String() != r.Rule:
		return &FieldError{"recurs", fmt.Sprintf("%q is written %s", syntax.Clip(r.Rule), rule)}
	case !e.A.Timed && !u.At.IsZero():
		return &FieldError{"recurs", fmt.Sprintf("UNTIL is a day where the series has no time of day: write UNTIL=%s", u.At.Format("20060102"))}
	case !u.Day.IsZero() && u.Day.Before(e.A.Period.First()), !u.At.IsZero() && u.At.Before(civil.Naive(e.A.Period.First(), e.A.Clock).Add(-civil.Reach)):
		return &FieldError{"recurs", fmt.Sprintf("it ends %s, before it begins %s", u, e.A)}
	}
	if err := e.checkListed(); err != nil {
		return err
	}
	return e.checkComes(rule)
}

// checkListed checks the days that differ from the rule.
func (e Expr) checkListed() error {
	r := e.Recurs
	except, calendars, err := r.excepted()
	if err != nil {
		return &FieldError{"except", err.Error()}
	}
	also, err := r.extras()
	switch {
	case err != nil:
		return &FieldError{"also", err.Error()}
	case len(except) > maxListed:
		return &FieldError{"except", fmt.Sprintf("lists %d days: %d are the most", len(except), maxListed)}
	case len(also) > maxListed:
		return &FieldError{"also", fmt.Sprintf("lists %d days: %d are the most", len(also), maxListed)}
	}
	var points []Point
	var zones []string
	for _, x := range also {
		switch {
		case !x.Period.IsDay():
			return &FieldError{"also", fmt.Sprintf("%q is not a day: a series comes on days", x.Point)}
		case x.Timed && !e.A.Timed:
			return &FieldError{"also", fmt.Sprintf("%q has a time of day and the series has none", x.Point)}
		case e.A.Timed && !x.Timed:
			return &FieldError{"also", fmt.Sprintf("%q has no time of day: write it as %s %s", x.Point, x.Point, e.A.Clock)}
		case x.Period.First().Before(e.A.Period.First()):
			return &FieldError{"also", fmt.Sprintf("%s lies before the series begins, %s: begin it there", x.Point, e.A)}
		}
		points, zones = append(points, x.Point), append(zones, x.zone)
	}
	again := NewRecurs(recur.Rule{}, except, points, zones)
	for _, name := range calendars {
		again = again.But(name)
	}
	if again.Except != r.Except || again.Also != r.Also {
		return &FieldError{"recurs", "except and also list each day once, in order"}
	}
	return nil
}

// mostYears is how far ahead the first day of a rule is looked for: it spans every
// combination of leap years and days of the week but one.
const mostYears = 40

// checkComes reports that no day is as the rule asks for: 30 February.
func (e Expr) checkComes(rule recur.Rule) error {
	first := civil.Naive(e.A.Period.First(), e.A.Clock)
	if !rule.Comes(first, first.AddDate(mostYears, 0, 0)) {
		return &FieldError{"recurs", fmt.Sprintf("no day is as %s says, from %s on", rule, e.A)}
	}
	return nil
}

// recurring reads what stands behind a date that comes again.
func (p *parser) recurring(e *Expr) error {
	if !p.take("recurring") {
		return nil
	}
	if len(p.words) == 0 {
		return syntax.Errorf(p.offset(), "a rule is missing behind recurring: write one as FREQ=MONTHLY;BYDAY=1FR")
	}
	w := p.words[0]
	p.words = p.words[1:]
	rule, err := recur.ParseRule(w.Text)
	if err != nil {
		return syntax.Shift(err, w.At)
	}
	e.Recurs.Rule = rule.String()
	if p.take("except") {
		e.Recurs.Except = p.listing("also", "in")
	}
	if p.take("also") {
		e.Recurs.Also = p.listing("in")
	}
	return nil
}

// listing takes the words up to one of those that end it.
func (p *parser) listing(ends ...string) string {
	n := slices.IndexFunc(p.words, func(w syntax.Word) bool { return slices.Contains(ends, w.Text) })
	if n < 0 {
		n = len(p.words)
	}
	var out []string
	for _, s := range strings.Split(syntax.Join(p.words[:n]), ",") {
		s = strings.TrimSpace(s)
		if name, ok := ParseHolidays(s); ok && name != "" {
			s = holidaysOf(name)
		}
		out = append(out, s)
	}
	p.words = p.words[n:]
	return inOrder(out)
}

// Words returns how s comes again: "every week on Tuesday, except holidays of EU".
func (s Series) Words() string {
	return strings.TrimPrefix(strings.TrimPrefix(s.recurs.words(s.First), ", "), "then ")
}

// words returns how r comes again after its first day, for people.
func (r Recurs) words(first time.Time) string {
	rule, err := recur.ParseRule(r.Rule)
	if err != nil {
		return ""
	}
	out := ""
	if rule.Count() != 1 { // else its days are listed
		out = ", then " + rule.Words()
	}
	if skips := rule.Skips(first); skips != "" {
		out += ", but not in " + skips
	}
	days, calendars, _ := r.excepted()
	except := each(days, civil.Short)
	if len(except) > mostNamed {
		except = []string{fmt.Sprintf("%d days", len(except))}
	}
	if except = append(except, each(calendars, func(name string) string { return "holidays of " + name })...); len(except) > 0 {
		out += ", except " + prose.List(except, "and")
	}
	also, _ := r.extras()
	if n := len(also); n > mostNamed {
		out += fmt.Sprintf(", and %d days besides", n)
	} else if n > 0 {
		out += ", and besides on " + prose.List(each(also, extra.words), "and")
	}
	return out
}

// mostNamed is how many days are named one by one.
const mostNamed = 3

func each[T any](list []T, words func(T) string) []string {
	var out []string
	for _, x := range list {
		out = append(out, words(x))
	}
	return out
}

func (x extra) words() string {
	s := civil.Short(x.Period.First())
	if x.Timed {
		s += ", " + x.Clock.String()
	}
	if x.zone != "" {
		s += " " + civil.Place(civil.ZoneName(x.zone))
	}
	return s
}

// byStart orders wall-clock times.
func byStart(a, b time.Time) int { return cmp.Compare(a.Unix(), b.Unix()) }
