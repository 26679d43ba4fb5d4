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

// filter says which events are asked for.
type filter struct {
	agenda.Filter
	words string     // "" for all; only what the events themselves hold
	query url.Values // the same for an address
	lost  bool       // whether the query asks for what no event has
}

// readFilter reads which events are asked for. Within a parameter any value will do; a
// topic or a party that no event has chooses none, and is not repeated to anybody.
func readFilter(q *query, has facets) filter {
	f := filter{query: url.Values{}}
	f.Topics = f.named(q, "topic", has)
	f.Parties = f.named(q, "party", has)
	f.Kinds = chosenWords(&f, q, "kind", event.Kinds())
	f.Certainties = chosenWords(&f, q, "certainty", event.Certainties())
	f.Statuses = chosenWords(&f, q, "status", event.Statuses())
	f.From, f.To = f.day(q, "from"), f.day(q, "to")
	if !f.To.IsZero() && f.From.After(f.To) {
		q.refuse("from comes after to: write the earlier day as from.")
	}
	f.Text = q.text("q")
	return f
}

// say adds to the words that say what is asked for.
func (f *filter) say(words string) { f.words = strings.TrimPrefix(f.words+", "+words, ", ") }

// named reads a parameter whose values are people's own words, as the events have them.
func (f *filter) named(q *query, name string, has facets) []string {
	asked := append(q.all(name), q.list(name)...) // a name may hold a comma
	if len(asked) == 0 {
		return nil
	}
	for i, v := range asked {
		asked[i] = prose.Fold(strings.TrimSpace(v))
	}
	var known []string
	for _, v := range has[name] {
		if slices.Contains(asked, prose.Fold(v.Value)) {
			known = append(known, v.Value)
		}
	}
	if len(known) == 0 {
		f.say("a " + name + " that no event has")
		f.lost = true
		return asked
	}
	slices.Sort(known)
	f.query[name] = known
	f.say(name + " " + strings.Join(known, " or "))
	return known
}

// chosenWords reads a parameter that takes words of a vocabulary.
func chosenWords[W ~string](f *filter, q *query, name string, all []W) []W {
	list := words(q, name, all)
	for _, w := range list {
		f.query.Add(name, string(w))
	}
	if len(list) > 0 {
		f.say(name + " " + strings.Join(f.query[name], " or "))
	}
	return list
}

// mostEvents is how many events are named where they are chosen one by one.
const mostEvents = 3

// events reads the parameter that names events one by one. One that there is not chooses
// nothing, and is not repeated to anybody.
func (f *filter) events(q *query, ix *index) {
	asked := q.list("event")
	if len(asked) == 0 {
		return
	}
	f.IDs = slices.DeleteFunc(slices.Clone(asked), func(id string) bool { return ix.byID[id] == nil })
	slices.Sort(f.IDs)
	f.IDs = slices.Compact(f.IDs)
	switch n := len(f.IDs); {
	case n == 0:
		f.IDs, f.lost = asked, true
		f.say("an event that there is not")
		return
	case n > mostEvents:
		f.say(prose.Count(n, "event"))
	default:
		for _, id := range f.IDs {
			f.say(ix.byID[id].Title)
		}
	}
	f.query["event"] = f.IDs
}

// day reads one end of the days between which events can come.
func (f *filter) day(q *query, name string) civil.Date {
	d := q.date(name)
	if !d.IsZero() {
		f.query.Set(name, d.String())
		f.say(name + " " + civil.Short(d))
	}
	return d
}

// found records that the text that was looked for is in some event, so that it can
// be spoken of.
func (f *filter) found() {
	if f.Text == "" {
		return
	}
	f.query.Set("q", f.Text)
	f.say("with “" + f.Text + "”")
}

// all reports whether every event is asked for.
func (f filter) all() bool { return f.words == "" && f.Text == "" }
