package feed

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/emersion/go-ical"

	"attache/internal/event"
	"attache/internal/prose"
)

// Importing says how the calendar of somebody else is to be taken.
type Importing struct {
	Source  string          // key of the source that its events rest on
	Prefix  string          // what ids begin with; "" makes them of titles
	Zone    string          // IANA name, in which times that name no zone are meant; "" leaves such events out
	Kind    event.Kind      // of its events; "" is Other
	Topics  []string        // of its events, besides their own categories
	Trusted bool            // take its CONFIRMED at its word: it is the default of many programs, and otherwise means Likely
	Sure    event.Certainty // of every event, whatever the calendar says; "" takes what it says
}

// Foreign is what the calendar of somebody else holds.
type Foreign struct {
	Title    string // X-WR-CALNAME or NAME, or ""
	Events   []Taken
	Floating int // how many times name no zone, in which they are meant
}

// Taken is an event as another calendar has it. Its Origin names the line.
type Taken struct {
	UID string
	event.Event
}

// Bounds of what is read.
const (
	maxForeignEvents = 20_000
	maxDepth         = 8        // of components within each other
	maxValue         = 16 << 10 // octets of a line
	maxHead          = 2 << 10  // octets of the name and the parameters: go-ical takes the square of their length
)

// Import reads a calendar that somebody else wrote. It takes any bytes: a line
// that can't be read costs only itself, and an event only that event; each is
// named in the findings with its line. The error is for what is no calendar at all.
//
// Unlike Check it is lenient wherever what was meant is plain.
func Import(data []byte, how Importing) (Foreign, []Finding, error) {
	r := &importer{how: how, found: &linter{}, ids: map[string]bool{}}
	blocks, title, ok := r.blocks(data)
	if !ok {
		return Foreign{}, nil, errors.New("it is no iCalendar text: it has no BEGIN:VCALENDAR")
	}
	r.zones = newForeignZones(blocks, how.Zone)
	if r.hint != "" {
		r.zones.hint = ": the calendar as a whole speaks of " + r.hint
	}
	out := Foreign{Title: title}
	for _, group := range byUID(r.events(blocks)) {
		out.Events = append(out.Events, r.take(group)...)
	}
	out.Floating = r.zones.floating
	slices.SortStableFunc(r.found.found, func(a, b Finding) int { return cmp.Compare(a.Line, b.Line) })
	return out, r.found.found, nil
}

// importer reads one calendar.
type importer struct {
	how   Importing
	zones *foreignZones
	found *linter
	hint  string // its X-WR-TIMEZONE
	ids   map[string]bool
}

// foreignEvent is a VEVENT as go-ical read it.
type foreignEvent struct {
	*ical.Component
	line int
	uid  string
}

// events decodes the VEVENTs.
func (r *importer) events(blocks []block) []foreignEvent {
	var out []foreignEvent
	for _, b := range blocks {
		if b.name != ical.CompEvent {
			continue
		}
		if len(out) == maxForeignEvents {
			r.found.add(b.line, "this event and those after it are left out: %d are the most", maxForeignEvents)
			break
		}
		c, err := b.decode()
		if err != nil {
			r.found.add(b.line, "the event is left out: %v", err)
			continue
		}
		e := foreignEvent{c, b.line, bareValue(c, ical.PropUID)}
		if e.uid == "" {
			e.uid = bareValue(c, ical.PropSummary) + bareValue(c, ical.PropDateTimeStart)
			r.found.add(b.line, "the event has no UID: it is known by its title and its start")
		}
		out = append(out, e)
	}
	return out
}

// byUID groups events that have one UID, a series and its exceptions, in the order of
// their first.
func byUID(list []foreignEvent) [][]foreignEvent {
	at := map[string]int{}
	var out [][]foreignEvent
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

// take turns the events with one UID into ours: the latest of those that say the same
// occurrence.
func (r *importer) take(group []foreignEvent) []Taken {
	var whole *foreignEvent
	moved := map[string]*foreignEvent{}
	var order []string
	for i := range group {
		e := &group[i]
		id := e.Props.Get(ical.PropRecurrenceID)
		if id == nil {
			whole = newer(whole, e)
			continue
		}
		if _, ok := moved[id.Value]; !ok {
			order = append(order, id.Value)
		}
		moved[id.Value] = newer(moved[id.Value], e)
	}
	var out []Taken
	if whole != nil {
		out = r.add(out, *whole, moved)
	}
	for _, id := range order {
		// An occurrence that was moved or called off has a life of its own.
		out = r.add(out, *moved[id], nil)
	}
	return out
}

// newer returns the one of two with the greater SEQUENCE, RFC 5545 §3.8.7.4, or the later.
func newer(a, b *foreignEvent) *foreignEvent {
	if a == nil || cmp.Or(
		cmp.Compare(number(a.Component, ical.PropSequence), number(b.Component, ical.PropSequence)),
		cmp.Compare(bareValue(a.Component, ical.PropDateTimeStamp), bareValue(b.Component, ical.PropDateTimeStamp)),
	) <= 0 {
		return b
	}
	return a
}

func (r *importer) add(out []Taken, e foreignEvent, moved map[string]*foreignEvent) []Taken {
	got, err := r.event(e, moved)
	if err != nil {
		r.found.add(e.line, "the event %q is left out: %v", prose.Clip(got.Title, maxShown), err)
		return out
	}
	return append(out, Taken{e.uid, got})
}

// event turns one VEVENT into ours.
func (r *importer) event(e foreignEvent, moved map[string]*foreignEvent) (event.Event, error) {
	c := e.Component
	title := line(text(c, ical.PropSummary))
	if title == "" {
		title = "Untitled"
	}
	got := event.Event{
		Title: prose.Clip(title, maxTitle), Kind: cmp.Or(r.how.Kind, event.Other), Zone: r.zones.own,
		Place: prose.Clip(line(text(c, ical.PropLocation)), maxTitle), Note: r.note(c), Topics: r.topics(c),
		Status: event.Open, Certainty: r.certainty(c),
	}
	if strings.EqualFold(bareValue(c, ical.PropStatus), "CANCELLED") {
		got.Status, got.Reason = event.Cancelled, "cancelled in the calendar it was taken from"
	}
	st := event.Statement{Source: r.how.Source, Quote: title, Line: e.line}
	x, zone, err := r.zones.when(c, moved)
	if err != nil {
		return got, err
	}
	if st.Expr = x; zone != "" {
		got.Zone = zone
	}
	for _, w := range r.zones.said {
		r.found.add(e.line, "%s", w)
	}
	r.zones.said = nil
	got.When = []event.Statement{st}
	got.Sources = []event.Citation{{Source: r.how.Source, Quote: title}}
	got.ID = r.id(e, title)
	got.Origin = event.Position{Line: e.line}
	return got, nil
}

// Bounds of texts, in octets.
const (
	maxTitle = 300
	maxNote  = 4000
)

// note returns the description, and the address to read on.
func (r *importer) note(c *ical.Component) string {
	note := prose.Clip(strings.TrimSpace(clean(text(c, ical.PropDescription))), maxNote)
	if u := bareValue(c, ical.PropURL); isLink(u) && !strings.Contains(note, u) {
		note = strings.TrimSpace(note + "\n" + u)
	}
	return note
}

func (r *importer) topics(c *ical.Component) []string {
	out := slices.Clone(r.how.Topics)
	for _, p := range c.Props.Values(ical.PropCategories) {
		for _, s := range splitList(p.Value) {
			if s = prose.Clip(line(unescaped(s)), maxShown); s != "" && !slices.Contains(out, s) && len(out) < maxTopics {
				out = append(out, s)
			}
		}
	}
	return out
}

const maxTopics = 20

// certainty reads STATUS, RFC 5545 §3.8.1.11. CONFIRMED is what many programs write of
// everything, so that it is taken at its word only where somebody vouches for it.
func (r *importer) certainty(c *ical.Component) event.Certainty {
	switch status := strings.ToUpper(bareValue(c, ical.PropStatus)); {
	case r.how.Sure != "":
		return r.how.Sure
	case status == "TENTATIVE":
		return event.Possible
	case r.how.Trusted && status == "CONFIRMED":
		return event.Confirmed
	}
	return event.Likely
}

// id makes an id that stays when the title or the date changes: of the UID where the
// calendar is followed, and of the title where a person takes the event over.
func (r *importer) id(e foreignEvent, title string) string {
	name := Slug(title)
	if r.how.Prefix != "" {
		uid := e.uid
		if at := e.Props.Get(ical.PropRecurrenceID); at != nil {
			uid += "-" + at.Value
		}
		local, _, _ := strings.Cut(uid, "@")
		if name = Slug(local); name != local || len(name) > maxSlug {
			name = Slug(local) + "-" + shortHash(uid)
		}
		name = r.how.Prefix + "-" + name
	}
	if event.CheckID(name) != nil {
		name = "event-" + shortHash(e.uid)
	}
	base := name
	for n := 2; r.ids[name]; n++ {
		name = fmt.Sprintf("%s-%d", base, n)
	}
	r.ids[name] = true
	return name
}
