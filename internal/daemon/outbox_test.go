package daemon

import (
	"maps"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"attache/internal/notice"
)

// Counting reads the whole outbox. Those who ask meanwhile are shown what was counted last, at
// once and all together.
func TestOutboxStates_WhileACountTakesLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		last := map[notice.State]int{notice.Pending: 3}
		d := &Daemon{o: Options{Now: time.Now}}
		d.outbox.states, d.outbox.at, d.outbox.counting = last, time.Now().Add(-time.Hour), make(chan struct{})
		began := time.Now()
		var readers sync.WaitGroup
		for range 20 {
			readers.Go(func() {
				if got, err := d.outboxStates(); err != nil || !maps.Equal(got, last) {
					t.Errorf("%v, %v", got, err)
				}
			})
		}
		readers.Wait()
		if waited := time.Since(began); waited > countWait {
			t.Errorf("they waited for %v", waited)
		}
	})
}
