package notice

import (
	"slices"
	"time"

	"attache/internal/agenda"
	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/workday"
)

// Quiet is when nothing is sent that can wait.
type Quiet struct {
	From, To civil.Clock         // a night where From is the later
	Weekends bool                // Saturday and Sunday are quiet as a whole
	Holidays []*workday.Calendar // days on which one of them does not work are quiet as a whole, weekends aside
	Zone     string              // of the readers, IANA
	Location *time.Location      // the same zone
	At       civil.Clock         // when what was held over a free day goes out where no night ends that morning
	Except   []Exempt
}

// Exempt is what quiet hours do not hold back.
type Exempt struct {
	Match  agenda.Filter
	Within time.Duration // only this close to the date; 0 is always
}

// longestQuiet bounds how many quiet stretches can follow each other: the longest
// holidays, with the weekends and nights round them.
const longestQuiet = 60

// Until returns the first instant from t on, UTC, at which it is not quiet.
func (q *Quiet) Until(t time.Time) time.Time {
	loc := q.Location
	for range longestQuiet {
		next := q.after(t.In(loc), loc)
		if next.Equal(t) {
			break
		}
		t = next
	}
	return t.UTC()
}

// after returns the end of the quiet stretch that holds t, and t where it is not quiet.
func (q *Quiet) after(t time.Time, loc *time.Location) time.Time {
	day := civil.DateOf(t, loc)
	if q.free(day) {
		if next := day.AddDays(1); q.From == q.To && !q.free(next) { // no hours, only days
			return q.at(next, q.At, loc)
		}
		return day.AddDays(1).Start(loc)
	}
	from, to := q.at(day, q.From, loc), q.at(day, q.To, loc)
	switch overnight := to.Before(from); {
	case overnight && t.Before(to), !overnight && !t.Before(from) && t.Before(to):
		return to
	case overnight && !t.Before(from):
		return q.at(day.AddDays(1), q.To, loc)
	}
	return t
}

// free reports whether d is quiet as a whole.
func (q *Quiet) free(d civil.Date) bool {
	if d.Weekday() == time.Saturday || d.Weekday() == time.Sunday {
		return q.Weekends
	}
	return slices.ContainsFunc(q.Holidays, func(c *workday.Calendar) bool { return !c.Business(d) })
}

func (q *Quiet) at(d civil.Date, c civil.Clock, loc *time.Location) time.Time {
	t, _ := civil.Resolve(d, c, loc)
	return t
}

// wait puts off n until it is not quiet or until it is exempt, unless it would come too
// late then: nothing is put off beyond the next instant that matters to its event, be it
// its date, the beginning of its window or the end, or that from which it is not worth
// sending.
func (r Rules) wait(n Notice, e agenda.Entry) Notice {
	q := r.Quiet
	if q == nil {
		return n
	}
	start, _ := e.Window.Start()
	end, _ := e.Window.End()
	later := q.Until(n.Due)
	for _, limit := range []time.Time{start, end, n.Expires} {
		if limit.After(n.Due) && !later.Before(limit) {
			return n
		}
	}
	n.Due = q.released(e, n.Due, later)
	return n
}

// released returns the first instant from t to later at which a notice about e is exempt,
// and later where it never is.
func (q *Quiet) released(e agenda.Entry, t, later time.Time) time.Time {
	start, known := e.Window.Start()
	for _, x := range q.Except {
		switch at := start.Add(-x.Within); {
		case near(e, x.Match, x.Within, t):
			return t
		case known && x.Match.Match(&e) && at.After(t) && at.Before(later):
			later = at.UTC()
		}
	}
	return later
}

// Missed reports whether people are told that they missed a reminder that expired before it
// was sent: within CatchUp, and of a deadline however late.
func (r Rules) Missed(it Item, e agenda.Entry, now time.Time) bool {
	n := it.Notice
	if n.Kind != Reminder || n.About != TheDate || e.Status.Over() {
		return false
	}
	stands := target(spokenOf(e, n, now).Window.Earliest) == n.Target
	return stands && (e.Kind == event.Deadline || now.Sub(n.Expires) <= r.CatchUp)
}

// Miss makes n tell that its date passed, for the reason why.
func (n *Notice) Miss(why string) { n.Missed, n.Expires = why, time.Time{} }

// Wait returns the instant, UTC, until which an item that is due waits at now, since it is
// quiet, whatever made it late; now where it waits for nothing. e is its event, the zero
// Entry where it speaks of none. A digest that goes out at an hour of its own is not held.
func (r Rules) Wait(it Item, e agenda.Entry, now time.Time) time.Time {
	n := it.Notice
	if r.Quiet == nil || n.Event == "" && now.Sub(n.Due) < lateAfter {
		return now
	}
	n.Due = now
	return r.wait(n, spokenOf(e, it.Notice, now)).Due
}
