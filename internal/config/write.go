package config

import (
	"fmt"
	"io"
	"strings"

	"go.yaml.in/yaml/v4"

	"attache/internal/event"
	"attache/internal/when"
)

// Write writes a new file of events, which CheckFiles reads back as the same. Files that
// people have are never written by it: it would lay them out anew.
func Write(w io.Writer, c Calendar) error {
	file := newFile{Sources: c.Sources, Events: make([]newEvent, len(c.Events))}
	for i, e := range c.Events {
		var err error
		if file.Events[i], err = written(e); err != nil {
			return fmt.Errorf("event %q: %w", e.ID, err)
		}
	}
	enc := yaml.NewEncoder(w)
	enc.SetIndent(2)
	if err := enc.Encode(file); err != nil {
		return fmt.Errorf("write the events: %w", err)
	}
	return enc.Close()
}

// newFile is a file of events as it is written: its keys stand in the order in which people
// read them, and what is empty is left out.
type newFile struct {
	Sources newSources `yaml:"sources,omitempty"`
	Events  []newEvent `yaml:"events"`
}

// bare is a word, a date or a number as people write it, without quotes. What is a string
// here may need them.
type bare string

func (p bare) MarshalYAML() (any, error) {
	return &yaml.Node{Kind: yaml.ScalarNode, Value: string(p)}, nil
}

// newSources are written as a map by their keys, in their order.
type newSources []event.Source

func (list newSources) MarshalYAML() (any, error) {
	out := &yaml.Node{Kind: yaml.MappingNode}
	for _, s := range list {
		var n yaml.Node
		if err := n.Encode(newSource{s.Title, s.Publisher, s.URL, bare(s.Published.String()), bare(s.Timezone)}); err != nil {
			return nil, err
		}
		var key yaml.Node
		if err := key.Encode(s.Key); err != nil {
			return nil, err
		}
		out.Content = append(out.Content, &key, &n)
	}
	return out, nil
}

type newSource struct {
	Title     string `yaml:"title,omitempty"`
	Publisher string `yaml:"publisher,omitempty"`
	URL       string `yaml:"url,omitempty"`
	Published bare   `yaml:"published,omitempty"`
	Timezone  bare   `yaml:"timezone,omitempty"`
}

type newEvent struct {
	ID        string        `yaml:"id,omitempty"`
	Title     string        `yaml:"title,omitempty"`
	Kind      bare          `yaml:"kind,omitempty"`
	When      any           `yaml:"when"` // tbd, a statement, or a list of them
	Zone      bare          `yaml:"zone,omitempty"`
	Certainty bare          `yaml:"certainty,omitempty"`
	Status    bare          `yaml:"status,omitempty"`
	Reason    string        `yaml:"reason,omitempty"`
	Place     string        `yaml:"place,omitempty"`
	Parties   []string      `yaml:"parties,flow,omitempty"`
	People    []string      `yaml:"people,flow,omitempty"`
	Topics    []string      `yaml:"topics,flow,omitempty"`
	Note      string        `yaml:"note,omitempty"`
	Sources   []newCitation `yaml:"sources,omitempty"` // of what has no date that names one
}

type newCitation struct {
	Source string `yaml:"source"`
	Quote  string `yaml:"quote,omitempty"`
}

type newStatement struct {
	On        bare   `yaml:"on,omitempty"`
	At        bare   `yaml:"at,omitempty"`
	From      bare   `yaml:"from,omitempty"`
	Lasts     bare   `yaml:"lasts,omitempty"`
	To        bare   `yaml:"to,omitempty"`
	Between   []bare `yaml:"between,flow,omitempty"`
	By        bare   `yaml:"by,omitempty"`
	Before    bare   `yaml:"before,omitempty"`
	After     bare   `yaml:"after,omitempty"`
	NotBefore bare   `yaml:"not_before,omitempty"`
	EndsBy    bare   `yaml:"ends_by,omitempty"`
	EDTF      string `yaml:"edtf,omitempty"`
	TZ        string `yaml:"tz,omitempty"`
	Recurs    bare   `yaml:"recurs,omitempty"`
	Except    []bare `yaml:"except,flow,omitempty"`
	Also      []bare `yaml:"also,flow,omitempty"`
	Source    string `yaml:"source,omitempty"`
	Quote     string `yaml:"quote,omitempty"`
	Certainty bare   `yaml:"certainty,omitempty"`
	Priority  int    `yaml:"priority,omitempty"`
}

func written(e event.Event) (newEvent, error) {
	out := newEvent{
		ID: e.ID, Title: e.Title, Kind: bare(e.Kind), Zone: bare(e.Zone), Certainty: bare(e.Certainty), Reason: e.Reason,
		Place: e.Place, Parties: e.Parties, People: e.People, Topics: e.Topics, Note: e.Note,
	}
	if e.Status != event.Open {
		out.Status = bare(e.Status)
	}
	var list []newStatement
	for _, st := range e.When {
		if st.Expr.IsTBD() {
			continue
		}
		s, err := writtenStatement(st)
		if err != nil {
			return out, err
		}
		list = append(list, s)
	}
	switch len(list) {
	case 0:
		out.When = bare("tbd")
		for _, c := range e.Sources {
			out.Sources = append(out.Sources, newCitation{c.Source, c.Quote})
		}
	case 1:
		out.When = list[0]
	default:
		out.When = list
	}
	return out, nil
}

// writtenStatement writes what a calendar can say: nothing that leans on another event, and
// nothing said loosely.
func writtenStatement(st event.Statement) (newStatement, error) {
	x := st.Expr
	out := newStatement{
		TZ: x.Zone, Recurs: bare(x.Recurs.Rule), Except: bares(x.Recurs.Except), Also: bares(x.Recurs.Also),
		Source: st.Source, Quote: st.Quote, Certainty: bare(st.Certainty), Priority: st.Priority,
	}
	if x.Lasts != (when.Length{}) {
		out.Lasts = bare(x.Lasts.String())
	}
	first := bare(x.A.String())
	keys := map[when.Form]*bare{
		when.On: &out.On, when.At: &out.At, when.From: &out.From, when.By: &out.By, when.Before: &out.Before, when.After: &out.After,
		when.NotBefore: &out.NotBefore, when.EndsBy: &out.EndsBy,
	}
	switch key := keys[x.Form]; {
	case !x.A.Ref.IsZero(), !x.B.Ref.IsZero(), x.Loose:
		return out, fmt.Errorf("a date such as %q can't be written to a file", x)
	case x.Form == when.Extended:
		out.EDTF = x.EDTF
	case x.Form == when.Between:
		out.Between = []bare{first, bare(x.B.String())}
	case key == nil:
		return out, fmt.Errorf("a date such as %q can't be written to a file", x)
	default:
		*key = first
	}
	if x.Form == when.From && out.Lasts == "" {
		out.To = bare(x.B.String())
	}
	return out, nil
}

// bares returns a list of dates, as when.Recurs joins them.
func bares(joined string) (out []bare) {
	for _, s := range strings.Split(joined, ", ") {
		if s != "" {
			out = append(out, bare(s))
		}
	}
	return out
}
