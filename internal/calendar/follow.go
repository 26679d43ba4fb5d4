package calendar

import (
	"fmt"
	"time"

	"attache/internal/event"
	"attache/internal/source/ical"
	"attache/internal/store"
	"attache/internal/when"
)

// Follow is a calendar of somebody else whose events become ours. What was fetched is
// kept as it came; every reading makes events of it anew, so that a change of the
// settings or of attache itself takes hold of what is there already.
type Follow struct {
	Name    string // key of the source that its events rest on
	Title   string // of that source; "" is what the calendar calls itself
	Reading ical.Options
}

// author returns who declares e.
func author(e event.Event) event.Author {
	if name := e.Followed(); name != "" {
		return event.Author{Via: "import", Name: name}
	}
	return event.Author{Via: "file", Name: e.Origin.String()}
}

// declarations returns what the files and the calendars that are followed say now.
// Events of a calendar that was not followed before are no news.
func (r *reading) declarations(tx *store.Tx, s *Settings, now time.Time) ([]event.Event, error) {
	if len(s.Follow) == 0 {
		return s.Events, nil
	}
	taken := make(map[string]bool)
	for _, e := range s.Events {
		taken[e.ID] = true
	}
	r.quiet = make(map[string]bool)
	list := append([]event.Event{}, s.Events...)
	earlier, err := declaredBefore(tx)
	if err != nil {
		return nil, err
	}
	for _, f := range s.Follow {
		events, err := f.events(tx, s, earlier[f.Name], now)
		if err != nil {
			return nil, fmt.Errorf("follow %q: %w", f.Name, err)
		}
		for _, e := range events {
			if taken[e.ID] {
				r.Notes = append(r.Notes, Note{true, "an event of a calendar is left out: another one has its id", []any{"follow", f.Name, "event", e.ID}})
				continue
			}
			taken[e.ID] = true
			r.quiet[e.ID] = len(earlier[f.Name]) == 0
			list = append(list, e)
		}
	}
	return list, nil
}

// declaredBefore returns what each calendar declared at the last reading.
func declaredBefore(tx *store.Tx) (map[string][]event.Event, error) {
	out := make(map[string][]event.Event)
	err := tx.Bases(func(e event.Event) error {
		if name := e.Followed(); name != "" {
			out[name] = append(out[name], e)
		}
		return nil
	})
	return out, err
}

// events returns the events of the calendar as it was last fetched. Many calendars drop
// what has passed: that stays as it was.
func (f Follow) events(tx *store.Tx, s *Settings, earlier []event.Event, now time.Time) ([]event.Event, error) {
	kept, fetched, err := tx.Followed(f.Name)
	if err != nil || !fetched {
		return earlier, err
	}
	got, _, err := ical.Parse(kept.Body, f.Reading)
	if err != nil {
		return nil, err
	}
	out := make([]event.Event, 0, len(got.Events))
	there, known := make(map[string]bool, len(got.Events)), make(map[string]bool, len(earlier))
	for _, e := range earlier {
		known[e.ID] = true
	}
	for _, e := range got.Events {
		one := e
		one.Origin.File = event.FollowOrigin + f.Name
		if one.Zone == "" {
			one.Zone = s.Timezone
		}
		there[one.ID] = true
		if !passed(one, now) || known[one.ID] {
			out = append(out, one) // what was over before it was ever seen is no news
		}
	}
	for _, e := range earlier {
		if !there[e.ID] && passed(e, now) {
			out = append(out, e)
		}
	}
	if src := s.Sources[f.Name]; f.Title == "" && got.Title != "" {
		src.Title = got.Title
		s.Sources[f.Name] = src
	}
	return out, nil
}

// passed reports whether all that was stated of e lies behind.
func passed(e event.Event, now time.Time) bool {
	w := when.Unknown(e.Zone)
	for _, st := range e.When {
		w, _ = w.Intersect(st.Expr.Window(e.Zone, ""))
	}
	end, known := w.End()
	return known && end.Before(now)
}
