package web

import (
	"slices"
	"strings"

	"attache/internal/agenda"
	"attache/internal/change"
	"attache/internal/event"
	"attache/internal/when"
)

// revision is what one edit did.
type revision struct {
	Number int
	changeLine
}

// standingAt is a certainty or status that an event had, and since when.
type standingAt struct {
	What, Is string
	Since    moment
	By       string
}

// history tells every revision of e, the newest first, and how its certainty and status
// came to be what they are. It is false where the store cannot be read.
func (s *site) history(a asking, e *agenda.Entry, d *detail) bool {
	list, err := a.cal.Revisions(e.ID)
	if err == nil {
		var views []change.View
		if views, err = a.cal.Changes(agenda.Filter{}, change.Range{Event: e.ID}); err == nil {
			d.History, d.Standing = a.revisions(list, views)
			if c, ok := e.Condition(); ok && e.Recorded().Status != e.Status {
				d.Standing = append(d.Standing, standingAt{"Status", string(e.Status), a.moment(c.Decided), "its condition"})
			}
			d.Schema = a.schema(e, windows(list))
			return true
		}
	}
	s.log.Error("read the history of an event", "event", e.ID, "err", err)
	return false
}

// windows returns the windows that all revisions but the current one had by themselves, the
// last first.
func windows(list []event.Revision) []when.Window {
	var out []when.Window
	for i := len(list) - 2; i >= 0; i-- {
		out = append(out, agenda.Compute(list[i], "", list[i].At).Window)
	}
	return out
}

func (a asking) revisions(list []event.Revision, views []change.View) (out []revision, standing []standingAt) {
	for i, r := range list {
		if r.At.After(a.now) && a.at != "" && i > 0 {
			break
		}
		h := revision{Number: r.Number}
		if at := slices.IndexFunc(views, func(v change.View) bool { return v.Revision == r.Number }); at >= 0 {
			v := views[at]
			h.changeLine = a.changeLine(v)
			if h.Also = ""; i > 0 {
				h.Moves = append(h.Moves, a.diff(list[i-1].Event, r.Event, untold(v))...)
			}
		}
		h.At = a.moment(r.At)
		by := r.Author.String()
		h.By = by
		if i == 0 || list[i-1].Event.Certainty != r.Event.Certainty {
			standing = append(standing, standingAt{"Certainty", string(r.Event.Certainty), h.At, by})
		}
		if i == 0 || list[i-1].Event.Status != r.Event.Status {
			standing = append(standing, standingAt{"Status", string(r.Event.Status), h.At, by})
		}
		out = append(out, h)
	}
	slices.Reverse(out)
	slices.SortStableFunc(standing, func(x, y standingAt) int { return strings.Compare(x.What, y.What) })
	return out, standing
}

// diff says in words how two revisions differ in the named fields.
func (a asking) diff(old, new event.Event, fields []string) []move {
	var out []move
	for _, f := range fields {
		was, is := a.fieldWords(old, f), a.fieldWords(new, f)
		gone := slices.DeleteFunc(slices.Clone(was), func(v string) bool { return slices.Contains(is, v) })
		come := slices.DeleteFunc(slices.Clone(is), func(v string) bool { return slices.Contains(was, v) })
		what := map[string]string{"when": "statements", "if": "condition", "remind": "reminders"}[f]
		if what == "" {
			what = f
		}
		out = append(out, move{"changed", what, strings.Join(gone, "; "), strings.Join(come, "; ")})
	}
	return out
}

// fieldWords returns what an event says in a field, as one would say it.
func (a asking) fieldWords(e event.Event, field string) []string {
	switch field {
	case "title":
		return given(e.Title)
	case "kind":
		return given(string(e.Kind))
	case "when":
		return a.statementWords(e)
	case "zone":
		return given(e.Zone)
	case "certainty":
		return given(string(e.Certainty))
	case "status":
		return given(string(e.Status))
	case "if":
		return ifWords(e.If)
	case "place":
		return given(e.Place)
	case "parties":
		return e.Parties
	case "people":
		return e.People
	case "topics":
		return e.Topics
	case "note":
		return given(e.Note)
	case "remind":
		return remindWords(e.Remind)
	case "links":
		return a.linkWords(e.Links)
	case "sources":
		return a.sourceWords(e.Sources)
	}
	return nil
}

func given(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

func ifWords(c *event.Condition) []string {
	if c == nil {
		return nil
	}
	return []string{strings.Join(slices.DeleteFunc([]string{c.Text, c.Event, string(c.Is)}, func(s string) bool { return s == "" }), ", ")}
}

func remindWords(leads *[]string) []string {
	switch {
	case leads == nil:
		return []string{"those of its kind"}
	case len(*leads) == 0:
		return []string{"none"}
	}
	return *leads
}

func (a asking) linkWords(links []event.Link) []string {
	var out []string
	for _, l := range links {
		title := l.To
		if on, ok := a.index.byID[l.To]; ok {
			title = on.Title
		}
		out = append(out, string(l.Rel)+" "+title)
	}
	return out
}

func (a asking) sourceWords(list []event.Citation) []string {
	var out []string
	for _, c := range list {
		name, _ := a.source(c.Source)
		out = append(out, strings.TrimSuffix("“"+c.Quote+"”, "+name, ", "))
	}
	return out
}

func (a asking) statementWords(e event.Event) []string {
	var out []string
	for _, s := range e.When {
		words := a.said(s)
		if s.Quote != "" {
			words += " (“" + s.Quote + "”)"
		}
		if s.SupersededBy != "" {
			words += ", superseded by " + s.SupersededBy
		}
		out = append(out, words)
	}
	return out
}
