package notice

import (
	"slices"
	"time"

	"attache/internal/agenda"
	"attache/internal/when"
)

// Fresh gives those notices of the plan of e that are to be recorded at now: all that is
// due from now on, and of what is past no more than still matters. items are those that
// there are of e.
//
//   - Of a ladder the newest rung that is past: where a rung waited for a later instant
//     and fell due because the date moved, it is due now; and where the date became
//     known only now, if it is no older than catchUp. A rung that was told of the date
//     as it was is not told again: that the date moved is.
//   - What became of something, however old, and whether it still stands: that on the
//     next business day, since whoever has just written it has just seen it.
func Fresh(e agenda.Entry, plan []Notice, items []Item, r Rules, now time.Time) []Notice {
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
	if len(past) > 0 && !slices.ContainsFunc(out, func(n Notice) bool { return n.ladder() && n.Due.Equal(now) }) {
		if n, ok := overdue(past[len(past)-1], items, now, r.CatchUp); ok {
			out = slices.Insert(out, 0, n)
		}
	}
	if len(stale) > 0 {
		morning := r.later(e, now, 1, when.Unknown(r.Zone).Location())
		out = append(out, dueAt(stale[len(stale)-1], items, morning))
	}
	return append(out, questions(e, ended, items, r, now)...)
}

// ladder says whether n is one of several of which only the newest matters.
func (n Notice) ladder() bool { return n.Kind == Reminder || n.Kind == Window }

// SameRung says whether n and o are the same rung of the ladders of an event, whatever
// the date was.
func (n Notice) SameRung(o Notice) bool {
	return n.Kind == o.Kind && n.About == o.About && n.Lead == o.Lead
}

// overdue gives the rung n, which is past at now, as it is to be told, and false where
// it is not.
func overdue(n Notice, items []Item, now time.Time, catchUp time.Duration) (Notice, bool) {
	for _, it := range items {
		switch {
		case it.Notice.Key == n.Key:
			return it.Notice, true // it is there already
		case !it.Notice.SameRung(n):
		case it.State == Sent || it.State == Merged || it.State == Sending || it.State == Unknown:
			return n, false
		case it.State == Pending || it.State == Superseded && it.Notice.Due.After(now):
			n.Moved = true
		}
	}
	if !n.Moved && now.Sub(n.Due) > catchUp {
		return n, false
	}
	n.Due = now.UTC()
	return n, true
}

// dueAt gives n as due at an instant, or as it was recorded before.
func dueAt(n Notice, items []Item, at time.Time) Notice {
	for _, it := range items {
		if it.Notice.Key == n.Key {
			return it.Notice
		}
	}
	n.Due = at.UTC()
	return n
}

// questions gives the questions what became of e. Whatever passed while nobody could be
// asked is asked now, and once more after the same patience as ever.
func questions(e agenda.Entry, plan []Notice, items []Item, r Rules, now time.Time) []Notice {
	for i, n := range plan {
		if i > 0 {
			again := plan[i-1]
			again.Due = r.later(e, again.Due, patience, e.Window.Location())
			n.Due = latest(n.Due, r.wait(again, e).Due)
		}
		if n.Due.Before(now) {
			n = dueAt(n, items, now)
		}
		plan[i] = n
	}
	return plan
}
