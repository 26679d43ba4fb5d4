package notice

import (
	"attache/internal/change"
	"slices"
	"strings"
	"time"
)

// Message is the text of a notice, before any channel's markup. All text is
// plain: whoever sends it escapes it.
type Message struct {
	Kind     Kind
	Event    string    // id; "" where it speaks of several
	Title    string    // of the event, with which the headline ends; "" where it speaks of several
	Headline string    // one line: "Tomorrow: …"
	Date     string    // the date in words; "" where it speaks of several
	At       time.Time // the instant, UTC; zero unless the date has a time of day
	On       time.Time // when it can begin, UTC; zero where that is not known
	Facts    []string  // certainty and status, each short
	Where    []string  // kind, place, parties, each short
	Moves    []Move    // what changed
	Text     []string  // sentences
	Quotes   []Quote
	Lines    []Line   // what a digest tells
	Window   string   // a window drawn in words, or ""
	Why      []string // what puts the date where it is, each a statement
	Changed  string   // what changed last, or ""
	Told     string   `json:",omitempty"` // of a card: what its message said first, or ""
	Late     string   // how late it is, or ""
	Mentions []string
	Link     string   // absolute URL of the page that shows it, or ""
	Answers  []Answer `json:",omitempty"` // what can be said to it
	Do       string   `json:",omitempty"` // how it is answered where there is nothing to press: the command
	Handled  string   `json:",omitempty"` // what somebody in the channel did with it, or ""

	Revision int       // of the event that it shows; 0 where it speaks of several
	Until    time.Time // UTC; from then on its words such as "tomorrow" are wrong. Zero is never
	Quiet    bool      // of a change: none that anybody has to hear of at once
}

// Move is one thing that changed, in words.
type Move = change.Change

// Quote is what a source said.
type Quote struct {
	Words  string
	Source string // its title, publisher and date
	URL    string // "" or absolute http or https
}

// Line is one event in a digest.
type Line struct {
	Group string // under which heading it stands: "No date yet"; "" is none
	Title string
	Date  string
	Note  string
	Link  string

	Event    string   `json:",omitempty"` // id; "" where nothing can be said to it
	Revision int      `json:",omitempty"` // of the event that it shows
	Answers  []Answer `json:",omitempty"` // what can be said to it
	Do       string   `json:",omitempty"` // likewise, where there is nothing to press
}

// Typed returns l where there is nothing to press.
func (l Line) Typed() Line {
	if l.Do != "" {
		l.Note = strings.TrimPrefix(l.Note+" · "+l.Do, " · ")
	}
	return l
}

// Summary returns the message in one line, for notifications and for readers that
// show no markup: complete in itself, with the date and its zone.
func (m Message) Summary() string {
	parts := []string{m.Headline}
	if m.Date != "" && !slices.ContainsFunc(m.Moves, func(v Move) bool { return v.Field == "date" }) {
		parts = append(parts, m.Date)
	}
	for _, v := range m.Moves {
		parts = append(parts, v.String())
	}
	group := ""
	for _, l := range m.Lines {
		text := l.String()
		if l.Group != group {
			group, text = l.Group, l.Group+": "+text
		}
		parts = append(parts, text)
	}
	if m.Late != "" {
		parts = append(parts, m.Late)
	}
	return strings.Join(parts, " · ")
}

// Whole returns the message in one line with all its text, sentences included.
func (m Message) Whole() string {
	parts := []string{m.Summary()}
	if len(m.Lines) == 0 {
		parts = append(parts, m.Text...)
	}
	if m.Do != "" {
		parts = append(parts, m.Do)
	}
	if m.Kind == Changed {
		for _, q := range m.Quotes {
			parts = append(parts, "“"+q.Words+"”, "+q.Source)
		}
	}
	return strings.Join(parts, " · ")
}

// String writes l with its date or, where it has none, with what it notes.
func (l Line) String() string {
	switch {
	case l.Date != "":
		return l.Title + ", " + l.Date
	case l.Note != "":
		return l.Title + ", " + l.Note
	}
	return l.Title
}
