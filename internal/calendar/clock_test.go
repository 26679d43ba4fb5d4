package calendar_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"attache/internal/calendar"
	"attache/internal/dispatch"
	"attache/internal/event"
	"attache/internal/lengthtest"
	"attache/internal/notice"
	"attache/internal/schedule"
	"attache/internal/store"
)

// station is the loop and the dispatcher of a daemon in virtual time, with a channel that
// takes everything at once.
type station struct {
	*world
	mu    sync.Mutex
	began time.Time     // in the bubble
	shift time.Duration // by which somebody set the clock
	got   []arrival
}

// arrival is a message in the channel.
type arrival struct {
	key string
	at  time.Time
}

// clock reads the clock of the station: that of the bubble, moved to where the test
// begins and by how often somebody set it.
func (s *station) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.world.now.Add(time.Since(s.began) + s.shift)
}

func (s *station) set(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shift += d
}

// arrived returns how many messages came so far.
func (s *station) arrived() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.got)
}

func (s *station) Post(_ context.Context, p notice.Post) (notice.Receipt, error) {
	at := s.clock()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.got = append(s.got, arrival{p.Key, at})
	return notice.Receipt{Key: p.Key, TS: fmt.Sprint(len(s.got)), At: at}, nil
}

func (s *station) Find(_ context.Context, q notice.Search) (found []notice.Receipt, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, a := range s.got {
		if slices.Contains(q.Keys, a.key) {
			found = append(found, notice.Receipt{Key: a.key, TS: fmt.Sprint(i + 1), At: a.at})
		}
	}
	return found, nil
}

func (s *station) Delete(context.Context, string, string) error { return nil }

// allSent fails unless n notices went out, each in one message.
func (s *station) allSent(n int) {
	s.t.Helper()
	sent := 0
	err := s.db.View(func(tx *store.Tx) error {
		return tx.Items(func(it notice.Item) error {
			switch {
			case it.State != notice.Sent:
				s.t.Errorf("%s is %s: %s", it.Notice.Event, it.State, it.LastError)
			case it.Notice.Event != "":
				sent++
			}
			return nil
		})
	})
	if err != nil || sent != n {
		s.t.Errorf("%d of %d were sent, %v", sent, n, err)
	}
	keys := make(map[string]bool)
	for _, a := range s.got {
		if keys[a.key] {
			s.t.Errorf("%s came twice", a.key)
		}
		keys[a.key] = true
	}
}

// run lets the station run while test does; it asks what is due once a period at least.
func (s *station) run(period time.Duration, test func()) {
	s.began = time.Now()
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	d := dispatch.New(dispatch.Config{
		Outbox: s.db, Sink: func(string) dispatch.Sink { return s }, OnUnknown: func(string) dispatch.Policy { return dispatch.Resend },
		Write: s.view.Message, CatchUp: func() time.Duration { return s.s.Rules.CatchUp },
		Pace: func(string) time.Duration { return 0 }, Now: s.clock, Log: log,
	})
	l := schedule.New(schedule.Config{
		Now: s.clock, Log: log, Scan: d.Scan, Period: period,
		Next: func() (time.Time, bool) {
			at, ok, err := s.db.Next()
			return at, ok && err == nil
		},
	})
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { l.Run(ctx) })
	test()
	cancel()
	running.Wait()
	if err := d.Stop(context.Background()); err != nil {
		s.t.Error(err)
	}
}

func TestClock_AnAlertADay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC) // New York changes its clocks on 8 March
		days := lengthtest.Of(45, 130)
		none := []string{"0m"}
		var events []event.Event
		for i := range days {
			e := made(t, fmt.Sprintf("call-%03d", i), event.Holiday, begin.AddDate(0, 0, i+1).Format("2006-01-02")+" 02:30")
			e.Zone, e.Remind = "America/New_York", &none
			events = append(events, e)
		}
		s := &station{world: newWorld(t, begin, events...)}
		s.run(time.Minute, func() { time.Sleep(time.Duration(days+2) * 24 * time.Hour) })
		s.allSent(days)
		if len(s.got) != days {
			t.Errorf("they came in %d messages", len(s.got))
		}
	})
}

func TestClock_Steps(t *testing.T) {
	for name, step := range map[string]time.Duration{"an hour forward": time.Hour, "an hour back": -time.Hour, "asleep over night": 9 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				begin := time.Date(2026, 2, 2, 8, 0, 0, 0, time.UTC)
				dayBefore := []string{"24h"}
				var events []event.Event
				for i := range 24 {
					at := begin.Add(24*time.Hour + time.Duration(i)*30*time.Minute)
					e := made(t, fmt.Sprintf("call-%02d", i), event.Holiday, at.Format("2006-01-02 15:04"))
					e.Remind = &dayBefore
					events = append(events, e)
				}
				s := &station{world: newWorld(t, begin, events...)}
				s.run(time.Second, func() {
					time.Sleep(3*time.Hour + 10*time.Minute)
					before := s.arrived()
					s.set(step)
					time.Sleep(5 * time.Second)
					if due := int(min(max(step, 0), 9*time.Hour) / (30 * time.Minute)); due > 0 && s.arrived() == before {
						t.Errorf("five seconds after the step nothing came of %d that were due", due)
					}
					time.Sleep(24 * time.Hour)
				})
				s.allSent(24)
				if pending, _, err := calendar.Waiting(s.db); err != nil || len(pending) > 0 {
					t.Errorf("%d still wait, %v", len(pending), err)
				}
			})
		})
	}
}
