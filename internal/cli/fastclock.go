package cli

import (
	"context"
	"sync"
	"time"
)

// fastClock is a clock on which a day takes as long as its pace says. It stands still
// wherever it was run to.
type fastClock struct {
	day time.Duration // of the machine's time; 0 is none at all

	mu    sync.Mutex
	began time.Time // by the machine's clock, when it was at from
	from  time.Time
	to    time.Time // where it stands
}

func newFastClock(at time.Time, day time.Duration) *fastClock {
	return &fastClock{day: day, began: time.Now(), from: at, to: at}
}

// now returns what the clock shows, UTC.
func (c *fastClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at()
}

func (c *fastClock) at() time.Time {
	if c.day <= 0 {
		return c.to
	}
	days := float64(time.Since(c.began)) / float64(c.day)
	if at := c.from.Add(time.Duration(days * float64(24*time.Hour))); at.Before(c.to) {
		return at
	}
	return c.to
}

// run lets the clock run to an instant, and reports whether it came there before ctx ended.
func (c *fastClock) run(ctx context.Context, to time.Time) bool {
	c.mu.Lock()
	c.from, c.began, c.to = c.at(), time.Now(), to
	takes := time.Duration(float64(to.Sub(c.from)) / float64(24*time.Hour) * float64(c.day))
	c.mu.Unlock()
	select {
	case <-ctx.Done():
		return false
	case <-time.After(takes):
		return ctx.Err() == nil
	}
}
