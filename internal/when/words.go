package when

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"attache/internal/civil"
	"attache/internal/prose"
)

// Words returns w as one would say it: "Sat 1 Nov 2025", "26–30 Oct 2025", "some
// day from 1 Jan to 16 Feb 2026", "no date yet". Civil dates are of the zone of
// w; only instants name it.
func (w Window) Words() string {
	lo, hi := w.Earliest, w.Latest
	switch {
	case w.Precision == Instant:
		return w.instantWords()
	case w.Precision == Span && w.EndsLatest.Known():
		return civil.Range(lo.Day, w.EndsLatest.Day, "–")
	case w.Settled():
		return civil.Long(lo.Day)
	case w.Days() > 0:
		return w.daysWords()
	case lo.Known() && hi.Known() && w.Lasts() && w.EndsLatest.Known():
		return "some time from " + civil.Range(lo.Day, w.EndsLatest.Day, " to ")
	case lo.Known() && hi.Known():
		return "some day from " + civil.Range(lo.Day, hi.Day, " to ")
	case hi.Known():
		return "on or before " + civil.Short(hi.Day)
	case lo.Known():
		return "on or after " + civil.Short(lo.Day)
	}
	return "no date yet"
}

// daysWords returns how long something lasts and when it can.
func (w Window) daysWords() string {
	lo, hi := w.Earliest, w.EndsLatest
	days := prose.Count(w.Days(), "day")
	switch {
	case lo.Known() && hi.Known():
		return days + ", some time from " + civil.Range(lo.Day, hi.Day, " to ")
	case hi.Known():
		return days + ", over on or before " + civil.Short(hi.Day)
	}
	return days + ", on or after " + civil.Short(lo.Day)
}

func (w Window) instantWords() string {
	loc := w.Location()
	at, end := w.Earliest.At.In(loc), w.EndsLatest.At.In(loc)
	switch {
	case !w.Lasts():
		return fmt.Sprintf("%s, %s %s", civil.Long(w.Earliest.Day), at.Format("15:04"), civil.Place(w.Zone))
	case !w.EndsLatest.Timed:
		return fmt.Sprintf("%s, %s %s, to %s", civil.Long(w.Earliest.Day), at.Format("15:04"), civil.Place(w.Zone), civil.Long(w.EndsLatest.Day))
	case civil.DateOf(end, loc) == w.Earliest.Day:
		return fmt.Sprintf("%s, %s–%s %s", civil.Long(w.Earliest.Day), at.Format("15:04"), end.Format("15:04"), civil.Place(w.Zone))
	}
	return fmt.Sprintf("%s, %s to %s, %s %s", civil.Long(w.Earliest.Day), at.Format("15:04"), civil.Long(civil.DateOf(end, loc)), end.Format("15:04"), civil.Place(w.Zone))
}

// Words returns e as one would say it, with the season or month named where that
// is what was stated: "autumn 2026".
func (e Expr) Words() string {
	if e.within() && !e.plainWindow() {
		once := e
		once.Lasts = Length{}
		return once.Words() + ", lasting " + e.Lasts.String()
	}
	if s, ok := e.Series("UTC", ""); ok {
		once := s.once(s.First)
		if first, ok := s.Start(); ok {
			once = s.once(first.Wall)
		}
		return once.Words() + e.Recurs.words(s.First)
	}
	switch e.Form {
	case TBD:
		return "no date yet"
	case Extended:
		return e.extendedWords()
	case On:
		if !e.A.plainDay() {
			return e.A.words()
		}
	case By, Before, After, NotBefore, EndsBy, During, Within:
		return e.Form.Words() + " " + e.A.words()
	case Between:
		if !e.A.plainDay() || !e.B.plainDay() {
			return "between " + e.A.words() + " and " + e.B.words()
		}
	case From:
		switch {
		case e.A.Ref.IsZero() && e.B.Ref.IsZero():
		case e.B == (Point{}):
			return "from " + e.A.words() + ", lasting " + e.Lasts.String()
		default:
			return "from " + e.A.words() + " to " + e.B.words()
		}
	}
	words := e.Window("UTC", "").Words()
	if e.Zone == "" && e.A.Timed { // its zone is the event's, which is not known here
		return strings.TrimSuffix(words, " UTC")
	}
	return words
}

// plainWindow reports whether e is from one day to another, which its window says best.
func (e Expr) plainWindow() bool { return e.Form == Between && e.A.plainDay() && e.B.plainDay() }

// plainDay reports whether p is a day of its own.
func (p Point) plainDay() bool { return p.Ref.IsZero() && p.Period.IsDay() }

// words returns a point without a time of day as one would say it.
func (p Point) words() string {
	if p.Ref.IsZero() {
		return p.Period.Words()
	}
	return p.Ref.Words()
}

// mostEither is how many days are named of which something takes place on one.
const mostEither = 8

// Either returns the days or periods of which something takes place on one, as Expr.Options
// writes them, as one would say it: "14 or 21 Mar 2026". Of very many it is "".
func Either(options []string) string {
	if len(options) > mostEither {
		return ""
	}
	names := make([]string, len(options))
	var next civil.Date // whose month and year need no word before it
	for i, o := range slices.Backward(options) {
		p, err := civil.ParsePeriod(strings.TrimRight(o, "?~%"))
		first, last, stretch := strings.Cut(o, "..")
		a, noFirst := civil.ParseDate(first)
		b, noLast := civil.ParseDate(last)
		switch {
		case err == nil && p.IsDay() && p.First().Year == next.Year && p.First().Month == next.Month:
			names[i] = strconv.Itoa(p.First().Day)
		case err == nil && p.IsDay() && p.First().Year == next.Year:
			names[i] = civil.DayMonth(p.First())
		case err == nil:
			names[i] = p.Words()
		case stretch && noFirst == nil && noLast == nil:
			names[i] = civil.Range(a, b, " to ")
		default:
			return ""
		}
		if next = (civil.Date{}); err == nil && p.IsDay() {
			next = p.First()
		}
	}
	return prose.List(names, "or")
}
