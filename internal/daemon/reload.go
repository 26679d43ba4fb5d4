package daemon

import (
	"context"
	"errors"
	"time"

	"attache/internal/config"
	"attache/internal/control"
)

// Reload reads the files again. A reading that fails changes nothing: what held
// goes on to hold, and the verdict says what is wrong. The address and the data
// folder stay as they were at the start.
func (d *Daemon) Reload(context.Context) error {
	d.reloading.Lock()
	defer d.reloading.Unlock()
	d.notify(reloadingState())
	defer d.notify("READY=1")
	d.watch.note(d.watch.files())
	err := d.guard("reading the files", func() error {
		c, err := config.Load(d.o.ConfigPath)
		if err == nil {
			err = d.take(c)
		}
		return err
	})
	if err != nil {
		d.refuse(err)
		return err
	}
	d.loop.SetJobs(d.jobs())
	d.dispatch.Unpark()
	d.loop.Wake()
	d.rereadFollowed()
	d.askAgain()
	return nil
}

// take makes c the configuration that holds, if all of it can be.
func (d *Daemon) take(c *config.Config) error {
	s, err := settle(c, d.o.Log)
	if err != nil {
		return err
	}
	hired, err := hire(c, d.o, d.screen, d.db.Install())
	if err != nil {
		return err
	}
	if err := d.book.missing(c); err != nil {
		return err
	}
	now := d.o.Now()
	held, sent := d.now.Load(), d.hired.Load()
	r, err := d.book.apply(s, now, func() {
		d.now.Store(s)
		d.hired.Store(hired)
	})
	if err != nil {
		d.now.Store(held)
		d.hired.Store(sent)
		return err
	}
	d.config.Store(c)
	d.shown.Store(r.snapshot)
	d.verdict.Store(&control.Verdict{At: now.UTC().Format(time.RFC3339), OK: true, Errors: []string{}})
	d.counts.taken.Add(1)
	d.counts.takenAt.Store(now.Unix())
	d.tell(c, r)
	return nil
}

// tell logs what a reading changed, one line for each event.
func (d *Daemon) tell(c *config.Config, r reading) {
	for _, w := range c.Warnings {
		d.o.Log.Warn(w.Error())
	}
	d.tellOdd(c, r)
	if r.first {
		d.o.Log.Info("read the calendar for the first time", "events", len(r.revised))
		return
	}
	for _, rev := range r.revised {
		d.o.Log.Info("event revised", "event", rev.Event.ID, "revision", rev.Number,
			"changed", rev.Changed, "by", rev.Author.String())
	}
	d.o.Log.Info("read the files", "events", len(c.Calendar.Events), "revised", len(r.revised))
}

// refuse records that a reading failed.
func (d *Daemon) refuse(err error) {
	d.counts.refused.Add(1)
	v := control.Verdict{At: d.o.Now().UTC().Format(time.RFC3339)}
	var found config.Errors
	if errors.As(err, &found) {
		for _, e := range found {
			v.Errors = append(v.Errors, e.Error())
		}
	} else {
		v.Errors = []string{err.Error()}
	}
	d.verdict.Store(&v)
	for _, e := range v.Errors {
		d.o.Log.Error(e)
	}
	d.o.Log.Error("the files were not taken: the last good state stays", "errors", len(v.Errors))
}
