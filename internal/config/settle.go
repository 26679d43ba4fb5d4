package config

import (
	"fmt"
	"strings"

	"attache/internal/calendar"
	"attache/internal/civil"
	"attache/internal/config/splice"
	"attache/internal/event"
)

// Settled returns all files as they would be with what people said elsewhere: what list has, with
// the sources that this rests on and no file has yet. An event that no file has is added to the
// file to, or as by Added. Each line that is new says who said it. The error is an [ErrByHand] for
// what can't be written so that it reads as the same.
func (c *Config) Settled(list []calendar.Unsettled, sources map[string]event.Source, to string) (*Config, error) {
	w := c.writing()
	for _, u := range list {
		if err := w.settle(u, sources, to); err != nil {
			return c, fmt.Errorf("%s: %w", u.Event, err)
		}
	}
	return w.done()
}

// said returns the comment behind a line that somebody said elsewhere.
func said(u calendar.Unsettled, loc string) string {
	where := ""
	if u.By.Via == "slack" {
		where = "in Slack "
	}
	name := strings.Join(strings.Fields(u.By.Name), " ")
	return "  # said " + where + "by " + name + ", " + civil.Short(civil.DateOf(u.At, location(loc)))
}

func (w *writing) settle(u calendar.Unsettled, sources map[string]event.Source, to string) error {
	note := said(u, w.c.Timezone)
	if len(u.Fields) == 0 {
		f, err := w.home(to, &u.Says, "")
		if err != nil {
			return err
		}
		w.own(f, u.Says, sources)
		return w.settleEvent(f, u.Says, note, sources)
	}
	e, f, err := w.fileOf(u.Event)
	if err != nil {
		return err
	}
	w.own(f, u.Says, sources)
	put := func(field, value string, add bool) {
		f.step(e.ID, step{Assignment: calendar.Assignment{Field: field, Value: value, Add: add}, note: note})
	}
	for _, field := range u.Fields {
		switch field {
		case "when":
			for _, st := range u.Says.When {
				value, err := w.statement(e, st, sources)
				if err != nil {
					return err
				}
				put(field, value, true)
			}
		case "sources":
			for _, cite := range u.Says.Sources {
				put(field, citationText(cite), true)
			}
		default:
			value, ok := fieldText(u.Says, field)
			if !ok {
				return fmt.Errorf("%w: %s", ErrByHand, field)
			}
			put(field, value, false)
		}
	}
	return nil
}

// own has the sources written that e rests on and that no file has.
func (w *writing) own(f *writtenFile, e event.Event, sources map[string]event.Source) {
	var keys []string
	for _, st := range e.When {
		keys = append(keys, st.Source)
	}
	for _, c := range e.Sources {
		keys = append(keys, c.Source)
	}
	for _, key := range keys {
		if src := sources[key]; src.Own {
			src.Key = key
			w.source(f, src)
		}
	}
}

// fieldText returns a field as YAML for one line, and false where there is no such text.
func fieldText(e event.Event, field string) (string, bool) {
	list := func(words []string) string {
		out := make([]string, len(words))
		for i, w := range words {
			out[i] = splice.Quote(w)
		}
		return "[" + strings.Join(out, ", ") + "]"
	}
	switch field {
	case "title":
		return splice.Quote(e.Title), true
	case "kind":
		return string(e.Kind), true
	case "zone":
		return splice.Quote(e.Zone), true
	case "certainty":
		return string(e.Certainty), true
	case "status":
		return string(e.Status), true
	case "reason":
		return splice.Quote(e.Reason), true
	case "place":
		return splice.Quote(e.Place), true
	case "note":
		return splice.Quote(e.Note), true
	case "parties":
		return list(e.Parties), true
	case "people":
		return list(e.People), true
	case "topics":
		return list(e.Topics), true
	case "remind":
		if e.Remind != nil {
			return list(*e.Remind), true
		}
	}
	return "", false
}

// citationText returns a citation as YAML for one line.
func citationText(c event.Citation) string {
	parts := []string{"source: " + c.Source}
	if c.Quote != "" {
		parts = append(parts, "quote: "+splice.Quote(c.Quote))
	}
	if len(c.Supports) > 0 {
		parts = append(parts, "supports: ["+strings.Join(c.Supports, ", ")+"]")
	}
	if !c.Seen.IsZero() {
		parts = append(parts, "seen: "+c.Seen.String())
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// statement returns a statement as YAML for one line, in the first way that reads as the same.
func (w *writing) statement(of event.Event, st event.Statement, sources map[string]event.Source) (string, error) {
	want := event.Event{When: []event.Statement{st}}
	for _, text := range statementTexts(st, sources) {
		read, err := w.c.readFields("when: ["+text+"]", of, w.known)
		if err != nil {
			continue
		}
		if _, lacks := event.Beyond(read.Dated(sources), want); len(lacks.When) == 0 {
			return text, nil
		}
	}
	return "", fmt.Errorf("the date %q: %w", st.Expr, ErrByHand)
}

// statementTexts returns how a statement can be written, as YAML for one line.
func statementTexts(st event.Statement, sources map[string]event.Source) (out []string) {
	var about []string
	note := func(key, value string) {
		if value != "" {
			about = append(about, key+": "+splice.Quote(value))
		}
	}
	note("id", st.ID)
	note("source", st.Source)
	note("quote", st.Quote)
	note("certainty", string(st.Certainty))
	note("superseded_by", st.SupersededBy)
	if st.Said != sources[st.Source].Published {
		note("dateline", st.Said.String())
	}
	if st.Priority != 0 {
		note("priority", fmt.Sprint(st.Priority))
	}
	form := func(date string) {
		out = append(out, "{"+strings.Join(append([]string{date}, about...), ", ")+"}")
	}
	if st.Phrase != "" {
		form("phrase: " + splice.Quote(st.Phrase))
	}
	x := st.Expr.String()
	for _, key := range []string{"on", "at", "by", "before", "after", "not_before", "during", "within", "ends_by"} {
		if rest, ok := strings.CutPrefix(x, strings.ReplaceAll(key, "_", " ")+" "); ok {
			form(key + ": " + splice.Quote(rest))
		}
	}
	if rest, ok := strings.CutPrefix(x, "between "); ok {
		from, to, _ := strings.Cut(rest, " and ")
		form("between: [" + splice.Quote(from) + ", " + splice.Quote(to) + "]")
	}
	if rest, ok := strings.CutPrefix(x, "from "); ok {
		from, to, until := strings.Cut(rest, " to ")
		if until {
			form("from: " + splice.Quote(from) + ", to: " + splice.Quote(to))
		} else if from, lasts, ok := strings.Cut(rest, " lasting "); ok {
			form("from: " + splice.Quote(from) + ", lasts: " + splice.Quote(lasts))
		}
	}
	form("edtf: " + splice.Quote(x))
	return out
}

// settleEvent has an event written that no file has.
func (w *writing) settleEvent(f *writtenFile, e event.Event, note string, sources map[string]event.Source) error {
	var entries []splice.Entry
	usual := event.Event{Kind: event.Other, Certainty: event.Possible, Status: event.Open, Zone: w.c.Timezone}
	for _, field := range order {
		value, ok := fieldText(e, field)
		if left, _ := fieldText(usual, field); ok && value != left {
			entries = append(entries, splice.Entry{Key: field, Value: value})
		}
	}
	dates, cites := []string{}, []string{}
	for _, st := range e.When {
		text, err := w.statement(e, st, sources)
		if err != nil {
			return err
		}
		dates = append(dates, text)
	}
	for _, cite := range e.Sources {
		cites = append(cites, citationText(cite))
	}
	switch len(dates) {
	case 0:
		dates = []string{"tbd"}
	case 1:
	default:
		dates = []string{"[" + strings.Join(dates, ", ") + "]"}
	}
	dated := splice.Entry{Key: "when", Value: dates[0], Note: note}
	if len(e.When) == 0 {
		dated.Note = ""
	}
	entries = append(entries, dated)
	if len(cites) > 0 {
		entries = append(entries, splice.Entry{Key: "sources", Value: "[" + strings.Join(cites, ", ") + "]", Note: note})
	}
	w.event(f, e, entries)
	f.events[len(f.events)-1][0].Note = note
	return nil
}
