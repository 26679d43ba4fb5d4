package calendar

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"attache/internal/agenda"
	"attache/internal/event"
	"attache/internal/store"
)

// Audience is a group of readers, and the events that are for them where these say nothing
// themselves.
type Audience struct {
	Name  string
	Match agenda.Filter
	None  bool // it chooses no events: only those are for it that name it
}

// Sight is what one kind of reader may see: what is for everybody, and what is for the audiences
// that they are among. The zero Sight is the public's. Sights compare.
type Sight struct {
	names string // sorted, with commas between them
	all   bool
}

// Everything is the sight of whoever keeps the calendar.
func Everything() Sight { return Sight{all: true} }

// SightOf returns the sight of a reader who is among the audiences of these names.
func SightOf(names ...string) Sight {
	names = slices.DeleteFunc(slices.Clone(names), func(n string) bool { return n == "" || n == event.Everybody })
	slices.Sort(names)
	return Sight{names: strings.Join(slices.Compact(names), ",")}
}

// Names returns the audiences of a sight, in order; everybody's comes first.
func (s Sight) Names() []string {
	out := []string{event.Everybody}
	if s.names != "" {
		out = append(out, strings.Split(s.names, ",")...)
	}
	return out
}

// among reports whether a reader with that sight is of one of some audiences.
func (s Sight) among(audiences []string) bool {
	return s.all || slices.ContainsFunc(audiences, func(name string) bool { return slices.Contains(s.Names(), name) })
}

// AudienceNames returns every audience that the settings know but everybody, in order: those
// of audiences, and the private feeds that are one of their own.
func (s *Settings) AudienceNames() []string {
	var out []string
	for _, a := range s.Audiences {
		out = append(out, a.Name)
	}
	for _, f := range s.Feeds {
		if f.own() {
			out = append(out, f.Name)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// own reports whether f is an audience of its own: it is private, and does not say whose events
// it shows.
func (f Feed) own() bool { return f.Private && len(f.Audiences) == 0 }

// sight returns what the readers of f may see.
func (f Feed) sight() Sight {
	switch {
	case !f.Private:
		return Sight{}
	case f.own():
		return SightOf(f.Name)
	}
	return SightOf(f.Audiences...)
}

// SightIn returns what may be told in a channel: what the routes and digests to it may carry.
func (s *Settings) SightIn(channel string) Sight {
	var names []string
	for _, r := range s.Rules.Routes {
		if r.To == channel {
			names = append(names, r.Audiences...)
		}
	}
	for _, d := range s.Digests {
		if d.To == channel {
			names = append(names, d.Audiences...)
		}
	}
	return SightOf(names...)
}

// Takes reports whether f chooses e, as it is recorded.
func (f Feed) Takes(e event.Event) bool { return f.Match.Match(&agenda.Entry{Event: e}) }

// Rule is why an event is for whom it is.
type Rule struct {
	Audiences []string // whoever is of one of them may see it
	Why       string   // in words
}

// AudienceOf returns whose an event is. An event, or its file, says so itself; else the first
// audience that chooses it, and each private feed that does. What only private feeds choose
// and a public feed too is everybody's.
func (s *Settings) AudienceOf(e event.Event) Rule {
	if e.Audience != "" {
		return Rule{[]string{e.Audience}, "it says audience: " + e.Audience}
	}
	var r Rule
	var why []string
	for _, a := range s.Audiences {
		if !a.None && a.Match.Match(&agenda.Entry{Event: e}) {
			r.Audiences, why = append(r.Audiences, a.Name), append(why, "the audience "+a.Name+" chooses it")
			break
		}
	}
	public := ""
	for _, f := range s.Feeds {
		switch {
		case !f.own() && f.Private || !f.Match.Match(&agenda.Entry{Event: e}):
		case f.Private:
			r.Audiences, why = append(r.Audiences, f.Name), append(why, "the private feed "+f.Name+" has it")
		case public == "":
			public = f.Name
		}
	}
	if len(why) > 0 && public != "" && !strings.HasPrefix(why[0], "the audience") {
		return Rule{[]string{event.Everybody}, "the public feed " + public + " has it, too"}
	}
	if len(why) == 0 {
		return Rule{[]string{event.Everybody}, "nothing says that it is not for everybody"}
	}
	return Rule{r.Audiences, strings.Join(why, ", ")}
}

// audiencesKey is where the store keeps for whom what is published was meant.
const audiencesKey = "audiences"

// audiencesID names for whom the events of the files are, "" where all are for everybody.
func (s *Settings) audiencesID() string {
	h := sha256.New()
	narrow := false
	for _, e := range s.Events {
		if to := s.AudienceOf(e).Audiences; !slices.Contains(to, event.Everybody) {
			narrow = true
			_, _ = fmt.Fprintf(h, "%s %q\n", e.ID, to) // to a sum: it never fails
		}
	}
	if !narrow {
		return ""
	}
	return hex.EncodeToString(h.Sum(nil))
}

// SameAudiences reports whether what tx keeps was published for the audiences that the events of
// s are for.
func (s *Settings) SameAudiences(tx *store.Tx) (bool, error) {
	id, err := tx.Meta(audiencesKey)
	return id == s.audiencesID(), err
}

// narrow is what is not for everybody.
type narrow struct {
	events map[string][]string // by id, the audiences that an event is for
	cited  map[string]bool     // keys of the sources that any event rests on, where there are such events
}

// narrow returns which events of list are not for everybody.
func (s *Settings) narrow(list []*agenda.Entry) narrow {
	out := narrow{make(map[string][]string), make(map[string]bool)}
	for i := range list {
		if to := s.AudienceOf(list[i].Recorded()).Audiences; !slices.Contains(to, event.Everybody) {
			out.events[list[i].ID] = to
		}
	}
	for i := range list {
		if len(out.events) == 0 {
			break
		}
		for _, key := range citedBy(&list[i].Event) {
			out.cited[key] = true
		}
	}
	return out
}

// citedBy returns the keys of the sources that e rests on.
func citedBy(e *event.Event) (keys []string) {
	for _, c := range e.Sources {
		keys = append(keys, c.Source)
	}
	for _, st := range e.When {
		keys = append(keys, st.Source)
	}
	return keys
}

// cited returns the sources without those that only what is hidden rests on.
func (v *View) cited() map[string]event.Source {
	shown := make(map[string]bool)
	for i := range v.entries {
		for _, key := range citedBy(&v.entries[i].Event) {
			shown[key] = true
		}
	}
	out := maps.Clone(v.settings.Sources)
	maps.DeleteFunc(out, func(key string, _ event.Source) bool { return v.hidden.cited[key] && !shown[key] })
	return out
}

// eyes are a lens through which the readers of a sight read: see store.Lens. What an event says
// by way of one that is hidden from them is left out of it, so that all that is worked out
// from what they read is worked out without it.
type eyes struct {
	sight  Sight
	by     *Settings
	hidden map[string]bool // ids
}

// eyes returns the eyes of a sight, nil where it sees everything.
func (n narrow) eyes(sight Sight, by *Settings) *eyes {
	hidden := make(map[string]bool)
	for id, to := range n.events {
		if !sight.among(to) {
			hidden[id] = true
		}
	}
	if len(hidden) == 0 {
		return nil
	}
	return &eyes{sight, by, hidden}
}

// same reports whether two eyes see the same events.
func (y *eyes) same(o *eyes) bool {
	return y != nil && o != nil && y.sight == o.sight && maps.Equal(y.hidden, o.hidden)
}

// Name names the readers.
func (y *eyes) Name() string {
	return strings.Join(y.sight.Names(), ",")
}

// Sees reports whether the readers may know that there is an event of that id.
func (y *eyes) Sees(id string) bool { return !y.hidden[id] }

// Shows returns e as the readers may see it, and false where they may not.
func (y *eyes) Shows(e event.Event) (event.Event, bool) {
	if y.hidden[e.ID] || !y.sight.among(y.by.AudienceOf(e).Audiences) {
		return event.Event{}, false
	}
	return e.Without(y.Sees), true
}
