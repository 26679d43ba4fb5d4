package config

import (
	"cmp"
	"slices"
	"time"

	"attache/internal/civil"
	"attache/internal/event"
)

var editKeys = []string{"at", "id", "set", "reason"}

// Edit is a change of one event at some instant, as a rehearsal has it: what a person
// would write into its file then.
type Edit struct {
	At    time.Time // UTC
	ID    string    // of an event of the calendar
	Apply func(e *event.Event)
}

// Edits reads a list of {at, id, set: {…}, reason}, in the order of time. What can be
// set are the fields of an event, and they are read as its file would have them. The
// error is of type [Errors].
func (c *Config) Edits(path string) ([]Edit, error) {
	l := newLoader()
	l.cfg.Timezone, l.cfg.File = c.Timezone, c.File
	d := l.open(path)
	r := editReader{l.reader(d), l, c}
	var out []Edit
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
	slices.SortStableFunc(out, func(a, b Edit) int { return a.At.Compare(b.At) })
	return out, nil
}

type editReader struct {
	*reader
	l *loader
	c *Config
}

func (r *editReader) edit(f field) (Edit, bool) {
	var e Edit
	var reason string
	var set, id, at field
	f.key = "an edit"
	ok := r.mapping(f, editKeys, func(f field) {
		switch f.key {
		case "at":
			at, e.At = f, r.instant(f)
		case "id":
			id, e.ID = f, r.id(f)
		case "set":
			set = f
		case "reason":
			reason = r.text(f, maxText)
		}
	})
	if !ok {
		return e, false
	}
	for key, k := range map[string]field{"at": at, "id": id} {
		if k.k == nil {
			r.fail(r.resolve(f.v), "the edit has no %s", key)
			ok = false
		}
	}
	of := slices.IndexFunc(r.c.Calendar.Events, func(have event.Event) bool { return have.ID == e.ID })
	if of < 0 {
		if e.ID != "" {
			r.fail(id.v, "there is no event %s%s", quoted(e.ID), didYouMean(e.ID, r.ids()))
		}
		return e, false
	}
	e.Apply = r.apply(set, r.c.Calendar.Events[of], reason)
	return e, ok
}

func (r *editReader) ids() (out []string) {
	for _, e := range r.c.Calendar.Events {
		out = append(out, e.ID)
	}
	return out
}

// apply returns what sets the fields that stand under set. They are read once, here, for
// an event such as of: its statements fall under its zone.
func (r *editReader) apply(set field, of event.Event, reason string) func(*event.Event) {
	fields := make(map[string]func(from, to *event.Event))
	read := of
	reader := &calendarReader{reader: r.reader, all: r.known(), zone: cmp.Or(of.Zone, r.c.Timezone), calendars: r.c.Calendars, counts: of.Calendar}
	var dates field
	if set.k != nil {
		r.mapping(set, eventKeys, func(f field) {
			fields[f.key] = event.Setter(f.key)
			switch f.key {
			case "id":
				r.fail(f.k, "the id of an event stays for ever")
			case "when":
				dates = f
			default:
				reader.eventField(&read, f)
			}
		})
	}
	if dates.k != nil {
		read.When = reader.statements(dates)
	}
	return func(e *event.Event) {
		for _, set := range fields {
			set(&read, e)
		}
		if reason != "" {
			e.Reason = reason
		}
	}
}

// known returns the calendar whose sources and events an edit can name.
func (r *editReader) known() *calendar {
	c := newCalendar()
	for _, s := range r.c.Calendar.Sources {
		c.addSource(s, place{}, &r.l.found)
	}
	return c
}

// instant reads an instant, or a day, which is its beginning in the zone of the
// configuration.
func (r *editReader) instant(f field) time.Time {
	n := r.scalar(f)
	if n == nil {
		return time.Time{}
	}
	if t, err := time.Parse(time.RFC3339, n.Value); err == nil {
		return t.UTC()
	}
	d, err := civil.ParseDate(n.Value)
	if err != nil {
		r.fail(n, "at is a time such as 2025-10-30T14:00:00Z, or a date, not %s", quoted(n.Value))
		return time.Time{}
	}
	loc, err := civil.Zone(r.c.Timezone)
	if err != nil {
		loc = time.UTC // the zone is checked where it is written
	}
	return d.Start(loc)
}
