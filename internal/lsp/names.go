package lsp

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"attache/internal/config"
	"attache/internal/event"
)

// calendar returns what the files say of events, or said when all of them could be read.
func (c *configuration) calendar() *config.Calendar {
	if len(c.found.Broken) > 0 && len(c.entries.Calendar.Events) > 0 {
		return &c.entries.Calendar
	}
	return &c.found.Calendar
}

// namesIn returns the names that stand in a document.
func (c *configuration) namesIn(d *document) []config.Name {
	for file, names := range c.names {
		if d.path != "" && same(file, d.path) || c.alone == d {
			return names
		}
	}
	return nil
}

// nameAt returns the id or key that stands at a place of a document, and where it does.
func (s *server) nameAt(d *document, p position) (n config.Name, at span, ok bool) {
	if d.of == nil {
		return n, at, false
	}
	offset := d.text.offset(p, s.units)
	for _, n := range d.of.namesIn(d) {
		from := d.text.written(n.Line, n.Column)
		to := from + len(n.Text)
		if from <= offset && offset <= to && strings.HasPrefix(d.text.data[from:], n.Text) { // else the text has changed
			return n, d.text.span(from, to, s.units), true
		}
	}
	return n, at, false
}

// definition says where what is named at a place is defined.
func (s *server) definition(d *document, p placeParams) (any, error) {
	n, _, ok := s.nameAt(d, p.Position)
	if !ok {
		return nil, nil
	}
	if id, number, numbered := strings.Cut(n.Text, "#"); numbered && n.Of == "statement" {
		return s.statement(d.of, id, number), nil
	}
	return s.places(d.of, n, func(o config.Name) bool { return o.Defined }), nil
}

// references says where what is named at a place is named too.
func (s *server) references(d *document, p placeParams) (any, error) {
	n, _, ok := s.nameAt(d, p.Position)
	if !ok {
		return nil, nil
	}
	return s.places(d.of, n, func(o config.Name) bool { return p.Context.IncludeDeclaration || !o.Defined }), nil
}

// places returns where a name stands, of those places that are wanted.
func (s *server) places(c *configuration, n config.Name, wanted func(config.Name) bool) []location {
	out := []location{}
	for _, file := range slices.Sorted(maps.Keys(c.names)) {
		var uri string
		var t *text
		for _, o := range c.names[file] {
			if o.Of != n.Of || o.Text != n.Text || !wanted(o) {
				continue
			}
			if t == nil {
				uri, t, _ = s.file(file)
			}
			from := t.written(o.Line, o.Column)
			out = append(out, location{uri, t.span(from, from+len(o.Text), s.units)})
		}
	}
	return out
}

// statement returns where the statement of an event with a number stands.
func (s *server) statement(c *configuration, id, number string) []location {
	e, ok := c.calendar().Event(id)
	i, err := strconv.Atoi(number)
	if !ok || err != nil || i < 1 || i > len(e.When) {
		return []location{}
	}
	uri, t, _ := s.file(e.Origin.File)
	from, to := t.line(t.position(t.written(e.When[i-1].Line, 1), s.units).Line)
	return []location{{uri, t.span(from, to, s.units)}}
}

// rename refuses to rename anything, and says why.
func (s *server) rename(d *document, p placeParams) (any, error) {
	n, _, ok := s.nameAt(d, p.Position)
	switch {
	case ok && n.Of == "event":
		return nil, failed(requestFailed, "the id %s stays for ever: subscriptions, messages and what was recorded know the event by it; change its title instead", n.Text)
	case ok:
		return nil, failed(requestFailed, "%s stays: what was recorded knows the %s by it", n.Text, n.Of)
	}
	return nil, failed(requestFailed, "there is nothing here that can be renamed")
}

// codeActions offers what mends the errors at a place.
func (s *server) codeActions(d *document, p placeParams) (any, error) {
	const quickfix = "quickfix"
	out := []codeAction{}
	wanted := len(p.Context.Only) == 0 || slices.Contains(p.Context.Only, quickfix)
	if d.of == nil || !wanted || d.of.versions[d] != d.version {
		return out, nil // what was found is of another text
	}
	c := d.of
	for i, list := range []config.Errors{c.found.Errors, c.found.Warnings} {
		for _, e := range list {
			at := s.rangeOf(d.text, e)
			if !(d.path != "" && same(e.File, d.path) || c.alone == d) || at.End.Line < p.Range.Start.Line || at.Start.Line > p.Range.End.Line {
				continue
			}
			about := diagnostic{Range: at, Severity: severityError + i, Code: e.Code, Source: "attache", Message: e.Message}
			for _, f := range e.Fixes {
				from, to := d.text.written(f.Line, f.Column), d.text.written(f.Line, f.EndColumn)
				out = append(out, codeAction{
					Title: "Write " + f.Text, Kind: quickfix, Diagnostics: []diagnostic{about}, IsPreferred: len(e.Fixes) == 1,
					Edit: workspaceEdit{map[string][]textEdit{d.uri: {{d.text.span(from, to, s.units), f.Text}}}},
				})
			}
		}
	}
	return out, nil
}

// eventAt returns the event in whose lines an offset of a document lies.
func (s *server) eventAt(d *document, offset int) (id string) {
	line := d.text.position(offset, s.units).Line
	for _, n := range d.of.namesIn(d) {
		if n.Of == "event" && n.Defined && d.text.position(d.text.written(n.Line, 1), s.units).Line <= line {
			id = n.Text
		}
	}
	return id
}

// source returns the source with a key.
func (c *configuration) source(key string) (event.Source, bool) {
	list := c.calendar().Sources
	i := slices.IndexFunc(list, func(s event.Source) bool { return s.Key == key })
	if i < 0 {
		return event.Source{}, false
	}
	return list[i], true
}
