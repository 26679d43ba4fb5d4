package ical

import (
	"cmp"
	"errors"
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
	Kind      event.Kind      // of its events; "" is Other
	Topics    []string        // of its events, besides their own categories
	Trusted   bool            // take its CONFIRMED at its word: it is the default of many programs, and otherwise means Likely
	Certainty event.Certainty // of every event, whatever the calendar says; "" takes what it says
}

// Calendar is what somebody else publishes.
type Calendar struct {
	Title    string        // X-WR-CALNAME or NAME, or ""
	Events   []event.Event // the Origin of each names its line, and no file
	Floating int           // how many times name no zone, in which they are meant
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
	p := &parser{options: o, ids: map[string]bool{}}
	blocks, title, ok := p.blocks(data)
	if !ok {
		return Calendar{}, nil, errors.New("it is no iCalendar text: it has no BEGIN:VCALENDAR")
	}
	p.zones = newZones(blocks, o.Zone)
	if p.zoneHint != "" {
		p.zones.hint = ": the calendar as a whole speaks of " + p.zoneHint
	}
	out := Calendar{Title: title}
	for _, group := range byUID(p.decode(blocks)) {
		out.Events = append(out.Events, p.events(group)...)
	}
	out.Floating = p.zones.floating
	p.found.Sort()
	return out, p.found, nil
}

// parser reads one calendar.
type parser struct {
	options  Options
	zones    *zones
	found    Findings
	zoneHint string          // its X-WR-TIMEZONE
	ids      map[string]bool // that are taken
}

// vevent is a VEVENT as go-ical read it.
type vevent struct {
	*goical.Component
	line int
	uid  string
}

// decode reads the VEVENTs.
func (p *parser) decode(blocks []block) []vevent {
	var out []vevent
	for _, b := range blocks {
		if b.name != goical.CompEvent {
			continue
		}
		if len(out) == maxEvents {
			p.found.Add(b.line, "this event and those after it are left out: %d are the most", maxEvents)
			break
		}
		c, err := b.decode()
		if err != nil {
			p.found.Add(b.line, "the event is left out: %v", err)
			continue
		}
		e := vevent{c, b.line, valueOf(c, goical.PropUID)}
		if e.uid == "" {
			e.uid = valueOf(c, goical.PropSummary) + valueOf(c, goical.PropDateTimeStart)
			p.found.Add(b.line, "the event has no UID: it is known by its title and its start")
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

// events returns what the VEVENTs with one UID say: of those about one occurrence the
// latest counts, and an occurrence that was moved or cancelled is an event of its own.
func (p *parser) events(group []vevent) []event.Event {
	var master *vevent
	overrides := map[string]*vevent{} // by RECURRENCE-ID
	var order []string
	for i := range group {
		e := &group[i]
		id := e.Props.Get(goical.PropRecurrenceID)
		if id == nil {
			master = newer(master, e)
			continue
		}
		if _, ok := overrides[id.Value]; !ok {
			order = append(order, id.Value)
		}
		overrides[id.Value] = newer(overrides[id.Value], e)
	}
	var out []event.Event
	if master != nil {
		out = p.add(out, *master, overrides)
	}
	for _, id := range order {
		out = p.add(out, *overrides[id], nil)
	}
	return out
}

// newer returns the one of two with the greater SEQUENCE, RFC 5545 §3.8.7.4, or the later.
func newer(a, b *vevent) *vevent {
	if a == nil || cmp.Or(
		cmp.Compare(number(a.Component, goical.PropSequence), number(b.Component, goical.PropSequence)),
		cmp.Compare(valueOf(a.Component, goical.PropDateTimeStamp), valueOf(b.Component, goical.PropDateTimeStamp)),
	) <= 0 {
		return b
	}
	return a
}

func (p *parser) add(out []event.Event, e vevent, overrides map[string]*vevent) []event.Event {
	got, err := p.event(e, overrides)
	if err != nil {
		p.found.Add(e.line, "the event %q is left out: %v", got.Title, err)
		return out
	}
	return append(out, got)
}

// event reads one VEVENT.
func (p *parser) event(e vevent, overrides map[string]*vevent) (event.Event, error) {
	c := e.Component
	title := cmp.Or(prose.CleanLine(text(c, goical.PropSummary)), "Untitled")
	got := event.Event{
		Title: prose.Clip(title, maxTitle), Kind: cmp.Or(p.options.Kind, event.Other),
		Place: prose.Clip(prose.CleanLine(text(c, goical.PropLocation)), maxTitle), Note: p.note(c), Topics: p.topics(c),
		Status: event.Open, Certainty: p.certainty(c),
		Sources: []event.Citation{{Source: p.options.Source, Quote: title}},
		Origin:  event.Position{Line: e.line},
	}
	if strings.EqualFold(valueOf(c, goical.PropStatus), "CANCELLED") {
		got.Status, got.Reason = event.Cancelled, "cancelled in the calendar it was taken from"
	}
	x, zone, err := p.zones.date(c, overrides)
	for _, w := range p.zones.warnings {
		p.found.Add(e.line, "%v", w)
	}
	if p.zones.warnings = nil; err != nil {
		return got, err
	}
	got.Zone = cmp.Or(zone, p.options.Zone)
	got.When = []event.Statement{{Source: p.options.Source, Quote: title, Line: e.line, Expr: x}}
	got.ID = p.id(e, title)
	return got, nil
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
