package daemon

import (
	"strings"
	"sync"
	"time"

	"attache/internal/notice"
	"attache/internal/store"
	"attache/internal/web"
)

// tally is how many notices are in each state, as counted some seconds ago: counting
// reads the whole outbox, which no request may do at will.
type tally struct {
	mu     sync.Mutex
	at     time.Time
	states map[notice.State]int
	err    error
}

// countAgain is how long a count holds.
const countAgain = 10 * time.Second

func (t *tally) count(db *store.DB, now time.Time) (map[notice.State]int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if age := now.Sub(t.at); t.states != nil && age >= 0 && age < countAgain {
		return t.states, t.err
	}
	t.at, t.states = now, make(map[notice.State]int)
	t.err = db.View(func(tx *store.Tx) error {
		return tx.Items(func(it notice.Item) error {
			t.states[it.State]++
			return nil
		})
	})
	return t.states, t.err
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
