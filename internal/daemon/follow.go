package daemon

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"attache/internal/config"
	"attache/internal/control"
	"attache/internal/event"
	"attache/internal/fetch"
	"attache/internal/schedule"
	"attache/internal/source/ical"
	"attache/internal/store"
	"attache/internal/when"
)

// followed is a calendar of somebody else whose events become ours. What was fetched
// is kept as it came; every reading makes events of it anew, so that a change of the
// settings or of attache itself takes hold of what is there already.
type followed struct {
	config.Follow
	spec schedule.Spec
	how  ical.Options
}

// author says who declares e.
func author(e event.Event) event.Author {
	if name := e.Followed(); name != "" {
		return event.Author{Via: "import", Name: name}
	}
	return event.Author{Via: "file", Name: e.Origin.String()}
}

// settleFollow makes settings of the calendars that are followed.
func settleFollow(c *config.Config, loc *time.Location) ([]followed, error) {
	var out []followed
	for _, f := range c.Follow {
		spec, err := schedule.Parse(f.Cron, loc)
		if err != nil {
			return nil, fmt.Errorf("follow %q: %w", f.Name, err)
		}
		out = append(out, followed{f, spec, ical.Options{
			Source: f.Name, Prefix: f.Name, Zone: f.Timezone, Kind: f.Kind, Topics: f.Topics, Trusted: f.Trusted, Certainty: f.Certainty,
		}})
	}
	return out, nil
}

// declarations returns what the files and the calendars that are followed say now, and
// the ids of those that come from a calendar which was not followed before: they are
// no news.
func declarations(tx *store.Tx, s *settings, now time.Time) (list []event.Event, calm map[string]bool, err error) {
	if len(s.follow) == 0 {
		return s.events, nil, nil
	}
	taken, calm := make(map[string]bool), make(map[string]bool)
	for _, e := range s.events {
		taken[e.ID] = true
	}
	list = append(list, s.events...)
	earlier, err := declaredBefore(tx)
	if err != nil {
		return nil, nil, err
	}
	for _, f := range s.follow {
		events, err := f.events(tx, s, earlier[f.Name], now)
		if err != nil {
			return nil, nil, fmt.Errorf("follow %q: %w", f.Name, err)
		}
		for _, e := range events {
			if taken[e.ID] {
				s.warn("an event of a calendar is left out: another one has its id", "follow", f.Name, "event", e.ID)
				continue
			}
			taken[e.ID] = true
			calm[e.ID] = len(earlier[f.Name]) == 0
			list = append(list, e)
		}
	}
	return list, calm, nil
}

// declaredBefore returns what each calendar declared at the last reading.
func declaredBefore(tx *store.Tx) (map[string][]event.Event, error) {
	out := make(map[string][]event.Event)
	err := tx.Bases(func(e event.Event) error {
		if name := e.Followed(); name != "" {
			out[name] = append(out[name], e)
		}
		return nil
	})
	return out, err
}

// events returns the events of the calendar as it was last fetched. Many calendars drop
// what has passed: that stays as it was.
func (f followed) events(tx *store.Tx, s *settings, earlier []event.Event, now time.Time) ([]event.Event, error) {
	kept, fetched, err := tx.Followed(f.Name)
	if err != nil || !fetched {
		return earlier, err
	}
	got, _, err := ical.Parse(kept.Body, f.how)
	if err != nil {
		return nil, err
	}
	out := make([]event.Event, 0, len(got.Events))
	there, known := make(map[string]bool, len(got.Events)), make(map[string]bool, len(earlier))
	for _, e := range earlier {
		known[e.ID] = true
	}
	for _, e := range got.Events {
		one := e
		one.Origin.File = event.FollowOrigin + f.Name
		if one.Zone == "" {
			one.Zone = s.timezone
		}
		there[one.ID] = true
		if !passed(one, now) || known[one.ID] {
			out = append(out, one) // what was over before it was ever seen is no news
		}
	}
	for _, e := range earlier {
		if !there[e.ID] && passed(e, now) {
			out = append(out, e)
		}
	}
	if src := s.sources[f.Name]; f.Title == "" && got.Title != "" {
		src.Title = got.Title
		s.sources[f.Name] = src
	}
	return out, nil
}

// passed reports whether all that was stated of e lies behind.
func passed(e event.Event, now time.Time) bool {
	w := when.Unknown(e.Zone)
	for _, st := range e.When {
		w, _ = w.Intersect(st.Expr.Window(e.Zone, ""))
	}
	end, known := w.End()
	return known && end.Before(now)
}

// followJobs returns the fetches that recur.
func (d *Daemon) followJobs() []schedule.Job {
	var out []schedule.Job
	for _, f := range d.now.Load().follow {
		var kept store.Followed
		err := d.db.View(func(tx *store.Tx) (err error) {
			kept, _, err = tx.Followed(f.Name)
			return err
		})
		if err != nil {
			d.o.Log.Error("ask when a calendar was last fetched", "follow", f.Name, "err", err)
		}
		if kept.At.IsZero() {
			kept.At = d.o.Now().Add(-neverFetched) // at once
		}
		out = append(out, schedule.Job{Name: event.FollowOrigin + f.Name, Spec: f.spec, Since: kept.At, Run: func(ctx context.Context, now time.Time) {
			d.refresh(ctx, f, now)
		}})
	}
	return out
}

// rereadFollowed reads the calendars that are files again: one of them may be what
// changed. It does not wait for them.
func (d *Daemon) rereadFollowed() {
	for _, f := range d.now.Load().follow {
		if f.File != "" {
			d.running.Go(func() {
				d.guarded("reading the calendar "+f.Name, func() { d.refresh(context.Background(), f, d.o.Now()) })
			})
		}
	}
}

// neverFetched is how long ago a calendar that was never fetched is taken for fetched:
// any spec fires once in that time.
const neverFetched = 366 * 24 * time.Hour

// refresh fetches a calendar, and reads everything again if it changed. What can't be
// fetched or read changes nothing.
func (d *Daemon) refresh(ctx context.Context, f followed, now time.Time) {
	changed, err := d.fetch(ctx, f, now)
	if ctx.Err() == nil {
		d.lookedAt.Store(f.Name, fetchResult{now, err})
	}
	switch {
	case err != nil && ctx.Err() == nil:
		d.o.Log.Warn("a calendar could not be followed: what it said last stays", "follow", f.Name, "err", err)
	case err == nil && changed:
		d.reloading.Lock()
		defer d.reloading.Unlock()
		if err := d.take(d.config.Load()); err != nil {
			d.o.Log.Error("take what a calendar says", "follow", f.Name, "err", err)
			return
		}
		d.loop.Wake()
	}
}

// fetchResult is how the last look at a calendar went.
type fetchResult struct {
	at  time.Time
	err error
}

// followChecks says of each calendar that is followed how the last look at it went.
func (d *Daemon) followChecks() []control.Check {
	var out []control.Check
	for _, f := range d.now.Load().follow {
		c := control.Check{Name: "follow " + f.Name, OK: true, Words: "not looked at since the start"}
		if v, ok := d.lookedAt.Load(f.Name); ok {
			r := v.(fetchResult)
			c.OK, c.Words = r.err == nil, "read at "+r.at.UTC().Format(time.RFC3339)
			if r.err != nil {
				c.Words = fmt.Sprintf("%v, at %s; what it said last stays", r.err, r.at.UTC().Format(time.RFC3339))
			}
		}
		out = append(out, c)
	}
	return out
}

// fetch keeps the calendar if it changed.
func (d *Daemon) fetch(ctx context.Context, f followed, now time.Time) (changed bool, err error) {
	var have store.Followed
	var known bool
	if err := d.db.View(func(tx *store.Tx) (err error) { have, known, err = tx.Followed(f.Name); return err }); err != nil {
		return false, err
	}
	got, err := f.get(ctx, fetch.Validators{ETag: have.ETag, LastModified: have.LastModified}, d.o.Version)
	if err != nil || got.Unchanged || known && sha256.Sum256(got.Body) == sha256.Sum256(have.Body) {
		return false, err
	}
	foreign, found, err := ical.Parse(got.Body, f.how)
	if err != nil {
		return false, err
	}
	for _, what := range found {
		d.o.Log.Warn("in a calendar that is followed", "follow", f.Name, "found", what.String())
	}
	if len(foreign.Events) == 0 {
		if before, _, _ := ical.Parse(have.Body, f.how); len(before.Events) > 0 {
			return false, errors.New("it has no events any more, which is taken for a mistake of theirs")
		}
	}
	return true, d.db.Update(func(tx *store.Tx) error {
		return tx.PutFollowed(f.Name, store.Followed{Body: got.Body, ETag: got.ETag, LastModified: got.LastModified, At: now})
	})
}

// get reads the calendar from its address or its file.
func (f followed) get(ctx context.Context, have fetch.Validators, version string) (fetch.Response, error) {
	if f.File != "" {
		body, err := f.Read()
		return fetch.Response{Body: body}, err
	}
	address, err := f.Address()
	if err != nil {
		return fetch.Response{}, err
	}
	return fetch.Client{Agent: "attache/" + version, Local: f.Local}.Get(ctx, address.Reveal(), have)
}
