package web

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"attache/internal/agenda"
	"attache/internal/event"
	"attache/internal/prose"
	"attache/internal/story"
	"attache/internal/when"
)

// item is an event as it stands in a list.
type item struct {
	ID      string
	Title   string
	Href    string
	Family  string // of its kind, for the colour
	Past    bool
	Kind    string
	Date    dateWords
	Badges  []badge
	Place   string
	Parties string
	Topics  []topic
	Open    []string    // what is not settled
	Known   story.Facts // what else there is to know of its date
	Ifs     []string    // what has to be so, each a line
	Note    string
	Reason  string
	Quotes  []quote
	More    int    // quotes that are left out
	Ask     bool   // it has passed with no outcome
	Leans   string // on which other dates its own leans, in words; "" none
	Day     string // its date in one phrase

	Original string // its date as clocks have it in its own zone, where another was chosen

	Gist string   // what is told of it first, in a line that opens; the rest follows
	Rest []string // what is told besides
}

// topic is a topic with the page of what belongs to it.
type topic struct {
	Name string
	Href string
}

// quote is what a source said, in its own words.
type quote struct {
	Words  string
	Source string
	URL    string // "" or plain http or https
	About  string // what it supports
}

// quotesShown is how many quotes an event has in a list; its page has them all.
const quotesShown = 2

// item returns e as it stands in a list.
func (req request) item(e *agenda.Entry) item {
	phase, told := req.phase(e), req.reader().Of(e)
	it := item{
		ID: e.ID, Title: e.Title, Href: req.event(e.ID), Family: family(e.Kind), Kind: string(e.Kind),
		Past: phase == agenda.Over || phase == agenda.AwaitingOutcome,
		Date: req.setDate(e), Badges: badges(e, phase),
		Place: e.Place, Parties: strings.Join(e.Parties, ", "), Topics: req.topics(e.Topics),
		Open: unsettled(e, told), Known: told.Only(story.Safe, story.Stated, story.Was, story.Replaced), Note: e.Note, Reason: e.Reason, Quotes: req.quotes(e),
		Leans: req.leans(e), Day: prose.Capital(told.Get(story.Date)),
	}
	for _, f := range told.Only(story.Condition) {
		it.Ifs = append(it.Ifs, f.String()+".")
	}
	if req.news != nil && req.news.marked[e.ID] != "" {
		it.Badges = append(it.Badges, badge{"Lately", req.news.marked[e.ID], "new"})
	}
	if !req.own() && e.Window.Precision == when.Instant {
		there := req
		there.zone = ""
		if words := there.reader().Date(e); words != req.reader().Date(e) {
			it.Original = words
		}
	}
	it.fold()
	if n := len(it.Quotes) - quotesShown; n > 0 {
		it.Quotes, it.More = it.Quotes[:quotesShown], n
	}
	if phase == agenda.AwaitingOutcome {
		it.Ask = true
	}
	return it
}

// mostTold is how many characters of a text a list tells; the page of the event has it all.
const mostTold = 600

// fold says what of an event a list tells in a line, and what once that is opened.
func (it *item) fold() {
	var all []string
	known := make([]string, len(it.Known))
	for i, f := range it.Known {
		if f.Words != it.Leans { // which stands beside its kind
			known[i] = f.String()
		}
	}
	for _, s := range slices.Concat(it.Ifs, []string{it.Note, it.Reason}, known, it.Open) {
		if s != "" {
			all = append(all, prose.Measure(prose.Runes).Cut(prose.OneLine(s), mostTold))
		}
	}
	switch {
	case len(all) > 0:
		it.Gist, it.Rest = all[0], all[1:]
	case len(it.Quotes) > 0:
		it.Gist = "“" + prose.Measure(prose.Runes).Cut(prose.OneLine(it.Quotes[0].Words), mostTold) + "”"
	case len(it.Topics) > 0:
		names := make([]string, len(it.Topics))
		for i, t := range it.Topics {
			names[i] = t.Name
		}
		it.Gist = prose.Measure(prose.Runes).Cut("On "+prose.List(names, "and"), mostTold)
	}
}

func (req request) items(list []*agenda.Entry) []item {
	out := make([]item, 0, len(list))
	for _, e := range list {
		out = append(out, req.item(e))
	}
	return out
}

// topics returns topics with the pages of what belongs to them.
func (req request) topics(names []string) []topic {
	var out []topic
	for _, n := range names {
		out = append(out, topic{Name: n, Href: req.link("/", url.Values{"topic": {n}})})
	}
	return out
}

// leans returns how e comes again, and on which other dates its date leans: "before Lunar
// New Year".
func (req request) leans(e *agenda.Entry) string {
	var out []string
	if e.Series != nil {
		out = append(out, e.Series.Words())
	}
	for k, st := range e.When {
		id := st.Expr.LeansOn()
		on, ok := req.index.byID[id]
		if !ok || !e.InForce(k) {
			continue
		}
		words := strings.Replace(st.Expr.Words(), id, on.Title, 1)
		if !slices.Contains(out, words) {
			out = append(out, words)
		}
	}
	for _, c := range e.Conditions {
		if on, ok := req.index.byID[c.Event]; ok {
			out = append(out, "depends on "+on.Title)
		}
	}
	return strings.Join(out, ", ")
}

// quotes returns the words of every source of e, each once: those about its date
// first.
func (req request) quotes(e *agenda.Entry) []quote {
	var out []quote
	for k, s := range e.When {
		if e.InForce(k) {
			out = req.cite(out, s.Source, s.Quote, "the date")
		}
	}
	out = req.citations(out, e)
	for k, s := range e.When {
		if !e.InForce(k) {
			out = req.cite(out, s.Source, s.Quote, "a date that is not in force")
		}
	}
	return out
}

// citations adds the words that support something other than the date.
func (req request) citations(out []quote, e *agenda.Entry) []quote {
	for _, c := range e.Sources {
		out = req.cite(out, c.Source, c.Quote, strings.Join(c.Supports, ", "))
	}
	return out
}

// cite adds words of a source, once.
func (req request) cite(out []quote, source, words, about string) []quote {
	if words == "" {
		return out
	}
	q := quote{Words: words, About: about}
	q.Source, q.URL = req.source(source)
	if slices.ContainsFunc(out, func(o quote) bool { return o.Words == q.Words && o.Source == q.Source }) {
		return out
	}
	return append(out, q)
}

// source names the source of that key, and returns its address if it can be linked.
func (req request) source(key string) (words, address string) {
	src, ok := req.cal.Sources()[key]
	if !ok {
		return key, ""
	}
	return src.Words(), linkable(src.URL)
}

// linkable returns an address if it is plain http or https with a host, else "".
func linkable(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return address
}

// family groups the kinds that share a colour.
func family(k event.Kind) string {
	switch k {
	case event.Deadline, event.Measure:
		return "deadline"
	case event.Meeting, event.Summit, event.Talks:
		return "meeting"
	case event.Visit:
		return "visit"
	}
	return "other"
}

// entryLinks returns links that make a single entry of e in a calendar, and false
// where its day is not known: such an entry would be wrong.
func entryLinks(e *agenda.Entry, link string) (google, outlook string, ok bool) {
	w := e.Window
	if !w.Settled() || e.Status.CalledOff() {
		return "", "", false
	}
	first, last := compact(w)
	google = "https://calendar.google.com/calendar/render?" + encode(url.Values{
		"action": {"TEMPLATE"}, "text": {e.Title}, "dates": {first + "/" + last},
		"details": {link}, "location": {e.Place},
	})
	q := url.Values{
		"path": {"/calendar/action/compose"}, "rru": {"addevent"}, "subject": {e.Title},
		"body": {link}, "location": {e.Place},
	}
	if w.Earliest.Timed {
		q.Set("startdt", w.Earliest.At.UTC().Format(time.RFC3339))
		q.Set("enddt", w.EndsLatest.At.UTC().Format(time.RFC3339))
	} else {
		q.Set("startdt", w.Earliest.Day.String())
		q.Set("enddt", w.EndsLatest.Day.AddDays(1).String())
		q.Set("allday", "true")
	}
	return google, "https://outlook.live.com/calendar/deeplink/compose?" + encode(q), true
}

// encode writes a query with %20 for spaces, since Outlook shows a plus as one.
func encode(q url.Values) string { return strings.ReplaceAll(q.Encode(), "+", "%20") }

// compact returns both ends of w as iCalendar writes them; the end of a day is the
// beginning of the next.
func compact(w when.Window) (first, last string) {
	if w.Earliest.Timed && w.EndsLatest.Timed {
		const layout = "20060102T150405Z"
		return w.Earliest.At.UTC().Format(layout), w.EndsLatest.At.UTC().Format(layout)
	}
	bare := strings.NewReplacer("-", "")
	return bare.Replace(w.Earliest.Day.String()), bare.Replace(w.EndsLatest.Day.AddDays(1).String())
}
