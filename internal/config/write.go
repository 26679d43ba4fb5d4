package config

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"attache/internal/event"
	"attache/internal/when"
)

// Write writes a new file of events, which CheckFiles reads back as the same. Files that
// people have are never written by it: it would lay them out anew.
func Write(w io.Writer, c Calendar) error {
	root := mapOf()
	if len(c.Sources) > 0 {
		sources := mapOf()
		for _, s := range c.Sources {
			sources.add(s.Key, sourceNode(s).Node)
		}
		root.add("sources", sources.Node)
	}
	list := &yaml.Node{Kind: yaml.SequenceNode}
	for _, e := range c.Events {
		n, err := eventNode(e)
		if err != nil {
			return fmt.Errorf("event %q: %w", e.ID, err)
		}
		list.Content = append(list.Content, n)
	}
	root.add("events", list)
	enc := yaml.NewEncoder(w)
	enc.SetIndent(2)
	if err := enc.Encode(root.Node); err != nil {
		return fmt.Errorf("write the events: %w", err)
	}
	return enc.Close()
}

// mapping is a map that is written in the order in which it is filled.
type mapping struct{ *yaml.Node }

func mapOf() mapping { return mapping{&yaml.Node{Kind: yaml.MappingNode}} }

func (m mapping) add(key string, v *yaml.Node) {
	m.Content = append(m.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: key}, v)
}

// text adds a text, if there is one; a style keeps what could be a number a text.
func (m mapping) text(key, v string) {
	if v == "" {
		return
	}
	n := new(yaml.Node)
	n.SetString(v)
	m.add(key, n)
}

// plain adds a word, a date or a number as people write it.
func (m mapping) plain(key, v string) {
	if v != "" {
		m.add(key, &yaml.Node{Kind: yaml.ScalarNode, Value: v})
	}
}

func (m mapping) texts(key string, list []string) {
	if len(list) == 0 {
		return
	}
	n := &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
	for _, s := range list {
		one := new(yaml.Node)
		one.SetString(s)
		n.Content = append(n.Content, one)
	}
	m.add(key, n)
}

// plains adds a list of dates, as when.Recurs joins them.
func (m mapping) plains(key, joined string) {
	if joined == "" {
		return
	}
	n := &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
	for _, s := range strings.Split(joined, ", ") {
		n.Content = append(n.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: s})
	}
	m.add(key, n)
}

func sourceNode(s event.Source) mapping {
	m := mapOf()
	m.text("title", s.Title)
	m.text("publisher", s.Publisher)
	m.text("url", s.URL)
	if !s.Published.IsZero() {
		m.plain("published", s.Published.String())
	}
	m.plain("timezone", s.Timezone)
	return m
}

func eventNode(e event.Event) (*yaml.Node, error) {
	m := mapOf()
	m.plain("id", e.ID)
	m.text("title", e.Title)
	m.plain("kind", string(e.Kind))
	if err := m.statements(e.When); err != nil {
		return nil, err
	}
	m.plain("zone", e.Zone)
	m.plain("certainty", string(e.Certainty))
	if e.Status != event.Open {
		m.plain("status", string(e.Status))
	}
	m.text("reason", e.Reason)
	m.text("place", e.Place)
	m.texts("parties", e.Parties)
	m.texts("people", e.People)
	m.texts("topics", e.Topics)
	m.text("note", e.Note)
	return m.Node, nil
}

func (m mapping) statements(list []event.Statement) error {
	out := &yaml.Node{Kind: yaml.SequenceNode}
	for _, st := range list {
		if st.Expr.IsTBD() {
			continue
		}
		n, err := statementNode(st)
		if err != nil {
			return err
		}
		out.Content = append(out.Content, n.Node)
	}
	switch len(out.Content) {
	case 0:
		m.plain("when", "tbd")
	case 1:
		m.add("when", out.Content[0])
	default:
		m.add("when", out)
	}
	return nil
}

// statementNode writes a day, an instant or a span; other forms are said in the one
// line that when.Parse reads.
func statementNode(st event.Statement) (mapping, error) {
	m, x := mapOf(), st.Expr
	switch x.Form {
	case when.At, when.On:
		m.plain(string(x.Form), x.A.String())
		m.plain("lasts", lasting(x))
	case when.From:
		m.plain("from", x.A.String())
		if x.Lasts != (when.Length{}) {
			m.plain("lasts", lasting(x))
		} else {
			m.plain("to", x.B.String())
		}
	default:
		return m, fmt.Errorf("a date such as %q can't be written to a file", x)
	}
	if x.Zone != "" {
		m.text("tz", x.Zone)
	}
	m.plain("recurs", x.Recurs.Rule)
	m.plains("except", x.Recurs.Except)
	m.plains("also", x.Recurs.Also)
	m.plain("source", st.Source)
	m.text("quote", st.Quote)
	m.plain("certainty", string(st.Certainty))
	if st.Priority != 0 {
		m.plain("priority", strconv.Itoa(st.Priority))
	}
	return m, nil
}

func lasting(x when.Expr) string {
	if x.Lasts == (when.Length{}) {
		return ""
	}
	return x.Lasts.String()
}
