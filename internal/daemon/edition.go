package daemon

import (
	"container/list"
	"context"
	"fmt"
	"sync"
	"time"

	"attache/internal/feed"
	"attache/internal/schedule"
	"attache/internal/store"
	"attache/internal/web"
)

// edition is all that feeds publish after a reading.
type edition struct {
	feeds    map[string]printed
	items    []*feed.Item // every event as it is published
	context  feed.Context
	settings *settings
	at       time.Time // the reading
	modified time.Time // UTC, whole seconds: when anything last changed
	queries  *shelf
}

// printed is a feed as it was last made.
type printed struct {
	web.Feed
	counts   feed.Body // without its octets
	problems []feed.Problem
}

// newEdition begins the edition of a reading.
func newEdition(s *settings, items []*feed.Item, c feed.Context, now time.Time) *edition {
	e := &edition{feeds: make(map[string]printed), items: items, context: c, settings: s, at: now, queries: newShelf(shelved)}
	for _, it := range items {
		for _, t := range []time.Time{it.Stamp, it.Entry.Modified} {
			if t = t.UTC().Truncate(time.Second); t.After(e.modified) {
				e.modified = t
			}
		}
	}
	return e
}

// add notes a feed as it is kept.
func (e *edition) add(f feedSettings, body store.FeedBody, counts feed.Body, problems []feed.Problem) {
	p := printed{
		Feed: web.Feed{
			Plain: body.Plain, Gzip: body.Gzip, ETag: body.ETag, GzipETag: body.GzipETag, Modified: body.Modified, Private: f.Private,
		},
		counts: counts, problems: problems,
	}
	if f.NoGzip {
		p.Gzip = nil
	}
	if body.Modified.After(e.modified) {
		e.modified = body.Modified
	}
	p.counts.Plain, p.counts.Gzip = nil, nil
	e.feeds[f.Name] = p
}

// query returns the feed that q asks for, made once for all who ask for the same.
func (e *edition) query(q web.FeedQuery) web.Feed {
	return e.queries.get(q.Key, func() web.Feed {
		f, items := e.asked(q)
		b, _ := feed.Arrange(f, items, e.context, nil).Body() // what is wrong was told of the feeds that are kept
		return web.Feed{Plain: b.Plain, Gzip: b.Gzip, ETag: b.ETag, GzipETag: b.GzipETag, Modified: e.modified}
	})
}

// asked returns the feed that q asks for, and what it holds.
func (e *edition) asked(q web.FeedQuery) (feed.Feed, []*feed.Item) {
	for _, named := range e.settings.feeds {
		if named.Name == q.Feed {
			named.options = over(named.options, q.Options)
			return e.settings.feed(named, e.at), chosen(e.items, named.Match)
		}
	}
	f := e.settings.feed(usualFeed(), e.at)
	f.Title, f.PublicURL, f.Options = "Diplomatic calendar", e.settings.publicURL+"/feed.ics", q.Options
	if len(e.settings.feeds) > 0 && !e.settings.feeds[0].Private {
		f.Title = e.settings.feeds[0].Title
	}
	if q.Words != "" {
		f.Title += ": " + q.Words
	}
	if q.Key != "" {
		f.PublicURL += "?" + q.Key
	}
	if q.None || q.Feed != "" {
		return f, nil
	}
	return f, chosen(e.items, q.Filter)
}

// over returns o with what is said in by.
func over(o, by feed.Options) feed.Options {
	if by.Windows != "" {
		o.Windows = by.Windows
	}
	if by.Cancelled != "" {
		o.Cancelled = by.Cancelled
	}
	if by.Alarms != nil {
		o.Alarms = by.Alarms
	}
	return o
}

// shelved is how many feeds that people put together are kept at once.
const shelved = 64

// shelf keeps feeds that were made on request, as many as it has room for: the one that
// was asked for longest ago goes first. They are made one at a time, so that many who
// ask for different ones can't take up the machine.
type shelf struct {
	mu     sync.Mutex
	room   int
	order  *list.List // of *kept, the last asked for in front
	byKey  map[string]*list.Element
	making sync.Mutex
}

type kept struct {
	key  string
	once sync.Once
	feed web.Feed
}

func newShelf(room int) *shelf {
	return &shelf{room: room, order: list.New(), byKey: make(map[string]*list.Element)}
}

// get returns what is kept under key, and makes it where there is none.
func (s *shelf) get(key string, build func() web.Feed) web.Feed {
	k := s.place(key)
	k.once.Do(func() {
		s.making.Lock()
		defer s.making.Unlock()
		k.feed = build()
	})
	return k.feed
}

// place returns the place of key.
func (s *shelf) place(key string) *kept {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e, ok := s.byKey[key]; ok {
		s.order.MoveToFront(e)
		return e.Value.(*kept)
	}
	for s.order.Len() >= s.room {
		last := s.order.Back()
		delete(s.byKey, s.order.Remove(last).(*kept).key)
	}
	k := &kept{key: key}
	s.byKey[key] = s.order.PushFront(k)
	return k
}

// turnDay makes the feeds anew when a day has begun, since what they hold moves with it.
func (d *Daemon) turnDay(now time.Time) {
	d.reloading.Lock()
	defer d.reloading.Unlock()
	held := d.shown.Load()
	var ed *edition
	err := d.db.Update(func(tx *store.Tx) (err error) {
		ed, err = publish(tx, d.now.Load(), held.entries, now, d.book.made)
		return err
	})
	if err != nil {
		d.o.Log.Error("make the feeds of a new day; those of the last one are served", "err", err)
		return
	}
	next := *held
	next.edition = ed
	d.shown.Store(&next)
}

// Feed returns the feed called name as it is kept.
func (c *calendar) Feed(name string) (web.Feed, bool) {
	p, ok := c.shown.Load().edition.feeds[name]
	return p.Feed, ok
}

// query returns a feed that somebody put together in its address.
func (d *Daemon) query(q web.FeedQuery) (f web.Feed, ok bool) {
	defer func() {
		if v := recover(); v != nil {
			d.o.Log.Error("make a feed on request", "query", q.Key, "panic", fmt.Sprint(v))
			f, ok = web.Feed{}, false
		}
	}()
	f = d.shown.Load().edition.query(q)
	return f, f.ETag != ""
}

// dayJob makes the feeds anew at each midnight of the installation.
func (d *Daemon) dayJob() schedule.Job {
	spec, err := schedule.Parse("0 0 * * *", d.now.Load().location())
	if err != nil {
		panic(err) // it is a constant
	}
	return schedule.Job{Name: "feeds of the day", Spec: spec, Run: func(_ context.Context, now time.Time) { d.turnDay(now) }}
}
