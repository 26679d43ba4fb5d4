package when

import (
	"sync"
	"time"

	"attache/internal/civil"
)

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
	Day   civil.Date // the civil date in the window's zone; zero where this end is open
	At    time.Time  // the instant, UTC; zero unless Timed
	Timed bool
	Soft  bool   // a convention such as the end of autumn, not a stated limit
	By    string // the statement that gave it, "" where nothing did
}

// Known reports whether the bound is there at all.
func (b Bound) Known() bool { return !b.Day.IsZero() }

// Window is what follows from all that was said about a date: the bounds of its
// start and of its end, inclusive. Where the thing does not last longer than
// the day or instant of its start, the bounds of the end are those of the
// start. The zero Window is not valid; Unknown is the one of no date.
//
// Windows are compared part by part: == and reflect.DeepEqual also see whether
// two of them found their zone together.
type Window struct {
	Precision    Precision
	Zone         string // IANA name or offset; civil dates are of this zone
	Earliest     Bound
	Latest       Bound
	EndsEarliest Bound
	EndsLatest   Bound

	lookup *lookup // of Zone; nil in a window that was put together by hand
}

// lookup finds a zone once, when it is first needed, for all copies of a window
// and from any goroutine. To read a zone from its file costs more than all else
// that is done with a window: one of days is worked out without it, and whoever
// asks for instants asks again and again.
type lookup struct {
	name string
	once sync.Once
	loc  *time.Location
}

// location returns the zone, and UTC for one that is unknown: zones are checked
// where they are read.
func (l *lookup) location() *time.Location {
	l.once.Do(func() {
		l.loc = time.UTC
		if loc, err := civil.Zone(l.name); err == nil {
			l.loc = loc
		}
	})
	return l.loc
}

// Zones lets windows of one zone find it together: a zone that is read from its file once
// for each of many events takes a third of all that they take. The zero Zones has none;
// any goroutine may use it.
type Zones struct {
	mu     sync.Mutex
	byName map[string]*lookup
}

// Share returns w, which finds its zone together with all windows that were given before.
func (z *Zones) Share(w Window) Window {
	w.lookup = z.share(w.zone())
	return w
}

// ShareSeries does for a series what Share does for a window.
func (z *Zones) ShareSeries(s Series) Series {
	if s.zone != nil {
		s.zone = z.share(s.zone)
	}
	return s
}

// share returns the lookup of the zone of l that was given first.
func (z *Zones) share(l *lookup) *lookup {
	z.mu.Lock()
	defer z.mu.Unlock()
	if known, ok := z.byName[l.name]; ok {
		return known
	}
	if z.byName == nil {
		z.byName = make(map[string]*lookup)
	}
	z.byName[l.name] = l
	return l
}

// Unknown returns the window of a date of which nothing is known.
func Unknown(zone string) Window {
	return Window{Precision: None, Zone: zone, lookup: &lookup{name: zone}}
}

// Location returns the zone of w. A zone that is unknown is UTC: zones are
// checked where they are read.
func (w Window) Location() *time.Location { return w.zone().location() }

// zone returns the lookup of w, and a new one where w has none for its zone.
func (w Window) zone() *lookup {
	if w.lookup == nil || w.lookup.name != w.Zone {
		return &lookup{name: w.Zone}
	}
	return w.lookup
}

// Start returns the first instant at which it can begin, UTC, and false where
// that is open.
func (w Window) Start() (time.Time, bool) { return w.begin(w.Earliest), w.Earliest.Known() }

// LatestStart returns the last instant at which it can begin or, for dates with
// no time of day, the beginning of the last day; false where that is open.
func (w Window) LatestStart() (time.Time, bool) { return w.begin(w.Latest), w.Latest.Known() }

// End returns the first instant at which it is over for certain, UTC: the end of
// its last possible day, or the instant itself. It is false where that is open.
func (w Window) End() (time.Time, bool) {
	b := w.EndsLatest
	if b.Known() && !b.Timed {
		b.Day = b.Day.AddDays(1)
	}
	return w.begin(b), b.Known()
}

// begin returns the first instant of a bound of w, and the zero time for none.
func (w Window) begin(b Bound) time.Time {
	if !b.Known() || b.Timed {
		return b.At
	}
	return b.Day.Start(w.Location())
}

// Settled reports whether the day is known.
func (w Window) Settled() bool {
	return w.Precision == Instant || w.Precision == OneDay || w.Precision == Span
}

// Lasts reports whether it goes on beyond the day or instant of its start.
func (w Window) Lasts() bool {
	return w.EndsLatest.Known() && !w.EndsLatest.Same(w.Latest) || w.EndsEarliest.Known() && !w.EndsEarliest.Same(w.Earliest)
}

// Same reports whether b and o are the same day or the same instant, whatever gave them.
func (b Bound) Same(o Bound) bool {
	return b.Day == o.Day && b.Timed == o.Timed && b.At.Equal(o.At)
}

// Before reports whether b lies before o: by their instants where both have one, and else
// by their days.
func (b Bound) Before(o Bound) bool {
	if b.Timed && o.Timed {
		return b.At.Before(o.At)
	}
	return b.Day.Before(o.Day)
}

// Window returns what e alone allows. zone is the event's, for expressions that
// name none; by is the name of the statement, for the bounds it returns. What leans
// on another event allows anything alone: see Against. What comes again has the window
// of the first time: see Series.
func (e Expr) Window(zone, by string) Window {
	w := e.strict(zone, by)
	if e.within() && e.LeansOn() == "" {
		w = e.Lasts.inside(w)
	}
	if e.Loose {
		for _, b := range []*Bound{&w.Earliest, &w.Latest, &w.EndsEarliest, &w.EndsLatest} {
			b.Soft = b.Known()
		}
	}
	return w
}

// strict returns what e allows if its bounds were all stated.
func (e Expr) strict(zone, by string) Window {
	if e.Zone != "" {
		zone = e.Zone
	}
	if s, ok := e.Series(zone, by); ok {
		if first, ok := s.Start(); ok {
			return first.Window
		}
		return Unknown(s.Zone)
	}
	switch {
	case !e.A.Ref.IsZero() && e.Form != Between && e.Form != From:
		return e.fromDay(civil.ZoneName(zone), by)
	case e.Form == Extended:
		return e.hull(civil.ZoneName(zone), by)
	}
	w := Unknown(civil.ZoneName(zone))
	switch e.Form {
	case On, Between:
		e.someDay(&w, by)
	case At, From:
		e.span(&w, by)
	case By, EndsBy:
		w.Latest = dayBound(e.A.Period.Last(), e.A.Period, by)
	case Before:
		w.Latest = dayBound(e.A.Period.Begins().AddDays(-1), e.A.Period, by)
	case After:
		w.Earliest = dayBound(e.A.Period.Ends().AddDays(1), e.A.Period, by)
	case NotBefore:
		w.Earliest = dayBound(e.A.Period.First(), e.A.Period, by)
	}
	if !w.EndsLatest.Known() {
		return w.mirrored()
	}
	return w.Refined()
}

func dayBound(d civil.Date, p civil.Period, by string) Bound {
	return Bound{Day: d, Soft: p.Soft(), By: by}
}

// Days returns the first and the last day that A of e can mean; none where it leans on an
// event.
func (e Expr) Days() (first, last civil.Date) {
	first, last, _ = e.A.stretch()
	return first, last
}

func (e Expr) someDay(w *Window, by string) {
	last := e.A
	if e.Form == Between {
		last = e.B
	}
	lo, _, softLo := e.A.stretch()
	_, hi, softHi := last.stretch()
	w.Earliest = Bound{Day: lo, Soft: softLo, By: by}.orOpen()
	w.Latest = Bound{Day: hi, Soft: softHi, By: by}.orOpen()
}

// orOpen returns no bound at all where b has no day.
func (b Bound) orOpen() Bound {
	if b.Day.IsZero() {
		return Bound{}
	}
	return b
}

// span bounds what begins at one known day or instant and ends at another.
func (e Expr) span(w *Window, by string) {
	if e.A.Timed {
		w.Earliest, w.EndsEarliest = e.instants(w.Location(), by)
	} else {
		first, _, softFirst := e.A.stretch()
		_, end, softEnd := e.B.stretch()
		if e.B == (Point{}) && !first.IsZero() {
			end, softEnd = e.Lasts.last(first)
		}
		w.Earliest = Bound{Day: first, Soft: softFirst, By: by}.orOpen()
		w.EndsEarliest = Bound{Day: end, Soft: softEnd, By: by}.orOpen()
	}
	w.Latest, w.EndsLatest = w.Earliest, w.EndsEarliest
}

// instants returns the two ends of what has a time of day. The end is never
// before the beginning, even where a clock change skips the one and not the
// other: from 02:45 to 03:15 begins, in the night of the gap, at 03:45.
func (e Expr) instants(loc *time.Location, by string) (begin, end Bound) {
	from := e.A.instant(loc)
	to := from.Add(time.Duration(e.Lasts.Minutes) * time.Minute)
	if e.B.Timed {
		to = e.B.instant(loc)
	}
	if to.Before(from) {
		to = from
	}
	return timedBound(from, loc, by), timedBound(to, loc, by)
}

func timedBound(t time.Time, loc *time.Location, by string) Bound {
	return Bound{Day: civil.DateOf(t, loc), At: t, Timed: true, By: by}
}

// mirrored returns w with the bounds of its end where they are those of its start.
func (w Window) mirrored() Window {
	w.EndsEarliest, w.EndsLatest = w.Earliest, w.Latest
	return w.Refined()
}

// Refined returns w with the precision that its bounds have.
func (w Window) Refined() Window {
	w.Precision = w.precision()
	return w
}

// precision reads off how finely the bounds of w settle it.
func (w Window) precision() Precision {
	lo, hi, end := w.Earliest, w.Latest, w.EndsLatest
	switch {
	case !lo.Known() && !hi.Known():
		return None
	case lo.Day != hi.Day:
		return SomeDay
	case lo.Timed && lo.Same(hi):
		return Instant
	case end.Known() && end.Day != hi.Day:
		return Span
	}
	return OneDay
}
