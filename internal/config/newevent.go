package config

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"attache/internal/calendar"
	"attache/internal/config/splice"
	"attache/internal/event"
)

// Added returns all files as they would be with new events. They come to the end of file, which may
// be new; "" is the file of events with the same topics where there is one only, else the only one
// that has events, else a new one by the name of the event. The fields of a change are those of
// the event, title and when among them. Errors are as of [Config.Changed].
func (c *Config) Added(file string, list ...Change) (*Config, error) {
	w := c.writing()
	for _, ch := range list {
		if err := w.add(file, ch); err != nil {
			return c, err
		}
	}
	return w.added()
}

// added returns all files as they would be read with new events.
func (w *writing) added() (*Config, error) {
	after, err := w.done()
	if err != nil {
		return w.c, err
	}
	for _, e := range w.known.events[len(w.c.Calendar.Events):] {
		if _, read := after.Calendar.Event(e.ID); !read {
			return w.c, fmt.Errorf("%s is not among the files that %s reads: %s", e.Origin.File, w.c.File, strings.Join(w.c.Events, ", "))
		}
	}
	return after, nil
}

// add has a new event written.
func (w *writing) add(file string, ch Change) error {
	of := event.Event{ID: ch.ID, Zone: w.c.Timezone, Calendar: ch.value("calendar")}
	topics, err := w.written(of, calendar.Assignment{Field: "topics", Value: ch.value("topics")}, calendar.Cited{}, ch.Today)
	if err != nil {
		return fmt.Errorf("topics: %w", err)
	}
	f, err := w.home(file, &of, topics)
	if err != nil {
		return err
	}
	w.source(f, ch.Source)
	if err := w.cite(f, ch.Cite, ch.Today); err != nil {
		return err
	}
	if ch.value("when") == "" {
		ch.Fields = append(slices.Clip(ch.Fields), calendar.Assignment{Field: "when", Value: "tbd"})
		if cite := (event.Citation{Source: ch.Cite.Key, Quote: ch.Cite.Quote}); cite.Source != "" { // of something else than a date
			ch.Fields = append(ch.Fields, calendar.Assignment{Field: "sources", Value: "[" + citationText(cite) + "]"})
		}
		ch.Cite.Key = ""
	}
	var entries []splice.Entry
	for _, a := range ch.Fields {
		text, err := w.written(of, a, ch.Cite, ch.Today)
		if err != nil {
			return fmt.Errorf("%s: %w", a, err)
		}
		entries = append(entries, splice.Entry{Key: a.Field, Value: text})
	}
	w.event(f, of, entries)
	return nil
}

// value returns what the change sets a field to, "" for nothing.
func (ch Change) value(field string) string {
	for _, a := range ch.Fields {
		if a.Field == field {
			return a.Value
		}
	}
	return ""
}

// event has an event written with its fields, in their order.
func (w *writing) event(f *writtenFile, e event.Event, fields []splice.Entry) {
	slices.SortStableFunc(fields, func(a, b splice.Entry) int {
		return cmp.Compare(slices.Index(order, a.Key), slices.Index(order, b.Key))
	})
	f.events = append(f.events, append([]splice.Entry{{Key: "id", Value: splice.Quote(e.ID)}}, fields...))
	e.Origin.File = f.name
	w.known.events = append(slices.Clip(w.known.events), e)
}

// home returns the file into which a new event is written, whose topics are given as in a file.
func (w *writing) home(file string, e *event.Event, topics string) (*writtenFile, error) {
	if err := event.CheckID(e.ID); err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(w.known.events, func(o event.Event) bool { return o.ID == e.ID }); i >= 0 {
		return nil, fmt.Errorf("%s is there already, at %s", quoted(e.ID), w.known.events[i].Origin)
	}
	if topics != "" {
		read, err := w.c.readFields("topics: "+topics, *e, w.known)
		if err != nil {
			return nil, fmt.Errorf("topics: %w", err)
		}
		e.Topics = read.Topics
	}
	if file != "" {
		return w.file(file)
	}
	var near, all []string
	for _, other := range w.known.events {
		all = append(all, other.Origin.File)
		if slices.ContainsFunc(other.Topics, func(topic string) bool { return slices.Contains(e.Topics, topic) }) {
			near = append(near, other.Origin.File)
		}
	}
	if len(all) == 0 { // all that are read lack events
		for _, pattern := range w.c.Events {
			all = append(all, matches(w.c.beside(pattern))...)
		}
	}
	for _, files := range [][]string{near, all} {
		slices.Sort(files)
		if files = slices.Compact(files); len(files) == 1 {
			return w.file(files[0])
		}
	}
	for _, pattern := range w.c.Events {
		pattern = w.c.beside(pattern)
		name := filepath.Join(filepath.Dir(pattern), e.ID+".yaml")
		if named, err := filepath.Match(pattern, name); named && err == nil {
			return w.file(name)
		}
	}
	return nil, errors.New("say which file with --to")
}

// AddedFrom returns all files as they would be with the events of a document, and with those of its
// sources that no file has. Errors are as of [Config.Added].
func (c *Config) AddedFrom(file string, doc Document) (*Config, error) {
	text, err := splice.Parse(doc.Data)
	if err != nil {
		return c, fmt.Errorf("%s: %w", doc.Name, err)
	}
	root, _ := text.Map()
	items := text.Items()
	switch {
	case root.Has("events"):
		items = root.Items("events")
	case root.Has("id"):
		items = []splice.Map{root}
	}
	if len(items) == 0 {
		return c, fmt.Errorf("%s has no events", doc.Name)
	}
	sources, _ := text.Map("sources")
	more, ok := sources.Entries()
	if !ok {
		return c, fmt.Errorf("%s: sources: %w", doc.Name, splice.ErrUnsafe)
	}
	w := c.writing()
	for _, item := range items {
		if err := w.addItem(file, item, more); err != nil {
			return c, fmt.Errorf("%s: %w", doc.Name, err)
		}
	}
	return w.added()
}

// addItem has an event written as a document has it, with those sources that no file has.
func (w *writing) addItem(file string, item splice.Map, sources []splice.Entry) error {
	of := event.Event{ID: item.Value("id")}
	topics, _ := item.Line("topics") // what stands in other places is refused below
	entries, ok := item.Entries()
	if !ok {
		return fmt.Errorf("%s: %w", quoted(of.ID), splice.ErrUnsafe)
	}
	f, err := w.home(file, &of, topics)
	if err != nil {
		return err
	}
	for _, s := range sources {
		if _, there := w.sources[s.Key]; !there {
			w.sources[s.Key] = false
			f.sources = append(f.sources, s)
		}
	}
	w.event(f, of, slices.DeleteFunc(entries, func(e splice.Entry) bool { return e.Key == "id" }))
	return nil
}
