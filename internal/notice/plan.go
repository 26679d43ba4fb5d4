package notice

import (
	"slices"
	"time"

	"attache/internal/agenda"
	"attache/internal/event"
	"attache/internal/when"
)

// Notice is something that has to be said about an event at some instant.
type Notice struct {
	Key     string // independent of text, channel and time of sending
	Event   string // id
	Kind    Kind
	Lead    string      // as ParseLead reads it; "" where it has none
	About   About       // which bound it counts to
	Target  string      // that bound: a civil date, or an instant in RFC 3339; for a contradiction its statements
	Due     time.Time   // UTC
	Expires time.Time   // UTC; from then on it is not worth sending. Zero is never
	Missed  string      // why it is told once its date has passed; "" where it has not been
	Moved   bool        // it was to come later, and fell due because its date moved
	From    int         // for a change: the revision that was last spoken of, 0 for none
	To      int         // for a change: the revision it speaks of
	Was     when.Window // for a change: when it could be as its receiver was last told; zero where that is what From says
	Cause   string      // for a change that follows from another event's: the id of that one
	With    []string    // for a contradiction or a condition: the ids of the other events that it is about
	Follows []Follow    // for a change: what moved with it, in the order in which it comes
	Rearmed int         // for a change: how many reminders it moved
	Dropped int         // for a change: how many reminders it took back
}

// Follow is an event that moved because another one did.
type Follow struct {
	Event    string      // id
	Was      when.Window // when it could be before
	Squeezed bool        // fewer days are left to it than it needs, and there were enough before
}

// About is the bound of the date that a notice counts to.
type About string

// What a notice can count to.
const (
	TheDate   About = "date"     // the settled date
	Again     About = "snoozed"  // none: a channel snoozed the event until now
	Earliest  About = "early"    // the first day on which it could come
	Opens     About = "opens"    // the same, when it is reached
	Closes    About = "closes"   // the last day on which it can come
	ItsEnd    About = "end"      // when it is over
	StillOpen About = "again"    // the same, asked once more
	Verified  About = "verified" // when somebody last looked whether it stands
	TheChange About = "change"
	Cleared   About = "cleared" // a contradiction that is no more
	Decided   About = "decided" // a condition
	TooLate   About = "late"    // a condition that cannot be decided in time
)

// Context is what planning needs to know besides the event itself. The zero Context
// knows nothing.
type Context struct {
	Now     time.Time // what comes again is planned for some time from then on
	Sources map[string]event.Source
	Entry   func(id string) (agenda.Entry, bool) // any other event; nil is none
}

func (k Context) entry(id string) (agenda.Entry, bool) {
	if k.Entry == nil {
		return agenda.Entry{}, false
	}
	return k.Entry(id)
}

// Plan returns every notice that e asks for, in the order in which they are due:
// reminders before its date, notices of its window, the question whether it still
// stands, and the question what became of it. It is a function of its arguments
// alone; what is past is in it too, and ToRecord says what of that is still worth
// recording.
func Plan(e agenda.Entry, r Rules, k Context) []Notice {
	if e.Status.Over() {
		return nil
	}
	var out []Notice
	days := r.occurring(e, k.Now)
	for i, one := range slices.Backward(days) { // of what is due together the nearest is kept, the last
		last := before(e, days, i)
		for _, n := range forDate(one, r, k) {
			if e.Remind != nil || !r.reachesBack(n, last) {
				out = append(out, r.wait(n, one))
			}
		}
	}
	for _, n := range append(rechecks(e, r, k), outcomeQuestions(e, r)...) {
		out = append(out, r.wait(n, e))
	}
	slices.SortStableFunc(out, func(a, b Notice) int { return a.Due.Compare(b.Due) })
	return unique(out)
}

// forDate plans the notices before the date of e.
func forDate(e agenda.Entry, r Rules, k Context) []Notice {
	switch w := e.Window; {
	case w.Settled():
		return beforeDate(e, r)
	case w.Precision == when.SomeDay && !silenced(e):
		return aboutWindow(e, r, k)
	}
	return nil
}

// silenced reports whether e asks for no reminders at all.
func silenced(e agenda.Entry) bool { return e.Remind != nil && len(*e.Remind) == 0 }

func newNotice(e agenda.Entry, k Kind, l Lead, about About, b when.Bound, due time.Time) Notice {
	n := Notice{Event: e.ID, Kind: k, About: about, Target: target(b), Due: due.UTC()}
	if l.Unit != "" {
		n.Lead = l.String()
	}
	n.Key = key(n.Event, string(n.Kind), n.Lead, string(n.About), n.Target)
	return n
}

// target writes the bound so that a date that moves has another key.
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
