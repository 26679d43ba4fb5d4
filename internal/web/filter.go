package web

import (
	"net/url"
	"slices"
	"strings"

	"attache/internal/agenda"
	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/prose"
)

// The parameters that choose events, in the order in which they are spoken of.
// Feeds of any choice take the same.
var filterParams = []string{"topic", "party", "kind", "certainty", "status"}

// Bounds of what a query may hold: more is left out.
const (
	mostValues = 20  // of one parameter
	mostText   = 100 // bytes of the text that is looked for
)

// filter says which events are asked for.
type filter struct {
	agenda.Filter
	words string     // "" for all; only what the events themselves hold
	query url.Values // the same for an address
	wrong string     // what of the query could not be read, or ""
	lost  bool       // whether the query leaves something out: what no event has
}

// readFilter reads which events are asked for. Within a parameter any value will do;
// one that no event has chooses none, and is not repeated to anybody. A parameter
// that is not known chooses nothing.
func readFilter(q url.Values, has facets) filter {
	f := filter{query: url.Values{}}
	var said []string
	for _, name := range filterParams {
		asked := nonEmpty(q[name])
		if len(asked) == 0 {
			continue
		}
		known := known(asked, func(v string) bool { return has.holds(name, v) })
		if len(known) == 0 {
			said = append(said, "a "+name+" that no event has")
			f.set(name, asked)
			f.lost = true
			continue
		}
		f.set(name, known)
		f.query[name] = known
		said = append(said, name+" "+strings.Join(known, " or "))
	}
	said = append(said, f.period(q)...)
	if f.Text = prose.OneLine(q.Get("q")); len(f.Text) > mostText {
		f.Text = ""
		f.wrong = "The search text is too long, and was ignored."
	}
	f.words = strings.Join(said, ", ")
	return f
}

// known returns which of the values that are asked for there are, each once, in order.
// Some are written together, between commas.
func known(asked []string, have func(string) bool) []string {
	var out []string
	for _, a := range asked {
		for _, v := range append([]string{a}, nonEmpty(strings.Split(a, ","))...) {
			if v = strings.TrimSpace(v); have(v) {
				out = append(out, v)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// nonEmpty returns the values of a parameter that count: forms send empty ones along.
func nonEmpty(values []string) []string {
	values = slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == "" })
	return values[:min(len(values), mostValues)]
}

func (f *filter) set(name string, values []string) {
	switch name {
	case "topic":
		f.Topics = values
	case "party":
		f.Parties = values
	case "kind":
		f.Kinds = typed[event.Kind](values)
	case "certainty":
		f.Certainties = typed[event.Certainty](values)
	case "status":
		f.Statuses = typed[event.Status](values)
	}
}

// period reads the days between which events can come.
func (f *filter) period(q url.Values) (said []string) {
	for _, end := range []struct {
		name string
		into *civil.Date
	}{{"from", &f.From}, {"to", &f.To}} {
		text := q.Get(end.name)
		if text == "" {
			continue
		}
		d, err := civil.ParseDate(text)
		if err != nil {
			f.wrong = "A date in the address could not be read, and was ignored. Write dates as 2026-02-16."
			continue
		}
		*end.into = d
		f.query.Set(end.name, d.String())
		said = append(said, end.name+" "+civil.Short(d))
	}
	return said
}

// found records that the text that was looked for is in some event, so that it can
// be spoken of.
func (f *filter) found() {
	if f.Text == "" {
		return
	}
	f.query.Set("q", f.Text)
	f.words = strings.TrimPrefix(f.words+", with “"+f.Text+"”", ", ")
}

// all reports whether every event is asked for.
func (f filter) all() bool { return f.words == "" && f.Text == "" }

func typed[T ~string](list []string) []T {
	var out []T
	for _, s := range list {
		out = append(out, T(s))
	}
	return out
}
