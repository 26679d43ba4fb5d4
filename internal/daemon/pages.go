package daemon

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"attache/internal/agenda"
	"attache/internal/calendar"
	"attache/internal/change"
	"attache/internal/web"
)

// page is the calendar as a request sees it: all of one moment.
type page struct {
	*calendar.View
	log *slog.Logger
}

// Version returns what names that moment.
func (p page) Version() any { return p.View }

// As returns the calendar as it stood at an instant.
func (p page) As(at time.Time) (web.Calendar, error) {
	past, err := p.View.As(at)
	return page{past, p.log}, err
}

// Since returns when the first event was recorded.
func (p page) Since() time.Time {
	first, err := p.View.Since()
	if err != nil {
		p.log.Error("read when the first event was recorded", "err", err)
	}
	return first
}

// Notices returns what was told of an event and what will be, in the order of time.
func (p page) Notices(id string) []calendar.EventNotice {
	list, err := p.EventNotices(id)
	if err != nil {
		p.log.Error("read the notices of an event", "event", id, "err", err)
	}
	return list
}

// Changes returns what was changed, the newest first.
func (p page) Changes(f agenda.Filter, r change.Range) ([]change.View, error) {
	return p.View.Changes(context.Background(), calendar.ChangeQuery{Filter: f, Range: r})
}

// Query returns a feed that somebody put together in its address. A mistake in making it
// costs nothing but that feed.
func (p page) Query(q calendar.FeedQuery) (f calendar.Published, ok bool) {
	defer func() {
		if v := recover(); v != nil {
			p.log.Error("make a feed on request", "query", q.Key, "panic", fmt.Sprint(v))
			f, ok = calendar.Published{}, false
		}
	}()
	return p.View.Query(q)
}

// status returns how attache does its work.
func (d *Daemon) status() web.Status {
	s := d.state.Load()
	out := web.Status{Version: d.o.Version, Started: d.started, Events: len(s.view.Entries())}
	for _, f := range s.settings().Feeds {
		p, ok := s.view.Feed(f.Name)
		if !ok {
			continue
		}
		out.Feeds = append(out.Feeds, web.FeedStatus{
			Name: f.Name, Title: f.Title, Private: f.Private, Entries: p.Entries, Undated: p.Undated,
			Incomplete: p.Incomplete(), Octets: len(p.Plain), Modified: p.Modified,
		})
		for _, bad := range p.Problems {
			out.Invalid = append(out.Invalid, web.Invalid{Event: bad.Event, What: "left out of the feed " + f.Name + ": " + bad.What})
		}
	}
	for _, e := range s.view.Entries() {
		for _, names := range e.Contradictions {
			out.Invalid = append(out.Invalid, web.Invalid{Event: e.ID, What: "these cannot all hold: " + strings.Join(names, ", ")})
		}
	}
	states, err := d.outboxStates()
	if err != nil {
		out.Failure = "The outbox could not be read. The log of the daemon says why."
		d.o.Log.Error("count the notices", "err", err)
	}
	for state, n := range states {
		out.Outbox = append(out.Outbox, web.StateCount{State: string(state), N: n})
	}
	for _, ch := range d.dispatch.Status().Channels {
		out.Channels = append(out.Channels, web.ChannelStatus{
			Channel: ch.Channel, State: string(ch.State), Why: d.veil.hide(ch.Why), Due: ch.Due, Held: ch.Held,
			LastError: d.veil.hide(ch.LastError), LastSent: ch.LastSent,
		})
	}
	out.Sort()
	return out
}

// readiness reports whether everything works, and what the last reading of the files came to.
func (d *Daemon) readiness() web.Readiness {
	_, _, err := d.db.Next()
	s := d.state.Load()
	checks, ready := d.examine(err)
	r := web.Readiness{Ready: ready, Errors: s.verdict.Errors, Restart: s.verdict.Restart, Banner: s.banner}
	r.ReloadedAt, _ = time.Parse(time.RFC3339, s.verdict.At) // we wrote it
	for _, k := range checks {
		r.Checks = append(r.Checks, web.Check{Name: k.Name, OK: k.OK, Words: k.Words})
	}
	return r
}

// seen returns the calendar as the readers of a sight may see it. The pages have no other way to
// it.
func (d *Daemon) seen(sight calendar.Sight) (web.Calendar, error) {
	v, err := d.state.Load().view.For(sight)
	if err != nil {
		return nil, err
	}
	return page{v, d.o.Log}, nil
}

// privateFeed returns what the readers may see of the feed that a secret address leads to.
func (d *Daemon) privateFeed(id, secret, name string) (web.Calendar, bool) {
	if !d.addresses.Open(id, secret, name, d.o.Now()) {
		return nil, false
	}
	v, ok, err := d.state.Load().view.ForFeed(name)
	if err != nil {
		d.o.Log.Error("read the calendar for a private feed", "err", err)
	}
	return page{v, d.o.Log}, ok && err == nil
}
