package daemon

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"attache/internal/agenda"
	"attache/internal/change"
	"attache/internal/event"
	"attache/internal/feed"
	"attache/internal/notice"
	"attache/internal/store"
	"attache/internal/web"
)

// shownNow names what the pages show: it changes with every reading, whatever came
// of it.
type shownNow struct{ snapshot, settings, verdict any }

// Version returns what names the present state of what the pages show.
func (c *calendar) Version() any { return shownNow{c.shown.Load(), c.now.Load(), c.verdict.Load()} }

// Domain returns the domain of the installation's UIDs.
func (c *calendar) Domain() string { return c.db.Domain() }

// Look returns e with the warnings that depend on the time.
func (c *calendar) Look(e agenda.Entry, now time.Time) agenda.Entry {
	return c.now.Load().looked(e, c.shown.Load().entries, now)
}

// Changes returns what was changed, the newest first.
func (c *calendar) Changes(f agenda.Filter, r change.Range) ([]change.View, error) {
	return changes(c.db, f, r)
}

// Since returns when the first event was recorded.
func (c *calendar) Since() time.Time {
	first, err := firstChange(c.db)
	if err != nil {
		c.o.Log.Error("read when the first event was recorded", "err", err)
	}
	return first
}

func firstChange(db *store.DB) (at time.Time, err error) {
	err = db.View(func(tx *store.Tx) error {
		list, err := tx.Changes(0, 1)
		if err == nil && len(list) > 0 {
			at = list[0].At
		}
		return err
	})
	return at, err
}

// past is the calendar as it stood at some instant. Feeds of it are made when they are
// asked for: nobody subscribes to the past.
type past struct {
	*calendar
	entries []agenda.Entry
	at      time.Time
	edition func() *edition // of its feeds, made once
}

func (p *past) Entries() []agenda.Entry { return p.entries }
func (p *past) Version() any            { return p }

// Look returns e with the warnings that depend on the time.
func (p *past) Look(e agenda.Entry, now time.Time) agenda.Entry {
	return p.now.Load().looked(e, p.entries, now)
}

// Notices returns what had been told of an event by then. What was planned then is not
// recorded.
func (p *past) Notices(id string) []web.Notice {
	return slices.DeleteFunc(p.calendar.Notices(id), func(n web.Notice) bool {
		return n.State == string(notice.Pending) || n.At.After(p.at)
	})
}

// pasts keeps the calendars of some instants, since to work one out takes its time.
type pasts struct {
	mu   sync.Mutex
	of   any // the version of the calendar that they are of
	list []*past
}

// mostPasts is how many instants are kept: each holds all events once more.
const mostPasts = 2

// As returns the calendar as it stood at an instant. One is worked out at a time: it
// takes as long as a reading of the files does.
func (c *calendar) As(at time.Time) (web.Past, error) {
	x, version := &c.pasts, c.Version()
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.of != version {
		x.of, x.list = version, nil
	}
	if i := slices.IndexFunc(x.list, func(p *past) bool { return p.at.Equal(at) }); i >= 0 {
		return x.list[i], nil
	}
	list, err := c.entriesAs(at)
	if err != nil {
		return nil, fmt.Errorf("the calendar as of %s: %w", at.Format(time.RFC3339), err)
	}
	p := &past{calendar: c, entries: list, at: at}
	p.edition = sync.OnceValue(p.makeEdition)
	if len(x.list) == mostPasts {
		x.list = slices.Delete(x.list, 0, 1)
	}
	x.list = append(x.list, p)
	return p, nil
}

// entriesAs returns what held at an instant: of each event the revision that did, and
// what followed from all of them. Before anything was recorded that is what was
// recorded first.
func (c *calendar) entriesAs(at time.Time) ([]agenda.Entry, error) {
	first, err := firstChange(c.db)
	if err != nil {
		return nil, err
	}
	if at.Before(first) {
		at = first
	}
	var in []agenda.Input
	err = c.db.View(func(tx *store.Tx) error {
		return tx.Events(func(st store.Stored) error {
			if st.Created.After(at) {
				return nil
			}
			rev, err := revisionAs(tx, st.Revision, at)
			rev.Event = rev.Event.Counted(c.now.Load().calendars)
			in = append(in, agenda.Input{Revision: rev, UID: uid(rev.Event.ID, c.db.Domain()), Created: st.Created})
			return err
		})
	})
	return agenda.Solve(in), err
}

var errGone = errors.New("a revision is missing")

// revisionAs returns the revision of an event that held at an instant, going back from
// the current one.
func revisionAs(tx *store.Tx, r event.Revision, at time.Time) (event.Revision, error) {
	for r.At.After(at) {
		before, ok, err := tx.Revision(r.Event.ID, r.Number-1)
		if err != nil {
			return r, err
		}
		if !ok {
			return r, fmt.Errorf("event %q: %w", r.Event.ID, errGone)
		}
		r = before
	}
	return r, nil
}

// Feed returns the feed of that name as it would have looked.
func (p *past) Feed(name string) (web.Feed, bool) {
	e := p.edition()
	i := slices.IndexFunc(e.settings.feeds, func(f feedSettings) bool { return f.Name == name && !f.Private })
	if i < 0 {
		return web.Feed{}, false
	}
	return e.queries.get("feed "+name, func() web.Feed {
		f := e.settings.feeds[i]
		b, _ := feed.Arrange(e.settings.feed(f, p.at), chosen(e.items, f.Match), e.context, nil).Body()
		return web.Feed{Plain: b.Plain, Gzip: b.Gzip, ETag: b.ETag, GzipETag: b.GzipETag, Modified: e.modified}
	}), true
}

// Query returns a feed that somebody put together in its address, as it would have looked.
func (p *past) Query(q web.FeedQuery) (web.Feed, bool) { return p.edition().query(q), true }

// makeEdition returns what feeds would have published then. An entry has the number of its
// revision for its SEQUENCE: what was published really is not recorded.
func (p *past) makeEdition() *edition {
	s := p.now.Load()
	about := s.context()
	items := make([]*feed.Item, 0, len(p.entries))
	for _, e := range p.entries {
		items = append(items, &feed.Item{Entry: e, Sequence: e.Revision - 1, Stamp: e.Modified, Shown: feed.Track(e, about, nil, p.at)})
	}
	return newEdition(s, items, about, p.at)
}
