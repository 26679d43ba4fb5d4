package web

import (
	"time"

	"attache/internal/agenda"
	"attache/internal/event"
	"attache/internal/when"
)

// schemaEvent is an event as https://schema.org/Event has it, for search engines. It is
// a block of data in the page: no browser runs it, so the policy needs no exception.
type schemaEvent struct {
	Context  string         `json:"@context"`
	Type     string         `json:"@type"`
	Name     string         `json:"name"`
	Status   string         `json:"eventStatus"`
	Start    string         `json:"startDate"` // a civil date, or RFC 3339
	End      string         `json:"endDate,omitempty"`
	Previous string         `json:"previousStartDate,omitempty"`
	Location *schemaPlace   `json:"location,omitempty"`
	People   []schemaPerson `json:"attendee,omitempty"`
	URL      string         `json:"url,omitempty"`
}

type schemaPlace struct {
	Type string `json:"@type"`
	Name string `json:"name"`
}

type schemaPerson struct {
	Type string `json:"@type"`
	Name string `json:"name"`
}

// schema returns e for search engines, nil where they would take it for more certain than
// it is: schema.org has no word for what may be, or for a day that is not known. before
// gives the windows that e had, the last first.
func (req request) schema(e *agenda.Entry, before []when.Window) *schemaEvent {
	s, ok := event.SchemaOrg(e.Certainty, e.Status, e.Window.Precision)
	if !ok || !e.Window.Settled() {
		return nil
	}
	out := &schemaEvent{
		Context: "https://schema.org", Type: "Event", Name: e.Title, Status: s.Status, Start: iso(e.Window),
	}
	if req.site != "" {
		out.URL = req.absolute(req.base + "/events/" + e.ID)
	}
	if e.Place != "" {
		out.Location = &schemaPlace{"Place", e.Place}
	}
	for _, p := range e.People {
		out.People = append(out.People, schemaPerson{"Person", p})
	}
	if w := e.Window; w.Lasts() {
		if out.End = w.EndsLatest.Day.String(); w.EndsLatest.Timed {
			out.End = w.EndsLatest.At.In(w.Location()).Format(time.RFC3339)
		}
	}
	for _, w := range before {
		if s.Previous && out.Previous == "" && w.Settled() && iso(w) != out.Start {
			out.Previous = iso(w)
		}
	}
	return out
}
