package notice

import (
	"slices"
	"time"

	"attache/internal/agenda"
	"attache/internal/when"
)

// Quiet is when nothing is sent that can wait.
type Quiet struct {
	From, To when.Clock // a night where From is the later
	Weekends bool       // Saturday and Sunday are quiet as a whole
	Zone     string     // of the readers, IANA
	Except   []Exempt
}

// Exempt is what quiet hours do not hold back.
type Exempt struct {
	Match  agenda.Filter
	Within time.Duration // only this close to the date; 0 is always
}

// Until gives the first instant from t on, UTC, at which it is not quiet.
func (q *Quiet) Until(t time.Time) time.Time {
	loc := when.Unknown(q.Zone).Location()
	for range 8 { // two days of a weekend, and the nights round them
		next := q.after(t.In(loc), loc)
		if next.Equal(t) {
			break
		}
		t = next
	}
	return t.UTC()
}

// after gives the end of the quiet stretch that holds t, and t where it is not quiet.
func (q *Quiet) after(t time.Time, loc *time.Location) time.Time {
	day := when.DateOf(t, loc)
	if q.Weekends && (t.Weekday() == time.Saturday || t.Weekday() == time.Sunday) {
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

func (q *Quiet) at(d when.Date, c when.Clock, loc *time.Location) time.Time {
	t, _ := when.Resolve(d, c, loc)
	return t
}

// exempt says whether a notice about e that is due at t goes out all the same.
func (q *Quiet) exempt(e agenda.Entry, t time.Time) bool {
	return slices.ContainsFunc(q.Except, func(x Exempt) bool {
		if !x.Match.Match(e) || x.Within == 0 {
			return x.Match.Match(e)
		}
		at, known := e.Window.Start()
		return known && at.Sub(t).Abs() <= x.Within
	})
}

// wait puts off n until it is not quiet, unless it is exempt, or would come too late
// then: what reminds of a date is never put off beyond it.
func (r Rules) wait(n Notice, e agenda.Entry) Notice {
	q := r.Quiet
	if q == nil || q.exempt(e, n.Due) {
		return n
	}
	later := q.Until(n.Due)
	start, known := e.Window.Start()
	switch {
	case n.About == TheDate && known && !later.Before(start):
	case !n.Expires.IsZero() && !later.Before(n.Expires):
	default:
		n.Due = later
	}
	return n
}
