package calendar

import (
	"fmt"
	"slices"
	"time"

	"attache/internal/agenda"
	"attache/internal/event"
	"attache/internal/prose"
	"attache/internal/store"
)

// Unsettled is something that a person said of an event and that no file says.
type Unsettled struct {
	Event    string
	Title    string
	Fields   []string    // that it changed; none where it made the event
	Says     event.Event // what they say; of the date and the sources only what they added
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

// UnsettledOf returns of one event what Unsettled returns.
func (v *View) UnsettledOf(id string) (out []Unsettled, err error) {
	err = v.read(func(tx *store.Tx) error {
		out, err = unsettledOf(tx, id)
		return err
	})
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
		return []Unsettled{{Event: id, Title: current.Title, Says: current, By: first.Author, At: first.At, Revision: first.Number}}, nil
	}
	made := make(map[int][]string)    // by number of a revision, the fields of which something is left
	says := make(map[int]event.Event) // likewise, what that is
	fields, items := event.Beyond(base, current)
	items.When = slices.DeleteFunc(items.When, func(st event.Statement) bool { return overtaken(revs[len(revs)-1], st) })
	for _, field := range fields {
		for n, left := range saidIn(revs, field, items) {
			made[n] = append(made[n], field)
			all := says[n]
			event.Setter(field)(&left, &all)
			says[n] = all
		}
	}
	for _, r := range revs {
		if fields := made[r.Number]; len(fields) > 0 && r.Author != byAttache && r.Author.Via != "file" && r.Author.Via != "import" {
			out = append(out, Unsettled{id, current.Title, fields, says[r.Number], r.Author, r.At, r.Number})
		}
	}
	return out, nil
}

// overtaken reports whether the file of an event says a date by now that came in the place of st,
// and that is known to be the later one from its place behind it alone: written down behind that,
// st would hold again.
func overtaken(r event.Revision, st event.Statement) bool {
	e, at := agenda.Compute(r, "", r.At), statedAt(r.Event, st)
	if at < 0 || e.InForce(at) {
		return false
	}
	for k := at + 1; k < len(r.Event.When); k++ {
		if later := r.Event.When[k]; later.Line > 0 && later.Said.IsZero() && e.InForce(k) {
			return true
		}
	}
	return false
}

// saidIn returns, by the numbers of the revisions by which a field became what it is, what of it
// they said: of the date and the sources the items that each brought, else the last that changed it.
func saidIn(revs []event.Revision, field string, items event.Event) map[int]event.Event {
	out := make(map[int]event.Event)
	for i := len(revs) - 1; i > 0; i-- {
		if !slices.Contains(revs[i].Changed, field) {
			continue
		}
		if field != "when" && field != "sources" {
			out[revs[i].Number] = revs[len(revs)-1].Event
			break
		}
		_, brought := event.Beyond(revs[i-1].Event, revs[i].Event)
		_, others := event.Beyond(brought, items)
		_, mine := event.Beyond(others, items)
		if field == "when" && len(mine.When) > 0 || field == "sources" && len(mine.Sources) > 0 {
			out[revs[i].Number] = mine
		}
	}
	return out
}

// UnsettledWords says in one line how many answers are not in the files, "" for none.
func UnsettledWords(list []Unsettled) string {
	if len(list) == 0 {
		return ""
	}
	where := map[string]string{"slack": " from Slack", "cli": " by command"}[list[0].By.Via]
	if slices.ContainsFunc(list, func(u Unsettled) bool { return u.By.Via != list[0].By.Via }) {
		where = ""
	}
	verb := " are"
	if len(list) == 1 {
		verb = " is"
	}
	return prose.Count(len(list), "answer") + where + verb + " not in the files"
}

// settled forgets that something was said of events that their files say by now. It looks at
// those of which something else is said than before.
func settled(tx *store.Tx, respoken func(id string) bool) error {
	ids, err := tx.Answered()
	if err != nil {
		return err
	}
	for _, id := range ids {
		if !respoken(id) {
			continue
		}
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
