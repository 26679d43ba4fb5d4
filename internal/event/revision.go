package event

import (
	"slices"
	"time"
)

// Revision is an event as it held from some instant on.
type Revision struct {
	Event   Event
	Number  int       // from 1
	At      time.Time // UTC, whole seconds
	Author  Author
	Reason  string
	Changed []string // names of the fields that differ from the revision before; empty for the first
	PutOff  bool     // it was deferred, and no date was stated with that or since
}

// Author is who made a revision.
type Author struct {
	Via  string // file, cli, slack, import
	Name string // file and line, or the user
	User string // the id of the user there, or ""
	Link string // where it was said, absolute http or https, or ""
}

// String names the author for people: "config/events/us-china.yaml:12".
func (a Author) String() string {
	if a.Via == "file" || a.Via == "" {
		return a.Name
	}
	return a.Name + " (" + a.Via + ")"
}

// First makes the first revision of e.
func First(e Event, by Author, at time.Time) Revision {
	return Revision{Event: e, Number: 1, At: at.UTC().Truncate(time.Second), Author: by, Reason: e.Reason, PutOff: e.putOff()}
}

// putOff reports whether e, of which no more is known than what stands here, is deferred to no
// date: of several dates the last is taken for the new one, a single one for that which it had.
func (e *Event) putOff() bool {
	later := func(s Statement) bool { return !s.Joint && s.Expr.String() != e.When[0].Expr.String() }
	return e.Status == Deferred && !slices.ContainsFunc(e.When, later)
}

// putOffBy reports whether e, which follows r, is deferred to no date, or was before it was
// called off.
func (r *Revision) putOffBy(e *Event) bool {
	stated := func(s Statement) bool {
		return !slices.ContainsFunc(r.Event.When, func(had Statement) bool {
			return had.Expr.String() == s.Expr.String() && had.Source == s.Source && had.Quote == s.Quote
		})
	}
	was := r.Event.Status
	switch {
	case slices.ContainsFunc(e.When, stated):
		return false
	case r.PutOff: // that it took place, or was called off, gives it no date either
		return e.Status != Open && e.Status != ""
	}
	return e.Status == Deferred && was != Deferred && was != Withdrawn
}

// Next makes the revision that follows r with e as its content. ok is false
// where e is the same as r, so that there is nothing to record.
func (r Revision) Next(e Event, by Author, at time.Time) (next Revision, ok bool) {
	changed := Changed(r.Event, e)
	if len(changed) == 0 {
		return r, false
	}
	return Revision{
		Event: e, Number: r.Number + 1, At: at.UTC().Truncate(time.Second),
		Author: by, Reason: e.Reason, Changed: changed, PutOff: r.putOffBy(&e),
	}, true
}
