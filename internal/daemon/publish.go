package daemon

import (
	"fmt"
	"net/url"
	"time"

	"attache/internal/agenda"
	"attache/internal/civil"
	"attache/internal/feed"
	"attache/internal/store"
)

// press brings what feeds publish in step with the events. The SEQUENCE of an event rises
// exactly when an octet of it changed in some feed, whatever the cause (RFC 5545
// §3.8.7.4), and never falls.
type press struct {
	tx      *store.Tx
	s       *settings
	now     time.Time
	context feed.Context
	made    presses
}

// presses are what the feeds were made of the last time, by their names; "" is a feed of
// all events.
type presses map[string]*feed.Press

func (m presses) of(name string) *feed.Press {
	if m == nil {
		return nil
	}
	if m[name] == nil {
		m[name] = feed.NewPress()
	}
	return m[name]
}

// publish renders the feeds of list and records them. It returns what they hold.
func publish(tx *store.Tx, s *settings, list []agenda.Entry, now time.Time, made presses) (*edition, error) {
	p := press{tx: tx, s: s, now: now, context: s.context(), made: made}
	items, before, err := p.items(list)
	if err != nil {
		return nil, err
	}
	layouts := make(map[string]*feed.Layout, len(s.feeds))
	for _, f := range s.feeds {
		layouts[f.Name] = feed.Arrange(s.feed(f, now), chosen(items, f.Match), p.context, made.of(f.Name))
	}
	if err := p.stamps(items, before, layouts); err != nil {
		return nil, err
	}
	ed := newEdition(s, items, p.context, now)
	for _, f := range s.feeds {
		if err := p.feed(f, layouts[f.Name], ed); err != nil {
			return nil, fmt.Errorf("feed %q: %w", f.Name, err)
		}
	}
	return ed, nil
}

// stamps returns all items what they are published with.
func (p press) stamps(items []*feed.Item, before []store.Publication, layouts map[string]*feed.Layout) error {
	overtake, err := p.tx.Overtake()
	if err != nil {
		return err
	}
	all := feed.Arrange(feed.Feed{}, items, p.context, p.made.of(""))
	for i, it := range items {
		if overtake {
			p.overtake(it)
		}
		if err := p.stamp(it, before[i], all, layouts); err != nil {
			return fmt.Errorf("event %q: %w", it.Entry.ID, err)
		}
	}
	if !overtake {
		return nil
	}
	return p.tx.EndOvertake()
}

// overtake raises the SEQUENCE of it above any that was published after the backup was
// taken: there was a change a second at most, but for some that came quicker.
func (p press) overtake(it *feed.Item) {
	const quicker = 1000
	now := p.now.UTC().Truncate(time.Second)
	it.Sequence += max(int(now.Sub(it.Stamp)/time.Second), 0) + quicker
	it.Stamp = now
}

// items returns the events as they are to be published but for their stamps, and how each
// was published before.
func (p press) items(list []agenda.Entry) ([]*feed.Item, []store.Publication, error) {
	items, before := make([]*feed.Item, len(list)), make([]store.Publication, len(list))
	for i, e := range list {
		pub, known, err := p.tx.Publication(e.ID)
		if err != nil {
			return nil, nil, fmt.Errorf("event %q: %w", e.ID, err)
		}
		if !known {
			pub = store.Publication{Event: e.ID, Stamp: p.now.UTC().Truncate(time.Second)}
		}
		it := &feed.Item{Entry: e, Sequence: pub.Sequence, Stamp: pub.Stamp, Shown: feed.Track(e, p.context, pub.Shown, p.now)}
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
func (p press) stamp(it *feed.Item, before store.Publication, all *feed.Layout, layouts map[string]*feed.Layout) error {
	pub := store.Publication{Event: it.Entry.ID, Hash: all.Fingerprint(it), Off: it.Off, Shown: it.Shown}
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
	return p.tx.PutPublication(pub) // which writes nothing that is there already
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
func (p press) feed(f feedSettings, l *feed.Layout, ed *edition) error {
	body, problems, err := written(l)
	if err != nil {
		return p.keep(f, ed, err)
	}
	for _, bad := range problems {
		p.s.warn("event left out of the feed", "feed", f.Name, "event", bad.Event, "why", bad.What)
	}
	if body.CutPast > 0 {
		p.s.info("the feed is full: entries that have passed are left out", "feed", f.Name, "entries", body.CutPast)
	}
	if body.CutAhead > 0 {
		p.s.warn("the feed is full: entries yet to come are left out", "feed", f.Name, "entries", body.CutAhead)
	}
	old, known, err := p.tx.FeedBody(f.Name)
	if err != nil {
		return err
	}
	if !known || old.ETag != body.ETag || old.GzipETag != body.GzipETag {
		old = store.FeedBody{
			Plain: body.Plain, Gzip: body.Gzip, ETag: body.ETag, GzipETag: body.GzipETag,
			// An event that leaves takes its own stamp along: the feed changed now.
			Modified: p.now.UTC().Truncate(time.Second),
		}
		err = p.tx.PutFeedBody(f.Name, old)
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
	body, problems = l.Body()
	return body, problems, nil
}

// keep leaves a feed that can't be made as it was.
func (p press) keep(f feedSettings, ed *edition, why error) error {
	p.s.warn("the feed stays as it was", "feed", f.Name, "err", why)
	delete(p.made, f.Name)
	old, _, err := p.tx.FeedBody(f.Name) // one that never was can't be served yet
	ed.add(f, old, feed.Body{}, []feed.Problem{{What: why.Error()}})
	return err
}

// context returns what the texts of events refer to.
func (s *settings) context() feed.Context {
	at := time.Duration(s.rules.At.Hour)*time.Hour + time.Duration(s.rules.At.Minute)*time.Minute
	return feed.Context{Sources: s.sources, PageBase: s.publicURL, AlarmAt: at}
}

// feed returns f as package feed takes it, on the day of now.
func (s *settings) feed(f feedSettings, now time.Time) feed.Feed {
	out := feed.Feed{
		Name: f.Name, Title: f.Title, Zone: s.timezone, Refresh: f.Refresh, MaxEntries: f.most, MaxBytes: f.mostBytes,
		Options: f.options,
	}
	if !f.Private { // its address is the secret
		out.PublicURL = s.publicURL + "/feeds/" + url.PathEscape(f.Name) + ".ics"
	}
	today := civil.DateOf(now, s.loc)
	out.Span = feed.Span{Today: today, From: f.past.BeforeDay(today, nil), Kept: f.keep.BeforeDay(today, nil), Zone: s.loc}
	if f.Ahead != nil {
		out.Span.To = f.Ahead.AfterDay(today, nil)
	}
	return out
}
