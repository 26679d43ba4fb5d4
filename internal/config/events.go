package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/notice"
	"attache/internal/when"
)

var (
	calendarKeys  = []string{"sources", "events"}
	sourceKeys    = []string{"title", "publisher", "url", "published", "timezone"}
	citationKeys  = []string{"source", "quote", "supports", "seen"}
	conditionKeys = []string{"text", "event", "is"}
	eventKeys     = []string{
		"id", "title", "kind", "when", "zone", "calendar", "certainty", "status", "reason", "if", "place",
		"parties", "people", "topics", "note", "remind", "links", "sources",
	}
)

// calendarReader reads sources and events of one file into the calendar of all.
type calendarReader struct {
	*reader
	all  *calendar
	zone string // of events that name none

	calendars when.Calendars // by which business days are counted
	counts    string         // the calendar of the event at hand, "" for none

	named map[string]place // statements of the event at hand by their own id
	ifs   []place          // where the event at hand has conditions that an event decides
}

// calendar reads the map that holds sources: and events:. Sources come first, wherever
// they stand: phrases are read against the day on which their source was published.
func (c *calendarReader) calendar(f field) {
	var events []field
	c.mapping(f, calendarKeys, func(f field) {
		if f.key == "sources" {
			c.sources(f)
			return
		}
		events = append(events, c.list(f)...)
	})
	for _, item := range events {
		c.event(item)
	}
}

func (c *calendarReader) sources(f field) {
	fields, _ := c.fields(f)
	for _, one := range fields {
		if strings.HasPrefix(one.key, "x-") {
			continue
		}
		if err := event.CheckID(one.key); err != nil {
			c.fail(one.k, "%s", oneLine(err.Error()))
			continue
		}
		s := event.Source{Key: one.key}
		ok := c.mapping(one, sourceKeys, func(f field) {
			switch f.key {
			case "title":
				s.Title = c.phrase(f)
			case "publisher":
				s.Publisher = c.phrase(f)
			case "url":
				s.URL = c.address(f)
			case "published":
				s.Published = c.day(f)
			case "timezone":
				s.Timezone = c.zoneName(f)
			}
		})
		if ok {
			c.all.addSource(s, c.at(one.k), c.found)
		}
	}
}

// day reads a date of day precision.
func (c *calendarReader) day(f field) civil.Date {
	n := c.scalar(f)
	if n == nil {
		return civil.Date{}
	}
	d, err := civil.ParseDate(n.Value)
	if err != nil {
		c.dateError(n, n.Value, err)
	}
	return d
}

// event reads one event and adds it to the calendar.
func (c *calendarReader) event(f field) {
	n := c.resolve(f.v)
	e := event.Event{Zone: c.zone, Kind: event.Other, Certainty: event.Possible, Status: event.Open}
	e.Origin = event.Position{File: c.src.name, Line: n.Line}
	var id, title, status, dates field
	c.named, c.ifs, c.counts = nil, nil, ""
	f.key = "an event"
	if c.null(f.v) {
		c.fail(f.v, "an item of events is empty")
		return
	}
	ok := c.mapping(f, eventKeys, func(f field) {
		if f.key == "id" {
			id, e.ID = f, c.id(f)
			return
		}
		switch f.key {
		case "title":
			title = f
		case "status":
			status = f
		case "when":
			dates = f
			return
		}
		c.eventField(&e, f)
	})
	if !ok {
		return
	}
	if dates.k != nil { // they count by the calendar of the event, wherever that stands
		e.When = c.statements(dates)
	}
	if id.k == nil {
		c.fail(n, "the event has no id: add one such as beijing-visit, which it keeps for ever")
	}
	if title.k == nil || e.Title == "" && c.resolve(title.v).Kind == yaml.ScalarNode {
		c.fail(n, "the event has no title")
	}
	if e.ID != "" {
		c.checkLinks(e, n)
		c.checkSeries(e, dates)
		c.all.addEvent(e, c.at(id.v), c.found)
		if len(c.ifs) > 0 {
			c.all.conditionAt[e.ID] = c.ifs[0]
		}
		if status.k != nil && c.all.events[e.ID] == c.at(id.v) {
			c.all.stand(e.ID, c.at(status.v))
		}
	}
}

// eventField reads one field other than the id.
func (c *calendarReader) eventField(e *event.Event, f field) {
	switch f.key {
	case "title":
		e.Title = c.phrase(f)
	case "kind":
		orDefault(&e.Kind, word(c.reader, f, event.Kinds()))
	case "certainty":
		orDefault(&e.Certainty, word(c.reader, f, event.Certainties()))
	case "status":
		orDefault(&e.Status, word(c.reader, f, event.Statuses()))
	case "calendar":
		e.Calendar = c.calendarName(f)
		c.counts = c.resolve(f.v).Value
	case "zone":
		orDefault(&e.Zone, c.zoneName(f))
	case "if":
		e.If = c.condition(f)
	case "remind":
		if leads, ok := c.leads(f); ok {
			e.Remind = &leads
		}
	case "links":
		e.Links = c.links(f)
	case "sources":
		e.Sources = c.citations(f)
	default:
		c.eventText(e, f)
	}
}

func (c *calendarReader) eventText(e *event.Event, f field) {
	switch f.key {
	case "reason":
		e.Reason = c.text(f, maxText)
	case "note":
		e.Note = c.text(f, maxText)
	case "place":
		e.Place = c.phrase(f)
	case "parties":
		e.Parties = c.phrases(f)
	case "people":
		e.People = c.phrases(f)
	case "topics":
		e.Topics = c.phrases(f)
	}
}

// orDefault keeps what is there where nothing was written.
func orDefault[W ~string](to *W, written W) {
	if written != "" {
		*to = written
	}
}

// id reads a slug and returns "" where it is none.
func (r *reader) id(f field) string {
	n := r.scalar(f)
	if n == nil {
		if r.null(f.v) {
			r.fail(f.k, "%s has nothing behind it", f.key)
		}
		return ""
	}
	if err := event.CheckID(n.Value); err != nil {
		r.fail(n, "%s", oneLine(err.Error()))
		return ""
	}
	return n.Value
}

// zoneName reads a zone and returns its IANA name; offsets and AoE stay as they are.
func (r *reader) zoneName(f field) string {
	n := r.scalar(f)
	if n == nil {
		return ""
	}
	loc, err := civil.Zone(n.Value)
	if err == nil && (n.Value == "EST" || n.Value == "EDT") {
		err = fmt.Errorf("%s is the zone of half a year: write America/New_York, or ET", n.Value)
	}
	if err != nil {
		r.fail(n, "%s", oneLine(err.Error()))
		return ""
	}
	return loc.String()
}

// leads reads a ladder, and reports whether one was written: [] is one with no rung.
func (r *reader) leads(f field) (leads []string, written bool) {
	if r.null(f.v) {
		return nil, false
	}
	leads = []string{}
	for _, item := range r.list(f) {
		l, ok := r.lead(item)
		switch {
		case !ok:
		case slices.Contains(leads, l.String()):
			r.fail(item.v, "%s has %s twice", f.key, l)
		default:
			leads = append(leads, l.String())
		}
	}
	return leads, true
}

func (r *reader) lead(f field) (notice.Lead, bool) {
	n := r.scalar(f)
	if n == nil {
		if r.null(f.v) {
			r.fail(f.v, "an item of %s is empty", f.key)
		}
		return notice.Lead{}, false
	}
	l, err := notice.ParseLead(n.Value)
	if err != nil {
		r.fail(n, "%s", oneLine(err.Error()))
		return notice.Lead{}, false
	}
	return l, true
}

// condition reads if: text alone, or a map with the event that decides it.
func (c *calendarReader) condition(f field) *event.Condition {
	if c.null(f.v) {
		return nil
	}
	var cond event.Condition
	n := c.resolve(f.v)
	if n.Kind == yaml.ScalarNode {
		cond.Text = c.text(f, maxText)
		return &cond
	}
	given := map[string]bool{} // right or wrong
	c.mapping(f, conditionKeys, func(f field) {
		given[f.key] = true
		switch f.key {
		case "text":
			cond.Text = c.text(f, maxText)
		case "event":
			cond.Event = c.reference(f, toEvent)
			c.ifs = append(c.ifs, c.at(f.k))
		case "is":
			f.key = "status"
			cond.Is = word(c.reader, f, event.Statuses())
		}
	})
	switch {
	case n.Kind != yaml.MappingNode:
	case given["event"] && !given["is"]:
		c.fail(n, "if names an event: add is, the status that it has to reach, such as in force")
	case given["is"] && !given["event"]:
		c.fail(n, "if has is without event: add the event that decides it")
	case !given["event"] && cond.Text == "":
		c.fail(n, "if says nothing: add text, or the event that decides it")
	}
	return &cond
}

// links reads {relation: id or list of ids}, or a list of such maps.
func (c *calendarReader) links(f field) []event.Link {
	n := c.resolve(f.v)
	if n.Kind == yaml.SequenceNode {
		var out []event.Link
		for _, item := range n.Content {
			out = append(out, c.links(f.item(item))...)
		}
		return out
	}
	fields, _ := c.fields(f)
	var out []event.Link
	for _, one := range fields {
		if strings.HasPrefix(one.key, "x-") {
			continue
		}
		rel := word(c.reader, field{"relation", one.k, one.k}, event.Relations())
		targets := []field{one}
		if c.resolve(one.v).Kind == yaml.SequenceNode {
			targets = c.list(one)
		}
		for _, target := range targets {
			if to := c.reference(target, toEvent); to != "" && rel != "" {
				out = append(out, event.Link{Rel: rel, To: to})
			}
		}
	}
	return out
}

// checkLinks refuses an event that leans on itself.
func (c *calendarReader) checkLinks(e event.Event, n *yaml.Node) {
	for _, l := range e.Links {
		if l.To == e.ID {
			c.fail(n, "%s links to itself", quoted(e.ID))
		}
	}
	if e.If != nil && e.If.Event == e.ID || slices.ContainsFunc(e.When, func(s event.Statement) bool { return s.If.Event == e.ID }) {
		c.fail(n, "%s depends on itself", quoted(e.ID))
	}
}

// citations reads a list of sources, each its key alone or a map.
func (c *calendarReader) citations(f field) []event.Citation {
	var out []event.Citation
	for _, item := range c.list(f) {
		if n := c.resolve(item.v); n.Kind == yaml.ScalarNode {
			if key := c.reference(item, toSource); key != "" {
				out = append(out, event.Citation{Source: key})
			}
			continue
		}
		out = append(out, c.citation(item))
	}
	return out
}

func (c *calendarReader) citation(f field) event.Citation {
	var cite event.Citation
	ok := c.mapping(f, citationKeys, func(f field) {
		switch f.key {
		case "source":
			cite.Source = c.reference(f, toSource)
		case "quote":
			cite.Quote = c.text(f, maxText)
		case "supports":
			cite.Supports = words(c.reader, f, "field of an event", eventKeys)
		case "seen":
			cite.Seen = c.day(f)
		}
	})
	if ok && cite.Source == "" && cite.Quote == "" {
		c.fail(f.v, "the citation names no source")
	}
	return cite
}

// reference reads the id or key of something that has to exist.
func (c *calendarReader) reference(f field, what target) string {
	n := c.scalar(f)
	if n == nil {
		if c.null(f.v) {
			c.fail(f.k, "%s has nothing behind it", f.key)
		}
		return ""
	}
	if strings.TrimSpace(n.Value) == "" {
		c.fail(n, "%s is empty", f.key)
		return ""
	}
	c.all.uses = append(c.all.uses, use{what, n.Value, c.at(n)})
	return n.Value
}

// address reads an absolute URL of http or https.
func (r *reader) address(f field) string {
	n := r.scalar(f)
	if n == nil || n.Value == "" {
		return ""
	}
	if err := checkURL(n.Value); err != nil {
		r.fail(n, "%s: %s", f.key, oneLine(err.Error()))
		return ""
	}
	return n.Value
}

var errNoURL = errors.New("write an address as https://example.com/")
