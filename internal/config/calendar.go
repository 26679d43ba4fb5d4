package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"attache/internal/agenda"
	"attache/internal/event"
)

// Calendar is what the files say of events and of the sources they rest on, in
// the order of the files.
//
// It is the shape of a file of events. Sources come first, wherever they stand: phrases
// are read against the day on which their source was published.
type Calendar struct {
	// Who may see the events of this file that do not say so themselves: an audience, or everybody
	Audience string `yaml:"audience" as:"audience of the file"`
	// Where dates come from, by a key of your own such as scmp-2025-10-26
	Sources []event.Source `yaml:"sources"`
	// The dates to watch
	Events []event.Event `yaml:"events"`

	statuses map[string]spot // where the status of an event stands, by its id
}

// spot is a place that does not keep the text of its file.
type spot struct {
	file, written string
	line, column  int
}

// Event returns the event with an id, and false where there is none.
func (c *Calendar) Event(id string) (event.Event, bool) {
	i := slices.IndexFunc(c.Events, func(e event.Event) bool { return e.ID == id })
	if i < 0 {
		return event.Event{}, false
	}
	return c.Events[i], true
}

// ids returns the ids of the events, in their order.
func (c *Calendar) ids() []string {
	out := make([]string, len(c.Events))
	for i := range c.Events {
		out[i] = c.Events[i].ID
	}
	return out
}

// AtStatus returns message as an error at the place where the status of the event id
// stands, or the event itself where its file gives it none. The event has to be of c.
func (c Calendar) AtStatus(id, message string) *Error {
	if at, ok := c.statuses[id]; ok {
		return &Error{File: at.file, Line: at.line, Column: at.column, Message: message, written: at.written}
	}
	return &Error{File: "<events>", Message: message}
}

// target is what a reference names.
type target string

const (
	toEvent     target = "event"
	toSource    target = "source"
	toStatement target = "statement"
	toAudience  target = "audience"
)

// use is a reference to be checked once every file was read.
type use struct {
	what target
	to   string
	at   place
}

// collected is what all files declare: it collects the calendar of all files and checks what holds among them.
type collected struct {
	Calendar
	events     map[string]place
	sources    map[string]place
	statements map[string]place // by their own id; those of other events may have the same
	audiences  map[string]place // those of the configuration, and everybody
	uses       []use

	conditionAt map[string]place // of a condition of an event, by its id
	series      map[string]bool  // ids of events that come again
	leans       []use            // of dates that lean on an event
	wanted      []wanted         // what events are chosen by
}

func newCollected() *collected {
	return &collected{events: map[string]place{}, sources: map[string]place{}, statements: map[string]place{}, audiences: map[string]place{event.Everybody: {}}, conditionAt: map[string]place{}, series: map[string]bool{}}
}

func (c *collected) addSource(s event.Source, at place, found *findings) {
	if first, twice := c.sources[s.Key]; twice {
		found.fail(at, "the source %q is defined twice: first at %s", s.Key, first)
		return
	}
	c.sources[s.Key] = at
	c.Sources = append(c.Sources, s)
}

func (c *collected) addEvent(e event.Event, at place, found *findings) {
	if first, twice := c.events[e.ID]; twice {
		at.written = "" // the other one has it, and is known to everybody
		found.fail(at, "two events have the id %q: the first is at %s", e.ID, first)
		return
	}
	c.events[e.ID] = at
	c.Events = append(c.Events, e)
	c.stand(e.ID, at)
}

// date says of each statement when it was said, now that every source is known.
func (c *collected) date() {
	sources := c.sourcesByKey()
	for i := range c.Events {
		c.Events[i] = c.Events[i].Dated(sources)
	}
}

func (c *collected) sourcesByKey() map[string]event.Source {
	out := make(map[string]event.Source, len(c.Sources))
	for _, s := range c.Sources {
		out[s.Key] = s
	}
	return out
}

// stand records that the status of the event id stands at a place.
func (c *collected) stand(id string, at place) {
	if c.statuses == nil {
		c.statuses = map[string]spot{}
	}
	c.statuses[id] = spot{at.src.name, at.written, at.line, at.column}
}

// maxSuggestions bounds the search for what a reference may have meant, which
// compares it with every id there is.
const maxSuggestions = 20

// check refuses references to what does not exist, and conditions that wait for each
// other.
func (c *collected) check(found *findings) {
	for _, loop := range agenda.ConditionLoops(c.Events) {
		if len(loop) > 1 {
			at := c.conditionAt[loop[0]]
			found.fail(at, "the conditions of %s wait for each other, so nothing would ever decide them: take one out", strings.Join(loop, ", "))
		}
	}
	for _, u := range c.leans {
		if c.series[u.to] {
			found.fail(u.at, "%s comes again and again, so which of its days is meant is open: name the day, or make that one an event of its own", quoted(u.to))
		}
	}
	missing := 0
	words := map[target][]string{} // in order, of those that something missing may have meant
	known := map[target]map[string]place{toEvent: c.events, toSource: c.sources, toStatement: c.statementNames(), toAudience: c.audiences}
	for _, u := range c.uses {
		if _, ok := known[u.what][u.to]; ok {
			continue
		}
		hint := ""
		if missing++; missing <= maxSuggestions {
			if words[u.what] == nil {
				words[u.what] = slices.Sorted(maps.Keys(known[u.what]))
			}
			hint = didYouMean(u.to, words[u.what])
			u.at = u.at.mending(u.to, nearest(u.to, words[u.what])).slip(u.to, words[u.what])
		}
		if u.what == toSource && hint == "" {
			hint = ": add it under sources"
		}
		if u.what == toAudience && hint == "" {
			hint = ": add it under audiences, or write everybody"
		}
		found.fail(u.at, "there is no %s %s%s", u.what, quoted(u.to), hint)
	}
}

// statementNames returns every name that a statement can be called by.
func (c *collected) statementNames() map[string]place {
	if !slices.ContainsFunc(c.uses, func(u use) bool { return u.what == toStatement }) {
		return nil
	}
	names := maps.Clone(c.statements)
	for _, e := range c.Events {
		for i := range e.When {
			names[fmt.Sprintf("%s#%d", e.ID, i+1)] = place{}
		}
	}
	return names
}
