package schedule

import (
	"context"
	"time"
)

// Job is something to do whenever a spec fires.
//
// Occurrences that went by unseen, because the clock jumped over them, the
// machine slept or the job was still at work on the one before, are made up
// for by one run, not by one each. After a step back, an occurrence that was
// dealt with does not come again. A job never runs beside itself; cron's
// SkipIfStillRunning would do that too, but lose the occurrence.
type Job struct {
	// Name tells jobs apart, in the log and from one SetJobs to the next.
	Name string

	// Spec is when the job runs.
	Spec Spec

	// Since is the wall-clock instant up to which occurrences were dealt with
	// before, for instance by the last process; what fell between is made up
	// for. The zero time means: when the job is first set.
	Since time.Time

	// Run does the work, on a goroutine of its own. now is the wall clock in
	// UTC when it began, at or after the occurrence.
	Run func(ctx context.Context, now time.Time)
}

// recurring is a job and how far it has come. Loop.mu guards it.
type recurring struct {
	Job
	dealt   time.Time // occurrences up to here are dealt with
	due     time.Time // the first one after that; zero for never
	running bool
}

// settle records that all occurrences up to t are dealt with.
func (r *recurring) settle(t time.Time) {
	r.dealt = t
	r.due = r.Spec.Next(t)
}

// farBack is how far the wall clock may fall behind what was dealt with and
// still be believed to catch up. People correct clocks by hours; a difference
// of days means that the clock was wrong before, and waiting for it could
// silence a job for years.
const farBack = 48 * time.Hour

// claim reports whether r is to run now, and if so marks it running and all
// its occurrences so far dealt with.
func (r *recurring) claim(now time.Time) bool {
	if r.dealt.Sub(now) > farBack {
		r.settle(now)
	}
	if r.running || r.due.IsZero() || r.due.After(now) {
		return false
	}
	r.settle(now)
	r.running = true
	return true
}

// SetJobs puts these jobs in place of the ones before. A job that keeps its
// name and spec also keeps what it has dealt with; one whose spec changed
// begins anew now. A job that is left out finishes the run it is in.
// Names are meant to differ.
func (l *Loop) SetJobs(jobs []Job) {
	now := l.cfg.Now().Round(0).UTC()
	l.mu.Lock()
	defer l.mu.Unlock()
	before := make(map[string]*recurring, len(l.jobs))
	for _, r := range l.jobs {
		before[r.Name] = r
	}
	l.jobs = make([]*recurring, 0, len(jobs))
	for _, j := range jobs {
		l.jobs = append(l.jobs, replace(before[j.Name], j, now))
		delete(before, j.Name) // a second job of that name is another one
	}
	for _, r := range before {
		if r.running { // remembered without a spec, lest it run beside itself when it comes back
			r.Spec, r.due = Spec{}, time.Time{}
			l.jobs = append(l.jobs, r)
		}
	}
	l.Wake()
}

// replace returns the job with the memory of its forerunner, nil for none.
func replace(old *recurring, j Job, now time.Time) *recurring {
	if old == nil {
		r := &recurring{Job: j}
		since := j.Since
		if since.IsZero() {
			since = now
		}
		r.settle(since)
		return r
	}
	kept := old.Spec.same(j.Spec)
	old.Job = j
	if !kept {
		old.settle(now)
	}
	return old
}

// startJobs starts every job that is due.
func (l *Loop) startJobs(ctx context.Context, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, r := range l.jobs {
		if r.claim(now) {
			l.startJob(ctx, now, r, r.Job)
		}
	}
}

// startJob runs the job as it stands now, whatever SetJobs makes of r
// meanwhile.
func (l *Loop) startJob(ctx context.Context, now time.Time, r *recurring, j Job) {
	l.tasks.Go(func() {
		l.guard("job "+j.Name, func() { j.Run(ctx, now) })
		l.mu.Lock()
		r.running = false
		l.mu.Unlock()
	})
}
