package daemon

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"attache/internal/calendar"
	"attache/internal/config"
	"attache/internal/control"
	"attache/internal/event"
	"attache/internal/fetch"
	"attache/internal/schedule"
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
		if from, _, err := place(f, d.o.Env); have.At.IsZero() || err == nil && have.From != "" && have.From != from {
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
// fetched or relied on changes nothing, and is said once as long as it is the same.
func (d *Daemon) refresh(ctx context.Context, f config.Follow, now time.Time) {
	changed, err := d.fetch(ctx, f, now)
	if ctx.Err() != nil {
		return
	}
	last, _ := d.followed.Swap(f.Name, fetchResult{now, err})
	was, _ := last.(fetchResult)
	switch {
	case err != nil && (was.err == nil || was.err.Error() != err.Error()):
		d.o.Log.Warn("a calendar could not be followed: what it said last stays", "follow", f.Name, "err", err)
	case err == nil && was.err != nil:
		d.o.Log.Info("a calendar is followed again", "follow", f.Name)
	}
	if !changed && (err != nil || was.err == nil) { // what could not be taken is tried again
		return
	}
	d.changing.Lock()
	defer d.changing.Unlock()
	if err := d.take(d.state.Load().config); err != nil {
		d.followed.Store(f.Name, fetchResult{now, err})
		d.o.Log.Error("take what a calendar says", "follow", f.Name, "err", err)
		return
	}
	d.loop.Wake()
}

// fetchResult is how the last look at a calendar went.
type fetchResult struct {
	at  time.Time
	err error
}

// followChecks returns of each calendar that is followed how the last look at it went, and what
// is to be known of what it said last.
func (d *Daemon) followChecks() []control.Check {
	var out []control.Check
	s := d.state.Load()
	for _, f := range s.config.Follow {
		c := control.Check{Name: "follow " + f.Name, OK: true, Words: "not looked at since the start"}
		if v, ok := d.followed.Load(f.Name); ok {
			r := v.(fetchResult)
			c.OK, c.Words = r.err == nil, "read at "+r.at.UTC().Format(time.RFC3339)
			if r.err != nil {
				c.Words = fmt.Sprintf("%v, at %s; what it said last stays", r.err, r.at.UTC().Format(time.RFC3339))
			}
		}
		if found := s.reading(f.Name).Found; len(found) > 0 {
			c.Words += "; " + found[0].String()
			if n := len(found); n > 1 {
				c.Words += fmt.Sprintf(", and %d more in the log", n-1)
			}
		}
		if notes := s.reading(f.Name).NotesWords(); notes != "" {
			c.Words += "; " + notes
		}
		out = append(out, c)
	}
	return out
}

// tellFollowed logs what is to be known of the calendars that are followed, of each what was
// not so at the reading before.
func (d *Daemon) tellFollowed(before *state, now []calendar.Followed) {
	for _, f := range now {
		f = f.Since(before.reading(f.Name))
		for _, what := range f.Found {
			d.o.Log.Warn("in a calendar that is followed", "follow", f.Name, "found", what.String())
		}
		if len(f.Notes) > 0 {
			d.o.Log.Info("in a calendar that is followed", "follow", f.Name, "notes", len(f.Notes), "first", f.NotesWords())
		}
	}
}

// fetch keeps the calendar if it changed.
func (d *Daemon) fetch(ctx context.Context, f config.Follow, now time.Time) (changed bool, err error) {
	have, known, err := d.fetched(f.Name)
	if err != nil {
		return false, err
	}
	from, address, err := place(f, d.o.Env)
	if err != nil {
		return false, err
	}
	how := f.Followed()
	var has fetch.Validators
	if known && from == have.From && how.Reliable(have.Body) {
		has = fetch.Validators{ETag: have.ETag, LastModified: have.LastModified}
	}
	got, err := d.get(ctx, f, address, has)
	if err != nil || got.Unchanged {
		return false, err
	}
	next, err := how.Take(have, known, got.Body, from, now)
	if err != nil {
		return false, err
	}
	next.ETag, next.LastModified = got.ETag, got.LastModified
	changed = !known || !bytes.Equal(got.Body, have.Body)
	if !changed && from == have.From && got.Validators == has {
		return false, nil
	}
	return changed, d.db.Update(func(tx *store.Tx) error { return tx.PutFollowed(f.Name, next) })
}

// place returns a name for where the calendar is read, which tells nobody the address, and
// the address, "" for a file.
func place(f config.Follow, env func(string) string) (from, address string, err error) {
	where := f.File
	if where == "" {
		secret, err := f.Address(env)
		if err != nil {
			return "", "", err
		}
		address = secret.Reveal()
		where = address
	}
	sum := sha256.Sum256([]byte(where))
	return hex.EncodeToString(sum[:8]), address, nil
}

// get reads the calendar from its address or its file.
func (d *Daemon) get(ctx context.Context, f config.Follow, address string, have fetch.Validators) (fetch.Response, error) {
	if f.File != "" {
		body, err := d.files.read(ctx, f.File, func() ([]byte, error) { return d.readFile(f) })
		return fetch.Response{Body: body}, err
	}
	return fetch.Client{Agent: "attache/" + d.o.Version, Local: f.Local}.Get(ctx, address, have)
}
