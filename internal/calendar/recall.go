package calendar

import (
	"fmt"
	"slices"
	"time"

	"attache/internal/agenda"
	"attache/internal/change"
	"attache/internal/event"
	"attache/internal/store"
	"attache/internal/when"
)

// recall puts into each event of list how it came to be what it is, as its revisions tell. was
// are those of the reading before: of what did not change nothing is read. Both are in the order of ids.
func recall(tx *store.Tx, list, was []*agenda.Entry) error {
	for _, e := range list {
		for len(was) > 0 && was[0].ID < e.ID {
			was = was[1:]
		}
		if len(was) > 0 && was[0] == e {
			continue
		}
		if len(was) > 0 && was[0].ID == e.ID && was[0].Revision == e.Revision && was[0].Window == e.Window {
			e.Past = was[0].Past
			continue
		}
		first, known, err := tx.FirstWindow(e.ID, e.Revision)
		if err == nil {
			e.Past = agenda.Past{}
			if known && change.Moved(first, e.Window) {
				e.Past.Was = change.State{Event: event.Event{When: e.When, Zone: e.Zone}, Window: first}.Words()
				e.Past.Why = "a date that it depends on moved"
			}
			if e.Revision > 1 {
				err = recallOne(tx, e)
			}
		}
		if err != nil {
			return fmt.Errorf("event %q: %w", e.ID, err)
		}
	}
	return nil
}

// recallOne looks through the revisions of e from its newest on.
func recallOne(tx *store.Tx, e *agenda.Entry) error {
	after, ok, err := tx.Revision(e.ID, e.Revision)
	for n := e.Revision - 1; err == nil && ok && n > 0 && n > e.Revision-oldest; n-- {
		before, known, err := tx.Revision(e.ID, n)
		if err != nil || !known {
			return err
		}
		if p := &e.Past; p.Since.IsZero() && before.Event.Status != after.Event.Status {
			p.Since = after.At
		}
		if e.Past.Was == "" {
			if err := recallMove(tx, before, after, &e.Past); err != nil {
				return err
			}
		}
		if after = before; e.Past.Was != "" && !e.Past.Since.IsZero() {
			return nil
		}
	}
	return err
}

// recallMove puts into p how the date of an event moved from one revision to the next.
func recallMove(tx *store.Tx, before, after event.Revision, p *agenda.Past) error {
	was, err := stateOf(tx, before)
	if err != nil {
		return err
	}
	is, err := firstStateOf(tx, after)
	if err != nil {
		return err
	}
	list := change.Between(was, is)
	i := slices.IndexFunc(list, func(c change.Change) bool { return c.Field == "date" })
	if i < 0 || was.Window.Precision == when.None {
		return nil
	}
	p.Was, p.Moved, p.Why = list[i].Old, after.At.UTC().Truncate(time.Second), ""
	if after.Event.Reason != before.Event.Reason {
		p.Why = after.Event.Reason
	}
	return nil
}
