package web

import (
	"net/url"
	"slices"
	"strings"

	"attache/internal/agenda"
	"attache/internal/event"
)

// choice is which events are asked for.
type choice struct {
	agenda.Filter
	words string     // "" for all; only what the events themselves hold
	query url.Values // the same for an address
}

// choose reads which of list are asked for. Within a parameter any value will
// do; one that no event has chooses none, and is not repeated to anybody. A
// parameter that is not known chooses nothing.
func choose(q url.Values, list []agenda.Entry) choice {
	c := choice{Filter: agenda.Filter{
		Topics: q["topic"], Parties: q["party"], Kinds: named[event.Kind](q["kind"]),
		Statuses: named[event.Status](q["status"]), Certainties: named[event.Certainty](q["certainty"]),
	}, query: url.Values{}}
	have := map[string]func(agenda.Entry) []string{
		"topic":     func(e agenda.Entry) []string { return e.Topics },
		"party":     func(e agenda.Entry) []string { return e.Parties },
		"kind":      func(e agenda.Entry) []string { return []string{string(e.Kind)} },
		"status":    func(e agenda.Entry) []string { return []string{string(e.Status)} },
		"certainty": func(e agenda.Entry) []string { return []string{string(e.Certainty)} },
	}
	var words []string
	for _, key := range []string{"topic", "party", "kind", "status", "certainty"} {
		if len(q[key]) == 0 {
			continue
		}
		known := slices.DeleteFunc(values(list, have[key]), func(v string) bool { return !slices.Contains(q[key], v) })
		if len(known) == 0 {
			words = append(words, "a "+key+" that no event has")
			continue
		}
		c.query[key] = known
		words = append(words, key+" "+strings.Join(known, " or "))
	}
	c.words = strings.Join(words, ", ")
	return c
}

// all gives the query for the same events with none left out.
func (c choice) all() string {
	c.query["all"] = []string{""}
	return c.query.Encode()
}

// values lists what events have of something, each once, in alphabetical order.
func values(list []agenda.Entry, of func(agenda.Entry) []string) []string {
	var out []string
	for _, e := range list {
		out = append(out, of(e)...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func named[T ~string](list []string) []T {
	var out []T
	for _, s := range list {
		out = append(out, T(s))
	}
	return out
}
