package schedule

import "time"

// tolerance is how far the wall clock may stray from the monotonic one between
// two readings before that counts as a step. A clock that is being slewed
// strays by far less, and a false alarm only costs a line in the log.
const tolerance = 500 * time.Millisecond

// clock reads the wall clock beside the monotonic one. They part when somebody
// sets the wall clock, and when the machine sleeps: Go's monotonic clock does
// not run meanwhile on Linux. It belongs to one goroutine.
type clock struct {
	now        func() time.Time
	wall, mono time.Time
}

// newClock returns a clock that finds no step in its first reading.
func newClock(now func() time.Time) *clock {
	c := &clock{now: now}
	c.read()
	return c
}

// read returns the wall clock, in UTC and without a monotonic reading, and by
// how much it was stepped since the last call, zero if it was not.
func (c *clock) read() (now time.Time, step time.Duration) {
	mono := time.Now()
	now = c.now().Round(0).UTC()
	if !c.mono.IsZero() {
		step = now.Sub(c.wall) - mono.Sub(c.mono)
	}
	c.wall, c.mono = now, mono
	if step.Abs() < tolerance {
		return now, 0
	}
	return now, step
}
