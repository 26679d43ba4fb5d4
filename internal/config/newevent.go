package config

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"attache/internal/calendar"
	"attache/internal/config/splice"
	"attache/internal/event"
)

// DraftEvent returns a file as it would be with a new event at its end. The file is one of the
// configuration's, and may be new; "" is the only one that has events. The fields of the change
// are those of the event, title and when among them. Errors are as of [Config.Draft].
func (c *Config) DraftEvent(file string, ch Change) (Draft, error) {
	if err := event.CheckID(ch.ID); err != nil {
		return Draft{}, err
	}
	if e, ok := c.Calendar.Event(ch.ID); ok {
		return Draft{}, fmt.Errorf("%s is there already, at %s", quoted(ch.ID), e.Origin)
	}
	d, err := c.newFile(file)
	if err != nil {
		return d, err
	}
	if d, err = d.knowing(ch.Source); err != nil {
		return d, err
	}
	if ch.Cite != (calendar.Cited{}) {
		if d, err = d.withSource(ch.Cite); err != nil {
			return d, err
		}
	}
	return d.appended(ch)
}

// newFile returns the draft of a file that may be new; "" is the only one that has events.
func (c *Config) newFile(file string) (d Draft, err error) {
	if file == "" {
		if file, err = c.onlyFile(); err != nil {
			return d, err
		}
	}
	d = Draft{File: file, After: c}
	if d.Old, err = readFile(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return d, fmt.Errorf("read %s: %s", file, plainCause(err))
	}
	if d.New = c.draftOf(file, d.Old); d.New == nil {
		d.New = []byte("events:\n")
	}
	return d, nil
}

// appended returns the draft with the event, in the first way of writing its date that can be read.
func (d Draft) appended(ch Change) (Draft, error) {
	entries := []splice.Entry{{Key: "id", Value: splice.Quote(ch.ID)}}
	dated := -1
	dates := []string{"tbd"}
	slices.SortStableFunc(ch.Fields, func(a, b calendar.Assignment) int {
		return cmp.Compare(slices.Index(order, a.Field), slices.Index(order, b.Field))
	})
	for _, a := range ch.Fields {
		list := values(a, restsOn(ch.Cite))
		if a.Field == "when" {
			dated, dates = len(entries), list
		}
		entries = append(entries, splice.Entry{Key: a.Field, Value: list[0]})
	}
	if dated < 0 {
		dated = len(entries)
		entries = append(entries, splice.Entry{Key: "when"})
	}
	var first error
	for _, date := range dates {
		entries[dated].Value = date
		next, err := d.withNew(ch.ID, entries)
		if err == nil {
			return next, nil
		}
		first = cmp.Or(first, err)
	}
	return d, first
}

// withNew returns the draft with a new event, whose file has to be one that the configuration
// reads.
func (d Draft) withNew(id string, entries []splice.Entry) (Draft, error) {
	next, err := d.becomes(withEvent(d.New, entries))
	if err != nil {
		return d, err
	}
	if _, read := next.After.Calendar.Event(id); !read {
		return d, fmt.Errorf("%s is not among the files that %s reads: %s", d.File, d.After.File, strings.Join(d.After.Events, ", "))
	}
	return next, nil
}

func withEvent(data []byte, entries []splice.Entry) ([]byte, error) {
	text, err := splice.Parse(data)
	if err != nil {
		return nil, err
	}
	for _, path := range [][]string{{"events"}, {"calendar", "events"}} {
		if out, err := text.AppendItem(entries, path...); err == nil {
			return out, nil
		}
	}
	return nil, splice.ErrUnsafe
}

// onlyFile returns the one file that has events.
func (c *Config) onlyFile() (string, error) {
	var files []string
	for _, e := range c.Calendar.Events {
		files = append(files, e.Origin.File)
	}
	slices.Sort(files)
	switch files = slices.Compact(files); len(files) {
	case 0:
		return "", errors.New("no file has events yet: name one with --to")
	case 1:
		return files[0], nil
	}
	return "", fmt.Errorf("say which file with --to: %s", strings.Join(files, ", "))
}
