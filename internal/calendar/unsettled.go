package calendar

import (
	"fmt"
	"slices"
	"time"

	"attache/internal/event"
	"attache/internal/store"
)

// Unsettled is something that a person said of an event and that no file says.
type Unsettled struct {
	Event    string
	Title    string
	Fields   []string // that it changed; none where it made the event
	By       event.Author
	At       time.Time
	Revision int
}

// Unsettled returns what was said of events elsewhere than in their files, and is not in them,
// in the order in which it was said. One act that changed several fields is one.
func (v *View) Unsettled() (out []Unsettled, err error) {
	err = v.db.View(func(tx *store.Tx) error {
		ids, err := tx.Answered()
		if err != nil {
			return err
		}
		for _, id := range ids {
			list, err := unsettledOf(tx, id)
			if err != nil {
				return fmt.Errorf("event %q: %w", id, err)
			}
			out = append(out, list...)
		}
		return nil
	})
	slices.SortStableFunc(out, func(a, b Unsettled) int { return a.At.Compare(b.At) })
	return out, err
}

// unsettledOf returns what was said of one event.
func unsettledOf(tx *store.Tx, id string) (out []Unsettled, err error) {
	revs, err := tx.Revisions(id)
	if err != nil || len(revs) == 0 {
		return nil, err
	}
	current := revs[len(revs)-1].Event
	if current.Followed() != "" { // its file is somebody else's
		return nil, nil
	}
	base, declared, err := tx.Base(id)
	if err != nil {
		return nil, err
	}
	if !declared {
		if current.Status == event.Withdrawn {
			return nil, nil
		}
		first := revs[0]
		return []Unsettled{{Event: id, Title: current.Title, By: first.Author, At: first.At, Revision: first.Number}}, nil
	}
	made := make(map[int][]string) // by number of a revision, the fields of which something is left
	fields, items := event.Beyond(base, current)
	for _, field := range fields {
		for n := range saidIn(revs, field, items) {
			made[n] = append(made[n], field)
		}
	}
	for _, r := range revs {
		if fields := made[r.Number]; len(fields) > 0 && r.Author != byAttache && r.Author.Via != "file" && r.Author.Via != "import" {
			out = append(out, Unsettled{id, current.Title, fields, r.Author, r.At, r.Number})
		}
	}
	return out, nil
}

// saidIn returns the numbers of the revisions by which a field became what it is: of a list those
// that brought the items, else the last that changed it.
func saidIn(revs []event.Revision, field string, items event.Event) map[int]bool {
	out := make(map[int]bool)
	for i := len(revs) - 1; i >= 0; i-- {
		if !slices.Contains(revs[i].Changed, field) {
			continue
		}
		if field != "when" && field != "sources" {
			return map[int]bool{revs[i].Number: true}
		}
		_, brought := event.Beyond(revs[i-1].Event, revs[i].Event)
		_, others := event.Beyond(brought, items)
		if len(others.When) < len(items.When) && field == "when" || len(others.Sources) < len(items.Sources) && field == "sources" {
			out[revs[i].Number] = true
		}
	}
	return out
}

// settled forgets that something was said of events that their files say by now.
func settled(tx *store.Tx) error {
	ids, err := tx.Answered()
	if err != nil {
		return err
	}
	for _, id := range ids {
		list, err := unsettledOf(tx, id)
		if err != nil {
			return fmt.Errorf("event %q: %w", id, err)
		}
		if _, left, err := tx.Left(id); err != nil || left || len(list) > 0 { // it may come back
			if err != nil {
				return err
			}
			continue
		}
		if err := tx.DropAnswered(id); err != nil {
			return err
		}
	}
	return nil
}
