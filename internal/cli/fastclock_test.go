package cli

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

func TestFastClock_Run(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Date(2025, time.October, 26, 12, 0, 0, 0, time.UTC)
		c := newFastClock(start, 2*time.Second)
		expect := func(when string, after time.Duration) {
			t.Helper()
			if got := c.now(); !got.Equal(start.Add(after)) {
				t.Errorf("%s the clock shows %s, want %s later than %s", when, got, after, start)
			}
		}
		time.Sleep(time.Hour)
		expect("before it is run", 0)
		go func() {
			time.Sleep(time.Second)
			expect("after half of its pace", 12*time.Hour)
		}()
		if !c.run(t.Context(), start.AddDate(0, 0, 1)) {
			t.Error("it did not come to the end of its run")
		}
		time.Sleep(time.Hour)
		expect("after its run", 24*time.Hour)

		ended, cancel := context.WithCancel(t.Context())
		cancel()
		if c.run(ended, start.AddDate(1, 0, 0)) {
			t.Error("it ran although its context had ended")
		}
	})
}
