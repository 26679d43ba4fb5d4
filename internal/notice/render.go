package notice

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"attache/internal/agenda"
	"attache/internal/change"
	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/prose"
	"attache/internal/story"
	"attache/internal/when"
)

// Details is what a message is written from.
type Details struct {
	Entry     agenda.Entry
	Changes   []change.Change // for a change notice
	Cause     agenda.Entry    // for a change notice: the event because of which it moved; zero is none
	Follows   []Moved         // for a change notice: what moved with it
	Reason    string          // why it changed, or ""
	Sources   map[string]event.Source
	Now       time.Time      // UTC: relative words count from it
	Location  *time.Location // of whoever reads it: their days are counted; nil is the event's
	PublicURL string         // what links begin with, without a slash at the end
	Overrules []string       // for a change notice: what people said and the file overrules, each a sentence
	Handled   string         // what somebody in the channel did with it, or ""
	Told      []string       // for a card: what its message said first, as FirstWords gives it
}

// Moved is an event that moved because another one did.
type Moved struct {
	Entry    agenda.Entry // as it is now
	Was      when.Window  // when it could be before
	Squeezed bool         // fewer days are left to it than it needs
}

// lateAfter is how late a message must be for it to say so.
const lateAfter = 5 * time.Minute

// Write returns the message of n as it reads at s.Now.
func Write(n Notice, s Details) Message {
	s.Entry = spokenOf(s.Entry, n, s.Now)
	m := s.message(n.Kind)
	s.say(&m, n)
	if c := story.OnlyIf(&s.Entry); c != "" && (n.Kind == Reminder || n.Kind == Window) {
		m.Text = append(m.Text, story.Fact{About: story.Condition, Words: c}.String())
	}
	if s.Entry.Veiled {
		m.Text = append(m.Text, "It "+event.Unseen)
	}
	if n.About == Again {
		m.Text = append(m.Text, "It was snoozed until now")
	}
	m.Late = s.late(n)
	return m
}

// message returns what every message about the event has.
func (s Details) message(k Kind) Message {
	e := s.Entry
	told := s.reader().Of(&e)
	m := Message{
		Kind: k, Event: e.ID, Title: e.Title, Date: told.Get(story.Date), Window: prose.Capital(told.Get(story.Bounds)),
		Why: reasons(e), Quotes: s.quotes(k), Link: s.link(e.ID), Revision: e.Revision,
		Answers: answersTo(k, e), Handled: s.Handled,
	}
	if safe := told.Get(story.Safe); safe != "" {
		m.Facts = append(m.Facts, string(story.Safe)+" "+safe)
	}
	for _, f := range told.Only(story.Certainty, story.Status) {
		if f.Words != story.NoOutcome || k == Card { // others ask for it
			m.Facts = append(m.Facts, f.Words)
		}
	}
	for _, f := range told.Only(story.Kind, story.Place, story.Parties) {
		m.Where = append(m.Where, f.Words)
	}
	m.On, _ = e.Window.Start()
	if e.Window.Precision == when.Instant {
		m.At = e.Window.Earliest.At
	}
	return m
}

// say puts into m what n has to say.
func (s Details) say(m *Message, n Notice) {
	switch n.Kind {
	case Reminder:
		s.reminder(m, n)
		m.Until = s.until()
	case Window:
		s.window(m, n)
		m.Until = s.until()
	case Outcome:
		s.outcome(m, n)
	case Stale:
		s.stale(m, n)
	case Changed:
		s.change(m, n)
	case Contradiction:
		s.contradiction(m, n)
	case Condition:
		if n.About == TooLate {
			s.tooLate(m)
		} else {
			s.condition(m)
		}
	default:
		m.Headline = s.Entry.Title
	}
}

// reader is whom the message is written for: each event is told in its own zone.
func (s Details) reader() story.Reader { return story.Reader{Now: s.Now, Sources: s.Sources} }

// location returns the zone of whoever reads the message.
func (s Details) location() *time.Location {
	if s.Location != nil {
		return s.Location
	}
	return s.Entry.Window.Location()
}

// today returns the civil date of now to whoever reads the message.
func (s Details) today() civil.Date { return civil.DateOf(s.Now, s.location()) }

// days returns how many of the reader's days lie between today and b.
func (s Details) days(b when.Bound) int {
	return dayIn(b, s.location()).Sub(s.today())
}

// late returns how late a message goes out.
func (s Details) late(n Notice) string {
	by := s.Now.Sub(n.Due)
	if by < lateAfter || n.Missed != "" || n.Kind == Outcome || n.Kind == Stale {
		return ""
	}
	loc := s.location()
	return fmt.Sprintf("%s late, was due %s, %s %s", long(by), civil.Short(civil.DateOf(n.Due, loc)), n.Due.In(loc).Format("15:04"), civil.Place(loc.String()))
}

// long writes a duration as people say it: in days from two days on.
func long(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d >= 2*day:
		return prose.Count(int((d+day/2)/day), "day")
	case d >= 2*time.Hour:
		return prose.Count(int((d+time.Hour/2)/time.Hour), "hour")
	}
	return prose.Duration(d)
}

func (s Details) link(id string) string {
	if s.PublicURL == "" {
		return ""
	}
	return s.PublicURL + "/events/" + id
}

// maxQuotes is how many quotes a message carries; the page has the rest.
const maxQuotes = 3

// quotes returns what sources say: those that give the date first. Where it changed, the
// words come next that they came in the place of.
func (s Details) quotes(k Kind) []Quote {
	var out []Quote
	add := func(source, words, mark string) {
		if words == "" || len(out) == maxQuotes {
			return
		}
		if slices.ContainsFunc(out, func(q Quote) bool { return q.Words == words }) {
			return
		}
		src := s.Sources[source]
		out = append(out, Quote{Words: words, Source: strings.TrimPrefix(src.Words()+mark, ", "), URL: src.URL})
	}
	for _, b := range s.Entry.Because {
		add(b.Source, b.Quote, "")
	}
	moved := slices.ContainsFunc(s.Changes, func(c change.Change) bool { return c.Field == "date" })
	if st, ok := s.before(); ok && moved && k == Changed {
		add(st.Source, st.Quote, ", superseded")
	}
	for _, c := range s.Entry.Sources {
		add(c.Source, c.Quote, "")
	}
	return out
}

// before returns the newest of the statements that those came in the place of that give the date.
func (s Details) before() (st event.Statement, ok bool) {
	e := &s.Entry
	for _, x := range e.SetAside {
		if !slices.ContainsFunc(e.Because, func(r agenda.Reason) bool { return r.By == x.By }) {
			continue
		}
		for k := range e.When {
			if e.StatementName(k) == x.Statement && (!ok || !e.When[k].Said.Before(st.Said)) {
				st, ok = e.When[k], true
			}
		}
	}
	return st, ok
}

// away returns how far off the date is: "in 7 days", "tomorrow", "in 2 hours".
func (s Details) away() string {
	start, ok := s.Entry.Window.Start()
	if !ok {
		return s.reader().Date(&s.Entry)
	}
	if left := start.Sub(s.Now); s.Entry.Window.Earliest.Timed && left > 0 && left < prose.Soon {
		return "in " + prose.Duration(left)
	}
	return prose.Away(s.days(s.Entry.Window.Earliest))
}
