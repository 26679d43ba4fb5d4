package config

import (
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/notice"
)

// source is the shape of an [event.Source].
type source struct {
	Key string
	// Its headline
	Title string `yaml:"title"`
	// Who published it
	Publisher string `yaml:"publisher"`
	// Where it can be read
	URL string `yaml:"url" as:"address"`
	// The day on which it was published, as in 2025-10-26: phrases are read against it
	Published civil.Date `yaml:"published"`
	// The IANA zone of that day
	Timezone string `yaml:"timezone" as:"zone"`
	Own      bool
}

// entry is the shape of an [event.Event].
type entry struct {
	// A name that it keeps for ever, as in beijing-visit. Never a date: dates move
	ID string `yaml:"id" as:"id" required:"add one such as beijing-visit, which it keeps for ever"`
	// What people call it
	Title string `yaml:"title" required:""`
	// What sort of event it is; its reminders go by it
	Kind event.Kind `yaml:"kind" default:"other"`
	// The IANA zone in which its days are counted, as in Asia/Shanghai
	Zone string `yaml:"zone" as:"zone"`
	// The calendar by which its business days are counted
	Calendar string `yaml:"calendar" as:"calendar"`
	// What was said of its date: tbd, 2026-02-17, {between: [2026-01-01, 2026-02-16]}, {before: event:ID}, or a list of such statements, which hold together
	When []event.Statement `yaml:"when"`
	// How sure it is that it takes place as stated
	Certainty event.Certainty `yaml:"certainty" default:"possible"`
	// What became of it
	Status event.Status `yaml:"status" default:"open"`
	// Why it changed, for those who are told
	Reason string `yaml:"reason" as:"text"`
	// What it depends on: in words, or an event and the status that decides it
	If *event.Condition `yaml:"if"`
	// Where it takes place
	Place string `yaml:"place"`
	// The countries and bodies that take part
	Parties []string `yaml:"parties"`
	// The people who take part
	People []string `yaml:"people"`
	// What it is about; routes and feeds go by it
	Topics []string `yaml:"topics"`
	// Anything else worth knowing
	Note string `yaml:"note" as:"text"`
	// Its own reminders, as in [7d, 1d, 2h, 3bd]; [] for none
	Remind *[]string `yaml:"remind" as:"leads"`
	// How it stands to other events, as in {follows: beijing-visit}
	Links []event.Link `yaml:"links"`
	// What it rests on: keys of sources, with quotes
	Sources []event.Citation `yaml:"sources"`
	// Who may see it: the name of an audience or of a private feed, or everybody
	Audience string `yaml:"audience" as:"audience"`
	Origin   event.Position
	Foreign  event.Foreign
	Veiled   bool
}

// condition is the shape of an [event.Condition].
type condition struct {
	// In words
	Text string `yaml:"text" as:"text"`
	// The id of the event that decides it
	Event string `yaml:"event" as:"event"`
	// The status that this event has to reach
	Is event.Status `yaml:"is"`
}

// citation is the shape of an [event.Citation].
type citation struct {
	// The key of a source
	Source string `yaml:"source" as:"source"`
	// Its exact words
	Quote string `yaml:"quote" as:"text"`
	// The fields of the event that it supports, as in [when, place]
	Supports []string `yaml:"supports" as:"fields"`
	// The day on which it was read, as in 2025-10-27
	Seen civil.Date `yaml:"seen"`
}

// eventState is what is known of the event at hand while it is read.
type eventState struct {
	calendar string           // by which its business days are counted, "" for none
	named    map[string]place // its statements by their own id
	ifs      []place          // where it has conditions that an event decides
}

// sources reads the sources of a file by their keys.
func (r *reader) sources(f field) {
	fields, _ := r.fields(f)
	for _, one := range fields {
		if err := event.CheckID(one.key); err != nil {
			r.fail(one.k, "%s", oneLine(err.Error()))
			continue
		}
		s := source{Key: one.key}
		if _, ok := r.read(one.called("a source"), &s); ok {
			r.all.addSource(event.Source(s), r.at(one.k), r.found)
		}
	}
}

// day reads a date of day precision.
func (r *reader) day(f field) civil.Date {
	n := r.scalar(f)
	if n == nil {
		return civil.Date{}
	}
	d, err := civil.ParseDate(n.Value)
	if err != nil {
		r.dateError(n, n.Value, err, takenBy(civil.ParseDate))
	}
	return d
}

// readEvents reads events, unless enough is wrong with those before them.
func (r *reader) readEvents(items []field) {
	for i, item := range items {
		if r.found.enough() {
			r.found.unread += len(items) - i
			break
		}
		r.readEvent(item)
	}
}

// readEvent reads one event and adds it to the calendar.
func (r *reader) readEvent(f field) {
	if r.null(f.v) {
		r.fail(f.v, "an item of events is empty")
		return
	}
	n := r.resolve(f.v)
	r.entry = entry{Zone: r.cfg.Timezone, Audience: r.audience, Origin: event.Position{File: r.src.name, Line: n.Line}}
	r.event = eventState{}
	written, ok := r.read(field{key: "an event", v: f.v}, &r.entry)
	e := event.Event(r.entry)
	if !ok || e.ID == "" {
		return
	}
	id := r.at(written.get("id").v)
	r.checkLinks(e, n)
	r.countsNothing(e, written.get("calendar"))
	r.checkSeries(e, written.get("when"))
	r.all.addEvent(e, id, r.found)
	if len(r.event.ifs) > 0 {
		r.all.conditionAt[e.ID] = r.event.ifs[0]
	}
	if status := written.get("status"); status.k != nil && r.all.events[e.ID].is(id) {
		r.all.stand(e.ID, r.at(status.v))
	}
}

func (e *entry) check(r *reader, f field, written fieldList) {
	if title := written.get("title"); title.k != nil && e.Title == "" && r.resolve(title.v).Kind == yaml.ScalarNode {
		r.fail(r.resolve(f.v), "the event has no title")
	}
}

// rungs reads the leads of an event's own ladder: [] is one with none.
func (r *reader) rungs(f field) *[]string {
	var ladder []notice.Lead
	r.ladder(f, &ladder)
	out := make([]string, len(ladder))
	for i, l := range ladder {
		out[i] = l.String()
	}
	return &out
}

// condition reads if: text alone, or a map with the event that decides it.
func (r *reader) condition(f field) event.Condition {
	var c condition
	if r.resolve(f.v).Kind == yaml.ScalarNode {
		r.swallowed(f)
		c.Text = r.text(f, maxText)
	} else {
		r.read(f, &c)
	}
	return event.Condition(c)
}

func (c *condition) check(r *reader, f field, written fieldList) {
	n := r.resolve(f.v)
	decides, is := written.get("event").k, written.has("is")
	if decides != nil {
		r.event.ifs = append(r.event.ifs, r.at(decides))
	}
	switch {
	case decides != nil && !is:
		r.fail(n, "if names an event: add is, the status that it has to reach, such as in force")
	case is && decides == nil:
		r.fail(n, "if has is without event: add the event that decides it")
	case decides == nil && c.Text == "":
		r.fail(n, "if says nothing: add text, or the event that decides it")
	}
}

// links reads {relation: id or list of ids}, or a list of such maps.
func (r *reader) links(f field) []event.Link {
	n := r.resolve(f.v)
	if n.Kind == yaml.SequenceNode {
		var out []event.Link
		for _, item := range n.Content {
			out = append(out, r.links(f.item(item))...)
		}
		return out
	}
	fields, _ := r.fields(f)
	var out []event.Link
	for _, one := range fields {
		words, noun := vocabulary(reflect.TypeFor[event.Relation]())
		rel := event.Relation(r.word(field{key: noun, k: one.k, v: one.k}, words, noun))
		targets := []field{one}
		if r.resolve(one.v).Kind == yaml.SequenceNode {
			targets = r.list(one)
		}
		for _, target := range targets {
			if to := r.reference(target, toEvent); to != "" && rel != "" {
				out = append(out, event.Link{Rel: rel, To: to})
			}
		}
	}
	return out
}

// checkLinks refuses an event that leans on itself.
func (r *reader) checkLinks(e event.Event, n *yaml.Node) {
	for _, l := range e.Links {
		if l.To == e.ID {
			r.fail(n, "%s links to itself", quoted(e.ID))
		}
	}
	if e.If != nil && e.If.Event == e.ID || slices.ContainsFunc(e.When, func(s event.Statement) bool { return s.If.Event == e.ID }) {
		r.fail(n, "%s depends on itself", quoted(e.ID))
	}
}

// citations reads a list of sources, each its key alone or a map.
func (r *reader) citations(f field) []event.Citation {
	var out []event.Citation
	for _, item := range r.list(f) {
		if n := r.resolve(item.v); n.Kind == yaml.ScalarNode {
			if key := r.reference(item, toSource); key != "" {
				out = append(out, event.Citation{Source: key})
			}
			continue
		}
		var cite citation
		r.read(field{key: "a citation", v: item.v}, &cite)
		out = append(out, event.Citation(cite))
	}
	return out
}

func (c *citation) check(r *reader, f field, _ fieldList) {
	if c.Source == "" && c.Quote == "" {
		r.fail(f.v, "the citation names no source")
	}
}

// reference reads the id or key of something that has to exist.
func (r *reader) reference(f field, what target) string {
	n := r.scalar(f)
	if n == nil {
		if r.null(f.v) {
			r.fail(f.k, "%s has nothing behind it", f.key)
		}
		return ""
	}
	if strings.TrimSpace(n.Value) == "" {
		r.fail(n, "%s is empty", f.key)
		return ""
	}
	r.all.uses = append(r.all.uses, use{what, n.Value, r.at(n)})
	return n.Value
}
