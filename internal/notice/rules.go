package notice

import (
	"slices"
	"time"

	"attache/internal/agenda"
	"attache/internal/civil"
	"attache/internal/event"
	"attache/internal/workday"
)

// Rules say when something is said and to whom.
type Rules struct {
	Ladders   map[event.Kind][]Lead // by kind
	Default   []Lead                // of kinds that have no ladder
	At        civil.Clock           // when in the day what is counted in days goes out
	Opens     []Lead                // before the first day of a window
	Closes    []Lead                // before the last day of a window
	Days      *workday.Calendar     // whose business days are counted; nil is Monday to Friday
	Calendars workday.Calendars     // by name, for events that have one of their own
	Location  *time.Location        // whose days and mornings these are: of the desk, or of a receiver

	// After how long it is asked whether a date still stands; zero is never.
	RecheckSettled, RecheckUnsettled Lead

	Settle  time.Duration // edits within this become one change notice
	CatchUp time.Duration // how late a notice still goes out on its own
	Routes  []Route       // all that match; with none, everything goes to Home
	Quiet   *Quiet        // nil is never
	Home    string        // the channel without routes: "console", or slack.channel
}

// Route sends notices of chosen events to a channel.
type Route struct {
	To       string // channel name or id, or "console"
	Timezone string // of its receivers, IANA; "" is the desk's
	Match    agenda.Filter
	Notices  []Kind // empty is all
	Mentions []Mention

	Audiences []string // whose events it may carry, besides what is for everybody
}

// Mention is whom a message addresses, and when.
type Mention struct {
	Who    string // "@here", "@channel", or an id such as U… or S…
	Match  agenda.Filter
	Within time.Duration // only this close to the date; 0 is always
}

// Channels returns the channels that a notice of kind k about e goes to, each once,
// in the order of the routes.
func (r Rules) Channels(e agenda.Entry, k Kind) []string {
	if len(r.Routes) == 0 {
		return []string{r.Home}
	}
	var out []string
	for _, route := range r.Routes {
		if route.takes(e, k) && !slices.Contains(out, route.To) {
			out = append(out, route.To)
		}
	}
	return out
}

// Zone returns the zone of the receivers in a channel: that of its first route that names
// one, else the desk's.
func (r Rules) Zone(channel string) *time.Location {
	for _, route := range r.Routes {
		if route.To == channel && route.Timezone != "" {
			if loc, err := civil.Zone(route.Timezone); err == nil { // checked where it was read
				return loc
			}
		}
	}
	return r.Location
}

// Zones returns the zones of all receivers, each once, the desk's first.
func (r Rules) Zones() []*time.Location {
	out := []*time.Location{r.Location}
	for _, route := range r.Routes {
		if loc := r.Zone(route.To); !slices.ContainsFunc(out, func(l *time.Location) bool { return l.String() == loc.String() }) {
			out = append(out, loc)
		}
	}
	return out
}

// In returns r as it is for receivers in the zone loc.
func (r Rules) In(loc *time.Location) Rules {
	r.Location = loc
	return r
}

func (r Route) takes(e agenda.Entry, k Kind) bool {
	return (len(r.Notices) == 0 || slices.Contains(r.Notices, k)) && r.Match.Match(&e)
}

// Mentions returns whom a message about e to channel addresses at now.
func (r Rules) Mentions(e agenda.Entry, k Kind, channel string, now time.Time) []string {
	var out []string
	for _, route := range r.Routes {
		if route.To != channel || !route.takes(e, k) {
			continue
		}
		for _, m := range route.Mentions {
			if near(e, m.Match, m.Within, now) && !slices.Contains(out, m.Who) {
				out = append(out, m.Who)
			}
		}
	}
	return out
}

// near reports whether f chooses e and its date is no farther than within from now; 0 is any
// distance.
func near(e agenda.Entry, f agenda.Filter, within time.Duration, now time.Time) bool {
	if !f.Match(&e) || within == 0 {
		return f.Match(&e)
	}
	at, known := e.Window.Start()
	return known && at.Sub(now).Abs() <= within
}

// ladder returns the leads that apply to e.
func (r Rules) ladder(e agenda.Entry) []Lead {
	if e.Remind != nil {
		var own []Lead
		for _, s := range *e.Remind {
			if l, err := ParseLead(s); err == nil { // checked where it was read
				own = append(own, l)
			}
		}
		return own
	}
	if l, ok := r.Ladders[e.Kind]; ok {
		return l
	}
	return r.Default
}

// days returns the calendar by which the business days of e are counted: its own, or that
// of the rules.
func (r Rules) days(e agenda.Entry) *workday.Calendar {
	if own, ok := r.Calendars.Find(e.Calendar); ok {
		return own
	}
	if r.Days == nil {
		return &workday.Calendar{}
	}
	return r.Days
}

// Longest returns how many days before its date the first reminder of e goes out: how long
// it needs to be prepared. It is 0 where there is none.
func (r Rules) Longest(e agenda.Entry) int {
	longest, day := 0, civil.Date{Year: 2001, Month: 1, Day: 1}
	for _, l := range r.ladder(e) {
		if !l.Elapsed() {
			longest = max(longest, day.Sub(l.BeforeDay(day, r.days(e))))
		}
	}
	return longest
}
