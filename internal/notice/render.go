package notice

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"attache/internal/agenda"
	"attache/internal/change"
	"attache/internal/event"
	"attache/internal/when"
)

// Scene is what a message is written from.
type Scene struct {
	Entry     agenda.Entry
	Changes   []change.Change // for a change notice
	Reason    string          // why it changed, or ""
	Sources   map[string]event.Source
	Now       time.Time // UTC: relative words count from it
	PublicURL string    // what links begin with, without a slash at the end
}

// lateAfter is how late a message must be for it to say so.
const lateAfter = 5 * time.Minute

// Write gives the message of n as it reads at s.Now.
func Write(n Notice, s Scene) Message {
	e := s.Entry
	m := Message{
		Kind: n.Kind, Event: e.ID, Date: e.Window.Words(), Facts: facts(e), Where: where(e),
		Window: windowWords(e.Window), Why: reasons(e), Quotes: s.quotes(), Link: s.link(e.ID), Revision: e.Revision,
	}
	if e.Window.Precision == when.Instant {
		m.At = e.Window.Earliest.At
	}
	switch n.Kind {
	case Reminder:
		m.Headline, m.Until = s.reminder(n), s.until()
	case Window:
		m.Headline, m.Until = s.window(n), s.until()
	case Outcome:
		m.Headline = "What became of it? " + e.Title
		m.Text = append(m.Text, s.asks())
	case Changed:
		s.change(&m)
	case Contradiction:
		s.contradiction(&m, n)
	default:
		m.Headline = e.Title
	}
	if c, ok := e.Condition(); ok && c.State != agenda.True && n.Kind != Outcome {
		m.Text = append(m.Text, "Only if: "+strings.TrimPrefix(c.Words(), "only if "))
	}
	m.Late = late(n, s.Now, e.Window.Location())
	return m
}

// late says how late a message goes out, in the zone loc.
func late(n Notice, now time.Time, loc *time.Location) string {
	due := n.Due
	if now.Sub(due) < lateAfter || n.Kind == Outcome {
		return ""
	}
	return fmt.Sprintf("was due %s, sent %s", due.UTC().Format("2 Jan 2006 15:04 UTC"), now.UTC().Format("2 Jan 2006 15:04 UTC"))
}

func (s Scene) link(id string) string {
	if s.PublicURL == "" {
		return ""
	}
	return s.PublicURL + "/events/" + id
}

// facts gives how sure it is, and what became of it.
func facts(e agenda.Entry) []string {
	out := []string{string(e.Certainty)}
	if e.Status != event.Open {
		out = append(out, string(e.Status))
	}
	return out
}

// where gives what it is, where, and between whom.
func where(e agenda.Entry) []string {
	out := []string{string(e.Kind)}
	if e.Place != "" {
		out = append(out, e.Place)
	}
	if len(e.Parties) > 0 {
		out = append(out, strings.Join(e.Parties, ", "))
	}
	return out
}

// maxQuotes is how many quotes a message carries; the page has the rest.
const maxQuotes = 3

func (s Scene) quotes() []Quote {
	var out []Quote
	add := func(source, words string) {
		if words == "" || len(out) == maxQuotes {
			return
		}
		for _, q := range out {
			if q.Words == words {
				return
			}
		}
		src := s.Sources[source]
		out = append(out, Quote{Words: words, Source: SourceLine(src), URL: src.URL})
	}
	for _, b := range s.Entry.Because {
		add(b.Source, b.Quote)
	}
	for _, c := range s.Entry.Sources {
		add(c.Source, c.Quote)
	}
	return out
}

// SourceLine names a source in one line: title, publisher, date of publication.
func SourceLine(src event.Source) string {
	var parts []string
	for _, p := range []string{src.Title, src.Publisher} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	if !src.Published.IsZero() {
		parts = append(parts, when.Short(src.Published))
	}
	return strings.Join(parts, ", ")
}

// reminder says how near the date is.
func (s Scene) reminder(n Notice) string {
	e := s.Entry
	if n.About == Earliest {
		return fmt.Sprintf("Could come as early as %s: %s", when.Short(e.Window.Earliest.Day), e.Title)
	}
	return upper(Until(e, s.Now)) + ": " + e.Title
}

// window says that a window opened, or what is left of it.
func (s Scene) window(n Notice) string {
	e := s.Entry
	if n.About == Opens {
		return "Can come any day from now: " + e.Title
	}
	left := e.Window.Latest.Day.Sub(e.Today(s.Now))
	switch {
	case left <= 0:
		return "Still no date on the last possible day: " + e.Title
	case left == 1:
		return "Still no date, and tomorrow is the last possible day: " + e.Title
	}
	return fmt.Sprintf("Still no date, %d days before the last possible day: %s", left, e.Title)
}

// noOutcome begins what is asked of an event that passed.
const noOutcome = "No outcome is recorded. "

// asks says what to do about an event that passed.
func (s Scene) asks() string {
	e := s.Entry
	where := "its file"
	if e.Origin.File != "" {
		where = e.Origin.String()
	}
	return noOutcome + "Set status in " + where + " to " + outcomesFor(e.Kind) + "."
}

func outcomesFor(k event.Kind) string {
	switch k {
	case event.Deadline:
		return "met, in force, averted, deferred or cancelled"
	case event.Measure:
		return "in force, averted, deferred or cancelled"
	}
	return "held, deferred or cancelled"
}

// change says what changed, and why.
func (s Scene) change(m *Message) {
	m.Headline = upper(headline(change.Words(s.Changes))) + ": " + s.Entry.Title
	for _, c := range s.Changes {
		m.Moves = append(m.Moves, Move{What: string(c.Type), Field: c.Field, Old: c.Old, New: c.New})
	}
	if s.Reason != "" {
		m.Text = append(m.Text, "Why: "+s.Reason)
	}
	m.Quiet = !slices.ContainsFunc(s.Changes, weighty)
}

// weighty says whether people have to hear of c at once: another title or place is
// for those who follow the event.
func weighty(c change.Change) bool { return c.Type != change.Retitled && c.Type != change.Relocated }

// contradiction says which statements cannot all hold, where they stand, and which of
// them is set aside for now.
func (s Scene) contradiction(m *Message, n Notice) {
	e := s.Entry
	m.Headline = "These cannot all hold: " + e.Title
	for i, set := range e.Contradictions {
		if strings.Join(set, " ") != n.Target {
			continue
		}
		for _, step := range e.Conflicts[i].Steps {
			m.Text = append(m.Text, fmt.Sprintf("%s is %s (%s)", step.Owner, step.Says, step.At))
		}
	}
	for _, a := range e.SetAside {
		m.Text = append(m.Text, "Set aside for now: "+a.Statement)
	}
}

// headline names the changes. A date that only follows another is told as what it is
// for people: moved.
func headline(types []string) string {
	if len(types) == 1 && types[0] == string(change.Derived) {
		return "moved with another date"
	}
	return strings.Join(types, ", ")
}

// Until says how far off the date of e is at now: "in 7 days", "tomorrow", "in 2
// hours". Days are days of the calendar in the event's zone.
func Until(e agenda.Entry, now time.Time) string {
	start, ok := e.Window.Start()
	if !ok {
		return "no date yet"
	}
	days := e.Window.Earliest.Day.Sub(e.Today(now))
	switch {
	case e.Window.Earliest.Timed && start.After(now) && start.Sub(now) < 20*time.Hour:
		return "in " + span(start.Sub(now))
	case days == 0:
		return "today"
	case days == 1:
		return "tomorrow"
	case days == -1:
		return "yesterday"
	case days < 0:
		return fmt.Sprintf("%d days ago", -days)
	}
	return fmt.Sprintf("in %d days", days)
}

// span writes a duration under a day as people say it.
func span(d time.Duration) string {
	minutes := int(d.Round(time.Minute) / time.Minute)
	h, m := minutes/60, minutes%60
	switch {
	case h == 0:
		return when.Count(m, "minute")
	case m == 0:
		return when.Count(h, "hour")
	}
	return when.Count(h, "hour") + " " + when.Count(m, "minute")
}

// upper writes the first letter of s large.
func upper(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
