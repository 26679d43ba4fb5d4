package config

import (
	"cmp"
	"slices"
	"time"

	"attache/internal/calendar"
	"attache/internal/civil"
	"attache/internal/event"
)

// edit is the shape of a [calendar.Edit].
type edit struct {
	// When somebody makes it
	At time.Time `yaml:"at" required:""`
	// Of the event
	ID string `yaml:"id" as:"id" required:""`
	// What its fields become
	Set field `yaml:"set"`
	// Why
	Reason string `yaml:"reason" as:"text"`
}

// Edits reads a list of {at, id, set: {…}, reason}, in the order of time. What can be
// set are the fields of an event, and they are read as its file would have them. The
// error is of type [Errors].
func (c *Config) Edits(path string) ([]calendar.Edit, error) {
	l := newLoader()
	d := l.open(path)
	r := newReader(d.src, &l.found, c, newCollected())
	for _, s := range c.Calendar.Sources {
		r.all.addSource(s, place{}, r.found)
	}
	var out []calendar.Edit
	if d.root != nil {
		for _, item := range r.list(field{key: "an edit", v: d.root}) {
			if e, ok := r.edit(item); ok {
				out = append(out, e)
			}
		}
	}
	if errs := l.found.errors(); len(errs) > 0 {
		return nil, errs
	}
	slices.SortStableFunc(out, func(a, b calendar.Edit) int { return a.At.Compare(b.At) })
	return out, nil
}

func (r *reader) edit(f field) (calendar.Edit, bool) {
	var e edit
	written, ok := r.read(f, &e)
	if !ok || e.ID == "" {
		return calendar.Edit{}, false
	}
	of, ok := r.cfg.Calendar.Event(e.ID)
	if !ok {
		r.fail(written.get("id").v, "there is no event %s%s", quoted(e.ID), didYouMean(e.ID, r.cfg.Calendar.ids()))
		return calendar.Edit{}, false
	}
	return calendar.Edit{At: e.At, ID: e.ID, Apply: r.changes(e, of)}, true
}

// changes returns what sets the fields that stand under set. They are read once, here, for
// an event such as of: its statements fall under its zone.
func (r *reader) changes(by edit, of event.Event) func(*event.Event) {
	cfg := *r.cfg
	cfg.Timezone = cmp.Or(of.Zone, cfg.Timezone)
	set := newReader(r.src, r.found, &cfg, r.all)
	set.partial, set.event.calendar = true, of.Calendar
	read := entry{ID: of.ID, Zone: of.Zone} // a key with nothing behind it is as one left out
	var written fieldList
	if by.Set.k != nil {
		written, _ = set.read(by.Set, &read)
	}
	if id := written.get("id").k; id != nil {
		r.fail(id, "the id of an event stays for ever")
	}
	sources := r.all.sourcesByKey()
	return func(e *event.Event) {
		from := event.Event(read)
		for _, f := range written {
			event.Setter(f.key)(&from, e)
		}
		if by.Reason != "" {
			e.Reason = by.Reason
		}
		*e = e.Dated(sources)
	}
}

// instantOrDay reads an instant, or a day, which is its beginning in the zone of the
// configuration.
func (r *reader) instantOrDay(f field) time.Time {
	n := r.scalar(f)
	if n == nil {
		return time.Time{}
	}
	if t, err := time.Parse(time.RFC3339, n.Value); err == nil {
		return t.UTC()
	}
	d, err := civil.ParseDate(n.Value)
	if err != nil {
		r.fail(n, "%s is a time such as 2025-10-30T14:00:00Z, or a date, not %s", f.key, quoted(n.Value))
		return time.Time{}
	}
	return d.Start(location(r.cfg.Timezone))
}
