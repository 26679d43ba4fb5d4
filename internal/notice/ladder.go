package notice

import (
	"slices"
	"time"

	"attache/internal/agenda"
	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/when"
)

// beforeDate plans the ladder before a settled date. A deadline with no hour counts
// from the start of its day, and hours before an unknown hour mean nothing:
// such leads are left out.
func beforeDate(e agenda.Entry, r Rules) []Notice {
	start, _ := e.Window.Start()
	var out []Notice
	for _, l := range r.rungs(e) {
		if due, ok := r.before(l, e, e.Window.Earliest); ok {
			n := newNotice(e, Reminder, l, TheDate, e.Window.Earliest, due)
			n.Expires = expiry(e.Window, start)
			out = append(out, n)
		}
	}
	return out
}

// rungs returns the ladder of e, with the last safe day of a deadline as its last rung:
// on that day something can still be done. A ladder that is the event's own is taken
// at its word.
func (r Rules) rungs(e agenda.Entry) []Lead {
	ladder := r.ladder(e)
	if e.Kind != event.Deadline || e.Remind != nil || len(ladder) == 0 {
		return ladder
	}
	last := Lead{Unit: Days}
	switch b := e.Window.Earliest; {
	case atMidnight(e):
		if !r.morning(r.day(b)).Before(b.At) {
			last.N = 1
		}
	case e.Window.Precision == when.Instant:
		return ladder // its hours lead up to it
	}
	if slices.Contains(ladder, last) {
		return ladder
	}
	return append(ladder[:len(ladder):len(ladder)], last)
}

// atMidnight reports whether e is a deadline that leaves no more than the day before, such
// as one of 12:01 a.m.: whoever thinks that the day itself is left is a day late, and
// nobody reads in the middle of the night.
func atMidnight(e agenda.Entry) bool {
	_, before := e.LastSafeDay()
	return before && e.Window.Precision == when.Instant
}

// expiry is when a reminder is no longer worth sending: once a timed event has
// begun, or the day of one with no hour is over.
func expiry(w when.Window, start time.Time) time.Time {
	if w.Precision == when.Instant {
		return start.Add(time.Minute)
	}
	return w.Earliest.Day.AddDays(1).Start(w.Location())
}

// before returns the instant that lies l before the bound b of e, UTC, and false where l
// has no meaning for it. What is counted in days goes out in the morning of whoever is
// reminded, so many of their days before; where that would be too late, since their day
// ends long after that of the event, a day earlier.
func (r Rules) before(l Lead, e agenda.Entry, b when.Bound) (time.Time, bool) {
	if l.Elapsed() {
		return b.At.Add(-l.duration()).UTC(), b.Timed
	}
	over := b.At
	if !b.Timed {
		over = b.Day.AddDays(1).Start(e.Window.Location())
	}
	day := l.BeforeDay(r.day(b), r.days(e))
	for !r.morning(day).Before(over) {
		day = day.AddDays(-1)
	}
	return r.morning(day), true
}

// day returns the day of b to whoever is reminded.
func (r Rules) day(b when.Bound) civil.Date { return dayIn(b, r.Location) }

// dayIn returns the day of b to people in the zone loc: of an instant that on their calendar.
func dayIn(b when.Bound, loc *time.Location) civil.Date {
	if b.Timed {
		return civil.DateOf(b.At, loc)
	}
	return b.Day
}

// morning returns the instant of the day d at which what is counted in days goes out,
// UTC.
func (r Rules) morning(d civil.Date) time.Time {
	at, _ := civil.Resolve(d, r.At, r.Location)
	return at
}

// aboutWindow plans what is said of an event whose day is not known: before it could
// come, when it can, and before it no longer can.
//
// The first day of some windows is itself only what follows from another date, as of a
// meeting after a visit. Nobody is reminded of such a day beforehand; and while the
// other date is open too, not even when it comes, since nothing begins then.
func aboutWindow(e agenda.Entry, r Rules, k Context) []Notice {
	var out []Notice
	add := func(kind Kind, leads []Lead, about About, b when.Bound) {
		if !b.Known() {
			return
		}
		for _, l := range leads {
			if due, ok := r.before(l, e, b); ok {
				n := newNotice(e, kind, l, about, b, due)
				n.Expires = b.Day.AddDays(1).Start(e.Window.Location())
				out = append(out, n)
			}
		}
	}
	follows, adrift := k.leaning(e)
	if !follows {
		add(Reminder, r.ladder(e), Earliest, e.Window.Earliest)
	}
	if !adrift {
		add(Window, r.Opens, Opens, e.Window.Earliest)
	}
	add(Window, r.Closes, Closes, e.Window.Latest)
	return out
}

// leaning reports whether the first day of e follows from another event's date, and
// whether that one is not settled.
func (k Context) leaning(e agenda.Entry) (follows, adrift bool) {
	for _, why := range e.Why() {
		if why.Bound != "earliest" || len(why.Steps) < 2 {
			continue
		}
		follows = true
		for _, st := range why.Steps[1:] {
			if other, known := k.entry(st.Event); known && st.Event != e.ID && !other.Window.Settled() {
				adrift = true
			}
		}
	}
	return follows, adrift
}
