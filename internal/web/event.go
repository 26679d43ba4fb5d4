package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"attache/internal/agenda"
	"attache/internal/calendar"
	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/notice"
	"attache/internal/prose"
	"attache/internal/story"
	"attache/internal/when"
)

// detail is what the page of an event shows besides what all pages have.
type detail struct {
	item
	People     string
	Zone       string   // of its dates, in words
	Comes      []string // the coming days of a series, the next one first
	Elsewhere  []string // the instant in other zones
	Bounds     []bound  // why it is where it is
	Conflicts  [][]step // statements that cannot all hold
	Warnings   []string
	AllQuotes  []quote
	Statements []statement
	Related    []related
	Coming     []noticeLine
	Told       []noticeLine
	History    []revision
	NoHistory  bool // whether it could not be read
	Google     string
	Outlook    string
	Feed       *subscription // of the event alone; nil where it has no entry
	Schema     *schemaEvent  // for search engines; nil where they would read it as certain
	Standing   []sinceWhen   // how certainty and status came to be what they are
	Why        string        // its reason, and since when
	Commands   []string      // that change it
	InFile     bool          // it stands in a file of events
	Unsettled  string        // how much of what was said of it is in no file; "" for none
}

// statement is one thing said about the date, and what came of it.
type statement struct {
	Anchor string
	Says   string
	Gives  string // which bounds it gives, in words; "" none
	Aside  string // why it is not in force; "" where it is
	Words  string // the exact words
	Source string
	URL    string
}

// related is another event with how it stands to this one.
type related struct {
	How, Title, Href, Words string
}

// noticeLine is a notice that was sent, or will be.
type noticeLine struct {
	At    moment
	What  string
	To    string
	State string // such as sent, dead; "" for what is to come
}

// event is the page of one event.
func (s *site) event(w http.ResponseWriter, r *http.Request, req request, e *agenda.Entry) {
	p := s.newPage(req, e.Title, "")
	d := req.detail(e)
	for _, n := range req.cal.Notices(e.ID) {
		d.addNotice(req, n)
	}
	d.NoHistory = !s.history(req, e, &d)
	unsettled, err := req.cal.UnsettledOf(e.ID)
	if err != nil {
		s.Log.Error("read what is in no file", "event", e.ID, "err", err)
	}
	d.Unsettled = calendar.UnsettledWords(unsettled)
	p.Body = d
	s.show(w, r, http.StatusOK, "event", p)
}

// addNotice adds a notice to those that were sent or to those that will be.
func (d *detail) addNotice(req request, n calendar.EventNotice) {
	what := cmp.Or(kindWords[n.Kind], string(n.Kind))
	switch {
	case n.Lead == "":
	case n.Kind == notice.Stale: // its lead counts from when the date was last verified
		what += ", after " + leadWords(n.Lead, "")
	default:
		what += ", " + leadWords(n.Lead, " before")
	}
	if n.State == notice.Pending {
		d.Coming = append(d.Coming, noticeLine{req.moment(n.At), what, n.Channel, ""})
		return
	}
	state := string(n.State)
	d.Told = append(d.Told, noticeLine{req.moment(n.At), what, n.Channel, cmp.Or(stateWords[state], state)})
}

// leadWords writes a lead such as 7d, and what follows it: "7 days before".
func leadWords(lead, before string) string {
	switch l, err := notice.ParseLead(lead); {
	case err != nil:
		return lead + before
	case l.N > 0:
		return l.Words() + before
	case l.Elapsed():
		return "as it begins"
	}
	return "on the day"
}

// kindWords says what a notice tells, where the word for its kind does not.
var kindWords = map[notice.Kind]string{
	notice.Window: "window opens or closes", notice.Outcome: "asks what became of it", notice.Stale: "asks whether it still stands",
	notice.Condition: "its condition was decided",
}

// stateWords says what became of a notice, where the word for it is not plain.
var stateWords = map[string]string{
	"sending": "being sent", "unknown": "perhaps sent: the channel is being checked", "merged": "sent in a digest", "dead": "not sent",
}

// detail returns what follows from e and the other events alone.
func (req request) detail(e *agenda.Entry) detail {
	d := detail{
		item: req.item(e), People: strings.Join(e.People, ", "), Zone: zoneWords(e.Window),
		AllQuotes: req.citations(nil, e), Statements: req.statements(e), Related: req.related(e),
		Comes: req.occurrences(e), Elsewhere: req.elsewhere(e), Bounds: req.bounds(e),
	}
	for _, c := range e.Conflicts {
		d.Conflicts = append(d.Conflicts, req.steps(e, c.Steps))
	}
	for _, w := range req.cal.Look(*e, req.now).Warnings {
		d.Warnings = append(d.Warnings, prose.Capital(w.Words)+".")
	}
	if e.Window.Precision == when.None && e.Was == "" && e.Leaning == "" && !e.Veiled {
		d.Open = append([]string{"No date was stated."}, d.Open...)
	}
	d.Google, d.Outlook, _ = entryLinks(e, req.absolute(req.base+"/events/"+e.ID))
	d.Commands, d.InFile = commands(e)
	if e.Window.Earliest.Known() && e.Window.EndsLatest.Known() {
		alone := req.subscription(e.Title, req.base+"/feed.ics?"+url.Values{"event": {e.ID}}.Encode())
		d.Feed = &alone
	}
	return d
}

// commands returns how e is changed from a terminal, as far as its status lets it, and whether
// a file of events has it. What begins with a capital is to be filled in.
func commands(e *agenda.Entry) (lines []string, inFile bool) {
	if e.Followed() != "" {
		return nil, false // its own calendar says what it is
	}
	if e.Status == event.Open {
		lines = append(lines, "attache set "+e.ID+` when+=DATE --source KEY --quote "WORDS"`, "attache seen "+e.ID+" --source KEY")
	}
	for _, to := range event.Statuses() {
		if to != e.Status && to != event.Withdrawn && e.Status.CanBecome(to) {
			lines = append(lines, "attache outcome "+e.ID+" "+string(to)+` --reason "WHY"`)
		}
	}
	return lines, e.Origin.File != ""
}

// mostElsewhere is how many other places are told when a date begins there.
const mostElsewhere = 4

// elsewhere returns when e begins as clocks elsewhere have it, where its hour is known: in the
// zone of the page and in those of other events.
func (req request) elsewhere(e *agenda.Entry) []string {
	w := e.Window
	start, ok := w.Start()
	if !ok || w.Precision != when.Instant { // a day has no hour anywhere
		return nil
	}
	var out []string
	seen := []string{start.In(w.Location()).Format(time.DateTime)}
	zones := append([]string{req.loc.String()}, req.index.zones...)
	for _, name := range append(zones, "UTC") {
		loc, err := civil.Zone(name)
		if err != nil || len(out) == mostElsewhere {
			continue
		}
		local := start.In(loc)
		if text := local.Format(time.DateTime); !slices.Contains(seen, text) {
			seen = append(seen, text)
			out = append(out, story.At(start, loc))
		}
	}
	return out
}

// statements lists all that was said about the date of e, in force or not.
func (req request) statements(e *agenda.Entry) []statement {
	aside := make(map[string]string, len(e.SetAside))
	for _, x := range e.SetAside {
		aside[x.Statement] = req.asideWords(e, x)
	}
	var out []statement
	for i, s := range e.When {
		name := e.StatementName(i)
		st := statement{
			Anchor: anchor(i), Says: req.said(s), Gives: gives(e.Window, name), Aside: aside[name],
			Words: s.Quote,
		}
		st.Source, st.URL = req.source(s.Source)
		out = append(out, st)
	}
	return out
}

// asideWords reports why a statement of e is not in force: for what is superseded, what the
// statement says that came in its place, and where that was published.
func (req request) asideWords(e *agenda.Entry, x agenda.SetAside) string {
	for k := range e.When {
		if by := &e.When[k]; x.By != "" && e.StatementName(k) == x.By {
			source, _ := req.source(by.Source)
			return "superseded by the later report: " + strings.TrimSuffix(req.said(*by)+", "+source, ", ")
		}
	}
	return x.Why
}

// said returns what a statement says, with the title of the event that it leans on.
func (req request) said(s event.Statement) string {
	if s.Phrase != "" {
		return s.Phrase
	}
	words := s.Expr.Words()
	if on, ok := req.index.byID[s.Expr.LeansOn()]; ok {
		words = strings.Replace(words, on.ID, on.Title, 1)
	}
	return words
}

// gives returns which ends of w come from the named statement.
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
func (req request) related(e *agenda.Entry) []related {
	var out []related
	add := func(how, id string) {
		o, ok := req.index.byID[id]
		if !ok || id == e.ID {
			return
		}
		r := related{How: how, Title: o.Title, Href: req.event(id), Words: req.date(o)}
		if !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	for _, c := range e.Conditions {
		add("depends on", c.Event)
	}
	for _, l := range e.Links {
		add(string(l.Rel), l.To)
	}
	for k, st := range e.When {
		if on, ok := req.index.byID[st.Expr.LeansOn()]; ok && e.InForce(k) && !named(out, on.Title) {
			add("its date depends on", on.ID)
		}
	}
	own := len(out)
	for _, o := range req.index.all {
		if slices.ContainsFunc(o.Conditions, func(c agenda.Condition) bool { return c.Event == e.ID }) {
			add("decides", o.ID)
		}
		for _, l := range o.Links {
			if l.To == e.ID {
				add(inverse[l.Rel], o.ID)
			}
		}
		for k, st := range o.When {
			if st.Expr.LeansOn() == e.ID && o.InForce(k) && !named(out, o.Title) {
				add("gives the date of", o.ID)
			}
		}
	}
	slices.SortFunc(out[own:], func(a, b related) int { return strings.Compare(a.How+a.Title, b.How+b.Title) })
	return out
}

// named reports whether an event of that title is among those related already.
func named(list []related, title string) bool {
	return slices.ContainsFunc(list, func(r related) bool { return r.Title == title })
}

// zoneWords names the zone of an hour, "" where there is none: a day is a day.
func zoneWords(w when.Window) string {
	if w.Precision != when.Instant {
		return ""
	}
	return civil.Place(w.Zone) + " (" + w.Zone + ")"
}
