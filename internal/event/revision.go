package event

import "time"

// Revision is an event as it held from some instant on.
type Revision struct {
	Event   Event
	Number  int       // from 1
	At      time.Time // UTC, whole seconds
	Author  Author
	Reason  string
	Changed []string // names of the fields that differ from the revision before; empty for the first
}

// Author is who made a revision.
type Author struct {
	Via  string // file, cli, slack, import
	Name string // file and line, or the user
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
	return Revision{Event: e, Number: 1, At: at.UTC().Truncate(time.Second), Author: by, Reason: e.Reason}
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
		Author: by, Reason: e.Reason, Changed: changed,
	}, true
}
