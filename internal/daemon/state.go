package daemon

import (
	"strings"
	"sync"
	"time"

	"attache/internal/notice"
	"attache/internal/store"
	"attache/internal/web"
)

// tally is how many notices are in each state. Counting reads the whole outbox: where
// that takes long nobody waits for it, and what was counted last is shown.
type tally struct {
	mu     sync.Mutex
	at     time.Time
	took   time.Duration
	busy   bool
	states map[notice.State]int
	err    error
}

const (
	countAgain = 10 * time.Second      // how long a count holds
	countWait  = 50 * time.Millisecond // how long one may take for a request to wait for it
)

// count returns what was counted at now or some seconds before.
func (t *tally) count(db *store.DB, now time.Time) (map[notice.State]int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	age := now.Sub(t.at)
	switch old := t.states == nil || age < 0 || age >= countAgain; {
	case !old || t.busy:
	case t.took <= countWait:
		t.read(db, now)
	default:
		t.busy = true
		go func() {
			t.mu.Lock()
			defer t.mu.Unlock()
			t.read(db, now)
			t.busy = false
		}()
	}
	return t.states, t.err
}

// read counts anew. The first count is as long as the outbox is.
func (t *tally) read(db *store.DB, now time.Time) {
	began := time.Now()
	states := make(map[notice.State]int)
	t.err = db.View(func(tx *store.Tx) error {
		return tx.Items(func(it notice.Item) error {
			states[it.State]++
			return nil
		})
	})
	t.at, t.states, t.took = now, states, time.Since(began)
}

// Status says how attache does its work.
func (c *calendar) Status() web.Status {
	snap, s := c.shown.Load(), c.now.Load()
	out := web.Status{Version: c.o.Version, Started: c.started, Events: len(snap.entries)}
	for _, f := range s.feeds {
		p, ok := snap.edition.feeds[f.Name]
		if !ok {
			continue
		}
		out.Feeds = append(out.Feeds, web.FeedStatus{
			Name: f.Name, Title: f.Title, Private: f.Private, Entries: p.counts.Entries, Undated: p.counts.Undated,
			Octets: len(p.Plain), Modified: p.Modified,
		})
		for _, bad := range p.problems {
			out.Invalid = append(out.Invalid, web.Invalid{Event: bad.Event, What: "left out of the feed " + f.Name + ": " + bad.What})
		}
	}
	for i := range snap.entries {
		for _, names := range snap.entries[i].Contradictions {
			out.Invalid = append(out.Invalid, web.Invalid{Event: snap.entries[i].ID, What: "these cannot all hold: " + strings.Join(names, ", ")})
		}
	}
	states, err := c.tally.count(c.db, c.o.Now())
	if err != nil {
		out.Failure = "The outbox could not be read. The log of the daemon says why."
		c.o.Log.Error("count the notices", "err", err)
	}
	for state, n := range states {
		out.Outbox = append(out.Outbox, web.StateCount{State: string(state), N: n})
	}
	for _, ch := range c.dispatch.Status().Channels {
		out.Channels = append(out.Channels, web.ChannelStatus{
			Channel: ch.Channel, State: string(ch.State), Why: ch.Why, Due: ch.Due, Held: ch.Held,
			LastError: ch.LastError, LastSent: ch.LastSent,
		})
	}
	out.Sort()
	return out
}
