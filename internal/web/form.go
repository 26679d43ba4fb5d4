package web

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"attache/internal/civil"
	"attache/internal/event"
)

// form is what the reader can choose by.
type form struct {
	Picks    []pick
	Text     string // what is looked for, where an event has it
	From, To string // days
	Period   bool   // whether a period or a day to look from was chosen
	At       string
	Days     bool        // whether a day can be looked at
	On       string      // that day
	Keep     [][2]string // parameters of what is shown, which stay
	Zones    []option
	Action   string
	Clear    string // address of the page with nothing chosen; "" where nothing is
	Count    string
}

// pick is a group of values of which any number can be chosen.
type pick struct {
	Name, Label string
	Options     []option
	Chosen      int
}

// option is one value.
type option struct {
	Value, Text string
	N           int // events that have it
	On          bool
}

// mostOptions is how many values of each parameter are offered: those that most
// events have, and what is chosen.
const mostOptions = 30

// form returns the form of the page at a path, with what was chosen in it.
func (req request) form(path, count string) form {
	f := form{
		Action: req.base + path, Days: path == "/", From: req.From.String(), To: req.To.String(),
		On: req.on.String(), Text: req.filter.query.Get("q"), Zones: req.zones(), Count: count,
	}
	if d, err := civil.ParseDate(req.at); err == nil {
		f.At = d.String()
	}
	f.Period = f.From != "" || f.To != "" || req.at != ""
	for name, values := range req.look.query() {
		f.Keep = append(f.Keep, [2]string{name, values[0]})
	}
	for _, id := range req.filter.query["event"] {
		f.Keep = append(f.Keep, [2]string{"event", id})
	}
	slices.SortFunc(f.Keep, func(a, b [2]string) int { return strings.Compare(a[0]+a[1], b[0]+b[1]) })
	labels := map[string]string{"topic": "Topic", "party": "Party", "kind": "Kind", "certainty": "Certainty", "status": "Status"}
	for _, name := range filterParams {
		if p := req.pick(name, labels[name]); len(p.Options) > 1 || p.Chosen > 0 {
			f.Picks = append(f.Picks, p)
		}
	}
	if !req.all() || req.at != "" || req.zone != "" {
		f.Clear = req.base + path
	}
	return f
}

func (req request) pick(name, label string) pick {
	p := pick{Name: name, Label: label}
	chosen := req.filter.query[name]
	for i, v := range req.index.has[name] {
		on := slices.Contains(chosen, v.Value)
		if i >= mostOptions && !on {
			continue
		}
		p.Options = append(p.Options, option{v.Value, v.Value, v.N, on})
		if on {
			p.Chosen++
		}
	}
	switch name {
	case "certainty": // in the order of the vocabulary, which means something
		slices.SortStableFunc(p.Options, func(x, y option) int { return rank(event.Certainties(), x) - rank(event.Certainties(), y) })
	case "status":
		slices.SortStableFunc(p.Options, func(x, y option) int { return rank(event.Statuses(), x) - rank(event.Statuses(), y) })
	case "kind":
		slices.SortStableFunc(p.Options, func(x, y option) int { return rank(event.Kinds(), x) - rank(event.Kinds(), y) })
	}
	return p
}

func rank[T ~string](list []T, o option) int { return slices.Index(list, T(o.Value)) }

// mostZones is how many zones of events are offered.
const mostZones = 12

// zones returns the zones that times can be shown in: that of each event, that of the
// installation, those of the events, UTC. The script adds the reader's own.
func (req request) zones() []option {
	out := []option{{Text: "their own zone", On: req.own()}}
	add := func(zone string) {
		same := func(o option) bool { return o.Value == zone }
		if zone == "" || slices.ContainsFunc(out, same) {
			return
		}
		out = append(out, option{Value: zone, Text: civil.Place(zone) + " (" + offset(req.now, zone) + ")", On: zone == req.zone})
	}
	add(req.cal.Zone().String())
	for _, z := range req.index.zones[:min(len(req.index.zones), mostZones)] {
		if loc, err := civil.Zone(z); err == nil {
			add(loc.String())
		}
	}
	add("UTC")
	add(req.zone)
	return out
}

// offset writes how far a zone is from UTC at an instant: UTC+8, UTC−4, UTC+5:30.
func offset(at time.Time, zone string) string {
	loc, err := civil.Zone(zone)
	if err != nil {
		return "UTC"
	}
	minutes, sign := int(civil.OffsetAt(at, loc).Minutes()), "+"
	if minutes < 0 {
		minutes, sign = -minutes, "−"
	}
	switch {
	case minutes == 0:
		return "UTC"
	case minutes%60 == 0:
		return fmt.Sprintf("UTC%s%d", sign, minutes/60)
	}
	return fmt.Sprintf("UTC%s%d:%02d", sign, minutes/60, minutes%60)
}
