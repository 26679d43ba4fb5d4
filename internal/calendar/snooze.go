package calendar

import (
	"time"

	"attache/internal/agenda"
	"attache/internal/civil"
	"attache/internal/notice"
	"attache/internal/store"
)

// announce has the card in the channel of h say what somebody did there, and plans to tell of e
// again where they snoozed it.
func (c *Calendar) announce(tx *store.Tx, h Handled, e agenda.Entry, now time.Time) error {
	items, err := tx.ItemsOf(h.Event)
	if err != nil {
		return err
	}
	for _, it := range items {
		switch n := it.Notice; {
		case it.Channel != h.Channel:
			continue
		case n.Kind == notice.Card:
			it.Refresh(n.To, now, now, "somebody in the channel did something with it")
		case n.About == notice.Again && it.State == notice.Pending:
			it.Become(notice.Superseded, now, "snoozed anew, or somebody has got it")
		default:
			continue
		}
		if err := tx.PutItem(it); err != nil {
			return err
		}
	}
	if h.Until.IsZero() {
		return nil
	}
	n := notice.TellAgain(e, h.Until, c.view.settings.planContext(c.view.entries))
	it := notice.Item{Key: notice.ItemKey(c.db.Install(), n.Key, h.Channel), Notice: n, Channel: h.Channel}
	it.Become(notice.Pending, now, "snoozed")
	return tx.PutItem(it)
}

// snoozed reports whether the item tells again what was snoozed, and still is.
func (p *planner) snoozed(it notice.Item) (bool, error) {
	if it.Notice.About != notice.Again {
		return false, nil
	}
	h, ok, err := p.tx.Handled(it.Notice.Event, it.Channel)
	e, known := find(p.list, it.Notice.Event)
	return ok && h.Until.Equal(it.Notice.Due) && known && !e.Status.Over(), err
}

// putOff returns until when an item waits, since its channel snoozed the event; zero where it
// does not.
func (v *View) putOff(it notice.Item, now time.Time) (until time.Time, err error) {
	switch n := it.Notice; {
	case n.About == notice.Again, n.Event == "":
		return until, nil
	case n.Kind != notice.Reminder && n.Kind != notice.Window && n.Kind != notice.Outcome && n.Kind != notice.Stale:
		return until, nil
	}
	err = v.db.View(func(tx *store.Tx) error {
		h, ok, err := tx.Handled(it.Notice.Event, it.Channel)
		if ok && h.Until.After(now) {
			until = h.Until
		}
		return err
	})
	return until, err
}

// handledWords returns what somebody in the channel of a card did with its event, "" for nothing
// that still holds.
func handledWords(tx *store.Tx, id, channel string, now time.Time, loc *time.Location) (string, error) {
	h, ok, err := tx.Handled(id, channel)
	if loc == nil {
		loc = time.UTC
	}
	moment := func(t time.Time) string {
		return civil.Short(civil.DateOf(t, loc)) + ", " + t.In(loc).Format("15:04 MST")
	}
	switch {
	case err != nil || !ok:
		return "", err
	case h.Until.IsZero():
		return "Got it: " + h.By.Name + ", " + moment(h.At), nil
	case h.Until.After(now):
		return "Snoozed until " + moment(h.Until) + ", by " + h.By.Name, nil
	}
	return "", nil
}
