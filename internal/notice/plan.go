package notice

import (
	"slices"
	"strings"
	"time"

	"attache/internal/agenda"
	"attache/internal/change"
	"attache/internal/when"
)

// Notice is something that has to be said about an event at some instant.
type Notice struct {
	Key     string // independent of text, channel and time of sending
	Event   string // id
	Kind    Kind
	Lead    string    // as ParseLead reads it; "" where it has none
	About   About     // which bound it counts to
	Target  string    // that bound: a civil date, or an instant in RFC 3339
	Due     time.Time // UTC
	Expires time.Time // UTC; from then on it is not worth sending. Zero is never
	From    int       // for a change: the revision that was last spoken of, 0 for none
	To      int       // for a change: the revision it speaks of
	Was     string    // for a change that follows from another event's: the date as it was, in words
}

// About says which bound of the date a notice counts to.
type About string

// What a notice can count to.
const (
	TheDate   About = "date"   // the settled date
	Earliest  About = "early"  // the first day on which it could come
	Opens     About = "opens"  // the same, when it is reached
	Closes    About = "closes" // the last day on which it can come
	ItsEnd    About = "end"    // when it is over
	TheChange About = "change"
)

// Plan gives every notice that e asks for, in the order in which they are due:
// reminders before its date, notices of its window, and the question what
// became of it. It is a function of its arguments alone; what is past is in it
// too, and Fresh says what of that is still worth recording.
func Plan(e agenda.Entry, r Rules) []Notice {
	if e.Status.Over() {
		return nil
	}
	var out []Notice
	switch w := e.Window; {
	case w.Settled():
		out = append(out, toDate(e, r)...)
	case w.Precision == when.SomeDay && (e.Remind == nil || len(*e.Remind) > 0):
		out = append(out, toWindow(e, r)...)
	}
	if n, ok := toOutcome(e, r); ok {
		out = append(out, n)
	}
	for i := range out {
		out[i] = r.wait(out[i], e)
	}
	slices.SortStableFunc(out, func(a, b Notice) int { return a.Due.Compare(b.Due) })
	return unique(out)
}

// toDate plans the ladder before a settled date. A deadline with no hour counts
// from the start of its day, and hours before an unknown hour mean nothing:
// such leads are left out.
func toDate(e agenda.Entry, r Rules) []Notice {
	start, _ := e.Window.Start()
	var out []Notice
	for _, l := range r.ladder(e) {
		if due, ok := lead(l, e.Window.Earliest, e.Window, r.At); ok {
			n := made(e, Reminder, l, TheDate, e.Window.Earliest, due)
			n.Expires = expiry(e.Window, start)
			out = append(out, n)
		}
	}
	return out
}

// expiry is when a reminder is no longer worth sending: once a timed event has
// begun, or the day of one with no hour is over.
func expiry(w when.Window, start time.Time) time.Time {
	if w.Precision == when.Instant {
		return start.Add(time.Minute)
	}
	return w.Earliest.Day.AddDays(1).Start(w.Location())
}

// lead gives the instant that lies l before the bound b, and false where l has
// no meaning for it.
func lead(l Lead, b when.Bound, w when.Window, at when.Clock) (time.Time, bool) {
	loc := w.Location()
	switch {
	case b.Timed:
		return l.BeforeInstant(b.At, loc), true
	case l.Elapsed():
		return time.Time{}, false
	}
	due, _ := when.Resolve(l.BeforeDay(b.Day), at, loc)
	return due, true
}

// toWindow plans what is said of an event whose day is not known: before it
// could come, when it can, and before it no longer can.
func toWindow(e agenda.Entry, r Rules) []Notice {
	var out []Notice
	add := func(k Kind, leads []Lead, about About, b when.Bound) {
		if !b.Known() {
			return
		}
		for _, l := range leads {
			if due, ok := lead(l, b, e.Window, r.At); ok {
				n := made(e, k, l, about, b, due)
				n.Expires = b.Day.AddDays(1).Start(e.Window.Location())
				out = append(out, n)
			}
		}
	}
	add(Reminder, r.ladder(e), Earliest, e.Window.Earliest)
	add(Window, r.Opens, Opens, e.Window.Earliest)
	add(Window, r.Closes, Closes, e.Window.Latest)
	return out
}

// toOutcome plans the question what became of e, on the first business day after
// it is over.
func toOutcome(e agenda.Entry, r Rules) (Notice, bool) {
	b := e.Window.EndsLatest
	if !b.Known() || !e.AwaitsOutcome() {
		return Notice{}, false
	}
	due, _ := when.Resolve(nextBusinessDay(b.Day), r.At, e.Window.Location())
	return made(e, Outcome, Lead{}, ItsEnd, b, due), true
}

func made(e agenda.Entry, k Kind, l Lead, about About, b when.Bound, due time.Time) Notice {
	n := Notice{Event: e.ID, Kind: k, About: about, Target: target(b), Due: due.UTC()}
	if l.Unit != "" {
		n.Lead = l.String()
	}
	n.Key = key(n.Event, string(n.Kind), n.Lead, string(n.About), n.Target)
	return n
}

// target writes the bound so that a date that moves gives another key.
func target(b when.Bound) string {
	if b.Timed {
		return b.At.UTC().Format(time.RFC3339)
	}
	return b.Day.String()
}

// unique keeps one notice of several that are due at the same instant about the same
// thing, the last rung of the ladder: 1w of 7d and 1w, and after a quiet weekend what
// was due on Sunday, not what was due on Saturday.
func unique(list []Notice) []Notice {
	var out []Notice
	for _, n := range list {
		if last := len(out) - 1; last >= 0 && out[last].Due.Equal(n.Due) && out[last].Kind == n.Kind && out[last].About == n.About {
			out[last] = n
			continue
		}
		out = append(out, n)
	}
	return out
}

// Change gives the notice that e changed from its revision from to its current
// one, due once the edits have settled. at is the instant of the first change
// that it speaks of.
func Change(e agenda.Entry, from int, at time.Time, r Rules) Notice {
	n := Notice{Event: e.ID, Kind: Changed, About: TheChange, From: from, To: e.Revision, Due: at.Add(r.Settle).UTC()}
	n.Key = key(n.Event, string(n.Kind), revisionText(n.To))
	return r.wait(n, e)
}

// Contradictions gives a notice for each set of statements of e that cannot all hold.
// Its key is made of their names, so that each set is told of once.
func Contradictions(e agenda.Entry, now time.Time, r Rules) []Notice {
	var out []Notice
	for _, set := range e.Contradictions {
		n := Notice{Event: e.ID, Kind: Contradiction, About: TheChange, Target: strings.Join(set, " "), Due: now.UTC()}
		n.Key = key(append([]string{string(n.Kind)}, set...)...)
		out = append(out, r.wait(n, e))
	}
	return out
}

// Derived gives the notice that the date of e moved because that of another event did,
// from was, in words.
func Derived(e agenda.Entry, was string, at time.Time, r Rules) Notice {
	n := Notice{Event: e.ID, Kind: Changed, About: TheChange, From: e.Revision, To: e.Revision, Was: was, Due: at.Add(r.Settle).UTC()}
	n.Key = key(n.Event, "derived", was, e.Window.Words(), n.Due.Format(time.RFC3339))
	return r.wait(n, e)
}

// soonDays is how near a date that follows from another must be for its move to be told
// at once; what is farther off shows on the page and in digests.
const soonDays = 14

// Soon says whether e can come within two weeks of now, or could have before it moved
// from was.
func Soon(e agenda.Entry, was when.Window, now time.Time) bool {
	until := e.Today(now).AddDays(soonDays)
	for _, w := range []when.Window{e.Window, was} {
		if w.Earliest.Known() && !w.Earliest.Day.After(until) && (!w.EndsLatest.Known() || !w.EndsLatest.Day.Before(e.Today(now))) {
			return true
		}
	}
	return false
}

// Tells says whether changes are worth a notice of their own: something that
// people are told of did change.
func Tells(changes []change.Change) bool { return len(changes) > 0 }

// Fresh gives those notices of plan that are to be recorded at now, when the
// date they count to became known: what is due from now on, of what is past the
// newest reminder if it is no older than catchUp and the date still lies ahead,
// and every question what became of something, however old.
func Fresh(plan []Notice, now time.Time, catchUp time.Duration) []Notice {
	var out []Notice
	newest := -1
	for i, n := range plan {
		switch {
		case n.Kind == Outcome, !n.Due.Before(now):
			out = append(out, n)
		case now.Sub(n.Due) <= catchUp && (n.Expires.IsZero() || now.Before(n.Expires)):
			newest = i
		}
	}
	if newest >= 0 {
		out = slices.Insert(out, 0, plan[newest])
	}
	return out
}
