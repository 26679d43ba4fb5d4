package calendar

import (
	"fmt"
	"slices"

	"attache/internal/event"
)

// WhoView is who may see an event, and by which rule.
type WhoView struct {
	Event     string   `json:"event"`
	Audiences []string `json:"audiences"` // whoever is of one of them
	Why       string   `json:"why"`
	Feeds     []string `json:"feeds"`    // that have it
	Channels  []string `json:"channels"` // that may be told of it
	Links     []string `json:"links"`    // names of the personal links that show it
}

// Who returns who may see the event id: of the personal links that there are, too.
func (v *View) Who(id string, links []LinkView) (WhoView, error) {
	e, ok := find(v.entries, id)
	if !ok {
		return WhoView{}, fmt.Errorf("event %q: %w", id, ErrNoEvent)
	}
	s := v.settings
	r := s.AudienceOf(e.Recorded())
	out := WhoView{Event: id, Audiences: r.Audiences, Why: r.Why, Feeds: []string{}, Channels: []string{}, Links: []string{}}
	for _, f := range s.Feeds {
		if f.Match.Match(&e) && f.sight().among(r.Audiences) {
			out.Feeds = append(out.Feeds, f.Name)
		}
	}
	for _, ch := range append(s.SlackChannels(), Console) {
		if s.SightIn(ch).among(r.Audiences) {
			out.Channels = append(out.Channels, ch)
		}
	}
	for _, l := range links {
		if l.Everything || slices.Contains(r.Audiences, event.Everybody) || SightOf(l.Audiences...).among(r.Audiences) {
			out.Links = append(out.Links, l.Name)
		}
	}
	return out, nil
}
