package daemon

import (
	"sync"
	"time"

	"attache/internal/notice"
	"attache/internal/store"
)

// outboxCounts are how many notices are in each state. Counting reads the whole outbox:
// where that takes long no request waits for it, and what was counted last is shown.
type outboxCounts struct {
	mu       sync.Mutex
	at       time.Time
	states   map[notice.State]int // nil before the first count
	err      error
	counting chan struct{} // closed at the end of the count that is under way; nil is none
}

const (
	countAgain = 10 * time.Second      // how long a count holds
	countWait  = 50 * time.Millisecond // how long a request waits for one
)

// outboxStates returns what was counted at most some seconds ago, or last.
func (d *Daemon) outboxStates() (map[notice.State]int, error) {
	c := &d.outbox
	if done := d.countOutbox(); done != nil {
		select {
		case <-done:
		case <-time.After(countWait):
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.states, c.err
}

// countOutbox counts where the last count is too old, and returns what is closed when that
// is done; nil where nothing has to be counted.
func (d *Daemon) countOutbox() <-chan struct{} {
	c, now := &d.outbox, d.o.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	if age := now.Sub(c.at); c.counting != nil || c.states != nil && age >= 0 && age < countAgain {
		return c.counting
	}
	done := make(chan struct{})
	c.counting = done
	d.running.Go(func() {
		states := make(map[notice.State]int)
		err := d.db.View(func(tx *store.Tx) error {
			return tx.Items(func(it notice.Item) error { states[it.State]++; return nil })
		})
		c.mu.Lock()
		defer c.mu.Unlock()
		c.at, c.states, c.err, c.counting = now, states, err, nil
		close(done)
	})
	return done
}
