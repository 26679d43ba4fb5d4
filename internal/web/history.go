package web

import (
	"slices"
	"strings"

	"attache/internal/agenda"
	"attache/internal/change"
	"attache/internal/event"
	"attache/internal/when"
)

// revision is what one edit did, or how something else moved the event.
type revision struct {
	Number int // 0 where something else moved it
	changeLine
}

// sinceWhen is a certainty or status that an event had, and since when.
type sinceWhen struct {
	What, Is string
	Since    moment
}

// history tells every revision of e, the newest first, and how its certainty and status
// came to be what they are. It is false where the store cannot be read.
func (s *site) history(req request, e *agenda.Entry, d *detail) bool {
	list, err := req.cal.Revisions(e.ID)
	if err == nil {
		var views []change.View
		if views, err = req.cal.Changes(agenda.Filter{}, change.Range{Event: e.ID}); err == nil {
			d.History, d.Standing = req.revisions(list, views), req.standing(list)
			if c, ok := e.Condition(); ok && e.Recorded().Status != e.Status {
				d.Standing = append(d.Standing, sinceWhen{"Status", string(e.Status), req.moment(c.Decided)})
			}
			d.Schema = req.schema(e, windows(list))
			return true
		}
	}
	s.Log.Error("read the history of an event", "event", e.ID, "err", err)
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

// revisions tells every change of an event, and each time that something else moved it, the
// newest first. list are its revisions.
func (req request) revisions(list []event.Revision, views []change.View) (out []revision) {
	for _, v := range views {
		if v.At.After(req.now) && req.at != "" && !v.First() {
			continue
		}
		h := revision{changeLine: req.changeLine(v)}
		h.Also = ""
		if v.Because == nil {
			h.Number = v.Revision
			if i := v.Revision - 1; i > 0 && i < len(list) {
				h.Moves = append(h.Moves, req.diff(list[i-1].Event, list[i].Event, v.Also())...)
			}
		}
		out = append(out, h)
	}
	return out
}

// standing tells since when an event has had each certainty and status.
func (req request) standing(list []event.Revision) (out []sinceWhen) {
	for i, r := range list {
		if r.At.After(req.now) && req.at != "" && i > 0 {
			break
		}
		if i == 0 || list[i-1].Event.Certainty != r.Event.Certainty {
			out = append(out, sinceWhen{"Certainty", string(r.Event.Certainty), req.moment(r.At)})
		}
		if i == 0 || list[i-1].Event.Status != r.Event.Status {
			out = append(out, sinceWhen{"Status", string(r.Event.Status), req.moment(r.At)})
		}
	}
	slices.SortStableFunc(out, func(x, y sinceWhen) int { return strings.Compare(x.What, y.What) })
	return out
}

// diff returns in words how two revisions differ in the named fields.
func (req request) diff(old, new event.Event, fields []string) []move {
	var out []move
	for _, f := range fields {
		was, is := req.fieldWords(old, f), req.fieldWords(new, f)
		gone := slices.DeleteFunc(slices.Clone(was), func(v string) bool { return slices.Contains(is, v) })
		come := slices.DeleteFunc(slices.Clone(is), func(v string) bool { return slices.Contains(was, v) })
		if len(gone)+len(come) == 0 { // such as another order
			continue
		}
		what := map[string]string{"when": "statements", "if": "condition", "remind": "reminders"}[f]
		if what == "" {
			what = f
		}
		out = append(out, move{"changed", what, strings.Join(gone, "; "), strings.Join(come, "; ")})
	}
	return out
}

// fieldWords returns what an event says in a field, as one would say it.
func (req request) fieldWords(e event.Event, field string) []string {
	switch field {
	case "title":
		return given(e.Title)
	case "kind":
		return given(string(e.Kind))
	case "when":
		return req.statementWords(e)
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
		return req.linkWords(e.Links)
	case "sources":
		return req.sourceWords(e.Sources)
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

func (req request) linkWords(links []event.Link) []string {
	var out []string
	for _, l := range links {
		title := l.To
		if on, ok := req.index.byID[l.To]; ok {
			title = on.Title
		}
		out = append(out, string(l.Rel)+" "+title)
	}
	return out
}

func (req request) sourceWords(list []event.Citation) []string {
	var out []string
	for _, c := range list {
		name, _ := req.source(c.Source)
		out = append(out, strings.TrimSuffix("“"+c.Quote+"”, "+name, ", "))
	}
	return out
}

func (req request) statementWords(e event.Event) []string {
	var out []string
	for _, s := range e.When {
		words := req.said(s)
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
