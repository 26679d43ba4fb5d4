package web

import (
	"net/url"
	"slices"
	"strings"

	"attache/internal/agenda"
	"attache/internal/civil"
	"attache/internal/event"
)

// The parameters that choose events, in the order in which they are spoken of.
// Feeds of any choice take the same.
var chooses = []string{"topic", "party", "kind", "certainty", "status"}

// Bounds of what a query may hold: more is left out.
const (
	mostValues = 20  // of one parameter
	mostText   = 100 // bytes of the text that is looked for
)

// choice is which events are asked for.
type choice struct {
	agenda.Filter
	words string     // "" for all; only what the events themselves hold
	query url.Values // the same for an address
	wrong string     // what of the query could not be read, or ""
	lost  bool       // whether the query leaves something out: what no event has
}

// choose reads which events are asked for. Within a parameter any value will do;
// one that no event has chooses none, and is not repeated to anybody. A parameter
// that is not known chooses nothing.
func choose(q url.Values, has facets) choice {
	c := choice{query: url.Values{}}
	var said []string
	for _, name := range chooses {
		asked := clip(q[name])
		if len(asked) == 0 {
			continue
		}
		c.set(name, asked)
		known := slices.DeleteFunc(slices.Clone(asked), func(v string) bool { return !has.holds(name, v) })
		if len(known) == 0 {
			said = append(said, "a "+name+" that no event has")
			c.lost = true
			continue
		}
		c.query[name] = known
		said = append(said, name+" "+strings.Join(known, " or "))
	}
	said = append(said, c.period(q)...)
	if c.Text = strings.Join(strings.Fields(q.Get("q")), " "); len(c.Text) > mostText {
		c.Text = ""
		c.wrong = "The words to look for are too many, and were left out."
	}
	c.words = strings.Join(said, ", ")
	return c
}

// clip returns the values of a parameter that count: forms send empty ones along.
func clip(values []string) []string {
	values = slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == "" })
	return values[:min(len(values), mostValues)]
}

func (c *choice) set(name string, values []string) {
	switch name {
	case "topic":
		c.Topics = values
	case "party":
		c.Parties = values
	case "kind":
		c.Kinds = typed[event.Kind](values)
	case "certainty":
		c.Certainties = typed[event.Certainty](values)
	case "status":
		c.Statuses = typed[event.Status](values)
	}
}

// period reads the days between which events can come.
func (c *choice) period(q url.Values) (said []string) {
	for _, end := range []struct {
		name string
		into *civil.Date
	}{{"from", &c.From}, {"to", &c.To}} {
		text := q.Get(end.name)
		if text == "" {
			continue
		}
		d, err := civil.ParseDate(text)
		if err != nil {
			c.wrong = "A day in the address could not be read, and was left out. Days are written as 2026-02-16."
			continue
		}
		*end.into = d
		c.query.Set(end.name, d.String())
		said = append(said, end.name+" "+civil.Short(d))
	}
	return said
}

// found records that the text that was looked for is in some event, so that it can
// be spoken of.
func (c *choice) found() {
	if c.Text == "" {
		return
	}
	c.query.Set("q", c.Text)
	c.words = strings.TrimPrefix(c.words+", with “"+c.Text+"”", ", ")
}

// all reports whether every event is asked for.
func (c choice) all() bool { return c.words == "" && c.Text == "" }

func typed[T ~string](list []string) []T {
	var out []T
	for _, s := range list {
		out = append(out, T(s))
	}
	return out
}
