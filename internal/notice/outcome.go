package notice

import (
	"time"

	"attache/internal/agenda"
	"attache/internal/civil"
)

// answerDays is how many business days are waited for an answer to the question what
// became of something: before it is asked again, and before it lapses.
const answerDays = 3

// outcomeQuestions plans the question what became of e: on the first business day after it is
// over, and once more.
func outcomeQuestions(e agenda.Entry, r Rules) []Notice {
	b := end(e)
	if !b.Known() || !e.AwaitsOutcome() {
		return nil
	}
	day, _ := r.days(e).Add(r.day(b), 1)
	if end, _ := e.Window.End(); e.Series == nil && r.morning(day).Before(end) { // it is still that day there
		day, _ = r.days(e).Add(day, 1)
	}
	first := newNotice(e, Outcome, Lead{}, ItsEnd, b, r.morning(day))
	again := newNotice(e, Outcome, Lead{}, StillOpen, b, r.later(e, first.Due, answerDays))
	return []Notice{first, again}
}

// later returns the morning n business days of e after t, UTC.
func (r Rules) later(e agenda.Entry, t time.Time, n int) time.Time {
	day, _ := r.days(e).Add(civil.DateOf(t, r.Location), n)
	return r.morning(day)
}

// Lapses returns the instant, UTC, at which e lapses if nobody says what became of it:
// three business days after it was asked for the second time. asked are the items of e.
// ok is false where it never does, or not before it is asked.
func Lapses(e agenda.Entry, r Rules, asked []Item) (at time.Time, ok bool) {
	plan := outcomeQuestions(e, r)
	if len(plan) == 0 || e.Status.Over() {
		return time.Time{}, false
	}
	if len(r.Channels(e, Outcome)) == 0 { // nobody is to be asked
		return r.later(e, latest(plan[1].Due, e.Modified), answerDays), true
	}
	told := false
	for _, it := range asked {
		n := it.Notice
		if n.Kind != Outcome || n.About != StillOpen || n.Target != plan[1].Target {
			continue
		}
		switch it.State {
		case Sent, Merged, Dead:
			told, at = true, latest(at, n.Due)
		case Superseded:
		default:
			return time.Time{}, false // still on its way in some channel
		}
	}
	return r.later(e, at, answerDays), told
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
