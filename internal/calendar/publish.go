package calendar

import (
	"fmt"
	"maps"
	"net/url"
	"reflect"
	"slices"
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
	caches  feedCaches // nil: nothing is kept between two readings
	known   published  // how each event was published last, as far as this process knows
	last    *View      // of which that was; nil for none
	fresh   published  // those that are recorded now
	sight   Sight      // of those for whom it publishes at the moment
	context feed.Context
	notes   []Note

	overtakes bool // the numbers have to be above any that were published after a backup was taken
}

// feedCaches hold what the feeds were made of the last time.
type feedCaches map[cached]*feed.Cache

// cached is a feed, or an event, as the readers of a sight are given it; "" is a feed of all that
// they see.
type cached struct {
	sight Sight
	name  string
}

// published is how events were published last.
type published map[cached]store.Publication

func (m feedCaches) of(sight Sight, name string) *feed.Cache {
	if m == nil {
		return nil
	}
	key := cached{sight, name}
	if m[key] == nil {
		m[key] = feed.NewCache()
	}
	return m[key]
}

// forget drops what is kept of the feed called name.
func (m feedCaches) forget(name string) {
	maps.DeleteFunc(m, func(k cached, _ *feed.Cache) bool { return k.name == name })
}

func (p *publisher) note(warning bool, text string, args ...any) {
	p.notes = append(p.notes, Note{warning, text, args})
}

// publish renders the feeds of v, which sees everything, and records them: each of what its
// readers may see. It puts what they hold into v and into the views that it keeps.
func (p *publisher) publish(tx *store.Tx, v *View) (err error) {
	p.context = p.s.context()
	if p.overtakes, err = tx.Overtake(); err != nil {
		return err
	}
	editions := make(map[*View]*edition)
	of := func(f Feed) *View {
		if kept, ok := v.kept[f.sight()]; ok {
			return kept
		}
		return v
	}
	feeds := make(map[string]Published)
	for _, one := range v.all() {
		var own []Feed
		for _, f := range p.s.Feeds {
			if of(f) == one {
				own = append(own, f)
			}
		}
		ed, err := p.edition(tx, one, own, feeds)
		if err != nil {
			return err
		}
		ed.of = func(f Feed) *edition { return editions[of(f)] }
		editions[one], one.edition = ed, func() *edition { return ed }
	}
	if p.overtakes {
		return tx.EndOvertake()
	}
	return nil
}

// edition renders those feeds whose readers see what v shows, and puts them among feeds.
func (p *publisher) edition(tx *store.Tx, v *View, own []Feed, feeds map[string]Published) (*edition, error) {
	if p.sight = Everything(); v.eyes != nil {
		p.sight = v.eyes.sight
	}
	tx = v.eyes.through(tx)
	items, before, err := p.items(tx, v.entries)
	if err != nil {
		return nil, err
	}
	layouts := make(map[string]*feed.Layout, len(own))
	for _, f := range own {
		layouts[f.Name] = feed.NewLayout(p.s.layout(f, p.now), chosen(items, f.Match), p.context, p.caches.of(p.sight, f.Name))
	}
	if err := p.stamps(tx, items, before, feed.NewLayout(feed.Feed{}, items, p.context, p.caches.of(p.sight, "")), layouts); err != nil {
		return nil, err
	}
	ed := newEdition(p.s, items, p.context, p.now)
	ed.feeds = feeds
	for _, f := range own {
		if err := p.feed(tx, f, layouts[f.Name], ed); err != nil {
			return nil, fmt.Errorf("feed %q: %w", f.Name, err)
		}
	}
	return ed, nil
}

// stamps gives each item its SEQUENCE and DTSTAMP.
func (p *publisher) stamps(tx *store.Tx, items []*feed.Item, before []store.Publication, all *feed.Layout, layouts map[string]*feed.Layout) error {
	for i, it := range items {
		if p.overtakes {
			p.overtake(it)
		}
		if err := p.stamp(tx, it, before[i], all, layouts); err != nil {
			return fmt.Errorf("event %q: %w", it.Entry.ID, err)
		}
	}
	return nil
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
func (p *publisher) items(tx *store.Tx, list []*agenda.Entry) ([]*feed.Item, []store.Publication, error) {
	items, before := make([]*feed.Item, len(list)), make([]store.Publication, len(list))
	var last []*agenda.Entry
	if p.last != nil {
		last = p.last.as(p.sight).entries
	}
	for i, e := range list {
		for len(last) > 0 && last[0].ID < e.ID {
			last = last[1:]
		}
		pub, known := p.known[cached{p.sight, e.ID}]
		if !known {
			var err error
			if pub, known, err = tx.Publication(e.ID); err != nil {
				return nil, nil, fmt.Errorf("event %q: %w", e.ID, err)
			}
		}
		if !known {
			pub = store.Publication{Event: e.ID, Stamp: p.now.UTC().Truncate(time.Second)}
		}
		it := &feed.Item{Entry: e, Sequence: pub.Sequence, Stamp: pub.Stamp}
		if same := len(last) > 0 && last[0] == e; same && known && settledHistory(pub.History) {
			it.History = pub.History
		} else {
			it.History = feed.History(*e, pub.History, p.now)
		}
		if e.Status.CalledOff() {
			if it.Off = pub.Off; it.Off.IsZero() {
				it.Off = p.now.UTC().Truncate(time.Second)
			}
		}
		items[i], before[i] = it, pub
	}
	return items, before, nil
}

// settledHistory reports whether time alone changes nothing of it.
func settledHistory(list []feed.Published) bool {
	return len(list) > 0 && !slices.ContainsFunc(list, func(b feed.Published) bool { return !b.Gone.IsZero() })
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
	key := cached{p.sight, it.Entry.ID}
	if last, ok := p.known[key]; ok && reflect.DeepEqual(last, pub) {
		return nil
	}
	if p.fresh == nil {
		p.fresh = published{}
	}
	p.fresh[key] = pub
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
	p.caches.forget(f.Name)
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
