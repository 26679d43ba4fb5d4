package schedule

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/robfig/cron/v3"
)

// Config says what a [Loop] drives. The loop calls Next, Scan and OnScan from
// one goroutine, one after the other; Now, OnPanic and the jobs from several.
type Config struct {
	// Now reads the wall clock; time.Now when nil.
	Now func() time.Time

	// Next returns the earliest instant at which something stored is due, be
	// it past or to come, and false if nothing is. It is asked on every pass
	// and should not do more than look up one key. Nil means never.
	Next func() (time.Time, bool)

	// Scan works on all that is due at now, in UTC. It is called when the
	// instant from Next has come, and again each period while Next still
	// names one that has. Jobs and OnScan wait for it.
	Scan func(ctx context.Context, now time.Time)

	// Period is how long the loop lets pass at most before it asks Next
	// again, on the monotonic clock; a second when zero.
	Period time.Duration

	// Log receives caught panics and clock steps; nothing is logged when nil.
	Log *slog.Logger

	// OnPanic, if set, is told what a scan, a job or Next panicked with, as
	// an error, once for each panic. It must not panic itself.
	OnPanic func(any)

	// OnScan, if set, is called at the end of every pass, at least once a
	// period, whether or not anything was due. A watchdog fed from here
	// notices a scan that hangs.
	OnScan func()

	// Jobs are the recurring jobs to begin with; see [Loop.SetJobs].
	Jobs []Job
}

// withDefaults fills in what was left out.
func (c Config) withDefaults() Config {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Next == nil {
		c.Next = func() (time.Time, bool) { return time.Time{}, false }
	}
	if c.Scan == nil {
		c.Scan = func(context.Context, time.Time) {}
	}
	if c.Period <= 0 {
		c.Period = time.Second
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.OnPanic == nil {
		c.OnPanic = func(any) {}
	}
	if c.OnScan == nil {
		c.OnScan = func() {}
	}
	return c
}

// Loop asks what is due and has it worked on. Each pass does the same few
// things: notice a clock step, start the jobs that are due, scan if something
// stored is due, say that it lives. A pass is made once a period, when the next
// thing is due, and after Wake.
//
// Its methods are safe for concurrent use.
type Loop struct {
	cfg   Config
	clock *clock
	ring  chan struct{}  // holds one ring; more say nothing new
	tasks sync.WaitGroup // running jobs

	mu   sync.Mutex
	jobs []*recurring
}

// New returns a loop at rest. Occurrences of its jobs count from now on.
func New(cfg Config) *Loop {
	cfg = cfg.withDefaults()
	l := &Loop{
		cfg:   cfg,
		clock: newClock(cfg.Now),
		ring:  make(chan struct{}, 1),
	}
	l.SetJobs(cfg.Jobs)
	return l
}

// Run makes passes, the first one at once, until ctx ends, and waits for the jobs that run then.
// ctx is handed to scans and jobs. A loop runs once.
func (l *Loop) Run(ctx context.Context) {
	defer l.tasks.Wait()
	for ctx.Err() == nil { // select alone would leave it to chance when the pause is over as well
		pause := l.pass(ctx)
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		case <-l.ring:
		}
	}
}

// Wake has the loop ask Next now, because an edit may have changed the answer.
// It returns at once.
func (l *Loop) Wake() {
	select {
	case l.ring <- struct{}{}:
	default: // a ring is waiting already
	}
}

// pass does what is due now, and returns the pause until the next pass.
func (l *Loop) pass(ctx context.Context) time.Duration {
	began := time.Now()
	now, step := l.clock.read()
	if step != 0 {
		l.cfg.Log.Warn("the wall clock was stepped or the machine slept",
			"step", step, "now", now)
	}
	l.startJobs(ctx, now)
	next := l.next()
	if !next.IsZero() && !next.After(now) {
		l.guard("scan", func() { l.cfg.Scan(ctx, now) })
		next = l.next()
	}
	l.guard("after a scan", l.cfg.OnScan)
	l.mu.Lock()
	defer l.mu.Unlock()
	pause := l.until(now, next, l.cfg.Period-time.Since(began))
	for _, j := range l.jobs {
		pause = l.until(now, j.due, pause)
	}
	return pause
}

// until shortens pause to end at the instant at, unless that had come by last, when
// what was due was worked on: what is due still waits for the period. The pause is
// measured on the monotonic clock, so that a step of the wall clock costs a period at
// the most.
func (l *Loop) until(last, at time.Time, pause time.Duration) time.Duration {
	if !at.After(last) {
		return pause
	}
	return min(pause, at.Sub(l.cfg.Now().Round(0)))
}

// next asks for the earliest due instant; zero is none.
func (l *Loop) next() (at time.Time) {
	l.guard("next due", func() {
		if t, ok := l.cfg.Next(); ok {
			at = t
		}
	})
	return at
}

// guard runs f and turns a panic into a log record and a count.
func (l *Loop) guard(what string, f func()) {
	cron.Recover(panics{l.cfg, what})(cron.FuncJob(f)).Run()
}

// panics is where cron's Recover reports to.
type panics struct {
	cfg  Config
	what string
}

// Info is part of cron.Logger and never of interest here.
func (panics) Info(string, ...any) {}

// Error receives the panic; cron adds the stack to the pairs.
func (p panics) Error(err error, _ string, pairs ...any) {
	p.cfg.Log.Error("caught a panic", append([]any{"in", p.what, "err", err}, pairs...)...)
	p.cfg.OnPanic(err)
}
