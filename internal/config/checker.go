package config

import (
	"cmp"
	"slices"
)

// Checker checks one configuration again and again, while its files are edited. What stands in
// a file as it did the last time is not decoded again.
type Checker struct {
	Path string               // of attache.yaml
	docs map[string]*document // as they were decoded, by their names
}

// Check does as [CheckFiles] for the configuration, with drafts in the place of the files of
// their names.
func (c *Checker) Check(drafts ...Document) Checked {
	if c.docs == nil {
		c.docs = map[string]*document{}
	}
	l := newLoader()
	l.drafts, l.known = drafts, c.docs
	if c.Path == "" {
		return l.check(nil, drafts)
	}
	return l.check([]string{c.Path}, nil)
}

// Settings returns what attache.yaml says, as far as it can be read, with drafts as for Check.
func (c *Checker) Settings(drafts ...Document) *Config {
	l := newLoader()
	l.drafts, l.known = drafts, c.docs
	return l.alone(c.Path)
}

// Name is a place where the id of an event, or of a statement, or the key of a source stands.
type Name struct {
	Of      string // event, statement or source
	Text    string
	Defined bool // here, and elsewhere it is only used
	File    string
	Line    int
	Column  int // in characters, from 1; of the name itself
}

// names returns where all names stand, in the order of the files.
func (c *collected) names() (out []Name) {
	add := func(of target, text string, at place, defined bool) {
		if from, _, ok := at.extent(text); ok {
			at.column = from + 1
		}
		out = append(out, Name{string(of), text, defined, at.src.name, at.line, at.column})
	}
	for id, at := range c.events {
		add(toEvent, id, at, true)
	}
	for key, at := range c.sources {
		add(toSource, key, at, true)
	}
	for id, at := range c.statements {
		add(toStatement, id, at, true)
	}
	for _, u := range c.uses {
		add(u.what, u.to, u.at, false)
	}
	slices.SortFunc(out, func(a, b Name) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return out
}
