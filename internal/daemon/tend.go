package daemon

import (
	"context"
	"slices"
	"time"

	"attache/internal/agenda"
	"attache/internal/schedule"
)

// tendJob looks every hour at what time alone changes: events that nobody answered for
// lapse, and the coming days of what comes again are planned.
func (d *Daemon) tendJob() schedule.Job {
	spec, err := schedule.Parse("@hourly", time.UTC)
	if err != nil {
		panic(err) // it is a constant
	}
	return schedule.Job{Name: "what time changes", Spec: spec, Run: func(_ context.Context, now time.Time) { d.tend(now) }}
}

// tend records what time alone changed up to now. The files are not read again.
func (d *Daemon) tend(now time.Time) {
	d.reloading.Lock()
	defer d.reloading.Unlock()
	s := d.now.Load()
	due, err := d.book.stirs(s, d.shown.Load().entries, now)
	if err == nil && due {
		var r reading
		if r, err = d.book.age(s, now); err == nil {
			d.shown.Store(r.snapshot)
			for _, rev := range r.revised {
				d.o.Log.Info("event revised", "event", rev.Event.ID, "revision", rev.Number,
					"changed", rev.Changed, "by", rev.Author.String())
			}
		}
	}
	if err != nil {
		d.o.Log.Error("record what time changed", "err", err)
	}
	d.loop.Wake()
}

// stirs reports whether time alone changes anything at now: an event lapses, or a day has
// passed since what comes again was planned.
func (b *book) stirs(s *settings, list []agenda.Entry, now time.Time) (bool, error) {
	again := slices.ContainsFunc(list, func(e agenda.Entry) bool { return e.Series != nil })
	if again && now.Sub(b.planned) >= 24*time.Hour {
		return true, nil
	}
	at, err := b.nextLapse(s, list, now)
	return !at.IsZero() && !at.After(now), err
}
