package lsp

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"attache/internal/civil"
	"attache/internal/config/splice"
	"attache/internal/event"
)

// mostOffered is how many values are offered at once: nobody looks through more.
const mostOffered = 200

// offer is something that can be written at a place.
type offer struct {
	label  string
	detail string // in a few words, beside it
	about  string // in a sentence
	kind   int
	word   bool // it takes the place of the last word alone
}

func (s *server) complete(d *document, p placeParams) (any, error) {
	at := d.text.offset(p.Position, s.units)
	place, ok := spotAt(d.text.data, at)
	if d.of == nil || !ok {
		return nil, nil
	}
	shape, err := schemaOf(d.of.alone == nil && same(d.of.checker.Path, d.path))
	if err != nil {
		return nil, err
	}
	type list struct {
		IsIncomplete bool             `json:"isIncomplete"`
		Items        []completionItem `json:"items"`
	}
	out := list{Items: []completionItem{}}
	begun := func(o offer) int {
		if o.word {
			return place.word
		}
		return place.from
	}
	for _, o := range fitting(d.of.offers(shape, place), func(o offer) string { return d.text.data[begun(o):at] }) {
		from := begun(o)
		if out.IsIncomplete = len(out.Items) == mostOffered; out.IsIncomplete {
			break
		}
		out.Items = append(out.Items, completionItem{
			Label: o.label, Kind: o.kind, Detail: o.detail, Documentation: o.about, SortText: fmt.Sprintf("%04d", len(out.Items)),
			FilterText: o.label, TextEdit: textEdit{d.text.span(from, at, s.units), inserted(d.text.data, from, at, o)},
		})
	}
	return out, nil
}

// fitting returns the offers that what is written of each can become, those first that begin
// with it.
func fitting(list []offer, written func(offer) string) []offer {
	var first, then []offer
	for _, o := range list {
		label, want := strings.ToLower(o.label), strings.ToLower(written(o))
		switch {
		case strings.HasPrefix(label, want):
			first = append(first, o)
		case strings.Contains(label, want):
			then = append(then, o)
		}
	}
	return append(first, then...)
}

// inserted returns an offer as it is written at a place.
func inserted(data string, from, at int, o offer) string {
	quoted := from > 0 && (data[from-1] == '"' || data[from-1] == '\'')
	switch out := o.label; {
	case o.kind == kindProperty && (quoted || strings.HasPrefix(data[at:], ":")):
		return out
	case o.kind == kindProperty:
		return out + ": "
	case quoted || o.word:
		return out
	default:
		if out = splice.Quote(out); from > 0 && data[from-1] == ':' {
			out = " " + out
		}
		return out
	}
}

// offers returns what can be written at a spot.
func (c *configuration) offers(shape *schema, at spot) (out []offer) {
	if at.key {
		if at.last(1) == "links" {
			for _, r := range event.Relations() {
				out = append(out, offer{label: string(r), kind: kindProperty})
			}
		}
		keys := shape.keys(at.path)
		for _, name := range slices.Sorted(maps.Keys(keys)) {
			if !slices.Contains(at.beside, name) {
				out = append(out, offer{label: name, about: keys[name], kind: kindProperty})
			}
		}
	}
	if !at.value {
		return out
	}
	if at.last(1) == "status" && at.in("events") {
		return append(out, c.statuses(at.id)...)
	}
	for _, w := range shape.words(at.path) {
		out = append(out, offer{label: w, kind: kindEnum})
	}
	return append(out, c.values(at)...)
}

// statuses returns those that can follow what the files on the disk say of an event.
func (c *configuration) statuses(id string) (out []offer) {
	from, known := c.saved[id]
	for _, to := range event.Statuses() {
		if to == event.Withdrawn || known && event.CheckTransition(from, to, "a reason") != nil {
			continue // the first is what an event becomes that nobody writes any more
		}
		o := offer{label: string(to), kind: kindEnum}
		if known && to == from {
			o.detail = "as it is"
		} else if known && event.CheckTransition(from, to, "") != nil {
			o.detail = "needs a reason"
		}
		out = append(out, o)
	}
	return out
}

// dateKeys are those behind which a date can lean on an event.
var dateKeys = []string{"when", "on", "at", "from", "to", "between", "by", "before", "after", "not_before", "during", "within", "ends_by"}

// values returns what the files have of the sort that is written at a spot.
func (c *configuration) values(at spot) []offer {
	key := at.last(1)
	switch {
	case at.last(2) == "links" || key == "event":
		return c.named("event", "", false)
	case key == "source" || key == "sources" && at.in("events"):
		return c.named("source", "", false)
	case key == "superseded_by":
		return c.named("statement", "", false)
	case (key == "calendar" || key == "holidays") && len(at.path) > 1:
		return listed(c.found.Calendars.Names(), false)
	case key == "zone" || key == "tz" || key == "timezone":
		return listed(civil.Zones(), false)
	case slices.Contains(dateKeys, key) && at.in("when"):
		return c.named("event", "event:", true)
	}
	used := map[string]bool{}
	for _, e := range c.calendar().Events {
		for _, w := range map[string][]string{"topics": e.Topics, "parties": e.Parties, "people": e.People, "place": {e.Place}}[key] {
			used[w] = w != ""
		}
	}
	delete(used, "")
	return listed(slices.Sorted(maps.Keys(used)), false)
}

func listed(words []string, word bool) (out []offer) {
	for _, w := range words {
		out = append(out, offer{label: w, kind: kindValue, word: word})
	}
	return out
}

// named returns the ids of events, or the keys of sources, with what they are called.
func (c *configuration) named(of, prefix string, word bool) (out []offer) {
	titles := map[string]string{}
	for _, e := range c.calendar().Events {
		titles["event "+e.ID] = e.Title
	}
	for _, s := range c.calendar().Sources {
		titles["source "+s.Key] = s.Words()
	}
	for _, file := range slices.Sorted(maps.Keys(c.names)) {
		for _, n := range c.names[file] {
			if n.Of == of && n.Defined {
				out = append(out, offer{label: prefix + n.Text, detail: titles[of+" "+n.Text], kind: kindReference, word: word})
			}
		}
	}
	return out
}
