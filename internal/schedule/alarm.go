package schedule

import (
	"time"

	"github.com/robfig/cron/v3"
)

// cron holds one entry for the next due instant and one for each recurring
// job, and all an entry does is ring. It is built anew whenever the instant or
// the jobs change or the clock steps: with a handful of entries that costs
// microseconds, however much is stored, and leaves one way to set an alarm.

// arm sets the alarms unless they stand as they should.
func (l *Loop) arm(next time.Time, stepped bool) {
	l.mu.Lock()
	changed := l.changed
	l.changed = false
	specs := make([]Spec, 0, len(l.jobs))
	for _, j := range l.jobs {
		specs = append(specs, j.Spec)
	}
	l.mu.Unlock()
	if l.cron != nil && !changed && !stepped && next.Equal(l.armed) {
		return
	}
	l.disarm()
	l.armed = next
	l.cron = cron.New(cron.WithLocation(time.UTC), cron.WithLogger(cron.DiscardLogger))
	if !next.IsZero() {
		l.cron.Schedule(once{now: l.cfg.Now, at: next}, cron.FuncJob(l.Wake))
	}
	for _, s := range specs {
		l.cron.Schedule(again{now: l.cfg.Now, spec: s}, cron.FuncJob(l.Wake))
	}
	l.cron.Start()
}

// disarm silences the alarms.
func (l *Loop) disarm() {
	if l.cron != nil {
		l.cron.Stop()
		l.cron = nil
	}
}

// once is the cron.Schedule of the next due instant. It answers how far off
// that is, counted from the time cron names: cron then sleeps just that long,
// whichever wall clock the loop goes by. The answer is strictly later than t,
// or zero, cron's never, once the instant has come: an entry that went on to
// name an instant past would be rung without pause while the scan is at work.
// What is left over then is the ticker's.
type once struct {
	now func() time.Time
	at  time.Time
}

// Next implements cron.Schedule.
func (o once) Next(t time.Time) time.Time { return translate(t, o.now().Round(0), o.at) }

// again is the cron.Schedule of a recurring job.
type again struct {
	now  func() time.Time
	spec Spec
}

// Next implements cron.Schedule.
func (a again) Next(t time.Time) time.Time {
	now := a.now().Round(0)
	return translate(t, now, a.spec.Next(now))
}

// translate turns an instant on the loop's clock, which reads now, into one on
// cron's, which reads t; zero if it is not to come.
func translate(t, now, at time.Time) time.Time {
	if !at.After(now) {
		return time.Time{}
	}
	return t.Add(at.Sub(now))
}
