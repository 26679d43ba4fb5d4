package notice

import (
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

// Survey is what a recurring digest is written from.
type Survey struct {
	Name      string         // what the digest is called
	Entries   []agenda.Entry // as they stand at Now, in their order
	Changed   []Happened     // since the last one, the oldest first
	Sources   map[string]event.Source
	Now       time.Time  // UTC
	Last      civil.Date // the last day that it speaks of
	PublicURL string     // what links begin with, without a slash at the end
}

// Happened is what changed in an event.
type Happened struct {
	Entry   agenda.Entry
	Changes []change.Change
}

// The headings of a digest, in the order in which they stand.
const (
	groupComing         = "Coming"
	groupUnsettled      = "Not settled"
	groupAwaiting       = "Awaiting an outcome"
	groupContradictions = "Contradictions"
	groupChanged        = "Changed since the last digest"
	groupUndated        = "No date yet"
)

// Write returns the digest: what comes on one of its days, and what can; what
// awaits an outcome; what contradicts itself; what changed since the last one; and what
// has no date. ok is false where there is nothing to say, which events with no date alone
// are not.
func (s Survey) Write() (m Message, ok bool) {
	m = Message{Kind: Digest, Headline: prose.Capital(s.Name)}
	groups := map[string][]Line{}
	for _, e := range s.Entries {
		group, l := s.place(e)
		groups[group] = append(groups[group], l)
		if len(e.Conflicts) > 0 && !e.Status.Over() {
			groups[groupContradictions] = append(groups[groupContradictions], s.line(e, "", s.reader().Of(&e).Get(story.Disputed)))
		}
	}
	for _, h := range s.Changed {
		groups[groupChanged] = append(groups[groupChanged], s.changed(h))
	}
	for _, g := range []string{groupComing, groupUnsettled, groupAwaiting, groupContradictions, groupChanged, groupUndated} {
		ok = ok || g != groupUndated && len(groups[g]) > 0
		for _, l := range groups[g] {
			l.Group = g
			m.Lines = append(m.Lines, l)
		}
	}
	return m, ok
}

// justNow is for how long what begins at the very instant of a digest is still coming.
const justNow = time.Minute

// place returns the heading under which e stands, "" for none, and its line there.
func (s Survey) place(e agenda.Entry) (string, Line) {
	sure := string(e.Certainty)
	soon := e.Window.Earliest.Known() && !e.Window.Earliest.Day.After(s.Last)
	start, _ := e.Window.Start()
	switch phase := e.Phase(s.Now); {
	case phase == agenda.AwaitingOutcome && e.Window.Precision == when.Instant && s.Now.Sub(start) < justNow:
		return groupComing, s.line(e, s.reader().Line(&e), sure)
	case phase == agenda.AwaitingOutcome:
		return groupAwaiting, s.line(e, s.reader().Line(&e)+", "+story.NoOutcome, "")
	case phase == agenda.WindowOpen, phase == agenda.Closing:
		return groupUnsettled, s.line(e, s.reader().Line(&e), sure+", "+s.reader().Away(&e, e.Today(s.Now)))
	case phase == agenda.Ahead, phase == agenda.UnderWay:
		switch {
		case e.Window.Precision == when.None:
			return groupUndated, s.undated(e)
		case !soon:
		case e.Window.Settled():
			return groupComing, s.line(e, s.reader().Line(&e), sure)
		default:
			return groupUnsettled, s.line(e, s.reader().Line(&e), sure)
		}
	}
	return "", Line{}
}

func (s Survey) reader() story.Reader { return story.Reader{Now: s.Now, Sources: s.Sources} }

// undated returns the line of an event with no date: what is known of it instead.
func (s Survey) undated(e agenda.Entry) Line {
	if e.WasPutOff() {
		return s.line(e, s.reader().Date(&e), "")
	}
	return s.line(e, e.Leaning, string(e.Certainty))
}

func (s Survey) line(e agenda.Entry, date, note string) Line {
	return Line{Title: e.Title, Date: date, Note: note, Link: Details{PublicURL: s.PublicURL}.link(e.ID)}
}

// changed returns the line of what changed in an event.
func (s Survey) changed(h Happened) Line {
	var moves []string
	for _, c := range h.Changes {
		moves = append(moves, c.String())
	}
	if h.Entry.Reason != "" && h.Entry.Status.Over() {
		moves = append(moves, h.Entry.Reason)
	}
	l := s.line(h.Entry, "", strings.Join(moves, "; "))
	l.Title = prose.Capital(change.Words(h.Changes)) + ": " + h.Entry.Title
	return l
}
