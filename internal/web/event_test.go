package web

import (
	"slices"
	"testing"

	"attache/internal/agenda"
	"attache/internal/event"
)

func TestCommands(t *testing.T) {
	for name, c := range map[string]struct {
		e      event.Event
		want   string // one of the lines
		not    string
		inFile bool
	}{
		"open":     {event.Event{ID: "a", Status: event.Open, Origin: event.Position{File: "e.yaml"}}, `attache set a when+=DATE --source KEY --quote "WORDS"`, `attache outcome a open --reason "WHY"`, true},
		"held":     {event.Event{ID: "a", Status: event.Held}, `attache outcome a open --reason "WHY"`, `attache outcome a held --reason "WHY"`, false},
		"followed": {event.Event{ID: "a", Status: event.Open, Origin: event.Position{File: event.FollowOrigin + "x"}}, "", "attache seen a --source KEY", false},
	} {
		t.Run(name, func(t *testing.T) {
			lines, inFile := commands(&agenda.Entry{Event: c.e})
			if c.want != "" && !slices.Contains(lines, c.want) || slices.Contains(lines, c.not) || inFile != c.inFile {
				t.Errorf("got %q, in a file: %t", lines, inFile)
			}
		})
	}
}
