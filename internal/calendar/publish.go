package calendar

import (
	"fmt"
	"net/url"
	"reflect"
	"time"

	"attache/internal/agenda"
	"attache/internal/civil"
	"attache/internal/feed"
	"attache/internal/store"
)

// publisher brings what feeds publish in step with the events. The SEQUENCE of an event
// rises exactly when an octet of it changed in some feed, whatever the cause (RFC 5545
// §3.8.7.4), and never falls.
type publisher struct {
	s       *Settings
	now     time.Time
	caches  feedCaches                   // nil: nothing is kept between two readings
	known   map[string]store.Publication // how each event was published last, by id, as far as this process knows
	fresh   []store.Publication          // those that are recorded now
	context feed.Context
	notes   []Note
}

// feedCaches hold what the feeds were made of the last time, by their names; "" is a feed
// of all events.
type feedCaches map[string]*feed.Cache

func (m feedCaches) of(name string) *feed.Cache {
	if m == nil {
		return nil
	}
	if m[name] == nil {
		m[name] = feed.NewCache()
	}
	return m[name]
}

func (p *publisher) note(warning bool, text string, args ...any) {
	p.notes = append(p.notes, Note{warning, text, args})
}

// publish renders the feeds of list and records them. It returns what they hold.
func (p *publisher) publish(tx *store.Tx, list []agenda.Entry) (*edition, error) {
	p.context = p.s.context()
	items, before, err := p.items(tx, list)
	if err != nil {
		return nil, err
	}
	layouts := make(map[string]*feed.Layout, len(p.s.Feeds))
	for _, f := range p.s.Feeds {
		layouts[f.Name] = feed.NewLayout(p.s.layout(f, p.now), chosen(items, f.Match), p.context, p.caches.of(f.Name))
	}
	if err := p.stamps(tx, items, before, layouts); err != nil {
		return nil, err
	}
	ed := newEdition(p.s, items, p.context, p.now)
	for _, f := range p.s.Feeds {
		if err := p.feed(tx, f, layouts[f.Name], ed); err != nil {
			return nil, fmt.Errorf("feed %q: %w", f.Name, err)
		}
	}
	return ed, nil
}

// stamps gives each item its SEQUENCE and DTSTAMP.
func (p *publisher) stamps(tx *store.Tx, items []*feed.Item, before []store.Publication, layouts map[string]*feed.Layout) error {
	overtake, err := tx.Overtake()
	if err != nil {
		return err
	}
	all := feed.NewLayout(feed.Feed{}, items, p.context, p.caches.of(""))
	for i, it := range items {
		if overtake {
			p.overtake(it)
		}
		if err := p.stamp(tx, it, before[i], all, layouts); err != nil {
			return fmt.Errorf("event %q: %w", it.Entry.ID, err)
		}
	}
	if !overtake {
		return nil
	}
	return tx.EndOvertake()
}

// overtake raises the SEQUENCE of it above any that was published after the backup was
// taken: there was a change a second at most, but for some that came quicker.
func (p *publisher) overtake(it *feed.Item) {
	const quicker = 1000
	now := p.now.UTC().Truncate(time.Second)
	it.Sequence += max(int(now.Sub(it.Stamp)/time.Second), 0) + quicker
	it.Stamp = now
}

// items returns the events as they are to be published but for their stamps, and how each
// was published before.
func (p *publisher) items(tx *store.Tx, list []agenda.Entry) ([]*feed.Item, []store.Publication, error) {
	items, before := make([]*feed.Item, len(list)), make([]store.Publication, len(list))
	for i, e := range list {
		pub, known := p.known[e.ID]
		if !known {
			var err error
			if pub, known, err = tx.Publication(e.ID); err != nil {
				return nil, nil, fmt.Errorf("event %q: %w", e.ID, err)
			}
		}
		if !known {
			pub = store.Publication{Event: e.ID, Stamp: p.now.UTC().Truncate(time.Second)}
		}
		it := &feed.Item{Entry: e, Sequence: pub.Sequence, Stamp: pub.Stamp, History: feed.History(e, pub.History, p.now)}
		if e.Status.CalledOff() {
			if it.Off = pub.Off; it.Off.IsZero() {
				it.Off = p.now.UTC().Truncate(time.Second)
			}
		}
		items[i], before[i] = it, pub
	}
	return items, before, nil
}

func chosen(items []*feed.Item, match agenda.Filter) []*feed.Item {
	var out []*feed.Item
	for _, it := range items {
		if match.Match(it.Entry) {
			out = append(out, it)
		}
	}
	return out
}

// stamp returns it the SEQUENCE and the instant that it is published with, and records both
// if anything changed.
func (p *publisher) stamp(tx *store.Tx, it *feed.Item, before store.Publication, all *feed.Layout, layouts map[string]*feed.Layout) error {
	pub := store.Publication{Event: it.Entry.ID, Hash: all.Fingerprint(it), Off: it.Off, History: it.History}
	changed := differ(before.Hash, pub.Hash)
	for name, hash := range before.Hashes { // of feeds that it may come back to
		pub.Hashes = with(pub.Hashes, name, hash)
	}
	for name, l := range layouts {
		if hash := l.Fingerprint(it); hash != "" {
			changed = changed || differ(before.Hashes[name], hash)
			pub.Hashes = with(pub.Hashes, name, hash)
		}
	}
	switch {
	case changed:
		it.Sequence++
		fallthrough
	case before.Hash == "" && pub.Hash != "":
		it.Stamp = p.now.UTC().Truncate(time.Second)
	}
	pub.Sequence, pub.Stamp = it.Sequence, it.Stamp
	if last, ok := p.known[it.Entry.ID]; ok && reflect.DeepEqual(last, pub) {
		return nil
	}
	p.fresh = append(p.fresh, pub)
	return tx.PutPublication(pub)
}

// differ reports whether something that was published reads otherwise now.
func differ(before, now string) bool { return before != "" && now != "" && before != now }

func with(m map[string]string, key, value string) map[string]string {
	if m == nil {
		m = make(map[string]string)
	}
	m[key] = value
	return m
}

// feed renders one feed and keeps it if a byte of it changed.
func (p *publisher) feed(tx *store.Tx, f Feed, l *feed.Layout, ed *edition) error {
	body, problems, err := written(l)
	if err != nil {
		return p.keep(tx, f, ed, err)
	}
	for _, bad := range problems {
		p.note(true, "event left out of the feed", "feed", f.Name, "event", bad.Event, "why", bad.What)
	}
	if body.CutPast > 0 {
		p.note(false, "the feed is full: entries that have passed are left out", "feed", f.Name, "entries", body.CutPast)
	}
	if body.CutAhead > 0 {
		p.note(true, "the feed is full: entries yet to come are left out", "feed", f.Name, "entries", body.CutAhead, "from", body.CutFrom.String())
	}
	old, known, err := tx.FeedBody(f.Name)
	if err != nil {
		return err
	}
	if !known || old.ETag != body.ETag || old.GzipETag != body.GzipETag {
		old = store.FeedBody{
			Plain: body.Plain, Gzip: body.Gzip, ETag: body.ETag, GzipETag: body.GzipETag,
			// An event that leaves takes its own stamp along: the feed changed now.
			Modified: p.now.UTC().Truncate(time.Second),
		}
		err = tx.PutFeedBody(f.Name, old)
	}
	ed.add(f, old, body, problems)
	return err
}

// written writes a feed. A mistake in it costs nothing but that feed.
func written(l *feed.Layout) (body feed.Body, problems []feed.Problem, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("it can't be rendered: %v", v)
		}
	}()
	body, problems = l.Render()
	return body, problems, nil
}

// keep leaves a feed that can't be made as it was.
func (p *publisher) keep(tx *store.Tx, f Feed, ed *edition, why error) error {
	p.note(true, "the feed stays as it was", "feed", f.Name, "err", why)
	delete(p.caches, f.Name)
	old, _, err := tx.FeedBody(f.Name) // one that never was can't be served yet
	ed.add(f, old, feed.Body{}, []feed.Problem{{What: why.Error()}})
	return err
}

// context returns what the texts of events refer to.
func (s *Settings) context() feed.Context {
	at := time.Duration(s.Rules.At.Hour)*time.Hour + time.Duration(s.Rules.At.Minute)*time.Minute
	return feed.Context{Sources: s.Sources, PageBase: s.PublicURL, AlarmAt: at, Length: s.Length}
}

// layout returns f as package feed takes it, on the day of now.
func (s *Settings) layout(f Feed, now time.Time) feed.Feed {
	out := feed.Feed{
		Name: f.Name, Title: f.Title, Zone: s.Timezone, Refresh: f.Refresh, MaxEntries: f.MaxEntries, MaxBytes: f.MaxBytes,
		Options: f.Options,
	}
	if !f.Private { // its address is the secret
		out.PublicURL = s.Address(f.Name)
	}
	today := civil.DateOf(now, s.Location)
	out.Span = feed.Span{Today: today, From: f.Past.BeforeDay(today, nil), Kept: f.Keep.BeforeDay(today, nil), Zone: s.Location}
	if f.Ahead != nil {
		out.Span.To = f.Ahead.AfterDay(today, nil)
	}
	return out
}

// Address returns where the public feed called name is read.
func (s *Settings) Address(name string) string {
	return s.PublicURL + "/feeds/" + url.PathEscape(name) + ".ics"
}
