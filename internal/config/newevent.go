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
	d := Draft{File: file}
	if err := event.CheckID(ch.ID); err != nil {
		return d, err
	}
	if e, ok := c.Calendar.Event(ch.ID); ok {
		return d, fmt.Errorf("%s is there already, at %s", quoted(ch.ID), e.Origin)
	}
	var err error
	if file == "" {
		if d.File, err = c.onlyFile(); err != nil {
			return d, err
		}
	}
	if d.Old, err = readFile(d.File); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return d, fmt.Errorf("read %s: %s", d.File, plainCause(err))
	}
	if d.New = d.Old; err != nil {
		d.New = []byte("events:\n")
	}
	if ch.Cite != (calendar.Cited{}) {
		if d.New, err = c.withSource(d, ch.Cite); err != nil {
			return d, err
		}
	}
	d.New, err = c.appended(d, ch)
	return d, err
}

// appended returns the draft with the event, in the first way of writing its date that can be read.
func (c *Config) appended(d Draft, ch Change) (out []byte, err error) {
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
		if out, err = withEvent(d.New, entries); err == nil {
			err = c.tryNew(d.File, out, ch.ID)
		}
		if err == nil {
			return out, nil
		}
		first = cmp.Or(first, err)
	}
	return nil, first
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

// tryNew is try for a file that may be new: it has to be one that the configuration reads.
func (c *Config) tryNew(file string, data []byte, id string) error {
	got, err := Load(c.File, Document{Name: file, Data: data})
	if err != nil {
		return firstOf(err)
	}
	if _, read := got.Calendar.Event(id); !read {
		return fmt.Errorf("%s is not among the files that %s reads: %s", file, c.File, strings.Join(c.Events, ", "))
	}
	return nil
}
