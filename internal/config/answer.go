package config

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"attache/internal/agenda"
	"attache/internal/calendar"
	"attache/internal/civil"
	"attache/internal/event"
)

// FieldError says what is wrong with the value that somebody gave a field.
type FieldError struct {
	Field string
	Words string // in one line, without a place
}

// Error returns in one line which field it is and what is wrong.
func (e *FieldError) Error() string { return e.Field + ": " + e.Words }

// Answer returns what a person says of an event elsewhere than in its file, read by the rules of
// the files against what holds: v. Where somebody says it in Slack and names no source, that is
// the source. The error is a *FieldError for a value that can't be read, and ErrNoEvent of
// package calendar.
func (c *Config) Answer(said calendar.Said, v *calendar.View, now time.Time) (calendar.Answer, error) {
	a := calendar.Answer{ID: said.ID, Revision: said.Revision, New: said.New, By: said.By, Press: said.Press}
	s := saying{Said: said, c: c, view: v, today: civil.DateOf(now, location(c.Timezone))}
	s.of = event.Event{ID: said.ID, Zone: c.Timezone, Kind: event.Other, Certainty: event.Possible, Status: event.Open}
	if !said.New {
		i := slices.IndexFunc(v.Entries(), func(e *agenda.Entry) bool { return e.ID == said.ID })
		if i < 0 {
			return a, fmt.Errorf("event %q: %w%s", said.ID, calendar.ErrNoEvent, didYouMean(said.ID, s.ids()))
		}
		s.of, s.revision = v.Entries()[i].Recorded(), v.Entries()[i].Revision
	} else if err := event.CheckID(said.ID); err != nil {
		return a, &FieldError{"id", err.Error()}
	}
	var err error
	if a.Sources, err = s.source(); err != nil {
		return a, err
	}
	s.known = known{sources: a.Sources}
	for _, one := range v.Sources() {
		s.known.sources = append(s.known.sources, one)
	}
	for _, e := range v.Entries() {
		s.known.events = append(s.known.events, e.Recorded())
	}
	var changes []func(*event.Event)
	for _, as := range said.Fields {
		change, read, err := s.field(as)
		if err != nil {
			return a, err
		}
		changes = append(changes, change)
		if as.Field == "when" {
			a.Statements = append(a.Statements, read.When...)
		}
	}
	changes = append(changes, s.citations)
	a.Apply = func(e *event.Event) {
		if said.New {
			*e = s.of
		}
		for _, change := range changes {
			change(e)
		}
	}
	return a, s.whole(a)
}

// saying is what somebody says while it is read.
type saying struct {
	calendar.Said
	c        *Config
	view     *calendar.View
	of       event.Event // as it holds
	revision int
	today    civil.Date
	known    known
	own      bool // who says so is the source
}

func (s *saying) ids() (out []string) {
	for _, e := range s.view.Entries() {
		out = append(out, e.ID)
	}
	return out
}

// source returns the source that the answer rests on where nobody knows it yet, and has s name it.
// A date that was said in Slack, or that something still stands, rests on who says so where
// nothing else is named.
func (s *saying) source() ([]event.Source, error) {
	known := s.view.Sources()
	dated := slices.ContainsFunc(s.Fields, func(a calendar.Assignment) bool { return a.Field == "when" })
	switch _, has := known[s.Cite.Key]; {
	case s.Cite.Key == "" && (s.Stands || dated && s.By.Via == "slack"):
		s.Cite.Key, s.own = "said-"+s.ID+"-"+strconv.Itoa(s.revision+1), true
		title := s.By.Name + " by command"
		if s.By.Via == "slack" {
			title = s.By.Name + " in Slack"
		}
		return []event.Source{{
			Key: s.Cite.Key, Title: title, Publisher: s.Cite.Publisher,
			URL: cmp.Or(s.Cite.URL, s.By.Link), Published: s.today, Timezone: s.c.Timezone,
		}}, nil
	case s.Cite.Key == "" && (s.Cite.Quote != "" || s.Cite.IsNew()):
		return nil, &FieldError{"source", "a quote and the particulars of a source need its key"}
	case s.Cite.Key == "":
		return nil, nil
	case has && s.Cite.IsNew():
		return nil, &FieldError{"source", quoted(s.Cite.Key) + " is there already: leave out what describes it, or choose another key"}
	case has:
		return nil, nil
	case !s.Cite.IsNew():
		return nil, &FieldError{"source", "there is no source " + quoted(s.Cite.Key) + didYouMean(s.Cite.Key, slices.Collect(maps.Keys(known)))}
	}
	if err := event.CheckID(s.Cite.Key); err != nil {
		return nil, &FieldError{"source", err.Error()}
	}
	return []event.Source{{Key: s.Cite.Key, Publisher: s.Cite.Publisher, URL: s.Cite.URL, Published: cmp.Or(s.Cite.Published, s.today)}}, nil
}

// field reads what is said of one field, in the first way of writing it that can be read, and
// returns what changes an event accordingly.
func (s *saying) field(as calendar.Assignment) (change func(*event.Event), read event.Event, err error) {
	set := event.Setter(as.Field)
	if as.Add {
		set = event.Adder(as.Field)
	}
	switch {
	case as.Field == "id":
		return nil, read, &FieldError{as.Field, "the id of an event stays for ever"}
	case set == nil && event.Setter(as.Field) != nil:
		return nil, read, &FieldError{as.Field, "it is one value: write " + as.Field + "="}
	}
	rests := restsOn(s.Cite)
	if rests == "" {
		rests = ", dateline: " + s.today.String()
	}
	if as.Value == "" { // as in a file, where nothing stands behind the key
		read, err = s.c.readFields(as.Field+":", s.of, s.known)
		return func(e *event.Event) { set(&read, e) }, read, err
	}
	for _, value := range values(as, rests, s.today) {
		if as.Add {
			value = "[" + value + "]"
		}
		if read, err = s.c.readFields(as.Field+": "+value, s.of, s.known); err == nil {
			return func(e *event.Event) { set(&read, e) }, read, nil
		}
	}
	if _, plain := s.c.readFields(as.Field+": "+values(as, "", s.today)[0], s.of, s.known); plain != nil { // it has the words that were written
		err = plain
	}
	return nil, read, &FieldError{as.Field, err.Error()}
}

// citations adds to an event what its fields rest on, apart from its date, and the day on which
// somebody found that it still stands.
func (s *saying) citations(e *event.Event) {
	var supports []string
	for _, as := range s.Fields {
		if !slices.Contains([]string{"when", "sources", "reason"}, as.Field) {
			supports = append(supports, as.Field)
		}
	}
	cite := event.Citation{Source: s.Cite.Key, Quote: s.Cite.Quote, Supports: supports}
	if s.Stands {
		cite.Seen = s.today
	}
	if s.Cite.Key != "" && (s.Stands || len(supports) > 0 && !s.own) {
		e.Sources = append(slices.Clip(e.Sources), cite)
	}
}

// whole returns what is wrong with the event as it would be.
func (s *saying) whole(a calendar.Answer) error {
	e := s.of
	a.Apply(&e)
	if e.Title == "" {
		return &FieldError{"title", "the event has no title"}
	}
	if !slices.ContainsFunc(s.Fields, func(a calendar.Assignment) bool { return a.Field == "if" }) {
		return nil
	}
	list := []event.Event{e}
	for _, other := range s.view.Entries() {
		if other.ID != e.ID {
			list = append(list, other.Recorded())
		}
	}
	for _, loop := range agenda.ConditionLoops(list) {
		if slices.Contains(loop, e.ID) {
			return &FieldError{"if", "the conditions of " + strings.Join(loop, ", ") + " wait for each other, so nothing would ever decide them"}
		}
	}
	return nil
}
