package calendar

import (
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

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
	made     *onRequest
}

// newEdition begins the edition of a reading.
func newEdition(s *Settings, items []*feed.Item, c feed.Context, now time.Time) *edition {
	e := &edition{settings: s, feeds: make(map[string]Published), items: items, context: c, at: now, made: newOnRequest()}
	for _, it := range items {
		for _, t := range []time.Time{it.Stamp, it.Entry.Modified} {
			if t = t.UTC().Truncate(time.Second); t.After(e.modified) {
				e.modified = t
			}
		}
	}
	return e
}

// add puts a feed in as it is kept.
func (e *edition) add(f Feed, kept store.FeedBody, made feed.Body, problems []feed.Problem) {
	p := Published{
		Plain: kept.Plain, Gzip: kept.Gzip, ETag: kept.ETag, GzipETag: kept.GzipETag, Modified: kept.Modified, Private: f.Private,
		Counts: made.Counts, Problems: problems,
	}
	if f.NoGzip {
		p.Gzip = nil
	}
	if kept.Modified.After(e.modified) {
		e.modified = kept.Modified
	}
	e.feeds[f.Name] = p
}

// query returns the feed that q asks for, made once for all who ask for the same.
func (e *edition) query(q FeedQuery) Published {
	return e.made.get(q.Key, func() Published {
		f, items := e.asked(q)
		return e.render(f, items)
	})
}

// render makes a feed of items. What is wrong with them was told of the feeds that are kept.
func (e *edition) render(f feed.Feed, items []*feed.Item) Published {
	b, _ := feed.Render(f, items, e.context)
	return Published{Plain: b.Plain, Gzip: b.Gzip, ETag: b.ETag, GzipETag: b.GzipETag, Modified: e.modified}
}

// asked returns the feed that q asks for, and what it holds.
func (e *edition) asked(q FeedQuery) (feed.Feed, []*feed.Item) {
	if named, ok := e.settings.feed(q.Feed); ok {
		named.Options = over(named.Options, q.Options)
		return e.settings.layout(named, e.at), chosen(e.items, named.Match)
	}
	f := e.settings.layout(DefaultFeed(), e.at)
	f.Title, f.PublicURL, f.Options = "Diplomatic calendar", e.settings.PublicURL+"/feed.ics", q.Options
	if len(e.settings.Feeds) > 0 && !e.settings.Feeds[0].Private {
		f.Title = e.settings.Feeds[0].Title
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

// onRequest keeps feeds that were made on request: the one that was asked for longest ago
// goes first. They are made one at a time, so that many who ask for different ones can't
// take up the machine.
type onRequest struct {
	making sync.Mutex
	kept   *lru.Cache[string, func() Published]
}

func newOnRequest() *onRequest {
	kept, err := lru.New[string, func() Published](64)
	if err != nil {
		panic(err) // the size is a positive constant
	}
	return &onRequest{kept: kept}
}

// get returns what is kept under key, and makes it where there is none.
func (o *onRequest) get(key string, render func() Published) Published {
	make := sync.OnceValue(func() Published {
		o.making.Lock()
		defer o.making.Unlock()
		return render()
	})
	if have, ok := o.kept.Get(key); ok {
		return have()
	}
	if have, ok, _ := o.kept.PeekOrAdd(key, make); ok { // somebody else came first
		return have()
	}
	return make()
}
