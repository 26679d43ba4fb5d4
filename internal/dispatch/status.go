package dispatch

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"attache/internal/notice"
)

// Status says how sending goes.
type Status struct {
	Channels []ChannelStatus // by name; those that had something due since the start
	Outbox   string          // why the outbox can't be used; "" when it can
	Totals   Totals
}

// Totals counts since the start.
type Totals struct {
	Late    int // notices that went out later than the catch-up time
	Found   int // doubtful notices that had arrived
	Absent  int // doubtful notices that had not, and were sent again
	Copies  int // second copies that were deleted
	Limited int // calls turned away for being too many
	Tries   int // posts and changes that were begun
	Shown   int // cards that were changed, or posted anew
	Renewed int // messages found gone that were to be changed or replied to
	Missing int // messages that arrived, and were not there some time later
	Panics  int // in senders and in what writes messages
}

// count adds to what is counted.
func (d *Dispatcher) count(add func(*Totals)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	add(&d.totals)
}

// ChannelState says what a channel is doing.
type ChannelState string

// The states of a channel.
const (
	Flowing  ChannelState = "flowing"  // nothing keeps it
	Waiting  ChannelState = "waiting"  // rate limited, or nobody answered
	Looking  ChannelState = "looking"  // an item in doubt is looked for first
	Blocked  ChannelState = "blocked"  // the channel takes nothing, or its sender may send nothing
	NoSender ChannelState = "unserved" // it has no sender
	HasHeld  ChannelState = "has held" // it flows, and items wait for a person
)

// ChannelStatus says how one channel is.
type ChannelStatus struct {
	Channel    string
	State      ChannelState
	SenderDown bool                 // its sender can send nothing to any channel
	Until      time.Time            // UTC; when it is tried again; zero where nothing is waited for
	Why        string               // what keeps it, one line
	Due        int                  // items due at the last scan, sweeps included
	Oldest     time.Time            // UTC; since when the oldest of them is due, zero where none is
	Doubtful   int                  // items of which nobody knows whether they arrived, held ones included
	Held       int                  // those of them that wait for a person
	Counts     map[notice.State]int // how often a notice became that since the start, cards apart
	LastError  string               // "" once something arrived after it
	LastSent   time.Time            // UTC; zero before the first
}

// Healthy reports whether everything that is due can be sent.
func (s Status) Healthy() bool {
	return s.Outbox == "" && !slices.ContainsFunc(s.Channels, func(c ChannelStatus) bool {
		return c.State == Blocked || c.State == NoSender || c.Held > 0
	})
}

// Status returns a copy of what is known now.
func (d *Dispatcher) Status() Status {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := Status{Outbox: cmp.Or(d.unreadable, d.unwritable), Totals: d.totals}
	now := d.cfg.Now()
	for _, l := range d.channels {
		s.Channels = append(s.Channels, l.status(now))
	}
	slices.SortFunc(s.Channels, func(a, b ChannelStatus) int { return cmp.Compare(a.Channel, b.Channel) })
	return s
}

func (l *channel) status(now time.Time) ChannelStatus {
	c := ChannelStatus{
		Channel: l.name, Due: l.due, Oldest: l.oldest, LastError: l.problem, LastSent: l.sent.UTC(),
		Counts: maps.Clone(l.counts),
	}
	for _, o := range l.open {
		if !o.doubt.IsZero() {
			c.Doubtful++
		}
		if o.held {
			c.Held++
		}
	}
	c.State, c.Until, c.Why = l.state(now)
	c.SenderDown = c.State == Blocked && !l.via.blocked.until.IsZero()
	if c.State == Flowing && c.Held > 0 {
		c.State, c.Why = HasHeld, l.problem
	}
	return c
}

// state returns what keeps a channel, the most lasting first.
func (l *channel) state(now time.Time) (ChannelState, time.Time, string) {
	switch {
	case l.via.sink == nil && l.via.blocked.why != "":
		return NoSender, time.Time{}, l.via.blocked.why
	case !l.via.blocked.until.IsZero():
		return Blocked, l.via.blocked.until.UTC(), l.via.blocked.why
	case !l.blocked.until.IsZero():
		return Blocked, l.blocked.until.UTC(), l.blocked.why
	case !l.wait.over(now):
		return Waiting, l.wait.until.UTC(), l.wait.why
	case l.doubts(now):
		return Looking, time.Time{}, l.problem
	}
	return Flowing, time.Time{}, ""
}
