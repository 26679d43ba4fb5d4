package schedule_test

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"attache/internal/schedule"
)

// epoch is what the wall clock of these tests shows when a bubble begins.
var epoch = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// wall is a wall clock that can be set.
type wall struct{ ahead atomic.Int64 }

// newWall returns a wall clock that shows epoch.
func newWall() *wall {
	w := new(wall)
	w.step(time.Until(epoch))
	return w
}

func (w *wall) now() time.Time       { return time.Now().Add(time.Duration(w.ahead.Load())) }
func (w *wall) step(d time.Duration) { w.ahead.Add(int64(d)) }

// items stands in for the store: instants due, and when each was worked on.
type items struct {
	mu   sync.Mutex
	due  []time.Time
	done map[time.Time][]time.Time
}

func (s *items) add(at ...time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.due = append(s.due, at...)
	slices.SortFunc(s.due, time.Time.Compare)
}

func (s *items) next() (time.Time, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.due) == 0 {
		return time.Time{}, false
	}
	return s.due[0], true
}

func (s *items) scan(_ context.Context, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.done == nil {
		s.done = make(map[time.Time][]time.Time)
	}
	for len(s.due) > 0 && !s.due[0].After(now) {
		s.done[s.due[0]] = append(s.done[s.due[0]], now)
		s.due = s.due[1:]
	}
}

// once asserts that the item was worked on a single time, and returns when.
func (s *items) once(t *testing.T, at time.Time) time.Time {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.done[at]); n != 1 {
		t.Fatalf("the item due %s was worked on %d times", at, n)
	}
	return s.done[at][0]
}

// running is a loop that runs.
type running struct {
	*schedule.Loop
	cancel context.CancelFunc
	done   sync.WaitGroup
}

// start runs a loop until the test ends.
func start(t *testing.T, cfg schedule.Config) *running {
	ctx, cancel := context.WithCancel(t.Context())
	l := &running{Loop: schedule.New(cfg), cancel: cancel}
	l.done.Go(func() { l.Run(ctx) })
	t.Cleanup(l.stop)
	return l
}

// stop ends the passes and waits for what runs.
func (l *running) stop() {
	l.cancel()
	l.done.Wait()
}

func TestLoop_DueAtItsInstant(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, s := newWall(), new(items)
		at := epoch.Add(90*time.Second + 250*time.Millisecond)
		s.add(epoch.Add(-time.Hour), at)
		start(t, schedule.Config{Now: w.now, Next: s.next, Scan: s.scan, Period: time.Hour})
		time.Sleep(2 * time.Minute)
		if got := s.once(t, epoch.Add(-time.Hour)); !got.Equal(epoch) {
			t.Errorf("what was overdue at the start was worked on at %s", got)
		}
		if got := s.once(t, at); !got.Equal(at) {
			t.Errorf("due %s, worked on at %s", at, got)
		}
	})
}

func TestWake_AfterAnEdit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, s := newWall(), new(items)
		s.add(epoch.Add(24 * time.Hour))
		l := start(t, schedule.Config{Now: w.now, Next: s.next, Scan: s.scan, Period: time.Hour})
		time.Sleep(time.Minute)
		at := epoch.Add(5 * time.Minute)
		s.add(at)
		l.Wake()
		l.Wake()
		time.Sleep(10 * time.Minute)
		if got := s.once(t, at); !got.Equal(at) {
			t.Errorf("due %s, worked on at %s", at, got)
		}
	})
}

func TestLoop_EditWithoutWake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, s := newWall(), new(items)
		start(t, schedule.Config{Now: w.now, Next: s.next, Scan: s.scan})
		time.Sleep(10*time.Second + 300*time.Millisecond)
		at := epoch.Add(10 * time.Second)
		added := w.now()
		s.add(at)
		time.Sleep(2 * time.Second)
		if late := s.once(t, at).Sub(added); late > time.Second {
			t.Errorf("noticed %s late", late)
		}
	})
}

func TestLoop_ForwardStep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, s := newWall(), new(items)
		jumped, after := epoch.Add(30*time.Minute), epoch.Add(time.Hour+40*time.Second)
		s.add(jumped, after)
		start(t, schedule.Config{Now: w.now, Next: s.next, Scan: s.scan})
		time.Sleep(10*time.Second + 500*time.Millisecond)
		w.step(time.Hour)
		stepped := w.now()
		time.Sleep(time.Minute)
		if late := s.once(t, jumped).Sub(stepped); late > time.Second {
			t.Errorf("what the clock jumped over came %s after the step", late)
		}
		if got := s.once(t, after); !got.Equal(after) {
			t.Errorf("due %s after the step, worked on at %s", after, got)
		}
	})
}

func TestLoop_DueAtItsInstantAfterAStep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, s, r := newWall(), new(items), new(runs)
		at := epoch.Add(2*time.Hour + 250*time.Millisecond) // between two ticks
		s.add(at)
		w.step(250 * time.Millisecond)
		start(t, schedule.Config{Now: w.now, Next: s.next, Scan: s.scan, Period: 10 * time.Second, Jobs: []schedule.Job{
			job(t, "5 14 * * *", r.run),
		}})
		time.Sleep(time.Minute)
		w.step(time.Hour - 3*time.Second)
		time.Sleep(2 * time.Hour)
		if got := s.once(t, at); !got.Equal(at) {
			t.Errorf("due %s, worked on at %s", at, got)
		}
		r.want(t, "2026-03-02T14:05:00Z")
	})
}

func TestLoop_BackwardStep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, s := newWall(), new(items)
		early := epoch.Add(time.Second)
		s.add(early)
		l := start(t, schedule.Config{Now: w.now, Next: s.next, Scan: s.scan})
		time.Sleep(10*time.Second + 500*time.Millisecond)
		w.step(-time.Hour)
		at := w.now().Add(5 * time.Second)
		s.add(at)
		l.Wake()
		time.Sleep(6 * time.Second)
		if got := s.once(t, at); !got.Equal(at) {
			t.Errorf("due %s after the step, worked on at %s", at, got)
		}
		time.Sleep(2 * time.Hour)
		s.once(t, early)
	})
}

func TestLoop_BackwardStepBeforeADueItem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, s := newWall(), new(items)
		at := epoch.Add(20 * time.Second)
		s.add(at)
		start(t, schedule.Config{Now: w.now, Next: s.next, Scan: s.scan})
		time.Sleep(10*time.Second + 500*time.Millisecond)
		w.step(-time.Hour)
		time.Sleep(2 * time.Hour)
		if got := s.once(t, at); !got.Equal(at) {
			t.Errorf("due %s, worked on at %s", at, got)
		}
	})
}

func TestLoop_ItemThatStaysDue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWall()
		scans := 0
		l := start(t, schedule.Config{
			Now:  w.now,
			Next: func() (time.Time, bool) { return epoch.Add(5 * time.Second), true },
			Scan: func(context.Context, time.Time) { scans++; time.Sleep(100 * time.Millisecond) },
		})
		time.Sleep(15*time.Second + 500*time.Millisecond)
		l.stop()
		if scans < 10 || scans > 12 {
			t.Errorf("%d scans in ten seconds", scans)
		}
	})
}

func TestLoop_SlowScan(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWall()
		var running, scans atomic.Int32
		l := start(t, schedule.Config{
			Now:  w.now,
			Next: func() (time.Time, bool) { return epoch, true },
			Scan: func(context.Context, time.Time) {
				if running.Add(1) > 1 {
					t.Error("two scans at once")
				}
				time.Sleep(3500 * time.Millisecond)
				running.Add(-1)
				scans.Add(1)
			},
		})
		for range 100 {
			time.Sleep(200 * time.Millisecond)
			l.Wake()
		}
		if scans.Load() < 5 {
			t.Errorf("only %d scans in twenty seconds", scans.Load())
		}
	})
}

func TestLoop_HangingScan(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWall()
		var passes atomic.Int32
		var last atomic.Pointer[time.Time]
		hang := make(chan struct{})
		start(t, schedule.Config{
			Now:  w.now,
			Next: func() (time.Time, bool) { return epoch.Add(time.Minute), true },
			Scan: func(context.Context, time.Time) { <-hang },
			OnScan: func() {
				now := time.Now()
				last.Store(&now)
				passes.Add(1)
			},
		})
		time.Sleep(59*time.Second + 500*time.Millisecond)
		if n := passes.Load(); n < 59 {
			t.Errorf("%d passes in 59 seconds", n)
		}
		if age := time.Since(*last.Load()); age > time.Second {
			t.Errorf("last pass %s ago", age)
		}
		before := passes.Load()
		time.Sleep(time.Minute)
		if n := passes.Load(); n > before+1 || time.Since(*last.Load()) < 59*time.Second {
			t.Errorf("%d passes while the scan hung, the last %s ago", n-before, time.Since(*last.Load()))
		}
		close(hang)
	})
}

func TestRun_EndsDuringAScan(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWall()
		finished := 0
		l := start(t, schedule.Config{
			Now:  w.now,
			Next: func() (time.Time, bool) { return epoch, true },
			Scan: func(context.Context, time.Time) { time.Sleep(10 * time.Second); finished++ },
		})
		time.Sleep(time.Second)
		l.stop()
		if finished != 1 {
			t.Error("the scan was not waited for")
		}
		l.Wake()
		time.Sleep(time.Minute)
		if finished > 1 {
			t.Error("it scanned after its end")
		}
	})
}

func TestRun_EndOfContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWall()
		scans := 0
		l := start(t, schedule.Config{
			Now:  w.now,
			Next: func() (time.Time, bool) { return epoch, true },
			Scan: func(ctx context.Context, _ time.Time) { scans++; <-ctx.Done() },
		})
		time.Sleep(time.Second)
		l.stop()
		if scans != 1 {
			t.Errorf("%d scans", scans)
		}
	})
}

func TestRun_AfterItsEnd(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	schedule.New(schedule.Config{OnScan: func() { t.Error("it made a pass") }}).Run(ctx)
}

func TestLoop_NothingToDo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var passes atomic.Int32
		start(t, schedule.Config{OnScan: func() { passes.Add(1) }})
		time.Sleep(time.Hour)
		if n := passes.Load(); n < 3600 {
			t.Errorf("%d passes in an hour", n)
		}
	})
}
