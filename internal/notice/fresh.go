package notice

import (
	"slices"
	"time"

	"attache/internal/agenda"
)

// ToRecord returns those notices of the plan of e that are to be recorded at now: all that is
// due from now on, and of what is past no more than still matters. items are those that
// there are of e.
//
//   - Of a ladder the newest rung that is past: where a rung waited for a later instant
//     and fell due because the date moved, it is due now; and where the date became
//     known only now, if it is no older than catchUp. A rung that was told of the date
//     as it was is not told again: that the date moved is.
//   - What became of something, however old, and whether it still stands: that on the
//     next business day, since whoever has just written it has just seen it.
func ToRecord(e agenda.Entry, plan []Notice, items []Item, r Rules, now time.Time) []Notice {
	var out, past, stale, ended []Notice
	for _, n := range plan {
		switch {
		case n.Kind == Outcome:
			ended = append(ended, n)
		case !n.Due.Before(now):
			out = append(out, n)
		case !n.Expires.IsZero() && !now.Before(n.Expires):
		case n.Kind == Stale:
			stale = append(stale, n)
		default:
			past = append(past, n)
		}
	}
	if len(past) > 0 {
		if n, ok := overdue(past[len(past)-1], out, items, now, r.CatchUp); ok {
			out = slices.Insert(out, 0, r.afterEdit(n, items, now))
		}
	}
	if len(stale) > 0 {
		morning := r.later(e, now, 1)
		out = append(out, dueAt(stale[len(stale)-1], items, morning))
	}
	return append(out, questions(e, ended, items, r, now)...)
}

// ladder reports whether n is one of several of which only the newest matters.
func (n Notice) ladder() bool { return n.Kind == Reminder || n.Kind == Window }

// SameRung reports whether n and o are the same rung of the ladders of an event, whatever
// the date was.
func (n Notice) SameRung(o Notice) bool {
	return n.Kind == o.Kind && n.About == o.About && n.Lead == o.Lead
}

// soonEnough is how soon another rung has to be due for one that is past to be left to it.
const soonEnough = 2 * time.Hour

// overdue returns the rung n, which is past at now, as it is to be told, with no instant yet
// unless it is recorded, and false where it is not. ahead are the notices that are still to come: where one of them takes the
// very place of the rung, that is the one to be told.
func overdue(n Notice, ahead []Notice, items []Item, now time.Time, catchUp time.Duration) (Notice, bool) {
	told := false
	var waited []time.Time
	for _, it := range items {
		switch {
		case it.Notice.Key == n.Key:
			return it.Notice, true // it is there already
		case !it.Notice.SameRung(n):
		case it.State == Sent || it.State == Merged || it.State == Sending || it.State == Unknown:
			told = true
		case it.State == Pending || it.State == Superseded && it.Notice.Due.After(now):
			waited = append(waited, it.Notice.Due)
		}
	}
	n.Moved = len(waited) > 0
	instead := func(o Notice) bool {
		return o.ladder() && (o.Due.Before(now.Add(soonEnough)) || slices.ContainsFunc(waited, o.Due.Equal))
	}
	if !n.Moved && (told || now.Sub(n.Due) > catchUp) || slices.ContainsFunc(ahead, instead) {
		return n, false
	}
	n.Due = time.Time{}
	return n, true
}

// afterEdit returns the rung n, which an edit made due, as due together with what is told of
// that edit, so that an edit that is taken back has none.
func (r Rules) afterEdit(n Notice, items []Item, now time.Time) Notice {
	if !n.Due.IsZero() { // it is there already
		return n
	}
	n.Due = now.UTC()
	if settled := r.settled(items, now); n.Expires.IsZero() || settled.Before(n.Expires) {
		n.Due = settled
	}
	return n
}

// settled returns the instant, UTC, at which people are told of an edit that was made at now:
// together with those before it that they have not been told of.
func (r Rules) settled(items []Item, now time.Time) time.Time {
	at := now.Add(r.Settle).UTC()
	for _, it := range items {
		if due := it.Notice.Due; it.Notice.Kind == Changed && it.State == Pending && it.Attempts == 0 && due.Before(at) {
			at = due
		}
	}
	return at
}

// dueAt returns n as due at an instant, or as it was recorded before if that is sooner or
// past.
func dueAt(n Notice, items []Item, at time.Time) Notice {
	for _, it := range items {
		if it.Notice.Key == n.Key && (it.State != Pending || !it.Notice.Due.After(at)) {
			return it.Notice
		}
	}
	n.Due = at.UTC()
	return n
}

// questions returns the questions what became of e. Whatever passed while nobody could be
// asked is asked now, what an edit put there once that has settled, and once more after the same answerDays as ever.
func questions(e agenda.Entry, plan []Notice, items []Item, r Rules, now time.Time) []Notice {
	for i, n := range plan {
		if i > 0 {
			again := plan[i-1]
			again.Due = r.later(e, again.Due, answerDays)
			n.Due = latest(n.Due, r.wait(again, e).Due)
		}
		if n.Due.Before(now) {
			n = dueAt(n, items, r.settled(items, now))
		}
		plan[i] = n
	}
	return plan
}
