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
)

// followJobs returns the fetches that recur.
func (d *Daemon) followJobs(s *state) []schedule.Job {
	var out []schedule.Job
	for _, f := range s.config.Follow {
		spec, err := schedule.Parse(f.Cron, s.settings().Location)
		if err != nil {
			d.o.Log.Error("follow a calendar", "follow", f.Name, "err", err) // it was checked where it was read
			continue
		}
		have, _, err := d.fetched(f.Name)
		if err != nil {
			d.o.Log.Error("ask when a calendar was last fetched", "follow", f.Name, "err", err)
		}
		if have.At.IsZero() {
			have.At = d.o.Now().Add(-neverFetched) // at once
		}
		out = append(out, schedule.Job{Name: event.FollowOrigin + f.Name, Spec: spec, Since: have.At, Run: func(ctx context.Context, now time.Time) {
			d.refresh(ctx, f, now)
		}})
	}
	return out
}

// fetched returns the calendar called name as it was last fetched, and false where it never
// was.
func (d *Daemon) fetched(name string) (have store.Followed, known bool, err error) {
	err = d.db.View(func(tx *store.Tx) error {
		have, known, err = tx.Followed(name)
		return err
	})
	return have, known, err
}

// rereadFollowed reads the calendars that are files again after each reload, until ctx
// ends: one of them may be what changed.
func (d *Daemon) rereadFollowed(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-d.reread:
		}
		for _, f := range d.state.Load().config.Follow {
			if f.File != "" {
				d.guarded("reading the calendar "+f.Name, func() { d.refresh(ctx, f, d.o.Now()) })
			}
		}
	}
}

// neverFetched is how long ago a calendar that was never fetched is taken for fetched:
// any spec fires once in that time.
const neverFetched = 366 * 24 * time.Hour

// refresh fetches a calendar, and reads everything again if it changed. What can't be
// fetched or read changes nothing.
func (d *Daemon) refresh(ctx context.Context, f config.Follow, now time.Time) {
	changed, err := d.fetch(ctx, f, now)
	if ctx.Err() == nil {
		d.followed.Store(f.Name, fetchResult{now, err})
	}
	switch {
	case err != nil && ctx.Err() == nil:
		d.o.Log.Warn("a calendar could not be followed: what it said last stays", "follow", f.Name, "err", err)
	case err == nil && changed:
		d.changing.Lock()
		defer d.changing.Unlock()
		if err := d.take(d.state.Load().config); err != nil {
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
	for _, f := range d.state.Load().config.Follow {
		c := control.Check{Name: "follow " + f.Name, OK: true, Words: "not looked at since the start"}
		if v, ok := d.followed.Load(f.Name); ok {
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
func (d *Daemon) fetch(ctx context.Context, f config.Follow, now time.Time) (changed bool, err error) {
	have, known, err := d.fetched(f.Name)
	if err != nil {
		return false, err
	}
	got, err := get(ctx, f, fetch.Validators{ETag: have.ETag, LastModified: have.LastModified}, d.o.Version)
	if err != nil || got.Unchanged || known && sha256.Sum256(got.Body) == sha256.Sum256(have.Body) {
		return false, err
	}
	foreign, found, err := ical.Parse(got.Body, f.Reading())
	if err != nil {
		return false, err
	}
	for _, what := range found {
		d.o.Log.Warn("in a calendar that is followed", "follow", f.Name, "found", what.String())
	}
	if len(foreign.Events) == 0 {
		if before, _, _ := ical.Parse(have.Body, f.Reading()); len(before.Events) > 0 {
			return false, errors.New("it has no events any more, which is taken for a mistake of theirs")
		}
	}
	return true, d.db.Update(func(tx *store.Tx) error {
		return tx.PutFollowed(f.Name, store.Followed{Body: got.Body, ETag: got.ETag, LastModified: got.LastModified, At: now})
	})
}

// get reads the calendar from its address or its file.
func get(ctx context.Context, f config.Follow, have fetch.Validators, version string) (fetch.Response, error) {
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
