package daemon

import (
	"context"
	"time"

	"attache/internal/calendar"
	"attache/internal/schedule"
)

// jobs returns what recurs. One that was missed while no daemon ran is made up for, once.
func (d *Daemon) jobs() []schedule.Job {
	s := d.state.Load()
	out := append(d.followJobs(s), d.daily(s), d.hourly())
	for _, g := range s.settings().Digests {
		since, err := d.calendar.LastDigest(g.Name)
		if err != nil {
			d.o.Log.Error("ask when a digest was last written", "digest", g.Name, "err", err)
		}
		out = append(out, schedule.Job{Name: g.Name, Spec: g.Spec, Since: since, Run: func(_ context.Context, now time.Time) { d.writeDigest(g, now) }})
	}
	return out
}

// writeDigest records a digest that is due.
func (d *Daemon) writeDigest(g calendar.Digest, now time.Time) {
	d.changing.Lock()
	defer d.changing.Unlock()
	if err := d.calendar.WriteDigest(g, lastBefore(g.Spec, now), now); err != nil {
		d.o.Log.Error("write a digest", "err", err)
	}
	d.loop.Wake()
}

// lastBefore returns the last instant up to now at which s was due.
func lastBefore(s schedule.Spec, now time.Time) time.Time {
	const longest = 32 * 24 * time.Hour
	last := now
	for at := s.Next(now.Add(-longest)); !at.IsZero() && !at.After(now); at = s.Next(at) {
		last = at
	}
	return last
}

// hourly records what time alone changes: events that nobody answered for lapse, and the
// coming days of series are planned.
func (d *Daemon) hourly() schedule.Job {
	return schedule.Job{Name: "what time changes", Spec: mustParse("@hourly", time.UTC), Run: func(_ context.Context, now time.Time) {
		d.changing.Lock()
		defer d.changing.Unlock()
		applied, changed, err := d.calendar.Age(now)
		if err != nil {
			d.o.Log.Error("record what time changed", "err", err)
		}
		if changed {
			d.change(func(next *state) { next.view = applied.View })
			d.logRevised(applied)
			d.logNotes(applied.Notes)
		}
		d.loop.Wake()
	}}
}

// daily makes the feeds anew at each midnight of the desk, since what they hold moves with
// the day.
func (d *Daemon) daily(s *state) schedule.Job {
	return schedule.Job{Name: "feeds of the day", Spec: mustParse("0 0 * * *", s.settings().Location), Run: func(_ context.Context, now time.Time) {
		d.changing.Lock()
		defer d.changing.Unlock()
		view, notes, err := d.calendar.Publish(now)
		d.logNotes(notes)
		if err != nil {
			d.o.Log.Error("make the feeds of a new day; those of the last one are served", "err", err)
			return
		}
		d.change(func(next *state) { next.view = view })
	}}
}

// mustParse reads a spec that is a constant.
func mustParse(spec string, loc *time.Location) schedule.Spec {
	s, err := schedule.Parse(spec, loc)
	if err != nil {
		panic(err) // a test parses each
	}
	return s
}
