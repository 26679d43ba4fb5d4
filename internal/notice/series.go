package notice

import (
	"slices"
	"time"

	"attache/internal/agenda"
	"attache/internal/civil"
	"attache/internal/when"
)

// How far ahead the occurrences of what comes again are planned: those of which something
// may be due within three weeks, and the next two in any case. Whoever plans does so again
// before that time is over.
const (
	seriesAhead = 21 // days
	seriesLeast = 2
	seriesMost  = 60
	seriesSpan  = 400 * 24 * time.Hour
	seriesPast  = 48 * time.Hour // what is late is still to be told
)

// occurring returns e once for each of its occurrences that are planned at now: e itself
// where it comes once.
func (r Rules) occurring(e agenda.Entry, now time.Time) []agenda.Entry {
	if e.Series == nil {
		return []agenda.Entry{e}
	}
	var out []agenda.Entry
	coming, near := 0, r.reach(e, now)
	for o := range e.Series.From(now.Add(-seriesPast)) {
		start, _ := o.Window.Start()
		if start.After(now) {
			coming++
		}
		if len(out) == seriesMost || start.After(now.Add(seriesSpan)) || start.After(near) && coming > seriesLeast {
			break
		}
		out = append(out, e.Occurring(o))
	}
	return out
}

// reach returns the instant behind which nothing that comes is spoken of within the next
// weeks after now.
func (r Rules) reach(e agenda.Entry, now time.Time) time.Time {
	today := civil.DateOf(now, r.Location).AddDays(seriesAhead)
	last := today
	for _, l := range slices.Concat(r.rungs(e), r.Opens, r.Closes) {
		day := l.AfterDay(today, r.days(e))
		if l.Elapsed() {
			day = today.AddDays(int(l.duration()/(24*time.Hour)) + 1)
		}
		if day.After(last) {
			last = day
		}
	}
	return last.AddDays(1).Start(r.Location)
}

// before returns the beginning of the occurrence before days[i], one that is not known
// where there is none.
func before(e agenda.Entry, days []agenda.Entry, i int) when.Bound {
	switch {
	case e.Series == nil:
		return when.Bound{}
	case i > 0:
		return days[i-1].Window.Earliest
	}
	for o := range e.Series.From(days[0].Window.Earliest.Day.Start(days[0].Window.Location())) {
		if last, ok := e.Series.Before(o); ok {
			return last.Window.Earliest
		}
		break
	}
	return when.Bound{}
}

// reachesBack reports whether the rung n of what comes again goes out no later than it came
// the last time: who meets every week needs no reminder a week ahead.
func (r Rules) reachesBack(n Notice, last when.Bound) bool {
	l, err := ParseLead(n.Lead)
	switch {
	case err != nil || !last.Known(): // it has no lead
		return false
	case l.Elapsed():
		return !n.Due.After(last.At)
	}
	return !civil.DateOf(n.Due, r.Location).After(r.day(last))
}

// spokenOf returns e as the occurrence that n speaks of, and as it stands at now where it
// speaks of none.
func spokenOf(e agenda.Entry, n Notice, now time.Time) agenda.Entry {
	if e.Series == nil {
		return e
	}
	if n.About == TheDate {
		for o := range e.Series.From(n.Due.Add(-seriesPast)) {
			if target(o.Window.Earliest) == n.Target {
				return e.Occurring(o)
			}
			if start, _ := o.Window.Start(); start.After(n.Due.Add(seriesSpan)) {
				break
			}
		}
	}
	return e.At(now)
}

// end returns the bound at which e is over, for the last time where it comes again; one
// that is not known where it never is.
func end(e agenda.Entry) when.Bound {
	if e.Series == nil {
		return e.Window.EndsLatest
	}
	if o, ends := e.Series.End(); ends {
		return o.Window.EndsLatest
	}
	return when.Bound{}
}
