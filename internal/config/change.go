package config

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"attache/internal/calendar"
	"attache/internal/civil"
	"attache/internal/config/splice"
	"attache/internal/event"
)

// Change is what a person asks to be written into the file of an event. A field that is given no
// value is taken out.
type Change struct {
	ID     string
	Fields []calendar.Assignment
	Cite   calendar.Cited // what the fields rest on
	Source event.Source   // that the values name themselves: it is added where no file has it
	Stands bool           // somebody found that it still stands
	Today  civil.Date     // against which words are read that rest on no source, and on which it stands
}

// Draft is a file as it is and as it would be.
type Draft struct {
	File     string
	Old, New []byte
	Line     int     // at which the event begins
	After    *Config // all files, as they would be read then; a further change is made to that
}

// ErrByHand says that a change has to be made by hand, with what to write.
var ErrByHand = errors.New("write it yourself")

// Changed returns all files as they would be after changes to events that stand in them, all else
// in them octet for octet as it is. Nothing is written: the files that differ are its Drafts. What
// they would say is read by the rules of every file: the error is one of the value that was given,
// an [ErrByHand] where a file is written in a way that does not let the change be made safely, or
// of type [Errors]. Where there is an error, no change is made.
func (c *Config) Changed(list ...Change) (*Config, error) {
	w := c.writing()
	var err error
	for _, ch := range list {
		if err = w.change(ch); err != nil {
			break
		}
	}
	after := c
	if err == nil {
		after, err = w.done()
	}
	if err == nil || len(list) == 1 {
		return after, err
	}
	for _, ch := range list {
		if _, err := c.Changed(ch); err != nil {
			return c, fmt.Errorf("%s: %w", ch.ID, err)
		}
	}
	return c, err
}

// change has a change written.
func (w *writing) change(ch Change) error {
	e, f, err := w.fileOf(ch.ID)
	if err != nil {
		return err
	}
	w.source(f, ch.Source)
	if err := w.cite(f, ch.Cite, ch.Today); err != nil {
		return err
	}
	var supports []string
	for _, a := range ch.Fields {
		text, err := w.written(e, a, ch.Cite, ch.Today)
		if err != nil {
			return fmt.Errorf("%s: %w", a, err)
		}
		if !slices.Contains([]string{"when", "sources", "reason"}, a.Field) && text != "" {
			supports = append(supports, a.Field)
		}
		a.Value = text
		f.step(e.ID, step{Assignment: a})
	}
	cite := event.Citation{Source: ch.Cite.Key, Quote: ch.Cite.Quote, Supports: supports}
	switch {
	case ch.Stands:
		return w.stands(e, f, cite, ch.Today)
	case cite.Source != "" && len(supports) > 0:
		f.step(e.ID, step{Assignment: calendar.Assignment{Field: "sources", Value: citationText(cite), Add: true}})
	}
	return nil
}

// stands has written that a source of the event was read on a day: the one that is cited, or the
// latest that the event rests on.
func (w *writing) stands(e event.Event, f *writtenFile, cite event.Citation, today civil.Date) error {
	if cite.Source = cmp.Or(cite.Source, w.latest(e)); cite.Source == "" {
		return fmt.Errorf("%s rests on no source: name one with --source", quoted(e.ID))
	}
	has := slices.ContainsFunc(e.Sources, func(c event.Citation) bool { return c.Source == cite.Source })
	if has && cite.Quote == "" && len(cite.Supports) == 0 {
		f.step(e.ID, step{Assignment: calendar.Assignment{Field: "seen", Value: today.String()}, within: cite.Source})
		return nil
	}
	cite.Seen = today
	f.step(e.ID, step{Assignment: calendar.Assignment{Field: "sources", Value: citationText(cite), Add: true}})
	return nil
}

// latest returns the key of the source that was published last of those an event rests on.
func (w *writing) latest(e event.Event) (key string) {
	var latest civil.Date
	var keys []string
	for _, s := range e.When {
		keys = append(keys, s.Source)
	}
	for _, s := range e.Sources {
		keys = append(keys, s.Source)
	}
	for _, s := range w.known.sources {
		if slices.Contains(keys, s.Key) && (key == "" || s.Published.Compare(latest) > 0) {
			key, latest = s.Key, s.Published
		}
	}
	return key
}

// Draft returns the file of an event as it is in c.
func (c *Config) Draft(id string) (d Draft, err error) {
	w := c.writing()
	e, f, err := w.fileOf(id)
	if err != nil {
		return d, err
	}
	d = Draft{File: f.name, Line: e.Origin.Line, New: f.text, After: c}
	if d.Old, err = readFile(d.File); err != nil {
		return d, fmt.Errorf("read %s: %s", d.File, plainCause(err))
	}
	return d, nil
}

// draftOf returns what a file says in c: what its draft does, or else what it holds.
func (c *Config) draftOf(file string, holds []byte) []byte {
	for _, doc := range c.drafts {
		if doc.Name == file {
			return doc.Data
		}
	}
	return holds
}

// Drafts returns the files that c reads otherwise than they are.
func (c *Config) Drafts() (list []Draft, err error) {
	for _, doc := range c.drafts {
		d := Draft{File: doc.Name, New: doc.Data, After: c}
		if d.Old, err = readFile(doc.Name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return list, fmt.Errorf("read %s: %s", doc.Name, plainCause(err))
		}
		list = append(list, d)
	}
	return list, nil
}

// Undo returns the commands that put changes back with which c became after: those that files show
// in one place.
func (c *Config) Undo(after *Config, list ...Change) (commands []string) {
	for _, ch := range list {
		was, ok := c.lines(ch)
		is, still := after.lines(ch)
		if !ok || !still {
			continue
		}
		command := "attache set " + ch.ID
		for i, a := range was {
			if a != is[i] {
				command += " " + shellWord(a.String())
			}
		}
		commands = append(commands, command)
	}
	return commands
}

// lines returns what the fields that a change touches say in the file of their event, in one line
// each, and false where they stand in other places too.
func (c *Config) lines(ch Change) (out []calendar.Assignment, ok bool) {
	d, err := c.Draft(ch.ID)
	if err != nil {
		return nil, false
	}
	text, err := splice.Parse(d.New)
	if err != nil {
		return nil, false
	}
	m, ok := eventIn(text, ch.ID)
	fields := []string{"sources"} // something may be cited
	for _, a := range ch.Fields {
		fields = append(fields, a.Field)
	}
	slices.SortFunc(fields, func(a, b string) int { return cmp.Compare(slices.Index(order, a), slices.Index(order, b)) })
	for _, field := range slices.Compact(fields) {
		value, one := m.Line(field)
		out, ok = append(out, calendar.Assignment{Field: field, Value: value}), ok && one
	}
	return out, ok
}

// eventIn returns the map of an event in a text.
func eventIn(text *splice.Text, id string) (splice.Map, bool) {
	m, ok := text.Item("id", id, "events")
	if !ok {
		m, ok = text.Item("id", id, "calendar", "events")
	}
	return m, ok
}
