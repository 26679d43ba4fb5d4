package slack

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"maps"
	"strings"
	"sync"
	"time"
)

// budget keeps the calls that are made with one token within what Slack takes. Slack counts
// the calls of each method, and posts for each channel. What it turned away is not asked
// again by anybody before the time that it named is over, not even after a restart: an app
// that goes on asking may be switched off for good.
type budget struct {
	token string // begins the names of its waits: with another token they mean nothing
	keep  func(waits map[string]time.Time)

	mu    sync.Mutex
	turns map[string]chan struct{} // one asks at a time: who comes next has to know what was answered
	until map[string]time.Time     // by the name of what has to wait
}

// newBudget returns the budget of a token. waits are those that were kept, of any token.
func newBudget(token string, waits map[string]time.Time, keep func(map[string]time.Time)) *budget {
	sum := sha256.Sum256([]byte(token))
	b := &budget{
		token: hex.EncodeToString(sum[:6]) + " ", keep: keep,
		turns: map[string]chan struct{}{}, until: map[string]time.Time{},
	}
	for name, t := range waits {
		if name, own := strings.CutPrefix(name, b.token); own && time.Until(t) <= maxWait {
			b.until[name] = t
		}
	}
	return b
}

// errHeld is the error of a call that was not made.
var errHeld = errors.New("not asked: Slack named a time before which it takes no more of these calls")

// begin waits until nobody else asks for name, and returns what ends the turn. Where Slack
// asked to wait it returns at once, with for how much longer.
func (b *budget) begin(ctx context.Context, name string) (end func(), wait time.Duration, err error) {
	b.mu.Lock()
	turn, ok := b.turns[name]
	if !ok {
		turn = make(chan struct{}, 1)
		b.turns[name] = turn
	}
	b.mu.Unlock()
	select {
	case turn <- struct{}{}:
	case <-ctx.Done():
		return nil, 0, ctx.Err()
	}
	if err := ctx.Err(); err != nil {
		<-turn
		return nil, 0, err
	}
	if wait = b.wait(name); wait > 0 {
		<-turn
		return nil, wait, errHeld
	}
	return func() { <-turn }, 0, nil
}

// wait returns for how much longer nobody may ask for name.
func (b *budget) wait(name string) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	return max(0, time.Until(b.until[name]))
}

// limited notes that Slack asked to wait for so long.
func (b *budget) limited(name string, wait time.Duration) {
	b.mu.Lock()
	now := time.Now()
	maps.DeleteFunc(b.until, func(_ string, t time.Time) bool { return t.Before(now) })
	b.until[name] = now.Add(wait)
	waits := make(map[string]time.Time, len(b.until))
	for name, t := range b.until {
		waits[b.token+name] = t.UTC()
	}
	b.mu.Unlock()
	if b.keep != nil {
		b.keep(waits)
	}
}
