package notice

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Merge returns one message in place of several, unsettled dates first. The
// messages are in the order in which they were due.
func Merge(list []Message, now time.Time) Message {
	d := Message{Kind: Digest, Headline: mergedHeadline(list)}
	settled := func(m Message) int {
		if m.Window != "" {
			return 0
		}
		return 1
	}
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b Message) int { return settled(a) - settled(b) })
	for _, m := range list {
		if len(m.Lines) > 0 { // a digest among them brings its own lines
			d.Lines = append(d.Lines, m.Lines...)
			continue
		}
		d.Lines = append(d.Lines, line(m))
		for _, who := range m.Mentions {
			d.Mentions = appendNew(d.Mentions, who)
		}
	}
	return d
}

func mergedHeadline(list []Message) string {
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
		return fmt.Sprintf("%d dates have passed with no outcome recorded", outcomes)
	case stale == len(list):
		return fmt.Sprintf("Do these %d dates still stand?", stale)
	case late == len(list):
		return fmt.Sprintf("%d notices, sent late", late)
	}
	return fmt.Sprintf("%d notices", len(list))
}

// line returns one message as a line of a digest.
func line(m Message) Line {
	l := Line{Title: m.Headline, Date: m.Date, Link: m.Link}
	switch m.Kind {
	case Stale:
		l.Title = strings.TrimPrefix(l.Title, asksStale)
	case Outcome:
		l.Title = strings.TrimPrefix(strings.TrimPrefix(l.Title, asksFirst), asksAgain)
	}
	var notes []string
	for _, v := range m.Moves {
		notes = append(notes, v.String())
	}
	if len(notes) > 0 {
		l.Date = ""
	}
	for _, text := range m.Text {
		notes = append(notes, strings.TrimPrefix(text, noOutcome))
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
