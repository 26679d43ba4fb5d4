package daemon

import (
	"fmt"
	"net/url"
	"time"

	"attache/internal/agenda"
	"attache/internal/feed"
	"attache/internal/store"
)

// publish renders the feeds. The SEQUENCE of an event rises exactly when an
// octet of it that is published changed, whatever the cause (RFC 5545
// §3.8.7.4), and never falls.
func publish(tx *store.Tx, s *settings, list []agenda.Entry, now time.Time) error {
	c := feed.Context{Sources: s.sources, PageBase: s.publicURL, UID: uidOf(list)}
	items, err := stamped(tx, list, c, now)
	if err != nil {
		return err
	}
	for _, f := range s.feeds {
		if err := publishFeed(tx, s, f, items, c, now); err != nil {
			return fmt.Errorf("feed %q: %w", f.name, err)
		}
	}
	return nil
}

// uidOf finds the UID of an event that feeds have an entry of.
func uidOf(list []agenda.Entry) func(id string) (string, bool) {
	uids := make(map[string]string, len(list))
	for _, e := range list {
		if feed.Dated(e) {
			uids[e.ID] = e.UID
		}
	}
	return func(id string) (string, bool) { u, ok := uids[id]; return u, ok }
}

// stamped gives the events with their SEQUENCE and the instant of the revision
// that last changed what is published of them.
func stamped(tx *store.Tx, list []agenda.Entry, c feed.Context, now time.Time) ([]feed.Item, error) {
	items := make([]feed.Item, 0, len(list))
	for _, e := range list {
		hash := feed.Fingerprint(e, c)
		p, known, err := tx.Publication(e.ID)
		if err != nil {
			return nil, fmt.Errorf("event %q: %w", e.ID, err)
		}
		if !known || p.Hash != hash {
			seq := 0
			if known {
				seq = p.Sequence + 1
			}
			p = store.Publication{Event: e.ID, Sequence: seq, Stamp: now.UTC().Truncate(time.Second), Hash: hash}
			if err := tx.PutPublication(p); err != nil {
				return nil, fmt.Errorf("event %q: %w", e.ID, err)
			}
		}
		items = append(items, feed.Item{Entry: e, Sequence: p.Sequence, Stamp: p.Stamp})
	}
	return items, nil
}

// publishFeed renders one feed and keeps it if a byte of it changed.
func publishFeed(tx *store.Tx, s *settings, f feedSettings, items []feed.Item, c feed.Context, now time.Time) error {
	var chosen []feed.Item
	for _, it := range items {
		if f.match.Match(it.Entry) {
			chosen = append(chosen, it)
		}
	}
	body, problems := feed.Render(feed.Feed{
		Name: f.name, Title: f.title, Zone: s.timezone, PublicURL: s.publicURL + "/feeds/" + url.PathEscape(f.name) + ".ics",
	}, chosen, c)
	for _, p := range problems {
		s.warn("event left out of the feed", "feed", f.name, "event", p.Event, "why", p.What)
	}
	old, known, err := tx.FeedBody(f.name)
	if err != nil {
		return err
	}
	if known && old.ETag == body.ETag && old.GzipETag == body.GzipETag {
		return nil
	}
	// An event that leaves takes its own stamp along: the feed changed now.
	return tx.PutFeedBody(f.name, store.FeedBody{
		Plain: body.Plain, Gzip: body.Gzip, ETag: body.ETag, GzipETag: body.GzipETag,
		Modified: now.UTC().Truncate(time.Second),
	})
}
