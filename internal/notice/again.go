package notice

import (
	"time"

	"attache/internal/agenda"
	"attache/internal/when"
)

// TellAgain returns the notice that tells of e once more at until, since a channel snoozed it:
// a reminder of a date that is settled, how much of a window is left, or a question.
func TellAgain(e agenda.Entry, until time.Time, k Context) Notice {
	w := e.Window
	n := Notice{Event: e.ID, Kind: Stale, About: Again, Target: target(when.Bound{Day: k.VerifiedOn(e)}), Due: until.UTC()}
	end, ends := w.End()
	switch start, begins := w.Start(); {
	case ends && !until.Before(end):
		n.Kind, n.Target = Outcome, target(w.EndsLatest)
	case w.Settled() && begins:
		n.Kind, n.Target, n.Expires = Reminder, target(w.Earliest), start.UTC()
	case w.Latest.Known():
		n.Kind, n.Target, n.Expires = Window, target(w.Latest), end.UTC()
	}
	if !n.Expires.After(n.Due) { // it is told all the same: somebody asked for it
		n.Expires = time.Time{}
	}
	n.Key = key(n.Event, string(Again), n.Due.Format(time.RFC3339))
	return n
}
