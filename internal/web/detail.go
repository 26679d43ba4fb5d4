package web

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"attache/internal/agenda"
	"attache/internal/change"
	"attache/internal/event"
	"attache/internal/when"
)

// detail is what the page of an event shows besides what all pages have.
type detail struct {
	item
	People     string
	Zone       string // of its dates, in words
	Earliest   string // the first day on which it can begin, and why; "" where the day is known
	Latest     string
	Elsewhere  string // the instant in the zone of the installation; "" where that is the same
	Outcome    string // its status, in words
	AllQuotes  []quote
	Statements []statement
	Related    []related
	Planned    []planned
	History    []revision
	NoHistory  bool   // whether it could not be read
	Google     string // makes a single entry; "" where that would be wrong
	Outlook    string
	CalledOff  bool
	UID        string
	Revision   int
}

// statement is one thing said about the date, and what came of it.
type statement struct {
	Name   string
	Says   string
	Gives  string // which bounds it gives, in words; "" none
	Aside  string // why it is not in force; "" where it is
	Where  string // file and line
	Words  string // the exact words
	Source string
	URL    string
}

// related is another event with how it stands to this one.
type related struct {
	How, Title, Href, Words string
}

// planned is a notice that will go out.
type planned struct {
	At   moment
	What string
	To   string
}

// revision is what one edit did.
type revision struct {
	Number int
	At     moment
	By     string
	Reason string
	Moves  []move
	Also   string // fields that changed besides
}

// move is one thing that changed.
type move struct{ What, Field, Old, New string }

// event is the page of one event.
func (s *site) event(w http.ResponseWriter, r *http.Request, id string) {
	now, loc := s.now(), s.cal.Zone()
	base := basePath(s.publicURL())
	v := s.newView(base, now)
	e, ok := v.byID[id]
	if !ok {
		s.notFound(w, r)
		return
	}
	p := s.newPage(e.Title, "", now, loc)
	d := v.detail(e, loc)
	d.Related = v.related(e)
	for _, n := range s.cal.Planned(id) {
		what := string(n.Kind)
		if n.Lead != "" {
			what += ", " + n.Lead + " before"
		}
		d.Planned = append(d.Planned, planned{momentOf(n.Due, loc), what, n.Channel})
	}
	revisions, err := s.cal.Revisions(id)
	if err != nil {
		s.log.Error("read the history of an event", "event", id, "err", err)
		d.NoHistory = true
	}
	d.History = history(revisions, loc)
	if links, ok := entryLinksFor(e, s.publicURL(), v.href(id)); ok {
		d.Google, d.Outlook = links[0], links[1]
	}
	p.Body = d
	s.show(w, r, http.StatusOK, "event", p)
}

// entryLinksFor gives the links to make single entries of e, Google's first.
func entryLinksFor(e agenda.Entry, public, href string) (links [2]string, ok bool) {
	if public != "" {
		href = strings.TrimSuffix(public, basePath(public)) + href
	}
	links[0], links[1], ok = entryLinks(e, href)
	return links, ok
}

// detail gives what follows from e and the other events alone.
func (v view) detail(e agenda.Entry, loc *time.Location) detail {
	d := detail{
		item: v.item(e), People: strings.Join(e.People, ", "), Zone: e.Window.Zone,
		AllQuotes: v.citations(e), Statements: v.statements(e), UID: e.UID, Revision: e.Revision,
		CalledOff: e.Status.CalledOff(),
	}
	w := e.Window
	switch {
	case w.Precision == when.None:
		d.Open = append([]string{"No date was stated."}, d.Open...)
	case !w.Settled():
		d.Earliest, d.Latest = boundWords(w.Earliest), boundWords(w.Latest)
	}
	if w.Precision == when.Instant && loc.String() != w.Zone {
		d.Elsewhere = momentOf(w.Earliest.At, loc).Local
	}
	if e.Status != event.Open {
		d.Outcome = sentence(string(e.Status))
	}
	return d
}

// boundWords says what one end of a window is and where it comes from.
func boundWords(b when.Bound) string {
	switch {
	case !b.Known():
		return "open: nothing was said"
	case b.Soft:
		return when.Long(b.Day) + ", by convention, from " + b.By
	case b.By == "":
		return when.Long(b.Day)
	}
	return when.Long(b.Day) + ", from " + b.By
}

// citations gives the words that support something other than the date.
func (v view) citations(e agenda.Entry) []quote {
	e.When = nil
	return v.quotes(e)
}

// statements lists all that was said about the date of e, in force or not.
func (v view) statements(e agenda.Entry) []statement {
	aside := make(map[string]string, len(e.SetAside))
	for _, a := range e.SetAside {
		aside[a.Statement] = a.Why
	}
	var out []statement
	for i, s := range e.When {
		name := e.StatementName(i)
		st := statement{
			Name: name, Says: s.Expr.Words(), Gives: gives(e.Window, name), Aside: aside[name],
			Words: s.Quote, Where: event.Position{File: e.Origin.File, Line: s.Line}.String(),
		}
		if s.Phrase != "" {
			st.Says = s.Phrase
		}
		st.Source, st.URL = v.source(s.Source)
		out = append(out, st)
	}
	return out
}

// gives says which ends of w come from the named statement.
func gives(w when.Window, name string) string {
	first, last := w.Earliest.By == name, w.Latest.By == name || w.EndsLatest.By == name
	switch {
	case w.Settled() && (first || last):
		return "gives the date"
	case first && last:
		return "gives the first and the last day"
	case first:
		return "gives the first day"
	case last:
		return "gives the last day"
	}
	return ""
}

// inverse says how a link reads from its other end.
var inverse = map[event.Relation]string{
	event.PartOf: "includes", event.Follows: "precedes", event.Precedes: "follows",
	event.Decides: "decided by", event.DependsOn: "needed by", event.Replaces: "replaced by",
	event.RelatedTo: "related to",
}

// related lists the events that e is linked with, from either end, and those
// that it depends on or that depend on it.
func (v view) related(e agenda.Entry) []related {
	var out []related
	add := func(how, id string) {
		o, ok := v.byID[id]
		r := related{How: how, Title: o.Title, Href: v.href(id), Words: sentence(o.Window.Words())}
		if ok && id != e.ID && !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	for _, c := range e.Conditions {
		add("depends on", c.Event)
	}
	for _, l := range e.Links {
		add(string(l.Rel), l.To)
	}
	own := len(out)
	for _, o := range v.byID {
		if slices.ContainsFunc(o.Conditions, func(c agenda.Condition) bool { return c.Event == e.ID }) {
			add("decides", o.ID)
		}
		for _, l := range o.Links {
			if l.To == e.ID {
				add(inverse[l.Rel], o.ID)
			}
		}
	}
	slices.SortFunc(out[own:], func(a, b related) int { return strings.Compare(a.How+a.Title, b.How+b.Title) })
	return out
}

// history tells the revisions of an event, the newest first.
func history(list []event.Revision, loc *time.Location) []revision {
	out := make([]revision, 0, len(list))
	for i, r := range list {
		h := revision{Number: r.Number, At: momentOf(r.At, loc), By: r.Author.String(), Reason: r.Reason}
		if i > 0 {
			before := list[i-1]
			h.Moves, h.Also = moves(before, r)
			if before.Reason == r.Reason {
				h.Reason = "" // told where it was given
			}
		} else {
			h.Moves = []move{{What: "entered", Field: "date", New: stateOf(r).Window.Words()}}
		}
		out = append(out, h)
	}
	slices.Reverse(out)
	return out
}

// moves says what changed from one revision to the next, and names the fields
// that changed and are not told of otherwise, as the reason is.
func moves(a, b event.Revision) (out []move, also string) {
	var told []string
	for _, c := range change.Between(stateOf(a), stateOf(b)) {
		out = append(out, move{string(c.Type), c.Field, c.Old, c.New})
		told = append(told, c.Field)
	}
	var rest []string
	for _, name := range b.Changed {
		if !slices.Contains(told, name) && name != "reason" && !(name == "when" && slices.Contains(told, "date")) {
			rest = append(rest, name)
		}
	}
	return out, strings.Join(rest, ", ")
}

func stateOf(r event.Revision) change.State {
	return change.State{Event: r.Event, Window: agenda.Compute(r, "", r.At).Window}
}
