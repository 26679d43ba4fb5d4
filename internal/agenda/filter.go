package agenda

import (
	"slices"
	"strings"

	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/prose"
	"attache/internal/when"
)

// Filter chooses entries. Within a field any value will do; every field that is
// given has to fit. Topics, parties and the text fit whatever their case and accents, see
// prose.Fold. The zero Filter chooses all.
type Filter struct {
	IDs          []string `json:",omitempty"`
	Topics       []string
	Parties      []string
	Kinds        []event.Kind
	Statuses     []event.Status
	Certainties  []event.Certainty
	MinCertainty event.Certainty
	From, To     civil.Date // what can come on one of these days, both included; zero is open
	Text         string     `json:",omitempty"` // words that all have to occur in what is said of an event
}

// Match reports whether f chooses e.
func (f Filter) Match(e *Entry) bool {
	return oneOf(f.IDs, e.ID) && anyOf(f.Topics, e.Topics) && anyOf(f.Parties, e.Parties) &&
		oneOf(f.Kinds, e.Kind) && oneOf(f.Statuses, e.Status) && oneOf(f.Certainties, e.Certainty) &&
		e.Certainty.AtLeast(f.MinCertainty) && f.dated(e) && f.says(e)
}

func (f *Filter) dated(e *Entry) bool {
	if e.Series != nil {
		return f.From.IsZero() && f.To.IsZero() || f.anyOf(e.Series)
	}
	return f.within(&e.Window)
}

func (f *Filter) within(w *when.Window) bool {
	if f.From.IsZero() && f.To.IsZero() {
		return true
	}
	if w.Precision == when.None {
		return false
	}
	late := w.EndsLatest.Known() && !f.From.IsZero() && w.EndsLatest.Day.Before(f.From)
	early := w.Earliest.Known() && !f.To.IsZero() && w.Earliest.Day.After(f.To)
	return !late && !early
}

func (f *Filter) says(e *Entry) bool { return f.Text == "" || Finds(e.Said(), f.Text) }

// Finds reports whether every word of text occurs in what Said returned of an event.
func Finds(said, text string) bool {
	for word := range strings.FieldsSeq(prose.Fold(text)) {
		if !strings.Contains(said, word) {
			return false
		}
	}
	return true
}

// Said returns all that is said of e, as words are looked for in it.
func (e *Entry) Said() string {
	texts := []string{e.ID, e.Title, e.Place, e.Note, e.Reason, string(e.Kind)}
	texts = append(append(append(texts, e.Parties...), e.People...), e.Topics...)
	for k := range e.When { // a statement is large
		texts = append(texts, e.When[k].Quote, e.When[k].Phrase)
	}
	for _, c := range e.Sources {
		texts = append(texts, c.Quote)
	}
	return prose.Fold(strings.Join(texts, "\n"))
}

// Select returns the entries that f chooses, in their order.
func (f Filter) Select(list []*Entry) []Entry {
	var out []Entry
	for _, e := range list {
		if f.Match(e) {
			out = append(out, *e)
		}
	}
	return out
}

func oneOf[T comparable](want []T, have T) bool {
	return len(want) == 0 || slices.Contains(want, have)
}

// anyOf reports whether one of the words that people want is one that there are.
func anyOf(want, have []string) bool {
	return len(want) == 0 || slices.ContainsFunc(want, func(w string) bool {
		return slices.ContainsFunc(have, func(h string) bool { return prose.SameWord(h, w) })
	})
}
