package config

import (
	"errors"
	"fmt"
	"strings"

	"attache/internal/calendar"
	"attache/internal/civil"
	"attache/internal/config/splice"
	"attache/internal/event"
)

// Settled returns the files as they would be with what people said elsewhere: what list has, with
// the sources that this rests on and no file has yet. An event that no file has is added to the
// file to, or as DraftEvent does. Each line that is new says who said it. The error is an
// [ErrByHand] for what can't be written so that it reads as the same.
func (c *Config) Settled(list []calendar.Unsettled, sources map[string]event.Source, to string) (*Config, error) {
	for _, u := range list {
		d, err := c.settle(u, sources, to)
		if err != nil {
			return c, fmt.Errorf("%s: %w", u.Event, err)
		}
		c = d.After
	}
	return c, nil
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

func (c *Config) settle(u calendar.Unsettled, sources map[string]event.Source, to string) (Draft, error) {
	note := said(u, c.Timezone)
	var d Draft
	var err error
	if len(u.Fields) == 0 {
		d, err = c.newFile(to)
	} else {
		d, err = c.fileOf(u.Event)
	}
	if err == nil {
		d, err = d.withOwn(u.Says, sources)
	}
	if err != nil {
		return d, err
	}
	if len(u.Fields) == 0 {
		return d.settleEvent(u.Says, note, sources)
	}
	for _, field := range u.Fields {
		switch field {
		case "when":
			for _, st := range u.Says.When {
				if d, err = d.settleStatement(u.Event, st, note, sources); err != nil {
					return d, err
				}
			}
		case "sources":
			for _, cite := range u.Says.Sources {
				if d, err = d.noted(u.Event, calendar.Assignment{Field: field, Add: true}, citationText(cite), note); err != nil {
					return d, err
				}
			}
		default:
			if d, err = d.settleField(u.Event, field, u.Says, note); err != nil {
				return d, err
			}
		}
	}
	return d, nil
}

// withOwn returns the draft with the sources that e rests on and that no file has.
func (d Draft) withOwn(e event.Event, sources map[string]event.Source) (Draft, error) {
	var keys []string
	for _, st := range e.When {
		keys = append(keys, st.Source)
	}
	for _, c := range e.Sources {
		keys = append(keys, c.Source)
	}
	for _, key := range keys {
		src := sources[key]
		if !src.Own {
			continue
		}
		src.Key = key
		var err error
		if d, err = d.knowing(src); err != nil {
			return d, fmt.Errorf("the source %s: %w", key, err)
		}
	}
	return d, nil
}

// noted puts a value into an event, with a comment behind it where there is room for one.
func (d Draft) noted(id string, a calendar.Assignment, value, note string) (Draft, error) {
	for _, text := range []string{value + note, value} {
		data, err := put(d.New, id, a, text)
		if errors.Is(err, splice.ErrUnsafe) {
			continue
		}
		return d.becomes(data, err)
	}
	return d, fmt.Errorf("%s:%d: %w: %w, %s", d.File, d.Line, splice.ErrUnsafe, ErrByHand, byHand(a, value))
}

// settleField sets a field of one value, or a list of words.
func (d Draft) settleField(id, field string, says event.Event, note string) (Draft, error) {
	value, ok := fieldText(says, field)
	if !ok {
		return d, fmt.Errorf("%w: %s", ErrByHand, field)
	}
	return d.noted(id, calendar.Assignment{Field: field}, value, note)
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

// settleStatement adds a statement, in the first way of writing it that reads as the same.
func (d Draft) settleStatement(id string, st event.Statement, note string, sources map[string]event.Source) (Draft, error) {
	want := event.Event{When: []event.Statement{st}}
	for _, value := range statementTexts(st, sources) {
		next, err := d.noted(id, calendar.Assignment{Field: "when", Add: true}, value, note)
		if err != nil {
			continue
		}
		e, _ := next.After.Calendar.Event(id) // it was found before
		if _, lacks := event.Beyond(e, want); len(lacks.When) == 0 {
			return next, nil
		}
	}
	return d, fmt.Errorf("%s:%d: the date %q: %w", d.File, d.Line, st.Expr, ErrByHand)
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

// settleEvent adds an event that no file has.
func (d Draft) settleEvent(e event.Event, note string, sources map[string]event.Source) (Draft, error) {
	entries := []splice.Entry{{Key: "id", Value: splice.Quote(e.ID)}}
	usual := event.Event{Kind: event.Other, Certainty: event.Possible, Status: event.Open, Zone: d.After.Timezone}
	for _, field := range order {
		value, ok := fieldText(e, field)
		if left, _ := fieldText(usual, field); ok && value != left {
			entries = append(entries, splice.Entry{Key: field, Value: value})
		}
	}
	if len(e.When) == 0 {
		entries = append(entries, splice.Entry{Key: "when", Value: "tbd"})
	}
	plain := splice.Quote(e.ID)
	entries[0].Value = plain + note
	next, err := d.withNew(e.ID, entries)
	if err != nil { // there is no room for a comment
		entries[0].Value = plain
		next, err = d.withNew(e.ID, entries)
	}
	d = next
	for _, st := range e.When {
		if err == nil {
			d, err = d.settleStatement(e.ID, st, note, sources)
		}
	}
	for _, cite := range e.Sources {
		if err == nil {
			d, err = d.noted(e.ID, calendar.Assignment{Field: "sources", Add: true}, citationText(cite), note)
		}
	}
	return d, err
}
