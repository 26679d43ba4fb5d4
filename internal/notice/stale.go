package notice

import (
	"slices"
	"strconv"
	"time"

	"attache/internal/agenda"
	"attache/internal/civil"
	"attache/internal/prose"
	"attache/internal/when"
)

// mostRechecks is how often at most it is asked whether a date still stands that nobody
// has looked at.
const mostRechecks = 5

// fewestDays is how many days at the least lie before such a question, and between it and
// the first day on which the event can come: closer to it the notices of the window speak.
const fewestDays = 7

// rechecks plans the question whether what is known of e still stands: once it was not
// verified for as long as the rules allow, and again after twice as long, and so on. As
// the first day on which it can come draws near it is asked sooner, once half of the
// days that are left have gone by.
func rechecks(e agenda.Entry, r Rules, k Context) []Notice {
	every := r.recheck(e)
	seen := k.VerifiedOn(e)
	if every.N == 0 || seen.IsZero() || silenced(e) || e.Series != nil {
		return nil
	}
	step := max(seen.Sub(every.BeforeDay(seen, r.days(e))), 1) // in days of the calendar
	first, last := e.Window.Earliest.Day, e.Window.EndsLatest.Day
	if _, adrift := k.leaning(e); adrift { // nothing begins on that day
		first = civil.Date{}
	}
	var out []Notice
	for i, day, gap := 0, seen, step; i < mostRechecks; i, gap = i+1, 2*gap {
		left := gap * 2
		if !first.IsZero() {
			left = first.Sub(day)
		}
		day = day.AddDays(min(gap, max((left+1)/2, fewestDays)))
		ask, _ := r.days(e).Next(day)
		if !first.IsZero() && (ask.After(first.AddDays(-fewestDays)) || i > 0 && left < 2*step) || !last.IsZero() && ask.After(last) {
			break
		}
		n := newNotice(e, Stale, Lead{N: day.Sub(seen), Unit: Days}, Verified, when.Bound{Day: seen}, r.morning(ask))
		n.Key = key(n.Event, string(n.Kind), strconv.Itoa(i), n.Target) // however near it is
		switch {
		case !first.IsZero():
			n.Expires = first.Start(e.Window.Location())
		case !last.IsZero():
			n.Expires, _ = e.Window.End()
		}
		out = append(out, n)
	}
	return out
}

// recheck returns after how long it is asked whether the date of e still stands; zero is
// never.
func (r Rules) recheck(e agenda.Entry) Lead {
	if e.Window.Settled() {
		return r.RecheckSettled
	}
	return r.RecheckUnsettled
}

// VerifiedOn returns the day on which somebody last saw that what is known of e stands:
// the newest of the days on which its sources were published or looked at, and that of
// its last revision where it names none.
func (k Context) VerifiedOn(e agenda.Entry) civil.Date {
	var days []civil.Date
	for _, st := range e.When {
		days = append(days, k.Sources[st.Source].Published)
	}
	for _, c := range e.Sources {
		days = append(days, c.Seen, k.Sources[c.Source].Published)
	}
	if newest := slices.MaxFunc(append(days, civil.Date{}), civil.Date.Compare); !newest.IsZero() {
		return newest
	}
	if e.Modified.IsZero() {
		return civil.Date{}
	}
	return e.Today(e.Modified)
}

// StaleWords returns since when what is known of e was not verified, and whether that is too
// long at now.
func StaleWords(e agenda.Entry, r Rules, k Context, now time.Time) (words string, stale bool) {
	if e.Status.Over() {
		return "", false
	}
	plan := rechecks(e, r, k)
	if len(plan) == 0 || now.Before(plan[0].Due) {
		return "", false
	}
	return notVerified(k.VerifiedOn(e), e.Today(now)), true
}

// notVerified returns since when nobody has checked that something stands.
func notVerified(since, today civil.Date) string {
	return "not verified for " + prose.Count(today.Sub(since), "day") + ", since " + civil.Short(since)
}
