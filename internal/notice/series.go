package notice

import (
	"time"

	"attache/internal/agenda"
	"attache/internal/when"
)

// How far ahead the occurrences of what comes again are planned, and how many of them at
// most. Whoever plans does so again before that time is over.
const (
	seriesAhead = 400 * 24 * time.Hour
	seriesMost  = 60
	seriesPast  = 48 * time.Hour // what is late is still to be told
)

// occurring returns e once for each of its occurrences that are planned at now: e itself
// where it comes once.
func occurring(e agenda.Entry, now time.Time) []agenda.Entry {
	if e.Series == nil {
		return []agenda.Entry{e}
	}
	var out []agenda.Entry
	for o := range e.Series.From(now.Add(-seriesPast)) {
		if start, _ := o.Window.Start(); len(out) == seriesMost || start.After(now.Add(seriesAhead)) {
			break
		}
		out = append(out, e.Occurring(o))
	}
	return out
}

// lastBegan returns when the occurrence before days[i] begins, the zero time for none. What
// would go out before that is left out, unless e has a ladder of its own: who meets every
// day needs no reminder a week ahead.
func lastBegan(e agenda.Entry, days []agenda.Entry, i int) (t time.Time) {
	switch {
	case e.Series == nil:
		return t
	case i > 0:
		t, _ = days[i-1].Window.Start()
		return t
	}
	for o := range e.Series.From(days[0].Window.Earliest.Day.Start(days[0].Window.Location())) {
		if last, ok := e.Series.Before(o); ok {
			t, _ = last.Window.Start()
		}
		break
	}
	return t
}

// spokenOf returns e as the occurrence that n speaks of, and as it stands at now where it
// speaks of none.
func spokenOf(e agenda.Entry, n Notice, now time.Time) agenda.Entry {
	if e.Series == nil {
		return e
	}
	if n.About == TheDate {
		for _, one := range occurring(e, n.Due) {
			if target(one.Window.Earliest) == n.Target {
				return one
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
