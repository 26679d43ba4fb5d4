package daemon

import (
	"context"
	"fmt"
	"strings"
	"time"

	"attache/internal/agenda"
	"attache/internal/calendar"
	"attache/internal/change"
	"attache/internal/event"
	"attache/internal/web"
)

// page is the calendar as the pages show it.
type page struct {
	d    *Daemon
	past *calendar.View // nil is what holds now
}

func (p page) view() *calendar.View {
	if p.past != nil {
		return p.past
	}
	return p.d.state.Load().view
}

func (p page) Entries() []agenda.Entry                         { return p.view().Entries() }
func (p page) Sources() map[string]event.Source                { return p.view().Sources() }
func (p page) Zone() *time.Location                            { return p.view().Zone() }
func (p page) Domain() string                                  { return p.view().Domain() }
func (p page) Look(e agenda.Entry, now time.Time) agenda.Entry { return p.view().Look(e, now) }
func (p page) Revisions(id string) ([]event.Revision, error)   { return p.view().Revisions(id) }
func (p page) Readiness() web.Readiness                        { return p.d.readiness() }
func (p page) Status() web.Status                              { return p.d.status() }

// version names the state that is shown.
type version struct {
	view    *calendar.View
	verdict string
}

// Version returns what names the state that is shown.
func (p page) Version() any { return version{p.view(), p.d.state.Load().verdict.At} }

// As returns the calendar as it stood at an instant.
func (p page) As(at time.Time) (web.Past, error) {
	past, err := p.view().As(at)
	return page{p.d, past}, err
}

// Since returns when the first event was recorded.
func (p page) Since() time.Time {
	first, err := p.view().Since()
	if err != nil {
		p.d.o.Log.Error("read when the first event was recorded", "err", err)
	}
	return first
}

// Notices returns what was told of an event and what will be, in the order of time.
func (p page) Notices(id string) []web.Notice {
	list, err := p.view().EventNotices(id)
	if err != nil {
		p.d.o.Log.Error("read the notices of an event", "event", id, "err", err)
	}
	var out []web.Notice
	for _, n := range list {
		out = append(out, web.Notice{At: n.At, Kind: n.Kind, Lead: n.Lead, Channel: n.Channel, State: string(n.State)})
	}
	return out
}

// Changes returns what was changed, the newest first.
func (p page) Changes(f agenda.Filter, r change.Range) ([]change.View, error) {
	return p.view().Changes(context.Background(), f, r)
}

// Feeds returns the feeds that anybody may know of.
func (p page) Feeds() []web.FeedName {
	var out []web.FeedName
	for _, f := range p.view().Feeds() {
		out = append(out, web.FeedName{Name: f.Name, Title: f.Title})
	}
	return out
}

// Feed returns the feed called name as it is kept.
func (p page) Feed(name string) (web.Feed, bool) {
	f, ok := p.view().Feed(name)
	return served(f), ok
}

// Query returns a feed that somebody put together in its address.
func (p page) Query(q web.FeedQuery) (f web.Feed, ok bool) {
	defer func() {
		if v := recover(); v != nil {
			p.d.o.Log.Error("make a feed on request", "query", q.Key, "panic", fmt.Sprint(v))
			f, ok = web.Feed{}, false
		}
	}()
	made, ok := p.view().Query(calendar.FeedQuery(q))
	return served(made), ok
}

func served(f calendar.Published) web.Feed {
	return web.Feed{Plain: f.Plain, Gzip: f.Gzip, ETag: f.ETag, GzipETag: f.GzipETag, Modified: f.Modified, Private: f.Private}
}

// status says how attache does its work.
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
			Octets: len(p.Plain), Modified: p.Modified,
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
			Channel: ch.Channel, State: string(ch.State), Why: ch.Why, Due: ch.Due, Held: ch.Held,
			LastError: ch.LastError, LastSent: ch.LastSent,
		})
	}
	out.Sort()
	return out
}

// readiness says whether everything works, and what the last reading of the files came to.
func (d *Daemon) readiness() web.Readiness {
	_, _, err := d.db.Next()
	s := d.state.Load()
	checks := append(d.checks(), storeCheck(err))
	r := web.Readiness{Ready: well(checks), Errors: s.verdict.Errors}
	r.ReloadedAt, _ = time.Parse(time.RFC3339, s.verdict.At) // we wrote it
	for _, k := range checks {
		r.Checks = append(r.Checks, web.Check{Name: k.Name, OK: k.OK, Words: k.Words})
	}
	return r
}

// privateFeed returns the feed that a secret address leads to.
func (d *Daemon) privateFeed(id, secret, name string) (web.Feed, bool) {
	if !d.addresses.Open(id, secret, name, d.o.Now()) {
		return web.Feed{}, false
	}
	p, ok := d.state.Load().view.Feed(name)
	return served(p), ok && p.Private
}
