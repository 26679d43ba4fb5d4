package when

import "time"

// Precision says how finely a date is known.
type Precision string

// The precisions, from the finest.
const (
	Instant Precision = "instant" // at a time of day
	OneDay  Precision = "day"     // on a day, the hour not known
	Span    Precision = "span"    // lasts over several days
	SomeDay Precision = "window"  // on some day between two, or before or after one
	None    Precision = "none"    // nothing known
)

// Bound is one end of what is possible.
type Bound struct {
	Day   Date      // the civil date in the window's zone; zero where this end is open
	At    time.Time // the instant, UTC; zero unless Timed
	Timed bool
	Soft  bool   // a convention such as the end of autumn, not a stated limit
	By    string // the statement that gave it, "" where nothing did
}

// Known says whether the bound is there at all.
func (b Bound) Known() bool { return !b.Day.IsZero() }

// Window is what follows from all that was said about a date: the bounds of its
// start and of its end, inclusive. Where the thing does not last longer than
// the day or instant of its start, the bounds of the end are those of the
// start. The zero Window is not valid; Unknown is the one of no date.
type Window struct {
	Precision    Precision
	Zone         string // IANA name or offset; civil dates are of this zone
	Earliest     Bound
	Latest       Bound
	EndsEarliest Bound
	EndsLatest   Bound
}

// Unknown gives the window of a date of which nothing is known.
func Unknown(zone string) Window { return Window{Precision: None, Zone: zone} }

// Location gives the zone of w. A zone that is unknown is UTC: zones are
// checked where they are read.
func (w Window) Location() *time.Location {
	loc, err := Zone(w.Zone)
	if err != nil {
		return time.UTC
	}
	return loc
}

// Start gives the first instant at which it can begin, UTC, and false where
// that is open.
func (w Window) Start() (time.Time, bool) {
	return w.Earliest.begin(w.Location()), w.Earliest.Known()
}

// LatestStart gives the last instant at which it can begin or, for dates with
// no time of day, the beginning of the last day; false where that is open.
func (w Window) LatestStart() (time.Time, bool) {
	return w.Latest.begin(w.Location()), w.Latest.Known()
}

// End gives the first instant at which it is over for certain, UTC: the end of
// its last possible day, or the instant itself. It is false where that is open.
func (w Window) End() (time.Time, bool) {
	b := w.EndsLatest
	if b.Known() && !b.Timed {
		return b.Day.AddDays(1).Start(w.Location()), true
	}
	return b.begin(w.Location()), b.Known()
}

func (b Bound) begin(loc *time.Location) time.Time {
	switch {
	case !b.Known():
		return time.Time{}
	case b.Timed:
		return b.At
	}
	return b.Day.Start(loc)
}

// Settled says whether the day is known.
func (w Window) Settled() bool {
	return w.Precision == Instant || w.Precision == OneDay || w.Precision == Span
}

// Lasts says whether it goes on beyond the day or instant of its start.
func (w Window) Lasts() bool {
	return w.EndsLatest.Known() && (w.EndsLatest.Day != w.Latest.Day || !w.EndsLatest.At.Equal(w.Latest.At))
}

// Window gives what e alone allows. zone is the event's, for expressions that
// name none; by is the name of the statement, for the bounds it gives.
func (e Expr) Window(zone, by string) Window {
	if e.Zone != "" {
		zone = e.Zone
	}
	w := Window{Zone: zone}
	loc := w.Location()
	if loc != time.UTC {
		w.Zone = loc.String()
	}
	switch e.Form {
	case On, Between:
		e.someDay(&w, by)
	case At, From:
		e.span(&w, loc, by)
	case By:
		w.Latest = dayBound(e.A.Period.Last(), e.A.Period, by)
	case Before:
		w.Latest = dayBound(e.A.Period.First().AddDays(-1), e.A.Period, by)
	case After:
		w.Earliest = dayBound(e.A.Period.Last().AddDays(1), e.A.Period, by)
	case NotBefore:
		w.Earliest = dayBound(e.A.Period.First(), e.A.Period, by)
	}
	if !w.EndsLatest.Known() {
		w.EndsEarliest, w.EndsLatest = w.Earliest, w.Latest
	}
	w.Precision = w.precision()
	return w
}

func dayBound(d Date, p Period, by string) Bound { return Bound{Day: d, Soft: p.Soft(), By: by} }

func (e Expr) someDay(w *Window, by string) {
	last := e.A.Period
	if e.Form == Between {
		last = e.B.Period
	}
	w.Earliest = dayBound(e.A.Period.First(), e.A.Period, by)
	w.Latest = dayBound(last.Last(), last, by)
}

// span bounds what begins at one known day or instant and ends at another.
func (e Expr) span(w *Window, loc *time.Location, by string) {
	if !e.A.Timed {
		first, last := e.A.Period.First(), e.B.Period
		end := first.AddDays(max(e.Lasts.Days, 1) - 1)
		if !last.IsZero() {
			end = last.Last()
		}
		w.Earliest, w.EndsEarliest = Bound{Day: first, By: by}, Bound{Day: end, By: by}
	} else {
		at := e.A.instant(loc)
		end := at.Add(time.Duration(e.Lasts.Minutes) * time.Minute)
		if e.B.Timed {
			end = e.B.instant(loc)
		}
		w.Earliest, w.EndsEarliest = timedBound(at, loc, by), timedBound(end, loc, by)
	}
	w.Latest, w.EndsLatest = w.Earliest, w.EndsEarliest
}

func timedBound(t time.Time, loc *time.Location, by string) Bound {
	return Bound{Day: DateOf(t, loc), At: t, Timed: true, By: by}
}

// precision reads off how finely the bounds of w settle it.
func (w Window) precision() Precision {
	switch {
	case !w.Earliest.Known() && !w.Latest.Known():
		return None
	case w.Earliest.Day != w.Latest.Day || !w.Earliest.At.Equal(w.Latest.At):
		return SomeDay
	case w.Earliest.Timed && w.Latest.Timed:
		return Instant
	case w.EndsLatest.Day != w.Latest.Day:
		return Span
	}
	return OneDay
}

// Intersect gives what both w and o allow, in the zone of w. ok is false where
// they exclude each other; the window is then not to be used.
func (w Window) Intersect(o Window) (both Window, ok bool) {
	both = w
	if both.Precision == None || !both.Earliest.Known() && !both.Latest.Known() {
		both.Zone = o.Zone
	}
	both.Earliest = later(w.Earliest, o.Earliest)
	both.Latest = earlier(w.Latest, o.Latest)
	both.EndsEarliest = later(w.EndsEarliest, o.EndsEarliest)
	both.EndsLatest = earlier(w.EndsLatest, o.EndsLatest)
	if w.Lasts() != o.Lasts() { // the one that lasts says when it ends
		l := w
		if o.Lasts() {
			l = o
		}
		both.EndsEarliest, both.EndsLatest = l.EndsEarliest, l.EndsLatest
	}
	both.Precision = both.precision()
	return both, !crossed(both.Earliest, both.Latest) && !crossed(both.EndsEarliest, both.EndsLatest)
}

// crossed says whether nothing lies between two bounds.
func crossed(lo, hi Bound) bool {
	if !lo.Known() || !hi.Known() {
		return false
	}
	if lo.Timed && hi.Timed {
		return hi.At.Before(lo.At)
	}
	return hi.Day.Before(lo.Day)
}

// later gives the stricter of two lower bounds; on the same day the finer.
func later(a, b Bound) Bound {
	if !a.Known() || b.Known() && (b.Day.After(a.Day) || b.Day == a.Day && b.Timed && (!a.Timed || b.At.After(a.At))) {
		return b
	}
	return a
}

// earlier gives the stricter of two upper bounds; on the same day the finer.
func earlier(a, b Bound) Bound {
	if !a.Known() || b.Known() && (b.Day.Before(a.Day) || b.Day == a.Day && b.Timed && (!a.Timed || b.At.Before(a.At))) {
		return b
	}
	return a
}
