package ical

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	goical "github.com/emersion/go-ical"

	"attache/internal/event"
	"attache/internal/prose"
)

// Options say how a calendar is read. The zero Options take what it says.
type Options struct {
	Source    string          // key of the source that its events rest on
	Prefix    string          // what ids begin with; "" makes them of titles
	Zone      string          // IANA name, in which times that name no zone are meant; "" leaves such events out
	Kind      event.Kind      // of its events; "" is Deadline for tasks with a day, and Other
	Topics    []string        // of its events, besides their own categories
	Trusted   bool            // take its CONFIRMED at its word: it is the default of many programs, and otherwise means Likely
	Certainty event.Certainty // of every event, whatever the calendar says; "" takes what it says

	// Known are the entries that were read before. An occurrence that can't be read now is
	// left out of its series if it is known to be elsewhere.
	Known map[Key]bool
}

// Calendar is what somebody else publishes. What it has is in Events or in Unread, and what is
// in neither is not there: that is so of a text that is whole, and says so.
type Calendar struct {
	Title    string          // X-WR-CALNAME or NAME, or ""
	Product  string          // PRODID: the program that wrote it, or ""
	Events   []event.Event   // what was read; the Origin of each names its line, and no file
	Unread   []Unread        // what is there and can't be read
	Broken   error           // why entries may be missing that are there: the text was cut or damaged; nil where it is whole
	Message  string          // the METHOD of a text that is about some entries of a calendar, and not all of it, or ""
	Shared   map[string]bool // UIDs that several entries have: one of them may be an occurrence that has lost its RECURRENCE-ID
	Floating int             // how many times name no zone, in which they are meant
	Notes    []Finding       // what was passed over, and what was understood as something else: nothing is wrong with it
}

// Bounds of what is read.
const (
	maxEvents = 20_000
	maxDepth  = 8        // of components within each other
	maxValue  = 16 << 10 // octets of a line
	maxHead   = 2 << 10  // octets of the name and the parameters: go-ical takes the square of their length
)

// Parse reads a calendar that somebody else wrote. It takes any bytes: a line
// that can't be read costs only itself, and an event only that event; each is
// named in the findings, which are in the order of their lines. The error is for what
// is no calendar at all.
func Parse(data []byte, o Options) (Calendar, []Finding, error) {
	p := &parser{options: o, ids: map[string]bool{}, shared: map[string]bool{}}
	data, was := unicodeText(data)
	if was != "" {
		p.found.Add(0, "the text is %s, and a calendar is UTF-8: it is read as it is", was)
	}
	blocks, ok := p.blocks(data)
	if !ok {
		return Calendar{}, nil, noCalendar(data)
	}
	p.zones = newZones(blocks, o.Zone)
	p.zones.spoken = p.zoneHint
	if p.zoneHint != "" {
		p.zones.hint = ": the calendar as a whole speaks of " + p.zoneHint
	}
	var events []event.Event
	for _, group := range byUID(p.decode(blocks)) {
		events = append(events, p.events(group)...)
	}
	p.found.Sort()
	return Calendar{
		Title: p.title, Product: p.product, Events: events, Unread: p.unread, Shared: p.shared,
		Broken: p.broken, Message: p.message(), Floating: p.zones.floating, Notes: p.notes(),
	}, p.found, nil
}

// notes returns what is to be known of the reading.
func (p *parser) notes() []Finding {
	out := append(p.account.notes(), p.zones.notes...)
	out.Sort()
	return out
}

// parser reads one calendar.
type parser struct {
	options  Options
	zones    *zones
	found    Findings
	zoneHint string // its X-WR-TIMEZONE
	title    string
	product  string
	methods  []string        // of its VCALENDARs
	ids      map[string]bool // that are taken
	shared   map[string]bool // UIDs that several events have
	unread   []Unread
	broken   error
	account  account
	strayed  bool // something stands outside the calendar
}

// vevent is a VEVENT, or a VTODO, as go-ical read it.
type vevent struct {
	*goical.Component
	line      int
	uid       string
	unnamed   bool     // it has no UID, and uid is made of its title and its start
	cancelled bool     // by the METHOD of its calendar
	lost      []string // the names of its properties whose lines can't be read
	part      string   // what tells it from others with its UID, or ""
	own       *own     // what a feed of attache says of it; nil of the entries of others
}

// decode reads the VEVENTs, and the tasks.
func (p *parser) decode(blocks []block) []vevent {
	var out []vevent
	for _, b := range blocks {
		if !taken(b.name) {
			continue
		}
		if len(out) == maxEvents {
			p.breaks(b.line, fmt.Errorf("this event and those after it are left out: %d are the most", maxEvents))
			break
		}
		c, err := b.decode()
		if err != nil {
			p.undecoded(b, err)
			continue
		}
		e := vevent{Component: c, line: b.line, uid: valueOf(c, goical.PropUID), cancelled: p.methods[b.calendar] == "CANCEL", lost: b.lost}
		if e.uid == "" {
			e.unnamed = true
			e.uid = valueOf(c, goical.PropSummary) + valueOf(c, goical.PropDateTimeStart)
			p.found.Add(b.line, "the event has no UID: it is known by its title and its start")
		}
		if err := e.ambiguous(); err != nil {
			p.leaveOut(e, err)
			continue
		}
		if e.own, err = ownOf(c); err != nil {
			p.found.Add(b.line, "the event %q is read as any other, and not as attache wrote it: %v", e.title(), err)
		} else if e.own != nil {
			e.uid = e.own.uid
		}
		out = append(out, e)
	}
	return out
}

// byUID groups events that have one UID, a series and its exceptions, in the order of
// their first.
func byUID(list []vevent) [][]vevent {
	at := map[string]int{}
	var out [][]vevent
	for _, e := range list {
		i, ok := at[e.uid]
		if !ok {
			i = len(out)
			at[e.uid] = i
			out = append(out, nil)
		}
		out[i] = append(out[i], e)
	}
	return out
}

// events returns what the components with one UID say: of those about one occurrence the
// latest counts, and an occurrence that was moved or cancelled is an event of its own.
func (p *parser) events(list []vevent) []event.Event {
	g := groupOf(oneOfOwn(list))
	series := g.series()
	p.account.versions(g)
	if g.several {
		p.shared[list[0].uid] = true
	}
	if n := len(g.masters); n > 1 {
		p.found.Add(g.masters[0].line, "%d events have one UID: each of them is taken", n)
	}
	moved := make(map[string][]event.Event)
	var changed []*vevent
	for _, id := range g.order {
		e := g.changed[id]
		if series != nil && e.future() {
			changed = append(changed, e)
			continue
		}
		one, ok := p.read(*e, nil)
		if ok {
			moved[id] = one
		}
		if ok || p.options.Known[e.key()] {
			changed = append(changed, e)
		} // the day of another stays in the series
	}
	var out []event.Event
	for _, e := range g.masters {
		of := changed
		if e != series {
			of = nil
		}
		one, _ := p.read(*e, of)
		out = append(out, one...)
	}
	for _, id := range g.order {
		out = append(out, moved[id]...)
	}
	for i := range out {
		out[i] = p.identified(list[0].uid, list[0].own != nil, out[i])
	}
	return out
}

// read reads one VEVENT, and is false where that can't be read. What is read has no id yet.
func (p *parser) read(e vevent, overrides []*vevent) ([]event.Event, bool) {
	if e.own != nil {
		return []event.Event{p.ours(e)}, true
	}
	got, err := p.event(e, overrides)
	if err != nil {
		p.leaveOut(e, err)
	}
	return got, err == nil
}

// event reads one VEVENT: an event for each date that has to stand by itself.
func (p *parser) event(e vevent, overrides []*vevent) ([]event.Event, error) {
	dates, err := p.zones.dates(e.Component, overrides)
	for _, w := range p.zones.warnings {
		p.found.Add(e.line, "%v", w)
	}
	lacks := p.zones.lacks
	if p.zones.warnings, p.zones.lacks = nil, nil; err != nil {
		return nil, err
	}
	if len(dates) == 0 && len(overrides) == 0 {
		return nil, errors.New("each of its dates is taken out")
	}
	var out []event.Event
	for _, d := range dates {
		of := e
		if d.of != nil {
			of = *d.of
		}
		out = append(out, p.dated(of, d, lacks))
	}
	return out, nil
}

// dated returns the event that a VEVENT is on one of its dates.
func (p *parser) dated(e vevent, d said, lacks []string) event.Event {
	c, title := e.Component, e.title()
	got := event.Event{
		Title: prose.Clip(title, maxTitle), Kind: p.kind(c),
		Place: prose.Clip(prose.CleanLine(text(c, goical.PropLocation)), maxTitle), Note: p.note(c), Topics: p.topics(c),
		Certainty: p.certainty(c), Zone: cmp.Or(d.zone, p.options.Zone),
		Sources: []event.Citation{{Source: p.options.Source, Quote: title}},
		When:    []event.Statement{{Source: p.options.Source, Quote: title, Line: e.line, Expr: d.expr}},
		Origin:  event.Position{Line: e.line},
		Foreign: event.Foreign{UID: e.key().UID, Occurrence: cmp.Or(d.key, e.key().Occurrence), Lacks: e.lacks(lacks)},
	}
	p.status(e, &got)
	return got
}

// future reports whether e changes an occurrence and all after it.
func (e *vevent) future() bool {
	id := e.Props.Get(goical.PropRecurrenceID)
	return id != nil && strings.EqualFold(id.Params.Get("RANGE"), "THISANDFUTURE")
}

// kind returns what is said of the events, and of what is to be done by a day a deadline.
func (p *parser) kind(c *goical.Component) event.Kind {
	if c.Name == goical.CompToDo && (c.Props.Get(goical.PropDue) != nil || c.Props.Get(goical.PropDuration) != nil) {
		return cmp.Or(p.options.Kind, event.Deadline)
	}
	return cmp.Or(p.options.Kind, event.Other)
}

// Bounds of what is taken of an event.
const (
	maxTitle  = 300  // octets
	maxNote   = 4000 // octets
	maxTopic  = 60   // octets
	maxTopics = 20
)

// note returns the description, and the address to read on.
func (p *parser) note(c *goical.Component) string {
	note := prose.Clip(strings.TrimSpace(prose.Clean(text(c, goical.PropDescription))), maxNote)
	if u := valueOf(c, goical.PropURL); IsLink(u) && !strings.Contains(note, u) {
		note = strings.TrimSpace(note + "\n" + u)
	}
	return note
}

func (p *parser) topics(c *goical.Component) []string {
	out := slices.Clone(p.options.Topics)
	for _, prop := range c.Props.Values(goical.PropCategories) {
		for _, s := range splitList(prop.Value) {
			if s = prose.Clip(prose.CleanLine(unescape(s)), maxTopic); s != "" && !slices.Contains(out, s) && len(out) < maxTopics {
				out = append(out, s)
			}
		}
	}
	return out
}

// certainty reads STATUS, RFC 5545 §3.8.1.11. CONFIRMED is what many programs write of
// everything, so that it is taken at its word only where somebody vouches for it.
func (p *parser) certainty(c *goical.Component) event.Certainty {
	switch status := strings.ToUpper(valueOf(c, goical.PropStatus)); {
	case p.options.Certainty != "":
		return p.options.Certainty
	case status == "TENTATIVE":
		return event.Possible
	case p.options.Trusted && status == "CONFIRMED":
		return event.Confirmed
	}
	return event.Likely
}
