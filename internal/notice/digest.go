package notice

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Merge returns one message in place of several, which are in the order in which they were
// due. What they say of one event is told together; of several events it makes a digest,
// by their dates as they lie at now and then by title.
func Merge(list []Message, now time.Time) Message {
	list = together(list)
	if len(list) == 1 {
		return list[0]
	}
	headline, asks := mergedHeadline(list)
	d := Message{Kind: Digest, Headline: headline}
	slices.SortStableFunc(list, func(a, b Message) int {
		return cmp.Or(a.begins(now).Compare(b.begins(now)), cmp.Compare(a.Title, b.Title))
	})
	for _, m := range list {
		for _, l := range m.AsLines() {
			if asks {
				l.Title = m.Title
			}
			d.Lines = append(d.Lines, l)
		}
		for _, who := range m.Mentions {
			d.Mentions = appendNew(d.Mentions, who)
		}
	}
	return d
}

// begins returns the instant by which m is sorted: when its event begins, now where that can
// be any day, and the end of time where it is not known or m is of several.
func (m Message) begins(now time.Time) time.Time {
	switch {
	case m.On.IsZero():
		return time.Unix(1<<40, 0)
	case m.Window != "" && m.On.Before(now):
		return now
	}
	return m.On
}

// together makes one of the messages about one event and its one date, in the place of the
// first of them.
func together(list []Message) []Message {
	var out []Message
	for _, m := range list {
		i := slices.IndexFunc(out, func(o Message) bool { return m.Event != "" && o.Event == m.Event && o.Date == m.Date })
		if i < 0 {
			out = append(out, m)
			continue
		}
		out[i] = out[i].and(m)
	}
	return out
}

// and returns the message that says what m and o do of the same event, a change first: what
// is said of a person's act is said once.
func (m Message) and(o Message) Message {
	if o.Kind == Changed && m.Kind != Changed {
		m, o = o, m
	}
	said := o.Headline
	if m.Kind == Changed {
		said = strings.TrimPrefix(said, dateMoved)
	}
	disputed := m.Kind == Changed && o.Kind == Contradiction && strings.Contains(m.Headline, contradicted)
	if m.lead() != o.lead() && !disputed {
		m.Headline = m.lead() + stop(m.lead()) + " " + said
	}
	m.Moves = append(slices.Clip(m.Moves), o.Moves...)
	if len(m.Answers) == 0 {
		m.Answers = o.Answers
	}
	m.Do = cmp.Or(m.Do, o.Do)
	return m.adding(o)
}

// adding returns m with the sentences of o, and with whom that calls.
func (m Message) adding(o Message) Message {
	for _, t := range o.Text {
		m.Text = appendNew(slices.Clip(m.Text), t)
	}
	for _, who := range o.Mentions {
		m.Mentions = appendNew(slices.Clip(m.Mentions), who)
	}
	if m.Until.IsZero() || !o.Until.IsZero() && o.Until.Before(m.Until) {
		m.Until = o.Until
	}
	m.Late, m.Quiet = cmp.Or(m.Late, o.Late), m.Quiet && o.Quiet
	return m
}

// stop returns the mark that ends a sentence, "" where it has one.
func stop(sentence string) string {
	if strings.HasSuffix(sentence, "?") {
		return ""
	}
	return "."
}

// lead returns what the headline says before the title.
func (m Message) lead() string {
	return strings.TrimRight(strings.TrimSuffix(m.Headline, m.Title), ": ")
}

// mergedHeadline returns the headline of several messages, and whether it asks what each of
// them asks.
func mergedHeadline(list []Message) (text string, asks bool) {
	var outcomes, stale, late int
	for _, m := range list {
		switch m.Kind {
		case Outcome:
			outcomes++
		case Stale:
			stale++
		}
		if m.Late != "" {
			late++
		}
	}
	switch {
	case outcomes == len(list):
		return fmt.Sprintf("%d dates have passed with no outcome recorded", outcomes), true
	case stale == len(list):
		return fmt.Sprintf("Do these %d dates still stand?", stale), true
	case late == len(list):
		return fmt.Sprintf("%d notices, sent late", late), false
	}
	return fmt.Sprintf("%d notices", len(list)), false
}

// AsLines returns the lines that tell m in a digest: its own where it is one.
func (m Message) AsLines() []Line {
	if len(m.Lines) > 0 {
		return m.Lines
	}
	return []Line{line(m)}
}

// line returns one message as a line of a digest.
func line(m Message) Line {
	l := Line{Title: m.Headline, Date: m.Date, Link: m.Link, Answers: m.Answers, Do: m.Do}
	if len(m.Answers) > 0 {
		l.Event, l.Revision = m.Event, m.Revision
	}
	var notes []string
	for _, v := range m.Moves {
		notes = append(notes, v.String())
	}
	if len(notes) > 0 {
		l.Date = ""
	}
	for _, text := range m.Text {
		if text != noOutcome { // the question says it
			notes = append(notes, text)
		}
	}
	if m.Late != "" {
		notes = append(notes, m.Late)
	}
	l.Note = strings.Join(notes, " · ")
	return l
}

func appendNew(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}
