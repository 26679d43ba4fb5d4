package daemon

import (
	"fmt"
	"time"

	"attache/internal/agenda"
	"attache/internal/config"
	"attache/internal/control"
	"attache/internal/feed"
	"attache/internal/store"
)

// Calendar returns events as an iCalendar text, and false where x names what is not there.
func (d *Daemon) Calendar(x control.Export) ([]byte, bool) {
	ed := d.shown.Load().edition
	if x.Feed != "" {
		p, ok := ed.feeds[x.Feed]
		return p.Plain, ok
	}
	return ed.settings.export(ed.items, x)
}

// export returns those of items that x asks for, all of them: who asks for a copy does not
// mean some.
func (s *settings) export(items []*feed.Item, x control.Export) ([]byte, bool) {
	var list []*feed.Item
	for _, it := range items {
		if x.Chooses(it.Entry) {
			list = append(list, it)
		}
	}
	if x.ID != "" && len(list) == 0 {
		return nil, false
	}
	f := feed.Feed{
		Name: "export", Title: "attache", Zone: s.timezone,
		Options: feed.Options{Windows: feed.Windows(x.Windows), Cancelled: feed.Cancelled(x.Cancelled)},
	}
	body, problems := feed.Arrange(f, list, s.context(), nil).Body()
	for _, bad := range problems {
		s.warn("event left out", "event", bad.Event, "why", bad.What)
	}
	return body.Plain, true
}

// PreviewCalendar returns events as an iCalendar text as they would stand at x.Now if the
// files were read, without a daemon and without writing anything. It is false where x
// names an event that is not there. The error is store.ErrLocked where a daemon has the
// database.
func PreviewCalendar(c *config.Config, folder string, x control.Export) (text []byte, ok bool, err error) {
	s, err := settle(c, nil)
	if err != nil {
		return nil, false, err
	}
	db, err := stored(folder)
	if err != nil {
		return nil, false, err
	}
	defer db.Close()
	err = db.View(func(tx *store.Tx) error {
		list, err := preview(tx, s, db.Domain(), x.Now)
		if err != nil {
			return err
		}
		items, err := asPublished(tx, s, list, x.Now)
		if err != nil {
			return err
		}
		text, ok = s.export(items, x)
		return nil
	})
	if err != nil {
		return nil, false, fmt.Errorf("read the store: %w", err)
	}
	return text, ok, nil
}

// asPublished returns the events of list as they are published, or would be for the first
// time at now.
func asPublished(tx *store.Tx, s *settings, list []agenda.Entry, now time.Time) ([]*feed.Item, error) {
	items, _, err := press{tx: tx, s: s, now: now, context: s.context()}.items(list)
	return items, err
}
