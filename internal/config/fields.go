package config

import (
	"cmp"
	"errors"

	"attache/internal/event"
)

// known is what the fields of an event can name.
type known struct {
	sources []event.Source
	events  []event.Event
}

// readFields reads fields of an event, or of one that is to be, as its file would have them. The
// error is what is wrong, without a place.
func (c *Config) readFields(text string, of event.Event, k known) (event.Event, error) {
	var found findings
	cfg := *c
	cfg.Timezone = cmp.Or(of.Zone, cfg.Timezone)
	src := newFileText("what was said", []byte(text))
	root, errs := src.decode()
	if len(errs) > 0 {
		return event.Event{}, errors.New(errs[0].Message)
	}
	all := c.named(k, src.whole())
	r := newReader(src, &found, &cfg, all)
	r.partial, r.event.calendar = true, of.Calendar
	read := entry{ID: of.ID, Zone: of.Zone}
	written, _ := r.read(field{key: "an event", v: root}, &read)
	e := event.Event(read)
	r.checkLinks(e, root)
	r.checkSeries(e, written.get("when"))
	all.check(&found)
	if wrong := found.errors(); len(wrong) > 0 {
		return e, errors.New(wrong[0].Message)
	}
	for i := range e.When {
		e.When[i].Line = 0
	}
	return e, nil
}

// named returns what fields can name, all of it at one place.
func (c *Config) named(k known, at place) *collected {
	all := newCollected()
	for _, s := range k.sources {
		all.sources[s.Key] = at
	}
	all.Sources, all.Events = k.sources, k.events
	for _, e := range k.events {
		all.events[e.ID] = at
		for _, st := range e.When {
			if st.SupersededBy == "" && !st.Expr.Recurs.IsZero() {
				all.series[e.ID] = true
			}
			if st.ID != "" {
				all.statements[st.ID] = at
			}
		}
	}
	for _, a := range c.Audiences {
		all.audiences[a.Name] = at
	}
	for _, f := range c.Feeds {
		if f.Private && len(f.Audiences) == 0 {
			all.audiences[f.Name] = at
		}
	}
	return all
}
