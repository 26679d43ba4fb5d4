package dispatch

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"attache/internal/notice"
)

// Outbox keeps the items. An error of any method means that nothing was read or
// stored.
type Outbox interface {
	// Due returns the items whose NextAction is not after now, in that order, at
	// most limit of them.
	Due(now time.Time, limit int) ([]notice.Item, error)
	// Next returns the earliest NextAction of all items, UTC, and false where
	// nothing is to be done.
	Next() (time.Time, bool, error)
	// Sending returns the items that are in the state sending.
	Sending() ([]notice.Item, error)
	// Edit loads those of the items with the keys that exist, in the order of
	// keys, lets fn change them, and stores them together with what fn adds, all
	// in one transaction. An error of fn is returned as it is and stores nothing.
	Edit(keys []string, fn func(items []*notice.Item) (add []notice.Item, err error)) error
	// ChannelID returns the receiver's id of the channel with that name, and false
	// where it is not known yet.
	ChannelID(name string) (string, bool, error)
	// SetChannelID records it.
	SetChannelID(name, id string) error
}

// Sink sends messages to channels of one receiver. Its methods return when ctx
// is done, at the latest. Every error is a *notice.SendError; another one counts
// as in doubt. Sinks are told apart by ==, so they are pointers.
type Sink interface {
	// Post sends one message.
	Post(ctx context.Context, p notice.Post) (notice.Receipt, error)
	// Find returns those of our messages in a channel that have one of the keys.
	Find(ctx context.Context, q notice.Search) ([]notice.Receipt, error)
	// Delete removes one of our messages; one that is gone already is no error.
	Delete(ctx context.Context, channelID, ts string) error
}

// Policy says what becomes of an item of which nobody can say whether it
// arrived, because the history of its channel can't be read.
type Policy string

// The policies.
const (
	Hold   Policy = "hold"   // it stays unknown until history can be read or a person decides
	Resend Policy = "resend" // it is sent again: perhaps twice, never lost
	Drop   Policy = "drop"   // it is dead: perhaps lost, never twice
)

// Config is what a dispatcher is made of. Outbox, Sink and Write are required.
type Config struct {
	// Outbox keeps the items.
	Outbox Outbox
	// Sink gives the sender of a channel; nil where it has none, and its items wait.
	Sink func(channel string) Sink
	// OnUnknown gives the policy of a channel. Nil is Hold everywhere.
	OnUnknown func(channel string) Policy
	// Write gives what an item says at now, UTC. An error makes the item dead. It
	// is not called while an Edit is under way.
	Write func(it notice.Item, now time.Time) (notice.Message, error)
	// CatchUp gives how late an item still goes out on its own. Nil is 24 h.
	CatchUp func() time.Duration
	// Install is the opaque name of the installation.
	Install string
	// Burst is how many items that are due at once in a channel go out singly;
	// more go into a digest. 0 is 5.
	Burst int
	// Pace gives the least pause between calls on a channel. Nil is 1 s everywhere.
	Pace func(channel string) time.Duration
	// EditPace is the least pause between changes of messages of one sink. 0 is 1.2 s.
	EditPace time.Duration
	// Now tells the time. Nil is time.Now, whose monotonic reading is made use of.
	Now func() time.Time
	// Rand gives a number in [0, 1), for jitter. Nil is that of math/rand/v2.
	Rand func() float64
	// Log takes what happens, without what messages say. Nil discards it.
	Log *slog.Logger

	// Timeout is how long one call may take. 0 is 30 s.
	Timeout time.Duration
	// LookAfter is the time from a doubtful attempt to the first look. 0 is 2 s.
	LookAfter time.Duration
	// LookAgain is the time from the first look to the second. 0 is 10 s.
	LookAgain time.Duration
	// Sweeps are when copies are looked for, after something that was in doubt was
	// sent again. Nil is 30 s and 5 min.
	Sweeps []time.Duration
	// Audit is how long after something arrived it is looked for once more, to see that it
	// is really there. 0 is 15 min.
	Audit time.Duration
	// Block is how long an item in doubt keeps its whole channel back. 0 is 2 min.
	Block time.Duration
	// Probe is the time between attempts on what is parked. 0 is 5 min.
	Probe time.Duration
	// BackOff is the longest first pause after an attempt that reached nobody; it
	// doubles with every further one. 0 is 1 s.
	BackOff time.Duration
	// MaxPause is the longest such pause. 0 is 5 min.
	MaxPause time.Duration
}

// Dispatcher sends what is due. Its methods may be called from any goroutine.
type Dispatcher struct {
	cfg    Config
	halted chan struct{} // closed when Stop begins: nothing new is started
	halt   func()
	cutOff chan struct{} // closed when Stop runs out of time: calls under way are cut
	cut    func()

	scanning sync.Mutex // one scan at a time; taken before mu

	mu      sync.Mutex
	lanes   map[string]*lane
	senders map[Sink]*sender
	began   time.Time
	running int           // passes under way
	quiet   chan struct{} // closed when running falls to 0
	rest    time.Time     // no scan before, after one that was slow and found nothing to start
	// Why the outbox can't be used, "" when it can.
	unreadable, unwritable string
	panicked               map[string]bool
	tally                  Tally
}

// New makes a dispatcher. Call Recover before the first Scan.
func New(cfg Config) *Dispatcher {
	cfg.fill()
	d := &Dispatcher{
		cfg:      cfg,
		lanes:    map[string]*lane{},
		senders:  map[Sink]*sender{},
		panicked: map[string]bool{},
	}
	d.began = cfg.Now()
	d.halted, d.cutOff = make(chan struct{}), make(chan struct{})
	d.halt = sync.OnceFunc(func() { close(d.halted) })
	d.cut = sync.OnceFunc(func() { close(d.cutOff) })
	return d
}

// fill puts the defaults in.
func (c *Config) fill() {
	if c.OnUnknown == nil {
		c.OnUnknown = func(string) Policy { return Hold }
	}
	if c.CatchUp == nil {
		c.CatchUp = func() time.Duration { return 24 * time.Hour }
	}
	if c.Burst == 0 {
		c.Burst = 5
	}
	if c.Pace == nil {
		c.Pace = func(string) time.Duration { return time.Second }
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Rand == nil {
		c.Rand = rand.Float64
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	c.fillTimes()
}

func (c *Config) fillTimes() {
	for _, f := range []struct {
		field *time.Duration
		value time.Duration
	}{
		{&c.EditPace, 1200 * time.Millisecond},
		{&c.Timeout, 30 * time.Second},
		{&c.LookAfter, 2 * time.Second},
		{&c.LookAgain, 10 * time.Second},
		{&c.Audit, 15 * time.Minute},
		{&c.Block, 2 * time.Minute},
		{&c.Probe, 5 * time.Minute},
		{&c.BackOff, time.Second},
		{&c.MaxPause, 5 * time.Minute},
	} {
		if *f.field == 0 {
			*f.field = f.value
		}
	}
	if c.Sweeps == nil {
		c.Sweeps = []time.Duration{30 * time.Second, 5 * time.Minute}
	}
}
