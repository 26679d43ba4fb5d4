package schedule_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"attache/internal/schedule"
)

// runs records when a job ran.
type runs struct {
	mu sync.Mutex
	at []time.Time
}

func (r *runs) run(_ context.Context, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.at = append(r.at, now)
}

// want asserts when the job ran, as RFC 3339 in UTC without a fraction.
func (r *runs) want(t *testing.T, want ...string) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	var got []string
	for _, at := range r.at {
		got = append(got, at.Format("2006-01-02T15:04:05Z07:00"))
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("ran at\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// job returns a job under test, in UTC.
func job(t *testing.T, spec string, run func(context.Context, time.Time)) schedule.Job {
	t.Helper()
	return schedule.Job{Name: spec, Spec: parse(t, spec, time.UTC), Run: run}
}

func TestJob_AtItsInstants(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, r := newWall(), new(runs)
		start(t, schedule.Config{Now: w.now, Period: time.Hour, Jobs: []schedule.Job{job(t, "*/20 * * * *", r.run)}})
		time.Sleep(50 * time.Minute)
		r.want(t, "2026-03-02T12:20:00Z", "2026-03-02T12:40:00Z")
	})
}

func TestJob_DailyFor130Days(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWall()
		ny := zone(t, "America/New_York")
		days := make(map[string]int)
		l := start(t, schedule.Config{Now: w.now, Period: time.Minute, Jobs: []schedule.Job{{
			Name: "daily",
			Spec: parse(t, "30 2 * * *", ny), // not there on 8 March 2026
			Run:  func(_ context.Context, now time.Time) { days[now.In(ny).Format(time.DateOnly)]++ },
		}}})
		time.Sleep(130 * 24 * time.Hour)
		l.stop()
		if len(days) != 130 {
			t.Errorf("ran on %d of 130 days", len(days))
		}
		for day, n := range days {
			if n != 1 {
				t.Errorf("ran %d times on %s", n, day)
			}
		}
	})
}

func TestJob_JumpedOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, r := newWall(), new(runs)
		start(t, schedule.Config{Now: w.now, Jobs: []schedule.Job{job(t, "*/10 * * * *", r.run)}})
		time.Sleep(5*time.Minute + 500*time.Millisecond)
		w.step(time.Hour)
		time.Sleep(7 * time.Minute)
		r.want(t, "2026-03-02T13:05:01Z", "2026-03-02T13:10:00Z")
	})
}

func TestJob_AfterABackwardStep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, r := newWall(), new(runs)
		start(t, schedule.Config{Now: w.now, Jobs: []schedule.Job{job(t, "0 * * * *", r.run)}})
		time.Sleep(65 * time.Minute)
		w.step(-time.Hour) // 13:05 becomes 12:05
		time.Sleep(2 * time.Hour)
		r.want(t, "2026-03-02T13:00:00Z", "2026-03-02T14:00:00Z")
	})
}

func TestJob_AfterAClockYearsAhead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, r := newWall(), new(runs)
		const years = 4 * 365 * 24 * time.Hour
		w.step(years)
		start(t, schedule.Config{Now: w.now, Jobs: []schedule.Job{job(t, "0 * * * *", r.run)}})
		time.Sleep(5 * time.Minute)
		w.step(-years)
		time.Sleep(time.Hour)
		r.want(t, "2026-03-02T13:00:00Z")
	})
}

func TestJob_MissedByTheLastProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, r, fresh := newWall(), new(runs), new(runs)
		owed := job(t, "0 8 * * *", r.run)
		owed.Since = epoch.Add(-72 * time.Hour)
		done := job(t, "0 9 * * *", fresh.run)
		done.Since = epoch.Add(-time.Hour)
		start(t, schedule.Config{Now: w.now, Jobs: []schedule.Job{owed, done}})
		time.Sleep(22 * time.Hour)
		r.want(t, "2026-03-02T12:00:00Z", "2026-03-03T08:00:00Z")
		fresh.want(t, "2026-03-03T09:00:00Z")
	})
}

func TestJob_SlowerThanItsSpec(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, r := newWall(), new(runs)
		var running atomic.Int32
		start(t, schedule.Config{Now: w.now, Jobs: []schedule.Job{job(t, "* * * * *", func(ctx context.Context, now time.Time) {
			if running.Add(1) > 1 {
				t.Error("the job runs beside itself")
			}
			r.run(ctx, now)
			if len(r.at) == 1 {
				time.Sleep(3*time.Minute + 29*time.Second + 500*time.Millisecond)
			}
			running.Add(-1)
		})}})
		time.Sleep(6*time.Minute + 30*time.Second)
		// What fell into the long run is made up for by one run after it.
		r.want(t, "2026-03-02T12:01:00Z", "2026-03-02T12:04:30Z", "2026-03-02T12:05:00Z", "2026-03-02T12:06:00Z")
	})
}

func TestJob_SlowBesideAScan(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, s := newWall(), new(items)
		at := epoch.Add(90 * time.Second)
		s.add(at)
		start(t, schedule.Config{Now: w.now, Next: s.next, Scan: s.scan, Jobs: []schedule.Job{
			job(t, "* * * * *", func(context.Context, time.Time) { time.Sleep(time.Hour) }),
		}})
		time.Sleep(2 * time.Minute)
		if got := s.once(t, at); !got.Equal(at) {
			t.Errorf("due %s, worked on at %s", at, got)
		}
	})
}

func TestRun_EndsDuringAJob(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWall()
		finished := false
		l := start(t, schedule.Config{Now: w.now, Jobs: []schedule.Job{
			job(t, "* * * * *", func(context.Context, time.Time) { time.Sleep(10 * time.Second); finished = true }),
		}})
		time.Sleep(62 * time.Second)
		l.stop()
		if !finished {
			t.Error("the job was not waited for")
		}
	})
}

func TestSetJobs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWall()
		kept, moved, dropped, added := new(runs), new(runs), new(runs), new(runs)
		named := func(name, spec string, r *runs) schedule.Job {
			return schedule.Job{Name: name, Spec: parse(t, spec, time.UTC), Run: r.run}
		}
		l := start(t, schedule.Config{Now: w.now, Period: time.Hour, Jobs: []schedule.Job{
			named("kept", "0 13 * * *", kept), named("moved", "0 13 * * *", moved), named("dropped", "0 15 * * *", dropped),
		}})
		time.Sleep(2 * time.Hour)
		l.SetJobs([]schedule.Job{
			named("kept", "0 13 * * *", kept), named("moved", "30 13,14 * * *", moved), named("added", "30 14 * * *", added),
		})
		time.Sleep(4 * time.Hour)
		kept.want(t, "2026-03-02T13:00:00Z")
		moved.want(t, "2026-03-02T13:00:00Z", "2026-03-02T14:30:00Z")
		dropped.want(t)
		added.want(t, "2026-03-02T14:30:00Z")
	})
}

func TestSetJobs_TakenOutAndPutBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWall()
		var running, ran atomic.Int32
		j := job(t, "* * * * *", func(context.Context, time.Time) {
			if running.Add(1) > 1 {
				t.Error("the job runs beside itself")
			}
			time.Sleep(150 * time.Second)
			running.Add(-1)
			ran.Add(1)
		})
		l := start(t, schedule.Config{Now: w.now, Jobs: []schedule.Job{j}})
		time.Sleep(70 * time.Second)
		l.SetJobs(nil)
		time.Sleep(10 * time.Second)
		l.SetJobs([]schedule.Job{j})
		time.Sleep(10 * time.Minute)
		if ran.Load() < 3 {
			t.Errorf("ran %d times", ran.Load())
		}
	})
}

func TestLoop_Panic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, after, s := newWall(), new(runs), new(items)
		at := epoch.Add(3*time.Minute + 30*time.Second)
		s.add(at)
		var log bytes.Buffer
		var mu sync.Mutex
		var counted []any
		broken := errors.New("the job broke")
		var scanned, asked bool
		l := start(t, schedule.Config{
			Now: w.now,
			Next: func() (time.Time, bool) {
				if !asked {
					asked = true
					panic("next broke")
				}
				return s.next()
			},
			Scan: func(ctx context.Context, now time.Time) {
				if !scanned {
					scanned = true
					panic("the scan broke")
				}
				s.scan(ctx, now)
			},
			Log:     slog.New(slog.NewTextHandler(&log, nil)),
			OnPanic: func(v any) { mu.Lock(); defer mu.Unlock(); counted = append(counted, v) },
			Jobs: []schedule.Job{job(t, "* * * * *", func(ctx context.Context, now time.Time) {
				after.run(ctx, now)
				if len(after.at) == 1 {
					panic(broken)
				}
			})},
		})
		time.Sleep(4*time.Minute + time.Second)
		l.stop()
		after.want(t, "2026-03-02T12:01:00Z", "2026-03-02T12:02:00Z", "2026-03-02T12:03:00Z", "2026-03-02T12:04:00Z")
		if late := s.once(t, at).Sub(at); late > time.Second {
			t.Errorf("after a broken scan the item came %s late", late)
		}
		mu.Lock()
		defer mu.Unlock()
		if len(counted) != 3 || counted[1] != any(broken) {
			t.Errorf("counted %v", counted)
		}
		lines := strings.Split(strings.TrimSpace(log.String()), "\n")
		if len(lines) != 3 {
			t.Fatalf("logged\n%s", log.String())
		}
		for i, what := range []string{`in="next due" err="next broke"`, `in="job * * * * *" err="the job broke"`, `in=scan err="the scan broke"`} {
			if !strings.Contains(lines[i], what) {
				t.Errorf("line %d is %s, want it to say %s", i+1, lines[i], what)
			}
		}
	})
}

func TestLoop_StepIsLogged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWall()
		var log bytes.Buffer
		l := start(t, schedule.Config{Now: w.now, Log: slog.New(slog.NewTextHandler(&log, nil))})
		time.Sleep(10 * time.Second)
		w.step(200 * time.Millisecond) // no more than a clock being set right
		time.Sleep(10 * time.Second)
		w.step(-time.Hour)
		time.Sleep(10 * time.Second)
		l.stop()
		if n := strings.Count(log.String(), "\n"); n != 1 || !strings.Contains(log.String(), "step=-1h0m0s") {
			t.Errorf("logged\n%s", log.String())
		}
	})
}
