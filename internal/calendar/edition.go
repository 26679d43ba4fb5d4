package calendar

import (
	"time"

	"attache/internal/agenda"
	"attache/internal/feed"
	"attache/internal/store"
)

// Published is a feed as it is served: an iCalendar stream in two encodings.
type Published struct {
	Plain, Gzip    []byte    // Gzip may be missing
	ETag, GzipETag string    // strong, with their quotes, RFC 9110 §8.8.3; no ETag says that the feed can't be made now
	Modified       time.Time // UTC, whole seconds; zero sends no Last-Modified
	Private        bool      // reached by a secret address only, and kept by its reader alone

	feed.Counts
	Problems []feed.Problem // events that were left out, and why
}

// Kept returns the feed as it is served where b is what is kept of it.
func (f Feed) Kept(b store.FeedBody) Published {
	p := Published{Plain: b.Plain, Gzip: b.Gzip, ETag: b.ETag, GzipETag: b.GzipETag, Modified: b.Modified, Private: f.Private}
	if f.NoGzip {
		p.Gzip = nil
	}
	return p
}

// FeedQuery is a feed that somebody put together in its address.
type FeedQuery struct {
	Key     string        // the query, in one form for all that ask for the same
	Words   string        // what it chooses, for people; "" for all
	None    bool          // it asks for something that no event has
	Filter  agenda.Filter // what it chooses
	Options feed.Options  // how that is shown; what is empty is as usual, or as Feed has it
	Feed    string        // instead of Filter, what the feed of that name holds; "" is none
}

// edition is all that feeds publish after a reading.
type edition struct {
	settings *Settings
	feeds    map[string]Published // as they are kept, by name
	items    []*feed.Item         // every event as it is published
	context  feed.Context
	at       time.Time // the reading
	modified time.Time // UTC, whole seconds: when anything last changed
	made     *onRequest[Published]
	of       func(Feed) *edition // that holds what the readers of a feed see
}

// How many feeds that somebody put together are kept. They are made one at a time.
const feedsKept = 64

// newEdition begins the edition of a reading.
func newEdition(s *Settings, items []*feed.Item, c feed.Context, now time.Time) *edition {
	e := &edition{settings: s, feeds: make(map[string]Published), items: items, context: c, at: now, made: newOnRequest[Published](feedsKept, 1)}
	for _, it := range items {
		for _, t := range []time.Time{it.Stamp, it.Entry.Modified} {
			if t = t.UTC().Truncate(time.Second); t.After(e.modified) {
				e.modified = t
			}
		}
	}
	return e
}

// through returns what feeds publish of v, a view of some readers, where e is of everything.
// The numbers of an event are those by which everybody who sees more of it is given it.
func (e *edition) through(v *View) *edition {
	as := make(map[string]*feed.Item, len(e.items))
	for _, it := range e.items {
		as[it.Entry.ID] = it
	}
	var items []*feed.Item
	for i := range v.entries {
		entry := v.entries[i]
		if it, ok := as[entry.ID]; ok {
			items = append(items, &feed.Item{Entry: entry, Sequence: it.Sequence, Stamp: it.Stamp, History: feed.History(*entry, nil, e.at)})
		}
	}
	out := newEdition(e.settings, items, e.context, e.at)
	out.feeds, out.of = e.feeds, e.of
	return out
}

// add puts a feed in as it is kept.
func (e *edition) add(f Feed, kept store.FeedBody, made feed.Body, problems []feed.Problem) {
	p := f.Kept(kept)
	p.Counts, p.Problems = made.Counts, problems
	if kept.Modified.After(e.modified) {
		e.modified = kept.Modified
	}
	e.feeds[f.Name] = p
}

// query returns the feed that q asks for, made once for all who ask for the same.
func (e *edition) query(q FeedQuery) Published {
	p, _ := e.made.get(q.Key, func() (Published, error) { return e.make(q), nil }) // it never fails
	return p
}

// make makes the feed that q asks for. What is wrong with its events was told of the feeds
// that are kept.
func (e *edition) make(q FeedQuery) Published {
	f, shown, items := e.asked(q)
	b, _ := feed.Render(shown, items, e.context)
	return f.Kept(store.FeedBody{Plain: b.Plain, Gzip: b.Gzip, ETag: b.ETag, GzipETag: b.GzipETag, Modified: e.modified})
}

// asked returns the feed that q asks for, how that is shown, and what it holds.
func (e *edition) asked(q FeedQuery) (Feed, feed.Feed, []*feed.Item) {
	if f, ok := e.settings.feed(q.Feed); ok {
		f.Options = over(f.Options, q.Options)
		return f, e.settings.layout(f, e.at), chosen(e.of(f).items, f.Match)
	}
	f := DefaultFeed()
	shown := e.settings.layout(f, e.at)
	shown.Title, shown.PublicURL, shown.Options = "Diplomatic calendar", e.settings.PublicURL+"/feed.ics", q.Options
	if len(e.settings.Feeds) > 0 && !e.settings.Feeds[0].Private {
		shown.Title = e.settings.Feeds[0].Title
	}
	if q.Words != "" {
		shown.Title += ": " + q.Words
	}
	if q.Key != "" {
		shown.PublicURL += "?" + q.Key
	}
	if q.None || q.Feed != "" {
		return f, shown, nil
	}
	return f, shown, chosen(e.items, q.Filter)
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
