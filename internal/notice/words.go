package notice

import (
	"fmt"
	"slices"
	"strings"

	"attache/internal/agenda"
	"attache/internal/change"
	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/prose"
	"attache/internal/story"
)

// How sure it is that an event takes place makes its reminders no fewer, since a missed
// one is worse than one too many. It makes their words softer: nobody is to read
// "tomorrow" where the source said "may".

// unsure returns, in a word or two, that e is not confirmed, "" where it is as good as.
func unsure(e agenda.Entry) string {
	if e.Certainty.AtLeast(event.Likely) {
		return ""
	}
	return ", not confirmed"
}

// dateMoved is how a reminder begins that fell due because of an edit.
const dateMoved = "The date moved. "

// reminder writes how near the date is.
func (s Details) reminder(m *Message, n Notice) {
	e := s.Entry
	near := prose.Capital(s.away()) + unsure(e)
	switch {
	case n.Missed != "":
		near = s.passed() + ", " + n.Missed
	case n.About == Earliest:
		near = "First possible day is " + civil.Short(e.Window.Earliest.Day)
	case n.Moved:
		near = dateMoved + near
	}
	m.Headline = near + ": " + e.Title
	if day, ok := e.LastSafeDay(); n.Missed == "" && ok && day == e.Today(s.Now) {
		m.Text = append(m.Text, "Today is the "+string(story.Safe))
	}
}

// passed returns when the event began or its date passed, by its own clock.
func (s Details) passed() string {
	w := s.Entry.Window
	said := "Passed"
	if end, ends := w.End(); ends && s.Now.Before(end) && s.Entry.Kind != event.Deadline {
		said = "Began"
	}
	if w.Earliest.Timed {
		said += " at " + w.Earliest.At.In(w.Location()).Format("15:04")
	}
	if s.days(w.Earliest) != 0 || !w.Earliest.Timed {
		said += " on " + civil.Short(w.Earliest.Day)
	}
	return said
}

// window writes that a window opened, or what is left of it.
func (s Details) window(m *Message, n Notice) {
	e := s.Entry
	if n.About == Opens {
		m.Headline = "Could happen any day from now" + unsure(e) + ": " + e.Title
		return
	}
	m.Headline = "Still no date, " + s.left() + ": " + e.Title
	m.Text = append(m.Text, "Find out whether it still takes place, then say its day or what became of it")
	m.Do = do(e, "Say its day: attache set "+e.ID+" when+=DAY; or what became of it: "+outcomeOf(e))
}

// left returns how much of the window is left. The end of a season is no limit that
// anybody stated.
func (s Details) left() string {
	last := "the last possible day"
	if s.Entry.Window.Latest.Soft {
		last += " (by convention)"
	}
	switch days := s.days(s.Entry.Window.Latest); {
	case days <= 0:
		return "and today is " + last
	case days == 1:
		return "and tomorrow is " + last
	default:
		return fmt.Sprintf("%d days before %s", days, last)
	}
}

// How questions begin, and what one about an outcome adds.
const (
	asksFirst = "What became of it? "
	asksAgain = "Asked again: what became of it? "
	noOutcome = "No outcome is recorded"
	asksStale = "Does this still stand? "
)

// outcome asks what became of an event that passed.
func (s Details) outcome(m *Message, n Notice) {
	e := s.Entry
	m.Headline = asksFirst + e.Title
	if n.About == StillOpen {
		m.Headline = asksAgain + e.Title
	}
	m.Text = append(m.Text, noOutcome)
	if !e.Window.Settled() {
		m.Text = append(m.Text, "Its last possible day has passed, and no date was given")
	}
	if n.About == StillOpen {
		m.Text = append(m.Text, fmt.Sprintf("Without an answer it is marked as lapsed in %d business days", answerDays))
	}
	m.Do = do(e, "Say what became of it: "+outcomeOf(e)+", STATUS being "+prose.List(e.Kind.Outcomes(), "or"))
}

// do returns how something is said of e from a terminal, "" where its own calendar says what
// it is.
func do(e agenda.Entry, how string) string {
	if e.Followed() != "" {
		return ""
	}
	return how
}

// outcomeOf returns the command that records what became of e. What is in capitals is to be
// filled in.
func outcomeOf(e agenda.Entry) string {
	return "attache outcome " + e.ID + ` STATUS --reason "WHY"`
}

// stale asks whether what is known still stands.
func (s Details) stale(m *Message, n Notice) {
	e := s.Entry
	m.Headline = asksStale + e.Title
	today := s.today()
	since, err := civil.ParseDate(n.Target)
	if err != nil { // we wrote it
		since = today
	}
	m.Text = append(m.Text, prose.Capital(notVerified(since, today)))
	m.Do = do(e, "If it stands: attache seen "+e.ID)
}

// whyMark begins the reason that a person gave for a change.
const whyMark = "Why: "

// contradicted is what a change says of a date that another report denies.
const contradicted = "though contradicted"

// change writes what changed, why, and what follows.
func (s Details) change(m *Message, n Notice) {
	what := change.Words(s.Changes)
	if len(s.Entry.Contradictions) > 0 { // a date that another report denies is none to rely on
		what = strings.Replace(what, string(change.Firmed), "dated, "+contradicted, 1)
	}
	m.Headline = prose.Capital(what) + ": " + s.Entry.Title
	m.Moves = append(m.Moves, s.Changes...)
	if s.Reason != "" {
		m.Text = append(m.Text, whyMark+s.Reason)
	}
	m.Text = append(m.Text, s.Overrules...)
	if n.Derived() {
		m.Text = append(m.Text, s.because(n))
	}
	m.Text = append(m.Text, s.follows()...)
	if counts := counted(n); counts != "" {
		m.Text = append(m.Text, counts)
	}
	m.Quiet = len(s.Follows) == 0 && !slices.ContainsFunc(s.Changes, weighty)
}

// weighty reports whether people have to hear of c at once: another title or place is
// for those who follow the event.
func weighty(c change.Change) bool { return c.Type != change.Retitled && c.Type != change.Relocated }

// mostFollows is how many of the events that moved along a message names.
const mostFollows = 10

// follows returns, for each event that moved along, where it lies now and where it was.
func (s Details) follows() []string {
	var out []string
	for i, f := range s.Follows {
		if i == mostFollows {
			out = append(out, "and "+prose.Count(len(s.Follows)-i, "more event"))
		}
		if i >= mostFollows {
			continue
		}
		text := "This also moves " + f.Entry.Title + ": " + change.NowWas(s.reader().Date(&f.Entry), change.State{Event: f.Entry.Event, Window: f.Was}.Words())
		if f.Squeezed {
			text += "; only " + prose.Count(f.Entry.Window.Latest.Day.Sub(f.Entry.Window.Earliest.Day), "day") + " are left for it"
		}
		out = append(out, text)
	}
	return out
}

// counted returns how many reminders a change moved and took back.
func counted(n Notice) string {
	var parts []string
	if n.Rearmed > 0 {
		parts = append(parts, prose.Count(n.Rearmed, "reminder")+" moved")
	}
	if n.Dropped > 0 {
		parts = append(parts, prose.Count(n.Dropped, "reminder")+" withdrawn")
	}
	return strings.Join(parts, ", ")
}

// contradiction writes which statements cannot all hold, who made them, and which of them is set aside for now; or that they can again.
func (s Details) contradiction(m *Message, n Notice) {
	e := s.Entry
	if n.About == Cleared {
		m.Headline = "No longer a contradiction: " + e.Title
		m.Text = append(m.Text, "What was said of its date fits together again")
		return
	}
	m.Headline = "Contradiction: " + e.Title
	for i, set := range e.Contradictions {
		if strings.Join(set, " ") != n.Target || i >= len(e.Conflicts) {
			continue
		}
		c := e.Conflicts[i]
		for _, step := range c.Steps {
			text := s.reader().Claim(step.Claim(), "", step.Source)
			if step.Statement == c.SetAside {
				text += ": set aside for now, " + c.Why
			}
			m.Text = append(m.Text, text)
		}
	}
	m.Text = append(m.Text, "Drop or change one of them")
}

// condition writes what it means for an event that its condition was decided.
func (s Details) condition(m *Message) {
	e := s.Entry
	c, _ := e.Condition()
	what := "Undecided again"
	switch c.State {
	case agenda.True:
		what = "Its condition is met, so it stands"
	case agenda.False:
		what = prose.Capital(string(e.Status)) + ", because its condition is not met"
	}
	m.Headline = what + ": " + e.Title
	m.Text = append(m.Text, prose.Capital(c.Words()))
	if c.State == agenda.False {
		m.Text = append(m.Text, "There will be no more reminders of it")
	}
}
