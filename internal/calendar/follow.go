package calendar

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"attache/internal/event"
	"attache/internal/prose"
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

// Followed is how a calendar of somebody else was read last.
type Followed struct {
	Name  string
	Found []ical.Finding // what is to be known of it: the same What as long as it is so
	Notes []ical.Finding // what was passed over of it, or taken for something else: nothing is wrong with it
}

// Since returns what is to be known of f and was not so before. Where it stands, and how often,
// is no news.
func (f Followed) Since(before Followed) Followed {
	f.Found, f.Notes = unknownIn(before.Found, f.Found), unknownIn(before.Notes, f.Notes)
	return f
}

func unknownIn(before, now []ical.Finding) []ical.Finding {
	known := make(map[string]bool)
	for _, f := range before {
		known[f.What] = true
	}
	return slices.DeleteFunc(slices.Clone(now), func(f ical.Finding) bool { return known[f.What] })
}

// mostNotes is how many notes one line tells.
const mostNotes = 3

// NotesWords returns the first notes in one line, and how many more there are; "" for none.
func (f Followed) NotesWords() string {
	var out []string
	for _, n := range f.Notes[:min(len(f.Notes), mostNotes)] {
		out = append(out, n.String())
	}
	if left := len(f.Notes) - mostNotes; left > 0 {
		out = append(out, fmt.Sprintf("and %d more, which attache import names", left))
	}
	return strings.Join(out, "; ")
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
		events, how, err := f.events(tx, s, earlier[f.Name], now)
		if err != nil {
			return nil, fmt.Errorf("follow %q: %w", f.Name, err)
		}
		for _, e := range events {
			if taken[e.ID] {
				how.Found = append(how.Found, ical.Finding{What: fmt.Sprintf("the event %q is left out: another event has its id %s", e.Title, e.ID)})
				continue
			}
			taken[e.ID] = true
			r.quiet[e.ID] = len(earlier[f.Name]) == 0
			list = append(list, e)
		}
		r.Followed = append(r.Followed, how)
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

// events returns the events of the calendar as it was last fetched, and how it was read. Of
// those that were declared earlier only what is absent from a whole text and lies ahead is
// left out: many calendars drop what has passed.
func (f Follow) events(tx *store.Tx, s *Settings, earlier []event.Event, now time.Time) ([]event.Event, Followed, error) {
	out := Followed{Name: f.Name}
	kept, fetched, err := tx.Followed(f.Name)
	if err != nil || !fetched {
		return earlier, out, err
	}
	how := f.Reading
	how.Known = make(map[ical.Key]bool)
	for _, e := range earlier {
		how.Known[keyOf(e)] = true
	}
	got, found, err := ical.Parse(kept.Body, how)
	if err != nil {
		return nil, out, err
	}
	if got.Broken != nil { // an attache before this one took it
		out.Found = []ical.Finding{{What: fmt.Sprintf("nothing of it is taken: %v", got.Broken)}}
		return earlier, out, nil
	}
	for i := range got.Events {
		got.Events[i].Origin.File = event.FollowOrigin + f.Name
		got.Events[i].Zone = cmp.Or(got.Events[i].Zone, s.Timezone)
	}
	if src := s.Sources[f.Name]; f.Title == "" && got.Title != "" {
		src.Title = got.Title
		s.Sources[f.Name] = src
	}
	m := match(got, earlier, now)
	out.Found, out.Notes = m.words(found), got.Notes
	if kept.Reissued {
		out.Found = append(out.Found, ical.Finding{What: "its UIDs are not stable: an entry with another UID is known by its title and its start"})
	}
	return m.events(), out, nil
}

// Take returns what is to be kept of body, which was fetched at now from the place from,
// instead of have, which was fetched before it where known. The error says why body is not
// taken: it can't be relied on for what is in the calendar and what is not.
func (f Follow) Take(have store.Followed, known bool, body []byte, from string, now time.Time) (store.Followed, error) {
	out := store.Followed{Body: body, From: from, At: now}
	after, _, err := ical.Parse(body, f.Reading)
	if err == nil {
		err = after.Broken
	}
	if err != nil || !known || have.From != "" && have.From != from {
		return out, err
	}
	before, _, err := ical.Parse(have.Body, f.Reading)
	if err != nil || before.Broken != nil {
		return out, nil // an attache before this one took it
	}
	m := match(after, before.Events, now)
	out.Reissued = m.reissued > 0
	ahead, again := m.ahead()
	switch {
	case ahead > 0 && len(after.Events)+len(after.Unread) == 0:
		err = errors.New("it has no events any more, which is taken for a mistake of theirs")
	case ahead > 0 && again == 0 && (before.Title != after.Title || before.Product != after.Product):
		err = fmt.Errorf("it is another calendar, %q, and has none of the %s that %q has ahead: if that is right, follow it under another name",
			cmp.Or(after.Title, after.Product), prose.Count(ahead, "event"), cmp.Or(before.Title, before.Product))
	}
	return out, err
}

// Reliable reports whether a text that was kept is one that Take would keep: an attache
// before this one took some that were cut.
func (f Follow) Reliable(body []byte) bool {
	got, _, err := ical.Parse(body, f.Reading)
	return err == nil && got.Broken == nil
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
